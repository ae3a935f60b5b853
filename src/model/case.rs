//! A case as lists show it.

use serde::{Deserialize, Serialize};

use super::{Bucket, Day, Hold, Inr, Instant, Product, ServiceStatus, Stage, Status};

/// The opaque name of a case upstream: what addresses carry. Never a capability, never shown as the case's number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(String);

impl CaseId {
    /// Takes a name of Frappe's hash form, 1 to 64 characters of `0-9 a-z`; anything else is nobody's name.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        fits.then(|| Self(text.to_owned()))
    }

    /// The name itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One row of the case list: exactly the fields that the list asks for (`records.md` §11).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseRow {
    /// Its opaque name.
    pub id: CaseId,
    /// `ARB/2026/001234`, or the draft number while the registry has not issued one.
    pub number: String,
    /// Whether `number` is only a draft number.
    pub draft: bool,
    /// Loan account number as the lender writes it.
    pub lan: String,
    /// The lead respondent's name; `None` for roles that may not see borrowers.
    pub respondent: Option<String>,
    /// How many parties must be served.
    pub respondent_count: u32,
    /// What was lent.
    pub product: Product,
    /// Code of the zone.
    pub zone: String,
    /// Code of the branch.
    pub branch: String,
    /// Main stage.
    pub stage: Stage,
    /// Status within the stage.
    pub status: Status,
    /// The day on which the stage began.
    pub stage_since: Option<Day>,
    /// What stops outbound notices, if anything.
    pub hold: Hold,
    /// The claim, or the dues while no claim is stated.
    pub claim: Inr,
    /// All dues as last fed.
    pub dues: Inr,
    /// Days past due.
    pub dpd: u32,
    /// The band of `dpd`.
    pub bucket: Bucket,
    /// When the next hearing starts.
    pub next_hearing: Option<Instant>,
    /// The soonest date on which the institution owes something.
    pub next_due: Option<Day>,
    /// What is owed then, as a code.
    pub next_due_code: String,
    /// How far service has come.
    pub service: ServiceStatus,
    /// User id of the legal owner.
    pub legal_owner: String,
}

/// One page of the case list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseList {
    /// The rows, in the order asked for.
    pub rows: Vec<CaseRow>,
    /// Where the neighbouring pages begin.
    pub pages: PageLinks,
    /// Whether the person may take the list away as a file.
    pub exportable: bool,
    /// Whether the person may enter a case.
    pub creatable: bool,
    /// Whether the person may do something in several cases at once.
    pub several: bool,
    /// When the upstream gave these rows.
    pub as_of: Instant,
    /// Today on the institution's wall clock: what "overdue" is measured against.
    pub today: Day,
}

/// Positions of the neighbouring pages, as texts for the URL; `None` where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLinks {
    /// Value of `before` that shows the previous page.
    pub before: Option<String>,
    /// Value of `after` that shows the next page.
    pub after: Option<String>,
}

/// Totals over every row that matches, not only those of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseTotals {
    /// Matching cases.
    pub cases: u64,
    /// Sum of claims.
    pub claim: Inr,
    /// Sum of dues.
    pub dues: Inr,
    /// Sum of what has been realised.
    pub realised: Inr,
    /// When the upstream gave these totals.
    pub as_of: Instant,
}
