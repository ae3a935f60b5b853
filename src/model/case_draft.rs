//! A case as it is entered by hand: what is asked, what can be taken, and what follows from it (`records.md` §8). It must not know who
//! may enter one, nor how it is kept.

use super::{Bucket, ConsentBasis, Day, Enforceability, Field, FieldKind, Grounds, Inr, Product, Reading, Term, Typed};

/// The longest number of a loan or an agreement, in characters.
pub(super) const NUMBER_MAX: usize = 60;
/// The earliest day of an agreement that a form takes.
pub(super) const EARLIEST: (i16, u8, u8) = (1950, 1, 1);

/// The parts that dues are split into: column, and words.
pub const DUES: [(&str, &str); 5] = [
    ("pos", "Principal outstanding"),
    ("interest_overdue", "Interest overdue"),
    ("penal_charges", "Penal charges"),
    ("bounce_charges", "Bounce charges"),
    ("legal_charges", "Legal charges"),
];

/// What a case's own form holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseDraft {
    /// Loan account number as the lender writes it.
    pub lan: String,
    /// Code of the product.
    pub product: String,
    /// Code of the branch.
    pub branch: String,
    /// The agreement's number.
    pub agreement_no: String,
    /// Its date.
    pub agreement_on: Option<Day>,
    /// Whether it has an arbitration clause.
    pub clause: bool,
    /// Whether the clause names the institution that administers.
    pub institution_named: bool,
    /// Whether it allows notices by electronic means.
    pub electronic: bool,
    /// Code of what shows that the respondent agreed to a tribunal.
    pub consent_basis: String,
    /// The day of default.
    pub default_on: Option<Day>,
    /// The day on which the loan became a non-performing asset.
    pub npa_on: Option<Day>,
    /// The dues, in the order of [`DUES`].
    pub dues: [Inr; 5],
    /// As of when.
    pub dues_on: Option<Day>,
    /// What is claimed, if that is not all dues.
    pub claim: Inr,
}

impl Default for CaseDraft {
    fn default() -> Self {
        Self {
            lan: String::new(),
            product: String::new(),
            branch: String::new(),
            agreement_no: String::new(),
            agreement_on: None,
            clause: false,
            institution_named: false,
            electronic: false,
            consent_basis: ConsentBasis::None.code().to_owned(),
            default_on: None,
            npa_on: None,
            dues: [Inr::ZERO; 5],
            dues_on: None,
            claim: Inr::ZERO,
        }
    }
}

/// What may be chosen in a case's form: code and words.
#[derive(Clone, Debug, Default)]
pub struct CaseChoices {
    /// Products within the person's scope.
    pub products: Vec<(String, String)>,
    /// Branches within it.
    pub branches: Vec<(String, String)>,
}

impl CaseChoices {
    /// Products of these codes; all of them where there is none.
    pub fn products<'a>(codes: impl Iterator<Item = &'a str>) -> Vec<(String, String)> {
        let codes: Vec<&str> = codes.collect();
        let within = |product: &&Product| codes.is_empty() || codes.contains(&product.code());
        Product::ALL.iter().filter(within).map(|product| (product.code().to_owned(), product.label().to_owned())).collect()
    }
}

/// What shows consent: code and words.
fn bases() -> Vec<(String, String)> {
    let words = |basis: &ConsentBasis| if *basis == ConsentBasis::None { "Nothing yet".to_owned() } else { basis.term().label };
    ConsentBasis::ALL.iter().map(|basis| (basis.code().to_owned(), words(basis))).collect()
}

/// An amount as it stands in a field: nothing where there is none.
fn typed_amount(amount: Inr) -> String {
    if amount == Inr::ZERO { String::new() } else { amount.exact().trim_start_matches('₹').to_owned() }
}

impl CaseDraft {
    /// What is asked, with what stands there. The number of the loan is asked for once: it is what holds a case together.
    pub fn fields(&self, choices: &CaseChoices, today: Day, with_lan: bool) -> Vec<Field> {
        let earliest = Day::new(EARLIEST.0, EARLIEST.1, EARLIEST.2);
        let past = FieldKind::Day { min: earliest, max: Some(today) };
        let day = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
        let tick = |ticked: bool| if ticked { "1" } else { "" };
        let check = |name, label: &str, ticked| Field::new(name, label, FieldKind::Check).optional().value(tick(ticked));
        let mut fields = Vec::new();
        if with_lan {
            let lan = Field::new("lan", "Loan account number", FieldKind::Line { max: NUMBER_MAX }).value(self.lan.as_str());
            fields.push(lan.help("As the lender writes it, with leading zeros. It cannot be changed later."));
        }
        fields.extend([
            Field::new("product", "Product", FieldKind::Choice(choices.products.clone())).value(self.product.as_str()),
            Field::new("branch", "Branch", FieldKind::Choice(choices.branches.clone())).value(self.branch.as_str()),
            Field::new("agreement_no", "Agreement number", FieldKind::Line { max: NUMBER_MAX })
                .optional()
                .value(self.agreement_no.as_str()),
            Field::new("agreement_on", "Agreement date", past.clone()).optional().value(day(self.agreement_on)),
            check("clause", "The agreement has an arbitration clause", self.clause),
            check("institution_named", "The clause names the institution that administers", self.institution_named),
            check("electronic", "It allows notices by e-mail, SMS and WhatsApp", self.electronic),
            Field::new("consent_basis", "What shows consent to a tribunal", FieldKind::Choice(bases())).value(self.consent_basis.as_str()),
            Field::new("default_on", "Date of default", past.clone()).optional().value(day(self.default_on)),
            Field::new("npa_on", "Date of classification as NPA", past.clone()).optional().value(day(self.npa_on)),
        ]);
        fields.extend(DUES.iter().zip(self.dues).map(|((name, label), amount)| {
            let field = Field::new(name, *label, FieldKind::Amount).value(typed_amount(amount));
            if *name == "pos" { field } else { field.optional() }
        }));
        fields.push(Field::new("dues_on", "Dues as of", past).value(day(self.dues_on)));
        let claim = Field::new("claim", "Claim", FieldKind::Amount).optional().value(typed_amount(self.claim));
        fields.push(claim.help("Where it is empty the dues are claimed."));
        fields
    }

    /// Reads what was typed; what is wrong is under its field. The number of the loan stays where the form did not ask for it.
    pub fn read(typed: &Typed, reading: &mut Reading<'_>, choices: &CaseChoices, today: Day, lan: Option<&str>) -> Self {
        let earliest = Day::new(EARLIEST.0, EARLIEST.1, EARLIEST.2);
        let known = |choices: &[(String, String)]| choices.iter().map(|(code, _)| (code.clone(), code.clone())).collect::<Vec<_>>();
        let lan = match lan {
            Some(lan) => lan.to_owned(),
            None => reading.required("lan", |reading| reading.some_line("lan", NUMBER_MAX)),
        };
        if !lan.is_empty() && !lan.chars().any(char::is_alphanumeric) {
            reading.refuse("lan", "A loan account number has letters or digits.");
        }
        let product = reading.required("product", |reading| reading.some_choice("product", known(&choices.products)));
        let branch = reading.required("branch", |reading| reading.some_choice("branch", known(&choices.branches)));
        let agreement_no = reading.some_line("agreement_no", NUMBER_MAX).unwrap_or_default();
        let agreement_on = reading.some_day("agreement_on", earliest, Some(today));
        let consent_basis = reading.required("consent_basis", |reading| reading.some_choice("consent_basis", known(&bases())));
        let default_on = reading.some_day("default_on", earliest, Some(today));
        let npa_on = reading.some_day("npa_on", earliest, Some(today));
        let before = |first: Option<Day>, then: Option<Day>| matches!((first, then), (Some(first), Some(then)) if then < first);
        if before(agreement_on, default_on) {
            reading.refuse("default_on", "The default is before the agreement. Dates never run backwards.");
        }
        if before(default_on, npa_on) {
            reading.refuse("npa_on", "The classification is before the default. Dates never run backwards.");
        }
        let dues = DUES.map(|(name, _)| {
            // A part that is nothing may be written as 0.
            match Inr::typed(typed.text(name)) {
                _ if name == "pos" => reading.required(name, |reading| reading.some_amount(name)),
                Some(Inr::ZERO) => Inr::ZERO,
                _ => reading.some_amount(name).unwrap_or_default(),
            }
        });
        let dues_on = reading.required("dues_on", |reading| reading.some_day("dues_on", earliest, Some(today)).map(Some));
        if before(default_on, dues_on) {
            reading.refuse("dues_on", "These dues are of a day before the default.");
        }
        let claim = reading.some_amount("claim").unwrap_or_default();
        let ticked = |name: &str| !typed.text(name).is_empty();
        Self {
            lan,
            product,
            branch,
            agreement_no,
            agreement_on,
            clause: ticked("clause"),
            institution_named: ticked("institution_named"),
            electronic: ticked("electronic"),
            consent_basis,
            default_on,
            npa_on,
            dues,
            dues_on,
            claim,
        }
    }

    /// All dues: the sum of their parts, to the paisa.
    pub fn total(&self) -> Inr {
        Inr::from_paise(self.dues.iter().map(|part| part.paise()).sum())
    }

    /// What the case is about in money: the claim, or the dues while none is stated.
    pub fn basis(&self) -> Inr {
        if self.claim == Inr::ZERO { self.total() } else { self.claim }
    }

    /// Days past due as of the day of the dues.
    pub fn days_past_due(&self) -> i64 {
        match (self.default_on, self.dues_on) {
            (Some(default), Some(dues)) => (dues.days_since_epoch() - default.days_since_epoch()).max(0),
            _ => 0,
        }
    }

    /// What an award would be measured by that is missing already, and the points that are left.
    pub fn enforceability(&self) -> Enforceability {
        Grounds::of_intake(self.clause, ConsentBasis::from(self.consent_basis.clone())).measure()
    }

    /// What is said of it in the trail: field and value.
    pub fn said(&self) -> Vec<(&'static str, String)> {
        let day = |day: Option<Day>| day.map(Day::iso).unwrap_or_default();
        let tick = |ticked: bool| if ticked { "yes" } else { "no" }.to_owned();
        let mut said = vec![
            ("lan", self.lan.clone()),
            ("product", self.product.clone()),
            ("branch", self.branch.clone()),
            ("agreement_no", self.agreement_no.clone()),
            ("agreement_on", day(self.agreement_on)),
            ("arbitration_clause", tick(self.clause)),
            ("institution_named", tick(self.institution_named)),
            ("electronic_notice_clause", tick(self.electronic)),
            ("consent_basis", self.consent_basis.clone()),
            ("default_on", day(self.default_on)),
            ("npa_on", day(self.npa_on)),
        ];
        said.extend(DUES.iter().zip(self.dues).map(|((name, _), amount)| (*name, amount.exact())));
        said.extend([("total_dues", self.total().exact()), ("dues_on", day(self.dues_on)), ("claim_amount", self.claim.exact())]);
        said
    }
}

/// The band of an amount of dues (`records.md` §7).
pub fn dues_band(dues: Inr) -> &'static str {
    match dues.paise() / 100 {
        ..50_000 => "B1",
        50_000..1_00_000 => "B2",
        1_00_000..2_50_000 => "B3",
        2_50_000..5_00_000 => "B4",
        5_00_000..10_00_000 => "B5",
        10_00_000..20_00_000 => "B6",
        20_00_000..1_00_00_000 => "B7",
        _ => "B8",
    }
}

/// The regulator's bucket for days past due.
pub const fn bucket(days_past_due: i64) -> Bucket {
    match days_past_due {
        ..=0 => Bucket::Current,
        1..=30 => Bucket::Sma0,
        31..=60 => Bucket::Sma1,
        61..=90 => Bucket::Sma2,
        91..=180 => Bucket::Npa,
        181..=365 => Bucket::Npa180,
        _ => Bucket::Npa365,
    }
}

/// What a case is found by: names of respondents and its numbers, in small letters, a blank between words.
pub fn search_text<'a>(names: impl IntoIterator<Item = &'a str>, numbers: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().chain(numbers).flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A choice of codes with the words that codes have.
pub fn choices(codes: &[&str]) -> Vec<(String, String)> {
    codes.iter().map(|code| ((*code).to_owned(), Term::of(*code).label)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> CaseChoices {
        let one = |code: &str| vec![(code.to_owned(), code.to_owned())];
        CaseChoices { products: one("PERSONAL"), branches: one("PUN-01") }
    }

    fn typed(change: &[(&str, &str)]) -> Typed {
        let mut pairs: Vec<(String, String)> = [
            ("lan", " BDB-PL-0001 "),
            ("product", "PERSONAL"),
            ("branch", "PUN-01"),
            ("agreement_on", "2024-01-01"),
            ("default_on", "2025-01-01"),
            ("consent_basis", "NONE"),
            ("pos", "1,00,000.01"),
            ("penal_charges", "0"),
            ("legal_charges", "99.99"),
            ("dues_on", "2026-01-01"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        for (name, value) in change {
            pairs.retain(|(known, _)| known != name);
            pairs.push(((*name).to_owned(), (*value).to_owned()));
        }
        Typed::from(pairs)
    }

    fn read(change: &[(&str, &str)]) -> Result<CaseDraft, Vec<String>> {
        let typed = typed(change);
        let mut reading = Reading::of(&typed);
        let draft = CaseDraft::read(&typed, &mut reading, &choices(), Day::parse("2026-01-02").unwrap(), None);
        reading.done().map(|()| draft).map_err(|problems| problems.into_iter().map(|problem| problem.field).collect())
    }

    #[test]
    fn what_is_typed_is_a_case_whose_dues_are_the_sum_of_their_parts() {
        let draft = read(&[]).unwrap();
        assert_eq!((draft.lan.as_str(), draft.total().paise(), draft.basis()), ("BDB-PL-0001", 1_00_100_00, draft.total()));
        assert_eq!((draft.days_past_due(), bucket(draft.days_past_due()), dues_band(draft.total())), (365, Bucket::Npa180, "B3"));
        assert_eq!(draft.enforceability(), Enforceability { missing: vec!["CLAUSE"], score: 20 });
        let shown = read(&[("clause", "1"), ("consent_basis", "S11_ORDER"), ("claim", "90000")]).unwrap();
        assert_eq!((shown.enforceability().score, shown.basis()), (100, Inr::from_rupees(90_000)));
    }

    #[test]
    fn what_cannot_be_is_under_its_field() {
        for (change, field) in [
            (("lan", ""), "lan"),
            (("lan", "--"), "lan"),
            (("branch", "MUM-01"), "branch"),
            (("product", "HOME"), "product"),
            (("agreement_on", "2026-01-03"), "agreement_on"),
            (("default_on", "2023-12-31"), "default_on"),
            (("npa_on", "2024-12-31"), "npa_on"),
            (("dues_on", ""), "dues_on"),
            (("dues_on", "2024-12-31"), "dues_on"),
            (("pos", "0"), "pos"),
            (("penal_charges", "-5"), "penal_charges"),
            (("claim", "lots"), "claim"),
            (("consent_basis", "SURE"), "consent_basis"),
        ] {
            assert_eq!(read(&[change]), Err(vec![field.to_owned()]), "{change:?}");
        }
    }

    #[test]
    fn what_stands_in_the_form_reads_as_what_it_was_filled_from() {
        let draft = read(&[("clause", "1"), ("npa_on", "2025-04-01"), ("claim", "12345.60"), ("agreement_no", "A/1")]).unwrap();
        let fields = draft.fields(&choices(), Day::parse("2026-01-02").unwrap(), true);
        let pairs = fields.into_iter().filter(|field| !field.value.is_empty()).map(|field| (field.name.to_owned(), field.value));
        let again = Typed::from(pairs.collect::<Vec<_>>());
        let mut reading = Reading::of(&again);
        assert_eq!(CaseDraft::read(&again, &mut reading, &choices(), Day::parse("2026-01-02").unwrap(), None), draft);
        assert_eq!(reading.done(), Ok(()));
    }

    #[test]
    fn a_case_is_found_by_names_and_numbers_in_small_letters() {
        assert_eq!(search_text(["Ramesh  KUMAR", "रमेश"], ["D-1", "LAN 7"]), "ramesh kumar रमेश d-1 lan 7");
    }
}
