//! What is entered of a campaign: whom it goes to, in which words, on which channels, when, how fast and for how much.
//!
//! Owns how it is asked, read and kept. Whom it reaches is a question to the case list, by its maker's own rows, and holds no word to look
//! for: it is read by others. It must not know what is found of a respondent.

use super::{
    Found, SECTION, address,
    fields::{Choices, filled, now},
    wire::{CampaignName, CampaignWork, column},
};
use crate::{
    model::{
        Answered, AuditKind, CampaignId, ChannelPlan, Day, ErrorCode, FieldError, Form, NoticeType, Permission, Typed, is_legal, makes,
    },
    server::{
        casework::{
            Refusal, audit,
            keys::{OPERATION, REVISION, idem_key, operation_for, operation_of},
            second::{Desk, forbidden},
        },
        frappe::{Condition, Fault, Field as Column, Query, Record as _, RowScope},
    },
};

/// Letters of a campaign's number.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The page on which one chooses what is to be sent.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for roles that make no campaign.
pub async fn choose() -> Result<Form, Refusal> {
    let desk = Desk::of(Permission::MakeCampaigns).await?;
    let role = desk.grant.principal.role;
    let mine = NoticeType::ALL.iter().filter(|notice| makes(role, notice));
    Ok(Form {
        section: SECTION,
        heading: "New campaign".to_owned(),
        lead: vec!["What is to be sent?".to_owned()],
        links: mine.map(|notice| (format!("/notices/new/{}", notice.code()), notice.term().label)).collect(),
        back: ("/notices".to_owned(), "All campaigns".to_owned()),
        ..Form::default()
    })
}

/// A notice of which this person makes campaigns; one of which they make none is refused in words.
async fn of_maker(notice: &str) -> Result<Result<(Desk, Choices), Form>, Refusal> {
    let desk = Desk::of(Permission::MakeCampaigns).await?;
    let notice = NoticeType::ALL.iter().find(|known| known.code() == notice).ok_or(ErrorCode::NotFound)?;
    if !makes(desk.grant.principal.role, notice) {
        audit::note(audit::Entry::new(AuditKind::Denied, Permission::MakeCampaigns.code()).reason("NOTICE"));
        let why = format!("{} is for a legal manager to send. You may send reminders.", notice.term().label);
        return Ok(Err(forbidden(SECTION, vec![why])));
    }
    let choices = Choices::of(&desk, notice).await?;
    Ok(Ok((desk, choices)))
}

fn empty(choices: &Choices, typed: Option<&Typed>) -> Form {
    let notice = choices.notice.term().label;
    let all_at_once = "All its texts go out at once: what the law wants served waits for no channel.".to_owned();
    Form {
        section: SECTION,
        heading: format!("New campaign: {notice}"),
        lead: is_legal(&choices.notice).then_some(all_at_once).into_iter().collect(),
        notice: choices.texts.is_empty().then(|| "No text of this notice is in force.".to_owned()).into_iter().collect(),
        fields: choices.fields(),
        hidden: vec![(OPERATION, operation_for(typed))],
        action: format!("/notices/new/{}", choices.notice.code()),
        submit: "Keep the draft".to_owned(),
        back: ("/notices".to_owned(), "All campaigns".to_owned()),
        ..Form::default()
    }
}

/// The form of a new campaign.
///
/// # Errors
/// As [`choose`]; [`ErrorCode::NotFound`] for what is no notice; otherwise any fault of the calls.
pub async fn ask_new(notice: &str) -> Result<Form, Refusal> {
    let (_, choices) = match of_maker(notice).await? {
        Ok(found) => found,
        Err(refused) => return Ok(refused),
    };
    let usual = [("window_start", "08:00"), ("window_end", "19:00"), ("plan", ChannelPlan::Waterfall.code())];
    let workdays = ["day_1", "day_2", "day_3", "day_4", "day_5", "day_6"].map(|name| (name, "1"));
    let usual = usual.into_iter().chain(workdays).map(|(name, value)| (name.to_owned(), value.to_owned()));
    let mut form = empty(&choices, None);
    let notice = std::mem::take(&mut form.notice);
    Ok(Form { notice, ..form.again(&Typed::from(usual.collect::<Vec<_>>()), &[]) })
}

/// Keeps it.
///
/// # Errors
/// As [`ask_new`].
pub async fn answer_new(notice: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let (desk, choices) = match of_maker(notice).await? {
        Ok(found) => found,
        Err(refused) => return Ok(Answered::Again(refused)),
    };
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let form = empty(&choices, Some(typed));
    let draft = match choices.read(typed, now(&desk.site)) {
        Ok(draft) => draft,
        Err(problems) => return Ok(Answered::Again(form.again(typed, &problems))),
    };
    let key = idem_key(&desk.site.tenant, CampaignWork::DOCTYPE, &operation);
    if let Some(made) = made_before(&desk, &key).await? {
        return Ok(Answered::Done { lead_to: made });
    }
    let Some(written) = draft.written(&desk.site) else { return Ok(no_such_time(form, typed)) };
    let entry = audit::Entry::new(AuditKind::Change, "campaign.draft").object(CampaignWork::DOCTYPE, "");
    audit::record(entry.values(None, Some(draft.said()))).await?;
    let user = desk.user();
    let body = written
        .set(column::IDEM_KEY, key.as_str())
        .set(column::MADE_BY, user)
        .set(column::CHANGED_BY, user)
        .set(Column::new("campaign_no"), number(desk.today()))
        .set(column::NOTICE, choices.notice.code())
        .set(Column::new("legal"), is_legal(&choices.notice))
        .set(column::STATE, "DRAFT");
    match desk.client.create::<CampaignName>(body).await {
        Ok(made) => Ok(Answered::Done { lead_to: address(&CampaignId::parse(&made.name).ok_or(ErrorCode::Upstream)?) }),
        // The same form, sent twice at once.
        Err(Fault::Duplicate) => Ok(Answered::Done { lead_to: made_before(&desk, &key).await?.ok_or(Fault::Duplicate)? }),
        Err(fault) => Err(fault.into()),
    }
}

/// What this very form made before its answer was lost.
async fn made_before(desk: &Desk, key: &str) -> Result<Option<String>, Refusal> {
    let same = Query::<CampaignName>::new(RowScope::institution_wide()).filter(Condition::eq(column::IDEM_KEY, key)).page(0, 1);
    let made = desk.client.list(&same).await?.rows.pop();
    Ok(made.and_then(|made| CampaignId::parse(&made.name)).map(|id| address(&id)))
}

fn no_such_time(form: Form, typed: &Typed) -> Answered {
    let problem = FieldError { field: "scheduled".to_owned(), problem: "The clocks leave this time out.".to_owned() };
    Answered::Again(form.again(typed, &[problem]))
}

/// `N-2026-` and six letters that nobody guesses.
fn number(today: Day) -> String {
    let letter = |byte: &u8| LETTERS.get(usize::from(byte % 32)).copied().map(char::from);
    let letters: String = uuid::Uuid::new_v4().as_bytes().iter().take(6).filter_map(letter).collect();
    format!("N-{}-{letters}", today.iso().chars().take(4).collect::<String>())
}

/// The form with the settings as they are.
///
/// # Errors
/// Any fault of the calls.
pub(super) async fn form_of(found: &Found) -> Result<Form, Refusal> {
    let choices = Choices::of(&found.desk, &found.work.notice()).await?;
    Ok(changing(found, &choices).again(&filled(&found.work, &found.desk.site), &[]))
}

fn changing(found: &Found, choices: &Choices) -> Form {
    let form = found.form("edit", "Change the campaign", None);
    let lead = "What was checked is checked again afterwards: the list is frozen anew.".to_owned();
    Form { lead: vec![lead], fields: choices.fields(), submit: "Keep the draft".to_owned(), ..form }
}

/// Changes the settings.
///
/// # Errors
/// Any fault of the calls.
pub(super) async fn change(found: &Found, stands: bool, typed: &Typed) -> Result<Answered, Refusal> {
    let choices = Choices::of(&found.desk, &found.work.notice()).await?;
    let form = changing(found, &choices);
    if !stands || typed.text(REVISION) != found.revision.0 {
        return Ok(found.changed(form, typed));
    }
    let draft = match choices.read(typed, now(&found.desk.site)) {
        Ok(draft) => draft,
        Err(problems) => return Ok(Answered::Again(form.again(typed, &problems))),
    };
    let Some(written) = draft.written(&found.desk.site) else { return Ok(no_such_time(form, typed)) };
    audit::record(found.entry(AuditKind::Change, "campaign.change").values(None, Some(draft.said()))).await?;
    found.write(written.set(column::STATE, "DRAFT")).await?;
    Ok(Answered::Done { lead_to: found.address() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaigns_number_is_six_letters_that_nobody_guesses() {
        let numbers: std::collections::HashSet<String> = (0..100).map(|_| number(Day::EPOCH)).collect();
        assert!(numbers.len() > 95 && numbers.iter().all(|number| number.len() == 13 && number.starts_with("N-1970-")));
    }
}
