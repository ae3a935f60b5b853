//! The house rules that reading files can check: who may use whom, what every file has, what none may contain.
//!
//! A rule that nobody can break by accident needs no reviewer. Each failure names the file, the line and the reason; an
//! exception is one line in [`source::EXCEPTIONS`] with its own reason, and one that is no longer needed fails as well.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot read its own repository should stop")]

#[path = "tidy/dependencies.rs"]
mod dependencies;
#[path = "tidy/directions.rs"]
mod directions;
#[path = "tidy/papers.rs"]
mod papers;
#[path = "tidy/server_functions.rs"]
mod server_functions;
#[path = "tidy/source.rs"]
mod source;

use source::{Findings, SourceFile, files_under, is_word_at};

/// Longest file, in lines, tests included: what is longer owns two ideas.
const LONGEST_FILE_LINES: usize = 450;

#[test]
fn every_file_opens_by_saying_what_it_owns() {
    let mut findings = Findings::new("says what it owns and what it must not know in its first lines");
    for file in files_under(&["src", "tests", "benches"], &["rs"]) {
        if !file.text.starts_with("//!") {
            findings.add(&file, 1, "opens with no `//!` paragraph");
        }
    }
    findings.assert_none();
}

#[test]
fn no_file_outgrows_one_idea() {
    let mut findings = Findings::new("a long file owns more than one idea: split it where the second begins");
    for file in files_under(&["src", "tests", "benches"], &["rs"]) {
        let lines = file.text.lines().count();
        if lines > LONGEST_FILE_LINES {
            findings.add(&file, lines, &format!("{lines} lines, {LONGEST_FILE_LINES} allowed"));
        }
    }
    findings.assert_none();
}

#[test]
fn nothing_is_left_for_later() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
    let fragments = [
        concat!("to", "do!("),
        concat!("un", "implemented!("),
        concat!("#[ig", "nore"),
        concat!("test.", "only("),
        concat!("test.", "skip("),
    ];
    let mut findings = Findings::new("what is left for later belongs in an issue, not in the code");
    for file in files_under(&["src", "tests", "benches", "style", "end2end", "scripts", "deploy", "docs", ".ci"], source::TEXT) {
        for (line, text) in file.lines() {
            for word in words.iter().filter(|word| text.match_indices(**word).any(|(at, _)| is_word_at(text, at, word.len()))) {
                findings.add(&file, line, word);
            }
            for fragment in fragments.iter().filter(|fragment| text.contains(**fragment)) {
                findings.add(&file, line, fragment);
            }
        }
    }
    findings.assert_none();
}

/// What may stand only in the files named, and why.
const CONFINED: &[(&str, &[&str], &str)] = &[
    (
        "with_tenant(",
        &["src/registry/current.rs", "src/server/context.rs"],
        "a tenant comes into scope at the doors of server::context alone: a fourth door is a way round the checks",
    ),
    (
        "inner_html",
        &["src/app/ui/sheet.rs", "src/app/ui/text_area.rs"],
        "is not escaped: markup from a record would run in the page; charts are put in so, with their texts escaped, and typed lines",
    ),
    ("<textarea", &["src/app/ui/text_area.rs"], "Leptos 0.8 writes its children raw: use ui::text_area, which encodes them"),
    ("use_context::<Tenant", &[], "finds another request's context through a foreign parent owner: read Parts.extensions"),
    ("use_context::<Arc<Tenant", &[], "finds another request's context through a foreign parent owner: read Parts.extensions"),
    ("file_and_error_handler(", &[], "took another user's Set-Cookie into a static answer: files go through ServeDir"),
    ("env::var", &["src/config/mod.rs"], "the environment is read in config alone, so that every setting is listed and documented"),
    ("use std::env", &["src/config/mod.rs"], "the environment is read in config alone, so that every setting is listed and documented"),
    ("static mut", &[], "shared by all requests without a lock"),
];

#[test]
fn what_is_dangerous_stays_where_it_is_watched() {
    let mut findings = Findings::new("confined to the files that tests/tidy.rs names");
    for file in files_under(&["src"], &["rs"]) {
        // Tests of a part may stand where no door is.
        let of_tests = file.path.contains("/tests/") || file.path.ends_with("/tests.rs");
        for (line, text) in file.code().filter(|_| !of_tests) {
            for (fragment, homes, reason) in CONFINED {
                if text.contains(fragment) && !homes.contains(&file.path.as_str()) {
                    findings.add_as(&file, line, fragment, &format!("`{fragment}`: {reason}"));
                }
            }
        }
    }
    findings.assert_none();
}

#[test]
fn no_signal_outlives_its_request() {
    let mut findings = Findings::new("a signal in a static is one value for every person at once");
    for file in files_under(&["src"], &["rs"]) {
        for (line, text) in file.code() {
            let lasting = ["static ", "OnceLock<", "LazyLock<", "thread_local!"].iter().any(|word| text.contains(word));
            if lasting && ["Signal<", "StoredValue<", "Resource<"].iter().any(|kind| text.contains(kind)) {
                findings.add(&file, line, text.trim());
            }
        }
    }
    findings.assert_none();
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    let fragments = [concat!("/wo", "rk/"), concat!("../sha", "red"), concat!("/ro", "ot/"), concat!("/tmp/", "bash_jobs")];
    let mut findings = Findings::new("a path of one machine means nothing on the next");
    for file in source::whole_repository() {
        for (line, text) in file.lines() {
            for fragment in fragments.iter().filter(|fragment| text.contains(**fragment)) {
                findings.add(&file, line, fragment);
            }
        }
    }
    findings.assert_none();
}

#[test]
fn every_exception_is_still_needed() {
    let needed = |(path, fragment, _): &(&str, &str, &str)| {
        let file: Option<SourceFile> = files_under(&["src"], &["rs"]).into_iter().find(|file| file.path == *path);
        file.is_some_and(|file| file.text.contains(fragment))
    };
    let idle: Vec<_> = source::EXCEPTIONS.iter().filter(|exception| !needed(exception)).collect();
    assert!(idle.is_empty(), "exceptions that nothing needs any more: {idle:#?}");
}
