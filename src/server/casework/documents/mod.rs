//! Documents: their rows, of one case or of many, and the way to what is in them.
//!
//! Owns the rule that a document is reached through its case: one whose case is not among the person's rows does not exist.

mod bundle;
mod content;
mod list;
mod open;

pub use bundle::{Bundle, begin_bundle, bundled};
pub(in crate::server::casework) use content::Stated;
pub use content::{Content, ContentKind};
pub use list::list;
pub use open::{OpenFile, Purpose, open};

use super::columns::{Date, LocalTime, Site, record};
use crate::model::{DocumentId, DocumentRow, Term, Withheld};

record! {
    /// A document as Frappe writes it.
    pub(in crate::server::casework) struct DocumentRecord of "Case Document" {
        creation: LocalTime,
        case_ref: String,
        doc_group: String,
        doc_type: String,
        doc_no: String,
        title: String,
        version: i64,
        document_on: Date,
        size_bytes: i64,
        mime: String,
        sha256: String,
        visible_to: String,
        state: String,
        scan_state: String,
        withdrawn_reason: String,
    }
}

impl DocumentRecord {
    /// The document in the model's terms; `None` where its name is none that an address could carry.
    pub fn into_row(self, site: &Site) -> Option<DocumentRow> {
        let size_bytes = u64::try_from(self.size_bytes).unwrap_or(0);
        Some(DocumentRow {
            id: DocumentId::parse(&self.name)?,
            case: self.case_ref,
            kind: Term::of(self.doc_type),
            exhibit: self.doc_no,
            title: self.title,
            version: u32::try_from(self.version).unwrap_or(1),
            on: self.document_on.day(),
            since: self.creation.instant(site),
            size_bytes,
            mime: self.mime,
            sha256: self.sha256,
            visible_to: Term::of(self.visible_to),
            withheld: Withheld::of(&self.state, &self.scan_state, size_bytes),
            withdrawn: (self.state == "WITHDRAWN").then_some(self.withdrawn_reason),
        })
    }
}
