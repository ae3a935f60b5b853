//! Rupees as whole paise, and their Indian way of being written.

use serde::{Deserialize, Serialize};

/// An amount of Indian rupees in whole paise. Never a float: sums are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Inr {
    paise: i64,
}

/// Amounts together; what no amount of paise can hold stays at the most that one can.
impl std::ops::Add for Inr {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self::from_paise(self.paise.saturating_add(other.paise))
    }
}

impl Inr {
    /// No money.
    pub const ZERO: Self = Self { paise: 0 };

    /// An amount of whole paise.
    pub const fn from_paise(paise: i64) -> Self {
        Self { paise }
    }

    /// An amount of whole rupees; saturates at the ends of `i64` paise.
    pub const fn from_rupees(rupees: i64) -> Self {
        Self { paise: rupees.saturating_mul(100) }
    }

    /// The amount in paise.
    pub const fn paise(self) -> i64 {
        self.paise
    }

    /// The exact amount in Indian grouping: `₹12,34,567.50`; paise are left out when there are none.
    pub fn exact(self) -> String {
        let (sign, rupees, paise) = self.parts();
        let grouped = group_indian(rupees);
        if paise == 0 { format!("{sign}₹{grouped}") } else { format!("{sign}₹{grouped}.{paise:02}") }
    }

    /// The amount as a card shows it: `₹4.82 Cr`, `₹61.3 L`, `₹7,450`. Rounded half up in its last shown digit.
    pub fn compact(self) -> String {
        const LAKH: u64 = 1_00_000;
        const CRORE: u64 = 1_00_00_000;
        let (sign, rupees, _) = self.parts();
        if rupees >= CRORE {
            let hundredths = (rupees + CRORE / 200) / (CRORE / 100);
            format!("{sign}₹{}.{:02} Cr", group_indian(hundredths / 100), hundredths % 100)
        } else if rupees >= LAKH {
            let tenths = (rupees + LAKH / 20) / (LAKH / 10);
            // 99.95 L and more would read "100.0 L": that is a crore.
            if tenths >= 1000 { format!("{sign}₹1.00 Cr") } else { format!("{sign}₹{}.{} L", tenths / 10, tenths % 10) }
        } else {
            format!("{sign}₹{}", group_indian(rupees))
        }
    }

    /// Reads `500000`, `5,00,000`, `5L`, `1.2cr`, `50k` as rupees, as people type them; at most two decimals count, below 10¹² rupees.
    pub fn typed(text: &str) -> Option<Self> {
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
        (paise < 1_000_000_000_000_00).then_some(Self::from_paise(paise))
    }

    fn parts(self) -> (&'static str, u64, u64) {
        let absolute = self.paise.unsigned_abs();
        (if self.paise < 0 { "−" } else { "" }, absolute / 100, absolute % 100)
    }
}

/// `1234567` as `12,34,567`: the last three digits, then pairs.
pub(crate) fn group_indian(number: u64) -> String {
    let digits = number.to_string();
    let (head, tail) = digits.split_at(digits.len().saturating_sub(3));
    if head.is_empty() {
        return tail.to_owned();
    }
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 2);
    for (index, digit) in head.chars().enumerate() {
        if index > 0 && (head.len() - index) % 2 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped.push(',');
    grouped.push_str(tail);
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_the_indian_way() {
        let exact = [0, 5, 99_900, 1_00_000_00, 12_34_567_50, -12_34_567_00].map(|paise| Inr::from_paise(paise).exact());
        assert_eq!(exact, ["₹0", "₹0.05", "₹999", "₹1,00,000", "₹12,34,567.50", "−₹12,34,567"]);
    }

    #[test]
    fn cards_show_lakhs_and_crores() {
        let compact =
            [7_450, 99_999, 1_00_000, 61_30_000, 99_95_000, 4_82_00_000, 123_00_00_000].map(|rupees| Inr::from_rupees(rupees).compact());
        assert_eq!(compact, ["₹7,450", "₹99,999", "₹1.0 L", "₹61.3 L", "₹1.00 Cr", "₹4.82 Cr", "₹123.00 Cr"]);
    }

    #[test]
    fn amounts_are_read_the_indian_way() {
        let cases = [
            ("500000", 5_00_000_00),
            ("5,00,000", 5_00_000_00),
            ("5L", 5_00_000_00),
            ("1.25cr", 1_25_00_000_00),
            ("50k", 50_000_00),
            ("₹99.50", 99_50),
        ];
        for (text, paise) in cases {
            assert_eq!(Inr::typed(text), Some(Inr::from_paise(paise)), "{text}");
        }
        for text in ["", "-5", "1e9", "5 5", "1.5.5", "१२", "99999999999999999999", "1000000000000"] {
            assert_eq!(Inr::typed(text), None, "{text}");
        }
    }
}
