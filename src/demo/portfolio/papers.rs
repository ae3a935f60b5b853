//! The documents of a case, and the service rows that rest on them as proof.
//!
//! Rows alone: no file lies behind them. A served cell always has its proof of delivery.

use super::case::{Tally, scope};
use super::people::House;
use super::plan::Plan;
use super::random::Random;
use super::row::{Date, Record, at, natural_key, sha256};
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
    // The row's own name is as random as a group or a file name has to be.
    let digest = sha256(&paper.row);
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
        .text("title", house.mark(&paper.title))
        .text("original_name", format!("{}.pdf", paper.title.to_lowercase().replace([' ', ','], "-")))
        .text("file_url", format!("/private/files/{}.pdf", &digest[32..]))
        .text("sha256", &digest)
        .int("size_bytes", 20_000 + i64::from(paper.row.as_bytes()[1]) * 4_096)
        .text("mime", "application/pdf")
        .int("page_count", i64::from(paper.row.as_bytes()[2] % 30) + 1)
        .text("state", "STORED")
        .text("scan_state", "CLEAN")
        .text("visible_to", if matches!(paper.kind, "AGREEMENT" | "SOA") { "TRIBUNAL" } else { "ALL_PARTIES" })
        .date("document_on", paper.on)
        .done()
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
