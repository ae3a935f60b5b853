//! What is shown of filings: the list, and one of them with what is to be mended.

use super::{
    super::{
        Refusal,
        columns::some_text,
        second::{Desk, fact, not_for},
    },
    Filing, SECTION, address, count, figure,
    mend::repair,
    rows::{BAD, FAILED, FilingRow, RowKey, of_batch},
    seen_by, state,
    work::Deed,
};
use crate::{
    model::{Cell, ErrorCode, Form, Permission, Sheet, Tone},
    server::{
        casework::batches::Batch,
        frappe::{Aggregate, Condition, Direction, Field, Measure, Op, Query, RowScope, Value},
    },
};

/// Filings on a page, and rows of one.
const PAGE_ROWS: u32 = 50;

/// Filings, the newest first, a page at a time.
///
/// # Errors
/// Any fault of the call.
pub async fn list(page: u32) -> Result<Form, Refusal> {
    let desk = match Desk::of(Permission::SeeFilings).await {
        Err(Refusal::Code(ErrorCode::Forbidden)) => return Ok(not_for(Permission::SeeFilings, SECTION)),
        desk => desk?,
    };
    let filings = Query::<Batch>::new(seen_by(&desk.grant)).order_by(Field::new("creation"), Direction::Descending);
    let found = desk.client.list(&filings.page(page.saturating_mul(PAGE_ROWS), PAGE_ROWS)).await?;
    let next = found.more.then(|| format!("/filing?page={}", page.saturating_add(1)));
    let rows = found.rows.iter().map(|batch| {
        vec![
            Cell::text(batch.batch_no.as_str()).to(address(&batch.name)).line(batch.title.as_str()),
            state(batch),
            Cell::text(count(batch.row_total)),
            Cell::text(count(batch.row_bad + batch.row_failed)),
            Cell::text(count(batch.row_done)),
            Cell::text(batch.amount_total.0.compact()),
            Cell::text(desk.moment(&batch.creation)).line(batch.made_by.as_str()),
        ]
    });
    let headings = ["Filing", "State", "#Rows", "#To be mended", "#Filed", "#Amount", "Uploaded"];
    let none = "Nothing has been filed in bulk yet";
    let sheet = Sheet { next, ..Sheet::new("Filings", none, &headings).with(rows) };
    let prepares = desk.grant.principal.role.allows(Permission::File);
    Ok(Form {
        section: SECTION,
        heading: SECTION.to_owned(),
        lead: vec!["A file of loans becomes draft cases: checked row by row, approved by somebody else, filed once.".to_owned()],
        links: prepares.then(|| ("/filing/new".to_owned(), "New filing…".to_owned())).into_iter().collect(),
        sheets: vec![sheet],
        back: ("/".to_owned(), "To the dashboard".to_owned()),
        wide: true,
        ..Form::default()
    })
}

/// One filing. `group` is the repair whose rows are shown, `after` the row after which they begin.
///
/// # Errors
/// As [`Filing::find`].
pub async fn show(id: &str, group: &str, after: i64) -> Result<Form, Refusal> {
    let filing = match Filing::find(id, Permission::SeeFilings).await {
        Err(Refusal::Code(ErrorCode::Forbidden)) => return Ok(not_for(Permission::SeeFilings, SECTION)),
        filing => filing?,
    };
    let batch = &filing.batch;
    let standing = filing.standing();
    let mut links: Vec<(String, String)> = Deed::ALL
        .into_iter()
        .filter(|deed| deed.fits(&filing))
        .map(|deed| (format!("{}/do/{}", filing.address(), deed.word()), deed.label().to_owned()))
        .collect();
    let takes =
        [Permission::File, Permission::CheckFiling].into_iter().any(|permission| filing.desk.grant.principal.role.allows(permission));
    let mends = filing.is_own() && matches!(batch.state.as_str(), "READY" | "RETURNED");
    if takes && batch.row_bad > 0 && batch.state != "VALIDATING" {
        links.push((format!("{}/rejects.xlsx", filing.address()), "Download the rows to be mended".to_owned()));
        links.extend(mends.then(|| (format!("{}/rejects", filing.address()), "Upload the mended rows…".to_owned())));
    }
    if takes && matches!(batch.state.as_str(), "DONE" | "DONE_WITH_ERRORS" | "FAILED") && batch.row_total > 0 {
        links.push((format!("{}/result.xlsx", filing.address()), "Download what became of each row".to_owned()));
    }
    let mut sheets = Vec::new();
    if batch.row_bad + batch.row_failed > 0 && !standing.working {
        sheets.push(filing.repairs().await?);
        sheets.push(filing.wrong(group, after, mends).await?);
    } else if batch.row_total > 0 && !standing.working {
        sheets.push(filing.some_rows(after).await?);
    }
    let waits = filing.desk.requests_over(super::KIND, &batch.name, 1).await?.pop();
    let mut lead = filing.noted().notes;
    lead.extend(some_text(batch.error_text.clone()));
    if batch.state == "RETURNED"
        && let Some(request) = &waits
    {
        lead.extend(some_text(request.reason_text.clone()).map(|reason| format!("Returned by {}: {reason}", request.checker)));
    }
    if let Some(request) = waits.filter(|request| request.waits()) {
        links.push((
            format!("/approvals/{}", request.name),
            if filing.is_own() { "See the request".to_owned() } else { "Decide…".to_owned() },
        ));
    }
    Ok(Form {
        section: SECTION,
        heading: format!("Filing {}", batch.batch_no),
        about: batch.title.clone(),
        lead,
        links,
        facts: vec![
            crate::model::Fact { label: "State".to_owned(), cell: state(batch), formula: None },
            fact("File", batch.file_name.as_str()),
            fact("Prepared by", batch.made_by.as_str()),
            fact("Approved by", batch.approved_by.as_str()),
            fact("Uploaded", filing.desk.moment(&batch.creation)),
            figure("Rows", batch.row_total),
            figure("Can be filed", batch.row_ok + batch.row_warned),
            figure("of them with a warning", batch.row_warned),
            figure("To be mended", batch.row_bad),
            figure("Left out", batch.row_skipped),
            figure("Filed", batch.row_done),
            figure("Could not be filed", batch.row_failed),
            fact("Amount", batch.amount_total.0.exact()),
        ],
        sheets,
        back: ("/filing".to_owned(), "All filings".to_owned()),
        live: standing.working.then(|| crate::model::Live {
            words: standing.words,
            done: standing.done,
            total: standing.total,
            address: format!("{}/progress", filing.address()),
        }),
        wide: true,
        ..Form::default()
    })
}

impl Filing {
    /// What is to be mended, by what mends it.
    async fn repairs(&self) -> Result<Sheet, Refusal> {
        let by = Aggregate::<RowKey>::new(RowScope::institution_wide(), [Measure::Count]).by(Field::new("repair_group"));
        let by = by.filter(Condition::eq(Field::new("batch"), self.batch.name.as_str()));
        let by = by.filter(Condition::one_of(Field::new("state"), [BAD, FAILED]));
        let mut groups: Vec<(String, u64)> = (self.desk.client.group_by(&by).await?.into_iter())
            .map(|group| (group.keys.first().cloned().unwrap_or_default(), group.count(0)))
            .collect();
        groups.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
        let rows = groups.into_iter().map(|(code, rows)| {
            let of = repair(&code);
            let name = if code.is_empty() {
                Cell::text("Could not be filed")
            } else {
                Cell::text(of.label()).to(format!("{}?group={code}", self.address()))
            };
            vec![name, Cell::text(count(i64::try_from(rows).unwrap_or(i64::MAX))), Cell::text(if code.is_empty() { "" } else { of.help() })]
        });
        Ok(Sheet::new("What is to be mended", "", &["What", "#Rows", "How"]).with(rows))
    }

    /// Rows with something wrong, a page from a row on.
    async fn wrong(&self, group: &str, after: i64, mends: bool) -> Result<Sheet, Refusal> {
        let mut wrong = of_batch::<FilingRow>(&self.batch).filter(Condition::one_of(Field::new("state"), [BAD, FAILED]));
        if !group.is_empty() {
            wrong = wrong.filter(Condition::eq(Field::new("repair_group"), group));
        }
        let title = if group.is_empty() {
            "Rows with something wrong".to_owned()
        } else {
            format!("Rows with something wrong: {}", repair(group).label())
        };
        self.page(wrong, &title, group, after, mends).await
    }

    async fn some_rows(&self, after: i64) -> Result<Sheet, Refusal> {
        self.page(of_batch::<FilingRow>(&self.batch), "Rows", "", after, false).await
    }

    async fn page(&self, rows: Query<FilingRow>, title: &str, group: &str, after: i64, mends: bool) -> Result<Sheet, Refusal> {
        let rows = rows
            .filter(Condition::new(Field::new("row_no"), Op::Gt, Value::Int(after)))
            .order_by(Field::new("row_no"), Direction::Ascending);
        let found = self.desk.client.list(&rows.page(0, PAGE_ROWS)).await?;
        let next = found.rows.last().filter(|_| found.more).map(|last| format!("{}?group={group}&after={}", self.address(), last.row_no));
        Ok(Sheet { next, ..self.rows_sheet(title, "None", &found.rows, mends) })
    }

    /// Rows in words.
    pub(super) fn rows_sheet(&self, title: &str, none: &str, rows: &[FilingRow], mends: bool) -> Sheet {
        let mapping = self.mapping();
        let said = |row: &FilingRow, code: &str| {
            mapping.heading(code).map(|heading| row.content().cell(heading).shown().into_owned()).unwrap_or_default()
        };
        let line = |row: &FilingRow| {
            let number = Cell::text(row.row_no.to_string());
            let number = if mends { number.to(format!("{}/rows/{}", self.address(), row.name)) } else { number };
            let tone = match row.state.as_str() {
                BAD | FAILED => Tone::Bad,
                "WARNED" => Tone::Waiting,
                _ => Tone::Good,
            };
            let case = if row.case_ref.is_empty() {
                Cell::text(row.lan.as_str())
            } else {
                Cell::text(row.lan.as_str()).to(format!("/cases/{}", row.case_ref))
            };
            let mut wrong = row.error_text.lines();
            let first = Cell::some(wrong.next().map(str::to_owned));
            vec![
                number,
                case,
                Cell::some(some_text(said(row, "name"))),
                Cell::some(some_text(said(row, "pos"))),
                Cell::text(row.words()).meant(tone),
                wrong.fold(first, Cell::line),
            ]
        };
        let headings = ["#Row", "Loan", "Borrower", "#Principal", "State", "What is said of it"];
        Sheet::new(title, none, &headings).with(rows.iter().map(line))
    }

    /// What its columns mean.
    pub(super) fn mapping(&self) -> crate::model::filing::Mapping {
        crate::model::filing::Mapping::parse(&self.batch.mapping).unwrap_or_default()
    }
}
