//! The portfolio summary's measures of what came of the cases, against the rows that the institution's server holds: of that institution
//! alone, though it shares the server with another, and for each role of the lists that they open.
//!
//! Must not know how a figure is asked for upstream.

use odr_portal::model::{Day, Inr, Term};
use serde_json::Value;

use crate::{
    browser::{self, Browser, person, run, who_work},
    portfolio::{number, opens_its_rows, panel, rows, told, world_of},
    upstream,
};

/// Paise of these rows' amounts.
fn paise<'a>(rows: impl IntoIterator<Item = &'a Value>, field: &str) -> i64 {
    rows.into_iter().map(|row| (row[field].as_f64().unwrap_or(0.0) * 100.0).round() as i64).sum()
}

fn exact(paise: i64) -> String {
    Inr::from_paise(paise).exact()
}

/// The row with this first cell.
fn row_of<'a>(rows: &'a [Vec<Value>], label: &str) -> &'a [Value] {
    rows.iter().find(|row| row[0]["text"] == label).unwrap_or_else(|| panic!("no {label}: {rows:?}"))
}

/// The earliest of so many months, as the upstream writes a month.
fn month_before(today: Day, months: u32) -> String {
    (1..months).fold(today.first_of_month(), |month, _| month.later(-1).first_of_month()).iso()[..7].to_owned()
}

#[test]
fn awards_by_registration_are_those_of_the_lists_which_they_open_for_every_role() {
    run(async {
        let world = world_of(1, 250).await;
        for somebody in who_work(&world, "banyan") {
            let browser = Browser::of(&world, somebody).await;
            let role = format!("{:?}", somebody.person.role);
            for row in rows(&panel(&browser, "awards", "").await) {
                for cell in row[1..].iter().filter(|cell| cell["text"] != "—") {
                    opens_its_rows(&browser, cell, &format!("{role} {}", row[0])).await;
                }
            }
        }
    });
}

#[test]
fn award_rates_haircut_and_payments_after_notice_are_those_of_the_stored_rows() {
    run(async {
        let world = world_of(2, 350).await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let today = Day::parse(&browser::today()).unwrap();

        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &["registered_month", "award_days"]).await;
        let first = month_before(today, 24);
        let awards = rows(&panel(&browser, "awards", "").await);
        let (feet, months): (Vec<_>, Vec<_>) = awards.iter().partition(|row| row[0]["text"].as_str().unwrap().starts_with("Until "));
        let within = |month: &str, days: i64| {
            let own = cases.iter().filter(|case| case["registered_month"] == month);
            own.filter(|case| (0..=days).contains(&case["award_days"].as_i64().unwrap())).count() as u64
        };
        let (mut registered, mut awarded) = (0, [0, 0]);
        for row in months {
            let month = (0..24)
                .map(|ago| month_before(today, ago + 1))
                .find(|code| row[0]["text"] == Day::parse(&format!("{code}-01")).unwrap().month().as_str());
            let month = month.unwrap_or_else(|| panic!("a month too many: {row:?}"));
            registered += told(&row[1]).0;
            assert_eq!(told(&row[1]).0, cases.iter().filter(|case| case["registered_month"] == month.as_str()).count() as u64);
            for (index, days) in [180, 365].into_iter().enumerate() {
                let cell = &row[2 + index];
                assert_eq!(told(cell).0, within(&month, days), "{month} {days}");
                let last = Day::parse(&format!("{month}-01")).unwrap().months_later(1).later(-1);
                let over = today.days_since_epoch() - last.days_since_epoch() > days;
                assert_eq!(cell.to_string().contains("so far"), !over, "{month} {days}: {cell}");
                awarded[index] += if over { within(&month, days) } else { 0 };
            }
        }
        let followed = cases.iter().filter(|case| case["registered_month"].as_str().is_some_and(|month| month >= first.as_str()));
        assert_eq!(registered, followed.count() as u64);
        assert_eq!(feet.len(), 2, "{feet:?}");
        for (index, foot) in feet.into_iter().enumerate() {
            assert_eq!(told(&foot[2 + index]).0, awarded[index], "{foot:?}");
            assert_eq!(foot[3 - index]["text"], "—");
        }
        assert!(awarded[1] > 0, "nothing was awarded in time");

        let offers = upstream::rows(&world, "banyan", "Case Settlement", &["state", "amount", "dues_at_offer"]).await;
        let stands = |row: &&Value| ["ACCEPTED", "PAYING", "SATISFIED"].iter().any(|state| row["state"] == *state);
        let agreed: Vec<_> = offers.iter().filter(stands).collect();
        assert!(!agreed.is_empty() && agreed.len() < offers.len());
        let measures = rows(&panel(&browser, "measures", "").await);
        let haircut = row_of(&measures, "Settlement haircut");
        let (amount, dues) = (paise(agreed.iter().copied(), "amount"), paise(agreed.iter().copied(), "dues_at_offer"));
        assert_eq!(haircut[2]["exact"], format!("{} of {}", exact(amount), exact(dues)));
        assert_eq!(haircut[2]["below"][0], format!("{} settlements", agreed.len()));
        if agreed.len() >= 30 {
            let rate = 100.0 * (1.0 - amount as f64 / dues as f64);
            let shown: f64 = haircut[1]["text"].as_str().unwrap().trim_end_matches(" %").parse().unwrap();
            assert!((rate - shown).abs() < 0.051, "{rate} is told as {shown}");
        }

        let services = upstream::rows(&world, "banyan", "Case Service", &["notice_type", "counts_served", "paid_days_after"]).await;
        let served: Vec<_> = services.iter().filter(|row| row["counts_served"] == 1).collect();
        let notices = rows(&panel(&browser, "notices", "").await);
        let (mut lines, mut paid_at_all) = (0, 0);
        for row in &notices {
            let label = row[0]["text"].as_str().unwrap();
            let of_kind = |line: &&&Value| label == "All notices" || Term::of(line["notice_type"].as_str().unwrap()).label == label;
            let own: Vec<_> = served.iter().filter(of_kind).collect();
            lines += usize::from(label != "All notices");
            assert_eq!(number(row[1]["text"].as_str().unwrap()), own.len() as u64, "{label}");
            for (cell, days) in row[2..].iter().zip([15, 30]) {
                let paid = own.iter().filter(|row| (0..=days).contains(&row["paid_days_after"].as_i64().unwrap())).count();
                let part = cell["exact"].as_str().unwrap().split(" of ").next().unwrap();
                assert_eq!(number(part), paid as u64, "{label} {days}");
                assert_eq!(cell["text"].as_str().unwrap().ends_with(" %"), own.len() >= 30, "{label}: {cell}");
                paid_at_all += paid;
            }
        }
        assert!(lines > 2 && paid_at_all > 0, "{notices:?}");
    });
}
