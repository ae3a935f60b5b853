//! The program as an operator starts it: its commands, its place behind the shipped nginx, what it writes for its operators.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a black-box test stops where its set-up fails")]

mod authority_cli;
mod nginx;
#[cfg(feature = "demo")]
mod observability;
#[path = "../support/mod.rs"]
mod support;
