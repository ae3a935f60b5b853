//! Which parts a workbook has: its visible sheets, its words and its formats. It must not know what is in them.

use std::io::Read;

use super::{
    super::Unreadable,
    Archive, damaged, part_of, place_of,
    xml::{Node, Xml, attribute},
};

/// What a workbook says of itself.
pub struct Described {
    /// Names and parts of its visible sheets, in their order.
    pub sheets: Vec<(String, String)>,
    /// The part with words.
    pub words: Option<String>,
    /// The part with formats.
    pub styles: Option<String>,
    /// Whether days are counted from 1904.
    pub from_1904: bool,
}

/// A reference from one part to another.
struct Relation {
    id: String,
    kind: String,
    part: String,
}

/// Reads it.
pub fn read(archive: &mut Archive, most: u64) -> Result<Described, Unreadable> {
    if place_of(archive, "_rels/.rels").is_none() {
        return Err(Unreadable::new(if place_of(archive, "content.xml").is_some() {
            "This is an OpenDocument file. Save it as .xlsx or as CSV."
        } else {
            "This is an archive and no workbook. Unpack it and send the table in it, as .xlsx or as CSV."
        }));
    }
    let root = relations(part_of(archive, "_rels/.rels", most)?, "")?;
    let book = root.into_iter().find(|relation| relation.kind.ends_with("/officeDocument")).ok_or_else(|| damaged(()))?.part;
    if book.ends_with(".bin") {
        return Err(Unreadable::new("This is a binary workbook (.xlsb). Save it as .xlsx."));
    }
    let (folder, name) = book.rsplit_once('/').unwrap_or(("", &book));
    if name.starts_with("document") || name.starts_with("presentation") {
        return Err(Unreadable::new("This is a text or slides and no workbook. Send the table as .xlsx or as CSV."));
    }
    let of_book = relations(part_of(archive, &format!("{folder}/_rels/{name}.rels"), most)?, folder)?;
    let part = |kind: &str| of_book.iter().find(|relation| relation.kind.ends_with(kind)).map(|relation| relation.part.clone());
    let mut described = Described { sheets: Vec::new(), words: part("/sharedStrings"), styles: part("/styles"), from_1904: false };
    let mut xml = part_of(archive, &book, most)?;
    loop {
        match xml.node()? {
            Node::Open(element) => match element.local_name().into_inner() {
                "workbookPr" => {
                    described.from_1904 = attribute(&element, "date1904").is_some_and(|value| matches!(value.as_str(), "1" | "true"))
                }
                "sheet" => {
                    let hidden = attribute(&element, "state").is_some_and(|state| state != "visible");
                    let id = attribute(&element, "id").unwrap_or_default();
                    let sheet = of_book.iter().find(|relation| relation.id == id && relation.kind.ends_with("/worksheet"));
                    if let Some(sheet) = sheet.filter(|_| !hidden) {
                        let name = attribute(&element, "name").unwrap_or_default();
                        described.sheets.push((name, sheet.part.clone()));
                    }
                }
                _ => {}
            },
            Node::End => break,
            Node::Close(_) | Node::Text(_) | Node::Other => {}
        }
    }
    if described.sheets.is_empty() {
        return Err(Unreadable::new("The workbook has no visible sheet. Show the one that holds the loans and save it again."));
    }
    Ok(described)
}

fn relations<R: Read>(mut xml: Xml<R>, folder: &str) -> Result<Vec<Relation>, Unreadable> {
    let mut relations = Vec::new();
    loop {
        match xml.node()? {
            Node::Open(element) if element.local_name().into_inner() == "Relationship" => {
                let of = |name: &str| attribute(&element, name).unwrap_or_default();
                relations.push(Relation { id: of("Id"), kind: of("Type"), part: resolved(folder, &of("Target")) });
            }
            Node::End => return Ok(relations),
            Node::Open(_) | Node::Close(_) | Node::Text(_) | Node::Other => {}
        }
    }
}

/// A target as the name of a part.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}
