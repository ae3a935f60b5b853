//! What runs beside the main stage: settlement, interim relief, hold, and service of one notice on one party.
//!
//! Owns what may follow what on each track, and who moves it. A track's step that is also a step of the case (accepting a
//! settlement, holding, releasing) is judged there; what an offer or a delivery holds is not known here.

use crate::model::{Actor, Hold, InterimTrack, ServiceState, SettlementTrack};

/// One step on a track.
#[derive(Debug)]
pub struct Move<T: 'static> {
    /// Its stable code.
    pub action: &'static str,
    /// What a person is offered.
    pub label: &'static str,
    /// Where the track must stand.
    pub from: &'static [T],
    /// Where it then stands.
    pub to: &'static [T],
    /// Who moves it.
    pub by: &'static [Actor],
    /// The step of the case that it belongs to, by its code; that one is what is judged.
    pub of_case: Option<&'static str>,
}

/// A step that is the track's alone.
const fn step<T>(action: &'static str, label: &'static str, from: &'static [T], to: &'static [T], by: &'static [Actor]) -> Move<T> {
    Move { action, label, from, to, by, of_case: None }
}

impl<T> Move<T> {
    const fn of_case(self, action: &'static str) -> Self {
        Self { of_case: Some(action), ..self }
    }
}

impl<T: PartialEq> Move<T> {
    /// The steps of a track that may follow.
    pub fn after<'a>(track: &'static [Self], now: &'a T) -> impl Iterator<Item = &'static Self> + use<'a, T> {
        track.iter().filter(move |step| step.from.contains(now))
    }

    /// Whether a track may go from one state to another.
    pub fn may(track: &'static [Self], now: &T, next: &T) -> bool {
        Self::after(track, now).any(|step| step.to.contains(next))
    }
}

/// Settlement: an offer, its answer, its approval, its payment. A broken or lapsed one may be followed by a new offer.
pub const SETTLEMENT: &[Move<SettlementTrack>] = {
    use Actor::{Checker, Job, Maker, Respondent};
    use SettlementTrack::*;
    &[
        step("offer", "Offer a settlement", &[None, Lapsed, Broken], &[Offered], &[Maker, Respondent]),
        step("counter", "Make a counter-offer", &[Offered, Countered], &[Countered], &[Maker, Respondent]),
        step("ask", "Ask for approval of the terms", &[Offered, Countered], &[ApprovalPending], &[Maker]).of_case("settle"),
        step("return", "Return the terms", &[ApprovalPending], &[Countered], &[Checker]),
        step("accept", "Accept the settlement", &[ApprovalPending], &[Accepted], &[Checker]).of_case("settle"),
        step("withdraw", "Withdraw the offer", &[Offered, Countered], &[Lapsed], &[Maker, Respondent]),
        step("reject", "Reject the offer", &[Offered, Countered], &[Lapsed], &[Maker, Respondent]),
        step("lapse", "Let the offer lapse", &[Offered, Countered, ApprovalPending], &[Lapsed], &[Job]),
        step("pay", "Take the first payment", &[Accepted], &[Paying], &[Job]),
        step("satisfy", "Settle in full", &[Accepted, Paying], &[Satisfied], &[Job]),
        step("bounce", "Take back a payment that was reversed", &[Paying, Satisfied], &[Accepted], &[Job]),
        step("bounce", "Take back a payment that was reversed", &[Satisfied], &[Paying], &[Job]),
        step("break", "Take the settlement as broken", &[Accepted, Paying], &[Broken], &[Job]),
    ]
};

/// Interim relief: from the court before the tribunal is there, from the tribunal afterwards.
pub const INTERIM: &[Move<InterimTrack>] = {
    use Actor::{Advocate, Arbitrator, Maker, Registry};
    use InterimTrack::*;
    &[
        step("apply_s9", "Record an application under s. 9", &[None, Refused, Vacated], &[S9Filed], &[Maker, Advocate]),
        step("apply_s17", "Apply under s. 17", &[None, Refused, Vacated], &[S17Filed], &[Maker, Advocate]),
        step("decide_s9", "Record the court's order", &[S9Filed], &[Granted, Refused], &[Advocate]),
        step("decide_s17", "Decide on interim relief", &[S17Filed], &[Granted, Refused], &[Arbitrator, Registry]),
        step("vacate", "Record the order as vacated", &[Granted], &[Vacated], &[Advocate, Arbitrator, Registry]),
        step("comply", "Record the order as complied with", &[Granted], &[Complied], &[Maker, Advocate]),
    ]
};

/// Hold: the strictest in force is kept, so it only tightens until it is released.
pub const HOLDS: &[Move<Hold>] = {
    use Actor::{Checker, Maker};
    use Hold::*;
    const fn hold(from: &'static [Hold], to: &'static [Hold]) -> Move<Hold> {
        step("hold", "Put on hold", from, to, &[Maker, Checker]).of_case("hold")
    }
    &[
        hold(&[None], &[AddressUnknown, DisputeGrievance, LegalHold, Deceased, Moratorium, CourtStay]),
        hold(&[AddressUnknown], &[DisputeGrievance, LegalHold, Deceased, Moratorium, CourtStay]),
        hold(&[DisputeGrievance], &[LegalHold, Deceased, Moratorium, CourtStay]),
        hold(&[LegalHold], &[Deceased, Moratorium, CourtStay]),
        hold(&[Deceased], &[Moratorium, CourtStay]),
        hold(&[Moratorium], &[CourtStay]),
        step(
            "release",
            "Release the hold",
            &[AddressUnknown, DisputeGrievance, LegalHold, Deceased, Moratorium, CourtStay],
            &[None],
            &[Checker],
        )
        .of_case("release"),
    ]
};

/// Service of one notice on one party. Better evidence may come late; a finding by hand, approved by a second person, settles what
/// is disputed.
pub const SERVICE: &[Move<ServiceState>] = {
    use Actor::{Checker, Job, Maker, Respondent};
    use ServiceState::*;
    &[
        step("send", "Send", &[NotSent, Unserved], &[InProgress], &[Job]),
        step("conclude", "Conclude from the evidence", &[InProgress], &[Served, DeemedServed, Unserved], &[Job]),
        step("prove", "Take late evidence", &[DeemedServed, Unserved], &[Served], &[Job]),
        step("dispute", "Record a dispute", &[InProgress, Served, DeemedServed, Unserved], &[Disputed], &[Respondent, Maker]),
        step("find", "Approve a finding by hand", &[InProgress, Disputed], &[Served, DeemedServed, Unserved], &[Checker]),
        step("find", "Approve a finding by hand", &[Unserved], &[Served, DeemedServed], &[Checker]),
    ]
};
