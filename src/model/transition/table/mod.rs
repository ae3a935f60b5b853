//! The process table: every step, as data.
//!
//! Here is how a row is written; the rows stand beside, by stretch of the process. Nothing here judges.

mod award;
mod intake;
mod tribunal;

use super::{Effect, FourEyes, Guard, Need, Start, To, Transition};
use crate::model::{Actor, EventKind, Outcome, Stage, Status};

/// All rows, in the order of the table.
pub(super) const PARTS: [&[Transition]; 3] = [intake::ROWS, tribunal::ROWS, award::ROWS];

/// A row that stays where it is and is nobody's, until it is said otherwise.
const fn row(no: u8, action: &'static str, label: &'static str, event: &'static str) -> Transition {
    Transition {
        no,
        action,
        label,
        event,
        kind: &EventKind::Stage,
        start: Start::In { stages: &[], statuses: &[] },
        to: To::Stays,
        ends: None,
        by: &[],
        collections: false,
        prepared_by: &[],
        completed_by: None,
        four_eyes: FourEyes::No,
        guards: &[],
        needs: &[],
        effects: &[],
    }
}

impl Transition {
    const fn starting(self, start: Start) -> Self {
        Self { start, ..self }
    }

    const fn at(self, statuses: &'static [Status]) -> Self {
        self.starting(Start::In { stages: &[], statuses })
    }

    const fn within(self, stages: &'static [Stage], statuses: &'static [Status]) -> Self {
        self.starting(Start::In { stages, statuses })
    }

    const fn to(self, to: To) -> Self {
        Self { to, ..self }
    }

    const fn goes(self, status: &'static Status) -> Self {
        self.to(To::Goes(status))
    }

    const fn closes(self, outcome: &'static Outcome) -> Self {
        Self { ends: Some(outcome), ..self.goes(&Status::Closed) }
    }

    const fn by(self, by: &'static [Actor], kind: &'static EventKind) -> Self {
        Self { by, kind, ..self }
    }

    const fn four_eyes(self, four_eyes: FourEyes) -> Self {
        Self { four_eyes, ..self }
    }

    const fn when(self, guards: &'static [Guard]) -> Self {
        Self { guards, ..self }
    }

    const fn saying(self, needs: &'static [Need]) -> Self {
        Self { needs, ..self }
    }

    const fn leaves(self, effects: &'static [Effect]) -> Self {
        Self { effects, ..self }
    }
}
