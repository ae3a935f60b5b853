//! The command line: reads flags and variables, builds the parts and starts them. Uses everything, is used by nothing.

pub mod authority;
#[cfg(feature = "demo")]
pub mod demo;
pub mod doctor;
pub mod serve;

use std::collections::BTreeMap;

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches as _, Subcommand as _};

use crate::config::{Concern, SETTINGS, Source};

/// Stack of a worker thread, in bytes: rendering a page nests as deeply as its view, and the frames of a debug build overflow
/// the usual 2 MiB.
pub const STACK_BYTES: usize = 8 << 20;

const RESET_REGISTRY: &str = "reset-registry";

/// What a command ends with when it does not end well.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs the command that the process was started with.
///
/// # Errors
/// One line for the operator; configuration errors name the variable.
pub async fn run() -> Result<(), Failure> {
    // `cargo leptos watch` starts the binary without a command: then it is the demo, small enough for a debug build to be up
    // in a moment after every change.
    let watched = std::env::args_os().len() == 1 && Source::under_watch();
    let matches = if watched { command().try_get_matches_from(["odr-portal", "demo", "--cases", "300"])? } else { command().get_matches() };
    match matches.subcommand() {
        Some(("serve", given)) => serve::run(&source(given, Concern::Portal), given.get_flag(RESET_REGISTRY)).await,
        Some(("authority", given)) => {
            authority::run(authority::AuthorityCommand::from_arg_matches(given)?, &source(given, Concern::Authority)).await
        }
        Some(("doctor", given)) => doctor::run(doctor::DoctorCommand::from_arg_matches(given)?, &source(given, Concern::Portal)).await,
        #[cfg(feature = "demo")]
        Some(("demo", given)) => demo::run(demo::DemoOptions::from_arg_matches(given)?).await,
        _ => Err("no such command".into()),
    }
}

fn command() -> Command {
    let reset = Arg::new(RESET_REGISTRY)
        .long(RESET_REGISTRY)
        .action(ArgAction::SetTrue)
        .help("Forget the sealed registry and its floor first: after the authority had to begin again below its last version");
    let serve = with_settings(Command::new("serve").about("Serves the portal"), Concern::Portal).arg(reset);
    let authority = authority::AuthorityCommand::augment_subcommands(Command::new("authority"));
    let authority =
        with_settings(authority.about("Runs the Central Authority and keeps its catalog").subcommand_required(true), Concern::Authority);
    let doctor = doctor::DoctorCommand::augment_subcommands(Command::new("doctor"));
    let doctor = with_settings(doctor.about("Looks whether what the portal relies on is as it should be"), Concern::Portal);
    let command = Command::new("odr-portal")
        .about("Multi-tenant portal for lenders' arbitration and litigation portfolios")
        .version(env!("CARGO_PKG_VERSION"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(serve)
        .subcommand(authority)
        .subcommand(doctor.subcommand_required(true));
    #[cfg(feature = "demo")]
    let command = command.subcommand(
        <demo::DemoOptions as clap::Args>::augment_args(Command::new("demo"))
            .about("Runs an authority, simulated Frappe servers and the portal in one process, over real sockets"),
    );
    command
}

/// Every setting of a concern is a flag too.
fn with_settings(command: Command, concern: Concern) -> Command {
    SETTINGS.iter().filter(|setting| setting.of == concern).fold(command, |command, setting| {
        let default = setting.default.filter(|text| !text.is_empty()).map(|text| format!(" [default: {text}]")).unwrap_or_default();
        let file = if setting.secret { format!(", or {}_FILE", setting.name) } else { String::new() };
        let help = format!("{} ({}{file}){default}", setting.help, setting.name);
        command.arg(Arg::new(setting.name).long(setting.flag).value_name("VALUE").help(help).global(true))
    })
}

fn source(given: &ArgMatches, concern: Concern) -> Source {
    let flags: BTreeMap<&'static str, String> = SETTINGS
        .iter()
        .filter(|setting| setting.of == concern)
        .filter_map(|setting| Some((setting.name, given.get_one::<String>(setting.name)?.clone())))
        .collect();
    Source::process(flags)
}
