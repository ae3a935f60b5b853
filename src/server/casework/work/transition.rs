//! A step of the process as a form: asked for where it may be taken, refused with the reasons where not, taken as it was said.
//!
//! Owns what a step asks for and the three ways in which it goes on: it is taken at once, it is asked for, or what somebody else asked
//! for is approved or returned. It must not know what a step leaves behind.

use super::{
    super::{Refusal, columns::record, keys::operation_of},
    asking, effects,
    facts::Known,
    requests::Requested,
    settlement,
    subject::Subject,
};
use crate::{
    model::{
        Answered, Button, Cell, Deed, Effect, ErrorCode, Fact, Field, FieldKind, Form, FourEyes, Guard, Hold, Need, Permission, Reading,
        ReturnReason, Sheet, Step, Term, Transition, Typed, Verdict, WhyNot, actions_for, judge,
    },
    server::frappe::{Condition, Field as Column, PAGE_MAX},
};

/// Name of the button by which a checker sends a request back.
const DECISION: &str = "decision";
const RETURN: &str = "return";
/// The longest line that is asked for, in characters: a Data column.
const LINE_MAX: usize = 140;
const COMMENT_MAX: usize = 500;

/// Said where somebody else's request waits for a decision.
pub const ASKED_ALREADY: &str = "Somebody has asked for this already: it is decided on the case’s own page.";

record! {
    /// A document that may show what a step rests on.
    struct PaperName of "Case Document" {
        doc_type: String,
        title: String,
    }
}

/// Every step that starts where the case stands, for this person.
///
/// # Errors
/// Any fault of the calls.
pub async fn deeds(subject: &Subject) -> Result<Vec<Deed>, Refusal> {
    let known = subject.known().await?;
    let due = super::catch_up::deed(subject, &known);
    let offers = actions_for(&known.facts, &known.caller);
    let deed = |offer: crate::model::Offer| {
        let row = Transition::of(offer.action)?;
        let verb = match offer.step {
            Step::Take => row.label.to_owned(),
            Step::Ask => format!("{}: ask for approval", row.label),
            Step::Approve | Step::ApproveFirst if matches!(row.four_eyes, FourEyes::Asked(_)) => format!("Decide: {}", lower(row.label)),
            Step::Approve | Step::ApproveFirst => row.label.to_owned(),
        };
        let allowed = offer.verdict == Verdict::Allowed;
        let mut why: Vec<String> = offer.verdict.reasons().iter().map(WhyNot::sentence).collect();
        if offer.verdict.reasons().contains(&WhyNot::Guard(Guard::FieldsComplete)) {
            why.push(format!("Missing: {}.", subject.missing_fields().join(", ")));
        }
        if let Some(request) = known.requested.iter().find(|request| request.action == offer.action) {
            why.push(format!("Asked for by {}.", request.record.submitted_by));
        }
        let href = allowed.then(|| format!("{}/do/{}", subject.address(), offer.action));
        Some(Deed { label: verb, href, why })
    };
    Ok(due.into_iter().chain(offers.into_iter().filter_map(deed)).collect())
}

fn lower(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The form of a step.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask(case: &str, row: &'static Transition) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::Work).await?;
    let known = subject.known().await?;
    form(&subject, row, &known, None).await
}

async fn form(subject: &Subject, row: &'static Transition, known: &Known, typed: Option<&Typed>) -> Result<Form, Refusal> {
    let verdict = judge(row, &known.facts, &known.caller);
    let step = row.step(&known.facts, &known.caller);
    let mut form = subject.form(row.action, row.label, typed);
    form.grave = row.ends.is_some();
    if let Verdict::Refused(reasons) = verdict {
        form.lead = vec!["This cannot be done just now:".to_owned()];
        form.lead.extend(reasons.iter().map(WhyNot::sentence));
        form.action = String::new();
        return Ok(form);
    }
    form.facts = on_record(subject, row, known);
    match step {
        Step::Take | Step::Ask => {
            form.fields = fields(subject, row).await?;
            form.fields.extend(settlement::of_step(row, known).map(settlement::plan_fields).unwrap_or_default());
            form.submit = if step == Step::Ask { "Ask for approval".to_owned() } else { row.label.to_owned() };
            if step == Step::Ask {
                form.lead.push("A second person decides: until then the case stays where it is.".to_owned());
                form.grave = false;
            }
        }
        Step::Approve | Step::ApproveFirst => {
            let request = request_of(row, known).ok_or(ErrorCode::NotFound)?;
            form.facts.extend(as_submitted(subject, request));
            form.sheets = differences(subject, request);
            form.submit = "Approve".to_owned();
            if step == Step::ApproveFirst {
                form.lead.push("This is over your limit: after you a second checker must approve.".to_owned());
            }
            if matches!(row.four_eyes, FourEyes::Asked(_)) {
                form.fields = returning().into_iter().map(Field::optional).collect();
                form.others = vec![Button { name: DECISION, value: RETURN.to_owned(), words: "Return with this reason".to_owned() }];
            } else {
                form.lead.push("To send it back, choose “Return with a reason” on the case’s page.".to_owned());
            }
        }
    }
    Ok(form)
}

/// What the case's own record says that the step rests on.
fn on_record(subject: &Subject, row: &Transition, known: &Known) -> Vec<Fact> {
    let case = &subject.case;
    let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::text(text), formula: None };
    let status = crate::model::Status::from(case.status.clone());
    let mut facts = vec![fact("Stands at", status.label().to_owned()), fact("Dues", case.total_dues.0.exact())];
    if let Some(offer) = settlement::of_step(row, known) {
        facts.extend(settlement::facts(offer));
    }
    if case.hold != "NONE" {
        facts.push(fact("On hold", Hold::from(case.hold.clone()).label().to_owned()));
    }
    facts
}

/// Who submitted it, when, and what they said.
fn as_submitted(subject: &Subject, request: &Requested) -> Vec<Fact> {
    let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::text(text), formula: None };
    let at = request.record.submitted_at.instant(&subject.site).map(|at| at.long()).unwrap_or_default();
    let mut facts = vec![fact("Submitted by", request.record.submitted_by.clone()), fact("Submitted", at)];
    let amount = if request.said.action == settlement::STEP { "Given up" } else { "Amount" };
    facts.push(fact(amount, request.record.amount.0.exact()));
    facts.extend(request.said.said.iter().map(|(name, value)| fact(&Term::of(name.to_uppercase()).label, value.clone())));
    facts
}

/// What has changed: since the round before, for what is submitted again; since it was submitted, for what should not have.
fn differences(subject: &Subject, request: &Requested) -> Vec<Sheet> {
    let lines = |was: &[(String, String)], is: &[(String, String)]| -> Vec<Vec<Cell>> {
        let line = |(field, value): &(String, String)| {
            let now = is.iter().find(|(known, _)| known == field).map(|(_, value)| value.clone())?;
            (now != *value).then(|| vec![Cell::text(Term::of(field.to_uppercase()).label), Cell::text(value.as_str()), Cell::text(now)])
        };
        was.iter().filter_map(line).collect()
    };
    let said = &request.said;
    let mut sheets = Vec::new();
    if !said.before.is_empty() {
        let none = "Nothing was changed since it was last submitted";
        let rows = lines(&said.before, &said.values);
        sheets.push(Sheet::new("Changed since it was last submitted", none, &["What", "Then", "Now"]).with(rows));
    }
    let rows = lines(&said.values, &asking::submitted_values(subject));
    if !rows.is_empty() {
        sheets.push(Sheet::new("Changed since it was submitted", "", &["What", "Submitted", "Now"]).with(rows));
    }
    sheets
}

/// The request that a step decides on.
pub fn request_of<'a>(row: &Transition, known: &'a Known) -> Option<&'a Requested> {
    let of_case = matches!(row.four_eyes, FourEyes::Decides(_) | FourEyes::Returns(_));
    known
        .requested
        .iter()
        .find(|request| if of_case { matches!(request.action, "submit_draft" | "resubmit_draft") } else { request.action == row.action })
}

fn returning() -> Vec<Field> {
    let reasons = ReturnReason::ALL.iter().map(|reason| (reason.code().to_owned(), reason.term().label)).collect();
    vec![
        Field::new("reason_code", "Why it is sent back", FieldKind::Choice(reasons)),
        Field::new("comment", "What must be changed", FieldKind::Text { max: COMMENT_MAX }),
    ]
}

/// What a step asks for: its needs, and what its effects take.
async fn fields(subject: &Subject, row: &Transition) -> Result<Vec<Field>, Refusal> {
    let mut fields = Vec::new();
    for need in row.needs {
        match need {
            Need::ReturnReason => fields.push(returning().remove(0)),
            Need::Comment => fields.push(returning().remove(1)),
            Need::Reason => fields.push(reason_field()),
            Need::HoldKind => fields.push(hold_field()),
            Need::Court => fields.push(Field::new("court", "Court", FieldKind::Line { max: LINE_MAX })),
            Need::PetitionNumber => fields.push(Field::new("petition", "Number of the petition", FieldKind::Line { max: LINE_MAX })),
            Need::Cnr => {
                let help = "The sixteen letters and digits by which courts know the case.";
                fields.push(Field::new("cnr", "CNR", FieldKind::Line { max: 16 }).help(help));
            }
            Need::OrderDocument | Need::ConsentDocument => {
                let papers = papers(subject, *need).await?;
                let help = if papers.is_empty() { "None is on file: upload it on the case’s documents first." } else { "" };
                fields.push(Field::new("document", "Document that shows it", FieldKind::Choice(papers)).help(help));
            }
            Need::Amount => fields.push(Field::new("amount", "Amount", FieldKind::Amount)),
        }
    }
    if row.effects.contains(&Effect::TakeClaim) {
        let claim = subject.case.claim_basis_amount.0.exact();
        let help = "The amount of the statement of claim becomes the claim of the case.";
        fields.push(Field::new("claim", "Claim", FieldKind::Amount).value(claim.trim_start_matches('₹')).help(help));
    }
    if row.effects.contains(&Effect::ChargeFilingFee) {
        let help = "As the registry charges it; entered as a cost of the case.";
        fields.push(Field::new("fee", "Filing fee", FieldKind::Amount).help(help));
    }
    Ok(fields)
}

/// Why a step is taken.
pub fn reason_field() -> Field {
    Field::new("reason", "Reason", FieldKind::Text { max: COMMENT_MAX })
}

/// What a hold is for.
pub fn hold_field() -> Field {
    Field::new("hold", "What the hold is for", FieldKind::Choice(holds()))
}

fn holds() -> Vec<(String, String)> {
    Hold::ALL.iter().filter(|hold| **hold != Hold::None).map(|hold| (hold.code().to_owned(), hold.label().to_owned())).collect()
}

/// Documents of the case that can show an order or a consent.
async fn papers(subject: &Subject, need: Need) -> Result<Vec<(String, String)>, Refusal> {
    let kinds: &[&str] = if need == Need::ConsentDocument {
        &["CONSENT", "DIRECTION", "CORRESPONDENCE"]
    } else {
        &["ORDER", "INTERIM_ORDER", "S34", "AWARD"]
    };
    let papers = subject.of_case::<PaperName>().filter(Condition::eq(Column::new("is_latest"), true));
    let papers = papers
        .filter(Condition::eq(Column::new("state"), "STORED"))
        .filter(Condition::one_of(Column::new("doc_type"), kinds.iter().copied()));
    let rows = subject.client.list(&papers.page(0, PAGE_MAX)).await?.rows;
    Ok(rows.into_iter().map(|row| (row.name, format!("{}: {}", Term::of(row.doc_type).label, row.title))).collect())
}

/// What was said with a step, read.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// Name and value of each field, as it goes on record.
    pub said: Vec<(String, String)>,
}

impl Words {
    /// The value of a field; empty where it was not asked for.
    pub fn of(&self, name: &str) -> &str {
        self.said.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The words in which it was explained.
    pub fn because(&self) -> &str {
        ["reason", "comment"].into_iter().map(|name| self.of(name)).find(|words| !words.is_empty()).unwrap_or_default()
    }
}

/// Reads what a step asks for.
///
/// # Errors
/// What cannot be taken of it.
pub fn read(fields: &[Field], typed: &Typed) -> Result<Words, Vec<crate::model::FieldError>> {
    let mut reading = Reading::of(typed);
    let mut said = Vec::new();
    for field in fields {
        let name = field.name;
        let value = match &field.kind {
            FieldKind::Text { .. } => reading.reason(name),
            FieldKind::Line { max } => reading.required(name, |reading| reading.some_line(name, *max)),
            FieldKind::Amount => match reading.required(name, |reading| reading.some_amount(name)) {
                amount if amount == crate::model::Inr::ZERO => String::new(),
                amount => amount.paise().to_string(),
            },
            FieldKind::Choice(choices) | FieldKind::Pick(choices) => {
                let known = choices.iter().map(|(code, _)| (code.clone(), code.clone()));
                reading.required(name, |reading| reading.some_choice(name, known))
            }
            FieldKind::Number { min, max } => {
                let number = |reading: &mut Reading<'_>| reading.some_number(name, *min, *max).map(|number| number.to_string());
                reading.required(name, number)
            }
            FieldKind::Day { min, max } => reading.required(name, |reading| reading.some_day(name, *min, *max).map(crate::model::Day::iso)),
            _ => typed.text(name).to_owned(),
        };
        if name == "cnr" && !value.is_empty() && (value.len() != 16 || !value.bytes().all(|byte| byte.is_ascii_alphanumeric())) {
            reading.refuse(name, "A CNR has sixteen letters and digits.");
        }
        said.push((name.to_owned(), value));
    }
    reading.done().map(|()| Words { said })
}

/// Takes the step, or asks for it, or decides on it.
///
/// # Errors
/// As [`super::ask`].
pub async fn answer(case: &str, row: &'static Transition, typed: &Typed) -> Result<Answered, Refusal> {
    take_or_decide(case, row, typed, true).await
}

/// Takes the step or asks for it, and decides on nothing that somebody else has asked for: who does this in several cases at once has not
/// looked at each.
///
/// # Errors
/// As [`super::ask`].
pub async fn take(case: &str, row: &'static Transition, typed: &Typed) -> Result<Answered, Refusal> {
    take_or_decide(case, row, typed, false).await
}

async fn take_or_decide(case: &str, row: &'static Transition, typed: &Typed, decides: bool) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Work).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let known = subject.known().await?;
    let asked = form(&subject, row, &known, Some(typed)).await?;
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(asked, typed).await?));
    }
    // Who may not is told so again, by the same words as before the form was sent.
    if asked.action.is_empty() {
        super::super::audit::note(asking::denied(&subject, row));
        return Ok(Answered::Again(asked.again(typed, &[])));
    }
    let step = row.step(&known.facts, &known.caller);
    if !decides && matches!(step, Step::Approve | Step::ApproveFirst) {
        let mut form = asked;
        form.notice.push(ASKED_ALREADY.to_owned());
        return Ok(Answered::Again(form));
    }
    let returning = typed.text(DECISION) == RETURN && !asked.others.is_empty();
    let asks: Vec<Field> = match step {
        Step::Approve | Step::ApproveFirst if !returning => Vec::new(),
        _ => asked.fields.clone(),
    };
    let words = match read(&asks, typed) {
        Ok(words) => words,
        Err(problems) => return Ok(Answered::Again(asked.again(typed, &problems))),
    };
    let request = request_of(row, &known);
    match (step, request) {
        (Step::Approve | Step::ApproveFirst, Some(request)) if returning => {
            asking::give_back(&subject, operation, row, request, &words, &known).await?
        }
        (Step::Approve | Step::ApproveFirst, Some(request)) => {
            let now = asking::submitted(&subject, row, &Words::default(), &known).hash();
            if !request.said.values.is_empty() && request.record.submit_hash != now {
                asking::void(&subject, operation, row, request, &known).await?;
                let mut form = asked;
                form.notice.push("What was submitted has changed since: the request is void. Ask for it to be submitted again.".to_owned());
                return Ok(Answered::Changed(form));
            }
            asking::approve(&subject, operation, row, request, step, &known).await?;
        }
        (Step::Ask, _) => asking::ask_for(&subject, operation, row, &words, &known).await?,
        _ => effects::take(&subject, operation, row, &words, &known).await?,
    }
    Ok(Answered::Done { lead_to: subject.address() })
}

/// What is said of a request in a list.
pub fn title(row: &Transition, number: &str) -> String {
    format!("{}: {number}", row.label)
}
