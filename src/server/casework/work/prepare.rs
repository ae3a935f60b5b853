//! What a hearing needs before it: a short list, each item ticked by whoever saw to it. It must not know what comes of the hearing.

use serde_json::{Map, Value as Json, json};

use super::{
    super::{
        Refusal,
        columns::{Check, LocalTime, record, some_text},
        keys::{REVISION, operation_of},
    },
    step::{Happened, Step, values},
    subject::{ON, Subject},
};
use crate::{
    model::{Answered, AuditKind, Cell, ErrorCode, Fact, Field, FieldKind, Form, Permission, Typed},
    server::frappe::{Changes, Field as Column, Record as _, Revision, Value},
};

/// Its word in the address.
pub const DEED: &str = "prepare-hearing";

/// What a hearing needs: name and words.
const ITEMS: [(&str, &str); 5] = [
    ("notice_served", "The notice of the hearing is served on every respondent"),
    ("bundle_ready", "The bundle is complete and paged"),
    ("dues_current", "A statement of dues as of this week is on file"),
    ("advocate_briefed", "The advocate is briefed and has the authority to appear"),
    ("way_tried", "The address to join by, or the way to the place, has been tried"),
];

record! {
    /// A hearing, as far as preparing it goes.
    struct HearingState of "Case Hearing" {
        seq: i64,
        purpose: String,
        starts_at: LocalTime,
        status: String,
        prepared: Check,
        checklist: Json,
    }
}

impl HearingState {
    /// Who ticked what. The upstream answers with the text of a JSON.
    fn ticked(&self) -> Map<String, Json> {
        match &self.checklist {
            Json::Object(items) => items.clone(),
            Json::String(text) => serde_json::from_str(text).unwrap_or_default(),
            _ => Map::new(),
        }
    }
}

/// Asks what is done.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for a hearing of another case.
pub async fn ask(case: &str, hearing: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::Prepare).await?;
    let (hearing, revision) = subject.one::<HearingState>(hearing).await?;
    Ok(form(&subject, &hearing, &revision, None))
}

fn form(subject: &Subject, hearing: &HearingState, revision: &Revision, typed: Option<&Typed>) -> Form {
    let mut form = subject.form(DEED, "Prepare a hearing", typed);
    let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::some(some_text(text)), formula: None };
    // What may have changed is the hearing: the case is not touched.
    form.hidden.retain(|(name, _)| *name != REVISION);
    form.hidden.extend([(REVISION, revision.0.clone()), (ON, hearing.name.clone())]);
    form.back = (format!("{}/hearings", subject.address()), "Back to the hearings".to_owned());
    form.facts = vec![
        fact("Hearing", format!("{}. {}", hearing.seq, hearing.purpose)),
        fact("When", hearing.starts_at.instant(&subject.site).map(|start| start.long()).unwrap_or_default()),
    ];
    if hearing.status != "SCHEDULED" {
        form.lead = vec!["This hearing is no longer to come.".to_owned()];
        form.action = String::new();
        return form;
    }
    let ticked = hearing.ticked();
    form.lead = vec!["With every item ticked the hearing counts as prepared.".to_owned()];
    let item = |(name, words): (&'static str, &str)| {
        let by = ticked.get(name).and_then(|item| item["by"].as_str());
        let help = by.map(|by| format!("Ticked by {by}.")).unwrap_or_default();
        Field::new(name, words, FieldKind::Check).optional().value(if by.is_some() { "1" } else { "" }).help(help)
    };
    form.fields = ITEMS.map(item).to_vec();
    form.submit = "Keep the list".to_owned();
    form
}

/// Keeps the list.
///
/// # Errors
/// As [`ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Prepare).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (hearing, revision) = subject.one::<HearingState>(typed.text(ON)).await?;
    let empty = form(&subject, &hearing, &revision, Some(typed));
    if empty.action.is_empty() {
        return Ok(Answered::Again(empty));
    }
    if typed.text(REVISION) != revision.0 {
        return Ok(Answered::Changed(subject.changed(empty, typed).await?));
    }
    let before = hearing.ticked();
    let user = subject.grant.principal.user_id.as_str();
    // Whoever ticked an item first stays beside it.
    let kept = |name: &str| before.get(name).cloned().unwrap_or_else(|| json!({"by": user}));
    let ticked = ITEMS.iter().filter(|(name, _)| !typed.text(name).is_empty());
    let after: Map<String, Json> = ticked.map(|(name, _)| ((*name).to_owned(), kept(name))).collect();
    let prepared = after.len() == ITEMS.len();
    let said = values([("ticked", &before.len().to_string(), after.len().to_string())]);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "hearing.prepare", "", said).await?;
    if prepared && !hearing.prepared.0 {
        step.happened(Happened {
            kind: "HEARING",
            transition: 0,
            title: format!("Hearing {} prepared", hearing.seq),
            note: String::new(),
            states: None,
            stages: None,
            source: (HearingState::DOCTYPE, hearing.name.clone()),
        })
        .await?;
        step.done("PREPARE_HEARING", "DONE").await?;
    }
    let changes =
        Changes::new().set(Column::new("checklist"), Value::Text(Json::Object(after).to_string())).set(Column::new("prepared"), prepared);
    step.change::<HearingState>(&hearing.name, &revision, changes).await?;
    Ok(Answered::Done { lead_to: format!("{}/hearings", subject.address()) })
}
