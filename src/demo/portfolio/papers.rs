//! The documents of a case, and the service rows that rest on them as proof.
//!
//! The file behind a document is written when it is asked for, from its row and its case's (see `file`). A served cell always has its
//! proof of delivery.

use serde_json::Value;

use super::case::{Tally, scope};
use super::file::{Kind, Words};
use super::people::House;
use super::plan::Plan;
use super::random::Random;
use super::row::{Date, Record, at, hex, iso, natural_key};
use super::rules;
use super::service::{Cell, Finding};

/// A document before it is a row.
struct Paper {
    row: String,
    kind: &'static str,
    title: String,
    on: Date,
    /// The cell that it proves.
    proves: Option<usize>,
}

/// Writes a case's documents and its service rows, tells the tally of them, and names the award's document.
pub(super) fn rows(
    house: &House<'_>,
    plan: &Plan,
    cells: &[Cell],
    random: &mut Random,
    tally: &mut Tally,
) -> (Vec<Record>, Vec<Record>, Option<String>) {
    let papers = papers(plan, cells, random);
    let of = |kind: &str| papers.iter().find(|paper| paper.kind == kind).map(|paper| paper.row.clone());
    tally.documents = papers.len() as i64;
    tally.disclosure_doc = of("DISCLOSURE");
    tally.consent_doc = of("CONSENT");
    let shared = scope(house, plan);
    let documents = papers.iter().map(|paper| document(house, plan, cells, &shared, paper)).collect();
    let services = (cells.iter().enumerate())
        .map(|(index, cell)| {
            let proof = papers.iter().find(|paper| paper.proves == Some(index)).map(|paper| paper.row.as_str());
            service(house, plan, &shared, cell, proof)
        })
        .collect();
    (documents, services, of("AWARD"))
}

fn papers(plan: &Plan, cells: &[Cell], random: &mut Random) -> Vec<Paper> {
    let journey = &plan.journey;
    if plan.documents == Some(0) {
        return Vec::new();
    }
    let mut papers = Vec::new();
    let mut add = |random: &mut Random, kind: &'static str, title: String, on: Option<Date>, proves: Option<usize>| {
        let row = proves.map_or_else(|| random.row_name(), |index: usize| cells[index].proof());
        papers.extend(on.map(|on| Paper { row, kind, title, on, proves }));
    };
    let began = Some(journey.began());
    let known: [(&'static str, &str, Option<Date>); 11] = [
        ("AGREEMENT", "Loan agreement", began),
        ("SOA", "Statement of account", began),
        ("LRN", "Loan recall notice", journey.lrn_on),
        ("S21_NOTICE", "Notice under section 21", journey.s21_on),
        ("REQUEST", "Request for arbitration", journey.filed_on),
        ("APPOINTMENT", "Letter of appointment", journey.appointed_on),
        ("DISCLOSURE", "Disclosure under section 12", journey.appointed_on.filter(|_| plan.disclosed)),
        (
            "CONSENT",
            "Agreement to arbitrate after the dispute",
            journey.appointed_on.filter(|_| plan.basis.consent == "AGREED_AFTER_DISPUTE"),
        ),
        ("SOC", "Statement of claim", journey.soc_on),
        ("SOD", "Statement of defence", journey.sod_on),
        ("AWARD", "Award", journey.award_on),
    ];
    for (kind, title, on) in known {
        add(random, kind, title.to_owned(), on, None);
    }
    for (index, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.served()) {
        let title = if cell.party == 0 { "Proof of delivery, C1".to_owned() } else { format!("Proof of delivery, R{}", cell.party) };
        add(random, "POD", title, cell.served_on, Some(index));
    }
    while plan.documents.is_some_and(|wanted| papers.len() < wanted) {
        let number = papers.len();
        papers.push(Paper {
            row: random.row_name(),
            kind: "ANNEXURE",
            title: format!("Annexure {number}"),
            on: journey.began(),
            proves: None,
        });
    }
    papers
}

fn document(house: &House<'_>, plan: &Plan, cells: &[Cell], shared: &Record, paper: &Paper) -> Record {
    let made_at = at(paper.on, 1005);
    let title = house.mark(&paper.title);
    let number = if plan.number.is_empty() { &plan.draft_no } else { &plan.number };
    // What the postman brought back is photographed now and then.
    let kind = if paper.kind == "POD" && paper.row.as_bytes()[0].is_multiple_of(3) { Kind::Png } else { Kind::Pdf };
    let stated = kind.stated(Words { row: &paper.row, title: &title, number, on: &iso(paper.on) });
    // As random as a group or a file name has to be: no two files are alike.
    let digest = &stated.sha256;
    // A few are still waiting for the scanner.
    let scan_state = if digest.starts_with("00") { "NOT_SCANNED" } else { "CLEAN" };
    let by_tribunal = matches!(paper.kind, "APPOINTMENT" | "DISCLOSURE" | "AWARD" | "SOD");
    let maker = if by_tribunal { "upstream:registry".to_owned() } else { house.legal_owner(&house.branches[plan.branch]) };
    let party = paper.proves.map(|cell| plan.parties[cells[cell].party].row.as_str());
    house
        .row(&paper.row, &maker, made_at, made_at)
        .with(shared)
        .text("case_ref", &plan.row)
        .maybe("party", party)
        .text("doc_group", &digest[..32])
        .text("doc_version_key", natural_key(&house.spec.record, &[&digest[..32], "1"]))
        .int("version", 1)
        .check("is_latest", true)
        .text("doc_type", paper.kind)
        .text("title", title)
        .text("original_name", format!("{}.{}", paper.title.to_lowercase().replace([' ', ','], "-"), kind.ending()))
        .text("file_url", file_url(&paper.row, digest, kind))
        .text("sha256", digest)
        .int("size_bytes", stated.size_bytes)
        .text("mime", kind.mime())
        .int("page_count", kind.pages())
        .text("state", "STORED")
        .text("scan_state", scan_state)
        .text("visible_to", if matches!(paper.kind, "AGREEMENT" | "SOA") { "TRIBUNAL" } else { "ALL_PARTIES" })
        .date("document_on", paper.on)
        .done()
}

const FILES: &str = "/private/files/";

/// Thirty-two digits: the row's name, so that the row is found by its address, and some of its hash.
fn file_url(row: &str, digest: &str, kind: Kind) -> String {
    let name = hex(row.as_bytes());
    format!("{FILES}{name}{}.{}", &digest[..32_usize.saturating_sub(name.len())], kind.ending())
}

/// The name of the document that has this file, if it is one that this portfolio made.
pub fn document_of_file(file_url: &str) -> Option<String> {
    let digits = file_url.strip_prefix(FILES)?.get(..20)?;
    let byte = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    String::from_utf8((0..20).step_by(2).map(byte).collect::<Option<_>>()?).ok()
}

/// The file of a document, from its row and its case's.
pub fn file_of_document(document: &Value, case: &Value) -> Option<Vec<u8>> {
    let text = |row: &'_ Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let number = ["case_id", "draft_no"].map(|field| text(case, field)).into_iter().find(|number| !number.is_empty())?;
    let (row, title, on) = (text(document, "name"), text(document, "title"), text(document, "document_on"));
    Some(Kind::of_mime(document["mime"].as_str()?)?.write(Words { row: &row, title: &title, number: &number, on: &on }))
}

fn service(house: &House<'_>, plan: &Plan, shared: &Record, cell: &Cell, proof: Option<&str>) -> Record {
    let party = &plan.parties[cell.party];
    let first_paid = plan.payments.iter().map(|payment| payment.on).min();
    let paid_after = cell.served_on.zip(first_paid).map_or(-1, |(served, paid)| if paid >= served { paid - served } else { -1 });
    let made_at = at(cell.sent_on.unwrap_or(plan.journey.stage_since()), 740);
    let changed_at = at(cell.served_on.or(cell.sent_on).unwrap_or(plan.journey.stage_since()), 745);
    // A notice that no campaign sent went by post alone.
    let (attempts, tried) = match &cell.evidence {
        Some(evidence) => (evidence.attempts, evidence.tried.as_str()),
        None if cell.sent_on.is_some() => (1, "P"),
        None => (0, ""),
    };
    let mut row = house
        .row(&cell.row, "job:FOLD", made_at, changed_at)
        .with(shared)
        .text("service_key", natural_key(&house.spec.record, &[&plan.row, &party.row, cell.notice, "1"]))
        .text("case_ref", &plan.row)
        .text("party", &party.row)
        .int("party_seq", cell.party as i64 + 1)
        .int("round", 1)
        .text("notice_type", cell.notice)
        .check("required", true)
        .text("state", cell.state)
        .check("counts_served", cell.served())
        .date("served_on", cell.served_on)
        .month("served_month", cell.served_on)
        .int("proofs_needed", i64::from(cell.served()))
        .int("proofs_on_file", i64::from(proof.is_some()))
        .int("attempt_count", attempts)
        .text("tried_channels", tried)
        .int("paid_days_after", paid_after);
    if cell.served() {
        let (evidence, rule) = match cell.finding {
            Finding::Read => ("DELIVERY", "Read on WhatsApp; the agreement allows electronic notice"),
            Finding::Refused => ("RETURN_REMARK", "Refused by the addressee; deemed received"),
            Finding::Unclaimed => ("RETURN_REMARK", "Not claimed after an intimation; deemed received"),
            Finding::BadAddress => ("RETURN_REMARK", "Sent to the last known address after inquiry; deemed received"),
            _ => ("DELIVERY", "Delivered and proven"),
        };
        row = row
            .text("best_channel", cell.best_channel())
            .maybe("best_delivery", cell.evidence.as_ref().and_then(|evidence| evidence.best.as_deref()))
            .text("evidence_kind", evidence)
            .maybe("proof_doc", proof)
            .text("rule", rules::name(house, cell.notice))
            .text("rule_text", rule);
    }
    row.done()
}
