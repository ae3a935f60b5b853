//! Where borrowers live and branches stand: states with their share, towns with pins, zones and regions.
//!
//! Knows geography alone. Pins are real ranges of real towns, so that a pin and a state can be checked against each other.

/// A state, as far as the demo needs it.
#[derive(Debug)]
pub struct State {
    /// Its name.
    pub name: &'static str,
    /// Share of borrowers, of a hundred.
    pub share: f64,
    /// Zone of its branches.
    pub zone: &'static str,
    /// Region of its branches.
    pub region: &'static str,
    /// Language of its notices.
    pub language: &'static str,
    /// Towns with the first four digits of their pins.
    pub towns: &'static [(&'static str, u32)],
}

macro_rules! states {
    ($($name:literal $share:literal $zone:ident $region:ident $language:ident [$($town:literal $pin:literal),+];)+) => {
        &[$(State {
            name: $name, share: $share, zone: stringify!($zone), region: stringify!($region), language: stringify!($language),
            towns: &[$(($town, $pin)),+],
        }),+]
    };
}

/// The states, with the shares of the demo's recipe.
pub static STATES: &[State] = states! {
    "Maharashtra" 17.0 WEST MAHARASHTRA mr ["Pune" 4110, "Mumbai" 4000, "Nagpur" 4400, "Nashik" 4220];
    "Uttar Pradesh" 12.0 NORTH UTTAR_PRADESH hi ["Lucknow" 2260, "Kanpur" 2080, "Varanasi" 2210];
    "Karnataka" 9.0 SOUTH KARNATAKA kn ["Bengaluru" 5600, "Mysuru" 5700, "Hubballi" 5800];
    "Tamil Nadu" 9.0 SOUTH TAMIL_NADU ta ["Chennai" 6000, "Coimbatore" 6410, "Madurai" 6250];
    "Gujarat" 8.0 WEST GUJARAT gu ["Ahmedabad" 3800, "Surat" 3950, "Rajkot" 3600];
    "Delhi" 8.0 NORTH DELHI_NCR hi ["New Delhi" 1100, "Dwarka" 1100];
    "Telangana" 7.0 SOUTH_CENTRAL TELANGANA te ["Hyderabad" 5000, "Warangal" 5060];
    "Rajasthan" 6.0 CENTRAL RAJASTHAN hi ["Jaipur" 3020, "Jodhpur" 3420, "Kota" 3240];
    "West Bengal" 6.0 EAST WEST_BENGAL bn ["Kolkata" 7000, "Howrah" 7111];
    "Madhya Pradesh" 5.0 CENTRAL MADHYA_PRADESH hi ["Indore" 4520, "Bhopal" 4620];
    "Bihar" 4.0 EAST BIHAR hi ["Patna" 8000, "Gaya" 8230];
    "Andhra Pradesh" 4.0 SOUTH_CENTRAL ANDHRA te ["Vijayawada" 5200, "Visakhapatnam" 5300];
    "Punjab" 3.0 NORTH PUNJAB_HARYANA pa ["Ludhiana" 1410, "Amritsar" 1430];
    "Kerala" 2.0 SOUTH KERALA ml ["Kochi" 6820];
};

/// A branch of an institution.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Stable code, `MAH-PUN-01`.
    pub code: String,
    /// Label.
    pub label: String,
    /// Index into [`STATES`].
    pub state: usize,
}

impl Branch {
    /// Its state.
    pub fn state(&self) -> &'static State {
        &STATES[self.state]
    }
}

/// The first `count` branches of the one list that every institution takes its own from: one a town (34 towns), larger
/// states first, so that a small institution stays in a few states.
pub fn branches(count: usize) -> Vec<Branch> {
    let towns = STATES.iter().enumerate().flat_map(|(state, entry)| entry.towns.iter().map(move |(town, _)| (state, *town)));
    let mut branches: Vec<Branch> = towns
        .map(|(state, town)| {
            let short = |text: &str| text.chars().filter(char::is_ascii_alphabetic).take(3).collect::<String>().to_ascii_uppercase();
            Branch { code: format!("{}-{}-01", short(STATES[state].region), short(town)), label: format!("{town} main"), state }
        })
        .collect();
    while branches.len() < count {
        let second = branches[branches.len() - branches.len() / 2].clone();
        branches.push(Branch {
            code: format!("{}{}", second.code, branches.len()),
            label: format!("{} {}", second.label, branches.len()),
            state: second.state,
        });
    }
    branches.truncate(count);
    branches
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn there_are_six_zones_and_thirty_four_branches_with_codes_of_their_own() {
        let all = branches(34);
        let codes: HashSet<_> = all.iter().map(|branch| branch.code.clone()).collect();
        let zones: HashSet<_> = all.iter().map(|branch| branch.state().zone).collect();
        assert_eq!((codes.len(), zones.len()), (34, 6));
        assert_eq!(STATES.iter().map(|state| state.share).sum::<f64>(), 100.0);
    }
}
