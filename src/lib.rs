//! odr-portal: a multi-tenant portal on which banks and NBFCs in India run their arbitration and litigation portfolios.
//!
//! One crate, compiled twice: to the server (`ssr`) and to the browser's WASM (`hydrate`). The modules stand in reading
//! order; a module may use those below it and none above (`tests/tidy.rs` holds it).

#[cfg(all(feature = "ssr", feature = "hydrate"))]
compile_error!("`ssr` and `hydrate` are the two halves of one program: build one at a time");
#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
compile_error!("choose a half: `--features ssr` for the server, `--no-default-features --features hydrate` for the browser");

#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(all(feature = "ssr", feature = "demo"))]
pub mod demo;
pub mod model;
#[cfg(feature = "ssr")]
pub mod registry;
#[cfg(feature = "ssr")]
pub mod telemetry;
