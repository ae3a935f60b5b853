//! Rows that were approved become cases, many at a time.
//!
//! Owns that a row becomes one case, however often a piece of it is done: every record has a key made of the row's, what is there under its key
//! is not sent again, and the row is written last. It must not know who waits for it.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde_json::json;

use super::{
    super::{
        Refusal, audit,
        batches::{ACTOR, Batch, Lease, Progress},
        columns::{Named, Site, record},
        jobs::local,
        keys::{idem_key, natural_key},
        work::{
            create::{Begun, Institution},
            draft::Desk,
            party,
        },
    },
    known,
    rows::{BAD, DONE, FAILED, FilingRow, GOOD, RowKey, counted, lan_key, of_batch},
    validate::maker,
};
use crate::{
    model::{
        AuditKind, Day,
        case_draft::search_text,
        filing::{Checked, Known, Mapping, check_row},
        party_draft::PartyDraft,
    },
    server::frappe::{Changes, Client, Condition, Direction, Fault, Field, MANY_MAX, PAGE_MAX, Query, Record as _, RowScope, Value},
};

/// Rows that are filed at once.
const PIECE: u32 = 50;
/// How often what is missing is sent, where others write the same at the same time.
const TRIES: u32 = 3;

record! {
    /// A case that a row has become.
    struct FiledCase of "Arbitration Case" {
        idem_key: String,
        open_lan_key: String,
        zone: String,
    }
}

record! {
    /// A party of one.
    struct FiledParty of "Case Party" {
        idem_key: String,
    }
}

record! {
    /// A contact of a party of one.
    struct FiledContact of "Party Particular" {
        idem_key: String,
    }
}

record! {
    /// The line of the timeline that says where it came from.
    struct FiledEvent of "Case Event" {
        event_key: String,
    }
}

/// A record whose key says of which operation it is.
trait Keyed: Named {
    const KEY: &'static str;
    fn key(&self) -> &str;
}

macro_rules! keyed {
    ($($record:ident by $key:ident;)+) => {
        $(impl Keyed for $record {
            const KEY: &'static str = stringify!($key);

            fn key(&self) -> &str {
                &self.$key
            }
        })+
    };
}

keyed! {
    FiledCase by idem_key;
    FiledParty by idem_key;
    FiledContact by idem_key;
    FiledEvent by event_key;
}

/// A row about to become a case.
struct Row<'a> {
    row: &'a FilingRow,
    checked: Checked,
    key: String,
    lan_key: String,
}

/// Files the next rows.
///
/// # Errors
/// Any fault of the calls.
pub async fn piece(lease: &mut Lease) -> Result<Progress, Refusal> {
    let client = Client::current()?;
    let batch = lease.batch().clone();
    let good = of_batch::<FilingRow>(&batch).filter(Condition::one_of(Field::new("state"), GOOD));
    let rows = client.list(&good.order_by(Field::new("row_no"), Direction::Ascending).page(0, PIECE)).await?.rows;
    if rows.is_empty() {
        let counted = counted(&client, &batch).await?;
        let left = of_batch::<RowKey>(&batch).filter(Condition::one_of(Field::new("state"), [BAD, FAILED]));
        let left = client.list(&left.page(0, 1)).await?.rows;
        return lease.end(if left.is_empty() { "DONE" } else { "DONE_WITH_ERRORS" }, counted).await;
    }
    let grant = match maker(&batch).await {
        Ok(grant) => grant,
        Err(Refusal::Code(crate::model::ErrorCode::Forbidden)) => {
            let why = "Whoever prepared it prepares no filings any more: what was not filed is left out.";
            return lease.end("FAILED", counted(&client, &batch).await?.set(Field::new("error_text"), why)).await;
        }
        Err(refusal) => return Err(refusal),
    };
    let site = Site::current(&client).await?;
    let (desk, known) = known(&client, &grant, &site).await?;
    let filer = Filer { client, site, desk, known, batch };
    filer.file(&rows).await?;
    let counted = counted(&filer.client, &filer.batch).await?;
    let last = rows.last().map_or(0, |row| row.row_no);
    Ok(if lease.checkpoint(counted.set(Field::new("next_row"), last)).await? { Progress::More } else { Progress::Ended })
}

struct Filer {
    client: Client,
    site: Site,
    desk: Desk,
    known: Known,
    batch: Batch,
}

impl Filer {
    async fn file(&self, rows: &[FilingRow]) -> Result<(), Refusal> {
        let mapping = Mapping::parse(&self.batch.mapping).unwrap_or_default();
        let institution = self.client.institution().await?;
        let tenant = &self.site.tenant;
        let mut failed: Vec<(&FilingRow, String)> = Vec::new();
        let mut good = Vec::with_capacity(rows.len());
        for row in rows {
            let checked = check_row(&row.content(), &mapping, &self.known);
            let key = idem_key(tenant, FiledCase::DOCTYPE, &row.row_key);
            let lan_key = lan_key(&institution, &checked.case.lan);
            // A branch may be shut, or a person's rows narrower, since it was approved.
            match checked.findings.iter().find(|finding| finding.grave) {
                Some(finding) => failed.push((row, finding.sentence.clone())),
                None => good.push(Row { row, checked, key, lan_key }),
            }
        }
        let numbers = json!({"rows": good.iter().map(|row| row.row.row_no).collect::<Vec<_>>(), "loans": good.iter().map(|row| row.checked.case.lan.as_str()).collect::<Vec<_>>()});
        let entry = audit::Entry::new(AuditKind::Change, "filing.file").object(Batch::DOCTYPE, &self.batch.name);
        audit::record(entry.rows(u32::try_from(good.len()).unwrap_or(u32::MAX)).values(None, Some(numbers))).await?;

        // Of a loan with an open case there is none to be made, unless it is this very row's.
        let mut cases: HashMap<String, FiledCase> = self.there::<FiledCase>(good.iter().map(|row| row.key.as_str())).await?;
        let open = self.open(&good).await?;
        good.retain(|row| {
            let taken = open.get(&row.lan_key).is_some_and(|key| *key != row.key) && !cases.contains_key(&row.key);
            if taken {
                failed.push((row.row, "Another case of this loan was opened meanwhile. A loan has one open case.".to_owned()));
            }
            !taken
        });
        let mut bodies = BTreeMap::new();
        for row in &good {
            bodies.insert(row.key.clone(), self.case(row)?);
        }
        cases.extend(self.made::<FiledCase>(bodies).await?);
        let claimant: Institution = self.client.get(&institution).await?;
        let claimant = party::claimant(&claimant.title);
        self.parties(&good, &cases, &claimant).await?;
        self.events(&good, &cases, &institution).await?;
        self.rows_done(&good, &cases, &failed).await
    }

    /// The keys of open cases of these loans, by their loans' keys.
    async fn open(&self, rows: &[Row<'_>]) -> Result<HashMap<String, String>, Refusal> {
        let named = Condition::one_of(Field::new("open_lan_key"), rows.iter().map(|row| row.lan_key.as_str()));
        let open = Query::<FiledCase>::new(RowScope::institution_wide()).filter(named).page(0, PAGE_MAX);
        Ok(self.client.list(&open).await?.rows.into_iter().map(|case| (case.open_lan_key, case.idem_key)).collect())
    }

    /// A case as it begins, with what follows from its parties.
    fn case(&self, row: &Row<'_>) -> Result<Changes, Refusal> {
        let Checked { case, parties, .. } = &row.checked;
        let nobody = PartyDraft::default();
        let lead = parties.first().unwrap_or(&nobody);
        let begun = Begun { desk: &self.desk, site: &self.site, owner: &self.batch.made_by, by: ACTOR };
        let body = begun.body(case, lead, (&row.key, &row.lan_key))?;
        let address = lead.address.as_ref();
        Ok(body
            .set(Field::new("batch"), self.batch.name.as_str())
            .set(Field::new("source_row"), row.row.row_no)
            .set(Field::new("search_text"), search_text(parties.iter().map(|party| party.name.as_str()), [case.lan.as_str()]))
            .set(Field::new("respondent_count"), i64::try_from(parties.len()).unwrap_or(i64::MAX))
            .set(Field::new("district"), address.map_or("", |address| address.town.as_str()))
            .set(Field::new("pincode"), address.map_or("", |address| address.pincode.as_str())))
    }

    /// Their parties, the claimant first, and the parties' contacts.
    async fn parties(&self, rows: &[Row<'_>], cases: &HashMap<String, FiledCase>, claimant: &PartyDraft) -> Result<(), Refusal> {
        let tenant = &self.site.tenant;
        let all = rows.iter().flat_map(|row| {
            let parties = std::iter::once(claimant).chain(&row.checked.parties).zip(1_i64..);
            parties.map(move |(draft, seq)| (row, draft, seq, idem_key(tenant, FiledParty::DOCTYPE, &format!("{}/{seq}", row.row.row_key))))
        });
        let all: Vec<_> = all.collect();
        let body = |(row, draft, seq, key): &(&Row<'_>, &PartyDraft, i64, String)| {
            let case = cases.get(&row.key)?;
            Some((key.clone(), self.hung(party::of_new(tenant, draft, *seq), case, key)))
        };
        let parties = self.made::<FiledParty>(all.iter().filter_map(body).collect()).await?;
        let mut contacts = BTreeMap::new();
        for (row, draft, seq, key) in &all {
            let (Some(case), Some(party)) = (cases.get(&row.key), parties.get(key)) else { continue };
            for (kind, body) in party::contacts_of(tenant, &party.name, draft, "LOAN_FILE") {
                let key = idem_key(tenant, FiledContact::DOCTYPE, &format!("{}/{seq}/{kind}", row.row.row_key));
                contacts.insert(key.clone(), self.hung(body, case, &key));
            }
        }
        self.made::<FiledContact>(contacts).await.map(|_| ())
    }

    /// What hangs on a case.
    fn hung(&self, body: Changes, case: &FiledCase, key: &str) -> Changes {
        body.set(Field::new("idem_key"), key)
            .set(Field::new("case_ref"), case.name.as_str())
            .set(Field::new("made_by"), ACTOR)
            .set(Field::new("changed_by"), ACTOR)
    }

    /// The first line of each timeline.
    async fn events(&self, rows: &[Row<'_>], cases: &HashMap<String, FiledCase>, institution: &str) -> Result<(), Refusal> {
        let (now, today): (Value, Day) = (local(Timestamp::now(), &self.site.zone), self.desk.today);
        let Batch { batch_no, made_by, approved_by, name, .. } = &self.batch;
        let event = |row: &Row<'_>| {
            let case = cases.get(&row.key)?;
            let key = natural_key(institution, &[&case.name, "STAGE", Batch::DOCTYPE, name, &row.row.row_key]);
            let note = format!("Row {} of filing {batch_no}, prepared by {made_by} and approved by {approved_by}.", row.row.row_no);
            let body = Changes::new()
                .set(Field::new("event_key"), key.as_str())
                .set(Field::new("case_ref"), case.name.as_str())
                .set(Field::new("at"), now.clone())
                .set(Field::new("recorded_at"), now.clone())
                .set(Field::new("origin"), "PORTAL")
                .set(Field::new("actor"), ACTOR)
                .set(Field::new("actor_role"), "SY")
                .set(Field::new("kind"), "STAGE")
                .set(Field::new("transition_no"), 1_i64)
                .set(Field::new("title"), "Case filed in bulk")
                .set(Field::new("note_text"), note)
                .set(Field::new("ref_type"), Batch::DOCTYPE)
                .set(Field::new("ref_name"), name.as_str())
                .set(Field::new("week"), today.week())
                .set(Field::new("days_in_from"), -1_i64)
                .set(Field::new("to_stage"), "S00")
                .set(Field::new("to_state"), "DRAFT")
                .set(Field::new("zone"), case.zone.as_str())
                .set(Field::new("product"), row.checked.case.product.as_str())
                .set(Field::new("made_by"), ACTOR)
                .set(Field::new("changed_by"), ACTOR);
            Some((key, body))
        };
        self.made::<FiledEvent>(rows.iter().filter_map(event).collect()).await.map(|_| ())
    }

    async fn rows_done(
        &self,
        rows: &[Row<'_>],
        cases: &HashMap<String, FiledCase>,
        failed: &[(&FilingRow, String)],
    ) -> Result<(), Refusal> {
        let now = local(Timestamp::now(), &self.site.zone);
        let done = rows.iter().filter_map(|row| {
            let case = cases.get(&row.key)?;
            let changes = Changes::new().set(Field::new("state"), DONE).set(Field::new("case_ref"), case.name.as_str());
            Some((row.row.name.clone(), changes))
        });
        let failed = failed.iter().map(|(row, why)| {
            (row.name.clone(), Changes::new().set(Field::new("state"), FAILED).set(Field::new("error_text"), why.as_str()))
        });
        let changes = done
            .chain(failed)
            .map(|(name, changes)| (name, changes.set(Field::new("done_at"), now.clone()).set(Field::new("changed_by"), ACTOR)));
        if self.client.update_many::<RowKey>(changes.collect()).await? > 0 {
            return Err(crate::model::ErrorCode::Upstream.into());
        }
        Ok(())
    }

    /// The records that are there under these keys.
    async fn there<R: Keyed>(&self, keys: impl IntoIterator<Item = &str>) -> Result<HashMap<String, R>, Refusal> {
        let keys: Vec<&str> = keys.into_iter().collect();
        let mut found = HashMap::new();
        for keys in keys.chunks(MANY_MAX) {
            let named = Query::<R>::new(RowScope::institution_wide()).filter(Condition::one_of(Field::new(R::KEY), keys.iter().copied()));
            found.extend(self.client.list(&named.page(0, PAGE_MAX)).await?.rows.into_iter().map(|row| (row.key().to_owned(), row)));
        }
        Ok(found)
    }

    /// Makes the records that are not there under their keys, and reads all of them. Making many is all or nothing upstream, and an answer may
    /// be lost: so what is there is asked for again, and the rest is sent.
    async fn made<R: Keyed>(&self, bodies: BTreeMap<String, Changes>) -> Result<HashMap<String, R>, Refusal> {
        let mut tries = 0;
        loop {
            let there = self.there::<R>(bodies.keys().map(String::as_str)).await?;
            if there.len() == bodies.len() {
                return Ok(there);
            }
            if tries == TRIES {
                return Err(Fault::Duplicate.into());
            }
            tries += 1;
            let rest: Vec<Changes> = bodies.iter().filter(|(key, _)| !there.contains_key(*key)).map(|(_, body)| body.clone()).collect();
            for rest in rest.chunks(MANY_MAX) {
                match self.client.create_many::<R>(rest.to_vec()).await {
                    Ok(_) | Err(Fault::Duplicate) => {}
                    Err(fault) => return Err(fault.into()),
                }
            }
        }
    }
}
