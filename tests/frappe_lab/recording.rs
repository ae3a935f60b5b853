//! A recorded request and its answer: read from its file, written to a socket, read back. Must not know what answers.

use std::net::SocketAddr;

use serde_json::Value;

use crate::support;

/// A body that names no media type of its own is sent as it stands; this one was cut when it was stored.
const TOO_LARGE_BYTES: usize = 26 * 1024 * 1024;

/// One recording.
pub struct Recording {
    /// Its file, without the ending: `026-list-default`.
    pub name: String,
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: Option<String>,
    pub answer: Answer,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl Answer {
    pub fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.headers.iter().filter(move |(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The session that the cookies open.
    pub fn sid(&self) -> Option<&str> {
        self.values("set-cookie").find_map(|cookie| cookie.split(';').next()?.strip_prefix("sid="))
    }
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    value.as_array().unwrap().iter().map(|pair| (text(&pair[0]), text(&pair[1]))).collect()
}

/// Every recording, in the order in which they were made.
pub fn all() -> Vec<Recording> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/frappe");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .into_iter()
        .map(|file| {
            let recorded: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            let (request, response) = (&recorded["request"], &recorded["response"]);
            let mut recording = Recording {
                name: file.file_stem().unwrap().to_string_lossy().into_owned(),
                method: request["method"].as_str().unwrap().to_owned(),
                path: request["path"].as_str().unwrap().to_owned(),
                query: request["query"].as_str().unwrap_or_default().to_owned(),
                headers: pairs(&request["headers"]),
                body: request["body"].as_str().map(str::to_owned),
                answer: Answer {
                    status: u16::try_from(response["status"].as_u64().unwrap()).unwrap(),
                    headers: pairs(&response["headers"]),
                    body: response["body"].clone(),
                },
            };
            recording.restore();
            recording
        })
        .collect()
}

impl Recording {
    /// The number before the name.
    pub fn number(&self) -> u32 {
        self.name[..3].parse().unwrap()
    }

    /// Three requests were stored shortened: back to their length.
    fn restore(&mut self) {
        match self.number() {
            165 => self.body = Some(format!("{{\"title\":\"{}\"}}", "x".repeat(TOO_LARGE_BYTES))),
            166 => {
                let rest = self.query.find("%22ARB-<").unwrap();
                self.query.truncate(rest);
                self.query.push_str(&(22..300).map(|n| format!("%22ARB-2026-{n:05}%22%2C%20")).collect::<String>());
            }
            103 => {
                let memo = r#"{"doctype":"Case Memo","arbitration_case":"ARB-2026-02001"}"#;
                self.body = Some(format!(r#"{{"docs":[{}]}}"#, vec![memo; 201].join(",")));
            }
            _ => {}
        }
    }

    /// Sends it, every placeholder filled by `fill`, and reads the answer.
    pub fn send(&self, to: SocketAddr, fill: impl Fn(&str) -> String) -> Answer {
        let headers: Vec<(String, String)> = self.headers.iter().map(|(name, value)| (name.clone(), fill(value))).collect();
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", fill(&self.query)) };
        // The one body of megabytes has no placeholder to look for.
        let body = self.body.as_ref().map(|body| if body.len() < TOO_LARGE_BYTES { fill(body) } else { body.clone() });
        exchange(to, &self.method, &format!("{}{query}", fill(&self.path)), &headers, body.as_deref())
    }
}

/// One request on a connection of its own.
pub fn exchange(to: SocketAddr, method: &str, target: &str, headers: &[(String, String)], body: Option<&str>) -> Answer {
    let mut request = format!("{method} {target} HTTP/1.1\r\n");
    for (name, value) in headers.iter().filter(|(name, _)| !["content-length", "connection"].contains(&name.to_lowercase().as_str())) {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    if let Some(body) = body {
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    request.push_str("Connection: close\r\n\r\n");
    request.push_str(body.unwrap_or_default());
    let raw = support::exchange(to, request.as_bytes());
    let (head, rest) = raw.text.split_once("\r\n\r\n").unwrap_or((&raw.text, ""));
    let headers: Vec<(String, String)> =
        head.lines().skip(1).filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let chunked = headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("transfer-encoding") && value == "chunked");
    let text = if chunked { joined(rest) } else { rest.to_owned() };
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Answer { status: raw.status, headers, body }
}

/// The chunks of a body put together.
fn joined(mut rest: &str) -> String {
    let mut whole = String::new();
    while let Some((size, after)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap_or(0);
        if size == 0 || after.len() < size {
            break;
        }
        whole.push_str(&after[..size]);
        rest = after[size..].trim_start_matches("\r\n");
    }
    whole
}
