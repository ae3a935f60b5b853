//! One canonical form of a host: without it, two spellings of one name could lead to two tenants, or one to none.
//!
//! Owns what counts as a host. It must not know which header one came from, nor which tenants there are.

use std::borrow::Cow;

/// Longest name, in bytes (DNS).
const MAX_HOST_BYTES: usize = 253;
/// Longest part between dots, in bytes (DNS).
const MAX_LABEL_BYTES: usize = 63;

/// A host in its canonical form: lower-case ASCII, no port, no trailing dot.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CanonicalHost<'a>(Cow<'a, str>);

/// Why a text is not a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// There is nothing.
    #[error("the host is empty")]
    Empty,
    /// Longer than DNS allows.
    #[error("the host is longer than 253 characters")]
    TooLong,
    /// A part between dots is empty, longer than 63 characters, or begins or ends with a hyphen.
    #[error("a part of the host is empty, too long, or begins or ends with a hyphen")]
    Label,
    /// A character outside `a-z 0-9 . -`; names in other scripts come as punycode.
    #[error("the host holds a character that host names do not have")]
    Character,
    /// An IPv6 address: no tenant has one.
    #[error("the host is an IPv6 address")]
    Ipv6,
    /// What follows the colon is not a port.
    #[error("the port is not a number up to 65535")]
    Port,
}

impl<'a> CanonicalHost<'a> {
    /// Takes `host[:port]` as a `Host` header or a URI's authority has it. Allocates only where upper-case letters must
    /// be lowered.
    ///
    /// # Errors
    /// Whatever is not exactly a host with at most a port and one trailing dot.
    pub fn parse(text: &'a str) -> Result<Self, HostError> {
        if text.starts_with('[') {
            return Err(HostError::Ipv6);
        }
        let name = match text.split_once(':') {
            Some((_, port)) if port.contains(':') => return Err(HostError::Port),
            Some((name, port)) => {
                let digits = (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
                if !digits || port.parse::<u16>().is_err() {
                    return Err(HostError::Port);
                }
                name
            }
            None => text,
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.is_empty() {
            return Err(HostError::Empty);
        }
        if name.len() > MAX_HOST_BYTES {
            return Err(HostError::TooLong);
        }
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')) {
            return Err(HostError::Character);
        }
        let fits = |label: &str| (1..=MAX_LABEL_BYTES).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-');
        if !name.split('.').all(fits) {
            return Err(HostError::Label);
        }
        if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Ok(Self(Cow::Owned(name.to_ascii_lowercase())));
        }
        Ok(Self(Cow::Borrowed(name)))
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(text: &str) -> Result<String, HostError> {
        CanonicalHost::parse(text).map(|host| host.as_str().to_owned())
    }

    #[test]
    fn case_port_and_trailing_dot_do_not_matter() {
        for text in ["a.example", "A.Example", "a.example.", "a.example:443", "A.EXAMPLE.:8080"] {
            assert_eq!(canonical(text).unwrap(), "a.example", "{text}");
        }
        assert_eq!(canonical("xn--bcher-kva.example").unwrap(), "xn--bcher-kva.example");
        assert_eq!(canonical("127.0.0.1:3000").unwrap(), "127.0.0.1");
    }

    #[test]
    fn a05_malformed_hosts_are_refused_by_name() {
        use HostError::{Character, Empty, Ipv6, Label, Port, TooLong};
        let long = format!("{}.example", "a".repeat(300));
        let label = format!("{}.example", "a".repeat(64));
        let table: [(&str, HostError); 24] = [
            ("", Empty),
            (".", Empty),
            (":80", Empty),
            ("a..", Label),
            ("..a", Label),
            ("a..b", Label),
            ("-a", Label),
            ("a-.b", Label),
            (&label, Label),
            (&long, TooLong),
            ("a@b", Character),
            ("a%00", Character),
            ("a\0", Character),
            ("a b", Character),
            (" a", Character),
            ("a_b", Character),
            ("*.a", Character),
            ("bücher.example", Character),
            ("а.example", Character),
            ("a:80:80", Port),
            ("a:", Port),
            ("a:65536", Port),
            ("a:+80", Port),
            ("[::1]:80", Ipv6),
        ];
        for (text, error) in table {
            assert_eq!(canonical(text), Err(error), "{text:?}");
        }
        assert!(canonical("::1").is_err());
        assert!(canonical("a/b").is_err() && canonical("http://a").is_err() && canonical("a,b").is_err());
    }

    #[test]
    fn what_is_canonical_is_borrowed() {
        assert!(matches!(CanonicalHost::parse("a.example.:443").unwrap().0, Cow::Borrowed("a.example")));
    }

    proptest! {
        #[test]
        fn normalising_is_total_and_idempotent(text in ".{0,300}") {
            if let Ok(once) = canonical(&text) {
                prop_assert_eq!(canonical(&once), Ok(once.clone()));
                prop_assert!(once.len() <= 253 && once.is_ascii());
            }
        }

        #[test]
        fn two_names_meet_only_where_they_are_spellings_of_one(a in "[a-cA-C.:0-9]{1,6}", b in "[a-cA-C.:0-9]{1,6}") {
            let spelling = |text: &str| {
                let name = text.split(':').next().unwrap_or_default().to_ascii_lowercase();
                name.strip_suffix('.').unwrap_or(&name).to_owned()
            };
            if let (Ok(x), Ok(y)) = (canonical(&a), canonical(&b)) {
                prop_assert_eq!(x == y, spelling(&a) == spelling(&b));
            }
        }
    }
}
