//! The words of the query box: how amounts and products are written, quoted and encoded.

use super::super::{Inr, Product};

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

/// Reads `500000`, `5,00,000`, `5L`, `1.2cr`, `50k` as rupees; at most two decimals count, below 10¹² rupees.
pub(super) fn rupees(text: &str) -> Option<Inr> {
    let text = text.trim().trim_start_matches('₹').to_ascii_lowercase().replace(',', "");
    let units: [(&str, i64); 5] = [("cr", 1_00_00_000_00), ("lakh", 1_00_000_00), ("l", 1_00_000_00), ("k", 1_000_00), ("", 100)];
    let (number, unit_paise) = units.iter().find_map(|(suffix, unit)| Some((text.strip_suffix(suffix)?.trim(), *unit)))?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || fraction.len() > 7 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let mut paise = whole.parse::<i64>().ok()?.checked_mul(unit_paise)?;
    let mut place = unit_paise;
    for digit in fraction.bytes() {
        place /= 10;
        paise = paise.checked_add(i64::from(digit - b'0') * place)?;
    }
    (paise < 1_000_000_000_000_00).then_some(Inr::from_paise(paise))
}

pub(super) fn plain_rupees(amount: Inr) -> String {
    let (rupees, paise) = (amount.paise() / 100, amount.paise() % 100);
    if paise == 0 { rupees.to_string() } else { format!("{rupees}.{paise:02}") }
}

pub(super) fn pair(key: &str, value: &str) -> String {
    let value = value.to_lowercase();
    if value.contains(' ') { format!("{key}:\"{value}\"") } else { format!("{key}:{value}") }
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
