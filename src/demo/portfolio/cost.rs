//! What a case cost: fees, stamps, appearances, and each campaign's notices.
//!
//! The sums of the case are taken here, from the very amounts that are written.

use serde_json::Value;

use super::case::{Tally, scope};
use super::notices::NoticeCost;
use super::people::House;
use super::plan::Plan;
use super::random::{Random, derived_name};
use super::row::{Date, Record, at};

/// A cost before it is a row.
struct Cost {
    kind: &'static str,
    paise: i64,
    on: Date,
    payee: &'static str,
    hearing: Option<String>,
    campaign: Option<String>,
    /// An appearance of which the attendance says that it took place; `None` for what is no appearance.
    verified: Option<bool>,
}

/// Writes a case's costs and adds them up in the tally.
pub(super) fn rows(
    house: &House<'_>,
    plan: &Plan,
    hearings: &[Record],
    notices: &[NoticeCost],
    random: &mut Random,
    tally: &mut Tally,
) -> Vec<Record> {
    let mut costs = fees(plan, random);
    let of = |kind, paise, on, payee| Cost { kind, paise, on, payee, hearing: None, campaign: None, verified: None };
    for hearing in hearings.iter().filter(|hearing| number(hearing, "appearance_claimed") == 1) {
        let field = |name: &str| hearing.get(name).and_then(Value::as_str).unwrap_or_default();
        let on = crate::model::Day::parse(field("starts_on")).map_or(house.today, crate::model::Day::days_since_epoch);
        costs.push(Cost {
            hearing: Some(field("name").to_owned()),
            verified: Some(field("status") == "HELD" && number(hearing, "appearance_verified") == 1),
            ..of("APPEARANCE", random.between(20, 45) * 100_00, on, "advocate")
        });
    }
    costs.extend(
        notices.iter().map(|notice| Cost { campaign: Some(notice.campaign.clone()), ..of("NOTICE", notice.paise, notice.on, "senders") }),
    );
    costs.into_iter().filter(|cost| cost.paise > 0 && cost.on <= house.today).map(|cost| row(house, plan, random, tally, cost)).collect()
}

fn number(row: &Record, field: &str) -> i64 {
    row.get(field).and_then(Value::as_i64).unwrap_or_default()
}

fn fees(plan: &Plan, random: &mut Random) -> Vec<Cost> {
    let journey = &plan.journey;
    let value = plan.claim.max(plan.dues_at_filing);
    let mut costs = Vec::new();
    let mut add = |kind, paise: i64, on: Option<Date>, payee| {
        costs.extend(on.map(|on| Cost { kind, paise: paise / 100 * 100, on, payee, hearing: None, campaign: None, verified: None }));
    };
    add("FILING_FEE", (1_500_00 + value / 250).min(40_000_00), journey.filed_on, "registry");
    add("ARBITRATOR_FEE", (4_000_00 + value / 125).min(75_000_00), journey.appointed_on.map(|day| day + 3), "registry");
    let advised = journey.soc_on.filter(|_| plan.advocate.is_some());
    add("ADVOCATE_FEE", random.between(60, 180) * 100_00, advised, "advocate");
    add("STAMP", (500_00 + plan.award_total() / 1_000).min(25_000_00), journey.award_on, "treasury");
    costs
}

fn row(house: &House<'_>, plan: &Plan, random: &mut Random, tally: &mut Tally, cost: Cost) -> Record {
    let age = house.today - cost.on;
    let state = match cost.verified {
        Some(false) if random.chance(60.0) => "DISPUTED",
        _ if age > 60 || matches!(cost.kind, "FILING_FEE" | "STAMP") => "PAID",
        _ if age > 25 => "BILLED",
        _ => "ACCRUED",
    };
    tally.cost_total += cost.paise;
    tally.cost_unpaid += if state == "PAID" { 0 } else { cost.paise };
    tally.cost_unbilled += if state == "ACCRUED" { cost.paise } else { 0 };
    let payee = match cost.payee {
        "registry" => "Saral ODR Centre (demo)".to_owned(),
        "advocate" => plan.advocate.map_or_else(String::new, |index| house.advocates[index].title.clone()),
        "senders" => "Message and post providers (demo)".to_owned(),
        _ => "State treasury (demo)".to_owned(),
    };
    let made_at = at(cost.on, 1_010);
    // One row for a case and campaign, however often the job that writes it is run.
    let name = cost.campaign.as_ref().map_or_else(|| random.row_name(), |campaign| derived_name(&format!("{}/{campaign}/cost", plan.row)));
    let maker = if cost.campaign.is_some() { "job:FOLD".to_owned() } else { house.user("finance") };
    let mut row = house
        .row(&name, &maker, made_at, made_at)
        .with(&scope(house, plan))
        .text("case_ref", &plan.row)
        .text("kind", cost.kind)
        .money("amount", cost.paise)
        .date("incurred_on", cost.on)
        .month("month", cost.on)
        .text("state", state)
        .text("payee", payee)
        .maybe("hearing", cost.hearing.as_deref())
        .maybe("campaign", cost.campaign.as_deref())
        .check("verified", cost.verified.unwrap_or(false));
    if state != "ACCRUED" {
        row = row.text("invoice_no", format!("INV/{}/{:05}", &super::row::iso(cost.on)[..4], random.between(1, 99_999)));
    }
    row.done()
}
