//! Imports run down the house and never up: the layers of the tree are the layers of a request.
//!
//! Reads `crate::…` paths, in `use` trees and in expressions. Tests may use what they need.

use crate::source::{Findings, SourceFile, files_under, line_of};

/// Each module with the modules that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("main", &["cli", "router", "app", "server", "registry", "telemetry", "config", "demo", "model"]),
    ("cli", &["router", "app", "server", "registry", "telemetry", "config", "demo", "model"]),
    ("lib", &["app"]),
    // Mounts what the layers below offer, and hands them the configuration that they ask for.
    ("router", &["app", "server", "registry", "telemetry", "config", "model"]),
    ("app", &["model"]),
    ("server", &["registry", "telemetry", "config", "model"]),
    ("registry", &["telemetry", "config", "model"]),
    ("telemetry", &["model"]),
    ("config", &["model"]),
    ("demo", &["model"]),
    ("model", &[]),
];

/// What a server function may reach beyond the model: the doors, and what lies behind them.
const BEHIND_SERVER_FUNCTIONS: &[&str] = &["server::context", "server::casework"];

#[test]
fn imports_run_down_the_house() {
    let mut findings = Findings::new("see the table in docs/ARCHITECTURE.md for who may use whom");
    for file in files_under(&["src"], &["rs"]) {
        let module = module_of(&file);
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            findings.add(&file, 1, &format!("`{module}` has no row in tests/tidy/directions.rs"));
            continue;
        };
        for (line, path) in paths_of(&file) {
            let target = path.split("::").next().unwrap_or_default();
            let is_own = target == module || !MAY_USE.iter().any(|(name, _)| *name == target);
            let is_door = file.path.starts_with("src/app/api/") && BEHIND_SERVER_FUNCTIONS.iter().any(|door| path.starts_with(door));
            if !is_own && !allowed.contains(&target) && !is_door {
                findings.add(&file, line, &format!("{module} must not know of {path}"));
            }
        }
    }
    findings.assert_none();
}

/// `src/registry/tenant.rs` belongs to `registry`, `src/router.rs` to `router`.
fn module_of(file: &SourceFile) -> String {
    let inside = file.path.trim_start_matches("src/");
    inside.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// Every path from the crate's root, with its line; a `use` tree gives one path a leaf.
fn paths_of(file: &SourceFile) -> Vec<(usize, String)> {
    let code = file.shipped_code();
    let mut paths = Vec::new();
    for start in ["crate::", "odr_portal::"] {
        for (at, _) in code.match_indices(start) {
            // `pub(in crate::registry)` says who may see an item, and imports nothing; `$crate::` is a macro's own.
            let before = code[..at].trim_end();
            if before.ends_with("in") && code[..at].ends_with("in ") || before.ends_with('$') {
                continue;
            }
            let mut leaves = Vec::new();
            expand(&code[at + start.len()..], "", &mut leaves);
            paths.extend(leaves.into_iter().map(|leaf| (line_of(&code, at), leaf)));
        }
    }
    paths
}

/// Reads one use tree, appends its leaves, and returns what follows it.
fn expand<'a>(text: &'a str, prefix: &str, leaves: &mut Vec<String>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = rest.trim_start().trim_start_matches(',').trim_start();
            if rest.is_empty() {
                return rest;
            }
            if let Some(after) = rest.strip_prefix('}') {
                return after;
            }
            let before = rest.len();
            rest = expand(rest, prefix, leaves);
            if let Some(renamed) = rest.trim_start().strip_prefix("as ") {
                rest = renamed.trim_start_matches(|character: char| character.is_alphanumeric() || character == '_');
            }
            if rest.len() == before {
                return rest; // not a use tree after all: a path in front of a block
            }
        }
    }
    let end = text.find(|character: char| !(character.is_alphanumeric() || character == '_' || character == '*')).unwrap_or(text.len());
    let (segment, rest) = text.split_at(end);
    let path = if prefix.is_empty() { segment.to_owned() } else { format!("{prefix}::{segment}") };
    match rest.strip_prefix("::") {
        Some(deeper) if !deeper.starts_with('<') => expand(deeper, &path, leaves),
        _ => {
            if !segment.is_empty() {
                leaves.push(path);
            }
            rest
        }
    }
}

#[test]
fn a_use_tree_is_read_leaf_by_leaf() {
    let mut leaves = Vec::new();
    expand("{\n  model::{Case, Stage as S},\n  server::{context, casework::cases::list},\n};", "", &mut leaves);
    assert_eq!(leaves, ["model::Case", "model::Stage", "server::context", "server::casework::cases::list"]);
}
