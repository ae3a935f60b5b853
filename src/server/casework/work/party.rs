//! The parties of a draft: added, and corrected. Whole numbers and addresses go into particulars and never come back into a form: a new
//! one takes the old one's place, and the old one stays on record as no longer in use.
//!
//! Owns what of a case follows from its parties. It must not know the case's own data.

use serde_json::json;

use super::{
    super::{
        Refusal,
        columns::{Check, record, some_text},
        file::party_label,
        keys::{find_hash, operation_of},
    },
    draft::{differences, is_open, shut},
    step::{Happened, Step},
    subject::{ON, Subject},
};
use crate::{
    model::{
        Answered, AuditKind, Cell, Deed, ErrorCode, Fact, Form, Permission, Reading, Role, Typed,
        case_draft::search_text,
        contact,
        party_draft::{Asked, PartyDraft},
    },
    registry::Tenant,
    server::frappe::{Changes, Condition, Direction, Field, PAGE_MAX, Record as _, Revision},
};

/// The word for adding one.
pub const ADD: &str = "add-party";
/// The word for correcting one.
pub const EDIT: &str = "edit-party";
/// Parties of a case at most.
const PARTIES_MAX: usize = 20;
/// The claimant's place; respondents follow.
const CLAIMANT: &str = "CLAIMANT";
/// Characters of a name in columns that lists show.
const NAME_MAX: usize = 140;

record! {
    /// A party, as far as correcting it needs.
    pub struct PartyState of "Case Party" {
        seq: i64,
        party_role: String,
        must_be_served: Check,
        party_name: String,
        name_full: String,
        name_local: String,
        entity_type: String,
        language: String,
        mobile_masked: String,
        email_masked: String,
        has_address: Check,
        city: String,
        state_name: String,
        pincode: String,
    }
}

record! {
    /// A contact, without its value.
    struct ContactState of "Party Particular" {}
}

impl PartyState {
    fn name_in_full(&self) -> &str {
        if self.name_full.is_empty() { &self.party_name } else { &self.name_full }
    }

    fn in_words(&self) -> String {
        format!("{} {}", party_label(&self.party_role, self.seq), self.name_in_full())
    }

    fn draft(&self) -> PartyDraft {
        PartyDraft {
            role: self.party_role.clone(),
            name: self.name_in_full().to_owned(),
            entity: self.entity_type.clone(),
            language: self.language.clone(),
            ..PartyDraft::default()
        }
    }

    /// What is on record of it, masked, by the name of its field.
    fn on_record(&self) -> Vec<(&'static str, String)> {
        let address = if self.has_address.0 { contact::masked_address(&self.city, &self.pincode) } else { String::new() };
        vec![("mobile", self.mobile_masked.clone()), ("email", self.email_masked.clone()), ("address", address)]
    }
}

/// The parties of a case, the claimant first.
pub async fn of_case(subject: &Subject) -> Result<Vec<PartyState>, Refusal> {
    let parties = subject.of_case::<PartyState>().order_by(Field::new("seq"), Direction::Ascending).page(0, PAGE_MAX);
    Ok(subject.client.list(&parties).await?.rows)
}

/// What may be done to the parties of a draft.
///
/// # Errors
/// Any fault of the call.
pub async fn deeds(subject: &Subject) -> Result<Vec<Deed>, Refusal> {
    let role = subject.grant.principal.role;
    if !role.allows(Permission::Address) || !is_open(&subject.case) {
        return Ok(Vec::new());
    }
    let deed = |label: String, href: String| Deed { label, href: Some(href), why: Vec::new() };
    let to = |word: &str| format!("{}/do/{word}", subject.address());
    let add = role.allows(Permission::Draft).then(|| deed("Add a respondent".to_owned(), to(ADD)));
    let respondents = of_case(subject).await?.into_iter().filter(|party| party.party_role != CLAIMANT);
    let edits = respondents.map(|party| deed(format!("Correct {}", party.in_words()), format!("{}?on={}", to(EDIT), party.name)));
    Ok(edits.chain(add).collect())
}

/// The columns of a party that follow from what was typed.
fn columns(tenant: &Tenant, draft: &PartyDraft) -> Changes {
    let cut: String = draft.name.chars().take(NAME_MAX).collect();
    let full = if cut == draft.name { "" } else { draft.name.as_str() };
    let mut changes = Changes::new()
        .set(Field::new("party_role"), draft.role.as_str())
        .set(Field::new("party_name"), cut)
        .set(Field::new("name_full"), full)
        .set(Field::new("entity_type"), draft.entity.as_str())
        .set(Field::new("language"), draft.language.as_str());
    if let Some(mobile) = &draft.mobile {
        changes = changes
            .set(Field::new("mobile_masked"), contact::masked_mobile(mobile))
            .set(Field::new("mobile_last4"), contact::last_four(mobile))
            .set(Field::new("mobile_hash"), find_hash(tenant, "MOBILE", mobile).unwrap_or_default())
            .set(Field::new("has_mobile"), true);
    }
    if let Some(email) = &draft.email {
        changes = changes
            .set(Field::new("email_masked"), contact::masked_email(email))
            .set(Field::new("email_hash"), find_hash(tenant, "EMAIL", email).unwrap_or_default())
            .set(Field::new("has_email"), true);
    }
    if let Some(address) = &draft.address {
        changes = changes
            .set(Field::new("has_address"), true)
            .set(Field::new("city"), address.town.as_str())
            .set(Field::new("pincode"), address.pincode.as_str())
            .set(Field::new("address_state"), "OK");
        if !address.state.is_empty() {
            changes = changes.set(Field::new("state_name"), address.state.as_str());
        }
    }
    if let Some(pan) = &draft.pan {
        changes = changes.set(Field::new("pan_masked"), contact::masked_pan(pan));
    }
    changes
}

/// What a new party is.
pub fn of_new(tenant: &Tenant, draft: &PartyDraft, seq: i64) -> Changes {
    let mut body = columns(tenant, draft);
    if draft.address.is_none() {
        body = body.set(Field::new("address_state"), "NONE");
    }
    body.set(Field::new("seq"), seq).set(Field::new("must_be_served"), draft.role != CLAIMANT).set(Field::new("alive"), "ALIVE")
}

/// What its contacts are, by the codes of their kinds.
pub fn contacts_of(tenant: &Tenant, party: &str, draft: &PartyDraft, source: &str) -> Vec<(String, Changes)> {
    let contact = |(kind, value, masked): (crate::model::ParticularKind, String, String)| {
        let code = kind.code();
        let mut body = Changes::new()
            .set(Field::new("party"), party)
            .set(Field::new("kind"), code)
            .set(Field::new("value_masked"), masked)
            .set(Field::new("value_hash"), find_hash(tenant, code, &value).unwrap_or_default())
            .set(Field::new("is_primary"), true)
            .set(Field::new("active"), true)
            .set(Field::new("source"), source)
            .set(Field::new("delivery_state"), "UNTRIED");
        if code == "MOBILE" {
            body = body.set(Field::new("last4"), contact::last_four(&value));
        }
        if let Some(address) = draft.address.as_ref().filter(|_| code == "ADDRESS") {
            body = body.set(Field::new("address_kind"), "RESIDENCE").set(Field::new("pincode"), address.pincode.as_str());
        }
        (code.to_owned(), body.set(Field::new("value_text"), value))
    };
    draft.contacts().into_iter().map(contact).collect()
}

/// The institution itself, as a case names it.
pub fn claimant(name: &str) -> PartyDraft {
    PartyDraft { role: CLAIMANT.to_owned(), name: name.to_owned(), entity: "COMPANY".to_owned(), ..PartyDraft::default() }
}

/// A new party with its contacts.
///
/// # Errors
/// Any fault of the calls.
pub async fn write(subject: &Subject, step: &Step<'_>, draft: &PartyDraft, seq: i64) -> Result<PartyState, Refusal> {
    let body = of_new(&subject.site.tenant, draft, seq);
    let party: PartyState = step.part(&format!("party-{seq}"), body, false).await?;
    contacts(subject, step, &party.name, draft).await?;
    Ok(party)
}

/// The institution itself, as the party that claims.
///
/// # Errors
/// Any fault of the call.
pub async fn write_claimant(subject: &Subject, step: &Step<'_>, name: &str) -> Result<PartyState, Refusal> {
    write(subject, step, &claimant(name), 1).await
}

/// New contacts of a party; those that they take the place of are no longer in use.
async fn contacts(subject: &Subject, step: &Step<'_>, party: &str, draft: &PartyDraft) -> Result<(), Refusal> {
    let source = if subject.grant.principal.role == Role::BranchUser { "BRANCH" } else { "LOAN_FILE" };
    for (code, body) in contacts_of(&subject.site.tenant, party, draft, source) {
        let made: ContactState = step.part(&format!("{party}-{code}"), body, false).await?;
        let same = subject.of_case::<ContactState>().filter(Condition::eq(Field::new("party"), party));
        let same = same.filter(Condition::eq(Field::new("kind"), code.as_str())).filter(Condition::eq(Field::new("active"), true));
        for old in subject.client.list(&same.page(0, PAGE_MAX)).await?.rows.into_iter().filter(|row| row.name != made.name) {
            let (_, revision, _) = subject.client.get_with_proof::<ContactState>(&old.name).await?;
            let ended = Changes::new().set(Field::new("active"), false).set(Field::new("is_primary"), false);
            step.change::<ContactState>(&old.name, &revision, ended).await?;
        }
    }
    Ok(())
}

/// What of the case follows from its parties.
///
/// # Errors
/// Any fault of the call.
pub async fn onto_case(subject: &Subject, changes: Changes) -> Result<Changes, Refusal> {
    let parties = of_case(subject).await?;
    let respondents: Vec<&PartyState> = parties.iter().filter(|party| party.party_role != CLAIMANT).collect();
    let names = respondents.iter().flat_map(|party| [party.name_in_full(), party.name_local.as_str()]);
    let case = &subject.case;
    let text = search_text(names, [case.case_id.as_str(), case.draft_no.as_str(), case.lan.as_str()]);
    let served = respondents.iter().filter(|party| party.must_be_served.0).count();
    let changes =
        changes.set(Field::new("search_text"), text).set(Field::new("respondent_count"), i64::try_from(served).unwrap_or(i64::MAX));
    Ok(match respondents.first() {
        Some(lead) => changes
            .set(Field::new("title_text"), lead.party_name.as_str())
            .set(Field::new("borrower_type"), lead.entity_type.as_str())
            .set(Field::new("language"), lead.language.as_str())
            .set(Field::new("state_name"), lead.state_name.as_str())
            .set(Field::new("district"), lead.city.as_str())
            .set(Field::new("pincode"), lead.pincode.as_str()),
        None => changes,
    })
}

/// What is said of a party in the trail: contacts masked.
pub fn said(draft: &PartyDraft) -> Vec<(&'static str, String)> {
    let mut said = vec![
        ("party_role", draft.role.clone()),
        ("party_name", draft.name.clone()),
        ("entity_type", draft.entity.clone()),
        ("language", draft.language.clone()),
    ];
    said.extend(draft.contacts().into_iter().map(|(kind, _, masked)| match kind.code() {
        "MOBILE" => ("mobile_masked", masked),
        "EMAIL" => ("email_masked", masked),
        "PAN" => ("pan_masked", masked),
        _ => ("address_masked", masked),
    }));
    said
}

/// Asks for another respondent.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask_for_another(case: &str) -> Result<Form, Refusal> {
    Ok(form_of_another(&Subject::find(case, Permission::Draft).await?, None))
}

fn form_of_another(subject: &Subject, typed: Option<&Typed>) -> Form {
    let form = subject.form(ADD, "Add a respondent", typed);
    if !is_open(&subject.case) {
        return shut(form, &subject.case);
    }
    Form { fields: PartyDraft::default().fields(Asked::Whole, &[]), submit: "Add the respondent".to_owned(), ..form }
}

/// Adds one.
///
/// # Errors
/// As [`super::ask`].
pub async fn add(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Draft).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let empty = form_of_another(&subject, Some(typed));
    if empty.action.is_empty() {
        return Ok(Answered::Again(empty));
    }
    let mut reading = Reading::of(typed);
    let draft = PartyDraft::read(typed, &mut reading, Asked::Whole, &PartyDraft::default());
    let parties = of_case(&subject).await?;
    if parties.len() >= PARTIES_MAX {
        reading.refuse("", format!("A case has {PARTIES_MAX} parties at most."));
    }
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(empty.again(typed, &problems)));
    }
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(empty, typed).await?));
    }
    let seq = parties.iter().map(|party| party.seq).max().unwrap_or(1) + 1;
    let said = differences(&[], &said(&draft));
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "party.add", "", said).await?;
    let party = write(&subject, &step, &draft, seq).await?;
    step.happened(told(format!("Respondent {} added", party_label(&party.party_role, party.seq)), party.name)).await?;
    let changes = onto_case(&subject, Changes::new()).await?;
    step.case(changes).await?;
    Ok(Answered::Done { lead_to: format!("{}/service", subject.address()) })
}

fn told(title: String, party: String) -> Happened {
    Happened { kind: "PEOPLE", transition: 0, title, note: String::new(), states: None, stages: None, source: (PartyState::DOCTYPE, party) }
}

/// What somebody may correct of a party: a branch, how it is reached.
fn asked_of(role: Role) -> Asked {
    if role.allows(Permission::Draft) { Asked::Whole } else { Asked::Address }
}

/// Asks what of a party is to be corrected.
///
/// # Errors
/// As [`super::ask`]; [`ErrorCode::NotFound`] for a party of another case, and for the claimant.
pub async fn ask_to_edit(case: &str, party: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::Address).await?;
    let (party, _) = respondent(&subject, party).await?;
    Ok(form_of(&subject, &party, None))
}

async fn respondent(subject: &Subject, name: &str) -> Result<(PartyState, Revision), Refusal> {
    let (party, revision) = subject.one::<PartyState>(name).await?;
    if party.party_role == CLAIMANT { Err(ErrorCode::NotFound.into()) } else { Ok((party, revision)) }
}

fn form_of(subject: &Subject, party: &PartyState, typed: Option<&Typed>) -> Form {
    let mut form = subject.form(EDIT, format!("Correct {}", party.in_words()), typed);
    if !is_open(&subject.case) {
        return shut(form, &subject.case);
    }
    form.hidden.push((ON, party.name.clone()));
    let fact = |label: &str, text: &str| Fact { label: label.to_owned(), cell: Cell::some(some_text(text.to_owned())), formula: None };
    form.facts = vec![fact("Town", &party.city), fact("PIN code", &party.pincode)];
    form.fields = party.draft().fields(asked_of(subject.grant.principal.role), &party.on_record());
    form.lead = vec!["Contacts are never shown whole here. What is typed takes the place of what is on record.".to_owned()];
    form.submit = "Save".to_owned();
    form
}

/// Corrects it.
///
/// # Errors
/// As [`ask_to_edit`].
pub async fn edit(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Address).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (party, revision) = respondent(&subject, typed.text(ON)).await?;
    let empty = form_of(&subject, &party, Some(typed));
    if empty.action.is_empty() {
        return Ok(Answered::Again(empty));
    }
    let (known, mut reading) = (party.draft(), Reading::of(typed));
    let draft = PartyDraft::read(typed, &mut reading, asked_of(subject.grant.principal.role), &known);
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(empty.again(typed, &problems)));
    }
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(empty, typed).await?));
    }
    let before: Vec<_> = said(&known).into_iter().chain(masked_before(&party)).collect();
    let (mut was, is) = differences(&before, &said(&draft));
    was["party"] = json!(party.name);
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "party.edit", "", (was, is)).await?;
    contacts(&subject, &step, &party.name, &draft).await?;
    // At the revision that was read just now: what the form was opened on is the case's, whose last write decides.
    step.change::<PartyState>(&party.name, &revision, columns(&subject.site.tenant, &draft)).await?;
    step.happened(told(format!("{} corrected", party_label(&party.party_role, party.seq)), party.name.clone())).await?;
    let changes = onto_case(&subject, Changes::new()).await?;
    step.case(changes).await?;
    Ok(Answered::Done { lead_to: format!("{}/service", subject.address()) })
}

/// Contacts as they were, masked.
fn masked_before(party: &PartyState) -> Vec<(&'static str, String)> {
    let names = [("mobile", "mobile_masked"), ("email", "email_masked"), ("address", "address_masked")];
    let of = |name: &str| names.iter().find(|(field, _)| *field == name).map_or("", |(_, column)| column);
    party.on_record().into_iter().map(|(name, masked)| (of(name), masked)).collect()
}
