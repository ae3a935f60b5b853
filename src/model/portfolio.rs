//! The portfolio summary: counts and sums over many cases, each with the address of the cases that make it. No record of one case is in
//! it but where proceedings are listed.

use super::{CaseId, CaseQuery, Day, Filter, Inr, Instant, Stage, Term};

/// The most characters of a narrowing that are kept: it stands in the address of every figure, beside the figure's own filters.
const NARROWING_CHARS: usize = 240;
/// The most filters of a narrowing.
const NARROWING_FILTERS: usize = 8;

/// To what the whole summary is narrowed: by what every record of a case carries, so that payments and proceedings are narrowed too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowing {
    /// Zones, branches, products and legal owners.
    pub filters: Vec<Filter>,
    /// What was asked for and is not applied.
    pub unread: Vec<String>,
}

impl Narrowing {
    /// Reads the query box's language, as far as it can narrow a summary.
    pub fn read(text: &str) -> Self {
        let query = CaseQuery::from_params(text, "", "", "");
        let mut narrowing = Self { unread: query.problems.into_iter().map(|problem| problem.part).collect(), ..Self::default() };
        for filter in query.filters {
            let carried = matches!(filter, Filter::Zone(_) | Filter::Branch(_) | Filter::Product(_) | Filter::Owner(_));
            let room = narrowing.filters.len() < NARROWING_FILTERS && narrowing.text().len() + filter.text().len() < NARROWING_CHARS;
            if carried && room { narrowing.filters.push(filter) } else { narrowing.unread.push(filter.text()) }
        }
        narrowing.unread.extend((!query.search.is_empty()).then_some(query.search));
        narrowing
    }

    /// The same in the query box's words.
    pub fn text(&self) -> String {
        self.filters.iter().map(Filter::text).collect::<Vec<_>>().join(" ")
    }

    /// What both the narrowing and these filters find. Codes of one kind would be alternatives beside each other, so a figure's own code
    /// takes the place of the narrowing's: it was found under it.
    pub fn with(&self, more: &[Filter]) -> CaseQuery {
        let same_kind = |held: &Filter| more.iter().any(|own| std::mem::discriminant(own) == std::mem::discriminant(held));
        let kept = self.filters.iter().filter(|held| !same_kind(held)).cloned();
        CaseQuery { filters: kept.chain(more.iter().cloned()).collect(), ..CaseQuery::default() }
    }

    /// The address of the cases that both find.
    pub fn href(&self, more: &[Filter]) -> String {
        self.with(more).href()
    }
}

/// What the summary is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// Whose portfolio.
    pub institution: String,
    /// Who asks.
    pub person: String,
    /// The rows that they reach, in a sentence.
    pub scope: String,
    /// To what it is narrowed.
    pub narrowing: Narrowing,
    /// The day on which it was asked for.
    pub today: Day,
    /// When it was asked for.
    pub as_of: Instant,
}

/// Cases, or other records, and what they come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// What they come to.
    pub amount: Inr,
    /// The address of those very rows; `None` where no address finds them.
    pub href: Option<String>,
}

/// Counts and amounts by two things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matrix {
    /// What the columns are.
    pub columns: Vec<String>,
    /// The lines.
    pub lines: Vec<MatrixLine>,
    /// Lines of their own below, sums first.
    pub feet: Vec<MatrixLine>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// One line of a matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixLine {
    /// What it is of.
    pub label: String,
    /// The stage that it is of.
    pub stage: Option<Stage>,
    /// A cell for each column.
    pub cells: Vec<Tally>,
    /// The whole line.
    pub all: Tally,
}

/// How long cases stay in their stages, against the institution's limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bottlenecks {
    /// The stages that have cases, in their order.
    pub lines: Vec<Bottleneck>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bottleneck {
    /// The stage.
    pub stage: Stage,
    /// Its open cases.
    pub cases: Tally,
    /// Median days that they have been in it.
    pub median_days: Option<u32>,
    /// Days that the institution allows; `None` where its policy sets none.
    pub limit_days: Option<u32>,
    /// Those that have been in it for longer.
    pub over: Option<Tally>,
}

/// What was recovered of the cases filed in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohort {
    /// The month's first day.
    pub month: Day,
    /// Cases filed in it.
    pub cases: Tally,
    /// What had been paid by the end of each period of thirty days after filing.
    pub paid: Vec<Inr>,
    /// Periods that are over for every case of the month; later ones may still grow.
    pub complete: usize,
}

/// The cohorts of the last months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cohorts {
    /// The months in which something was filed, the earliest first.
    pub months: Vec<Cohort>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// Open cases by arbitrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// The arbitrators with most first.
    pub lines: Vec<(String, Tally)>,
    /// How many more there are.
    pub more: usize,
    /// Cases in which no appointment is in force.
    pub nobody: Tally,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// How enforceable the awards of the open cases would be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnforceabilityMix {
    /// The bands, the worst first, each with its cases.
    pub bands: Vec<(Term, Tally)>,
    /// Sum of the scores, of so many cases.
    pub scores: (u64, u64),
    /// Cases in which something is missing, by what is missing.
    pub missing: Vec<(Term, Tally)>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// A figure of the whole portfolio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measured {
    /// What it is called.
    pub label: &'static str,
    /// The figure.
    pub told: Told,
    /// How it is computed, in words.
    pub formula: &'static str,
    /// The address of the rows that make it.
    pub href: Option<String>,
}

/// A figure's value, with what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// So many, and what they come to.
    Cases(u64, Inr),
    /// So many of so many.
    Share(u64, u64),
    /// So much of so much, of so many cases.
    Part(Inr, Inr, u64),
    /// What was agreed on, of what was due, in so many settlements: the difference was given up.
    Waived(Inr, Inr, u64),
    /// Days, of so many cases; `None` where there is nothing to take them of.
    Days(Option<u32>, u64),
}

/// Figures of one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measures {
    /// The figures, in the order in which they are read.
    pub figures: Vec<Measured>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// Which proceedings are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProceedingsAsked {
    /// Of this kind; empty: of any.
    pub kind: String,
    /// In this state; empty: in any but closed.
    pub state: String,
    /// Which page, from 0 on.
    pub page: u32,
}

/// Proceedings beside and after the arbitration, one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proceedings {
    /// The rows, the newest filed first.
    pub rows: Vec<ProceedingRow>,
    /// What was asked for.
    pub asked: ProceedingsAsked,
    /// The address of the page that follows.
    pub next: Option<String>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// A proceeding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProceedingRow {
    /// Its case.
    pub case: CaseId,
    /// The case's number, or the draft number.
    pub case_number: String,
    /// Of what kind.
    pub kind: Term,
    /// How far it has come.
    pub state: Term,
    /// Court or authority, and its place.
    pub forum: String,
    /// Its number there.
    pub number: Option<String>,
    /// When it was filed.
    pub filed_on: Option<Day>,
    /// Its next date.
    pub next_on: Option<Day>,
    /// What it is about.
    pub amount: Inr,
}

/// The address of the proceedings of a kind and in a state, under a narrowing.
pub fn proceedings_href(narrowing: &Narrowing, asked: &ProceedingsAsked) -> String {
    let ProceedingsAsked { kind, state, page } = asked;
    let page = if *page > 0 { page.to_string() } else { String::new() };
    let params = [("q", narrowing.text()), ("kind", kind.clone()), ("state", state.clone()), ("page", page)];
    let said = params.iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<_> = said.map(|(name, value)| format!("{name}={}", super::address::encode(value))).collect();
    format!("/portfolio{}{}#litigation", if said.is_empty() { "" } else { "?" }, said.join("&"))
}

/// The least value that so many thousandths of a histogram's values do not exceed; `None` of nothing. The histogram need not be sorted.
pub fn quantile(histogram: &mut [(u32, u64)], per_mille: u64) -> Option<u32> {
    histogram.sort_unstable();
    let all: u64 = histogram.iter().map(|(_, often)| often).sum();
    let mut seen = 0;
    histogram.iter().find_map(|(value, often)| {
        seen += often;
        (*often > 0 && seen * 1000 >= all * per_mille).then_some(*value)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{Bound, Product, median};

    #[test]
    fn what_cannot_narrow_every_record_is_said_and_not_applied() {
        let narrowing = Narrowing::read("zone:west stage:hearing product:gold sharma colour:blue");
        assert_eq!(narrowing.filters, [Filter::Zone("WEST".into()), Filter::Product(Product::Gold)]);
        assert_eq!(narrowing.unread, ["colour:blue", "stage:hearing", "sharma"]);
    }

    #[test]
    fn a_figures_own_code_replaces_the_narrowings_and_its_dates_stand_beside() {
        let narrowing = Narrowing::read("product:gold product:pl zone:west");
        let own = [Filter::Product(Product::Gold), Filter::StageSince(Bound::AtMost, Day::EPOCH)];
        assert_eq!(narrowing.with(&own).text(), "zone:west product:\"gold loan\" stagesince:<=1970-01-01");
    }

    #[test]
    fn an_address_of_proceedings_says_what_was_asked_for_and_nothing_else() {
        let asked = |kind: &str, page| ProceedingsAsked { kind: kind.into(), state: String::new(), page };
        assert_eq!(proceedings_href(&Narrowing::default(), &asked("", 0)), "/portfolio#litigation");
        let narrowed = proceedings_href(&Narrowing::read("zone:west"), &asked("S138", 2));
        assert_eq!(narrowed, "/portfolio?q=zone%3Awest&kind=S138&page=2#litigation");
    }

    proptest! {
        #[test]
        fn a_narrowing_leaves_room_for_every_figures_own_filters(zones in prop::collection::vec("[a-z ]{1,60}", 0..30)) {
            let text = zones.iter().map(|zone| format!("zone:\"{zone}\"")).collect::<Vec<_>>().join(" ");
            let narrowing = Narrowing::read(&text);
            let day = Day::parse("2026-11-26").unwrap();
            let own = [
                Filter::Open(true),
                Filter::Stage(Stage::PreArbitration),
                Filter::StageSince(Bound::AtLeast, day),
                Filter::StageSince(Bound::AtMost, day),
            ];
            let wanted = narrowing.with(&own);
            let read = CaseQuery::from_params(&wanted.text(), "", "", "");
            prop_assert_eq!(&read.filters, &wanted.filters);
            prop_assert!(read.problems.is_empty());
        }

        #[test]
        fn a_quantile_is_a_value_that_as_many_do_not_exceed(values in prop::collection::vec((0..50_u32, 0..4_u64), 0..30), per_mille in 1..=1000_u64) {
            let (mut histogram, mut same) = (values.clone(), values.clone());
            let all: u64 = values.iter().map(|(_, often)| often).sum();
            match quantile(&mut histogram, per_mille) {
                None => prop_assert_eq!(all, 0),
                Some(found) => {
                    let up_to = |limit: u32| values.iter().filter(|(value, _)| *value <= limit).map(|(_, often)| often).sum::<u64>();
                    prop_assert!(up_to(found) * 1000 >= all * per_mille);
                    prop_assert!(found == 0 || up_to(found - 1) * 1000 < all * per_mille);
                }
            }
            prop_assert_eq!(quantile(&mut same, 500), median(&mut values.clone()));
        }
    }
}
