//! A form that stands on a page of its own: what is asked, what was typed, and what is wrong with it.
//!
//! Such a page is plain HTML that works before and without any script; so whatever changes a record is entered in one. Owns how typed
//! text is read into values, each problem under the field that it belongs to. It must not know who answers a form.

use super::{Day, Fact, FieldError, Frame, Inr, Sheet};

/// What a browser sent: names and values in their order. Nothing of it is trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed(Vec<(String, String)>);

impl From<Vec<(String, String)>> for Typed {
    fn from(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }
}

impl Typed {
    /// The value under this name; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether anything was sent under this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }

    /// Every value under this name, in order.
    pub fn each<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A whole page: the frame around it, and the form.
#[derive(Clone, Debug)]
pub struct FormPage {
    /// Who is signed in where.
    pub frame: Frame,
    /// The form.
    pub form: Form,
    /// The nonce of its script, where it has one: for how far files are, or what goes on.
    pub nonce: Option<String>,
}

/// A form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The section of the portal that it belongs to.
    pub section: &'static str,
    /// What is done.
    pub heading: String,
    /// What it is done to: a case's number and who it is about.
    pub about: String,
    /// What must be known before, a paragraph each.
    pub lead: Vec<String>,
    /// What stands in the way, or has changed meanwhile; shown first.
    pub notice: Vec<String>,
    /// What is known already.
    pub facts: Vec<Fact>,
    /// Rows that belong to it: what would change, a sample.
    pub sheets: Vec<Sheet>,
    /// What is asked. Without a field the form is a question that is answered with yes.
    pub fields: Vec<Field>,
    /// Names and values that travel along unseen.
    pub hidden: Vec<(&'static str, String)>,
    /// The address that answers; where it is empty there is nothing to send.
    pub action: String,
    /// The words on the button.
    pub submit: String,
    /// Further buttons that send the same form with their own `name=value`.
    pub others: Vec<Button>,
    /// Whether what it does is grave: ends something, or cannot be taken back.
    pub grave: bool,
    /// Where one goes without sending it: address and words.
    pub back: (String, String),
    /// Further ways on: addresses and words.
    pub links: Vec<(String, String)>,
    /// Whether it says that this is not for who asked.
    pub forbidden: bool,
    /// Whether its rows are many columns wide.
    pub wide: bool,
    /// What goes on while it is looked at.
    pub live: Option<Live>,
}

/// Work that goes on in the background.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// What is being done.
    pub words: String,
    /// How much of it is done.
    pub done: i64,
    /// Of how much; 0 where nobody knows yet.
    pub total: i64,
    /// The address that tells how far it is.
    pub address: String,
}

/// What became of a form that was sent.
#[derive(Clone, Debug)]
pub enum Answered {
    /// It was done; this address shows it.
    Done {
        /// An address of the portal.
        lead_to: String,
    },
    /// Something of it cannot be taken.
    Again(Form),
    /// What it was about has changed since it was opened: it says how, and can be sent again.
    Changed(Form),
    /// It was taken, and this is the page that follows: what else is asked, or what came of it.
    Next(Form),
}

/// A second button of a form.
#[derive(Clone, Debug)]
pub struct Button {
    /// Name that it sends.
    pub name: &'static str,
    /// Value that it sends.
    pub value: String,
    /// Its words.
    pub words: String,
}

/// One thing that is asked.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name under which it is sent.
    pub name: &'static str,
    /// Its words.
    pub label: String,
    /// What it wants.
    pub kind: FieldKind,
    /// What stands in it.
    pub value: String,
    /// What must be known to fill it in.
    pub help: String,
    /// Whether it may stay empty.
    pub optional: bool,
    /// What is wrong with what was typed, in words.
    pub problem: Option<String>,
}

/// What a field wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A line of at most so many characters.
    Line {
        /// The most characters.
        max: usize,
    },
    /// Several lines of at most so many characters.
    Text {
        /// The most characters.
        max: usize,
    },
    /// Rupees.
    Amount,
    /// A whole number within bounds.
    Number {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// A date within bounds.
    Day {
        /// The earliest.
        min: Option<Day>,
        /// The latest.
        max: Option<Day>,
    },
    /// A date with a time, on the institution's wall clock.
    Moment,
    /// One of these: code and words.
    Choice(Vec<(String, String)>),
    /// The same, all in sight: for the one question that a form is about.
    Pick(Vec<(String, String)>),
    /// Yes or no.
    Check,
    /// Files.
    Files {
        /// Whether several may be chosen at once.
        several: bool,
        /// Endings that are offered first.
        accept: &'static str,
    },
}

impl Field {
    /// A field that must be filled in.
    pub fn new(name: &'static str, label: impl Into<String>, kind: FieldKind) -> Self {
        Self { name, label: label.into(), kind, value: String::new(), help: String::new(), optional: false, problem: None }
    }

    /// One that may stay empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// With what must be known.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// With what stands in it at first.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
}

impl Form {
    /// The form as it comes back: what was typed stands in it, and what is wrong with it beside it.
    #[must_use]
    pub fn again(mut self, typed: &Typed, problems: &[FieldError]) -> Self {
        for field in &mut self.fields {
            if !matches!(field.kind, FieldKind::Files { .. }) {
                typed.text(field.name).clone_into(&mut field.value);
            }
            let wrong = problems.iter().find(|problem| problem.field == field.name);
            field.problem = wrong.map(|wrong| sentence(&wrong.problem, &field.kind));
        }
        // What no field is to blame for is said above all of them.
        let nobodys = problems.iter().filter(|problem| !self.fields.iter().any(|field| field.name == problem.field));
        self.notice.extend(nobodys.map(|problem| sentence(&problem.problem, &FieldKind::Check)));
        self
    }

    /// Whether something of it was refused.
    pub fn is_refused(&self) -> bool {
        !self.notice.is_empty() || self.fields.iter().any(|field| field.problem.is_some())
    }
}

/// What is wrong, in words. A problem that is no code of ours is a sentence already.
pub(super) fn sentence(problem: &str, kind: &FieldKind) -> String {
    match (problem, kind) {
        ("required", FieldKind::Choice(_) | FieldKind::Pick(_)) => "Choose one.".into(),
        ("required", FieldKind::Check) => "Tick this to go on.".into(),
        ("required", FieldKind::Files { .. }) => "Choose a file.".into(),
        ("required", _) => "Fill this in.".into(),
        ("too_short", _) => format!("Too short: write at least {REASON_MIN_CHARS} characters."),
        ("too_long", FieldKind::Line { max } | FieldKind::Text { max }) => format!("Too long: at most {max} characters."),
        ("unknown", FieldKind::Choice(_) | FieldKind::Pick(_)) => "This is none of the choices. Choose one.".into(),
        ("unknown", FieldKind::Amount) => "This is no amount. Write rupees as 12,34,567.50 or 5L or 1.2Cr.".into(),
        ("unknown", FieldKind::Day { .. }) => "This is no date. Write it as 2026-11-21.".into(),
        ("unknown", FieldKind::Moment) => "This is no date and time. Write it as 2026-11-21T10:30.".into(),
        ("unknown", FieldKind::Number { .. }) => "This is no whole number.".into(),
        ("out_of_bounds", FieldKind::Number { min, max }) => format!("Between {min} and {max}."),
        ("out_of_bounds", FieldKind::Day { min, max }) => match (min, max) {
            (Some(min), Some(max)) => format!("Between {} and {}.", min.long(), max.long()),
            (Some(min), None) => format!("Not before {}.", min.long()),
            (None, Some(max)) => format!("Not after {}.", max.long()),
            (None, None) => "This date cannot be taken.".into(),
        },
        ("out_of_bounds", FieldKind::Amount) => "More than nothing, and less than ₹10,000 Cr.".into(),
        (sentence, _) => sentence.to_owned(),
    }
}

/// The fewest characters of a reason that is worth keeping.
pub const REASON_MIN_CHARS: usize = 5;
/// The most characters of a reason.
pub const REASON_MAX_CHARS: usize = 500;
/// The largest amount that a form takes, in rupees: beyond it the upstream could not keep a sum of a few.
pub(super) const AMOUNT_MAX_RUPEES: i64 = 100_000_000_000;

/// Typed text being read into values.
pub struct Reading<'a> {
    typed: &'a Typed,
    problems: Vec<FieldError>,
}

impl<'a> Reading<'a> {
    /// Begins.
    pub const fn of(typed: &'a Typed) -> Self {
        Self { typed, problems: Vec::new() }
    }

    /// Notes that a field cannot be taken, by a code of this module or in a sentence.
    pub fn refuse(&mut self, field: &str, problem: impl Into<String>) {
        self.problems.push(FieldError { field: field.to_owned(), problem: problem.into() });
    }

    /// A text of one line, its blanks folded; `None` where it is empty.
    pub fn some_line(&mut self, name: &str, max: usize) -> Option<String> {
        let text = self.typed.text(name).split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
        self.bounded(name, text.collect::<Vec<_>>().join(" "), max)
    }

    /// A text of several lines; `None` where it is empty. Control characters but line ends are dropped.
    pub fn some_text(&mut self, name: &str, max: usize) -> Option<String> {
        let text = self.typed.text(name).replace("\r\n", "\n");
        let text: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
        self.bounded(name, text.trim().to_owned(), max)
    }

    fn bounded(&mut self, name: &str, text: String, max: usize) -> Option<String> {
        if text.chars().count() > max {
            self.refuse(name, "too_long");
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    /// Why something is done: some words at least.
    pub fn reason(&mut self, name: &str) -> String {
        let before = self.problems.len();
        match self.some_text(name, REASON_MAX_CHARS) {
            Some(words) if words.chars().filter(|c| c.is_alphanumeric()).count() >= REASON_MIN_CHARS => words,
            Some(_) => {
                self.refuse(name, "too_short");
                String::new()
            }
            None => {
                if self.problems.len() == before {
                    self.refuse(name, "required");
                }
                String::new()
            }
        }
    }

    /// What must not be empty, read by one of the functions above.
    pub fn required<T: Default>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> T {
        let before = self.problems.len();
        read(self).unwrap_or_else(|| {
            if self.problems.len() == before {
                self.refuse(name, "required");
            }
            T::default()
        })
    }

    /// One of some choices, by its code; `None` where nothing was chosen.
    pub fn some_choice<T: Clone>(&mut self, name: &str, known: impl IntoIterator<Item = (String, T)>) -> Option<T> {
        let code = self.typed.text(name);
        if code.is_empty() {
            return None;
        }
        let found = known.into_iter().find(|(known, _)| known == code).map(|(_, value)| value);
        if found.is_none() {
            self.refuse(name, "unknown");
        }
        found
    }

    /// A date within bounds; `None` where it is empty.
    pub fn some_day(&mut self, name: &str, min: Option<Day>, max: Option<Day>) -> Option<Day> {
        let text = self.typed.text(name).trim();
        if text.is_empty() {
            return None;
        }
        match Day::parse(text) {
            None => self.refuse(name, "unknown"),
            Some(day) if min.is_some_and(|min| day < min) || max.is_some_and(|max| day > max) => self.refuse(name, "out_of_bounds"),
            day => return day,
        }
        None
    }

    /// A date and a time as a browser writes them, `2026-11-21T10:30`, on the institution's wall clock: the day and minutes after its
    /// midnight; `None` where it is empty.
    pub fn some_moment(&mut self, name: &str) -> Option<(Day, u16)> {
        let text = self.typed.text(name).trim();
        if text.is_empty() {
            return None;
        }
        let read = |text: &str| {
            let (day, clock) = text.split_once(['T', ' '])?;
            let (hour, minute) = clock.get(..5)?.split_once(':')?;
            let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
            let exists = hour < 24 && minute < 60 && matches!(clock.len(), 5 | 8);
            Some((Day::parse(day)?, exists.then_some(hour * 60 + minute)?))
        };
        let moment = read(text);
        if moment.is_none() {
            self.refuse(name, "unknown");
        }
        moment
    }

    /// A whole number within bounds; `None` where it is empty.
    pub fn some_number(&mut self, name: &str, min: i64, max: i64) -> Option<i64> {
        let text = self.typed.text(name).trim();
        if text.is_empty() {
            return None;
        }
        match text.parse::<i64>() {
            Err(_) => self.refuse(name, "unknown"),
            Ok(number) if number < min || number > max => self.refuse(name, "out_of_bounds"),
            Ok(number) => return Some(number),
        }
        None
    }

    /// An amount above nothing; `None` where it is empty.
    pub fn some_amount(&mut self, name: &str) -> Option<Inr> {
        let text = self.typed.text(name).trim();
        if text.is_empty() {
            return None;
        }
        match Inr::typed(text) {
            None => self.refuse(name, "unknown"),
            Some(amount) if amount <= Inr::ZERO || amount >= Inr::from_rupees(AMOUNT_MAX_RUPEES) => self.refuse(name, "out_of_bounds"),
            amount => return amount,
        }
        None
    }

    /// What was refused, in the order in which it was read.
    ///
    /// # Errors
    /// The problems, where there are any.
    pub fn done(self) -> Result<(), Vec<FieldError>> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.problems) }
    }
}

#[cfg(test)]
mod tests;
