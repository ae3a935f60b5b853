//! What one respondent gets: each text of the campaign with their values in it, and where each value comes from.
//!
//! Owns that nobody is shown whose case is not among the person's rows now, and that a role that knows no borrower is shown none: their names
//! are not asked for, and what would say who they are is masked. It must not know how a text is sent.

use super::{
    Found, SECTION,
    texts::{self, StepTexts, Text},
    wire::{CaseRecord, PartyRecord, RecipientSeen, column, names_somebody},
};
use crate::{
    model::{
        Cell, ErrorCode, Form, Insert, Names, Permission, Piece, PreflightCode, RecipientFilter, RecipientQuery, Sheet, Tone, inserts,
        language_name, merged,
    },
    server::{
        casework::{Refusal, columns, second::fact},
        frappe::{Condition, Direction, Op, Query, RowScope, Value},
    },
};

/// Stands for a value that this role does not know.
const MASKED: &str = "•••";

/// Respondents that are looked at for the first one whose case is the person's.
const LOOKED_AT: u32 = 20;

/// A respondent with their case, read for this person.
struct Shown {
    recipient: RecipientSeen,
    case: CaseRecord,
    party: PartyRecord,
}

impl Found {
    fn recipients(&self) -> Query<RecipientSeen> {
        let own = Query::<RecipientSeen>::new(self.desk.grant.rows.clone());
        own.filter(Condition::eq(column::CAMPAIGN, self.id.as_str()))
    }

    /// The first respondent that a query finds whose case is the person's: a case may have moved since the list was frozen.
    async fn shown(&self, query: Query<RecipientSeen>) -> Result<Option<Shown>, Refusal> {
        let (client, names) = (&self.desk.client, self.desk.grant.principal.role.names());
        let recipients = columns::list(client, query.page(0, LOOKED_AT), names).await?.rows;
        if recipients.is_empty() {
            return Ok(None);
        }
        let named = Condition::one_of(column::NAME, recipients.iter().map(|recipient| recipient.case_ref.as_str()));
        let own = client.list(&Query::<CaseRecord>::new(self.desk.grant.rows.clone()).filter(named).page(0, LOOKED_AT)).await?.rows;
        let first = recipients.into_iter().find_map(|recipient| {
            let case = own.iter().find(|case| case.name == recipient.case_ref)?.clone();
            Some((recipient, case))
        });
        let (recipient, case) = first.ok_or(ErrorCode::NotFound)?;
        let party = Query::<PartyRecord>::new(RowScope::institution_wide())
            .filter(Condition::eq(column::CASE, recipient.case_ref.as_str()))
            .filter(Condition::eq(column::NAME, recipient.party.as_str()));
        let party = columns::list(client, party.page(0, 1), names).await?.rows.pop().ok_or(ErrorCode::NotFound)?;
        Ok(Some(Shown { recipient, case, party }))
    }

    fn rendering_address(&self, at: &str, language: &str) -> String {
        let language = if language.is_empty() { String::new() } else { format!("&lang={language}") };
        format!("/notices/{}/rendering?at={at}{language}", self.id.as_str())
    }
}

/// The page: the respondent of this name, or the first one; in this language, or in their own.
///
/// # Errors
/// As [`show`](super::show); [`ErrorCode::NotFound`] for a respondent who is not among the person's rows, as for nobody's.
pub async fn rendering(id: &str, at: &str, language: &str) -> Result<Form, Refusal> {
    let found = Found::of(id, Permission::SeeNotices).await?;
    let texts = texts::of_steps(&found.desk.client, &found.work.steps).await?;
    let base = Form {
        section: SECTION,
        heading: "What each gets".to_owned(),
        about: found.about(),
        back: (found.address(), "Back to the campaign".to_owned()),
        wide: true,
        ..Form::default()
    };
    let by_name = found.recipients().order_by(column::NAME, Direction::Ascending);
    let asked = match at {
        "" => by_name,
        name => by_name.filter(Condition::eq(column::NAME, name)),
    };
    let shown = match found.shown(asked).await {
        Err(Refusal::Code(ErrorCode::NotFound)) if at.is_empty() => None,
        shown => shown?,
    };
    let Some(shown) = shown else {
        let nobody = "Nobody of your rows is on its list yet.".to_owned();
        return if at.is_empty() { Ok(Form { lead: vec![nobody], ..base }) } else { Err(ErrorCode::NotFound.into()) };
    };
    let name = shown.recipient.name.clone();
    let beside = |op: Op, direction: Direction| {
        let beside = found.recipients().filter(Condition::new(column::NAME, op, Value::from(name.as_str())));
        let beside = beside.order_by(column::NAME, direction).page(0, 1);
        async { Ok::<_, Refusal>(columns::list(&found.desk.client, beside, Names::Hidden).await?.rows.pop().map(|row| row.name)) }
    };
    let (before, after) = futures::try_join!(beside(Op::Lt, Direction::Descending), beside(Op::Gt, Direction::Ascending))?;
    let known = |language: &str| texts.iter().any(|step| step.languages().any(|known| known == language));
    let language = if known(language) { language } else { shown.party.language() };
    let mut links: Vec<(String, String)> = Vec::new();
    links.extend(before.map(|at| (found.rendering_address(&at, ""), "The one before".to_owned())));
    links.extend(after.map(|at| (found.rendering_address(&at, ""), "The next one".to_owned())));
    let mut languages: Vec<&str> = texts.iter().flat_map(StepTexts::languages).filter(|known| *known != language).collect();
    languages.sort_unstable();
    languages.dedup();
    links.extend(languages.into_iter().map(|other| (found.rendering_address(&name, other), format!("In {}", language_name(other)))));
    let recipient = &shown.recipient;
    let findings = recipient.findings.split(';').filter(|code| !code.is_empty());
    let findings: Vec<String> = findings.map(|code| PreflightCode::from(code.to_owned()).label().to_owned()).collect();
    let list = RecipientQuery::of(found.id.clone(), Vec::<RecipientFilter>::new()).href();
    let who = if recipient.title_text.is_empty() {
        recipient.party_label.clone()
    } else {
        format!("{} {}", recipient.party_label, recipient.title_text)
    };
    let stopped = [&recipient.block_reason, &recipient.stopped_reason].into_iter().find(|code| !code.is_empty());
    let stopped = stopped.map(|code| PreflightCode::from(code.clone()).sentence().to_owned());
    let facts = vec![
        crate::model::Fact { cell: Cell::text(who).to(list), ..fact("Respondent", "") },
        crate::model::Fact {
            cell: Cell::text(recipient.case_id.as_str()).to(format!("/cases/{}", recipient.case_ref)),
            ..fact("Case", "")
        },
        fact("Language", language_name(language)),
        fact("Found", findings.join(", ")),
        fact("Nothing is sent, because", stopped.unwrap_or_default()),
    ];
    let sheets = texts.iter().flat_map(|step| sheets_of(&found, step, &shown, language, None)).collect();
    Ok(Form { facts, sheets, links, ..base })
}

/// What one respondent gets, for a checker: one table for all that goes out in this language.
///
/// # Errors
/// Any fault of the calls.
pub(super) async fn sample_sheets(
    found: &Found,
    texts: &[StepTexts],
    recipient: &str,
    language: &str,
    title: &str,
) -> Result<Vec<Sheet>, Refusal> {
    let asked = found.recipients().filter(Condition::eq(column::NAME, recipient));
    let Some(shown) = found.shown(asked).await? else { return Ok(Vec::new()) };
    Ok(texts.iter().flat_map(|step| sheets_of(found, step, &shown, language, Some(title))).collect())
}

/// A step's text as this respondent gets it, a line a row; and its values.
fn sheets_of(found: &Found, step: &StepTexts, shown: &Shown, language: &str, title: Option<&str>) -> Vec<Sheet> {
    let channel = step.channel();
    let titled = |what: &str| title.map_or_else(|| what.to_owned(), |title| format!("{title}. {what}"));
    let (Some(text), in_language) = step.of(language) else {
        return vec![Sheet::new(&titled(channel.label()), "There is no text for this step", &["Text"])];
    };
    let pieces = written(found, text, shown);
    let lines = merged(&pieces);
    let subject = Some(text.record.subject.as_str()).filter(|subject| !subject.is_empty());
    let subject = subject.map(|subject| {
        let pieces = crate::model::pieces(subject, &text.variables, |field| masked(found, shown, field));
        vec![Cell::text(merged(&pieces)).line("Subject")]
    });
    let told =
        format!("{}: {}, version {}, {}", channel.label(), text.record.code, text.record.version, language_name(&text.record.language));
    let lines = subject.into_iter().chain(lines.lines().map(|line| vec![Cell::text(line)]));
    let words = Sheet::new(&titled(&told), "This text is not what its hash says: it goes to nobody", &["Text"]).with(lines);
    let remark = (!in_language).then(|| format!("There is no text in {}.", language_name(language)));
    let most = text.value_max();
    let value = |insert: &Insert| {
        let most = [Some(insert.longest).filter(|most| *most > 0), most].into_iter().flatten().min();
        let wrong = match (&insert.value, insert.is_too_long(text.value_max())) {
            (None, _) => Cell::text("Missing").meant(Tone::Bad),
            (Some(_), true) => Cell::text("Too long").meant(Tone::Bad),
            _ => Cell::default(),
        };
        let field = Some(insert.field.clone()).filter(|field| !field.is_empty());
        let length = most.map_or_else(|| insert.length().to_string(), |most| format!("{} of {most}", insert.length()));
        vec![Cell::text(insert.name.as_str()), Cell::some(insert.value.clone()), Cell::some(field), Cell::text(length), wrong]
    };
    let headings = ["Variable", "Value", "Comes from", "#Characters", "What is wrong"];
    let values = Sheet::new(&titled(&format!("{}: where its values come from", channel.label())), "It takes no value", &headings);
    vec![Sheet { remark, ..words }, values.with(inserts(&pieces).into_iter().map(value))]
}

fn written(found: &Found, text: &Text, shown: &Shown) -> Vec<Piece> {
    let body = text.body.as_deref().unwrap_or_default();
    crate::model::pieces(body, &text.variables, |field| masked(found, shown, field))
}

/// A value, for roles that know borrowers; for others what says who one is, is masked.
fn masked(found: &Found, shown: &Shown, field: &str) -> Option<String> {
    if found.desk.grant.principal.role.names() == Names::Hidden && names_somebody(field) {
        return Some(MASKED.to_owned());
    }
    super::wire::value_of(field, &shown.case, &shown.party, &found.desk.site)
}
