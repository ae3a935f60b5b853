//! Frappe's errors as answers: status, class, texts, and how the body writes them. Knows no store and no route.

use serde_json::{Map, Value, json};

use super::Version;

/// Which cookies an answer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cookies {
    /// The five of the session, `Guest` when there is none.
    Usual,
    /// The five and the same five again, cleared.
    Cleared,
    /// None: the request failed before a session was made.
    Absent,
    /// The literal `sid=Administrator` of the first login step.
    Pending,
}

/// An error that the client is told.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) status: u16,
    pub(super) exc_type: &'static str,
    exception: Option<String>,
    messages: Vec<Value>,
    error_message: Option<String>,
    message: Option<&'static str>,
    pub(super) cookies: Cookies,
    /// A dead cookie was sent.
    pub(super) session_expired: bool,
}

/// What a simulated call comes to.
pub(super) type Outcome<T> = Result<T, Box<Fault>>;

impl Fault {
    fn bare(status: u16, exc_type: &'static str, exception: Option<String>) -> Box<Self> {
        let (messages, cookies) = (Vec::new(), Cookies::Usual);
        Box::new(Self { status, exc_type, exception, messages, error_message: None, message: None, cookies, session_expired: false })
    }

    /// An exception that nobody threw on purpose; `exception` is the last line of the traceback.
    pub(super) fn crash(status: u16, exc_type: &'static str, exception: impl Into<String>) -> Box<Self> {
        Self::bare(status, exc_type, Some(exception.into()))
    }

    /// `frappe.throw(text, X)`.
    pub(super) fn throw(status: u16, exc_type: &'static str, text: &str) -> Box<Self> {
        Self::titled(status, exc_type, text, "Message")
    }

    /// `frappe.throw(text, X, title)`.
    pub(super) fn titled(status: u16, exc_type: &'static str, text: &str, title: &str) -> Box<Self> {
        let mut fault = Self::bare(status, exc_type, Some(format!("frappe.exceptions.{exc_type}: {text}")));
        fault.messages.push(thrown(text, title));
        fault
    }

    /// 417 ValidationError.
    pub(super) fn invalid(text: &str) -> Box<Self> {
        Self::throw(417, "ValidationError", text)
    }

    /// 404 without traceback.
    pub(super) fn missing(doctype: &str, name: &str) -> Box<Self> {
        let mut fault = Self::bare(404, "DoesNotExistError", None);
        fault.messages.push(thrown(&format!("{doctype} {name} not found"), "Message"));
        fault
    }

    /// 404 with nothing but the class.
    pub(super) fn nothing_there() -> Box<Self> {
        Self::bare(404, "DoesNotExistError", None)
    }

    /// 403 of a right that is lacking.
    pub(super) fn forbidden(text: &str, error_message: Option<String>) -> Box<Self> {
        let mut fault = Self::bare(403, "PermissionError", Some("frappe.exceptions.PermissionError".to_owned()));
        if !text.is_empty() {
            fault.messages.push(json!({"message": text, "title": "Message"}));
        }
        fault.error_message = error_message;
        fault
    }

    /// 403 of a method that the caller may not name.
    pub(super) fn not_whitelisted(method: &str) -> Box<Self> {
        let text = format!(
            "<details><summary>You are not permitted to access this resource.</summary>Function <strong>{method}</strong> is not whitelisted.</details>"
        );
        let mut fault = Self::bare(403, "PermissionError", Some(format!("frappe.exceptions.PermissionError: {text}")));
        fault.messages.push(thrown(&text, "Method Not Allowed"));
        fault
    }

    /// 401 of a bad key: clears every cookie.
    pub(super) fn bad_key() -> Box<Self> {
        let mut fault = Self::bare(401, "AuthenticationError", Some("frappe.exceptions.AuthenticationError".to_owned()));
        fault.cookies = Cookies::Cleared;
        fault
    }

    /// 401 of a login, with its text under `message`.
    pub(super) fn login(message: &'static str) -> Box<Self> {
        let mut fault = Self::bare(401, "AuthenticationError", Some("frappe.exceptions.AuthenticationError".to_owned()));
        (fault.message, fault.cookies) = (Some(message), Cookies::Absent);
        fault
    }

    /// 417 with one message a field.
    pub(super) fn mandatory(doctype: &str, name: &str, fields: &[&str]) -> Box<Self> {
        let text = format!("frappe.exceptions.MandatoryError: [{doctype}, {name}]: {}", fields.join(", "));
        let mut fault = Self::bare(417, "MandatoryError", Some(text));
        fault.messages.extend(
            fields
                .iter()
                .map(|field| json!({"message": format!("Error: Value missing for {doctype}: {}", label(field)), "title": "Message"})),
        );
        fault
    }

    /// What this module does not rebuild: a marker that Frappe never sends.
    pub(super) fn not_simulated(what: &str) -> Box<Self> {
        Self::crash(501, "NotSimulated", format!("odr_portal.demo.NotSimulated: {what}"))
    }

    /// The same with a message that Frappe shows without throwing it.
    pub(super) fn with_plain_message(mut self: Box<Self>, text: &str) -> Box<Self> {
        self.messages.push(json!({"message": text, "title": "Message"}));
        self
    }

    /// The same after a message that Frappe showed before it threw.
    pub(super) fn after_plain_message(mut self: Box<Self>, text: &str) -> Box<Self> {
        self.messages.insert(0, json!({"message": text, "title": "Message"}));
        self
    }

    /// `_server_messages` and `_error_message`, which an answer of 200 may carry as well.
    pub(super) fn side_channels(&self) -> Vec<(&'static str, Value)> {
        let mut beside = Vec::new();
        if !self.messages.is_empty() {
            beside.push(("_server_messages", written(&self.messages)));
        }
        if let Some(text) = &self.error_message {
            beside.push(("_error_message", text.as_str().into()));
        }
        beside
    }

    /// The same without any cookie.
    pub(super) fn without_cookies(mut self: Box<Self>) -> Box<Self> {
        self.cookies = Cookies::Absent;
        self
    }

    /// The body, as the version and `allow_error_traceback` shape it.
    pub(super) fn body(&self, version: Version, traceback: bool) -> Value {
        let mut body = Map::new();
        if self.session_expired {
            body.insert("session_expired".into(), 1.into());
        }
        if let Some(message) = self.message {
            body.insert("message".into(), message.into());
        }
        let exception = self.exception.as_ref().filter(|_| traceback);
        if let Some(exception) = exception {
            body.insert("exception".into(), exception.as_str().into());
        }
        // v14 names the class only of what was thrown on purpose.
        if version == Version::V14 && self.message.is_some() {
            // A refused login is named after the user that was not found, whatever was wrong.
            body.insert("exc_type".into(), "DoesNotExistError".into());
        } else if version != Version::V14 || !self.messages.is_empty() {
            body.insert("exc_type".into(), self.exc_type.into());
        }
        if exception.is_some() {
            body.insert("exc".into(), "[\"<traceback>\"]".into());
        }
        body.extend(self.side_channels().into_iter().map(|(key, value)| (key.to_owned(), value)));
        Value::Object(body)
    }
}

/// Messages as `_server_messages` holds them: a text of a list of texts.
pub(super) fn written(messages: &[Value]) -> Value {
    let inner: Vec<String> = messages.iter().map(Value::to_string).collect();
    Value::from(inner).to_string().into()
}

fn thrown(text: &str, title: &str) -> Value {
    let id: String = (0..7).map(|_| format!("{:08x}", rand::random::<u32>())).collect();
    json!({"message": text, "title": title, "indicator": "red", "raise_exception": 1, "__frappe_exc_id": id})
}

/// A field's label, as the installer writes it: `filed_on` is `Filed On`.
pub(super) fn label(field: &str) -> String {
    let words = field.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}
