//! A small random source whose values never change with a library's version: the demo of today is the demo of next year.
//!
//! SplitMix64 (Steele, Lea, Flood, 2014). Not for secrets. Knows nothing of what is drawn with it.

/// A stream of numbers that a seed decides entirely.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// A stream for `seed` and a label; other labels of one seed give unrelated streams, so that a new kind of record
    /// does not shift the ones before it.
    pub fn new(seed: u64, label: &str) -> Self {
        // FNV-1a: only has to tell labels apart.
        let hash = label.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
        let mut random = Self { state: seed ^ hash };
        random.next();
        random
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// At least 0 and less than 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number from `low` to `high`, both included; `low` when they are the wrong way round.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low + (self.next() % width) as i64
    }

    /// An index below `length`; 0 for an empty range.
    pub fn below(&mut self, length: usize) -> usize {
        (self.next() % (length.max(1) as u64)) as usize
    }

    /// True in `percent` of a hundred draws.
    pub fn chance(&mut self, percent: f64) -> bool {
        self.unit() * 100.0 < percent
    }

    /// One of a non-empty list.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// One of a non-empty list, each as often as its weight says.
    pub fn weighted<'a, T>(&mut self, list: &'a [(T, f64)]) -> &'a T {
        let total: f64 = list.iter().map(|(_, weight)| weight).sum();
        let mut left = self.unit() * total;
        for (item, weight) in list {
            left -= weight;
            if left < 0.0 {
                return item;
            }
        }
        &list[list.len() - 1].0
    }

    /// A draw from the normal distribution of mean 0 and deviation 1 (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A log-normal draw with this median, a tenth of which lies above `p90`.
    pub fn log_normal(&mut self, median: f64, p90: f64) -> f64 {
        let deviation = (p90 / median).ln() / 1.281_551_6;
        median * (deviation * self.normal()).exp()
    }

    /// A name as Frappe's hash naming gives them: ten characters of `0-9 a-z`.
    pub fn row_name(&mut self) -> String {
        const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        // 36^10 is a little under 2^52: the bias of the remainder is far below what a demo could show.
        let mut bits = self.next() >> 11;
        let mut name = String::with_capacity(10);
        for _ in 0..10 {
            name.push(char::from(ALPHABET[(bits % 36) as usize]));
            bits /= 36;
        }
        name
    }
}

/// A row name that follows from a label: for rows that others must name before they are written.
pub fn derived_name(label: &str) -> String {
    Random::new(0, label).row_name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // SplitMix64 from state 0 begins with these two numbers.
        let mut random = Random { state: 0 };
        assert_eq!([random.next(), random.next()], [0xE220_A839_7B1D_CDAF, 0x6E78_9E6A_A1B9_65F4]);
    }

    #[test]
    fn a_tenth_of_log_normal_draws_lies_above_the_ninetieth_percentile() {
        let mut random = Random::new(1, "log-normal");
        let draws: Vec<f64> = (0..20_000).map(|_| random.log_normal(100.0, 300.0)).collect();
        let share = |limit: f64| draws.iter().filter(|draw| **draw > limit).count() as f64 / 20_000.0;
        assert!((share(100.0) - 0.5).abs() < 0.02 && (share(300.0) - 0.1).abs() < 0.01);
    }
}
