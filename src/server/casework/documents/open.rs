//! Opening a document's file.
//!
//! Owns the order: role, record, case within the person's rows, state, first bytes, trail. It must not know how bytes reach a browser.

use super::{
    super::{Refusal, audit, cases, columns::record},
    content::{Content, ContentKind, Stated},
};
use crate::{
    model::{AuditKind, CaseId, DocumentId, ErrorCode, Permission, Withheld},
    server::{
        context::authorise,
        frappe::{Client, Fault, Record as _},
    },
};

record! {
    /// What opening a document needs of it.
    pub(super) struct FileRecord of "Case Document" {
        case_ref: String,
        original_name: String,
        file_url: String,
        sha256: String,
        size_bytes: i64,
        state: String,
        scan_state: String,
    }
}

/// What a file is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To be read on the page.
    Reading,
    /// To be kept.
    Keeping,
}

/// A file that may be given.
pub struct OpenFile {
    /// What it is, by its content.
    pub kind: ContentKind,
    /// As it was called when it came; anything may stand in it.
    pub name: String,
    /// Its bytes.
    pub content: Content,
}

/// Opens a document's file, and notes that it was read or records that it was taken away; what cannot be shown in place is taken
/// away, whatever it was wanted for.
///
/// # Errors
/// [`ErrorCode::NotFound`] for a document whose case is not among the person's rows, whatever the reason; [`ErrorCode::Withheld`] where
/// its state keeps it back; whatever keeps the record of a download from being written keeps the file back.
pub async fn open(id: &str, purpose: Purpose) -> Result<OpenFile, Refusal> {
    let grant = authorise(Permission::OpenDocuments)?;
    // A text that cannot be a document's name is nobody's document.
    let id = DocumentId::parse(id).ok_or(ErrorCode::NotFound)?;
    let client = Client::current()?;
    let record = match client.get_with_proof::<FileRecord>(id.as_str()).await {
        Err(Fault::NotFound) => None,
        record => Some(record?),
    };
    let of_case = record.and_then(|(file, _, proof)| Some((CaseId::parse(&file.case_ref)?, file, proof)));
    // What is not there is asked for as often as what is there and not for this person: under the document's own name no case is found,
    // and nobody can tell by the time it takes which of the two it was.
    let named = of_case.as_ref().map_or(id.as_str(), |(case, ..)| case.as_str());
    let named = CaseId::parse(named).ok_or(ErrorCode::NotFound)?;
    cases::find(&client, &grant, &named).await?;
    let (case, file, proof) = of_case.ok_or(ErrorCode::NotFound)?;
    let entry = |kind, action| audit::Entry::new(kind, action).object(FileRecord::DOCTYPE, id.as_str()).case(&case);
    let size_bytes = u64::try_from(file.size_bytes).unwrap_or(0);
    if let Some(why) = Withheld::from_role(grant.principal.role, &file.state, &file.scan_state, size_bytes) {
        audit::note(entry(AuditKind::Denied, Permission::OpenDocuments.code()).reason(why.code()));
        return Err(ErrorCode::Withheld { why }.into());
    }
    let stated = Stated { size_bytes: Some(size_bytes).filter(|size| *size > 0), sha256: file.sha256 };
    let limit = stated.size_bytes.unwrap_or(Withheld::MAX_BYTES);
    let begin = || async {
        let stream = client.file_stream(&proof, &file.file_url, limit).await?;
        Content::begin(stream, stated.clone()).await
    };
    if purpose == Purpose::Reading {
        let (kind, content) = begin().await.map_err(of_stated)?;
        if kind != ContentKind::Other {
            audit::note(entry(AuditKind::View, "document.view"));
            return Ok(OpenFile { kind, name: file.original_name, content });
        }
        // Let go of and begun again: who waits for a place to write the trail must not hold one for the file meanwhile.
    }
    audit::record(entry(AuditKind::Download, "document.download")).await?;
    let (kind, content) = begin().await.map_err(of_stated)?;
    Ok(OpenFile { kind, name: file.original_name, content })
}

/// What is sent beyond what the record states is the upstream's fault: nothing that the person asked for is too large.
fn of_stated(fault: Fault) -> Fault {
    match fault {
        Fault::TooLarge => Fault::BadAnswer("length"),
        other => other,
    }
}
