//! A Frappe server rebuilt from recordings of real ones: what `odr-portal demo` and the tests speak to instead of an institution's
//! site. Owns DocTypes' rows, users, sessions, rights and the HTTP surface; must not know the portal, nor what the rows mean.
//!
//! `tests/frappe_lab` replays what was recorded and lists every recording that is answered otherwise.
//!
//! Left out, and answered with 501 `NotSimulated` where a request could tell: `/api/v2`, query reports, workflows, webhooks, making
//! DocTypes, rows of Frappe's own DocTypes but `File`, `Comment`, `Version` and (to read) `User`, tree operators, two child tables in
//! one list, `date_format` and its kin, `expand`, and the methods of `frappe.desk`, `.model`, `.core` and `.handler` that `methods`
//! does not name.
//!
//! Left out and told nowhere: OAuth, shares of documents, `ignore_user_permissions`, codes by mail or message, a reset of a password
//! that is due, `run_method` by GET. Only markup fields are sanitised, and of scripts alone. Selects take the default that the schema
//! names, not their first option. Punctuation sorts by ASCII. A change to another institution's row is judged by the row as stored and
//! as changed (Frappe looks at the changed one). Error pages are short (Frappe's weigh 340 KB). A connection is always accepted: a site
//! can say nothing, but not leave SYN unanswered.

mod aggregate;
mod answer;
mod bulk;
mod cell;
mod cookies;
mod desk;
mod digest;
mod documents;
mod fault;
mod fields;
mod files;
mod filter;
mod http;
mod knobs;
mod like;
mod limiter;
mod login;
mod lookup;
mod methods;
mod multipart;
mod naming;
mod own;
mod query;
mod reply;
mod rights;
mod route;
mod row;
mod select;
mod site;
mod slots;
mod span;
mod submit;
mod table;
mod text;
#[cfg(test)]
mod tests;
mod timeline;
mod user;
mod users;

pub use documents::NewRow;
pub use files::Archive;
pub use http::serve;
pub use knobs::{Failure, Knob, Knobs};
pub use limiter::RateLimit;
pub use site::{LoadError, ServerScript, Site, SiteOptions, Version};
pub use user::{ApiKey, User};
