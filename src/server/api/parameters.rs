//! The parameters of an address: which it knows, and what is wrong with those that it was given. What is not known, given twice or
//! out of bounds is refused by its name: a filter that is passed over would answer with more than was asked for.

use crate::model::{ErrorCode, FieldError, PortalError};

/// The most items on a page.
pub const MAX_ITEMS: usize = 200;
/// Items on a page where nobody asked otherwise.
pub const DEFAULT_ITEMS: usize = 100;

/// The longest name of an unknown parameter that is said back.
const NAME_BYTES: usize = 32;

/// What an address was asked with.
pub struct Parameters {
    pairs: Vec<(String, String)>,
    problems: Vec<FieldError>,
}

impl Parameters {
    /// Reads a query string; `known` are the names that the address takes.
    pub fn read(query: Option<&str>, known: &[&str]) -> Self {
        let mut read = Self { pairs: Vec::new(), problems: Vec::new() };
        for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if !known.contains(&&*name) {
                // Said back only where it is a plain word.
                let plain = name.len() <= NAME_BYTES && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                read.refuse(if plain { &name } else { "?" }, "unknown");
            } else if read.pairs.iter().any(|(held, _)| *held == name) {
                read.refuse(&name, "repeated");
            } else {
                read.pairs.push((name.into_owned(), value.into_owned()));
            }
        }
        read
    }

    /// A parameter's text; empty where it was not given.
    pub fn text(&self, name: &str) -> &str {
        self.pairs.iter().find(|(held, _)| held == name).map_or("", |(_, value)| value)
    }

    /// The size of the page, `limit`: 1 to [`MAX_ITEMS`].
    pub fn limit(&mut self) -> usize {
        let limit = match self.text("limit") {
            "" => Some(DEFAULT_ITEMS),
            text => text.parse().ok().filter(|limit| (1..=MAX_ITEMS).contains(limit)),
        };
        limit.unwrap_or_else(|| {
            self.refuse("limit", "not_1_to_200");
            DEFAULT_ITEMS
        })
    }

    /// Says that a parameter cannot be used.
    pub fn refuse(&mut self, parameter: &str, problem: &str) {
        self.problems.push(FieldError { field: parameter.to_owned(), problem: problem.to_owned() });
    }

    /// That all of them can be used.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] names those that cannot.
    pub fn check(&self) -> Result<(), PortalError> {
        if self.problems.is_empty() { Ok(()) } else { Err(ErrorCode::Invalid { fields: self.problems.clone() }.into()) }
    }
}

/// The relative address of a page that goes on there; empty parameters are left out.
pub fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish();
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(query: &str) -> Vec<String> {
        let mut read = Parameters::read(Some(query), &["q", "limit"]);
        read.limit();
        read.problems.iter().map(|problem| format!("{} {}", problem.field, problem.problem)).collect()
    }

    #[test]
    fn a_parameter_that_would_be_passed_over_is_refused_by_name() {
        assert_eq!(problems("q=a&limit=200"), [""; 0]);
        assert_eq!(problems("q=a&q=b&stage=x"), ["q repeated", "stage unknown"]);
        for limit in ["0", "201", "-1", "ten", "1e2"] {
            assert_eq!(problems(&format!("limit={limit}")), ["limit not_1_to_200"]);
        }
        assert_eq!(problems("%3Cscript%3E=1"), ["? unknown"]);
    }

    #[test]
    fn an_address_reads_as_what_it_was_made_of() {
        let address = address("/api/v1/cases", &[("q", "a 100% & b"), ("sort", ""), ("after", "d2026-11-21~x")]);
        let query = address.split_once('?').map(|(_, query)| query);
        let read = Parameters::read(query, &["q", "sort", "after"]);
        assert_eq!((read.text("q"), read.text("sort"), read.text("after")), ("a 100% & b", "", "d2026-11-21~x"));
    }
}
