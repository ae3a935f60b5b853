//! Tables, honest and hostile, made on the fly.

mod books;
mod properties;
mod texts;

use std::{io::Write as _, path::Path};

use tempfile::NamedTempFile;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{Cell, Limits, Row, Table, Unreadable};

/// A file of these bytes.
fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file.flush().unwrap();
    file
}

/// All of a table: headings, notes, rows.
type Whole = (Vec<String>, Vec<String>, Vec<Row>);

fn whole(path: &Path, limits: Limits) -> Result<Whole, Unreadable> {
    let mut table = Table::open(path, limits)?;
    let rows = table.rows()?.collect::<Result<Vec<_>, _>>()?;
    Ok((table.headings, table.notes, rows))
}

fn read(bytes: &[u8]) -> Result<Whole, String> {
    whole(file(bytes).path(), Limits::FILING).map_err(|why| why.sentence().to_owned())
}

/// Why it cannot be read.
fn refused(bytes: &[u8]) -> String {
    read(bytes).map(|(headings, _, rows)| (headings, rows.len())).expect_err("it is refused")
}

/// Rows as numbers and words.
fn words(rows: &[Row]) -> Vec<(u32, Vec<String>)> {
    rows.iter().map(|row| (row.number, row.cells.iter().map(|cell| cell.shown().into_owned()).collect())).collect()
}

fn row(number: u32, cells: &[&str]) -> (u32, Vec<String>) {
    (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
}

const ROOT: &str = r#"<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const STYLES: &str = r#"<styleSheet><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

/// Parts of a workbook with these sheets: name, state, and what stands in `sheetData`.
fn parts(sheets: &[(&str, &str, &str)], shared: &str) -> Vec<(String, String)> {
    let (mut list, mut relations) = (String::new(), String::new());
    let mut parts = vec![("_rels/.rels".to_owned(), ROOT.to_owned()), ("xl/styles.xml".to_owned(), STYLES.to_owned())];
    for (index, (name, state, data)) in sheets.iter().enumerate() {
        list += &format!(r#"<sheet name="{name}" sheetId="{index}" state="{state}" r:id="s{index}"/>"#);
        relations += &format!(r#"<Relationship Id="s{index}" Type="x/worksheet" Target="worksheets/sheet{index}.xml"/>"#);
        parts.push((format!("xl/worksheets/sheet{index}.xml"), format!("<worksheet><sheetData>{data}</sheetData></worksheet>")));
    }
    relations += r#"<Relationship Id="a" Type="x/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="b" Type="x/styles" Target="styles.xml"/>"#;
    parts.push(("xl/workbook.xml".to_owned(), format!("<workbook><workbookPr/><sheets>{list}</sheets></workbook>")));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), format!("<Relationships>{relations}</Relationships>")));
    parts.push(("xl/sharedStrings.xml".to_owned(), format!("<sst>{shared}</sst>")));
    parts
}

fn zipped(parts: &[(String, String)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of one sheet.
fn book(data: &str) -> Vec<u8> {
    zipped(&parts(&[("Loans", "visible", data)], "<si><t>LAN</t></si><si><r><t>P</t></r><r><t>OS</t></r><rPh><t>reading</t></rPh></si>"))
}

/// A row of words.
fn inline(number: u32, cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|cell| format!(r#"<c t="inlineStr"><is><t>{cell}</t></is></c>"#)).collect();
    format!(r#"<row r="{number}">{cells}</row>"#)
}
