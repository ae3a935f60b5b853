//! DocTypes of tasks, comments, the timeline, approvals and batches (records §3.17–3.18).
//!
//! Knows shapes alone: not one row, and nothing of how rows are served.

use super::field::*;
use super::options::*;
use super::target::*;
use super::{Autoname, DocType, Rights};

/// Something that somebody must do.
pub static TASK_DOCTYPE: DocType = DocType {
    name: "Case Task",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        data("task_key").req().unique().once(),
        link("case_ref", CASE).idx(),
        link("campaign", CAMPAIGN).idx(),
        link("batch", BATCH).idx(),
        data("case_id").derived(),
        data("title_text").derived(),
        select("kind", TASK_KIND).req().idx(),
        data("title").req(),
        data("assignee").idx(),
        select("assignee_role", ROLE).idx(),
        date("due_on").req().idx(),
        int("priority").req(),
        select("state", TASK_STATE).req().idx(),
        data("source_type").req(),
        data("source_name").req(),
        data("source_event").req(),
        date("opened_on"),
        date("done_on"),
        data("done_by"),
        date("snoozed_until_on"),
    ],
};

/// A remark; append only.
pub static COMMENT_DOCTYPE: DocType = DocType {
    name: "Case Comment",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CR,
    fields: common![
        link("case_ref", CASE).req().idx().once(),
        select("visibility", COMMENT_VISIBILITY).req().idx().once(),
        long("body_text").req().once(),
        small("mentions").once(),
        link("reply_to", COMMENT).once(),
        link("retracts", COMMENT).once(),
        datetime("at").req().idx().once(),
    ],
};

/// One line of the timeline; append only.
pub static EVENT_DOCTYPE: DocType = DocType {
    name: "Case Event",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CR,
    fields: common![
        data("event_key").req().unique().once(),
        link("case_ref", CASE).req().idx().once(),
        datetime("at").req().idx().once(),
        datetime("recorded_at").req().once(),
        select("origin", EVENT_ORIGIN).req().once(),
        data("actor").once(),
        select("actor_role", ACTOR).once(),
        select("kind", EVENT_KIND).req().idx().once(),
        int("transition_no").once(),
        data("title").req().once(),
        select("from_stage", STAGE).once(),
        select("to_stage", STAGE).idx().once(),
        data("from_state").once(),
        data("to_state").once(),
        small("note_text").once(),
        select("channel", CHANNEL).once(),
        data("ref_type").once(),
        data("ref_name").once(),
        data("week").req().idx().once(),
        int("days_in_from").once(),
        data("zone").idx().once(),
        data("product").once(),
        data("request_id").once(),
        data("ip_address").once(),
    ],
};

/// A request for a second pair of eyes.
pub static APPROVAL_DOCTYPE: DocType = DocType {
    name: "Case Approval",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        select("object_kind", APPROVAL_KIND).req().idx().once(),
        data("object_type").req().once(),
        data("object_name").req().idx().once(),
        link("case_ref", CASE).idx(),
        data("case_id").idx(),
        data("title").req(),
        currency("amount"),
        int("level").req(),
        int("levels_needed").req(),
        int("round").req(),
        data("submitted_by").req().idx().once(),
        datetime("submitted_at").req().idx().once(),
        data("submit_hash").req(),
        long("diff").req(),
        json("sample"),
        select("state", APPROVAL_STATE).req().idx(),
        data("checker").idx(),
        datetime("decided_at").idx(),
        data("checker_2"),
        datetime("decided_2_at"),
        select("reason_code", RETURN_REASON),
        small("reason_text"),
        currency("limit_applied"),
        int("wait_mins").derived(),
        data("month").idx().derived(),
    ],
};

/// Work over many rows.
pub static BATCH_DOCTYPE: DocType = DocType {
    name: "Portal Batch",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRWD,
    fields: common![
        data("batch_no").req().idx().once(),
        select("kind", BATCH_KIND).req().idx().once(),
        data("title").req(),
        small("file_name"),
        link("file_doc", DOCUMENT),
        link("result_doc", DOCUMENT),
        link("rejects_doc", DOCUMENT),
        data("file_sha256").idx(),
        select("state", BATCH_STATE).req().idx(),
        json("mapping"),
        json("params"),
        small("query_text"),
        long("exceptions"),
        int("row_total").req(),
        int("row_ok").req(),
        int("row_warned").req(),
        int("row_bad").req(),
        int("row_done").req(),
        int("row_failed").req(),
        int("row_skipped").req(),
        currency("amount_total"),
        int("next_row"),
        data("lease_holder"),
        datetime("lease_until_at").idx(),
        data("submitted_by"),
        data("approved_by"),
        link("approval", APPROVAL),
        datetime("started_at"),
        datetime("finished_at"),
        small("error_text"),
        int("defect_free").derived(),
    ],
};

/// One row of a batch.
pub static BATCH_ROW_DOCTYPE: DocType = DocType {
    name: "Portal Batch Row",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRWD,
    fields: common![
        data("row_key").req().unique().once(),
        link("batch", BATCH).req().idx().once(),
        int("row_no").req().once(),
        select("state", ROW_STATE).req().idx(),
        data("lan").idx(),
        long("content"),
        small("error_codes"),
        small("error_text"),
        data("repair_group").idx(),
        link("case_ref", CASE).idx(),
        datetime("done_at"),
    ],
};
