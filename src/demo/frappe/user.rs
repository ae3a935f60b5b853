//! A user of a simulated site, and the six digits of their authenticator. Knows no session.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Key and secret of `Authorization: token key:secret`.
#[derive(Clone)]
pub struct ApiKey {
    /// The public half.
    pub key: String,
    /// The secret half.
    pub secret: String,
}

/// A user of a simulated site.
#[derive(Clone)]
pub struct User {
    /// Sign-in name, normally an e-mail address.
    pub user_id: String,
    /// Password in the clear: these users exist only here.
    pub password: String,
    /// Name in greetings.
    pub full_name: String,
    /// Whether signing in is allowed.
    pub enabled: bool,
    /// Roles by name: `Portal API` has the rights of each DocType, `Portal Person` none.
    pub roles: Vec<String>,
    /// Key for calls without a session.
    pub api_key: Option<ApiKey>,
    /// Bytes of the authenticator's secret; a user without one is not asked for a code.
    pub totp_secret: Option<Vec<u8>>,
    /// User Permissions: DocType and the name of a row that the user is limited to.
    pub user_permissions: Vec<(String, String)>,
}

impl User {
    /// The code at a moment, RFC 6238 with SHA-1, 30 s and six digits; empty without a secret.
    pub fn totp(&self, unix_s: i64) -> String {
        let Some(secret) = &self.totp_secret else { return String::new() };
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else { return String::new() };
        mac.update(&unix_s.div_euclid(30).to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let at = usize::from(digest[19] & 0x0f);
        let number = u32::from_be_bytes([digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]]);
        format!("{:06}", number % 1_000_000)
    }

    /// The only value of the user's permissions for `doctype`, when there is exactly one.
    pub(super) fn only_permitted(&self, doctype: &str) -> Option<&str> {
        let mut values = self.user_permissions.iter().filter(|(kind, _)| kind == doctype);
        let first = values.next()?;
        values.next().is_none().then_some(first.1.as_str())
    }
}
