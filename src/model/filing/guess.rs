//! What columns probably mean, by what was said of them before and by their headings. A guess is shown and never used unseen. It must
//! not know rows.

use super::{
    field::{FIELDS, FilingField},
    mapping::Mapping,
};

/// Ends of headings that say only how a value is written.
const ENDS: &[&str] = &["inrs", "inr", "rupees", "rs", "amount", "amt"];

/// A way to know what a heading means.
type Way<'a> = &'a dyn Fn(&str) -> Option<&'static FilingField>;

impl Mapping {
    /// What these headings mean: as remembered for the very heading, else for one that differs only in how it is written, else by the
    /// names that institutions use. A field is guessed once, for the first heading; what is not known means nothing.
    #[must_use]
    pub fn guess(headings: &[String], remembered: &Self) -> Self {
        let mut guess = Self::default();
        let by_key = |heading: &str| {
            let wanted = key(heading);
            let same = remembered.pairs().find(|(known, _)| key(known) == wanted).map(|(_, code)| code);
            same.and_then(FilingField::of)
        };
        let by_alias = |heading: &str| {
            let (whole, plain) = (key(heading), key(&without_brackets(heading)));
            let means = |words: &str| !words.is_empty() && words.chars().count() < 64;
            [whole.as_str(), plain.as_str(), without_end(&plain)].into_iter().filter(|words| means(words)).find_map(|words| {
                FIELDS.iter().find(|field| {
                    field.aliases.split(' ').any(|alias| alias == words)
                        || field.code.replace('_', "") == words
                        || key(field.label) == words
                })
            })
        };
        let ways: [Way<'_>; 3] = [&|heading| remembered.field(heading), &by_key, &by_alias];
        for way in ways {
            for heading in headings.iter().filter(|heading| !heading.is_empty()) {
                if guess.field(heading).is_none()
                    && let Some(field) = way(heading)
                    && !guess.has(field.code)
                {
                    guess.put(heading.as_str(), field.code);
                }
            }
        }
        guess
    }
}

/// Letters and digits of a heading, small.
fn key(heading: &str) -> String {
    // The scripts of India join letters by marks that are none themselves.
    let counts = |c: &char| c.is_alphanumeric() || matches!(c, '\u{900}'..='\u{dff}');
    heading.chars().filter(counts).flat_map(char::to_lowercase).collect()
}

/// A heading without what stands in brackets: units, formats.
fn without_brackets(heading: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for c in heading.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    kept
}

fn without_end(key: &str) -> &str {
    ENDS.iter().find_map(|end| key.strip_suffix(end)).unwrap_or(key)
}
