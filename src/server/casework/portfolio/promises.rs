//! What borrowers do with their promises and their arrears: instalments by month, and open cases by the bucket of last month's end and
//! now's.

use super::{
    Desk, Refusal, codes, cross,
    money::{first_month, month_code},
    wire::InstalmentRecord,
};
use crate::{
    model::{Bucket, Day, Filter, MatrixLine, Narrowing, Rated, Tally, Told},
    server::{
        casework::cases::wire::column,
        frappe::{Condition, Field, Measure, Op},
    },
};

/// Months whose instalments are told one by one, the running one included.
const MONTHS: u32 = 12;
/// What stands for the months after the running one: it sorts behind every month.
const LATER: &str = "LATER";
/// States of an instalment, the kept first.
const STATES: [&str; 5] = ["KEPT", "LATE", "BROKEN", "PART_PAID", "DUE"];
/// Those in which it is known whether the promise was kept.
const KNOWN: [&str; 3] = ["KEPT", "LATE", "BROKEN"];

/// Instalments of settlements, by the month in which they fall due and by what became of them.
///
/// # Errors
/// Who may not see cases is refused; otherwise what the upstream's fault means.
pub async fn promises(narrowing: Narrowing) -> Result<Rated, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let today = desk.today();
    let (month, running) = (Field::new("month"), month_code(today));
    let due = desk.records::<InstalmentRecord>([Measure::Count, Measure::Sum(Field::new("amount"))]);
    let due = due.filter(Condition::new(month, Op::Ge, month_code(first_month(today, MONTHS)))).by(month).by(Field::new("state"));
    let mut groups = desk.client.group_by(&due).await?;
    for month in groups.iter_mut().filter_map(|group| group.keys.first_mut()).filter(|month| **month > running) {
        LATER.clone_into(month);
    }
    let named = |(code, _): (String, String)| {
        let label = Day::parse(&format!("{code}-01")).map_or_else(|| "Later".to_owned(), Day::month);
        (code, label)
    };
    let months: Vec<_> = codes(&groups, 0, &[]).into_iter().map(named).collect();
    let states = codes(&groups, 1, &STATES);
    // Instalments have no list of their own.
    let matrix = cross(&groups, &months, &states, "All of these", |_, _| None, desk.now());
    let count = |line: &MatrixLine, codes: &[&str]| -> u64 {
        let cells = states.iter().zip(&line.cells).filter(|((state, _), _)| codes.contains(&state.as_str()));
        cells.map(|(_, cell)| cell.count).sum()
    };
    let rates = matrix.lines.iter().chain(&matrix.feet).map(|line| vec![Some(Told::Share(count(line, &["KEPT"]), count(line, &KNOWN)))]);
    Ok(Rated { rates: rates.collect(), matrix })
}

/// Open cases by the bucket at the end of last month and now's, with what was cured and what got worse.
///
/// # Errors
/// As [`promises`].
pub async fn rolls(narrowing: Narrowing) -> Result<Rated, Refusal> {
    let desk = Desk::open(narrowing).await?;
    let open = desk.cases(&[Filter::Open(true)], &[Measure::Sum(column::CLAIM)]).by(column::LAST_BUCKET).by(column::BUCKET);
    let groups = desk.client.group_by(&open).await?;
    let known: Vec<&str> = Bucket::ALL.iter().map(Bucket::code).collect();
    let named = |(code, _): (String, String)| {
        let bucket = Bucket::from(code.clone());
        let label = if code.is_empty() { "Not known".to_owned() } else { bucket.label().to_owned() };
        (code, label)
    };
    let used = |index: usize| codes(&groups, index, &known).into_iter().map(named).collect::<Vec<_>>();
    let (before, now) = (used(0), used(1));
    let href = |was: Option<&str>, is: Option<&str>| {
        // What a code means that this portal does not know, no word of the list says.
        let one = |code: Option<&str>, filter: fn(Bucket) -> Filter| {
            code.map(|code| known.contains(&code).then(|| filter(Bucket::from(code.to_owned()))))
        };
        let filters = [one(was, Filter::LastBucket), one(is, Filter::Bucket)].into_iter().flatten();
        let filters: Option<Vec<_>> = std::iter::once(Some(Filter::Open(true))).chain(filters).collect();
        filters.map(|filters| desk.narrowing.href(&filters))
    };
    let matrix = cross(&groups, &before, &now, "All open cases", href, desk.now());
    let rank = |code: &str| known.iter().position(|known| *known == code);
    let columns: Vec<_> = now.iter().map(|(code, _)| rank(code)).collect();
    let ranks: Vec<_> = before.iter().map(|(code, _)| rank(code)).collect();
    let moves = ranks.iter().zip(&matrix.lines).map(|(was, line)| Moves::of(*was, &columns, line));
    let moves: Vec<_> = moves.collect();
    let sum = moves.iter().fold(Moves::default(), Moves::and);
    let rates = moves.iter().zip(&ranks).map(|(moves, was)| match was {
        None => vec![None, None],
        Some(0) => vec![None, Some(moves.rolled())],
        Some(_) => vec![Some(moves.cured()), Some(moves.rolled())],
    });
    let rates: Vec<_> = rates.chain([vec![Some(sum.cured()), Some(sum.rolled())]]).collect();
    Ok(Rated { matrix, rates })
}

/// Where cases went from their bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Moves {
    /// Cases whose bucket of last month is known.
    all: u64,
    /// Those of them that got into a worse one.
    worse: u64,
    /// Cases that were in arrears.
    overdue: u64,
    /// Those of them that are current again.
    current: u64,
}

impl Moves {
    /// Of the cases that were in the bucket of this rank; `columns` says which rank each cell's bucket has.
    fn of(was: Option<usize>, columns: &[Option<usize>], line: &MatrixLine) -> Self {
        let Some(was) = was else { return Self::default() };
        let count = |kept: &dyn Fn(usize) -> bool| {
            let cells = columns.iter().zip(&line.cells).filter(|(rank, _)| rank.is_some_and(kept));
            cells.map(|(_, Tally { count, .. })| count).sum()
        };
        let overdue = was > 0;
        Self {
            all: line.all.count,
            worse: count(&|is| is > was),
            overdue: if overdue { line.all.count } else { 0 },
            current: if overdue { count(&|is| is == 0) } else { 0 },
        }
    }

    fn and(self, other: &Self) -> Self {
        Self {
            all: self.all + other.all,
            worse: self.worse + other.worse,
            overdue: self.overdue + other.overdue,
            current: self.current + other.current,
        }
    }

    const fn cured(&self) -> Told {
        Told::Share(self.current, self.overdue)
    }

    const fn rolled(&self) -> Told {
        Told::Share(self.worse, self.all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_cured_that_is_current_again_and_rolls_when_it_gets_worse() {
        let cells = [3, 5, 7].map(|count| Tally { count, ..Tally::default() });
        let line =
            |all| MatrixLine { label: String::new(), stage: None, cells: cells.to_vec(), all: Tally { count: all, ..Tally::default() } };
        // Cells: current, the bucket of rank 2, one that nobody knows.
        let columns = [Some(0), Some(2), None];
        let current = Moves::of(Some(0), &columns, &line(15));
        let overdue = Moves::of(Some(1), &columns, &line(15));
        assert_eq!(current, Moves { all: 15, worse: 5, overdue: 0, current: 0 });
        assert_eq!(overdue, Moves { all: 15, worse: 5, overdue: 15, current: 3 });
        assert_eq!(Moves::of(None, &columns, &line(15)), Moves::default());
        let both = current.and(&overdue);
        assert_eq!((both.cured(), both.rolled()), (Told::Share(3, 15), Told::Share(10, 30)));
    }
}
