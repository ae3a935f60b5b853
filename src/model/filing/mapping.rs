//! Which column says what. It must not know rows.

use std::collections::BTreeMap;

use super::field::{FIELDS, FilingField};

/// Headings with the fields that they mean, by their places in [`FIELDS`]. What is not in it is not read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(BTreeMap<String, usize>);

/// Why a mapping cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingProblem {
    /// The code of the field that it is about.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub sentence: String,
}

/// What is only there with something else: the field, and the one that it needs.
const NEEDS: &[(&str, &str)] = &[
    ("address_2", "address"),
    ("address_3", "address"),
    ("address", "pincode"),
    ("city", "address"),
    ("state", "address"),
    ("pincode", "address"),
    ("co1_role", "co1_name"),
    ("co1_mobile", "co1_name"),
    ("co1_email", "co1_name"),
    ("co1_address", "co1_name"),
    ("co1_pincode", "co1_name"),
    ("co1_address", "co1_pincode"),
    ("co1_pincode", "co1_address"),
    ("co2_role", "co2_name"),
    ("co2_mobile", "co2_name"),
    ("co2_email", "co2_name"),
    ("co2_address", "co2_name"),
    ("co2_pincode", "co2_name"),
    ("co2_address", "co2_pincode"),
    ("co2_pincode", "co2_address"),
];

impl Mapping {
    /// These pairs of heading and code; what is no field of ours is left out.
    pub fn of<H: Into<String>>(pairs: impl IntoIterator<Item = (H, impl AsRef<str>)>) -> Self {
        let mut mapping = Self::default();
        for (heading, code) in pairs {
            mapping.put(heading, code.as_ref());
        }
        mapping
    }

    /// Says that a heading means a field; an empty code says that it means none.
    pub fn put(&mut self, heading: impl Into<String>, code: &str) {
        let heading = heading.into();
        match FIELDS.iter().position(|field| field.code == code).filter(|_| !heading.is_empty()) {
            Some(place) => self.0.insert(heading, place),
            None => self.0.remove(&heading),
        };
    }

    /// What a heading means.
    pub fn field(&self, heading: &str) -> Option<&'static FilingField> {
        self.place(heading).and_then(|place| FIELDS.get(place))
    }

    /// The place in [`FIELDS`] of what a heading means.
    pub(super) fn place(&self, heading: &str) -> Option<usize> {
        self.0.get(heading).copied()
    }

    /// The heading of a field; the first of them where a mapping has it twice.
    pub fn heading(&self, code: &str) -> Option<&str> {
        self.pairs().find(|(_, known)| *known == code).map(|(heading, _)| heading)
    }

    /// Whether a column says it.
    pub fn has(&self, code: &str) -> bool {
        self.heading(code).is_some()
    }

    /// Headings and codes.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(heading, place)| Some((heading.as_str(), FIELDS.get(*place)?.code)))
    }

    /// Whether it can be used.
    ///
    /// # Errors
    /// What no column says though every row must, what two columns say, and what is only there with something else.
    pub fn check(&self) -> Result<(), Vec<MappingProblem>> {
        let mut problems = Vec::new();
        for field in FIELDS {
            let headings: Vec<_> =
                self.pairs().filter(|(_, code)| *code == field.code).map(|(heading, _)| format!("“{heading}”")).collect();
            let sentence = match headings.len() {
                0 if field.required => format!("No column is chosen for “{}”. Every row must say it.", field.label),
                0 | 1 => continue,
                _ => format!("“{}” is chosen for the columns {}. Choose one of them.", field.label, headings.join(" and ")),
            };
            problems.push(MappingProblem { field: field.code, sentence });
        }
        for (code, needed) in NEEDS {
            let (Some(field), Some(other)) = (FilingField::of(code), FilingField::of(needed)) else { continue };
            if self.has(code) && !self.has(needed) {
                let sentence = format!("“{}” is only taken with “{}”, for which no column is chosen.", field.label, other.label);
                problems.push(MappingProblem { field: field.code, sentence });
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    /// As JSON: an object of headings and codes.
    pub fn json(&self) -> String {
        serde_json::to_string(&self.pairs().collect::<BTreeMap<_, _>>()).unwrap_or_default()
    }

    /// Reads it back; `None` for what is no object of words. Fields that there are no more are left out.
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str::<BTreeMap<String, String>>(json).ok().map(Self::of)
    }
}
