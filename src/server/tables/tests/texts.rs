//! Separated text.

use super::*;

const TWO: &str = "LAN,POS\n0012,5\n";

#[test]
fn a_text_is_read_in_every_encoding_that_spreadsheets_write() {
    let text = "LAN;Name\r\n0012;Renée “Asha” Rao\r\n";
    let expected = [row(2, &["0012", "Renée “Asha” Rao"])];
    let wide = |order: fn(u16) -> [u8; 2], mark: [u8; 2]| mark.into_iter().chain(text.encode_utf16().flat_map(order)).collect::<Vec<u8>>();
    let old: Vec<u8> = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    for (bytes, notes) in [
        (text.as_bytes().to_vec(), 0),
        ([&[0xef, 0xbb, 0xbf], text.as_bytes()].concat(), 0),
        (wide(u16::to_le_bytes, [0xff, 0xfe]), 0),
        (wide(u16::to_be_bytes, [0xfe, 0xff]), 0),
        (old, 1),
    ] {
        let (headings, told, rows) = read(&bytes).unwrap();
        assert_eq!((headings, words(&rows), told.len()), (vec!["LAN".into(), "Name".into()], expected.to_vec(), notes));
    }
}

#[test]
fn letters_on_the_edge_of_a_piece_are_whole() {
    for shift in 0..4 {
        let name = format!("{}{}", "x".repeat(shift), "न".repeat(30_000));
        let text = format!("LAN,Name\n1,{name}\n2,{name}\n");
        let (_, notes, rows) = read(text.as_bytes()).unwrap();
        assert_eq!((notes.len(), rows.len(), rows[1].cells[1].shown().as_ref() == name), (0, 2, true));
    }
}

#[test]
fn mixed_encodings_and_bytes_of_no_text_are_refused_by_their_lines() {
    assert!(refused(b"LAN,Name\n1,Ren\xc3\xa9e\n2,Ren\xe9e\n").contains("line 3 is written in another one than line 2"));
    assert!(refused(b"\xef\xbb\xbfLAN,Name\n1,Ren\xe9e\n").contains("Line 2 is not UTF-8"));
    assert!(refused(b"LAN,Name\n1,a\n2,\x81\x90\n").contains("Line 3 is neither UTF-8 nor Windows-1252"));
    assert!(refused(b"LAN,Name\n1,a\x00b\n").contains("Line 2 holds bytes that no text has"));
    assert!(refused(b"\xff\xfeL\x00A\x00,\x00N\x00\n\x001\x00,\x00\x00\xd8\n\x00").contains("Line 2"), "half a surrogate pair");
    assert!(refused(b"\xff\xfeL\x00A\x00,\x00N\x00\n\x001\x00,\x00\x00\x00\n\x00").contains("Line 2 holds characters"));
}

#[test]
fn what_separates_cells_is_found_out() {
    for (text, columns) in [
        ("LAN,POS,Name\n1,5,Rao\n", 3),
        ("LAN;POS;Name\n1;5,50;Rao, Asha\n2;6,50;Rao, Vijay\n", 3),
        ("LAN\tPOS\n1\t1,23,456\n", 2),
        ("LAN|POS|X|Y\n1|1,23,456|a;b|c\n", 4),
        ("Loans as of today\n\nLAN;POS\n1;1,23,456\n2;1,23,456\n", 2),
        ("sep=;\nLAN;POS\n1;2\n", 2),
    ] {
        assert_eq!(read(text.as_bytes()).unwrap().0.len(), columns, "{text}");
    }
}

#[test]
fn rows_are_numbered_as_a_spreadsheet_shows_them() {
    let text = "Loans\r\n\r\nLAN,Address\r\n1,\"12 MG Road\r\nPune\"\r\n,\r\n\r\n2,\"say \"\"so\"\"\" \r3,x\n\n,,\n";
    let (headings, _, rows) = read(text.as_bytes()).unwrap();
    assert_eq!(headings, ["LAN", "Address"]);
    assert_eq!(words(&rows), [row(4, &["1", "12 MG Road\r\nPune"]), row(7, &["2", "say \"so\" "]), row(8, &["3", "x"])]);
    assert_eq!(words(&read(b"LAN,POS\n1,2").unwrap().2), [row(2, &["1", "2"])], "the last row need not end");
    assert_eq!(words(&read(b"LAN,POS\n1,\"\"\n,\"5\"").unwrap().2), [row(2, &["1"]), row(3, &["", "5"])]);
}

#[test]
fn quotation_marks_that_are_never_closed_are_found_where_they_open() {
    assert!(refused(b"LAN,Name\n1,a\n2,\"b\n3,c\n").starts_with("Row 3, column B: a quotation mark opens here and is never closed"));
    let mut long = b"LAN,Name\n1,\"b\n".to_vec();
    long.extend(b"2,c\n".repeat(50_000));
    assert!(refused(&long).starts_with("Row 2, column B: a quotation mark opens here and is not closed"));
}

#[test]
fn more_than_the_limits_is_refused_and_exactly_as_much_is_not() {
    let limits = Limits { rows: 3, columns: 4, bytes: 1 << 20, cell: 10, blanks: 5, ..Limits::FILING };
    let read = |text: &str| whole(file(text.as_bytes()).path(), limits).map(|whole| whole.2.len()).map_err(|why| why.sentence().to_owned());
    assert_eq!(read("A,B,C,D,,,\n1,2,3,4,,,\n\n2,2\n3,3\n,,\n"), Ok(3));
    assert!(read("A,B\n1,1\n2,2\n\n3,3\n4,4\n").unwrap_err().starts_with("Row 6: the file has more than 3 rows"));
    assert!(read("A,B\n1,1\n2,2,3,4,5\n").unwrap_err().starts_with("Row 3, column E: the table has more than 4 columns"));
    assert!(read("A,B\n1,0123456789x\n").unwrap_err().starts_with("Row 2, column B: the cell is longer"));
    assert!(read("A,B\n1,1\n\n\n\n\n\n\n2,2\n").unwrap_err().starts_with("Row 8: there are too many blank rows"));
    let small = Limits { bytes: 10, ..limits };
    assert!(whole(file(TWO.as_bytes()).path(), small).unwrap_err().sentence().contains("larger than"));
}

#[test]
fn two_hundred_and_one_columns_and_a_hundred_thousand_and_one_rows_are_too_many() {
    let wide: Vec<String> = (0..201).map(|column| format!("H{column}")).collect();
    assert!(refused(format!("{}\n1,2\n", wide.join(",")).as_bytes()).starts_with("Row 1, column GS: the table has more than 200 columns"));
    let rows = |count: usize| format!("A,B\n{}", "1,2\n".repeat(count));
    assert_eq!(read(rows(1_00_000).as_bytes()).unwrap().2.len(), 1_00_000);
    assert!(refused(rows(1_00_001).as_bytes()).starts_with("Row 100002: the file has more than 1,00,000 rows"));
}

#[test]
fn fifty_megabytes_of_nothing_end_with_a_question() {
    assert!(refused(&vec![b'\n'; 50 << 20]).contains("too many blank rows"));
    let mut below = TWO.as_bytes().to_vec();
    below.extend(b",\n".repeat(11_00_000));
    assert!(refused(&below).contains("Delete the rows below the last loan"));
    assert!(refused(&vec![b','; 20 << 20]).contains("No row with headings"));
}

#[test]
fn headings_are_the_first_row_of_words_with_data_below_and_each_is_its_own() {
    let (headings, notes, rows) = read(b"Loans of October\n\nLAN,Mobile,,Mobile, Mobile (2) \n1,9,,8,7\n2,9,stray\n").unwrap();
    assert_eq!(headings, ["LAN", "Mobile", "", "Mobile (3)", "Mobile (2)"]);
    assert_eq!((rows.len(), rows[0].number, notes.len()), (2, 4, 2));
    assert!(notes[0].contains("Columns B and D are both headed “Mobile”") && notes[1].starts_with("Column C has no heading"), "{notes:?}");
    let merged = refused(b"Loan,Borrower,,\nNo,Name,Mobile,PIN\n1,Rao,9,4\n");
    assert!(merged.starts_with("Row 1 has no heading in columns C, D, where row 2 has data") && merged.contains("unmerge"), "{merged}");
    assert!(refused(b"LAN,POS\n").starts_with("Row 1 holds the headings, and no loan follows"));
    assert!(refused(b"LAN\n1\n2\n").starts_with("No row with headings"));
    assert!(refused(b"").contains("empty"));
    assert!(refused(b"  \n ,, \n").starts_with("No row with headings"));
}

#[test]
fn what_is_no_table_is_told_what_it_is() {
    for (bytes, told) in [
        (&b"%PDF-1.7 ..."[..], "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", "password"),
        (b"\n <HTML><table>", "web page"),
        (b"<?xml version=\"1.0\"?><Workbook>", "web page or XML"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"PK\x03\x04 and no archive", "damaged"),
    ] {
        assert!(refused(bytes).contains(told), "{told}: {}", refused(bytes));
    }
    assert!(Table::open(Path::new("/nowhere/at/all"), Limits::FILING).is_err());
}

#[test]
fn what_the_library_writes_is_read_as_it_was_written() {
    let rows = [["LAN", "a \"quoted\" one", "c"], ["1", "line\nbreak, and comma", " lead"], ["2", "'x", "=1+1"], ["", "only", ""]];
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    let (headings, _, read) = read(&writer.into_inner().unwrap()).unwrap();
    assert_eq!(headings, rows[0]);
    assert_eq!(words(&read), [row(2, &rows[1]), row(3, &rows[2]), row(4, &["", "only"])]);
}
