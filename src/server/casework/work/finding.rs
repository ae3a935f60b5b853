//! A finding of service by hand: what a document shows that no delivery told, said by one person with the document and approved by another.
//!
//! Owns which documents can show it and what stands in the cell afterwards. It must not know what the process makes of a cell: that
//! follows from it like from any other.

use super::{
    super::{
        Refusal,
        columns::{Check, Date, Named, record},
        file::party_label,
        rules,
        second::fact,
        site_time,
    },
    by_two::{ByTwo, Next, Waiting, reason},
    effects::{due_next, to_do},
    requests::Said,
    step::{Step, ToDo},
    subject::{ON, Subject},
};
use crate::{
    model::{
        ApprovalKind, Cell, Day, Deed, Fact, Field, FieldKind, Form, Inr, Permission, Reading, Role, TaskKind, Term, Typed, needed_notice,
        status_of_service,
    },
    server::frappe::{Changes, Condition, Direction, Field as Column, PAGE_MAX, Value},
};

/// Its word in the address.
pub const DEED: &str = "service-finding";
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
    pub struct CellState of "Case Service" {
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

impl CellState {
    /// What it is of: `Notice under s. 21, R1`.
    fn of_what(&self) -> String {
        let role = if self.party_seq == 1 { "CLAIMANT" } else { "" };
        let round = if self.round > 1 { format!(", round {}", self.round) } else { String::new() };
        format!("{}, {}{round}", Term::of(self.notice_type.as_str()).label, party_label(role, self.party_seq))
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

/// Documents that can show it: name and words.
async fn papers(subject: &Subject) -> Result<Vec<(String, String)>, Refusal> {
    let papers = subject.of_case::<ProofName>().filter(Condition::eq(Column::new("is_latest"), true));
    let papers = papers.filter(Condition::eq(Column::new("state"), "STORED")).filter(Condition::one_of(Column::new("doc_type"), PAPERS));
    let rows = subject.client.list(&papers.page(0, PAGE_MAX)).await?.rows;
    Ok(rows.into_iter().map(|row| (row.name, format!("{}: {}", Term::of(row.doc_type).label, row.title))).collect())
}

fn words(choices: &[(&'static str, &'static str)], code: &str) -> String {
    choices.iter().find(|(known, _)| *known == code).map_or(code, |(_, words)| words).to_owned()
}

/// What is asked.
fn asked(cells: &[CellState], papers: Vec<(String, String)>, on: &str, today: Day) -> Vec<Field> {
    let pick =
        |choices: &[(&str, &str)]| FieldKind::Pick(choices.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned())).collect());
    let choice = |cell: &CellState| (cell.name.clone(), format!("{}: {}", cell.of_what(), Term::of(cell.state.as_str()).label));
    let none = if papers.is_empty() { "None is on file: upload it on the case’s documents first." } else { "" };
    vec![
        Field::new(ON, "Which notice, to whom", FieldKind::Choice(cells.iter().map(choice).collect())).value(on),
        Field::new("found", "What is found", pick(&FOUND)),
        Field::new("served_on", "Day of service", FieldKind::Day { min: None, max: Some(today) })
            .optional()
            .help("Unless it is not served."),
        Field::new("evidence", "By what", pick(&EVIDENCE)),
        Field::new("proof", "Document that shows it", FieldKind::Choice(papers)).help(none),
        reason("Why").help("What the document shows, in your words."),
    ]
}

/// What was asked for, for who decides.
fn shown(subject: &Subject, cell: &CellState, waiting: &Waiting, papers: &[(String, String)]) -> Vec<Fact> {
    let of = |name: &str| waiting.said.of(name);
    let paper = papers.iter().find(|(name, _)| name == of("proof")).map_or("", |(_, words)| words);
    let proof = Cell::text(paper).to(format!("{}/documents?doc={}", subject.address(), of("proof")));
    let stands = Cell::text(Term::of(cell.state.as_str()).label);
    let stands = stands.some_line(Some(cell.rule_text.clone()).filter(|clause| !clause.is_empty()));
    vec![
        fact("Notice and party", cell.of_what()),
        Fact { label: "Stands at".to_owned(), cell: stands, formula: None },
        fact("Found", words(&FOUND, of("found"))),
        fact("Day of service", Day::parse(of("served_on")).map_or_else(|| "—".to_owned(), Day::long)),
        fact("By what", words(&EVIDENCE, of("evidence"))),
        Fact { label: "Document".to_owned(), cell: proof, formula: None },
        fact("Because", of("reason")),
        fact("Submitted by", waiting.by()),
    ]
}

impl ByTwo for CellState {
    const DEED: &'static str = DEED;
    const HEADING: &'static str = "A finding of service";
    const PERMISSION: Permission = Permission::FindService;
    const TRAIL: (&'static str, &'static str) = ("service.find", "cell");
    const KIND: &'static ApprovalKind = &ApprovalKind::ServiceFinding;
    const EVENT: &'static str = "SERVICE";
    const TOLD: [&'static str; 3] = ["a finding is asked for", "the finding was not approved", "the finding was not approved"];
    const VOID: &'static str = "The cell has changed since this was asked for: the request is void. Ask for it to be submitted again.";
    const OF_CASE: bool = true;

    async fn next(subject: &Subject, on: Option<&Self>, form: &mut Form) -> Result<Next, Refusal> {
        form.back = (format!("{}/service", subject.address()), "Back to the case’s service".to_owned());
        let head = subject.grant.principal.role == Role::LegalHead;
        if let Some(cell) = on
            && let Some(waiting) = Waiting::on(subject, cell).await?
        {
            if !head {
                return Ok(Next::Nothing(format!("{} has asked for a finding on this: a legal head decides.", waiting.by())));
            }
            if let Some(why_not) = waiting.shut_to(subject, &[]).await? {
                return Ok(Next::Nothing(why_not));
            }
            form.facts = shown(subject, cell, &waiting, &papers(subject).await?);
            return Ok(waiting.decided(form, ["If not: why", "Approve the finding", "Return, with this reason"]));
        }
        if head {
            let why = "Nothing waits for you on this. A legal manager records a finding; you decide on it.";
            return Ok(Next::Nothing(why.to_owned()));
        }
        if subject.case.stage == "S90" {
            return Ok(Next::Nothing("The case is closed.".to_owned()));
        }
        let cells = subject.of_case::<Self>().order_by(Column::new("notice_type"), Direction::Ascending);
        let cells = subject.client.list(&cells.order_by(Column::new("party_seq"), Direction::Ascending).page(0, PAGE_MAX)).await?.rows;
        if cells.is_empty() {
            return Ok(Next::Nothing("No notice of this case is due or sent.".to_owned()));
        }
        let on = on.map_or("", Named::name);
        form.lead = vec!["For what no delivery tells. A legal head decides: until then the cell stays as it is.".to_owned()];
        form.fields = asked(&cells, papers(subject).await?, on, site_time::today(&subject.site.tenant));
        form.submit = "Ask for approval".to_owned();
        Ok(Next::Ask)
    }

    fn read(form: &Form, reading: &mut Reading<'_>, typed: &Typed) -> Vec<(String, String)> {
        let mut said = Vec::new();
        for field in &form.fields {
            let value = match &field.kind {
                FieldKind::Choice(choices) | FieldKind::Pick(choices) => {
                    let known = choices.iter().map(|(code, _)| (code.clone(), code.clone()));
                    reading.required(field.name, |reading| reading.some_choice(field.name, known))
                }
                FieldKind::Day { min, max } => reading.some_day(field.name, *min, *max).map(Day::iso).unwrap_or_default(),
                _ => continue,
            };
            said.push((field.name.to_owned(), value));
        }
        match (typed.text("found"), typed.text("served_on").is_empty()) {
            ("UNSERVED", false) => reading.refuse("served_on", "What is not served has no day. Leave this empty."),
            ("SERVED" | "DEEMED_SERVED", true) => reading.refuse("served_on", "required"),
            _ => {}
        }
        said
    }

    fn state(&self) -> &str {
        &self.state
    }

    fn submitted(&self) -> Vec<(&'static str, String)> {
        let day = self.served_on.day().map(Day::iso).unwrap_or_default();
        vec![("state", self.state.clone()), ("served_on", day), ("proof_doc", self.proof_doc.clone())]
    }

    fn title(&self, told: &str) -> String {
        format!("{}: {told}", self.of_what())
    }

    fn wish(&self, subject: &Subject) -> (String, Inr, ToDo) {
        let title = format!("Service finding: {}, {}", self.of_what(), subject.case.number());
        (title, Inr::ZERO, to_do(subject, Role::LegalHead, &TaskKind::Approve, ""))
    }

    fn asked(&self, said: &Said) -> (&'static str, String, String) {
        ("state", self.state.clone(), said.of("found").to_owned())
    }

    async fn done(&self, subject: &Subject, waiting: Option<&Waiting>, _: &str) -> Result<(String, String, Changes), Refusal> {
        let of = |name: &str| waiting.map_or("", |waiting| waiting.said.of(name));
        let (found, evidence, day) = (of("found"), of("evidence"), Day::parse(of("served_on")));
        let on = day.unwrap_or_else(|| site_time::today(&subject.site.tenant));
        let rule = rules::in_force_on(&subject.client, &subject.site, &self.notice_type, on).await?;
        let month = day.map(|day| day.iso().chars().take(7).collect::<String>()).unwrap_or_default();
        let changes = Changes::new()
            .set(Column::new("counts_served"), found != "UNSERVED")
            .set(Column::new("served_on"), day.map_or(Value::Nothing, Value::Day))
            .set(Column::new("served_month"), month)
            // No delivery decided it.
            .set(Column::new("best_delivery"), Value::Nothing)
            .set(Column::new("best_channel"), if evidence == "HAND" { "HAND" } else { "" })
            .set(Column::new("evidence_kind"), evidence)
            .set(Column::new("proof_doc"), of("proof"))
            .set(Column::new("rule"), rule.map_or(Value::Nothing, Value::Text))
            .set(Column::new("rule_text"), format!("Found by hand: {}", words(&EVIDENCE, evidence).to_lowercase()))
            .set(Column::new("decided_by"), waiting.map_or("", Waiting::by))
            .set(Column::new("approval"), waiting.map_or("", |waiting| &waiting.request.name));
        Ok((format!("{} by hand", words(&FOUND, found).to_lowercase()), found.to_owned(), changes))
    }

    async fn follow(subject: &Subject, step: Step<'_>, done: bool) -> Result<(), Refusal> {
        let changes = due_next(subject, Changes::new()).await?;
        step.case(if done { status(subject, changes).await? } else { changes }).await
    }
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
