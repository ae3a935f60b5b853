//! What was typed into a form survives the end of the session: it is there again for the same person, in the same browser, at the same
//! institution, once; and for nobody else.
//!
//! Must not know where it waits meanwhile.

use odr_portal::cli::demo::{SignInPerson, World};

use crate::{
    browser::{Browser, SESSION, Seen, code, person, run},
    forms::{deed, send},
    work::{placed, rows, world},
};

const WORDS: &str = "Counsel asks for <time> & papers";
const FILLED_IN: &str = "Your session had ended when you sent this.";

/// Somebody's browser whose session has come to its end elsewhere, after a form was opened in it.
async fn ended(world: &World, person: &SignInPerson, path: &str) -> (Browser, Seen) {
    let browser = Browser::of(world, person).await;
    let form = browser.get(path).await;
    assert_eq!(form.status, 200, "{}", form.text);
    Browser::of(world, person).await.post("/sign-out/everywhere", &[]).await;
    (browser, form)
}

/// Signs in through the page that somebody was sent to, and says where they are led.
async fn sign_in_at(browser: &Browser, person: &SignInPerson, next: &str) -> String {
    for _ in 0..3 {
        browser.post("/sign-in", &[("user", &person.user.user_id), ("password", &person.user.password), ("next", next)]).await;
        let led = browser.post("/sign-in/code", &[("code", &code(person)), ("next", next)]).await;
        if !led.location().starts_with("/sign-in") {
            return led.location().to_owned();
        }
    }
    panic!("{} could not sign in", person.user.user_id);
}

fn typed() -> [(&'static str, &'static str); 2] {
    [("hold", "LEGAL_HOLD"), ("reason", WORDS)]
}

#[test]
fn what_was_typed_is_there_again_once_the_same_person_has_signed_in() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S20", "S21_SERVED").await;
        let manager = person(&world, "t000", "legal.manager");
        let path = deed(&name, "hold");
        let (browser, form) = ended(&world, manager, &path).await;
        let sent = send(&browser, &path, &form, &typed()).await;
        assert_eq!(sent.shape(), format!("303 -> /sign-in?next={}", path.replace('/', "%2F")));
        assert!(!sent.headers.iter().any(|(_, value)| value.to_str().is_ok_and(|text| text.contains("Counsel"))), "{:?}", sent.headers);
        assert_eq!(sign_in_at(&browser, manager, &path).await, path);
        let again = browser.get(&path).await;
        let kept = again.text.contains(FILLED_IN) && again.text.contains("Counsel asks for &lt;time&gt; &amp; papers");
        assert!(kept && again.text.contains("value=\"LEGAL_HOLD\" selected"), "{}", again.text);
        let events = async || rows(&world, "Case Event", &["case_ref", "title"], &[("case_ref", &name), ("title", "Put on hold")]).await;
        assert!(events().await.is_empty(), "nothing of it was done");
        assert!(!browser.get(&path).await.text.contains("Counsel"), "it is given once");
        assert_eq!(send(&browser, &path, &again, &typed()).await.status, 303);
        assert_eq!(events().await.len(), 1);
    });
}

#[test]
fn nobody_else_is_given_what_was_typed() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S20", "S21_SERVED").await;
        let (manager, head) = (person(&world, "t000", "legal.manager"), person(&world, "t000", "legal.head"));
        let path = deed(&name, "hold");

        // Another person in the same browser; and then it is gone.
        let (browser, form) = ended(&world, manager, &path).await;
        let cookie = browser.cookie(SESSION).unwrap();
        send(&browser, &path, &form, &typed()).await;
        sign_in_at(&browser, head, &path).await;
        assert!(!browser.get(&path).await.text.contains("Counsel"));
        browser.set_cookie(SESSION, &cookie);
        sign_in_at(&browser, manager, &path).await;
        assert!(!browser.get(&path).await.text.contains("Counsel"), "it was dropped");

        // The same person in another browser.
        let (browser, form) = ended(&world, manager, &path).await;
        send(&browser, &path, &form, &typed()).await;
        let elsewhere = Browser::of(&world, manager).await;
        assert!(!elsewhere.get(&path).await.text.contains("Counsel"));

        // The same browser's cookie at another institution.
        let other = person(&world, "t001", "legal.manager");
        let neighbour = Browser::at(&world, &other.host);
        neighbour.set_cookie(SESSION, &browser.cookie(SESSION).unwrap());
        sign_in_at(&neighbour, other, "/cases").await;
        assert!(!neighbour.get(&path).await.text.contains("Counsel"));
        let sent = Browser::at(&world, &other.host);
        sent.set_cookie(SESSION, &browser.cookie(SESSION).unwrap());
        assert_eq!(send(&sent, &path, &form, &typed()).await.shape(), "401 You are signed out");

        // And it is still there for whose it is.
        sign_in_at(&browser, manager, &path).await;
        assert!(browser.get(&path).await.text.contains("Counsel"));
    });
}

#[test]
fn who_was_nobody_and_what_is_too_much_is_not_kept() {
    run(async {
        let world = world().await;
        let name = placed(&world, 0, "S20", "S21_SERVED").await;
        let manager = person(&world, "t000", "legal.manager");
        let path = deed(&name, "hold");
        let nobody = Browser::at(&world, &manager.host);
        assert_eq!(nobody.post(&path, &typed()).await.shape(), "401 You are signed out");
        let (browser, form) = ended(&world, manager, &path).await;
        let long = "x".repeat(70_000);
        let sent = send(&browser, &path, &form, &[("hold", "LEGAL_HOLD"), ("reason", &long)]).await;
        assert_eq!(sent.shape(), "401 You are signed out");
        // A form that is about one record of the case leads back to that record.
        let paper =
            rows(&world, "Case Document", &["name", "case_ref"], &[("case_ref", &name)]).await[0]["name"].as_str().unwrap().to_owned();
        let of_paper = format!("{}?on={paper}", deed(&name, "withdraw-document"));
        let sent = browser.post(&deed(&name, "withdraw-document"), &[("on", &paper), ("reason", WORDS)]).await;
        assert_eq!(sign_in_at(&browser, manager, &of_paper).await, of_paper);
        assert!(sent.location().ends_with(&format!("%3Fon%3D{paper}")), "{}", sent.location());
        assert!(browser.get(&of_paper).await.text.contains("Counsel"));
    });
}
