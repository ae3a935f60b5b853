//! Server functions of the case file: the case, and each part of what hangs on it.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{CaseFile, FactGroup, PortalError, Sheet};

/// The case itself.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/show", input = GetUrl)]
pub async fn get_case(id: String) -> Result<CaseFile, PortalError> {
    use crate::server::{casework::file, context::in_tenant};
    in_tenant(file::show(id)).await
}

/// What is known of it at a glance, beside the list.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/glance", input = GetUrl)]
pub async fn get_case_at_a_glance(id: String) -> Result<Vec<FactGroup>, PortalError> {
    use crate::{
        app::sheets::case,
        server::{casework::file, context::in_tenant},
    };
    in_tenant(file::show(id)).await.map(case::glance)
}

/// What the person may do in it now, and what not and why.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/deeds", input = GetUrl)]
pub async fn list_case_deeds(id: String) -> Result<Vec<Sheet>, PortalError> {
    use crate::{
        app::sheets::work,
        server::{casework::work::deeds, context::in_tenant},
    };
    in_tenant(async move { deeds(&id).await }).await.map(work::deeds)
}

/// Its parties, and what each has been served with.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/service", input = GetUrl)]
pub async fn get_service_matrix(id: String) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets::case,
        server::{casework::file, context::in_tenant},
    };
    in_tenant(file::service(id)).await.map(case::service)
}

/// Contact and identity values of its parties, masked.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/particulars", input = GetUrl)]
pub async fn list_case_particulars(id: String) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets::case,
        server::{casework::file, context::in_tenant},
    };
    in_tenant(file::particulars(id)).await.map(case::particulars)
}

/// Its clocks.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/clocks", input = GetUrl)]
pub async fn list_case_clocks(id: String) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets::case,
        server::{casework::file, context::in_tenant},
    };
    in_tenant(file::clocks(id)).await.map(case::clocks)
}

/// What is to be done about it; or the registry's open defects and a page of every task it has had, the newest first.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/tasks", input = GetUrl)]
pub async fn list_case_tasks(
    id: String,
    #[server(default)] every: bool,
    #[server(default)] after: String,
) -> Result<Vec<Sheet>, PortalError> {
    use crate::{
        app::sheets::case,
        server::{casework::file, context::in_tenant},
    };
    if every {
        let both = async { futures::try_join!(file::defects(&id), file::every_task(&id, &after)) };
        let (defects, page) = in_tenant(both).await?;
        Ok(case::defects(defects).into_iter().chain([case::every_task(page, &id)]).collect())
    } else {
        in_tenant(file::tasks(id)).await.map(|tasks| vec![case::tasks(tasks)])
    }
}

/// A page of what was done in it, newest first, as far as the person may know.
///
/// # Errors
/// As [`get_case`]; [`Forbidden`](crate::model::ErrorCode::Forbidden) for roles that read nothing of the trail.
#[server(prefix = "/api", endpoint = "cases/audit", input = GetUrl)]
pub async fn list_case_audit(id: String, #[server(default)] after: String) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets::audit,
        server::{casework::file, context::in_tenant},
    };
    in_tenant(file::audit_of(&id, &after)).await.map(|(page, reach)| audit::of_case(page, reach, &id))
}

/// Its hearings.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/hearings", input = GetUrl)]
pub async fn list_case_hearings(id: String) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets::case,
        server::{casework::file, context::in_tenant},
    };
    in_tenant(file::hearings(id)).await.map(case::hearings)
}

/// Its documents.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/documents", input = GetUrl)]
pub async fn list_case_documents(id: String) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets::documents,
        server::{casework::file, context::in_tenant},
    };
    in_tenant(file::documents(id)).await.map(documents::of_case)
}

/// One of its documents, with what is in it.
///
/// # Errors
/// As [`get_case`]; a document of another case does not exist.
#[server(prefix = "/api", endpoint = "cases/document", input = GetUrl)]
pub async fn get_case_document(id: String, #[server(default)] doc: String) -> Result<FactGroup, PortalError> {
    use crate::{
        app::sheets::documents,
        server::{casework::file, context::in_tenant},
    };
    in_tenant(file::document(id, doc)).await.map(documents::exhibit)
}

/// What was paid, offered, promised and spent.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/money", input = GetUrl)]
pub async fn get_case_money(id: String) -> Result<Vec<Sheet>, PortalError> {
    use crate::{
        app::sheets::case,
        server::{casework::file, context::in_tenant},
    };
    in_tenant(file::money(id)).await.map(case::money_book)
}

/// Who decides it, and what they have decided.
///
/// # Errors
/// What casework refuses, as a code; a case that the person may not see does not exist.
#[server(prefix = "/api", endpoint = "cases/tribunal", input = GetUrl)]
pub async fn get_case_tribunal(id: String) -> Result<Vec<Sheet>, PortalError> {
    use crate::{
        app::sheets::case,
        server::{casework::file, context::in_tenant},
    };
    in_tenant(file::tribunal(id)).await.map(case::tribunal)
}

/// A page of its timeline; of comments, what was said.
///
/// # Errors
/// As [`get_case`]; [`Forbidden`](crate::model::ErrorCode::Forbidden) for comments where the role does not see borrowers.
#[server(prefix = "/api", endpoint = "cases/timeline", input = GetUrl)]
pub async fn list_case_events(id: String, #[server(default)] kind: String, #[server(default)] after: String) -> Result<Sheet, PortalError> {
    use crate::{
        app::sheets::case,
        server::{casework::file, context::in_tenant},
    };
    if kind == "COMMENT" {
        let case = id.clone();
        return in_tenant(async move { file::comments(&case, &after).await }).await.map(|comments| case::comments(comments, &id));
    }
    let (case, of) = (id.clone(), kind.clone());
    let timeline = in_tenant(async move { file::timeline(&case, &of, &after).await }).await?;
    Ok(case::timeline(timeline, &id, &kind))
}
