//! Rows of a filing that leave as a file: those to be mended, and in the end what became of each.
//!
//! Owns their columns. It must not know how a file is written.

use super::{
    super::{Refusal, audit, batches::Batch},
    Filing,
    rows::{BAD, FilingRow, of_batch},
};
use crate::{
    model::{AuditKind, ErrorCode, Permission},
    server::{
        context::authorise,
        frappe::{Client, Condition, Direction, Field, Op, PAGE_MAX, Record as _, Value},
    },
};

/// Which row is which; what comes back is found by it.
pub const ROW: &str = "Row in the file";
const WRONG: &str = "What is wrong";
const BECAME: &str = "What became of it";
const CASE: &str = "Case";

/// Whether a heading is one that is added here.
pub fn is_ours(heading: &str) -> bool {
    [ROW, WRONG, BECAME, CASE].contains(&heading)
}

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Those to be mended, with what is wrong.
    Rejects,
    /// All of them, with what became of each.
    Result,
}

/// A file of rows that is being taken away.
pub struct Taken {
    batch: Batch,
    part: Part,
    headings: Vec<String>,
    after: i64,
    /// Its name, without an ending.
    pub name: String,
}

/// Allows and records it.
///
/// # Errors
/// As [`Filing::find`].
pub async fn begin(id: &str, part: Part) -> Result<Taken, Refusal> {
    // Whole contacts stand in it: for who prepares filings and who decides on them, whoever else may look.
    if !authorise(Permission::SeeFilings)?.principal.role.allows(Permission::File) {
        authorise(Permission::CheckFiling)?;
    }
    let filing = Filing::find(id, Permission::SeeFilings).await?;
    let (action, what) = match part {
        Part::Rejects => ("filing.rejects.export", "to-mend"),
        Part::Result => ("filing.result.export", "result"),
    };
    let rows = if part == Part::Rejects { filing.batch.row_bad } else { filing.batch.row_total };
    if rows == 0 {
        return Err(ErrorCode::NotFound.into());
    }
    let entry = audit::Entry::new(AuditKind::Export, action).object(Batch::DOCTYPE, &filing.batch.name);
    audit::record(entry.rows(u32::try_from(rows).unwrap_or(u32::MAX))).await?;
    let noted = filing.noted();
    let name = format!("{}-{what}", filing.batch.batch_no.to_lowercase());
    Ok(Taken { batch: filing.batch, part, headings: noted.headings, after: 0, name })
}

impl Taken {
    /// The headings.
    pub fn headings(&self) -> Vec<String> {
        let (before, after): (&[&str], &[&str]) = match self.part {
            Part::Rejects => (&[ROW, WRONG], &[]),
            Part::Result => (&[ROW, BECAME, CASE, WRONG], &[]),
        };
        let own = self.headings.iter().filter(|heading| !heading.is_empty()).map(String::as_str);
        before.iter().copied().chain(own).chain(after.iter().copied()).map(str::to_owned).collect()
    }
}

/// The next rows, each as long as the headings; none at the end.
///
/// # Errors
/// Any fault of the call.
pub async fn next(mut taken: Taken) -> Result<(Vec<Vec<String>>, Taken), Refusal> {
    let client = Client::current()?;
    let mut rows = of_batch::<FilingRow>(&taken.batch).filter(Condition::new(Field::new("row_no"), Op::Gt, Value::Int(taken.after)));
    if taken.part == Part::Rejects {
        rows = rows.filter(Condition::eq(Field::new("state"), BAD));
    }
    let found = client.list(&rows.order_by(Field::new("row_no"), Direction::Ascending).page(0, PAGE_MAX)).await?.rows;
    if let Some(last) = found.last() {
        taken.after = last.row_no;
    }
    let own: Vec<&String> = taken.headings.iter().filter(|heading| !heading.is_empty()).collect();
    let row = |row: FilingRow| {
        let content = row.content();
        let wrong = row.error_text.replace('\n', " ");
        let said = own.iter().map(|heading| content.cell(heading).shown().into_owned());
        let before = match taken.part {
            Part::Rejects => vec![row.row_no.to_string(), wrong],
            Part::Result => vec![row.row_no.to_string(), row.words(), row.case_ref.clone(), wrong],
        };
        before.into_iter().chain(said).collect()
    };
    let rows = found.into_iter().map(row).collect();
    Ok((rows, taken))
}
