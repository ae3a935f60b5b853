//! Revealing one masked value of a case's party.
//!
//! Owns the order: role, case within the person's rows, kind within the role, record, value. It must not let the value go
//! anywhere but into the answer.

use serde::Deserialize;
use serde_json::json;

use super::wire::column;
use crate::{
    model::{AuditKind, CaseId, ErrorCode, MaskedParticular, ParticularId, ParticularKind, Permission, UnmaskReason, Unmasked},
    server::{
        casework::{
            Refusal, audit,
            columns::{record, some_text},
            file::party_label,
        },
        context::authorise,
        frappe::{Client, Condition, Field, Query, Record, RowScope},
    },
};

/// After so long the browser hides the value again (`records.md` §3.9).
const HIDE_AFTER_S: u32 = 60;

record! {
    /// A particular as it is shown masked.
    struct Masked of "Party Particular" {
        case_ref: String,
        party: String,
        kind: String,
        value_masked: String,
    }
}

record! {
    /// Whose it is.
    struct Party of "Case Party" {
        seq: i64,
        party_role: String,
    }
    names { party_name, name_full, }
}

/// A particular whole: read alone, and only here.
#[derive(Deserialize)]
struct Whole {
    institution: String,
    case_ref: String,
    kind: String,
    value_text: String,
}

impl Record for Whole {
    const DOCTYPE: &'static str = Masked::DOCTYPE;
    const FIELDS: &'static [&'static str] = &["name", "institution", "case_ref", "kind", "value_text"];

    fn institution(&self) -> &str {
        &self.institution
    }
}

/// A particular that the person may reveal, as it is shown until then: what the reason is asked for.
///
/// # Errors
/// [`ErrorCode::Forbidden`] where the role may not reveal this kind, [`ErrorCode::NotFound`] where the case is none of the person's or the
/// particular none of the case's.
pub async fn masked(case: &str, particular: &str) -> Result<MaskedParticular, Refusal> {
    Ok(within_reach(case, particular).await?.2)
}

/// The whole value of a particular, after it was recorded who asked for it and why.
///
/// # Errors
/// As [`masked`]; whatever keeps the record from being written keeps the value back.
pub async fn unmask(case: &str, particular: &str, reason: &UnmaskReason) -> Result<Unmasked, Refusal> {
    let (client, party, of) = within_reach(case, particular).await?;
    let what = json!({"kind": of.kind.code(), "party": party, "value_masked": of.masked});
    let entry = entry(AuditKind::Unmask, &of.id, &of.case).reason(reason.code()).because(reason.words());
    audit::record(entry.values(None, Some(what))).await?;
    let whole: Whole = client.get(of.id.as_str()).await?;
    if whole.case_ref != of.case.as_str() || whole.kind != of.kind.code() {
        return Err(ErrorCode::Conflict.into());
    }
    Ok(Unmasked { of, value: whole.value_text, hide_after_s: HIDE_AFTER_S })
}

fn entry(kind: AuditKind, particular: &ParticularId, case: &CaseId) -> audit::Entry {
    audit::Entry::new(kind, Permission::Unmask.code()).object(Masked::DOCTYPE, particular.as_str()).case(case)
}

/// The particular, with its party's name upstream, after everything was asked that may keep it from this person.
async fn within_reach(case: &str, particular: &str) -> Result<(Client, String, MaskedParticular), Refusal> {
    let grant = authorise(Permission::Unmask)?;
    let case = CaseId::parse(case).ok_or(ErrorCode::NotFound)?;
    let id = ParticularId::parse(particular).ok_or(ErrorCode::NotFound)?;
    let client = Client::current()?;
    let number = super::find(&client, &grant, &case).await?.number();
    // The case has been checked against the person's rows; the particular is read as part of that case, and so is its party.
    let found = one::<Masked>(&client, &case, id.as_str()).await?;
    let found = found.filter(|row| row.name == id.as_str() && row.case_ref == case.as_str()).ok_or(ErrorCode::NotFound)?;
    let kind = ParticularKind::from(found.kind);
    if !grant.principal.role.unmasks(&kind) {
        audit::note(entry(AuditKind::Denied, &id, &case).reason("KIND"));
        return Err(ErrorCode::Forbidden.into());
    }
    let party = one::<Party>(&client, &case, &found.party).await?.map(Party::in_words).unwrap_or_default();
    Ok((client, found.party, MaskedParticular { id, case, number, party, kind, masked: found.value_masked }))
}

async fn one<R: Record>(client: &Client, case: &CaseId, name: &str) -> Result<Option<R>, Refusal> {
    let of_case = Query::<R>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("case_ref"), case.as_str()));
    Ok(client.list(&of_case.filter(Condition::eq(column::NAME, name)).page(0, 1)).await?.rows.pop())
}

impl Party {
    /// `R1 Ramesh Kumar`: every role that reveals anything sees names.
    fn in_words(self) -> String {
        let label = party_label(&self.party_role, self.seq);
        match some_text(self.name_full).or_else(|| some_text(self.party_name)) {
            Some(name) => format!("{label} {name}"),
            None => label,
        }
    }
}
