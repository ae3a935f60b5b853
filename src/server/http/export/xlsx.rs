//! Rows as an Office Open XML workbook (ECMA-376) of one sheet, written as they come: what is done is taken away and not kept.
//!
//! Words are inline strings, which no spreadsheet computes; the libraries for this format keep the sheet in memory or in a file,
//! and the portal keeps rows of cases in neither.

use std::io::{self, Write as _};

use zip::{ZipWriter, write::SimpleFileOptions, write::StreamWriter};

use super::{cell::Value, pipe::Pipe};

const PARTS: [(&str, &str); 5] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Cases" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    (
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="3"><numFmt numFmtId="164" formatCode="[&gt;=10000000]##\,##\,##\,##0.00;[&gt;=100000]##\,##\,##0.00;##,##0.00"/><numFmt numFmtId="165" formatCode="d mmm yyyy"/><numFmt numFmtId="166" formatCode="d mmm yyyy hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="166" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>"#,
    ),
];
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// The headings and the first column stay in view.
const SHEET_BEGIN: &str = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="20" width="18" customWidth="1"/></cols><sheetData>"#;
const SHEET_END: &str = "</sheetData></worksheet>";

/// Indices into the cell formats of `xl/styles.xml`.
const HEADING: u8 = 1;
const MONEY: u8 = 2;
const DAY: u8 = 3;
const TIME: u8 = 4;

/// Days between the spreadsheets' day 0, 1899-12-30, and 1970-01-01.
const EPOCH_SERIAL: i64 = 25_569;

/// A workbook being written.
pub struct Workbook {
    archive: ZipWriter<StreamWriter<Pipe>>,
    pipe: Pipe,
    row: u32,
}

impl Workbook {
    /// Begins one.
    pub fn new() -> io::Result<Self> {
        let pipe = Pipe::default();
        let mut archive = ZipWriter::new_stream(pipe.clone());
        let options = SimpleFileOptions::default();
        for (name, text) in PARTS {
            archive.start_file(name, options)?;
            archive.write_all(DECLARATION.as_bytes())?;
            archive.write_all(text.as_bytes())?;
        }
        // More than 4 GB of XML is nothing that a role's limit lets through, but the format must be able to say so.
        archive.start_file("xl/worksheets/sheet1.xml", options.large_file(true))?;
        archive.write_all(DECLARATION.as_bytes())?;
        archive.write_all(SHEET_BEGIN.as_bytes())?;
        Ok(Self { archive, pipe, row: 0 })
    }

    /// Adds rows; answers with the bytes that are ready.
    pub fn rows(&mut self, rows: &[Vec<Value>]) -> io::Result<Vec<u8>> {
        let mut xml = String::new();
        for row in rows {
            self.row += 1;
            xml.push_str(&format!("<row r=\"{}\">", self.row));
            for (column, value) in row.iter().enumerate() {
                cell(&mut xml, column, self.row, value);
            }
            xml.push_str("</row>");
        }
        self.archive.write_all(xml.as_bytes())?;
        Ok(self.pipe.take())
    }

    /// Ends it; answers with the last bytes.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        self.archive.write_all(SHEET_END.as_bytes())?;
        self.archive.finish()?;
        Ok(self.pipe.take())
    }
}

fn cell(xml: &mut String, column: usize, row: u32, value: &Value) {
    let letter = u8::try_from(column).ok().and_then(|column| b'A'.checked_add(column)).map_or('Z', char::from);
    let mut number = |style: u8, value: &str| xml.push_str(&format!("<c r=\"{letter}{row}\" s=\"{style}\"><v>{value}</v></c>"));
    match value {
        Value::Nothing => {}
        Value::Count(count) => number(0, &count.to_string()),
        Value::Money(amount) => {
            let (sign, paise) = (if amount.paise() < 0 { "-" } else { "" }, amount.paise().unsigned_abs());
            number(MONEY, &format!("{sign}{}.{:02}", paise / 100, paise % 100));
        }
        Value::Day(day) => number(DAY, &(day.days_since_epoch() + EPOCH_SERIAL).to_string()),
        Value::Time(at) => {
            let local_s = at.unix_s.saturating_add(i64::from(at.offset_minutes) * 60);
            let day = local_s.div_euclid(86_400) + EPOCH_SERIAL;
            // To the millionth of a day, which is less than a tenth of a second.
            let millionths = local_s.rem_euclid(86_400) * 1_000_000 / 86_400;
            number(TIME, &format!("{day}.{millionths:06}"));
        }
        Value::Text(text) => {
            let style = if row == 1 { HEADING } else { 0 };
            xml.push_str(&format!("<c r=\"{letter}{row}\" s=\"{style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"));
            escape(xml, text);
            xml.push_str("</t></is></c>");
        }
    }
}

/// Characters that XML 1.0 does not have are left out.
fn escape(xml: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '\t' | '\n' | '\r' => xml.push(character),
            '\u{fffe}' | '\u{ffff}' => {}
            character if character.is_control() && character < '\u{80}' => {}
            character => xml.push(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::model::{Day, Inr, Instant};

    #[test]
    fn a_workbook_holds_typed_cells_and_harmless_words() {
        let mut workbook = Workbook::new().unwrap();
        let mut file = workbook.rows(&[vec![Value::Text("Number".to_owned())]]).unwrap();
        let at = Instant { unix_s: 1_795_238_130, offset_minutes: 330 };
        let row = vec![
            Value::Text("=1+1 <b>&\u{1}".to_owned()),
            Value::Nothing,
            Value::Money(Inr::from_paise(1_234_505)),
            Value::Day(Day::parse("2026-11-21").unwrap()),
            Value::Time(at),
        ];
        file.extend(workbook.rows(&[row]).unwrap());
        file.extend(workbook.finish().unwrap());
        let mut archive = zip::ZipArchive::new(io::Cursor::new(file)).unwrap();
        assert_eq!(archive.len(), PARTS.len() + 1);
        let mut sheet = String::new();
        archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
        for part in [
            r#"<c r="A1" s="1" t="inlineStr"><is><t xml:space="preserve">Number</t></is></c>"#,
            r#"<c r="A2" s="0" t="inlineStr"><is><t xml:space="preserve">=1+1 &lt;b&gt;&amp;</t></is></c>"#,
            r#"<c r="C2" s="2"><v>12345.05</v></c>"#,
            // 21 November 2026 is day 46347 of the spreadsheets.
            r#"<c r="D2" s="3"><v>46347</v></c>"#,
        ] {
            assert!(sheet.contains(part), "{part} is not in {sheet}");
        }
        assert!(!sheet.contains("<f>") && sheet.ends_with(SHEET_END));
    }

    #[test]
    fn what_is_done_is_not_kept() {
        let mut workbook = Workbook::new().unwrap();
        let row = || vec![Value::Text(uuid::Uuid::new_v4().to_string()); 20];
        for _ in 0..200 {
            workbook.rows(&(0..400).map(|_| row()).collect::<Vec<_>>()).unwrap();
            assert!(workbook.pipe.0.lock().unwrap().capacity() == 0);
        }
        assert!(workbook.finish().unwrap().len() < 200_000);
    }
}
