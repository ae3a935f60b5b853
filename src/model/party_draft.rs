//! A party as it is entered by hand: what is asked, and what can be taken. What is on record of a contact is never in the form: an empty
//! field leaves it. It must not know how any of it is kept.

use super::{Field, FieldKind, ParticularKind, Reading, Typed, case_draft::choices, contact};

/// The longest name, in characters; a longer one is cut in lists and kept whole beside.
pub(super) const NAME_MAX: usize = 280;
/// The longest address, in characters.
pub(super) const ADDRESS_MAX: usize = 500;
/// The longest name of a town, in characters.
pub(super) const TOWN_MAX: usize = 60;
/// The longest contact of one line, in characters.
pub(super) const LINE_MAX: usize = 140;
/// What a respondent is in a loan.
pub(super) const ROLES: [&str; 5] = ["BORROWER", "CO_BORROWER", "GUARANTOR", "POA_HOLDER", "LEGAL_HEIR"];
/// What kind of person or body.
pub(super) const ENTITIES: [&str; 5] = ["INDIVIDUAL", "PROPRIETOR", "PARTNERSHIP", "COMPANY", "OTHER"];
/// Languages that notices are written in.
pub(super) const LANGUAGES: [(&str, &str); 13] = [
    ("en", "English"),
    ("hi", "Hindi"),
    ("mr", "Marathi"),
    ("gu", "Gujarati"),
    ("ta", "Tamil"),
    ("te", "Telugu"),
    ("kn", "Kannada"),
    ("ml", "Malayalam"),
    ("bn", "Bengali"),
    ("pa", "Punjabi"),
    ("or", "Odia"),
    ("as", "Assamese"),
    ("ur", "Urdu"),
];

/// Where a party lives or works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its lines.
    pub lines: String,
    /// The town.
    pub town: String,
    /// The PIN code.
    pub pincode: String,
    /// The state; no form asks for it, a filing file may say it.
    pub state: String,
}

/// What a party's form holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartyDraft {
    /// Code of what the party is in the loan.
    pub role: String,
    /// The name.
    pub name: String,
    /// Code of what kind of person or body it is.
    pub entity: String,
    /// Code of its language.
    pub language: String,
    /// A new mobile number.
    pub mobile: Option<String>,
    /// A new e-mail address.
    pub email: Option<String>,
    /// A new address.
    pub address: Option<Address>,
    /// A new permanent account number; no form asks for it, a filing file may say it.
    pub pan: Option<String>,
}

/// What of a party is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The lead borrower of a new case.
    Lead,
    /// Another respondent, or all of a party.
    Whole,
    /// How it is reached: what a branch may correct.
    Address,
}

/// What is on record of a party, masked, by the name of its field.
pub type OnRecord<'a> = &'a [(&'static str, String)];

impl PartyDraft {
    /// What is asked, with what stands there.
    pub fn fields(&self, asked: Asked, on_record: OnRecord<'_>) -> Vec<Field> {
        let mut fields = Vec::new();
        if asked == Asked::Whole {
            let role = Field::new("party_role", "What the party is in the loan", FieldKind::Choice(choices(&ROLES)));
            fields.push(role.value(self.role.as_str()));
        }
        let whose = if asked == Asked::Lead { "Borrower’s name" } else { "Name" };
        if asked != Asked::Address {
            let languages = LANGUAGES.map(|(code, words)| (code.to_owned(), words.to_owned())).to_vec();
            let entity = if self.entity.is_empty() { ENTITIES[0] } else { self.entity.as_str() };
            fields.extend([
                Field::new("party_name", whose, FieldKind::Line { max: NAME_MAX }).value(self.name.as_str()).help("As in the agreement."),
                Field::new("entity_type", "Kind", FieldKind::Choice(choices(&ENTITIES))).value(entity),
                Field::new("mobile", "Mobile", FieldKind::Line { max: 20 }).optional(),
                Field::new("email", "E-mail", FieldKind::Line { max: 140 }).optional(),
                Field::new("language", "Language", FieldKind::Choice(languages)).optional().value(self.language.as_str()),
            ]);
        }
        fields.extend([
            Field::new("address", "Address", FieldKind::Text { max: ADDRESS_MAX }).optional(),
            Field::new("town", "Town", FieldKind::Line { max: TOWN_MAX }).optional(),
            Field::new("pincode", "PIN code", FieldKind::Line { max: 7 }).optional(),
        ]);
        for field in &mut fields {
            if let Some((_, masked)) = on_record.iter().find(|(name, masked)| *name == field.name && !masked.is_empty()) {
                field.help = format!("On record: {masked}. Empty leaves it as it is.");
            }
        }
        fields
    }

    /// Reads what was typed; what is wrong is under its field. What was not asked for stays.
    pub fn read(typed: &Typed, reading: &mut Reading<'_>, asked: Asked, known: &Self) -> Self {
        let coded = |codes: &'static [&'static str]| codes.iter().map(|code| ((*code).to_owned(), (*code).to_owned()));
        let mut draft = Self { mobile: None, email: None, address: None, pan: None, ..known.clone() };
        if asked == Asked::Lead {
            ROLES[0].clone_into(&mut draft.role);
        }
        if asked == Asked::Whole {
            draft.role = reading.required("party_role", |reading| reading.some_choice("party_role", coded(&ROLES)));
        }
        if asked != Asked::Address {
            draft.name = reading.required("party_name", |reading| reading.some_line("party_name", NAME_MAX));
            if !draft.name.is_empty() && !draft.name.chars().any(char::is_alphabetic) {
                reading.refuse("party_name", "A name has letters.");
            }
            draft.entity = reading.required("entity_type", |reading| reading.some_choice("entity_type", coded(&ENTITIES)));
            draft.mobile = checked(reading, "mobile", contact::mobile);
            draft.email = checked(reading, "email", contact::email);
            let languages = LANGUAGES.map(|(code, _)| (code.to_owned(), code.to_owned()));
            draft.language = reading.some_choice("language", languages).unwrap_or_default();
        }
        draft.address = read_address(typed, reading);
        draft
    }

    /// New contacts: kind, whole value, and how it is shown masked.
    pub fn contacts(&self) -> Vec<(ParticularKind, String, String)> {
        let mobile = self.mobile.iter().map(|value| (ParticularKind::Mobile, value.clone(), contact::masked_mobile(value)));
        let email = self.email.iter().map(|value| (ParticularKind::Email, value.clone(), contact::masked_email(value)));
        let address = self.address.iter().map(|address| {
            let last = [address.town.as_str(), address.pincode.as_str()].into_iter().filter(|part| !part.is_empty());
            let whole = format!("{}\n{}", address.lines, last.collect::<Vec<_>>().join(" "));
            (ParticularKind::Address, whole, contact::masked_address(&address.town, &address.pincode))
        });
        let pan = self.pan.iter().map(|value| (ParticularKind::Pan, value.clone(), contact::masked_pan(value)));
        mobile.chain(email).chain(address).chain(pan).collect()
    }
}

/// A text of one line that a rule takes or says why not; `None` where it is empty.
fn checked(reading: &mut Reading<'_>, name: &str, rule: fn(&str) -> Result<String, &'static str>) -> Option<String> {
    let text = reading.some_line(name, LINE_MAX)?;
    rule(&text).map_err(|problem| reading.refuse(name, problem)).ok()
}

/// An address is whole or not there: its lines and its PIN code.
fn read_address(typed: &Typed, reading: &mut Reading<'_>) -> Option<Address> {
    let has = |name: &str| !typed.text(name).trim().is_empty();
    let lines = reading.some_text("address", ADDRESS_MAX);
    let town = reading.some_line("town", TOWN_MAX);
    let pincode = checked(reading, "pincode", contact::pincode);
    if lines.is_none() && town.is_none() && !has("pincode") {
        return None;
    }
    if lines.is_none() && !has("address") {
        reading.refuse("address", "required");
    }
    if !has("pincode") {
        reading.refuse("pincode", "required");
    }
    Some(Address { lines: lines?, town: town.unwrap_or_default(), pincode: pincode?, state: String::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(asked: Asked, pairs: &[(&str, &str)]) -> Result<PartyDraft, Vec<String>> {
        let typed = Typed::from(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>());
        let mut reading = Reading::of(&typed);
        let known = PartyDraft { role: "GUARANTOR".into(), name: "Known".into(), entity: "COMPANY".into(), ..PartyDraft::default() };
        let draft = PartyDraft::read(&typed, &mut reading, asked, &known);
        reading.done().map(|()| draft).map_err(|problems| problems.into_iter().map(|problem| problem.field).collect())
    }

    #[test]
    fn a_party_is_read_with_contacts_that_are_there_and_masks_for_each() {
        let whole = [
            ("party_name", " Ramesh   Kumar "),
            ("entity_type", "INDIVIDUAL"),
            ("mobile", "+91 90000 00021"),
            ("address", "12 MG Road\r\nBehind the bank"),
            ("town", "Pune"),
            ("pincode", "411 001"),
        ];
        let party = read(Asked::Lead, &whole).unwrap();
        assert_eq!((party.role.as_str(), party.name.as_str(), party.email.as_deref()), ("BORROWER", "Ramesh Kumar", None));
        let shown: Vec<_> = party.contacts().into_iter().map(|(kind, value, masked)| (kind.code().to_owned(), value, masked)).collect();
        assert_eq!(shown[0], ("MOBILE".into(), "9000000021".into(), "90xxxxxx21".into()));
        assert_eq!(shown[1], ("ADDRESS".into(), "12 MG Road\nBehind the bank\nPune 411001".into(), "xxxxx, Pune 41xxxx".into()));
    }

    #[test]
    fn half_an_address_and_a_number_that_is_none_are_under_their_fields() {
        let name = [("party_name", "Ramesh"), ("entity_type", "INDIVIDUAL")];
        for (more, fields) in [
            (&[("pincode", "411001")][..], &["address"][..]),
            (&[("address", "12 MG Road")], &["pincode"]),
            (&[("town", "Pune")], &["address", "pincode"]),
            (&[("address", "12 MG Road"), ("pincode", "011001")], &["pincode"]),
            (&[("mobile", "12345")], &["mobile"]),
            (&[("email", "ramesh")], &["email"]),
        ] {
            assert_eq!(read(Asked::Lead, &[&name[..], more].concat()).unwrap_err(), fields, "{more:?}");
        }
        assert_eq!(read(Asked::Whole, &[]).unwrap_err(), ["party_role", "party_name", "entity_type"]);
    }

    #[test]
    fn who_may_correct_an_address_alone_changes_nothing_else() {
        let typed = [("party_name", "Somebody else"), ("mobile", "9000000021"), ("address", "12 MG Road"), ("pincode", "411001")];
        let party = read(Asked::Address, &typed).unwrap();
        assert_eq!(
            (party.name.as_str(), party.role.as_str(), party.mobile.as_deref(), party.contacts().len()),
            ("Known", "GUARANTOR", None, 1)
        );
        let names: Vec<_> = party.fields(Asked::Address, &[]).into_iter().map(|field| field.name).collect();
        assert_eq!(names, ["address", "town", "pincode"]);
    }
}
