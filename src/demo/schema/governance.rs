//! DocTypes of policies, service rules, audit, jobs and snapshots (records §3.5–3.7).
//!
//! Knows shapes alone: not one row, and nothing of how rows are served.

use super::field::*;
use super::options::*;
use super::target::*;
use super::{Autoname, DocType, Rights};

/// A versioned setting.
pub static POLICY_DOCTYPE: DocType = DocType {
    name: "Portal Policy",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        data("policy_key").req().unique().once(),
        select("kind", POLICY_KIND).req().idx(),
        int("version").req(),
        json("content").req(),
        select("state", VERSIONED_STATE).req().idx(),
        datetime("effective_from_at"),
        data("approved_by"),
        datetime("approved_at"),
        link("approval", APPROVAL),
    ],
};

/// What counts as service of a notice type.
pub static RULE_DOCTYPE: DocType = DocType {
    name: "Service Rule",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        data("rule_key").req().unique().once(),
        select("notice_type", NOTICE_TYPE).req().idx(),
        int("version").req(),
        json("accepts").req(),
        select("refused_counts", SERVICE_READING).req(),
        select("unclaimed_counts", SERVICE_READING).req(),
        int("min_channels").req(),
        check("all_respondents").req(),
        check("needs_electronic_clause").req(),
        select("state", VERSIONED_STATE).req().idx(),
        datetime("effective_from_at"),
        data("approved_by"),
        datetime("approved_at"),
        link("approval", APPROVAL),
    ],
};

/// One link of an audit chain.
pub static AUDIT_DOCTYPE: DocType = DocType {
    name: "Portal Audit Event",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CR,
    fields: common![
        data("event_key").req().unique().once(),
        data("writer_run").req().idx().once(),
        int("seq").req().once(),
        data("prev_hash").req().once(),
        data("row_hash").req().once(),
        data("row_mac").once(),
        long("payload").req().once(),
        datetime("at").req().idx().once(),
        data("actor").req().idx().once(),
        select("actor_role", ROLE).once(),
        data("action").req().idx().once(),
        select("kind", AUDIT_KIND).req().idx().once(),
        select("result", AUDIT_RESULT).req().once(),
        data("reason_code").once(),
        small("reason_text").once(),
        data("object_type").once(),
        data("object_name").idx().once(),
        data("case_name").idx().once(),
        int("row_total").once(),
        data("month").req().idx().once(),
        data("ip_address").once(),
        data("request_id").idx().once(),
    ],
};

/// Where scheduled work stands.
pub static JOB_DOCTYPE: DocType = DocType {
    name: "Portal Job",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        data("job_key").req().unique().once(),
        select("job", JOB_KIND).req(),
        datetime("last_started_at"),
        datetime("last_finished_at"),
        data("cursor_text"),
        data("lease_holder"),
        datetime("lease_until_at"),
        small("last_error"),
        int("run_count"),
    ],
};

/// A day's figure, kept for comparison.
pub static SNAPSHOT_DOCTYPE: DocType = DocType {
    name: "Portal Snapshot",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        data("snapshot_key").req().unique().once(),
        date("taken_on").req().idx(),
        data("measure").req().idx(),
        data("dim_1"),
        data("dim_2"),
        float("numerator"),
        float("denominator"),
        currency("amount"),
    ],
};
