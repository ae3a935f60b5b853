//! An offer of a settlement to the respondent, or the answer to theirs with another: a row of its own, never changed after it is sent.
//!
//! Owns what is asked of an offer. It must not know how one is accepted, nor how it ends.

use super::{
    super::{Refusal, columns::record, keys::operation_of},
    effects::due_next,
    facts::month,
    payment::address,
    settlement::{self, INSTALMENTS, Offer, grid, today},
    step::{Happened, Step, key_of, values},
    subject::Subject,
};
use crate::{
    model::{
        Answered, AuditKind, Cell, Day, Deed, ErrorCode, Fact, Field, FieldKind, Form, Inr, Move, Permission, Reading, SETTLEMENT,
        SettlementTrack, Stage, TaskKind, Term, Typed,
        settlement::{Plan, percent, waiver},
    },
    server::frappe::{Changes, Field as Column, Record as _, Value},
};

/// Its word in the address.
pub const DEED: &str = "offer-settlement";
const LUMP: &str = "LUMP";
/// The longest terms, in characters.
const TERMS_MAX: usize = 1_000;
/// The longest that an offer stands, in days: after that the dues are others.
const VALID_DAYS: i64 = 180;
/// Days that an offer stands where nothing else is said.
const USUAL_DAYS: i64 = 30;
/// The least that a part may be.
const PART_LEAST: Inr = Inr::from_rupees(1);

record! {
    /// An offer, as far as writing one needs.
    struct OfferKey of "Case Settlement" {}
}

/// Offering one, for who may: where it cannot be done now, with the reason.
pub fn deed(subject: &Subject) -> Option<Deed> {
    let allowed = subject.grant.principal.role.allows(Permission::OfferSettlement);
    let why: Vec<String> = why_not(subject).into_iter().collect();
    let href = why.is_empty().then(|| format!("{}/do/{DEED}", subject.address()));
    allowed.then(|| Deed { label: "Offer a settlement".to_owned(), href, why })
}

/// Why no offer can be made now, if so.
fn why_not(subject: &Subject) -> Option<String> {
    let now = SettlementTrack::from(subject.case.settlement_track.clone());
    let why = match Stage::from(subject.case.stage.clone()) {
        Stage::Intake => "The case has not been taken up yet.",
        Stage::Closed => "The case is closed.",
        _ if subject.case.total_dues.0 <= Inr::ZERO => "Nothing is due any more.",
        _ if Move::after(SETTLEMENT, &now).any(|step| matches!(step.action, "offer" | "counter")) => return None,
        _ if now == SettlementTrack::ApprovalPending => "An offer waits for a checker: it must be decided or returned first.",
        _ => "A settlement is accepted already.",
    };
    Some(why.to_owned())
}

/// Asks for it.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask(case: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::OfferSettlement).await?;
    let standing = settlement::standing(&subject).await?;
    Ok(form(&subject, standing.as_ref(), None))
}

fn form(subject: &Subject, standing: Option<&Offer>, typed: Option<&Typed>) -> Form {
    let heading = if standing.is_some() { "Make a counter-offer" } else { "Offer a settlement" };
    let mut form = subject.form(DEED, heading, typed);
    form.back = (address(subject), "Back to the case’s money".to_owned());
    if let Some(why) = why_not(subject) {
        form.lead = vec![why];
        form.action = String::new();
        return form;
    }
    let dues = subject.case.total_dues.0;
    form.facts = vec![Fact { label: "Dues".to_owned(), cell: Cell::text(dues.exact()), formula: None }];
    form.facts.extend(standing.map(settlement::facts).unwrap_or_default());
    form.lead = vec!["An offer stays as it was made. It binds nobody until the respondent agrees and a checker approves.".to_owned()];
    if standing.is_some() {
        form.lead.push("The offer that stands ends with this one.".to_owned());
    }
    let kinds = [LUMP, INSTALMENTS].map(|code| (code.to_owned(), Term::of(code).label)).to_vec();
    let (now, last) = (today(subject), today(subject).later(VALID_DAYS));
    let count = FieldKind::Number { min: i64::from(Plan::FEWEST), max: i64::from(Plan::MOST) };
    let first = FieldKind::Day { min: Some(now), max: Some(now.later(VALID_DAYS * 2)) };
    form.fields = vec![
        Field::new("amount", "What settles the dues", FieldKind::Amount).help("At most the dues."),
        Field::new("kind", "How it is paid", FieldKind::Pick(kinds)).value(LUMP),
        Field::new("instalments", "If in instalments: how many, monthly", count).optional(),
        Field::new("first_on", "If in instalments: the first on", first).optional(),
        Field::new("valid_until", "Stands until", FieldKind::Day { min: Some(now), max: Some(last) }).value(now.later(USUAL_DAYS).iso()),
        Field::new("terms", "Terms", FieldKind::Text { max: TERMS_MAX }).optional().help("The respondent reads them."),
    ];
    form.submit = if standing.is_some() { "Make the counter-offer".to_owned() } else { "Make the offer".to_owned() };
    form
}

/// What was said, read.
struct Terms {
    amount: Inr,
    kind: &'static str,
    valid_until: Day,
    words: String,
}

fn read(subject: &Subject, typed: &Typed) -> Result<Terms, Vec<crate::model::FieldError>> {
    let (now, dues) = (today(subject), subject.case.total_dues.0);
    let mut reading = Reading::of(typed);
    let amount = reading.required("amount", |reading| reading.some_amount("amount"));
    if amount > dues {
        reading.refuse("amount", format!("More than the dues of {}.", dues.exact()));
    }
    let kinds = [LUMP, INSTALMENTS].map(|code| (code.to_owned(), code));
    let kind = reading.required("kind", |reading| reading.some_choice("kind", kinds));
    let mut plan = None;
    if kind == INSTALMENTS {
        let (fewest, most) = (i64::from(Plan::FEWEST), i64::from(Plan::MOST));
        let count = reading.required("instalments", |reading| reading.some_number("instalments", fewest, most));
        if count > 0 && amount.paise() / count < PART_LEAST.paise() && amount > Inr::ZERO {
            reading.refuse("instalments", "An instalment must be a rupee at least.");
        }
        let first_on = reading.some_day("first_on", Some(now), Some(now.later(VALID_DAYS * 2)));
        if typed.text("first_on").trim().is_empty() {
            reading.refuse("first_on", "required");
        }
        plan = u32::try_from(count).ok().zip(first_on).and_then(|(count, first_on)| Plan::new(count, first_on));
    }
    let valid_until = reading.some_day("valid_until", Some(now), Some(now.later(VALID_DAYS)));
    if typed.text("valid_until").trim().is_empty() {
        reading.refuse("valid_until", "required");
    }
    let terms = reading.some_text("terms", TERMS_MAX);
    let words = [plan.map(Plan::words), terms].into_iter().flatten().collect::<Vec<_>>().join("\n");
    reading.done()?;
    Ok(Terms { amount, kind, valid_until: valid_until.unwrap_or(now), words })
}

/// Makes it.
///
/// # Errors
/// As [`super::ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::OfferSettlement).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    // What this very form has made already, where its answer was lost, is no offer that came before it.
    let mine = key_of::<OfferKey>(&subject, &operation, 1);
    let before = settlement::newest(&subject).await?.into_iter().find(|offer| offer.idem_key != mine);
    let seq = before.as_ref().map_or(0, |offer| offer.seq) + 1;
    let standing = before.filter(Offer::stands);
    let asked = form(&subject, standing.as_ref(), Some(typed));
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(asked, typed).await?));
    }
    if asked.action.is_empty() {
        return Ok(Answered::Again(asked.again(typed, &[])));
    }
    let terms = match read(&subject, typed) {
        Ok(terms) => terms,
        Err(problems) => return Ok(Answered::Again(asked.again(typed, &problems))),
    };
    let dues = subject.case.total_dues.0;
    let given_up = waiver(dues, terms.amount);
    let level = grid(&subject).await?.level(given_up);
    let said = values([
        ("amount", "", terms.amount.exact()),
        ("dues", "", dues.exact()),
        ("waiver", "", percent(given_up)),
        ("kind", "", terms.kind.to_owned()),
    ]);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "settlement.offer", "", said).await?;
    let mut body = Changes::new()
        .set(Column::new("seq"), seq)
        .set(Column::new("offered_by"), "CLAIMANT")
        .set(Column::new("kind"), terms.kind)
        .set(Column::new("state"), "OFFERED")
        .set(Column::new("amount"), terms.amount)
        .set(Column::new("dues_at_offer"), dues)
        // Hundredths of a percent are written as paise are: with two decimals.
        .set(Column::new("waiver_pct"), Value::Money(Inr::from_paise(given_up)))
        .set(Column::new("grid_level"), level)
        .set(Column::new("offered_at"), subject.now())
        .set(Column::new("valid_until_on"), terms.valid_until)
        .set(Column::new("month"), month(today(&subject)))
        .set(Column::new("terms_text"), terms.words);
    if let Some(before) = &standing {
        body = body.set(Column::new("counter_to"), before.name.as_str());
    }
    let made: OfferKey = step.child(body, true).await?;
    let (title, track) = match &standing {
        Some(_) => ("Counter-offer made", SettlementTrack::Countered),
        None => ("Settlement offered", SettlementTrack::Offered),
    };
    step.happened(Happened {
        kind: "SETTLEMENT",
        transition: 0,
        title: format!("{title}: {} of {}", terms.amount.exact(), dues.exact()),
        note: String::new(),
        states: Some((subject.case.settlement_track.clone(), track.code().to_owned())),
        stages: None,
        source: (OfferKey::DOCTYPE, made.name),
    })
    .await?;
    if let Some(before) = &standing {
        settlement::change(&subject, &step, &before.name, Changes::new().set(Column::new("state"), "COUNTERED")).await?;
    }
    step.done(TaskKind::SettlementDecision.code(), "DONE").await?;
    let changes = settlement::onto_case(&subject, &track, Changes::new().set(Column::new("offer_open"), true));
    step.case(due_next(&subject, changes).await?).await?;
    Ok(Answered::Done { lead_to: address(&subject) })
}
