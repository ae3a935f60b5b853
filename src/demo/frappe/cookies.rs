//! The cookies of an answer, written as the recorded server writes them. Knows no requests.

use super::fault::Cookies;
use super::login;

/// Whom the cookies name.
pub(super) struct Identity {
    pub(super) sid: String,
    pub(super) user_id: String,
    pub(super) full_name: String,
    pub(super) desk: bool,
}

/// The `Set-Cookie` lines, in order.
pub(super) fn lines(kind: Cookies, identity: &Identity) -> Vec<String> {
    let quote = |text: &str| {
        percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
            .to_string()
            .replace("%2E", ".")
            .replace("%2D", "-")
            .replace("%5F", "_")
    };
    let lasting = |sid: &str| format!("sid={sid}; Max-Age={}; HttpOnly; Path=/; SameSite=Lax", login::SESSION_S);
    let usual = || {
        let desk = if identity.desk { "yes" } else { "no" };
        vec![
            lasting(&identity.sid),
            format!("system_user={desk}; Path=/; SameSite=Lax"),
            format!("full_name={}; Path=/; SameSite=Lax", quote(&identity.full_name)),
            format!("user_id={}; Path=/; SameSite=Lax", quote(&identity.user_id)),
            "user_image=; Path=/; SameSite=Lax".to_owned(),
        ]
    };
    match kind {
        Cookies::Absent => Vec::new(),
        Cookies::Pending => vec![lasting("Administrator")],
        Cookies::Usual => usual(),
        Cookies::Cleared => {
            let gone = ["user_image", "sid", "full_name", "system_user", "user_id"];
            usual().into_iter().chain(gone.map(|name| format!("{name}=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/"))).collect()
        }
    }
}
