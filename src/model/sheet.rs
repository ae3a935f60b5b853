//! Rows as a page shows them: words, not values. What is only read travels so, already in words, and the browser needs one decoder
//! and one table for all of it; where something is decided or entered, typed values travel.

use serde::{Deserialize, Serialize};

/// A table under a title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// What the rows are.
    pub title: String,
    /// Said where there are none.
    pub none: String,
    /// Headings, in order.
    pub headings: Vec<Heading>,
    /// Rows of as many cells as there are headings.
    pub rows: Vec<Vec<Cell>>,
    /// Said above the rows, where something must be known to read them.
    pub remark: Option<String>,
    /// The address of the rows that follow, if any do.
    pub next: Option<String>,
    /// The address of all of them as a file, where they may be taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// How it is laid out.
    pub form: SheetForm,
    /// Whether its rows can be chosen, each by what its first cell leads to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub picks: bool,
}

/// How a sheet is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SheetForm {
    /// A table.
    #[default]
    Plain,
    /// A calendar: the columns are days, and of one width.
    Calendar,
    /// A long table: the first cell of a row is its heading and stays in sight.
    Keyed,
    /// The same, a row to a line.
    KeyedDense,
    /// Things to do: the first cell of a row leads to it, the second says what must be known before.
    Actions,
    /// A table that waits behind its title until somebody wants it.
    Folded,
    /// Counts by two things: rows and columns have headings.
    Matrix,
}

/// A column's heading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Its words.
    pub label: String,
    /// Whether figures stand in it, to the right.
    pub figure: bool,
    /// What must be known to read it, on hover.
    pub note: Option<String>,
    /// The address of the rows in its order.
    pub href: Option<String>,
    /// Whether the rows are in its order now; from large to small, if so.
    pub descending: Option<bool>,
    /// Which of the totals belongs under it.
    pub sum: Option<Sum>,
    /// The column's word, where this browser keeps how wide it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

/// A total that stands under a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sum {
    /// Of claims.
    Claim,
    /// Of dues.
    Dues,
}

/// One cell. What it does not have does not travel: a page of a list has a thousand of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// What stands in it.
    pub text: String,
    /// The same in full, where `text` is short: shown on hover and read out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<String>,
    /// What stands below it, smaller, a line each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub below: Vec<String>,
    /// Where it leads. An `https` address leaves the portal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// What is done with the file at `href`, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<FileForm>,
    /// How it is meant.
    #[serde(default, skip_serializing_if = "Tone::is_plain")]
    pub tone: Tone,
    /// The address of the same page with a quick look at what the cell leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peek: Option<String>,
    /// The case's stage that it names, for its colour and sign: its code in small letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// A bar of so many thousandths of the longest, instead of words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bar: Option<u16>,
    /// How much of the largest of its matrix, in shades from 1 to 4: beside its figure, never instead of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heat: Option<char>,
}

/// What is done with a file that a cell leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileForm {
    /// Its pages are shown in place.
    Pages,
    /// It is shown in place as a picture.
    Picture,
    /// It is fetched.
    Download,
    /// It stands on the page at that address, which is asked for whole: a frame that is sent elsewhere in place adds a step of its own
    /// to the browser's history, and going back would turn the frame instead of the page.
    OnPage,
    /// It is no file but a form on a page of its own, outside the application.
    Form,
}

/// How a cell is meant, by colour and sign.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// Nothing is known.
    Absent,
    /// Done, on file.
    Good,
    /// Under way.
    Waiting,
    /// Late, missing.
    Bad,
}

/// Something known under its name, or a figure with what it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its name.
    pub label: String,
    /// What is known.
    pub cell: Cell,
    /// How it is computed, where it is.
    pub formula: Option<String>,
}

/// Facts that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactGroup {
    /// What they are about.
    pub title: String,
    /// The facts, in the order in which they are read.
    pub facts: Vec<Fact>,
}

/// A panel of the dashboard: figures, rows, and of when they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// Its figures.
    pub figures: Vec<Fact>,
    /// Its charts as SVG, written by the server with every text escaped; the rows are the same figures then.
    pub chart: Option<String>,
    /// Its rows, if it has any.
    pub sheet: Option<Sheet>,
    /// When the upstream gave them: short, and in full.
    pub as_of: (String, String),
}

impl Tone {
    fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Words, or a dash where there are none.
    pub fn some(text: Option<String>) -> Self {
        match text {
            Some(text) => Self::text(text),
            None => Self { tone: Tone::Absent, ..Self::text("—") },
        }
    }

    /// With another line below.
    #[must_use]
    pub fn line(mut self, text: impl Into<String>) -> Self {
        self.below.push(text.into());
        self
    }

    /// With another line below, if there is one.
    #[must_use]
    pub fn some_line(self, text: Option<String>) -> Self {
        match text {
            Some(text) => self.line(text),
            None => self,
        }
    }

    /// Leading there.
    #[must_use]
    pub fn to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Leading to a file, for this.
    #[must_use]
    pub fn file(self, href: impl Into<String>, form: FileForm) -> Self {
        Self { file: Some(form), ..self.to(href) }
    }

    /// Meant so.
    #[must_use]
    pub fn meant(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

impl Sheet {
    /// A table without rows yet. Headings that begin with `#` are of figures.
    pub fn new(title: &str, none: &str, headings: &[&str]) -> Self {
        let heading = |label: &&str| match label.strip_prefix('#') {
            Some(label) => Heading { label: label.to_owned(), figure: true, ..Heading::default() },
            None => Heading { label: (*label).to_owned(), ..Heading::default() },
        };
        Self { title: title.to_owned(), none: none.to_owned(), headings: headings.iter().map(heading).collect(), ..Self::default() }
    }

    /// With these rows.
    #[must_use]
    pub fn with(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows = rows.into_iter().collect();
        self
    }
}
