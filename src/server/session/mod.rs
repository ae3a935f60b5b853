//! Who is signed in: sessions, the state of a browser that is signing in, and the throttles in front of it.
//!
//! All of it lives in the process and may be lost without losing work. Keys are made by [`TenantKey`] and the record
//! carries its tenant too, checked on reading: a session of another institution is no session. Knows nothing of how a
//! person proves who they are (that is `casework::sign_in`).

mod cookie;
mod marks;
mod pending;
mod store;
mod throttle;
mod unsent;
mod viewed;

pub use cookie::{Cookies, Found, Token, hex};
pub use pending::{CODE_LIFE, MAX_CODE_TRIES, Pending, PendingStep, PendingStore};
pub use store::{Principal, Session, Sessions};
pub use throttle::{Throttle, Verdict};
pub use unsent::{Unsent, UnsentStore};
