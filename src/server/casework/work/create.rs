//! A case created by hand: the first step of the process, which no case comes before.
//!
//! Owns its order: recorded, then the case without a respondent, then its parties, then the case again with what follows from them. A
//! case that a fault left without parties cannot be submitted, and the same form sent again completes it. It must not know how parties
//! are kept.

use serde::Deserialize;

use super::{
    super::{
        Refusal, audit, cases,
        columns::{Site, record},
        keys::{OPERATION, idem_key, natural_key, operation_of},
    },
    draft::{Desk, differences},
    effects::of_institution,
    party,
    step::{Happened, Step},
    subject::{CaseState, Subject},
};
use crate::{
    model::{
        Answered, AuditKind, CaseId, Cell, ErrorCode, FieldError, Form, Permission, Reading, Sheet, Typed,
        case_draft::{CaseDraft, search_text},
        party_draft::{Asked, PartyDraft},
    },
    server::{
        context::{Grant, authorise},
        frappe::{Changes, Client, Condition, Fault, Field, Record, Value},
    },
};

/// The address of its form.
const ADDRESS: &str = "/cases/new";
/// Letters and digits of a draft's number: none that is easily mistaken for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

record! {
    /// Another case of the same loan.
    struct OpenCase of "Arbitration Case" {
        case_id: String,
        draft_no: String,
    }
}

/// The institution's own record.
#[derive(Deserialize)]
pub struct Institution {
    name: String,
    /// What it is called in a case.
    pub title: String,
}

impl Record for Institution {
    const DOCTYPE: &'static str = "Institution";
    const FIELDS: &'static [&'static str] = &["name", "title"];
    const TENANTED: bool = false;

    fn institution(&self) -> &str {
        &self.name
    }
}

struct Counter {
    client: Client,
    grant: Grant,
    site: Site,
    desk: Desk,
}

impl Counter {
    async fn open() -> Result<Self, Refusal> {
        let grant = authorise(Permission::Draft)?;
        let client = Client::current()?;
        let site = Site::current(&client).await?;
        let desk = Desk::of(&client, &grant, &site).await?;
        Ok(Self { client, grant, site, desk })
    }

    fn form(&self, typed: Option<&Typed>) -> Form {
        let operation = typed.and_then(operation_of).unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
        let (case, party) = (CaseDraft::default(), PartyDraft::default());
        let of_case = case.fields(&self.desk.choices, self.desk.today, true);
        Form {
            section: "Cases",
            heading: "New case".to_owned(),
            lead: vec!["It begins as a draft: further respondents and documents are added before it is submitted.".to_owned()],
            fields: of_case.into_iter().chain(party.fields(Asked::Lead, &[])).collect(),
            hidden: vec![(OPERATION, operation)],
            action: ADDRESS.to_owned(),
            submit: "Create the draft".to_owned(),
            back: ("/cases".to_owned(), "All cases".to_owned()),
            ..Form::default()
        }
    }

    /// What this very form made before its answer was lost.
    async fn made_before(&self, key: &str) -> Result<Option<CaseState>, Refusal> {
        let same = of_institution::<CaseState>().filter(Condition::eq(Field::new("idem_key"), key)).page(0, 1);
        Ok(self.client.list(&same).await?.rows.pop())
    }

    /// The form with the open case of the same loan: by number where it is the person's, otherwise only that there is one.
    async fn duplicate(&self, lan_key: &str, form: Form, typed: &Typed) -> Result<Option<Form>, Refusal> {
        let same = of_institution::<OpenCase>().filter(Condition::eq(Field::new("open_lan_key"), lan_key)).page(0, 1);
        let Some(other) = self.client.list(&same).await?.rows.pop() else { return Ok(None) };
        let id = CaseId::parse(&other.name).ok_or(ErrorCode::Upstream)?;
        let own = match cases::find(&self.client, &self.grant, &id).await {
            Ok(_) => true,
            Err(Refusal::Code(ErrorCode::NotFound)) => false,
            Err(refusal) => return Err(refusal),
        };
        let number = if other.case_id.is_empty() { other.draft_no } else { other.case_id };
        let problem = if own {
            format!("Case {number} of this loan is open. A loan has one open case.")
        } else {
            "Another case of this loan is open, outside your rows. A loan has one open case.".to_owned()
        };
        let mut form = form.again(typed, &[FieldError { field: "lan".to_owned(), problem }]);
        if own {
            let link = Cell::text(number).to(format!("/cases/{}", other.name));
            form.sheets.push(Sheet::new("The open case of this loan", "", &["Number"]).with([vec![link]]));
        }
        Ok(Some(form))
    }
}

/// A case as it begins: without a respondent, whoever enters it.
pub struct Begun<'a> {
    /// Where it is entered.
    pub desk: &'a Desk,
    /// Whose wall clock counts.
    pub site: &'a Site,
    /// Whose it is until somebody else is named.
    pub owner: &'a str,
    /// In whose name it is written.
    pub by: &'a str,
}

impl Begun<'_> {
    /// What it is.
    ///
    /// # Errors
    /// [`ErrorCode::BadRequest`] for a branch that is not among those to be chosen from.
    pub fn body(&self, case: &CaseDraft, lead: &PartyDraft, (key, lan_key): (&str, &str)) -> Result<Changes, Refusal> {
        let draft_no = draft_number();
        let title: String = lead.name.chars().take(140).collect();
        let now = Value::LocalTime(jiff::Timestamp::now().to_zoned(self.site.zone.clone()).datetime());
        let codes = [
            ("stage", "S00"),
            ("status", "DRAFT"),
            ("hold", "NONE"),
            ("settlement_track", "NONE"),
            ("interim_track", "NONE"),
            ("service_status", "NOT_DUE"),
            ("invoice_status", "NONE"),
        ];
        let body = codes.into_iter().fold(self.desk.columns(case)?, |body, (field, code)| body.set(Field::new(field), code));
        let none_yet = ["cycle_days", "closed_days", "award_days", "repeat_count_3y"];
        let body = none_yet.into_iter().fold(body, |body, field| body.set(Field::new(field), -1_i64));
        Ok(body
            .set(Field::new("idem_key"), key)
            .set(Field::new("open_lan_key"), lan_key)
            .set(Field::new("search_text"), search_text([lead.name.as_str()], [draft_no.as_str(), case.lan.as_str()]))
            .set(Field::new("draft_no"), draft_no)
            .set(Field::new("lan"), case.lan.as_str())
            .set(Field::new("title_text"), title)
            .set(Field::new("borrower_type"), lead.entity.as_str())
            .set(Field::new("language"), lead.language.as_str())
            .set(Field::new("is_open"), true)
            .set(Field::new("stage_since_at"), now.clone())
            .set(Field::new("status_since_at"), now.clone())
            .set(Field::new("stage_since_on"), self.desk.today)
            .set(Field::new("derived_at"), now)
            .set(Field::new("legal_owner"), self.owner)
            .set(Field::new("made_by"), self.by)
            .set(Field::new("changed_by"), self.by))
    }
}

/// `D-7K3M9QXA`.
fn draft_number() -> String {
    let bytes = uuid::Uuid::new_v4().into_bytes();
    // The middle bytes of a random UUID say which kind it is; the first six and the last two are random alone.
    let random = bytes[..6].iter().chain(&bytes[14..]);
    let letters = random.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    format!("D-{}", letters.collect::<String>())
}

/// Asks for it.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for roles that enter no case; otherwise any fault of the calls.
pub async fn ask() -> Result<Form, Refusal> {
    Ok(Counter::open().await?.form(None))
}

/// Creates it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(typed: &Typed) -> Result<Answered, Refusal> {
    let counter = Counter::open().await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (tenant, desk) = (&counter.site.tenant, &counter.desk);
    let mut reading = Reading::of(typed);
    let case = CaseDraft::read(typed, &mut reading, &desk.choices, desk.today, None);
    let lead = PartyDraft::read(typed, &mut reading, Asked::Lead, &PartyDraft::default());
    let empty = counter.form(Some(typed));
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(empty.again(typed, &problems)));
    }
    let institution = counter.client.institution().await?;
    let key = idem_key(tenant, CaseState::DOCTYPE, &operation);
    let user = counter.grant.principal.user_id.as_str();
    let begun = Begun { desk, site: &counter.site, owner: user, by: user };
    let lan_key = natural_key(&institution, &[&case.lan.to_uppercase()]);
    let made = match counter.made_before(&key).await? {
        Some(made) => made,
        None => {
            if let Some(form) = counter.duplicate(&lan_key, empty.clone(), typed).await? {
                return Ok(Answered::Again(form));
            }
            let said = differences(&[], &case.said());
            let entry = audit::Entry::new(AuditKind::Change, "create_case").object(CaseState::DOCTYPE, &case.lan);
            audit::record(entry.values(Some(said.0), Some(said.1))).await?;
            match counter.client.create::<CaseState>(begun.body(&case, &lead, (&key, &lan_key))?).await {
                Ok(made) => made,
                // Somebody was faster: with the same form, or with another case of the loan.
                Err(Fault::Duplicate) => match counter.made_before(&key).await? {
                    Some(made) => made,
                    None => {
                        let form = counter.duplicate(&lan_key, empty, typed).await?.ok_or(Fault::Duplicate)?;
                        return Ok(Answered::Again(form));
                    }
                },
                Err(fault) => return Err(fault.into()),
            }
        }
    };
    let subject = Subject::find(&made.name, Permission::Draft).await?;
    if subject.case.respondent_count == 0 {
        let claimant: Institution = counter.client.get(&institution).await?;
        complete(&subject, operation, &lead, &claimant.title).await?;
    }
    Ok(Answered::Done { lead_to: subject.address() })
}

/// Its parties, the line of the timeline, and the case with what follows from them.
async fn complete(subject: &Subject, operation: String, lead: &PartyDraft, claimant: &str) -> Result<(), Refusal> {
    let said = differences(&[], &party::said(lead));
    let mut step = Step::begin(subject, operation, AuditKind::Change, "create_case", "", said).await?;
    party::write_claimant(subject, &step, claimant).await?;
    party::write(subject, &step, lead, 2).await?;
    step.happened(Happened {
        kind: "STAGE",
        transition: 1,
        title: "Case created".to_owned(),
        note: String::new(),
        states: Some((String::new(), subject.case.status.clone())),
        stages: Some((String::new(), subject.case.stage.clone())),
        source: (CaseState::DOCTYPE, subject.id.as_str().to_owned()),
    })
    .await?;
    let changes = party::onto_case(subject, Changes::new()).await?;
    step.case(changes).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drafts_number_is_eight_letters_that_nobody_guesses() {
        let numbers: std::collections::HashSet<String> = (0..100).map(|_| draft_number()).collect();
        assert_eq!(numbers.len(), 100);
        assert!(numbers.iter().all(|number| number.len() == 10 && number[2..].bytes().all(|letter| LETTERS.contains(&letter))));
    }
}
