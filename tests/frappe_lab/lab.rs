//! The running lab: its sites with their settings, what earlier answers taught about names and sessions, and the requests
//! that the recording made between the recorded ones. Must not know what an answer should be.

use std::{collections::HashMap, net::SocketAddr, sync::Arc, time::Duration};

use base64::Engine as _;
use odr_portal::demo::frappe::{self, Failure, Knob, RateLimit, Site, SiteOptions, Version};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::recording::{Answer, Recording, exchange};
use crate::seed::{self, Clock};

/// The settings of one site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    Usual,
    SecondFactor,
    NoTraceback,
    CrossOrigin,
    Strict,
    Limited,
    V14,
    V16,
}

impl Setting {
    /// The settings that a recording was made under.
    fn of(recording: &Recording) -> Self {
        match recording.number() {
            222..=226 => Self::SecondFactor,
            235..=237 => Self::NoTraceback,
            238 => Self::CrossOrigin,
            _ => Self::Usual,
        }
    }

    fn options(self) -> SiteOptions {
        SiteOptions {
            second_factor: self == Self::SecondFactor,
            cross_origin: self == Self::CrossOrigin,
            allow_error_traceback: self != Self::NoTraceback,
            strict_user_permissions: self == Self::Strict,
            rate_limit: (self == Self::Limited)
                .then_some(RateLimit { limit: Duration::from_micros(100), window: Duration::from_secs(3600) }),
            version: match self {
                Self::V14 => Version::V14,
                Self::V16 => Version::V16,
                _ => Version::V15,
            },
            ..seed::options()
        }
    }
}

pub struct Lab {
    /// Started when they are first asked for.
    sites: HashMap<Setting, (Arc<Site>, SocketAddr)>,
    /// Whose site `call` and `put` speak to.
    at: Setting,
    clock: Clock,
    /// Recorded texts and what stands for them here.
    known: Vec<(String, String)>,
    end: CancellationToken,
    runtime: tokio::runtime::Runtime,
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.end.cancel();
    }
}

impl Lab {
    pub fn open() -> Self {
        Self::under(Setting::Usual)
    }

    /// A lab whose unrecorded requests go to a site with these settings.
    pub fn under(setting: Setting) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let mut known: Vec<(String, String)> = Vec::new();
        for who in ["A", "B", "NOROLE", "ADMIN"] {
            let key = seed::key(who);
            let basic = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", key.key, key.secret));
            known.push((format!("{{{{KEY_{who}}}}}"), key.key));
            known.push((format!("{{{{SECRET_{who}}}}}"), key.secret));
            known.push((format!("{{{{BASE64_KEY_SECRET_{who}}}}}"), basic));
            known.push((format!("{{{{PASSWORD_{who}}}}}"), seed::password(who)));
        }
        let (clock, end) = (Clock::new(), CancellationToken::new());
        let mut lab = Self { sites: HashMap::new(), at: setting, clock, known, end, runtime };
        lab.start(setting);
        lab
    }

    fn start(&mut self, setting: Setting) -> SocketAddr {
        if let Some((_, address)) = self.sites.get(&setting) {
            return *address;
        }
        let site = seed::site(setting.options(), &self.clock);
        let listener = self.runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        self.runtime.spawn(frappe::serve(listener, vec![Arc::clone(&site)], self.end.clone()));
        self.sites.insert(setting, (site, address));
        address
    }

    /// Sends a recorded request, after what the recording did before it.
    pub fn replay(&mut self, recording: &Recording) -> Answer {
        self.before(recording.number());
        let address = self.start(Setting::of(recording));
        let answer = recording.send(address, |text| self.filled(text));
        self.learn("", &recording.answer.body, &answer.body);
        if let Some(sid) = answer.sid().filter(|sid| sid.len() > 20) {
            self.teach("{{SID}}", sid);
        }
        answer
    }

    fn filled(&self, text: &str) -> String {
        self.known.iter().rev().fold(text.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours))
    }

    fn teach(&mut self, theirs: &str, ours: &str) {
        self.known.retain(|(known, _)| known != theirs);
        self.known.push((theirs.to_owned(), ours.to_owned()));
    }

    /// Names, stamps and tickets that the server made up, where both answers have them.
    fn learn(&mut self, key: &str, theirs: &Value, ours: &Value) {
        match (theirs, ours) {
            (Value::Object(theirs), Value::Object(ours)) => {
                for (key, value) in theirs {
                    self.learn(key, value, ours.get(key).unwrap_or(&Value::Null));
                }
            }
            (Value::Array(theirs), Value::Array(ours)) => theirs.iter().zip(ours).for_each(|(theirs, ours)| self.learn(key, theirs, ours)),
            (Value::String(theirs), Value::String(ours))
                if theirs != ours && theirs.len() > 7 && ["name", "creation", "modified", "tmp_id"].contains(&key) =>
            {
                self.teach(theirs, ours);
            }
            _ => {}
        }
    }

    pub fn site(&self) -> &Site {
        &self.sites[&self.at].0
    }

    pub fn address(&self) -> SocketAddr {
        self.sites[&self.at].1
    }

    /// An unrecorded request of `who`.
    pub fn call(&self, who: &str, method: &str, target: &str, body: Option<(&str, &str)>) -> Answer {
        let key = seed::key(who);
        let mut headers = vec![
            ("Host".to_owned(), "lab.localhost".to_owned()),
            ("Accept".to_owned(), "application/json".to_owned()),
            ("Authorization".to_owned(), format!("token {}:{}", key.key, key.secret)),
        ];
        if let Some((content_type, _)) = body {
            headers.push(("Content-Type".to_owned(), content_type.to_owned()));
        }
        exchange(self.address(), method, target, &headers, body.map(|(_, text)| text))
    }

    /// The same with a JSON body.
    pub fn put(&self, who: &str, method: &str, target: &str, body: &Value) -> Answer {
        self.call(who, method, target, Some(("application/json", &self.filled(&body.to_string()))))
    }

    pub fn sign_in(&self, who: &str, password: &str, address: &str) -> Answer {
        let headers = [("Host", "lab.localhost"), ("Content-Type", "application/json"), ("X-Forwarded-For", address)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let body = json!({"usr": seed::user(who).user_id, "pwd": password}).to_string();
        exchange(self.address(), "POST", "/api/method/login", &headers, Some(&body))
    }

    /// Moves the clock of every site.
    pub fn wait(&self, seconds: i64) {
        self.clock.advance(seconds);
    }

    /// Lets everybody meet this failure.
    pub fn fail(&self, failure: Failure) {
        self.site().knobs().set(Knob { delay: None, failure });
    }

    /// What the recording did between the recorded requests.
    fn before(&mut self, number: u32) {
        let case = "/api/resource/Arbitration%20Case";
        match number {
            72 => {
                let other = self.call("ADMIN", "GET", &format!("{case}/ARB-2026-00002"), None);
                self.teach("b9j562tbc8", other.body["data"]["parties"][0]["name"].as_str().unwrap_or_default());
            }
            90 => {
                self.put("A", "PUT", &format!("{case}/ARB-2026-02001"), &json!({"status": "Admitted", "days_open": 3}));
            }
            99 => {
                let parties =
                    json!([{"name": "m4domupbpp", "party_name": "P1 renamed"}, {"party_name": "P3", "party_role": "Third Party"}]);
                self.put("A", "PUT", &format!("{case}/ARB-2026-02001"), &json!({"parties": parties}));
            }
            123 => {
                let notice = json!({"arbitration_case": "REC/1795230434/1", "institution": "Mumbai Centre for Arbitration",
                    "notice_type": "Reply"});
                let made = self.put("A", "POST", "/api/resource/Case%20Notice", &notice);
                self.teach("2026-11-21 08:37:15.500375", made.body["data"]["modified"].as_str().unwrap_or_default());
            }
            126 => {
                let comment = json!({"reference_doctype": "Arbitration Case", "reference_name": "REC/1795230434/1",
                    "content": "<b>hello</b><script>x</script>", "comment_email": "a.clerk@lab.example", "comment_by": "A Clerk"});
                self.put("A", "POST", "/api/method/frappe.desk.form.utils.add_comment", &comment);
            }
            132 => {
                let fields = [("is_private", "1"), ("doctype", "Arbitration Case"), ("docname", "REC/1795230434/1")];
                self.upload("A", &fields, "petition é 1.txt", "secret petition\n");
            }
            198 => {
                self.put("A", "PUT", &format!("{case}/ARB-2026-00001"), &json!({"days_open": true, "seat_time": "9:5"}));
            }
            200 => self.site().add_user(frappe::User { enabled: false, ..seed::user("B") }),
            216 => {
                let signed_in = self.sign_in("A", &seed::password("A"), "127.0.0.1");
                let sid = signed_in.sid().unwrap_or_default().to_owned();
                let headers = [("Host", "lab.localhost".to_owned()), ("Cookie", format!("sid={sid}"))];
                let desk = exchange(self.address(), "GET", "/app", &headers.map(|(name, value)| (name.to_owned(), value)), None);
                let page = desk.body.as_str().unwrap_or_default().to_owned();
                let token = page.split_once("csrf_token = \"").map(|(_, rest)| rest.split('"').next().unwrap_or_default());
                self.teach("{{SID}}", &sid);
                self.teach("{{CSRF_TOKEN}}", token.unwrap_or("none"));
            }
            219 => {
                self.call("ADMIN", "DELETE", &format!("{case}/ARB-2026-02005"), None);
            }
            220 => {
                self.site().add_user(seed::user("B"));
                for _ in 0..11 {
                    self.sign_in("B", "wrong", "127.9.9.9");
                }
            }
            222 => self.wait(61),
            224 => {
                let code = seed::user("A").totp(self.clock.now_s());
                self.teach("726671", &code);
            }
            228 => self.fail(Failure::TooMany { retry_after_s: 30 }),
            231 => self.fail(Failure::Maintenance),
            234 => self.fail(Failure::ReadOnly),
            235 => self.fail(Failure::Sound),
            _ => {}
        }
    }

    /// Sends a file with the fields of its form.
    pub fn upload(&self, who: &str, fields: &[(&str, &str)], file_name: &str, content: &str) -> Answer {
        let boundary = "----labboundary7MA4YWxk";
        let mut body = String::new();
        for (name, value) in fields {
            body.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
        }
        body.push_str(&format!("--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n"));
        body.push_str(&format!("Content-Type: text/plain\r\n\r\n{content}\r\n--{boundary}--\r\n"));
        self.call(who, "POST", "/api/method/upload_file", Some((&format!("multipart/form-data; boundary={boundary}"), &body)))
    }
}
