//! Every status, step, role and guard against the process table, written down a second time.
//!
//! The table here was read from the process's description and not from the rows: where both say the same, both were read alike.

use std::collections::BTreeMap;

use super::*;
use crate::model::{ConsentBasis, Day, Hold, Inr, NoticeType};

/// Number | from | action | to | who | four eyes | guards. Stages stand for all their statuses, `..` for a range of stages,
/// `>` for a status that is only passed. `asked`: whoever is named asks, and a checker approves.
const ORACLE: &str = "
 1 | -                                          | create_case               | DRAFT                          | MK    |                    | unique_loan
 2 | DRAFT                                      | submit_draft              | PENDING_APPROVAL               | MK    |                    | fields_complete agreement_with_clause
 3 | PENDING_APPROVAL                           | approve_draft             | APPROVED                       | CK    | decides CASE       |
 4 | PENDING_APPROVAL                           | return_draft              | RETURNED                       | CK    | returns CASE       |
 5 | RETURNED                                   | resubmit_draft            | PENDING_APPROVAL               | MK    |                    | fields_complete agreement_with_clause
 6 | APPROVED                                   | queue_lrn                 | LRN_QUEUED                     | SY MK | carried CAMPAIGN   | no_hold campaign_approved
 7 | LRN_QUEUED                                 | dispatch_lrn              | LRN_ISSUED                     | SY    |                    | lrn_dispatched
 8 | LRN_ISSUED                                 | serve_lrn                 | CURE_RUNNING                   | SY    |                    | lrn_served
 9 | CURE_RUNNING                               | end_cure                  | CURE_EXPIRED                   | SY    |                    | cure_over dues_outstanding balance_fresh
10 | S10..S60                                   | close_paid                | CLOSED PAID_IN_FULL            | SY    | asked CLOSURE      | dues_cleared credit_proved
11 | CURE_EXPIRED                               | queue_s21                 | S21_QUEUED                     | MK    | asked CAMPAIGN     | no_hold
12 | S21_QUEUED                                 | dispatch_s21              | S21_ISSUED                     | SY    |                    | s21_dispatched
13 | S21_ISSUED                                 | serve_s21                 | S21_SERVED                     | SY    |                    | s21_served
14 | S21_ISSUED                                 | give_up_s21               | S21_UNSERVED                   | SY    |                    | s21_exhausted
15 | S21_UNSERVED                               | resend_s21                | S21_ISSUED                     | MK    |                    | address_untried no_hold
16 | S21_ISSUED S21_SERVED                      | raise_objection           | OBJECTION_RAISED               | RS RG |                    |
17 | S21_SERVED OBJECTION_RAISED                | file_reference            | FILED                          | MK    | carried FILING_BATCH | s21_served consent_basis batch_approved
18 | FILED                                      | scrutinise                | UNDER_SCRUTINY                 | RG    |                    |
19 | UNDER_SCRUTINY                             | raise_defect              | DEFECT_RAISED                  | RG    |                    |
20 | DEFECT_RAISED                              | cure_defect               | DEFECT_CURED                   | MK    |                    | defects_answered
21 | UNDER_SCRUTINY DEFECT_CURED                | register                  | REGISTERED                     | RG    |                    |
22 | REGISTERED                                 | propose_arbitrator        | ARBITRATOR_PROPOSED            | RG    |                    |
23 | ARBITRATOR_PROPOSED                        | request_disclosure        | CONSENT_DISCLOSURE_AWAITED     | RG    |                    |
24 | CONSENT_DISCLOSURE_AWAITED                 | appoint_arbitrator        | APPOINTED                      | RG    |                    | disclosure_filed objection_time_over appointment_mode_known
25 | APPOINTED S50 S60                          | challenge_arbitrator      | CHALLENGED                     | RS MK |                    | challenge_in_time
26 | CHALLENGED                                 | reject_challenge          | APPOINTED                      | AR RG |                    |
26 | CHALLENGED                                 | uphold_challenge          | SUBSTITUTION                   | AR RG |                    |
27 | SUBSTITUTION                               | replace_arbitrator        | CONSENT_DISCLOSURE_AWAITED     | RG    |                    |
28 | REGISTERED ARBITRATOR_PROPOSED CONSENT_DISCLOSURE_AWAITED | petition_s11 | S11_PENDING                  | MK AD |                    |
29 | S11_PENDING                                | appoint_by_court          | APPOINTED                      | RG    |                    |
30 | APPOINTED                                  | direct_soc                | SOC_DUE                        | AR    |                    |
31 | SOC_DUE                                    | file_soc                  | SOC_FILED                      | MK AD |                    | account_attached claim_stated
32 | SOC_FILED                                  | serve_soc                 | SOC_SERVED > SOD_DUE           | SY    |                    | soc_served
33 | SOD_DUE                                    | file_sod                  | SOD_FILED                      | RS    |                    |
34 | SOD_DUE                                    | close_sod                 | SOD_CLOSED                     | AR    |                    | sod_time_over
35 | SOD_FILED SOD_CLOSED REJOINDER_DUE         | complete_pleadings        | PLEADINGS_COMPLETE             | AR    |                    |
36 | S50 HEARD EX_PARTE_ORDERED EVIDENCE ARGUMENTS | fix_hearing            | HEARING_SCHEDULED              | AR RG |                    |
37 | HEARING_SCHEDULED                          | hold_hearing              | HEARD                          | RG AR |                    |
38 | HEARING_SCHEDULED                          | adjourn_hearing           | ADJOURNED > HEARING_SCHEDULED  | AR    |                    |
39 | HEARD                                      | order_ex_parte            | EX_PARTE_ORDERED               | AR    |                    | hearing_notice_served
40 | HEARD EX_PARTE_ORDERED ARGUMENTS           | take_evidence             | EVIDENCE                       | AR    |                    |
40 | HEARD EX_PARTE_ORDERED EVIDENCE            | hear_arguments            | ARGUMENTS                      | AR    |                    |
40 | HEARD EX_PARTE_ORDERED EVIDENCE ARGUMENTS  | reserve_award             | RESERVED                       | AR    |                    |
41 | S20..S70                                   | settle                    | =                              | MK CO | asked SETTLEMENT   | offer_stands respondent_agrees
42 | S20..S70                                   | record_consent_award      | AWARD_MADE                     | AR    |                    | settlement_accepted
42 | S20..S70                                   | record_settled_withdrawal | CLOSED WITHDRAWN               | AR    |                    | settlement_accepted
43 | RESERVED AWARD_RESERVED                    | make_award                | AWARD_MADE                     | AR    |                    |
44 | AWARD_MADE                                 | dispatch_award            | AWARD_DISPATCHED               | RG    |                    |
45 | AWARD_DISPATCHED                           | deliver_award             | AWARD_DELIVERED > CHALLENGE_WINDOW | SY |                   | award_served
46 | AWARD_MADE AWARD_DISPATCHED AWARD_DELIVERED CHALLENGE_WINDOW | ask_correction | CORRECTION_PENDING      | MK RS AR |                 | correction_in_time
46 | CORRECTION_PENDING                         | decide_correction         | AWARD_MADE                     | AR    |                    |
47 | CHALLENGE_WINDOW                           | challenge_award           | CHALLENGED_S34                 | RS AD |                    |
48 | CHALLENGED_S34                             | stay_award                | STAYED                         | AD    |                    |
48 | CHALLENGED_S34 STAYED                      | set_award_aside           | CLOSED SET_ASIDE               | AD    |                    |
48 | CHALLENGED_S34 STAYED                      | dismiss_challenge         | EXECUTION_ELIGIBLE             | AD    |                    |
49 | CHALLENGE_WINDOW                           | end_challenge_window      | EXECUTION_ELIGIBLE             | SY    |                    | challenge_time_over
50 | EXECUTION_ELIGIBLE                         | file_execution            | EXECUTION_FILED                | AD    |                    |
51 | EXECUTION_FILED PART_REALISED              | attach                    | ATTACHMENT                     | AD    |                    |
51 | EXECUTION_FILED ATTACHMENT                 | realise_in_part           | PART_REALISED                  | AD    |                    |
52 | S80                                        | close_satisfied           | CLOSED AWARD_SATISFIED         | MK    | asked CLOSURE      | award_realised
53 | S00..S60                                   | withdraw                  | CLOSED WITHDRAWN               | MK    | asked WITHDRAWAL   |
54 | S00..S80                                   | hold                      | =                              | MK CK |                    |
54 | S00..S80                                   | release                   | =                              | MK    | asked RELEASE      | on_hold
55 | PLEADINGS_COMPLETE S60 AWARD_RESERVED      | extend_award_time         | =                              | MK    |                    | award_time_short
56 | CLOSED                                     | reopen                    | <                              | MK    | asked REOPEN       | unique_loan
";

/// A line of the oracle.
struct Line {
    no: u8,
    from: Vec<String>,
    action: String,
    to: String,
    actors: Vec<String>,
    four_eyes: String,
    guards: Vec<String>,
}

fn oracle() -> Vec<Line> {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let line = |text: &str| {
        let cells: Vec<&str> = text.split('|').map(str::trim).collect();
        let mut from: Vec<String> = cells[1].split_whitespace().flat_map(statuses).collect();
        // What is found where it should only pass is taken on.
        from.extend(cells[3].split_once(" > ").map(|(way, _)| way.to_owned()));
        Line {
            no: cells[0].parse().unwrap(),
            from,
            action: cells[2].to_owned(),
            to: cells[3].to_owned(),
            actors: words(cells[4]),
            four_eyes: cells[5].to_owned(),
            guards: words(cells[6]),
        }
    };
    ORACLE.lines().filter(|text| !text.trim().is_empty()).map(line).collect()
}

/// The statuses that a word of the oracle stands for; none for `-`.
fn statuses(word: &str) -> Vec<String> {
    let within = |from: &str, to: &str| {
        let stage = |status: &Status| status.stage().unwrap().code().to_owned();
        let of = |status: &&Status| (from..=to).contains(&stage(status).as_str());
        Status::ALL.iter().filter(of).map(|status| status.code().to_owned()).collect()
    };
    match word.split_once("..") {
        Some((from, to)) => within(from, to),
        None if Stage::ALL.iter().any(|stage| stage.code() == word) => within(word, word),
        None if word == "-" => Vec::new(),
        None => vec![word.to_owned()],
    }
}

pub(super) fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// A case at a status with nothing else known of it.
pub(super) fn bare(status: Option<&Status>) -> Facts {
    Facts {
        today: day("2026-11-25"),
        place: status.map(|status| (status.stage().unwrap(), status.clone())),
        before: (status == Some(&Status::Closed)).then_some(Status::Heard),
        settlement: SettlementTrack::None,
        respondent_agrees: false,
        hold: Hold::None,
        consent_basis: ConsentBasis::None,
        open_duplicate: false,
        fields_complete: false,
        agreement_attached: false,
        dues: Inr::ZERO,
        dues_on: None,
        claim: Inr::ZERO,
        award: Inr::ZERO,
        realised: Inr::ZERO,
        credit_proved: false,
        campaign: Carrier::None,
        batch: Carrier::None,
        service: Vec::new(),
        address_untried: false,
        defects_unanswered: 0,
        disclosure_filed: false,
        appointment_mode_known: false,
        objection_until: None,
        account_attached: false,
        cure_until: None,
        s13_until: None,
        sod_until: None,
        s33_until: None,
        s34_until: None,
        s29a_until: None,
        requests: Vec::new(),
    }
}

/// Makes a guard's matter so, or not so.
pub(super) fn make(facts: &mut Facts, guard: &str, so: bool) {
    let (past, future) = (day("2026-11-24"), day("2026-11-26"));
    let over = Some(if so { past } else { facts.today });
    let within = Some(if so { facts.today } else { past });
    let mut serve = |notice: NoticeType, service: Service| facts.service.push((notice, service));
    let served = |of: u32| Service { required: of, served: if so { of } else { of - 1 }, dispatched: true, exhausted: false };
    match guard {
        "unique_loan" => facts.open_duplicate = !so,
        "fields_complete" => facts.fields_complete = so,
        "agreement_with_clause" => facts.agreement_attached = so,
        "no_hold" => facts.hold = if so { Hold::None } else { Hold::AddressUnknown },
        "on_hold" => facts.hold = if so { Hold::CourtStay } else { Hold::None },
        "campaign_approved" => facts.campaign = if so { Carrier::Approved } else { Carrier::Waiting },
        "batch_approved" => facts.batch = if so { Carrier::None } else { Carrier::Waiting },
        "lrn_dispatched" => serve(NoticeType::Lrn, Service { required: 2, dispatched: so, ..Service::default() }),
        "lrn_served" => serve(NoticeType::Lrn, Service { required: 2, served: u32::from(so), dispatched: true, exhausted: false }),
        "s21_dispatched" => serve(NoticeType::S21, Service { required: 2, dispatched: so, ..Service::default() }),
        "s21_served" => serve(NoticeType::S21, served(3)),
        "s21_exhausted" => serve(NoticeType::S21, Service { required: 2, served: 1, dispatched: true, exhausted: so }),
        "soc_served" => serve(NoticeType::Soc, served(1)),
        "hearing_notice_served" => serve(NoticeType::Hearing, served(2)),
        "award_served" => serve(NoticeType::Award, served(4)),
        "cure_over" => facts.cure_until = over,
        "objection_time_over" => facts.objection_until = over,
        "sod_time_over" => facts.sod_until = over,
        "challenge_time_over" => facts.s34_until = over,
        "challenge_in_time" => facts.s13_until = within,
        "correction_in_time" => facts.s33_until = within,
        "dues_outstanding" => facts.dues = Inr::from_paise(i64::from(so)),
        "dues_cleared" => facts.dues = Inr::from_paise(i64::from(!so)),
        "balance_fresh" => facts.dues_on = Some(if so { facts.today } else { past }),
        "credit_proved" => facts.credit_proved = so,
        "address_untried" => facts.address_untried = so,
        "consent_basis" => facts.consent_basis = if so { ConsentBasis::S11Order } else { ConsentBasis::None },
        "defects_answered" => facts.defects_unanswered = u32::from(!so),
        "disclosure_filed" => facts.disclosure_filed = so,
        "appointment_mode_known" => facts.appointment_mode_known = so,
        "account_attached" => facts.account_attached = so,
        "claim_stated" => facts.claim = Inr::from_paise(i64::from(so)),
        "offer_stands" => facts.settlement = if so { SettlementTrack::Countered } else { SettlementTrack::Lapsed },
        "respondent_agrees" => facts.respondent_agrees = so,
        "settlement_accepted" => facts.settlement = if so { SettlementTrack::Accepted } else { SettlementTrack::Offered },
        "award_realised" => {
            facts.award = Inr::from_rupees(9);
            facts.realised = Inr::from_paise(if so { 900 } else { 899 });
        }
        "award_time_short" => facts.s29a_until = Some(future.later(if so { 59 } else { 60 })),
        other => panic!("a guard that nobody knows: {other}"),
    }
}

pub(super) fn somebody(user: &str) -> Somebody {
    Somebody { user: user.to_owned(), deputies: Vec::new() }
}

pub(super) fn person(role: Role, user: &str) -> Caller {
    Caller::Person(Person { role, who: somebody(user), limit: None })
}

pub(super) fn request(action: &'static str, by: &str) -> Request {
    Request { action, by: Some(somebody(by)), amount: Inr::from_rupees(4_00_000), first: None }
}

/// Who the oracle's actors are in this portal; nobody for those who act on the upstream.
fn callers(actor: &str) -> Option<&'static str> {
    Some(match actor {
        "MK" => "LEGAL_MANAGER",
        "CO" => "COLLECTIONS_OFFICER",
        "CK" => "LEGAL_HEAD",
        "AD" => "ADVOCATE",
        "SY" => "job",
        "RG" | "AR" | "RS" => return None,
        other => panic!("an actor that nobody knows: {other}"),
    })
}

#[test]
fn the_rows_are_those_of_the_process_table() {
    let lines = oracle();
    assert_eq!(Transition::all().count(), lines.len());
    for (row, line) in Transition::all().zip(&lines) {
        assert_eq!((row.no, row.action), (line.no, line.action.as_str()));
        let to = match (row.to, row.ends) {
            (To::Stays, None) => "=".to_owned(),
            (To::Back, None) => "<".to_owned(),
            (To::Goes(status), None) => status.code().to_owned(),
            (To::Goes(status), Some(outcome)) => format!("{} {}", status.code(), outcome.code()),
            (To::Through(way, status), None) => format!("{} > {}", way.code(), status.code()),
            (_, Some(_)) => panic!("{}: only a closing has an outcome", row.action),
        };
        assert_eq!(to, line.to, "{}", row.action);
        let eyes = match row.four_eyes {
            FourEyes::No => String::new(),
            FourEyes::Decides(kind) => format!("decides {}", kind.code()),
            FourEyes::Returns(kind) => format!("returns {}", kind.code()),
            FourEyes::Asked(kind) => format!("asked {}", kind.code()),
            FourEyes::Carried(kind) => format!("carried {}", kind.code()),
        };
        assert_eq!(eyes, line.four_eyes, "{}", row.action);
        let guards: Vec<&str> = row.guards.iter().map(|guard| guard.code()).collect();
        assert_eq!(guards, line.guards, "{}", row.action);
    }
    assert_eq!(
        lines.iter().map(|line| line.no).collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>(),
        (1..=56).collect::<Vec<_>>()
    );
    let used: std::collections::BTreeSet<_> = lines.iter().flat_map(|line| line.guards.clone()).collect();
    assert_eq!(used.len(), Guard::ALL.len(), "every guard is some row's");
}

#[test]
fn every_status_step_role_and_guard_is_judged_as_the_process_table_says() {
    let mut judged = BTreeMap::from([(true, 0), (false, 0)]);
    let mut everybody: Vec<(&str, Caller)> = Role::ALL.iter().map(|role| (role.code(), person(*role, role.code()))).collect();
    everybody.push(("job", Caller::Job));
    let places: Vec<Option<&Status>> = std::iter::once(None).chain(Status::ALL.iter().map(Some)).collect();
    for line in oracle() {
        let row = Transition::of(&line.action).unwrap();
        for status in &places {
            let starts = status.map_or(line.from.is_empty(), |status| line.from.iter().any(|from| from == status.code()));
            // No guard fails, or one of them does.
            for failing in std::iter::once(None).chain(line.guards.iter().map(Some)) {
                for requested in [false, true] {
                    let mut facts = bare(*status);
                    line.guards.iter().for_each(|guard| make(&mut facts, guard, failing != Some(guard)));
                    if requested {
                        facts.requests = vec![request(if line.no < 5 { "submit_draft" } else { row.action }, "maker.1")];
                    }
                    let (eyes, _) = line.four_eyes.split_once(' ').unwrap_or_default();
                    for (name, caller) in &everybody {
                        let mut wanted: Vec<Option<&str>> = line.actors.iter().map(|actor| callers(actor)).collect();
                        if eyes == "asked" && requested {
                            wanted = vec![Some("LEGAL_HEAD")];
                        }
                        let right = wanted.contains(&Some(*name));
                        let submitted = requested || !matches!(eyes, "decides" | "returns");
                        let verdict = judge(row, &facts, caller);
                        let allowed = starts && right && submitted && failing.is_none();
                        assert_eq!(verdict == Verdict::Allowed, allowed, "{} at {status:?} by {name}: {verdict:?}", line.action);
                        *judged.entry(allowed).or_default() += 1;
                        expect(
                            row,
                            &facts,
                            &verdict,
                            Expected { starts, right, submitted, failing, upstream: wanted.iter().all(Option::is_none) },
                        );
                    }
                }
            }
        }
    }
    // 65 steps at 53 places, each asked for by ten callers, with and without a request, for each state of its guards.
    assert!(judged[&true] > 700 && judged[&false] > 100_000, "{judged:?}");
}

struct Expected<'a> {
    starts: bool,
    right: bool,
    submitted: bool,
    failing: Option<&'a String>,
    upstream: bool,
}

/// Exactly the reasons that there are, each once.
fn expect(row: &Transition, facts: &Facts, verdict: &Verdict, expected: Expected<'_>) {
    let reasons = verdict.reasons();
    if !expected.starts {
        assert_eq!(reasons, [WhyNot::WrongStatus(facts.place.clone().map(|(_, status)| status))], "{}", row.action);
        return;
    }
    let count = |of: &dyn Fn(&WhyNot) -> bool| reasons.iter().filter(|reason| of(reason)).count();
    let actor = count(&|reason| matches!(reason, WhyNot::WrongActor(_) | WhyNot::OnlyPrepares(_)));
    assert_eq!(actor, usize::from(!expected.right && !expected.upstream), "{}: {reasons:?}", row.action);
    assert_eq!(count(&|reason| matches!(reason, WhyNot::Upstream(_))), usize::from(expected.upstream), "{}", row.action);
    assert_eq!(count(&|reason| *reason == WhyNot::NothingSubmitted), usize::from(!expected.submitted), "{}", row.action);
    let guards: Vec<&str> =
        reasons.iter().filter_map(|reason| if let WhyNot::Guard(guard) = reason { Some(guard.code()) } else { None }).collect();
    assert_eq!(guards, expected.failing.map(String::as_str).into_iter().collect::<Vec<_>>(), "{}", row.action);
    assert_eq!(reasons.len(), actor + guards.len() + usize::from(expected.upstream) + usize::from(!expected.submitted), "{reasons:?}");
}

#[test]
fn a_last_day_that_nobody_knows_neither_ends_a_period_nor_a_right() {
    let facts = bare(Some(&Status::SodDue));
    let periods = [Guard::CureOver, Guard::SodTimeOver, Guard::ObjectionTimeOver, Guard::ChallengeTimeOver, Guard::AwardTimeShort];
    assert!(periods.iter().all(|guard| !guard.holds(&facts)));
    assert!([Guard::ChallengeInTime, Guard::CorrectionInTime].iter().all(|guard| guard.holds(&facts)));
}

#[test]
fn what_this_version_does_not_know_moves_nothing() {
    let mut facts = bare(None);
    facts.consent_basis = ConsentBasis::from("SIGNED_IN_BLOOD".to_owned());
    facts.hold = Hold::from("FLOOD".to_owned());
    assert!(!Guard::ConsentBasis.holds(&facts) && !Guard::NoHold.holds(&facts) && Guard::OnHold.holds(&facts));
    facts.place = Some((Stage::from("S85".to_owned()), Status::from("MEDIATION".to_owned())));
    let offers = actions_for(&facts, &person(Role::LegalManager, "asha"));
    assert_eq!(offers.iter().map(|offer| offer.action).collect::<Vec<_>>(), ["hold", "release"]);
}
