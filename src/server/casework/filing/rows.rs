//! The rows of a filing as they are kept: what each says, what is wrong with it, and the loans that have an open case already.
//!
//! Owns how a row is judged and written. It must not know where its words come from, nor who waits for it.

use std::collections::{BTreeMap, HashMap};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::super::{Refusal, batches::Batch, columns::record, keys::natural_key};
use crate::{
    model::{
        Inr,
        filing::{Checked, Content, Finding, Known, Mapping, check_row},
    },
    server::{
        context::Grant,
        frappe::{Aggregate, Changes, Client, Condition, Field, Measure, PAGE_MAX, Query, RowScope},
    },
};

/// States of a row.
pub const OK: &str = "OK";
/// It can be filed, and something of it is odd.
pub const WARNED: &str = "WARNED";
/// It cannot be filed as it is.
pub const BAD: &str = "BAD";
/// It was mended.
pub const FIXED: &str = "FIXED";
/// It is a case.
pub const DONE: &str = "DONE";
/// It could not be filed.
pub const FAILED: &str = "FAILED";
/// Somebody has left it out.
pub const SKIPPED: &str = "SKIPPED";
/// Those that become cases.
pub const GOOD: [&str; 3] = [OK, WARNED, FIXED];
/// The longest account of what is wrong with a row, in characters.
const ERROR_CHARS: usize = 2_000;
/// The longest loan number that a row is found by.
const LAN_CHARS: usize = 140;

record! {
    /// A row of a filing.
    pub struct FilingRow of "Portal Batch Row" {
        row_key: String,
        row_no: i64,
        state: String,
        lan: String,
        content: String,
        error_text: String,
        case_ref: String,
    }
}

record! {
    /// A row as far as finding it goes.
    pub struct RowKey of "Portal Batch Row" {
        row_no: i64,
        lan: String,
        state: String,
    }
}

record! {
    /// An open case of a loan.
    struct OpenCase of "Arbitration Case" {
        case_id: String,
        draft_no: String,
        open_lan_key: String,
    }
}

impl FilingRow {
    /// Its state in words.
    pub fn words(&self) -> String {
        match self.state.as_str() {
            OK => "Good".to_owned(),
            WARNED => "Has a warning".to_owned(),
            BAD => "To be mended".to_owned(),
            FIXED => "Mended".to_owned(),
            DONE => "Filed".to_owned(),
            FAILED => "Not filed".to_owned(),
            SKIPPED => "Left out".to_owned(),
            other => crate::model::Term::of(other).label,
        }
    }

    /// What it says; nothing where nobody can read it.
    pub fn content(&self) -> Content {
        let json = STANDARD.decode(&self.content).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        json.and_then(|json| Content::parse(&json)).unwrap_or_default()
    }

    /// Whether it becomes a case.
    pub fn is_good(&self) -> bool {
        GOOD.contains(&self.state.as_str())
    }
}

/// A row, judged.
pub struct Judged {
    /// Its number.
    pub number: i64,
    /// What it says.
    pub content: Content,
    /// The loan.
    pub lan: String,
    /// What is owed in it.
    pub amount: Inr,
    /// What is wrong and what is odd.
    pub findings: Vec<Finding>,
}

impl Judged {
    /// Judges what a row says.
    pub fn of(number: i64, content: Content, mapping: &Mapping, known: &Known) -> Self {
        let Checked { case, findings, .. } = check_row(&content, mapping, known);
        Self { number, content, lan: case.lan.clone(), amount: case.total(), findings }
    }

    /// Whether it can be filed.
    pub fn is_good(&self) -> bool {
        !self.findings.iter().any(|finding| finding.grave)
    }

    /// The state in which it is.
    pub fn state(&self) -> &'static str {
        match (self.is_good(), self.findings.is_empty()) {
            (false, _) => BAD,
            (true, false) => WARNED,
            (true, true) => OK,
        }
    }

    /// What it is owed, where it counts.
    pub fn counts(&self) -> Inr {
        if self.is_good() { self.amount } else { Inr::ZERO }
    }

    /// What of the row follows.
    pub fn columns(&self, state: &'static str, by: &str) -> Changes {
        let codes: Vec<&str> = self.findings.iter().map(|finding| finding.code).collect();
        let codes = if codes.is_empty() { String::new() } else { format!(";{};", codes.join(";")) };
        let told: Vec<&str> = self.findings.iter().map(|finding| finding.sentence.as_str()).collect();
        let grave = self.findings.iter().find(|finding| finding.grave).or_else(|| self.findings.first());
        Changes::new()
            .set(Field::new("state"), state)
            .set(Field::new("lan"), self.lan.chars().take(LAN_CHARS).collect::<String>())
            .set(Field::new("content"), STANDARD.encode(self.content.json()))
            .set(Field::new("error_codes"), codes)
            .set(Field::new("error_text"), told.join("\n").chars().take(ERROR_CHARS).collect::<String>())
            .set(Field::new("repair_group"), grave.map_or("", |finding| finding.code))
            .set(Field::new("changed_by"), by)
    }
}

/// The unique key of a row.
pub fn row_key(institution: &str, batch: &str, number: i64) -> String {
    natural_key(institution, &[batch, &number.to_string()])
}

/// The unique key of a loan's open case.
pub fn lan_key(institution: &str, lan: &str) -> String {
    natural_key(institution, &[&lan.to_uppercase()])
}

/// Rows of a batch.
pub fn of_batch<R: super::super::columns::Named>(batch: &Batch) -> Query<R> {
    // Within the batch, which was found among the person's: its rows have no other scope.
    Query::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("batch"), batch.name.as_str()))
}

/// Says of each row whose loan has an open case that it has one.
///
/// # Errors
/// Any fault of the calls.
pub async fn note_open_cases(client: &Client, grant: &Grant, rows: &mut [Judged]) -> Result<(), Refusal> {
    let institution = client.institution().await?;
    let keys: HashMap<String, usize> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| !row.lan.is_empty())
        .map(|(index, row)| (lan_key(&institution, &row.lan), index))
        .collect();
    if keys.is_empty() {
        return Ok(());
    }
    let among = |scope: RowScope| {
        let named = Condition::one_of(Field::new("open_lan_key"), keys.keys().map(String::as_str));
        Query::<OpenCase>::new(scope).filter(named).page(0, PAGE_MAX)
    };
    let open = client.list(&among(RowScope::institution_wide())).await?.rows;
    if open.is_empty() {
        return Ok(());
    }
    // Which case it is, only who sees it is told.
    let own = client.list(&among(grant.rows.clone())).await?.rows;
    for case in open {
        let Some(row) = keys.get(&case.open_lan_key).and_then(|index| rows.get_mut(*index)) else { continue };
        let sentence = match own.iter().find(|other| other.name == case.name) {
            Some(own) => {
                let number = if own.case_id.is_empty() { &own.draft_no } else { &own.case_id };
                format!("Case {number} of this loan is open. A loan has one open case: leave the row out, or close that case first.")
            }
            None => "Another case of this loan is open, outside your rows. A loan has one open case.".to_owned(),
        };
        row.findings.push(Finding::new("E_DUPLICATE_LAN", "lan", sentence));
    }
    Ok(())
}

/// How many rows of a batch are in which state, as the batch's counters.
///
/// # Errors
/// Any fault of the call.
pub async fn counted(client: &Client, batch: &Batch) -> Result<Changes, Refusal> {
    let by_state = Aggregate::<RowKey>::new(RowScope::institution_wide(), [Measure::Count]).by(Field::new("state"));
    let by_state = by_state.filter(Condition::eq(Field::new("batch"), batch.name.as_str()));
    let groups = client.group_by(&by_state).await?;
    let mut counts: BTreeMap<&str, i64> = BTreeMap::new();
    for group in &groups {
        let state = group.keys.first().map_or("", String::as_str);
        *counts.entry(state).or_default() += i64::try_from(group.count(0)).unwrap_or(i64::MAX);
    }
    let of = |states: &[&str]| states.iter().filter_map(|state| counts.get(state)).sum::<i64>();
    Ok(Changes::new()
        .set(Field::new("row_total"), counts.values().sum::<i64>())
        .set(Field::new("row_ok"), of(&[OK, FIXED]))
        .set(Field::new("row_warned"), of(&[WARNED]))
        .set(Field::new("row_bad"), of(&[BAD]))
        .set(Field::new("row_done"), of(&[DONE]))
        .set(Field::new("row_failed"), of(&[FAILED]))
        .set(Field::new("row_skipped"), of(&[SKIPPED])))
}
