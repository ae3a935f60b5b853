//! Documents of a case: their rows. It must not know what is in a file.

use super::columns::{Date, record};
use crate::model::{DocumentRow, Term};

record! {
    /// A document as Frappe writes it.
    pub struct DocumentRecord of "Case Document" {
        case_ref: String,
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
    }
}

impl DocumentRecord {
    /// The document in the model's terms.
    pub fn into_row(self) -> DocumentRow {
        DocumentRow {
            id: self.name,
            case: self.case_ref,
            kind: Term::of(self.doc_type),
            exhibit: self.doc_no,
            title: self.title,
            version: u32::try_from(self.version).unwrap_or(1),
            on: self.document_on.day(),
            size_bytes: u64::try_from(self.size_bytes).unwrap_or(0),
            mime: self.mime,
            sha256: self.sha256,
            visible_to: Term::of(self.visible_to),
            stored: self.state == "STORED",
        }
    }
}
