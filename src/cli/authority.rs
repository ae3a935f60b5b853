//! TEMP
#[derive(clap::Subcommand)] pub enum AuthorityCommand { Serve }
pub async fn run(_c: AuthorityCommand, _s: &crate::config::Source) -> Result<(), super::Failure> { Ok(()) }
