//! The shipped nginx configuration in front of the real portal: no spelling of any header may choose the institution.
//!
//! Debian's nginx runs with `deploy/nginx/*.conf` as they are, the portal trusts it, and every attack is written to the
//! socket byte by byte. An answer is the addressed institution's or a refusal that names nobody, never another's.

use std::{fs, net::SocketAddr, process::Command};

use crate::support::{Answer, Demo, Institution, Running, exchange, free_address, wait_for_listener};

/// A page that shows whose it is to everybody.
const PAGE: &str = "/sign-in";

struct Front {
    address: SocketAddr,
    demo: Demo,
    folder: tempfile::TempDir,
    _nginx: Running,
}

impl Front {
    fn start() -> Self {
        let demo = Demo::start(&["--trusted-proxies", "127.0.0.1/32", "--requests-per-second", "100000"]);
        let folder = tempfile::tempdir().unwrap();
        let address = free_address();
        let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/nginx");
        let place = folder.path().display();
        let configuration = format!(
            "daemon off; master_process off; pid {place}/nginx.pid; error_log {place}/error.log crit;
             events {{ worker_connections 256; }}
             http {{
               client_body_temp_path {place}/body; proxy_temp_path {place}/proxy; fastcgi_temp_path {place}/fastcgi;
               uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
               include {shipped}/portal-http.conf;
               access_log {place}/access.log portal;
               upstream portal {{ server {site}; keepalive 8; }}
               server {{ listen {address} default_server; include {shipped}/portal-proxy.conf; }}
             }}",
            site = demo.site,
        );
        let path = folder.path().join("nginx.conf");
        fs::write(&path, configuration).unwrap();
        let nginx = if std::path::Path::new("/usr/sbin/nginx").exists() { "/usr/sbin/nginx" } else { "nginx" };
        let mut process = Running::start(Command::new(nginx).arg("-p").arg(folder.path()).arg("-e").arg("stderr").arg("-c").arg(&path));
        wait_for_listener(address, &mut process);
        Self { address, demo, folder, _nginx: process }
    }

    fn ask(&self, request: &str) -> Answer {
        exchange(self.address, request.as_bytes())
    }

    /// The institution whose name the answer shows; more than one is a leak by itself.
    fn shown(&self, answer: &Answer) -> Vec<&Institution> {
        self.demo.institutions.iter().filter(|institution| answer.text.contains(&escaped(&institution.name))).collect()
    }

    fn assert_is_of(&self, institution: &Institution, request: &str) {
        let answer = self.ask(request);
        let shown: Vec<_> = self.shown(&answer).into_iter().map(|shown| shown.host.as_str()).collect();
        assert_eq!((answer.status, shown), (200, vec![institution.host.as_str()]), "{request:?}");
    }

    fn assert_is_refused(&self, request: &str) {
        let answer = self.ask(request);
        assert!(
            matches!(answer.status, 0 | 400 | 404 | 405 | 413 | 414 | 421 | 431 | 494 | 501 | 505),
            "{} for {request:?}",
            answer.status
        );
        assert!(self.shown(&answer).is_empty(), "a refusal names an institution: {request:?}\n{}", answer.text);
    }
}

/// As a page writes it.
fn escaped(name: &str) -> String {
    name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn get(host: &str, more: &str) -> String {
    format!("GET {PAGE} HTTP/1.1\r\nHost: {host}\r\n{more}Connection: close\r\n\r\n")
}

#[test]
fn no_header_chooses_the_institution() {
    let front = Front::start();
    let [own, others @ ..] = front.demo.institutions.as_slice() else { panic!("the demo has institutions") };
    let other = &others[0];
    for institution in &front.demo.institutions {
        front.assert_is_of(institution, &get(&institution.host, ""));
    }

    // The attack works where nothing stands in between: the peer is trusted, so it is nginx alone that stops it.
    let direct = exchange(front.demo.site, get(&own.host, &format!("X-Tenant-Host: {}\r\n", other.host)).as_bytes());
    assert!(direct.text.contains(&escaped(&other.name)), "the control must show the other institution: {}", direct.text);

    let names = ["X-Tenant-Host", "X-Forwarded-Host", "X-Forwarded-Server", "X-Original-Host", "X-Host", "X-HTTP-Host-Override"];
    for name in names {
        let spellings = [
            name.to_owned(),
            name.to_lowercase(),
            name.to_uppercase(),
            name.replace('-', "_"),
            name.replacen('-', "_", 1),
            name.to_lowercase().chars().rev().collect::<String>().replacen('-', "_", 1).chars().rev().collect(),
        ];
        for spelling in spellings {
            for value in
                [other.host.clone(), format!("{}, {}", own.host, other.host), format!("{}:443", other.host), format!("\t{} ", other.host)]
            {
                front.assert_is_of(own, &get(&own.host, &format!("{spelling}: {value}\r\n")));
                front.assert_is_of(own, &get(&own.host, &format!("{spelling}: {}\r\n{spelling}: {value}\r\n", own.host)));
            }
        }
        // Hop-by-hop abuse: the proxy is asked to drop the header that it has just set.
        let listed = format!("GET {PAGE} HTTP/1.1\r\nHost: {}\r\n{name}: {}\r\nConnection: close, {name}\r\n\r\n", own.host, other.host);
        front.assert_is_of(own, &listed);
        // A name with a space, and a folded line: no header at all, or no request.
        for broken in [format!("{name} : {}\r\n", other.host), format!("X-A: b\r\n {name}: {}\r\n", other.host)] {
            let answer = front.ask(&get(&own.host, &broken));
            assert!(front.shown(&answer).iter().all(|shown| shown.host == own.host), "{broken:?}\n{}", answer.text);
        }
    }
    for forwarded in [format!("Forwarded: host={}", other.host), format!("Forwarded: for=1.2.3.4;host=\"{}\";proto=https", other.host)] {
        front.assert_is_of(own, &get(&own.host, &format!("{forwarded}\r\n")));
    }
    // nginx's own id is the one that the logs of both sides carry.
    let answer = front.ask(&get(&own.host, "X-Request-ID: chosen-by-the-caller\r\n"));
    assert!(!answer.header("x-request-id").unwrap_or_default().contains("chosen"), "{}", answer.text);
}

#[test]
fn a_host_that_is_not_beyond_doubt_is_refused() {
    let front = Front::start();
    let (own, other) = (&front.demo.institutions[0], &front.demo.institutions[1]);
    let (a, b) = (own.host.as_str(), other.host.as_str());

    for same in [a.to_uppercase(), format!("{a}."), format!("{a}:80"), format!("{a}.:80")] {
        front.assert_is_of(own, &get(&same, ""));
    }
    front.assert_is_of(own, &format!("GET http://{a}{PAGE} HTTP/1.1\r\nHost: {a}\r\nConnection: close\r\n\r\n"));

    let long_label = "a".repeat(300);
    let hosts = [
        "",
        " ",
        "[::1]",
        "[::1]:80",
        "127.0.0.1",
        "localhost",
        "xn--bnyan-3ve.localhost",
        "b\u{0430}nyan.localhost",
        "%62anyan.localhost",
        &long_label,
    ];
    for host in hosts {
        front.assert_is_refused(&get(host, ""));
    }
    let mixed = [
        format!("{a}@{b}"),
        format!("{a}:80@{b}"),
        format!("{a}:80:80"),
        format!("{a}:{b}"),
        format!("{a}:"),
        format!("{a}:999999"),
        format!("{a}..{b}"),
        format!("{a}.."),
        format!(".{a}"),
        format!("{a},{b}"),
        format!("{a}, {b}"),
        format!("{a} {b}"),
        format!("{a}%00"),
        format!("{a}\0.{b}"),
        format!("{a}/{b}"),
        format!("{a}#{b}"),
        format!("{a}?{b}"),
        format!("{a}\\{b}"),
        format!("{a}\t{b}"),
        format!("{a};{b}"),
        format!("http://{a}"),
        format!("{long_label}.{a}"),
        format!("x.{a}"),
    ];
    for host in mixed {
        front.assert_is_refused(&get(&host, ""));
    }
    let requests = [
        format!("GET {PAGE} HTTP/1.1\r\nHost: {a}\r\nHost: {b}\r\nConnection: close\r\n\r\n"),
        format!("GET {PAGE} HTTP/1.1\r\nHost: {a}\r\nhost: {a}\r\nConnection: close\r\n\r\n"),
        format!("GET http://{b}{PAGE} HTTP/1.1\r\nHost: {a}\r\nConnection: close\r\n\r\n"),
        format!("GET http://{a}@{b}{PAGE} HTTP/1.1\r\nHost: {a}\r\nConnection: close\r\n\r\n"),
        format!("GET http://{b}{PAGE} HTTP/1.0\r\n\r\n"),
        format!("GET {PAGE} HTTP/1.1\r\nConnection: close\r\n\r\n"),
        format!("GET {PAGE} HTTP/1.0\r\n\r\n"),
        format!("GET {PAGE} HTTP/1.1\r\nHost : {b}\r\nConnection: close\r\n\r\n"),
    ];
    for request in requests {
        front.assert_is_refused(&request);
    }
}

#[test]
fn a_second_request_cannot_be_smuggled_in_a_first() {
    let front = Front::start();
    let (own, other) = (&front.demo.institutions[0], &front.demo.institutions[1]);
    let (a, b) = (own.host.as_str(), other.host.as_str());
    let smuggled = format!("GET {PAGE} HTTP/1.1\r\nHost: {b}\r\n\r\n");
    let length = smuggled.len() + 5;
    let requests = [
        format!(
            "POST {PAGE} HTTP/1.1\r\nHost: {a}\r\nContent-Length: {length}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n{smuggled}"
        ),
        format!("POST {PAGE} HTTP/1.1\r\nHost: {a}\r\nTransfer-Encoding: xchunked\r\nConnection: close\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("POST {PAGE} HTTP/1.1\r\nHost: {a}\r\nContent-Length: +5\r\nConnection: close\r\n\r\n12345{smuggled}"),
        format!(
            "POST {PAGE} HTTP/1.1\r\nHost: {a}\r\nContent-Length: 0\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{smuggled}"
        ),
        format!(
            "GET {PAGE} HTTP/1.1\r\nHost: {a}\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n{smuggled}"
        ),
    ];
    for request in requests {
        let answer = front.ask(&request);
        assert!(!answer.text.contains(&escaped(&other.name)), "{request:?}\n{}", answer.text);
        assert!(answer.text.matches("HTTP/1.1 ").count() <= 1, "two answers to {request:?}\n{}", answer.text);
    }
}

#[test]
fn the_access_log_has_paths_and_no_query_strings() {
    let front = Front::start();
    let host = &front.demo.institutions[0].host;
    let canary = "canary-in-the-query";
    front.ask(&format!(
        "GET {PAGE}?password={canary} HTTP/1.1\r\nHost: {host}\r\nReferer: http://{host}/?{canary}\r\nConnection: close\r\n\r\n"
    ));
    let log = fs::read_to_string(front.folder.path().join("access.log")).unwrap();
    let line: serde_json::Value = serde_json::from_str(log.lines().next().expect("one line a request")).unwrap();
    assert_eq!(line["uri"], PAGE);
    let errors = fs::read_to_string(front.folder.path().join("error.log")).unwrap_or_default();
    assert!(!log.contains(canary) && !errors.contains(canary), "{log}{errors}");
}
