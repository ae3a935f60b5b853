//! What a filing file costs: ten thousand loans opened, read and judged, from text and from a workbook.
#![allow(missing_docs, clippy::expect_used, reason = "a benchmark")]

use std::{hint::black_box, io::Write as _};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use odr_portal::{
    model::{
        Day,
        case_draft::CaseChoices,
        filing::{Content, Known, Mapping, Seen, check_row},
    },
    server::tables::{Limits, Table},
};
use tempfile::NamedTempFile;
use zip::{ZipWriter, write::SimpleFileOptions};

const ROWS: u32 = 10_000;
const HEADINGS: [&str; 22] = [
    "Loan A/c No.",
    "Product",
    "Branch",
    "Agreement No",
    "Agreement Date",
    "Arbitration clause",
    "Date of default",
    "NPA date",
    "Principal O/S",
    "Overdue interest",
    "Penal charges",
    "Total dues",
    "As on date",
    "Customer name",
    "Mobile No",
    "E-mail ID",
    "PAN",
    "Address",
    "City",
    "State",
    "PIN code",
    "Remarks",
];

fn loan(number: u32) -> [String; 22] {
    let text = |text: &str| text.to_owned();
    [
        format!("00{number:012}"),
        text("Personal loan"),
        format!("BR-{:03}", number % 400),
        format!("AG/{number}"),
        text("01/02/2023"),
        text("Yes"),
        text("15-Mar-2025"),
        text("13/06/2025"),
        text("1,23,456.50"),
        text("1000"),
        text("250.25"),
        text("1,24,706.75"),
        text("31/10/2026"),
        format!("Ramesh Kumar {number}"),
        format!("9{number:09}"),
        format!("r{number}@example.in"),
        text("ABCPD1234E"),
        text("12 MG Road, Camp"),
        text("Pune"),
        text("Maharashtra"),
        text("411001"),
        text("call first"),
    ]
}

fn csv() -> NamedTempFile {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADINGS).expect("in memory");
    for number in 0..ROWS {
        writer.write_record(loan(number)).expect("in memory");
    }
    file(&writer.into_inner().expect("in memory"))
}

fn xlsx() -> NamedTempFile {
    const PARTS: [(&str, &str); 3] = [
        ("_rels/.rels", r#"<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", r#"<workbook><sheets><sheet name="Loans" sheetId="1" r:id="a"/></sheets></workbook>"#),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="a" Type="x/worksheet" Target="sheet.xml"/><Relationship Id="b" Type="x/sharedStrings" Target="words.xml"/></Relationships>"#,
        ),
    ];
    let (mut sheet, mut words, mut count) = (String::from("<worksheet><sheetData>"), String::from("<sst>"), 0);
    let mut put = |row: u32, cells: &[String]| {
        sheet.push_str(&format!("<row r=\"{row}\">"));
        for cell in cells {
            sheet.push_str(&format!("<c t=\"s\"><v>{count}</v></c>"));
            words.push_str(&format!("<si><t>{cell}</t></si>"));
            count += 1;
        }
        sheet.push_str("</row>");
    };
    put(1, &HEADINGS.map(str::to_owned));
    for number in 0..ROWS {
        put(number + 2, &loan(number));
    }
    sheet.push_str("</sheetData></worksheet>");
    words.push_str("</sst>");
    let mut writer = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in PARTS.into_iter().chain([("xl/sheet.xml", sheet.as_str()), ("xl/words.xml", words.as_str())]) {
        writer.start_file(name, SimpleFileOptions::default()).expect("in memory");
        writer.write_all(text.as_bytes()).expect("in memory");
    }
    file(&writer.finish().expect("in memory").into_inner())
}

fn file(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a place for files");
    file.write_all(bytes).expect("room for it");
    file
}

fn known() -> Known {
    let branches = (0..400).map(|number| (format!("BR-{number:03}"), format!("Town {number} · BR-{number:03}"))).collect();
    let choices = CaseChoices { products: CaseChoices::products(std::iter::empty()), branches };
    Known::of(choices, Day::parse("2026-11-21").expect("a day"))
}

/// Opens the file and judges every row; how many are good.
fn judged(file: &NamedTempFile, known: &Known) -> usize {
    let mut table = Table::open(file.path(), Limits::FILING).expect("a table");
    let headings = table.headings.clone();
    let mapping = Mapping::guess(&headings, &Mapping::default());
    let mut seen = Seen::default();
    let rows = table.rows().expect("rows");
    rows.filter(|row| {
        let row = row.as_ref().expect("a row");
        let content = Content::of(&headings, row.cells.clone());
        let checked = check_row(&content, &mapping, known);
        black_box(content.json());
        checked.is_good() && seen.note(&checked.case.lan, row.number).is_none()
    })
    .count()
}

fn filing(criterion: &mut Criterion) {
    let known = known();
    let mut group = criterion.benchmark_group("filing");
    group.sample_size(10).throughput(Throughput::Elements(u64::from(ROWS)));
    for (name, file) in [("csv", csv()), ("xlsx", xlsx())] {
        assert_eq!(judged(&file, &known), usize::try_from(ROWS).expect("small"), "every loan of the {name} is good");
        group.bench_function(format!("open and judge 10000 loans, {name}"), |bencher| bencher.iter(|| judged(black_box(&file), &known)));
    }
    group.finish();
}

criterion_group!(benches, filing);
criterion_main!(benches);
