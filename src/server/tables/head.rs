//! Which row holds the headings: the first with two words or more that has data below. It must not know what they mean.

use super::{Cell, Limits, Source, Unreadable, column_name, passed};

/// What is said of a file without a table.
pub const NO_HEADINGS: &str =
    "No row with headings was found. The first row names the columns, two of them at least, and the loans follow below it.";

/// The longest heading, in characters.
const HEADING_MAX: usize = 120;

/// The headings of a table.
pub struct Head {
    /// Their row.
    pub row: u32,
    /// One for each column, each different; empty where there is none.
    pub headings: Vec<String>,
    /// What was decided.
    pub notes: Vec<String>,
}

/// Finds them; `None` where nothing stands in the table.
pub fn find(source: &mut dyn Source, limits: Limits) -> Result<Option<Head>, Unreadable> {
    let (mut blanks, mut any, mut candidate) = (0, None, None::<(u32, Vec<Cell>)>);
    let mut cells = Vec::new();
    while let Some((number, blank)) = source.next_row(&mut cells)? {
        if cells.is_empty() {
            passed(&mut blanks, blank, number, limits)?;
            continue;
        }
        any = Some(number);
        if let Some((row, headings)) = candidate.take() {
            return named(row, &headings, number, &cells).map(Some);
        }
        if cells.iter().filter(|cell| !cell.is_blank()).count() >= 2 {
            candidate = Some((number, std::mem::take(&mut cells)));
        }
        cells.clear();
    }
    match (candidate, any) {
        (Some((row, _)), _) => Err(Unreadable::new(format!("Row {row} holds the headings, and no loan follows below it."))),
        (None, Some(_)) => Err(Unreadable::new(NO_HEADINGS)),
        (None, None) => Ok(None),
    }
}

fn named(row: u32, cells: &[Cell], below: u32, data: &[Cell]) -> Result<Head, Unreadable> {
    let mut headings: Vec<String> = cells.iter().map(words).collect();
    let stands = |index: usize| data.get(index).is_some_and(|cell| !cell.is_blank());
    let named = |index: usize| headings.get(index).is_some_and(|heading: &String| !heading.is_empty());
    let without: Vec<String> = (0..data.len()).filter(|index| stands(*index) && !named(*index)).map(column_name).collect();
    if !without.is_empty() {
        let (columns, each) = if without.len() == 1 { ("column", "the column") } else { ("columns", "each column") };
        let list = without.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
        return Err(Unreadable::new(format!(
            "Row {row} has no heading in {columns} {list}, where row {below} has data. Give {each} a heading of its own in one row; where headings are merged, unmerge them; delete titles above them."
        )));
    }
    let mut notes = Vec::new();
    for index in 0..headings.len() {
        let Some(heading) = headings.get(index).filter(|heading| !heading.is_empty()).cloned() else { continue };
        let before = headings.get(..index).unwrap_or_default();
        let Some(first) = before.iter().position(|known| *known == heading) else { continue };
        let fresh = (2..).map(|turn| format!("{heading} ({turn})")).find(|name| !headings.contains(name)).unwrap_or_default();
        notes.push(format!(
            "Columns {} and {} are both headed “{heading}”; the second is called “{fresh}” here.",
            column_name(first),
            column_name(index)
        ));
        if let Some(place) = headings.get_mut(index) {
            *place = fresh;
        }
    }
    let empty: Vec<String> =
        headings.iter().enumerate().filter(|(_, heading)| heading.is_empty()).map(|(index, _)| column_name(index)).collect();
    if let Some(first) = empty.first() {
        let more = if empty.len() > 1 { format!(" and {} more columns have", empty.len() - 1) } else { " has".to_owned() };
        notes.push(format!("Column {first}{more} no heading; what stands there belongs to nothing."));
    }
    Ok(Head { row, headings, notes })
}

/// A heading in one line.
fn words(cell: &Cell) -> String {
    let shown = cell.shown();
    let words = shown.split(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}').filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(HEADING_MAX).collect()
}
