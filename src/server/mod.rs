//! The server half: from a socket to an institution's own Frappe server and back.
//!
//! `api` is what programs ask, `http` has one layer a file, `context` the doors into casework, `session` who is signed in, `casework` what an
//! institution's people do, `frappe` the one way upstream, `tables` the files that people send. It must not know how a page looks.

pub mod api;
pub mod casework;
pub mod context;
pub mod frappe;
pub mod http;
pub mod jobs;
pub mod session;
pub mod tables;

#[cfg(test)]
mod tests;
