//! The table of a campaign's acts a second time, as people read it: every act from every state by every role. Must not look into the first.

use super::*;

/// Act, states that it begins at, state that it leads to, and who does it.
const WRITTEN: &[(CampaignAct, &str, &str, &str)] = &[
    (CampaignAct::Edit, "DRAFT READY RETURNED FAILED", "DRAFT", "maker"),
    (CampaignAct::Freeze, "DRAFT READY RETURNED FAILED", "VALIDATING", "maker"),
    (CampaignAct::Frozen, "VALIDATING", "READY", "portal"),
    (CampaignAct::Fail, "VALIDATING", "FAILED", "portal"),
    (CampaignAct::Submit, "READY", "PENDING_APPROVAL", "maker"),
    (CampaignAct::GiveBack, "PENDING_APPROVAL", "RETURNED", "LEGAL_HEAD"),
    (CampaignAct::Approve, "PENDING_APPROVAL", "APPROVED", "LEGAL_HEAD"),
    (CampaignAct::Schedule, "APPROVED", "SCHEDULED", "LEGAL_HEAD"),
    (CampaignAct::Unschedule, "SCHEDULED", "APPROVED", "LEGAL_HEAD"),
    (CampaignAct::Start, "SCHEDULED", "RUNNING", "portal"),
    (CampaignAct::Pause, "RUNNING", "PAUSED", "TENANT_ADMIN LEGAL_HEAD LEGAL_MANAGER"),
    (CampaignAct::Resume, "PAUSED", "RUNNING", "LEGAL_HEAD LEGAL_MANAGER"),
    (CampaignAct::Stop, "APPROVED SCHEDULED RUNNING PAUSED", "CANCELLED", "TENANT_ADMIN LEGAL_HEAD LEGAL_MANAGER"),
    (CampaignAct::Discard, "DRAFT READY RETURNED FAILED", "CANCELLED", "maker"),
    (CampaignAct::SendOut, "RUNNING", "SENT_OUT", "portal"),
    (CampaignAct::Settle, "SENT_OUT", "SETTLING", "portal"),
    (CampaignAct::Complete, "SETTLING", "COMPLETE", "portal"),
];

#[test]
fn every_act_begins_where_it_may_and_is_done_by_who_may() {
    assert_eq!(WRITTEN.len(), TABLE.len());
    let everybody = Role::ALL.into_iter().map(Some).chain([None]);
    for role in everybody {
        for (is_maker, holds_all) in [(false, false), (false, true), (true, false), (true, true)] {
            for notice in NoticeType::ALL {
                let caller = CampaignCaller { role, is_maker, holds_all };
                for (act, from, to, by) in WRITTEN {
                    let code = role.map_or("portal", Role::code);
                    let may = match *by {
                        "maker" => {
                            is_maker && (code == "LEGAL_MANAGER" || code == "COLLECTIONS_OFFICER" && *notice == NoticeType::Reminder)
                        }
                        "portal" => code == "portal",
                        "LEGAL_HEAD" => code == "LEGAL_HEAD" && !is_maker,
                        roles => roles.split(' ').any(|role| role == code) && (code != "LEGAL_MANAGER" || holds_all),
                    };
                    for state in CampaignState::ALL {
                        let found = judge_campaign(*act, state, notice, caller);
                        let begins = from.split(' ').any(|code| code == state.code());
                        let expected = (may && begins).then_some(*to);
                        assert_eq!(found.as_ref().ok().map(CampaignState::code), expected, "{act:?} {state:?} {notice:?} {caller:?}");
                        if let Err(why) = found {
                            assert_eq!(why.is_of_person(), !may, "{act:?} {state:?} {caller:?}");
                            assert!(why.sentence().ends_with('.'), "{}", why.sentence());
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_state_that_nobody_knows_lets_nothing_be_done() {
    let strange = CampaignState::from("DREAMING".to_owned());
    for (act, ..) in WRITTEN {
        for role in Role::ALL.into_iter().map(Some).chain([None]) {
            let caller = CampaignCaller { role, is_maker: true, holds_all: true };
            assert!(judge_campaign(*act, &strange, &NoticeType::Reminder, caller).is_err(), "{act:?}");
        }
    }
}

#[test]
fn what_ended_is_nobodys_draft_and_what_may_still_send_is_told_from_it() {
    for state in CampaignState::ALL {
        let ended = matches!(state.code(), "CANCELLED" | "COMPLETE" | "SENT_OUT" | "SETTLING");
        assert!(!ended || (!is_makers_own(state) && !UNENDED.contains(state)), "{state:?}");
    }
    assert!(NoticeType::ALL.iter().filter(|notice| !is_legal(notice)).count() == 2);
}
