//! Money in a case: who records a payment and who confirms it, what it adds up to, and how a settlement is offered, accepted and paid.
//!
//! Must not know how it is carried out: what counts is what stands at the institution's own server afterwards.

use odr_portal::{
    cli::demo::{Plan, World},
    demo::portfolio::small_institution,
};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, person, run, today, unlimited, who_work},
    forms::{deed, done, fill, send},
    upstream,
};

async fn world() -> World {
    let specs = (0..2).map(small_institution).collect();
    let mut world = World::start(Plan { specs, site_root: "public".to_owned(), entry: unlimited, ..Plan::default() }).await.unwrap();
    upstream::administer(&mut world);
    world
}

async fn rows(world: &World, doctype: &str, fields: &[&str], of: &[(&str, &str)]) -> Vec<Value> {
    let rows = upstream::rows(world, "t000", doctype, fields).await;
    rows.into_iter().filter(|row| of.iter().all(|(field, value)| row[*field] == **value)).collect()
}

const PAYMENT: [&str; 13] = [
    "name",
    "case_ref",
    "state",
    "amount",
    "utr",
    "utr_key",
    "counted",
    "confirmed_by",
    "to_principal",
    "to_interest",
    "settlement",
    "instalment",
    "since_filing_30",
];
const OFFER: [&str; 13] = [
    "name",
    "case_ref",
    "seq",
    "state",
    "amount",
    "dues_at_offer",
    "waiver_pct",
    "grid_level",
    "counter_to",
    "paid_amount",
    "instalments_kept",
    "next_instalment_on",
    "terms_text",
];

async fn payments(world: &World, case: &str) -> Vec<Value> {
    rows(world, "Case Payment", &PAYMENT, &[("case_ref", case)]).await
}

async fn offers(world: &World, case: &str) -> Vec<Value> {
    let mut offers = rows(world, "Case Settlement", &OFFER, &[("case_ref", case)]).await;
    offers.sort_by_key(|offer| offer["seq"].as_i64());
    offers
}

async fn case(world: &World, name: &str) -> Value {
    let fields = ["name", "case_id", "draft_no", "settlement_track", "offer_open", "settled_amount", "realised_amount", "total_dues"];
    rows(world, "Arbitration Case", &fields, &[("name", name)]).await.remove(0)
}

#[expect(clippy::cast_possible_truncation, reason = "amounts of a test")]
fn paise(amount: &Value) -> i64 {
    (amount.as_f64().unwrap_or(0.0) * 100.0).round() as i64
}

/// The sum of what counts, in paise.
async fn counted(world: &World, case: &str) -> i64 {
    payments(world, case).await.iter().filter(|row| row["counted"] == 1).map(|row| paise(&row["amount"])).sum()
}

/// A case of the institution in pleadings, with dues and no settlement.
async fn placed(world: &World, index: usize) -> String {
    let name = rows(world, "Arbitration Case", &["name"], &[]).await[index]["name"].as_str().unwrap().to_owned();
    let change = json!({
        "stage": "S50", "status": "SOD_DUE", "is_open": 1, "hold": "NONE", "settlement_track": "NONE", "offer_open": 0, "zone": "WEST",
        "agreement_on": "2024-01-01", "filed_on": "2026-01-05", "total_dues": 100_000, "legal_owner": "legal.manager@t000.example",
    });
    upstream::change(world, "Arbitration Case", &name, &change).await;
    for approval in rows(world, "Case Approval", &["name", "case_ref"], &[("case_ref", &name)]).await {
        upstream::change(world, "Case Approval", approval["name"].as_str().unwrap(), &json!({"state": "APPROVED"})).await;
    }
    for offer in offers(world, &name).await {
        upstream::change(world, "Case Settlement", offer["name"].as_str().unwrap(), &json!({"state": "LAPSED"})).await;
    }
    name
}

fn on(case: &str, word: &str, record: &str) -> String {
    format!("{}?on={record}", deed(case, word))
}

/// Records a payment; answers with its name.
async fn recorded(world: &World, browser: &Browser, case: &str, amount: &str, utr: &str) -> String {
    let typed = [("amount", amount), ("paid_on", &today()), ("mode", "NEFT"), ("utr", utr)];
    done(browser, &deed(case, "record-payment"), &typed).await;
    payments(world, case).await.iter().find(|row| row["utr"] == *utr).unwrap()["name"].as_str().unwrap().to_owned()
}

async fn payment(world: &World, case: &str, name: &str) -> Value {
    payments(world, case).await.into_iter().find(|row| row["name"] == *name).unwrap()
}

async fn actions(world: &World, case: &str) -> Vec<String> {
    let rows = rows(world, "Portal Audit Event", &["kind", "action", "case_name"], &[("case_name", case)]).await;
    rows.iter().filter(|row| row["kind"] != "DENIED").map(|row| row["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_payment_counts_once_somebody_of_finance_has_confirmed_it() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let finance = Browser::of(&world, person(&world, "t000", "finance")).await;
        let path = deed(&name, "record-payment");
        let (day, before) = (today(), counted(&world, &name).await);
        for (typed, said) in [
            (&[("amount", "1000.50"), ("paid_on", &*day), ("utr", "A1")][..], "Choose one."),
            (&[("amount", "1000.50"), ("paid_on", "2999-01-01"), ("mode", "CASH")], "Between"),
            (&[("amount", "1000.50"), ("paid_on", "2023-12-31"), ("mode", "CASH")], "Between"),
            (&[("amount", "1000.50"), ("paid_on", &*day), ("mode", "NEFT")], "has a reference"),
            (&[("amount", "1000.50"), ("paid_on", &*day), ("mode", "CASH"), ("utr", "<A1>")], "letters, digits"),
            (&[("amount", "1000.50"), ("paid_on", &*day), ("mode", "CASH"), ("to_principal", "900"), ("to_costs", "0")], "add up to ₹900"),
            (&[("amount", "1000.50"), ("paid_on", &*day), ("mode", "CASH"), ("proof", "0000000000")], "none of the choices"),
        ] {
            let seen = fill(&maker, &path, typed).await;
            assert!(seen.status == 422 && seen.text.contains(said) && seen.text.contains("1000.50"), "{typed:?}: {}", seen.text);
        }
        let typed = [
            ("amount", "1,000.50"),
            ("paid_on", &*day),
            ("mode", "NEFT"),
            ("utr", "sbin r52026/1"),
            ("to_principal", "900.25"),
            ("to_interest", "100.25"),
            ("to_costs", "0"),
        ];
        let form = maker.get(&path).await;
        assert_eq!(send(&maker, &path, &form, &typed).await.shape(), format!("303 -> /cases/{name}/money"));
        assert_eq!(send(&maker, &path, &form, &typed).await.status, 303, "sent twice it is recorded once");
        let of_it: Vec<Value> = payments(&world, &name).await.into_iter().filter(|row| row["utr"] == "SBINR52026/1").collect();
        assert_eq!(of_it.len(), 1);
        let id = of_it[0]["name"].as_str().unwrap();
        assert!(of_it[0]["state"] == "RECORDED" && of_it[0]["counted"] == 0, "{of_it:?}");
        assert_eq!([paise(&of_it[0]["to_principal"]), paise(&of_it[0]["to_interest"])], [900_25, 100_25]);

        let confirm = on(&name, "confirm-payment", id);
        assert!(!maker.get(&format!("/api/cases/money?id={name}")).await.text.contains(&confirm));
        assert_eq!(maker.get(&confirm).await.status, 403);
        assert!(finance.get(&format!("/api/cases/money?id={name}")).await.text.contains(&confirm));
        let user = |local: &str| person(&world, "t000", local).user.user_id.clone();
        upstream::change(&world, "Case Payment", id, &json!({"made_by": user("finance")})).await;
        assert!(finance.get(&confirm).await.text.contains("You submitted this yourself"));
        upstream::change(&world, "Case Payment", id, &json!({"made_by": user("legal.manager")})).await;
        let form = finance.get(&confirm).await;
        assert_eq!(send(&finance, &confirm, &form, &[]).await.shape(), format!("303 -> /cases/{name}/money"));
        assert_eq!(send(&finance, &confirm, &form, &[]).await.status, 303, "sent twice it counts once");
        assert!(finance.get(&confirm).await.text.contains("confirmed already"));
        let kept = payment(&world, &name, id).await;
        assert!(kept["state"] == "CONFIRMED" && kept["counted"] == 1 && kept["confirmed_by"] == user("finance"), "{kept}");
        assert!(kept["since_filing_30"].as_i64().unwrap() >= 0, "{kept}");
        let stands = case(&world, &name).await;
        assert_eq!((counted(&world, &name).await, paise(&stands["realised_amount"])), (before + 1_000_50, before + 1_000_50));
        assert_eq!(paise(&stands["total_dues"]), 100_000_00, "the dues are the feed's");
        let told = rows(&world, "Case Event", &["case_ref", "kind", "ref_name"], &[("case_ref", &name), ("ref_name", id)]).await;
        assert_eq!(told.len(), 2, "recorded once and confirmed once: {told:?}");
        let done = actions(&world, &name).await;
        assert!(done.iter().any(|action| action == "payment.record") && done.iter().any(|action| action == "payment.confirm"), "{done:?}");
    });
}

#[test]
fn the_same_reference_is_not_recorded_twice_and_says_where_it_is_to_who_may_know() {
    run(async {
        let world = world().await;
        let (own, other) = (placed(&world, 0).await, placed(&world, 1).await);
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let everywhere = Browser::of(&world, person(&world, "t000", "collections.2")).await;
        recorded(&world, &everywhere, &other, "500", "UTR77").await;
        let number = case(&world, &other).await;
        let number = [&number["case_id"], &number["draft_no"]].into_iter().find_map(|text| text.as_str().filter(|text| !text.is_empty()));
        let typed = [("amount", "400"), ("paid_on", &today()), ("mode", "RTGS"), ("utr", "utr 77")];
        let seen = fill(&maker, &deed(&own, "record-payment"), &typed).await;
        assert!(seen.status == 422 && seen.text.contains(&format!("is in case {} already", number.unwrap())), "{}", seen.text);
        assert!(fill(&maker, &deed(&other, "record-payment"), &typed).await.text.contains("is in this case already"));
        upstream::change(&world, "Arbitration Case", &other, &json!({"zone": "NOWHERE", "region": "NOWHERE"})).await;
        let seen = fill(&maker, &deed(&own, "record-payment"), &typed).await;
        assert!(seen.status == 422 && seen.text.contains("not among yours") && !seen.text.contains(number.unwrap()), "{}", seen.text);
        // Another institution's payments are nobody's here.
        let theirs = Browser::of(&world, person(&world, "t001", "collections.2")).await;
        let cases = upstream::rows(&world, "t001", "Arbitration Case", &["name"]).await;
        let case = cases[0]["name"].as_str().unwrap();
        upstream::change(&world, "Arbitration Case", case, &json!({"zone": "WEST", "agreement_on": "2024-01-01"})).await;
        done(&theirs, &deed(case, "record-payment"), &typed).await;
    });
}

#[test]
fn what_finance_has_confirmed_takes_two_people_to_reverse() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0).await;
        let before = counted(&world, &name).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let finance = Browser::of(&world, person(&world, "t000", "finance")).await;
        let because = [("reason", "The cheque has bounced")];
        let id = recorded(&world, &maker, &name, "700", "R1").await;
        done(&finance, &on(&name, "confirm-payment", &id), &[]).await;
        let reverse = on(&name, "reverse-payment", &id);
        let short = fill(&maker, &reverse, &[("reason", "hm")]).await;
        assert!(short.status == 422 && short.text.contains(">hm</textarea>"), "{}", short.text);
        done(&maker, &reverse, &because).await;
        assert_eq!(counted(&world, &name).await, before + 700_00, "it counts until finance has decided");
        assert!(maker.get(&reverse).await.text.contains("somebody of finance decides"));
        let form = finance.get(&reverse).await;
        assert!(form.text.contains("The cheque has bounced"), "{}", form.text);
        assert_eq!(send(&finance, &reverse, &form, &[]).await.status, 303);
        let kept = payment(&world, &name, &id).await;
        assert!(kept["state"] == "REVERSED" && kept["counted"] == 0, "the row stays: {kept}");
        assert_eq!(paise(&case(&world, &name).await["realised_amount"]), before);
        assert!(finance.get(&reverse).await.text.contains("reversed already"));
        // Its reference is free again, for the case that it belongs to.
        let typed = [("amount", "700"), ("paid_on", &today()), ("mode", "NEFT"), ("utr", "R1")];
        done(&maker, &deed(&name, "record-payment"), &typed).await;

        let id = recorded(&world, &maker, &name, "300", "R2").await;
        done(&maker, &on(&name, "reverse-payment", &id), &because).await;
        assert_eq!(payment(&world, &name, &id).await["state"], "REVERSED", "what counts for nothing needs one person");
        let id = recorded(&world, &maker, &name, "200", "R3").await;
        done(&finance, &on(&name, "confirm-payment", &id), &[]).await;
        let reverse = on(&name, "reverse-payment", &id);
        done(&finance, &reverse, &because).await;
        assert!(finance.get(&reverse).await.text.contains("You submitted this yourself"));
        assert_eq!(payment(&world, &name, &id).await["state"], "CONFIRMED");
    });
}

/// The respondent's offer, as their own side records it.
async fn theirs(world: &World, case: &str, seq: i64, amount: f64, dues: f64, terms: &str) {
    let offer = json!({
        "case_ref": case, "institution": "T000", "seq": seq, "counter_to": null, "offered_by": "RESPONDENT", "kind": "INSTALMENTS",
        "state": "OFFERED", "amount": amount, "dues_at_offer": dues, "terms_text": terms, "accepted_on": null, "idem_key": null,
        "paid_amount": 0, "approval": null, "instalments_kept": 0, "next_instalment_on": null,
    });
    upstream::copy_first(world, "t000", "Case Settlement", &offer).await;
    upstream::change(world, "Arbitration Case", case, &json!({"settlement_track": "OFFERED", "offer_open": 1, "total_dues": dues})).await;
}

#[test]
fn a_settlement_is_accepted_in_instalments_and_paid_oldest_first() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0).await;
        theirs(&world, &name, 50, 70_000.01, 100_000.0, &format!("3 monthly instalments from {}. By NACH.", today())).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let finance = Browser::of(&world, person(&world, "t000", "finance")).await;
        let settle = deed(&name, "settle");
        let form = maker.get(&settle).await;
        assert!(form.text.contains("29.99") || form.text.contains("30.00 %"), "{}", form.text);
        let short = send(&maker, &settle, &form, &[("instalment_count", "1"), ("first_instalment_on", "soon")]).await;
        assert!(short.status == 422 && short.text.contains("Between 2 and 36.") && short.text.contains("soon"), "{}", short.text);
        let day = today();
        assert_eq!(send(&maker, &settle, &form, &[("instalment_count", "3"), ("first_instalment_on", &day)]).await.status, 303);
        assert_eq!(case(&world, &name).await["settlement_track"], "APPROVAL_PENDING");
        assert!(maker.get(&format!("/api/cases/deeds?id={name}")).await.text.contains("waits for a checker"));
        let asked = rows(&world, "Case Approval", &["case_ref", "state", "amount"], &[("case_ref", &name), ("state", "PENDING")]).await;
        assert_eq!(asked.iter().map(|row| paise(&row["amount"])).collect::<Vec<_>>(), [29_999_99], "what is given up decides");
        done(&head, &settle, &[]).await;
        let stands = case(&world, &name).await;
        assert_eq!((stands["settlement_track"].as_str(), paise(&stands["settled_amount"])), (Some("ACCEPTED"), 70_000_01));
        let offer = offers(&world, &name).await.pop().unwrap();
        assert_eq!(offer["state"], "ACCEPTED");
        let parts = async || {
            let fields = ["name", "settlement", "seq", "amount", "paid_amount", "state"];
            let mut parts = rows(&world, "Settlement Instalment", &fields, &[("settlement", offer["name"].as_str().unwrap())]).await;
            parts.sort_by_key(|part| part["seq"].as_i64());
            parts.iter().map(|part| (paise(&part["amount"]), paise(&part["paid_amount"]), part["state"].clone())).collect::<Vec<_>>()
        };
        let amounts: Vec<i64> = parts().await.iter().map(|(amount, _, _)| *amount).collect();
        assert_eq!(amounts, [23_333_33, 23_333_33, 23_333_35]);

        let first = recorded(&world, &maker, &name, "30000", "S1").await;
        done(&finance, &on(&name, "confirm-payment", &first), &[]).await;
        let paid = [(23_333_33, 23_333_33, json!("KEPT")), (23_333_33, 6_666_67, json!("PART_PAID")), (23_333_35, 0, json!("DUE"))];
        assert_eq!(parts().await, paid);
        assert_eq!(case(&world, &name).await["settlement_track"], "PAYING");
        let second = recorded(&world, &maker, &name, "40000.01", "S2").await;
        done(&finance, &on(&name, "confirm-payment", &second), &[]).await;
        assert!(parts().await.iter().all(|(amount, paid, state)| amount == paid && state == "KEPT"));
        let settled = offers(&world, &name).await.pop().unwrap();
        assert!(settled["state"] == "SATISFIED" && paise(&settled["paid_amount"]) == 70_000_01 && settled["instalments_kept"] == 3);
        assert_eq!(case(&world, &name).await["settlement_track"], "SATISFIED");
        assert_eq!(payment(&world, &name, &second).await["settlement"], offer["name"]);
        let reverse = on(&name, "reverse-payment", &second);
        done(&maker, &reverse, &[("reason", "The debit was returned")]).await;
        done(&finance, &reverse, &[]).await;
        assert_eq!(parts().await, paid, "what was taken back is due again");
        assert_eq!(case(&world, &name).await["settlement_track"], "PAYING");

        let huge = placed(&world, 1).await;
        theirs(&world, &huge, 50, 10_000_000.0, 90_000_000.0, "As agreed").await;
        done(&maker, &deed(&huge, "settle"), &[("instalment_count", "4"), ("first_instalment_on", &day)]).await;
        assert!(head.get(&deed(&huge, "settle")).await.text.contains("a second checker must approve"));
        let back = [("decision", "return"), ("reason_code", "WRONG_AMOUNT"), ("comment", "Ask for half of it at least")];
        done(&head, &deed(&huge, "settle"), &back).await;
        assert_eq!(case(&world, &huge).await["settlement_track"], "COUNTERED");
        assert_eq!(offers(&world, &huge).await.pop().unwrap()["state"], "OFFERED");
        let offer = offers(&world, &huge).await.pop().unwrap();
        done(&maker, &on(&huge, "reject-offer", offer["name"].as_str().unwrap()), &[("reason", "Far too little")]).await;
        assert_eq!(case(&world, &huge).await["settlement_track"], "LAPSED");
    });
}

#[test]
fn an_offer_is_countered_and_withdrawn_and_the_track_follows() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let path = deed(&name, "offer-settlement");
        let day = today();
        for (typed, said) in [
            (&[("amount", "1,00,000.01"), ("kind", "LUMP"), ("valid_until", &*day)][..], "More than the dues"),
            (&[("amount", "60000"), ("kind", "LUMP"), ("valid_until", "2026-01-01"), ("terms", "<b>1,00,000.01")], "Between"),
            (&[("amount", "60000"), ("kind", "INSTALMENTS"), ("valid_until", &*day), ("terms", "1,00,000.01")], "Fill this in."),
        ] {
            let seen = fill(&maker, &path, typed).await;
            assert!(seen.status == 422 && seen.text.contains(said) && seen.text.contains("1,00,000.01"), "{typed:?}: {}", seen.text);
        }
        done(&maker, &path, &[("amount", "60000"), ("kind", "LUMP"), ("valid_until", &day)]).await;
        let first = offers(&world, &name).await.pop().unwrap();
        assert_eq!(
            (paise(&first["dues_at_offer"]), paise(&first["waiver_pct"]), first["grid_level"].as_i64()),
            (100_000_00, 40_00, Some(1))
        );
        let stands = case(&world, &name).await;
        assert_eq!((stands["settlement_track"].as_str(), stands["offer_open"].as_i64()), (Some("OFFERED"), Some(1)));
        let parts = [("amount", "50000"), ("kind", "INSTALMENTS"), ("valid_until", &*day), ("instalments", "5"), ("first_on", &*day)];
        done(&maker, &path, &parts).await;
        let both = offers(&world, &name).await;
        let (old, new) = (&both[both.len() - 2], &both[both.len() - 1]);
        assert!(old["state"] == "COUNTERED" && new["state"] == "OFFERED" && new["counter_to"] == old["name"] && new["grid_level"] == 2);
        assert_eq!(new["terms_text"], format!("5 monthly instalments from {day}."));
        assert_eq!(case(&world, &name).await["settlement_track"], "COUNTERED");
        let name_of = |offer: &Value| offer["name"].as_str().unwrap().to_owned();
        let shown = maker.get(&format!("/api/cases/money?id={name}")).await.text;
        let (answers, answered) = (format!("answers offer {}", old["seq"]), format!("countered by offer {}", new["seq"]));
        assert!(shown.contains(&answers) && shown.contains(&answered), "{shown}");
        let withdraw = on(&name, "withdraw-offer", &name_of(new));
        assert!(shown.contains(&withdraw) && !shown.contains(&on(&name, "withdraw-offer", &name_of(old))), "{shown}");
        assert!(maker.get(&on(&name, "withdraw-offer", &name_of(old))).await.text.contains("does not stand any more"));
        assert!(maker.get(&on(&name, "reject-offer", &name_of(new))).await.text.contains("withdraw it instead"));
        done(&maker, &withdraw, &[("reason", "The respondent has moved abroad")]).await;
        let stands = case(&world, &name).await;
        assert_eq!((stands["settlement_track"].as_str(), stands["offer_open"].as_i64()), (Some("LAPSED"), Some(0)));
        assert_eq!(offers(&world, &name).await.pop().unwrap()["state"], "WITHDRAWN");
        let settle = maker.get(&deed(&name, "settle")).await;
        assert!(settle.text.contains("No settlement offer stands"), "an offer that was countered does not come back: {}", settle.text);
    });
}

/// What a browser could send about a record that its form never showed.
fn about(record: &str) -> [(&str, &str); 3] {
    [("on", record), ("reason", "Because of that"), ("operation", "00000000-0000-4000-8000-000000000000")]
}

#[test]
fn money_is_for_those_whose_case_and_whose_work_it_is() {
    run(async {
        let world = world().await;
        let (own, other) = (placed(&world, 0).await, placed(&world, 1).await);
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let finance = Browser::of(&world, person(&world, "t000", "finance")).await;
        let id = recorded(&world, &maker, &other, "500", "I1").await;
        let day = today();
        let terms = [("amount", "60000"), ("kind", "LUMP"), ("valid_until", &*day)];
        done(&maker, &deed(&other, "offer-settlement"), &terms).await;
        let offer = offers(&world, &other).await.pop().unwrap()["name"].as_str().unwrap().to_owned();
        let foreign = async |doctype: &str| {
            upstream::rows(&world, "t001", doctype, &["name"]).await.first().map(|row| row["name"].as_str().unwrap().to_owned())
        };
        let their_case = foreign("Arbitration Case").await.unwrap();
        let work = json!({"stage": "S50", "status": "SOD_DUE", "is_open": 1, "settlement_track": "NONE", "total_dues": 100_000});
        upstream::change(&world, "Arbitration Case", &their_case, &work).await;
        let theirs = Browser::of(&world, person(&world, "t001", "collections.2")).await;
        let typed = [("amount", "500"), ("paid_on", &*day), ("mode", "CASH")];
        done(&theirs, &deed(&their_case, "record-payment"), &typed).await;
        done(&theirs, &deed(&their_case, "offer-settlement"), &terms).await;
        let (their_payment, their_offer) = (foreign("Case Payment").await.unwrap(), foreign("Case Settlement").await.unwrap());
        for (browser, word, records) in [
            (&finance, "confirm-payment", [&id, &their_payment]),
            (&maker, "reverse-payment", [&id, &their_payment]),
            (&maker, "withdraw-offer", [&offer, &their_offer]),
            (&maker, "reject-offer", [&offer, &their_offer]),
        ] {
            let nobodys = browser.get(&on(&own, word, "0000000000")).await;
            let posted = browser.post(&deed(&own, word), &about("0000000000")).await;
            assert_eq!((nobodys.status, posted.status), (404, 404));
            for record in records {
                assert_eq!(browser.get(&on(&own, word, record)).await.stable_text(), nobodys.stable_text(), "{word} {record}");
                assert_eq!(browser.post(&deed(&own, word), &about(record)).await.stable_text(), posted.stable_text(), "{word} {record}");
                assert_eq!(browser.get(&on(&their_case, word, record)).await.status, 404);
            }
        }
        assert_eq!(payment(&world, &other, &id).await["state"], "RECORDED");
        upstream::change(&world, "Arbitration Case", &other, &json!({"zone": "NOWHERE", "region": "NOWHERE"})).await;
        for path in [deed(&other, "record-payment"), deed(&other, "offer-settlement"), on(&other, "reverse-payment", &id)] {
            assert_eq!(maker.get(&path).await.status, 404, "{path}");
        }
        for somebody in who_work(&world, "t000") {
            let (browser, role) = (Browser::of(&world, somebody).await, somebody.person.role.code());
            let may = async |word: &str, record: &str| browser.get(&on(&own, word, record)).await.status != 403;
            let records = matches!(role, "LEGAL_MANAGER" | "COLLECTIONS_OFFICER");
            assert_eq!(may("record-payment", "").await, records, "{role}");
            assert_eq!(may("offer-settlement", "").await, records, "{role}");
            assert_eq!(may("confirm-payment", "0000000000").await, role == "FINANCE_MIS", "{role}");
            assert_eq!(may("reverse-payment", "0000000000").await, records || role == "FINANCE_MIS", "{role}");
        }
    });
}
