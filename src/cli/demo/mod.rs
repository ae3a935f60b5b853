//! `odr-portal demo`: a Central Authority, simulated Frappe servers and the portal in one process, over real sockets.
//!
//! The portal is started exactly as `serve` starts it and is told nothing but the authority's address and its secret: it
//! does not know that it is in a demo.

mod backstage;
mod print;
mod upstreams;
mod world;

use std::{net::SocketAddr, time::Duration};

pub use world::{ADMINISTRATOR, Plan, SignInPerson, World};

use super::{Failure, serve::told_to_stop};
use crate::{demo::portfolio, telemetry};

/// Flags of `odr-portal demo`.
#[derive(clap::Args, Debug)]
pub struct DemoOptions {
    /// Institutions; beyond the four of the demo, small ones are added.
    #[arg(long, default_value_t = 4)]
    institutions: usize,
    /// The most cases that an institution has, where its own number is larger.
    #[arg(long)]
    cases: Option<usize>,
    /// Cases of one institution, such as banyan=150000, more than its own number if need be; may be given several times. Beyond
    /// 12,500 they come with their parties and clocks, and nothing else that hangs on a case.
    #[arg(long, value_parser = cases_of, value_name = "INSTITUTION=CASES")]
    cases_of: Vec<(String, usize)>,
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
    /// How long every simulated Frappe server takes for each answer, beside its own work: 5ms, 50ms, 1.5s.
    #[arg(long, value_parser = delay, value_name = "TIME")]
    upstream_delay: Option<Duration>,
    /// Seconds between two looks at what is scheduled; 0 for none of that: what people ask for is done all the same.
    #[arg(long, default_value_t = 0)]
    jobs_seconds: u32,
    /// Filter of the JSON log on stdout.
    #[arg(long, default_value = "warn")]
    log: String,
    /// Say what was started as one line of JSON instead of a table.
    #[arg(long)]
    print_json: bool,
    /// With --print-json: also a key to the institutions' servers, with which a test does what the registry, arbitrators and respondents do.
    #[arg(long, requires = "print_json")]
    administrator: bool,
}

/// An institution's id and a number.
fn cases_of(text: &str) -> Result<(String, usize), String> {
    let read = text.split_once('=').and_then(|(id, cases)| Some((id.to_owned(), cases.parse().ok()?)));
    read.ok_or_else(|| "wants an institution and a number, such as banyan=150000".to_owned())
}

/// Longer than any deadline of the portal's: a server that slow is a dead one, and the page behind the scenes has those.
const DELAY_MAX: Duration = Duration::from_secs(60);

/// A time with its unit.
fn delay(text: &str) -> Result<Duration, String> {
    let read = text.parse::<jiff::SignedDuration>().ok().and_then(|time| Duration::try_from(time).ok());
    read.filter(|time| *time <= DELAY_MAX).ok_or_else(|| "wants a time with its unit, such as 50ms or 2s, and at most 60s".to_owned())
}

/// Between two looks at what people have asked for, in seconds; what is asked for here is begun at once.
const LOOK_SECONDS: u32 = 15;

/// Runs the demo until the process is told to stop.
///
/// # Errors
/// An address in use, or missing files of the browser's half: one line that says what to do.
pub async fn run(options: DemoOptions) -> Result<(), Failure> {
    telemetry::init_log(&options.log)?;
    let mut specs: Vec<_> = portfolio::institutions().into_iter().take(options.institutions).collect();
    specs.extend((0..options.institutions.saturating_sub(specs.len())).map(portfolio::small_institution));
    let mut world = World::start(Plan {
        specs,
        cases: options.cases,
        cases_of: options.cases_of.into_iter().collect(),
        seed: options.seed,
        site_addr: options.site_addr,
        admin_addr: options.admin_addr,
        codes_addr: options.codes_addr,
        site_root: options.site_root,
        trusted_proxies: options.trusted_proxies,
        requests_per_second: options.requests_per_second,
        upstream_delay: options.upstream_delay,
        scanner: true,
        jobs_seconds: if options.jobs_seconds == 0 { LOOK_SECONDS } else { options.jobs_seconds },
        jobs_scheduled: options.jobs_seconds > 0,
        ..Plan::default()
    })
    .await?;
    if options.administrator {
        world.administer()?;
    }
    if options.print_json {
        println!("{}", print::json(&world));
    } else {
        print::table(&world);
    }
    told_to_stop().await;
    world.stop().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_cases_has_its_institution() {
        assert_eq!(cases_of("banyan=150000"), Ok(("banyan".to_owned(), 150_000)));
        for refused in ["banyan", "banyan=many", "banyan=-1", "150000"] {
            assert!(cases_of(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_delay_has_a_unit_and_an_end() {
        assert_eq!(delay("50ms"), Ok(Duration::from_millis(50)));
        assert_eq!(delay("1.5s"), Ok(Duration::from_millis(1_500)));
        for refused in ["50", "", "-1s", "61s", "2 hours", "fast"] {
            assert!(delay(refused).is_err(), "{refused}");
        }
    }
}
