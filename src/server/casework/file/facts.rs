//! What is known of a case's loan, dues and course, under codes that the JSON API keeps.

use super::{
    super::columns::{Date, Rupees, some_text},
    wire::CaseRecord,
};
use crate::model::{Inr, Known, KnownGroup, KnownValue, Term};

/// The groups, in the order in which a case is read.
pub(super) fn known(case: &CaseRecord) -> Vec<KnownGroup> {
    vec![
        group(
            "dues",
            "Dues",
            vec![
                money("principal_outstanding", "Principal outstanding", case.pos),
                money("interest_overdue", "Interest overdue", case.interest_overdue),
                money("penal_charges", "Penal charges", case.penal_charges),
                money("bounce_charges", "Bounce charges", case.bounce_charges),
                money("legal_charges", "Legal charges", case.legal_charges),
                money("total_dues", "Total dues", case.total_dues),
                day("dues_on", "As of", &case.dues_on),
            ],
        ),
        group(
            "recovery",
            "Claim and recovery",
            vec![
                some_money("claim", "Claim", case.claim_amount),
                some_money("counterclaim", "Counterclaim", case.counterclaim_amount),
                some_money("awarded", "Awarded", case.award_total),
                some_money("settled_for", "Settled for", case.settled_amount),
                money("realised", "Realised", case.realised_amount),
                some_money("costs", "Costs", case.cost_total),
            ],
        ),
        group(
            "loan",
            "Loan",
            vec![
                text("agreement_no", "Agreement", &case.agreement_no),
                day("agreement_on", "Agreement of", &case.agreement_on),
                day("disbursed_on", "Disbursed", &case.disbursed_on),
                money("sanctioned", "Sanctioned", case.sanctioned_amount),
                money("instalment", "Instalment", case.emi_amount),
                fact("tenure", "Tenure", (case.tenure_months > 0).then(|| format!("{} months", case.tenure_months))),
                fact("interest_rate", "Interest a year", (case.roi_pct > 0.0).then(|| format!("{:.2} %", case.roi_pct))),
                fact("secured", "Secured", Some(if case.secured.0 { "Yes" } else { "No" }.to_owned())),
                fact("borrower_type", "Borrower", Term::of_some(&case.borrower_type).map(|kind| kind.label)),
                day("default_on", "In default since", &case.default_on),
                day("npa_on", "NPA since", &case.npa_on),
                day("last_payment_on", "Last payment", &case.last_payment_on),
                some_money("last_payment_amount", "Last payment of", case.last_payment_amount),
                day("dpd_as_of", "Days past due as of", &case.dpd_as_on),
            ],
        ),
        group(
            "course",
            "Course",
            vec![
                day("recall_notice_on", "Loan recall notice", &case.lrn_on),
                day("s21_notice_on", "Notice under s. 21", &case.s21_on),
                day("s21_served_on", "Served under s. 21", &case.s21_served_on),
                day("filed_on", "Filed", &case.filed_on),
                day("registered_on", "Registered", &case.registered_on),
                day("arbitrator_appointed_on", "Arbitrator appointed", &case.appointed_on),
                day("statement_of_claim_on", "Statement of claim", &case.soc_on),
                day("statement_of_defence_on", "Statement of defence", &case.sod_on),
                day("pleadings_complete_on", "Pleadings complete", &case.pleadings_complete_on),
                day("award_on", "Award", &case.award_on),
                day("award_delivered_on", "Award delivered", &case.award_delivered_on),
                day("closed_on", "Closed", &case.closed_on),
                day("limitation_ends_on", "Limitation ends", &case.limitation_on),
                day("s29a_award_due_on", "Award due, s. 29A", &case.s29a_due_on),
            ],
        ),
        group(
            "people",
            "People and place",
            vec![
                text("legal_owner", "Legal owner", &case.legal_owner),
                text("collections_owner", "Collections owner", &case.collections_owner),
                text("arbitrator", "Arbitrator", &case.arbitrator_name),
                text("region", "Region", &case.region),
                text("seat", "Seat", &case.seat),
            ],
        ),
    ]
}

fn group(code: &'static str, title: &'static str, facts: Vec<Option<Known>>) -> KnownGroup {
    KnownGroup { code, title, facts: facts.into_iter().flatten().collect() }
}

/// What nobody knows is left out.
fn fact(code: &'static str, label: &'static str, text: Option<String>) -> Option<Known> {
    Some(Known { code, label, value: KnownValue::Text(text?) })
}

fn text(code: &'static str, label: &'static str, text: &str) -> Option<Known> {
    fact(code, label, some_text(text.to_owned()))
}

fn money(code: &'static str, label: &'static str, amount: Rupees) -> Option<Known> {
    Some(Known { code, label, value: KnownValue::Money(amount.0) })
}

/// An amount that counts only where there is one: upstream, none and zero are the same.
fn some_money(code: &'static str, label: &'static str, amount: Rupees) -> Option<Known> {
    if amount.0 == Inr::ZERO { None } else { money(code, label, amount) }
}

fn day(code: &'static str, label: &'static str, date: &Date) -> Option<Known> {
    Some(Known { code, label, value: KnownValue::Day(date.day()?) })
}
