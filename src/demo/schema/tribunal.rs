//! DocTypes of clocks, hearings, appointments, orders, and who sits or pleads (records §3.11, §3.12, §3.14, §3.15).
//!
//! Knows shapes alone: not one row, and nothing of how rows are served.

use super::field::*;
use super::options::*;
use super::target::*;
use super::{Autoname, DocType, Rights};

/// One running or ended period, with why.
pub static CLOCK_DOCTYPE: DocType = DocType {
    name: "Case Clock",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        data("clock_key").req().unique().once(),
        link("case_ref", CASE).req().idx().once(),
        link("party", PARTY).idx().once(),
        data("party_label").derived(),
        link("proceeding", PROCEEDING),
        select("clock", CLOCK).req().idx().once(),
        data("start_event").req(),
        data("start_type").req(),
        data("start_name").req(),
        date("starts_on").req(),
        date("due_on").req().idx(),
        data("length_text").req(),
        data("rule_code").req(),
        small("rule_text").req(),
        select("state", CLOCK_STATE).req().idx(),
        date("ended_on"),
        data("ended_by_event"),
        link("extended_doc", DOCUMENT),
        int("warned_level"),
        select("owner_side", CLOCK_SIDE).req().idx(),
    ],
};

/// A hearing: recorded by the tribunal, reported by the institution.
pub static HEARING_DOCTYPE: DocType = DocType {
    name: "Case Hearing",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        link("case_ref", CASE).req().idx().once(),
        data("case_id").derived(),
        data("title_text").derived(),
        data("lan").derived(),
        int("seq").req(),
        select("hearing_type", HEARING_TYPE).req().idx(),
        small("purpose"),
        datetime("starts_at").req().idx(),
        date("starts_on").req().idx().derived(),
        int("minutes").req(),
        select("mode", HEARING_MODE).req(),
        small("room_url"),
        small("place_text"),
        link("arbitrator", ARBITRATOR).idx(),
        data("arbitrator_name").idx(),
        select("status", HEARING_STATUS).req().idx(),
        check("confirmed"),
        select("outcome", HEARING_OUTCOME).idx(),
        data("recorded_by"),
        datetime("recorded_at"),
        select("reported_outcome", HEARING_OUTCOME).idx(),
        data("reported_by"),
        datetime("reported_at"),
        small("reported_text"),
        check("outcome_differs").idx().derived(),
        select("adjourned_by", ADJOURNED_BY).idx(),
        select("adjourned_reason", ADJOURNED_REASON),
        data("next_purpose"),
        datetime("next_at"),
        link("next_hearing", HEARING),
        link("previous_hearing", HEARING),
        link("order_doc", DOCUMENT),
        check("prepared").idx().derived(),
        json("checklist"),
        data("month").idx().derived(),
        check("appearance_claimed"),
        check("appearance_verified"),
        data("ics_uid").unique().once(),
        int("ics_sequence").req(),
        table("attendance", HEARING_ATTENDEE),
    ],
};

/// Who was there; a row of a hearing.
pub static ATTENDEE_DOCTYPE: DocType = DocType {
    name: "Hearing Attendee",
    autoname: Autoname::Hash,
    child: true,
    portal_api: Rights::NONE,
    fields: own![
        link("party", PARTY),
        select("attendee_role", ATTENDEE_ROLE),
        select("present", PRESENCE),
        datetime("joined_at"),
        datetime("left_at"),
        select("source", ATTENDANCE_SOURCE),
    ],
};

/// One arbitrator proposed or appointed.
pub static APPOINTMENT_DOCTYPE: DocType = DocType {
    name: "Case Appointment",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::R,
    fields: common![
        link("case_ref", CASE).req().idx().once(),
        link("arbitrator", ARBITRATOR).req().idx().once(),
        data("arbitrator_name").req(),
        int("seq").req().once(),
        select("state", APPOINTMENT_STATE).req().idx(),
        check("is_current").req().idx(),
        select("appointment_mode", APPOINTMENT_MODE).req(),
        select("consent_basis", CONSENT_BASIS).req().idx(),
        data("appointed_by"),
        data("tribunal_institution"),
        date("proposed_on"),
        date("disclosed_on"),
        date("appointed_on"),
        date("ended_on"),
        link("disclosure_doc", DOCUMENT),
        link("consent_doc", DOCUMENT),
        link("order_doc", DOCUMENT),
        link("clause_doc", DOCUMENT),
        int("repeat_count_3y"),
        data("challenge_by"),
        date("challenge_on"),
        data("challenge_result"),
        small("ended_reason"),
    ],
};

/// An arbitrator as the registry knows them.
pub static ARBITRATOR_DOCTYPE: DocType = DocType {
    name: "Tribunal Arbitrator",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::R,
    fields: common![
        data("arbitrator_name").req(),
        data("registration_no"),
        small("languages"),
        data("city"),
        check("active"),
        int("cases_open").derived(),
        int("cases_3y").derived(),
        small("disclosure_text"),
    ],
};

/// Outside counsel.
pub static ADVOCATE_DOCTYPE: DocType = DocType {
    name: "Panel Advocate",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: common![
        data("advocate_name").req().idx(),
        data("firm"),
        data("enrolment_no"),
        data("email"),
        data("mobile_masked"),
        small("cities"),
        small("forums"),
        currency("fee_per_appearance"),
        date("empanelled_on"),
        date("empanelled_until_on"),
        check("active").idx(),
    ],
};

/// An order or award. Casework writes `received_on` alone.
pub static ORDER_DOCTYPE: DocType = DocType {
    name: "Case Order",
    autoname: Autoname::Hash,
    child: false,
    portal_api: Rights::CRW,
    fields: scoped![
        link("case_ref", CASE).req().idx().once(),
        select("kind", ORDER_KIND).req().idx(),
        check("is_award").idx(),
        check("in_force"),
        check("ex_parte"),
        check("by_consent"),
        date("order_on").req().idx(),
        data("month").req().idx().derived(),
        link("arbitrator", ARBITRATOR).idx(),
        currency("principal"),
        currency("interest"),
        currency("costs"),
        currency("total"),
        percent("interest_pct"),
        date("interest_from_on"),
        check("stamp_paid"),
        check("within_s29a").derived(),
        long("operative_text"),
        link("document", DOCUMENT),
        link("corrects", ORDER),
        link("proceeding", PROCEEDING),
        date("received_on"),
    ],
};
