//! The portal from outside: a whole world in one process (Central Authority, portal, the institutions' own servers), spoken to over sockets.
//!
//! One program for all of it, since most of a test program's cost is its linking. `cargo nextest` gives each test a process of its own, which
//! those need that read the process's metrics or its memory. Must not know how anything is done inside.

#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a black-box test stops where its set-up fails")]

mod api_v1;
mod api_v1_document;
mod api_v1_time;
mod audit;
mod audit_export;
mod audit_faults;
mod batches;
mod bulk;
mod campaigns_made;
mod calls;
mod case_file;
mod case_reads;
mod cases;
#[cfg(target_os = "linux")]
mod constant_memory;
mod dashboard;
mod deeds;
mod diary;
mod documents;
mod drafts;
mod enforceability;
mod export;
mod faults;
mod feeds;
mod filing;
mod filing_kill;
mod find;
mod headers;
mod hearings_work;
mod jobs;
mod life;
mod money;
mod notices;
mod people;
mod portfolio;
mod portfolio_measures;
mod reveal;
mod routes;
mod rules;
mod sign_in;
mod soak;
mod support;
mod unseen;
mod unsent;
mod uploads;
mod views;
mod walk;
mod withdrawal;

use support::{browser, forms, upstream, work};
