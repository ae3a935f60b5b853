//! Server functions of cases.

#![allow(missing_docs, reason = "the macro makes a struct of the arguments, whose fields are documented with the function")]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::model::{CaseTable, CaseTotals, PortalError};

/// One page of the case list. The arguments are the URL's parameters; without `cols` the columns are those that the browser has chosen.
///
/// # Errors
/// What casework refuses, as a code.
#[server(prefix = "/api", endpoint = "cases/list", input = GetUrl)]
pub async fn list_cases(
    #[server(default)] q: String,
    #[server(default)] sort: String,
    #[server(default)] after: String,
    #[server(default)] before: String,
    #[server(default)] cols: String,
) -> Result<CaseTable, PortalError> {
    use crate::{
        app::sheets,
        model::{CaseQuery, TableLook},
        server::{
            casework::{cases, views},
            context::in_tenant,
        },
    };
    let query = CaseQuery { columns: TableLook::parse(&cols), ..CaseQuery::from_params(&q, &sort, &after, &before) };
    let listed = async { Ok((cases::list(query.clone()).await?, query.columns.clone().map_or_else(cases::look, Ok)?)) };
    let ((list, look), views) = in_tenant(views::beside(listed)).await?;
    Ok(sheets::cases::table(list, views, &query, &look))
}

/// Counts and sums over all cases that match.
///
/// # Errors
/// What casework refuses, as a code.
#[server(prefix = "/api", endpoint = "cases/totals", input = GetUrl)]
pub async fn count_cases(#[server(default)] q: String) -> Result<CaseTotals, PortalError> {
    use crate::{
        model::CaseQuery,
        server::{casework::cases, context::in_tenant},
    };
    in_tenant(cases::totals(CaseQuery::from_params(&q, "", "", ""))).await
}
