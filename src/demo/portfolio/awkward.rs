//! The rows that break careless screens: one case for each way in which real portfolios are odd.
//!
//! Replaces the first cases of a portfolio that has room for them; each stays as consistent as any other case.

use super::journey::Journey;
use super::lending::{Dues, terms};
use super::party::{pin, state_named};
use super::people::House;
use super::place::STATES;
use super::plan::{Plan, split_award};
use super::random::Random;

/// A portfolio with fewer cases has no awkward ones.
pub(super) const LEAST_CASES: usize = 60;

/// A company's name of 84 characters, the longest that the recipe asks for.
pub(super) const LONG_COMPANY: &str = "Shree Venkateshwara Agricultural Implements and Irrigation Equipment Private Limited";
/// The mobile that six cases share.
pub(super) const SHARED_MOBILE: &str = "5000000006";
/// A loan account number whose zeros must not be lost.
pub(super) const ZEROS_LAN: &str = "0000045120";
/// Names that a list, an export or a page must show as they are.
pub(super) const ODD_NAMES: [(&str, &str); 5] = [
    ("முருகன் கிருஷ்ணன்", "முருகன் கிருஷ்ணன்"),
    ("محمد عارف خان", "محمد عارف خان"),
    ("<b>Ravi</b> & Sons <script>alert(1)</script>", ""),
    ("=HYPERLINK(\"http://evil.example\",\"Pay here\")", ""),
    ("@SUM(1+1)*cmd|' /C calc'!A0", ""),
];

/// Puts the awkward cases in front.
pub(super) fn place(house: &House<'_>, random: &mut Random, plans: &mut [Plan]) {
    let mut index = 0;
    let mut next = |journey: Journey, plans: &mut [Plan], random: &mut Random, change: &dyn Fn(&mut Plan, &mut Random)| {
        let mut plan = Plan::with_journey(house, random, index, journey);
        // What chance added would only blur the one oddity.
        (plan.hold, plan.hold_reason) = ("NONE", "");
        change(&mut plan, random);
        plans[index] = plan;
        index += 1;
    };
    let at_stage = |random: &mut Random, stage: usize, stay: i64| Journey::ending(random, house.today, stage, stay, 1.0);

    let journey = at_stage(random, 6, 20);
    next(journey, plans, random, &|plan, _| {
        plan.parties[1].name = super::names::Name { latin: LONG_COMPANY.to_owned(), local: String::new() };
        plan.parties[1].entity = "COMPANY";
    });
    let journey = at_stage(random, 2, 10);
    next(journey, plans, random, &|plan, _| {
        for party in plan.parties.iter_mut().skip(1) {
            (party.mobile, party.email) = (String::new(), String::new());
        }
    });
    for stage in 1..7 {
        let journey = at_stage(random, stage, 9);
        next(journey, plans, random, &|plan, _| SHARED_MOBILE.clone_into(&mut plan.parties[1].mobile));
    }
    let journey = at_stage(random, 1, 6);
    next(journey, plans, random, &|plan, random| {
        let elsewhere = if plan.place.name == "Kerala" { &STATES[0] } else { state_named("Kerala") };
        plan.parties[1].pin = pin(random, elsewhere.towns[0].1);
    });
    let journey = at_stage(random, 2, 18);
    next(journey, plans, random, &|plan, _| {
        plan.parties[1].died_on = plan.journey.s21_on.map(|day| day + 3);
        (plan.hold, plan.hold_reason) = ("DECEASED", "Borrower died after the section 21 notice; heirs to be found");
    });
    let journey = at_stage(random, 5, 25);
    next(journey, plans, random, &|plan, random| {
        let total = plan.dues.total();
        plan.offer = None;
        plan.payments.clear();
        plan.pay(random, house.today - 1, total);
        plan.dues = Dues::default();
    });
    let journey = at_stage(random, 6, 60);
    next(journey, plans, random, &|plan, random| {
        plan.terms = terms("LAP");
        plan.dues = Dues::split(random, 12_34_56_789_00);
        plan.dues_at_filing = plan.dues.total();
        plan.claim = plan.dues.total();
        plan.counterclaim = 0;
        plan.months = 180;
        (plan.offer, plan.payments) = (None, Vec::new());
    });
    let journey = Journey::closing(random, house.today - 30, "SET_ASIDE", 1.0);
    next(journey, plans, random, &|plan, _| plan.award = Some(split_award(plan.claim / 100 * 95)));
    let journey = at_stage(random, 5, 30);
    next(journey, plans, random, &|plan, _| plan.substitutions = 2);
    let journey = at_stage(random, 6, 70);
    next(journey, plans, random, &|plan, _| plan.documents = Some(41));
    let journey = at_stage(random, 0, 0);
    next(journey, plans, random, &|plan, _| plan.documents = Some(0));
    let journey = at_stage(random, 8, 400);
    next(journey, plans, random, &|plan, _| plan.timeline = Some(300));
    let journey = at_stage(random, 6, 12);
    next(journey, plans, random, &|plan, _| plan.midnight = true);
    for (latin, local) in ODD_NAMES {
        let journey = at_stage(random, 4, 14);
        next(journey, plans, random, &|plan, _| {
            plan.parties[1].name = super::names::Name { latin: latin.to_owned(), local: local.to_owned() };
        });
    }
    let journey = at_stage(random, 3, 4);
    next(journey, plans, random, &|plan, _| ZEROS_LAN.clone_into(&mut plan.lan));
    // Pleadings complete 380 days ago and still no award: the mandate has run out.
    let journey = at_stage(random, 6, 380);
    next(journey, plans, random, &|_, _| ());
}
