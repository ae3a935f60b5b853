//! Addresses of this portal: what may stand in one, and which of them lead to a page. It must not know what a page shows.

/// Sections whose pages one may come back to after signing in.
const SECTIONS: [&str; 12] = [
    "/cases",
    "/portfolio",
    "/notices",
    "/views",
    "/find",
    "/hearings",
    "/approvals",
    "/documents",
    "/audit",
    "/people",
    "/settings",
    "/filing",
];

/// The longest address that is kept, in bytes.
const MAX_BYTES: usize = 1024;

/// A relative address of this portal: begins with one `/`, holds plain URL characters, leads to a page. Nothing else can be
/// redirected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Takes a path and query of a page; `None` for another site's address, a function's, a sign-in's, or odd bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#');
        let in_section = |section: &&str| text.strip_prefix(*section).is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '/']));
        let leads_to_a_page = text == "/" || SECTIONS.iter().any(in_section);
        (text.len() <= MAX_BYTES && plain && leads_to_a_page && !text.contains("//")).then(|| Self(text.to_owned()))
    }

    /// The sign-in page's address that comes back here.
    pub fn sign_in_address(&self) -> String {
        format!("/sign-in?next={}", encode(&self.0))
    }

    /// The path itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Percent-encodes for the query of a page. A literal `%` is encoded twice: the router of Leptos 0.8 decodes query values twice
/// (fixed in 0.9; `a_percent_sign_survives_the_router` and `tests/portal/sign_in.rs` will tell when this can go).
pub(in crate::model) fn encode(text: &str) -> String {
    encode_once(text).replace("%25", "%2525")
}

/// Percent-encodes everything but unreserved characters.
pub(in crate::model) fn encode_once(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(feature = "ssr")]
/// An address with these names and values behind it, for a plain handler.
pub fn address_with<'a>(path: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let query = pairs.map(|(name, value)| format!("{name}={}", encode_once(value))).collect::<Vec<_>>().join("&");
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_portal_are_gone_to() {
        for text in ["/", "/cases", "/documents", "/cases?q=stage%3Ahearing&sort=-dues"] {
            assert!(LocalPath::parse(text).is_some(), "{text}");
        }
        let refused = [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/sign-out",
            "/api/session/stay",
            "/cases\r\nSet-Cookie: a=b",
            "/cases?next=//evil.example",
            "cases",
            "/casesevil",
        ];
        for text in refused {
            assert!(LocalPath::parse(text).is_none(), "{text}");
        }
    }
}
