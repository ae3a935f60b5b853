//! A row, judged: first its words one by one, then the case and its respondents by the rules of their forms. Total: whatever a row says,
//! it is a case or there are findings that say why not. It must not know other rows.

use super::{
    cell::Cell,
    content::Content,
    field::{FIELDS, FilingField, FilingKind},
    known::Known,
    mapping::Mapping,
    parties::{self, LEAD},
    repair::Finding,
    values::{self, Problem, Said, quoted},
};
use crate::model::{
    ConsentBasis, Day, FieldKind, Inr, Reading, Typed,
    case_draft::{CaseChoices, CaseDraft, DUES, EARLIEST, NUMBER_MAX},
    form,
    party_draft::PartyDraft,
};

/// What a row comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// The case; whole where no finding is grave.
    pub case: CaseDraft,
    /// The lead borrower, then up to two others.
    pub parties: Vec<PartyDraft>,
    /// What is wrong and what is odd, in the order of the fields.
    pub findings: Vec<Finding>,
}

impl Checked {
    /// Whether the row can become a case.
    pub fn is_good(&self) -> bool {
        !self.findings.iter().any(|finding| finding.grave)
    }
}

/// Judges a row. What its columns without a heading say is a finding, what columns that mean nothing say is not read.
pub fn check_row(content: &Content, mapping: &Mapping, known: &Known) -> Checked {
    let mut desk = Desk::of(content, mapping, known);
    let case = desk.case();
    let parties = parties::read(&mut desk);
    for (column, cell) in content.stray() {
        let why = format!("Column {column} says {} and has no heading. Give it one, or empty the cell.", quoted(&cell.shown()));
        desk.findings.push(Finding::new("E_COLUMN", "", why));
    }
    let mut findings = desk.findings;
    let place = |code: &str| FIELDS.iter().position(|field| field.code == code).unwrap_or(FIELDS.len());
    findings.sort_by_key(|finding| place(finding.field));
    Checked { case, parties, findings }
}

/// A row being read.
pub(super) struct Desk<'a> {
    cells: Vec<Option<&'a Cell>>,
    pub(super) mapping: &'a Mapping,
    pub(super) known: &'a Known,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Desk<'a> {
    fn of(content: &'a Content, mapping: &'a Mapping, known: &'a Known) -> Self {
        let mut cells = vec![None; FIELDS.len()];
        for (heading, cell) in content.cells() {
            if let Some(place) = mapping.place(heading).and_then(|place| cells.get_mut(place)) {
                // Where two columns mean the same, which no mapping that was checked says, the first counts.
                place.get_or_insert(cell);
            }
        }
        Self { cells, mapping, known, findings: Vec::new() }
    }

    /// The field with what its column says; `None` where that is nothing.
    fn said(&mut self, code: &str) -> Option<(&'static FilingField, Said<'a>)> {
        let place = FIELDS.iter().position(|field| field.code == code)?;
        let (field, cell) = (FIELDS.get(place)?, self.cells.get(place).copied().flatten()?);
        match values::said(cell) {
            Ok(said) => {
                said.filter(|said| field.kind == FilingKind::Lan || code == "name" || !values::is_nothing(said)).map(|said| (field, said))
            }
            Err(problem) => {
                self.refuse(field, problem);
                None
            }
        }
    }

    fn refuse(&mut self, field: &FilingField, problem: Problem) {
        // The field is one of the list, which is for ever.
        if let Some(field) = FilingField::of(field.code) {
            self.findings.push(Finding::new(problem.code, field.code, problem.sentence));
        }
    }

    /// Whether something grave was said of a field already.
    pub(super) fn is_refused(&self, code: &str) -> bool {
        self.findings.iter().any(|finding| finding.grave && finding.field == code)
    }

    /// Whether its column says anything, though it may be refused.
    pub(super) fn says(&self, code: &str) -> bool {
        let place = FIELDS.iter().position(|field| field.code == code);
        let cell = place.and_then(|place| self.cells.get(place).copied().flatten());
        cell.is_some_and(|cell| values::said(cell).map_or(true, |said| said.is_some_and(|said| !values::is_nothing(&said))))
    }

    /// What a field says in the shape in which forms take it; `None` where it says nothing or cannot be taken.
    pub(super) fn typed(&mut self, code: &str) -> Option<String> {
        let (field, said) = self.said(code)?;
        let read = match field.kind {
            FilingKind::Lan => values::lan(&said).map(|(lan, long)| {
                if long {
                    let why =
                        format!("{} was stored as a number of more than fifteen digits. Compare its end with the lender’s.", quoted(&lan));
                    self.findings.push(Finding::new("W_LAN_DIGITS", field.code, why));
                }
                lan
            }),
            FilingKind::Line => Ok(values::one_line(&said)),
            // Nothing owed of a part may be written as 0; of the principal it is refused.
            FilingKind::Amount => return self.amount(code).filter(|amount| *amount != Inr::ZERO || code == "pos").map(typed_amount),
            FilingKind::Day => values::day(&said).map(Day::iso),
            FilingKind::YesNo => values::yes_no(&said).map(|yes| if yes { "1" } else { "" }.to_owned()),
            FilingKind::Product => values::product(&said, self.known),
            FilingKind::Branch => values::branch(&said, self.known),
            FilingKind::Consent => values::consent(&said),
            FilingKind::Role => values::role(&said),
            FilingKind::Entity => values::entity(&said),
            FilingKind::Language => values::language(&said),
            FilingKind::Mobile => values::mobile(&said),
            FilingKind::Email => Ok(values::one_line(&said)),
            FilingKind::Pan => values::pan(&said),
            FilingKind::State => Ok(values::one_line(&said)),
            FilingKind::Pincode => values::pincode(&said),
        };
        if matches!(field.kind, FilingKind::Lan | FilingKind::Line) && values::begins_as_formula(&said) {
            let why = format!("{} begins as a formula does. It is kept as text.", quoted(&values::one_line(&said)));
            self.findings.push(Finding::new("W_FORMULA_TEXT", field.code, why));
        }
        read.map_err(|problem| self.refuse(field, problem)).ok().filter(|text| !text.is_empty())
    }

    /// An amount; `None` where nothing is said or it cannot be taken.
    fn amount(&mut self, code: &str) -> Option<Inr> {
        let (field, said) = self.said(code)?;
        match values::amount(&said) {
            Ok(amount) => {
                if amount.rounded {
                    let why = format!("It says {}, which is taken as {}.", quoted(&values::one_line(&said)), amount.value.exact());
                    self.findings.push(Finding::new("W_ROUNDED", field.code, why));
                }
                Some(amount.value)
            }
            Err(problem) => {
                self.refuse(field, problem);
                None
            }
        }
    }

    /// Puts down what a form's own rules refuse, where nothing was said of the field before. `field` names a form's field in ours.
    pub(super) fn refused_by_form(&mut self, reading: Reading<'_>, field: impl Fn(&str) -> &'static str) {
        for problem in reading.done().err().unwrap_or_default() {
            let Some(ours) = FilingField::of(field(&problem.field)) else { continue };
            if self.is_refused(ours.code) {
                continue;
            }
            let (code, sentence) = match problem.problem.as_str() {
                "required" if matches!(ours.kind, FilingKind::Pincode) || ours.code.ends_with("address") => {
                    ("E_ADDRESS", "An address is its lines and its PIN code: fill this in, or empty both.".to_owned())
                }
                "required" => ("E_REQUIRED", "It is empty. Fill it in.".to_owned()),
                "too_long" => {
                    ("E_LENGTH", form::sentence("too_long", &FieldKind::Line { max: parties::most(ours.code).unwrap_or(NUMBER_MAX) }))
                }
                other => (grave_code(ours), self.in_words(other, ours)),
            };
            self.findings.push(Finding::new(code, ours.code, sentence));
        }
    }

    fn in_words(&self, problem: &str, field: &FilingField) -> String {
        let kind = match field.kind {
            FilingKind::Amount => FieldKind::Amount,
            FilingKind::Day => FieldKind::Day { min: Day::new(EARLIEST.0, EARLIEST.1, EARLIEST.2), max: Some(self.known.today) },
            _ => FieldKind::Check,
        };
        form::sentence(problem, &kind)
    }

    fn case(&mut self) -> CaseDraft {
        let codes = FIELDS.iter().map(|field| field.code).take_while(|code| *code != LEAD).filter(|code| *code != "total_dues");
        let mut pairs: Vec<(String, String)> = Vec::with_capacity(20);
        for code in codes {
            if let Some(text) = self.typed(code) {
                pairs.push((code.to_owned(), text));
            } else if code == "consent_basis" && !self.is_refused(code) {
                pairs.push((code.to_owned(), ConsentBasis::None.code().to_owned()));
            }
        }
        let said = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| (value.clone(), String::new()));
        // What was recognised is one of the choices; the form's rules need not go through all of them again.
        let choices = CaseChoices { products: said("product").into_iter().collect(), branches: said("branch").into_iter().collect() };
        let typed = Typed::from(pairs);
        let mut reading = Reading::of(&typed);
        let case = CaseDraft::read(&typed, &mut reading, &choices, self.known.today, None);
        self.refused_by_form(reading, |field| FilingField::of(field).map_or("", |field| field.code));
        self.total(&case);
        case
    }

    /// A total is compared and not kept: with the sum of all parts; and where principal is the only part that has a column, with that, for
    /// nobody says what the rest would be.
    fn total(&mut self, case: &CaseDraft) {
        let Some(total) = self.amount("total_dues") else { return };
        if DUES.iter().any(|(code, _)| self.is_refused(code)) {
            return;
        }
        let sum = case.total();
        if total == sum {
            return;
        }
        let sentence = if DUES.iter().any(|(code, _)| *code != "pos" && self.mapping.has(code)) {
            format!("The total is {}, but its parts come to {}. Correct one of them.", total.exact(), sum.exact())
        } else {
            let why = "and no column is chosen for interest or charges. Choose columns for them, or none for the total.";
            format!("The total is {}, but the principal is {}, {why}", total.exact(), sum.exact())
        };
        self.findings.push(Finding::new("E_DUES", "total_dues", sentence));
    }
}

fn typed_amount(amount: Inr) -> String {
    values::Amount { value: amount, rounded: false }.typed()
}

/// The repair of a field whose own rule refuses it.
const fn grave_code(field: &FilingField) -> &'static str {
    match field.kind {
        FilingKind::Lan => "E_LAN",
        FilingKind::Amount => "E_AMOUNT",
        FilingKind::Day => "E_DATE",
        FilingKind::YesNo => "E_YESNO",
        FilingKind::Product => "E_PRODUCT",
        FilingKind::Branch => "E_BRANCH",
        FilingKind::Consent => "E_CONSENT",
        FilingKind::Role => "E_ROLE",
        FilingKind::Entity => "E_ENTITY",
        FilingKind::Language => "E_LANGUAGE",
        FilingKind::Mobile => "E_MOBILE",
        FilingKind::Email => "E_EMAIL",
        FilingKind::Pan => "E_PAN",
        FilingKind::Pincode => "E_PIN",
        FilingKind::Line | FilingKind::State => "E_NAME",
    }
}
