//! What a permission is called where people read who may do what. It must not decide who may.

use super::{Permission, Role};

impl Permission {
    /// The words for it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SeeCases => "See cases",
            Self::OpenDocuments => "Open documents",
            Self::Unmask => "Unmask contact details",
            Self::SeeAudit => "Read the audit trail",
            Self::Export => "Export the case list",
            Self::Comment => "Comment on a case",
            Self::ReportOutcome => "Report a hearing’s outcome",
            Self::Work => "Take steps in a case",
            Self::UploadDocuments => "Add documents",
            Self::ReplaceDocuments => "Replace documents",
            Self::BundleDocuments => "Take all documents of a case",
            Self::SeeApprovals => "See what waits for approval",
            Self::ShareViews => "Share saved views",
            Self::Draft => "Enter and correct drafts",
            Self::Address => "Correct a party’s contacts",
            Self::Cure => "Answer defects",
            Self::Assign => "Assign cases",
            Self::Schedule => "Schedule hearings",
            Self::Prepare => "Prepare hearings",
            Self::RecordPayment => "Record payments",
            Self::ConfirmPayment => "Confirm payments",
            Self::ReversePayment => "Reverse payments",
            Self::OfferSettlement => "Offer settlements",
            Self::SeePeople => "See people and roles",
            Self::ManagePeople => "Manage people",
            Self::CheckPeople => "Approve changes of people",
            Self::ExportAudit => "Export the audit trail",
            Self::SeeSettings => "See settings",
            Self::ProposeRules => "Propose service rules",
            Self::CheckRules => "Approve service rules",
            Self::FindService => "Find service by hand",
            Self::SeeNotices => "See notice campaigns",
            Self::SeeFilings => "See filings",
            Self::File => "Prepare filings",
            Self::CheckFiling => "Approve filings",
            Self::MakeCampaigns => "Make notice campaigns",
            Self::CheckCampaigns => "Release notice campaigns",
            Self::StopCampaigns => "Pause and stop notice campaigns",
        }
    }

    /// Who may, in words: `a tenant admin or a legal head`.
    pub fn who_may(self) -> String {
        let may: Vec<String> = Role::ALL.into_iter().filter(|role| role.allows(self)).map(Role::somebody).collect();
        match may.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => "nobody".to_owned(),
        }
    }
}

impl Role {
    /// Somebody of this role: `an auditor`.
    pub fn somebody(self) -> String {
        let label = self.label();
        let label = if matches!(self, Self::FinanceMis) { "person of finance and MIS".to_owned() } else { label.to_lowercase() };
        let article = if label.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        format!("{article} {label}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_is_said_as_one_would_say_it() {
        assert_eq!(Permission::ManagePeople.who_may(), "a tenant admin");
        assert_eq!(Permission::SeePeople.who_may(), "a tenant admin, a legal head or an auditor");
        assert!(Permission::ALL.into_iter().all(|permission| !permission.label().is_empty()));
    }
}
