//! The case file: one case, and everything that hangs on it.
//!
//! Owns the rule that what hangs on a case is reached through the case alone: each function first finds the case within the
//! person's rows, so that a case of another scope, of another institution and of nobody are one and the same answer; and that whoever
//! reads anything of a case is noted as having opened it.

mod facts;
mod matrix;
mod money;
mod pages;
mod particulars;
mod tribunal;
mod whole;
mod wire;

pub(super) use matrix::party_label;
pub use pages::{audit_of, comments, defects, every_task, timeline};
pub use particulars::particulars;
pub use whole::{CaseWhole, whole};

use super::{
    Refusal, audit, cases,
    columns::{Named, Site, list, some_text},
    documents::DocumentRecord,
    hearings::{HearingRecord, reported_by},
    rules, site_time,
    tasks::TaskRecord,
};
use crate::{
    model::{
        AuditKind, CaseDocuments, CaseFile, CaseId, ClockRow, CostRow, DocumentId, DocumentInCase, DocumentRow, Due, ErrorCode, HearingRow,
        InstalmentRow, KnownGroup, MoneyBook, Names, OfferRow, PaymentRow, Permission, ServiceMatrix, TaskRow, Term, Tribunal, Withheld,
    },
    server::{
        context::{Caller, Grant, authorise, scope},
        frappe::{Client, Condition, Direction, Field, PAGE_MAX, Query, Record as _, RowScope},
    },
};
use money::MoneyDeeds;
use wire::{
    AppointmentRecord, CaseRecord, ClockRecord, CostRecord, InstalmentRecord, OrderRecord, PartyRecord, PaymentRecord, ServiceRecord,
    SettlementRecord,
};

/// A case that this person may see: found in their rows before anything that hangs on it is asked for.
struct Found {
    client: Client,
    grant: Grant,
    id: CaseId,
    site: Site,
}

impl Found {
    /// Finds it.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] for every case that is not among the person's rows, whatever the reason.
    async fn case(id: &str) -> Result<Self, Refusal> {
        let grant = authorise(Permission::SeeCases)?;
        // A text that cannot be a case's name is nobody's case.
        let id = CaseId::parse(id).ok_or(ErrorCode::NotFound)?;
        let client = Client::current()?;
        let site = Site::current(&client).await?;
        cases::find(&client, &grant, &id).await?;
        note_opened(&id);
        Ok(Self { client, grant, id, site })
    }

    fn names(&self) -> Names {
        self.grant.principal.role.names()
    }

    /// What hangs on the case, of one kind.
    fn of_case<R: Named>(&self) -> Query<R> {
        // Within the case, which was found in the person's rows: its rows have no other scope.
        Query::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("case_ref"), self.id.as_str())).page(0, PAGE_MAX)
    }

    async fn rows<R: Named>(&self, query: Query<R>) -> Result<Vec<R>, Refusal> {
        Ok(list(&self.client, query, self.names()).await?.rows)
    }
}

/// Notes that a case was opened, once for each session and hour: a page asks for several parts, each of which may be the first. Nobody
/// waits for the note. What bounds it is what a person opens; past the trail's own bound notes are dropped, counted and alarmed.
fn note_opened(case: &CaseId) {
    let Ok(scope) = scope() else { return };
    if let Caller::SignedIn(session) = scope.caller()
        && session.viewed.is_new(case)
    {
        audit::note(audit::Entry::new(AuditKind::View, "case.view").object(CaseRecord::DOCTYPE, case.as_str()).case(case));
    }
}

/// The case itself.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a case that is not among the person's rows; otherwise what the upstream's fault means.
pub async fn show(id: String) -> Result<CaseFile, Refusal> {
    Ok(read(id).await?.0)
}

/// The case itself, and what is known of it as values.
async fn read(id: String) -> Result<(CaseFile, Vec<KnownGroup>), Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let id = CaseId::parse(&id).ok_or(ErrorCode::NotFound)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let whole = Query::<CaseRecord>::new(grant.rows.clone()).filter(Condition::eq(Field::new("name"), id.as_str())).page(0, 1);
    let whole = async { Ok(client.list(&whole).await?.rows.pop().ok_or(ErrorCode::NotFound)?) };
    let (row, case) = futures::try_join!(cases::find(&client, &grant, &id), whole)?;
    note_opened(&id);
    let row = row.into_row(&site.zone, &site.tenant).ok_or(ErrorCode::Upstream)?;
    let known = facts::known(&case);
    let file = CaseFile {
        outcome: Term::of_some(&case.outcome),
        hold_reason: some_text(case.hold_reason.clone()),
        groups: known.iter().map(KnownGroup::in_words).collect(),
        trail: grant.principal.role.allows(Permission::SeeAudit),
        case: row,
        as_of: site_time::now(&site.tenant),
        today: site_time::today(&site.tenant),
    };
    Ok((file, known))
}

/// Its parties, and what each has been served with.
///
/// # Errors
/// As [`show`].
pub async fn service(id: String) -> Result<ServiceMatrix, Refusal> {
    service_of(&Found::case(&id).await?).await
}

async fn service_of(found: &Found) -> Result<ServiceMatrix, Refusal> {
    let parties = found.rows(found.of_case::<PartyRecord>().order_by(Field::new("seq"), Direction::Ascending)).await?;
    let cells = found.rows(found.of_case::<ServiceRecord>().order_by(Field::new("round"), Direction::Ascending)).await?;
    let versions = rules::versions_of(&found.client, cells.iter().map(|cell| cell.rule.as_str())).await?;
    let opens = found.grant.principal.role.allows(Permission::OpenDocuments);
    let proofs = opens.then(|| format!("/cases/{}/documents?doc=", found.id.as_str()));
    Ok(ServiceMatrix { proofs, ..matrix::of(parties, cells, &versions, site_time::today(&found.site.tenant)) })
}

/// Its clocks: those that run, soonest first, then those that have ended, latest first.
///
/// # Errors
/// As [`show`].
pub async fn clocks(id: String) -> Result<Due<ClockRow>, Refusal> {
    clocks_of(&Found::case(&id).await?).await
}

async fn clocks_of(found: &Found) -> Result<Due<ClockRow>, Refusal> {
    let rows = found.rows(found.of_case::<ClockRecord>().order_by(Field::new("due_on"), Direction::Ascending)).await?;
    let clock = |row: ClockRecord| ClockRow {
        running: matches!(row.state.as_str(), "RUNNING" | "EXTENDED"),
        clock: Term::of(row.clock),
        party: some_text(row.party_label),
        state: Term::of(row.state),
        side: Term::of(row.owner_side),
        starts_on: row.starts_on.day(),
        due_on: row.due_on.day(),
        length: row.length_text,
        start_event: Term::of(row.start_event).label,
        rule: row.rule_text,
    };
    let (mut running, mut ended): (Vec<_>, Vec<_>) = rows.into_iter().map(clock).partition(|clock| clock.running);
    ended.reverse();
    running.append(&mut ended);
    Ok(Due { rows: running, today: site_time::today(&found.site.tenant) })
}

/// What is to be done about it, soonest first.
///
/// # Errors
/// As [`show`].
pub async fn tasks(id: String) -> Result<Due<TaskRow>, Refusal> {
    tasks_of(&Found::case(&id).await?).await
}

async fn tasks_of(found: &Found) -> Result<Due<TaskRow>, Refusal> {
    let open = found.of_case::<TaskRecord>().filter(Condition::eq(Field::new("state"), "OPEN"));
    let rows = found.rows(open.order_by(Field::new("due_on"), Direction::Ascending)).await?;
    Ok(Due { rows: rows.into_iter().map(TaskRecord::into_row).collect(), today: site_time::today(&found.site.tenant) })
}

/// Its hearings, newest first.
///
/// # Errors
/// As [`show`].
pub async fn hearings(id: String) -> Result<Vec<HearingRow>, Refusal> {
    hearings_of(&Found::case(&id).await?).await
}

async fn hearings_of(found: &Found) -> Result<Vec<HearingRow>, Refusal> {
    let rows = found.rows(found.of_case::<HearingRecord>().order_by(Field::new("starts_at"), Direction::Descending)).await?;
    let role = found.grant.principal.role;
    Ok(rows.into_iter().map(|row| reported_by(role, row.into_row(&found.site))).collect())
}

/// Its documents in their latest versions, and what the person may do with them.
///
/// # Errors
/// As [`show`].
pub async fn documents(id: String) -> Result<CaseDocuments, Refusal> {
    let found = Found::case(&id).await?;
    let rows = documents_of(&found).await?;
    let role = found.grant.principal.role;
    let (may_add, may_bundle) = (role.allows(Permission::UploadDocuments), role.allows(Permission::BundleDocuments));
    Ok(CaseDocuments { case: id, rows, may_add, may_bundle })
}

async fn documents_of(found: &Found) -> Result<Vec<DocumentRow>, Refusal> {
    let latest = found.of_case::<DocumentRecord>().filter(Condition::eq(Field::new("is_latest"), true));
    let latest = latest.order_by(Field::new("doc_type"), Direction::Ascending).order_by(Field::new("doc_no"), Direction::Ascending);
    Ok(found.rows(latest).await?.into_iter().filter_map(|row| row.into_row(&found.site)).collect())
}

/// One of its documents, in whichever version, with all its versions; and whether the person's role opens documents.
///
/// # Errors
/// As [`show`]; [`ErrorCode::NotFound`] for a document of another case as well.
pub async fn document(id: String, document: String) -> Result<DocumentInCase, Refusal> {
    let found = Found::case(&id).await?;
    let document = DocumentId::parse(&document).ok_or(ErrorCode::NotFound)?;
    let named = found.of_case::<DocumentRecord>().filter(Condition::eq(Field::new("name"), document.as_str()));
    let record = found.rows(named).await?.pop().filter(|row| row.name == document.as_str()).ok_or(ErrorCode::NotFound)?;
    // Versions of the same document within the same case: a group that reached into another case would bring nothing of it.
    let group = Condition::eq(Field::new("doc_group"), record.doc_group.as_str());
    let versions = found.of_case::<DocumentRecord>().filter(group).order_by(Field::new("version"), Direction::Descending);
    // A record without a group is a document by itself.
    let versions = if record.doc_group.is_empty() { Vec::new() } else { found.rows(versions).await? };
    let role = found.grant.principal.role;
    let size_bytes = u64::try_from(record.size_bytes).unwrap_or(0);
    Ok(DocumentInCase {
        kept_back: Withheld::from_role(role, &record.state, &record.scan_state, size_bytes),
        shown: record.into_row(&found.site).ok_or(ErrorCode::NotFound)?,
        versions: versions.into_iter().filter_map(|row| row.into_row(&found.site)).collect(),
        may_open: role.allows(Permission::OpenDocuments),
        may_replace: role.allows(Permission::ReplaceDocuments),
    })
}

/// What was paid, offered, promised and spent.
///
/// # Errors
/// As [`show`].
pub async fn money(id: String) -> Result<MoneyBook, Refusal> {
    money_of(&Found::case(&id).await?).await
}

async fn money_of(found: &Found) -> Result<MoneyBook, Refusal> {
    let newest = |column| (Field::new(column), Direction::Descending);
    let by = |(field, direction)| found.of_case::<PaymentRecord>().order_by(field, direction);
    let payments = found.rows(by(newest("paid_on")));
    let offers = found.rows(found.of_case::<SettlementRecord>().order_by(Field::new("offered_at"), Direction::Descending));
    let instalments = found.rows(found.of_case::<InstalmentRecord>().order_by(Field::new("due_on"), Direction::Ascending));
    let costs = found.rows(found.of_case::<CostRecord>().order_by(Field::new("incurred_on"), Direction::Descending));
    let (payments, offers, instalments, costs) = futures::try_join!(payments, offers, instalments, costs)?;
    let number = |seq: i64| u32::try_from(seq).unwrap_or(0);
    let chain: Vec<(String, String, u32)> =
        offers.iter().map(|offer| (offer.name.clone(), offer.counter_to.clone(), number(offer.seq))).collect();
    let of_chain = |is: &dyn Fn(&(String, String, u32)) -> bool| chain.iter().find(|link| is(link)).map(|(_, _, seq)| *seq);
    let deeds = MoneyDeeds { found, last_offer: offers.iter().map(|offer| offer.seq).max() };
    Ok(MoneyBook {
        payments: (payments.into_iter())
            .map(|row| PaymentRow {
                deed: deeds.on_payment(&row),
                on: row.paid_on.day(),
                amount: row.amount.0,
                mode: Term::of(row.mode),
                state: Term::of(row.state),
                utr: row.utr,
            })
            .collect(),
        offers: (offers.into_iter())
            .map(|row| OfferRow {
                deed: deeds.on_offer(&row),
                seq: number(row.seq),
                answers: of_chain(&|(name, _, _)| *name == row.counter_to),
                answered_by: of_chain(&|(_, before, _)| *before == row.name),
                at: row.offered_at.instant(&found.site),
                by: Term::of(row.offered_by),
                kind: Term::of(row.kind),
                amount: row.amount.0,
                dues: row.dues_at_offer.0,
                state: Term::of(row.state),
                valid_until: row.valid_until_on.day(),
            })
            .collect(),
        instalments: (instalments.into_iter())
            .map(|row| InstalmentRow {
                seq: u32::try_from(row.seq).unwrap_or(0),
                due_on: row.due_on.day(),
                amount: row.amount.0,
                paid: row.paid_amount.0,
                state: Term::of(row.state),
            })
            .collect(),
        costs: (costs.into_iter())
            .map(|row| CostRow {
                on: row.incurred_on.day(),
                kind: Term::of(row.kind),
                amount: row.amount.0,
                state: Term::of(row.state),
                payee: row.payee,
            })
            .collect(),
    })
}

/// Who decides it, on what footing, and what they have decided.
///
/// # Errors
/// As [`show`].
pub async fn tribunal(id: String) -> Result<Tribunal, Refusal> {
    tribunal_of(&Found::case(&id).await?).await
}

async fn tribunal_of(found: &Found) -> Result<Tribunal, Refusal> {
    let case = Query::<CaseRecord>::new(found.grant.rows.clone()).filter(Condition::eq(Field::new("name"), found.id.as_str())).page(0, 1);
    let appointments = found.rows(found.of_case::<AppointmentRecord>().order_by(Field::new("seq"), Direction::Ascending));
    let orders = found.rows(found.of_case::<OrderRecord>().order_by(Field::new("order_on"), Direction::Descending));
    let (mut case, appointments, orders) = futures::try_join!(found.rows(case), appointments, orders)?;
    let case = case.pop().ok_or(ErrorCode::NotFound)?;
    Ok(tribunal::of(&case, appointments, orders))
}
