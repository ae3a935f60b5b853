//! `odr-portal demo`: a Central Authority, simulated Frappe servers and the portal in one process, over real sockets.
//!
//! The portal is started exactly as `serve` starts it and is told nothing but the authority's address and its secret: it
//! does not know that it is in a demo.

mod backstage;
mod print;
mod world;

use std::net::SocketAddr;

pub use world::{Plan, SignInPerson, World};

use super::{Failure, serve::told_to_stop};
use crate::{demo::portfolio, telemetry};

/// Flags of `odr-portal demo`.
#[derive(clap::Args, Debug)]
pub struct DemoOptions {
    /// Institutions; beyond the four of the demo, small ones are added.
    #[arg(long, default_value_t = 4)]
    institutions: usize,
    /// Cases of each institution, instead of its own number.
    #[arg(long)]
    cases: Option<usize>,
    /// Seed of the generated portfolios.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// Address on which the portal listens; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:3000")]
    site_addr: SocketAddr,
    /// Address of metrics and health.
    #[arg(long, default_value = "127.0.0.1:9464")]
    admin_addr: SocketAddr,
    /// Address of the page behind the scenes: everybody's one-time codes, and how institutions' servers behave.
    #[arg(long, default_value = "127.0.0.1:3002")]
    codes_addr: SocketAddr,
    /// Folder of the browser's files.
    #[arg(long, default_value = "target/site")]
    site_root: String,
    /// Comma-separated networks whose forwarding headers count.
    #[arg(long, default_value = "")]
    trusted_proxies: String,
    /// Requests a second that each institution may make; twice as many in a burst.
    #[arg(long, default_value_t = 200)]
    requests_per_second: u32,
    /// Filter of the JSON log on stdout.
    #[arg(long, default_value = "warn")]
    log: String,
    /// Say what was started as one line of JSON instead of a table.
    #[arg(long)]
    print_json: bool,
}

/// Runs the demo until the process is told to stop.
///
/// # Errors
/// An address in use, or missing files of the browser's half: one line that says what to do.
pub async fn run(options: DemoOptions) -> Result<(), Failure> {
    telemetry::init_log(&options.log)?;
    let mut specs: Vec<_> = portfolio::institutions().into_iter().take(options.institutions).collect();
    specs.extend((0..options.institutions.saturating_sub(specs.len())).map(portfolio::small_institution));
    let world = World::start(Plan {
        specs,
        cases: options.cases,
        seed: options.seed,
        site_addr: options.site_addr,
        admin_addr: options.admin_addr,
        codes_addr: options.codes_addr,
        site_root: options.site_root,
        trusted_proxies: options.trusted_proxies,
        requests_per_second: options.requests_per_second,
        ..Plan::default()
    })
    .await?;
    if options.print_json {
        println!("{}", print::json(&world));
    } else {
        print::table(&world);
    }
    told_to_stop().await;
    world.stop().await;
    Ok(())
}
