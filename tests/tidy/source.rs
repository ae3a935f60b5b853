//! The repository as text: files with their lines, code without its comments, and findings with file, line and reason.
//!
//! Must not know any rule.

use std::{fs, path::Path};

/// Endings of files that people write.
pub const TEXT: &[&str] =
    &["rs", "toml", "md", "sh", "ts", "mjs", "js", "json", "yml", "yaml", "scss", "css", "conf", "example", "html", "svg", "run"];

/// Places where a rule does not hold: the file, the forbidden fragment, and why it is right there.
pub const EXCEPTIONS: &[(&str, &str, &str)] = &[];

/// A file of the repository.
pub struct SourceFile {
    /// Path from the repository's root, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

impl SourceFile {
    /// Its lines, counted from one.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Its lines without comments.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().map(|(number, line)| (number, without_comment(line)))
    }

    /// Its code without what is compiled for tests only; tests may reach for what they need.
    pub fn shipped_code(&self) -> String {
        if self.path.ends_with("/tests.rs") || self.path.contains("/tests/") {
            return String::new();
        }
        let end = self.text.find("#[cfg(test)]\nmod tests {").unwrap_or(self.text.len());
        self.text[..end].lines().map(|line| format!("{}\n", without_comment(line))).collect()
    }
}

/// A line comment's `//` has whitespace or nothing before it: `https://` in a string does not.
fn without_comment(line: &str) -> &str {
    let comment = line.match_indices("//").find(|(at, _)| line[..*at].chars().next_back().is_none_or(char::is_whitespace));
    comment.map_or(line, |(at, _)| &line[..at])
}

/// The line, counted from one, of a position in a text.
pub fn line_of(text: &str, position: usize) -> usize {
    text[..position].matches('\n').count() + 1
}

/// Whether the fragment at this position stands alone, and is not part of a longer word.
pub fn is_word_at(text: &str, at: usize, length: usize) -> bool {
    let joins = |character: char| character.is_alphanumeric() || character == '_';
    !text[..at].chars().next_back().is_some_and(joins) && !text[at + length..].chars().next().is_some_and(joins)
}

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file by its path from the root.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The files below these folders that have one of these endings, in a stable order; a folder that is not there has none.
pub fn files_under(folders: &[&str], endings: &[&str]) -> Vec<SourceFile> {
    let mut files = Vec::new();
    for folder in folders {
        collect(&root().join(folder), endings, &mut files);
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}

/// Everything that people wrote.
pub fn whole_repository() -> Vec<SourceFile> {
    let mut endings = TEXT.to_vec();
    endings.extend(["Makefile", "Dockerfile"]);
    files_under(&[""], &endings)
}

fn collect(folder: &Path, endings: &[&str], files: &mut Vec<SourceFile>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_foreign =
            matches!(name.as_str(), ".git" | "target" | "node_modules" | "data" | "snapshots" | "test-results" | "screenshots");
        if path.is_dir() && !is_foreign {
            collect(&path, endings, files);
        } else if endings.iter().any(|ending| name == *ending || name.ends_with(&format!(".{ending}"))) && name != "package-lock.json" {
            // A file that is no text has no lines to check.
            let Ok(text) = fs::read_to_string(&path) else { continue };
            files.push(SourceFile { path: path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"), text });
        }
    }
}

/// What breaks one rule.
pub struct Findings {
    reason: &'static str,
    found: Vec<String>,
}

impl Findings {
    /// Of a rule, with the reason that a reader of the failure is given.
    pub fn new(reason: &'static str) -> Self {
        Self { reason, found: Vec::new() }
    }

    /// One breach.
    pub fn add(&mut self, file: &SourceFile, line: usize, what: &str) {
        self.found.push(format!("{}:{line}: {what}", file.path));
    }

    /// One breach of a rule that allows exceptions by fragment.
    pub fn add_as(&mut self, file: &SourceFile, line: usize, fragment: &str, what: &str) {
        if !EXCEPTIONS.iter().any(|(path, excepted, _)| *path == file.path && *excepted == fragment) {
            self.add(file, line, what);
        }
    }

    /// Fails the test with all of them.
    pub fn assert_none(&self) {
        assert!(self.found.is_empty(), "\n{}\n({})\n", self.found.join("\n"), self.reason);
    }
}
