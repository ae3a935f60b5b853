//! What a settlement gives up and how it is paid: the parts that it falls into, and which of them money that came in has kept.
//!
//! Server only. All of it is arithmetic in whole paise, exact to the last one. It must not know who offers, accepts or pays.

use super::{Day, Inr};

/// A percentage in hundredths of a percent, as far as all of it.
const WHOLE: i64 = 100_00;
/// Hundredths of a percent of the dues that the first two levels of the grid may give up, where the institution has no policy of its
/// own: a fifth is everyday business, two fifths want a second look, more is for whoever may decide the most.
const GRID: [(i64, i64); 2] = [(1, 20_00), (2, 40_00)];

/// How much of the dues an offer gives up, in hundredths of a percent, rounded half up; nothing where it is as much as the dues.
pub fn waiver(dues: Inr, amount: Inr) -> i64 {
    let given_up = i128::from(dues.paise()) - i128::from(amount.paise());
    if given_up <= 0 || dues <= Inr::ZERO {
        return 0;
    }
    let dues = i128::from(dues.paise());
    i64::try_from((given_up * i128::from(WHOLE) + dues / 2) / dues).unwrap_or(WHOLE)
}

/// A waiver in words: `33.33 %`.
pub fn percent(hundredths: i64) -> String {
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// Which level of approval an offer needs, by how much it gives up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid(Vec<(i64, i64)>);

impl Default for Grid {
    fn default() -> Self {
        Self(GRID.to_vec())
    }
}

impl Grid {
    /// Levels with the largest waiver of each, in hundredths of a percent; the usual ones where there are none.
    pub fn of(levels: impl IntoIterator<Item = (i64, i64)>) -> Self {
        let mut levels: Vec<(i64, i64)> = levels.into_iter().filter(|(level, waiver)| *level > 0 && (0..=WHOLE).contains(waiver)).collect();
        levels.sort_by_key(|(level, waiver)| (*waiver, *level));
        if levels.is_empty() { Self::default() } else { Self(levels) }
    }

    /// The level of a waiver: the first that reaches so far, or the one above all of them.
    pub fn level(&self, waiver: i64) -> i64 {
        let reaches = self.0.iter().find(|(_, most)| waiver <= *most);
        reaches.or_else(|| self.0.last()).map_or(1, |(level, most)| if waiver <= *most { *level } else { *level + 1 })
    }
}

/// In how many monthly parts a settlement is paid, and from when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many.
    pub count: u32,
    /// The day of the first.
    pub first_on: Day,
}

impl Plan {
    /// The fewest parts.
    pub const FEWEST: u32 = 2;
    /// The most parts: three years.
    pub const MOST: u32 = 36;

    /// A plan within bounds.
    pub fn new(count: u32, first_on: Day) -> Option<Self> {
        (Self::FEWEST..=Self::MOST).contains(&count).then_some(Self { count, first_on })
    }

    /// The plan in the words that stand first among an offer's terms.
    pub fn words(self) -> String {
        format!("{} monthly instalments from {}.", self.count, self.first_on.iso())
    }

    /// Reads it back from an offer's terms; `None` where they begin with other words.
    pub fn read(terms: &str) -> Option<Self> {
        let (count, rest) = terms.split_once(" monthly instalments from ")?;
        Self::new(count.parse().ok()?, Day::parse(rest.get(..10)?)?)
    }

    /// The parts of an amount: equal ones, and what the division left in the last. Each falls due on the first one's day of its month.
    pub fn parts(self, amount: Inr) -> Vec<Part> {
        let count = i64::from(self.count.max(1));
        let each = amount.paise() / count;
        let part = |number: i64| Part {
            due_on: self.first_on.months_later(u32::try_from(number).unwrap_or(u32::MAX)),
            amount: Inr::from_paise(if number + 1 == count { amount.paise() - each * (count - 1) } else { each }),
        };
        (0..count).map(part).collect()
    }
}

/// A part of a settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its day.
    pub due_on: Day,
    /// How much.
    pub amount: Inr,
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// How much of it came.
    pub amount: Inr,
    /// The day of the last payment that went into it.
    pub on: Option<Day>,
    /// Its state.
    pub state: PartState,
}

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartState {
    /// Nothing came, and its day has not passed.
    Due,
    /// Some of it came, and its day has not passed.
    PartPaid,
    /// All of it came by its day.
    Kept,
    /// Its day passed before all of it came, whether or not it has come since: a promise that was kept late was not kept.
    Late,
}

impl PartState {
    /// Its code (`records.md` §7, set `instalment_state`).
    pub const fn code(self) -> &'static str {
        match self {
            Self::Due => "DUE",
            Self::PartPaid => "PART_PAID",
            Self::Kept => "KEPT",
            Self::Late => "LATE",
        }
    }
}

/// Where money went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allotment {
    /// What became of each part, in their order.
    pub parts: Vec<Paid>,
    /// Of each payment, in their order, the first part that it went into; `None` where all were paid already.
    pub first: Vec<Option<usize>>,
    /// What is left after the last part.
    pub over: Inr,
}

/// Spreads payments over the parts, oldest first on both sides. Both are brought in the order of their days.
pub fn allot(parts: &[Part], payments: &[(Day, Inr)], today: Day) -> Allotment {
    let mut paid = vec![(0_i64, None::<Day>); parts.len()];
    let (mut first, mut over) = (Vec::with_capacity(payments.len()), 0_i64);
    for (on, amount) in payments {
        let (mut left, mut into) = (amount.paise(), None);
        for (index, (part, (got, last))) in parts.iter().zip(&mut paid).enumerate() {
            let goes = left.min(part.amount.paise() - *got);
            if goes > 0 {
                (*got, *last, left) = (*got + goes, Some(*on), left - goes);
                into = into.or(Some(index));
            }
        }
        first.push(into);
        over += left.max(0);
    }
    let became = |(part, (got, on)): (&Part, (i64, Option<Day>))| {
        let whole = got >= part.amount.paise();
        let state = match on.filter(|_| whole).unwrap_or(today) {
            until if until > part.due_on => PartState::Late,
            _ if whole => PartState::Kept,
            _ if got > 0 => PartState::PartPaid,
            _ => PartState::Due,
        };
        Paid { amount: Inr::from_paise(got), on, state }
    };
    Allotment { parts: parts.iter().zip(paid).map(became).collect(), first, over: Inr::from_paise(over) }
}

/// How many times thirty days lie between filing and a payment; −1 for one from before it.
pub fn thirties(paid_on: Day, filed_on: Option<Day>) -> i64 {
    let days = filed_on.map_or(-1, |filed| paid_on.days_since_epoch() - filed.days_since_epoch());
    if days < 0 { -1 } else { days / 30 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_waiver_is_rounded_half_up_and_never_below_nothing() {
        let rupees = Inr::from_rupees;
        assert_eq!([waiver(rupees(300), rupees(200)), waiver(rupees(100), rupees(100)), waiver(rupees(100), rupees(120))], [33_33, 0, 0]);
        assert_eq!([waiver(rupees(80_000), rupees(79_996)), waiver(Inr::ZERO, Inr::ZERO), waiver(rupees(7), Inr::ZERO)], [1, 0, 100_00]);
        assert_eq!(percent(33_05), "33.05 %");
    }

    #[test]
    fn the_grid_has_a_level_for_every_waiver() {
        let levels = |grid: &Grid, waivers: [i64; 5]| waivers.map(|waiver| grid.level(waiver));
        assert_eq!(levels(&Grid::default(), [0, 20_00, 20_01, 40_00, 40_01]), [1, 1, 2, 2, 3]);
        let own = Grid::of([(2, 65_00), (1, 40_00), (0, 1), (9, -5)]);
        assert_eq!(levels(&own, [20_01, 40_00, 40_01, 65_00, 99_99]), [1, 1, 2, 2, 3]);
        assert_eq!(Grid::of([]), Grid::default());
    }

    #[test]
    fn a_part_is_kept_by_its_day_alone() {
        let parts = Plan::new(3, day("2026-01-31")).unwrap().parts(Inr::from_rupees(100));
        assert_eq!(parts.iter().map(|part| part.due_on.iso()).collect::<Vec<_>>(), ["2026-01-31", "2026-02-28", "2026-03-31"]);
        assert_eq!(parts.iter().map(|part| part.amount.paise()).collect::<Vec<_>>(), [33_33, 33_33, 33_34]);
        let rupees = Inr::from_rupees;
        let payments = [(day("2026-01-31"), rupees(20)), (day("2026-02-01"), rupees(14)), (day("2026-02-28"), rupees(40))];
        let spread = allot(&parts, &payments, day("2026-03-31"));
        assert_eq!(spread.parts.iter().map(|part| part.state.code()).collect::<Vec<_>>(), ["LATE", "KEPT", "PART_PAID"]);
        assert_eq!(spread.first, [Some(0), Some(0), Some(1)]);
        assert_eq!(allot(&parts, &[], day("2026-01-31")).parts[0].state, PartState::Due);
        assert_eq!(allot(&parts, &[], day("2026-02-01")).parts[0].state, PartState::Late);
        assert_eq!(allot(&parts, &[(day("2026-01-01"), rupees(120))], day("2026-01-02")).over, rupees(20));
    }

    #[test]
    fn thirty_days_are_counted_from_filing() {
        let filed = Some(day("2026-01-01"));
        let counts = ["2025-12-31", "2026-01-01", "2026-01-30", "2026-01-31"].map(|text| thirties(day(text), filed));
        assert_eq!((counts, thirties(day("2026-01-31"), None)), ([-1, 0, 0, 1], -1));
    }

    proptest! {
        #[test]
        fn a_plan_is_exact_and_reads_its_own_words(count in 2_u32..=36, paise in 1_i64..1_000_000_000_000, on in 0_i64..40_000) {
            let plan = Plan::new(count, Day::from_days_since_epoch(on).unwrap()).unwrap();
            let parts = plan.parts(Inr::from_paise(paise));
            prop_assert_eq!(parts.len(), usize::try_from(count).unwrap());
            prop_assert_eq!(parts.iter().map(|part| part.amount.paise()).sum::<i64>(), paise);
            prop_assert!(parts.windows(2).all(|pair| pair[0].due_on < pair[1].due_on && pair[0].amount <= pair[1].amount));
            // What the division left is less than a paisa for each part.
            prop_assert!(parts.last().unwrap().amount.paise() - parts[0].amount.paise() < i64::from(count));
            prop_assert_eq!(Plan::read(&format!("{} By cheque.", plan.words())), Some(plan));
        }

        #[test]
        fn not_a_paisa_is_lost_or_paid_twice(
            count in 2_u32..=12,
            paise in 100_i64..10_000_000,
            payments in proptest::collection::vec((0_i64..400, 1_i64..5_000_000), 0..12),
            today in 0_i64..800,
        ) {
            let parts = Plan::new(count, Day::EPOCH.later(30)).unwrap().parts(Inr::from_paise(paise));
            let mut payments: Vec<(Day, Inr)> =
                payments.into_iter().map(|(on, paise)| (Day::EPOCH.later(on), Inr::from_paise(paise))).collect();
            payments.sort();
            let spread = allot(&parts, &payments, Day::EPOCH.later(today));
            let sum = |amounts: &mut dyn Iterator<Item = Inr>| amounts.map(Inr::paise).sum::<i64>();
            let came = sum(&mut payments.iter().map(|(_, amount)| *amount));
            prop_assert_eq!(sum(&mut spread.parts.iter().map(|part| part.amount)) + spread.over.paise(), came);
            prop_assert_eq!(spread.over > Inr::ZERO, came > paise);
            let whole = |index: &usize| spread.parts[*index].amount == parts[*index].amount;
            let full = (0..parts.len()).take_while(whole).count();
            // Oldest first: after the first part that is not paid in full, nothing is paid.
            prop_assert!(spread.parts.iter().skip(full + 1).all(|part| part.amount == Inr::ZERO));
            for (part, paid) in parts.iter().zip(&spread.parts) {
                prop_assert!(Inr::ZERO <= paid.amount && paid.amount <= part.amount);
                prop_assert_eq!(paid.on.is_some(), paid.amount > Inr::ZERO);
                let kept = paid.amount == part.amount && paid.on.is_some_and(|on| on <= part.due_on);
                prop_assert_eq!(paid.state == PartState::Kept, kept);
            }
        }
    }
}
