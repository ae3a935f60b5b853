//! A place of this portal to go to after signing in.

/// A relative path of this portal: begins with one `/`, holds plain URL characters, leads to a page. Nothing else can be
/// redirected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

/// The longest path that is kept, in bytes.
const MAX_BYTES: usize = 1024;

impl LocalPath {
    /// Takes a path and query of a page; `None` for another site's address, a function's, a sign-in's, or odd bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#');
        let leads_to_a_page = text == "/" || text == "/cases" || text.starts_with("/cases?") || text.starts_with("/cases/");
        (text.len() <= MAX_BYTES && plain && leads_to_a_page && !text.contains("//")).then(|| Self(text.to_owned()))
    }

    /// The sign-in page's address that comes back here. Encoded twice: the router of Leptos 0.8 decodes query values twice
    /// (fixed in 0.9; `tests/sign_in.rs` tells when this can go).
    pub fn sign_in_address(&self) -> String {
        let encoded = percent_encoding::utf8_percent_encode(&self.0, percent_encoding::NON_ALPHANUMERIC).to_string();
        format!("/sign-in?next={}", encoded.replace('%', "%25"))
    }

    /// The path itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_portal_are_gone_to() {
        for text in ["/", "/cases", "/cases?q=stage%3Ahearing&sort=-dues"] {
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
