//! The tribunal's side: how many cases each arbitrator has, how enforceable awards would be, and what runs beside the arbitration. What
//! came of an arbitrator's cases is asked nowhere.

use std::collections::BTreeMap;

use super::{Desk, Refusal, add, wire::ProceedingRecord};
use crate::{
    model::{
        CaseId, Checklist, EnforceabilityMix, Filter, Matrix, MatrixLine, Narrowing, ProceedingRow, Proceedings, ProceedingsAsked, Tally,
        Term, Workload, proceedings_href,
    },
    server::{
        casework::{cases::wire::column, columns::some_text, dashboard::NumberRecord},
        frappe::{Condition, Direction, Field, Measure, Op, Query},
    },
};

/// Arbitrators that are listed.
const LISTED: usize = 30;
/// Proceedings on a page.
const PAGE_ROWS: u32 = 25;
/// Pages of proceedings that can be asked for.
const PAGES: u32 = 400;
/// Kinds of proceedings, in the order in which they are read.
const KINDS: [&str; 12] = ["S138", "S25_PSSA", "SARFAESI", "DRT", "S9", "S11", "S34", "S36", "FIR", "CONSUMER", "IBC", "OTHER"];
/// States of proceedings that are not over.
const STATES: [&str; 6] = ["PLANNED", "NOTICE_SENT", "FILED", "PENDING", "STAYED", "ORDERED"];

const KIND: Field = Field::new("kind");
const STATE: Field = Field::new("state");

/// Open cases by arbitrator.
///
/// # Errors
/// Who may not see cases is refused; otherwise what the upstream's fault means.
pub async fn workload(narrowing: Narrowing) -> Result<Workload, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let open = desk.cases(&[Filter::Open(true)], &[Measure::Sum(column::CLAIM)]).by(column::ARBITRATOR).by(Field::new("arbitrator_name"));
    let filters = |arbitrator: Option<String>| [Filter::Open(true), Filter::Arbitrator(arbitrator)];
    let mut nobody = Tally { href: Some(desk.narrowing.href(&filters(None))), ..Tally::default() };
    // A name that was corrected meanwhile stands in some cases still: they are one person's all the same.
    let mut people: BTreeMap<String, (String, Tally)> = BTreeMap::new();
    for group in desk.client.group_by(&open).await? {
        let (id, name) = (group.keys.first().cloned().unwrap_or_default(), group.keys.get(1).cloned().unwrap_or_default());
        if id.is_empty() {
            add(&mut nobody, &group);
            continue;
        }
        let held = people.entry(id.clone()).or_insert_with(|| {
            let href = (!id.contains('"')).then(|| desk.narrowing.href(&filters(Some(id))));
            (String::new(), Tally { href, ..Tally::default() })
        });
        if held.0.is_empty() {
            held.0 = name;
        }
        add(&mut held.1, &group);
    }
    let mut lines: Vec<_> = people.into_iter().map(|(id, (name, tally))| (some_text(name).unwrap_or(id), tally)).collect();
    lines.sort_by(|one, other| other.1.count.cmp(&one.1.count).then_with(|| one.0.cmp(&other.0)));
    let more = lines.len().saturating_sub(LISTED);
    lines.truncate(LISTED);
    Ok(Workload { lines, more, nobody, as_of: desk.now() })
}

/// How enforceable the awards of open cases would be.
///
/// # Errors
/// As [`workload`].
pub async fn enforceability(narrowing: Narrowing) -> Result<EnforceabilityMix, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let claim = Measure::Sum(column::CLAIM);
    let bands = desk.cases(&[Filter::Open(true)], &[claim, Measure::Sum(Field::new("enforceability_score"))]).by(column::BAND);
    // A case lists what is missing in one text: there are no more different texts than there are sets of eight items.
    let missing = desk.cases(&[Filter::Open(true)], &[claim]).by(column::MISSING);
    let (bands, sets) = futures::try_join!(desk.client.group_by(&bands), desk.client.group_by(&missing))?;
    let open = |own: Filter| Some(desk.narrowing.href(&[Filter::Open(true), own]));
    let band = |code: &'static str| {
        let mut tally = Tally { href: open(Filter::Band(code)), ..Tally::default() };
        bands.iter().filter(|group| group.keys.first().is_some_and(|key| key == code)).for_each(|group| add(&mut tally, group));
        (Term::of(code), tally)
    };
    let item = |(code, _): (&'static str, u32)| {
        let (mut tally, named) = (Tally { href: open(Filter::Missing(code)), ..Tally::default() }, format!(";{code};"));
        sets.iter().filter(|group| group.keys.first().is_some_and(|set| set.contains(&named))).for_each(|group| add(&mut tally, group));
        (Term::of(code), tally)
    };
    let scores = bands.iter().fold((0, 0), |(sum, cases), group| (sum + group.count(2), cases + group.count(0)));
    Ok(EnforceabilityMix {
        bands: ["RED", "AMBER", "GREEN"].map(band).into(),
        scores,
        missing: Checklist::ITEMS.map(item).into(),
        as_of: desk.now(),
    })
}

/// Proceedings that are not over, by kind and state, with what they are about.
///
/// # Errors
/// As [`workload`].
pub async fn proceedings(narrowing: Narrowing) -> Result<Matrix, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let all = desk.records::<ProceedingRecord>([Measure::Count, Measure::Sum(Field::new("amount"))]);
    let groups = desk.client.group_by(&all.filter(Condition::new(STATE, Op::Ne, "CLOSED")).by(KIND).by(STATE)).await?;
    let used = |index: usize, known: &[&str]| {
        let mut codes: Vec<_> = groups.iter().filter_map(|group| group.keys.get(index).cloned()).collect();
        codes.sort_by_key(|code| (known.iter().position(|known| known == code).unwrap_or(known.len()), code.clone()));
        codes.dedup();
        codes
    };
    let (kinds, states) = (used(0, &KINDS), used(1, &STATES));
    let tally = |kind: &str, state: &str| {
        let asked = ProceedingsAsked { kind: kind.to_owned(), state: state.to_owned(), page: 0 };
        let mut tally = Tally { href: Some(proceedings_href(&desk.narrowing, &asked)), ..Tally::default() };
        let is = |group: &&_, index: usize, code: &str| {
            let group: &crate::server::frappe::Group = group;
            code.is_empty() || group.keys.get(index).is_some_and(|key| key == code)
        };
        groups.iter().filter(|group| is(group, 0, kind) && is(group, 1, state)).for_each(|group| add(&mut tally, group));
        tally
    };
    let line = |kind: &str, label: String| MatrixLine {
        label,
        stage: None,
        cells: states.iter().map(|state| tally(kind, state)).collect(),
        all: tally(kind, ""),
    };
    Ok(Matrix {
        columns: states.iter().map(|state| Term::of(state.as_str()).label).collect(),
        lines: kinds.iter().map(|kind| line(kind, kind_term(kind).label)).collect(),
        feet: vec![line("", "All proceedings".to_owned())],
        as_of: desk.now(),
    })
}

/// Proceedings one by one, the newest filed first.
///
/// # Errors
/// As [`workload`].
pub async fn litigation(narrowing: Narrowing, asked: ProceedingsAsked) -> Result<Proceedings, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let asked = ProceedingsAsked { page: asked.page.min(PAGES), ..asked };
    let state = match asked.state.as_str() {
        "" => Condition::new(STATE, Op::Ne, "CLOSED"),
        state => Condition::eq(STATE, state),
    };
    let found = desk.list::<ProceedingRecord>().filter(state).order_by(Field::new("filed_on"), Direction::Descending);
    let found = if asked.kind.is_empty() { found } else { found.filter(Condition::eq(KIND, asked.kind.as_str())) };
    let found = desk.client.list(&found.page(asked.page * PAGE_ROWS, PAGE_ROWS)).await?;
    // Of those whose case is among the person's rows now, whatever a proceeding's own copy of the scope says.
    let names = Condition::one_of(column::NAME, found.rows.iter().map(|row| row.case_ref.as_str()));
    let cases = desk.client.list(&Query::<NumberRecord>::new(desk.grant.rows.clone()).filter(names).page(0, PAGE_ROWS)).await?.rows;
    let row = |row: ProceedingRecord| {
        let case_number = cases.iter().find(|case| case.name == row.case_ref)?.number();
        let forum = [row.forum, row.forum_place].into_iter().filter_map(some_text).collect::<Vec<_>>().join(", ");
        Some(ProceedingRow {
            case: CaseId::parse(&row.case_ref)?,
            case_number,
            kind: kind_term(&row.kind),
            state: Term::of(row.state),
            forum,
            number: some_text(row.number_text),
            filed_on: row.filed_on.day(),
            next_on: row.next_on.day(),
            amount: row.amount.0,
        })
    };
    let next = ProceedingsAsked { page: asked.page + 1, ..asked.clone() };
    Ok(Proceedings {
        next: (found.more && next.page <= PAGES).then(|| proceedings_href(&desk.narrowing, &next)),
        rows: found.rows.into_iter().filter_map(row).collect(),
        asked,
        as_of: desk.now(),
    })
}

/// What a kind of proceeding is called here: some of its codes mean something else elsewhere.
fn kind_term(code: &str) -> Term {
    let label = match code {
        "S138" => "Cheque, s. 138 NI Act",
        "S25_PSSA" => "Mandate, s. 25 PSS Act",
        "SARFAESI" => "SARFAESI",
        "DRT" => "Debts Recovery Tribunal",
        "S9" => "Interim relief, s. 9",
        "S11" => "Appointment, s. 11",
        "S34" => "Challenge, s. 34",
        "S36" => "Execution, s. 36",
        "FIR" => "FIR",
        "CONSUMER" => "Consumer forum",
        "IBC" => "Insolvency, IBC",
        other => return Term::of(other),
    };
    Term::named(code, label)
}
