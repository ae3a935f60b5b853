//! The portfolio summary's panels of what came of something, in words: awards by registration, payments by notice.

use super::{
    dashboard::{of, rate},
    grouped,
    portfolio::{counted_cell, plain},
};
use crate::model::{AwardCohort, AwardRates, AwardsOver, Board, Cell, NoticePaid, PaidAfterNotice, RATE_FLOOR, Sheet, SheetForm, Tally};

/// Awards by month of registration.
pub fn awards(told: AwardRates) -> Board {
    let periods: Vec<u32> = told.over.iter().map(|over| over.days).collect();
    let named = periods.iter().map(|days| format!("#Awarded within {days} days"));
    let headings: Vec<_> = ["Registered in", "#Cases"].map(str::to_owned).into_iter().chain(named).collect();
    let headings: Vec<_> = headings.iter().map(String::as_str).collect();
    let row = |AwardCohort { month, cases, within }: AwardCohort| {
        let whole = cases.count;
        let within = within.into_iter().map(|own| {
            let so_far = (!own.complete).then(|| "so far".to_owned());
            part_cell(own.awards, whole).some_line(so_far)
        });
        [Cell::text(month.month()), counted_cell(cases, "cases")].into_iter().chain(within).collect::<Vec<_>>()
    };
    let foot = |(index, over): (usize, AwardsOver)| {
        let label = format!("Until {}, {} days over", over.last?.month(), over.days);
        let whole = over.cases.count;
        let mut cells = vec![Cell::some(None); periods.len()];
        if let Some(cell) = cells.get_mut(index) {
            *cell = part_cell(over.awards, whole);
        }
        let named = [Cell::text(label), counted_cell(over.cases, "cases")];
        Some(named.into_iter().chain(cells).collect::<Vec<_>>())
    };
    let feet: Vec<_> = told.over.into_iter().enumerate().filter_map(foot).collect();
    let rows: Vec<_> = told.months.into_iter().map(row).collect();
    let remark = format!(
        "Cases registered in each of the last 24 months, and those of them whose award came within so many days of their registration, as a \
         share of all that were registered in the month. “So far”: not every case of the month has had so many days. The last lines join the \
         months whose cases have all had them. Of fewer than {RATE_FLOOR} cases no rate is told.",
    );
    let none = rows.is_empty();
    let sheet = Sheet::new("Awards by month of registration", "Nothing was registered in the last 24 months", &headings);
    let sheet = sheet.with(rows.into_iter().chain(feet.into_iter().filter(|_| !none)));
    plain(Sheet { form: SheetForm::Matrix, remark: Some(remark), ..sheet }, told.as_of)
}

/// A count that leads to its rows, below it what share of all of them it is.
fn part_cell(part: Tally, whole: u64) -> Cell {
    let share = rate(part.count, whole);
    let cell = counted_cell(part, "cases");
    Cell { below: share.into_iter().collect(), ..cell }
}

/// Payments after notices.
pub fn notices(told: PaidAfterNotice) -> Board {
    let all = NoticePaid {
        notice: crate::model::Term::named("", "All notices"),
        served: told.lines.iter().map(|line| line.served).sum(),
        within: [0, 1].map(|index: usize| told.lines.iter().filter_map(|line| line.within.get(index)).sum()),
    };
    let row = |line: NoticePaid| {
        let served = Cell { exact: Some(format!("{} notices", grouped(line.served))), ..Cell::text(grouped(line.served)) };
        let paid = line.within.map(|part| {
            let told = of(part, line.served);
            Cell { exact: Some(format!("{told} notices")), ..Cell::text(rate(part, line.served).unwrap_or_else(|| told.clone())) }
                .some_line((line.served >= RATE_FLOOR).then_some(told))
        });
        [Cell::text(line.notice.label), served].into_iter().chain(paid).collect::<Vec<_>>()
    };
    let headings = ["Notice", "#Served", "#Paid within 15 days", "#Paid within 30 days"];
    let remark = "Notices that were served, to each respondent, and after how many of them a payment in the case came within so many days \
                  of service. This is a correlation: nothing says that the notice brought the payment, one payment follows every notice \
                  served before it, and of the latest notices the days are not over. Services have no list of their own.";
    let sheet = Sheet::new("Paid after notice", "No notice was served", &headings);
    let rows: Vec<_> = told.lines.into_iter().map(row).collect();
    let foot = (!rows.is_empty()).then(|| row(all));
    plain(Sheet { form: SheetForm::Matrix, remark: Some(remark.to_owned()), ..sheet.with(rows.into_iter().chain(foot)) }, told.as_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_fewer_than_thirty_is_a_count_alone() {
        let part = |whole| part_cell(Tally { count: 3, href: Some("/cases".to_owned()), ..Tally::default() }, whole);
        assert_eq!((part(29).text.as_str(), part(29).below.len()), ("3", 0));
        assert_eq!(part(30).below, ["10.0 %"]);
    }
}
