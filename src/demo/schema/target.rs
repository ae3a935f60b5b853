//! The DocTypes that Links and Tables point to, one name each.

/// To `Panel Advocate`.
pub const ADVOCATE: &[&str] = &["Panel Advocate"];

/// To `Case Approval`.
pub const APPROVAL: &[&str] = &["Case Approval"];

/// To `Tribunal Arbitrator`.
pub const ARBITRATOR: &[&str] = &["Tribunal Arbitrator"];

/// To `Portal Batch`.
pub const BATCH: &[&str] = &["Portal Batch"];

/// To `Notice Campaign`.
pub const CAMPAIGN: &[&str] = &["Notice Campaign"];

/// To `Arbitration Case`.
pub const CASE: &[&str] = &["Arbitration Case"];

/// To `Case Comment`.
pub const COMMENT: &[&str] = &["Case Comment"];

/// To `Notice Delivery`.
pub const DELIVERY: &[&str] = &["Notice Delivery"];

/// To `Case Document`.
pub const DOCUMENT: &[&str] = &["Case Document"];

/// To `Case Hearing`.
pub const HEARING: &[&str] = &["Case Hearing"];

/// To `Settlement Instalment`.
pub const INSTALMENT: &[&str] = &["Settlement Instalment"];

/// To `Institution`.
pub const INSTITUTION: &[&str] = &["Institution"];

/// To `Case Order`.
pub const ORDER: &[&str] = &["Case Order"];

/// To `Party Particular`.
pub const PARTICULAR: &[&str] = &["Party Particular"];

/// To `Case Party`.
pub const PARTY: &[&str] = &["Case Party"];

/// To `Case Proceeding`.
pub const PROCEEDING: &[&str] = &["Case Proceeding"];

/// To `Notice Recipient`.
pub const RECIPIENT: &[&str] = &["Notice Recipient"];

/// To `Service Rule`.
pub const RULE: &[&str] = &["Service Rule"];

/// To `Case Service`.
pub const SERVICE: &[&str] = &["Case Service"];

/// To `Case Settlement`.
pub const SETTLEMENT: &[&str] = &["Case Settlement"];

/// To `Notice Template`.
pub const TEMPLATE: &[&str] = &["Notice Template"];

/// To the child table `Hearing Attendee`.
pub const HEARING_ATTENDEE: &[&str] = &["Hearing Attendee"];

/// To the child table `Campaign Step`.
pub const CAMPAIGN_STEP: &[&str] = &["Campaign Step"];
