//! What was lent: products with their dues, rates and terms, and how dues split into their five parts.
//!
//! Knows amounts and rates; nothing of people or proceedings. Amounts are paise.

use super::random::Random;

/// A loan product, with the figures of the demo's recipe.
#[derive(Debug)]
pub struct Terms {
    /// Its code.
    pub code: &'static str,
    /// Its short form in account numbers.
    pub short: &'static str,
    /// Median, ninetieth percentile and cap of the dues, in rupees.
    pub dues: (f64, f64, f64),
    /// Yearly rate, from and to.
    pub rate: (f64, f64),
    /// Months, from and to.
    pub months: (i64, i64),
    /// What secures it; empty for an unsecured one.
    pub asset: &'static str,
}

/// Every product that the demo lends.
pub static PRODUCTS: &[Terms] = &[
    Terms { code: "PERSONAL", short: "PL", dues: (2.1e5, 6.5e5, 25e5), rate: (14.0, 24.0), months: (24, 60), asset: "" },
    Terms { code: "CREDIT_CARD", short: "CC", dues: (1.15e5, 3.4e5, 12e5), rate: (36.0, 42.0), months: (0, 0), asset: "" },
    Terms { code: "CONSUMER_DURABLE", short: "CD", dues: (28e3, 70e3, 1.5e5), rate: (16.0, 26.0), months: (6, 24), asset: "" },
    Terms { code: "TWO_WHEELER", short: "2W", dues: (62e3, 1.1e5, 2e5), rate: (18.0, 26.0), months: (12, 36), asset: "TWO_WHEELER" },
    Terms {
        code: "USED_VEHICLE",
        short: "CV",
        dues: (4.8e5, 14e5, 45e5),
        rate: (14.0, 20.0),
        months: (24, 60),
        asset: "COMMERCIAL_VEHICLE",
    },
    Terms { code: "MSME", short: "BL", dues: (9.5e5, 38e5, 3e7), rate: (16.0, 22.0), months: (12, 48), asset: "" },
    Terms { code: "GOLD", short: "GL", dues: (90e3, 2.4e5, 10e5), rate: (12.0, 18.0), months: (6, 18), asset: "GOLD" },
    Terms { code: "LAP", short: "LAP", dues: (24e5, 90e5, 5e7), rate: (11.0, 15.0), months: (84, 180), asset: "PROPERTY" },
];

/// The product with this code; the first for a code that nobody lends.
pub fn terms(code: &str) -> &'static Terms {
    PRODUCTS.iter().find(|terms| terms.code == code).unwrap_or(&PRODUCTS[0])
}

/// The five parts of the dues, in paise. Their sum is the dues, exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dues {
    /// Principal outstanding.
    pub principal: i64,
    /// Interest overdue.
    pub interest: i64,
    /// Penal charges: kept apart from interest, never capitalised.
    pub penal: i64,
    /// Bounce charges, in multiples of ₹590.
    pub bounce: i64,
    /// Legal charges.
    pub legal: i64,
}

impl Dues {
    /// All of it.
    pub const fn total(self) -> i64 {
        self.principal + self.interest + self.penal + self.bounce + self.legal
    }

    /// Draws dues for a product: log-normal with its median and ninetieth percentile, cut at its cap and at ₹4,000.
    pub fn draw(random: &mut Random, terms: &Terms) -> Self {
        let (median, p90, cap) = terms.dues;
        let rupees = random.log_normal(median, p90).clamp(4_000.0, cap);
        Self::split(random, (rupees * 100.0) as i64)
    }

    /// Splits a total; what rounding leaves goes to the principal.
    pub fn split(random: &mut Random, total: i64) -> Self {
        let share = |random: &mut Random, low: f64, high: f64| (total as f64 * (low + (high - low) * random.unit())) as i64;
        let interest = share(random, 0.09, 0.18);
        let penal = share(random, 0.01, 0.04);
        // Fixed charges never take more than a tenth, so that the principal stays the largest part of small dues too.
        let bounce = (random.between(1, 6) * 590_00).min(total / 40 / 590_00 * 590_00);
        let legal = (random.between(15, 75) * 100_00).min(total / 20);
        Self { principal: total - interest - penal - bounce - legal, interest, penal, bounce, legal }
    }
}

/// The band of an amount of dues.
pub fn dues_band(paise: i64) -> &'static str {
    match paise / 100 {
        ..50_000 => "B1",
        50_000..1_00_000 => "B2",
        1_00_000..2_50_000 => "B3",
        2_50_000..5_00_000 => "B4",
        5_00_000..10_00_000 => "B5",
        10_00_000..20_00_000 => "B6",
        20_00_000..1_00_00_000 => "B7",
        _ => "B8",
    }
}

/// The regulator's bucket for days past due.
pub const fn bucket(dpd: i64) -> &'static str {
    match dpd {
        ..=0 => "CURRENT",
        1..=30 => "SMA0",
        31..=60 => "SMA1",
        61..=90 => "SMA2",
        91..=180 => "NPA",
        181..=365 => "NPA_180",
        _ => "NPA_365",
    }
}

/// Days past due at intake: from 90 to beyond 1,000, where limitation comes near.
pub fn days_past_due(random: &mut Random) -> i64 {
    let (low, high) =
        *random.weighted(&[((91, 180), 22.0), ((181, 365), 37.0), ((366, 730), 28.0), ((731, 1000), 11.0), ((1001, 1060), 2.0)]);
    random.between(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_the_dues_add_up_to_the_paisa() {
        let mut random = Random::new(7, "dues");
        for terms in PRODUCTS {
            for _ in 0..500 {
                let total = random.between(4_000_00, 5_00_00_000_00);
                let dues = Dues::split(&mut random, total);
                assert_eq!(dues.total(), total);
                assert!(dues.principal > total / 2 && dues.bounce % 590_00 == 0, "{}: {dues:?}", terms.code);
            }
        }
    }
}
