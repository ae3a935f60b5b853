//! Documents, in words: those of a case, those of many, and one of them with what is in it.

use super::{day, moment, term};
use crate::model::{CaseDocuments, Cell, DocumentInCase, DocumentList, DocumentRow, Fact, FactGroup, FileForm, Instant, Sheet, Tone};

/// Documents of a case; below them, what the person may do.
pub fn of_case(documents: CaseDocuments) -> Sheet {
    let CaseDocuments { case, rows: documents, may_add, may_bundle } = documents;
    let headings = ["Document", "Kind", "Date", "State", "#Size"];
    let row = |document: DocumentRow| {
        let kind = term(document.kind.clone()).line(document.visible_to.label.clone());
        vec![title(&document), kind, day(document.on), state(&document), Cell::text(size(document.size_bytes))]
    };
    let bundle = (may_bundle && !documents.is_empty())
        .then(|| Cell::text("All as a zip").file(format!("/cases/{case}/documents.zip"), FileForm::Download));
    let add = may_add.then(|| Cell::text("Add documents").file(format!("/cases/{case}/documents/new"), FileForm::Form));
    let mut deeds: Vec<Cell> = add.into_iter().chain(bundle).collect();
    let rows: Vec<Vec<Cell>> = documents.into_iter().map(row).collect();
    let last = (!deeds.is_empty()).then(|| {
        deeds.resize(headings.len(), Cell::text(""));
        deeds
    });
    Sheet::new("Documents", "No document is on file", &headings).with(rows.into_iter().chain(last))
}

/// Documents of many cases.
pub fn list(list: DocumentList) -> Sheet {
    let headings = ["Document", "Kind", "Case", "Date", "On file since", "State", "#Size"];
    let row = |(document, number, respondent): (DocumentRow, String, Option<String>)| {
        let case = Cell::text(number).some_line(respondent).to(format!("/cases/{}", document.case));
        let (on, since, size) = (day(document.on), moment(document.since), Cell::text(size(document.size_bytes)));
        vec![title(&document), term(document.kind.clone()), case, on, since, state(&document), size]
    };
    let clipped = "More cases match than are looked into: name fewer of them to see every document.";
    Sheet {
        next: list.next,
        remark: list.clipped.then(|| clipped.to_owned()),
        ..Sheet::new("Documents", "No document matches", &headings).with(list.rows.into_iter().map(row))
    }
}

/// A document with what is in it, for somebody whose role may open it or not, and the way to its other versions.
pub fn exhibit(found: DocumentInCase) -> FactGroup {
    let DocumentInCase { shown: document, versions, may_open, may_replace, kept_back } = found;
    let address = format!("/documents/{}/content", document.id.as_str());
    let fetch = Cell::text("Download").file(format!("{address}?download=1"), FileForm::Download);
    let preview = match (kept_back, document.mime.as_str()) {
        (Some(why), _) => Cell::text(why.sentence()).meant(Tone::Bad),
        (None, _) if !may_open => Cell::text("Your role does not open documents: they name borrowers."),
        (None, "application/pdf") => Cell::text(document.title.as_str()).file(address, FileForm::Pages),
        (None, "image/png" | "image/jpeg") => Cell::text(document.title.as_str()).file(address, FileForm::Picture),
        (None, _) => Cell::text("A file of this kind is not shown here. Download it to read it."),
    };
    let given = may_open && kept_back.is_none();
    let version = version(&document, &versions);
    let fact = |label: &str, cell: Cell| Fact { label: label.to_owned(), cell, formula: None };
    let mut facts = vec![fact("Preview", preview)];
    facts.extend(given.then(|| fact("File", fetch)));
    let replace = format!("/cases/{}/documents/new?of={}", document.case, document.id.as_str());
    facts.extend(may_replace.then(|| fact("Replace", Cell::text("Add a new version").file(replace, FileForm::Form))));
    // What is on file can be asked for to be withdrawn, and decided on, by the same address.
    let withdraw = format!("/cases/{}/do/withdraw-document?on={}", document.case, document.id.as_str());
    let withdrawable = may_replace && document.withdrawn.is_none() && !document.case.is_empty();
    facts.extend(withdrawable.then(|| fact("Withdraw", Cell::text("Withdraw this version").file(withdraw, FileForm::Form))));
    facts.extend(document.withdrawn.clone().map(|why| fact("Withdrawn because", Cell::some(Some(why).filter(|why| !why.is_empty())))));
    facts.extend([
        fact("State", state(&document)),
        fact("Kind", term(document.kind)),
        fact("Exhibit", Cell::some(Some(document.exhibit).filter(|exhibit| !exhibit.is_empty()))),
        fact("Version", version),
        fact("Date", day(document.on)),
        fact("On file since", moment(document.since)),
        fact("Seen by", term(document.visible_to)),
        fact("Size", Cell { exact: Some(format!("{} bytes", document.size_bytes)), ..Cell::text(size(document.size_bytes)) }),
        fact("SHA-256", Cell::text(document.sha256)),
    ]);
    facts.extend(versions.iter().filter(|other| other.id != document.id).map(other_version));
    FactGroup { title: document.title, facts }
}

/// Which version it is; one that has been replaced says so.
fn version(document: &DocumentRow, versions: &[DocumentRow]) -> Cell {
    match versions.iter().map(|other| other.version).max() {
        Some(latest) if latest > document.version => {
            Cell::text(format!("{} of {latest}", document.version)).line("Replaced by a later version").meant(Tone::Waiting)
        }
        _ => Cell::text(document.version.to_string()),
    }
}

/// Another version of the document, which leads to itself.
fn other_version(other: &DocumentRow) -> Fact {
    let spoken = format!("Version {} of {}", other.version, other.title);
    let since = other.since.map_or_else(|| "Open".to_owned(), Instant::long);
    let cell = Cell { exact: Some(spoken), ..Cell::text(since) }.some_line(other.withheld.map(|why| why.label().to_owned()));
    Fact { label: format!("Version {}", other.version), cell: cell.file(address(other), FileForm::OnPage), formula: None }
}

/// Where a document is read within its case.
fn address(document: &DocumentRow) -> String {
    format!("/cases/{}/documents?doc={}", document.case, document.id.as_str())
}

/// The title, which leads to the document in its case.
fn title(document: &DocumentRow) -> Cell {
    let version = (document.version > 1).then(|| format!("version {}", document.version));
    let title = Cell::text(document.title.as_str()).some_line(version);
    title.file(address(document), FileForm::OnPage)
}

fn state(document: &DocumentRow) -> Cell {
    match document.withheld {
        None => Cell::text("On file").meant(Tone::Good),
        Some(why) => Cell::text(why.label()).some_line(document.withdrawn.clone().filter(|why| !why.is_empty())).meant(Tone::Bad),
    }
}

/// `412 KB`, `3.1 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
