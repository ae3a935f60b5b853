//! A file comes in: it is opened before anything of it is kept, so that a wrong one is refused with what is wrong where; then it is kept by the
//! institution's server beside its batch, and its first rows are noted for whoever chooses its columns.
//!
//! It must not know how the file travelled, nor what its columns mean.

use std::{io, path::Path};

use bytes::Bytes;
use serde_json::json;
use tokio_util::io::ReaderStream;

use super::{
    super::{
        Refusal, audit,
        batches::{self, Batch},
        columns::record,
        keys::{idem_key, natural_key, operation_of},
        second::Desk,
    },
    BATCH, Filing, Noted, Phase, SECTION,
};
use crate::{
    model::{Answered, AuditKind, ErrorCode, Field, FieldError, FieldKind, Form, Permission, Typed, Withheld},
    server::{
        casework::keys::OPERATION,
        frappe::{Changes, Condition, Fault, Field as Column, Query, Record as _, RowScope},
        tables::{Limits, Table},
    },
};

/// The largest file, in bytes.
pub const FILE_MAX_BYTES: u64 = 50 * 1024 * 1024;
/// The field of the file.
const FILE: &str = "file";
/// The longest title, in characters.
const TITLE_MAX: usize = 120;
/// Rows that are shown while columns are chosen, and characters of a cell of them.
const SAMPLE_ROWS: usize = 3;
const SAMPLE_CHARS: usize = 40;

/// A file that has come whole.
pub struct Came<'a> {
    /// As it is called where it comes from; anything may stand in it.
    pub name: String,
    /// Where its bytes are.
    pub path: &'a Path,
    /// Hex of their SHA-256.
    pub sha256: String,
    /// How many there are.
    pub size_bytes: u64,
}

record! {
    /// A file of a batch.
    pub struct BatchFile of "Case Document" {
        state: String,
        file_url: String,
        sha256: String,
        size_bytes: i64,
    }
}

record! {
    /// A batch of the same file.
    struct Same of "Portal Batch" {
        batch_no: String,
        state: String,
    }
}

/// Asks for a file.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for roles that prepare no filing; otherwise any fault of the calls.
pub async fn ask_new() -> Result<Form, Refusal> {
    let desk = Desk::of(Permission::File).await?;
    new_form(&desk).await
}

/// Whether a file may come at all, before a byte of it is read.
///
/// # Errors
/// As [`ask_new`].
pub async fn check_new() -> Result<(), Refusal> {
    Desk::of(Permission::File).await.map(|_| ())
}

async fn most(desk: &Desk) -> Result<u64, Refusal> {
    Ok(desk.client.file_max_bytes().await?.min(FILE_MAX_BYTES).min(Withheld::MAX_BYTES))
}

fn file_field(most: u64) -> Field {
    let kind = FieldKind::Files { several: false, accept: ".csv,.xlsx" };
    let help = format!("CSV or XLSX with one row of headings, up to 100,000 rows and {} MB.", most / 1_000_000);
    Field::new(FILE, "File", kind).help(help)
}

async fn new_form(desk: &Desk) -> Result<Form, Refusal> {
    let title = Field::new("title", "Title", FieldKind::Line { max: TITLE_MAX }).optional().help("Empty, it is the file’s name.");
    Ok(Form {
        section: SECTION,
        heading: "New filing".to_owned(),
        lead: vec![
            "A file of loans becomes draft cases: you choose its columns, every row is checked, and nothing is filed before somebody else has approved it.".to_owned(),
        ],
        fields: vec![title, file_field(most(desk).await?)],
        hidden: vec![(OPERATION, uuid::Uuid::new_v4().to_string())],
        action: "/filing/new".to_owned(),
        submit: "Upload".to_owned(),
        back: ("/filing".to_owned(), "All filings".to_owned()),
        ..Form::default()
    })
}

fn refused(form: Form, typed: &Typed, problem: impl Into<String>) -> Answered {
    Answered::Again(form.again(typed, &[FieldError { field: FILE.to_owned(), problem: problem.into() }]))
}

/// A file's name as it may be shown and kept.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|letter| !letter.is_control()).take(TITLE_MAX).collect();
    let kept = kept.trim();
    if kept.is_empty() { "file".to_owned() } else { kept.to_owned() }
}

/// What a table begins with; or what is wrong with it, in a sentence.
async fn begin(path: &Path) -> Result<Result<Noted, String>, Refusal> {
    let path = path.to_owned();
    let begun = tokio::task::spawn_blocking(move || {
        let mut table = Table::open(&path, Limits::FILING).map_err(|unreadable| unreadable.to_string())?;
        let (headings, notes) = (table.headings.clone(), table.notes.clone());
        let mut sample = Vec::new();
        for row in table.rows().map_err(|unreadable| unreadable.to_string())?.take(SAMPLE_ROWS) {
            let row = row.map_err(|unreadable| unreadable.to_string())?;
            sample.push(row.cells.iter().map(|cell| cell.shown().chars().take(SAMPLE_CHARS).collect()).collect());
        }
        if sample.is_empty() {
            return Err("It has headings and no row below them.".to_owned());
        }
        Ok(Noted { headings, sample, notes, phase: Phase::Read })
    });
    begun.await.map_err(|_| ErrorCode::Internal.into())
}

/// Takes the file of a new filing.
///
/// # Errors
/// As [`ask_new`], and any fault of keeping it; then it may be sent again.
pub async fn take(typed: &Typed, came: Option<Came<'_>>) -> Result<Answered, Refusal> {
    let desk = Desk::of(Permission::File).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let mut form = new_form(&desk).await?;
    form.hidden = vec![(OPERATION, operation.clone())];
    let Some(came) = came else { return Ok(refused(form, typed, "required")) };
    let limit = most(&desk).await?;
    if came.size_bytes > limit {
        return Ok(refused(form, typed, format!("It is larger than {} MB. Divide it into several files.", limit / 1_000_000)));
    }
    let noted = match begin(came.path).await? {
        Ok(noted) => noted,
        Err(sentence) => return Ok(refused(form, typed, sentence)),
    };
    let name = clean(&came.name);
    let title = match typed.text("title").trim() {
        "" => name.clone(),
        title => title.chars().take(TITLE_MAX).collect(),
    };
    let entry = audit::Entry::new(AuditKind::Change, "filing.create").object(Batch::DOCTYPE, &came.sha256);
    audit::record(entry.values(None, Some(json!({"sha256": came.sha256, "bytes": came.size_bytes})))).await?;
    let key = idem_key(&desk.site.tenant, Batch::DOCTYPE, &operation);
    let body = Changes::new()
        .set(Column::new("batch_no"), batches::batch_number(&desk.today().iso()))
        .set(Column::new("kind"), BATCH)
        .set(Column::new("title"), title)
        .set(Column::new("file_name"), name.as_str())
        .set(Column::new("file_sha256"), came.sha256.as_str())
        .set(Column::new("state"), "DRAFT")
        .set(Column::new("params"), noted.json())
        .set(Column::new("made_by"), desk.user())
        .set(Column::new("changed_by"), desk.user());
    let batch = batches::create(&desk.client, body, &key).await?;
    if batch.file_sha256 != came.sha256 {
        return Ok(refused(form, typed, "This form was sent before with another file. Open it again to add this one."));
    }
    let (batch, revision, _) = desk.client.get_with_proof::<Batch>(&batch.name).await?;
    let filing = Filing { desk, batch, revision };
    if filing.batch.file_doc.is_empty() {
        let document = filing.keep(&operation, &name, &came).await?;
        let changes = Changes::new().set(Column::new("file_doc"), document).set(Column::new("changed_by"), filing.desk.user());
        filing.desk.client.update::<Batch>(&filing.batch.name, &filing.revision, changes).await?;
    }
    Ok(Answered::Done { lead_to: format!("{}/do/columns", filing.address()) })
}

/// Asks for the file of mended rows.
///
/// # Errors
/// As [`Filing::find`].
pub async fn ask_rejects(id: &str) -> Result<Form, Refusal> {
    rejects_form(&Filing::find(id, Permission::File).await?).await
}

async fn rejects_form(filing: &Filing) -> Result<Form, Refusal> {
    let mut form = filing.form("", "Upload the mended rows", None);
    form.action = format!("{}/rejects", filing.address());
    if !matches!(filing.batch.state.as_str(), "READY" | "RETURNED") || filing.batch.row_bad == 0 {
        form.lead = vec!["There are no rows to be mended now.".to_owned()];
        form.action = String::new();
        return Ok(form);
    }
    form.lead = vec![format!(
        "The file that you took away from here, with its first column “{}” as it was: it says which row is which. Rows that it does not have stay as they are.",
        super::taken::ROW
    )];
    form.fields = vec![file_field(most(&filing.desk).await?)];
    form.submit = "Upload".to_owned();
    Ok(form)
}

/// Takes the file of mended rows.
///
/// # Errors
/// As [`ask_rejects`].
pub async fn take_rejects(id: &str, typed: &Typed, came: Option<Came<'_>>) -> Result<Answered, Refusal> {
    let filing = Filing::find(id, Permission::File).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let form = rejects_form(&filing).await?;
    if form.action.is_empty() {
        return Ok(Answered::Again(form));
    }
    let Some(came) = came else { return Ok(refused(form, typed, "required")) };
    let found = match begin(came.path).await? {
        Ok(found) => found,
        Err(sentence) => return Ok(refused(form, typed, sentence)),
    };
    let mut noted = filing.noted();
    if !found.headings.iter().any(|heading| heading == super::taken::ROW) {
        let sentence = format!(
            "It has no column “{}”: take the rows away from here again, mend them, and leave that column as it is.",
            super::taken::ROW
        );
        return Ok(refused(form, typed, sentence));
    }
    let strange: Vec<&str> = (found.headings.iter().map(String::as_str))
        .filter(|heading| !super::taken::is_ours(heading) && !noted.headings.iter().any(|known| known == heading))
        .collect();
    if !strange.is_empty() {
        return Ok(refused(
            form,
            typed,
            format!("The filing’s file has no column “{}”. Leave the headings as they were.", strange.join("”, “")),
        ));
    }
    let document = filing.keep(&operation, &clean(&came.name), &came).await?;
    noted.phase = Phase::Rejects;
    let changes = Changes::new()
        .set(Column::new("rejects_doc"), document)
        .set(Column::new("params"), noted.json())
        .set(Column::new("next_row"), 0_i64)
        .set(Column::new("error_text"), "")
        .set(Column::new("state"), "VALIDATING");
    filing.change("filing.rejects", changes, json!({"sha256": came.sha256})).await?;
    batches::ring();
    Ok(Answered::Done { lead_to: filing.address() })
}

impl Filing {
    /// Keeps a file beside the batch; the name of its document. The same operation keeps it once.
    async fn keep(&self, operation: &str, name: &str, came: &Came<'_>) -> Result<String, Refusal> {
        let Desk { client, site, grant, .. } = &self.desk;
        let institution = client.institution().await?;
        let key = idem_key(&site.tenant, BatchFile::DOCTYPE, &format!("{operation}/file"));
        let group = uuid::Uuid::new_v4().simple().to_string();
        let body = Changes::new()
            .set(Column::new("idem_key"), key.as_str())
            .set(Column::new("batch"), self.batch.name.as_str())
            .set(Column::new("doc_version_key"), natural_key(&institution, &[&group, "1"]))
            .set(Column::new("doc_group"), group)
            .set(Column::new("version"), 1_i64)
            .set(Column::new("is_latest"), true)
            .set(Column::new("doc_type"), "BATCH_FILE")
            .set(Column::new("title"), name)
            .set(Column::new("original_name"), name)
            .set(Column::new("size_bytes"), 0_i64)
            .set(Column::new("mime"), "application/octet-stream")
            .set(Column::new("page_count"), -1_i64)
            .set(Column::new("state"), "RECEIVING")
            .set(Column::new("scan_state"), "NOT_SCANNED")
            .set(Column::new("visible_to"), "INSTITUTION")
            .set(Column::new("uploaded_by_role"), grant.principal.role.code())
            .set(Column::new("made_by"), self.desk.user())
            .set(Column::new("changed_by"), self.desk.user());
        let document = match client.create::<BatchFile>(body).await {
            Ok(made) => made,
            Err(Fault::Duplicate) => {
                let same = Query::<BatchFile>::new(RowScope::institution_wide());
                let same = same.filter(Condition::eq(Column::new("idem_key"), key.as_str())).page(0, 1);
                client.list(&same).await?.rows.pop().ok_or(Fault::Duplicate)?
            }
            Err(fault) => return Err(fault.into()),
        };
        let (document, revision, proof) = client.get_with_proof::<BatchFile>(&document.name).await?;
        if document.state == "STORED" {
            return Ok(document.name);
        }
        let file = tokio::fs::File::open(came.path).await.map_err(|_| ErrorCode::Internal)?;
        let pieces = ReaderStream::with_capacity(file, 64 * 1024);
        let uploaded = client.upload(&proof, "bin", futures::StreamExt::map(pieces, |piece: io::Result<Bytes>| piece)).await?;
        let changes = Changes::new()
            .set(Column::new("file_ref"), uploaded.file_ref.as_str())
            .set(Column::new("file_url"), uploaded.file_url.as_str())
            .set(Column::new("sha256"), came.sha256.as_str())
            .set(Column::new("size_bytes"), i64::try_from(came.size_bytes).unwrap_or(i64::MAX))
            .set(Column::new("state"), "STORED")
            .set(Column::new("changed_by"), self.desk.user());
        client.update::<BatchFile>(&document.name, &revision, changes).await?;
        Ok(document.name)
    }

    /// Other filings of the very same file, in words.
    pub(super) async fn same_files(&self) -> Result<Vec<String>, Refusal> {
        let same = Query::<Same>::new(super::seen_by(&self.desk.grant));
        let same = same.filter(Condition::eq(Column::new("file_sha256"), self.batch.file_sha256.as_str())).page(0, 5);
        let others = self
            .desk
            .client
            .list(&same)
            .await?
            .rows
            .into_iter()
            .filter(|other| other.name != self.batch.name && other.state != "CANCELLED");
        Ok(others
            .map(|other| format!("{}, {}", other.batch_no, crate::model::Term::of(other.state.as_str()).label.to_lowercase()))
            .collect())
    }
}
