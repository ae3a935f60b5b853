//! `odr-portal authority …`: the Central Authority's commands.
//!
//! Owns what an operator types and reads. It must not know how the catalog keeps anything. Secrets come from a file or
//! standard input, never from the command line, which other users of the machine can read.

use std::{io::Read as _, path::PathBuf, sync::Arc};

use serde::Deserialize;
use tokio_util::sync::CancellationToken;

use crate::{
    config::{AuthorityConfig, Source},
    registry::authority::{Catalog, serve},
};

type Outcome = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// Commands of the Central Authority.
#[derive(Debug, clap::Subcommand)]
pub enum AuthorityCommand {
    /// Serve portals.
    Serve,
    /// Institutions.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Portal nodes.
    #[command(subcommand)]
    Node(NodeCommand),
}

/// Commands about institutions.
#[derive(Debug, clap::Subcommand)]
pub enum TenantCommand {
    /// Add one: its entry as JSON, from a file or from standard input.
    Add {
        /// The file; standard input when it is not given.
        file: Option<PathBuf>,
    },
    /// List all.
    List,
    /// Show one, without its secrets.
    Show {
        /// Its id.
        id: String,
    },
    /// Give one another API key: `{"api_key":"…","api_secret":"…"}`, from a file or from standard input.
    Rotate {
        /// Its id.
        id: String,
        /// The file; standard input when it is not given.
        file: Option<PathBuf>,
    },
    /// Shut one's portal.
    Suspend {
        /// Its id.
        id: String,
    },
    /// Open a suspended one's portal.
    Resume {
        /// Its id.
        id: String,
    },
    /// Remove one for good.
    Remove {
        /// Its id.
        id: String,
    },
}

/// Commands about portal nodes.
#[derive(Debug, clap::Subcommand)]
pub enum NodeCommand {
    /// Add one, and print its secret this once.
    Add {
        /// Its name: 1 to 64 of a-z 0-9 . -
        name: String,
    },
    /// Give one a second secret, and print it this once; both work until `cut`.
    Rotate {
        /// Its name.
        name: String,
    },
    /// End a rotation: the old secret no longer works.
    Cut {
        /// Its name.
        name: String,
    },
    /// Refuse one from now on.
    Revoke {
        /// Its name.
        name: String,
    },
}

/// Runs one command.
///
/// # Errors
/// Configuration, the catalog's refusal, or input that is not JSON; none quotes a secret.
pub async fn run(command: AuthorityCommand, source: &Source) -> Outcome {
    let config = AuthorityConfig::from_env(source)?;
    let catalog = Catalog::open(&config)?;
    match command {
        AuthorityCommand::Serve => serve_until_stopped(config, catalog).await,
        AuthorityCommand::Tenant(command) => tenant(command, &catalog),
        AuthorityCommand::Node(command) => node(command, &catalog),
    }
}

async fn serve_until_stopped(config: AuthorityConfig, catalog: Catalog) -> Outcome {
    let listener = tokio::net::TcpListener::bind(config.addr).await?;
    let shutdown = CancellationToken::new();
    let serving = serve(listener, Arc::new(catalog), config.public_url, shutdown.clone());
    tokio::pin!(serving);
    tokio::select! {
        outcome = &mut serving => return outcome,
        () = stopped() => shutdown.cancel(),
    }
    serving.await
}

/// Waits for the wish to stop: Ctrl-C, or SIGTERM from a supervisor.
async fn stopped() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

fn tenant(command: TenantCommand, catalog: &Catalog) -> Outcome {
    #[derive(Deserialize)]
    struct ApiKey {
        api_key: String,
        api_secret: String,
    }
    let version = match command {
        TenantCommand::Add { file } => catalog.add_tenant(&json(file, "an entry of the authority protocol")?)?,
        TenantCommand::Rotate { id, file } => {
            let key: ApiKey = json(file, r#"{"api_key":"…","api_secret":"…"}"#)?;
            catalog.rotate(&id, &key.api_key, &key.api_secret)?
        }
        TenantCommand::Suspend { id } => catalog.suspend(&id)?,
        TenantCommand::Resume { id } => catalog.resume(&id)?,
        TenantCommand::Remove { id } => catalog.remove(&id)?,
        TenantCommand::List => {
            for tenant in catalog.list()? {
                println!("{}\t{}\t{}\t{}", tenant.id, tenant.status, tenant.name, tenant.hosts.join(","));
            }
            return Ok(());
        }
        TenantCommand::Show { id } => {
            println!("{:#}", catalog.show(&id)?);
            return Ok(());
        }
    };
    println!("version {version}");
    Ok(())
}

fn node(command: NodeCommand, catalog: &Catalog) -> Outcome {
    match command {
        NodeCommand::Add { name } => println!("{}", catalog.add_node(&name)?),
        NodeCommand::Rotate { name } => println!("{}", catalog.rotate_node(&name)?),
        NodeCommand::Cut { name } => catalog.cut_node(&name)?,
        NodeCommand::Revoke { name } => catalog.revoke_node(&name)?,
    }
    Ok(())
}

/// Reads JSON from a file or standard input. The parser's own message could quote a secret: only the place is told.
fn json<T: serde::de::DeserializeOwned>(file: Option<PathBuf>, wanted: &str) -> Result<T, String> {
    let mut text = zeroize::Zeroizing::new(String::new());
    match file {
        Some(path) => *text = std::fs::read_to_string(&path).map_err(|error| format!("{} could not be read: {error}", path.display()))?,
        None => {
            std::io::stdin().read_to_string(&mut text).map_err(|error| format!("standard input could not be read: {error}"))?;
        }
    }
    serde_json::from_str(&text).map_err(|error| format!("expected {wanted} as JSON; line {} column {}", error.line(), error.column()))
}
