//! A payment that came in, recorded by who prepares it: it counts once somebody of finance has confirmed it.
//!
//! Owns what is asked of a payment, and that the same one is not recorded twice. It must not know what follows once it counts.

use super::{
    super::{
        Refusal, cases,
        columns::{Date, Rupees, record},
        keys::{natural_key, operation_of},
    },
    facts::month,
    settlement::today,
    step::{Happened, Step, ToDo, key_of, values},
    subject::Subject,
    sums,
};
use crate::{
    model::{
        Answered, AuditKind, CaseId, Cell, Deed, ErrorCode, Fact, Field, FieldKind, Form, Inr, Permission, Reading, Role, Term, Typed,
    },
    server::frappe::{Changes, Condition, Field as Column, PAGE_MAX, Query, Record as _, RowScope, Value},
};

/// Its word in the address.
pub const DEED: &str = "record-payment";
/// Ways to pay (`records.md` §7, set `payment_mode`).
const MODES: [&str; 8] = ["NEFT", "RTGS", "IMPS", "UPI", "CASH", "CHEQUE", "NACH", "OTHER"];
/// Those by which a bank has no reference of its own.
const WITHOUT_REFERENCE: [&str; 2] = ["CASH", "OTHER"];
/// The longest reference, in characters: a UTR has 22 at most.
const UTR_MAX: usize = 40;
/// What a payment may be split into: name and words.
const PARTS: [(&str, &str); 3] =
    [("to_principal", "Of it to principal"), ("to_interest", "Of it to interest"), ("to_costs", "Of it to costs")];
/// Days within which finance should look at it.
const DAYS_TO_CONFIRM: i64 = 2;

record! {
    /// A payment.
    pub struct Payment of "Case Payment" {
        idem_key: String,
        case_ref: String,
        made_by: String,
        paid_on: Date,
        amount: Rupees,
        mode: String,
        utr: String,
        to_principal: Rupees,
        to_interest: Rupees,
        to_costs: Rupees,
        settlement: String,
        instalment: String,
        proof_doc: String,
        state: String,
        confirmed_by: String,
    }
}

record! {
    /// A document that may prove a payment.
    struct Proof of "Case Document" {
        title: String,
    }
}

impl Payment {
    /// What a person must know of it to decide on it.
    pub fn facts(&self) -> Vec<Fact> {
        let fact = |label: &str, text: Option<String>| Fact { label: label.to_owned(), cell: Cell::some(text), formula: None };
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let split = [self.to_principal.0, self.to_interest.0, self.to_costs.0];
        let words = |[principal, interest, costs]: [Inr; 3]| {
            format!("{} principal, {} interest, {} costs", principal.exact(), interest.exact(), costs.exact())
        };
        vec![
            fact("Amount", Some(self.amount.0.exact())),
            fact("Split", (split != [Inr::ZERO; 3]).then(|| words(split))),
            fact("Paid on", self.paid_on.day().map(|day| day.long())),
            fact("How", Some(Term::of(self.mode.as_str()).label)),
            fact("Bank’s reference", some(&self.utr)),
            fact("Proof", (!self.proof_doc.is_empty()).then(|| "On file, among the case’s documents".to_owned())),
            fact("State", Some(Term::of(self.state.as_str()).label)),
            fact("Recorded by", some(&self.made_by)),
            fact("Confirmed by", some(&self.confirmed_by)),
        ]
    }

    /// What happened to it, in a line of the timeline.
    pub fn happened(&self, what: &str, note: &str, states: (&str, &str)) -> Happened {
        Happened {
            kind: "MONEY",
            transition: 0,
            title: format!("Payment of {} {what}", self.amount.0.exact()),
            note: note.to_owned(),
            states: Some((states.0.to_owned(), states.1.to_owned())),
            stages: None,
            source: (Self::DOCTYPE, self.name.clone()),
        }
    }
}

/// What finance is asked to do about a payment.
pub fn for_finance(subject: &Subject, title: &str) -> ToDo {
    ToDo {
        kind: "OTHER".to_owned(),
        title: title.to_owned(),
        assignee: String::new(),
        role: Role::FinanceMis.code(),
        due_on: today(subject).later(DAYS_TO_CONFIRM),
        priority: 2,
    }
}

/// The case's money, where payments are seen.
pub fn address(subject: &Subject) -> String {
    format!("{}/money", subject.address())
}

/// Recording one, for who may.
pub fn deed(subject: &Subject) -> Option<Deed> {
    let allowed = subject.grant.principal.role.allows(Permission::RecordPayment);
    let href = Some(format!("{}/do/{DEED}", subject.address()));
    allowed.then(|| Deed { label: "Record a payment".to_owned(), href, why: Vec::new() })
}

/// Asks for it.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask(case: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::RecordPayment).await?;
    Ok(form(&subject, &proofs(&subject).await?, None))
}

/// Documents of the case that prove payments: name and title.
async fn proofs(subject: &Subject) -> Result<Vec<(String, String)>, Refusal> {
    let proofs = subject.of_case::<Proof>().filter(Condition::eq(Column::new("doc_type"), "PAYMENT_PROOF"));
    let proofs = proofs.filter(Condition::eq(Column::new("is_latest"), true)).filter(Condition::eq(Column::new("state"), "STORED"));
    let rows = subject.client.list(&proofs.page(0, PAGE_MAX)).await?.rows;
    Ok(rows.into_iter().map(|row| (row.name, row.title)).collect())
}

fn form(subject: &Subject, proofs: &[(String, String)], typed: Option<&Typed>) -> Form {
    let modes = MODES.map(|code| (Term::of(code).code, Term::of(code).label)).to_vec();
    let days = FieldKind::Day { min: subject.case.agreement_on.day(), max: Some(today(subject)) };
    let mut fields = vec![
        Field::new("amount", "Amount", FieldKind::Amount),
        Field::new("paid_on", "Paid on", days),
        Field::new("mode", "How", FieldKind::Choice(modes)),
        Field::new("utr", "Bank’s reference", FieldKind::Line { max: UTR_MAX })
            .optional()
            .help("The UTR, or the number of the cheque. Only cash and the like have none."),
    ];
    fields.extend(PARTS.map(|(name, words)| Field::new(name, words, FieldKind::Amount).optional()));
    let help = if proofs.is_empty() { "None is on file: a payment can be recorded without." } else { "" };
    fields.push(Field::new("proof", "Document that proves it", FieldKind::Choice(proofs.to_vec())).optional().help(help));
    Form {
        lead: vec![
            "The payment counts once somebody of finance has confirmed it. The dues are those of the core system and stay as they are."
                .to_owned(),
            "The split is either left out, or adds up to the amount.".to_owned(),
        ],
        facts: vec![Fact { label: "Dues".to_owned(), cell: Cell::text(subject.case.total_dues.0.exact()), formula: None }],
        fields,
        submit: "Record the payment".to_owned(),
        back: (address(subject), "Back to the case’s money".to_owned()),
        ..subject.form(DEED, "Record a payment", typed)
    }
}

/// The split as it was typed; `None` where nothing of it was. Zero is a part like any other.
fn split(reading: &mut Reading<'_>, typed: &Typed, amount: Inr) -> Option<[Inr; 3]> {
    if PARTS.iter().all(|(name, _)| typed.text(name).trim().is_empty()) {
        return None;
    }
    let mut readable = true;
    let parts = PARTS.map(|(name, _)| match typed.text(name) {
        text if text.trim().is_empty() || Inr::typed(text) == Some(Inr::ZERO) => Inr::ZERO,
        _ => reading.some_amount(name).unwrap_or_else(|| {
            readable = false;
            Inr::ZERO
        }),
    });
    let sum = parts.iter().map(|part| part.paise()).sum();
    if readable && amount > Inr::ZERO && amount.paise() != sum {
        let sum = Inr::from_paise(sum).exact();
        let told = format!("The parts add up to {sum}, and the amount is {}: correct them, or leave all three empty.", amount.exact());
        reading.refuse(PARTS[0].0, told);
    }
    Some(parts)
}

/// A bank's reference as it is kept: capitals and digits, without blanks.
fn reference(reading: &mut Reading<'_>, mode: &str) -> String {
    let utr = reading.some_line("utr", UTR_MAX).unwrap_or_default().replace(' ', "").to_uppercase();
    if utr.is_empty() && !mode.is_empty() && !WITHOUT_REFERENCE.contains(&mode) {
        reading.refuse("utr", format!("A payment by {} has a reference: enter it.", Term::of(mode).label));
    }
    if !utr.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'/')) {
        reading.refuse("utr", "A reference has letters, digits, hyphens and strokes only.");
    }
    utr
}

/// Records it.
///
/// # Errors
/// As [`super::ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::RecordPayment).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let proofs = proofs(&subject).await?;
    let asked = form(&subject, &proofs, Some(typed));
    let mut reading = Reading::of(typed);
    let amount = reading.required("amount", |reading| reading.some_amount("amount"));
    let paid_on = reading.some_day("paid_on", subject.case.agreement_on.day(), Some(today(&subject)));
    if typed.text("paid_on").trim().is_empty() {
        reading.refuse("paid_on", "required");
    }
    let mode = reading.required("mode", |reading| reading.some_choice("mode", MODES.map(|code| (code.to_owned(), code))));
    let utr = reference(&mut reading, mode);
    let split = split(&mut reading, typed, amount);
    let proof = reading.some_choice("proof", proofs.iter().map(|(name, _)| (name.clone(), name.clone())));
    let (paid_on, key) = match (reading.done(), paid_on) {
        (Ok(()), Some(day)) => (day, key(&subject, &utr, day).await?),
        (problems, _) => return Ok(Answered::Again(asked.again(typed, &problems.err().unwrap_or_default()))),
    };
    if let Some(known) = same(&subject, key.as_deref()).await? {
        // What this very form has recorded already, where its answer was lost.
        if known.idem_key == key_of::<Payment>(&subject, &operation, 1) {
            return Ok(Answered::Done { lead_to: address(&subject) });
        }
        let mut again = asked.again(typed, &[]);
        again.notice.push(recorded_where(&subject, &known).await?);
        return Ok(Answered::Again(again));
    }
    let said =
        values([("amount", "", amount.exact()), ("paid_on", "", paid_on.iso()), ("mode", "", mode.to_owned()), ("utr", "", utr.clone())]);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "payment.record", "", said).await?;
    let mut body = Changes::new()
        .set(Column::new("paid_on"), paid_on)
        .set(Column::new("amount"), amount)
        .set(Column::new("mode"), mode)
        .set(Column::new("utr"), utr)
        .set(Column::new("utr_key"), key.map_or(Value::Nothing, Value::Text))
        .set(Column::new("state"), "RECORDED")
        .set(Column::new("counted"), false)
        .set(Column::new("since_filing_30"), -1_i64)
        .set(Column::new("month"), month(paid_on));
    for ((name, _), part) in PARTS.iter().zip(split.into_iter().flatten()) {
        body = body.set(Column::new(name), part);
    }
    if let Some(proof) = proof {
        body = body.set(Column::new("proof_doc"), proof);
    }
    let made: Payment = step.child(body, true).await?;
    step.happened(made.happened("recorded", "", ("", "RECORDED"))).await?;
    step.set_task_about(for_finance(&subject, "Confirm the payment, or have it reversed"), (Payment::DOCTYPE, &made.name)).await?;
    sums::follow(&subject, &step).await?;
    Ok(Answered::Done { lead_to: address(&subject) })
}

/// The key by which a payment is one and the same, wherever it is recorded: the bank's reference and the day. Without a reference
/// there is none.
async fn key(subject: &Subject, utr: &str, paid_on: crate::model::Day) -> Result<Option<String>, Refusal> {
    let institution = subject.client.institution().await?;
    Ok((!utr.is_empty()).then(|| natural_key(&institution, &[utr, &paid_on.iso()])))
}

/// The payment that has this key already. The key is the institution's, not the case's.
async fn same(subject: &Subject, key: Option<&str>) -> Result<Option<Payment>, Refusal> {
    let Some(key) = key else { return Ok(None) };
    let same = Query::<Payment>::new(RowScope::institution_wide()).filter(Condition::eq(Column::new("utr_key"), key)).page(0, 1);
    Ok(subject.client.list(&same).await?.rows.pop())
}

/// That a payment is recorded already; where, only for who reaches that case.
async fn recorded_where(subject: &Subject, known: &Payment) -> Result<String, Refusal> {
    const ELSEWHERE: &str = "A payment with this reference and day is recorded already, in a case that is not among yours: ask finance.";
    let Some(id) = CaseId::parse(&known.case_ref) else { return Ok(ELSEWHERE.to_owned()) };
    let (amount, state) = (known.amount.0.exact(), Term::of(known.state.as_str()).label.to_lowercase());
    if id == subject.id {
        return Ok(format!("A payment with this reference and day is in this case already: {amount}, {state}."));
    }
    match cases::find(&subject.client, &subject.grant, &id).await {
        Ok(row) => {
            let number = row.into_row(&subject.site.zone, &subject.site.tenant).map(|row| row.number).unwrap_or_default();
            Ok(format!("A payment with this reference and day is in case {number} already: {amount}, {state}."))
        }
        Err(Refusal::Code(ErrorCode::NotFound)) => Ok(ELSEWHERE.to_owned()),
        Err(fault) => Err(fault),
    }
}
