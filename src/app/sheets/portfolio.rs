//! The panels of the portfolio summary, in words. What a figure is made of stands on the page itself: it is read on paper, too.

use super::{
    dashboard::{moment, of, rate, share},
    day, grouped, money,
};
use crate::{
    app::charts::{Line, Lines, Mark, lines},
    model::{
        Board, Bottleneck, Bottlenecks, Cell, Checklist, Cohort, Cohorts, Cover, Day, EnforceabilityMix, Fact, Inr, Instant, Matrix,
        MatrixLine, Measured, Measures, ProceedingRow, Proceedings, RATE_FLOOR, Sheet, SheetForm, Stage, Tally, Term, Told, Tone, Workload,
    },
};

/// What the summary is of.
pub fn cover(cover: Cover) -> Board {
    let fact = |label: &str, cell: Cell| Fact { label: label.to_owned(), cell, formula: None };
    let narrowed = cover.narrowing.text();
    let mut figures = vec![
        fact("Institution", Cell::text(cover.institution)),
        fact("As of", Cell::text(cover.as_of.long())),
        fact("Cases", Cell::text(cover.scope).line(format!("as {} may see them", cover.person))),
        fact("Narrowed to", if narrowed.is_empty() { Cell::text("Nothing: all of them") } else { Cell::text(narrowed) }),
    ];
    if !cover.narrowing.unread.is_empty() {
        let unread = Cell::text(cover.narrowing.unread.join(", ")).meant(Tone::Bad);
        figures.push(fact("Not applied", unread.line("A summary is narrowed by zone:, branch:, product: and owner: alone")));
    }
    Board { figures, chart: None, sheet: None, as_of: moment(cover.as_of) }
}

/// The portfolio's figures.
pub fn measures(measures: Measures) -> Board {
    let row = |measured: Measured| {
        let (figure, made_of) = told(measured.told);
        let figure = Cell { href: measured.href, ..figure };
        vec![Cell::text(measured.label), figure, made_of, Cell::text(measured.formula)]
    };
    let sheet = Sheet::new("Key figures", "There are no figures", &["Measure", "#Figure", "#Made of", "How it is computed"]);
    let remark = format!("Of fewer than {RATE_FLOOR}, counts or amounts are told and no rate.");
    let sheet = Sheet { form: SheetForm::Matrix, remark: Some(remark), ..sheet.with(measures.figures.into_iter().map(row)) };
    plain(sheet, measures.as_of)
}

pub(super) fn told(told: Told) -> (Cell, Cell) {
    match told {
        Told::Cases(cases, amount) => (Cell::text(grouped(cases)), money(amount)),
        Told::Share(part, whole) => (Cell::text(rate(part, whole).unwrap_or_else(|| of(part, whole))), Cell::text(of(part, whole))),
        Told::Part(part, whole, cases) => {
            let amounts = format!("{} of {}", part.compact(), whole.compact());
            let figure = rate_of_amount(part, whole, cases).unwrap_or_else(|| amounts.clone());
            let exact = Some(format!("{} of {}", part.exact(), whole.exact()));
            (Cell::text(figure), Cell { exact, ..Cell::text(amounts) }.line(counted(cases)))
        }
        Told::Waived(agreed, dues, offers) => {
            let amounts = format!("{} of {}", agreed.compact(), dues.compact());
            let waived = Inr::from_paise(dues.paise() - agreed.paise());
            let figure = rate_of_amount(waived, dues, offers).unwrap_or_else(|| amounts.clone());
            let exact = Some(format!("{} of {}", agreed.exact(), dues.exact()));
            (Cell::text(figure), Cell { exact, ..Cell::text(amounts) }.line(format!("{} settlements", grouped(offers))))
        }
        Told::Days(Some(days), awards) => {
            (Cell::text(format!("{} days", grouped(u64::from(days)))), Cell::text(format!("{} awards", grouped(awards))))
        }
        Told::Days(None, _) => (Cell::text("No award yet").meant(Tone::Absent), Cell::some(None)),
    }
}

/// Open cases by stage and product.
pub fn products(matrix: Matrix) -> Board {
    let remark = "Open cases, and below them the sum of their claims (of the dues where no claim has been stated). A darker cell has more \
                  cases.";
    table("Open cases by stage and product", "Stage", "cases", matrix, remark)
}

/// Open cases by stage and zone.
pub fn zones(matrix: Matrix) -> Board {
    let remark = "Open cases, and below them the sum of their claims (of the dues where no claim has been stated). A darker cell has more \
                  cases.";
    table("Open cases by stage and zone", "Stage", "cases", matrix, remark)
}

/// How long open cases have been where they are.
pub fn ages(matrix: Matrix) -> Board {
    let remark = "Open cases by the days that they have been in their stage, and below them the sum of their claims; the last line by the \
                  days since their registration, as far as they are registered. A darker cell has more cases.";
    table("Ageing of open cases", "Stage", "cases", matrix, remark)
}

/// Proceedings beside and after the arbitration.
pub fn proceedings(matrix: Matrix) -> Board {
    let remark = "Proceedings that are not closed, by kind and state, and below them the sum of what they are about (the cheque, the claim). \
                  Proceedings and not cases are counted: one case may have several. A figure opens them below, each with its case.";
    table("Parallel proceedings", "Kind", "proceedings", matrix, remark)
}

fn table(title: &str, first: &str, unit: &str, matrix: Matrix, remark: &str) -> Board {
    rated([title, first, unit, remark], matrix, &[], Vec::new())
}

/// A matrix with further columns: `rates` are a row's cells in them, for each line and then each foot.
pub(super) fn rated([title, first, unit, remark]: [&str; 4], matrix: Matrix, named: &[&str], rates: Vec<Vec<Cell>>) -> Board {
    let most = matrix.lines.iter().flat_map(|line| &line.cells).map(|cell| cell.count).max().unwrap_or(0).max(1);
    let columns = matrix.columns.iter().map(|column| format!("#{column}"));
    let named = named.iter().map(|name| format!("#{name}"));
    let headings: Vec<_> = std::iter::once(first.to_owned()).chain(columns).chain(["#All".to_owned()]).chain(named).collect();
    let headings: Vec<_> = headings.iter().map(String::as_str).collect();
    let row = |line: MatrixLine, shaded: bool, rates: Vec<Cell>| {
        let named = match line.stage {
            Some(stage) => staged(&stage),
            None => Cell::text(line.label),
        };
        let shade = |count: u64| (shaded && count > 0).then(|| shade(count, most));
        let cells = line.cells.into_iter().map(|tally| Cell { heat: shade(tally.count), ..counted_cell(tally, unit) });
        std::iter::once(named).chain(cells).chain([counted_cell(line.all, unit)]).chain(rates).collect::<Vec<_>>()
    };
    let mut rates = rates.into_iter();
    let lines = matrix.lines.into_iter().map(|line| (line, true)).chain(matrix.feet.into_iter().map(|line| (line, false)));
    let rows: Vec<_> = lines.map(|(line, shaded)| row(line, shaded, rates.next().unwrap_or_default())).collect();
    let sheet =
        Sheet { form: SheetForm::Matrix, remark: Some(remark.to_owned()), ..Sheet::new(title, "There is nothing", &headings).with(rows) };
    plain(sheet, matrix.as_of)
}

/// A count that leads to its rows, their amount below; nothing leads nowhere.
pub(super) fn counted_cell(tally: Tally, unit: &str) -> Cell {
    if tally.count == 0 {
        return Cell::text("0").meant(Tone::Absent);
    }
    let exact = format!("{} {unit}, {}", grouped(tally.count), tally.amount.exact());
    Cell { exact: Some(exact), href: tally.href, ..Cell::text(grouped(tally.count)).line(tally.amount.compact()) }
}

/// Shades from 1 to 4, by quarters of the largest.
fn shade(count: u64, most: u64) -> char {
    match (count * 4).div_ceil(most) {
        0 | 1 => '1',
        2 => '2',
        3 => '3',
        _ => '4',
    }
}

fn staged(stage: &Stage) -> Cell {
    let known = if matches!(stage, Stage::Unknown(_)) { "unknown".to_owned() } else { stage.code().to_ascii_lowercase() };
    Cell { stage: Some(known), ..Cell::text(stage.label()) }
}

/// How long cases stay in their stages, against the institution's limits.
pub fn bottlenecks(told: Bottlenecks) -> Board {
    let row = |line: Bottleneck| {
        let whole = line.cases.count;
        let over = line.over.as_ref().map(|over| share(over.count, whole));
        let late = line.median_days.zip(line.limit_days).is_some_and(|(median, limit)| median > limit);
        let days = |days: Option<u32>| Cell::some(days.map(|days| grouped(u64::from(days))));
        let median = days(line.median_days);
        vec![
            staged(&line.stage),
            counted_cell(line.cases, "cases"),
            if late { median.meant(Tone::Bad) } else { median },
            days(line.limit_days),
            line.over.map_or_else(|| Cell::some(None), |over| counted_cell(over, "cases")),
            Cell::some(over),
        ]
    };
    let headings = ["Stage", "#Open cases", "#Median days in it", "#Limit, days", "#Over the limit", "#Share over"];
    let remark = "The median of the days that open cases have been in their stage, against the limit that the institution’s policy sets \
                  for it; over the limit are cases that have been in it for more days than that.";
    let sheet = Sheet::new("Bottlenecks", "No case is open", &headings).with(told.lines.into_iter().map(row));
    plain(Sheet { form: SheetForm::Matrix, remark: Some(remark.to_owned()), ..sheet }, told.as_of)
}

/// What was recovered of each month's filings.
pub fn cohorts(told: Cohorts) -> Board {
    let periods = told.months.iter().map(|month| month.paid.len()).max().unwrap_or(0);
    let drawn: Vec<Line> = told.months.iter().filter_map(curve).collect();
    let description = "A line for each month in which at least thirty cases were filed: what share of their dues at filing had been paid, by \
                       days since filing. Dotted where not every case of the month is as old.";
    let chart = lines(&Lines { id: "cohorts", title: "Recovered of the dues at filing", description, step: (30, "days"), lines: &drawn });
    let named = (1..=periods).map(|period| format!("#{} days", period * 30));
    let headings: Vec<_> = ["Filed in", "#Cases", "#Dues at filing"].map(str::to_owned).into_iter().chain(named).collect();
    let headings: Vec<_> = headings.iter().map(String::as_str).collect();
    let row = |cohort: Cohort| {
        let Cohort { month, cases, paid, complete } = cohort;
        let cell = |(index, paid): (usize, Inr)| {
            let told = rate_of_amount(paid, cases.amount, cases.count).unwrap_or_else(|| paid.compact());
            let exact = Some(format!("{} of {}", paid.exact(), cases.amount.exact()));
            Cell { exact, ..Cell::text(told) }.some_line((index >= complete).then(|| "so far".to_owned()))
        };
        let later = std::iter::repeat_n(Cell::some(None), periods - paid.len());
        let named = Cell::text(month.month());
        let count = Cell { href: cases.href.clone(), ..Cell::text(grouped(cases.count)) };
        [named, count, money(cases.amount)].into_iter().chain(paid.into_iter().enumerate().map(cell)).chain(later).collect::<Vec<_>>()
    };
    let remark = format!(
        "Confirmed payments so many days after filing, added up, as a share of the dues when the cases were filed; by month of filing. \
         “So far”: not every case of the month is as old. Of fewer than {RATE_FLOOR} cases amounts are told, and no line is drawn. \
         Payments have no list of their own: a month’s count opens the cases that were filed in it.",
    );
    let sheet = Sheet::new("Recovery by month of filing", "Nothing was filed in the last twelve months", &headings);
    let sheet = sheet.with(told.months.into_iter().map(row));
    Board {
        figures: Vec::new(),
        chart,
        sheet: Some(Sheet { form: SheetForm::Matrix, remark: Some(remark), ..sheet }),
        as_of: moment(told.as_of),
    }
}

/// A month's line, where it has cases enough.
fn curve(cohort: &Cohort) -> Option<Line> {
    let (dues, cases) = (cohort.cases.amount, cohort.cases.count);
    let values: Option<Vec<u64>> = cohort.paid.iter().map(|paid| tenths(*paid, dues, cases)).collect();
    let last = rate_of_amount(*cohort.paid.last()?, dues, cases)?;
    let spoken = format!("Filed in {}: {last} of {} recovered, {}", cohort.month.month(), dues.compact(), counted(cases));
    let mark = Mark { label: month_and_year(cohort.month), spoken, href: cohort.cases.href.clone(), ..Mark::default() };
    Some(Line { mark, values: values?, complete: cohort.complete, open: 0 })
}

/// `Nov 2026`.
fn month_and_year(month: Day) -> String {
    month.long().split_once(' ').map(|(_, month)| month.to_owned()).unwrap_or_default()
}

/// Open cases by arbitrator.
pub fn workload(told: Workload) -> Board {
    let most = told.lines.iter().map(|(_, tally)| tally.count).max().unwrap_or(0).max(1);
    let row = |(name, tally): (String, Tally)| {
        let bar = Cell { bar: u16::try_from(tally.count.min(most) * 1000 / most).ok(), ..Cell::default() };
        vec![Cell::text(name), counted_cell(tally, "cases"), bar]
    };
    let nobody = (told.nobody.count > 0).then(|| ("No appointment in force".to_owned(), told.nobody));
    let sheet = Sheet::new("Open cases by arbitrator", "No case is open", &["Arbitrator", "#Open cases", "Share of the largest"]);
    let sheet = sheet.with(
        told.lines
            .into_iter()
            .map(row)
            .chain(nobody.map(|(name, tally)| vec![Cell::text(name), counted_cell(tally, "cases"), Cell::default()])),
    );
    let more = (told.more > 0).then(|| format!(" {} more have fewer.", grouped(u64::try_from(told.more).unwrap_or(u64::MAX))));
    let remark = format!(
        "Open cases by the arbitrator whose appointment is in force, and below them the sum of their claims. How an arbitrator decides is \
         told nowhere.{}",
        more.unwrap_or_default()
    );
    plain(Sheet { form: SheetForm::Matrix, remark: Some(remark), ..sheet }, told.as_of)
}

/// How enforceable the awards of open cases would be.
pub fn enforceability(told: EnforceabilityMix) -> Board {
    let (sum, cases) = told.scores;
    let band = |(band, tally): (Term, Tally)| Fact {
        label: band.label,
        cell: counted_cell(tally, "cases"),
        formula: Some("Open cases by score: red up to 20, green from 80, amber between".to_owned()),
    };
    let average = match (sum * 10 + cases / 2).checked_div(cases) {
        Some(tenths) => Cell::text(format!("{}.{}", tenths / 10, tenths % 10)).line(counted(cases)),
        None => Cell::some(None),
    };
    let average = Fact {
        label: "Average score".to_owned(),
        cell: average,
        formula: Some("Sum of the scores of open cases, by their number".to_owned()),
    };
    let points = |code: &str| Checklist::ITEMS.iter().find(|(item, _)| *item == code).map(|(_, points)| points.to_string());
    let row = |(item, tally): (Term, Tally)| {
        let told = share(tally.count, cases);
        vec![Cell::text(item.label), Cell::some(points(&item.code)), counted_cell(tally, "cases"), Cell::text(told)]
    };
    let sheet =
        Sheet::new("Missing although the stage needs it", "Nothing can be missing", &["Item", "#Points", "#Open cases", "#Of open cases"]);
    let remark = "Bands of the score from 0 to 100 (red up to 20, green from 80), then the open cases in which an item is missing that their \
                  stage needs; one case may miss several.";
    let sheet = Sheet { form: SheetForm::Matrix, remark: Some(remark.to_owned()), ..sheet.with(told.missing.into_iter().map(row)) };
    let figures = told.bands.into_iter().map(band).chain([average]).collect();
    Board { figures, chart: None, sheet: Some(sheet), as_of: moment(told.as_of) }
}

/// Proceedings one by one.
pub fn litigation(told: Proceedings) -> Board {
    let row = |row: ProceedingRow| {
        vec![
            Cell::text(row.case_number).to(format!("/cases/{}", row.case.as_str())),
            Cell::text(row.kind.label).some_line(row.number),
            Cell::text(row.state.label),
            if row.forum.is_empty() { Cell::some(None) } else { Cell::text(row.forum) },
            day(row.filed_on),
            day(row.next_on),
            money(row.amount),
        ]
    };
    let asked = &told.asked;
    let what = [&asked.kind, &asked.state].into_iter().filter(|code| !code.is_empty()).map(|code| Term::of(code.as_str()).label);
    let what: Vec<_> = what.collect();
    let which = if what.is_empty() { "All that are not closed".to_owned() } else { what.join(", ") };
    let remark = format!(
        "{which}; the newest filed first, 25 at a time. Of a proceeding the records hold its kind, court and number, its dates and what it is \
         about; what happens in it is kept by the court.",
    );
    let headings = ["Case", "Proceeding", "State", "Before", "Filed", "Next date", "#Amount"];
    let sheet = Sheet::new("Cases with proceedings", "There is no such proceeding", &headings).with(told.rows.into_iter().map(row));
    plain(Sheet { form: SheetForm::Matrix, remark: Some(remark), next: told.next, ..sheet }, told.as_of)
}

pub(super) fn plain(sheet: Sheet, as_of: Instant) -> Board {
    Board { figures: Vec::new(), chart: None, sheet: Some(sheet), as_of: moment(as_of) }
}

pub(super) fn counted(cases: u64) -> String {
    format!("{} cases", grouped(cases))
}

/// An amount of an amount in tenths of a per cent, rounded half up, where there are cases enough for a rate.
fn tenths(part: Inr, whole: Inr, cases: u64) -> Option<u64> {
    let (part, whole) = (i128::from(part.paise()), i128::from(whole.paise()));
    u64::try_from((cases >= RATE_FLOOR && whole > 0).then(|| (part * 2000 + whole) / (whole * 2))?).ok()
}

pub(super) fn rate_of_amount(part: Inr, whole: Inr, cases: u64) -> Option<String> {
    let tenths = tenths(part, whole, cases)?;
    Some(format!("{}.{} %", tenths / 10, tenths % 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_fewer_than_thirty_cases_have_no_rate() {
        let of = |cases| rate_of_amount(Inr::from_rupees(1), Inr::from_rupees(3), cases);
        assert_eq!((of(29), of(30)), (None, Some("33.3 %".to_owned())));
        assert_eq!(rate_of_amount(Inr::from_rupees(1), Inr::ZERO, 50), None);
        assert_eq!(told(Told::Part(Inr::from_rupees(1), Inr::from_rupees(3), 29)).0.text, "₹1 of ₹3");
    }

    #[test]
    fn a_cell_is_shaded_by_quarters_of_the_largest_and_an_empty_one_leads_nowhere() {
        assert_eq!([1, 25, 26, 51, 76, 100].map(|count| shade(count, 100)), ['1', '1', '2', '3', '4', '4']);
        let empty = counted_cell(Tally { href: Some("/cases".to_owned()), ..Tally::default() }, "cases");
        assert_eq!((empty.text.as_str(), empty.href, empty.tone), ("0", None, Tone::Absent));
    }
}
