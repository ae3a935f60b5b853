//! The DocTypes of `records.md` as data: what the simulated Frappe keeps, checks and answers with.
//!
//! Knows shapes, not rows: nothing here is generated or served.

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
}

/// One field of a DocType.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its Frappe type.
    pub kind: FieldType,
    /// Whether a row without it is refused.
    pub required: bool,
    /// Whether two rows may not share a (non-empty) value.
    pub unique: bool,
    /// Select: the codes; Link and Table: the DocType; otherwise empty.
    pub options: &'static [&'static str],
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
    /// Rows of a child DocType.
    Table,
}
