//! DocTypes of settlements, instalments, payments and costs (records §3.16).
//!
//! Knows shapes alone: not one row, and nothing of how rows are served.

use super::field::*;
use super::options::*;
use super::target::*;
use super::{Autoname, DocType, Rights};

/// An offer or counter-offer.
pub static SETTLEMENT_DOCTYPE: DocType = DocType {
    name: "Case Settlement",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        link("case_ref", CASE).req().idx().once(),
        int("seq").req(),
        link("counter_to", SETTLEMENT),
        select("offered_by", OFFER_SIDE).req().idx().once(),
        select("kind", SETTLEMENT_KIND).req().once(),
        select("state", SETTLEMENT_STATE).req().idx(),
        currency("amount").req().once(),
        currency("dues_at_offer").req().once(),
        percent("waiver_pct").derived(),
        int("grid_level").derived(),
        datetime("offered_at").req(),
        date("valid_until_on").idx(),
        date("accepted_on"),
        data("month").idx().derived(),
        currency("paid_amount").derived(),
        int("instalments_due").derived(),
        int("instalments_kept").derived(),
        int("instalments_broken").derived(),
        date("next_instalment_on").idx().derived(),
        link("approval", APPROVAL),
        link("document", DOCUMENT),
        small("terms_text"),
    ],
};

/// One instalment of an accepted settlement.
pub static INSTALMENT_DOCTYPE: DocType = DocType {
    name: "Settlement Instalment",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        link("settlement", SETTLEMENT).req().idx().once(),
        link("case_ref", CASE).req().idx().once(),
        int("seq").req(),
        date("due_on").req().idx(),
        currency("amount").req(),
        currency("paid_amount").derived(),
        date("paid_on").derived(),
        select("state", INSTALMENT_STATE).req().idx(),
        data("month").idx().derived(),
    ],
};

/// Money that came in.
pub static PAYMENT_DOCTYPE: DocType = DocType {
    name: "Case Payment",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        link("case_ref", CASE).req().idx().once(),
        date("paid_on").req().idx(),
        currency("amount").req(),
        select("mode", PAYMENT_MODE).req(),
        data("utr").idx(),
        data("utr_key").unique(),
        currency("to_principal"),
        currency("to_interest"),
        currency("to_costs"),
        link("settlement", SETTLEMENT),
        link("instalment", INSTALMENT),
        link("proof_doc", DOCUMENT),
        select("state", PAYMENT_STATE).req().idx(),
        check("counted").req().idx().derived(),
        data("confirmed_by"),
        data("filing_month").idx().derived(),
        int("since_filing_30").idx().derived(),
        data("month").idx().derived(),
    ],
};

/// Money that went out.
pub static COST_DOCTYPE: DocType = DocType {
    name: "Case Cost",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        link("case_ref", CASE).req().idx().once(),
        select("kind", COST_KIND).req().idx(),
        currency("amount").req(),
        date("incurred_on").req().idx(),
        data("month").idx().derived(),
        select("state", COST_STATE).req().idx(),
        data("payee"),
        data("invoice_no").idx(),
        link("hearing", HEARING),
        link("campaign", CAMPAIGN),
        link("document", DOCUMENT),
        check("verified").idx().derived(),
    ],
};
