//! Words that stand for one of a set, and contacts: recognised in the spellings that files have.

use super::{Problem, Said, quoted, whole};
use crate::model::{
    ConsentBasis, Product, contact,
    filing::{
        cell::is_blank,
        known::{Known, folded},
        places,
    },
    party_draft::{ENTITIES, LANGUAGES, ROLES},
};

/// A word with the code that it means.
type Words = &'static [(&'static str, &'static str)];

const PRODUCTS: Words = &[
    ("pl", "PERSONAL"),
    ("personal", "PERSONAL"),
    ("personalloans", "PERSONAL"),
    ("unsecured", "PERSONAL"),
    ("salaryloan", "PERSONAL"),
    ("cc", "CREDIT_CARD"),
    ("card", "CREDIT_CARD"),
    ("cards", "CREDIT_CARD"),
    ("creditcards", "CREDIT_CARD"),
    ("tw", "TWO_WHEELER"),
    ("2w", "TWO_WHEELER"),
    ("2wheeler", "TWO_WHEELER"),
    ("bike", "TWO_WHEELER"),
    ("bikeloan", "TWO_WHEELER"),
    ("scooter", "TWO_WHEELER"),
    ("twowheelerloan", "TWO_WHEELER"),
    ("usedcar", "USED_VEHICLE"),
    ("usedcarloan", "USED_VEHICLE"),
    ("preownedcar", "USED_VEHICLE"),
    ("usedcv", "USED_VEHICLE"),
    ("usedvehicleloan", "USED_VEHICLE"),
    ("sme", "MSME"),
    ("businessloan", "MSME"),
    ("business", "MSME"),
    ("bl", "MSME"),
    ("msmeloan", "MSME"),
    ("mudra", "MSME"),
    ("goldloans", "GOLD"),
    ("gl", "GOLD"),
    ("educationloan", "EDUCATION"),
    ("studentloan", "EDUCATION"),
    ("el", "EDUCATION"),
    ("cd", "CONSUMER_DURABLE"),
    ("cdloan", "CONSUMER_DURABLE"),
    ("consumerdurables", "CONSUMER_DURABLE"),
    ("consumerdurableloan", "CONSUMER_DURABLE"),
    ("consumerloan", "CONSUMER_DURABLE"),
    ("mortgage", "LAP"),
    ("mortgageloan", "LAP"),
    ("propertyloan", "LAP"),
    ("loanagainstproperty", "LAP"),
    ("hl", "HOME"),
    ("housing", "HOME"),
    ("housingloan", "HOME"),
    ("homeloans", "HOME"),
    ("others", "OTHER"),
];

const CONSENTS: Words = &[
    ("named", "NAMED_IN_CLAUSE"),
    ("clause", "NAMED_IN_CLAUSE"),
    ("institutionnamedintheclause", "NAMED_IN_CLAUSE"),
    ("namedintheclause", "NAMED_IN_CLAUSE"),
    ("agreed", "AGREED_AFTER_DISPUTE"),
    ("agreedafterthedispute", "AGREED_AFTER_DISPUTE"),
    ("writtenconsent", "AGREED_AFTER_DISPUTE"),
    ("s11", "S11_ORDER"),
    ("section11", "S11_ORDER"),
    ("section11order", "S11_ORDER"),
    ("courtorder", "S11_ORDER"),
    ("nothingyet", "NONE"),
    ("nothing", "NONE"),
    ("no", "NONE"),
];

const ROLE_WORDS: Words = &[
    ("b", "BORROWER"),
    ("applicant", "BORROWER"),
    ("coapplicant", "CO_BORROWER"),
    ("cob", "CO_BORROWER"),
    ("coborrower", "CO_BORROWER"),
    ("jointborrower", "CO_BORROWER"),
    ("g", "GUARANTOR"),
    ("surety", "GUARANTOR"),
    ("poa", "POA_HOLDER"),
    ("powerofattorney", "POA_HOLDER"),
    ("powerofattorneyholder", "POA_HOLDER"),
    ("heir", "LEGAL_HEIR"),
    ("lr", "LEGAL_HEIR"),
    ("legalrepresentative", "LEGAL_HEIR"),
];

const ENTITY_WORDS: Words = &[
    ("ind", "INDIVIDUAL"),
    ("person", "INDIVIDUAL"),
    ("salaried", "INDIVIDUAL"),
    ("selfemployed", "INDIVIDUAL"),
    ("proprietorship", "PROPRIETOR"),
    ("soleproprietor", "PROPRIETOR"),
    ("soleproprietorship", "PROPRIETOR"),
    ("prop", "PROPRIETOR"),
    ("firm", "PARTNERSHIP"),
    ("partnershipfirm", "PARTNERSHIP"),
    ("llp", "PARTNERSHIP"),
    ("pvtltd", "COMPANY"),
    ("privatelimited", "COMPANY"),
    ("privatelimitedcompany", "COMPANY"),
    ("pvtltdcompany", "COMPANY"),
    ("publicltd", "COMPANY"),
    ("publiclimited", "COMPANY"),
    ("publiclimitedcompany", "COMPANY"),
    ("limited", "COMPANY"),
    ("ltd", "COMPANY"),
    ("corporate", "COMPANY"),
    ("bodycorporate", "COMPANY"),
    ("huf", "OTHER"),
    ("trust", "OTHER"),
    ("society", "OTHER"),
    ("others", "OTHER"),
];

const LANGUAGE_WORDS: Words = &[
    ("oriya", "or"),
    ("हिन्दी", "hi"),
    ("हिंदी", "hi"),
    ("मराठी", "mr"),
    ("eng", "en"),
    ("hin", "hi"),
    ("mar", "mr"),
    ("guj", "gu"),
    ("tam", "ta"),
    ("tel", "te"),
    ("kan", "kn"),
    ("mal", "ml"),
    ("ben", "bn"),
    ("bangla", "bn"),
    ("punj", "pa"),
];

fn wrong(code: &'static str, said: &Said<'_>, why: &str) -> Problem {
    Problem::new(code, format!("{} {why}", said.quoted()))
}

/// Words of one line. Numbers are kept as they are written, a date as it is read.
pub(crate) fn one_line(said: &Said<'_>) -> String {
    match said {
        Said::Words(words) => words.clone().into_owned(),
        Said::Number(number) => whole(number).unwrap_or_else(|| (*number).to_owned()),
        Said::Day(day) => day.long(),
        Said::Truth(truth) => if *truth { "TRUE" } else { "FALSE" }.to_owned(),
    }
}

/// The number of a loan, and whether its end must be looked at.
pub(crate) fn lan(said: &Said<'_>) -> Result<(String, bool), Problem> {
    /// Digits of a number that every spreadsheet keeps.
    const KEPT: usize = 15;
    match said {
        Said::Words(words) => Ok((words.clone().into_owned(), false)),
        Said::Number(number) => match whole(number) {
            Some(digits) => {
                let long = digits.len() > KEPT;
                Ok((digits, long))
            }
            None => Err(wrong(
                "E_LAN",
                said,
                "was stored as a number and may have lost digits. Format the column as text and paste the numbers again.",
            )),
        },
        Said::Day(_) => Err(wrong("E_LAN", said, "is a date to the spreadsheet. Format the column as text and paste the numbers again.")),
        Said::Truth(_) => Err(wrong("E_LAN", said, "is no number of a loan.")),
    }
}

/// Yes or no.
pub(crate) fn yes_no(said: &Said<'_>) -> Result<bool, Problem> {
    let truth = match said {
        Said::Truth(truth) => Some(*truth),
        Said::Number(number) => match *number {
            "1" | "1.0" => Some(true),
            "0" | "0.0" => Some(false),
            _ => None,
        },
        Said::Day(_) => None,
        Said::Words(words) => match folded(words).as_str() {
            "yes" | "y" | "true" | "t" | "1" | "हाँ" | "हां" | "हा" | "जीहाँ" | "available" | "present" => {
                Some(true)
            }
            "no" | "n" | "false" | "f" | "0" | "नहीं" | "नही" | "notpresent" => Some(false),
            _ => None,
        },
    };
    truth.ok_or_else(|| wrong("E_YESNO", said, "is neither yes nor no. Write Yes or No."))
}

/// The code of a word, by code, by the code's own words, or by what else people call it.
fn coded<'a>(word: &str, codes: impl IntoIterator<Item = (&'a str, String)>, others: Words) -> Option<&'a str> {
    let mut meant = None;
    let other = others.iter().find(|(known, _)| *known == word).map(|(_, code)| *code);
    for (code, label) in codes {
        if folded(code) == word || folded(&label) == word || other == Some(code) {
            meant = meant.or(Some(code));
        }
    }
    meant
}

fn terms<'a>(codes: &'a [&'a str]) -> impl Iterator<Item = (&'a str, String)> {
    codes.iter().map(|code| (*code, crate::model::Term::of(*code).label))
}

/// A product that the person may file: its code.
pub(crate) fn product(said: &Said<'_>, known: &Known) -> Result<String, Problem> {
    let word = folded(&one_line(said));
    let all = Product::ALL.iter().map(|product| (product.code(), product.label().to_owned()));
    let Some(code) = coded(&word, all, PRODUCTS) else {
        return Err(wrong("E_PRODUCT", said, "is no product. Write its code or its name, as Personal loan."));
    };
    if known.choices.products.iter().any(|(known, _)| known == code) {
        Ok(code.to_owned())
    } else {
        Err(wrong("E_PRODUCT", said, "is a product that is not within your rows."))
    }
}

/// A branch that the person may file for: its code.
pub(crate) fn branch(said: &Said<'_>, known: &Known) -> Result<String, Problem> {
    match known.branch(&one_line(said)) {
        Ok(Some(code)) => Ok(code.to_owned()),
        Ok(None) => Err(wrong("E_BRANCH", said, "is no active branch within your rows. Write the branch’s code.")),
        Err(_) => Err(wrong("E_BRANCH", said, "is the name of several branches. Write the branch’s code.")),
    }
}

/// What shows consent.
pub(crate) fn consent(said: &Said<'_>) -> Result<String, Problem> {
    let all: Vec<&str> = ConsentBasis::ALL.iter().map(ConsentBasis::code).collect();
    let code = coded(&folded(&one_line(said)), terms(&all), CONSENTS).map(str::to_owned);
    code.ok_or_else(|| {
        wrong("E_CONSENT", said, "says nothing of consent. Write named in clause, agreed after dispute, S.11 order or none.")
    })
}

/// What a further respondent is in the loan.
pub(crate) fn role(said: &Said<'_>) -> Result<String, Problem> {
    let code = coded(&folded(&one_line(said)), terms(&ROLES), ROLE_WORDS).map(str::to_owned);
    code.ok_or_else(|| {
        wrong("E_ROLE", said, "is nothing that somebody is in a loan. Write co-borrower, guarantor, POA holder or legal heir.")
    })
}

/// Kind of person or body.
pub(crate) fn entity(said: &Said<'_>) -> Result<String, Problem> {
    let code = coded(&folded(&one_line(said)), terms(&ENTITIES), ENTITY_WORDS).map(str::to_owned);
    code.ok_or_else(|| wrong("E_ENTITY", said, "is no kind of borrower. Write individual, proprietor, partnership, company or other."))
}

/// A language.
pub(crate) fn language(said: &Said<'_>) -> Result<String, Problem> {
    let all = LANGUAGES.iter().map(|(code, words)| (*code, (*words).to_owned()));
    let code = coded(&folded(&one_line(said)), all, LANGUAGE_WORDS).map(str::to_owned);
    code.ok_or_else(|| wrong("E_LANGUAGE", said, "is no language that notices are written in. Write its English name."))
}

/// A text without any blank.
fn close(said: &Said<'_>) -> String {
    one_line(said).chars().filter(|c| !is_blank(*c)).collect()
}

/// A mobile number.
pub(crate) fn mobile(said: &Said<'_>) -> Result<String, Problem> {
    let text = one_line(said);
    let several = text.split(['/', ',', ';', '&', '|', '\n']).filter(|part| part.bytes().filter(u8::is_ascii_digit).count() >= 10).count();
    if several > 1 {
        return Err(wrong("E_MOBILE", said, "holds several numbers. Keep one; others are added in the case."));
    }
    let close = close(said);
    let national = close.strip_prefix("0091").unwrap_or(&close);
    contact::mobile(national).map_err(|problem| Problem::new("E_MOBILE", format!("{}: {problem}", quoted(&text))))
}

/// A PIN code.
pub(crate) fn pincode(said: &Said<'_>) -> Result<String, Problem> {
    contact::pincode(&close(said)).map_err(|problem| Problem::new("E_PIN", format!("{}: {problem}", said.quoted())))
}

/// A permanent account number.
pub(crate) fn pan(said: &Said<'_>) -> Result<String, Problem> {
    contact::pan(&close(said)).map_err(|problem| Problem::new("E_PAN", format!("{}: {problem}", said.quoted())))
}

/// A state of India by its name.
pub(crate) fn state(words: &str) -> Option<&'static str> {
    places::state(words)
}
