//! A party's contacts as they are typed: what can be one, and how each is shown to people who need not know it whole. It must not know
//! who keeps them.

/// What a contact that cannot be one is told.
const MOBILE_PROBLEM: &str = "This is no mobile number. Write ten digits that begin with 6, 7, 8 or 9.";
const EMAIL_PROBLEM: &str = "This is no e-mail address. Write it as name@example.in.";
const PAN_PROBLEM: &str = "This is no PAN. Write five letters, four digits and a letter.";
const PINCODE_PROBLEM: &str = "This is no PIN code. Write six digits, the first of them not 0.";
/// The longest e-mail address that its column takes.
const EMAIL_MAX: usize = 140;

/// An Indian mobile number as its ten digits; a country code or a zero before it, and blanks and hyphens in it, do not count.
///
/// # Errors
/// A sentence for whoever typed it.
pub fn mobile(text: &str) -> Result<String, &'static str> {
    let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')')).collect();
    let national = plain.strip_prefix("+91").unwrap_or(&plain);
    let national = match national.len() {
        12 => national.strip_prefix("91").unwrap_or(national),
        11 => national.strip_prefix('0').unwrap_or(national),
        _ => national,
    };
    let fits = national.len() == 10 && national.bytes().all(|byte| byte.is_ascii_digit()) && matches!(national.as_bytes()[0], b'6'..=b'9');
    if fits { Ok(national.to_owned()) } else { Err(MOBILE_PROBLEM) }
}

/// An e-mail address: a name, an at sign, and a domain with a dot in it.
///
/// # Errors
/// As [`mobile`].
pub fn email(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@').ok_or(EMAIL_PROBLEM)?;
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '@' | '<' | '>' | '(' | ')' | ',' | ';' | '"' | '\\'))
    };
    let labels = domain.split('.').all(|label| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    let fits = text.len() <= EMAIL_MAX && plain(local) && labels && domain.contains('.');
    if fits { Ok(text.to_owned()) } else { Err(EMAIL_PROBLEM) }
}

/// A PIN code.
///
/// # Errors
/// As [`mobile`].
pub fn pincode(text: &str) -> Result<String, &'static str> {
    let plain: String = text.chars().filter(|c| *c != ' ').collect();
    let fits = plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) && !plain.starts_with('0');
    if fits { Ok(plain) } else { Err(PINCODE_PROBLEM) }
}

/// A permanent account number, in capitals.
///
/// # Errors
/// As [`mobile`].
pub fn pan(text: &str) -> Result<String, &'static str> {
    let pan = text.trim().to_ascii_uppercase();
    let fits = pan.len() == 10
        && pan.bytes().enumerate().all(|(at, byte)| if (5..9).contains(&at) { byte.is_ascii_digit() } else { byte.is_ascii_uppercase() });
    if fits { Ok(pan) } else { Err(PAN_PROBLEM) }
}

/// `ABxxxxx34F`.
pub fn masked_pan(pan: &str) -> String {
    match (pan.get(..2), pan.get(7..)) {
        (Some(first), Some(last)) if pan.len() == 10 => format!("{first}xxxxx{last}"),
        _ => String::new(),
    }
}

/// `98xxxxxx21`.
pub fn masked_mobile(mobile: &str) -> String {
    match (mobile.get(..2), mobile.get(8..)) {
        (Some(first), Some(last)) if mobile.len() == 10 => format!("{first}xxxxxx{last}"),
        _ => String::new(),
    }
}

/// `r***@d***.com`.
pub fn masked_email(email: &str) -> String {
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    match email.rsplit_once('@') {
        Some((local, domain)) => {
            format!("{}***@{}***.{}", first(local), first(domain), domain.rsplit('.').next().unwrap_or_default())
        }
        None => String::new(),
    }
}

/// `xxxxx, Pune 41xxxx`.
pub fn masked_address(town: &str, pincode: &str) -> String {
    let region = pincode.get(..2).unwrap_or_default();
    if town.is_empty() { format!("xxxxx, {region}xxxx") } else { format!("xxxxx, {town} {region}xxxx") }
}

/// The last four characters of a number.
pub fn last_four(number: &str) -> String {
    number.len().checked_sub(4).and_then(|from| number.get(from..)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_number_is_ten_digits_however_it_is_typed() {
        for typed in ["9000000021", "+91 90000 00021", "919000000021", "09000000021", "90000-00021"] {
            assert_eq!(mobile(typed).as_deref(), Ok("9000000021"), "{typed}");
        }
        for typed in ["", "5000000021", "900000002", "90000000211", "90000o0021", "९०००००००२१", "+1 9000000021", "é000000021"]
        {
            assert!(mobile(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn an_address_for_letters_has_a_shape() {
        for typed in ["r@b.in", " first.last+tag@mail.bank-name.co.in "] {
            assert!(email(typed).is_ok(), "{typed}");
        }
        for typed in ["", "r", "r@b", "@b.in", "r@.in", "r@b..in", "r @b.in", "r@b.in,s@b.in", "r@-b.in", "a@b@c.in", "é@b.in"] {
            assert!(email(typed).is_err(), "{typed}");
        }
        assert!(email(&format!("{}@b.in", "x".repeat(140))).is_err());
        assert_eq!(
            [pincode("411 001"), pincode("011001"), pincode("41100"), pincode("4110011")].map(|pin| pin.is_ok()),
            [true, false, false, false]
        );
    }

    #[test]
    fn a_pan_has_a_shape() {
        assert_eq!(pan(" abcpd1234e ").as_deref(), Ok("ABCPD1234E"));
        for typed in ["", "ABCPD12345", "ABCPD1234", "1BCPD1234E", "ABCPD1234EE", "ÀBCPD1234E"] {
            assert!(pan(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn what_is_masked_says_enough_to_recognise_it_and_too_little_to_use_it() {
        assert_eq!(masked_mobile("9000000021"), "90xxxxxx21");
        assert_eq!(masked_mobile("90"), "");
        assert_eq!(masked_email("ramesh@mail.example.in"), "r***@m***.in");
        assert_eq!([masked_address("Pune", "411001"), masked_address("", "411001")], ["xxxxx, Pune 41xxxx", "xxxxx, 41xxxx"]);
        assert_eq!([last_four("9000000021"), last_four("21")], ["0021", ""]);
    }
}
