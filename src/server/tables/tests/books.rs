//! Workbooks.

use super::*;
use crate::model::Day;

#[test]
fn cells_of_every_kind_are_read_as_the_file_has_them() {
    let data = r#"
        <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>A &amp; B</t></is></c><c r="D1" t="str"><v>D</v></c><c r="E1" t="str"><v>E</v></c></row>
        <row r="3">
          <c r="A3"><v>1234567890123456</v></c><c r="B3" s="1"><v>45292</v></c><c r="C3" t="b"><v>1</v></c>
          <c r="D3" t="e"><f>A1/0</f><v>#DIV/0!</v></c><c r="E3"><f>1+1</f><v>2</v></c>
        </row>
        <row><c t="inlineStr"><is><t>007</t></is></c><c s="2"><v>0.5</v></c><c t="d"><v>2024-01-01T00:00:00</v></c><c/><c t="str"><f>x</f><v></v></c></row>"#;
    let bytes = book(data);
    let (headings, notes, rows) = read(&bytes).unwrap();
    assert_eq!(headings, ["LAN", "POS", "A & B", "D", "E"]);
    assert_eq!(notes.len(), 0, "{notes:?}");
    let day = Cell::Day(Day::parse("2024-01-01").unwrap());
    assert_eq!(rows[0].number, 3);
    let text = |text: &str| Cell::Text(text.to_owned());
    assert_eq!(rows[0].cells[..3], [Cell::Number("1234567890123456".to_owned()), day.clone(), Cell::Truth(true)]);
    assert_eq!(rows[0].cells[3..], [Cell::Wrong("#DIV/0!".to_owned()), Cell::Formula("2".to_owned())]);
    assert_eq!((rows[1].number, &rows[1].cells[..3]), (4, &[text("007"), Cell::Number("0.5".to_owned()), day][..]));
    assert_eq!(rows[1].cells[4], Cell::Formula(String::new()));
}

#[test]
fn the_first_visible_sheet_with_data_is_read_and_named() {
    let data = [inline(1, &["LAN", "POS"]), inline(2, &["1", "5"])].concat();
    let sheets =
        [("Secret", "hidden", data.as_str()), ("Cover", "visible", ""), ("Loans &amp; dues", "visible", &data), ("More", "visible", &data)];
    let file = file(&zipped(&parts(&sheets, "")));
    let table = Table::open(file.path(), Limits::FILING).unwrap();
    assert_eq!(table.sheet.as_deref(), Some("Loans & dues"));
    assert!(table.notes[0].contains("3 sheets; “Loans & dues” is read"), "{:?}", table.notes);
    assert!(refused(&zipped(&parts(&sheets[..1], ""))).contains("no visible sheet"));
    assert!(refused(&zipped(&parts(&[("A", "visible", ""), ("B", "visible", "")], ""))).starts_with("No row with headings"));
    let half = [("A", "visible", "<row r=\"1\"><c t=\"str\"><v>x</v></c></row>"), ("B", "visible", &data)];
    assert!(refused(&zipped(&parts(&half, ""))).starts_with("Sheet “A”: No row with headings"));
}

#[test]
fn rows_can_be_read_again() {
    let file = file(&book(&[inline(1, &["LAN", "POS"]), inline(2, &["1", "5"])].concat()));
    let mut table = Table::open(file.path(), Limits::FILING).unwrap();
    let mut count = || table.rows().unwrap().count();
    assert_eq!([count(), count()], [1, 1]);
}

#[test]
fn merged_headings_and_columns_beyond_the_limit_are_refused_by_their_places() {
    let merged = [inline(1, &["Loan", "Borrower"]), inline(2, &["No", "Name", "Mobile"]), inline(3, &["1", "Rao", "9"])].concat();
    assert!(refused(&book(&merged)).starts_with("Row 1 has no heading in column C, where row 2 has data"));
    let wide: Vec<&str> = std::iter::repeat_n("x", 201).collect();
    assert!(refused(&book(&inline(1, &wide))).starts_with("Row 1, column GS: the table has more than 200 columns"));
    let far = [inline(1, &["LAN", "POS"]), r#"<row r="2"><c r="A2"><v>1</v></c><c r="XFD2" s="1"/></row>"#.to_owned()].concat();
    assert_eq!(read(&book(&far)).unwrap().2.len(), 1, "formats are no data");
}

#[test]
fn what_is_no_sound_workbook_is_told_what_it_is() {
    let damaged = |data: &str| refused(&book(data));
    for data in [
        "<row r=\"2\"/><row r=\"2\"/>",
        "<row r=\"9999999\"/>",
        "<row r=\"1\"><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>",
        "<row r=\"1\"><c r=\"1\"><v>1</v></c></row>",
        "<row r=\"1\"><c t=\"s\"><v>99</v></c></row>",
        "<row r=\"1\"><c>",
        "<row r=\"1\"><c t=\"str\"><v>&nope;</v></c></row>",
    ] {
        assert!(damaged(data).contains("damaged"), "{data}: {}", damaged(data));
    }
    let with = |name: &str, text: &str| {
        let mut parts = parts(&[("Loans", "visible", "")], "");
        parts.retain(|(known, _)| known != name);
        parts.push((name.to_owned(), text.to_owned()));
        refused(&zipped(&parts))
    };
    let bomb = r#"<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>"#;
    assert!(with("xl/workbook.xml", bomb).contains("damaged"));
    assert!(with("xl/workbook.xml", &"<a>".repeat(1_000)).contains("damaged"), "too deep");
    assert!(with("_rels/.rels", &ROOT.replace("workbook.xml", "workbook.bin")).contains("binary workbook"));
    assert!(with("_rels/.rels", &ROOT.replace("xl/workbook", "word/document")).contains("text or slides"));
    assert!(refused(&zipped(&[("content.xml".to_owned(), String::new())])).contains("OpenDocument"));
    assert!(refused(&zipped(&[("loans.csv".to_owned(), String::new())])).contains("Unpack it"));
    let whole = book(&inline(1, &["LAN", "POS"]));
    assert!(refused(&whole[..whole.len() / 2]).contains("damaged"), "cut off");
}

#[test]
fn a_bomb_is_put_out() {
    // Spaces in a sheet: a thousandth of it in the archive.
    let limits = Limits { unpacked: 4 << 20, words: 1 << 20, ..Limits::FILING };
    let told = |bytes: &[u8]| whole(file(bytes).path(), limits).unwrap_err().sentence().to_owned();
    assert!(told(&book(&"<x/>".repeat(2 << 20))).contains("unpacks to far more"));
    assert!(told(&book(&" ".repeat(16 << 20))).contains("unpacks to far more"));
    let one = format!("<row r=\"1\"><c t=\"inlineStr\"><is><t>{}</t></is></c></row>", "x".repeat(900_000));
    assert!(told(&book(&one)).starts_with("Row 1, column A: the cell holds more"));
    let many = format!("<si><t>{}</t></si>", "y".repeat(1_000)).repeat(2_000);
    assert!(told(&zipped(&parts(&[("Loans", "visible", "")], &many))).contains("different words"));
    assert!(
        told(&zipped(&parts(&[("Loans", "visible", "")], &"<si/>".repeat(2_00_000)))).contains("different words"),
        "words of no length count"
    );
}

#[test]
fn a_directory_of_a_million_parts_is_not_read() {
    // By hand: one entry of the directory again and again, and an end that counts them.
    let name = [b'a'; 60];
    let mut entry = b"PK\x01\x02".to_vec();
    entry.extend([0; 24]);
    entry.extend([60, 0]);
    entry.extend([0; 16]);
    entry.extend(name);
    let count = 65_000_u32;
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(40, 0);
    let at = u32::try_from(bytes.len()).unwrap();
    let size = u32::try_from(entry.len()).unwrap() * count;
    for _ in 0..count {
        bytes.extend(&entry);
    }
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([u16::try_from(count).unwrap().to_le_bytes(); 2].concat());
    bytes.extend(size.to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0, 0]);
    assert!(bytes.len() > 5 << 20);
    assert!(refused(&bytes).contains("damaged"));
}

#[test]
fn formats_without_data_are_passed_over_until_they_are_too_many() {
    let head = [inline(1, &["LAN", "POS"]), inline(2, &["1", "5"])].concat();
    let blank = |rows: std::ops::Range<u32>| {
        rows.map(|row| format!(r#"<row r="{row}"><c s="1"/><c s="1"/><c t="inlineStr"><is><t> </t></is></c></row>"#)).collect::<String>()
    };
    let sound = [head.clone(), blank(3..1_000), inline(5_000, &["2", "6"])].concat();
    assert_eq!(words(&read(&book(&sound)).unwrap().2), [row(2, &["1", "5"]), row(5_000, &["2", "6"])]);
    let limits = Limits { blanks: 2_000, ..Limits::FILING };
    let file = file(&book(&[head, blank(3..1_000)].concat()));
    let why = whole(file.path(), limits).unwrap_err();
    assert!(why.sentence().starts_with("Row 669: there are too many blank rows and cells"), "{why}");
}
