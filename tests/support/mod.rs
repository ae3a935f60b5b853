//! What black-box tests share: the program, started as anybody would start it, and HTTP spoken byte by byte.
//!
//! Must not know the program's insides: everything here goes over sockets.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

/// Longest that the program may take to start; a debug build generates its portfolios slowly on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(120);
/// Longest that one answer may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);

/// A process that ends when its test does, however the test ends.
pub struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Starts a command.
    pub fn start(command: &mut Command) -> Self {
        Self(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.0.try_wait(), Ok(Some(_)))
    }
}

/// An institution of the demo.
#[derive(Clone, Debug)]
pub struct Institution {
    /// Its name, as its sign-in page shows it.
    pub name: String,
    /// Its host.
    pub host: String,
}

/// The demo, ready to answer.
pub struct Demo {
    /// Where the portal listens.
    pub site: SocketAddr,
    /// Its institutions, in the order of its list of people.
    pub institutions: Vec<Institution>,
    _process: Running,
}

impl Demo {
    /// Starts it on free ports, with these flags besides.
    pub fn start(flags: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_odr-portal"));
        command
            .args([
                "demo",
                "--print-json",
                "--site-addr",
                "127.0.0.1:0",
                "--admin-addr",
                "127.0.0.1:0",
                "--codes-addr",
                "127.0.0.1:0",
                "--cases",
                "20",
            ])
            .args(flags)
            .stdout(Stdio::piped())
            .stdin(Stdio::null());
        let mut child = command.spawn().unwrap();
        let output = child.stdout.take().unwrap();
        let process = Running(child);
        let ready = ready_line(output);
        let mut institutions: Vec<Institution> = Vec::new();
        for person in ready["people"].as_array().unwrap() {
            let host = person["host"].as_str().unwrap().split(':').next().unwrap().to_owned();
            if !institutions.iter().any(|known| known.host == host) {
                institutions.push(Institution { name: person["institution"].as_str().unwrap().to_owned(), host });
            }
        }
        Self { site: ready["site"].as_str().unwrap().parse().unwrap(), institutions, _process: process }
    }
}

/// The line that says `"ready": true`; log lines before it are passed over, and those after it drained.
fn ready_line(output: impl std::io::Read + Send + 'static) -> Value {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Ok(value) = serde_json::from_str::<Value>(&line)
                && value["ready"] == true
            {
                let _ = sender.send(value);
            }
        }
    });
    receiver.recv_timeout(START_LIMIT).expect("the demo says that it is ready")
}

/// A port that was free a moment ago.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Waits until something listens there.
pub fn wait_for_listener(address: SocketAddr, process: &mut Running) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(address).is_err() {
        assert!(!process.has_ended(), "the process ended before it listened on {address}");
        assert!(Instant::now() < deadline, "nothing listens on {address}");
        thread::yield_now();
    }
}

/// What came back on one connection, all of it.
#[derive(Debug)]
pub struct Answer {
    /// Status of the first answer; 0 where the connection was closed without one.
    pub status: u16,
    /// Everything that was received, heads and bodies, as text.
    pub text: String,
}

impl Answer {
    /// The value of a header of the first answer.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = self.text.split("\r\n\r\n").next()?;
        head.lines()
            .find_map(|line| line.split_once(':').filter(|(found, _)| found.eq_ignore_ascii_case(name)))
            .map(|(_, value)| value.trim())
    }
}

/// Sends these bytes and reads until the other side closes, which the bytes must ask for.
pub fn exchange(address: SocketAddr, bytes: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(ANSWER_LIMIT)).unwrap();
    // A refusal may close the connection before all is written or read: what arrived counts.
    let _ = stream.write_all(bytes);
    let mut received = Vec::new();
    let mut chunk = [0; 16 * 1024];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => received.extend_from_slice(&chunk[..read]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(error) => panic!("no end of the answer to {:?}: {error}", String::from_utf8_lossy(bytes)),
        }
    }
    let text = String::from_utf8_lossy(&received).into_owned();
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
    Answer { status, text }
}
