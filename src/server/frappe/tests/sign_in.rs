//! The upstream's login.

use std::net::IpAddr;

use secrecy::SecretString;
use serde_json::json;

use super::*;
use crate::server::frappe::{Fault, LoginStep, SecondFactorMethod, SignIn, VerifyStep};

const SID: &str = "0123456789abcdef0123456789abcdef0123456789abcdef01234567";

fn address() -> IpAddr {
    "203.0.113.7".parse().unwrap()
}

fn secret(text: &str) -> SecretString {
    text.into()
}

fn with_sid(mut answer: Response, sid: &str) -> Response {
    answer.headers_mut().append("set-cookie", "system_user=no; Path=/".parse().unwrap());
    answer.headers_mut().append("set-cookie", format!("sid={sid}; HttpOnly; Path=/; SameSite=Lax").parse().unwrap());
    answer
}

fn upstream_answer(seen: &Seen) -> Response {
    if !seen.path.ends_with("/login") {
        assert_eq!(seen.header("cookie"), Some(format!("sid={SID}").as_str()));
        return match seen.path.as_str() {
            "/api/method/frappe.auth.get_logged_user" => reply(200, &json!({ "message": "a.clerk@lab.example" })),
            "/api/method/logout" => reply(200, &json!({ "message": "No App", "home_page": "/login", "full_name": "Guest" })),
            _ => reply(200, &json!({ "message": { "Institution": [{ "doc": "Alpha Bank", "applicable_for": null, "is_default": 0 }] } })),
        };
    }
    let asked = seen.json();
    let wrong = |message: &str| reply(401, &json!({ "message": message, "exc_type": "AuthenticationError" }));
    match (asked["pwd"].as_str(), asked["otp"].as_str()) {
        (Some("right"), _) | (_, Some("123456")) => with_sid(reply(200, &json!({ "message": "No App", "full_name": "A Clerk" })), SID),
        (Some("two"), _) => {
            let body = json!({ "verification": { "method": "OTP App", "setup": true }, "tmp_id": "d3256ce4" });
            with_sid(reply(200, &body), "Administrator")
        }
        (Some("reset"), _) => reply(200, &json!({ "message": "Password Reset", "redirect_to": "/update-password" })),
        (Some("locked"), _) => {
            let exception = "frappe.exceptions.SecurityException: Your account has been locked and will resume after 60 seconds";
            reply(500, &json!({ "exc_type": "SecurityException", "exception": exception }))
        }
        (Some("guest"), _) => with_sid(reply(200, &json!({ "message": "Logged In" })), "Guest"),
        (_, Some("late")) => wrong("Incomplete login details"),
        (_, Some(_)) => wrong("Incorrect Verification code"),
        _ => wrong("Invalid login credentials"),
    }
}

#[tokio::test]
async fn a_right_password_says_who_it_is_and_leaves_no_session() {
    let upstream = TestUpstream::start(|seen, _| upstream_answer(seen)).await;
    run(alpha(&upstream.base_url), async {
        let step = SignIn::current().unwrap().start("a.clerk", &secret("right"), address()).await.unwrap();
        assert_eq!(format!("{step:?}"), "Done(PersonSession(alpha))", "no session id in what is printed");
        let LoginStep::Done(session) = step else { panic!("{step:?}") };
        assert_eq!(session.who_am_i().await.unwrap(), "a.clerk@lab.example");
        assert_eq!(session.institutions_permitted().await.unwrap(), ["Alpha Bank"]);
        session.log_out().await.unwrap();
    })
    .await;
    let seen = upstream.seen();
    assert_eq!(seen.len(), 4);
    assert!(seen.iter().all(|seen| seen.header("authorization").is_none()), "a key would run as the API user");
    assert_eq!(seen[0].header("x-forwarded-for"), Some("203.0.113.7"));
    assert!(seen[1..].iter().all(|seen| seen.header("x-forwarded-for").is_none()));
    assert!(seen[0].header("cookie").is_none());
    assert_eq!(seen[0].json(), json!({ "usr": "a.clerk", "pwd": "right" }));
}

#[tokio::test]
async fn every_other_step_of_a_login_is_told_apart() {
    let upstream = TestUpstream::start(|seen, _| upstream_answer(seen)).await;
    run(alpha(&upstream.base_url), async {
        let sign_in = SignIn::current().unwrap();
        let start = async |password: &str| sign_in.start("a.clerk", &secret(password), address()).await;
        assert!(matches!(start("wrong").await, Ok(LoginStep::Wrong)));
        assert!(matches!(start("locked").await, Ok(LoginStep::LockedOut { wait_s: 60 })));
        assert!(matches!(start("reset").await, Ok(LoginStep::PasswordResetDue)));
        assert!(matches!(start("guest").await, Err(Fault::BadAnswer("login"))));
        let Ok(LoginStep::SecondFactor { tmp_id, method: SecondFactorMethod::App }) = start("two").await else { panic!() };
        let verify = async |code: &str| sign_in.verify(&tmp_id, &secret(code), address()).await;
        assert!(matches!(verify("000000").await, Ok(VerifyStep::WrongCode)));
        assert!(matches!(verify("late").await, Ok(VerifyStep::Expired)));
        assert!(matches!(verify("123456").await, Ok(VerifyStep::Done(_))));
    })
    .await;
}

#[tokio::test]
async fn a_login_is_sent_once_and_heals_no_key() {
    let upstream = TestUpstream::start(|_, _| reply(502, &json!({}))).await;
    let heal: Heal = Arc::new(|_| panic!("a person's wrong password is no reason to sync"));
    run_with(&upstreams(), Arc::new(alpha(&upstream.base_url)), heal, async {
        assert!(SignIn::current().unwrap().start("a", &secret("right"), address()).await.is_err());
    })
    .await;
    assert_eq!(upstream.seen().len(), 1);
}
