//! What counts as service of a notice, as an institution decides it: which evidence on which channel, and how much of it.
//!
//! Owns which evidence can count at all, and the rules that hold of a version whoever proposes it. It must not know who approves one.

use serde_json::{Map, Value as Json, json};

use super::{Day, FieldError};

/// The furthest that a version may lie ahead, in days.
const AHEAD_MAX_DAYS: i64 = 366;
/// Codes of what evidence is read as.
pub const READINGS: [(&str, &str); 3] = [("SERVED", "Served"), ("DEEMED_SERVED", "Deemed served"), ("NOT_SERVED", "Not served")];
/// What does not count.
pub const NOT_SERVED: &str = "NOT_SERVED";

/// Evidence that can count: the field's name, channel and event, the proof that it needs, and its words. What says only that something
/// was opened or clicked is none.
pub const EVIDENCE: [(&str, &str, &str, &str, &str); 9] = [
    ("speed_post_delivered", "SPEED_POST", "DELIVERED", "POD", "Speed Post, delivered (proof of delivery)"),
    ("speed_post_returned", "SPEED_POST", "RETURNED", "RETURN_REMARK_AND_INQUIRY", "Speed Post, returned (remark, and inquiry)"),
    ("courier_delivered", "COURIER", "DELIVERED", "POD", "Courier, delivered (proof of delivery)"),
    ("courier_returned", "COURIER", "RETURNED", "RETURN_REMARK_AND_INQUIRY", "Courier, returned (remark, and inquiry)"),
    ("hand_delivered", "HAND", "DELIVERED", "ACKNOWLEDGEMENT", "By hand (acknowledgement)"),
    ("email_delivered", "EMAIL", "DELIVERED", "CERTIFICATE", "E-mail, delivered (certificate)"),
    ("whatsapp_delivered", "WHATSAPP", "DELIVERED", "CERTIFICATE", "WhatsApp, delivered (certificate)"),
    ("whatsapp_read", "WHATSAPP", "READ", "CERTIFICATE", "WhatsApp, read (certificate)"),
    ("sms_delivered", "SMS", "DELIVERED", "CERTIFICATE", "SMS, delivered (certificate)"),
];

/// The notices of which service is decided.
pub const RULED_NOTICES: [&str; 6] = ["LRN", "S21", "SOC", "HEARING", "ORDER", "AWARD"];

/// A version of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTerms {
    /// What each kind of [`EVIDENCE`] is read as, in its order.
    pub readings: [String; 9],
    /// Evidence that this version of the portal has no words for: channel, event and what was decided.
    pub others: Vec<(String, String, Json)>,
    /// What a refusal is read as.
    pub refused: String,
    /// What mail that nobody called for is read as.
    pub unclaimed: String,
    /// On how many channels there must be evidence.
    pub min_channels: i64,
    /// Whether every respondent must be served.
    pub all_respondents: bool,
    /// Whether electronic evidence counts only where the agreement allows for it.
    pub electronic_clause: bool,
}

impl ServiceTerms {
    /// Reads what a record holds.
    pub fn of(accepts: &str, refused: &str, unclaimed: &str, min_channels: i64, all: bool, clause: bool) -> Self {
        let parsed: Map<String, Json> = serde_json::from_str(accepts).unwrap_or_default();
        let reading = |(_, channel, event, ..): (&str, &str, &str, &str, &str)| {
            let read = parsed.get(channel).and_then(|events| events.get(event)).and_then(|decided| decided.get("reads"));
            read.and_then(Json::as_str).unwrap_or(NOT_SERVED).to_owned()
        };
        let known = |channel: &str, event: &str| EVIDENCE.iter().any(|(_, of, at, ..)| *of == channel && *at == event);
        let mut others = Vec::new();
        for (channel, events) in &parsed {
            for (event, decided) in events.as_object().into_iter().flatten().filter(|(event, _)| !known(channel, event)) {
                others.push((channel.clone(), event.clone(), decided.clone()));
            }
        }
        Self {
            readings: EVIDENCE.map(reading),
            others,
            refused: refused.to_owned(),
            unclaimed: unclaimed.to_owned(),
            min_channels,
            all_respondents: all,
            electronic_clause: clause,
        }
    }

    /// What counts, as the record holds it.
    pub fn accepts(&self) -> String {
        let mut channels: Map<String, Json> = Map::new();
        let mut put = |channel: &str, event: &str, decided: Json| {
            let events = channels.entry(channel.to_owned()).or_insert_with(|| json!({}));
            if let Some(events) = events.as_object_mut() {
                events.insert(event.to_owned(), decided);
            }
        };
        for ((_, channel, event, proof, _), reads) in EVIDENCE.iter().zip(&self.readings).filter(|(_, reads)| *reads != NOT_SERVED) {
            put(channel, event, json!({"reads": reads, "proof": proof}));
        }
        for (channel, event, decided) in &self.others {
            put(channel, event, decided.clone());
        }
        Json::Object(channels).to_string()
    }

    /// Its fields with their values, as they travel and are held against each other: name, words, value.
    pub fn values(&self) -> Vec<(&'static str, &'static str, String)> {
        let check = |on: bool| if on { "1".to_owned() } else { String::new() };
        let evidence = EVIDENCE.iter().zip(&self.readings).map(|((name, .., label), reads)| (*name, *label, reads.clone()));
        evidence
            .chain([
                ("refused_counts", "Refused", self.refused.clone()),
                ("unclaimed_counts", "Unclaimed after intimation", self.unclaimed.clone()),
                ("min_channels", "Channels with evidence, at least", self.min_channels.to_string()),
                ("all_respondents", "Every respondent must be served", check(self.all_respondents)),
                ("needs_electronic_clause", "Electronic evidence only where the agreement allows for it", check(self.electronic_clause)),
            ])
            .collect()
    }

    /// A value as people read it.
    pub fn words(name: &str, value: &str) -> String {
        match (name, READINGS.iter().find(|(code, _)| *code == value)) {
            (_, Some((_, words))) => (*words).to_owned(),
            ("all_respondents" | "needs_electronic_clause", None) => if value == "1" { "Yes" } else { "No" }.to_owned(),
            (_, None) => value.to_owned(),
        }
    }

    /// What of it breaks a rule, for a version that is to hold from a day on.
    pub fn problems(&self, from: Day, today: Day) -> Vec<FieldError> {
        let mut problems = Vec::new();
        let mut refuse = |field: &str, problem: &str| problems.push(FieldError { field: field.to_owned(), problem: problem.to_owned() });
        let counted = |(_, reads): &(&(&str, &str, &str, &str, &str), &String)| *reads != NOT_SERVED;
        let mut channels: Vec<&str> = EVIDENCE.iter().zip(&self.readings).filter(counted).map(|((_, channel, ..), _)| *channel).collect();
        channels.extend(self.others.iter().map(|(channel, ..)| channel.as_str()));
        channels.sort_unstable();
        channels.dedup();
        if channels.is_empty() {
            refuse("speed_post_delivered", "Something must count: nobody could be served by this rule.");
        } else if usize::try_from(self.min_channels).is_ok_and(|least| least > channels.len()) {
            refuse("min_channels", "More channels than there are on which something counts.");
        }
        if from < today {
            refuse("effective_from", "A rule never holds for days that have passed.");
        } else if from > today.later(AHEAD_MAX_DAYS) {
            refuse("effective_from", "Within a year.");
        }
        problems
    }
}

/// The notice whose service a stage waits for.
pub fn needed_notice(stage: &str) -> Option<&'static str> {
    match stage {
        "S10" => Some("LRN"),
        "S20" | "S30" | "S40" => Some("S21"),
        "S50" => Some("SOC"),
        "S60" => Some("HEARING"),
        "S70" | "S80" => Some("AWARD"),
        _ => None,
    }
}

/// What the states of its cells make of a case: a code of the set `service_status`.
pub fn status_of_service<'a>(states: impl Iterator<Item = &'a str>) -> &'static str {
    let states: Vec<&str> = states.collect();
    let served = states.iter().filter(|state| matches!(**state, "SERVED" | "DEEMED_SERVED")).count();
    match served {
        _ if states.iter().all(|state| *state == "NOT_SENT") => "NOT_SENT",
        _ if states.contains(&"DISPUTED") => "DISPUTED",
        served if served == states.len() => "FULLY_SERVED",
        1.. => "PARTLY_SERVED",
        0 if states.contains(&"UNSERVED") => "UNSERVED",
        0 => "IN_PROGRESS",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: &str = r#"{"HAND":{"DELIVERED":{"proof":"ACKNOWLEDGEMENT","reads":"SERVED"}},"PIGEON":{"LANDED":{"reads":"SERVED"}}}"#;

    fn terms() -> ServiceTerms {
        ServiceTerms::of(KEPT, NOT_SERVED, NOT_SERVED, 1, true, true)
    }

    #[test]
    fn what_a_record_holds_comes_back_with_what_has_no_words_here() {
        let terms = terms();
        assert_eq!(serde_json::from_str::<Json>(&terms.accepts()).unwrap(), serde_json::from_str::<Json>(KEPT).unwrap());
        assert_eq!(terms.others.len(), 1);
        assert_eq!(ServiceTerms::of("no json", "", "", 0, false, false).accepts(), "{}");
    }

    #[test]
    fn the_cells_of_a_case_make_its_state_of_service() {
        for (states, status) in [
            (&["NOT_SENT", "NOT_SENT"][..], "NOT_SENT"),
            (&["SERVED", "DEEMED_SERVED"], "FULLY_SERVED"),
            (&["SERVED", "UNSERVED"], "PARTLY_SERVED"),
            (&["UNSERVED", "IN_PROGRESS"], "UNSERVED"),
            (&["SERVED", "DISPUTED"], "DISPUTED"),
            (&["IN_PROGRESS"], "IN_PROGRESS"),
            (&[], "NOT_SENT"),
        ] {
            assert_eq!(status_of_service(states.iter().copied()), status, "{states:?}");
        }
    }

    #[test]
    fn a_rule_serves_somebody_and_holds_for_days_to_come() {
        let today = Day::parse("2026-11-26").unwrap();
        let wrong = |terms: &ServiceTerms, from: Day| -> Vec<String> {
            terms.problems(from, today).into_iter().map(|problem| problem.field).collect()
        };
        assert_eq!(wrong(&terms(), today), [""; 0]);
        assert_eq!(wrong(&terms(), today.later(-1)), ["effective_from"]);
        assert_eq!(wrong(&terms(), today.later(400)), ["effective_from"]);
        assert_eq!(wrong(&ServiceTerms { min_channels: 3, ..terms() }, today), ["min_channels"]);
        let nothing = ServiceTerms::of("{}", NOT_SERVED, NOT_SERVED, 1, true, true);
        assert_eq!(wrong(&nothing, today), ["speed_post_delivered"]);
    }
}
