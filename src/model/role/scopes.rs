//! Where a person may look: sets of codes, as the records keep them. It must not know what any code means.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A set of codes as the records keep it: `;A;B;`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeSet {
    codes: BTreeSet<String>,
}

impl CodeSet {
    /// Reads `;A;B;`; blanks around codes and empty members are ignored.
    pub fn parse(text: &str) -> Self {
        text.split(';').map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned).collect()
    }

    /// As the records keep it; nothing where it is empty.
    pub fn stored(&self) -> String {
        let codes: Vec<&str> = self.iter().collect();
        if codes.is_empty() { String::new() } else { format!(";{};", codes.join(";")) }
    }

    /// The codes, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().map(String::as_str)
    }

    /// Whether there is no code in it, which as a scope means: no limit on that axis.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }
}

impl FromIterator<String> for CodeSet {
    fn from_iter<T: IntoIterator<Item = String>>(codes: T) -> Self {
        Self { codes: codes.into_iter().collect() }
    }
}

/// Where a person may look: axes are ANDed, the codes of one axis are alternatives, an empty axis is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scopes {
    /// Zones.
    pub zones: CodeSet,
    /// Regions.
    pub regions: CodeSet,
    /// Branches.
    pub branches: CodeSet,
    /// Products.
    pub products: CodeSet,
    /// Only rows on which the person is owner or advocate.
    pub assigned_only: bool,
}

impl Scopes {
    /// Whether a case of this place and product lies within.
    pub fn reach(&self, zone: &str, region: &str, branch: &str, product: &str) -> bool {
        let axes = [(&self.zones, zone), (&self.regions, region), (&self.branches, branch), (&self.products, product)];
        axes.into_iter().all(|(codes, code)| codes.is_empty() || codes.iter().any(|known| known == code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_set_reads_what_the_records_hold() {
        assert_eq!(CodeSet::parse(";WEST; NORTH ;;").iter().collect::<Vec<_>>(), ["NORTH", "WEST"]);
        assert_eq!(CodeSet::parse("WEST;NORTH").stored(), ";NORTH;WEST;");
        assert!(CodeSet::parse(";;").is_empty() && CodeSet::parse(";;").stored().is_empty());
    }
}
