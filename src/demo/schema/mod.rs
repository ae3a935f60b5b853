//! The DocTypes of `records.md` as data: what the simulated Frappe keeps, checks and answers with.
//!
//! Knows shapes, not rows: nothing here is generated or served. Frappe's standard columns are left to whoever serves.

pub mod case;
mod field;
pub mod governance;
pub mod house;
pub mod money;
pub mod notices;
pub mod options;
mod options_work;
pub mod papers;
pub mod party;
mod target;
pub mod tribunal;
pub mod work;

#[cfg(test)]
mod tests;

/// One DocType.
#[derive(Debug)]
pub struct DocType {
    /// Its name, as in `/api/resource/{name}`.
    pub name: &'static str,
    /// How rows get their names.
    pub autoname: Autoname,
    /// Whether it is a child table, read only with its parent.
    pub child: bool,
    /// Its own fields, without Frappe's standard columns.
    pub fields: &'static [Field],
    /// What the role `Portal API` may do with it.
    pub portal_api: Rights,
}

/// How rows of a DocType get their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Autoname {
    /// Ten random characters of `0-9 a-z`.
    Hash,
    /// The creator gives it.
    Prompt,
    /// The next whole number; JSON shows it as a number, and none is given twice.
    Increment,
    /// A series such as `ARB-.YYYY.-.#####`.
    Series(&'static str),
}

/// What a role may do with a DocType.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// Create rows.
    pub create: bool,
    /// Read rows.
    pub read: bool,
    /// Change rows.
    pub write: bool,
    /// Delete rows.
    pub delete: bool,
    /// Submit, cancel and amend rows.
    pub submit: bool,
}

impl Rights {
    /// Nothing; a child table's rights are its parent's.
    pub const NONE: Self = Self { create: false, read: false, write: false, delete: false, submit: false };
    /// Read alone.
    pub const R: Self = Self { read: true, ..Self::NONE };
    /// Read and change.
    pub const RW: Self = Self { write: true, ..Self::R };
    /// Append only.
    pub const CR: Self = Self { create: true, ..Self::R };
    /// Create, read and change.
    pub const CRW: Self = Self { create: true, ..Self::RW };
    /// The same, and delete: casework keeps it to drafts.
    pub const CRWD: Self = Self { delete: true, ..Self::CRW };
}

/// One field of a DocType.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its Frappe type.
    pub kind: FieldType,
    /// Whether a row without it is refused.
    pub required: bool,
    /// Whether two rows may not share a (non-empty) value.
    pub unique: bool,
    /// Whether it has an index of its own.
    pub indexed: bool,
    /// Whether it is never altered once set. Casework holds it; the upstream holds it for `institution` alone.
    pub set_once: bool,
    /// Whether it follows from other fields or records.
    pub derived: bool,
    /// Whether every row that the portal writes carries it: `required`, or mandatory and derived (the upstream does not
    /// refuse a row without it).
    pub filled: bool,
    /// Select: the codes; Link and Table: the DocType; otherwise empty.
    pub options: &'static [&'static str],
    /// What a new row holds where its creator says nothing.
    pub default: Option<&'static str>,
    /// 0, or a level that only the Administrator reads and writes.
    pub permlevel: u8,
    /// A Link field of this DocType, and the field of the row it names whose value is taken over.
    pub fetch_from: Option<(&'static str, &'static str)>,
}

/// Every DocType, in the order of records §3; the child tables stand last.
pub static DOCTYPES: &[&DocType] = &[
    &house::INSTITUTION_DOCTYPE,
    &house::BRANCH_DOCTYPE,
    &house::USER_DOCTYPE,
    &house::VIEW_DOCTYPE,
    &house::PREFERENCE_DOCTYPE,
    &house::FEED_DOCTYPE,
    &governance::POLICY_DOCTYPE,
    &governance::RULE_DOCTYPE,
    &governance::AUDIT_DOCTYPE,
    &governance::JOB_DOCTYPE,
    &governance::SNAPSHOT_DOCTYPE,
    &case::CASE_DOCTYPE,
    &party::PARTY_DOCTYPE,
    &party::PARTICULAR_DOCTYPE,
    &party::SERVICE_DOCTYPE,
    &tribunal::CLOCK_DOCTYPE,
    &tribunal::HEARING_DOCTYPE,
    &papers::DOCUMENT_DOCTYPE,
    &tribunal::APPOINTMENT_DOCTYPE,
    &tribunal::ORDER_DOCTYPE,
    &papers::DEFECT_DOCTYPE,
    &money::SETTLEMENT_DOCTYPE,
    &money::INSTALMENT_DOCTYPE,
    &money::PAYMENT_DOCTYPE,
    &money::COST_DOCTYPE,
    &papers::PROCEEDING_DOCTYPE,
    &work::TASK_DOCTYPE,
    &work::COMMENT_DOCTYPE,
    &work::EVENT_DOCTYPE,
    &work::APPROVAL_DOCTYPE,
    &tribunal::ADVOCATE_DOCTYPE,
    &tribunal::ARBITRATOR_DOCTYPE,
    &work::BATCH_DOCTYPE,
    &work::BATCH_ROW_DOCTYPE,
    &notices::TEMPLATE_DOCTYPE,
    &notices::CAMPAIGN_DOCTYPE,
    &notices::RECIPIENT_DOCTYPE,
    &notices::DELIVERY_DOCTYPE,
    &notices::DELIVERY_EVENT_DOCTYPE,
    &tribunal::ATTENDEE_DOCTYPE,
    &notices::STEP_DOCTYPE,
];

/// The DocType of this name.
pub fn doctype(name: &str) -> Option<&'static DocType> {
    DOCTYPES.iter().find(|doctype| doctype.name == name).copied()
}

impl DocType {
    /// Its own field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Whether its rows are submitted: Frappe gives such DocTypes, and no others, this field.
    pub fn is_submittable(&self) -> bool {
        self.field("amended_from").is_some()
    }
}

/// The Frappe field types that the records use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A line of at most 140 characters.
    Data,
    /// The name of a row of another DocType.
    Link,
    /// One of a set of codes.
    Select,
    /// A longer text.
    SmallText,
    /// A long text.
    LongText,
    /// A JSON text.
    Json,
    /// A whole number of 32 bits.
    Int,
    /// A decimal number.
    Float,
    /// A decimal number meant as per cent.
    Percent,
    /// Rupees, `decimal(21,9)`.
    Currency,
    /// 0 or 1.
    Check,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM-DD HH:MM:SS`, naive, in the site's zone.
    Datetime,
    /// A time of day; a new row without one gets the current time.
    Time,
    /// Seconds.
    Duration,
    /// A line that must be an e-mail address.
    Email,
    /// A text with markup, sanitised on its way in.
    Html,
    /// A secret: the row keeps as many asterisks.
    Password,
    /// Rows of a child DocType.
    Table,
}
