//! The conditions that the query box knows: their words, read and written. It must not know which column one asks for.

use super::words::{code_of, pair, plain_rupees, product, unchanged};
use crate::model::{Bucket, Checklist, Day, Hold, Inr, Product, ServiceStatus, Stage, Status};

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// `stage:hearing`
    Stage(Stage),
    /// `status:heard`
    Status(Status),
    /// `product:pl`
    Product(Product),
    /// `zone:west`
    Zone(String),
    /// `branch:BR012`
    Branch(String),
    /// `owner:legal.manager@banyan.example`
    Owner(String),
    /// `bucket:npa`
    Bucket(Bucket),
    /// `hold:deceased`
    Hold(Hold),
    /// `service:unserved`
    Service(ServiceStatus),
    /// `open:yes`
    Open(bool),
    /// `dues:>500000`, `dues:<=5L`
    Dues(Bound, Inr),
    /// `claim:>1Cr`
    Claim(Bound, Inr),
    /// `dpd:>365`
    Dpd(Bound, u32),
    /// `due:<2026-12-01`
    Due(Bound, Day),
    /// `served:yes`: every respondent has been served with the notice that the stage needs.
    Served(bool),
    /// `awarded:>=2026-01-01`; `awarded:no`: there is no award.
    Awarded(Option<(Bound, Day)>),
    /// `awarddue:<=2026-12-31`: the end of the time for an award, s. 29A.
    AwardDue(Bound, Day),
    /// `limitation:<=2026-12-31`: the end of limitation.
    Limitation(Bound, Day),
    /// `filed:>=2026-11-16`: when the reference was filed.
    Filed(Bound, Day),
    /// `closed:>=2026-11-16`: when the case was closed.
    Closed(Bound, Day),
    /// `registered:>=2026-11-16`: when the registry registered the reference.
    Registered(Bound, Day),
    /// `stagesince:<=2026-11-16`: when the case came into its stage.
    StageSince(Bound, Day),
    /// `challengedue:>=2026-11-16`: the end of the time to challenge the award, s. 34, of the party that has longest.
    ChallengeDue(Bound, Day),
    /// `award:>0`: what the award in force comes to.
    Award(Bound, Inr),
    /// `outcome:settled_ots`: how the case ended.
    Outcome(&'static str),
    /// `band:amber`: how enforceable an award would be.
    Band(&'static str),
    /// `missing:disclosure`: what is missing although the stage needs it.
    Missing(&'static str),
    /// `arbitrator:k3j9q0x2ab`: whose appointment is in force; `arbitrator:no`: nobody's is.
    Arbitrator(Option<String>),
    /// `advocate:k3j9q0x2ab`: who of the panel has it.
    Advocate(String),
    /// `awarddays:<=180`: the days from registration to the award, of cases that have both.
    AwardDays(Bound, u32),
    /// `lastbucket:sma2`: the bucket at the end of last month.
    LastBucket(Bucket),
}

/// Which side of a value is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `=` or nothing
    Exactly,
}

/// How a case can have ended.
const OUTCOMES: [&str; 13] = [
    "PAID_IN_FULL",
    "SETTLED_OTS",
    "CONSENT_AWARD_SATISFIED",
    "AWARD_SATISFIED",
    "WITHDRAWN",
    "DISMISSED",
    "TERMINATED_S32",
    "SET_ASIDE",
    "BARRED",
    "DECEASED_NO_ESTATE",
    "INSOLVENCY_MORATORIUM",
    "MOVED_FORUM",
    "ASSIGNED_TO_ARC",
];
/// Bands of the enforceability score, the worst first.
const BANDS: [&str; 3] = ["RED", "AMBER", "GREEN"];

/// Every key, in the order in which advice lists them.
pub(super) const KEYS: [&str; 31] = [
    "stage",
    "status",
    "product",
    "zone",
    "branch",
    "owner",
    "bucket",
    "hold",
    "service",
    "open",
    "dues",
    "claim",
    "dpd",
    "due",
    "served",
    "awarded",
    "awarddue",
    "limitation",
    "filed",
    "closed",
    "registered",
    "stagesince",
    "challengedue",
    "award",
    "outcome",
    "band",
    "missing",
    "arbitrator",
    "advocate",
    "awarddays",
    "lastbucket",
];

/// A word before a colon that is meant as a key: letters only, so that a time or a citation stays a search word.
pub(super) fn is_key(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

impl Filter {
    /// The filter's text in the query box.
    pub fn text(&self) -> String {
        match self {
            Self::Stage(code) => pair("stage", code.label()),
            Self::Status(code) => pair("status", code.label()),
            Self::Product(code) => pair("product", code.label()),
            Self::Zone(code) => pair("zone", code),
            Self::Branch(code) => pair("branch", code),
            Self::Owner(user) => pair("owner", user),
            Self::Bucket(code) => pair("bucket", code.label()),
            Self::Hold(code) => pair("hold", code.label()),
            Self::Service(code) => pair("service", code.label()),
            Self::Open(open) => pair("open", if *open { "yes" } else { "no" }),
            Self::Dues(bound, amount) => format!("dues:{}{}", bound.sign(), plain_rupees(*amount)),
            Self::Claim(bound, amount) => format!("claim:{}{}", bound.sign(), plain_rupees(*amount)),
            Self::Dpd(bound, days) => format!("dpd:{}{days}", bound.sign()),
            Self::Due(bound, day) => dated("due", *bound, *day),
            Self::Served(served) => pair("served", if *served { "yes" } else { "no" }),
            Self::Awarded(None) => pair("awarded", "no"),
            Self::Awarded(Some((bound, day))) => dated("awarded", *bound, *day),
            Self::AwardDue(bound, day) => dated("awarddue", *bound, *day),
            Self::Limitation(bound, day) => dated("limitation", *bound, *day),
            Self::Filed(bound, day) => dated("filed", *bound, *day),
            Self::Closed(bound, day) => dated("closed", *bound, *day),
            Self::Registered(bound, day) => dated("registered", *bound, *day),
            Self::StageSince(bound, day) => dated("stagesince", *bound, *day),
            Self::ChallengeDue(bound, day) => dated("challengedue", *bound, *day),
            Self::Award(bound, amount) => format!("award:{}{}", bound.sign(), plain_rupees(*amount)),
            Self::Outcome(code) => pair("outcome", code),
            Self::Band(code) => pair("band", code),
            Self::Missing(code) => pair("missing", code),
            Self::Arbitrator(None) => pair("arbitrator", "no"),
            Self::Arbitrator(Some(name)) => unchanged("arbitrator", name),
            Self::Advocate(name) => unchanged("advocate", name),
            Self::AwardDays(bound, days) => format!("awarddays:{}{days}", bound.sign()),
            Self::LastBucket(code) => pair("lastbucket", code.label()),
        }
    }

    pub(super) fn parse(key: &str, value: &str) -> Result<Self, String> {
        let key = key.to_ascii_lowercase();
        if !KEYS.contains(&key.as_str()) {
            return Err(format!("filter by one of {}", KEYS.join(", ")));
        }
        if value.is_empty() {
            return Err(format!("write a value after {key}:"));
        }
        let one_of = |labels: Vec<&str>| format!("{key} is one of {}", labels.join(", "));
        Ok(match key.as_str() {
            "stage" => Self::Stage(Stage::meant_by(value).ok_or_else(|| one_of(Stage::ALL.iter().map(Stage::label).collect()))?),
            "status" => Self::Status(Status::meant_by(value).ok_or("status is a case status such as heard or soc due")?),
            "product" => Self::Product(product(value).ok_or_else(|| one_of(Product::ALL.iter().map(Product::label).collect()))?),
            "bucket" | "lastbucket" => {
                let bucket = Bucket::meant_by(value).ok_or_else(|| one_of(Bucket::ALL.iter().map(Bucket::label).collect()))?;
                if key == "bucket" { Self::Bucket(bucket) } else { Self::LastBucket(bucket) }
            }
            "hold" => Self::Hold(Hold::meant_by(value).ok_or_else(|| one_of(Hold::ALL.iter().map(Hold::label).collect()))?),
            "service" => Self::Service(
                ServiceStatus::meant_by(value).ok_or_else(|| one_of(ServiceStatus::ALL.iter().map(ServiceStatus::label).collect()))?,
            ),
            "zone" => Self::Zone(value.to_uppercase()),
            "branch" => Self::Branch(value.to_uppercase()),
            "owner" => Self::Owner(value.to_lowercase()),
            "open" => Self::Open(yes_or_no(value).ok_or("open is yes or no")?),
            "served" => Self::Served(yes_or_no(value).ok_or("served is yes or no")?),
            "awarded" if yes_or_no(value) == Some(false) => Self::Awarded(None),
            "outcome" => Self::Outcome(code_of(&OUTCOMES, value).ok_or_else(|| one_of(OUTCOMES.into()))?),
            "band" => Self::Band(code_of(&BANDS, value).ok_or_else(|| one_of(BANDS.into()))?),
            "missing" => {
                let items = Checklist::ITEMS.map(|(item, _)| item);
                Self::Missing(code_of(&items, value).ok_or_else(|| one_of(items.into()))?)
            }
            "arbitrator" if yes_or_no(value) == Some(false) => Self::Arbitrator(None),
            "arbitrator" => Self::Arbitrator(Some(value.replace('"', ""))),
            "advocate" => Self::Advocate(value.replace('"', "")),
            "due" | "awarded" | "awarddue" | "limitation" | "filed" | "closed" | "registered" | "stagesince" | "challengedue" => {
                let (bound, rest) = Bound::split(value);
                let day = Day::parse(rest).ok_or("write a date as 2026-12-01, with < or > before it")?;
                match key.as_str() {
                    "due" => Self::Due(bound, day),
                    "awarded" => Self::Awarded(Some((bound, day))),
                    "awarddue" => Self::AwardDue(bound, day),
                    "filed" => Self::Filed(bound, day),
                    "closed" => Self::Closed(bound, day),
                    "registered" => Self::Registered(bound, day),
                    "stagesince" => Self::StageSince(bound, day),
                    "challengedue" => Self::ChallengeDue(bound, day),
                    _ => Self::Limitation(bound, day),
                }
            }
            "dpd" | "awarddays" => {
                let (bound, rest) = Bound::split(value);
                let days = rest.parse().map_err(|_| "write days as a whole number, with < or > before it")?;
                if key == "dpd" { Self::Dpd(bound, days) } else { Self::AwardDays(bound, days) }
            }
            amount => {
                let (bound, rest) = Bound::split(value);
                let rupees = Inr::typed(rest).ok_or("write an amount in rupees such as 500000, 5L or 1.2Cr, with < or > before it")?;
                match amount {
                    "dues" => Self::Dues(bound, rupees),
                    "award" => Self::Award(bound, rupees),
                    _ => Self::Claim(bound, rupees),
                }
            }
        })
    }
}

fn yes_or_no(value: &str) -> Option<bool> {
    match value.to_ascii_lowercase().as_str() {
        "yes" | "1" | "true" => Some(true),
        "no" | "0" | "false" => Some(false),
        _ => None,
    }
}

fn dated(key: &str, bound: Bound, day: Day) -> String {
    format!("{key}:{}{}", bound.sign(), day.iso())
}

impl Bound {
    /// The same side, with the value itself.
    #[must_use]
    pub const fn inclusive(self) -> Self {
        match self {
            Self::Above => Self::AtLeast,
            Self::Below => Self::AtMost,
            other => other,
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Exactly => "",
        }
    }

    fn split(value: &str) -> (Self, &str) {
        for (sign, bound) in [(">=", Self::AtLeast), ("<=", Self::AtMost), (">", Self::Above), ("<", Self::Below), ("=", Self::Exactly)] {
            if let Some(rest) = value.strip_prefix(sign) {
                return (bound, rest.trim());
            }
        }
        (Self::Exactly, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Outcome;

    #[test]
    fn every_outcome_that_the_process_knows_can_be_asked_for() {
        assert_eq!(Outcome::ALL.iter().map(Outcome::code).collect::<Vec<_>>(), OUTCOMES);
    }
}
