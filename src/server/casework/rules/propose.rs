//! Proposing a version of a service rule, and what becomes of it: approved, it is in force from its day on and the one before it is
//! retired; returned or taken back, it stays as what was proposed.
//!
//! It must not decide who may approve: that is `decisions`'.

use serde_json::{Map, Value as Json, json};

use super::{
    super::{
        Refusal, audit,
        keys::{OPERATION, REVISION, idem_key, natural_key, operation_for, operation_of},
        second::{Asked, Desk, HouseRequest, renewed},
        work::Said,
    },
    KIND, SECTION, address, in_force, lower, notice_of, versions,
    wire::{ACTIVE, RETIRED, RETURNED, RuleRecord, WAITING},
};
use crate::{
    model::{
        Answered, AuditKind, Cell, Day, ErrorCode, Field, FieldError, FieldKind, Form, Inr, NOT_SERVED, Permission, READINGS, Reading,
        ServiceTerms, Sheet, Term, Typed,
    },
    server::frappe::{Changes, Condition, Fault, Field as Column, Query, Record as _, Revision, RowScope},
};

/// What a proposal is named in the trail.
const PROPOSE: &str = "rule.propose";
/// The most channels.
const CHANNELS_MAX: i64 = 6;

/// The form.
///
/// # Errors
/// [`ErrorCode::NotFound`] for what is no such notice; otherwise any fault of the call.
pub async fn ask(notice: &str) -> Result<Form, Refusal> {
    let desk = Desk::of(Permission::ProposeRules).await?;
    let notice = notice_of(notice)?;
    let all = versions(&desk, &[notice]).await?;
    let form = form(notice, &all, None);
    Ok(form.again(&filled(&desk, &all), &[]))
}

/// What the newest version says, as it would have been typed.
fn filled(desk: &Desk, all: &[RuleRecord]) -> Typed {
    let stands = in_force(all, desk).map(RuleRecord::terms);
    let values = stands.map(|terms| terms.values()).unwrap_or_default();
    let values = values.into_iter().filter(|(_, _, value)| !value.is_empty()).map(|(name, _, value)| (name.to_owned(), value));
    Typed::from(values.chain([("effective_from".to_owned(), desk.today().iso())]).collect::<Vec<_>>())
}

/// Which version was the newest when the form was opened.
fn newest(all: &[RuleRecord]) -> String {
    all.first().map(|rule| format!("{}:{}", rule.version, rule.state)).unwrap_or_default()
}

fn form(notice: &'static str, all: &[RuleRecord], typed: Option<&Typed>) -> Form {
    let readings = || FieldKind::Choice(READINGS.map(|(code, words)| (code.to_owned(), words.to_owned())).to_vec());
    let names = ServiceTerms::of("", "", "", 0, false, false).values();
    let field = |(name, label, _): (&'static str, &'static str, String)| match name {
        "min_channels" => Field::new(name, label, FieldKind::Number { min: 1, max: CHANNELS_MAX }),
        "all_respondents" | "needs_electronic_clause" => Field::new(name, label, FieldKind::Check).optional(),
        _ => Field::new(name, label, readings()),
    };
    let from = Field::new("effective_from", "In force from", FieldKind::Day { min: None, max: None });
    let base = Form {
        section: SECTION,
        heading: format!("Another rule for service of {}", lower(&Term::of(notice).label)),
        back: (address(notice), "Back to the rule".to_owned()),
        ..Form::default()
    };
    if let Some(waiting) = all.iter().find(|rule| rule.state == WAITING) {
        let lead = format!(
            "Version {} was proposed by {} and waits: once it is decided, or taken back, another can be.",
            waiting.version, waiting.made_by
        );
        return Form { lead: vec![lead], ..base };
    }
    Form {
        lead: vec![format!(
            "{} decides: until then nothing changes. What was served by the rule of its day stays served.",
            Permission::CheckRules.who_may()
        )],
        fields: names.into_iter().map(field).chain([from]).collect(),
        hidden: vec![(REVISION, newest(all)), (OPERATION, operation_for(typed))],
        action: format!("{}/new", address(notice)),
        submit: "Ask for approval".to_owned(),
        ..base
    }
}

/// Reads what was typed; evidence that has no field stays as it is in force.
fn read(typed: &Typed, stands: Option<&ServiceTerms>, today: Day) -> Result<(ServiceTerms, Day), Vec<FieldError>> {
    let mut reading = Reading::of(typed);
    let known = || READINGS.map(|(code, _)| (code.to_owned(), code.to_owned()));
    let mut read_as = |name: &'static str| reading.required(name, |reading| reading.some_choice(name, known()));
    let readings = crate::model::EVIDENCE.map(|(name, ..)| read_as(name));
    let (refused, unclaimed) = (read_as("refused_counts"), read_as("unclaimed_counts"));
    let min_channels = reading.required("min_channels", |reading| reading.some_number("min_channels", 1, CHANNELS_MAX));
    let from = reading.required("effective_from", |reading| reading.some_day("effective_from", None, None).map(Some));
    reading.done()?;
    let terms = ServiceTerms {
        readings,
        others: stands.map(|stands| stands.others.clone()).unwrap_or_default(),
        refused,
        unclaimed,
        min_channels,
        all_respondents: typed.has("all_respondents"),
        electronic_clause: typed.has("needs_electronic_clause"),
    };
    let from = from.unwrap_or(today);
    let problems = terms.problems(from, today);
    if problems.is_empty() { Ok((terms, from)) } else { Err(problems) }
}

/// Proposes it: a version that is not in force, and a request over it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(notice: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let desk = Desk::of(Permission::ProposeRules).await?;
    let notice = notice_of(notice)?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let key = idem_key(&desk.site.tenant, RuleRecord::DOCTYPE, &operation);
    let all = versions(&desk, &[notice]).await?;
    let done = Answered::Done { lead_to: address(notice) };
    if let Some(made) = all.iter().find(|rule| rule.idem_key == key) {
        // Sent a second time: what a fault kept from being asked for is asked for now.
        if made.state == WAITING {
            submit(&desk, &operation, made, in_force(&all, &desk)).await?;
        }
        return Ok(done);
    }
    let form = form(notice, &all, Some(typed));
    if typed.text(REVISION) != newest(&all) {
        return Ok(meanwhile(form, &all, typed));
    }
    if form.action.is_empty() {
        return Ok(Answered::Again(form));
    }
    let stands = in_force(&all, &desk);
    let (terms, from) = match read(typed, stands.map(RuleRecord::terms).as_ref(), desk.today()) {
        Ok(read) => read,
        Err(problems) => return Ok(Answered::Again(form.again(typed, &problems))),
    };
    if stands.is_some_and(|stands| stands.terms() == terms) {
        let mut form = form.again(typed, &[]);
        form.notice.push("Nothing of it is different from the version in force.".to_owned());
        return Ok(Answered::Again(form));
    }
    let begins = desk.midnight(from).ok_or(ErrorCode::BadRequest)?;
    let version = all.first().map_or(1, |newest| newest.version + 1);
    let institution = desk.client.institution().await?.to_string();
    let entry = audit::Entry::new(AuditKind::Config, PROPOSE).object(RuleRecord::DOCTYPE, &format!("{notice} {version}"));
    audit::record(entry.values(stands.map(|stands| said(&stands.terms())), Some(said(&terms)))).await?;
    let body = Changes::new()
        .set(Column::new("rule_key"), natural_key(&institution, &[notice, &version.to_string()]))
        .set(Column::new("idem_key"), key.as_str())
        .set(Column::new("made_by"), desk.user())
        .set(Column::new("changed_by"), desk.user())
        .set(Column::new("notice_type"), notice)
        .set(Column::new("version"), version)
        .set(Column::new("accepts"), terms.accepts())
        .set(Column::new("refused_counts"), terms.refused.as_str())
        .set(Column::new("unclaimed_counts"), terms.unclaimed.as_str())
        .set(Column::new("min_channels"), terms.min_channels)
        .set(Column::new("all_respondents"), terms.all_respondents)
        .set(Column::new("needs_electronic_clause"), terms.electronic_clause)
        .set(Column::new("effective_from_at"), begins)
        .set(Column::new("state"), WAITING);
    let made = match desk.client.create::<RuleRecord>(body).await {
        Ok(made) => made,
        // The same form at once, or somebody else's of the same number.
        Err(Fault::Duplicate) => {
            let all = versions(&desk, &[notice]).await?;
            return Ok(if all.iter().any(|rule| rule.idem_key == key) { done } else { meanwhile(form, &all, typed) });
        }
        Err(fault) => return Err(fault.into()),
    };
    submit(&desk, &operation, &made, stands).await?;
    Ok(done)
}

fn meanwhile(form: Form, all: &[RuleRecord], typed: &Typed) -> Answered {
    let mut form = renewed(form.again(typed, &[]));
    form.hidden.retain(|(name, _)| *name != REVISION);
    form.hidden.push((REVISION, newest(all)));
    let told = all.first().map(|rule| {
        format!("Version {}, proposed by {}, stands there now: {}.", rule.version, rule.made_by, Term::of(rule.state.as_str()).label)
    });
    form.notice.push("Somebody else was quicker. Nothing of yours was done.".to_owned());
    form.notice.extend(told);
    Answered::Changed(form)
}

fn said(terms: &ServiceTerms) -> Json {
    Json::Object(terms.values().into_iter().map(|(name, _, value)| (name.to_owned(), json!(value))).collect::<Map<_, _>>())
}

async fn submit(desk: &Desk, operation: &str, rule: &RuleRecord, stands: Option<&RuleRecord>) -> Result<(), Refusal> {
    let title = format!("Service of {}, version {}", lower(&Term::of(rule.notice_type.as_str()).label), rule.version);
    let asked = Asked { kind: KIND, object: (RuleRecord::DOCTYPE, &rule.name), title, amount: Inr::ZERO };
    let over = stands.map(|stands| stands.name.clone()).unwrap_or_default();
    let said = Said { action: PROPOSE.to_owned(), said: vec![("over".to_owned(), over)], values: rule.values(), before: Vec::new() };
    desk.ask_for(operation, asked, &said).await
}

/// A version that was proposed, before whoever decides on it.
pub struct SoughtRule {
    desk: Desk,
    rule: RuleRecord,
    revision: Revision,
    before: Option<RuleRecord>,
    fits: bool,
}

impl SoughtRule {
    /// Reads it, with the version that it would take the place of.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn of(request: &HouseRequest) -> Result<Self, Refusal> {
        let desk = Desk::of(Permission::SeeApprovals).await?;
        let (rule, revision, _) = desk.client.get_with_proof::<RuleRecord>(&request.object_name).await?;
        let all = versions(&desk, &[rule.notice_type.as_str()]).await?;
        let before = all.into_iter().find(|other| other.was_approved() && other.name != rule.name);
        let said = Said { values: rule.values(), ..Said::default() };
        let fits = said.hash() == request.submit_hash && rule.state == WAITING;
        Ok(Self { desk, rule, revision, before, fits })
    }

    /// Whether it is still what was proposed.
    pub const fn fits(&self) -> bool {
        self.fits
    }

    /// What it is about.
    pub fn about(&self) -> String {
        format!("In force from {}", self.desk.moment(&self.rule.effective_from_at))
    }

    /// Its page.
    pub fn address(&self) -> String {
        address(&self.rule.notice_type)
    }

    /// What would change.
    pub fn sheets(&self) -> Vec<Sheet> {
        let before = self.before.as_ref().map(RuleRecord::terms);
        let was = |name: &str| {
            before.as_ref().and_then(|terms| terms.values().into_iter().find(|(known, ..)| *known == name)).map(|(.., value)| value)
        };
        let changed = self.rule.terms().values().into_iter().filter_map(|(name, label, value)| {
            let was = was(name).unwrap_or_else(|| NOT_SERVED.to_owned());
            let words = |value: &str| Cell::text(ServiceTerms::words(name, value));
            (was != value).then(|| vec![Cell::text(label), words(&was), words(&value)])
        });
        let title = self
            .before
            .as_ref()
            .map_or_else(|| "What would hold".to_owned(), |before| format!("What would change of version {}", before.version));
        vec![Sheet::new(&title, "Nothing would change", &["What", "Now", "Proposed"]).with(changed)]
    }

    /// What stands against it now.
    pub fn against(&self) -> Vec<String> {
        let from = self.rule.effective_from_at.instant(&self.desk.site).and_then(crate::model::Instant::day);
        let late = from.is_some_and(|from| from < self.desk.today());
        let late = late.then(|| "The day from which it was to be in force has passed: propose it again.".to_owned());
        late.into_iter().collect()
    }

    /// Records that it is approved, before it is.
    ///
    /// # Errors
    /// Where it could not be recorded.
    pub async fn record(&self) -> Result<(), Refusal> {
        let entry = audit::Entry::new(AuditKind::Config, "rule.approve").object(RuleRecord::DOCTYPE, &self.rule.name);
        audit::record(entry.values(self.before.as_ref().map(|before| said(&before.terms())), Some(said(&self.rule.terms())))).await
    }

    /// Carries it out: first the version before it is retired, then this one is the newest that was approved. A fault in between is mended
    /// by doing it again.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn carry_out(&self, request: &HouseRequest) -> Result<(), Refusal> {
        let active = Query::<RuleRecord>::new(RowScope::institution_wide());
        let active = active.filter(Condition::eq(Column::new("notice_type"), self.rule.notice_type.as_str()));
        let active = active.filter(Condition::eq(Column::new("state"), ACTIVE)).page(0, 10);
        for old in self.desk.client.list(&active).await?.rows {
            let (_, revision, _) = self.desk.client.get_with_proof::<RuleRecord>(&old.name).await?;
            let changes = Changes::new().set(Column::new("state"), RETIRED).set(Column::new("changed_by"), self.desk.user());
            self.desk.client.update::<RuleRecord>(&old.name, &revision, changes).await?;
        }
        let changes = Changes::new()
            .set(Column::new("state"), ACTIVE)
            .set(Column::new("approved_by"), self.desk.user())
            .set(Column::new("approved_at"), self.desk.now())
            .set(Column::new("approval"), request.name.as_str())
            .set(Column::new("changed_by"), self.desk.user());
        self.desk.client.update::<RuleRecord>(&self.rule.name, &self.revision, changes).await?;
        Ok(())
    }

    /// What was returned or taken back does not wait any more.
    ///
    /// # Errors
    /// Any fault of the call.
    pub async fn ended(&self) -> Result<(), Refusal> {
        if self.rule.state != WAITING {
            return Ok(());
        }
        let changes = Changes::new().set(Column::new("state"), RETURNED).set(Column::new("changed_by"), self.desk.user());
        self.desk.client.update::<RuleRecord>(&self.rule.name, &self.revision, changes).await?;
        Ok(())
    }
}
