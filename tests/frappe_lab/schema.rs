//! The DocTypes of the recorded site, as far as its answers show them. Must not know rows.

use odr_portal::demo::schema::{Autoname, DocType, Field, FieldType, Rights};

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

const fn required(field: Field) -> Field {
    Field { required: true, ..field }
}

const fn link(name: &'static str, target: &'static [&'static str]) -> Field {
    Field { options: target, ..field(name, FieldType::Link) }
}

const TO_CASE: &[&str] = &["Arbitration Case"];
const TO_INSTITUTION: &[&str] = &["Institution"];

static INSTITUTION: DocType = DocType {
    name: "Institution",
    autoname: Autoname::Prompt,
    child: false,
    fields: &[field("institution_name", FieldType::Data), field("city", FieldType::Data)],
    portal_api: Rights::R,
};

static CASE: DocType = DocType {
    name: "Arbitration Case",
    autoname: Autoname::Series("ARB-.YYYY.-.#####"),
    child: false,
    fields: &[
        required(field("title", FieldType::Data)),
        required(link("institution", TO_INSTITUTION)),
        Field {
            options: &["Filed", "Admitted", "Hearing", "Award Reserved", "Closed", "Withdrawn"],
            default: Some("Filed"),
            ..field("status", FieldType::Select)
        },
        Field { options: &["", "Commercial", "Consumer"], default: Some(""), ..field("case_type", FieldType::Select) },
        required(field("filed_on", FieldType::Date)),
        field("next_hearing", FieldType::Datetime),
        field("seat_time", FieldType::Time),
        field("claim_amount", FieldType::Currency),
        field("fee_pct", FieldType::Percent),
        field("days_open", FieldType::Int),
        field("score", FieldType::Float),
        field("is_urgent", FieldType::Check),
        field("arbitrator", FieldType::Data),
        Field { unique: true, ..field("external_ref", FieldType::Data) },
        field("contact_email", FieldType::Email),
        field("summary", FieldType::SmallText),
        field("details", FieldType::Html),
        field("meta_json", FieldType::Json),
        field("expected_duration", FieldType::Duration),
        field("petition", FieldType::Data),
        field("secret_pin", FieldType::Password),
        Field { permlevel: 1, ..field("internal_notes", FieldType::SmallText) },
        Field { options: &["Arbitration Case Party"], ..field("parties", FieldType::Table) },
    ],
    portal_api: Rights::CRW,
};

static PARTY: DocType = DocType {
    name: "Arbitration Case Party",
    autoname: Autoname::Hash,
    child: true,
    fields: &[
        required(field("party_name", FieldType::Data)),
        Field { options: &["Claimant", "Respondent", "Third Party"], ..field("party_role", FieldType::Select) },
        field("email", FieldType::Email),
        field("counsel", FieldType::Data),
        field("share_pct", FieldType::Percent),
    ],
    portal_api: Rights::NONE,
};

static MEMO: DocType = DocType {
    name: "Case Memo",
    autoname: Autoname::Increment,
    child: false,
    fields: &[required(link("arbitration_case", TO_CASE)), field("memo", FieldType::SmallText)],
    portal_api: Rights::CRW,
};

static HEARING: DocType = DocType {
    name: "Case Hearing",
    autoname: Autoname::Hash,
    child: false,
    fields: &[
        required(link("arbitration_case", TO_CASE)),
        Field { fetch_from: Some(("arbitration_case", "institution")), ..link("institution", TO_INSTITUTION) },
        field("hearing_at", FieldType::Datetime),
    ],
    portal_api: Rights::CRW,
};

static NOTICE: DocType = DocType {
    name: "Case Notice",
    autoname: Autoname::Series("NTC-.YY.MM.-.#####"),
    child: false,
    fields: &[
        required(link("arbitration_case", TO_CASE)),
        link("institution", TO_INSTITUTION),
        Field { options: &["Filing", "Reply", "Award"], ..field("notice_type", FieldType::Select) },
        field("sent_on", FieldType::Date),
        field("body", FieldType::Html),
        link("amended_from", &["Case Notice"]),
    ],
    portal_api: Rights { submit: true, ..Rights::CRW },
};

/// All of them.
pub fn doctypes() -> Vec<&'static DocType> {
    vec![&INSTITUTION, &CASE, &PARTY, &MEMO, &HEARING, &NOTICE]
}
