//! Hearings: of one case, and of the days of a whole portfolio.

use super::columns::{Check, LocalTime, Site, record, some_text};
use crate::model::{HearingRow, Permission, Role, Term};

record! {
    /// A hearing as Frappe writes it.
    pub struct HearingRecord of "Case Hearing" {
        case_ref: String,
        case_id: String,
        seq: i64,
        hearing_type: String,
        purpose: String,
        starts_at: LocalTime,
        minutes: i64,
        mode: String,
        room_url: String,
        place_text: String,
        arbitrator_name: String,
        status: String,
        outcome: String,
        reported_outcome: String,
        adjourned_by: String,
        adjourned_reason: String,
        prepared: Check,
        confirmed: Check,
        made_by: String,
    }
    names { title_text, }
}

/// Whether the institution scheduled it itself and the registry has not confirmed it: then it is the institution's to move and cancel.
pub fn is_ours(made_by: &str, confirmed: bool) -> bool {
    !confirmed && !made_by.is_empty() && !made_by.starts_with("upstream:")
}

/// With the ways to what may be done with it: to report what came of it for who may, once it has begun and until the registry has
/// recorded it; before, to prepare it, and to move or cancel one that the institution scheduled itself.
pub fn reported_by(role: Role, mut row: HearingRow) -> HearingRow {
    let begun = row.starts_at.is_some_and(|start| start.unix_s <= jiff::Timestamp::now().as_second());
    let open = begun && row.outcome.is_none() && row.status.code == "SCHEDULED";
    let to_come = !begun && row.status.code == "SCHEDULED";
    let to = |word: &str| format!("/cases/{}/do/{word}?on={}", row.case, row.id);
    let changes = row.changes.is_some() && to_come && role.allows(Permission::Schedule);
    let prepare = (to_come && role.allows(Permission::Prepare)).then(|| to("prepare-hearing"));
    row.changes = changes.then(|| (to("move-hearing"), to("cancel-hearing")));
    row.prepare = prepare;
    row.report = (open && role.allows(Permission::ReportOutcome)).then(|| format!("/cases/{}/do/report-outcome?on={}", row.case, row.id));
    row
}

impl HearingRecord {
    /// The hearing in the model's terms.
    pub fn into_row(self, site: &Site) -> HearingRow {
        let adjourned = Term::of_some(&self.adjourned_by).map(|by| match Term::of_some(&self.adjourned_reason) {
            Some(reason) => format!("By {}: {}", by.label.to_lowercase(), reason.label.to_lowercase()),
            None => format!("By {}", by.label.to_lowercase()),
        });
        HearingRow {
            id: self.name,
            case: self.case_ref,
            number: self.case_id,
            respondent: some_text(self.title_text),
            seq: u32::try_from(self.seq).unwrap_or(0),
            kind: Term::of(self.hearing_type),
            purpose: self.purpose,
            starts_at: self.starts_at.instant(site),
            minutes: u32::try_from(self.minutes).unwrap_or(0),
            mode: Term::of(self.mode),
            // Nothing but https is ever made a link: the text comes from outside.
            room: some_text(self.room_url).filter(|address| address.starts_with("https://")),
            place: some_text(self.place_text),
            arbitrator: self.arbitrator_name,
            status: Term::of(self.status),
            outcome: Term::of_some(&self.outcome),
            reported: Term::of_some(&self.reported_outcome),
            adjourned,
            prepared: self.prepared.0,
            report: None,
            prepare: None,
            // Where they lead depends on who asks.
            changes: is_ours(&self.made_by, self.confirmed.0).then(Default::default),
        }
    }
}
