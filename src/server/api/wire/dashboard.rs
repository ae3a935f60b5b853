//! The dashboard's figures, as they travel.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    CaseRef, Code, Date, Moment, Paise, Wire,
    case::{Hearing, Task},
    wire,
};
use crate::model::{self, Change, Difference, FigureValue as Value, MoveLine, RiskRow, StageLine};

/// The operations dashboard. A panel that could not be had in time is null and named in `unavailable`; the others stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dashboard {
    /// What waits for the person, and for whoever has their role.
    pub queue: Option<Queue>,
    /// Hearings of today and of the week.
    pub hearings: Option<HearingsAhead>,
    /// Clocks that may run out.
    pub clocks: Option<ClocksAtRisk>,
    /// How the portfolio stands.
    pub portfolio: Option<Portfolio>,
    /// Open cases by stage.
    pub stages: Option<StageMix>,
    /// Cases that came and went, week by week.
    pub throughput: Option<Throughput>,
    /// Cases that entered and left each stage, week by week.
    pub moves: Option<StageMoves>,
    /// The panels that are null because they could not be had: ask again later.
    #[schema(example = json!([]))]
    pub unavailable: Vec<String>,
}

/// What waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct Queue {
    /// All that wait.
    pub waiting: u64,
    /// Those whose day has passed.
    pub overdue: u64,
    /// By kind, most first.
    pub kinds: Vec<KindCount>,
    /// The soonest of them.
    pub first: Vec<Task>,
    /// Today on the institution's calendar.
    pub today: Date,
    /// When the institution's server gave it.
    pub as_of: Moment,
}

/// How many of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct KindCount {
    /// The kind.
    pub kind: Code,
    /// So many.
    pub count: u64,
}

impl Wire<Queue> for model::Queue {
    fn wire(self) -> Queue {
        Queue {
            waiting: self.waiting,
            overdue: self.overdue,
            kinds: self.kinds.into_iter().map(|(kind, count)| KindCount { kind: kind.wire(), count }).collect(),
            first: self.first.wire(),
            today: self.today.wire(),
            as_of: self.as_of.wire(),
        }
    }
}

wire! {
    /// Hearings of today and of the week.
    HearingsAhead of HearingsAhead {
        /// Today's, by time, 50 at most; `/api/v1/hearings` has them all.
        today: Vec<Hearing>,
        /// How many there are today.
        today_count: u64,
        /// How many of today's are not prepared.
        unprepared: u64,
        /// How many there are from today on in seven days.
        week_count: u64,
        /// When the institution's server gave them.
        as_of: Moment,
    }
}

wire! {
    /// Clocks that may run out.
    ClocksAtRisk of ClocksAtRisk {
        /// Cases whose award or limitation is at risk.
        figures: Vec<Figure>,
        /// The soonest clocks on which the institution must act.
        first: Vec<ClockAtRisk>,
        /// Today on the institution's calendar.
        today: Date,
        /// When the institution's server gave them.
        as_of: Moment,
    }
}

/// A clock of a case that may run out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockAtRisk {
    /// The case.
    pub case: CaseRef,
    /// Which clock.
    pub clock: Code,
    /// Whose, where it runs for each party.
    pub party: Option<String>,
    /// Its last day.
    pub due_on: Option<Date>,
}

impl Wire<ClockAtRisk> for RiskRow {
    fn wire(self) -> ClockAtRisk {
        ClockAtRisk {
            case: CaseRef { id: self.case.wire(), number: self.number },
            clock: self.clock.wire(),
            party: self.party,
            due_on: self.due_on.wire(),
        }
    }
}

wire! {
    /// How the portfolio stands.
    Portfolio of FigureStrip {
        /// The figures.
        figures: Vec<Figure>,
        /// When the institution's server gave them.
        as_of: Moment,
    }
}

/// A figure, with what it is made of.
#[derive(Debug, Serialize, ToSchema)]
pub struct Figure {
    /// Its code.
    #[schema(example = "active_cases")]
    pub code: String,
    /// What it counts, in words.
    pub label: String,
    /// The figure.
    pub value: FigureValue,
    /// How it is computed, in words.
    pub formula: String,
    /// The address of the cases that make it: its `total` is their number.
    #[schema(example = "/api/v1/cases?q=open%3Ayes")]
    pub href: Option<String>,
    /// How it has changed in 30 days; null where the records do not say.
    pub change: Option<FigureChange>,
}

impl Wire<Figure> for model::Figure {
    fn wire(self) -> Figure {
        Figure {
            code: self.code.to_owned(),
            label: self.label,
            value: self.value.wire(),
            formula: self.formula,
            href: self.href.map(|page| list_of(&page)),
            change: self.change.wire(),
        }
    }
}

/// How a figure has changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureChange {
    /// By how much.
    pub by: FigureDifference,
    /// Since the beginning of this day.
    pub since: Date,
    /// Days since then.
    #[schema(minimum = 0, example = 30)]
    pub days: i64,
}

impl Wire<FigureChange> for Change {
    fn wire(self) -> FigureChange {
        FigureChange { by: self.by.wire(), since: self.since.wire(), days: self.days }
    }
}

/// By how much a figure has changed, negative where it has fallen; `kind` is that of the figure's value.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FigureDifference {
    /// So many.
    Count {
        /// The number.
        count: i64,
    },
    /// So much.
    Money {
        /// The amount.
        amount_paise: Paise,
    },
    /// So many days.
    Days {
        /// The days.
        days: i64,
    },
}

impl Wire<FigureDifference> for Difference {
    fn wire(self) -> FigureDifference {
        match self {
            Self::Count(count) => FigureDifference::Count { count },
            Self::Money(amount) => FigureDifference::Money { amount_paise: amount.wire() },
            Self::Days(days) => FigureDifference::Days { days },
        }
    }
}

/// The list's page and the list of the API take the same parameters.
fn list_of(page: &str) -> String {
    format!("/api/v1{page}")
}

/// A figure's value; `kind` says which of the others are there.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FigureValue {
    /// So many.
    Count {
        /// The number.
        count: u64,
    },
    /// So much.
    Money {
        /// The amount.
        amount_paise: Paise,
    },
    /// So many of so many.
    Share {
        /// Those that do.
        part: u64,
        /// All that could.
        whole: u64,
    },
    /// A median.
    Days {
        /// Days; null where there is nothing to take it of.
        #[schema(required)]
        days: Option<u32>,
    },
}

impl Wire<FigureValue> for Value {
    fn wire(self) -> FigureValue {
        match self {
            Self::Count(count) => FigureValue::Count { count },
            Self::Money(amount) => FigureValue::Money { amount_paise: amount.wire() },
            Self::Share { part, whole } => FigureValue::Share { part, whole },
            Self::Days(days) => FigureValue::Days { days },
        }
    }
}

wire! {
    /// Open cases by stage.
    StageMix of StageMix {
        /// The stages in their order; those without a case have zeros.
        stages: Vec<StageCount> = lines,
        /// When the institution's server gave them.
        as_of: Moment,
    }
}

/// The open cases of one stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct StageCount {
    /// The stage.
    pub stage: Code,
    /// How many.
    pub cases: u64,
    /// Sum of their claims.
    pub claim_paise: Paise,
    /// Median days that they have been in it.
    pub median_days: Option<u32>,
    /// Days of the one that has been in it longest.
    pub oldest_days: Option<u32>,
    /// The address of the cases.
    pub href: String,
}

impl Wire<StageCount> for StageLine {
    fn wire(self) -> StageCount {
        StageCount {
            stage: self.stage.wire(),
            cases: self.cases,
            claim_paise: self.claim.wire(),
            median_days: self.median_days,
            oldest_days: self.oldest_days,
            href: list_of(&self.href),
        }
    }
}

wire! {
    /// Cases that came and went, week by week.
    Throughput of Throughput {
        /// The weeks, the earliest first; the last one is still running.
        weeks: Vec<Week>,
        /// When the institution's server gave them.
        as_of: Moment,
    }
}

/// What came and went in one week, Monday to Sunday.
#[derive(Debug, Serialize, ToSchema)]
pub struct Week {
    /// Its first day.
    pub monday: Date,
    /// References filed in it.
    pub filed: u64,
    /// The address of those cases.
    pub filed_href: String,
    /// Cases closed in it, for whatever reason.
    pub closed: u64,
    /// The address of those cases.
    pub closed_href: String,
}

impl Wire<Week> for model::WeekFlow {
    fn wire(self) -> Week {
        Week {
            monday: self.monday.wire(),
            filed: self.filed,
            filed_href: list_of(&self.filed_href),
            closed: self.closed,
            closed_href: list_of(&self.closed_href),
        }
    }
}

/// Cases that entered and left each stage, week by week, as their timelines say; a case that comes back counts again.
#[derive(Debug, Serialize, ToSchema)]
pub struct StageMoves {
    /// The weeks' first days, the earliest first; the last week is still running.
    pub weeks: Vec<Date>,
    /// The stages in their order, Closed among them.
    pub stages: Vec<MovesOfStage>,
    /// Where only the first so many of the person's cases that moved could be looked at: how many. Null where all were.
    pub only_cases: Option<u64>,
    /// When the institution's server gave them.
    pub as_of: Moment,
}

/// What entered and left one stage.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovesOfStage {
    /// The stage.
    pub stage: Code,
    /// Cases that entered it, in each of the weeks.
    pub entered: Vec<u64>,
    /// Cases that left it, in each of the weeks.
    pub left: Vec<u64>,
}

impl Wire<StageMoves> for model::StageMoves {
    fn wire(self) -> StageMoves {
        StageMoves {
            weeks: self.weeks.wire(),
            stages: self.lines.wire(),
            only_cases: self.only.and_then(|cases| u64::try_from(cases).ok()),
            as_of: self.as_of.wire(),
        }
    }
}

impl Wire<MovesOfStage> for MoveLine {
    fn wire(self) -> MovesOfStage {
        let (entered, left) = self.weeks.into_iter().unzip();
        MovesOfStage { stage: self.stage.wire(), entered, left }
    }
}
