//! A case's own data while it is a draft: corrected until it is submitted, and again once it was returned.
//!
//! Owns which columns follow from what was typed, and where a person may enter cases. It must not know parties.

use serde_json::{Map, Value as Json, json};

use super::{
    super::{
        Refusal,
        columns::{Check, Date, Rupees, Site, record},
        keys::operation_of,
        site_time,
    },
    followers::Followers,
    step::{Happened, Step},
    subject::{CaseState, Subject},
};
use crate::{
    model::{
        Answered, AuditKind, Day, ErrorCode, Form, Permission, Reading, Status, Typed,
        case_draft::{CaseChoices, CaseDraft, DUES, bucket, dues_band},
    },
    server::{
        context::Grant,
        frappe::{Changes, Client, Condition, Direction, Field, PAGE_MAX, Query, Record as _, RowScope, Value},
    },
};

/// Its word in the address.
pub const DEED: &str = "edit-draft";

record! {
    /// A branch that cases may belong to.
    pub struct BranchRecord of "Institution Branch" {
        branch: String,
        branch_name: String,
        region: String,
        zone: String,
    }
}

record! {
    /// What of a case may be corrected.
    struct DraftRecord of "Arbitration Case" {
        lan: String,
        product: String,
        branch: String,
        agreement_no: String,
        agreement_on: Date,
        arbitration_clause: Check,
        institution_named: Check,
        electronic_notice_clause: Check,
        consent_basis: String,
        default_on: Date,
        npa_on: Date,
        pos: Rupees,
        interest_overdue: Rupees,
        penal_charges: Rupees,
        bounce_charges: Rupees,
        legal_charges: Rupees,
        dues_on: Date,
        claim_amount: Rupees,
    }
}

impl From<DraftRecord> for CaseDraft {
    fn from(row: DraftRecord) -> Self {
        Self {
            dues: [row.pos, row.interest_overdue, row.penal_charges, row.bounce_charges, row.legal_charges].map(|part| part.0),
            lan: row.lan,
            product: row.product,
            branch: row.branch,
            agreement_no: row.agreement_no,
            agreement_on: row.agreement_on.day(),
            clause: row.arbitration_clause.0,
            institution_named: row.institution_named.0,
            electronic: row.electronic_notice_clause.0,
            consent_basis: row.consent_basis,
            default_on: row.default_on.day(),
            npa_on: row.npa_on.day(),
            dues_on: row.dues_on.day(),
            claim: row.claim_amount.0,
        }
    }
}

/// Where and for what a person may enter cases.
pub struct Desk {
    /// Branches within the person's scope.
    branches: Vec<BranchRecord>,
    /// The same, and products, to be chosen from.
    pub choices: CaseChoices,
    /// Today at the institution.
    pub today: Day,
}

impl Desk {
    /// Looks it up.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn of(client: &Client, grant: &Grant, site: &Site) -> Result<Self, Refusal> {
        let scopes = &grant.principal.scopes;
        let mut query = Query::<BranchRecord>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("active"), true));
        for (field, codes) in [("zone", &scopes.zones), ("region", &scopes.regions), ("branch", &scopes.branches)] {
            if !codes.is_empty() {
                query = query.filter(Condition::one_of(Field::new(field), codes.iter()));
            }
        }
        let query = query.order_by(Field::new("branch"), Direction::Ascending);
        let mut branches = Vec::new();
        loop {
            let start = u32::try_from(branches.len()).unwrap_or(u32::MAX);
            let page = client.list(&query.clone().page(start, PAGE_MAX)).await?;
            branches.extend(page.rows);
            if !page.more {
                break;
            }
        }
        let named = |row: &BranchRecord| (row.branch.clone(), format!("{} · {}", row.branch_name, row.branch));
        let choices =
            CaseChoices { products: CaseChoices::products(scopes.products.iter()), branches: branches.iter().map(named).collect() };
        Ok(Self { branches, choices, today: site_time::today(&site.tenant) })
    }

    /// The columns of a case that follow from what was typed.
    ///
    /// # Errors
    /// [`ErrorCode::BadRequest`] for a branch that is not among those to be chosen from.
    pub fn columns(&self, draft: &CaseDraft) -> Result<Changes, Refusal> {
        let branch = self.branches.iter().find(|row| row.branch == draft.branch).ok_or(ErrorCode::BadRequest)?;
        let day = |day: Option<Day>| day.map_or(Value::Nothing, Value::Day);
        let measured = draft.enforceability();
        let days = draft.days_past_due();
        let amounts = DUES.iter().zip(draft.dues).map(|((name, _), amount)| (*name, amount));
        let changes = Changes::new()
            .set(Field::new("product"), draft.product.as_str())
            .set(Field::new("branch"), branch.branch.as_str())
            .set(Field::new("region"), branch.region.as_str())
            .set(Field::new("zone"), branch.zone.as_str())
            .set(Field::new("agreement_no"), draft.agreement_no.as_str())
            .set(Field::new("agreement_on"), day(draft.agreement_on))
            .set(Field::new("arbitration_clause"), draft.clause)
            .set(Field::new("institution_named"), draft.institution_named)
            .set(Field::new("electronic_notice_clause"), draft.electronic)
            .set(Field::new("consent_basis"), draft.consent_basis.as_str())
            .set(Field::new("default_on"), day(draft.default_on))
            .set(Field::new("npa_on"), day(draft.npa_on))
            .set(Field::new("total_dues"), draft.total())
            .set(Field::new("dues_on"), day(draft.dues_on))
            .set(Field::new("dues_band"), dues_band(draft.total()))
            .set(Field::new("claim_amount"), draft.claim)
            .set(Field::new("claim_basis_amount"), draft.basis())
            .set(Field::new("dpd"), days)
            .set(Field::new("dpd_as_on"), day(draft.dues_on))
            .set(Field::new("bucket"), bucket(days).code());
        let changes = super::enforceability::kept(&measured, changes);
        Ok(amounts.fold(changes, |changes, (name, amount)| changes.set(Field::new(name), amount)))
    }

    /// Whose a case of this branch and product is among, in the columns of everything that hangs on it.
    fn scope_of(&self, draft: &CaseDraft) -> Vec<(&'static str, String)> {
        let branch = self.branches.iter().find(|row| row.branch == draft.branch);
        let of = |text: fn(&BranchRecord) -> &String| branch.map(text).cloned().unwrap_or_default();
        let place = [("zone", of(|row| &row.zone)), ("region", of(|row| &row.region)), ("branch", draft.branch.clone())];
        place.into_iter().chain([("product", draft.product.clone())]).collect()
    }
}

/// What stood and what stands of what has changed, for the trail.
pub fn differences(before: &[(&'static str, String)], after: &[(&'static str, String)]) -> (Json, Json) {
    let (mut was, mut is) = (Map::new(), Map::new());
    for (field, value) in after {
        let known = before.iter().find(|(known, _)| known == field).map_or("", |(_, known)| known);
        if known != value {
            was.insert((*field).to_owned(), json!(known));
            is.insert((*field).to_owned(), json!(value));
        }
    }
    (Json::Object(was), Json::Object(is))
}

/// Whether a case may still be corrected by who enters it.
pub fn is_open(case: &CaseState) -> bool {
    matches!(Status::from(case.status.clone()), Status::Draft | Status::Returned)
}

/// What is said where it may not.
pub fn shut(mut form: Form, case: &CaseState) -> Form {
    let status = Status::from(case.status.clone());
    form.lead = vec![format!("A case is corrected while it is a draft or was returned. This one stands at “{}”.", status.label())];
    form.action = String::new();
    form
}

/// Asks for it.
///
/// # Errors
/// As [`super::ask`].
pub async fn ask(case: &str) -> Result<Form, Refusal> {
    let subject = Subject::find(case, Permission::Draft).await?;
    Ok(form(&subject, None).await?.0)
}

async fn form(subject: &Subject, typed: Option<&Typed>) -> Result<(Form, Desk, CaseDraft), Refusal> {
    let desk = Desk::of(&subject.client, &subject.grant, &subject.site).await?;
    let known: CaseDraft = subject.client.get::<DraftRecord>(subject.id.as_str()).await?.into();
    let form = subject.form(DEED, "Correct the draft", typed);
    if !is_open(&subject.case) {
        return Ok((shut(form, &subject.case), desk, known));
    }
    let form = Form {
        lead: vec![format!("Loan account number: {}. For another number, withdraw this case and create a new one.", known.lan)],
        fields: known.fields(&desk.choices, desk.today, false),
        submit: "Save".to_owned(),
        ..form
    };
    Ok((form, desk, known))
}

/// Corrects it.
///
/// # Errors
/// As [`super::ask`].
pub async fn answer(case: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let subject = Subject::find(case, Permission::Draft).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let (empty, desk, known) = form(&subject, Some(typed)).await?;
    if empty.action.is_empty() {
        return Ok(Answered::Again(empty));
    }
    let mut reading = Reading::of(typed);
    let draft = CaseDraft::read(typed, &mut reading, &desk.choices, desk.today, Some(&known.lan));
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(empty.again(typed, &problems)));
    }
    if !subject.is_as_seen(typed) {
        return Ok(Answered::Changed(subject.changed(empty, typed).await?));
    }
    if draft == known {
        return Ok(Answered::Done { lead_to: subject.address() });
    }
    let moves = (draft.branch.as_str(), draft.product.as_str()) != (known.branch.as_str(), known.product.as_str());
    let followers = if moves { Followers::of(&subject).await? } else { Followers::default() };
    let said = differences(&known.said(), &draft.said());
    let mut step = Step::begin(&subject, operation, AuditKind::Change, "edit_draft", "", said).await?;
    let moved = followers.follow(&subject, &step, &desk.scope_of(&draft)).await?;
    step.happened(Happened {
        kind: "STAGE",
        transition: 0,
        title: "Draft corrected".to_owned(),
        note: String::new(),
        states: None,
        stages: None,
        source: (CaseState::DOCTYPE, subject.id.as_str().to_owned()),
    })
    .await?;
    step.case(desk.columns(&draft)?).await?;
    moved.ring();
    Ok(Answered::Done { lead_to: subject.address() })
}
