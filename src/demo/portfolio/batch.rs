//! The files from which cases came: one filing batch a month, with a row for each case and for each line that was refused,
//! and the batches that still wait for somebody.
//!
//! Counters are counts of rows. Knows when a case began; changes nothing about it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::Sink;
use super::approval::{Asked, Decision};
use super::people::House;
use super::plan::Plan;
use super::random::{Random, derived_name};
use super::row::{Date, at, iso, month, natural_key, sha256};

/// From which batch and which row of its file a case came.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub batch: String,
    pub row_no: i64,
}

/// What is wrong with lines of such files: code and sentence.
const ERRORS: [((&str, &str), f64); 5] = [
    (("E_PIN", "The PIN code has not six digits, the first of them not 0"), 34.0),
    (("E_DUPLICATE_LAN", "A case with this loan account is open"), 24.0),
    (("E_DATE", "The date of default is not a day"), 18.0),
    (("E_MOBILE", "The mobile number has not ten digits"), 15.0),
    (("E_AMOUNT", "The principal is no amount in rupees"), 9.0),
];

fn name_of(house: &House<'_>, what: &str) -> String {
    derived_name(&format!("{}/batch/{what}", house.spec.id))
}

/// Where each case came from: the month's file, in the order of the cases; a month with one case had none.
pub(super) fn origins(house: &House<'_>, plans: &[Plan]) -> Vec<Option<Origin>> {
    let months: Vec<String> = plans.iter().map(|plan| month(plan.journey.began())).collect();
    let mut counts = std::collections::HashMap::new();
    for month in &months {
        *counts.entry(month.as_str()).or_insert(0) += 1;
    }
    let mut next = std::collections::HashMap::new();
    (months.iter())
        .map(|month| {
            let row_no = next.entry(month.as_str()).or_insert(0);
            *row_no += 1;
            (counts[month.as_str()] > 1).then(|| Origin { batch: name_of(house, month), row_no: *row_no })
        })
        .collect()
}

/// One line of a file.
struct Line<'a> {
    state: &'static str,
    lan: String,
    error: Option<(&'static str, &'static str)>,
    case: Option<&'a str>,
}

/// A file.
struct File<'a> {
    row: String,
    title: String,
    state: &'static str,
    on: Date,
    lines: Vec<Line<'a>>,
    amount: i64,
    defect_free: i64,
}

/// Writes all batches. `defective` tells of each case whether it ever had a defect.
pub(super) fn write(house: &House<'_>, seed: u64, plans: &[Plan], origins: &[Option<Origin>], defective: &[bool], sink: &mut Sink<'_>) {
    let mut random = Random::new(seed, &format!("{}/batches", house.spec.id));
    let mut months: std::collections::BTreeMap<String, Vec<usize>> = std::collections::BTreeMap::new();
    for (index, plan) in plans.iter().enumerate().filter(|(index, _)| origins[*index].is_some()) {
        months.entry(month(plan.journey.began())).or_default().push(index);
    }
    for (month, cases) in months {
        let mut lines: Vec<Line<'_>> = (cases.iter())
            .map(|index| Line { state: "DONE", lan: plans[*index].lan.clone(), error: None, case: Some(plans[*index].row.as_str()) })
            .collect();
        let refused = cases.len() / 25;
        lines.extend((0..refused).map(|index| bad(house, &mut random, index)));
        let first = cases.iter().map(|index| plans[*index].journey.began()).min().unwrap_or(house.today);
        let file = File {
            row: name_of(house, &month),
            title: format!("Filing of {month}"),
            state: if refused > 0 { "DONE_WITH_ERRORS" } else { "DONE" },
            on: first,
            amount: cases.iter().map(|index| plans[*index].dues.total()).sum(),
            defect_free: cases.iter().filter(|index| plans[**index].journey.filed_on.is_some() && !defective[**index]).count() as i64,
            lines,
        };
        one(house, &file, sink);
    }
    if plans.len() < 2 {
        return;
    }
    for (what, state, share) in [("next", "PENDING_APPROVAL", 60), ("draft", "READY", 90), ("returned", "RETURNED", 200)] {
        let count = (plans.len() / share).max(3);
        let mut lines: Vec<Line<'_>> =
            (0..count).map(|index| Line { state: "OK", lan: unused_lan(house, what, index), error: None, case: None }).collect();
        lines.extend((0..count / 8).map(|index| bad(house, &mut random, index)));
        let title = match state {
            "READY" => "New lot, being corrected",
            "RETURNED" => "Lot without its agreements",
            _ => "New lot, ready to be filed",
        };
        let amount = count as i64 * 1_80_000_00;
        one(
            house,
            &File { row: name_of(house, what), title: title.to_owned(), state, on: house.today - 2, lines, amount, defect_free: 0 },
            sink,
        );
    }
}

fn unused_lan(house: &House<'_>, what: &str, index: usize) -> String {
    house.mark(&format!("NEW-{}-{index:05}", what.to_uppercase()))
}

fn bad<'a>(house: &House<'_>, random: &mut Random, index: usize) -> Line<'a> {
    Line { state: "BAD", lan: unused_lan(house, "bad", index), error: Some(*random.weighted(&ERRORS)), case: None }
}

/// What a filing's columns mean here.
const COLUMNS: [(&str, &str); 10] = [
    ("Loan No", "lan"),
    ("Product", "product"),
    ("Branch", "branch"),
    ("Customer", "name"),
    ("Mobile", "mobile"),
    ("Address", "address"),
    ("Pin", "pincode"),
    ("Date of default", "default_on"),
    ("Principal", "pos"),
    ("Outstanding on", "dues_on"),
];

/// What a line of the file says; one with something wrong says that wrongly.
fn content(house: &House<'_>, file: &File<'_>, line: &Line<'_>) -> Value {
    let wrong = |code: &str| line.error.is_some_and(|(known, _)| known == code);
    let loan = if wrong("E_DUPLICATE_LAN") { file.lines[0].lan.as_str() } else { line.lan.as_str() };
    let product = house.spec.products.first().map_or("PERSONAL", |(code, _)| *code);
    json!({
        "Loan No": loan,
        "Product": product,
        "Branch": house.branches[0].code,
        "Customer": house.mark("Asha Rao"),
        // No Indian mobile begins with 5: one that nobody has cannot be filed, so the column is empty but where it is wrong.
        "Mobile": if wrong("E_MOBILE") { "98200 1234" } else { "" },
        "Address": "12 MG Road, Pune",
        "Pin": if wrong("E_PIN") { "011001" } else { "411001" },
        "Date of default": if wrong("E_DATE") { "31/02/2026".to_owned() } else { iso(file.on - 200) },
        "Principal": if wrong("E_AMOUNT") { "1.8 lakh" } else { "1,80,000.00" },
        "Outstanding on": iso(file.on - 1),
    })
}

/// What of a filing is held against what was approved.
fn hashed(file: &File<'_>, mapping: &str) -> String {
    let rows = file.lines.iter().filter(|line| line.error.is_none()).count();
    let amount = crate::model::Inr::from_paise(file.amount).exact();
    json!([["rows", rows.to_string()], ["amount", amount], ["file", sha256(&file.row)], ["mended", ""], ["columns", mapping]]).to_string()
}

fn one(house: &House<'_>, file: &File<'_>, sink: &mut Sink<'_>) {
    let done = file.state.starts_with("DONE");
    let (maker, head) = (house.user("legal.manager"), house.user("legal.head"));
    let (made_at, asked_at) = (at(file.on, 560), at(file.on, 600));
    let decision = match file.state {
        "PENDING_APPROVAL" => Some(Decision::Pending),
        "RETURNED" => Some(Decision::Returned {
            by: head.clone(),
            at: asked_at + 5_400,
            code: "MISSING_DOCUMENT",
            text: "The agreements of the lot are missing",
        }),
        _ if done => Some(Decision::Approved { by: head.clone(), at: asked_at + 420 }),
        _ => None,
    };
    let title = house.mark(&file.title);
    let mapping = COLUMNS.iter().map(|(heading, field)| ((*heading).to_owned(), json!(field))).collect::<serde_json::Map<_, _>>();
    let mapping = Value::Object(mapping).to_string();
    let headings: Vec<&str> = COLUMNS.iter().map(|(heading, _)| *heading).collect();
    let object = ("Portal Batch", file.row.as_str());
    let approval = decision.map(|decision| {
        let asked = Asked {
            kind: "FILING_BATCH",
            object,
            title: title.clone(),
            amount: file.amount,
            by: maker.clone(),
            at: asked_at,
            decision,
            sample: 5,
            hashed: Some(hashed(file, &mapping)),
        };
        asked.write(house, None, sink)
    });
    let count = |state: &str| file.lines.iter().filter(|line| line.state == state).count() as i64;
    let finished_at = asked_at + 600;
    let code: String =
        file.row.bytes().take(6).map(|byte| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[usize::from(byte) % 32])).collect();
    let mut row = house
        .row(&file.row, &maker, made_at, if done { finished_at } else { asked_at })
        .text("batch_no", format!("B-2026-{code}"))
        .text("kind", "FILING")
        .text("title", title)
        .text("file_name", format!("{}.xlsx", file.title.to_lowercase().replace([' ', ','], "-")))
        .text("file_sha256", sha256(&file.row))
        .text("state", file.state)
        .text("mapping", mapping)
        .text("params", json!({"headings": headings, "sample": [], "notes": [], "phase": "read"}).to_string())
        .int("row_total", file.lines.len() as i64)
        .int("row_ok", count("OK") + count("DONE"))
        .int("row_warned", 0)
        .int("row_bad", count("BAD"))
        .int("row_done", count("DONE"))
        .int("row_failed", 0)
        .int("row_skipped", 0)
        .money("amount_total", file.amount)
        .int("next_row", if done { file.lines.len() as i64 } else { 0 })
        .int("defect_free", file.defect_free)
        .maybe("approval", approval.as_deref());
    if approval.is_some() {
        row = row.text("submitted_by", &maker);
    }
    if done {
        row = row.text("approved_by", head).moment("started_at", asked_at + 440).moment("finished_at", finished_at);
    }
    sink("Portal Batch", row.done());
    for (index, line) in file.lines.iter().enumerate() {
        let row_no = index as i64 + 1;
        let mut row = house
            .row(&derived_name(&format!("{}/{row_no}", file.row)), "job:BATCH", made_at + 60, if done { finished_at } else { made_at + 60 })
            .text("row_key", natural_key(&house.spec.record, &[&file.row, &row_no.to_string()]))
            .text("batch", &file.row)
            .int("row_no", row_no)
            .text("state", line.state)
            .text("lan", &line.lan)
            .maybe("case_ref", line.case)
            .moment("done_at", line.case.map(|_| finished_at));
        if let Some((code, text)) = line.error {
            row = row.text("error_codes", format!(";{code};")).text("error_text", text).text("repair_group", code);
        }
        // What a row said is kept while somebody may still correct it.
        if !done {
            row = row.text("content", STANDARD.encode(content(house, file, line).to_string()));
        }
        sink("Portal Batch Row", row.done());
    }
}
