//! Documents that come into a case: each file is recorded, kept by the institution's server as a private file of its row, and only then on
//! file (`records.md` §3.13, §4). A version is added and never overwritten.
//!
//! Owns which files are taken, and what is told of each. It must not know how a file travels.

use super::{
    super::{
        Refusal,
        columns::Check,
        columns::record,
        documents::ContentKind,
        keys::{OPERATION, operation_of},
    },
    arriving::{Arriving, Whole},
    subject::Subject,
};
use crate::{
    model::{
        Answered, Cell, Day, ErrorCode, Fact, Field, FieldError, FieldKind, Form, Permission, PortalError, Reading, Role, Term, Typed,
        Withheld,
    },
    server::{
        context::authorise,
        frappe::{Condition, Direction, Field as Column},
    },
};

/// Files in one form.
pub const FILES_MAX: usize = 20;
/// The document that a new version is of.
const OF: &str = "of";
/// The version that it would be.
const VERSION: &str = "version";
/// The field of the files.
const FILES: &str = "files";
/// The longest title, and the longest number of an exhibit, in characters. A title is numbered, and its column has 140.
const TITLE_MAX: usize = 120;
const NUMBER_MAX: usize = 40;
/// What people add; bundles and batch files are made by the portal.
const KINDS: [&str; 26] = [
    "AGREEMENT",
    "SOA",
    "LRN",
    "S21_NOTICE",
    "POD",
    "REQUEST",
    "DISCLOSURE",
    "CONSENT",
    "APPOINTMENT",
    "SOC",
    "ANNEXURE",
    "SOD",
    "REJOINDER",
    "APPLICATION",
    "DIRECTION",
    "INTERIM_ORDER",
    "ORDER",
    "AWARD",
    "SETTLEMENT",
    "PAYMENT_PROOF",
    "S34",
    "EXECUTION",
    "CERTIFICATE",
    "NOTICE",
    "CORRESPONDENCE",
    "OTHER",
];
const READERS: [(&str, &str); 3] =
    [("INSTITUTION", "Your institution’s people"), ("TRIBUNAL", "The tribunal as well"), ("ALL_PARTIES", "All parties")];

record! {
    /// A document, as far as adding to it needs.
    pub(super) struct Paper of "Case Document" {
        doc_group: String,
        doc_type: String,
        doc_no: String,
        title: String,
        version: i64,
        is_latest: Check,
        sha256: String,
        state: String,
        visible_to: String,
    }
}

/// What became of a file.
pub enum Taken {
    /// It is on file.
    Stored,
    /// It is not, or was already; with what is said of it.
    Told(String),
    /// It was not looked at: something else of the form could not be taken.
    Unread,
}

/// The case, and the document that a new version is of.
pub(super) struct Place {
    pub(super) subject: Subject,
    pub(super) former: Option<Former>,
    pub(super) file_max_bytes: u64,
}

pub(super) struct Former {
    /// One of its versions.
    pub(super) paper: Paper,
    /// The version that comes next.
    next: i64,
}

/// What is typed beside the files.
pub(super) struct Wanted {
    pub(super) kind: String,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) on: Option<Day>,
    pub(super) readers: &'static str,
    /// 1, or the version that the form was opened for.
    pub(super) version: i64,
}

/// What became of a file that was let in.
pub(super) enum Kept {
    /// It is on file.
    Stored,
    /// It is one of those that the case has.
    Known(Whole),
    /// It is not kept, for this reason.
    Not(String),
}

/// The form: for files of their own, or for a new version of the document of this name.
///
/// # Errors
/// [`ErrorCode::Forbidden`] for roles that may not; [`ErrorCode::NotFound`] for a case that is not among the person's rows and a document
/// that is not the case's; otherwise any fault of the calls.
pub async fn ask(case: &str, of: &str) -> Result<Form, Refusal> {
    Ok(Place::find(case, of).await?.form())
}

/// Whether files may come at all, before a byte of them is read.
///
/// # Errors
/// As [`ask`].
pub async fn check(case: &str) -> Result<(), Refusal> {
    Subject::find(case, Permission::UploadDocuments).await.map(|_| ())
}

/// Takes one file, with what was typed before it.
///
/// # Errors
/// As [`ask`], and any fault of keeping it; then it may be sent again.
pub async fn take(case: &str, typed: &Typed, file: Arriving) -> Result<Taken, Refusal> {
    let place = Place::find(case, typed.text(OF)).await?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let Ok(wanted) = place.read(typed) else { return Ok(Taken::Unread) };
    let (name, index) = (clean(&file.name), file.index);
    let told = |words: &str| Ok(Taken::Told(format!("{name}: {words}")));
    if index >= FILES_MAX {
        return told(&format!("not taken. Send at most {FILES_MAX} files at once."));
    }
    if place.former.is_some() && index > 0 {
        return told("not taken. One file is one version.");
    }
    let Some(begun) = file.begin().await else { return told("it did not arrive whole. Send it again.") };
    if begun.whole.as_ref().is_some_and(|whole| whole.size_bytes == 0) {
        return told("it is empty.");
    }
    if begun.kind == ContentKind::Other {
        return told("not taken. Files are taken that are PDF, PNG or JPEG by what is in them, whatever they are called.");
    }
    let known = place.known().await?;
    if let Some(other) = begun.whole.as_ref().and_then(|whole| known.iter().find(|paper| paper.sha256 == whole.sha256)) {
        return Ok(Taken::Told(on_file(&name, other)));
    }
    if begun.whole.as_ref().is_some_and(|whole| whole.size_bytes > place.file_max_bytes) {
        return told(&place.too_large());
    }
    let operation = format!("{operation}/{index}");
    match place.keep(&wanted, operation, (&name, index), begun, &known).await? {
        Kept::Stored => Ok(Taken::Stored),
        Kept::Known(whole) => Ok(Taken::Told(
            known
                .iter()
                .find(|paper| paper.sha256 == whole.sha256)
                .map_or_else(|| format!("{name}: it is on file already. Nothing was added."), |other| on_file(&name, other)),
        )),
        Kept::Not(words) => told(&words),
    }
}

/// What is shown when the last file has come: the case's documents, or the form again with what is to be told.
///
/// # Errors
/// As [`ask`].
pub async fn finish(case: &str, typed: &Typed, taken: Vec<Taken>, failed: Vec<(String, PortalError)>) -> Result<Answered, Refusal> {
    let place = Place::find(case, typed.text(OF)).await?;
    let stored = taken.iter().filter(|taken| matches!(taken, Taken::Stored)).count();
    if stored > 0
        && let Err(refusal) = place.recount().await
    {
        // The files are on file all the same; a job counts again.
        tracing::warn!(?refusal, "a case’s documents could not be counted");
    }
    let mut problems = place.read(typed).err().unwrap_or_default();
    if taken.iter().any(|taken| matches!(taken, Taken::Unread)) {
        problems.push(FieldError { field: FILES.to_owned(), problem: "Choose the files again: no browser keeps them.".to_owned() });
    }
    if taken.is_empty() && failed.is_empty() {
        problems.push(FieldError { field: FILES.to_owned(), problem: "required".to_owned() });
    }
    let mut told: Vec<String> =
        taken.into_iter().filter_map(|taken| if let Taken::Told(words) = taken { Some(words) } else { None }).collect();
    told.extend(failed.into_iter().map(|(name, error)| format!("{}: {}", clean(&name), error.sentence())));
    if problems.is_empty() && told.is_empty() {
        return Ok(Answered::Done { lead_to: format!("{}/documents", place.subject.address()) });
    }
    let mut form = place.form().again(typed, &problems);
    if !told.is_empty() {
        form.notice.push(match stored {
            0 => "Nothing was added.".to_owned(),
            1 => "One file was added; about the rest:".to_owned(),
            count => format!("{count} files were added; about the rest:"),
        });
        form.notice.extend(told);
    }
    Ok(Answered::Again(form))
}

impl Place {
    async fn find(case: &str, of: &str) -> Result<Self, Refusal> {
        let subject = Subject::find(case, Permission::UploadDocuments).await?;
        let file_max_bytes = subject.client.file_max_bytes().await?.min(Withheld::MAX_BYTES);
        if of.is_empty() {
            return Ok(Self { subject, former: None, file_max_bytes });
        }
        authorise(Permission::ReplaceDocuments)?;
        let (asked, _) = subject.one::<Paper>(of).await?;
        let same = subject.of_case::<Paper>().filter(Condition::eq(Column::new("doc_group"), asked.doc_group.as_str()));
        let newest = same.order_by(Column::new("version"), Direction::Descending).page(0, 1);
        // A document without a group is one of which no version can be told from another.
        let highest = subject.client.list(&newest).await?.rows.pop().filter(|_| !asked.doc_group.is_empty());
        let next = highest.ok_or(ErrorCode::NotFound)?.version.saturating_add(1);
        Ok(Self { subject, former: Some(Former { paper: asked, next }), file_max_bytes })
    }

    fn role(&self) -> Role {
        self.subject.grant.principal.role
    }

    pub(super) fn too_large(&self) -> String {
        format!("it is larger than your institution’s server takes, which is {}.", megabytes(self.file_max_bytes))
    }

    fn kinds(&self) -> impl Iterator<Item = &'static str> {
        let role = self.role();
        KINDS.into_iter().filter(move |kind| role.files(kind))
    }

    fn form(&self) -> Form {
        let subject = &self.subject;
        let several = self.former.is_none();
        let mut form = subject.form("", if several { "Add documents" } else { "Add a new version" }, None);
        form.hidden.retain(|(name, _)| *name == OPERATION);
        form.action = format!("{}/documents/new", subject.address());
        form.back = (format!("{}/documents", subject.address()), "Back to the documents".to_owned());
        form.submit = if several { "Upload" } else { "Upload the new version" }.to_owned();
        form.lead = vec![
            "Every file is kept as it is, with its SHA-256. A file that this case has already is not added a second time, so after a failure the same files can be sent again.".to_owned(),
            "A new file can be opened as soon as your institution’s server has found no virus in it. While files are on their way, stay on this page: what is sent after your session has ended is not kept.".to_owned(),
        ];
        let files = FieldKind::Files { several, accept: ".pdf,.png,.jpg,.jpeg" };
        let limit = format!("PDF, PNG or JPEG, each of at most {}", megabytes(self.file_max_bytes));
        let help = if several { format!("{limit}; up to {FILES_MAX} at once.") } else { format!("{limit}.") };
        let readers = READERS.map(|(code, words)| (code.to_owned(), words.to_owned())).to_vec();
        let kinds: Vec<_> = self.kinds().map(|kind| (kind.to_owned(), Term::of(kind).label)).collect();
        let only = if kinds.len() == 1 { kinds.first().map(|(kind, _)| kind.clone()) } else { None };
        let (number, title, reader) = match &self.former {
            Some(Former { paper, next }) => {
                form.hidden.extend([(OF, paper.name.clone()), (VERSION, next.to_string())]);
                let fact = |label: &str, text: String| Fact { label: label.to_owned(), cell: Cell::text(text), formula: None };
                form.facts = vec![
                    fact("Document", paper.title.clone()),
                    fact("Kind", Term::of(paper.doc_type.as_str()).label),
                    fact("It will be", format!("Version {next}")),
                ];
                (paper.doc_no.as_str(), paper.title.as_str(), paper.visible_to.as_str())
            }
            None => {
                form.fields.push(Field::new("doc_type", "Kind", FieldKind::Choice(kinds)).value(only.unwrap_or_default()));
                ("", "", "INSTITUTION")
            }
        };
        form.fields.extend([
            Field::new("doc_no", "Exhibit or annexure number", FieldKind::Line { max: NUMBER_MAX }).optional().value(number),
            Field::new("title", "Title", FieldKind::Line { max: TITLE_MAX })
                .optional()
                .value(title)
                .help("Empty, it is the file’s name. Of several files under one title, each but the first is numbered."),
            Field::new("document_on", "Date on the document", FieldKind::Day { min: None, max: None }).optional(),
            Field::new("visible_to", "Who reads it", FieldKind::Pick(readers)).value(reader),
            // Last: what belongs to a file must have come before it.
            Field::new(FILES, "Files", files).help(help),
        ]);
        form
    }

    fn read(&self, typed: &Typed) -> Result<Wanted, Vec<FieldError>> {
        let mut reading = Reading::of(typed);
        let kind = match &self.former {
            Some(former) => former.paper.doc_type.clone(),
            None => {
                let known: Vec<_> = self.kinds().map(|kind| (kind.to_owned(), kind.to_owned())).collect();
                reading.required("doc_type", |reading| reading.some_choice("doc_type", known))
            }
        };
        let number = reading.some_line("doc_no", NUMBER_MAX).unwrap_or_default();
        let title = reading.some_line("title", TITLE_MAX).unwrap_or_default();
        let on = reading.some_day("document_on", None, None);
        let version = match &self.former {
            None => 1,
            Some(former) => typed.text(VERSION).parse().ok().filter(|version| (2..=former.next).contains(version)).unwrap_or_else(|| {
                reading.refuse(VERSION, "This form is of no version. Open it again from the document.");
                0
            }),
        };
        let readers =
            reading.required("visible_to", |reading| reading.some_choice("visible_to", READERS.map(|(code, _)| (code.to_owned(), code))));
        reading.done().map(|()| Wanted { kind, number, title, on, readers, version })
    }
}

/// A file's name as it may be shown and kept: its last part, without control characters, of a bounded length.
fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|letter| !letter.is_control()).take(TITLE_MAX).collect();
    let kept = kept.trim();
    if kept.is_empty() { "document".to_owned() } else { kept.to_owned() }
}

fn on_file(name: &str, other: &Paper) -> String {
    let version = if other.version > 1 { format!(", version {}", other.version) } else { String::new() };
    format!("{name}: the case has this file already, as “{}”{version}. Nothing was added.", other.title)
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_shown_under_a_name_that_is_only_a_name() {
        let names = ["../../etc/passwd", "C:\\papers\\award.pdf", "a\u{0}b\r\n.pdf", " ", "याचिका.pdf"];
        assert_eq!(names.map(clean), ["passwd", "award.pdf", "ab.pdf", "document", "याचिका.pdf"]);
        assert_eq!(clean(&"x".repeat(500)).len(), TITLE_MAX);
    }

    #[test]
    fn every_kind_that_people_add_has_its_words_and_one_of_them_is_a_collections_officers() {
        let of = |role: Role| KINDS.iter().filter(|kind| role.files(kind)).count();
        assert_eq!(Role::ALL.map(of), [0, 26, 26, 1, 26, 26, 0, 0, 0]);
    }
}
