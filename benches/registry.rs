//! What the registry costs: a lookup, a whole new table, a delta.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use odr_portal::registry::{CanonicalHost, Registry, Table};

fn lookup(criterion: &mut Criterion) {
    for count in [1_000, 100_000] {
        let registry = Registry::for_bench(count).expect("valid entries");
        // Every seventh tenant in turn, so that few lines of the table are still in the cache from the lookup before.
        let hosts: Vec<_> = (0..count).step_by(7).map(|n| format!("bank{n}.example")).collect();
        let mut turn = hosts.iter().cycle();
        criterion.bench_function(&format!("lookup among {count}"), |bencher| {
            bencher.iter(|| registry.resolve(black_box(turn.next().expect("endless"))));
        });
    }
    criterion.bench_function("canonical form of a host header", |bencher| {
        bencher.iter(|| CanonicalHost::parse(black_box("bank12345.example:443")).is_ok());
    });
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
