//! One case before it becomes records: its loan, its people, its money and its journey, all of one mind.
//!
//! Draws and decides; writes no row. Everything that several kinds of record must agree on is decided here, once.

use super::journey::Journey;
use super::lending::{Dues, Terms, days_past_due, terms};
use super::names;
use super::party::{PartyPlan, claimant, respondent};
use super::people::House;
use super::place::State;
use super::random::Random;
use super::row::Date;

/// Money that came in.
#[derive(Clone, Debug)]
pub(super) struct PaymentPlan {
    pub row: String,
    pub on: Date,
    pub amount: i64,
    pub mode: &'static str,
    pub utr: String,
}

/// The offer that stands or stood last.
#[derive(Clone, Debug)]
pub(super) struct OfferPlan {
    pub row: String,
    pub track: &'static str,
    pub on: Date,
    pub dues: i64,
    pub amount: i64,
    pub by: &'static str,
    pub instalments: i64,
}

impl OfferPlan {
    /// Whether both sides agreed to it, whatever came of it later.
    pub fn accepted(&self) -> bool {
        matches!(self.track, "ACCEPTED" | "PAYING" | "SATISFIED" | "BROKEN")
    }
}

/// How the tribunal is founded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Basis {
    pub consent: &'static str,
    pub mode: &'static str,
    pub by: &'static str,
}

/// A case, decided.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub row: String,
    pub draft_no: String,
    /// `ARB/2026/001234`, or empty before registration.
    pub number: String,
    pub lan: String,
    pub terms: &'static Terms,
    pub branch: usize,
    pub place: &'static State,
    pub journey: Journey,
    /// The claimant first, then the respondents.
    pub parties: Vec<PartyPlan>,
    pub default_on: Date,
    pub dues: Dues,
    pub dues_at_filing: i64,
    pub claim: i64,
    pub counterclaim: i64,
    pub award: Option<[i64; 3]>,
    pub ex_parte: bool,
    pub rate: f64,
    pub months: i64,
    pub basis: Basis,
    pub disclosed: bool,
    pub clause: bool,
    pub electronic: bool,
    pub hold: &'static str,
    pub hold_reason: &'static str,
    pub interim: &'static str,
    pub offer: Option<OfferPlan>,
    pub payments: Vec<PaymentPlan>,
    pub advocate: Option<usize>,
    pub arbitrator: Option<usize>,
    pub substitutions: i64,
    pub written_off: bool,
    /// How many documents it has where that is decided by hand.
    pub documents: Option<usize>,
    /// How many timeline entries it has at least where that is decided by hand.
    pub timeline: Option<usize>,
    /// Whether its next hearing begins at midnight.
    pub midnight: bool,
}

impl Plan {
    /// Parties that must be served.
    pub fn respondents(&self) -> impl Iterator<Item = &PartyPlan> {
        self.parties.iter().skip(1)
    }

    /// The first respondent; every case has one.
    pub fn lead(&self) -> &PartyPlan {
        &self.parties[self.parties.len().min(2) - 1]
    }

    /// All that was received.
    pub fn realised(&self) -> i64 {
        self.payments.iter().map(|payment| payment.amount).sum()
    }

    /// The award's total, 0 without one.
    pub fn award_total(&self) -> i64 {
        self.award.map_or(0, |parts| parts.iter().sum())
    }

    /// The number that people know the case by.
    pub fn shown_number(&self) -> &str {
        if self.number.is_empty() { &self.draft_no } else { &self.number }
    }

    /// Draws the `index`th case of an institution.
    pub fn draw(house: &House<'_>, random: &mut Random, index: usize) -> Self {
        let delay = house.spec.tribunal_delay;
        let journey = if random.chance(78.0) {
            Journey::open_case(random, house.today, delay)
        } else {
            Journey::closed_case(random, house.today, delay)
        };
        Self::with_journey(house, random, index, journey)
    }

    /// A case around a journey that was decided beforehand.
    pub fn with_journey(house: &House<'_>, random: &mut Random, index: usize, journey: Journey) -> Self {
        let terms = terms(random.weighted::<&str>(house.spec.products));
        let branch = draw_branch(house, random);
        let place = house.branches[branch].state();
        let until = journey.until(house.today);
        let default_on = journey.began() - days_past_due(random);
        let year = super::row::iso(default_on - 400);
        let dues = Dues::draw(random, terms);
        let mut plan = Self {
            row: random.row_name(),
            draft_no: draft_no(random),
            number: String::new(),
            lan: house.spec.lan_of(terms.short, &year, 12_345 + index),
            terms,
            branch,
            place,
            parties: Vec::new(),
            default_on,
            dues,
            dues_at_filing: if journey.filed_on.is_some() { dues.total() } else { 0 },
            claim: 0,
            counterclaim: 0,
            award: None,
            ex_parte: false,
            rate: (random.unit() * (terms.rate.1 - terms.rate.0) + terms.rate.0) * 4.0,
            months: random.between(terms.months.0, terms.months.1),
            basis: basis(random, journey.appointed_on.is_some()),
            disclosed: journey.appointed_on.is_some() && random.chance(97.0),
            clause: random.chance(98.5),
            electronic: random.chance(64.0),
            hold: "NONE",
            hold_reason: "",
            interim: "NONE",
            offer: None,
            payments: Vec::new(),
            advocate: None,
            arbitrator: None,
            substitutions: 0,
            written_off: until - default_on > 700 && random.chance(40.0),
            documents: None,
            timeline: None,
            midnight: false,
            journey,
        };
        // Rates are quoted in quarters of a per cent.
        plan.rate = plan.rate.round() / 4.0;
        plan.draw_parties(house, random);
        plan.draw_proceeding(house, random);
        plan.draw_offer(random, house.today);
        plan.draw_payments(random, house.today);
        plan
    }

    fn draw_parties(&mut self, house: &House<'_>, random: &mut Random) {
        self.parties.push(claimant(house, random, self.branch));
        let count = *random.weighted(&[(1, 58.0), (2, 33.0), (3, 8.0), (4, 1.0)]);
        let firm = matches!(self.terms.code, "MSME") && random.chance(70.0);
        for seat in 0..count {
            let role = match seat {
                0 => "BORROWER",
                1 if random.chance(60.0) => "CO_BORROWER",
                _ => "GUARANTOR",
            };
            let (name, entity) = if seat == 0 && firm {
                names::firm(random, self.place.language)
            } else {
                (names::person(random, self.place.language), "INDIVIDUAL")
            };
            self.parties.push(respondent(house, random, self.place, role, name, entity));
        }
    }

    fn draw_proceeding(&mut self, house: &House<'_>, random: &mut Random) {
        let journey = &self.journey;
        if journey.entered[3].is_some() || random.chance(20.0) {
            self.advocate = Some(if random.chance(6.0) { 0 } else { random.below(house.advocates.len()) });
        }
        if journey.appointed_on.is_some() {
            // One arbitrator in three cases of ten: the workload that the portfolio page must show.
            self.arbitrator = Some(if random.chance(14.0) { 0 } else { random.below(house.arbitrators.len()) });
            self.substitutions = i64::from(random.chance(2.0));
        }
        if journey.soc_on.is_some() {
            // Interest ran on between the recall and the claim.
            self.claim = self.dues.total() + (self.dues.total() as f64 * random.unit() * 0.06) as i64 / 100 * 100;
            if journey.sod_on.is_some() && random.chance(6.0) {
                self.counterclaim = self.claim / random.between(3, 12) / 100 * 100;
            }
        }
        if journey.award_on.is_some() {
            self.ex_parte = random.chance(63.0);
            let total = (self.claim as f64 * (0.88 + 0.12 * random.unit())) as i64;
            self.award = Some(split_award(total));
        }
        if journey.open() {
            let hold = random.unit() * 100.0;
            (self.hold, self.hold_reason) = match hold {
                ..0.6 => ("COURT_STAY", "Stay by the civil court until the next date"),
                0.6..1.2 => ("MORATORIUM", "Moratorium under the insolvency code"),
                1.2..2.2 => ("DECEASED", "Borrower reported deceased; heirs to be found"),
                2.2..3.4 => ("LEGAL_HOLD", "Held by the legal head pending advice"),
                3.4..5.2 => ("DISPUTE_GRIEVANCE", "Complaint under the grievance scheme"),
                5.2..7.0 => ("ADDRESS_UNKNOWN", "Every known address failed"),
                _ => ("NONE", ""),
            };
            if journey.status == "STAYED" {
                (self.hold, self.hold_reason) = ("COURT_STAY", "Stay of the award under section 34");
            }
            if journey.stage >= 2 && random.chance(4.0) {
                self.interim =
                    *random.weighted(&[("S9_FILED", 4.0), ("GRANTED", 3.0), ("REFUSED", 1.0), ("S17_FILED", 2.0), ("COMPLIED", 1.0)]);
            }
        }
        match self.hold {
            "DECEASED" => self.parties[1].died_on = Some(self.journey.began() + 2),
            "ADDRESS_UNKNOWN" => self.parties[1].address_bad = true,
            _ => {}
        }
    }

    fn draw_offer(&mut self, random: &mut Random, today: Date) {
        let journey = &self.journey;
        let settled = matches!(journey.outcome, "SETTLED_OTS" | "CONSENT_AWARD_SATISFIED");
        // 27% of all open cases have an offer; the stages in which one can be made are four fifths of them.
        let offered = settled || (journey.open() && (2..=7).contains(&journey.stage) && random.chance(35.0));
        let Some(from) = journey.entered[2].filter(|_| offered) else { return };
        let on = if settled { from.max(journey.until(today) - random.between(8, 40)) } else { from.max(today - random.between(3, 120)) };
        let haircut = (31.0 + 11.0 * random.normal()).clamp(5.0, 65.0);
        let dues = self.dues.total();
        let amount = (dues as f64 * (1.0 - haircut / 100.0)) as i64 / 100_00 * 100_00;
        let track = if settled {
            "SATISFIED"
        } else {
            *random.weighted(&[
                ("OFFERED", 34.0),
                ("COUNTERED", 15.0),
                ("APPROVAL_PENDING", 7.0),
                ("ACCEPTED", 6.0),
                ("PAYING", 10.0),
                ("BROKEN", 18.0),
                ("LAPSED", 10.0),
            ])
        };
        let track = if matches!(track, "PAYING" | "BROKEN") && today - on < 45 { "ACCEPTED" } else { track };
        let instalments = if random.chance(45.0) { random.between(3, 6) } else { 1 };
        let by = if track != "COUNTERED" && random.chance(70.0) { "CLAIMANT" } else { "RESPONDENT" };
        self.offer = Some(OfferPlan { row: random.row_name(), track, on, dues, amount: amount.max(1_000_00), by, instalments });
    }

    /// What came in: all of it where the outcome says so, parts elsewhere, nothing in most open cases.
    fn draw_payments(&mut self, random: &mut Random, today: Date) {
        let until = self.journey.until(today);
        match self.journey.outcome {
            "PAID_IN_FULL" => {
                let total = self.dues.total();
                self.pay(random, until, total);
                self.dues = Dues::default();
            }
            "AWARD_SATISFIED" => {
                let total = self.award_total();
                self.pay(random, until - 40, total / 2);
                self.pay(random, until, total - total / 2);
            }
            "SETTLED_OTS" => {
                let agreed = self.offer.as_ref().map_or(0, |offer| offer.amount);
                self.pay(random, until, agreed);
            }
            "CONSENT_AWARD_SATISFIED" => {
                // The tribunal recorded the settlement as its award, before the last instalment.
                let agreed = self.offer.as_ref().map_or(0, |offer| offer.amount).min(self.claim);
                if let Some(offer) = &mut self.offer {
                    offer.amount = agreed;
                    offer.on = self.journey.award_on.unwrap_or(offer.on) - 5;
                }
                self.award = Some([agreed, 0, 0]);
                self.ex_parte = false;
                self.pay(random, until, agreed);
            }
            _ => {}
        }
        if !self.journey.open() {
            return;
        }
        if let Some(offer) = self.offer.clone().filter(|offer| matches!(offer.track, "PAYING" | "BROKEN")) {
            self.pay(random, (offer.on + 31).min(today), offer.amount / offer.instalments.max(2) / 100 * 100);
        } else if self.journey.status == "PART_REALISED" {
            let part = self.award_total() / random.between(2, 8) / 100 * 100;
            let on = today - random.between(0, 20).min(today - self.journey.status_since);
            self.pay(random, on, part);
        } else if self.journey.stage >= 1 && random.chance(9.0) {
            let part = self.dues.principal / random.between(8, 40) / 100 * 100;
            let since = self.journey.entered[1].unwrap_or(today);
            let on = since + random.between(0, today - since);
            self.pay(random, on, part);
        }
    }

    /// Records a payment, unless nothing is left to pay.
    pub fn pay(&mut self, random: &mut Random, on: Date, amount: i64) {
        if amount <= 0 {
            return;
        }
        let mode = *random.weighted(&[("NEFT", 40.0), ("UPI", 30.0), ("IMPS", 10.0), ("RTGS", 6.0), ("CHEQUE", 8.0), ("CASH", 6.0)]);
        let utr = format!("DEMO{}{:010}", super::row::iso(on).replace('-', ""), random.between(0, 9_999_999_999));
        self.payments.push(PaymentPlan { row: random.row_name(), on, amount, mode, utr });
    }
}

/// Principal, interest and costs of an award.
pub(super) fn split_award(total: i64) -> [i64; 3] {
    let (interest, costs) = (total / 100 * 14, (total / 100 * 2).min(25_000_00));
    [total - interest - costs, interest, costs]
}

fn draft_no(random: &mut Random) -> String {
    const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let code: String = (0..8).map(|_| char::from(BASE32[random.below(32)])).collect();
    format!("D-{code}")
}

/// A branch of a state drawn by its share, among the states in which the institution has one.
fn draw_branch(house: &House<'_>, random: &mut Random) -> usize {
    let total: f64 = house.branches.iter().map(share).sum();
    let mut left = random.unit() * total;
    for (index, branch) in house.branches.iter().enumerate() {
        left -= share(branch);
        if left < 0.0 {
            return index;
        }
    }
    0
}

fn share(branch: &super::place::Branch) -> f64 {
    // A state's share is spread evenly over its towns.
    let state = branch.state();
    state.share / state.towns.len() as f64
}

fn basis(random: &mut Random, appointed: bool) -> Basis {
    let of = |consent, mode, by| Basis { consent, mode, by };
    let drawn = *random.weighted(&[
        (of("NAMED_IN_CLAUSE", "INSTITUTION", "Saral ODR Centre (demo)"), 81.0),
        (of("AGREED_AFTER_DISPUTE", "PARTIES", "Both parties, in writing"), 5.0),
        (of("S11_ORDER", "COURT", "High Court, section 11"), 3.0),
        (of("NONE", "INSTITUTION", "Institution chosen by the lender alone"), 9.0),
        (of("NONE", "PARTIES", "Lender directly (legacy clause)"), 2.0),
    ]);
    // An order under section 11 appoints: before an appointment there is none to rest on.
    if drawn.consent == "S11_ORDER" && !appointed { of("NONE", "INSTITUTION", "") } else { drawn }
}
