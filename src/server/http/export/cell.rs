//! What stands in a cell of an exported file. It must not know any file format.

use crate::model::{CaseRow, Column, Day, Inr, Instant, TableLook};

/// A cell's value, with its type: a format writes a date as its dates are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing is known.
    Nothing,
    /// Words.
    Text(String),
    /// A count.
    Count(u64),
    /// Rupees.
    Money(Inr),
    /// A date.
    Day(Day),
    /// A moment on the institution's wall clock.
    Time(Instant),
}

/// The columns of a file: each of the list's falls apart into what stands in it, since a cell of a file holds one value.
pub struct Columns(Vec<(String, Of)>);

/// What stands in a column.
type Of = fn(&CaseRow) -> Value;

impl Columns {
    /// Those of the list as somebody looks at it; all of them without that. `zone` is that of the file's times.
    pub fn of(look: Option<&TableLook>, zone: &str) -> Self {
        let all = || Column::ALL.iter().map(|(column, ..)| *column).collect();
        let shown: Vec<Column> = look.map_or_else(all, |look| look.columns.clone());
        Self(shown.into_iter().flat_map(|column| parts(column, zone)).collect())
    }

    /// The headings.
    pub fn headings(&self) -> Vec<Value> {
        self.0.iter().map(|(heading, _)| Value::Text(heading.clone())).collect()
    }

    /// A case as a row.
    pub fn row(&self, case: &CaseRow) -> Vec<Value> {
        self.0.iter().map(|(_, value)| value(case)).collect()
    }

    /// The row of sums, under the columns of the rows above it.
    pub fn sums(&self, cases: u64, claim: Inr, dues: Inr) -> Vec<Value> {
        let sum = |(index, (heading, _)): (usize, &(String, Of))| match heading.as_str() {
            _ if index == 0 => Value::Text(format!("Total of {cases} cases")),
            CLAIM => Value::Money(claim),
            DUES => Value::Money(dues),
            _ => Value::Nothing,
        };
        self.0.iter().enumerate().map(sum).collect()
    }
}

const CLAIM: &str = "Claim (INR)";
const DUES: &str = "Dues (INR)";

/// What a column of the list falls apart into.
fn parts(column: Column, zone: &str) -> Vec<(String, Of)> {
    let parts: Vec<(&str, Of)> = match column {
        Column::Number => {
            vec![
                ("Number", |case| text(&case.number)),
                ("Draft", |case| text(if case.draft { "Draft" } else { "" })),
                ("Loan account", |case| text(&case.lan)),
            ]
        }
        Column::Respondent => vec![
            ("Respondent", |case| text(case.respondent.as_deref().unwrap_or_default())),
            ("Respondents", |case| Value::Count(u64::from(case.respondent_count))),
        ],
        Column::Product => vec![("Product", |case| text(case.product.label())), ("Zone", |case| text(&case.zone))],
        Column::Branch => vec![("Branch", |case| text(&case.branch))],
        Column::Stage => vec![("Stage", |case| text(case.stage.label())), ("Status", |case| text(case.status.label()))],
        Column::Since => vec![("In stage since", |case| day(case.stage_since))],
        Column::Hold => vec![("Hold", |case| text(case.hold.label()))],
        Column::Claim => vec![(CLAIM, |case| Value::Money(case.claim))],
        Column::Dues => vec![(DUES, |case| Value::Money(case.dues))],
        Column::Dpd => {
            vec![("Days past due", |case| Value::Count(u64::from(case.dpd))), ("Bucket", |case| text(case.bucket.label()))]
        }
        Column::Hearing => {
            return vec![(format!("Next hearing ({zone})"), |case| case.next_hearing.map_or(Value::Nothing, Value::Time))];
        }
        Column::Due => vec![("Next due", |case| day(case.next_due))],
        Column::Service => vec![("Service", |case| text(case.service.label()))],
        Column::Owner => vec![("Legal owner", |case| text(&case.legal_owner))],
    };
    parts.into_iter().map(|(heading, value)| (heading.to_owned(), value)).collect()
}

fn text(text: &str) -> Value {
    if text.is_empty() { Value::Nothing } else { Value::Text(text.to_owned()) }
}

fn day(day: Option<Day>) -> Value {
    day.map_or(Value::Nothing, Value::Day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_stand_under_what_they_add_up() {
        let chosen = TableLook::parse("number.dues.stage.claim");
        for look in [None, chosen.as_ref()] {
            let columns = Columns::of(look, "Asia/Kolkata");
            let headings = columns.headings();
            let sums = columns.sums(2, Inr::from_rupees(3), Inr::from_rupees(4));
            assert_eq!(sums.len(), headings.len());
            assert_eq!(sums[0], Value::Text("Total of 2 cases".to_owned()));
            let under = |value: Inr| headings[sums.iter().position(|sum| *sum == Value::Money(value)).unwrap()].clone();
            assert_eq!(under(Inr::from_rupees(3)), Value::Text(CLAIM.to_owned()));
            assert_eq!(under(Inr::from_rupees(4)), Value::Text(DUES.to_owned()));
        }
    }

    #[test]
    fn a_file_has_the_columns_that_were_chosen_in_their_order() {
        let headings = |look: &str| Columns::of(TableLook::parse(look).as_ref(), "Asia/Kolkata").headings();
        let words = ["Number", "Draft", "Loan account", "Dues (INR)", "Next hearing (Asia/Kolkata)"];
        assert_eq!(headings("dues.hearing.dense"), words.map(|word| Value::Text(word.to_owned())));
        assert_eq!(headings("").len(), 20);
    }
}
