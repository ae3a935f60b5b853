//! What the frame around every page needs to know: whose portal this is, who is signed in, and for how long.

use serde::{Deserialize, Serialize};

use super::{Instant, Role};

/// The institution as its own people know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// Display name in full, so that nobody signs in at the wrong institution.
    pub name: String,
    /// Changes whenever the institution's stylesheet does: a part of its address.
    pub style_version: String,
}

/// The page that lists the keys.
#[derive(Clone, Debug)]
pub struct KeysPage {
    /// Whose portal it is.
    pub brand: Brand,
    /// Light or dark.
    pub theme: Theme,
}

/// The frame of a signed-in page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Whose portal this is.
    pub brand: Brand,
    /// The person's name.
    pub person: String,
    /// The person's role.
    pub role: Role,
    /// What this browser has chosen.
    pub theme: Theme,
    /// Seconds without a request after which the session ends.
    pub idle_s: u32,
    /// When the session ends whatever happens.
    pub ends_at: Instant,
    /// What waits for the person, where that is known in time.
    pub waiting: Option<Waiting>,
}

/// How much waits for somebody: what the sections are marked with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Open tasks that are the person's, or anybody's with their role.
    pub tasks: u64,
    /// Requests that wait for the person's decision.
    pub approvals: u64,
}

impl Waiting {
    /// What the section at this address is marked with.
    pub fn at(self, address: &str) -> u64 {
        match address {
            "/" => self.tasks,
            "/approvals" => self.approvals,
            _ => 0,
        }
    }
}

/// What the sign-in page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInPage {
    /// Whose portal this is.
    pub brand: Brand,
    /// Where in signing in this browser is.
    pub step: SignInStep,
    /// What went wrong at the last try.
    pub problem: Option<SignInProblem>,
    /// A path of this portal to go to afterwards.
    pub next: Option<String>,
}

/// Where in signing in a browser is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInStep {
    /// User and password are asked for.
    Password {
        /// What was typed as the user the last time, so that it need not be typed again.
        user: String,
    },
    /// The one-time code is asked for.
    Code {
        /// Seconds left to enter it.
        seconds_left: u32,
        /// Where the upstream sent a code, masked; `None` where an authenticator app makes it.
        sent_to: Option<String>,
    },
}

/// Why the last try did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInProblem {
    /// User or password is wrong, or the person is not one of this institution's: never told apart.
    Wrong,
    /// The one-time code is wrong; another may be tried.
    WrongCode,
    /// The time for the code is over.
    CodeExpired,
    /// Too many failures.
    Throttled {
        /// Seconds to wait.
        wait_s: u32,
    },
    /// The password is right and has to be changed at the institution's own system first.
    PasswordExpired,
    /// User or password was left empty.
    Incomplete,
    /// The upstream did not answer.
    Unavailable,
    /// The session ended; the person signs in again.
    Ended,
    /// The person signed out.
    SignedOut,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the person's system is set.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];
    /// The cookie that keeps the choice.
    pub const COOKIE: &str = "theme";

    /// The choice as the cookie and the page's `data-theme` write it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads a choice; what is unknown is the system's.
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.code() == code).unwrap_or_default()
    }
}
