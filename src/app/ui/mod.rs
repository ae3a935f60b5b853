//! Pure components: functions of their arguments. None of them fetches, and none knows which page it is on.

mod basics;
mod record_table;
mod states;

pub use basics::{AsOf, DayCell, Icon, Money, StageChip, grouped};
pub use record_table::{Column, Facts, RecordTable, day_cell, fact_value, term_cell, text_cell};
pub use states::{EmptyState, FailedState, panel_skeleton, table_skeleton};
