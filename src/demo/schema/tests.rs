//! The rules of records §1 that names, types and counts must hold.

use std::collections::HashSet;

use super::{Autoname, DOCTYPES, FieldType, doctype, options};
use crate::model::{
    self,
    transition::{Effect, Transition},
};

/// Standard columns, Document methods and words of SQL, as records §1.4 names them.
const FORBIDDEN: &[&str] = &[
    "name",
    "owner",
    "creation",
    "modified",
    "modified_by",
    "docstatus",
    "idx",
    "parent",
    "parentfield",
    "parenttype",
    "doctype",
    "get",
    "set",
    "update",
    "append",
    "extend",
    "remove",
    "insert",
    "save",
    "submit",
    "cancel",
    "delete",
    "discard",
    "rename",
    "lock",
    "unlock",
    "reload",
    "meta",
    "flags",
    "hook",
    "case",
    "key",
    "order",
    "group",
    "rows",
    "rank",
    "from",
    "to",
    "read",
    "condition",
    "range",
    "window",
    "limit",
    "values",
];

#[test]
fn there_are_thirty_nine_doctypes_and_two_child_tables() {
    let children = DOCTYPES.iter().filter(|doctype| doctype.child).count();
    assert_eq!((DOCTYPES.len(), children), (41, 2));
    let names: HashSet<_> = DOCTYPES.iter().map(|doctype| doctype.name).collect();
    assert_eq!(names.len(), 41);
}

#[test]
fn field_names_are_snake_case_short_and_not_forbidden() {
    for doctype in DOCTYPES {
        let mut seen = HashSet::new();
        for field in doctype.fields {
            let at = format!("{}.{}", doctype.name, field.name);
            assert!(seen.insert(field.name), "{at} stands twice");
            assert!(field.name.len() <= 61, "{at}");
            assert!(field.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{at}");
            assert!(!FORBIDDEN.contains(&field.name), "{at}");
        }
    }
}

#[test]
fn no_table_is_too_wide_for_the_database() {
    for doctype in DOCTYPES {
        let varchars = doctype.fields.iter().filter(|f| matches!(f.kind, FieldType::Data | FieldType::Link | FieldType::Select)).count();
        let indexes = doctype.fields.iter().filter(|f| f.indexed || f.unique).count();
        assert!(varchars <= 90 && indexes <= 40, "{}: {varchars} varchar columns, {indexes} indexes", doctype.name);
    }
}

#[test]
fn every_select_has_codes_and_every_link_a_target() {
    for doctype in DOCTYPES {
        for field in doctype.fields {
            let at = format!("{}.{}", doctype.name, field.name);
            match field.kind {
                FieldType::Select => {
                    assert!(!field.options.is_empty(), "{at}");
                    assert_eq!(field.options.iter().collect::<HashSet<_>>().len(), field.options.len(), "{at}");
                    assert!(field.options.iter().all(|code| !code.is_empty()), "{at}");
                }
                FieldType::Link | FieldType::Table => {
                    let target = super::doctype(field.options[0]).unwrap_or_else(|| panic!("{at} points nowhere"));
                    assert_eq!((field.options.len(), target.child), (1, field.kind == FieldType::Table), "{at}");
                }
                _ => assert!(field.options.is_empty(), "{at}"),
            }
            assert!(!(field.indexed || field.unique) || !is_long(field.kind), "{at}: a long text is never indexed");
            assert!(!field.required || field.filled && !field.derived, "{at}");
        }
    }
}

fn is_long(kind: FieldType) -> bool {
    matches!(kind, FieldType::SmallText | FieldType::LongText | FieldType::Json | FieldType::Table)
}

#[test]
fn every_doctype_but_the_institution_and_the_children_names_its_institution() {
    for doctype in DOCTYPES {
        let shared = doctype.child || doctype.autoname == Autoname::Prompt;
        assert_eq!(doctype.field("institution").is_some_and(|field| field.required && field.indexed), !shared, "{}", doctype.name);
        assert_eq!(doctype.field("idem_key").is_some_and(|field| field.unique), !shared, "{}", doctype.name);
    }
}

#[test]
fn the_case_has_the_fields_tried_on_a_real_server_and_no_more_indexes() {
    let case = doctype("Arbitration Case").unwrap();
    let indexes = case.fields.iter().filter(|field| field.indexed || field.unique).count();
    assert_eq!(case.fields.len(), 153);
    assert!(indexes <= 39, "{indexes}");
}

#[test]
fn the_portal_never_appoints_deletes_history_or_rewrites_it() {
    let rights = |name: &str| doctype(name).unwrap().portal_api;
    for name in ["Case Appointment", "Tribunal Arbitrator", "Institution"] {
        assert!(!rights(name).create && !rights(name).write && !rights(name).delete, "{name}");
    }
    for name in ["Portal Audit Event", "Case Event", "Case Comment", "Notice Delivery Event"] {
        assert!(rights(name).create && !rights(name).write && !rights(name).delete, "{name}");
    }
    assert!(DOCTYPES.iter().filter(|doctype| doctype.portal_api.delete).count() == 6);
}

#[test]
fn the_option_sets_are_those_that_the_model_decides_by() {
    macro_rules! same {
        ($($set:ident = $options:ident;)+) => {
            $(assert_eq!(model::$set::ALL.iter().map(model::$set::code).collect::<Vec<_>>(), options::$options, stringify!($set));)+
        };
    }
    same! {
        Stage = STAGE;
        Status = STATUS;
        Hold = HOLD;
        Product = PRODUCT;
        Bucket = BUCKET;
        ServiceStatus = SERVICE_STATUS;
        Outcome = OUTCOME;
        SettlementTrack = SETTLEMENT_TRACK;
        InterimTrack = INTERIM_TRACK;
        ServiceState = SERVICE_STATE;
        NoticeType = NOTICE_TYPE;
        ConsentBasis = CONSENT_BASIS;
        Actor = ACTOR;
        ApprovalKind = APPROVAL_KIND;
        ReturnReason = RETURN_REASON;
        TaskKind = TASK_KIND;
        EventKind = EVENT_KIND;
        ClockCode = CLOCK;
        ClockState = CLOCK_STATE;
        ClockSide = CLOCK_SIDE;
    }
    let case = doctype("Arbitration Case").unwrap();
    let dates = Transition::all().flat_map(|row| row.effects).filter_map(|effect| match effect {
        Effect::SetDate(date) | Effect::ClearDate(date) => Some(date.field()),
        _ => None,
    });
    for date in dates {
        assert!(case.fields.iter().any(|field| field.name == date && field.kind == FieldType::Date), "{date}");
    }
}
