//! All documents of a case at once: who may take them, how many, and that it is on record before the first byte leaves.
//!
//! It must not know the format that they are taken away in.

use super::{
    super::{
        Refusal, audit, cases,
        columns::{Named, Site, list},
        site_time,
    },
    DocumentRecord,
    content::{Content, ContentKind, Stated},
    open::FileRecord,
};
use crate::{
    model::{AuditKind, CaseId, DocumentRow, ErrorCode, Form, Instant, Permission, Withheld},
    server::{
        context::authorise,
        frappe::{Client, Condition, Direction, Field, Query, RowScope},
    },
};

/// Documents of one bundle.
const DOCUMENTS_MAX: u32 = 300;
/// Bytes of one bundle.
const BYTES_MAX: u64 = 1_000_000_000;

/// A bundle that was allowed and recorded.
pub struct Bundle {
    /// Name of the case upstream.
    pub case: String,
    /// Its number.
    pub number: String,
    /// Its documents in their latest versions, those that may not be opened among them.
    pub documents: Vec<DocumentRow>,
    /// Who takes it.
    pub user_id: String,
    /// The institution's name.
    pub institution: String,
    /// When it was begun.
    pub at: Instant,
}

/// Allows and records that all of a case's documents are taken away; or, where they are too many for one file, the page that says so.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for roles that may not; [`ErrorCode::NotFound`] for a case that is not among the person's rows. Whatever keeps
/// the record from being written keeps the documents back.
pub async fn begin_bundle(case: &str) -> Result<Result<Bundle, Form>, Refusal> {
    let grant = authorise(Permission::BundleDocuments)?;
    let id = CaseId::parse(case).ok_or(ErrorCode::NotFound)?;
    let client = Client::current()?;
    let site = Site::current(&client).await?;
    let number = cases::find(&client, &grant, &id).await?.number();
    let latest = of_case::<DocumentRecord>(&id).filter(Condition::eq(Field::new("is_latest"), true));
    let latest = latest.order_by(Field::new("doc_type"), Direction::Ascending).order_by(Field::new("doc_no"), Direction::Ascending);
    let page = list(&client, latest.page(0, DOCUMENTS_MAX), grant.principal.role.names()).await?;
    let documents: Vec<DocumentRow> = page.rows.into_iter().filter_map(|row| row.into_row(&site)).collect();
    let given = documents.iter().filter(|document| document.withheld.is_none());
    let (count, bytes) = given.fold((0_u32, 0_u64), |(count, bytes), document| (count + 1, bytes.saturating_add(document.size_bytes)));
    let entry = |kind| audit::Entry::new(kind, Permission::BundleDocuments.code()).object("Arbitration Case", id.as_str()).case(&id);
    if page.more || bytes > BYTES_MAX {
        audit::note(entry(AuditKind::Denied).reason("ROWS"));
        return Ok(Err(too_much(&id, &number)));
    }
    audit::record(entry(AuditKind::Download).rows(count)).await?;
    Ok(Ok(Bundle {
        case: id.as_str().to_owned(),
        number,
        documents,
        user_id: grant.principal.user_id.clone(),
        institution: site.tenant.branding.display_name.clone(),
        at: site_time::now(&site.tenant),
    }))
}

/// The file of a document of a bundle that was begun.
///
/// # Errors
/// As opening it alone; [`ErrorCode::NotFound`] for a document that is no longer the case's.
pub async fn bundled(case: &str, document: &DocumentRow) -> Result<(ContentKind, Content), Refusal> {
    authorise(Permission::BundleDocuments)?;
    let client = Client::current()?;
    let (file, _, proof) = client.get_with_proof::<FileRecord>(document.id.as_str()).await?;
    if file.case_ref != case {
        return Err(ErrorCode::NotFound.into());
    }
    let size_bytes = u64::try_from(file.size_bytes).unwrap_or(0);
    if let Some(why) = Withheld::of(&file.state, &file.scan_state, size_bytes) {
        return Err(ErrorCode::Withheld { why }.into());
    }
    let stated = Stated { size_bytes: Some(size_bytes).filter(|size| *size > 0), sha256: file.sha256 };
    let stream = client.file_stream(&proof, &file.file_url, stated.size_bytes.unwrap_or(Withheld::MAX_BYTES)).await?;
    Ok(Content::begin(stream, stated).await?)
}

fn of_case<R: Named>(case: &CaseId) -> Query<R> {
    // Within the case, which was found in the person's rows: its rows have no other scope.
    Query::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("case_ref"), case.as_str()))
}

fn too_much(case: &CaseId, number: &str) -> Form {
    Form {
        section: "Cases",
        heading: "All documents as one file".to_owned(),
        about: format!("Case {number}"),
        notice: vec![format!(
            "This case has more documents than go into one file, which are {DOCUMENTS_MAX} documents and {} MB. Download them one by one.",
            BYTES_MAX / 1_000_000
        )],
        back: (format!("/cases/{}/documents", case.as_str()), "Back to the documents".to_owned()),
        ..Form::default()
    }
}
