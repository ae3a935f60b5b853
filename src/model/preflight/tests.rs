//! Each finding by itself, what it does to the channels, and which of several is named. Must not know how facts are read.

use super::*;

fn today() -> Day {
    Day::parse("2026-11-26").unwrap()
}

fn campaign(notice: &NoticeType) -> CampaignFacts<'_> {
    CampaignFacts { notice, window: true, today: today() }
}

fn case() -> CaseFacts {
    CaseFacts { hold: Hold::None, settlement: SettlementTrack::None, dues: Inr::from_rupees(50_000), dues_on: Some(today()), is_open: true }
}

fn party() -> PartyFacts {
    PartyFacts { mobile: true, email: true, address: true, pincode: "411001".to_owned(), opted_in: true, ..PartyFacts::default() }
}

fn text(channel: Channel) -> TextFacts {
    TextFacts { channel, in_force: true, identified: true, in_language: true, ill_fitting: false, tells_dues: true }
}

fn texts(channels: &[Channel]) -> Vec<TextFacts> {
    channels.iter().cloned().map(text).collect()
}

const POST_AND_SMS: [Channel; 2] = [Channel::SpeedPost, Channel::Sms];

fn codes(found: &Preflight) -> Vec<(&str, bool)> {
    found.findings.iter().map(|finding| (finding.code.code(), finding.blocks)).collect()
}

#[test]
fn somebody_of_whom_nothing_is_found_is_eligible_on_every_channel() {
    let all = texts(&Channel::ALL[..5]);
    let found = preflight(campaign(&NoticeType::Lrn), &case(), &party(), &all);
    assert_eq!((found.eligibility(), found.text(), found.channels.len()), (Eligibility::Eligible, String::new(), 5));
    assert_eq!(estimate(&found.channels).paise(), 5 + 16 + 23 + 61_00 + 47_50);
}

#[test]
fn what_a_case_is_held_for_blocks_every_notice_and_what_became_of_the_money_all_but_the_tribunals() {
    for notice in NoticeType::ALL {
        let of_tribunal = matches!(notice, NoticeType::Hearing | NoticeType::Award | NoticeType::Order);
        let check = |change: &dyn Fn(&mut CaseFacts), code: &str, blocks: bool| {
            let mut facts = case();
            change(&mut facts);
            let found = preflight(campaign(notice), &facts, &party(), &texts(&POST_AND_SMS));
            assert_eq!(codes(&found), [(code, blocks)], "{notice:?}");
            let expected = if blocks { Eligibility::Blocked } else { Eligibility::Warning };
            assert_eq!(found.eligibility(), expected, "{notice:?} {code}");
        };
        let holds = [
            (Hold::CourtStay, "COURT_STAY"),
            (Hold::Moratorium, "MORATORIUM"),
            (Hold::Deceased, "DECEASED"),
            (Hold::LegalHold, "HOLD_LEGAL"),
            (Hold::DisputeGrievance, "DISPUTE"),
            (Hold::from("NEW_KIND".to_owned()), "HOLD_LEGAL"),
        ];
        for (hold, code) in holds {
            check(&|facts| facts.hold = hold.clone(), code, true);
        }
        check(&|facts| facts.is_open = false, "CLOSED", true);
        check(&|facts| facts.dues = Inr::ZERO, "PAID", !of_tribunal);
        for track in [SettlementTrack::Accepted, SettlementTrack::Paying, SettlementTrack::Satisfied] {
            check(&|facts| facts.settlement = track.clone(), "SETTLEMENT", !of_tribunal);
        }
    }
    for track in SettlementTrack::ALL {
        let stops = matches!(track.code(), "ACCEPTED" | "PAYING" | "SATISFIED");
        let facts = CaseFacts { settlement: track.clone(), ..case() };
        let found = preflight(campaign(&NoticeType::Reminder), &facts, &party(), &texts(&POST_AND_SMS));
        assert_eq!(found.eligibility() == Eligibility::Blocked, stops, "{track:?}");
    }
}

#[test]
fn a_finding_about_one_channel_warns_while_another_is_left_and_blocks_with_the_last() {
    type Change = fn(&mut PartyFacts, &mut TextFacts);
    let checks: [(Channel, &str, Change); 14] = [
        (Channel::Sms, "NO_MOBILE", |party, _| party.mobile = false),
        (Channel::WhatsApp, "NO_MOBILE", |party, _| party.mobile = false),
        (Channel::WhatsApp, "NO_OPT_IN", |party, _| party.opted_in = false),
        (Channel::Email, "NO_EMAIL", |party, _| party.email = false),
        (Channel::SpeedPost, "NO_ADDRESS", |party, _| party.address = false),
        (Channel::Courier, "NO_ADDRESS", |party, _| party.address = false),
        (Channel::Hand, "NO_ADDRESS", |party, _| party.address = false),
        (Channel::SpeedPost, "BAD_PIN", |party, _| party.pincode = "01100".to_owned()),
        (Channel::Courier, "BAD_PIN", |party, _| party.pincode = "011001".to_owned()),
        (Channel::Sms, "TEMPLATE_STATE", |_, text| text.in_force = false),
        (Channel::Sms, "DLT_IDENTITY", |_, text| text.identified = false),
        (Channel::Email, "DOMAIN", |_, text| text.identified = false),
        (Channel::Sms, "VARIABLE_LENGTH", |_, text| text.ill_fitting = true),
        (Channel::SpeedPost, "VARIABLE_LENGTH", |_, text| text.ill_fitting = true),
    ];
    for (channel, code, change) in checks {
        let (mut who, mut what) = (party(), text(channel.clone()));
        change(&mut who, &mut what);
        let alone = preflight(campaign(&NoticeType::Lrn), &case(), &who, std::slice::from_ref(&what));
        assert_eq!((codes(&alone), alone.channels.len()), (vec![(code, true)], 0), "{channel:?}");
        let other = if matches!(channel, Channel::Email) { Channel::Sms } else { Channel::Email };
        let beside = preflight(campaign(&NoticeType::Lrn), &case(), &who, &[what, text(other.clone())]);
        assert_eq!((codes(&beside), &beside.channels[..]), (vec![(code, false)], &[other][..]), "{channel:?}");
        assert_eq!(beside.eligibility(), Eligibility::Warning);
    }
    // A case that is held for want of an address is written to on a screen.
    let held = CaseFacts { hold: Hold::AddressUnknown, ..case() };
    let found = preflight(campaign(&NoticeType::Lrn), &held, &party(), &texts(&POST_AND_SMS));
    assert_eq!((codes(&found), &found.channels[..]), (vec![("NO_ADDRESS", false)], &[Channel::Sms][..]));
    assert_eq!(codes(&preflight(campaign(&NoticeType::Lrn), &case(), &party(), &[])), [("TEMPLATE_STATE", true)]);
}

#[test]
fn who_was_written_to_three_times_in_a_week_is_not_reminded_but_served() {
    for (contacts, reminded) in [(0, true), (2, true), (3, false), (9, false)] {
        let who = PartyFacts { contacts, ..party() };
        let of = |notice: &NoticeType| preflight(campaign(notice), &case(), &who, &texts(&POST_AND_SMS));
        assert_eq!(of(&NoticeType::Reminder).eligibility() != Eligibility::Blocked, reminded, "{contacts}");
        assert!(of(&NoticeType::S21).eligibility() != Eligibility::Blocked);
    }
}

#[test]
fn old_dues_another_language_and_a_shared_number_warn_where_they_matter() {
    let of = |case: &CaseFacts, party: &PartyFacts, texts: &[TextFacts]| preflight(campaign(&NoticeType::Lrn), case, party, texts).text();
    let on = |days: i64| CaseFacts { dues_on: Some(today().later(days)), ..case() };
    assert_eq!([of(&on(-1), &party(), &texts(&POST_AND_SMS)), of(&on(-2), &party(), &texts(&POST_AND_SMS))], ["", ";STALE_DUES;"]);
    assert_eq!(of(&CaseFacts { dues_on: None, ..case() }, &party(), &texts(&POST_AND_SMS)), ";STALE_DUES;");
    let silent = TextFacts { tells_dues: false, ..text(Channel::Sms) };
    assert_eq!(of(&on(-400), &party(), &[silent]), "");
    let shared = PartyFacts { shared_number: true, ..party() };
    assert_eq!(
        [of(&case(), &shared, &texts(&POST_AND_SMS)), of(&case(), &shared, &texts(&[Channel::SpeedPost]))],
        [";DUPLICATE_NUMBER;", ""]
    );
    let foreign = TextFacts { in_language: false, ..text(Channel::Sms) };
    assert_eq!(of(&case(), &party(), &[foreign]), ";NO_LANGUAGE;");
}

#[test]
fn of_several_that_block_the_first_in_the_sets_order_is_named() {
    let facts = CaseFacts { hold: Hold::Moratorium, dues: Inr::ZERO, is_open: false, ..case() };
    let who = PartyFacts { deceased: true, ..PartyFacts::default() };
    let wide = CampaignFacts { window: false, ..campaign(&NoticeType::Lrn) };
    let found = preflight(wide, &facts, &who, &texts(&POST_AND_SMS));
    assert_eq!(found.block_reason(), Some(&PreflightCode::Paid));
    assert_eq!(found.text(), ";PAID;DECEASED;MORATORIUM;CLOSED;NO_MOBILE;NO_ADDRESS;WINDOW;");
    // A warning before it in the order does not name what blocks.
    let facts = CaseFacts { dues: Inr::ZERO, hold: Hold::CourtStay, ..case() };
    let found = preflight(campaign(&NoticeType::Award), &facts, &party(), &texts(&POST_AND_SMS));
    assert_eq!((found.text().as_str(), found.block_reason()), (";PAID;COURT_STAY;", Some(&PreflightCode::CourtStay)));
    // One that died in a case that is held for it is found once.
    let held = CaseFacts { hold: Hold::Deceased, ..case() };
    let dead = PartyFacts { deceased: true, ..party() };
    assert_eq!(preflight(campaign(&NoticeType::Lrn), &held, &dead, &texts(&POST_AND_SMS)).text(), ";DECEASED;");
    assert!(PreflightCode::ALL.iter().all(|code| code.sentence().ends_with('.')));
}
