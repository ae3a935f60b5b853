//! DocTypes that every Frappe site has: those that are kept here as rows, and the names of others. Knows no rows.

use crate::demo::schema::{Autoname, DocType, Field, FieldType, Rights};

const fn field(name: &'static str, kind: FieldType) -> Field {
    Field {
        name,
        kind,
        required: false,
        unique: false,
        indexed: false,
        set_once: false,
        derived: false,
        filled: false,
        options: &[],
        default: None,
        permlevel: 0,
        fetch_from: None,
    }
}

const fn own(name: &'static str, fields: &'static [Field], rights: Rights) -> DocType {
    DocType { name, autoname: Autoname::Hash, child: false, fields, portal_api: rights }
}

/// An upload or a link; its rows have rights of their own (see `files`).
pub(super) static FILE: DocType = own(
    "File",
    &[
        field("file_name", FieldType::Data),
        field("is_private", FieldType::Check),
        field("file_type", FieldType::Data),
        field("is_home_folder", FieldType::Check),
        field("is_attachments_folder", FieldType::Check),
        field("file_size", FieldType::Int),
        field("file_url", FieldType::LongText),
        field("thumbnail_url", FieldType::SmallText),
        field("folder", FieldType::Data),
        field("is_folder", FieldType::Check),
        field("attached_to_doctype", FieldType::Data),
        field("attached_to_name", FieldType::Data),
        field("attached_to_field", FieldType::Data),
        field("old_parent", FieldType::Data),
        field("content_hash", FieldType::Data),
        field("uploaded_to_dropbox", FieldType::Check),
        field("uploaded_to_google_drive", FieldType::Check),
    ],
    Rights::CRWD,
);

/// What people and the site say beside a document.
pub(super) static COMMENT: DocType = own(
    "Comment",
    &[
        field("comment_type", FieldType::Data),
        field("comment_email", FieldType::Data),
        field("comment_by", FieldType::Data),
        field("published", FieldType::Check),
        field("seen", FieldType::Check),
        field("reference_doctype", FieldType::Data),
        field("reference_name", FieldType::Data),
        field("content", FieldType::Html),
    ],
    Rights::NONE,
);

/// What a change changed.
pub(super) static VERSION: DocType = own(
    "Version",
    &[field("ref_doctype", FieldType::Data), field("docname", FieldType::Data), field("data", FieldType::LongText)],
    Rights::NONE,
);

/// People who sign in; its rows are made of the site's users (see `users`).
pub(super) static USER: DocType = own(
    "User",
    &[
        field("email", FieldType::Data),
        field("full_name", FieldType::Data),
        field("enabled", FieldType::Check),
        field("user_type", FieldType::Data),
        Field { permlevel: 1, ..field("api_key", FieldType::Data) },
    ],
    Rights::NONE,
);

/// Fields of the DocTypes above that name a document: its DocType's field and its name's.
pub(super) const NAMING: [(&str, &str, &str); 3] = [
    ("File", "attached_to_doctype", "attached_to_name"),
    ("Comment", "reference_doctype", "reference_name"),
    ("Version", "ref_doctype", "docname"),
];

/// Others of Frappe's that a client may ask for; they have no rows here.
const WITHOUT_ROWS: &[&str] = &[
    "DocType",
    "User",
    "Role",
    "User Permission",
    "Report",
    "Workflow",
    "Webhook",
    "Communication",
    "System Settings",
    "Custom Field",
    "Property Setter",
    "OAuth Client",
    "OAuth Bearer Token",
    "Error Log",
];

/// Whether Frappe has a DocType of this name that is not simulated.
pub(super) fn is_without_rows(doctype: &str) -> bool {
    WITHOUT_ROWS.contains(&doctype)
}
