//! The case file in one piece, for who asks once and not part by part: the case is found once, then every part at the same time.

use super::{Found, clocks_of, documents_of, hearings_of, money_of, pages::timeline_of, read, service_of, tasks_of, tribunal_of};
use crate::{
    model::{
        CaseFile, ClockRow, DocumentRow, Due, HearingRow, KnownGroup, MoneyBook, ServiceMatrix, TaskRow, TimeCursor, Timeline, Tribunal,
    },
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
    /// A page of its timeline.
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

/// All of it, or nothing: an answer without a part would read as a case without it. Its timeline has pages; this is the one after
/// `events_after`.
///
/// # Errors
/// As [`show`](super::show).
pub async fn whole(id: String, events_after: Option<TimeCursor>) -> Result<CaseWhole, Refusal> {
    let found = Found::case(&id).await?;
    let ((file, known), service, clocks, tasks, timeline, hearings, documents, money, tribunal) = futures::try_join!(
        read(id),
        service_of(&found),
        clocks_of(&found),
        tasks_of(&found),
        timeline_of(&found, "", events_after.as_ref()),
        hearings_of(&found),
        documents_of(&found),
        money_of(&found),
        tribunal_of(&found),
    )?;
    Ok(CaseWhole { file, known, service, clocks, tasks, timeline, hearings, documents, money, tribunal })
}
