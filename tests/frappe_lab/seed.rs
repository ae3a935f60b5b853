//! The recorded site filled again: its users, and rows of its own of which the recorded questions have the recorded numbers
//! of answers. Must not know requests.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{Timestamp, tz::TimeZone};
use odr_portal::demo::frappe::{ApiKey, Site, SiteOptions, User, Version};
use serde_json::{Map, Value, json};

use crate::schema::doctypes;

/// The institutions, in the order in which cases were given to them, with their cities and the letters of their references.
const INSTITUTIONS: [(&str, &str, &str); 3] = [
    ("Mumbai Centre for Arbitration", "Mumbai", "MCA"),
    ("Delhi Arbitral Institute", "Delhi", "DAI"),
    ("Chennai ADR Forum", "Chennai", "CAF"),
];
const CASES: usize = 2000;
/// How many of an institution's 667 cases have each status.
const STATUSES: [(&str, usize); 6] =
    [("Award Reserved", 97), ("Withdrawn", 133), ("Admitted", 99), ("Closed", 122), ("Filed", 106), ("Hearing", 110)];
/// 21 November 2026, 08:37:11 in Kolkata: when the recording began.
const START_S: i64 = 1_795_230_431;

/// A clock that moves only when it is told to.
#[derive(Clone)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI64::new(START_S)))
    }

    pub fn now_s(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

/// The recorded site as far as its settings matter.
pub fn options() -> SiteOptions {
    SiteOptions {
        name: "lab.localhost".to_owned(),
        time_zone: TimeZone::get("Asia/Kolkata").unwrap(),
        version: Version::V15,
        second_factor: false,
        strict_user_permissions: false,
        allow_error_traceback: true,
        cross_origin: false,
        rate_limit: None,
        track_changes: true,
        doctypes: doctypes(),
    }
}

/// Key of a user's short name in the recordings' placeholders: `A`, `B`, `NOROLE`, `ADMIN`.
pub fn key(who: &str) -> ApiKey {
    ApiKey { key: format!("key{}", who.to_lowercase()), secret: format!("secret{}", who.to_lowercase()) }
}

pub fn password(who: &str) -> String {
    format!("pw-{}", who.to_lowercase())
}

pub fn user(who: &str) -> User {
    let (user_id, full_name, roles, tenant): (&str, &str, &[&str], Option<usize>) = match who {
        "A" => ("a.clerk@lab.example", "A Clerk", &["Portal API"], Some(0)),
        "B" => ("b.clerk@lab.example", "B Clerk", &["Portal API"], Some(1)),
        "OWNER" => ("owner@lab.example", "Owner", &["Portal API"], None),
        "NOROLE" => ("norole@lab.example", "No Role", &[], None),
        "ADMIN" => ("Administrator", "Administrator", &[], None),
        other => panic!("nobody is called {other}"),
    };
    User {
        user_id: user_id.to_owned(),
        password: password(who),
        full_name: full_name.to_owned(),
        enabled: true,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        api_key: Some(key(who)),
        totp_secret: Some(b"12345678901234567890".to_vec()),
        user_permissions: tenant.map(|at| ("Institution".to_owned(), INSTITUTIONS[at].0.to_owned())).into_iter().collect(),
    }
}

fn row(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

/// A site with all of it.
pub fn site(options: SiteOptions, clock: &Clock) -> Arc<Site> {
    let clock = clock.clone();
    let site = Site::with_clock(options, move || Timestamp::from_second(clock.now_s()).unwrap());
    for who in ["A", "B", "OWNER", "NOROLE", "ADMIN"] {
        site.add_user(user(who));
    }
    for (name, city, _) in INSTITUTIONS {
        site.insert("Institution", row(json!({"name": name, "institution_name": name, "city": city}))).unwrap();
    }
    let statuses: Vec<&str> = STATUSES.iter().flat_map(|(status, count)| std::iter::repeat_n(*status, *count)).collect();
    let mut withdrawn = 0;
    for number in 0..CASES {
        let (institution, _, letters) = INSTITUTIONS[number % 3];
        let nth = number / 3;
        // 97 and 667 have no common divisor: every place of the list comes once.
        let status = statuses[nth * 97 % statuses.len()];
        let urgent = match status {
            "Withdrawn" if number % 3 == 0 => {
                withdrawn += 1;
                withdrawn <= 15
            }
            _ => nth % 11 == 3,
        };
        let case = json!({
            "name": format!("ARB-2026-{:05}", number + 1), "title": format!("Case {number:05} {letters}"),
            "institution": institution, "status": status, "case_type": "", "filed_on": format!("2025-06-{:02}", number % 28 + 1),
            "next_hearing": if nth > 0 && nth.is_multiple_of(5) { Value::Null } else { json!("2026-09-04 14:30:00") },
            "seat_time": "8:15:12.224674", "claim_amount": 400_000.25 + (number * 7919 % 500_000) as f64 * 1000.0,
            "fee_pct": 10.96, "days_open": number % 900, "score": 0.374_956_584, "is_urgent": urgent,
            "external_ref": format!("{letters}/{number:06}"), "summary": "Dispute under clause 5; ≥ ₹ sums “claimed” 🏛",
            "parties": [
                {"party_name": format!("Claimant {number}"), "party_role": "Claimant", "email": format!("c{number}@party.example")},
                {"party_name": format!("Respondent {number}"), "party_role": "Respondent"},
            ],
        });
        site.insert("Arbitration Case", row(case)).unwrap();
    }
    for number in 0..30 {
        let memo = json!({"arbitration_case": format!("ARB-2026-{:05}", number + 1), "memo": format!("memo {number}")});
        site.insert("Case Memo", row(memo)).unwrap();
    }
    for number in 0..151 {
        let case = format!("ARB-2026-{:05}", number + 1);
        let notice = json!({"arbitration_case": case, "institution": INSTITUTIONS[number % 3].0, "notice_type": "Filing"});
        site.insert("Case Notice", row(notice)).unwrap();
    }
    Arc::new(site)
}
