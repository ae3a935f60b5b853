//! Pure components: functions of their arguments. None of them fetches, and none knows which page it is on.

mod basics;
mod sheet;
mod states;
#[cfg(feature = "ssr")]
mod text_area;

pub use basics::{DayCell, Icon, Money, StageChip, grouped};
pub use sheet::{board, exhibit, fact_group, rows, sheets, table};
pub use states::{EmptyState, FailedState, panel_skeleton, table_skeleton};
#[cfg(feature = "ssr")]
pub use text_area::text_area;
