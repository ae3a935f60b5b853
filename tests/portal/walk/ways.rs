//! The table of endpoints: who may take which. It must not know how it is walked.

use odr_portal::model::{ParticularKind, Permission, Role};

/// What an address is about.
#[derive(Clone, Copy, PartialEq)]
pub enum Of {
    /// Nothing in particular.
    All,
    /// A case, by `{id}`.
    Case,
    /// A document, by `{id}`.
    Document,
    /// Something that only its owner finds: tried with a name that is nobody's.
    Own,
}

/// An endpoint: method and pattern as the router has them, an address, what it is about, and what it takes.
pub struct Way(pub &'static str, pub &'static str, pub &'static str, pub Of, pub fn(Role) -> bool);

const fn anybody(_: Role) -> bool {
    true
}
fn sees(role: Role) -> bool {
    role.allows(Permission::SeeCases)
}
fn audits(role: Role) -> bool {
    role.allows(Permission::SeeAudit)
}
fn exports(role: Role) -> bool {
    role.allows(Permission::Export)
}
fn drafts(role: Role) -> bool {
    role.allows(Permission::Draft)
}
fn uploads(role: Role) -> bool {
    role.allows(Permission::UploadDocuments)
}
fn opens(role: Role) -> bool {
    role.allows(Permission::OpenDocuments)
}
fn bundles(role: Role) -> bool {
    role.allows(Permission::BundleDocuments)
}
fn approves(role: Role) -> bool {
    role.allows(Permission::SeeApprovals)
}
fn reveals_mobile(role: Role) -> bool {
    role.allows(Permission::Unmask) && role.unmasks(&ParticularKind::Mobile)
}

fn sees_people(role: Role) -> bool {
    role.allows(Permission::SeePeople)
}
fn manages_people(role: Role) -> bool {
    role.allows(Permission::ManagePeople)
}
fn sees_rules(role: Role) -> bool {
    role.allows(Permission::SeeSettings)
}
fn proposes_rules(role: Role) -> bool {
    role.allows(Permission::ProposeRules)
}
fn exports_the_trail(role: Role) -> bool {
    role.allows(Permission::ExportAudit)
}
fn sees_notices(role: Role) -> bool {
    role.allows(Permission::SeeNotices)
}
fn exports_recipients(role: Role) -> bool {
    sees_notices(role) && exports(role)
}
fn sees_filings(role: Role) -> bool {
    role.allows(Permission::SeeFilings)
}
fn takes_filings(role: Role) -> bool {
    files(role) || role.allows(Permission::CheckFiling)
}
fn files(role: Role) -> bool {
    role.allows(Permission::File)
}
fn makes_campaigns(role: Role) -> bool {
    role.allows(Permission::MakeCampaigns)
}
fn checks_campaigns(role: Role) -> bool {
    role.allows(Permission::CheckCampaigns)
}
fn stops_campaigns(role: Role) -> bool {
    role.allows(Permission::StopCampaigns)
}
fn works(role: Role) -> bool {
    role.allows(Permission::Work)
}

/// The table.
pub const WAYS: &[Way] = &[
    Way("GET", "/", "/", Of::All, sees),
    Way("GET", "/api/approvals/list", "/api/approvals/list", Of::All, approves),
    Way("GET", "/api/audit/list", "/api/audit/list", Of::All, audits),
    Way("GET", "/api/cases/audit", "/api/cases/audit?id={id}", Of::Case, audits),
    Way("GET", "/api/cases/clocks", "/api/cases/clocks?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/deeds", "/api/cases/deeds?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/document", "/api/cases/document?id={id}&doc={document}", Of::Case, sees),
    Way("GET", "/api/cases/documents", "/api/cases/documents?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/find", "/api/cases/find?q=a", Of::All, sees),
    Way("GET", "/api/cases/glance", "/api/cases/glance?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/hearings", "/api/cases/hearings?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/list", "/api/cases/list", Of::All, sees),
    Way("GET", "/api/cases/money", "/api/cases/money?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/particulars", "/api/cases/particulars?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/service", "/api/cases/service?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/show", "/api/cases/show?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/tasks", "/api/cases/tasks?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/timeline", "/api/cases/timeline?id={id}", Of::Case, sees),
    Way("GET", "/api/cases/totals", "/api/cases/totals", Of::All, sees),
    Way("GET", "/api/cases/tribunal", "/api/cases/tribunal?id={id}", Of::Case, sees),
    Way("GET", "/api/dashboard/clocks", "/api/dashboard/clocks", Of::All, sees),
    Way("GET", "/api/dashboard/hearings", "/api/dashboard/hearings", Of::All, sees),
    Way("GET", "/api/dashboard/moves", "/api/dashboard/moves", Of::All, sees),
    Way("GET", "/api/dashboard/portfolio", "/api/dashboard/portfolio", Of::All, sees),
    Way("GET", "/api/dashboard/queue", "/api/dashboard/queue", Of::All, sees),
    Way("GET", "/api/dashboard/stages", "/api/dashboard/stages", Of::All, sees),
    Way("GET", "/api/dashboard/throughput", "/api/dashboard/throughput", Of::All, sees),
    Way("GET", "/api/documents/list", "/api/documents/list", Of::All, sees),
    Way("GET", "/api/frame/show", "/api/frame/show", Of::All, anybody),
    Way("GET", "/api/hearings/diary", "/api/hearings/diary", Of::All, sees),
    Way("GET", "/api/v1/cases", "/api/v1/cases", Of::All, sees),
    Way("GET", "/api/v1/cases/{id}", "/api/v1/cases/{id}", Of::Case, sees),
    Way("GET", "/api/v1/dashboard", "/api/v1/dashboard", Of::All, sees),
    Way("GET", "/api/v1/documents/{id}/content", "/api/v1/documents/{id}/content", Of::Document, opens),
    Way("GET", "/api/v1/hearings", "/api/v1/hearings", Of::All, sees),
    Way("GET", "/api/v1/me", "/api/v1/me", Of::All, anybody),
    Way("GET", "/api/v1/openapi.json", "/api/v1/openapi.json", Of::All, anybody),
    Way("GET", "/approvals", "/approvals", Of::All, approves),
    Way("GET", "/approvals/{id}", "/approvals/{id}", Of::Own, approves),
    Way("POST", "/approvals/{id}", "/approvals/{id}", Of::Own, approves),
    Way("GET", "/audit", "/audit", Of::All, audits),
    Way("GET", "/audit/export", "/audit/export", Of::All, exports_the_trail),
    Way("GET", "/cases", "/cases", Of::All, sees),
    Way("GET", "/cases/bulk", "/cases/bulk?case=0000000000", Of::All, works),
    Way("POST", "/cases/bulk", "/cases/bulk", Of::All, works),
    Way("GET", "/cases/export", "/cases/export?format=csv", Of::All, exports),
    Way("GET", "/cases/new", "/cases/new", Of::All, drafts),
    Way("POST", "/cases/new", "/cases/new", Of::All, drafts),
    Way("GET", "/cases/{id}", "/cases/{id}", Of::Case, sees),
    Way("GET", "/cases/{id}/documents.zip", "/cases/{id}/documents.zip", Of::Case, bundles),
    Way("GET", "/cases/{id}/documents/new", "/cases/{id}/documents/new", Of::Case, uploads),
    Way("GET", "/cases/{id}/reveal/{particular}", "/cases/{id}/reveal/{mobile}", Of::Case, reveals_mobile),
    Way("POST", "/cases/{id}/reveal/{particular}", "/cases/{id}/reveal/{mobile}", Of::Case, reveals_mobile),
    Way("GET", "/cases/{id}/{part}", "/cases/{id}/money", Of::Case, sees),
    Way("GET", "/documents", "/documents", Of::All, sees),
    Way("GET", "/documents/{id}/content", "/documents/{id}/content", Of::Document, opens),
    Way("GET", "/filing", "/filing", Of::All, sees_filings),
    Way("GET", "/filing/new", "/filing/new", Of::All, files),
    Way("GET", "/filing/{id}", "/filing/{id}", Of::Own, sees_filings),
    Way("GET", "/filing/{id}/do/{deed}", "/filing/{id}/do/submit", Of::Own, files),
    Way("POST", "/filing/{id}/do/{deed}", "/filing/{id}/do/submit", Of::Own, files),
    Way("GET", "/filing/{id}/progress", "/filing/{id}/progress", Of::Own, sees_filings),
    Way("GET", "/filing/{id}/rejects", "/filing/{id}/rejects", Of::Own, files),
    Way("GET", "/filing/{id}/rejects.xlsx", "/filing/{id}/rejects.xlsx", Of::Own, takes_filings),
    Way("GET", "/filing/{id}/result.xlsx", "/filing/{id}/result.xlsx", Of::Own, takes_filings),
    Way("GET", "/filing/{id}/rows/{row}", "/filing/{id}/rows/{id}", Of::Own, files),
    Way("POST", "/filing/{id}/rows/{row}", "/filing/{id}/rows/{id}", Of::Own, files),
    Way("GET", "/find", "/find?q=a", Of::All, sees),
    Way("GET", "/hearings", "/hearings", Of::All, sees),
    Way("GET", "/hearings/cause-list", "/hearings/cause-list", Of::All, sees),
    Way("GET", "/hearings/feeds", "/hearings/feeds", Of::All, sees),
    Way("POST", "/hearings/feeds", "/hearings/feeds", Of::All, sees),
    Way("GET", "/hearings/feeds/{id}/revoke", "/hearings/feeds/{id}/revoke", Of::Own, sees),
    Way("POST", "/hearings/feeds/{id}/revoke", "/hearings/feeds/{id}/revoke", Of::Own, sees),
    Way("GET", "/keys", "/keys", Of::All, anybody),
    Way("GET", "/api/notices/panel", "/api/notices/panel?panel=list", Of::All, sees_notices),
    Way("GET", "/notices", "/notices", Of::All, sees_notices),
    Way("GET", "/notices/channels", "/notices/channels", Of::All, sees_notices),
    Way("GET", "/notices/{id}", "/notices/{id}", Of::Own, sees_notices),
    Way("GET", "/notices/{id}/recipients", "/notices/{id}/recipients", Of::Own, sees_notices),
    Way("GET", "/notices/{id}/recipients/export", "/notices/{id}/recipients/export", Of::Own, exports_recipients),
    Way("GET", "/notices/new", "/notices/new", Of::All, makes_campaigns),
    Way("GET", "/notices/new/{notice}", "/notices/new/REMINDER", Of::All, makes_campaigns),
    Way("POST", "/notices/new/{notice}", "/notices/new/REMINDER", Of::All, makes_campaigns),
    Way("GET", "/notices/{id}/do/{deed}", "/notices/{id}/do/edit", Of::Own, makes_campaigns),
    Way("POST", "/notices/{id}/do/{deed}", "/notices/{id}/do/edit", Of::Own, makes_campaigns),
    Way("GET", "/notices/{id}/do/{deed}", "/notices/{id}/do/schedule", Of::Own, checks_campaigns),
    Way("POST", "/notices/{id}/do/{deed}", "/notices/{id}/do/schedule", Of::Own, checks_campaigns),
    Way("GET", "/notices/{id}/do/{deed}", "/notices/{id}/do/stop", Of::Own, stops_campaigns),
    Way("POST", "/notices/{id}/do/{deed}", "/notices/{id}/do/stop", Of::Own, stops_campaigns),
    Way("GET", "/notices/{id}/make", "/notices/{id}/make", Of::Own, sees_notices),
    Way("GET", "/notices/{id}/rendering", "/notices/{id}/rendering", Of::Own, sees_notices),
    Way("GET", "/people", "/people", Of::All, sees_people),
    Way("GET", "/people/new", "/people/new", Of::All, manages_people),
    Way("POST", "/people/new", "/people/new", Of::All, manages_people),
    Way("GET", "/people/{id}", "/people/{id}", Of::Own, sees_people),
    Way("GET", "/people/{id}/do/{deed}", "/people/{id}/do/change", Of::Own, manages_people),
    Way("POST", "/people/{id}/do/{deed}", "/people/{id}/do/change", Of::Own, manages_people),
    Way("GET", "/portfolio", "/portfolio", Of::All, sees),
    Way("GET", "/api/portfolio/panel", "/api/portfolio/panel?panel=products", Of::All, sees),
    Way("GET", "/settings", "/settings", Of::All, sees_rules),
    Way("GET", "/settings/rules/{notice}", "/settings/rules/S21", Of::All, sees_rules),
    Way("GET", "/settings/rules/{notice}/new", "/settings/rules/S21/new", Of::All, proposes_rules),
    Way("POST", "/settings/rules/{notice}/new", "/settings/rules/S21/new", Of::All, proposes_rules),
    Way("GET", "/views/new", "/views/new", Of::All, sees),
    Way("POST", "/views/new", "/views/new", Of::All, sees),
    Way("GET", "/views/{id}", "/views/{id}", Of::Own, sees),
    Way("POST", "/views/{id}", "/views/{id}", Of::Own, sees),
    Way("GET", "/views/{id}/delete", "/views/{id}/delete", Of::Own, sees),
    Way("POST", "/views/{id}/delete", "/views/{id}/delete", Of::Own, sees),
];
