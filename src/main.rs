//! The command line's entry: one line on stderr when something is wrong, and nothing else.

use std::process::ExitCode;

/// Half of what a demo's start cost was the C library's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // At least two workers: a page that waits must never wait for the worker that it blocks.
    let workers = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(workers)
        .thread_stack_size(odr_portal::cli::STACK_BYTES)
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(odr_portal::cli::run()),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("odr-portal: {error}");
            ExitCode::FAILURE
        }
    }
}
