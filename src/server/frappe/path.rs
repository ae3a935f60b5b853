//! Paths below an upstream's base URL.
//!
//! Owns their encoding: whatever a name holds, it is exactly one segment. It must not know what the path leads to.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Fault, record::PRIVATE_FILES};

/// Everything but what RFC 3986 calls unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Frappe's `name` column, in characters.
const NAME_MAX_CHARS: usize = 140;

/// `/api/resource/<DocType>`.
pub(super) fn collection(doctype: &'static str) -> String {
    format!("/api/resource/{}", utf8_percent_encode(doctype, SEGMENT))
}

/// `/api/resource/<DocType>/<name>`.
///
/// # Errors
/// [`Fault::NotFound`] for a name that no record can have.
pub(super) fn document(doctype: &'static str, name: &str) -> Result<String, Fault> {
    Ok(format!("{}/{}", collection(doctype), segment(name)?))
}

/// `/api/method/<dotted.path>`.
pub(super) fn method(path: &'static str) -> String {
    format!("/api/method/{}", utf8_percent_encode(path, SEGMENT))
}

/// The path of a private file from its `file_url`, which Frappe does not encode.
///
/// # Errors
/// [`Fault::NotFound`] for anything but one file right under `/private/files/`.
pub(super) fn private_file(file_url: &str) -> Result<String, Fault> {
    let name = file_url.strip_prefix(PRIVATE_FILES).ok_or(Fault::NotFound)?;
    if name.contains('/') {
        return Err(Fault::NotFound);
    }
    Ok(format!("{PRIVATE_FILES}{}", segment(name)?))
}

fn segment(name: &str) -> Result<String, Fault> {
    // The dots would be taken as steps in the path, by URL parsers on both sides, encoded or not.
    if name.is_empty() || matches!(name, "." | "..") || name.chars().count() > NAME_MAX_CHARS {
        return Err(Fault::NotFound);
    }
    Ok(utf8_percent_encode(name, SEGMENT).to_string())
}
