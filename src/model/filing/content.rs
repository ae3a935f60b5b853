//! A row as it is kept and checked: what stands under each heading, exactly as the file had it. A row that is read back from its JSON is
//! the same row, so that it is judged the same a week later. It must not know what headings mean.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap as _,
};

use super::cell::{Cell, column_name};

/// What a row says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Heading and cell, in the file's order; empty cells are not there.
    cells: Vec<(String, Cell)>,
    /// What stands in columns without a heading, by the column's letters.
    stray: Vec<(String, Cell)>,
}

/// The key under which stray cells are kept: no heading is empty.
const STRAY: &str = "";

impl Content {
    /// These cells under these headings.
    pub fn of(headings: &[String], cells: Vec<Cell>) -> Self {
        let mut content = Self::default();
        for (index, cell) in cells.into_iter().enumerate().filter(|(_, cell)| !cell.is_blank()) {
            match headings.get(index).filter(|heading| !heading.is_empty()) {
                Some(heading) => content.cells.push((heading.clone(), cell)),
                None => content.stray.push((column_name(index), cell)),
            }
        }
        content
    }

    /// Heading and cell of what is not empty, in the file's order.
    pub fn cells(&self) -> &[(String, Cell)] {
        &self.cells
    }

    /// What stands in columns without a heading, by the column's letters.
    pub fn stray(&self) -> &[(String, Cell)] {
        &self.stray
    }

    /// What stands under a heading.
    pub fn cell(&self, heading: &str) -> &Cell {
        self.cells.iter().find(|(known, _)| known == heading).map_or(&Cell::Empty, |(_, cell)| cell)
    }

    /// Puts words under a heading, as who mends a row types them; blanks empty it.
    pub fn put(&mut self, heading: &str, words: &str) {
        self.put_cell(heading, Cell::Text(words.to_owned()));
    }

    /// Puts a cell under a heading; a blank one empties it.
    pub fn put_cell(&mut self, heading: &str, cell: Cell) {
        let place = self.cells.iter().position(|(known, _)| known == heading);
        match (place, cell.is_blank()) {
            (Some(place), true) => {
                self.cells.remove(place);
            }
            (Some(place), false) => {
                if let Some((_, known)) = self.cells.get_mut(place) {
                    *known = cell;
                }
            }
            (None, true) => {}
            (None, false) => self.cells.push((heading.to_owned(), cell)),
        }
    }

    /// Drops what stands in columns without a heading.
    pub fn drop_stray(&mut self) {
        self.stray.clear();
    }

    /// Whether nothing stands in the row.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.stray.is_empty()
    }

    /// As JSON: an object of headings. `{"LAN": "0012", "POS": {"number": "123456.78"}}`
    pub fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads it back; `None` for what this never wrote.
    pub fn parse(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (heading, cell) in &self.cells {
            map.serialize_entry(heading, cell)?;
        }
        if !self.stray.is_empty() {
            map.serialize_entry(STRAY, &Stray(self.stray.clone()))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Content;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a row of a file")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
                let mut content = Content::default();
                while let Some(heading) = map.next_key::<String>()? {
                    if heading == STRAY {
                        content.stray = map.next_value::<Stray>()?.0;
                    } else {
                        content.cells.push((heading, map.next_value()?));
                    }
                }
                Ok(content)
            }
        }
        deserializer.deserialize_map(Read)
    }
}

/// An object in the order in which it is written.
struct Stray(Vec<(String, Cell)>);

impl Serialize for Stray {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(column, cell)| (column, cell)))
    }
}

impl<'de> Deserialize<'de> for Stray {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Stray;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("cells by their columns")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Stray, A::Error> {
                let mut cells = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    cells.push(entry);
                }
                Ok(Stray(cells))
            }
        }
        deserializer.deserialize_map(Read)
    }
}
