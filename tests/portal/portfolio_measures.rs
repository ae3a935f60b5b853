//! The portfolio summary's measures of what came of the cases, against the rows that the institution's server holds: of that institution
//! alone, though it shares the server with another, and for each role of the lists that they open.
//!
//! Must not know how a figure is asked for upstream.

use odr_portal::model::{Bucket, Day, Inr, Role, Term};
use serde_json::{Value, json};

use crate::{
    browser::{self, Browser, person, run, who_work},
    portfolio::{number, opens_its_rows, panel, rows, told, totals, world_of},
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
fn awards_and_rolls_are_those_of_the_lists_which_they_open_for_every_role() {
    run(async {
        let world = world_of(1, 250).await;
        for somebody in who_work(&world, "banyan") {
            let browser = Browser::of(&world, somebody).await;
            let role = format!("{:?}", somebody.person.role);
            for (which, shares) in [("awards", 0), ("rolls", 2)] {
                for row in rows(&panel(&browser, which, "").await) {
                    for cell in row[1..row.len() - shares].iter().filter(|cell| cell["text"] != "—") {
                        opens_its_rows(&browser, cell, &format!("{role} {}", row[0])).await;
                    }
                }
            }
            let costs = panel(&browser, "costs", "").await;
            let recovery = &costs["figures"][0]["cell"];
            let listed = totals(&browser, recovery["href"].as_str().unwrap()).await;
            let recovered = recovery["exact"].as_str().unwrap().split(" of ").nth(1).unwrap();
            assert_eq!(recovered, exact(listed["realised"].as_i64().unwrap()), "{role}");
            assert_eq!(
                number(recovery["below"].as_array().unwrap().last().unwrap().as_str().unwrap().trim_end_matches(" cases")),
                listed["cases"].as_u64().unwrap(),
                "{role}"
            );
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

/// Headings of a panel's rows.
fn headings(panel: &Value) -> Vec<String> {
    let headings = panel["sheet"]["headings"].as_array().unwrap().iter();
    headings.map(|heading| heading["label"].as_str().unwrap().to_owned()).collect()
}

/// Whether a cell of a matrix tells so many of these rows, and their amount.
fn tells(cell: &Value, rows: &[&Value], field: &str, where_: &str) {
    let (count, amount, _) = told(cell);
    assert_eq!((count, amount), (rows.len() as u64, exact(paise(rows.iter().copied(), field))), "{where_}");
}

#[test]
fn costs_and_what_was_recovered_for_them_are_those_of_the_stored_rows() {
    run(async {
        let world = world_of(2, 300).await;
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let costs = upstream::rows(&world, "banyan", "Case Cost", &["kind", "state", "verified", "amount"]).await;
        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &["realised_amount", "cost_total"]).await;
        let hearings = upstream::rows(&world, "banyan", "Case Hearing", &["appearance_claimed", "appearance_verified"]).await;
        let panel = panel(&browser, "costs", "").await;
        let (table, headings) = (rows(&panel), headings(&panel));
        let recovered = exact(paise(&cases, "realised_amount"));
        for row in &table {
            let label = row[0]["text"].as_str().unwrap();
            let is = |cost: &Value, field: &str, label: &str| Term::of(cost[field].as_str().unwrap()).label == label;
            let own: Vec<&Value> = costs.iter().filter(|cost| label == "All costs" || is(cost, "kind", label)).collect();
            for (cell, heading) in row.iter().zip(&headings).skip(1) {
                match heading.as_str() {
                    "All" => tells(cell, &own, "amount", label),
                    "Of the recovered" => {
                        assert_eq!(cell["exact"], format!("{} of {recovered}", exact(paise(own.iter().copied(), "amount"))), "{label}");
                    }
                    state => {
                        let own: Vec<&Value> = own.iter().copied().filter(|cost| is(cost, "state", state)).collect();
                        tells(cell, &own, "amount", &format!("{label} {state}"));
                    }
                }
            }
        }
        assert!(table.len() > 5 && headings.len() > 5, "{headings:?}");
        let figure = |label: &str| {
            let figures = panel["figures"].as_array().unwrap();
            figures.iter().find(|figure| figure["label"] == label).unwrap_or_else(|| panic!("no {label}"))["cell"].clone()
        };
        // The cases' own sums are those of their costs.
        assert_eq!(paise(&cases, "cost_total"), paise(&costs, "amount"));
        let recovery = figure("Cost of recovery");
        assert_eq!(recovery["exact"], format!("{} of {recovered}", exact(paise(&costs, "amount"))));
        assert!(recovery["text"].as_str().unwrap().ends_with(" %"), "{recovery}");
        let unpaid: Vec<_> = costs.iter().filter(|cost| cost["state"] == "ACCRUED" || cost["state"] == "BILLED").collect();
        assert_eq!(figure("Fee exposure")["exact"], exact(paise(unpaid.iter().copied(), "amount")));
        assert!(!unpaid.is_empty() && unpaid.len() < costs.len());
        let fees: Vec<_> = costs.iter().filter(|cost| cost["kind"] == "APPEARANCE").collect();
        let unverified = fees.iter().filter(|cost| cost["verified"] != 1).count();
        assert!(unverified > 0 && unverified < fees.len());
        assert_eq!(
            number(figure("Appearance fees not verified")["exact"].as_str().unwrap().split(" of ").next().unwrap()),
            unverified as u64
        );
        let claimed: Vec<_> = hearings.iter().filter(|hearing| hearing["appearance_claimed"] == 1).collect();
        let unverified = claimed.iter().filter(|hearing| hearing["appearance_verified"] != 1).count();
        let told = figure("Appearances not verified")["exact"].as_str().unwrap().to_owned();
        let (part, whole) = told.split_once(" of ").unwrap();
        assert_eq!((number(part), number(whole)), (unverified as u64, claimed.len() as u64));
    });
}

#[test]
fn promises_cures_and_rolls_are_those_of_the_stored_rows() {
    run(async {
        let mut world = world_of(2, 300).await;
        upstream::administer(&mut world);
        let today = Day::parse(&browser::today()).unwrap();
        let fields = ["name", "is_open", "bucket", "bucket_last_month", "claim_basis_amount"];
        let overdue = |row: &&Value| row["is_open"] == 1 && row["bucket_last_month"] == "NPA";
        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &fields).await;
        let cured = cases.iter().find(overdue).unwrap()["name"].as_str().unwrap();
        upstream::change(&world, "Arbitration Case", cured, &json!({"bucket": "CURRENT"})).await;
        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &fields).await;
        let open: Vec<&Value> = cases.iter().filter(|row| row["is_open"] == 1).collect();
        let browser = Browser::of(&world, person(&world, "banyan", "legal.head")).await;

        let rolls = panel(&browser, "rolls", "").await;
        let rank = |row: &Value, field: &str| Bucket::ALL.iter().position(|bucket| bucket.code() == row[field]).unwrap();
        let is = |row: &Value, field: &str, label: &str| Bucket::ALL[rank(row, field)].label() == label;
        for row in rows(&rolls) {
            let label = row[0]["text"].as_str().unwrap();
            let own: Vec<&Value> =
                open.iter().copied().filter(|case| label.starts_with("All ") || is(case, "bucket_last_month", label)).collect();
            let share = |kept: &dyn Fn(&Value) -> bool, of: &dyn Fn(&Value) -> bool| {
                let of: Vec<_> = own.iter().filter(|case| of(case)).collect();
                format!("{} of {}", of.iter().filter(|case| kept(case)).count(), of.len())
            };
            for (cell, heading) in row.iter().zip(headings(&rolls)).skip(1) {
                match heading.as_str() {
                    "All" => tells(cell, &own, "claim_basis_amount", label),
                    "Cured" if label == "Current" => assert_eq!(cell["text"], "—"),
                    "Cured" => {
                        let cured = share(&|case| rank(case, "bucket") == 0, &|case| rank(case, "bucket_last_month") > 0);
                        assert_eq!(cell["exact"], cured.as_str(), "{label}");
                    }
                    "Rolled" => {
                        let rolled = share(&|case| rank(case, "bucket") > rank(case, "bucket_last_month"), &|_| true);
                        assert_eq!(cell["exact"], rolled.as_str(), "{label}");
                    }
                    now => {
                        let own: Vec<&Value> = own.iter().copied().filter(|case| is(case, "bucket", now)).collect();
                        tells(cell, &own, "claim_basis_amount", &format!("{label} {now}"));
                    }
                }
            }
        }
        assert!(rolls.to_string().contains("\"1 of "), "nobody was cured: {rolls}");

        let stored = upstream::rows(&world, "banyan", "Settlement Instalment", &["month", "state", "amount"]).await;
        let first = month_before(today, 12);
        let running = month_before(today, 1);
        let promises = panel(&browser, "promises", "").await;
        let mut decided = 0;
        for row in rows(&promises) {
            let label = row[0]["text"].as_str().unwrap();
            let in_line = |month: &str| match label {
                "All of these" => month >= first.as_str(),
                "Later" => month > running.as_str(),
                named => {
                    month >= first.as_str() && month <= running.as_str() && Day::parse(&format!("{month}-01")).unwrap().month() == named
                }
            };
            let own: Vec<&Value> = stored.iter().filter(|row| in_line(row["month"].as_str().unwrap())).collect();
            let count = |states: &[&str]| own.iter().filter(|row| states.contains(&row["state"].as_str().unwrap())).count();
            for (cell, heading) in row.iter().zip(headings(&promises)).skip(1) {
                match heading.as_str() {
                    "All" => tells(cell, &own, "amount", label),
                    "Kept, of those decided" => {
                        let (kept, whole) = (count(&["KEPT"]), count(&["KEPT", "LATE", "BROKEN"]));
                        assert_eq!(cell["exact"], format!("{kept} of {whole}"), "{label}");
                        decided += whole;
                    }
                    state => {
                        let own: Vec<&Value> =
                            own.iter().copied().filter(|row| Term::of(row["state"].as_str().unwrap()).label == state).collect();
                        tells(cell, &own, "amount", &format!("{label} {state}"));
                    }
                }
            }
        }
        assert!(decided > 5, "{promises}");
    });
}

#[test]
fn an_advocates_score_is_that_of_the_stored_rows_and_of_the_lists_which_it_opens() {
    run(async {
        let world = world_of(2, 400).await;
        let today = Day::parse(&browser::today()).unwrap();
        let year_ago = today.later(-365).iso();
        let panel_of = upstream::rows(&world, "banyan", "Panel Advocate", &["name", "advocate_name"]).await;
        let fields = ["advocate", "is_open", "closed_on", "outcome", "award_on", "cycle_days", "claim_basis_amount"];
        let cases = upstream::rows(&world, "banyan", "Arbitration Case", &fields).await;
        let hearings = upstream::rows(&world, "banyan", "Case Hearing", &["advocate", "status", "adjourned_by", "starts_on"]).await;
        let costs = upstream::rows(&world, "banyan", "Case Cost", &["advocate", "kind", "amount", "incurred_on"]).await;
        let since = |row: &Value, field: &str| row[field].as_str().is_some_and(|day| day >= year_ago.as_str());
        let head = Browser::of(&world, person(&world, "banyan", "legal.head")).await;
        let card = rows(&panel(&head, "advocates", "").await);
        assert!(card.len() > 2, "{card:?}");
        let mut asked_for = 0;
        for row in &card {
            let label = row[0]["text"].as_str().unwrap();
            let mut ids = panel_of.iter().filter(|advocate| advocate["advocate_name"] == label).map(|advocate| &advocate["name"]);
            let (Some(id), None) = (ids.next(), ids.next()) else { panic!("{label} is nobody, or two") };
            let own: Vec<&Value> = cases.iter().filter(|case| case["advocate"] == *id).collect();
            let closed: Vec<&Value> = own.iter().copied().filter(|case| case["is_open"] == 0 && since(case, "closed_on")).collect();
            let ways = ["PAID_IN_FULL", "SETTLED_OTS", "CONSENT_AWARD_SATISFIED", "AWARD_SATISFIED"];
            let paid: Vec<&Value> = closed.iter().copied().filter(|case| ways.iter().any(|way| case["outcome"] == *way)).collect();
            let mut awarded: Vec<&Value> = own.iter().copied().filter(|case| since(case, "award_on")).collect();
            tells(&row[1], &closed, "claim_basis_amount", label);
            tells(&row[2], &paid, "claim_basis_amount", label);
            tells(&row[3], &awarded, "claim_basis_amount", label);
            awarded.sort_by_key(|case| case["cycle_days"].as_i64());
            let median = (awarded.len() >= 30).then(|| awarded[awarded.len().div_ceil(2) - 1]["cycle_days"].to_string());
            assert_eq!(row[4]["text"], median.unwrap_or_else(|| "—".to_owned()), "{label}");
            let past =
                |hearing: &&Value| ["HELD", "ADJOURNED"].iter().any(|status| hearing["status"] == *status) && since(hearing, "starts_on");
            let past: Vec<&Value> = hearings.iter().filter(|hearing| hearing["advocate"] == *id).filter(past).collect();
            let asked = past.iter().filter(|hearing| hearing["status"] == "ADJOURNED" && hearing["adjourned_by"] == "CLAIMANT").count();
            assert_eq!(row[5]["exact"], format!("{asked} of {} hearings", past.len()), "{label}");
            assert_eq!(row[5].to_string().contains(" %"), past.len() >= 30, "{label}");
            asked_for += asked;
            let spent: Vec<&Value> = costs.iter().filter(|cost| cost["advocate"] == *id && since(cost, "incurred_on")).collect();
            assert_eq!(row[6]["exact"], exact(paise(spent.iter().copied(), "amount")), "{label}");
        }
        assert!(asked_for > 0);
        for somebody in who_work(&world, "banyan") {
            let browser = Browser::of(&world, somebody).await;
            let (role, answer) = (somebody.person.role, panel(&browser, "advocates", "").await);
            for row in rows(&answer) {
                for cell in &row[1..4] {
                    opens_its_rows(&browser, cell, &format!("{role:?} {}", row[0])).await;
                }
            }
            let named = panel_of.iter().filter(|advocate| answer.to_string().contains(advocate["advocate_name"].as_str().unwrap()));
            match role {
                // An advocate finds themselves and no colleague; who runs the portal finds no name.
                Role::Advocate => assert_eq!((rows(&answer).len(), named.count()), (1, 1), "{answer}"),
                Role::TenantAdmin => assert_eq!((rows(&answer).len(), named.count()), (card.len(), 0), "{answer}"),
                _ => assert!(named.count() <= card.len()),
            }
        }
    });
}
