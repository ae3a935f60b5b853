//! One row, mended in place or left out.
//!
//! It must not know the other rows, but that none of them is of the same loan.

use serde_json::json;

use super::{
    super::{
        Refusal, audit,
        keys::{OPERATION, REVISION, operation_for},
        second::fact,
    },
    Filing, known,
    rows::{BAD, FIXED, FilingRow, Judged, RowKey, SKIPPED, counted, note_open_cases, of_batch},
};
use crate::{
    model::{
        Answered, AuditKind, Button, ErrorCode, Field, FieldError, FieldKind, Form, Inr, Permission, Typed,
        filing::{Content, FIELDS, Finding, Repair},
    },
    server::frappe::{Condition, Field as Column, Record as _, Revision},
};

/// The longest text of a cell that is mended in place, in characters.
const CELL_MAX: usize = 500;
/// Name and values of the button that does not save.
const WHAT: &str = "what";
const LEAVE_OUT: &str = "leave-out";

/// A row of a filing that may be mended.
struct Mend {
    filing: Filing,
    row: FilingRow,
    revision: Revision,
}

impl Mend {
    async fn find(id: &str, row: &str) -> Result<Self, Refusal> {
        let filing = Filing::find(id, Permission::File).await?;
        let named = of_batch::<FilingRow>(&filing.batch).filter(Condition::eq(Column::new("name"), row)).page(0, 1);
        filing.desk.client.list(&named).await?.rows.pop().filter(|found| found.name == row).ok_or(ErrorCode::NotFound)?;
        let (row, revision, _) = filing.desk.client.get_with_proof::<FilingRow>(row).await?;
        Ok(Self { filing, row, revision })
    }

    fn address(&self) -> String {
        format!("{}/rows/{}", self.filing.address(), self.row.name)
    }

    fn form(&self, judged: &Judged, typed: Option<&Typed>) -> Form {
        let filing = &self.filing;
        let mapping = filing.mapping();
        let row = &self.row;
        let problem = |code: &str| judged.findings.iter().find(|finding| finding.field == code).map(|finding| finding.sentence.clone());
        let field = |of: &'static crate::model::filing::FilingField| {
            let heading = mapping.heading(of.code)?;
            let words = judged.content.cell(heading).shown().into_owned();
            let field =
                Field::new(of.code, format!("{} ({heading})", of.label), FieldKind::Line { max: CELL_MAX }).value(words).help(of.help);
            Some(Field { problem: problem(of.code), ..field.optional() })
        };
        let nobodys = judged.findings.iter().filter(|finding| mapping.heading(finding.field).is_none());
        Form {
            heading: format!("Row {}", row.row_no),
            hidden: vec![(REVISION, self.revision.0.clone()), (OPERATION, operation_for(typed))],
            facts: vec![fact("State", row.words()), fact("Loan account number", row.lan.as_str())],
            notice: nobodys.map(|finding| finding.sentence.clone()).collect(),
            fields: FIELDS.iter().filter_map(field).collect(),
            action: self.address(),
            submit: "Save and check".to_owned(),
            others: vec![Button { name: WHAT, value: LEAVE_OUT.to_owned(), words: "Leave the row out".to_owned() }],
            ..filing.form("", "", typed)
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.filing.batch.state.as_str(), "READY" | "RETURNED") && !matches!(self.row.state.as_str(), "DONE" | "FAILED")
    }

    async fn judge(&self, content: Content) -> Result<Judged, Refusal> {
        let (filing, desk) = (&self.filing, &self.filing.desk);
        let (_, known) = known(&desk.client, &desk.grant, &desk.site).await?;
        let mut judged = [Judged::of(self.row.row_no, content, &filing.mapping(), &known)];
        note_open_cases(&desk.client, &desk.grant, &mut judged).await?;
        let [mut judged] = judged;
        if !judged.lan.is_empty() {
            let same = of_batch::<RowKey>(&filing.batch).filter(Condition::eq(Column::new("lan"), judged.lan.as_str()));
            let same = same.filter(Condition::none_of(Column::new("state"), [SKIPPED])).page(0, 2);
            let other = desk.client.list(&same).await?.rows.into_iter().find(|other| other.row_no != self.row.row_no);
            if let Some(other) = other {
                let sentence =
                    format!("Row {} has this loan account number as well. A loan has one case: keep one of the rows.", other.row_no);
                judged.findings.push(Finding::new("E_DUPLICATE_LAN", "lan", sentence));
            }
        }
        Ok(judged)
    }
}

/// The form of a row.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a row of another filing; as [`Filing::find`].
pub async fn ask(id: &str, row: &str) -> Result<Form, Refusal> {
    let mend = Mend::find(id, row).await?;
    let judged = mend.judge(mend.row.content()).await?;
    let form = mend.form(&judged, None);
    Ok(if mend.is_open() { form } else { shut(form) })
}

fn shut(form: Form) -> Form {
    Form { lead: vec!["Rows are mended before the filing is submitted.".to_owned()], action: String::new(), notice: Vec::new(), ..form }
}

/// Mends it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(id: &str, row: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let mend = Mend::find(id, row).await?;
    let (filing, desk) = (&mend.filing, &mend.filing.desk);
    let before = mend.judge(mend.row.content()).await?;
    let form = mend.form(&before, Some(typed));
    if !mend.is_open() {
        return Ok(Answered::Changed(shut(form)));
    }
    if typed.text(REVISION) != mend.revision.0 {
        let mut form = super::super::second::renewed(form.again(typed, &[]));
        form.notice.push("Somebody else has changed this row after you opened it. What you typed is still here.".to_owned());
        return Ok(Answered::Changed(form));
    }
    let out = typed.text(WHAT) == LEAVE_OUT;
    let mut content = mend.row.content();
    let mapping = filing.mapping();
    if !out {
        for field in FIELDS {
            let Some(heading) = mapping.heading(field.code).filter(|_| typed.has(field.code)) else { continue };
            let words = typed.text(field.code);
            if words.chars().count() > CELL_MAX {
                return Ok(Answered::Again(
                    form.again(typed, &[FieldError { field: field.code.to_owned(), problem: "too_long".to_owned() }]),
                ));
            }
            // What was not touched stays as the file had it: a number, a date.
            if words != content.cell(heading).shown() {
                content.put(heading, words);
            }
        }
        content.drop_stray();
    }
    let judged = mend.judge(content).await?;
    let state = match (out, judged.is_good()) {
        (true, _) => SKIPPED,
        (false, true) => FIXED,
        (false, false) => BAD,
    };
    let codes = |judged: &Judged| judged.findings.iter().map(|finding| finding.code).collect::<Vec<_>>();
    let entry = audit::Entry::new(AuditKind::Change, "filing.mend").object(FilingRow::DOCTYPE, &mend.row.name);
    let was = json!({"state": mend.row.state, "findings": codes(&before)});
    audit::record(entry.values(Some(was), Some(json!({"state": state, "findings": codes(&judged)})))).await?;
    desk.client.update::<FilingRow>(&mend.row.name, &mend.revision, judged.columns(state, desk.user())).await?;
    let counts = |is: bool, judged: &Judged| if is { judged.amount.paise() } else { 0 };
    let amount = filing.batch.amount_total.0.paise() - counts(mend.row.is_good(), &before) + counts(state == FIXED, &judged);
    let counted = counted(&desk.client, &filing.batch).await?.set(Column::new("amount_total"), Inr::from_paise(amount.max(0)));
    let counted = counted.set(Column::new("changed_by"), desk.user());
    desk.client.update::<super::Batch>(&filing.batch.name, &filing.revision, counted).await?;
    if state == BAD {
        let (again, revision) = (Mend::find(id, row).await?, typed);
        let form = again.form(&judged, Some(revision));
        return Ok(Answered::Again(form));
    }
    let lead_to = next_bad(filing, mend.row.row_no).await?.unwrap_or_else(|| filing.address());
    Ok(Answered::Done { lead_to })
}

/// The next row that is to be mended: whoever mends goes through them one by one.
async fn next_bad(filing: &Filing, after: i64) -> Result<Option<String>, Refusal> {
    use crate::server::frappe::{Direction, Op, Value};
    let bad = of_batch::<RowKey>(&filing.batch).filter(Condition::eq(Column::new("state"), BAD));
    let bad = bad.filter(Condition::new(Column::new("row_no"), Op::Gt, Value::Int(after)));
    let next = filing.desk.client.list(&bad.order_by(Column::new("row_no"), Direction::Ascending).page(0, 1)).await?.rows.pop();
    Ok(next.map(|row| format!("{}/rows/{}", filing.address(), row.name)))
}

/// What is to be mended in rows of this code.
pub(super) fn repair(code: &str) -> Repair {
    Repair::of(code)
}
