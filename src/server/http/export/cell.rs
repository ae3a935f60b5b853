//! What stands in a cell of an exported file. It must not know any file format.

use crate::model::{CaseRow, Day, Inr, Instant};

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

/// Headings of the file, in the order of the list's columns; `zone` is that of its times.
pub fn headings(zone: &str) -> Vec<Value> {
    let hearing = format!("Next hearing ({zone})");
    let headings = [
        "Number",
        "Draft",
        "Loan account",
        "Respondent",
        "Respondents",
        "Product",
        "Zone",
        "Branch",
        "Stage",
        "Status",
        "In stage since",
        "Hold",
        "Claim (INR)",
        "Dues (INR)",
        "Days past due",
        "Bucket",
        &hearing,
        "Next due",
        "Service",
        "Legal owner",
    ];
    headings.into_iter().map(|heading| Value::Text(heading.to_owned())).collect()
}

/// A case as a row.
pub fn row(case: CaseRow) -> Vec<Value> {
    let text = |text: &str| if text.is_empty() { Value::Nothing } else { Value::Text(text.to_owned()) };
    let day = |day: Option<Day>| day.map_or(Value::Nothing, Value::Day);
    vec![
        text(&case.number),
        text(if case.draft { "Draft" } else { "" }),
        text(&case.lan),
        text(case.respondent.as_deref().unwrap_or_default()),
        Value::Count(u64::from(case.respondent_count)),
        text(case.product.label()),
        text(&case.zone),
        text(&case.branch),
        text(case.stage.label()),
        text(case.status.label()),
        day(case.stage_since),
        text(case.hold.label()),
        Value::Money(case.claim),
        Value::Money(case.dues),
        Value::Count(u64::from(case.dpd)),
        text(case.bucket.label()),
        case.next_hearing.map_or(Value::Nothing, Value::Time),
        day(case.next_due),
        text(case.service.label()),
        text(&case.legal_owner),
    ]
}

/// The row of sums, under the columns of the rows above it.
pub fn sums(cases: u64, claim: Inr, dues: Inr) -> Vec<Value> {
    let label = Value::Text(format!("Total of {cases} cases"));
    let mut row = vec![Value::Nothing; 14];
    if let [first, .., claims, all_dues] = row.as_mut_slice() {
        (*first, *claims, *all_dues) = (label, Value::Money(claim), Value::Money(dues));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_stand_under_what_they_add_up() {
        let headings = headings("Asia/Kolkata");
        let sums = sums(2, Inr::from_rupees(3), Inr::from_rupees(4));
        let under = |value: Inr| {
            let at = sums.iter().position(|sum| *sum == Value::Money(value)).unwrap();
            headings[at].clone()
        };
        assert_eq!(under(Inr::from_rupees(3)), Value::Text("Claim (INR)".to_owned()));
        assert_eq!(under(Inr::from_rupees(4)), Value::Text("Dues (INR)".to_owned()));
        assert_eq!(headings[16], Value::Text("Next hearing (Asia/Kolkata)".to_owned()));
    }
}
