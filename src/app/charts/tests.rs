//! What every chart must hold, whatever it is given.

use proptest::prelude::*;

use super::{scale::Scale, *};

fn mark(label: &str, value: u64, href: Option<&str>) -> Mark {
    Mark { label: label.to_owned(), value, spoken: format!("{label}: {value} cases"), href: href.map(str::to_owned), ..Mark::default() }
}

fn drawn(marks: &[Mark]) -> Option<String> {
    bars(&Bars { id: "test", title: "Cases", description: "How many", unit: "cases", least: 0, marks })
}

fn over_time(series: &[Series]) -> Option<String> {
    columns(&Columns { id: "test", title: "Cases", description: "How many", series })
}

#[test]
fn a_label_cannot_end_what_it_stands_in() {
    let hostile = r#""><script>alert(1)</script><a href='x' onclick="#;
    let marks = [mark(hostile, 3, Some(hostile)), mark("a\u{0}\u{8}b\nc", 1, None)];
    let series = [Series { name: hostile.to_owned(), marks: marks.to_vec() }];
    let titled = bars(&Bars { id: "test", title: hostile, description: hostile, unit: hostile, least: 0, marks: &marks });
    for svg in [titled, over_time(&series)].map(Option::unwrap) {
        assert!(!svg.contains("<script") && !svg.contains("' onclick") && !svg.contains("\" onclick"), "{svg}");
        assert_eq!(svg.matches("<a ").count(), 1, "{svg}");
        assert!(svg.contains("&quot;&gt;&lt;script&gt;"), "{svg}");
        assert!(!svg.contains('\u{0}') && !svg.contains('\u{8}') && svg.contains("ab c"), "{svg}");
    }
}

#[test]
fn a_chart_says_what_it_is_and_each_mark_its_figure() {
    let svg = drawn(&[mark("Hearing", 12, Some("/cases?q=stage%3Ahearing")), mark("Award", 4, None)]).unwrap();
    assert!(svg.contains("viewBox=\"0 0 360 ") && svg.contains("<title id=\"test-t\">Cases</title><desc id=\"test-d\">How many</desc>"));
    assert!(svg.contains("href=\"/cases?q=stage%3Ahearing\" aria-label=\"Hearing: 12 cases\"><title>Hearing: 12 cases</title>"), "{svg}");
    assert!(svg.contains("role=\"img\" aria-label=\"Award: 4 cases\""), "{svg}");
    assert!(!svg.contains("style="), "{svg}");
}

#[test]
fn a_line_begins_at_nothing_is_dotted_where_it_may_grow_and_is_named_at_its_end() {
    let line =
        |label: &str, values: &[u64], complete| Line { mark: mark(label, 0, Some("/cases")), values: values.into(), complete, open: 0 };
    let drawn =
        |lines_of: &[Line]| lines(&Lines { id: "test", title: "Recovered", description: "How much", step: (30, "days"), lines: lines_of });
    let svg = drawn(&[line("Jan 2026", &[15, 30, 42], 2), line("Feb 2026", &[20, 42], 2)]).unwrap();
    assert_eq!(svg.matches("class=\"c-line\" d=\"M27 212L").count(), 2, "{svg}");
    assert_eq!(svg.matches("c-dotted").count(), 1, "{svg}");
    assert!(svg.contains(">Jan 2026</text>") && svg.contains(">90 days</text>") && svg.contains("0 %"), "{svg}");
    assert_eq!(drawn(&[]), None);
    // What may yet come stands on the last value, hatched, and the scale holds it.
    let mut open = line("SMS", &[400, 700], 2);
    (open.open, open.mark.unfinished) = (300, true);
    let svg = drawn(&[open]).unwrap();
    assert!(svg.contains("class=\"c-open\" fill=\"url(#test-h)\"") && svg.contains(">100 %</text>"), "{svg}");
    // Whatever the values, nothing leaves the chart.
    assert!(drawn(&[line("Jan 2026", &[u64::MAX, 0], 5)]).is_some());
}

#[test]
fn nothing_to_draw_is_no_chart() {
    assert_eq!(drawn(&[]), None);
    assert_eq!(over_time(&[]), None);
    assert_eq!(over_time(&[Series { name: "Filed".to_owned(), marks: Vec::new() }]), None);
}

#[test]
fn zeros_are_drawn_as_zeros() {
    let svg = drawn(&[mark("Hearing", 0, None), mark("Award", 0, None)]).unwrap();
    assert_eq!(svg.matches("width=\"0.0\"").count(), 2, "{svg}");
    assert_eq!(Scale::lying(0, 200).ticks(), [(0, "0".to_owned()), (1, "1".to_owned())]);
}

#[test]
fn one_very_large_value_leaves_the_others_in_the_chart() {
    let svg = drawn(&[mark("Hearing", 9_87_65_43_210, None), mark("Award", 1, None)]).unwrap();
    assert!(svg.contains(">9,87,65,43,210<"), "{svg}");
    let widths =
        svg.match_indices("class=\"c-bar\"").filter_map(|(at, _)| svg[at..].split("width=\"").nth(1)?.split('"').next()?.parse().ok());
    let widths: Vec<f64> = widths.collect();
    assert!(widths.len() == 2 && widths[0] > 150.0 && widths.iter().all(|width| *width <= 192.0), "{widths:?}");
    assert!(drawn(&[mark("All", u64::MAX, None)]).is_some());
    assert!(over_time(&[Series { name: "All".to_owned(), marks: vec![mark("Now", u64::MAX, None)] }]).is_some());
}

#[test]
fn ticks_are_round_and_grouped_the_indian_way() {
    let figures = |most| Scale::lying(most, 192).ticks().into_iter().map(|(_, figure)| figure).collect::<Vec<_>>();
    assert_eq!(figures(3), ["0", "1", "2", "3"]);
    assert_eq!(figures(37), ["0", "10", "20", "30", "40"]);
    assert_eq!(figures(4_321), ["0", "2,000", "4,000", "6,000"]);
    assert_eq!(figures(1_23_456), ["0", "1,00,000", "2,00,000"]);
}

#[test]
fn what_may_still_grow_is_hatched() {
    let last = Mark { unfinished: true, ..mark("16 Nov", 3, None) };
    let svg = over_time(&[Series { name: "Filed".to_owned(), marks: vec![mark("9 Nov", 5, None), last] }]).unwrap();
    assert!(svg.matches("class=\"c-bar\"").count() == 1 && svg.matches("class=\"c-open\" fill=\"url(#test-h)\"").count() == 1, "{svg}");
}

proptest! {
    #[test]
    fn a_scale_holds_its_values_with_few_ticks_in_order(most: u64, along in 40_u32..400) {
        let ticks = Scale::lying(most, along).ticks();
        prop_assert!((2..=5).contains(&ticks.len()));
        prop_assert!(ticks.windows(2).all(|pair| pair[0].0 < pair[1].0));
        prop_assert!(most > 1 << 62 || ticks.last().is_some_and(|last| last.0 >= most));
        prop_assert!((2..=3).contains(&Scale::upright(most).ticks().len()));
    }

    #[test]
    fn any_label_is_drawn_as_text(label in "\\PC{0,40}", value in 0_u64..1000) {
        let svg = drawn(&[mark(&label, value, Some(&label))]).unwrap();
        prop_assert_eq!(svg.matches('<').count(), drawn(&[mark("", value, Some(""))]).unwrap().matches('<').count());
    }
}
