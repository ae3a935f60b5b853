//! The demo's four institutions, and small ones by the dozen for tests.
//!
//! Knows what an institution is called, lends and numbers like, and where its site stands; nothing of its records.

/// One institution of the demo.
#[derive(Clone, Debug)]
pub struct InstitutionSpec {
    /// Its id in the registry: `banyan`.
    pub id: String,
    /// The name and code of its Institution record: `BANYAN`.
    pub record: String,
    /// The name on its pages.
    pub display_name: String,
    /// Its full legal name.
    pub legal_name: String,
    /// Option set `institution_kind`.
    pub kind: &'static str,
    /// Its accent colour.
    pub accent: &'static str,
    /// Which simulated server keeps its site. Servers have addresses of their own.
    pub server: &'static str,
    /// Which site of that server. Institutions that share a site share its tables.
    pub site: String,
    /// How many cases it has when nobody asks for another number.
    pub cases: usize,
    /// How many branches it has, at least 1.
    pub branches: usize,
    /// What it lends, with shares.
    pub products: &'static [(&'static str, f64)],
    /// How it writes loan account numbers.
    pub lan: LanForm,
    /// Stands before every text of its own that a person could read; empty except in tests.
    pub marker: String,
    /// How much longer than usual a tribunal takes to be formed: the demo's one bottleneck.
    pub tribunal_delay: f64,
    /// Whether the awkward rows are among its cases.
    pub awkward: bool,
}

/// How an institution writes loan account numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LanForm {
    /// `BDB-PL-00012345`.
    Banyan,
    /// `TMF/2W/23/004512`.
    Tamarind,
    /// `LSFB0004512`.
    Laterite,
    /// `MNC-000045`.
    Monsoon,
    /// The marker and a number.
    Marked,
}

impl InstitutionSpec {
    /// The domain of its people's sign-in names: reserved, so that no mail can arrive.
    pub fn domain(&self) -> String {
        format!("{}.example", self.id)
    }

    /// The loan account number of its `number`th loan.
    pub(super) fn lan_of(&self, product: &str, year: &str, number: usize) -> String {
        match self.lan {
            LanForm::Banyan => format!("BDB-{product}-{number:08}"),
            LanForm::Tamarind => format!("TMF/{product}/{}/{number:06}", year.get(2..4).unwrap_or("00")),
            LanForm::Laterite => format!("LSFB{number:07}"),
            LanForm::Monsoon => format!("MNC-{number:06}"),
            LanForm::Marked => format!("{}{product}-{number:06}", self.marker),
        }
    }
}

const BANK: &[(&str, f64)] =
    &[("PERSONAL", 42.0), ("CREDIT_CARD", 31.0), ("CONSUMER_DURABLE", 9.0), ("TWO_WHEELER", 6.0), ("MSME", 9.0), ("LAP", 3.0)];
const VEHICLES: &[(&str, f64)] = &[("TWO_WHEELER", 38.0), ("USED_VEHICLE", 24.0), ("MSME", 22.0), ("PERSONAL", 12.0), ("GOLD", 4.0)];
const SMALL: &[(&str, f64)] = &[("MSME", 58.0), ("PERSONAL", 20.0), ("GOLD", 14.0), ("TWO_WHEELER", 8.0)];

/// The demo's four: two that share a site, one with a site of its own on the same server, one with a server of its own.
pub fn institutions() -> [InstitutionSpec; 4] {
    let base = |id: &str, display_name: &str, legal_name: &str| InstitutionSpec {
        id: id.to_owned(),
        record: id.to_ascii_uppercase(),
        display_name: display_name.to_owned(),
        legal_name: legal_name.to_owned(),
        kind: "NBFC",
        accent: "#1f6f54",
        server: "upstream-a",
        site: id.to_owned(),
        cases: 0,
        branches: 3,
        products: SMALL,
        lan: LanForm::Monsoon,
        marker: String::new(),
        tribunal_delay: 1.0,
        awkward: false,
    };
    [
        InstitutionSpec {
            kind: "BANK",
            site: "shared".to_owned(),
            cases: 12_480,
            branches: 34,
            products: BANK,
            lan: LanForm::Banyan,
            awkward: true,
            ..base("banyan", "Banyan Demo Bank", "Banyan Demo Bank Limited")
        },
        InstitutionSpec {
            accent: "#8a4b16",
            site: "shared".to_owned(),
            cases: 4_260,
            branches: 22,
            products: VEHICLES,
            lan: LanForm::Tamarind,
            tribunal_delay: 2.4,
            ..base("tamarind", "Tamarind Finance", "Tamarind Finance (Demo) Limited")
        },
        InstitutionSpec {
            kind: "SFB",
            accent: "#a3352c",
            cases: 640,
            branches: 9,
            lan: LanForm::Laterite,
            ..base("laterite", "Laterite Small Finance Bank", "Laterite Small Finance Bank (Demo) Limited")
        },
        InstitutionSpec {
            accent: "#2b5c9e",
            server: "upstream-b",
            ..base("monsoon", "Monsoon Credit", "Monsoon Credit (Demo) Private Limited")
        },
    ]
}

/// The `index`th small institution for tests with many: `t000`, `t001` … Each text of it that a person could read
/// carries `MARK-t000-`, so that a leak shows. They share one site; a test that wants otherwise sets `site`.
pub fn small_institution(index: usize) -> InstitutionSpec {
    let id = format!("t{index:03}");
    InstitutionSpec {
        record: id.to_ascii_uppercase(),
        display_name: format!("MARK-{id}-Lender"),
        legal_name: format!("MARK-{id}-Lender Limited"),
        kind: "NBFC",
        accent: "#44546a",
        server: "upstream-a",
        site: "shared".to_owned(),
        cases: 5,
        branches: 3,
        products: SMALL,
        lan: LanForm::Marked,
        marker: format!("MARK-{id}-"),
        tribunal_delay: 1.0,
        awkward: false,
        id,
    }
}
