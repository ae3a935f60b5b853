//! SQL's `like` under the collation: `%` any run, `_` one letter, `\` takes the next letter as it is. Knows texts alone.

use super::cell::fold;

/// A pattern, read once for all the texts that it is held against.
#[derive(Debug)]
pub(super) struct Pattern {
    wanted: Vec<Want>,
    /// What a text must have somewhere, where that is all.
    somewhere: Option<String>,
}

#[derive(Debug)]
enum Want {
    Run,
    Any,
    This(char),
}

impl Pattern {
    pub(super) fn read(pattern: &str) -> Self {
        let folded = fold(pattern);
        let within = folded.strip_prefix('%').and_then(|rest| rest.strip_suffix('%'));
        let somewhere = within.filter(|text| !text.contains(['%', '_', '\\'])).map(str::to_owned);
        let mut wanted = Vec::new();
        let mut letters = folded.chars();
        while let Some(letter) = letters.next() {
            wanted.push(match letter {
                '%' => Want::Run,
                '_' => Want::Any,
                '\\' => Want::This(letters.next().unwrap_or('\\')),
                other => Want::This(other),
            });
        }
        Self { wanted, somewhere }
    }

    pub(super) fn fits(&self, text: &str) -> bool {
        let folded = fold(text);
        if let Some(somewhere) = &self.somewhere {
            return folded.contains(somewhere.as_str());
        }
        let text: Vec<char> = folded.chars().collect();
        let (mut at, mut want) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        loop {
            match self.wanted.get(want) {
                Some(Want::Run) => {
                    retry = Some((at, want));
                    want += 1;
                    continue;
                }
                Some(Want::Any) if at < text.len() => {
                    (at, want) = (at + 1, want + 1);
                    continue;
                }
                Some(Want::This(letter)) if text.get(at) == Some(letter) => {
                    (at, want) = (at + 1, want + 1);
                    continue;
                }
                None if at == text.len() => return true,
                _ => {}
            }
            match retry {
                Some((from, run)) if from < text.len() => {
                    retry = Some((from + 1, run));
                    (at, want) = (from + 1, run + 1);
                }
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_pattern_takes_what_mariadb_would_take() {
        let fits = |pattern: &str, text: &str| Pattern::read(pattern).fits(text);
        for (pattern, text) in [
            ("%sharma%", "Sharma"),
            ("%SHARMA%", "rohan sharma pune"),
            ("%resume%", "My R\u{e9}sum\u{e9}"),
            ("%", ""),
            ("%%", "x"),
            ("a%c", "abbc"),
            ("_b%", "abc"),
            ("%50\\%%", "at 50% off"),
            ("%a_c%", "xabcx"),
            ("abc", "ABC "),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("%sharma%", "sharm a"), ("a%c", "abb"), ("_b%", "b"), ("%50\\%%", "50 off"), ("", "x"), ("%a_c%", "ac")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
