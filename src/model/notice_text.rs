//! The text of a notice with the values that are put into it: which variable takes which field of the records, what is missing, what is too
//! long. It must not know where a value comes from.

use serde::Deserialize;

use super::party_draft::LANGUAGES;

/// What a language is called; its code where nobody has named it.
pub fn language_name(code: &str) -> &str {
    LANGUAGES.iter().find(|(known, _)| *known == code).map_or(code, |(_, name)| *name)
}

/// A variable as its template declares it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TextVariable {
    /// What stands between the braces.
    pub name: String,
    /// The field of the records that it takes.
    pub field: String,
    /// The most characters that it may have; 0 where nothing is said.
    #[serde(default)]
    pub longest: usize,
}

/// Reads the declarations; none where they cannot be read.
pub fn variables(json: &str) -> Vec<TextVariable> {
    serde_json::from_str(json).unwrap_or_default()
}

/// A place in a text, with what is put there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insert {
    /// What stands between the braces.
    pub name: String,
    /// The field that it takes; empty for one that nobody has declared.
    pub field: String,
    /// The most characters; 0 where nothing is said.
    pub longest: usize,
    /// The value; `None` where there is none.
    pub value: Option<String>,
}

impl Insert {
    /// Characters of its value.
    pub fn length(&self) -> usize {
        self.value.as_deref().map_or(0, |value| value.chars().count())
    }

    /// Whether it has more than it may have.
    pub fn is_too_long(&self, most: Option<usize>) -> bool {
        let declared = Some(self.longest).filter(|longest| *longest > 0);
        declared.into_iter().chain(most).any(|most| self.length() > most)
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words that everybody gets.
    Words(String),
    /// A value of this respondent's.
    Value(Insert),
}

/// A text cut into what everybody gets and what is put in; a brace that is never closed is text.
pub fn pieces(body: &str, declared: &[TextVariable], value_of: impl Fn(&str) -> Option<String>) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = body;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, behind)) = after.split_once("}}") else { break };
        if !before.is_empty() {
            found.push(Piece::Words(before.to_owned()));
        }
        let name = name.trim();
        let variable = declared.iter().find(|variable| variable.name == name);
        found.push(Piece::Value(Insert {
            name: name.to_owned(),
            field: variable.map(|variable| variable.field.clone()).unwrap_or_default(),
            longest: variable.map_or(0, |variable| variable.longest),
            value: variable.and_then(|variable| value_of(&variable.field)).filter(|value| !value.trim().is_empty()),
        }));
        rest = behind;
    }
    if !rest.is_empty() {
        found.push(Piece::Words(rest.to_owned()));
    }
    found
}

/// The whole text; what is missing stands in it as such.
pub fn merged(pieces: &[Piece]) -> String {
    let part = |piece: &Piece| match piece {
        Piece::Words(words) => words.clone(),
        Piece::Value(Insert { value: Some(value), .. }) => value.clone(),
        Piece::Value(Insert { name, .. }) => format!("[{name}: missing]"),
    };
    pieces.iter().map(part).collect()
}

/// The values of a text, each once, in their order.
pub fn inserts(pieces: &[Piece]) -> Vec<&Insert> {
    let mut found: Vec<&Insert> = Vec::new();
    for piece in pieces {
        if let Piece::Value(insert) = piece
            && !found.iter().any(|known| known.name == insert.name)
        {
            found.push(insert);
        }
    }
    found
}

/// What is missing, by the names of its variables.
pub fn missing(pieces: &[Piece]) -> Vec<&str> {
    inserts(pieces).into_iter().filter(|insert| insert.value.is_none()).map(|insert| insert.name.as_str()).collect()
}

/// Whether a value is longer than it may be: than was declared, or than any may be.
pub fn longest_value(pieces: &[Piece], most: Option<usize>) -> bool {
    inserts(pieces).iter().any(|insert| insert.is_too_long(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DECLARED: &str = r#"[{"name":"name","field":"party_name","longest":5},{"name":"amount","field":"total_dues"}]"#;

    fn of(body: &str) -> Vec<Piece> {
        pieces(body, &variables(DECLARED), |field| match field {
            "party_name" => Some("Ramesh".to_owned()),
            "total_dues" => Some("  ".to_owned()),
            _ => Some("never".to_owned()),
        })
    }

    #[test]
    fn values_are_put_in_and_what_is_missing_says_so() {
        let text = of("Dear {{name}}, Rs {{ amount }} are due. {{name}}, call {{branch}}. {{ open");
        assert_eq!(merged(&text), "Dear Ramesh, Rs [amount: missing] are due. Ramesh, call [branch: missing]. {{ open");
        assert_eq!(missing(&text), ["amount", "branch"]);
        assert_eq!(inserts(&text).iter().map(|insert| insert.field.as_str()).collect::<Vec<_>>(), ["party_name", "total_dues", ""]);
    }

    #[test]
    fn a_value_is_too_long_by_its_own_measure_or_by_everybodys() {
        assert!(longest_value(&of("{{name}}"), None) && longest_value(&of("{{name}}"), Some(30)));
        assert!(!longest_value(&of("no variable at all, however long the words are"), Some(3)));
        let free = pieces("{{a}}", &variables(r#"[{"name":"a","field":"x"}]"#), |_| Some("दस अक्षर".to_owned()));
        assert!(!longest_value(&free, None) && !longest_value(&free, Some(8)) && longest_value(&free, Some(7)));
    }

    #[test]
    fn what_is_no_declaration_declares_nothing() {
        for text in ["", "null", "{}", "[1]", "not json"] {
            assert_eq!(variables(text), []);
        }
        assert!(pieces("", &[], |_| None).is_empty());
        assert_eq!(merged(&pieces("}} {{}}", &[], |_| None)), "}} [: missing]");
        assert_eq!((language_name("ta"), language_name("xx")), ("Tamil", "xx"));
    }
}
