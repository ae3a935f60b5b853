//! What is written about the program agrees with the program: settings, metric names, make targets, places.

use odr_portal::{config::SETTINGS, telemetry::metrics::METRICS};

use crate::source::{Findings, files_under, is_word_at, line_of, read, root};

#[test]
fn the_readme_lists_every_setting() {
    let readme = read("README.md");
    let missing: Vec<_> = SETTINGS.iter().map(|setting| setting.name).filter(|name| !readme.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "README.md has no row for {missing:?}");
}

#[test]
fn the_readme_names_no_make_target_that_is_not_there() {
    let makefile = read("Makefile");
    for paper in ["README.md", "CONTRIBUTING.md"] {
        for named in read(paper).split("`make ").skip(1) {
            let target = named.split(['`', ' ']).next().unwrap_or_default();
            assert!(makefile.contains(&format!("\n{target}:")), "{paper} speaks of `make {target}`");
        }
    }
}

#[test]
fn places_that_the_papers_name_exist() {
    const PLACES: &[&str] = &["src/", "tests/", "scripts/", "deploy/", "end2end/", "docs/", "style/", "public/", "benches/"];
    let mut findings = Findings::new("a map that names what is not there misleads");
    let papers = ["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"];
    for file in files_under(&[""], &["md"]).into_iter().filter(|file| papers.contains(&file.path.as_str())) {
        for (line, text) in file.lines() {
            let quoted = text.split('`').skip(1).step_by(2).filter(|quoted| PLACES.iter().any(|place| quoted.starts_with(place)));
            for place in quoted.filter(|place| !place.contains(['<', '*', ' ']) && !root().join(place).exists()) {
                findings.add(&file, line, place);
            }
        }
    }
    findings.assert_none();
}

#[test]
fn metric_names_are_written_in_one_place() {
    let mut findings = Findings::new("names of metrics are declared in src/telemetry/metrics.rs and nowhere else");
    for file in files_under(&["src"], &["rs"]).iter().filter(|file| file.path != "src/telemetry/metrics.rs") {
        for (line, text) in file.code() {
            for (name, _) in METRICS.iter().filter(|(name, _)| text.contains(&format!("\"{name}\""))) {
                findings.add(file, line, name);
            }
        }
    }
    findings.assert_none();
}

#[test]
fn dashboards_and_alarms_use_metrics_that_exist() {
    let mut findings = Findings::new("an alarm on a series that does not exist never fires");
    for file in files_under(&["deploy"], &["yml", "yaml", "json"]) {
        for (at, _) in file.text.match_indices("portal_") {
            let end = file.text[at..].find(|character: char| !(character.is_alphanumeric() || character == '_')).unwrap_or(0);
            let name = &file.text[at..at + end];
            let series = ["_bucket", "_sum", "_count"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
            if is_word_at(&file.text, at, end) && !METRICS.iter().any(|(metric, _)| *metric == series) {
                findings.add(&file, line_of(&file.text, at), name);
            }
        }
    }
    findings.assert_none();
}
