//! A Frappe server rebuilt from recordings of real ones: what `odr-portal demo` and the tests speak to instead of an institution's
//! site. Owns DocTypes' rows, users, sessions, rights and the HTTP surface; must not know the portal, nor what the rows mean.
//!
//! Differences from Frappe, each answered with 501 `NotSimulated` where a request could tell: `/api/v2`, `timespan` and tree
//! operators, columns of linked rows and child tables in a list, filters on child rows, `date_format` and its kin, reports, files,
//! comments, workflows, submitting, renaming, `reportview.get`. Told nowhere: the DocTypes `User`, `File` and `DocType` have no rows;
//! text is not sanitised; unset Selects take no default; punctuation sorts by ASCII; a change to another institution's row is judged
//! by the row as stored and as changed (Frappe looks at the changed one); a session never needs a CSRF token, as no desk page is made.

mod cell;
mod cookies;
mod documents;
mod fault;
mod filter;
mod http;
mod knobs;
mod login;
mod methods;
mod query;
mod rights;
mod select;
mod row;
mod site;
mod slots;
mod table;
mod text;
#[cfg(test)]
mod tests;
mod user;

pub use http::serve;
pub use knobs::{Failure, Knob, Knobs};
pub use site::{Site, SiteOptions, Version};
pub use user::{ApiKey, User};
