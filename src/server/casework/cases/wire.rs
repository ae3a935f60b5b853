//! A case as Frappe writes it, and its one way into the model.

use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::{
    model::{CaseId, CaseRow, CursorValue, Day, Inr},
    registry::Tenant,
    server::{
        casework::{columns::inr, site_time},
        frappe::Record,
    },
};

/// The columns that casework may filter, sort and sum by.
pub mod column {
    use crate::server::frappe::Field;

    pub const NAME: Field = Field::new("name");
    pub const STAGE: Field = Field::new("stage");
    pub const STATUS: Field = Field::new("status");
    pub const PRODUCT: Field = Field::new("product");
    pub const ZONE: Field = Field::new("zone");
    pub const BRANCH: Field = Field::new("branch");
    pub const LEGAL_OWNER: Field = Field::new("legal_owner");
    pub const BUCKET: Field = Field::new("bucket");
    pub const HOLD: Field = Field::new("hold");
    pub const FULLY_SERVED: Field = Field::new("fully_served");
    pub const AWARD_ON: Field = Field::new("award_on");
    pub const AWARD_DUE: Field = Field::new("s29a_due_on");
    pub const LIMITATION: Field = Field::new("limitation_on");
    pub const FILED_ON: Field = Field::new("filed_on");
    pub const CLOSED_ON: Field = Field::new("closed_on");
    pub const REGISTERED_ON: Field = Field::new("registered_on");
    pub const STAGE_SINCE: Field = Field::new("stage_since_on");
    pub const CHALLENGE_DUE: Field = Field::new("s34_due_on");
    pub const AWARD: Field = Field::new("award_total");
    pub const OUTCOME: Field = Field::new("outcome");
    pub const BAND: Field = Field::new("enforceability_band");
    pub const MISSING: Field = Field::new("missing_items");
    pub const ARBITRATOR: Field = Field::new("arbitrator");
    pub const ADVOCATE: Field = Field::new("advocate");
    pub const AWARD_DAYS: Field = Field::new("award_days");
    pub const LAST_BUCKET: Field = Field::new("bucket_last_month");
    pub const CLOSED_MONTH: Field = Field::new("closed_month");
    pub const SERVICE_STATUS: Field = Field::new("service_status");
    pub const IS_OPEN: Field = Field::new("is_open");
    pub const DUES: Field = Field::new("total_dues");
    pub const CLAIM: Field = Field::new("claim_basis_amount");
    pub const REALISED: Field = Field::new("realised_amount");
    pub const DPD: Field = Field::new("dpd");
    pub const NEXT_DUE: Field = Field::new("next_due_on");
    pub const NEXT_HEARING: Field = Field::new("next_hearing_at");
    pub const CASE_ID: Field = Field::new("case_id");
    pub const MODIFIED: Field = Field::new("modified");
    pub const LAN: Field = Field::new("lan");
    pub const SEARCH_TEXT: Field = Field::new("search_text");
}

/// One row of the case list as the upstream sends it.
#[derive(Clone, Debug, Deserialize)]
pub struct CaseRecord {
    pub name: String,
    institution: String,
    #[serde(default)]
    modified: Option<String>,
    #[serde(default)]
    case_id: Option<String>,
    #[serde(default)]
    draft_no: Option<String>,
    #[serde(default)]
    lan: Option<String>,
    #[serde(default)]
    title_text: Option<String>,
    #[serde(default)]
    respondent_count: Option<u32>,
    #[serde(default)]
    product: Option<String>,
    #[serde(default)]
    zone: Option<String>,
    #[serde(default)]
    branch: Option<String>,
    #[serde(default)]
    stage: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    stage_since_on: Option<String>,
    #[serde(default)]
    hold: Option<String>,
    #[serde(default)]
    claim_basis_amount: Option<f64>,
    #[serde(default)]
    total_dues: Option<f64>,
    #[serde(default)]
    dpd: Option<i64>,
    #[serde(default)]
    bucket: Option<String>,
    #[serde(default)]
    next_hearing_at: Option<String>,
    #[serde(default)]
    next_due_on: Option<String>,
    #[serde(default)]
    next_due_code: Option<String>,
    #[serde(default)]
    service_status: Option<String>,
    #[serde(default)]
    legal_owner: Option<String>,
}

macro_rules! fields_with {
    ($($more:literal),*) => {
        &[
            "name", "institution", "modified", "case_id", "draft_no", "lan", "respondent_count", "product", "zone", "branch",
            "stage", "status", "stage_since_on", "hold", "claim_basis_amount", "total_dues", "dpd", "bucket", "next_hearing_at",
            "next_due_on", "next_due_code", "service_status", "legal_owner", $($more),*
        ]
    };
}

impl Record for CaseRecord {
    const DOCTYPE: &'static str = "Arbitration Case";
    const FIELDS: &'static [&'static str] = fields_with!("title_text");

    fn institution(&self) -> &str {
        &self.institution
    }
}

/// The same row for roles that may not see borrowers: the name is not asked for, so it cannot reach the browser.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Nameless(CaseRecord);

impl Record for Nameless {
    const DOCTYPE: &'static str = CaseRecord::DOCTYPE;
    const FIELDS: &'static [&'static str] = fields_with!();

    fn institution(&self) -> &str {
        self.0.institution()
    }
}

impl From<Nameless> for CaseRecord {
    fn from(row: Nameless) -> Self {
        row.0
    }
}

impl CaseRecord {
    /// The registry's number, or the draft number while there is none.
    pub fn number(&self) -> String {
        let registered = self.case_id.clone().filter(|number| !number.is_empty());
        registered.or_else(|| self.draft_no.clone()).unwrap_or_default()
    }

    /// The lead respondent, where names were asked for.
    pub fn respondent(&self) -> Option<String> {
        self.title_text.clone()
    }

    /// The row's value in a sort column, for a cursor.
    pub fn cursor_value(&self, column: crate::model::CaseSort) -> CursorValue {
        use crate::model::CaseSort;
        let text = |value: &Option<String>| value.clone().filter(|text| !text.is_empty()).map_or(CursorValue::Absent, CursorValue::Text);
        let amount = |value: Option<f64>| CursorValue::Amount(value.and_then(|rupees| inr(rupees).ok()).unwrap_or(Inr::ZERO));
        match column {
            CaseSort::NextDue => day(&self.next_due_on).map_or(CursorValue::Absent, CursorValue::Day),
            CaseSort::NextHearing => text(&self.next_hearing_at),
            CaseSort::Dues => amount(self.total_dues),
            CaseSort::Claim => amount(self.claim_basis_amount),
            CaseSort::Dpd => CursorValue::Number(self.dpd.unwrap_or(0)),
            CaseSort::Stage => text(&self.stage),
            CaseSort::Number => text(&self.case_id),
            CaseSort::Modified => text(&self.modified),
        }
    }

    /// The row in the model's terms. A row whose name or amounts cannot be what the upstream keeps is left out and logged:
    /// better a row short than a wrong figure.
    pub fn into_row(self, site: &TimeZone, tenant: &Tenant) -> Option<CaseRow> {
        let id = CaseId::parse(&self.name);
        let amounts = (inr(self.claim_basis_amount.unwrap_or(0.0)), inr(self.total_dues.unwrap_or(0.0)));
        let (Some(id), (Ok(claim), Ok(dues))) = (id, amounts) else {
            tracing::error!("a case record has an unusable name or amount and is not shown");
            return None;
        };
        let number = self.number();
        Some(CaseRow {
            id,
            draft: self.case_id.is_none_or(|registered| registered.is_empty()),
            number,
            lan: self.lan.unwrap_or_default(),
            respondent: self.title_text,
            respondent_count: self.respondent_count.unwrap_or(0),
            product: self.product.unwrap_or_default().into(),
            zone: self.zone.unwrap_or_default(),
            branch: self.branch.unwrap_or_default(),
            stage: self.stage.unwrap_or_default().into(),
            status: self.status.unwrap_or_default().into(),
            stage_since: day(&self.stage_since_on),
            hold: self.hold.unwrap_or_default().into(),
            claim,
            dues,
            dpd: u32::try_from(self.dpd.unwrap_or(0)).unwrap_or(0),
            bucket: self.bucket.unwrap_or_default().into(),
            next_hearing: self.next_hearing_at.as_deref().and_then(|text| site_time::instant(text, site, tenant)),
            next_due: day(&self.next_due_on),
            next_due_code: self.next_due_code.unwrap_or_default(),
            service: self.service_status.unwrap_or_default().into(),
            legal_owner: self.legal_owner.unwrap_or_default(),
        })
    }
}

fn day(text: &Option<String>) -> Option<Day> {
    Day::parse(text.as_deref()?)
}
