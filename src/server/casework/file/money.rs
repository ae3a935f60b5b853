//! What a person may do about a payment or an offer: the way to its form, only where they may.
//!
//! Must not know how it is done: whether it may be done is judged again when it is.

use super::{
    Found,
    wire::{PaymentRecord, SettlementRecord},
};
use crate::model::Permission;

/// The ways from the case's money.
pub struct MoneyDeeds<'a> {
    /// The case, for the person who asks.
    pub found: &'a Found,
    /// The number of its newest offer: an older one does not stand any more.
    pub last_offer: Option<i64>,
}

impl MoneyDeeds<'_> {
    fn form(&self, words: &str, deed: &str, record: &str) -> Option<(String, String)> {
        Some((words.to_owned(), format!("/cases/{}/do/{deed}?on={record}", self.found.id.as_str())))
    }

    /// What may be done about a payment.
    pub fn on_payment(&self, row: &PaymentRecord) -> Option<(String, String)> {
        let person = &self.found.grant.principal;
        let others = row.made_by != person.user_id;
        match row.state.as_str() {
            "RECORDED" if person.role.allows(Permission::ConfirmPayment) && others => self.form("Confirm", "confirm-payment", &row.name),
            "RECORDED" | "CONFIRMED" if person.role.allows(Permission::ReversePayment) => {
                self.form("Reverse", "reverse-payment", &row.name)
            }
            _ => None,
        }
    }

    /// What may be done about an offer.
    pub fn on_offer(&self, row: &SettlementRecord) -> Option<(String, String)> {
        let stands = self.last_offer == Some(row.seq) && matches!(row.state.as_str(), "OFFERED" | "COUNTERED");
        if !stands || !self.found.grant.principal.role.allows(Permission::OfferSettlement) {
            return None;
        }
        match row.offered_by.as_str() {
            "CLAIMANT" => self.form("Withdraw", "withdraw-offer", &row.name),
            "RESPONDENT" => self.form("Reject", "reject-offer", &row.name),
            _ => None,
        }
    }
}
