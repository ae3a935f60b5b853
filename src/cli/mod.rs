//! Subcommands of the binary.

pub mod authority;
