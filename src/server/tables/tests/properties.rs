//! What holds for any bytes: no panic, an end, and the limits.

use proptest::prelude::*;

use super::*;

const LIMITS: Limits = Limits { rows: 20, columns: 8, bytes: 1 << 20, unpacked: 1 << 16, words: 1 << 12, cell: 64, blanks: 50 };

fn within(bytes: &[u8]) -> Result<(), TestCaseError> {
    let file = file(bytes);
    let Ok(mut table) = Table::open(file.path(), LIMITS) else { return Ok(()) };
    prop_assert!(table.headings.len() <= LIMITS.columns);
    let Ok(rows) = table.rows() else { return Ok(()) };
    let (mut last, mut count) = (0, 0);
    for row in rows {
        let Ok(row) = row else { break };
        prop_assert!(row.number > last && row.cells.len() <= LIMITS.columns && row.cells.last().is_some_and(|cell| !cell.is_blank()));
        (last, count) = (row.number, count + 1);
    }
    prop_assert!(count <= LIMITS.rows);
    Ok(())
}

/// Bytes of which tables are made, and any others.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        &b","[..],
        b";",
        b"\t",
        b"\"",
        b"\"\"",
        b"\r",
        b"\n",
        b"\r\n",
        b"LAN",
        b"1,2",
        b"\xe9",
        "न".as_bytes(),
        b"\x00",
        b" ",
    ]);
    prop_oneof![prop::collection::vec(any::<u8>(), 0..300), prop::collection::vec(words, 0..120).prop_map(|words| words.concat()),]
}

/// Nodes of which sheets are made.
fn xml() -> impl Strategy<Value = String> {
    let nodes = vec![
        "<row>",
        "<row r=\"3\">",
        "</row>",
        "<row/>",
        "<c>",
        "<c r=\"B2\" s=\"1\">",
        "<c t=\"s\">",
        "<c t=\"inlineStr\">",
        "</c>",
        "<c/>",
        "<v>",
        "</v>",
        "<v>1</v>",
        "<f>",
        "</f>",
        "<is><t>x</t></is>",
        "text",
        "&amp;",
        "&#65;",
        "&x;",
        "<!-- -->",
        "<![CDATA[y]]>",
        "</sheetData>",
        "45292",
        "<",
        ">",
        "\"",
    ];
    prop::collection::vec(prop::sample::select(nodes), 0..60).prop_map(|nodes| nodes.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_table_within_the_limits_or_refused(bytes in bytes(), mark in prop::sample::select(vec![&b""[..], b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04"])) {
        within(&[mark, &bytes].concat())?;
    }

    #[test]
    fn any_sheet_is_a_table_within_the_limits_or_refused(sheet in xml(), shared in xml()) {
        within(&zipped(&parts(&[("A", "visible", &sheet), ("B", "visible", &shared)], &shared)))?;
    }

    #[test]
    fn a_workbook_that_is_damaged_anywhere_is_refused_or_read(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = book(&[inline(1, &["LAN", "POS"]), inline(2, &["1", "5"])].concat());
        let at = at.index(bytes.len());
        bytes[at] = byte;
        within(&bytes)?;
    }

    #[test]
    fn what_the_library_writes_is_read_as_it_was_written(
        rows in prop::collection::vec(prop::collection::vec("[ -~\n\ré]{0,12}", 3), 1..10),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
    ) {
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).quote_style(::csv::QuoteStyle::Always).from_writer(Vec::new());
        writer.write_record(["LAN", "POS", "Name"]).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let file = file(&writer.into_inner().unwrap());
        let limits = Limits { columns: 3, ..LIMITS };
        let expected: Vec<(u32, Vec<String>)> = (2..).zip(rows).filter_map(|(number, row)| {
            let blank = |cell: &String| Cell::Text(cell.clone()).is_blank();
            let kept = row.iter().rposition(|cell| !blank(cell))? + 1;
            Some((number, row[..kept].iter().map(|cell| if blank(cell) { String::new() } else { cell.clone() }).collect()))
        }).collect();
        match whole(file.path(), limits) {
            Ok((headings, _, read)) => {
                prop_assert_eq!(headings, ["LAN", "POS", "Name"]);
                prop_assert_eq!(words(&read), expected);
            }
            Err(why) => prop_assert!(expected.is_empty(), "{}", why),
        }
    }
}
