//! The portfolio summary's panels of what came of something, in words: awards by registration, payments by notice, promises, arrears, what
//! it cost, and by which advocate.

use super::{
    dashboard::{of, rate},
    grouped, money,
    portfolio::{counted, counted_cell, plain, rate_of_amount, rated, told},
};
use crate::model::{
    AdvocateScore, AwardCohort, AwardRates, AwardsOver, Board, Cell, Costs, Fact, Inr, MatrixLine, NoticePaid, PaidAfterNotice, RATE_FLOOR,
    Rated, Scorecard, Sheet, SheetForm, Tally, Term, Told,
};

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
        notice: Term::named("", "All notices"),
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

/// Instalments by month.
pub fn promises(told: Rated) -> Board {
    let remark = "Instalments of settlements by the month in which they fall due (the last twelve, and all later ones together), by what \
                  became of them, and below them what they come to. Kept, of those that were kept, are late or were broken: what is due or \
                  part paid, and whose day has not passed, is neither. Instalments have no list of their own.";
    let rates = told.rates.into_iter().map(shares).collect();
    rated(["Promises kept", "Due in", "instalments", remark], told.matrix, &["Kept, of those decided"], rates)
}

/// Open cases by bucket.
pub fn rolls(told: Rated) -> Board {
    let remark = "Open cases by the bucket at the end of last month (lines) and now (columns), and below them the sum of their claims. Cured: \
                  current again, of those that were in arrears. Rolled: in a worse bucket than then, of all. A darker cell has more cases.";
    let rates = told.rates.into_iter().map(shares).collect();
    rated(["Cure and roll", "End of last month", "cases", remark], told.matrix, &["Cured", "Rolled"], rates)
}

/// Shares that may not be there.
fn shares(told: Vec<Option<Told>>) -> Vec<Cell> {
    told.into_iter().map(|told| told.map_or_else(|| Cell::some(None), share_cell)).collect()
}

/// A share, and below it what it is made of, where that is not the same.
fn share_cell(share: Told) -> Cell {
    let (figure, made_of) = told(share);
    let below = (figure.text != made_of.text).then(|| made_of.text.clone());
    Cell { exact: Some(made_of.text), ..figure }.some_line(below)
}

/// Costs, and what was recovered for them.
pub fn costs(told: Costs) -> Board {
    let Tally { count: cases, amount: recovered, href } = told.recovered;
    let part = |costs: Inr| {
        let amounts = format!("{} of {}", costs.compact(), recovered.compact());
        let figure = rate_of_amount(costs, recovered, cases);
        let below = figure.is_some().then(|| amounts.clone());
        let exact = Some(format!("{} of {}", costs.exact(), recovered.exact()));
        Cell { exact, ..Cell::text(figure.unwrap_or(amounts)) }.some_line(below)
    };
    let all = told.matrix.feet.first().map_or(Inr::ZERO, |foot| foot.all.amount);
    let rates = told.matrix.lines.iter().chain(&told.matrix.feet).map(|line: &MatrixLine| vec![part(line.all.amount)]).collect();
    let fact = |label: &str, cell: Cell, formula: &str| Fact { label: label.to_owned(), cell, formula: Some(formula.to_owned()) };
    let unverified = told.fees_unverified;
    let figures = vec![
        fact(
            "Cost of recovery",
            Cell { href, ..part(all) }.line(counted(cases)),
            "Costs of every kind, of the confirmed payments in the same cases, closed ones too",
        ),
        fact(
            "Fee exposure",
            money(told.exposure.amount).line(format!("{} costs", grouped(told.exposure.count))),
            "Costs that are accrued or billed and not paid; what is disputed is not counted",
        ),
        fact(
            "Appearance fees not verified",
            share_cell(Told::Share(unverified.count, told.fees.count)).line(unverified.amount.compact()),
            "Fees for appearances whose hearing was not held and attended, of all such fees, and what they come to",
        ),
        fact(
            "Appearances not verified",
            share_cell(Told::Share(told.claimed_unverified, told.claimed)),
            "Hearings for which our advocate’s appearance is claimed and not verified from the attendance, of all for which one is claimed",
        ),
    ];
    let remark = format!(
        "Costs by kind and by how far they are paid, and below them what they come to; the last column is what each kind costs of what was \
         recovered. Of fewer than {RATE_FLOOR}, counts or amounts are told and no rate. Costs have no list of their own: the cost of recovery \
         opens the cases.",
    );
    let board = rated(["Costs by kind", "Kind", "costs", &remark], told.matrix, &["Of the recovered"], rates);
    Board { figures, ..board }
}

/// The panel's advocates.
pub fn advocates(told: Scorecard) -> Board {
    let headings = ["Advocate", "#Closed", "#Of them paid or settled", "#Awards", "#Median days to award", "#Adjournments asked", "#Costs"];
    let more = (told.more > 0).then(|| format!(" {} more closed fewer.", grouped(u64::try_from(told.more).unwrap_or(u64::MAX))));
    let remark = format!(
        "Cases by their advocate, of the last 365 days: those closed and the sum of their claims; of them those paid in full, settled, or \
         whose award or consent award was satisfied; those awarded, with the days from filing to award that half of them did not exceed; \
         hearings held or adjourned, and of them those adjourned at our side’s request; costs incurred. Of fewer than {RATE_FLOOR} counts are \
         told, and no rate or median.{}",
        more.unwrap_or_default()
    );
    let sheet = Sheet::new("Advocate scorecard", "No case of an advocate was closed, heard or charged for", &headings);
    plain(Sheet { form: SheetForm::Matrix, remark: Some(remark), ..sheet.with(told.lines.into_iter().map(scored)) }, told.as_of)
}

fn scored(score: AdvocateScore) -> Vec<Cell> {
    let AdvocateScore { name, closed, paid, awards, median_days, hearings, adjourned, costs, own_costs } = score;
    let median = median_days.filter(|_| awards.count >= RATE_FLOOR).map(|days| grouped(u64::from(days)));
    let asked = of(adjourned, hearings);
    let adjournments = Cell { exact: Some(format!("{asked} hearings")), ..Cell::text(grouped(adjourned)) };
    let own = format!("{} charged by the advocate", own_costs.compact());
    let whole = closed.count;
    vec![
        Cell::text(name),
        counted_cell(closed, "cases"),
        part_cell(paid, whole),
        counted_cell(awards, "cases"),
        Cell::some(median),
        adjournments.line(asked).some_line(rate(adjourned, hearings)),
        money(costs.amount).line(format!("{} costs", grouped(costs.count))).line(own),
    ]
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

    #[test]
    fn a_share_says_what_it_is_made_of_once() {
        let few = share_cell(Told::Share(2, 29));
        assert_eq!((few.text.as_str(), few.below.len()), ("2 of 29", 0));
        let many = share_cell(Told::Share(3, 30));
        assert_eq!((many.text.as_str(), many.below), ("10.0 %", vec!["3 of 30".to_owned()]));
        assert_eq!(shares(vec![None])[0].text, "—");
    }

    #[test]
    fn an_advocate_of_few_awards_has_no_median() {
        let cells = |count| {
            let awards = Tally { count, ..Tally::default() };
            scored(AdvocateScore { awards, median_days: Some(200), hearings: 29, adjourned: 3, ..AdvocateScore::default() })
        };
        assert_eq!([29, 30].map(|count| cells(count)[4].text.clone()), ["—", "200"]);
        assert_eq!(cells(29)[5].below, ["3 of 29"]);
    }
}
