//! Pure components: functions of their arguments. None of them fetches, and none knows which page it is on.

mod basics;
mod record_table;
mod states;

pub use basics::{DayCell, Icon, Money, StageChip};
pub use record_table::{Column, Facts, RecordTable, day_cell, fact_value, term_cell, text_cell};
pub use states::{EmptyState, FailedState, table_skeleton};
