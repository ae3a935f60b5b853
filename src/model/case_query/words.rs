//! The words of the query box: how amounts and products are written, quoted and encoded.

use super::super::{Inr, Product, Term};

/// The short names that people in collections use for products.
pub(super) fn product(text: &str) -> Option<Product> {
    match text.to_ascii_lowercase().as_str() {
        "pl" => Some(Product::Personal),
        "cc" | "card" => Some(Product::CreditCard),
        "tw" | "2w" => Some(Product::TwoWheeler),
        "cd" => Some(Product::ConsumerDurable),
        "cv" => Some(Product::UsedVehicle),
        "gl" | "gold" => Some(Product::Gold),
        "hl" => Some(Product::Home),
        _ => Product::meant_by(text),
    }
}

pub(super) fn plain_rupees(amount: Inr) -> String {
    let (rupees, paise) = (amount.paise() / 100, amount.paise() % 100);
    if paise == 0 { rupees.to_string() } else { format!("{rupees}.{paise:02}") }
}

pub(super) fn pair(key: &str, value: &str) -> String {
    let value = value.to_lowercase();
    if value.contains(' ') { format!("{key}:\"{value}\"") } else { format!("{key}:{value}") }
}

/// A value whose letters stay as they are: a record's name. It holds no quotation mark.
pub(super) fn unchanged(key: &str, value: &str) -> String {
    if value.contains(char::is_whitespace) { format!("{key}:\"{value}\"") } else { format!("{key}:{value}") }
}

/// The code that a person means by it or by its words, letter case ignored, `_` and `-` read as a blank.
pub(super) fn code_of(known: &[&'static str], text: &str) -> Option<&'static str> {
    let fold = |text: &str| text.replace(['_', '-'], " ").to_lowercase();
    known.iter().copied().find(|code| fold(code) == fold(text) || fold(&Term::of(*code).label) == fold(text))
}

pub(super) fn quoted(text: &str) -> String {
    // A search word that looks like a filter must come back as a search word.
    if text.contains(':') { format!("\"{}\"", text.replace('"', "")) } else { text.to_owned() }
}

/// Splits at blanks outside double quotes.
pub(super) fn split_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut in_quotes) = (None, false);
    for (at, c) in text.char_indices() {
        if c == '"' {
            in_quotes = !in_quotes;
        }
        match (c.is_whitespace() && !in_quotes, start) {
            (true, Some(from)) => {
                words.push(&text[from..at]);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    if let Some(from) = start {
        words.push(&text[from..]);
    }
    words
}
