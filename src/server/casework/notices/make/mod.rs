//! Making a campaign: a draft, its list frozen and checked, asked for, released, and stopped.
//!
//! Owns who finds a campaign to do something with, and which deed is done by which file. What may be done where, and by whom, is the
//! model's (`campaign.rs`); what a campaign came to is told next door. Sending is another program's.

mod deeds;
mod draft;
mod fields;
mod freeze;
mod list;
mod page;
mod rendering;
mod stop;
mod submit;
mod texts;
mod wire;

pub use draft::{answer_new, ask_new, choose};
pub use freeze::piece;
pub use page::show;
pub use rendering::rendering;
pub(in crate::server::casework) use stop::{stop_for, stopped_by};
pub use submit::SoughtCampaign;

use self::wire::{CampaignName, CampaignWork, RecipientKey, column};
use crate::{
    model::{
        Answered, AuditKind, CampaignAct, CampaignCaller, CampaignId, ErrorCode, Form, NotDone, Permission, Role, Typed, judge_campaign,
    },
    server::{
        casework::{
            Refusal, audit,
            keys::{OPERATION, REVISION, operation_for},
            second::{self, forbidden, renewed},
        },
        frappe::{Changes, Client, Condition, Direction, Fault, Op, Query, Record as _, Revision, RowScope, Value},
    },
};

/// The section of the portal.
const SECTION: &str = "Notices";
/// Code of the requests over a campaign.
pub const KIND: &str = "CAMPAIGN";

/// What people do with a campaign, each with its word in the address and the permission that it wants first.
const DEEDS: [(CampaignAct, &str, Permission); 9] = [
    (CampaignAct::Edit, "edit", Permission::MakeCampaigns),
    (CampaignAct::Freeze, "check", Permission::MakeCampaigns),
    (CampaignAct::Submit, "submit", Permission::MakeCampaigns),
    (CampaignAct::Discard, "discard", Permission::MakeCampaigns),
    (CampaignAct::Schedule, "schedule", Permission::CheckCampaigns),
    (CampaignAct::Unschedule, "unschedule", Permission::CheckCampaigns),
    (CampaignAct::Pause, "pause", Permission::StopCampaigns),
    (CampaignAct::Resume, "resume", Permission::StopCampaigns),
    (CampaignAct::Stop, "stop", Permission::StopCampaigns),
];

/// A campaign that somebody may know of, at its revision.
struct Found {
    desk: second::Desk,
    id: CampaignId,
    work: CampaignWork,
    revision: Revision,
}

impl Found {
    /// Finds it for somebody who has this permission.
    async fn of(id: &str, permission: Permission) -> Result<Self, Refusal> {
        let desk = second::Desk::of(permission).await?;
        let id = CampaignId::parse(id).ok_or(ErrorCode::NotFound)?;
        let (work, revision, _) = desk.client.get_with_proof::<CampaignWork>(id.as_str()).await?;
        let found = Self { desk, id, work, revision };
        // Who does not see every row sees what touches theirs, and what they are making.
        let rows = &found.desk.grant.rows;
        let own = found.work.made_by == found.desk.user() && crate::model::is_makers_own(&found.work.state());
        if rows.rests_on(&[]) || own || found.respondents(rows.clone()).await? > 0 {
            return Ok(found);
        }
        Err(ErrorCode::NotFound.into())
    }

    async fn respondents(&self, rows: RowScope) -> Result<u64, Refusal> {
        let of_campaign = Query::<RecipientKey>::new(rows).filter(Condition::eq(column::CAMPAIGN, self.id.as_str()));
        Ok(self.desk.client.count(&of_campaign).await?)
    }

    /// As who the person stands to it; whether all of it is theirs is asked only where it decides.
    async fn caller(&self) -> Result<CampaignCaller, Refusal> {
        let principal = &self.desk.grant.principal;
        let rows = &self.desk.grant.rows;
        let decides = principal.role == Role::LegalManager && !crate::model::is_makers_own(&self.work.state());
        let holds_all = if !decides || rows.rests_on(&[]) {
            rows.rests_on(&[])
        } else {
            let (own, all) = futures::try_join!(self.respondents(rows.clone()), self.respondents(RowScope::institution_wide()))?;
            own == all
        };
        Ok(CampaignCaller { role: Some(principal.role), is_maker: self.work.made_by == self.desk.user(), holds_all })
    }

    async fn judge(&self, act: CampaignAct) -> Result<Result<crate::model::CampaignState, NotDone>, Refusal> {
        Ok(judge_campaign(act, &self.work.state(), &self.work.notice(), self.caller().await?))
    }

    /// The page of who makes and who releases it.
    fn address(&self) -> String {
        address(&self.id)
    }

    fn entry(&self, kind: AuditKind, action: &'static str) -> audit::Entry {
        audit::Entry::new(kind, action).object(CampaignWork::DOCTYPE, self.id.as_str())
    }

    /// The frame of a form about it.
    fn form(&self, word: &str, heading: &str, typed: Option<&Typed>) -> Form {
        Form {
            section: SECTION,
            heading: heading.to_owned(),
            about: self.about(),
            hidden: vec![(REVISION, self.revision.0.clone()), (OPERATION, operation_for(typed))],
            action: format!("/notices/{}/do/{word}", self.id.as_str()),
            back: (self.address(), "Back to the campaign".to_owned()),
            ..Form::default()
        }
    }

    fn about(&self) -> String {
        format!("{} · {}", self.work.campaign_no, self.work.title)
    }

    /// Writes it under the revision that was read.
    async fn write(&self, changes: Changes) -> Result<(), Refusal> {
        let changes = changes.set(column::CHANGED_BY, self.desk.user());
        self.desk.client.update::<CampaignWork>(self.id.as_str(), &self.revision, changes).await?;
        Ok(())
    }

    /// The form with how the campaign stands now; what was typed stays.
    fn changed(&self, form: Form, typed: &Typed) -> Answered {
        let mut form = renewed(form.again(typed, &[]));
        form.notice.push("Somebody changed this campaign after you opened the form. Nothing of yours was done.".to_owned());
        form.notice.push(format!("It now stands at “{}”.", self.work.state().label()));
        Answered::Changed(form)
    }
}

/// The page of a campaign that is being made.
fn address(id: &CampaignId) -> String {
    format!("/notices/{}/make", id.as_str())
}

fn deed_of(word: &str) -> Result<(CampaignAct, &'static str, Permission), Refusal> {
    Ok(DEEDS.into_iter().find(|(_, known, _)| *known == word).ok_or(ErrorCode::NotFound)?)
}

/// The form of a deed.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for roles that do no such thing; [`ErrorCode::NotFound`] for a deed that there is not, and for a campaign that
/// the person may not know of, as for nobody's; otherwise any fault of the calls.
pub async fn ask(id: &str, word: &str) -> Result<Form, Refusal> {
    let (act, word, permission) = deed_of(word)?;
    let found = Found::of(id, permission).await?;
    if let Err(why) = found.judge(act).await? {
        return Ok(refused(&found, &why));
    }
    match act {
        CampaignAct::Edit => Box::pin(draft::form_of(&found)).await,
        _ => Box::pin(deeds::form(&found, act, word, None)).await,
    }
}

/// Does it.
///
/// # Errors
/// As [`ask`].
pub async fn answer(id: &str, word: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let (act, word, permission) = deed_of(word)?;
    let found = Found::of(id, permission).await?;
    let judged = found.judge(act).await?;
    if let Err(why) = &judged
        && why.is_of_person()
    {
        audit::note(found.entry(AuditKind::Denied, permission.code()).reason("CAMPAIGN"));
        return Ok(Answered::Again(refused(&found, why)));
    }
    let done = match (act, judged) {
        (CampaignAct::Edit, judged) => Box::pin(draft::change(&found, judged.is_ok(), typed)).await,
        (_, judged) => Box::pin(deeds::answer(&found, (act, word), judged, typed)).await,
    };
    match done {
        Err(Refusal::Fault(Fault::Conflict)) => {
            let now = Found::of(id, permission).await?;
            let form = match act {
                CampaignAct::Edit => Box::pin(draft::form_of(&now)).await?,
                _ => Box::pin(deeds::form(&now, act, word, Some(typed))).await?,
            };
            Ok(now.changed(form, typed))
        }
        other => other,
    }
}

/// Says why not: a matter of who asks is a refusal, where it stands is none.
fn refused(found: &Found, why: &NotDone) -> Form {
    let back = (found.address(), "Back to the campaign".to_owned());
    let form = forbidden(SECTION, vec![why.sentence()]);
    if why.is_of_person() {
        return Form { about: found.about(), back, ..form };
    }
    Form { heading: "This cannot be done now".to_owned(), about: found.about(), forbidden: false, back, ..form }
}

/// The campaign after this one, in the order of their names, whose list is to be frozen.
///
/// # Errors
/// [`ErrorCode::SignedOut`] for anybody but the portal's own work; otherwise any fault of the call.
pub async fn validating_after(name: &str) -> Result<Option<String>, Refusal> {
    let grant = crate::server::context::authorise_job()?;
    let waiting = Query::<CampaignName>::new(grant.rows).filter(Condition::eq(column::STATE, "VALIDATING"));
    let waiting = waiting.filter(Condition::new(column::NAME, Op::Gt, Value::from(name))).order_by(column::NAME, Direction::Ascending);
    Ok(Client::current()?.list(&waiting.page(0, 1)).await?.rows.pop().map(|row| row.name))
}
