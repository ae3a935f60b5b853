//! The browser's files: hashed ones for ever, the others for an hour. They are nobody's in particular: no tenant, no cookie.

use std::{path::Path, sync::Arc};

use axum::{Router, extract::Request, middleware::Next, response::Response};
use http::{HeaderValue, header};
use tower_http::services::ServeDir;

/// For files whose name changes with their content.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// For files under a fixed name.
const AN_HOUR: &str = "public, max-age=3600";

/// Folders of the site.
const FOLDERS: [&str; 2] = ["pkg", "fonts"];
/// Single files of the site.
const FILES: [&str; 5] = ["icons.svg", "favicon.svg", "robots.txt", "upload.js", "progress.js"];

/// Names by which the pages call the two halves of the browser's program and the stylesheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetNames {
    /// The hash file beside the executable, if the files are hashed.
    pub hashes: Option<Arc<Path>>,
    /// The stylesheet's path on the site, for pages that Leptos does not render.
    pub stylesheet: Arc<str>,
}

/// Why the browser's files cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// A release without hashes would serve pages whose files browsers keep for ever.
    #[error("{0} is missing: build with `cargo leptos build --release`, which writes it beside the executable")]
    NoHashes(String),
    /// A page would ask for a file that is not there.
    #[error("{0} is missing in the site's folder: build again, and give PORTAL_SITE_ROOT the folder that was built with this executable")]
    NoFile(String),
}

impl AssetNames {
    /// Looks at what lies beside the executable and in the site's folder, so that a wrong set of files stops the start
    /// instead of giving pages with dead assets.
    ///
    /// # Errors
    /// Names the file that is missing. A debug build without hashes is fine: `cargo leptos watch` has none.
    pub fn find(site_root: &Path) -> Result<Self, AssetError> {
        const HASHES: &str = "hash.txt";
        let beside = std::env::current_exe().ok().and_then(|path| Some(path.parent()?.join(HASHES)));
        let text = beside.as_deref().and_then(|path| std::fs::read_to_string(path).ok());
        let (Some(path), Some(text)) = (beside, text) else {
            if cfg!(debug_assertions) {
                return Ok(Self { hashes: None, stylesheet: "/pkg/odr-portal.css".into() });
            }
            return Err(AssetError::NoHashes(HASHES.to_owned()));
        };
        let hash =
            |kind: &str| text.lines().find_map(|line| Some(line.split_once(':').filter(|(name, _)| *name == kind)?.1.trim().to_owned()));
        let mut stylesheet = "/pkg/odr-portal.css".to_owned();
        for (kind, ending) in [("js", "js"), ("wasm", "wasm"), ("css", "css")] {
            let Some(hash) = hash(kind) else { return Err(AssetError::NoHashes(format!("the hash of {kind} in {HASHES}"))) };
            let file = format!("pkg/odr-portal.{hash}.{ending}");
            if !cfg!(debug_assertions) && !site_root.join(&file).is_file() {
                return Err(AssetError::NoFile(file));
            }
            if kind == "css" {
                stylesheet = format!("/{file}");
            }
        }
        Ok(Self { hashes: Some(path.into()), stylesheet: stylesheet.into() })
    }
}

/// The routes of the files.
pub fn routes(site_root: &Path, hashed: bool) -> Router {
    let folder = |name: &str| ServeDir::new(site_root.join(name)).precompressed_br().precompressed_gzip();
    let file = |name: &str| tower_http::services::ServeFile::new(site_root.join(name)).precompressed_br().precompressed_gzip();
    let kept = |cache: &'static str, routes: Router| {
        routes.layer(axum::middleware::from_fn(move |request: Request, next: Next| keep(cache, request, next)))
    };
    let [pkg, fonts] = FOLDERS;
    let kept_pkg = if hashed { IMMUTABLE } else { "no-cache" };
    let files = FILES.iter().fold(Router::new(), |routes, name| routes.route_service(&format!("/{name}"), file(name)));
    kept(kept_pkg, Router::new().nest_service(&format!("/{pkg}"), folder(pkg)))
        .merge(kept(IMMUTABLE, Router::new().nest_service(&format!("/{fonts}"), folder(fonts))))
        .merge(kept(AN_HOUR, files))
}

/// The patterns of the routes.
pub fn patterns() -> impl Iterator<Item = String> {
    FOLDERS.iter().map(|name| format!("/{name}/{{*path}}")).chain(FILES.iter().map(|name| format!("/{name}")))
}

/// Says how long the file may be kept; what is not there may not be kept at all. `ServeDir` picks a compressed file without
/// saying that the answer varies with what the browser accepts.
async fn keep(cache: &'static str, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let value = if response.status().is_success() || response.status() == http::StatusCode::NOT_MODIFIED { cache } else { "no-store" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}
