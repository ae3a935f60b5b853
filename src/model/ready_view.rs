//! Views of the case list that are there for everybody, by a clock that may run out: the dashboard's figures and the list's menu ask by
//! the very same filters.

use super::{Bound, Day, Filter, Stage};

/// Days before the end of the time for an award at which it is at risk.
const AWARD_RISK_DAYS: i64 = 60;
/// Days before limitation at which a case that has not been invoked is at risk.
const LIMITATION_RISK_DAYS: i64 = 180;

/// Cases without an award whose time for one ends soon or has ended.
pub fn award_at_risk(today: Day) -> Vec<Filter> {
    vec![Filter::Awarded(None), Filter::AwardDue(Bound::AtMost, today.later(AWARD_RISK_DAYS))]
}

/// Cases not yet invoked whose limitation ends soon or has ended.
pub fn limitation_at_risk(today: Day) -> Vec<Filter> {
    vec![
        Filter::Stage(Stage::Intake),
        Filter::Stage(Stage::PreArbitration),
        Filter::Limitation(Bound::AtMost, today.later(LIMITATION_RISK_DAYS)),
    ]
}

/// Open cases whose award can still be challenged.
fn challenge_window(today: Day) -> Vec<Filter> {
    vec![Filter::Open(true), Filter::ChallengeDue(Bound::AtLeast, today)]
}

/// Open cases on which something is owed within seven days, today included.
fn due_this_week(today: Day) -> Vec<Filter> {
    vec![Filter::Open(true), Filter::Due(Bound::AtLeast, today), Filter::Due(Bound::Below, today.later(7))]
}

/// The views, with what they are called.
pub fn ready_views(today: Day) -> [(&'static str, Vec<Filter>); 4] {
    [
        ("S.29A at risk", award_at_risk(today)),
        ("Limitation at risk", limitation_at_risk(today)),
        ("S.34 window", challenge_window(today)),
        ("Due this week", due_this_week(today)),
    ]
}
