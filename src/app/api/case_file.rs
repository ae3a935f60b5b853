//! Server functions of the case file: the case, and each part of what hangs on it.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{CaseFile, ClockRow, DocumentRow, HearingRow, MoneyBook, PortalError, ServiceMatrix, TaskRow, Timeline, Tribunal};

/// The case itself.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/show", input = GetUrl)]
pub async fn get_case(id: String) -> Result<CaseFile, PortalError> {
    use crate::server::{casework::file, context::in_tenant};
    in_tenant(file::show(id)).await
}

/// Its parties, and what each has been served with.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/service", input = GetUrl)]
pub async fn get_service_matrix(id: String) -> Result<ServiceMatrix, PortalError> {
    use crate::server::{casework::file, context::in_tenant};
    in_tenant(file::service(id)).await
}

/// Its clocks.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/clocks", input = GetUrl)]
pub async fn list_case_clocks(id: String) -> Result<Vec<ClockRow>, PortalError> {
    use crate::server::{casework::file, context::in_tenant};
    in_tenant(file::clocks(id)).await
}

/// What is to be done about it.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/tasks", input = GetUrl)]
pub async fn list_case_tasks(id: String) -> Result<Vec<TaskRow>, PortalError> {
    use crate::server::{casework::file, context::in_tenant};
    in_tenant(file::tasks(id)).await
}

/// Its hearings.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/hearings", input = GetUrl)]
pub async fn list_case_hearings(id: String) -> Result<Vec<HearingRow>, PortalError> {
    use crate::server::{casework::file, context::in_tenant};
    in_tenant(file::hearings(id)).await
}

/// Its documents.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/documents", input = GetUrl)]
pub async fn list_case_documents(id: String) -> Result<Vec<DocumentRow>, PortalError> {
    use crate::server::{casework::file, context::in_tenant};
    in_tenant(file::documents(id)).await
}

/// What was paid, offered, promised and spent.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/money", input = GetUrl)]
pub async fn get_case_money(id: String) -> Result<MoneyBook, PortalError> {
    use crate::server::{casework::file, context::in_tenant};
    in_tenant(file::money(id)).await
}

/// Who decides it, and what they have decided.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/tribunal", input = GetUrl)]
pub async fn get_case_tribunal(id: String) -> Result<Tribunal, PortalError> {
    use crate::server::{casework::file, context::in_tenant};
    in_tenant(file::tribunal(id)).await
}

/// A page of its timeline.
///
/// # Errors
/// As [`get_case`].
#[server(prefix = "/api", endpoint = "cases/timeline", input = GetUrl)]
pub async fn list_case_events(id: String, #[server(default)] kind: String, #[server(default)] page: u32) -> Result<Timeline, PortalError> {
    use crate::server::{casework::file, context::in_tenant};
    in_tenant(file::timeline(id, kind, page)).await
}
