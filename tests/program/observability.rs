//! What the running program writes for its operators: every log line and metric read, with canaries planted in whatever
//! must never be written.
//!
//! Must not know the program's insides.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use odr_portal::telemetry::metrics::METRICS;
use serde_json::Value;

struct Demo {
    process: Child,
    ready: Value,
    log: Arc<Mutex<Vec<String>>>,
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Demo {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_odr-portal"));
        command.args(["demo", "--print-json", "--log", "info", "--cases", "20", "--site-addr", "127.0.0.1:0"]);
        command.args(["--admin-addr", "127.0.0.1:0", "--codes-addr", "127.0.0.1:0", "--site-root", "public"]);
        let mut process = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let output = process.stdout.take().unwrap();
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let (sender, receiver) = mpsc::channel();
        let kept = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                match serde_json::from_str::<Value>(&line) {
                    Ok(value) if value["ready"] == true => drop(sender.send(value)),
                    _ => kept.lock().unwrap().push(line),
                }
            }
        });
        let ready = receiver.recv_timeout(Duration::from_secs(120)).expect("the demo says that it is ready");
        Self { process, ready, log }
    }

    /// The log's lines, once a line with this request's end is among them.
    fn lines_until(&self, request_id: &str) -> Vec<Value> {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let lines: Vec<Value> =
                self.log.lock().unwrap().iter().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"))).collect();
            if lines.iter().any(|line| line["request_id"] == request_id && line["message"] == "answered") {
                return lines;
            }
            assert!(Instant::now() < deadline, "no line for {request_id}");
            std::thread::yield_now();
        }
    }
}

#[tokio::test]
async fn log_and_metrics_tell_of_every_request_and_of_no_secret() {
    let demo = Demo::start();
    let person = demo.ready["people"].as_array().unwrap().iter().find(|person| person["role"] == "LEGAL_HEAD").unwrap().clone();
    let text = |name: &str| person[name].as_str().unwrap().to_owned();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    let site = format!("http://{}", demo.ready["site"].as_str().unwrap());
    let ask = |method: reqwest::Method, path: &str, cookie: &str| {
        client
            .request(method, format!("{site}{path}"))
            .header("host", text("host"))
            .header("sec-fetch-site", "same-origin")
            .header("cookie", cookie)
    };
    let cookie_of = |response: &reqwest::Response, name: &str| {
        let mut cookies =
            response.headers().get_all("set-cookie").iter().map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned());
        cookies.rfind(|pair| pair.starts_with(&format!("{name}=")) && !pair.ends_with('='))
    };
    let post =
        async |path: &str, cookie: &str, form: &[(&str, &str)]| ask(reqwest::Method::POST, path, cookie).form(form).send().await.unwrap();

    post("/sign-in", "theme=CANARY-COOKIE", &[("user", "CANARY-TYPED-USER\n{\"level\":\"forged\"}"), ("password", "CANARY-PASSWORD-1")])
        .await;
    post("/sign-in", "", &[("user", &text("user")), ("password", "CANARY-PASSWORD-2")]).await;
    let half = post("/sign-in", "", &[("user", &text("user")), ("password", &text("password"))]).await;
    let pending = cookie_of(&half, "odr-dev-sign-in").unwrap();
    let half = post("/sign-in/code", &pending, &[("code", "CANARY-CODE")]).await;
    let pending = cookie_of(&half, "odr-dev-sign-in").unwrap_or(pending);
    let codes = reqwest::get(format!("http://{}/", demo.ready["codes"].as_str().unwrap())).await.unwrap().text().await.unwrap();
    let row = codes.split("<tr>").find(|row| row.contains(&format!("<td>{}<td>", text("user")))).unwrap();
    let code = row.rsplit("<code>").next().unwrap().split('<').next().unwrap().to_owned();
    let whole = post("/sign-in/code", &pending, &[("code", &code)]).await;
    let session = cookie_of(&whole, "odr-dev").expect("signed in");

    let list: Value =
        serde_json::from_str(&ask(reqwest::Method::GET, "/api/cases/list", &session).send().await.unwrap().text().await.unwrap()).unwrap();
    let rows = list["sheet"]["rows"].as_array().unwrap();
    assert!(!rows.is_empty());
    let borrower = rows[0][1]["text"].as_str().unwrap();
    let case = rows[0][0]["href"].as_str().unwrap().strip_prefix("/cases/").unwrap();
    let masked =
        ask(reqwest::Method::GET, &format!("/api/cases/particulars?id={case}"), &session).send().await.unwrap().text().await.unwrap();
    let masked: Value = serde_json::from_str(&masked).unwrap();
    let reveal = masked["rows"].as_array().unwrap().iter().find_map(|row| row[4]["href"].as_str()).unwrap();
    let revealed = post(reveal, &session, &[("purpose", "OTHER"), ("reason", "CANARY-REASON")]).await.text().await.unwrap();
    let value = revealed.split("<span>").nth(1).and_then(|rest| rest.split('<').next()).expect("a value is shown").to_owned();
    let query: String = url::form_urlencoded::byte_serialize(borrower.as_bytes()).collect();
    ask(reqwest::Method::GET, &format!("/cases?q={query}"), &session).send().await.unwrap().text().await.unwrap();
    ask(reqwest::Method::GET, "/CANARY-PATH", &session).header("x-tenant-host", "CANARY-HEADER").send().await.unwrap();
    let last = ask(reqwest::Method::GET, "/cases?q=CANARY-BORROWER&sort=CANARY-SORT", &session).send().await.unwrap();
    let request_id = last.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert!(last.text().await.unwrap().contains(&request_id) || !request_id.is_empty());

    let lines = demo.lines_until(&request_id);
    for line in &lines {
        assert!(["timestamp", "level", "target", "message"].iter().all(|field| line[field].is_string()), "{line}");
    }
    let answered = lines.iter().find(|line| line["request_id"] == *request_id && line["message"] == "answered").unwrap();
    assert_eq!((&answered["route"], &answered["status"], &answered["method"]), (&"/cases".into(), &200.into(), &"GET".into()));
    assert_eq!((&answered["user"], &answered["tenant"]), (&person["user"], &person["id"]));
    assert!(answered["duration_ms"].is_u64());

    let metrics = reqwest::get(format!("http://{}/metrics", demo.ready["admin"].as_str().unwrap())).await.unwrap().text().await.unwrap();
    let log = demo.log.lock().unwrap().join("\n");
    let mut secrets = vec!["CANARY".to_owned(), text("password"), code, value];
    secrets.extend([&session, &pending].map(|pair| pair.split_once('.').unwrap().1.to_owned()));
    // As the demo derives them from its seed.
    secrets.extend(["key", "secret"].map(|purpose| derived(purpose, &text("id"))));
    // Borrowers and loan accounts.
    secrets.extend(rows.iter().flat_map(|row| [&row[1]["text"], &row[0]["below"][0]]).map(|text| text.as_str().unwrap().to_owned()));
    for secret in &secrets {
        let place = log.lines().chain(metrics.lines()).find(|line| line.contains(secret.as_str()) && !digits_of_time(line, secret));
        assert_eq!(place, None, "{secret} is written");
    }
    let declared: BTreeSet<&str> = METRICS.iter().map(|(name, _)| *name).collect();
    for name in metrics.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()) {
        assert!(declared.contains(name), "{name} is not declared");
    }
    assert!(metrics.contains("route=\"/cases\"") && metrics.contains("route=\"unmatched\""), "{metrics}");
}

/// Six digits may well be part of a moment or of an id.
fn digits_of_time(line: &str, secret: &str) -> bool {
    secret.len() == 6 && secret.bytes().all(|byte| byte.is_ascii_digit()) && !line.contains(&format!("\"{secret}\""))
}

/// A key of the demo's upstream for its default seed.
fn derived(purpose: &str, institution: &str) -> String {
    use sha2::{Digest as _, Sha256};
    Sha256::digest(format!("2026/{purpose}/{institution}")).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
