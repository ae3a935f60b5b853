//! Pure components: functions of their arguments. None of them fetches, and none knows which page it is on.

mod basics;
mod states;

pub use basics::{DayCell, Icon, Money, StageChip};
pub use states::{EmptyState, FailedState, table_skeleton};
