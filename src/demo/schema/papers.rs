//! DocTypes of documents, defects and parallel proceedings (records §3.13, §3.15).
//!
//! Knows shapes alone: not one row, and nothing of how rows are served.

use super::field::*;
use super::options::*;
use super::target::*;
use super::{Autoname, DocType, Rights};

/// One version of one document.
pub static DOCUMENT_DOCTYPE: DocType = DocType {
    name: "Case Document",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        link("case_ref", CASE).idx().once(),
        link("batch", BATCH).idx(),
        link("campaign", CAMPAIGN).idx(),
        link("hearing", HEARING),
        link("party", PARTY),
        link("proceeding", PROCEEDING),
        data("doc_group").req().idx().once(),
        data("doc_version_key").req().unique().once(),
        int("version").req().once(),
        check("is_latest").req().idx().derived(),
        select("doc_type", DOC_TYPE).req().idx(),
        data("doc_no"),
        data("title").req(),
        small("original_name").req(),
        data("file_ref"),
        small("file_url"),
        data("sha256").idx(),
        int("size_bytes").req(),
        data("mime").req(),
        int("page_count"),
        select("state", DOC_STATE).req().idx(),
        select("scan_state", SCAN_STATE).req(),
        select("visible_to", DOC_VISIBILITY).req(),
        link("redacted_of", DOCUMENT),
        link("replaces", DOCUMENT),
        check("ocr_ready"),
        date("document_on"),
        small("withdrawn_reason"),
        link("approval", APPROVAL),
        select("uploaded_by_role", ROLE),
    ],
};

/// What the registry found wanting.
pub static DEFECT_DOCTYPE: DocType = DocType {
    name: "Case Defect",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::RW,
    fields: scoped![
        link("case_ref", CASE).req().idx().once(),
        select("code", DEFECT_CODE).req().idx(),
        small("defect_text"),
        date("raised_on").req().idx(),
        date("due_on").req().idx(),
        select("state", DEFECT_STATE).req().idx(),
        data("owner_user").idx(),
        date("cured_on"),
        int("cure_days").derived(),
        link("cure_doc", DOCUMENT),
        small("cure_text"),
        data("month").idx().derived(),
        link("batch", BATCH).idx().derived(),
    ],
};

/// A parallel or follow-on proceeding.
pub static PROCEEDING_DOCTYPE: DocType = DocType {
    name: "Case Proceeding",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        link("case_ref", CASE).req().idx().once(),
        select("kind", PROCEEDING_KIND).req().idx(),
        select("state", PROCEEDING_STATE).req().idx(),
        data("forum"),
        data("forum_place"),
        data("number_text").idx(),
        data("cnr").idx(),
        date("notice_on"),
        date("memo_on"),
        date("filed_on"),
        date("next_on").idx(),
        date("closed_on"),
        currency("amount"),
        currency("realised"),
        small("result_text"),
        link("document", DOCUMENT),
    ],
};
