//! The two cookies: one of a session, one of a browser that is signing in.

use std::fmt;

use http::{HeaderMap, HeaderValue, header};
use rand::TryRngCore as _;
use sha2::{Digest as _, Sha256};

use crate::registry::{Tenant, TenantKey};

/// Random bytes in a token: 256 bits.
const TOKEN_BYTES: usize = 32;

/// A bearer token as the cookie carries it: `{tenant id}.{64 hex digits}`. The tenant stands in it so that another
/// institution's cookie is recognised without looking anything up.
#[derive(Clone)]
pub struct Token {
    text: String,
}

impl Token {
    /// A fresh token from the system's generator.
    ///
    /// # Errors
    /// When the system has no randomness to give; nobody can be signed in then.
    pub fn fresh(tenant: &Tenant) -> Result<Self, rand::rand_core::OsError> {
        let mut bytes = [0_u8; TOKEN_BYTES];
        rand::rngs::OsRng.try_fill_bytes(&mut bytes)?;
        Ok(Self { text: format!("{}.{}", tenant.id, hex(&bytes)) })
    }

    /// The key of what this token opens: made from its hash, so that a dump of the store opens nothing.
    pub fn key(&self, tenant: &Tenant, kind: &'static str) -> TenantKey {
        TenantKey::new(tenant, kind, &hex(&Sha256::digest(self.text.as_bytes())))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What a request's cookie header holds of one name.
pub enum Found {
    /// No such cookie.
    Nothing,
    /// A token of this tenant's form.
    Own(Token),
    /// A cookie of another tenant.
    Foreign,
}

/// Names and attributes of the cookies, which differ on plain-HTTP loopback.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    /// Plain HTTP on loopback: no `Secure`, and so no `__Host-` prefix.
    pub development: bool,
}

impl Cookies {
    /// The session's cookie.
    pub const fn session_name(self) -> &'static str {
        if self.development { "odr-dev" } else { "__Host-odr" }
    }

    /// The cookie of a browser that is signing in.
    pub const fn pending_name(self) -> &'static str {
        if self.development { "odr-dev-sign-in" } else { "__Host-odr-sign-in" }
    }

    /// The session's token among a request's cookies.
    pub fn session(self, headers: &HeaderMap, tenant: &Tenant) -> Found {
        find(headers, self.session_name(), tenant)
    }

    /// The token of signing in among a request's cookies.
    pub fn pending(self, headers: &HeaderMap, tenant: &Tenant) -> Option<Token> {
        match find(headers, self.pending_name(), tenant) {
            Found::Own(token) => Some(token),
            Found::Nothing | Found::Foreign => None,
        }
    }

    /// Sets a cookie until the browser closes.
    pub fn set(self, headers: &mut HeaderMap, name: &str, token: &Token) {
        self.append(headers, &format!("{name}={}", token.text), "");
    }

    /// Removes a cookie.
    pub fn clear(self, headers: &mut HeaderMap, name: &str) {
        self.append(headers, &format!("{name}="), "; Max-Age=0");
    }

    fn append(self, headers: &mut HeaderMap, pair: &str, more: &str) {
        let secure = if self.development { "" } else { "; Secure" };
        if let Ok(value) = HeaderValue::from_str(&format!("{pair}; Path=/; HttpOnly; SameSite=Lax{secure}{more}")) {
            headers.append(header::SET_COOKIE, value);
        }
    }
}

fn find(headers: &HeaderMap, name: &str, tenant: &Tenant) -> Found {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookie = values.flat_map(|line| line.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    let Some((owner, secret)) = cookie.and_then(|value| value.split_once('.')) else { return Found::Nothing };
    let well_formed = secret.len() == TOKEN_BYTES * 2 && secret.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    if !well_formed {
        Found::Nothing
    } else if owner == tenant.id.as_str() {
        Found::Own(Token { text: format!("{owner}.{secret}") })
    } else {
        Found::Foreign
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::registry::testing;

    #[test]
    fn tokens_are_long_and_never_repeat() {
        let tenant = testing::tenant("banyan");
        let tokens: HashSet<String> = (0..10_000).map(|_| Token::fresh(&tenant).unwrap().text).collect();
        assert_eq!(tokens.len(), 10_000);
        assert!(tokens.iter().all(|token| token.len() == "banyan.".len() + 64));
    }

    #[test]
    fn a_production_cookie_is_host_bound_and_secure() {
        let mut headers = HeaderMap::new();
        let cookies = Cookies { development: false };
        cookies.set(&mut headers, cookies.session_name(), &Token::fresh(&testing::tenant("banyan")).unwrap());
        let value = headers[header::SET_COOKIE].to_str().unwrap();
        assert!(value.starts_with("__Host-odr=banyan."), "{value}");
        assert!(value.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{value}");
        assert!(!value.contains("Domain"));
    }

    #[test]
    fn another_institutions_cookie_is_recognised_and_never_a_token() {
        let (banyan, tamarind) = (testing::tenant("banyan"), testing::tenant("tamarind"));
        let cookies = Cookies { development: true };
        let mut set = HeaderMap::new();
        cookies.set(&mut set, cookies.session_name(), &Token::fresh(&banyan).unwrap());
        let pair = set[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        let request = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&pair).unwrap())]);
        assert!(matches!(cookies.session(&request, &banyan), Found::Own(_)));
        assert!(matches!(cookies.session(&request, &tamarind), Found::Foreign));
    }
}
