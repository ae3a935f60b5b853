//! The server functions, an area a file, and what a page does with their answers. It must not know what is asked upstream.

pub mod approvals;
pub mod audit;
pub mod case_file;
pub mod cases;
pub mod dashboard;
pub mod diary;
pub mod documents;
mod error;
pub mod find;
pub mod frame;
pub mod notices;
#[cfg(feature = "ssr")]
mod page_status;
pub mod portfolio;

use crate::model::PortalError;

/// Passes a page's primary result on; while a page renders on the server, an error also decides the page's status, and a
/// session that is over leads to the sign-in page. Called in the fetcher of a blocking resource and nowhere else: later the
/// headers are gone.
///
/// # Errors
/// The error that was given.
pub fn settle<T>(result: Result<T, PortalError>) -> Result<T, PortalError> {
    if let Err(error) = &result {
        #[cfg(feature = "ssr")]
        page_status::set(error);
        #[cfg(not(feature = "ssr"))]
        if error.code == crate::model::ErrorCode::SignedOut {
            super::browser::leave_for_sign_in();
        }
    }
    result
}

/// Waits for a side panel's data no longer than a page may be held up on the server; the browser may wait on.
///
/// # Errors
/// The panel's own, or [`Upstream`](crate::model::ErrorCode::Upstream) when the time is over.
pub async fn panel<T>(work: impl Future<Output = Result<T, PortalError>>) -> Result<T, PortalError> {
    #[cfg(feature = "ssr")]
    return page_status::within_panel_deadline(work).await;
    #[cfg(not(feature = "ssr"))]
    work.await
}
