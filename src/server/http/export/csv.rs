//! Rows as comma-separated values (RFC 4180) that no spreadsheet takes for formulas.

use super::cell::Value;

/// Tells spreadsheets that the file is UTF-8.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// These rows, each ended.
pub fn rows(rows: &[Vec<Value>]) -> std::io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // A row without cells is an empty line.
        if row.is_empty() {
            writer.write_record([""])?;
        } else {
            writer.write_record(row.iter().map(text))?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error())
}

fn text(value: &Value) -> String {
    match value {
        Value::Nothing => String::new(),
        Value::Text(text) => harmless(text),
        Value::Count(count) => count.to_string(),
        Value::Money(amount) => {
            let (sign, paise) = (if amount.paise() < 0 { "-" } else { "" }, amount.paise().unsigned_abs());
            format!("{sign}{}.{:02}", paise / 100, paise % 100)
        }
        Value::Day(day) => day.iso(),
        Value::Time(at) => at.day().map_or_else(String::new, |day| format!("{} {}", day.iso(), at.clock())),
    }
}

/// A text that a spreadsheet would compute (OWASP, "CSV injection": it begins with `=`, `+`, `-`, `@` or a control character; East
/// Asian full-width forms count as well) is written with an apostrophe before it.
fn harmless(text: &str) -> String {
    let begins = text.trim_start_matches(' ').chars().next();
    let computed = begins.is_some_and(|first| matches!(first, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') || first.is_control());
    if computed { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Day, Inr, Instant};

    fn line(values: &[Value]) -> String {
        String::from_utf8(rows(&[values.to_vec()]).unwrap()).unwrap()
    }

    #[test]
    fn each_type_is_written_so_that_it_sorts_and_adds_up() {
        let at = Instant { unix_s: 1_795_238_130, offset_minutes: 330 };
        let values = [
            Value::Text("Asha, \"Rao\" & Sons".to_owned()),
            Value::Count(12),
            Value::Money(Inr::from_paise(-1_234_505)),
            Value::Day(Day::parse("2026-11-21").unwrap()),
            Value::Time(at),
            Value::Nothing,
        ];
        assert_eq!(
            line(&values),
            format!("\"Asha, \"\"Rao\"\" & Sons\",12,-12345.05,2026-11-21,{} {},\r\n", at.day().unwrap().iso(), at.clock())
        );
    }

    #[test]
    fn nothing_is_computed_by_a_spreadsheet() {
        for text in ["=1+1", "+91", "-2", "@SUM(A1)", "  =cmd|' /C calc'!A0", "\t=1", "\r=1", "＝1"] {
            let written = line(&[Value::Text(text.to_owned())]);
            assert!(written.trim_start_matches('"').starts_with('\''), "{written}");
        }
        assert_eq!(line(&[Value::Text("a=b".to_owned())]), "a=b\r\n");
    }
}
