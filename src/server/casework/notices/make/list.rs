//! A respondent as a campaign's list ought to have them, and what all of them add up to. It must not know how the list is read or written.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::{
    freeze::ACTOR,
    texts::StepTexts,
    wire::{CaseRecord, PartyRecord, RecipientNow, RecipientSum, column},
};
use crate::{
    model::{Channel, Eligibility, Inr, Preflight, PreflightCode, estimate},
    server::{
        frappe::{Changes, Field as Column},
        session::hex,
    },
};

/// What a campaign's respondents add up to.
#[derive(Default)]
pub struct Sums {
    /// All of them.
    pub targeted: i64,
    /// Those who are written to.
    pub eligible: i64,
    /// Those of them of whom something was found.
    pub warned: i64,
    /// Those who are not written to.
    pub blocked: i64,
    /// How often each thing was found.
    pub findings: BTreeMap<String, i64>,
    /// The zones of their cases.
    pub zones: BTreeSet<String>,
    /// The products of their cases.
    pub products: BTreeSet<String>,
    /// What their messages cost at most.
    pub cost: Inr,
    /// SHA-256 over the sorted names of their records, one a line.
    pub hash: String,
}

impl Sums {
    /// Adds them up.
    pub fn of(rows: &[RecipientSum], texts: &[StepTexts]) -> Self {
        let mut sums = Self::default();
        let mut names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
        names.sort_unstable();
        sums.hash = hex(&Sha256::digest(names.join("\n").as_bytes()));
        for row in rows {
            let eligibility = Eligibility::from(row.eligibility.clone());
            sums.targeted += 1;
            sums.blocked += i64::from(eligibility == Eligibility::Blocked);
            sums.warned += i64::from(eligibility == Eligibility::Warning);
            let codes: Vec<&str> = row.findings.split(';').filter(|code| !code.is_empty()).collect();
            codes.iter().for_each(|code| *sums.findings.entry((*code).to_owned()).or_default() += 1);
            sums.zones.extend(Some(row.zone.clone()).filter(|code| !code.is_empty()));
            sums.products.extend(Some(row.product.clone()).filter(|code| !code.is_empty()));
            if eligibility != Eligibility::Blocked {
                sums.eligible += 1;
                let goes = texts.iter().filter(|step| step.sends_in(&row.language) && !is_lost(&step.channel(), &codes));
                sums.cost = sums.cost + estimate(&goes.map(StepTexts::channel).collect::<Vec<_>>());
            }
        }
        sums
    }
}

/// Whether one of these findings takes the channel away.
fn is_lost(of: &Channel, codes: &[&str]) -> bool {
    let found = |lost: &[PreflightCode]| lost.iter().any(|code| codes.contains(&code.code()));
    use PreflightCode::*;
    match of {
        Channel::Sms => found(&[NoMobile, VariableLength]),
        Channel::WhatsApp => found(&[NoMobile, NoOptIn]),
        Channel::Email => found(&[NoEmail]),
        _ => found(&[NoAddress, BadPin]),
    }
}

/// Codes as a record keeps them: `;WEST;`, empty for none.
pub fn joined(codes: &BTreeSet<String>) -> String {
    if codes.is_empty() { String::new() } else { format!(";{};", codes.iter().map(String::as_str).collect::<Vec<_>>().join(";")) }
}

/// A respondent as the list ought to have them.
#[derive(PartialEq, Eq)]
pub struct Entry {
    /// Name of the case.
    pub case: String,
    /// Name of the party.
    pub party: String,
    number: String,
    label: String,
    name: String,
    /// Which party of the case.
    pub seq: i64,
    language: String,
    state_name: String,
    pin3: String,
    eligibility: String,
    findings: String,
    block_reason: String,
    place: [String; 7],
    stopped: String,
}

impl Entry {
    /// As it was found.
    pub fn of(case: &CaseRecord, party: &PartyRecord, found: &Preflight) -> Self {
        Self {
            case: case.name.clone(),
            party: party.name.clone(),
            number: case.number().to_owned(),
            label: party.label(),
            name: party.party_name.chars().take(140).collect(),
            seq: party.seq,
            language: party.language().to_owned(),
            state_name: party.state_name.clone(),
            pin3: party.pin3(),
            eligibility: found.eligibility().code().to_owned(),
            findings: found.text(),
            block_reason: found.block_reason().map(|code| code.code().to_owned()).unwrap_or_default(),
            place: case.place().map(str::to_owned),
            stopped: String::new(),
        }
    }

    /// As it stands.
    pub fn stored(row: &RecipientNow) -> Self {
        let place = [&row.zone, &row.region, &row.branch, &row.product, &row.legal_owner, &row.collections_owner, &row.advocate];
        Self {
            case: row.case_ref.clone(),
            party: row.party.clone(),
            number: row.case_id.clone(),
            label: row.party_label.clone(),
            name: row.title_text.clone(),
            seq: row.party_seq,
            language: row.language.clone(),
            state_name: row.state_name.clone(),
            pin3: row.pin3.clone(),
            eligibility: row.eligibility.clone(),
            findings: row.findings.clone(),
            block_reason: row.block_reason.clone(),
            place: place.map(Clone::clone),
            stopped: row.stopped_reason.clone(),
        }
    }

    /// What of a respondent may differ from one time to the next.
    pub fn written(&self) -> Changes {
        let columns = ["zone", "region", "branch", "product", "legal_owner", "collections_owner", "advocate"].map(Column::new);
        let placed =
            columns.into_iter().zip(&self.place).fold(Changes::new(), |changes, (column, text)| changes.set(column, text.as_str()));
        let level = if self.eligibility == Eligibility::Blocked.code() { 1_i64 } else { 2 };
        placed
            .set(Column::new("case_id"), self.number.as_str())
            .set(Column::new("party_label"), self.label.as_str())
            .set(Column::new("title_text"), self.name.as_str())
            .set(column::LANGUAGE, self.language.as_str())
            .set(Column::new("state_name"), self.state_name.as_str())
            .set(Column::new("pin3"), self.pin3.as_str())
            .set(column::ELIGIBILITY, self.eligibility.as_str())
            .set(Column::new("findings"), self.findings.as_str())
            .set(Column::new("block_reason"), self.block_reason.as_str())
            .set(column::EVIDENCE, level)
            // What stopped it before stands among the findings now, or no longer does.
            .set(column::STOPPED, "")
            .set(column::CHANGED_BY, ACTOR)
    }
}
