//! Who may do what: roles grant actions, scopes limit rows (`domain.md` §7 as data).
//!
//! Decides; it does not fetch. Casework asks [`Role::allows`] before a client is made and turns the [`RowLimit`] into
//! conditions that user input cannot reach.

mod scopes;
#[cfg(feature = "ssr")]
mod words;

use serde::{Deserialize, Serialize};

use super::{AuditKind, ParticularKind};
pub use scopes::{CodeSet, Scopes};

/// The one role that a person has at an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Runs users and settings; sees no borrower's data.
    TenantAdmin,
    /// The checker.
    LegalHead,
    /// The maker.
    LegalManager,
    /// Collections: reminders, payments, settlements.
    CollectionsOfficer,
    /// A branch: documents and addresses.
    BranchUser,
    /// External counsel: assigned cases only.
    Advocate,
    /// Finance and MIS.
    FinanceMis,
    /// Reads everything, changes nothing.
    Auditor,
    /// Reads within a scope.
    Viewer,
}

/// An action that a role may grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// See the case list and its totals.
    SeeCases,
    /// Open the file of a document: it names borrowers and where they live, whatever a page would mask.
    OpenDocuments,
    /// Reveal a masked value of a case's party; of which kinds, says [`Role::unmasks`].
    Unmask,
    /// Read the audit trail; which of it, says [`Role::audit_reach`].
    SeeAudit,
    /// Taking the case list away as a file.
    Export,
    /// Write a comment on a case.
    Comment,
    /// Report what came of a hearing.
    ReportOutcome,
    /// Take steps in a case; which, says the process.
    Work,
    /// Add a document to a case; of which kinds, says [`Role::files`].
    UploadDocuments,
    /// Put a new version in the place of a document.
    ReplaceDocuments,
    /// Take away all of a case's documents at once.
    BundleDocuments,
    /// See what waits for a second pair of eyes; of others or one's own, says the role.
    SeeApprovals,
    /// Share a saved view with others; everybody who sees cases keeps views of their own.
    ShareViews,
    /// Enter a case and correct it while it is a draft.
    Draft,
    /// Correct how a party of a draft is reached.
    Address,
    /// Answer the registry's defects.
    Cure,
    /// Say whose a case is.
    Assign,
    /// Schedule a hearing, move and cancel it.
    Schedule,
    /// Tick what a hearing needs.
    Prepare,
    /// Record a payment.
    RecordPayment,
    /// Confirm a payment that somebody else recorded.
    ConfirmPayment,
    /// Reverse a payment, or ask for it.
    ReversePayment,
    /// Offer a settlement, withdraw an offer, reject the respondent's.
    OfferSettlement,
    /// See who may do what at the institution.
    SeePeople,
    /// Let people in, change what they may, and shut them out.
    ManagePeople,
    /// Decide on what somebody else asked for of a person.
    CheckPeople,
    /// Take the audit trail away as a file.
    ExportAudit,
    /// See the institution’s own rules.
    SeeSettings,
    /// Propose what counts as service of a notice.
    ProposeRules,
    /// Decide on a proposed rule.
    CheckRules,
    /// Say by a document that somebody was served, or decide on that.
    FindService,
    /// See campaigns of notices and what came of them.
    SeeNotices,
    /// See filings in bulk; of others or one's own, says the role.
    SeeFilings,
    /// Prepare a filing: take a file in, mend its rows, submit it.
    File,
    /// Decide on a filing that somebody else has prepared.
    CheckFiling,
    /// Make a campaign of notices; of which, says [`makes`](super::makes).
    MakeCampaigns,
    /// Release what somebody else has made.
    CheckCampaigns,
    /// Let a campaign stand still, or end it.
    StopCampaigns,
}

impl Permission {
    /// Every permission.
    pub const ALL: [Self; 38] = [
        Self::SeeCases,
        Self::OpenDocuments,
        Self::Unmask,
        Self::SeeAudit,
        Self::Export,
        Self::Comment,
        Self::ReportOutcome,
        Self::Work,
        Self::UploadDocuments,
        Self::ReplaceDocuments,
        Self::BundleDocuments,
        Self::SeeApprovals,
        Self::ShareViews,
        Self::Draft,
        Self::Address,
        Self::Cure,
        Self::Assign,
        Self::Schedule,
        Self::Prepare,
        Self::RecordPayment,
        Self::ConfirmPayment,
        Self::ReversePayment,
        Self::OfferSettlement,
        Self::SeePeople,
        Self::ManagePeople,
        Self::CheckPeople,
        Self::ExportAudit,
        Self::SeeSettings,
        Self::ProposeRules,
        Self::CheckRules,
        Self::FindService,
        Self::SeeNotices,
        Self::SeeFilings,
        Self::File,
        Self::CheckFiling,
        Self::MakeCampaigns,
        Self::CheckCampaigns,
        Self::StopCampaigns,
    ];

    /// The code under which a refusal is recorded.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SeeCases => "cases.list",
            Self::OpenDocuments => "document.open",
            Self::Unmask => "particular.unmask",
            Self::SeeAudit => "audit.list",
            Self::Export => "case.export",
            Self::Comment => "comment.add",
            Self::ReportOutcome => "hearing.report",
            Self::Work => "case.work",
            Self::UploadDocuments => "document.upload",
            Self::ReplaceDocuments => "document.replace",
            Self::BundleDocuments => "document.bundle",
            Self::SeeApprovals => "approval.list",
            Self::ShareViews => "view.share",
            Self::Draft => "case.draft",
            Self::Address => "party.edit",
            Self::Cure => "defect.answer",
            Self::Assign => "case.assign",
            Self::Schedule => "hearing.schedule",
            Self::Prepare => "hearing.prepare",
            Self::RecordPayment => "payment.record",
            Self::ConfirmPayment => "payment.confirm",
            Self::ReversePayment => "payment.reverse",
            Self::OfferSettlement => "settlement.offer",
            Self::SeePeople => "people.list",
            Self::ManagePeople => "people.manage",
            Self::CheckPeople => "people.check",
            Self::ExportAudit => "audit.export",
            Self::SeeSettings => "settings.list",
            Self::ProposeRules => "rule.propose",
            Self::CheckRules => "rule.check",
            Self::FindService => "service.find",
            Self::SeeNotices => "notices.list",
            Self::SeeFilings => "filing.list",
            Self::File => "filing.prepare",
            Self::CheckFiling => "filing.check",
            Self::MakeCampaigns => "campaign.make",
            Self::CheckCampaigns => "campaign.check",
            Self::StopCampaigns => "campaign.stop",
        }
    }
}

/// Which part of the audit trail a role may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditReach {
    /// None of it.
    Nothing,
    /// What the person did.
    Own,
    /// Signing in and configuration: who runs the portal need not know what was done in cases.
    Administration,
    /// All of it, without the addresses from which people worked.
    All,
    /// All of it with those addresses.
    AllWithAddresses,
}

impl AuditReach {
    /// The kinds of record that [`AuditReach::Administration`] is.
    pub const ADMINISTRATION: [AuditKind; 4] = [AuditKind::SignIn, AuditKind::SignInFailed, AuditKind::SignOut, AuditKind::Config];
}

/// Which rows a person's role lets through, before their scopes are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowLimit {
    /// Every row of the institution.
    All,
    /// Rows within the person's zones, regions, branches and products.
    Scoped,
    /// Rows on which the person is owner or advocate.
    Assigned,
}

/// What a person's role lets them see of a borrower's name in lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Names {
    /// As stored.
    Shown,
    /// Not asked for upstream at all.
    Hidden,
}

/// The most rows that anybody's file of cases has: what a spreadsheet still opens (1,048,576), less its headings.
const EXPORT_ROWS_MAX: u32 = 1_000_000;

impl Role {
    /// Every role, in the order of the access matrix.
    pub const ALL: [Self; 9] = [
        Self::TenantAdmin,
        Self::LegalHead,
        Self::LegalManager,
        Self::CollectionsOfficer,
        Self::BranchUser,
        Self::Advocate,
        Self::FinanceMis,
        Self::Auditor,
        Self::Viewer,
    ];

    /// The role's code as stored upstream.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TenantAdmin => "TENANT_ADMIN",
            Self::LegalHead => "LEGAL_HEAD",
            Self::LegalManager => "LEGAL_MANAGER",
            Self::CollectionsOfficer => "COLLECTIONS_OFFICER",
            Self::BranchUser => "BRANCH_USER",
            Self::Advocate => "ADVOCATE",
            Self::FinanceMis => "FINANCE_MIS",
            Self::Auditor => "AUDITOR",
            Self::Viewer => "VIEWER",
        }
    }

    /// The words that people use.
    pub const fn label(self) -> &'static str {
        match self {
            Self::TenantAdmin => "Tenant admin",
            Self::LegalHead => "Legal head",
            Self::LegalManager => "Legal manager",
            Self::CollectionsOfficer => "Collections officer",
            Self::BranchUser => "Branch user",
            Self::Advocate => "Advocate",
            Self::FinanceMis => "Finance and MIS",
            Self::Auditor => "Auditor",
            Self::Viewer => "Viewer",
        }
    }

    /// The code under which a timeline names who acted (`records.md` §7, set `actor`); empty for roles that act in no case.
    pub const fn actor_code(self) -> &'static str {
        match self {
            Self::TenantAdmin => "TA",
            Self::LegalHead => "CK",
            Self::LegalManager | Self::CollectionsOfficer => "MK",
            Self::BranchUser => "BR",
            Self::Advocate => "AD",
            Self::FinanceMis | Self::Auditor | Self::Viewer => "",
        }
    }

    /// The role with this code. An unknown code is no role: whoever has it may do nothing.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether the role grants the action.
    pub const fn allows(self, permission: Permission) -> bool {
        match permission {
            // Every role of the matrix sees a case list; which rows and which columns is decided below.
            Permission::SeeCases => true,
            // Outside counsel are let in to cases, and a campaign is of many.
            Permission::SeeNotices => !matches!(self, Self::Advocate),
            Permission::OpenDocuments => matches!(self.names(), Names::Shown),
            Permission::Unmask => matches!(self, Self::LegalHead | Self::LegalManager | Self::CollectionsOfficer | Self::Advocate),
            Permission::SeeAudit => !matches!(self.audit_reach(), AuditReach::Nothing),
            Permission::Export => self.export_rows_max() > 0,
            // An administrator runs the portal and acts in no case.
            Permission::Comment | Permission::Work | Permission::UploadDocuments => {
                matches!(self, Self::LegalHead | Self::LegalManager | Self::CollectionsOfficer | Self::BranchUser | Self::Advocate)
            }
            // Of what waits an administrator sees what is asked of people.
            Permission::SeeApprovals => self.allows(Permission::Work) || matches!(self, Self::TenantAdmin | Self::Auditor),
            Permission::SeePeople => self.allows(Permission::CheckPeople) || matches!(self, Self::Auditor),
            Permission::ManagePeople => matches!(self, Self::TenantAdmin),
            Permission::CheckPeople => matches!(self, Self::TenantAdmin | Self::LegalHead),
            Permission::ExportAudit => matches!(self, Self::LegalHead | Self::Auditor),
            Permission::SeeSettings => self.allows(Permission::ProposeRules) || matches!(self, Self::LegalHead | Self::Auditor),
            Permission::ProposeRules => matches!(self, Self::TenantAdmin | Self::LegalManager),
            Permission::CheckRules | Permission::CheckCampaigns => matches!(self, Self::LegalHead),
            Permission::StopCampaigns => matches!(self, Self::TenantAdmin | Self::LegalHead | Self::LegalManager),
            Permission::ReplaceDocuments => matches!(self, Self::LegalHead | Self::LegalManager),
            Permission::SeeFilings => {
                self.allows(Permission::File) || self.allows(Permission::CheckFiling) || matches!(self, Self::Auditor)
            }
            Permission::File => matches!(self, Self::LegalManager),
            Permission::CheckFiling => matches!(self, Self::LegalHead),
            Permission::BundleDocuments => matches!(self, Self::LegalHead | Self::LegalManager | Self::Advocate | Self::Auditor),
            Permission::ShareViews => matches!(self, Self::TenantAdmin | Self::LegalHead | Self::LegalManager),
            Permission::ReportOutcome | Permission::Prepare => matches!(self, Self::LegalHead | Self::LegalManager | Self::Advocate),
            Permission::Draft => matches!(self, Self::LegalManager),
            Permission::Address | Permission::Cure => matches!(self, Self::LegalManager | Self::BranchUser),
            Permission::Assign | Permission::Schedule | Permission::FindService => matches!(self, Self::LegalHead | Self::LegalManager),
            Permission::RecordPayment | Permission::OfferSettlement | Permission::MakeCampaigns => {
                matches!(self, Self::LegalManager | Self::CollectionsOfficer)
            }
            Permission::ConfirmPayment => matches!(self, Self::FinanceMis),
            Permission::ReversePayment => self.allows(Permission::RecordPayment) || self.allows(Permission::ConfirmPayment),
        }
    }

    /// Whether the role may reveal values of this kind, in the cases that it reaches. A kind that this version does not know
    /// is revealed to nobody.
    pub const fn unmasks(self, kind: &ParticularKind) -> bool {
        match self {
            Self::LegalHead | Self::LegalManager => !matches!(kind, ParticularKind::Unknown(_)),
            Self::CollectionsOfficer => matches!(kind, ParticularKind::Mobile),
            Self::Advocate => matches!(kind, ParticularKind::Address),
            Self::TenantAdmin | Self::BranchUser | Self::FinanceMis | Self::Auditor | Self::Viewer => false,
        }
    }

    /// Whether the role may add a document of this kind (code of the set `doc_type`) to the cases that it reaches.
    pub fn files(self, kind: &str) -> bool {
        self.allows(Permission::UploadDocuments) && (self != Self::CollectionsOfficer || kind == "PAYMENT_PROOF")
    }

    /// Whether the role opens what was withdrawn: who decides on it, and who audits it.
    pub const fn opens_withdrawn(self) -> bool {
        matches!(self, Self::LegalHead | Self::Auditor)
    }

    /// The most cases that the role may take away in one file; none where it may not export.
    pub const fn export_rows_max(self) -> u32 {
        match self {
            Self::TenantAdmin | Self::LegalHead | Self::Advocate | Self::FinanceMis | Self::Auditor => EXPORT_ROWS_MAX,
            Self::LegalManager => 10_000,
            Self::CollectionsOfficer => 1_000,
            Self::BranchUser | Self::Viewer => 0,
        }
    }

    /// Which part of the audit trail the role may read.
    pub const fn audit_reach(self) -> AuditReach {
        match self {
            Self::Auditor => AuditReach::AllWithAddresses,
            Self::LegalHead => AuditReach::All,
            Self::TenantAdmin => AuditReach::Administration,
            Self::LegalManager | Self::CollectionsOfficer | Self::BranchUser | Self::Advocate => AuditReach::Own,
            Self::FinanceMis | Self::Viewer => AuditReach::Nothing,
        }
    }

    /// Which case rows the role lets through.
    pub const fn case_rows(self) -> RowLimit {
        match self {
            Self::TenantAdmin | Self::LegalHead | Self::FinanceMis | Self::Auditor => RowLimit::All,
            Self::LegalManager | Self::CollectionsOfficer | Self::BranchUser | Self::Viewer => RowLimit::Scoped,
            Self::Advocate => RowLimit::Assigned,
        }
    }

    /// Whether borrowers' names may be shown in lists. An administrator runs the portal without seeing borrowers
    /// (segregation of duties): for that role the columns are not even asked for.
    pub const fn names(self) -> Names {
        match self {
            Self::TenantAdmin => Names::Hidden,
            _ => Names::Shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_unmasks_what_and_reads_what_of_the_trail_is_as_the_matrix_says() {
        let unmasks = |role: Role| {
            let kinds = ParticularKind::ALL.iter().filter(|kind| role.unmasks(kind)).count();
            assert_eq!(kinds > 0, role.allows(Permission::Unmask), "{role:?}");
            assert!(!role.unmasks(&ParticularKind::Unknown("IRIS".to_owned())), "{role:?}");
            kinds
        };
        assert_eq!(Role::ALL.map(unmasks), [0, 7, 7, 1, 0, 1, 0, 0, 0]);
        let readers: Vec<Role> = Role::ALL.into_iter().filter(|role| role.allows(Permission::SeeAudit)).collect();
        assert!(!readers.contains(&Role::Viewer) && !readers.contains(&Role::FinanceMis) && readers.len() == 7);
    }

    #[test]
    fn an_unknown_role_is_no_role() {
        assert_eq!(Role::from_code("SUPERUSER"), None);
        assert_eq!(Role::from_code("legal_head"), None);
        assert!(Role::ALL.iter().all(|role| Role::from_code(role.code()) == Some(*role)));
    }
}
