//! DocTypes of parties, their particulars and the service of notices on them (records §3.9–3.10).
//!
//! Knows shapes alone: not one row, and nothing of how rows are served.

use super::field::*;
use super::options::*;
use super::target::*;
use super::{Autoname, DocType, Rights};

/// A person or body in a case.
pub static PARTY_DOCTYPE: DocType = DocType {
    name: "Case Party",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        link("case_ref", CASE).req().idx().once(),
        int("seq").req(),
        select("party_role", PARTY_ROLE).req().idx(),
        check("must_be_served").req().idx(),
        data("party_name").req().idx(),
        small("name_full"),
        small("name_local"),
        select("entity_type", BORROWER_TYPE).req(),
        data("gender"),
        data("age_band"),
        select("alive", ALIVE).req(),
        date("died_on"),
        select("language", LANGUAGE),
        select("preferred_channel", CHANNEL),
        check("whatsapp_opt_in"),
        data("counsel_name"),
        data("mobile_masked").derived(),
        data("email_masked").derived(),
        data("pan_masked").derived(),
        data("account_masked").derived(),
        data("mobile_last4").idx().derived(),
        data("mobile_hash").idx().derived(),
        data("email_hash").idx().derived(),
        check("has_mobile").derived(),
        check("has_email").derived(),
        check("has_address").derived(),
        data("city").derived(),
        data("state_name").derived(),
        data("pincode").derived(),
        select("address_state", ADDRESS_STATE).req().derived(),
    ],
};

/// A full value, kept apart from what lists read.
pub static PARTICULAR_DOCTYPE: DocType = DocType {
    name: "Party Particular",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        link("case_ref", CASE).req().idx().once(),
        link("party", PARTY).req().idx().once(),
        select("kind", PARTICULAR_KIND).req().idx().once(),
        small("value_text").req(),
        data("value_masked").req().derived(),
        data("last4").idx().derived(),
        data("value_hash").idx().derived(),
        select("address_kind", ADDRESS_KIND),
        data("pincode").idx(),
        check("is_primary"),
        check("verified"),
        check("active"),
        select("source", PARTICULAR_SOURCE),
        select("delivery_state", PARTICULAR_STATE).req().derived(),
        date("last_ok_on").derived(),
        date("last_failed_on").derived(),
        int("duplicate_count").derived(),
    ],
};

/// One cell of the service matrix.
pub static SERVICE_DOCTYPE: DocType = DocType {
    name: "Case Service",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        data("service_key").req().unique().once(),
        link("case_ref", CASE).req().idx().once(),
        link("party", PARTY).req().idx().once(),
        int("party_seq").req().once(),
        int("round").req().once(),
        select("notice_type", NOTICE_TYPE).req().idx().once(),
        check("required").req().idx(),
        select("state", SERVICE_STATE).req().idx().derived(),
        check("counts_served").req().idx().derived(),
        date("served_on").derived(),
        date("due_on").idx().derived(),
        data("served_month").idx().derived(),
        link("best_delivery", DELIVERY).derived(),
        select("best_channel", CHANNEL).idx().derived(),
        select("evidence_kind", EVIDENCE_KIND),
        link("proof_doc", DOCUMENT),
        int("proofs_needed").derived(),
        int("proofs_on_file").derived(),
        link("rule", RULE).derived(),
        small("rule_text").derived(),
        data("decided_by"),
        link("approval", APPROVAL),
        int("attempt_count").derived(),
        data("tried_channels").derived(),
        small("dispute_text"),
        int("paid_days_after").derived(),
    ],
};
