//! What is known of a case's loan, dues and course, as facts under their names.

use super::{
    super::columns::{Date, Rupees, some_text},
    wire::CaseRecord,
};
use crate::model::{Cell, Day, Fact, FactGroup, Inr, Term};

/// The groups, in the order in which a case is read.
pub(super) fn groups(case: &CaseRecord) -> Vec<FactGroup> {
    vec![
        group(
            "Dues",
            vec![
                money("Principal outstanding", case.pos),
                money("Interest overdue", case.interest_overdue),
                money("Penal charges", case.penal_charges),
                money("Bounce charges", case.bounce_charges),
                money("Legal charges", case.legal_charges),
                money("Total dues", case.total_dues),
                day("As of", &case.dues_on),
            ],
        ),
        group(
            "Claim and recovery",
            vec![
                some_money("Claim", case.claim_amount),
                some_money("Counterclaim", case.counterclaim_amount),
                some_money("Awarded", case.award_total),
                some_money("Settled for", case.settled_amount),
                money("Realised", case.realised_amount),
                some_money("Costs", case.cost_total),
            ],
        ),
        group(
            "Loan",
            vec![
                text("Agreement", &case.agreement_no),
                day("Agreement of", &case.agreement_on),
                day("Disbursed", &case.disbursed_on),
                money("Sanctioned", case.sanctioned_amount),
                money("Instalment", case.emi_amount),
                fact("Tenure", (case.tenure_months > 0).then(|| format!("{} months", case.tenure_months))),
                fact("Interest a year", (case.roi_pct > 0.0).then(|| format!("{:.2} %", case.roi_pct))),
                fact("Secured", Some(if case.secured.0 { "Yes" } else { "No" }.to_owned())),
                fact("Borrower", Term::of_some(&case.borrower_type).map(|kind| kind.label)),
                day("In default since", &case.default_on),
                day("NPA since", &case.npa_on),
                day("Last payment", &case.last_payment_on),
                some_money("Last payment of", case.last_payment_amount),
                day("Days past due as of", &case.dpd_as_on),
            ],
        ),
        group(
            "Course",
            vec![
                day("Loan recall notice", &case.lrn_on),
                day("Notice under s. 21", &case.s21_on),
                day("Served under s. 21", &case.s21_served_on),
                day("Filed", &case.filed_on),
                day("Registered", &case.registered_on),
                day("Arbitrator appointed", &case.appointed_on),
                day("Statement of claim", &case.soc_on),
                day("Statement of defence", &case.sod_on),
                day("Pleadings complete", &case.pleadings_complete_on),
                day("Award", &case.award_on),
                day("Award delivered", &case.award_delivered_on),
                day("Closed", &case.closed_on),
                day("Limitation ends", &case.limitation_on),
                day("Award due, s. 29A", &case.s29a_due_on),
            ],
        ),
        group(
            "People and place",
            vec![
                text("Legal owner", &case.legal_owner),
                text("Collections owner", &case.collections_owner),
                text("Arbitrator", &case.arbitrator_name),
                text("Region", &case.region),
                text("Seat", &case.seat),
            ],
        ),
    ]
}

fn group(title: &str, facts: Vec<Option<Fact>>) -> FactGroup {
    FactGroup { title: title.to_owned(), facts: facts.into_iter().flatten().collect() }
}

/// What nobody knows is left out.
fn fact(label: &str, text: Option<String>) -> Option<Fact> {
    Some(Fact { label: label.to_owned(), cell: Cell::text(text?), formula: None })
}

fn text(label: &str, text: &str) -> Option<Fact> {
    fact(label, some_text(text.to_owned()))
}

fn money(label: &str, amount: Rupees) -> Option<Fact> {
    let cell = Cell { exact: Some(amount.0.exact()), ..Cell::text(amount.0.compact()) };
    Some(Fact { label: label.to_owned(), cell, formula: None })
}

/// An amount that counts only where there is one: upstream, none and zero are the same.
fn some_money(label: &str, amount: Rupees) -> Option<Fact> {
    if amount.0 == Inr::ZERO { None } else { money(label, amount) }
}

fn day(label: &str, date: &Date) -> Option<Fact> {
    fact(label, date.day().map(Day::long))
}
