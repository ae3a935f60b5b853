//! The Arbitration Case and Case Party rows of a decided case, with every derived column of records §8.
//!
//! Writes what the plan and its tally say; draws nothing.

use super::batch::Origin;
use super::journey::STAGES;
use super::lending::{bucket, dues_band};
use super::party::PartyPlan;
use super::people::House;
use super::plan::Plan;
use super::row::{Date, Record, add_months, at, iso, moment, natural_key, sha256};
use super::service::{Cell, status};
use crate::model::{ConsentBasis, Enforceability, Grounds, Stage};

/// What other records of a case add up to: the case's columns about them.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// Name and start of the soonest scheduled hearing.
    pub next_hearing: Option<(String, i64)>,
    pub hearings: i64,
    pub adjourned: i64,
    pub tasks_open: i64,
    pub documents: i64,
    pub defects: i64,
    pub defects_open: i64,
    pub cost_total: i64,
    pub cost_unpaid: i64,
    /// Of that, what nobody has billed.
    pub cost_unbilled: i64,
    /// The soonest running clock or open task that is the institution's to meet.
    pub next_due: Option<(Date, &'static str)>,
    pub disclosure_doc: Option<String>,
    pub consent_doc: Option<String>,
    /// The last sign of life of a respondent.
    pub engaged_at: Option<i64>,
    /// When anything of the case last changed.
    pub changed_at: i64,
    /// Where the case came from.
    pub origin: Option<Origin>,
    /// The request for its approval.
    pub approval: Option<String>,
}

/// The scope set (records, "Scope set"): what rows listed outside their case carry of it.
pub(super) fn scope(house: &House<'_>, plan: &Plan) -> Record {
    let branch = &house.branches[plan.branch];
    let mut record = Record::new();
    let mut put = |field: &'static str, value: String| record.insert(field, value.into());
    put("zone", branch.state().zone.to_owned());
    put("region", branch.state().region.to_owned());
    put("branch", branch.code.clone());
    put("product", plan.terms.code.to_owned());
    put("legal_owner", house.legal_owner(branch));
    put("collections_owner", house.collections_owner(branch));
    if let Some(advocate) = plan.advocate {
        put("advocate", house.advocates[advocate].name.clone());
    }
    record
}

/// What an award of the case is measured by; a closed case keeps what it had come to.
pub(super) fn enforceability(plan: &Plan, cells: &[Cell], today: Date) -> Enforceability {
    let journey = &plan.journey;
    let served = |notice: &str| {
        let mut of_notice = cells.iter().filter(|cell| cell.notice == notice).peekable();
        of_notice.peek().is_some() && of_notice.all(Cell::served)
    };
    let grounds = Grounds {
        stage: Stage::from(STAGES[journey.stage].to_owned()),
        clause: plan.clause,
        consent: ConsentBasis::from(plan.basis.consent.to_owned()),
        appointed: journey.appointed_on.is_some(),
        disclosed: plan.disclosed,
        s21_served: served("S21"),
        claim_filed: journey.soc_on.is_some(),
        hearing_served: served("HEARING"),
        time_over: journey.s29a_due_on().is_some_and(|due| journey.award_on.unwrap_or(today) > due),
        award_served: served("AWARD"),
    };
    grounds.measure()
}

/// The case's row.
pub(super) fn case_row(house: &House<'_>, plan: &Plan, cells: &[Cell], tally: &Tally) -> Record {
    let (journey, today) = (&plan.journey, house.today);
    let branch = &house.branches[plan.branch];
    let (stage, since, until) = (journey.stage_code(), journey.stage_since(), journey.until(today));
    let open = journey.open();
    let maker = house.legal_owner(branch);
    let began = at(journey.began(), 611);
    let lead = plan.lead();
    let dues = plan.dues;
    let paid = dues.total() == 0;
    let dpd = if paid { 0 } else { until - plan.default_on };
    let disbursed = add_months(plan.default_on, -(plan.months.clamp(6, 36) / 2));
    let basis_amount = if plan.claim > 0 { plan.claim } else { dues.total() };
    let measured = enforceability(plan, cells, today);
    let served = status(stage, cells);
    let search = search_text(plan);
    let status_since = if open { at(journey.status_since, 690) } else { at(since, 690) };
    let offer = plan.offer.as_ref();
    // An award that was set aside is not in force: the case's columns know it by its dates alone.
    let award = plan.award.filter(|_| journey.outcome != "SET_ASIDE").unwrap_or_default();
    let key = |value: &str| natural_key(&house.spec.record, &[&value.to_uppercase()]);

    let mut row = house
        .row(&plan.row, &maker, began, tally.changed_at.max(status_since))
        .with(&scope(house, plan))
        .text("draft_no", &plan.draft_no)
        .text("lan", &plan.lan)
        .text("institution_ref", house.mark(&format!("LGL/{}", &plan.row[..6].to_uppercase())))
        .text("agreement_no", format!("{}-A", plan.lan))
        .text("search_text", search)
        .text("title_text", lead.name.latin.chars().take(140).collect::<String>())
        .int("respondent_count", plan.respondents().count() as i64)
        .text("loan_subtype", plan.terms.short)
        .text("vintage", format!("{}-Q{}", &iso(disbursed)[..4], (iso(disbursed)[5..7].parse::<i64>().unwrap_or(1) + 2) / 3))
        .check("secured", !plan.terms.asset.is_empty())
        .text("borrower_type", lead.entity)
        .text("state_name", lead.state)
        .text("district", lead.town)
        .text("pincode", &lead.pin)
        .date("agreement_on", disbursed - 5)
        .date("disbursed_on", disbursed)
        .money("sanctioned_amount", plan.claim.max(dues.total()).max(plan.realised()) / 100_000_00 * 100_000_00 + 100_000_00)
        .int("tenure_months", plan.months)
        .float("roi_pct", plan.rate)
        .check("arbitration_clause", plan.clause)
        .check("electronic_notice_clause", plan.electronic)
        .check("institution_named", plan.basis.consent == "NAMED_IN_CLAUSE")
        .text("clause_version", if plan.electronic { "2023.2" } else { "2019.1" })
        .text("seat", branch.state().towns[0].0)
        .text("language", if house.spec.id == "laterite" { branch.state().language } else { "en" })
        .date("default_on", plan.default_on)
        .date("npa_on", plan.default_on + 91)
        .date("last_payment_on", plan.payments.last().map_or(plan.default_on - 30, |payment| payment.on))
        .date("dpd_as_on", until)
        .int("dpd", dpd)
        .text("bucket", bucket(dpd))
        .text("bucket_last_month", bucket((dpd - 30).max(0)))
        .check("written_off", plan.written_off)
        .money("pos", dues.principal)
        .money("interest_overdue", dues.interest)
        .money("penal_charges", dues.penal)
        .money("bounce_charges", dues.bounce)
        .money("legal_charges", dues.legal)
        .money("total_dues", dues.total())
        .date("dues_on", until)
        .money("dues_at_filing", plan.dues_at_filing)
        .text("dues_band", dues_band(dues.total()))
        .money("claim_amount", plan.claim)
        .money("counterclaim_amount", plan.counterclaim)
        .money("claim_basis_amount", basis_amount)
        .money("award_principal", award[0])
        .money("award_interest", award[1])
        .money("award_costs", award[2])
        .money("award_total", award.iter().sum())
        .money("settled_amount", offer.filter(|offer| offer.accepted()).map_or(0, |offer| offer.amount))
        .money("realised_amount", plan.realised())
        .money("cost_total", tally.cost_total)
        .money("cost_unpaid", tally.cost_unpaid)
        .text("asset_type", plan.terms.asset)
        .text("stage", stage)
        .text("status", if open { journey.status } else { "CLOSED" })
        .moment("stage_since_at", at(since, 690))
        .moment("status_since_at", status_since)
        .date("stage_since_on", since)
        .check("is_open", open)
        .text("outcome", journey.outcome)
        .text("hold", plan.hold)
        .text("hold_reason", plan.hold_reason)
        .text("settlement_track", offer.map_or("NONE", |offer| offer.track))
        .text("interim_track", plan.interim)
        .text("consent_basis", plan.basis.consent)
        .date("lrn_on", journey.lrn_on)
        .date("s21_on", journey.s21_on)
        .date("s21_served_on", journey.s21_served_on)
        .date("soc_on", journey.soc_on)
        .date("sod_due_on", journey.sod_due_on)
        .date("sod_on", journey.sod_on)
        .date("pleadings_complete_on", journey.pleadings_on)
        .date("filed_on", journey.filed_on)
        .date("registered_on", journey.registered_on)
        .date("award_on", journey.award_on)
        .date("award_delivered_on", journey.delivered_on)
        .date("closed_on", journey.closed_on)
        .month("filing_month", journey.filed_on)
        .month("registered_month", journey.registered_on)
        .month("award_month", journey.award_on)
        .month("closed_month", journey.closed_on)
        .date("s34_due_on", journey.s34_due_on())
        .date("s29a_due_on", journey.s29a_due_on())
        .date("limitation_on", add_months(plan.default_on, 36))
        .text("service_status", served)
        .check("fully_served", served == "FULLY_SERVED")
        .check("address_failed", plan.respondents().any(|party| party.address_bad))
        .int("enforceability_score", measured.score.into())
        .text("enforceability_band", measured.band())
        .int("missing_count", measured.missing.len() as i64)
        .int("defect_count", tally.defects)
        .int("defect_open_count", tally.defects_open)
        .int("document_count", tally.documents)
        .int("hearing_count", tally.hearings)
        .int("adjourned_count", tally.adjourned)
        .int("task_open_count", tally.tasks_open)
        .check("offer_open", offer.is_some_and(|offer| matches!(offer.track, "OFFERED" | "COUNTERED")))
        .moment("engaged_at", tally.engaged_at)
        .int("cycle_days", days_between(journey.filed_on, journey.award_on))
        .int("closed_days", days_between(journey.filed_on, journey.closed_on))
        .int("award_days", days_between(journey.registered_on, journey.award_on))
        .text("invoice_status", invoice_status(tally))
        .moment("derived_at", at(today, 10));
    if !plan.number.is_empty() {
        row = row.text("case_id", &plan.number).text("case_key", key(&plan.number));
    }
    if open {
        row = row.text("open_lan_key", key(&plan.lan));
    } else {
        row = row.text("stage_before", STAGES[journey.stage]).text("status_before", journey.status);
    }
    if plan.months > 0 {
        row = row.money("emi_amount", (plan.claim.max(dues.total()) / plan.months).max(500_00) / 100_00 * 100_00);
    }
    if let Some(payment) = plan.payments.last() {
        row = row.money("last_payment_amount", payment.amount);
    }
    if plan.claim > 0 {
        row = row.float("future_interest_pct", 12.0);
    }
    if !measured.missing.is_empty() {
        row = row.text("missing_items", measured.kept());
    }
    if matches!(plan.terms.asset, "TWO_WHEELER" | "COMMERCIAL_VEHICLE") {
        row = row.text("registration_masked", format!("ZZ00xx{}", &plan.lan[plan.lan.len() - 4..]));
    }
    if plan.hold != "NONE" {
        row = row.date("hold_since_on", journey.status_since);
    }
    if journey.registered_on.is_some() {
        row = row.text("registry_manager", "case.manager@registry.example");
    }
    if let Some((name, start)) = &tally.next_hearing {
        row = row.text("next_hearing", name).text("next_hearing_at", moment(*start));
    }
    if let Some((due, code)) = tally.next_due {
        row = row.date("next_due_on", due).text("next_due_code", code);
    }
    let submitted = stage != "S00" || matches!(journey.status, "PENDING_APPROVAL" | "RETURNED");
    if submitted {
        row = row
            .text("submitted_by", &maker)
            .moment("submitted_at", at(journey.began() + 1, 690))
            .text("submit_hash", sha256(&format!("{}/{}", plan.row, dues.total())));
    }
    if journey.entered[1].is_some() {
        row = row.text("approved_by", house.user("legal.head")).moment("approved_at", at(journey.began() + 2, 700));
    }
    row = row.maybe("approval", tally.approval.as_deref());
    if let Some(origin) = &tally.origin {
        row = row.text("batch", &origin.batch).int("source_row", origin.row_no);
    }
    tribunal(house, plan, tally, row).done()
}

fn tribunal(house: &House<'_>, plan: &Plan, tally: &Tally, row: super::row::Row) -> super::row::Row {
    let (Some(arbitrator), Some(appointed)) = (plan.arbitrator, plan.journey.appointed_on) else {
        return row.int("repeat_count_3y", -1);
    };
    let arbitrator = &house.arbitrators[arbitrator];
    row.text("arbitrator", &arbitrator.name)
        .text("arbitrator_name", &arbitrator.title)
        .text("appointment_mode", plan.basis.mode)
        .date("appointed_on", appointed)
        .text("appointed_by", plan.basis.by)
        .text("tribunal_institution", "Saral ODR Centre (demo)")
        .maybe("disclosure_doc", tally.disclosure_doc.as_deref())
        .maybe("consent_doc", tally.consent_doc.as_deref())
        .int("repeat_count_3y", if plan.disclosed { repeat_count(plan) } else { -1 })
        .int("substitution_count", plan.substitutions)
        .int("challenge_count", i64::from(plan.journey.status == "CHALLENGED"))
}

fn invoice_status(tally: &Tally) -> &'static str {
    match (tally.cost_total, tally.cost_unpaid, tally.cost_unbilled) {
        (0, ..) => "NONE",
        (_, 0, _) => "PAID",
        (total, _, unbilled) if unbilled == total => "NONE",
        (_, _, 0) => "BILLED",
        _ => "PART_BILLED",
    }
}

/// Appointments by this claimant in three years, as the arbitrator disclosed them.
pub(super) fn repeat_count(plan: &Plan) -> i64 {
    // Taken from the row's name, so that the case and its appointment say the same without telling each other.
    i64::from(plan.row.as_bytes()[0] % 7) * 3
}

fn days_between(from: Option<Date>, to: Option<Date>) -> i64 {
    match (from, to) {
        (Some(from), Some(to)) => to - from,
        _ => -1,
    }
}

/// Lower case, single blanks: respondents' names in every script, and the case's ids. No person's numbers.
fn search_text(plan: &Plan) -> String {
    let mut words: Vec<&str> = Vec::new();
    for party in plan.respondents() {
        words.extend(party.name.latin.split_whitespace());
        words.extend(party.name.local.split_whitespace());
    }
    let ids = [plan.number.as_str(), plan.draft_no.as_str(), plan.lan.as_str()];
    words.extend(ids.into_iter().filter(|id| !id.is_empty()));
    words.join(" ").to_lowercase()
}

/// The rows of a case's parties, the claimant first.
pub(super) fn party_rows(house: &House<'_>, plan: &Plan) -> Vec<Record> {
    let maker = house.legal_owner(&house.branches[plan.branch]);
    let made_at = at(plan.journey.began(), 611);
    (plan.parties.iter().enumerate())
        .map(|(index, party)| {
            let name: String = party.name.latin.chars().take(140).collect();
            let mut row = house
                .row(&party.row, &maker, made_at, made_at)
                .text("case_ref", &plan.row)
                .int("seq", index as i64 + 1)
                .text("party_role", party.role)
                .check("must_be_served", index > 0)
                .text("party_name", &name)
                .text("name_local", &party.name.local)
                .text("entity_type", party.entity)
                .text("alive", if party.died_on.is_some() { "DECEASED" } else { "ALIVE" })
                .date("died_on", party.died_on)
                .text("language", plan.place.language)
                .check("whatsapp_opt_in", party.whatsapp)
                .text("mobile_masked", mask_mobile(&party.mobile))
                .text("email_masked", mask_email(&party.email))
                .text("pan_masked", mask_pan(&party.pan))
                .text("account_masked", last_four(&party.account))
                .text("mobile_last4", last_four(&party.mobile))
                .check("has_mobile", !party.mobile.is_empty())
                .check("has_email", !party.email.is_empty())
                .check("has_address", !party.street.is_empty())
                .text("city", party.town)
                .text("state_name", party.state)
                .text("pincode", &party.pin)
                .text("address_state", address_state(party));
            if party.name.latin.len() > name.len() {
                row = row.text("name_full", &party.name.latin);
            }
            row.done()
        })
        .collect()
}

fn address_state(party: &PartyPlan) -> &'static str {
    match (party.street.is_empty(), party.address_bad) {
        (true, _) => "NONE",
        (false, true) => "ALL_BAD",
        (false, false) => "OK",
    }
}

/// `50xxxxxx21`.
pub(super) fn mask_mobile(mobile: &str) -> String {
    if mobile.len() == 10 { format!("{}xxxxxx{}", &mobile[..2], &mobile[8..]) } else { String::new() }
}

/// `r***@b***.example`.
pub(super) fn mask_email(email: &str) -> String {
    match email.split_once('@') {
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => {
            format!("{}***@{}***.{}", &local[..1], &domain[..1], domain.rsplit('.').next().unwrap_or_default())
        }
        _ => String::new(),
    }
}

/// `ZZxxxxx12Z`.
pub(super) fn mask_pan(pan: &str) -> String {
    if pan.len() == 10 { format!("{}xxxxx{}", &pan[..2], &pan[7..]) } else { String::new() }
}

/// The last four characters.
pub(super) fn last_four(text: &str) -> String {
    text.len().checked_sub(4).map(|from| text[from..].to_owned()).unwrap_or_default()
}
