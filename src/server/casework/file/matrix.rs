//! The service matrix: parties by notices, in each cell the best evidence of its latest round.

use std::collections::HashMap;

use super::{
    super::columns::some_text,
    wire::{PartyRecord, ServiceRecord},
};
use crate::model::{Day, PartyLine, ServiceCell, ServiceMatrix, Term};

/// Notices that are evidence of service, in the order in which a case needs them, with the words for a column.
const NOTICES: [(&str, &str); 6] = [
    ("LRN", "Recall notice"),
    ("S21", "Notice s. 21"),
    ("SOC", "Statement of claim"),
    ("HEARING", "Hearing notice"),
    ("ORDER", "Order"),
    ("AWARD", "Signed award"),
];

/// Lays the cells out. They come oldest round first, so that a later one takes the place of an earlier one.
pub(super) fn of(parties: Vec<PartyRecord>, cells: Vec<ServiceRecord>, versions: &HashMap<String, i64>, today: Day) -> ServiceMatrix {
    let used: Vec<_> = NOTICES.into_iter().filter(|(code, _)| cells.iter().any(|cell| cell.notice_type == *code)).collect();
    let mut lines: Vec<(String, PartyLine)> = parties.into_iter().map(|party| (party.name.clone(), line(party, used.len()))).collect();
    for cell in cells {
        let column = used.iter().position(|(code, _)| *code == cell.notice_type);
        let line = lines.iter_mut().find(|(name, _)| *name == cell.party);
        if let (Some(column), Some((_, line))) = (column, line)
            && let Some(place) = line.cells.get_mut(column)
        {
            *place = Some(evidence(cell, versions));
        }
    }
    ServiceMatrix {
        notices: used.into_iter().map(|(code, label)| Term::named(code, label)).collect(),
        parties: lines.into_iter().map(|(_, line)| line).collect(),
        today,
        proofs: None,
    }
}

/// What a party is called beside its name: `C1`, `R1`, `R2` … Row 1 is the claimant, respondents follow (`records.md` §3.9).
pub fn party_label(role: &str, seq: i64) -> String {
    if role == "CLAIMANT" { "C1".to_owned() } else { format!("R{}", seq.saturating_sub(1)) }
}

fn line(party: PartyRecord, notices: usize) -> PartyLine {
    let label = party_label(&party.party_role, party.seq);
    let place = [party.city.as_str(), party.state_name.as_str(), party.pincode.as_str()];
    let place: Vec<_> = place.into_iter().filter(|part| !part.is_empty()).collect();
    PartyLine {
        id: party.name,
        label,
        role: Term::of(party.party_role),
        name: some_text(party.name_full).or_else(|| some_text(party.party_name)),
        name_local: some_text(party.name_local),
        deceased: party.alive == "DECEASED",
        contacts: vec![
            ("Mobile", party.mobile_masked),
            ("E-mail", party.email_masked),
            ("PAN", party.pan_masked),
            ("Place", place.join(", ")),
        ],
        cells: vec![None; notices],
    }
}

fn evidence(cell: ServiceRecord, versions: &HashMap<String, i64>) -> ServiceCell {
    let clause = |text: String| match versions.get(&cell.rule) {
        Some(version) => format!("{text} (version {version} of the rule)"),
        None => text,
    };
    ServiceCell {
        state: Term::of(cell.state),
        counts: cell.counts_served.0,
        required: cell.required.0,
        served_on: cell.served_on.day(),
        due_on: cell.due_on.day(),
        channel: Term::of_some(&cell.best_channel),
        rule: some_text(cell.rule_text).map(clause),
        proof: some_text(cell.proof_doc),
    }
}
