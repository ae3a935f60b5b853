//! The respondents of a row: the lead borrower, and up to two others, each read by the rules of the form of a party. It must not know the
//! case.

use super::{check::Desk, field::FilingField, known::folded, places, repair::Finding, values};
use crate::model::{
    Reading, Typed,
    party_draft::{ADDRESS_MAX, Asked, LINE_MAX, NAME_MAX, PartyDraft, TOWN_MAX},
};

/// The first field of the lead borrower; what comes before it is the case's.
pub(super) const LEAD: &str = "name";
/// Before the codes of others.
const OTHERS: [&str; 2] = ["co1_", "co2_"];

/// The most characters of a line of a party.
pub(super) fn most(code: &str) -> Option<usize> {
    let own = code.split_once('_').filter(|(before, _)| before.starts_with("co")).map_or(code, |(_, own)| own);
    match own {
        "name" => Some(NAME_MAX),
        "address" => Some(ADDRESS_MAX),
        "city" => Some(TOWN_MAX),
        "mobile" | "email" | "pincode" => Some(LINE_MAX),
        _ => None,
    }
}

/// Reads them. Others are there where anything but their role is said of them.
pub(super) fn read(desk: &mut Desk<'_>) -> Vec<PartyDraft> {
    let mut parties = vec![lead(desk)];
    parties.extend(OTHERS.iter().filter_map(|before| other(desk, before)));
    parties
}

fn lead(desk: &mut Desk<'_>) -> PartyDraft {
    let names = [
        ("name", "party_name"),
        ("entity", "entity_type"),
        ("language", "language"),
        ("mobile", "mobile"),
        ("email", "email"),
        ("city", "town"),
    ];
    let mut pairs: Vec<(String, String)> = Vec::with_capacity(10);
    for (code, name) in names {
        if let Some(text) = desk.typed(code) {
            pairs.push((name.to_owned(), text));
        } else if code == "entity" && !desk.is_refused(code) {
            pairs.push((name.to_owned(), "INDIVIDUAL".to_owned()));
        }
    }
    let pan = desk.typed("pan");
    let lines: Vec<String> = ["address", "address_2", "address_3"].iter().filter_map(|code| desk.typed(code)).collect();
    pairs.push(("address".to_owned(), lines.join("\n")));
    pairs.extend(desk.typed("pincode").map(|pincode| ("pincode".to_owned(), pincode)));
    let typed = Typed::from(pairs);
    let mut reading = Reading::of(&typed);
    let mut party = PartyDraft::read(&typed, &mut reading, Asked::Lead, &PartyDraft::default());
    desk.refused_by_form(reading, |field| match field {
        "party_name" => "name",
        "entity_type" => "entity",
        "town" => "city",
        other => FilingField::of(other).map_or("", |field| field.code),
    });
    party.pan = pan;
    state(desk, &mut party);
    party
}

/// The state is kept with an address; its name is one of the list, and what is not in it is told and left out.
fn state(desk: &mut Desk<'_>, party: &mut PartyDraft) {
    let Some(words) = desk.typed("state") else { return };
    let Some(state) = values::state(&words) else {
        let why = format!("{} is no state of India. It is left out.", values::quoted(&words));
        desk.findings.push(Finding::new("W_STATE", "state", why));
        return;
    };
    let Some(address) = &mut party.address else {
        let whole = ["address", "pincode"].iter().any(|code| desk.is_refused(code));
        if !whole {
            desk.findings.push(Finding::new("W_STATE", "state", "There is no address that it could belong to. It is left out."));
        }
        return;
    };
    if !places::may_lie_in(&address.pincode, state) {
        let why = format!("{} does not lie in {state}. A notice goes by the PIN code.", address.pincode);
        desk.findings.push(Finding::new("W_PIN_STATE", "pincode", why));
    }
    state.clone_into(&mut address.state);
}

fn other(desk: &mut Desk<'_>, before: &'static str) -> Option<PartyDraft> {
    const OWN: [(&str, &str); 5] =
        [("name", "party_name"), ("mobile", "mobile"), ("email", "email"), ("address", "address"), ("pincode", "pincode")];
    if !OWN.iter().any(|(own, _)| desk.says(&format!("{before}{own}"))) {
        return None;
    }
    let mut pairs = vec![("entity_type".to_owned(), "INDIVIDUAL".to_owned())];
    for (own, name) in OWN {
        pairs.extend(desk.typed(&format!("{before}{own}")).map(|text| (name.to_owned(), text)));
    }
    let role = format!("{before}role");
    if let Some(code) = desk.typed(&role) {
        pairs.push(("party_role".to_owned(), code));
    } else if !desk.is_refused(&role) {
        // “Guarantor name” says it as well as a column of roles.
        let heading = desk.mapping.heading(&format!("{before}name")).map(folded).unwrap_or_default();
        let code = if heading.contains("guarant") { "GUARANTOR" } else { "CO_BORROWER" };
        pairs.push(("party_role".to_owned(), code.to_owned()));
    }
    let typed = Typed::from(pairs);
    let mut reading = Reading::of(&typed);
    let party = PartyDraft::read(&typed, &mut reading, Asked::Whole, &PartyDraft::default());
    desk.refused_by_form(reading, |field| {
        let own = OWN.iter().find(|(_, name)| *name == field).map_or("role", |(own, _)| own);
        FilingField::of(&format!("{before}{own}")).map_or("", |field| field.code)
    });
    Some(party)
}
