//! A browser without a screen, for tests that run the portal in their own process: cookies kept, redirects looked at and
//! not followed, everything over real sockets.
//!
//! Must not know what any page should show.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use http::{HeaderMap, Method, header};
use odr_portal::{
    cli::demo::{SignInPerson, World},
    demo::portfolio::Standing,
};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

/// The cookie of a session in development.
pub const SESSION: &str = "odr-dev";
/// The cookie of a browser that is signing in.
pub const PENDING: &str = "odr-dev-sign-in";
/// Longest that a condition may take to come true.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a test on a runtime like the program's own: the frames of a debug build need more stack than usual.
pub fn run(test: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.worker_threads(2).thread_stack_size(odr_portal::cli::STACK_BYTES).enable_all().build().unwrap().block_on(test);
}

/// Waits until a condition holds.
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let deadline = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < deadline, "not in time: {what}");
        tokio::task::yield_now().await;
    }
}

/// Takes the rate limits out of a registry entry: a test is faster than any institution.
pub fn unlimited(entry: &mut Value) {
    entry["limits"] = json!({"requests_per_second": 1_000_000, "burst": 1_000_000, "max_concurrency": 10_000});
}

/// Somebody of an institution by the part of their name before the at sign.
pub fn person<'a>(world: &'a World, institution: &str, local: &str) -> &'a SignInPerson {
    let found =
        world.people.iter().find(|person| person.institution == institution && person.user.user_id.split('@').next() == Some(local));
    found.unwrap_or_else(|| panic!("nobody is {local} of {institution}"))
}

/// Everybody of an institution who should be let in.
pub fn who_work<'a>(world: &'a World, institution: &'a str) -> impl Iterator<Item = &'a SignInPerson> {
    world.people.iter().filter(move |person| person.institution == institution && person.person.standing == Standing::Works)
}

/// The portal's metrics, as its operator reads them.
pub async fn metrics(world: &World) -> String {
    reqwest::get(format!("http://{}/metrics", world.portal.admin_addr)).await.unwrap().text().await.unwrap()
}

/// The value of one series; 0 where there is none yet.
pub async fn metric(world: &World, series: &str) -> f64 {
    let text = metrics(world).await;
    text.lines().find_map(|line| line.strip_prefix(series)?.trim().parse().ok()).unwrap_or(0.0)
}

/// The paise of an amount as it is written in full.
fn paise(text: &str) -> i64 {
    let plain: String = text.chars().filter(|letter| letter.is_ascii_digit() || matches!(letter, '.' | '-')).collect();
    let (rupees, rest) = plain.split_once('.').unwrap_or((&plain, "00"));
    format!("{rupees}{rest}").parse().unwrap()
}

/// The place that the address of a page of the list begins at; the router reads an address's values twice.
fn cursor_of(href: &str) -> String {
    let query = href.split_once('?').unwrap().1;
    let side = |(name, _): &(std::borrow::Cow<'_, str>, _)| matches!(name.as_ref(), "after" | "before");
    let (_, once) = url::form_urlencoded::parse(query.as_bytes()).find(side).unwrap();
    percent_encoding::percent_decode_str(&once).decode_utf8().unwrap().into_owned()
}

/// Today in the demo's institutions.
pub fn today() -> String {
    jiff::Timestamp::now().in_tz("Asia/Kolkata").unwrap().date().to_string()
}

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub text: String,
}

impl Seen {
    /// A header's value; empty where it is absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// Its body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// The case list's page as values: its words read back, by the headings that they stand under.
    pub fn listed(&self) -> Value {
        let table = self.json();
        let headings: Vec<&str> =
            table["sheet"]["headings"].as_array().unwrap().iter().map(|head| head["label"].as_str().unwrap()).collect();
        let row = |cells: &Value| {
            let mut row = json!({});
            for (heading, cell) in headings.iter().zip(cells.as_array().unwrap()) {
                let text = cell["text"].as_str().unwrap();
                let known = if cell["tone"] == "Absent" { Value::Null } else { text.into() };
                match *heading {
                    "Number" => {
                        row["id"] = cell["href"].as_str().unwrap().strip_prefix("/cases/").unwrap().into();
                        row["number"] = text.into();
                        row["lan"] = cell["below"][0].clone();
                    }
                    "Respondent" => row["respondent"] = known,
                    "Stage" => row["stage"] = text.into(),
                    "Claim" => row["claim"] = paise(cell["exact"].as_str().unwrap()).into(),
                    "Dues" => row["dues"] = paise(cell["exact"].as_str().unwrap()).into(),
                    "Days past due" => row["dpd"] = text.parse::<u32>().unwrap().into(),
                    "Next due" => row["next_due"] = known,
                    "Legal owner" => row["legal_owner"] = text.into(),
                    _ => {}
                }
            }
            row
        };
        let rows: Vec<Value> = table["sheet"]["rows"].as_array().unwrap().iter().map(row).collect();
        let cursor = |index: usize| table["pages"][index].as_str().map(cursor_of);
        json!({"rows": rows, "pages": {"before": cursor(0), "after": cursor(1)}, "exportable": table["files"] != json!([])})
    }

    /// The nonce of its policy; empty where no script may run.
    pub fn nonce(&self) -> &str {
        let policy = self.header("content-security-policy");
        policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap_or_default()
    }

    /// Its body without what differs between any two answers: the request's id and the nonce.
    pub fn stable_text(&self) -> String {
        let mut text = self.text.clone();
        for (own, name) in [(self.header("x-request-id"), "(id)"), (self.nonce(), "(nonce)")] {
            if !own.is_empty() {
                text = text.replace(own, name);
            }
        }
        text
    }

    /// The parts of a page as a set, with this name taken out of them: what loads side by side is written as it comes, one script for each
    /// or several in one, and what waits for the person is marked once it is counted, whatever the page is about.
    pub fn parts(&self, name: &str) -> String {
        let text = self.stable_text().replace(name, "(name)").replace("<script nonce=\"(nonce)\">", "").replace("</script>", "");
        let cut =
            text.replace('<', "\n<").replace("__RESOLVED_RESOURCES", "\n__RESOLVED_RESOURCES").replace("__INCOMPLETE", "\n__INCOMPLETE");
        let is_mark = |part: &&str| part.contains("class=\"count num\"") || part.starts_with("<span class=\"sr\"> waiting");
        let unmarked = |part: &str| match part.split_once("\\\"waiting\\\":") {
            // Null, or an object of its own.
            Some((before, after)) => format!("{before}{}", after.trim_start_matches("null").split_once('}').map_or("", |(_, rest)| rest)),
            None => part.to_owned(),
        };
        let parts: BTreeSet<String> = cut.lines().filter(|part| !part.is_empty() && !is_mark(part)).map(unmarked).collect();
        parts.into_iter().collect::<Vec<_>>().join("\n")
    }

    /// What is said in the first heading of a page.
    pub fn heading(&self) -> &str {
        self.text.split("<h1>").nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default()
    }

    /// Status and shape in a few words: where it leads, the code of an encoded error, the heading of a refusal, the kind
    /// of file.
    pub fn shape(&self) -> String {
        let status = self.status;
        let kind = self.header("content-type").split(';').next().unwrap_or_default();
        if !self.location().is_empty() {
            format!("{status} -> {}", self.location())
        } else if self.headers.contains_key("serverfnerror") {
            format!("{status} {}", self.json()["code"]["code"].as_str().unwrap_or("no code"))
        } else if kind == "text/html" && status >= 400 {
            format!("{status} {}", self.heading())
        } else {
            format!("{status} {kind}").trim_end().to_owned()
        }
    }
}

/// One browser at one institution's address.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    base: String,
    host: String,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Browser {
    /// A new browser without cookies.
    pub fn at(world: &World, host: &str) -> Self {
        Self::at_address(world.portal.site_addr, host)
    }

    /// A new browser of a portal that listens there.
    pub fn at_address(address: std::net::SocketAddr, host: &str) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { client, base: format!("http://{address}"), host: host.to_owned(), cookies: Arc::default() }
    }

    /// A browser of somebody who has signed in.
    pub async fn of(world: &World, person: &SignInPerson) -> Self {
        let browser = Self::at(world, &person.host);
        browser.sign_in(person).await;
        browser
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Plants a cookie.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// The `Cookie` header that it sends.
    pub fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// A request that says nothing of where it comes from.
    pub fn request(&self, method: &Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method.clone(), format!("{}{path}", self.base)).header(header::HOST, &self.host);
        let cookies = self.cookie_header();
        if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies) }
    }

    /// Sends a request and takes the cookies of its answer.
    pub async fn send(&self, request: RequestBuilder) -> Seen {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for line in headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            let (name, value) = line.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
            if line.contains("Max-Age=0") || value.is_empty() {
                self.cookies.lock().unwrap().remove(name);
            } else {
                self.set_cookie(name, value);
            }
        }
        Seen { status, headers, text: response.text().await.unwrap() }
    }

    /// Asks as a page of this very portal asks.
    pub async fn get(&self, path: &str) -> Seen {
        self.send(self.request(&Method::GET, path).header("sec-fetch-site", "same-origin")).await
    }

    /// Asks for a file as a browser does, which takes it compressed: its headers, and the bytes that arrive.
    pub async fn bytes(&self, path: &str) -> (HeaderMap, Vec<u8>) {
        let answer = self.request(&Method::GET, path).header(header::ACCEPT_ENCODING, "gzip").send().await.unwrap();
        (answer.headers().clone(), answer.bytes().await.unwrap().to_vec())
    }

    /// Asks for an answer that comes in pieces and does something when the first has come: the text as far as it came, and whether
    /// it came to its end.
    pub async fn interrupted(&self, path: &str, then: impl AsyncFnOnce()) -> (String, bool) {
        let mut answer = self.request(&Method::GET, path).send().await.unwrap();
        let mut seen = answer.chunk().await.unwrap().unwrap_or_default().to_vec();
        then().await;
        let whole = loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => seen.extend(chunk),
                Ok(None) => break true,
                Err(_) => break false,
            }
        };
        (String::from_utf8_lossy(&seen).into_owned(), whole)
    }

    /// Sends a form of this very portal.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Seen {
        self.send(self.request(&Method::POST, path).header("sec-fetch-site", "same-origin").form(form)).await
    }

    /// Types user and password; answers with the page that follows.
    pub async fn type_password(&self, user: &str, password: &str) -> Seen {
        let answer = self.post("/sign-in", &[("user", user), ("password", password)]).await;
        assert_eq!(answer.shape(), "303 -> /sign-in");
        self.get("/sign-in").await
    }

    /// Types this moment's one-time code.
    pub async fn type_code(&self, person: &SignInPerson) -> Seen {
        self.post("/sign-in/code", &[("code", &code(person))]).await
    }

    /// Signs in with both factors; a code that turns over between reading and sending is tried again.
    pub async fn sign_in(&self, person: &SignInPerson) {
        for _ in 0..3 {
            self.post("/sign-in", &[("user", &person.user.user_id), ("password", &person.user.password)]).await;
            if self.type_code(person).await.location() == "/" {
                return;
            }
        }
        panic!("{} could not sign in", person.user.user_id);
    }

    /// Whether the case list is shown to it.
    pub async fn is_in(&self) -> bool {
        self.get("/cases").await.status == 200
    }
}

/// The one-time code of this moment.
pub fn code(person: &SignInPerson) -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    person.user.totp(i64::try_from(now).unwrap())
}
