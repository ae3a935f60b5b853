//! What must be true of the process whatever its rows say: service is never skipped, nobody decides on their own, a closed case
//! stays closed, no case is stuck, and no lender appoints an arbitrator.

use std::collections::{BTreeMap, BTreeSet};

use super::tests::{bare, make, person, request, somebody};
use super::*;
use crate::model::{Hold, Inr, InterimTrack, ServiceState};

/// The ways from status to status of the rows that pass a test; reopening aside, which leads back to where a case has been.
fn ways(of: impl Fn(&Transition) -> bool) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut ways: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in Transition::all().filter(|row| of(row)) {
        for status in Status::ALL.iter().filter(|status| row.starts_at(&status.stage().unwrap(), status)) {
            let next = match row.to {
                To::Goes(next) => vec![next],
                To::Through(way, next) => vec![way, next],
                To::Stays | To::Back => continue,
            };
            ways.entry(status.code()).or_default().extend(next.into_iter().map(Status::code));
        }
    }
    ways
}

/// Every status that a draft can come to.
fn reached(ways: &BTreeMap<&'static str, BTreeSet<&'static str>>) -> BTreeSet<&'static str> {
    let mut seen = BTreeSet::from([Status::Draft.code()]);
    let mut ahead = vec![Status::Draft.code()];
    while let Some(status) = ahead.pop() {
        ahead.extend(ways.get(status).into_iter().flatten().filter(|next| seen.insert(next)).copied());
    }
    seen
}

#[test]
fn no_step_skips_the_service_that_the_stage_needs() {
    let beyond = [
        (Guard::LrnServed, Status::CureExpired),
        (Guard::S21Served, Status::Filed),
        (Guard::SocServed, Status::SodClosed),
        (Guard::HearingNoticeServed, Status::ExParteOrdered),
        (Guard::AwardServed, Status::ExecutionEligible),
    ];
    for (guard, status) in beyond {
        let without = reached(&ways(|row| !row.guards.contains(&guard)));
        assert!(!without.contains(status.code()), "{} is reached without {}", status.code(), guard.code());
        assert!(reached(&ways(|_| true)).contains(status.code()));
    }
}

#[test]
fn every_stage_is_reached_and_every_open_status_has_a_way_on() {
    let ways = ways(|row| {
        !matches!(row.action, "withdraw" | "close_paid" | "close_satisfied" | "record_consent_award" | "record_settled_withdrawal")
    });
    let seen = reached(&ways);
    let stages: BTreeSet<&str> = Status::ALL
        .iter()
        .filter(|status| seen.contains(status.code()))
        .map(|status| status.stage().unwrap())
        .map(|stage| Stage::ALL.iter().find(|known| **known == stage).unwrap().code())
        .collect();
    assert_eq!(stages.len(), Stage::ALL.len());
    let unseen: Vec<&str> = Status::ALL.iter().map(Status::code).filter(|status| !seen.contains(status)).collect();
    // The registry and the arbitrator write these two on their own side; a case that stands there moves on all the same.
    assert_eq!(unseen, ["REJOINDER_DUE", "AWARD_RESERVED"]);
    // Whoever may not give up must be able to go on. What ends by money ends there.
    let stuck: Vec<&str> = Status::ALL.iter().map(Status::code).filter(|status| !ways.contains_key(status)).collect();
    assert_eq!(stuck, ["CLOSED"]);
}

#[test]
fn a_closed_case_accepts_nothing_but_being_reopened() {
    let mut closed = bare(Some(&Status::Closed));
    let everybody = Role::ALL.map(|role| person(role, "somebody")).into_iter().chain([Caller::Job]);
    for caller in everybody {
        let offers = actions_for(&closed, &caller);
        assert_eq!(offers.iter().map(|offer| offer.action).collect::<Vec<_>>(), ["reopen"]);
    }
    let reopen = Transition::of("reopen").unwrap();
    assert_eq!(reopen.target(Some(&Status::Closed), Some(&Status::SodDue)), Some(&Status::SodDue));
    assert_eq!(reopen.target(Some(&Status::Closed), None), None);
    // A case that nobody knows a way back for stays closed.
    closed.before = None;
    assert!(actions_for(&closed, &person(Role::LegalManager, "somebody")).is_empty());
}

#[test]
fn nobody_decides_on_what_they_or_their_deputy_submitted() {
    let submitted = |row: &Transition| request(if row.no < 5 { "submit_draft" } else { row.action }, "asha");
    let with = |user: &str, deputies: &[&str]| {
        let deputies = deputies.iter().map(|user| (*user).to_owned()).collect();
        Somebody { user: user.to_owned(), deputies }
    };
    let mut seen = 0;
    for row in Transition::all().filter(|row| !matches!(row.four_eyes, FourEyes::No | FourEyes::Carried(_))) {
        let status = Status::ALL.iter().find(|status| row.starts_at(&status.stage().unwrap(), status)).unwrap();
        let mut facts = bare(Some(status));
        row.guards.iter().for_each(|guard| make(&mut facts, guard.code(), true));
        facts.requests = vec![submitted(row)];
        let mut same = |facts: &Facts, who: Somebody| {
            let checker = Caller::Person(Person { role: Role::LegalHead, who, limit: None });
            seen += 1;
            match judge(row, facts, &checker) {
                Verdict::Allowed => None,
                Verdict::Refused(reasons) => match reasons.as_slice() {
                    [WhyNot::FourEyes(same)] => Some(*same),
                    other => panic!("{}: {other:?}", row.action),
                },
            }
        };
        assert_eq!(same(&facts, with("asha", &[])), Some(Same::Submitter), "{}", row.action);
        assert_eq!(same(&facts, with("ravi", &["asha"])), Some(Same::SubmittersDeputy), "{}", row.action);
        assert_eq!(same(&facts, with("ravi", &["meena"])), None, "{}", row.action);
        facts.requests[0].by = Some(with("asha", &["ravi"]));
        assert_eq!(same(&facts, with("ravi", &[])), Some(Same::SubmittersDeputy), "{}", row.action);
        facts.requests[0].first = Some(with("meena", &["kiran"]));
        assert_eq!(same(&facts, with("meena", &[])), Some(Same::FirstChecker), "{}", row.action);
        assert_eq!(same(&facts, with("kiran", &[])), Some(Same::FirstChecker), "{}", row.action);
        // What the portal asked for has a checker all the same.
        facts.requests[0].by = None;
        assert_eq!(same(&facts, with("asha", &[])), None, "{}", row.action);
    }
    assert_eq!(seen, 9 * 7);
}

#[test]
fn what_is_over_a_checkers_limit_takes_a_second_checker_within_theirs() {
    let mut facts = bare(Some(&Status::PendingApproval));
    facts.requests = vec![request("submit_draft", "asha")];
    let head = |user: &str, lakhs: Option<i64>| {
        let limit = lakhs.map(|lakhs| Inr::from_rupees(lakhs * 1_00_000));
        Caller::Person(Person { role: Role::LegalHead, who: somebody(user), limit })
    };
    let approve = Transition::of("approve_draft").unwrap();
    let steps =
        [None, Some(4), Some(3)].map(|limit| (judge(approve, &facts, &head("ravi", limit)), approve.step(&facts, &head("ravi", limit))));
    assert_eq!(
        steps.map(|(verdict, step)| (verdict == Verdict::Allowed, step)),
        [(true, Step::Approve), (true, Step::Approve), (true, Step::ApproveFirst)]
    );
    facts.requests[0].first = Some(somebody("ravi"));
    let refused = judge(approve, &facts, &head("meena", Some(3)));
    let reason = WhyNot::OverLimit { amount: Inr::from_rupees(4_00_000), limit: Inr::from_rupees(3_00_000) };
    assert_eq!(refused, Verdict::Refused(vec![reason.clone()]));
    assert_eq!(reason.sentence(), "₹4,00,000 is over your limit of ₹3,00,000: somebody with a higher limit must approve.");
    assert_eq!(
        (judge(approve, &facts, &head("meena", Some(5))), approve.step(&facts, &head("meena", Some(5)))),
        (Verdict::Allowed, Step::Approve)
    );
    // A no needs no limit.
    assert_eq!(judge(Transition::of("return_draft").unwrap(), &facts, &head("meena", Some(0))), Verdict::Allowed);
}

#[test]
fn no_lender_proposes_or_appoints_an_arbitrator_and_no_administrator_moves_a_case() {
    for row in Transition::all() {
        let moves_tribunal = matches!(row.to, To::Goes(Status::ArbitratorProposed | Status::ConsentDisclosureAwaited | Status::Appointed));
        assert_eq!(row.is_upstream(), row.by.iter().all(|actor| ["RG", "AR", "RS"].contains(&actor.code())), "{}", row.action);
        assert!(!moves_tribunal || row.is_upstream(), "{}", row.action);
        for status in Status::ALL {
            let mut facts = bare(Some(status));
            row.guards.iter().for_each(|guard| make(&mut facts, guard.code(), true));
            for requests in [Vec::new(), vec![request("submit_draft", "asha"), request(row.action, "asha")]] {
                facts.requests = requests;
                for role in [Role::TenantAdmin, Role::FinanceMis, Role::Auditor, Role::Viewer] {
                    assert_ne!(judge(row, &facts, &person(role, "ravi")), Verdict::Allowed, "{} by {role:?}", row.action);
                }
                for role in Role::ALL.into_iter().filter(|_| row.is_upstream()) {
                    assert_ne!(judge(row, &facts, &person(role, "ravi")), Verdict::Allowed, "{} by {role:?}", row.action);
                }
            }
        }
    }
}

#[test]
fn a_refusal_says_who_may_or_what_to_do() {
    let sentence = |action: &str, status: Status, caller: &Caller| {
        let verdict = judge(Transition::of(action).unwrap(), &bare(Some(&status)), caller);
        verdict.reasons().iter().map(WhyNot::sentence).collect::<Vec<_>>()
    };
    let manager = person(Role::LegalManager, "asha");
    let branch = person(Role::BranchUser, "ravi");
    let refusals = [
        sentence("submit_draft", Status::Heard, &manager),
        sentence("submit_draft", Status::Draft, &manager),
        sentence("approve_draft", Status::PendingApproval, &manager),
        sentence("register", Status::DefectCured, &manager),
        sentence("decide_correction", Status::CorrectionPending, &manager),
        sentence("reject_challenge", Status::Challenged, &manager),
        sentence("dispatch_lrn", Status::LrnQueued, &manager),
        sentence("cure_defect", Status::DefectRaised, &branch),
        sentence("petition_s11", Status::Registered, &branch),
        sentence("settle", Status::SodDue, &branch),
    ];
    insta::assert_snapshot!(refusals.map(|reasons| reasons.join(" / ")).join("\n"), @r"
    This cannot be done while the case stands at “Heard”.
    Fill in every mandatory field first. / Attach the agreement with its arbitration clause first.
    Only a legal head may do this. / Nothing waits for approval here.
    The registry records this on its own side.
    The arbitrator records this on its own side.
    The arbitrator or the registry records this on its own side.
    The portal does this by itself as soon as it can. / No channel has taken the recall notice yet.
    Upload what is asked for; a legal manager then submits it.
    Only a legal manager or an advocate may do this.
    Only a legal manager or a collections officer may do this. / No settlement offer stands: record one first. / The respondent has not agreed to the offer yet.
    ");
    let withdraw = Transition::of("withdraw").unwrap();
    assert_eq!(withdraw.still_needs(Step::Ask, &[]), [WhyNot::Missing(Need::Reason)]);
    assert!(withdraw.still_needs(Step::Ask, &[Need::Reason]).is_empty() && withdraw.still_needs(Step::Approve, &[]).is_empty());
    assert!(withdraw.waits_for_registry(&Stage::Tribunal) && !withdraw.waits_for_registry(&Stage::Invocation));
}

#[test]
fn a_step_is_named_once_and_tells_the_timeline_what_it_is() {
    let actions: BTreeSet<&str> = Transition::all().map(|row| row.action).collect();
    assert_eq!(actions.len(), Transition::all().count());
    for row in Transition::all() {
        assert!(!row.by.is_empty() && !row.label.is_empty() && !row.event.is_empty(), "{}", row.action);
        let closes = row.to == To::Goes(&Status::Closed);
        assert_eq!(closes, row.ends.is_some() && row.effects.contains(&Effect::FreeLoan), "{}", row.action);
        assert_eq!(closes, row.effects.contains(&Effect::SetDate(CaseDate::Closed)), "{}", row.action);
        assert!(row.kind.code() != "STAGE" || matches!(row.no, 1 | 17), "{}: the stage may stay", row.action);
    }
    let challenge = Transition::of("challenge_arbitrator").unwrap();
    assert_eq!(challenge.event_kind(Some(&Stage::Tribunal), Some(&Stage::Tribunal)), &EventKind::Tribunal);
    assert_eq!(challenge.event_kind(Some(&Stage::Hearing), Some(&Stage::Tribunal)), &EventKind::Stage);
}

#[test]
fn tracks_lead_only_where_the_process_says() {
    assert_eq!(
        follows(SETTLEMENT, SettlementTrack::ALL, SettlementTrack::code),
        [
            "NONE: OFFERED",
            "OFFERED: COUNTERED APPROVAL_PENDING LAPSED",
            "COUNTERED: COUNTERED APPROVAL_PENDING LAPSED",
            "APPROVAL_PENDING: COUNTERED ACCEPTED LAPSED",
            "ACCEPTED: PAYING SATISFIED BROKEN",
            "PAYING: ACCEPTED SATISFIED BROKEN",
            "SATISFIED: ACCEPTED PAYING",
            "BROKEN: OFFERED",
            "LAPSED: OFFERED",
        ]
    );
    assert_eq!(
        follows(INTERIM, InterimTrack::ALL, InterimTrack::code),
        [
            "NONE: S9_FILED S17_FILED",
            "S9_FILED: GRANTED REFUSED",
            "S17_FILED: GRANTED REFUSED",
            "GRANTED: VACATED COMPLIED",
            "REFUSED: S9_FILED S17_FILED",
            "VACATED: S9_FILED S17_FILED",
            "COMPLIED:",
        ]
    );
    assert_eq!(
        follows(SERVICE, ServiceState::ALL, ServiceState::code),
        [
            "NOT_SENT: IN_PROGRESS",
            "IN_PROGRESS: SERVED DEEMED_SERVED UNSERVED DISPUTED",
            "SERVED: DISPUTED",
            "DEEMED_SERVED: SERVED DISPUTED",
            "UNSERVED: IN_PROGRESS SERVED DEEMED_SERVED DISPUTED",
            "DISPUTED: SERVED DEEMED_SERVED UNSERVED",
        ]
    );
    for (strictness, hold) in Hold::ALL.iter().enumerate() {
        for (other, next) in Hold::ALL.iter().enumerate().filter(|(other, _)| *other != strictness) {
            let released = *next == Hold::None;
            assert_eq!(Move::may(HOLDS, hold, next), other < strictness || released, "{} to {}", hold.code(), next.code());
        }
    }
}

#[test]
fn a_tracks_step_that_is_the_cases_too_is_judged_there() {
    let named = |steps: Vec<Option<&'static str>>| steps.into_iter().flatten().collect::<BTreeSet<_>>();
    let mut all = named(SETTLEMENT.iter().map(|step| step.of_case).collect());
    all.extend(named(HOLDS.iter().map(|step| step.of_case).collect()));
    all.extend(named(INTERIM.iter().map(|step| step.of_case).collect()));
    assert_eq!(all, BTreeSet::from(["hold", "release", "settle"]));
    assert!(all.iter().all(|action| Transition::of(action).is_some()));
}

/// What may follow each state of a track, in the order of its set.
fn follows<T: PartialEq + 'static>(track: &'static [Move<T>], all: &'static [T], code: impl Fn(&T) -> &str) -> Vec<String> {
    let next = |now: &T| all.iter().filter(|next| Move::may(track, now, next)).map(|next| format!(" {}", code(next))).collect::<String>();
    all.iter().map(|now| format!("{}:{}", code(now), next(now))).collect()
}
