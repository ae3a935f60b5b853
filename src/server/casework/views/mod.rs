//! Saved views of the case list: who sees which, and how one is kept, changed and deleted.
//!
//! Owns that a view is changed by its owner alone, and that one which a person does not see is the same answer as one of another
//! institution and one of nobody. It must not know how the list offers them.

mod form;
mod wire;

use std::time::Duration;

use futures::future::{Either, select};
use serde_json::{Value as Json, json};

use self::{
    form::{Draft, deletion, empty, filled, read},
    wire::{OwnRecord, ViewRecord, column},
};
use super::{
    Refusal, audit,
    keys::{OPERATION, REVISION, idem_key, operation_for, operation_of},
};
use crate::{
    model::{
        Answered, AuditKind, CaseQuery, ErrorCode, FieldError, Form, Permission, Role, SavedView, SavedViews, Sharing, TableLook, Typed,
    },
    registry::current_tenant,
    server::{
        context::{Grant, authorise},
        frappe::{Client, Condition, Direction, Fault, Query, Record as _, Revision, RowScope},
    },
};

/// The most views that are listed.
const LISTED_MAX: u32 = 100;
/// The most views that one person keeps.
const OWN_MAX: u32 = 50;
/// So long after the list has come its views may come still.
const GRACE: Duration = Duration::from_millis(300);

/// The views that the person may see.
///
/// # Errors
/// Who is not signed in is refused; otherwise any fault of the call.
pub async fn list() -> Result<SavedViews, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let query = seen_by(&grant).order_by(column::PINNED, Direction::Descending).order_by(column::TITLE, Direction::Ascending);
    let page = Client::current()?.list(&query.page(0, LISTED_MAX)).await?;
    let mut views: Vec<SavedView> = page.rows.into_iter().filter_map(|record| record.view_for(&grant.principal)).collect();
    // A stable sort: among their like they stay in the order of their titles.
    views.sort_by_key(|view| (!view.pinned, !view.own));
    Ok(SavedViews { views, more: page.more })
}

/// Some work with the views beside it, for which it neither waits long nor fails: `None` where they could not be read.
///
/// # Errors
/// The work's own.
pub async fn beside<T>(work: impl Future<Output = Result<T, Refusal>>) -> Result<(T, Option<SavedViews>), Refusal> {
    let (done, views) = match select(Box::pin(work), Box::pin(list())).await {
        Either::Left((done, views)) => (done?, tokio::time::timeout(GRACE, views).await.unwrap_or_else(|_| Err(Fault::Timeout.into()))),
        Either::Right((views, work)) => (work.await?, views),
    };
    let views = views.inspect_err(|refusal| tracing::warn!(?refusal, "the saved views could not be read"));
    Ok((done, views.ok()))
}

/// The form that keeps a view of what the list shows.
///
/// # Errors
/// Who is not signed in is refused.
pub fn ask_save(q: &str, sort: &str, cols: &str) -> Result<Form, Refusal> {
    let role = authorise(Permission::SeeCases)?.principal.role;
    let given = [("q", q), ("sort", sort), ("cols", cols), ("sharing", Sharing::Private.code())];
    let typed = Typed::from(given.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
    // What is wrong with it is said before a title is thought of, and not that there is none yet.
    let problems = read(role, &typed).err().unwrap_or_default();
    let of_query: Vec<FieldError> = problems.into_iter().filter(|problem| problem.field == "q").collect();
    Ok(saving(role, &typed).again(&typed, &of_query))
}

/// Keeps it.
///
/// # Errors
/// [`ErrorCode::Forbidden`] where it is to be shared by a role that may not; otherwise any fault of the calls.
pub async fn save(typed: &Typed) -> Result<Answered, Refusal> {
    let grant = may_keep(typed)?;
    let role = grant.principal.role;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let draft = match read(role, typed) {
        Ok(draft) => draft,
        Err(problems) => return Ok(Answered::Again(saving(role, typed).again(typed, &problems))),
    };
    let done = Answered::Done { lead_to: draft.query.href() };
    let client = Client::current()?;
    let key = idem_key(&*current_tenant()?, ViewRecord::DOCTYPE, &operation);
    let user = grant.principal.user_id.as_str();
    let own = client.list(&own_of(user)).await?.rows;
    if own.iter().any(|record| record.idem_key == key) {
        // Sent a second time: the first has made it.
        return Ok(done);
    }
    if own.len() >= OWN_MAX as usize {
        let problem = format!("You keep {OWN_MAX} views already. Delete one that you no longer use, then save this one.");
        let problem = FieldError { field: String::new(), problem };
        return Ok(Answered::Again(saving(role, typed).again(typed, &[problem])));
    }
    let entry = audit::Entry::new(AuditKind::Change, "view.save").object(ViewRecord::DOCTYPE, "");
    audit::record(entry.values(None, Some(said(&draft)))).await?;
    let body = wire::written(&draft).set(column::USER, user).set(column::ENTITY, wire::CASE_LIST).set(column::IDEM_KEY, key.as_str());
    let body = body.set(column::MADE_BY, user).set(column::CHANGED_BY, user);
    match client.create::<ViewRecord>(body).await {
        Ok(_) => Ok(done),
        // The same form, sent twice at once.
        Err(Fault::Duplicate) => {
            let same = own_of(user).filter(Condition::eq(column::IDEM_KEY, key.as_str()));
            if client.list(&same).await?.rows.is_empty() { Err(Fault::Duplicate.into()) } else { Ok(done) }
        }
        Err(fault) => Err(fault.into()),
    }
}

/// The form that changes one of the person's own views.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a view that the person does not see, [`ErrorCode::Forbidden`] for one that somebody else shares with them;
/// otherwise any fault of the calls.
pub async fn ask_change(id: &str) -> Result<Form, Refusal> {
    let found = Own::find(id).await?;
    Ok(found.changing().again(&filled(&found.view), &[]))
}

/// Changes it.
///
/// # Errors
/// As [`ask_change`] and [`save`].
pub async fn change(id: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let found = Own::find(id).await?;
    if typed.has(form::DELETE) {
        return Ok(Answered::Done { lead_to: format!("{}/delete", found.address()) });
    }
    let role = may_keep(typed)?.principal.role;
    let draft = match read(role, typed) {
        Ok(draft) => draft,
        Err(problems) => return Ok(Answered::Again(found.changing().again(typed, &problems))),
    };
    let done = Answered::Done { lead_to: draft.query.href() };
    let stands = Draft::of(&found.view);
    if draft == stands {
        return Ok(done);
    }
    if typed.text(REVISION) != found.revision.0 {
        return Ok(Answered::Changed(found.changed(found.changing().again(typed, &[]))));
    }
    audit::record(found.entry("view.change").values(Some(said(&stands)), Some(said(&draft)))).await?;
    let changes = wire::written(&draft).set(column::CHANGED_BY, found.grant.principal.user_id.as_str());
    found.client.update::<ViewRecord>(id, &found.revision, changes).await?;
    Ok(done)
}

/// The form that asks whether a view is to be deleted.
///
/// # Errors
/// As [`ask_change`].
pub async fn ask_delete(id: &str) -> Result<Form, Refusal> {
    Ok(Own::find(id).await?.deleting())
}

/// Deletes it.
///
/// # Errors
/// As [`ask_change`].
pub async fn delete(id: &str, typed: &Typed) -> Result<Answered, Refusal> {
    let found = Own::find(id).await?;
    if typed.text(REVISION) != found.revision.0 {
        return Ok(Answered::Changed(found.changed(found.deleting())));
    }
    audit::record(found.entry("view.delete").values(Some(said(&Draft::of(&found.view))), None)).await?;
    found.client.delete::<ViewRecord>(id, &found.revision).await?;
    Ok(Answered::Done { lead_to: "/cases".to_owned() })
}

/// Views of the case list that are the person's own or shared with them.
fn seen_by(grant: &Grant) -> Query<ViewRecord> {
    let principal = &grant.principal;
    let (user, role) = (principal.user_id.as_str(), principal.role.code());
    // No record with this role but without `ROLE` gets past `ViewRecord::view_for`.
    let seen = [Condition::eq(column::USER, user), Condition::eq(column::SHARED, "ALL"), Condition::eq(column::SHARED_ROLE, role)];
    Query::new(RowScope::institution_wide().any_of(seen)).filter(Condition::eq(column::ENTITY, wire::CASE_LIST))
}

/// What a person keeps, one more than is allowed at most.
fn own_of(user: &str) -> Query<OwnRecord> {
    let own = RowScope::institution_wide().and(Condition::eq(column::USER, user)).and(Condition::eq(column::ENTITY, wire::CASE_LIST));
    Query::new(own).page(0, OWN_MAX + 1)
}

/// Whoever sees cases keeps views; to share one takes a permission of its own.
fn may_keep(typed: &Typed) -> Result<Grant, Refusal> {
    let private = ["", Sharing::Private.code()].contains(&typed.text("sharing"));
    authorise(if private { Permission::SeeCases } else { Permission::ShareViews })
}

/// The form that keeps a view of what the list showed.
fn saving(role: Role, typed: &Typed) -> Form {
    let hidden =
        [("sort", typed.text("sort").to_owned()), ("cols", typed.text("cols").to_owned()), (OPERATION, operation_for(Some(typed)))];
    let shown = CaseQuery::from_params(typed.text("q"), typed.text("sort"), "", "");
    let shown = CaseQuery { columns: TableLook::parse(typed.text("cols")), ..shown };
    Form { hidden: hidden.to_vec(), back: (shown.href(), "Back to the cases".to_owned()), ..empty(role) }
}

/// What of a view the trail says: not its title, which is a person's own words.
fn said(draft: &Draft) -> Json {
    let (shared, shared_role) = draft.sharing.stored();
    json!({"query_text": draft.query.text(), "shared": shared, "shared_role": shared_role, "pinned": draft.pinned})
}

/// A view of the person's own, about to be changed or deleted.
struct Own {
    client: Client,
    grant: Grant,
    view: SavedView,
    revision: Revision,
}

impl Own {
    async fn find(id: &str) -> Result<Self, Refusal> {
        let grant = authorise(Permission::SeeCases)?;
        let client = Client::current()?;
        // Among those that the person sees, so that no other one is told from none.
        let named = seen_by(&grant).filter(Condition::eq(column::NAME, id)).page(0, 1);
        let seen = client.list(&named).await?.rows.pop().filter(|record| record.name == id);
        let seen = seen.and_then(|record| record.view_for(&grant.principal)).ok_or(ErrorCode::NotFound)?;
        if !seen.own {
            audit::note(audit::Entry::new(AuditKind::Denied, "view.change").object(ViewRecord::DOCTYPE, id).reason("OWNER"));
            return Err(ErrorCode::Forbidden.into());
        }
        let (record, revision, _) = client.get_with_proof::<ViewRecord>(id).await?;
        let view = record.view_for(&grant.principal).filter(|view| view.own).ok_or(ErrorCode::NotFound)?;
        Ok(Self { client, grant, view, revision })
    }

    fn address(&self) -> String {
        format!("/views/{}", self.view.id)
    }

    fn entry(&self, action: &'static str) -> audit::Entry {
        audit::Entry::new(AuditKind::Change, action).object(ViewRecord::DOCTYPE, &self.view.id)
    }

    fn changing(&self) -> Form {
        let columns = self.view.query.columns.as_ref().map(TableLook::text).unwrap_or_default();
        let hidden = [("sort", self.view.query.sort_text()), ("cols", columns), (REVISION, self.revision.0.clone())];
        form::changing(Form { hidden: hidden.to_vec(), ..empty(self.grant.principal.role) }, &self.view, self.address())
    }

    fn deleting(&self) -> Form {
        deletion(&self.view, self.address(), vec![(REVISION, self.revision.0.clone())])
    }

    fn changed(&self, mut form: Form) -> Form {
        let stands = format!("This view was changed after you opened the form, and is now called “{}”.", self.view.title);
        form.notice.extend([stands, "Nothing of yours was done. Send the form again if it is still what you want.".to_owned()]);
        form
    }
}
