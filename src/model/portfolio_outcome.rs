//! The portfolio summary's figures of what came of the cases: awards, payments, promises, costs, and the advocates' share in it.

use super::{Day, Inr, Instant, Matrix, Tally, Term, Told};

/// Awards by month of registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardRates {
    /// The months in which something was registered, the earliest first.
    pub months: Vec<AwardCohort>,
    /// For each period, the months for all of whose cases it is over.
    pub over: Vec<AwardsOver>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// The cases registered in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardCohort {
    /// The month's first day.
    pub month: Day,
    /// Cases registered in it.
    pub cases: Tally,
    /// Those awarded within each period.
    pub within: Vec<AwardsWithin>,
}

/// Cases awarded within a period from their registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AwardsWithin {
    /// The cases.
    pub awards: Tally,
    /// Whether the period is over for every case of the month.
    pub complete: bool,
}

/// The months for all of whose cases a period is over, together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AwardsOver {
    /// Days of the period.
    pub days: u32,
    /// The first day of the last such month; `None` where there is no such month.
    pub last: Option<Day>,
    /// Cases registered in those months.
    pub cases: Tally,
    /// Those awarded within the period.
    pub awards: Tally,
}

/// What was paid after notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidAfterNotice {
    /// A line for each kind of notice that was served.
    pub lines: Vec<NoticePaid>,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// A kind of notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticePaid {
    /// The notice.
    pub notice: Term,
    /// How many were served.
    pub served: u64,
    /// After how many of them a payment came within 15, and within 30 days.
    pub within: [u64; 2],
}

/// Counts and amounts, and the shares that they make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rated {
    /// Counts and amounts.
    pub matrix: Matrix,
    /// Shares for each line and then each foot; `None` where there can be none.
    pub rates: Vec<Vec<Option<Told>>>,
}

/// What the cases cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Costs {
    /// Costs by kind and by how far they are paid.
    pub matrix: Matrix,
    /// The same cases, and the confirmed payments in them.
    pub recovered: Tally,
    /// Costs that are accrued or billed and not paid.
    pub exposure: Tally,
    /// Fees for appearances.
    pub fees: Tally,
    /// Those whose hearing was not held and attended.
    pub fees_unverified: Tally,
    /// Hearings for which an appearance is claimed.
    pub claimed: u64,
    /// Those for which nobody has verified it.
    pub claimed_unverified: u64,
}

/// The panel's advocates by what came of their cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scorecard {
    /// The advocates with most closures first.
    pub lines: Vec<AdvocateScore>,
    /// How many more there are.
    pub more: usize,
    /// When the upstream gave them.
    pub as_of: Instant,
}

/// One advocate's cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdvocateScore {
    /// What the advocate is called; the record's name where names are hidden.
    pub name: String,
    /// Cases that were closed.
    pub closed: Tally,
    /// Those of them in which something was paid: in full, by settlement, or under an award.
    pub paid: Tally,
    /// Cases that were awarded.
    pub awards: Tally,
    /// Median days from filing to those awards.
    pub median_days: Option<u32>,
    /// Hearings whose day came.
    pub hearings: u64,
    /// Those adjourned at the institution's own request.
    pub adjourned: u64,
    /// What the cases cost.
    pub costs: Tally,
    /// What of it the advocate charged.
    pub own_costs: Inr,
}
