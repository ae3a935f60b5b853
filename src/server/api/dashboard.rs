//! `/api/v1/dashboard`.

use axum::Json;

use super::{
    Refusals,
    wire::{Wire, dashboard::Dashboard},
};
use crate::{
    model::{ErrorCode, PortalError},
    server::{casework::dashboard, context::InTenant},
};

/// The operations dashboard: what waits, hearings, clocks, the portfolio with its changes, the stages, and what moved by week.
///
/// Each panel is asked for by itself, so that one which fails takes no other with it; it is null then, and named in `unavailable`. An
/// answer without any panel is a problem.
///
/// # Errors
/// Who may not see cases is refused; the first panel's error where none could be had.
#[utoipa::path(get, path = "/api/v1/dashboard", tag = "figures", responses((status = 200, description = "The figures.", body = Dashboard), Refusals))]
pub async fn get_dashboard(InTenant(scope): InTenant) -> Result<Json<Dashboard>, PortalError> {
    let (queue, hearings, clocks, portfolio, stages, throughput, moves) = futures::join!(
        scope.clone().enter(dashboard::queue()),
        scope.clone().enter(dashboard::hearings()),
        scope.clone().enter(dashboard::clocks()),
        scope.clone().enter(dashboard::portfolio()),
        scope.clone().enter(dashboard::stages()),
        scope.clone().enter(dashboard::throughput()),
        scope.enter(dashboard::moves()),
    );
    let mut panels = Panels::default();
    let answer = Dashboard {
        queue: panels.take("queue", queue)?,
        hearings: panels.take("hearings", hearings)?,
        clocks: panels.take("clocks", clocks)?,
        portfolio: panels.take("portfolio", portfolio)?,
        stages: panels.take("stages", stages)?,
        throughput: panels.take("throughput", throughput)?,
        moves: panels.take("moves", moves)?,
        unavailable: Vec::new(),
    };
    Ok(Json(Dashboard { unavailable: panels.unavailable()?, ..answer }))
}

/// Which panels could not be had.
#[derive(Default)]
struct Panels {
    had: usize,
    missing: Vec<String>,
    first: Option<PortalError>,
}

impl Panels {
    /// A panel, or nothing where the institution's server failed; what we refuse ourselves holds for the whole answer.
    fn take<T: Wire<W>, W>(&mut self, name: &str, panel: Result<T, PortalError>) -> Result<Option<W>, PortalError> {
        match panel {
            Ok(panel) => {
                self.had += 1;
                Ok(Some(panel.wire()))
            }
            Err(error) if matches!(error.code, ErrorCode::Upstream | ErrorCode::Maintenance | ErrorCode::Busy { .. }) => {
                self.missing.push(name.to_owned());
                self.first.get_or_insert(error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn unavailable(self) -> Result<Vec<String>, PortalError> {
        match self.first {
            Some(error) if self.had == 0 => Err(error),
            _ => Ok(self.missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Day, Instant, Queue};

    fn queue() -> Queue {
        let as_of = Instant { unix_s: 0, offset_minutes: 330 };
        Queue { waiting: 1, overdue: 0, kinds: Vec::new(), first: Vec::new(), today: Day::EPOCH, as_of }
    }

    fn taken(panels: &mut Panels, name: &str, panel: Result<Queue, ErrorCode>) -> Result<bool, PortalError> {
        panels.take(name, panel.map_err(PortalError::new)).map(|panel| panel.is_some())
    }

    #[test]
    fn a_panel_that_fails_takes_no_other_with_it_and_a_refusal_takes_all() {
        let mut panels = Panels::default();
        assert_eq!(taken(&mut panels, "queue", Ok(queue())), Ok(true));
        assert_eq!(taken(&mut panels, "clocks", Err(ErrorCode::Upstream)), Ok(false));
        assert_eq!(panels.unavailable(), Ok(vec!["clocks".to_owned()]));
        for refusal in [ErrorCode::Forbidden, ErrorCode::SignedOut, ErrorCode::Internal] {
            assert_eq!(taken(&mut Panels::default(), "queue", Err(refusal.clone())), Err(refusal.into()));
        }
    }

    #[test]
    fn no_panel_at_all_is_no_answer() {
        let mut panels = Panels::default();
        assert_eq!(taken(&mut panels, "queue", Err(ErrorCode::Maintenance)), Ok(false));
        assert_eq!(taken(&mut panels, "clocks", Err(ErrorCode::Upstream)), Ok(false));
        assert_eq!(panels.unavailable(), Err(ErrorCode::Maintenance.into()));
    }
}
