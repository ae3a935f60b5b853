//! Forms on pages of their own, as a browser without scripts fills them in: what travels along unseen is sent back as it came.
//!
//! Must not know what any form asks.

use crate::browser::{Browser, Seen};

/// What a form sends along unseen.
pub fn hidden(page: &Seen) -> Vec<(String, String)> {
    let inputs = page.text.split("<input type=\"hidden\" ").skip(1);
    let attribute = |input: &str, name: &str| {
        let from = input.split(&format!("{name}=\"")).nth(1).unwrap_or_else(|| panic!("{name}: {input}"));
        from.split('"').next().unwrap().to_owned()
    };
    inputs.map(|input| input.split('>').next().unwrap()).map(|input| (attribute(input, "name"), attribute(input, "value"))).collect()
}

/// Opens a form and sends it.
pub async fn fill(browser: &Browser, path: &str, typed: &[(&str, &str)]) -> Seen {
    let form = browser.get(path).await;
    assert_eq!(form.status, 200, "{path}: {}", form.text);
    send(browser, path, &form, typed).await
}

/// Sends a form that was opened before.
pub async fn send(browser: &Browser, path: &str, form: &Seen, typed: &[(&str, &str)]) -> Seen {
    let hidden = hidden(form);
    let mut pairs: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    pairs.extend(typed);
    browser.post(path.split('?').next().unwrap(), &pairs).await
}

/// Fills a form in, which is taken.
pub async fn done(browser: &Browser, path: &str, typed: &[(&str, &str)]) {
    let seen = fill(browser, path, typed).await;
    assert_eq!(seen.status, 303, "{path}: {}", seen.text);
}

/// The address of a deed's form.
pub fn deed(case: &str, deed: &str) -> String {
    format!("/cases/{case}/do/{deed}")
}
