//! Every row is judged: of the file as it came, of the rows that are there, or of those that were mended in a file.
//!
//! Owns how far judging has come: what was written is found by its key, so a portal that is killed between two pieces is stood in for. It must
//! not know who waits for it.

use std::{collections::HashMap, io::Write as _, os::fd::AsRawFd as _, path::PathBuf, sync::Arc};

use tokio::sync::mpsc;

use super::{
    super::{
        Refusal,
        batches::{ACTOR, Batch, Lease, Progress},
        columns::Site,
        documents::{Content as Bytes, Stated},
        membership,
    },
    Noted, Phase,
    intake::{BatchFile, FILE_MAX_BYTES},
    rows::{BAD, FIXED, FilingRow, Judged, RowKey, SKIPPED, counted, note_open_cases, of_batch, row_key},
    taken::ROW,
};
use crate::{
    model::{
        ErrorCode, Inr, Permission,
        filing::{Content, Known, Mapping, Seen},
    },
    server::{
        context::{Grant, authorise_holder},
        frappe::{Changes, Client, Condition, Direction, Fault, Field, MANY_MAX, Op, PAGE_MAX, Value},
        tables::{Limits, Table},
    },
};

/// Rows that are judged at once.
const PIECE: usize = MANY_MAX;

/// What judging holds between two pieces.
pub struct Reading {
    grant: Grant,
    mapping: Arc<Mapping>,
    known: Arc<Known>,
    phase: Phase,
    seen: Seen,
    rows: Option<mpsc::Receiver<Result<Vec<Judged>, String>>>,
}

/// Whoever prepared a batch, as they stand now: what they may not see, nothing is filed in.
///
/// # Errors
/// [`ErrorCode::Forbidden`] where they are gone or prepare no filings any more.
pub(super) async fn maker(batch: &Batch) -> Result<Grant, Refusal> {
    let member = membership::find(&batch.made_by).await?.ok_or(ErrorCode::Forbidden)?;
    authorise_holder(member.principal, Permission::File)
}

/// Judges the next rows.
///
/// # Errors
/// Any fault of the calls.
pub async fn piece(lease: &mut Lease, held: &mut Option<Reading>) -> Result<Progress, Refusal> {
    let client = Client::current()?;
    let reading = match held {
        Some(reading) => reading,
        None => match Reading::begin(&client, lease.batch()).await {
            Ok(reading) => held.insert(reading),
            Err(Refusal::Code(ErrorCode::Forbidden)) => {
                return lease
                    .end("FAILED", Changes::new().set(Field::new("error_text"), "Whoever prepared it prepares no filings any more."))
                    .await;
            }
            Err(refusal) => return Err(refusal),
        },
    };
    let judged = match reading.phase {
        Phase::Again => reading.rows_there(&client, lease.batch()).await?,
        Phase::Read | Phase::Rejects => match reading.rows_of_file().await {
            Ok(judged) => judged,
            // What is wrong far down a file is told as what is wrong with its headings is.
            Err(sentence) => return lease.end("FAILED", Changes::new().set(Field::new("error_text"), sentence)).await,
        },
    };
    if judged.is_empty() {
        let counted = counted(&client, lease.batch()).await?;
        return lease.hand_over("READY", counted.set(Field::new("next_row"), 0_i64)).await;
    }
    let last = judged.last().map_or(0, |row| row.number);
    let mut judged = judged;
    note_open_cases(&client, &reading.grant, &mut judged).await?;
    let before = lease.batch().amount_total.0;
    let amount = match reading.phase {
        Phase::Read => add(before, written(&client, lease.batch(), &judged).await?),
        Phase::Again => add(before, changed(&client, lease.batch(), &judged, false).await?),
        Phase::Rejects => add(before, changed(&client, lease.batch(), &judged, true).await?),
    };
    let come = Changes::new().set(Field::new("next_row"), last).set(Field::new("amount_total"), amount);
    let come = if reading.phase == Phase::Read {
        come.set(Field::new("row_total"), lease.batch().row_total + i64::try_from(judged.len()).unwrap_or(0))
    } else {
        come
    };
    Ok(if lease.checkpoint(come).await? { Progress::More } else { Progress::Ended })
}

fn add(before: Inr, rows: Inr) -> Inr {
    Inr::from_paise(before.paise().saturating_add(rows.paise()))
}

fn sum<'a>(rows: impl Iterator<Item = &'a Judged>) -> Inr {
    Inr::from_paise(rows.map(|row| row.counts().paise()).fold(0, i64::saturating_add))
}

/// Writes rows that are new; what they come to.
async fn written(client: &Client, batch: &Batch, judged: &[Judged]) -> Result<Inr, Refusal> {
    let institution = client.institution().await?;
    let key = |row: &Judged| row_key(&institution, &batch.name, row.number);
    let body = |row: &Judged| {
        row.columns(row.state(), ACTOR)
            .set(Field::new("row_key"), key(row))
            .set(Field::new("batch"), batch.name.as_str())
            .set(Field::new("row_no"), row.number)
            .set(Field::new("made_by"), ACTOR)
    };
    match client.create_many::<RowKey>(judged.iter().map(body).collect()).await {
        Ok(_) => {}
        // An answer was lost, or a portal was killed before it wrote down how far it had come: the rest is sent.
        Err(Fault::Duplicate) => {
            let named = Condition::one_of(Field::new("row_key"), judged.iter().map(key));
            let there = client.list(&of_batch::<RowKey>(batch).filter(named).page(0, PAGE_MAX)).await?.rows;
            let missing = judged.iter().filter(|row| !there.iter().any(|known| known.row_no == row.number));
            client.create_many::<RowKey>(missing.map(body).collect()).await?;
        }
        Err(fault) => return Err(fault.into()),
    }
    Ok(sum(judged.iter()))
}

/// Writes what became of rows that are there; what they come to beyond what they came to before.
async fn changed(client: &Client, batch: &Batch, judged: &[Judged], mended: bool) -> Result<Inr, Refusal> {
    let named = Condition::one_of(Field::new("row_no"), judged.iter().map(|row| row.number));
    let there = client.list(&of_batch::<RowKey>(batch).filter(named).page(0, PAGE_MAX)).await?.rows;
    // Only what was wrong is mended by a file: a row that somebody has mended in place or left out meanwhile stays so.
    let open = |row: &&RowKey| if mended { row.state == BAD } else { row.state != SKIPPED };
    let there: HashMap<i64, &RowKey> = there.iter().filter(open).map(|row| (row.row_no, row)).collect();
    let rows: Vec<(&Judged, &RowKey)> = judged.iter().filter_map(|row| Some((row, *there.get(&row.number)?))).collect();
    let state = |row: &Judged| if mended && row.is_good() { FIXED } else { row.state() };
    let changes = rows.iter().map(|(row, known)| (known.name.clone(), row.columns(state(row), ACTOR))).collect();
    if client.update_many::<RowKey>(changes).await? > 0 {
        return Err(ErrorCode::Upstream.into());
    }
    Ok(sum(rows.into_iter().map(|(row, _)| row)))
}

impl Reading {
    async fn begin(client: &Client, batch: &Batch) -> Result<Self, Refusal> {
        let grant = maker(batch).await?;
        let site = Site::current(client).await?;
        let (_, known) = super::known(client, &grant, &site).await?;
        let mapping = Arc::new(Mapping::parse(&batch.mapping).unwrap_or_default());
        let (noted, known) = (Noted::of(batch), Arc::new(known));
        let mut reading = Self { grant, mapping, known, phase: noted.phase, seen: Seen::default(), rows: None };
        if noted.phase == Phase::Again {
            // What was judged before a portal was killed is what later rows may be doubles of.
            for (lan, row) in lans(client, batch, &[SKIPPED], batch.next_row).await? {
                reading.seen.note(&lan, u32::try_from(row).unwrap_or(u32::MAX));
            }
            return Ok(reading);
        }
        let document = if noted.phase == Phase::Read { &batch.file_doc } else { &batch.rejects_doc };
        let file = fetched(client, document).await?;
        let there = if noted.phase == Phase::Rejects { of_bad(client, batch).await? } else { HashMap::new() };
        let (sender, rows) = mpsc::channel(1);
        let (mapping, known) = (Arc::clone(&reading.mapping), Arc::clone(&reading.known));
        let (phase, after) = (noted.phase, batch.next_row);
        let other_lans = if noted.phase == Phase::Rejects { lans(client, batch, &[BAD, SKIPPED], i64::MAX).await? } else { Vec::new() };
        tokio::task::spawn_blocking(move || {
            let from = From { mapping: &mapping, known: &known, phase, after, there, other_lans };
            if let Err(sentence) = judge_file(&file, from, &sender) {
                let _ = sender.blocking_send(Err(sentence));
            }
        });
        reading.rows = Some(rows);
        Ok(reading)
    }

    async fn rows_of_file(&mut self) -> Result<Vec<Judged>, String> {
        match &mut self.rows {
            Some(rows) => rows.recv().await.unwrap_or_else(|| Ok(Vec::new())),
            None => Ok(Vec::new()),
        }
    }

    /// The next rows that are there. Those before them are noted first, where somebody else had judged them.
    async fn rows_there(&mut self, client: &Client, batch: &Batch) -> Result<Vec<Judged>, Refusal> {
        let after = Condition::new(Field::new("row_no"), Op::Gt, Value::Int(batch.next_row));
        let kept = Condition::none_of(Field::new("state"), [SKIPPED]);
        let next = of_batch::<FilingRow>(batch).filter(after).filter(kept).order_by(Field::new("row_no"), Direction::Ascending);
        let next = next.page(0, u32::try_from(PIECE).unwrap_or(PAGE_MAX));
        let rows = client.list(&next).await?.rows;
        let mut judged = Vec::with_capacity(rows.len());
        for row in rows {
            let mut row = Judged::of(row.row_no, row.content(), &self.mapping, &self.known);
            row.findings.extend(self.seen.finding(&row.lan, u32::try_from(row.number).unwrap_or(u32::MAX)));
            judged.push(row);
        }
        Ok(judged)
    }
}

/// A file on this machine, which nobody else can open and which is gone when it is closed.
struct Spool {
    file: std::fs::File,
}

impl Spool {
    fn path(&self) -> PathBuf {
        format!("/dev/fd/{}", self.file.as_raw_fd()).into()
    }
}

async fn fetched(client: &Client, document: &str) -> Result<Spool, Refusal> {
    let (document, _, proof) = client.get_with_proof::<BatchFile>(document).await?;
    let size = u64::try_from(document.size_bytes).unwrap_or(0);
    let stream = client.file_stream(&proof, &document.file_url, size.min(FILE_MAX_BYTES)).await?;
    let stated = Stated { size_bytes: Some(size), sha256: document.sha256 };
    let (_, mut content) = Bytes::begin(stream, stated).await?;
    let mut file = tempfile::tempfile().map_err(|_| ErrorCode::Internal)?;
    while let Some(piece) = content.next_piece().await? {
        file.write_all(&piece).map_err(|_| ErrorCode::Internal)?;
    }
    Ok(Spool { file })
}

/// What the rows that are to be mended say now, by their numbers.
async fn of_bad(client: &Client, batch: &Batch) -> Result<HashMap<i64, Content>, Refusal> {
    let mut found = HashMap::new();
    let mut after = 0;
    loop {
        let bad = of_batch::<FilingRow>(batch).filter(Condition::eq(Field::new("state"), BAD));
        let bad = bad.filter(Condition::new(Field::new("row_no"), Op::Gt, Value::Int(after)));
        let page = client.list(&bad.order_by(Field::new("row_no"), Direction::Ascending).page(0, PAGE_MAX)).await?;
        let Some(last) = page.rows.last() else { return Ok(found) };
        after = last.row_no;
        found.extend(page.rows.into_iter().map(|row| (row.row_no, row.content())));
        if !page.more {
            return Ok(found);
        }
    }
}

/// The loans of rows up to this one, but for those in these states: none of them may come a second time.
async fn lans(client: &Client, batch: &Batch, but: &[&str], upto: i64) -> Result<Vec<(String, i64)>, Refusal> {
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let others = of_batch::<RowKey>(batch).filter(Condition::none_of(Field::new("state"), but.iter().copied()));
        let others = others.filter(Condition::new(Field::new("row_no"), Op::Gt, Value::Int(after)));
        let page = client.list(&others.order_by(Field::new("row_no"), Direction::Ascending).page(0, PAGE_MAX)).await?;
        let Some(last) = page.rows.last() else { return Ok(found) };
        after = last.row_no;
        found.extend(page.rows.into_iter().filter(|row| row.row_no <= upto).map(|row| (row.lan, row.row_no)));
        if !page.more || after >= upto {
            return Ok(found);
        }
    }
}

/// What the rows of a file are judged by.
struct From<'a> {
    mapping: &'a Mapping,
    known: &'a Known,
    phase: Phase,
    /// The last row that was written down.
    after: i64,
    /// What the rows that are to be mended say.
    there: HashMap<i64, Content>,
    other_lans: Vec<(String, i64)>,
}

/// Judges the rows of a file, some at a time; ends quietly where nobody takes them any more.
fn judge_file(file: &Spool, from: From<'_>, sender: &mpsc::Sender<Result<Vec<Judged>, String>>) -> Result<(), String> {
    let mut table = Table::open(&file.path(), Limits::FILING).map_err(|unreadable| unreadable.to_string())?;
    let headings = table.headings.clone();
    let mut seen = Seen::default();
    for (lan, row) in &from.other_lans {
        seen.note(lan, u32::try_from(*row).unwrap_or(u32::MAX));
    }
    let mut judged = Vec::with_capacity(PIECE);
    for row in table.rows().map_err(|unreadable| unreadable.to_string())? {
        let row = row.map_err(|unreadable| unreadable.to_string())?;
        let content = Content::of(&headings, row.cells);
        let (number, content) = match from.phase {
            Phase::Rejects => match mended(&headings, &content, &from.there) {
                Some(mended) => mended,
                // A row that is none of those that wait to be mended.
                None => continue,
            },
            Phase::Read | Phase::Again => (i64::from(row.number), content),
        };
        let mut row = Judged::of(number, content, from.mapping, from.known);
        // Also of rows that were written down before: they are what others are doubles of.
        row.findings.extend(seen.finding(&row.lan, u32::try_from(number).unwrap_or(u32::MAX)));
        if from.phase == Phase::Read && number <= from.after {
            continue;
        }
        judged.push(row);
        if judged.len() == PIECE && sender.blocking_send(Ok(std::mem::replace(&mut judged, Vec::with_capacity(PIECE)))).is_err() {
            return Ok(());
        }
    }
    if !judged.is_empty() {
        let _ = sender.blocking_send(Ok(judged));
    }
    Ok(())
}

/// A row as it was mended: what the file has of it takes the place of what stood there.
fn mended(headings: &[String], row: &Content, there: &HashMap<i64, Content>) -> Option<(i64, Content)> {
    let number: i64 = row.cell(ROW).shown().trim().parse().ok()?;
    let mut content = there.get(&number)?.clone();
    for (heading, cell) in row.cells().iter().filter(|(heading, _)| !super::taken::is_ours(heading)) {
        content.put_cell(heading, cell.clone());
    }
    // What was emptied in the file is empty; a column that is not in it stays as it was.
    for heading in headings.iter().filter(|heading| row.cell(heading).is_blank()) {
        content.put(heading, "");
    }
    content.drop_stray();
    Some((number, content))
}
