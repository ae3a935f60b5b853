//! The documents of all the cases that a person may see, newest first.

use std::collections::{BTreeSet, HashMap};

use super::DocumentRecord;
use crate::{
    model::{DocumentList, DocumentQuery, Permission, TimeCursor},
    server::{
        casework::{
            Refusal,
            cases::{self, conditions, wire::column},
            columns::{Site, some_text},
            newest,
        },
        context::{Grant, authorise},
        frappe::{Client, Condition, Field},
    },
};

/// Documents on a page.
const PAGE_ROWS: usize = 100;
/// Cases whose documents are looked for, where a text names cases.
const CASES_MAX: u32 = 200;

const CASE: Field = Field::new("case_ref");
const CREATION: Field = Field::new("creation");

/// One page of documents in their latest versions.
///
/// # Errors
/// What the upstream's fault means.
pub async fn list(query: DocumentQuery) -> Result<DocumentList, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let mut asked = conditions_of(&query);
    let clipped = narrow(&client, &grant, &query, &mut asked).await?;
    let (found, more) = newest::page::<DocumentRecord>(&client, &grant.rows, CREATION, query.after.as_ref(), &asked, PAGE_ROWS).await?;
    let last = found.last().map(|row| TimeCursor { at: row.creation.as_str().to_owned(), name: row.name.clone() });
    // Of those whose case is among the person's rows now, whatever a document's own copy of the scope says.
    let numbers = numbers(&client, &grant, &found).await?;
    let shown = found.into_iter().filter_map(|row| {
        let (number, respondent) = numbers.get(&row.case_ref)?.clone();
        Some((row.into_row(&site)?, number, respondent))
    });
    Ok(DocumentList { rows: shown.collect(), next: last.filter(|_| more).map(|last| query.href_after(&last)), clipped })
}

fn conditions_of(query: &DocumentQuery) -> Vec<Condition> {
    let (state, scan_state) = (Field::new("state"), Field::new("scan_state"));
    let mut asked = vec![Condition::eq(Field::new("is_latest"), true), Condition::set(CASE)];
    asked.extend(query.kind.as_deref().map(|kind| Condition::eq(Field::new("doc_type"), kind)));
    match query.state.as_deref() {
        None => {}
        // Stored is what can be opened; the rest says what keeps it back.
        Some("STORED") => asked.extend([Condition::eq(state, "STORED"), Condition::eq(scan_state, "CLEAN")]),
        Some(scan @ ("NOT_SCANNED" | "INFECTED")) => asked.push(Condition::eq(scan_state, scan)),
        Some(other) => asked.push(Condition::eq(state, other)),
    }
    asked
}

/// Narrows to the cases that a text names; whether there were more of them than are looked into.
async fn narrow(client: &Client, grant: &Grant, query: &DocumentQuery, asked: &mut Vec<Condition>) -> Result<bool, Refusal> {
    let Some(cases) = &query.cases else { return Ok(false) };
    let hidden = grant.principal.role.names() == crate::model::Names::Hidden;
    let named = cases::some(client, grant, conditions::of(cases, hidden), CASES_MAX).await?;
    asked.push(Condition::one_of(CASE, named.rows.into_iter().map(|case| case.name)));
    Ok(named.more)
}

/// Number and lead respondent of the cases of these documents that the person may see.
async fn numbers(client: &Client, grant: &Grant, found: &[DocumentRecord]) -> Result<HashMap<String, (String, Option<String>)>, Refusal> {
    let names: BTreeSet<&str> = found.iter().map(|row| row.case_ref.as_str()).collect();
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let named = vec![Condition::one_of(column::NAME, names.iter().copied())];
    let cases = cases::some(client, grant, named, u32::try_from(names.len()).unwrap_or(u32::MAX)).await?;
    Ok(cases.rows.into_iter().map(|case| (case.name.clone(), (case.number(), case.respondent().and_then(some_text)))).collect())
}
