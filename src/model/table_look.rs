//! How somebody wants the case list to look: which columns, in which order, how dense. It must not know what stands in a column.

use std::fmt::Write as _;

/// A column of the case list. The number comes first and cannot be left out: it says which case a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The registry's number, with the loan account.
    Number,
    /// The lead respondent.
    Respondent,
    /// What was lent, with the zone.
    Product,
    /// The branch.
    Branch,
    /// Main stage, with the status.
    Stage,
    /// The day on which the stage began.
    Since,
    /// What stops outbound notices.
    Hold,
    /// The claim.
    Claim,
    /// All dues.
    Dues,
    /// Days past due, with the bucket.
    Dpd,
    /// The next hearing.
    Hearing,
    /// What the institution owes next, and when.
    Due,
    /// How far service has come.
    Service,
    /// The legal owner.
    Owner,
}

impl Column {
    /// Every column, with its word in addresses and its heading.
    pub const ALL: [(Self, &'static str, &'static str); 14] = [
        (Self::Number, "number", "Number"),
        (Self::Respondent, "respondent", "Respondent"),
        (Self::Product, "product", "Product and zone"),
        (Self::Stage, "stage", "Stage"),
        (Self::Claim, "claim", "Claim"),
        (Self::Dues, "dues", "Dues"),
        (Self::Dpd, "dpd", "Days past due"),
        (Self::Hearing, "hearing", "Next hearing"),
        (Self::Due, "due", "Next due"),
        (Self::Service, "service", "Service"),
        (Self::Owner, "owner", "Legal owner"),
        (Self::Branch, "branch", "Branch"),
        (Self::Since, "since", "In stage since"),
        (Self::Hold, "hold", "Hold"),
    ];
    /// The columns of somebody who has chosen none.
    const USUAL: [Self; 10] = [
        Self::Number,
        Self::Respondent,
        Self::Product,
        Self::Stage,
        Self::Claim,
        Self::Dues,
        Self::Dpd,
        Self::Hearing,
        Self::Due,
        Self::Service,
    ];

    /// Its word in addresses.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(column, ..)| *column == self).map_or("number", |(_, word, _)| word)
    }

    /// Its heading.
    pub fn label(self) -> &'static str {
        Self::ALL.iter().find(|(column, ..)| *column == self).map_or("Number", |(.., label)| label)
    }

    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == word).map(|(column, ..)| *column)
    }
}

/// Columns in their order, and how dense the rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableLook {
    /// The columns; [`Column::Number`] is the first.
    pub columns: Vec<Column>,
    /// Whether a row takes one line.
    pub dense: bool,
}

impl Default for TableLook {
    fn default() -> Self {
        Self { columns: Column::USUAL.to_vec(), dense: false }
    }
}

impl TableLook {
    /// The cookie that keeps it in a browser. It names columns and nothing that stands in them.
    pub const COOKIE: &'static str = "case-table";
    /// Stands among the columns' words for dense rows.
    const DENSE: &'static str = "dense";

    /// Reads `number.stage.dues.dense`. A word that is not known is left out, and a column stands once; `None` where nothing is left.
    pub fn parse(text: &str) -> Option<Self> {
        let words = || text.split('.').take(Column::ALL.len() + 1);
        let mut columns = vec![Column::Number];
        for column in words().filter_map(Column::of) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        (columns.len() > 1).then(|| Self { columns, dense: words().any(|word| word == Self::DENSE) })
    }

    /// The same as text, for an address or a cookie.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(80);
        for (index, column) in self.columns.iter().enumerate() {
            let _ = write!(text, "{}{}", if index > 0 { "." } else { "" }, column.word());
        }
        if self.dense {
            let _ = write!(text, ".{}", Self::DENSE);
        }
        text
    }

    /// This look with places as they were typed: the column with the smallest place comes first, one without a place is not shown. Of
    /// two with one place the one that was moved comes first: the other was there before. `None` where no column has a place.
    pub fn with_places<'a>(&self, places: impl IntoIterator<Item = (&'a str, &'a str)>, dense: bool) -> Option<Self> {
        let place = |(word, place): (&str, &str)| Some((place.trim().parse::<usize>().ok()?, Column::of(word)?));
        let mut placed: Vec<(usize, Column)> = places.into_iter().filter_map(place).collect();
        placed.sort_by_key(|(place, column)| (*place, self.place(*column) == Some(*place)));
        let words: Vec<&str> = placed.into_iter().map(|(_, column)| column.word()).collect();
        Self::parse(&words.join(".")).map(|look| Self { dense, ..look })
    }

    /// Where a column stands, the first being 1; `None` where it is not shown.
    pub fn place(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|shown| *shown == column).map(|index| index + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for (text, read) in [
            ("number.stage.dues", Some("number.stage.dues")),
            ("dues.stage.dense", Some("number.dues.stage.dense")),
            ("stage.stage.nowhere.<script>", Some("number.stage")),
            ("number", None),
            ("dense", None),
            ("", None),
        ] {
            assert_eq!(TableLook::parse(text).map(|look| look.text()).as_deref(), read, "{text}");
        }
        let usual = TableLook::default();
        assert_eq!(TableLook::parse(&usual.text()), Some(usual));
        assert!(TableLook::parse(&"stage.".repeat(100_000)).is_some());
    }

    #[test]
    fn places_order_the_columns() {
        let before = TableLook::parse("stage.dues").unwrap();
        let typed = [("dues", "3"), ("stage", " 2"), ("claim", ""), ("owner", "2"), ("nowhere", "1"), ("due", "x")];
        assert_eq!(before.with_places(typed, true).unwrap().text(), "number.owner.stage.dues.dense");
        assert_eq!(before.with_places([("dues", "")], false), None);
    }
}
