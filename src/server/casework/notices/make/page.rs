//! The page of a campaign for who makes it, releases it or stops it: its settings and texts, whom its list has and what was found of them, and
//! what can be done now. It must not know what came of a campaign once it was sent.

use std::collections::BTreeMap;

use super::{
    DEEDS, Found, SECTION,
    texts::{self, StepTexts},
    wire::{CampaignWork, RecipientSum, column},
};
use crate::{
    model::{
        CampaignAct, CampaignId, CampaignState, CaseQuery, Cell, Eligibility, Fact, Form, Inr, Names, Permission, PreflightCode,
        RecipientFilter, RecipientQuery, SendDays, Sheet, Term, Tone, judge_campaign, language_name,
    },
    server::{
        casework::{Refusal, cases, second::fact},
        frappe::{Aggregate, Condition, Measure},
    },
};

/// The page.
///
/// # Errors
/// [`ErrorCode::Forbidden`](crate::model::ErrorCode::Forbidden) for roles that see no campaigns;
/// [`ErrorCode::NotFound`](crate::model::ErrorCode::NotFound) for one that the person may not know of, as for nobody's; otherwise any fault
/// of the calls.
pub async fn show(id: &str) -> Result<Form, Refusal> {
    let found = Found::of(id, Permission::SeeNotices).await?;
    let work = &found.work;
    let (texts, list, caller) = futures::try_join!(texts::of_steps(&found.desk.client, &work.steps), list_sheet(&found), found.caller())?;
    let state = work.state();
    let role = found.desk.grant.principal.role;
    let may = |(act, word, permission): (CampaignAct, &str, Permission)| {
        let can = role.allows(permission) && judge_campaign(act, &state, &work.notice(), caller).is_ok();
        can.then(|| (format!("/notices/{}/do/{word}", found.id.as_str()), words(act).to_owned()))
    };
    let mut links: Vec<(String, String)> = DEEDS.into_iter().filter_map(may).collect();
    if work.targeted > 0 {
        links.push((format!("/notices/{}/rendering", found.id.as_str()), "See what each gets".to_owned()));
        links.push((format!("/notices/{}", found.id.as_str()), "What came of it".to_owned()));
    }
    let mut sheets = vec![steps_sheet(&texts)];
    sheets.extend(list);
    // What was found is told of the whole campaign: to who sees all of it, or made it.
    let whole = found.desk.grant.rows.rests_on(&[]) || caller.is_maker;
    sheets.extend(findings_sheet(&found.id, &work.preflight).filter(|_| whole));
    let mut facts = settings(&found);
    if caller.is_maker && matches!(state, CampaignState::Draft | CampaignState::Returned | CampaignState::Failed) {
        let query = CaseQuery::from_params(&work.audience_query, "", "", "");
        // A question that cannot be read any more is told when the list is frozen.
        let matching = cases::totals(query).await?.cases;
        facts.push(fact("Cases that match now", matching.to_string()));
    }
    Ok(Form {
        section: SECTION,
        heading: work.title.clone(),
        about: found.about(),
        lead: told(&state, work).into_iter().collect(),
        facts,
        sheets,
        links,
        back: ("/notices".to_owned(), "All campaigns".to_owned()),
        wide: true,
        ..Form::default()
    })
}

/// What is to be known of where it stands.
fn told(state: &CampaignState, work: &CampaignWork) -> Option<String> {
    Some(match state {
        CampaignState::Validating => "The list is being frozen and checked. Come back in a minute.".to_owned(),
        CampaignState::Failed => format!("The list could not be frozen: {}", work.stop_reason),
        CampaignState::Ready => "The list is frozen and checked. It can be asked for.".to_owned(),
        CampaignState::PendingApproval => format!("{} has asked for it: a legal head decides.", work.submitted_by),
        CampaignState::Returned => "It was not approved. Change it, or freeze its list again, and ask anew.".to_owned(),
        CampaignState::Approved => "It is approved, and goes out when it is given a time.".to_owned(),
        CampaignState::Paused => format!("It stands still: {}", work.pause_reason),
        CampaignState::Cancelled => format!("It was ended: {}", work.stop_reason),
        _ => return None,
    })
}

/// What a deed is called on the page.
const fn words(act: CampaignAct) -> &'static str {
    match act {
        CampaignAct::Edit => "Change it…",
        CampaignAct::Freeze => "Freeze the list and check it…",
        CampaignAct::Submit => "Ask for approval…",
        CampaignAct::Discard => "Give it up…",
        CampaignAct::Schedule => "Give it a time…",
        CampaignAct::Unschedule => "Take the time off…",
        CampaignAct::Pause => "Pause…",
        CampaignAct::Resume => "Resume…",
        CampaignAct::Stop => "Stop for good…",
        _ => "",
    }
}

/// Its settings, in words; what it costs is for those who know borrowers.
pub(super) fn settings(found: &Found) -> Vec<Fact> {
    let (work, desk) = (&found.work, &found.desk);
    let query = CaseQuery::from_params(&work.audience_query, "", "", "");
    let audience = Fact {
        cell: Cell::text(work.audience_query.as_str()).to(query.href()),
        ..fact("To every respondent who must be served, of the cases", "")
    };
    let days = SendDays::read(&work.send_days).map(SendDays::words).unwrap_or_default();
    let throttle = match work.throttle_per_hour {
        0 => "As fast as the providers take them".to_owned(),
        count => format!("{count} messages an hour at most"),
    };
    let mut facts = vec![
        fact("Notice", work.notice().term().label),
        fact("State", work.state().label()),
        audience,
        fact("Channels", crate::model::ChannelPlan::from(work.plan.clone()).label()),
        fact("Hours", format!("{}–{}, {days}", work.window_start, work.window_end)),
        fact("Pace", throttle),
        fact("Begins", desk.moment(&work.scheduled_at)),
        fact("Made by", work.made_by.as_str()),
        fact("Approved by", [&work.approved_by, &work.approved_2_by].map(String::as_str).join(" ").trim().to_owned()),
        fact("List frozen", desk.moment(&work.frozen_at)),
        fact("Hash of the list", work.audience_sha256.as_str()),
    ];
    if desk.grant.principal.role.names() == Names::Shown {
        let budget = if work.budget.0 > Inr::ZERO { work.budget.0.exact() } else { String::new() };
        let estimate = if work.targeted > 0 { work.cost_estimate.0.exact() } else { String::new() };
        facts.extend([fact("Budget", budget), fact("Costs at most", estimate)]);
    }
    facts
}

/// The steps with their texts.
pub(super) fn steps_sheet(texts: &[StepTexts]) -> Sheet {
    let row = |step: &StepTexts| {
        let named = step.own().map(|text| &text.record);
        let title = named.map_or_else(
            || Cell::some(None),
            |text| Cell::text(text.title.as_str()).line(format!("{}, version {}", text.code, text.version)),
        );
        let languages: Vec<&str> = step.languages().map(language_name).collect();
        let held = named.is_some_and(|text| !step.sends_in(&text.language));
        let provider = named.map(|text| Term::of(text.provider_state.as_str()).label);
        let provider = Cell::some(provider).meant(if held { Tone::Bad } else { Tone::Plain });
        let wait = match step.row.wait_hours {
            0 => Cell::some(None),
            hours => Cell::text(format!("{hours} h")),
        };
        let when = crate::model::StepCondition::from(step.row.go_on_when.clone()).label().to_owned();
        vec![Cell::text(step.channel().label()), title, Cell::text(languages.join(", ")), provider, wait, Cell::text(when)]
    };
    let headings = ["Channel", "Text", "Languages", "At the provider", "#Waits", "Goes out"];
    Sheet::new("Texts", "It has no text", &headings).with(texts.iter().map(row))
}

/// What was found, each with the respondents of whom it was; nothing where nothing was, or nobody has looked.
pub(super) fn findings_sheet(id: &CampaignId, stored: &str) -> Option<Sheet> {
    let counts: BTreeMap<String, u64> = serde_json::from_str(stored).unwrap_or_default();
    let place = |code: &str| PreflightCode::ALL.iter().position(|known| known.code() == code).unwrap_or(usize::MAX);
    let mut counts: Vec<(String, u64)> = counts.into_iter().collect();
    counts.sort_by_key(|(code, _)| place(code));
    let row = |(code, count): (String, u64)| {
        let finding = PreflightCode::from(code.clone());
        let blocked = RecipientQuery::of(id.clone(), vec![RecipientFilter::Blocked(Some(code.clone()))]).href();
        let all = RecipientQuery::of(id.clone(), vec![RecipientFilter::Finding(code)]).href();
        vec![
            Cell::text(finding.label()).line(finding.sentence()),
            Cell::text(count.to_string()).to(all),
            Cell::text("Those whom it blocks").to(blocked),
        ]
    };
    let remark = "What blocks keeps a respondent out. What only warns takes a channel away, or is for the checker to know.";
    let sheet = Sheet::new("What was found", "Nothing was found", &["Finding", "#Respondents", "Blocked by it"]);
    (!counts.is_empty()).then(|| Sheet { remark: Some(remark.to_owned()), ..sheet.with(counts.into_iter().map(row)) })
}

/// Whom the list has, of the person's rows.
async fn list_sheet(found: &Found) -> Result<Option<Sheet>, Refusal> {
    let rows = found.desk.grant.rows.clone();
    let all = Aggregate::<RecipientSum>::new(rows, [Measure::Count]).filter(Condition::eq(column::CAMPAIGN, found.id.as_str()));
    let groups = found.desk.client.group_by(&all.by(column::ELIGIBILITY).by(column::STOPPED)).await?;
    let count = |fits: &dyn Fn(&str, &str) -> bool| -> u64 {
        let of = |group: &&crate::server::frappe::Group| {
            let key = |index: usize| group.keys.get(index).map(String::as_str).unwrap_or_default();
            fits(key(0), key(1))
        };
        groups.iter().filter(of).map(|group| group.count(0)).sum()
    };
    let line = |label: &str, number: u64, filters: Vec<RecipientFilter>| {
        let cell = Cell::text(number.to_string());
        let href = RecipientQuery::of(found.id.clone(), filters).href();
        vec![Cell::text(label), if number > 0 { cell.to(href) } else { cell }]
    };
    let blocked = Eligibility::Blocked;
    let lines = [
        line("Targeted", count(&|_, _| true), Vec::new()),
        line("Eligible", count(&|code, _| code != blocked.code()), vec![RecipientFilter::Evidence(2)]),
        line("Of them with a warning", count(&|code, _| code == Eligibility::Warning.code()), vec![RecipientFilter::Warned]),
        line("Blocked", count(&|code, _| code == blocked.code()), vec![RecipientFilter::Blocked(None)]),
        line("Stopped since, by a hold", count(&|_, stopped| !stopped.is_empty()), vec![RecipientFilter::Stopped]),
    ];
    let remark = "Respondents among your rows.".to_owned();
    let sheet = Sheet::new("The list", "The list is not frozen yet", &["Respondents", "#Count"]).with(lines);
    Ok((!groups.is_empty()).then_some(Sheet { remark: Some(remark), ..sheet }))
}
