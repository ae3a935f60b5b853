//! The audit trail, in words.

use crate::model::{AuditPage, AuditQuery, AuditReach, AuditResult, AuditRow, CaseId, Cell, Role, Sheet, TimeCursor, Tone};

/// A page of the trail, newest first.
pub fn trail(page: AuditPage, query: &AuditQuery) -> Sheet {
    let headings = ["When", "Who", "What", "Of what", "Result", "Reference"];
    let sheet = Sheet::new("Audit trail", "Nothing is recorded for this", &headings);
    let remark = Some(format!("Newest first. As of {}.", page.as_of.long()));
    let next = page.after.map(|after| query.href(&after));
    let file = page.exportable.then(|| query.file());
    Sheet { remark, next, file, ..sheet.with(page.rows.into_iter().map(record)) }
}

/// A page of what was done in this case, as far as the role may know.
pub fn of_case(page: AuditPage, reach: AuditReach, case: &str) -> Sheet {
    let next = page.after.as_deref().and_then(TimeCursor::parse).map(|after| after.href_after(&format!("/cases/{case}/audit")));
    let sheet = trail(page, &AuditQuery { case: CaseId::parse(case), ..AuditQuery::default() });
    let part = match reach {
        AuditReach::Own => Some("Of what was done in this case your role shows what you did yourself."),
        AuditReach::Administration => Some("Your role shows signing in and configuration, which belong to no case."),
        AuditReach::Nothing | AuditReach::All | AuditReach::AllWithAddresses => None,
    };
    let remark = sheet.remark.into_iter().chain(part.map(str::to_owned)).collect::<Vec<_>>().join(" ");
    Sheet { next, remark: Some(remark), ..sheet }
}

fn record(row: AuditRow) -> Vec<Cell> {
    let said = |text: String| (!text.is_empty()).then_some(text);
    let what = Cell::text(row.kind.label()).line(row.action).some_line(said(row.reason_text)).some_line(said(row.reason_code));
    let object = if row.object_name.is_empty() { row.object_type } else { format!("{} {}", row.object_type, row.object_name) };
    let object = Cell::some(said(object)).some_line((row.row_total > 0).then(|| format!("{} rows", row.row_total)));
    let object = match row.case {
        Some(case) => Cell { tone: Tone::Plain, ..object }.to(format!("/cases/{}", case.as_str())),
        None => object,
    };
    let tone = if row.result == AuditResult::Ok { Tone::Good } else { Tone::Bad };
    let result = Cell::text(row.result.label()).meant(tone);
    let role = Role::from_code(&row.actor_role).map(|role| role.label().to_owned());
    let who = Cell::text(row.actor).some_line(role.or_else(|| said(row.actor_role)));
    vec![Cell::text(row.at.exact()), who, what, object, result, Cell::text(row.request_id).some_line(row.ip_address)]
}
