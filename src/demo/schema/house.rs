//! DocTypes of the institution, its branches, its people and their preferences (records §3.1–3.4).
//!
//! Knows shapes alone: not one row, and nothing of how rows are served.

use super::field::*;
use super::options::*;
use super::target::*;
use super::{Autoname, DocType, Rights};

/// One tenant.
pub static INSTITUTION_DOCTYPE: DocType = DocType {
    name: "Institution",
    autoname: Autoname::Prompt,
    child: false,
    portal_api: Rights::R,
    fields: own![
        data("title").req(),
        data("institution_code").req().unique().once(),
        select("kind", INSTITUTION_KIND).req(),
        data("registry_name"),
        int("schema_version").req(),
        data("case_series"),
        check("active").req(),
    ],
};

/// What a branch belongs to.
pub static BRANCH_DOCTYPE: DocType = DocType {
    name: "Institution Branch",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        data("branch_key").req().unique().once(),
        data("branch").req(),
        data("branch_name").req(),
        data("region").req(),
        data("zone").req().idx(),
        data("state_name").req(),
        check("active"),
    ],
};

/// Who may do what, where, until when.
pub static USER_DOCTYPE: DocType = DocType {
    name: "Portal User",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        data("user_id").req().idx().once(),
        data("user_key").req().unique().once(),
        data("email").req().idx(),
        data("display_name").req(),
        data("mobile_masked"),
        select("portal_role", ROLE).req().idx(),
        small("zones"),
        small("regions"),
        small("branches"),
        small("products"),
        check("assigned_only"),
        currency("amount_limit"),
        link("advocate", ADVOCATE).idx(),
        check("active").idx(),
        date("allowed_from_on"),
        date("allowed_until_on").idx(),
        data("deputy"),
        date("deputy_until_on"),
        data("created_by").req(),
        data("approved_by"),
        datetime("approved_at"),
        select("state", USER_STATE).req().idx(),
        datetime("last_sign_in_at"),
        datetime("sessions_valid_from_at"),
    ],
};

/// A query that somebody keeps.
pub static VIEW_DOCTYPE: DocType = DocType {
    name: "Portal Saved View",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRWD,
    fields: common![
        data("user_id").req().idx(),
        data("title").req(),
        select("entity", VIEW_ENTITY).req().idx(),
        small("query_text").req(),
        json("columns"),
        data("sort_text"),
        data("density"),
        select("shared", VIEW_SHARING).req().idx(),
        select("shared_role", ROLE),
        check("pinned"),
        data("report_cron"),
        small("report_to"),
    ],
};

/// How one person likes the portal.
pub static PREFERENCE_DOCTYPE: DocType = DocType {
    name: "Portal Preference",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        data("pref_key").req().unique().once(),
        data("user_id").req().idx(),
        select("language", UI_LANGUAGE),
        select("theme", THEME),
        data("density"),
        data("home_view"),
        json("table_state"),
        select("digest", DIGEST),
        check("reduced_motion"),
    ],
};

/// One calendar token, as its hash.
pub static FEED_DOCTYPE: DocType = DocType {
    name: "Portal Calendar Feed",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        data("token_hash").req().unique().once(),
        data("user_id").req().idx(),
        small("query_text"),
        data("title"),
        datetime("created_at"),
        datetime("revoked_at"),
        datetime("last_used_at"),
    ],
};
