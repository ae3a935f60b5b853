//! What is typed into forms, read and refused.

use super::*;

fn typed(value: &str) -> Typed {
    Typed::from(vec![("a".to_owned(), value.to_owned())])
}

fn problem<T>(value: &str, read: impl FnOnce(&mut Reading<'_>) -> T) -> Option<String> {
    let typed = typed(value);
    let mut reading = Reading::of(&typed);
    read(&mut reading);
    reading.done().err().map(|problems| problems[0].problem.clone())
}

#[test]
fn what_is_typed_is_read_or_its_field_says_why_not() {
    let day = |text| problem(text, |reading| reading.some_day("a", Day::parse("2026-11-01"), Day::parse("2026-11-30")));
    assert_eq!(
        [day(""), day("2026-11-21"), day("21/11/2026"), day("2026-12-01")].map(Option::unwrap_or_default),
        ["", "", "unknown", "out_of_bounds"]
    );
    let amount = |text| problem(text, |reading| reading.some_amount("a"));
    let told = ["₹12,34,567.50", "5L", "1.2 cr", "0", "-5", "1e9", "99999999999999"].map(|text| amount(text).unwrap_or_default());
    assert_eq!(told, ["", "", "", "out_of_bounds", "unknown", "unknown", "unknown"]);
    let reason = |text| problem(text, |reading| reading.reason("a"));
    assert_eq!([reason(" "), reason("ok."), reason("it is late")].map(Option::unwrap_or_default), ["required", "too_short", ""]);
    assert_eq!(reason(&"x".repeat(REASON_MAX_CHARS + 1)).as_deref(), Some("too_long"), "one problem, not two");
    let number = |text| problem(text, |reading| reading.some_number("a", 1, 60));
    assert_eq!([number("60"), number("61"), number("1.5")].map(Option::unwrap_or_default), ["", "out_of_bounds", "unknown"]);
}

#[test]
fn a_moment_is_a_day_and_its_minute() {
    let read = |text: &str| {
        let typed = typed(text);
        Reading::of(&typed).some_moment("a")
    };
    let day = Day::parse("2026-11-21").unwrap();
    assert_eq!([read("2026-11-21T10:30"), read("2026-11-21 10:30:00")], [Some((day, 630)), Some((day, 630))]);
    for text in ["2026-11-21", "2026-11-21T24:00", "2026-11-21T1:30", "2026-11-21T10:30Z", "2026-11-21T10:300", "é"] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn a_form_that_comes_back_holds_what_was_typed_and_says_what_was_wrong() {
    let form = Form { fields: vec![Field::new("a", "Amount", FieldKind::Amount)], ..Form::default() };
    let problems = [("a", "unknown"), ("b", "The case was closed.")]
        .map(|(field, problem)| FieldError { field: field.into(), problem: problem.into() });
    let again = form.again(&typed("<lots>"), &problems);
    assert_eq!(again.fields[0].value, "<lots>");
    assert!(again.fields[0].problem.as_deref().is_some_and(|words| words.contains("12,34,567.50")));
    assert_eq!(again.notice, ["The case was closed."]);
    assert!(again.is_refused());
}
