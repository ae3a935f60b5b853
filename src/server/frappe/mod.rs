//! The one way upstream: calls to the Frappe server of the tenant in scope, generic over records.
//!
//! Owns everything that crosses that wire: headers, paths, filters, limits, repeats, and the judging of answers. Nobody
//! gets a client but by [`Client::current`], which takes no tenant; every query carries the tenant's institution, every
//! record that comes back is checked against it. It must not know what a case is, who asks, or what a page shows.

mod aggregate;
mod answer;
mod breaker;
mod budget;
mod client;
mod condition;
mod context;
mod fault;
mod files;
mod gate;
mod many;
mod path;
mod query;
mod record;
mod sign_in;
mod site;
#[cfg(test)]
mod tests;
mod transport;
mod upload;
mod upstreams;
mod write;

pub use aggregate::{Aggregate, GROUPS_MAX, Group, Measure};
pub use client::Client;
pub use condition::{Condition, Field, Op, Value};
pub use context::{CallContext, Heal, enter};
pub use fault::Fault;
pub use files::FileStream;
pub use many::MANY_MAX;
pub use query::{Direction, PAGE_MAX, Query, RowScope};
pub use record::{Changes, Page, ReadProof, Record, Revision};
pub use sign_in::{LoginStep, PersonSession, SecondFactorMethod, SignIn, VerifyStep};
pub use transport::JSON_MAX_BYTES;
pub use upload::Uploaded;
pub use upstreams::Upstreams;
