//! The case file in one piece, for who asks once and not part by part: the case is found once, then every part at the same time.

use super::{Found, clocks_of, documents_of, hearings_of, money_of, read, service_of, tasks_of, timeline_of, tribunal_of};
use crate::{
    model::{CaseFile, ClockRow, DocumentRow, Due, HearingRow, KnownGroup, MoneyBook, ServiceMatrix, TaskRow, Timeline, Tribunal},
    server::casework::Refusal,
};

/// A case with everything that hangs on it.
pub struct CaseWhole {
    /// The case itself.
    pub file: CaseFile,
    /// What is known of it, as values.
    pub known: Vec<KnownGroup>,
    /// Its parties, and what each has been served with.
    pub service: ServiceMatrix,
    /// Its clocks.
    pub clocks: Due<ClockRow>,
    /// Its open tasks.
    pub tasks: Due<TaskRow>,
    /// The newest page of its timeline.
    pub timeline: Timeline,
    /// Its hearings.
    pub hearings: Vec<HearingRow>,
    /// Its documents.
    pub documents: Vec<DocumentRow>,
    /// What was paid, offered, promised and spent.
    pub money: MoneyBook,
    /// Who decides it, and what they have decided.
    pub tribunal: Tribunal,
}

/// All of it, or nothing: an answer without a part would read as a case without it.
///
/// # Errors
/// As [`show`](super::show).
pub async fn whole(id: String) -> Result<CaseWhole, Refusal> {
    let found = Found::case(&id).await?;
    let ((file, known), service, clocks, tasks, timeline, hearings, documents, money, tribunal) = futures::try_join!(
        read(id),
        service_of(&found),
        clocks_of(&found),
        tasks_of(&found),
        timeline_of(&found, "", 0),
        hearings_of(&found),
        documents_of(&found),
        money_of(&found),
        tribunal_of(&found),
    )?;
    Ok(CaseWhole { file, known, service, clocks, tasks, timeline, hearings, documents, money, tribunal })
}
