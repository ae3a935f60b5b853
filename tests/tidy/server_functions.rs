//! Server functions are addresses: a tab that stays open across a deploy calls them by name, so the names are written out,
//! and what only reads is asked for with GET, what changes anything with POST.

use crate::source::{Findings, files_under, line_of};

/// First words of functions that only read.
const READS: &[&str] = &["list", "get", "count", "find", "search", "suggest"];

#[test]
fn server_functions_have_written_out_endpoints_and_reads_use_get() {
    let mut findings = Findings::new("a server function's address is part of the contract with open tabs, its method with every proxy");
    for file in files_under(&["src"], &["rs"]) {
        let code = file.shipped_code();
        for (at, _) in code.match_indices("#[server") {
            let line = line_of(&code, at);
            let Some((attribute, rest)) = code[at..].split_once(']') else { continue };
            // `#[server(default)]` stands on an argument, not on a function.
            if attribute == "#[server(default)" {
                continue;
            }
            if !file.path.starts_with("src/app/api/") {
                findings.add(&file, line, "server functions live in src/app/api/");
            }
            let Some(name) = rest.split_once("fn ").and_then(|(_, after)| after.split(['(', '<', ' ']).next()) else { continue };
            if !attribute.contains("endpoint = \"") {
                findings.add(&file, line, &format!("{name} has no written-out endpoint = \"area/verb\""));
            }
            let reads = READS.contains(&name.split('_').next().unwrap_or_default());
            match (reads, attribute.contains("GetUrl")) {
                (true, false) => findings.add(&file, line, &format!("{name} reads: input = GetUrl")),
                (false, true) => {
                    findings.add(&file, line, &format!("{name} is asked for with GET: it must only read, and be called {READS:?}"))
                }
                _ => {}
            }
        }
    }
    findings.assert_none();
}
