//! What is done with a campaign besides entering it: its list is frozen, it is asked for, given a time, held up, ended.
//!
//! Owns what each of these asks, and that each is recorded before it is done and written under the revision that was seen. It must not judge
//! who may.

use serde_json::json;

use super::{
    Found,
    fields::{begins_well, now, wall_clock},
    freeze, submit,
    wire::column,
};
use crate::{
    model::{
        Answered, AuditKind, CampaignAct, CampaignState, ErrorCode, Field, FieldError, FieldKind, Form, NotDone, REASON_MAX_CHARS, Reading,
        SendDays, SendWindow, Typed,
    },
    server::{
        casework::{
            Refusal,
            keys::{REVISION, operation_of},
        },
        frappe::{Changes, Field as Column},
    },
};

/// Name of the field that says why.
const REASON: &str = "reason";
/// Name of the field that says when.
const AT: &str = "scheduled";

/// The form of a deed.
///
/// # Errors
/// Any fault of the calls.
pub async fn form(found: &Found, act: CampaignAct, word: &str, typed: Option<&Typed>) -> Result<Form, Refusal> {
    let of = |heading: &str, submit: &str, lead: &str| {
        let form = found.form(word, heading, typed);
        Form { lead: vec![lead.to_owned()], submit: submit.to_owned(), ..form }
    };
    let reason = || Field::new(REASON, "Reason", FieldKind::Text { max: REASON_MAX_CHARS });
    Ok(match act {
        CampaignAct::Freeze => of(
            "Freeze the list and check it",
            "Freeze the list",
            "Every respondent of these cases is looked at, by your own rows. It takes a while; the campaign’s page says when it is done.",
        ),
        CampaignAct::Submit => {
            let form =
                of("Ask for approval", "Ask for approval", "A legal head decides. Until then nothing of it changes, and nothing goes out.");
            Form { notice: submit::against(&found.work), ..form }
        }
        CampaignAct::Schedule => {
            let at = Field::new(AT, "Begins", FieldKind::Moment).optional().help("Empty: now, if this is within its hours.");
            let draft =
                found.work.scheduled_at.instant(&found.desk.site).and_then(|at| Some(format!("{}T{}", at.day()?.iso(), at.clock())));
            let form = of("Give it a time", "Schedule", "From then on it goes out by itself.");
            Form { fields: vec![at.value(draft.unwrap_or_default())], ..form }
        }
        CampaignAct::Unschedule => {
            of("Take the time off", "Take the time off", "It stays approved, and goes out when it is given another time.")
        }
        CampaignAct::Pause => {
            let form = of("Pause the campaign", "Pause", "What is under way arrives; nothing else goes out until it is resumed.");
            Form { fields: vec![reason()], ..form }
        }
        CampaignAct::Resume => {
            let form = of("Resume the campaign", "Resume", "What has not gone out goes out, within its hours.");
            Form { fields: vec![reason()], ..form }
        }
        CampaignAct::Stop => {
            let form = of("Stop the campaign", "Stop for good", "Nothing of it goes out any more, and it cannot be begun again.");
            Form { fields: vec![reason()], grave: true, ..form }
        }
        CampaignAct::Discard => {
            let form = of("Give the draft up", "Give it up", "It stays on record as cancelled.");
            Form { fields: vec![reason()], grave: true, ..form }
        }
        _ => return Err(ErrorCode::NotFound.into()),
    })
}

/// Does it.
///
/// # Errors
/// [`Fault::Conflict`](crate::server::frappe::Fault::Conflict) where somebody else was quicker; otherwise any fault of the calls.
pub async fn answer(
    found: &Found,
    (act, word): (CampaignAct, &str),
    judged: Result<CampaignState, NotDone>,
    typed: &Typed,
) -> Result<Answered, Refusal> {
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let form = form(found, act, word, Some(typed)).await?;
    let done = Answered::Done { lead_to: found.address() };
    let Ok(next) = judged.as_ref() else {
        // The same form sent twice has done it already.
        let again = typed.text(REVISION) != found.revision.0 && submit::is_asked(found, act).await?;
        return Ok(if again { done } else { found.changed(form, typed) });
    };
    if typed.text(REVISION) != found.revision.0 {
        return Ok(found.changed(form, typed));
    }
    let mut reading = Reading::of(typed);
    let wants_reason = form.fields.iter().any(|field| field.name == REASON);
    let why = if wants_reason { reading.reason(REASON) } else { String::new() };
    let at = reading.some_moment(AT);
    if let Err(problems) = reading.done() {
        return Ok(Answered::Again(form.again(typed, &problems)));
    }
    match act {
        CampaignAct::Freeze => freeze::begin(found, next.code()).await?,
        CampaignAct::Submit => {
            if !form.notice.is_empty() {
                return Ok(Answered::Again(form));
            }
            submit::submit(found, &operation, next).await?;
        }
        CampaignAct::Schedule => {
            let problem = |problem: &str| FieldError { field: AT.to_owned(), problem: problem.to_owned() };
            let site = &found.desk.site;
            let current = now(site);
            let at = at.unwrap_or(current);
            let window = SendWindow::read(&found.work.window_start, &found.work.window_end);
            let checked = match (window, SendDays::read(&found.work.send_days)) {
                (Ok(window), Some(days)) => begins_well(at, window, days, current),
                (Err(problem), _) => Err(problem),
                (_, None) => Err("It has no day on which it sends."),
            };
            let when = match (checked, wall_clock(site, at)) {
                (Ok(()), Some(when)) => when,
                (Ok(()), None) => return Ok(Answered::Again(form.again(typed, &[problem("The clocks leave this time out.")]))),
                (Err(why), _) => return Ok(Answered::Again(form.again(typed, &[problem(why)]))),
            };
            let said = json!({"at": format!("{} {:02}:{:02}", at.0.iso(), at.1 / 60, at.1 % 60)});
            record(found, act, "", Some(said)).await?;
            found.write(Changes::new().set(column::STATE, next.code()).set(Column::new("scheduled_at"), when)).await?;
        }
        _ => {
            record(found, act, &why, None).await?;
            found.write(written(found, act, next, &why)).await?;
        }
    }
    Ok(done)
}

fn written(found: &Found, act: CampaignAct, next: &CampaignState, why: &str) -> Changes {
    let changes = Changes::new().set(column::STATE, next.code());
    match act {
        CampaignAct::Pause => changes.set(Column::new("pause_reason"), why).set(Column::new("paused_at"), found.desk.now()),
        CampaignAct::Stop | CampaignAct::Discard => changes.set(Column::new("stop_reason"), why),
        _ => changes,
    }
}

async fn record(found: &Found, act: CampaignAct, why: &str, said: Option<serde_json::Value>) -> Result<(), Refusal> {
    let action = match act {
        CampaignAct::Schedule => "campaign.schedule",
        CampaignAct::Unschedule => "campaign.unschedule",
        CampaignAct::Pause => "campaign.pause",
        CampaignAct::Resume => "campaign.resume",
        CampaignAct::Stop => "campaign.end",
        _ => "campaign.discard",
    };
    let before = json!({"state": found.work.state});
    let entry = found.entry(AuditKind::Change, action).because(why).values(Some(before), said);
    super::audit::record(entry).await
}
