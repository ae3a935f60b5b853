//! A file that is let into a case: on record, then as a row that is receiving, then kept upstream under that row, then on file, and the
//! version before it no longer the latest.
//!
//! Owns that order, and that sending the same form again does nothing twice. It must not know what is asked of the person.

use futures::StreamExt as _;

use super::{
    super::{
        Refusal,
        columns::record,
        documents::{Content, ContentKind, Stated},
        keys,
    },
    arriving::{Begun, End, Whole},
    step::{Happened, Step, values},
    subject::CaseState,
    upload::{Kept, Paper, Place, Wanted},
};
use crate::{
    model::{AuditKind, Term},
    server::frappe::{Changes, Condition, Direction, Fault, Field, PAGE_MAX, ReadProof, Record as _, Revision, Uploaded},
};

/// How often a case that is changed meanwhile is counted again.
const COUNTS_MAX: usize = 3;

record! {
    /// A document, as far as counting goes.
    struct Counted of "Case Document" {}
}

/// What came of sending: kept, or not and why.
type Sent = Result<(Uploaded, Whole), Kept>;

impl Place {
    /// What the case has on file, the newest first.
    pub(super) async fn known(&self) -> Result<Vec<Paper>, Refusal> {
        let stored = self.subject.of_case::<Paper>().filter(Condition::eq(Field::new("state"), "STORED"));
        let newest = stored.order_by(Field::new("creation"), Direction::Descending).page(0, PAGE_MAX);
        Ok(self.subject.client.list(&newest).await?.rows.into_iter().filter(|paper| !paper.sha256.is_empty()).collect())
    }

    /// Keeps it.
    pub(super) async fn keep(
        &self,
        wanted: &Wanted,
        operation: String,
        (name, index): (&str, usize),
        begun: Begun,
        known: &[Paper],
    ) -> Result<Kept, Refusal> {
        let subject = &self.subject;
        let version = wanted.version;
        // Titles and names stay out of the trail: they may name people.
        let said = values([
            ("doc_type", "", wanted.kind.clone()),
            ("version", "", version.to_string()),
            ("visible_to", "", wanted.readers.to_owned()),
            ("mime", "", begun.kind.media().0.to_owned()),
        ]);
        let mut step = Step::begin(subject, operation, AuditKind::Change, "document.upload", "", said).await?;
        let made = match step.child::<Paper>(self.row(wanted, (name, index), begun.kind).await?, true).await {
            Err(Refusal::Fault(Fault::Duplicate)) => {
                return Ok(Kept::Not(format!("not taken. Somebody has added version {version} meanwhile; open the document to see it.")));
            }
            made => made?,
        };
        let (row, revision, proof) = subject.client.get_with_proof::<Paper>(&made.name).await?;
        if row.state == "STORED" {
            return Ok(self.once_more(begun, &row).await);
        }
        let (uploaded, whole) = match self.send(begun, &proof, known).await? {
            Ok(kept) => kept,
            Err(not) => {
                let changes = Changes::new().set(Field::new("state"), "REJECTED");
                if let Err(refusal) = step.change::<Paper>(&row.name, &revision, changes).await {
                    // A job closes what is receiving for too long.
                    tracing::warn!(?refusal, "a document that was not taken could not be closed");
                }
                return Ok(not);
            }
        };
        let others = self.versions(&row).await?;
        let latest = !others.iter().any(|other| other.version > version && other.state == "STORED");
        let changes = Changes::new()
            .set(Field::new("file_ref"), uploaded.file_ref.as_str())
            .set(Field::new("file_url"), uploaded.file_url.as_str())
            .set(Field::new("sha256"), whole.sha256)
            .set(Field::new("size_bytes"), i64::try_from(whole.size_bytes).unwrap_or(i64::MAX))
            .set(Field::new("is_latest"), latest)
            .set(Field::new("state"), "STORED");
        step.change::<Paper>(&row.name, &revision, changes).await?;
        // Only now: two latest versions are two too many, and none would be a document that nobody finds.
        for former in others.iter().filter(|other| other.is_latest.0 && other.version < version) {
            let (_, revision, _) = subject.client.get_with_proof::<Paper>(&former.name).await?;
            step.change::<Paper>(&former.name, &revision, Changes::new().set(Field::new("is_latest"), false)).await?;
        }
        let label = Term::of(wanted.kind.as_str()).label;
        step.happened(Happened {
            kind: "DOCUMENT",
            transition: 0,
            title: if version > 1 { format!("{label}: version {version} added") } else { format!("{label} added") },
            note: String::new(),
            states: None,
            stages: None,
            source: (Paper::DOCTYPE, row.name),
        })
        .await?;
        Ok(Kept::Stored)
    }

    /// The row before its file: nobody's latest version yet.
    async fn row(&self, wanted: &Wanted, (name, index): (&str, usize), kind: ContentKind) -> Result<Changes, Refusal> {
        let institution = self.subject.client.institution().await?;
        let group = match &self.former {
            Some(former) => former.paper.doc_group.clone(),
            None => uuid::Uuid::new_v4().simple().to_string(),
        };
        let title = match (wanted.title.as_str(), index) {
            ("", _) => name.to_owned(),
            (title, 0) => title.to_owned(),
            (title, _) => format!("{title} ({})", index + 1),
        };
        let mut row = Changes::new()
            .set(Field::new("doc_version_key"), keys::natural_key(&institution, &[&group, &wanted.version.to_string()]))
            .set(Field::new("doc_group"), group)
            .set(Field::new("version"), wanted.version)
            .set(Field::new("is_latest"), false)
            .set(Field::new("doc_type"), wanted.kind.as_str())
            .set(Field::new("doc_no"), wanted.number.as_str())
            .set(Field::new("title"), title)
            .set(Field::new("original_name"), name)
            .set(Field::new("size_bytes"), 0_i64)
            .set(Field::new("mime"), kind.media().0)
            .set(Field::new("page_count"), -1_i64)
            .set(Field::new("state"), "RECEIVING")
            .set(Field::new("scan_state"), "NOT_SCANNED")
            .set(Field::new("visible_to"), wanted.readers)
            .set(Field::new("uploaded_by_role"), self.subject.grant.principal.role.code());
        if let Some(on) = wanted.on {
            row = row.set(Field::new("document_on"), on);
        }
        if let Some(former) = &self.former {
            row = row.set(Field::new("replaces"), former.paper.name.as_str());
        }
        Ok(row)
    }

    /// Sends the file to the row behind the proof, and makes sure that what is kept is what was sent.
    async fn send(&self, begun: Begun, proof: &ReadProof, known: &[Paper]) -> Result<Sent, Refusal> {
        // Frappe writes pictures anew whose *name* says that they are JPEG (System Settings, "Strip EXIF tags", on by default), and the
        // bytes would be others than those that were hashed. What a file is, is told by what is in it; so the name says nothing.
        let ending = match begun.kind {
            ContentKind::Jpeg => "bin",
            other => other.media().1.first().copied().unwrap_or("bin"),
        };
        let (pieces, ending_of) = begun.pass(self.file_max_bytes, known.iter().map(|paper| paper.sha256.clone()).collect());
        let uploaded = self.subject.client.upload(proof, ending, pieces).await;
        let whole = match ending_of.is() {
            End::Whole(whole) => whole,
            End::Known(whole) => return Ok(Err(Kept::Known(whole))),
            End::TooLarge => return Ok(Err(Kept::Not(self.too_large()))),
            End::Cut => return Ok(Err(Kept::Not("it did not arrive whole. Send it again.".to_owned()))),
            // Refused before it had all been taken.
            End::Open if matches!(uploaded, Err(Fault::TooLarge)) => return Ok(Err(Kept::Not(self.too_large()))),
            End::Open => return Err(uploaded.err().unwrap_or(Fault::BadAnswer("early")).into()),
        };
        let uploaded = match uploaded {
            Err(Fault::TooLarge) => return Ok(Err(Kept::Not(self.too_large()))),
            Err(Fault::Rejected { .. }) => return Ok(Err(Kept::Not("your institution’s server does not take it.".to_owned()))),
            uploaded => uploaded?,
        };
        let Some(stream) = self.subject.client.uploaded_stream(&uploaded, whole.size_bytes).await? else {
            return Ok(Ok((uploaded, whole)));
        };
        let stated = Stated { size_bytes: Some(whole.size_bytes), sha256: whole.sha256.clone() };
        let compared = async {
            let (_, mut content) = Content::begin(stream, stated).await?;
            while content.next_piece().await?.is_some() {}
            Ok::<(), Fault>(())
        };
        match compared.await {
            Ok(()) => Ok(Ok((uploaded, whole))),
            Err(Fault::BadAnswer("digest" | "length") | Fault::TooLarge) => {
                tracing::error!("an upload came back as another file");
                Ok(Err(Kept::Not("your institution’s server keeps something else in its place. Tell whoever runs it.".to_owned())))
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// The same form once more: it has done what it does, if this is the same file.
    async fn once_more(&self, begun: Begun, row: &Paper) -> Kept {
        let (pieces, ending) = begun.pass(self.file_max_bytes, Vec::new());
        pieces.for_each(|_| std::future::ready(())).await;
        match ending.is() {
            End::Whole(whole) if whole.sha256 == row.sha256 => Kept::Known(whole),
            _ => Kept::Not("this form was sent before with another file. Open it again to add this one.".to_owned()),
        }
    }

    /// The other versions of this document.
    async fn versions(&self, row: &Paper) -> Result<Vec<Paper>, Refusal> {
        let same = self.subject.of_case::<Paper>().filter(Condition::eq(Field::new("doc_group"), row.doc_group.as_str()));
        let found = self.subject.client.list(&same.page(0, PAGE_MAX)).await?.rows;
        Ok(found.into_iter().filter(|other| other.name != row.name).collect())
    }

    /// The case says how many documents it has.
    pub(super) async fn recount(&self) -> Result<(), Refusal> {
        let Self { subject, .. } = self;
        let latest = subject.of_case::<Counted>().filter(Condition::eq(Field::new("is_latest"), true));
        let stored = latest.filter(Condition::eq(Field::new("state"), "STORED"));
        for _ in 1..COUNTS_MAX {
            match self.count(&stored).await {
                Err(Refusal::Fault(Fault::Conflict)) => {}
                counted => return counted,
            }
        }
        self.count(&stored).await
    }

    async fn count(&self, stored: &crate::server::frappe::Query<Counted>) -> Result<(), Refusal> {
        let Self { subject, .. } = self;
        let (_, revision, _): (_, Revision, _) = subject.client.get_with_proof::<CaseState>(subject.id.as_str()).await?;
        let count = i64::try_from(subject.client.count(stored).await?).unwrap_or(i64::MAX);
        let changes =
            Changes::new().set(Field::new("document_count"), count).set(Field::new("changed_by"), subject.grant.principal.user_id.as_str());
        subject.client.update::<CaseState>(subject.id.as_str(), &revision, changes).await?;
        Ok(())
    }
}
