//! What the registry costs: a lookup, a whole new table, a delta.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use odr_portal::registry::{CanonicalHost, Registry, Table};

fn lookup(criterion: &mut Criterion) {
    for count in [1_000, 100_000] {
        let registry = Registry::for_bench(count).expect("valid entries");
        let hosts: Vec<_> = (0..count).step_by(7).map(|n| format!("bank{n}.example:443")).collect();
        let mut turn = hosts.iter().cycle();
        criterion.bench_function(&format!("lookup among {count}"), |bencher| {
            bencher.iter(|| {
                let host = turn.next().expect("endless");
                black_box(CanonicalHost::parse(host).ok().and_then(|host| registry.resolve(host.as_str())))
            });
        });
    }
}

fn tables(criterion: &mut Criterion) {
    let registry = Registry::for_bench(10).expect("valid entries");
    let mut group = criterion.benchmark_group("tables");
    group.sample_size(10);
    group.bench_function("build and swap 10000", |bencher| {
        bencher.iter_batched(
            || (),
            |()| registry.swap_for_bench(Table::for_bench(10_000).expect("valid entries")),
            BatchSize::PerIteration,
        );
    });
    let table = Table::for_bench(10_000).expect("valid entries");
    group.bench_function("delta of 1 on 10000", |bencher| bencher.iter(|| table.rotated_for_bench(1)));
    group.bench_function("delta of 10000 on 10000", |bencher| bencher.iter(|| table.rotated_for_bench(10_000)));
    group.finish();
}

criterion_group!(benches, lookup, tables);
criterion_main!(benches);
