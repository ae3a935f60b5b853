//! The people and firms of a case, before they become rows: names, safe numbers, addresses.
//!
//! Knows nobody's debts. No number here could be a live one.

use super::names::Name;
use super::people::House;
use super::place::{STATES, State};
use super::random::Random;
use super::row::Date;

/// A party against whom, or for whom, the case is.
#[derive(Clone, Debug)]
pub(super) struct PartyPlan {
    pub row: String,
    pub role: &'static str,
    pub name: Name,
    pub entity: &'static str,
    /// Ten digits that begin with 5: no Indian mobile does.
    pub mobile: String,
    pub email: String,
    pub pan: String,
    pub account: String,
    pub street: String,
    pub town: &'static str,
    pub state: &'static str,
    pub pin: String,
    pub died_on: Option<Date>,
    pub whatsapp: bool,
    /// Whether post to the address came back for good.
    pub address_bad: bool,
}

/// The institution itself, as a party.
pub(super) fn claimant(house: &House<'_>, random: &mut Random, branch: usize) -> PartyPlan {
    let state = house.branches[branch].state();
    PartyPlan {
        row: random.row_name(),
        role: "CLAIMANT",
        name: Name { latin: house.mark(&house.spec.legal_name.replace(&house.spec.marker, "")), local: String::new() },
        entity: "COMPANY",
        mobile: String::new(),
        email: house.user("legal"),
        pan: String::new(),
        account: String::new(),
        street: house.mark("Legal Department"),
        town: state.towns[0].0,
        state: state.name,
        pin: pin(random, state.towns[0].1),
        died_on: None,
        whatsapp: false,
        address_bad: false,
    }
}

pub(super) fn pin(random: &mut Random, first_four: u32) -> String {
    format!("{first_four}{:02}", random.between(1, 60))
}

pub(super) fn respondent(
    house: &House<'_>,
    random: &mut Random,
    state: &'static State,
    role: &'static str,
    name: Name,
    entity: &'static str,
) -> PartyPlan {
    let (town, first_four) = *random.pick(state.towns);
    let row = random.row_name();
    let email = if random.chance(71.0) { format!("p{row}@borrowers.example") } else { String::new() };
    let mark = |text: String| if text.is_empty() { text } else { house.mark(&text) };
    PartyPlan {
        role,
        name: Name { latin: house.mark(&name.latin), local: mark(name.local) },
        entity,
        mobile: if random.chance(96.0) { format!("5{:09}", random.between(0, 999_999_999)) } else { String::new() },
        email,
        // Letters Z where a permanent account number has none: no live one reads so.
        pan: format!("ZZZP{}{:04}Z", char::from(b'A' + u8::try_from(random.below(26)).unwrap_or(0)), random.between(0, 9999)),
        account: format!("0000{:010}", random.between(0, 9_999_999_999)),
        street: format!(
            "{} {}, {}",
            random.between(1, 480),
            random.pick(&["Station Road", "MG Road", "Nehru Nagar", "Gandhi Chowk", "Market Yard"]),
            town
        ),
        town,
        state: state.name,
        pin: pin(random, first_four),
        died_on: None,
        whatsapp: random.chance(62.0),
        address_bad: random.chance(6.0),
        row,
    }
}

/// The state with this name, for those that are set by hand.
pub(super) fn state_named(name: &str) -> &'static State {
    STATES.iter().find(|state| state.name == name).unwrap_or(&STATES[0])
}
