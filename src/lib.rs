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
pub mod router;
pub mod app;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod registry;
#[cfg(feature = "ssr")]
pub mod telemetry;
#[cfg(feature = "ssr")]
pub mod config;
pub mod model;
#[cfg(all(feature = "ssr", feature = "demo"))]
pub mod demo;

/// Takes over the server's HTML. Called once by the page's own script.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::App);
}
