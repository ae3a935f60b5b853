//! A finding of service by hand: what a document shows that no delivery told, said by one person with the document and approved by another.
//!
//! Owns which documents can show it and what stands in the cell afterwards. It must not know what the process makes of a cell: that
//! follows from it like from any other.

use super::{
    super::{
        Refusal, audit,
        columns::{Check, Date, record},
        file::party_label,
        keys::operation_of,
        rules, site_time,
    },
    effects::{due_next, to_do},
    requests::{self, ApprovalRecord, Asked, Said, not_second},
    step::{Happened, Step, values},
    subject::{HasName, ON, Subject},
    transition::Words,
};
use crate::{
    model::{
        Answered, ApprovalKind, AuditKind, Button, Cell, Day, Deed, ErrorCode, Fact, Field, FieldKind, Form, Inr, Permission,
        REASON_MAX_CHARS, Reading, Role, TaskKind, Term, Typed, needed_notice, status_of_service,
    },
    server::frappe::{Changes, Condition, Direction, Field as Column, PAGE_MAX, Record as _, Value},
};

/// Its word in the address.
pub const DEED: &str = "service-finding";
const ACTION: &str = "service.find";
const DECISION: &str = "decision";
const RETURN: &str = "return";
/// What can be found: code and words.
const FOUND: [(&str, &str); 3] = [("SERVED", "Served"), ("DEEMED_SERVED", "Deemed served"), ("UNSERVED", "Not served")];
/// By what: code and words.
const EVIDENCE: [(&str, &str); 4] = [
    ("HAND", "Handed over, and received"),
    ("COURT", "Served by a court, or on its order"),
    ("ACKNOWLEDGED", "Acknowledged by the party"),
    ("RETURN_REMARK", "The remark on what came back"),
];
/// Kinds of document that can show it.
const PAPERS: [&str; 7] = ["POD", "CERTIFICATE", "EVIDENCE_PACK", "CORRESPONDENCE", "ORDER", "DIRECTION", "OTHER"];

record! {
    /// A cell of the service matrix.
    struct CellState of "Case Service" {
        party: String,
        party_seq: i64,
        notice_type: String,
        round: i64,
        required: Check,
        state: String,
        served_on: Date,
        proof_doc: String,
        rule_text: String,
    }
}

record! {
    /// A document that may show it.
    struct ProofName of "Case Document" {
        doc_type: String,
        title: String,
    }
}

impl HasName for CellState {
    fn name(&self) -> &str {
        &self.name
    }
}

impl CellState {
    /// What it is of: `Notice under s. 21, R1`.
    fn of_what(&self) -> String {
        let role = if self.party_seq == 1 { "CLAIMANT" } else { "" };
        let round = if self.round > 1 { format!(", round {}", self.round) } else { String::new() };
        format!("{}, {}{round}", Term::of(self.notice_type.as_str()).label, party_label(role, self.party_seq))
    }

    fn values(&self) -> Vec<(String, String)> {
        let day = self.served_on.day().map(Day::iso).unwrap_or_default();
        let values = [("state", self.state.clone()), ("served_on", day), ("proof_doc", self.proof_doc.clone())];
        values.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
    }
}

/// Whether it is offered in a case: to who says it. Who decides finds it among what waits.
pub fn deed(subject: &Subject) -> Option<Deed> {
    let may = subject.grant.principal.role == Role::LegalManager && subject.case.stage != "S90";
    may.then(|| Deed {
        label: "Record a finding of service".to_owned(),
        href: Some(format!("{}/do/{DEED}", subject.address())),
        why: Vec::new(),
    })
}

/// What answering the form would be.
enum Next {
    Ask { cells: Vec<CellState>, papers: Vec<(String, String)> },
    Decide(Box<Waiting>),
    Nothing(String),
}

/// A finding that waits for this person.
struct Waiting {
    cell: CellState,
    revision: crate::server::frappe::Revision,
    request: ApprovalRecord,
    said: Said,
    paper: String,
}

async fn next(subject: &Subject, on: &str) -> Result<Next, Refusal> {
    let head = subject.grant.principal.role == Role::LegalHead;
    if !on.is_empty() {
        let (cell, revision) = subject.one::<CellState>(on).await?;
        if let Some(request) = requests::waiting_on(subject, ApprovalKind::ServiceFinding.code(), &cell.name).await? {
            if !head {
                return Ok(Next::Nothing(format!("{} has asked for a finding on this: a legal head decides.", request.submitted_by)));
            }
            if let Some(why_not) = not_second(subject, &[&request.submitted_by]).await? {
                return Ok(Next::Nothing(why_not));
            }
            let said = Said::decode(&request.diff);
            let named = said.said.iter().find(|(name, _)| name == "proof").map(|(_, value)| value.clone()).unwrap_or_default();
            let paper = papers(subject).await?.into_iter().find(|(name, _)| *name == named).map(|(_, words)| words).unwrap_or_default();
            return Ok(Next::Decide(Box::new(Waiting { cell, revision, request, said, paper })));
        }
    }
    if head {
        return Ok(Next::Nothing("Nothing waits for you on this. A legal manager records a finding; you decide on it.".to_owned()));
    }
    if subject.case.stage == "S90" {
        return Ok(Next::Nothing("The case is closed.".to_owned()));
    }
    let cells = subject.of_case::<CellState>().order_by(Column::new("notice_type"), Direction::Ascending);
    let cells = subject.client.list(&cells.order_by(Column::new("party_seq"), Direction::Ascending).page(0, PAGE_MAX)).await?.rows;
    if cells.is_empty() {
        return Ok(Next::Nothing("No notice of this case is due or sent.".to_owned()));
    }
    Ok(Next::Ask { cells, papers: papers(subject).await? })
}

async fn papers(subject: &Subject) -> Result<Vec<(String, String)>, Refusal> {
    let papers = subject.of_case::<ProofName>().filter(Condition::eq(Column::new("is_latest"), true));
    let papers = papers.filter(Condition::eq(Column::new("state"), "STORED")).filter(Condition::one_of(Column::new("doc_type"), PAPERS));
    let rows = subject.client.list(&papers.page(0, PAGE_MAX)).await?.rows;
    Ok(rows.into_iter().map(|row| (row.name, format!("{}: {}", Term::of(row.doc_type).label, row.title))).collect())
}

/// The form.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for a cell of another case.
pub async fn ask(case: &str, on: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::FindService).await?;
    let next = next(&subject, on).await?;
    Ok(form(&subject, &next, on, None))
}

fn form(subject: &Subject, next: &Next, on: &str, typed: Option<&Typed>) -> Form {
    let mut form = subject.form(DEED, "A finding of service", typed);
    form.back = (format!("{}/service", subject.address()), "Back to the case’s service".to_owned());
    let pick =
        |choices: &[(&str, &str)]| FieldKind::Pick(choices.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned())).collect());
    match next {
        Next::Ask { cells, papers } => {
            let choice = |cell: &CellState| (cell.name.clone(), format!("{}: {}", cell.of_what(), Term::of(cell.state.as_str()).label));
            let none = if papers.is_empty() { "None is on file: upload it on the case’s documents first." } else { "" };
            form.lead = vec!["For what no delivery tells. A legal head decides: until then the cell stays as it is.".to_owned()];
            form.fields = vec![
                Field::new(ON, "Which notice, to whom", FieldKind::Choice(cells.iter().map(choice).collect())).value(on),
                Field::new("found", "What is found", pick(&FOUND)),
                Field::new("served_on", "Day of service", FieldKind::Day { min: None, max: Some(site_time::today(&subject.site.tenant)) })
                    .optional()
                    .help("Unless it is not served."),
                Field::new("evidence", "By what", pick(&EVIDENCE)),
                Field::new("proof", "Document that shows it", FieldKind::Choice(papers.clone())).help(none),
                Field::new("reason", "Why", FieldKind::Text { max: REASON_MAX_CHARS }).help("What the document shows, in your words."),
            ];
            form.submit = "Ask for approval".to_owned();
        }
        Next::Decide(waiting) => {
            let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::text(text), formula: None };
            let of = |name: &str| waiting.said.said.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
            let words = |choices: &[(&str, &str)], code: &str| {
                choices.iter().find(|(known, _)| *known == code).map_or_else(|| code.to_owned(), |(_, words)| (*words).to_owned())
            };
            let proof = Cell::text(waiting.paper.as_str()).to(format!("{}/documents?doc={}", subject.address(), of("proof")));
            let stands = Cell::text(Term::of(waiting.cell.state.as_str()).label);
            let stands = stands.some_line(Some(waiting.cell.rule_text.clone()).filter(|clause| !clause.is_empty()));
            form.facts = vec![
                fact("Notice and party", waiting.cell.of_what()),
                Fact { label: "Stands at".to_owned(), cell: stands, formula: None },
                fact("Found", words(&FOUND, of("found"))),
                fact("Day of service", Day::parse(of("served_on")).map_or_else(|| "—".to_owned(), Day::long)),
                fact("By what", words(&EVIDENCE, of("evidence"))),
                Fact { label: "Document".to_owned(), cell: proof, formula: None },
                fact("Because", of("reason").to_owned()),
                fact("Submitted by", waiting.request.submitted_by.clone()),
            ];
            form.hidden.push((ON, waiting.cell.name.clone()));
            form.fields = vec![Field::new("reason", "If not: why", FieldKind::Text { max: REASON_MAX_CHARS }).optional()];
            form.submit = "Approve the finding".to_owned();
            form.others = vec![Button { name: DECISION, value: RETURN.to_owned(), words: "Return, with this reason".to_owned() }];
        }
        Next::Nothing(why) => {
            form.lead = vec![why.clone()];
            form.action = String::new();
        }
    }
    form
}

/// Asks for it, or decides on it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::FindService).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let on = typed.text(ON);
    let next = next(&subject, on).await?;
    let asked = form(&subject, &next, on, Some(typed));
    if asked.action.is_empty() {
        let entry = audit::Entry::new(AuditKind::Denied, ACTION).object(CellState::DOCTYPE, on);
        audit::note(entry.case(&subject.id).reason("FOUR_EYES"));
        return Ok(Answered::Again(asked.again(typed, &[])));
    }
    let refusing = matches!(next, Next::Decide(_)) && typed.text(DECISION) == RETURN;
    let mut reading = Reading::of(typed);
    let mut said = Vec::new();
    if matches!(next, Next::Ask { .. }) {
        let today = site_time::today(&subject.site.tenant);
        for field in asked.fields.iter().filter(|field| field.name != "reason") {
            let value = match &field.kind {
                FieldKind::Choice(choices) | FieldKind::Pick(choices) => {
                    let known = choices.iter().map(|(code, _)| (code.clone(), code.clone()));
                    reading.required(field.name, |reading| reading.some_choice(field.name, known))
                }
                _ => reading.some_day(field.name, None, Some(today)).map(Day::iso).unwrap_or_default(),
            };
            said.push((field.name.to_owned(), value));
        }
        let (found, day) = (typed.text("found"), typed.text("served_on"));
        match (found, day.is_empty()) {
            ("UNSERVED", false) => reading.refuse("served_on", "What is not served has no day. Leave this empty."),
            ("SERVED" | "DEEMED_SERVED", true) => reading.refuse("served_on", "required"),
            _ => {}
        }
    }
    if matches!(next, Next::Ask { .. }) || refusing {
        said.push(("reason".to_owned(), reading.reason("reason")));
    }
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(asked.again(typed, &problems)));
    }
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(asked, typed).await?));
    }
    match next {
        Next::Ask { cells, .. } => {
            let cell = cells.into_iter().find(|cell| cell.name == on).ok_or(ErrorCode::NotFound)?;
            ask_for(&subject, operation, &cell, said).await?;
        }
        Next::Decide(waiting) if refusing => {
            let reason = said.pop().map(|(_, reason)| reason).unwrap_or_default();
            end(&subject, operation, &waiting, "RETURNED", &reason).await?;
        }
        Next::Decide(waiting) if waiting.said.values != waiting.cell.values() || waiting.request.submit_hash != waiting.said.hash() => {
            end(&subject, operation, &waiting, "VOID", "").await?;
            let mut form = asked;
            form.action = String::new();
            form.notice
                .push("The cell has changed since this was asked for: the request is void. Ask for it to be submitted again.".to_owned());
            return Ok(Answered::Changed(form));
        }
        Next::Decide(waiting) => find(&subject, operation, &waiting).await?,
        Next::Nothing(_) => {}
    }
    Ok(Answered::Done { lead_to: format!("{}/service", subject.address()) })
}

fn happened(cell: &CellState, told: &str, note: &str, states: Option<(String, String)>) -> Happened {
    Happened {
        kind: "SERVICE",
        transition: 0,
        title: format!("{}: {told}", cell.of_what()),
        note: note.to_owned(),
        states,
        stages: None,
        source: (CellState::DOCTYPE, cell.name.clone()),
    }
}

async fn ask_for(subject: &Subject, operation: String, cell: &CellState, said: Vec<(String, String)>) -> Result<(), Refusal> {
    let of = |name: &str| said.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default();
    let (found, reason) = (of("found"), of("reason"));
    let recorded = values([("cell", &cell.name, cell.name.clone()), ("state", &cell.state, found)]);
    let mut step = Step::begin(subject, operation, AuditKind::Change, ACTION, &reason, recorded).await?;
    step.happened(happened(cell, "a finding is asked for", &reason, None)).await?;
    let title = format!("Service finding: {}, {}", cell.of_what(), subject.case.number());
    let asked = Asked { kind: ApprovalKind::ServiceFinding.code(), object: (CellState::DOCTYPE, &cell.name), title, amount: Inr::ZERO };
    let said = Said { action: DEED.to_owned(), said, values: cell.values(), before: Vec::new() };
    requests::keep(subject, &mut step, asked, &said).await?;
    step.set_task_about(to_do(subject, Role::LegalHead, &TaskKind::Approve, ""), (CellState::DOCTYPE, &cell.name)).await?;
    step.case(due_next(subject, Changes::new()).await?).await
}

async fn end(subject: &Subject, operation: String, waiting: &Waiting, state: &'static str, reason: &str) -> Result<(), Refusal> {
    let cell = &waiting.cell;
    let recorded = values([("cell", &cell.name, cell.name.clone()), ("approval", "PENDING", state.to_owned())]);
    let mut step = Step::begin(subject, operation, AuditKind::Approval, ACTION, reason, recorded).await?;
    step.happened(happened(cell, "the finding was not approved", reason, None)).await?;
    let words = [("reason_code", "OTHER"), ("comment", reason)].map(|(name, value)| (name.to_owned(), value.to_owned()));
    requests::decide(subject, &step, &waiting.request, state, &Words { said: words.to_vec() }).await?;
    step.done_about(&cell.name).await?;
    step.case(due_next(subject, Changes::new()).await?).await
}

async fn find(subject: &Subject, operation: String, waiting: &Waiting) -> Result<(), Refusal> {
    let Waiting { cell, revision, request, said, .. } = waiting;
    let of = |name: &str| said.said.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let (found, evidence) = (of("found"), of("evidence"));
    let day = Day::parse(of("served_on"));
    let today = site_time::today(&subject.site.tenant);
    let rule = rules::in_force_on(&subject.client, &subject.site, &cell.notice_type, day.unwrap_or(today)).await?;
    let by = EVIDENCE.iter().find(|(code, _)| *code == evidence).map_or(evidence, |(_, words)| *words);
    let served = found != "UNSERVED";
    let recorded = values([("cell", &cell.name, cell.name.clone()), ("state", &cell.state, found.to_owned())]);
    let mut step = Step::begin(subject, operation, AuditKind::Approval, ACTION, of("reason"), recorded).await?;
    let words = FOUND.iter().find(|(code, _)| *code == found).map_or(found, |(_, words)| *words);
    let states = Some((cell.state.clone(), found.to_owned()));
    step.happened(happened(cell, &format!("{} by hand", words.to_lowercase()), of("reason"), states)).await?;
    requests::decide(subject, &step, request, "APPROVED", &Words::default()).await?;
    let month = day.map(|day| day.iso().chars().take(7).collect::<String>()).unwrap_or_default();
    let changes = Changes::new()
        .set(Column::new("state"), found)
        .set(Column::new("counts_served"), served)
        .set(Column::new("served_on"), day.map_or(Value::Nothing, Value::Day))
        .set(Column::new("served_month"), month)
        // No delivery decided it.
        .set(Column::new("best_delivery"), Value::Nothing)
        .set(Column::new("best_channel"), if evidence == "HAND" { "HAND" } else { "" })
        .set(Column::new("evidence_kind"), evidence)
        .set(Column::new("proof_doc"), of("proof"))
        .set(Column::new("rule"), rule.map_or(Value::Nothing, Value::Text))
        .set(Column::new("rule_text"), format!("Found by hand: {}", by.to_lowercase()))
        .set(Column::new("decided_by"), request.submitted_by.as_str())
        .set(Column::new("approval"), request.name.as_str());
    step.change::<CellState>(&cell.name, revision, changes).await?;
    step.done_about(&cell.name).await?;
    let changes = due_next(subject, Changes::new()).await?;
    step.case(status(subject, changes).await?).await
}

/// What the cells of the notice that the stage waits for make of the case.
async fn status(subject: &Subject, changes: Changes) -> Result<Changes, Refusal> {
    let Some(notice) = needed_notice(&subject.case.stage) else { return Ok(changes) };
    let cells = subject.of_case::<CellState>().filter(Condition::eq(Column::new("notice_type"), notice));
    let mut cells = subject.client.list(&cells.page(0, PAGE_MAX)).await?.rows;
    // Of each party its latest round.
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.round));
    let mut parties = std::collections::HashSet::new();
    cells.retain(|cell| cell.required.0 && parties.insert(cell.party.clone()));
    let status = status_of_service(cells.iter().map(|cell| cell.state.as_str()));
    Ok(changes.set(Column::new("service_status"), status).set(Column::new("fully_served"), status == "FULLY_SERVED"))
}
