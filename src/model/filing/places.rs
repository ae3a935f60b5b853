//! States of India with the PIN codes that lie in them. Generous: a code that may lie in a state is not said to be outside it. It must not
//! know parties.

use super::known::folded;

/// A state: its name, further names, and what its PIN codes begin with.
struct Place(&'static str, &'static [&'static str], &'static [&'static str]);

const PLACES: &[Place] = &[
    Place("Andaman and Nicobar Islands", &["andaman", "andamannicobar", "andamannicobarislands", "an"], &["744"]),
    Place("Andhra Pradesh", &["ap", "andhra"], &["50", "51", "52", "53"]),
    Place("Arunachal Pradesh", &["ar", "arunachal"], &["790", "791", "792"]),
    Place("Assam", &["as"], &["78"]),
    Place("Bihar", &["br"], &["80", "81", "82", "84", "85"]),
    Place("Chandigarh", &["ch"], &["16"]),
    Place("Chhattisgarh", &["cg", "ct", "chattisgarh", "chhatisgarh"], &["49"]),
    Place(
        "Dadra and Nagar Haveli and Daman and Diu",
        &["dadraandnagarhaveli", "damananddiu", "dnh", "dd", "daman", "diu", "dnhdd"],
        &["396", "362"],
    ),
    Place("Delhi", &["dl", "newdelhi", "nctofdelhi", "delhincr", "nctdelhi"], &["11"]),
    Place("Goa", &["ga"], &["403"]),
    Place("Gujarat", &["gj", "gujrat"], &["36", "37", "38", "39"]),
    Place("Haryana", &["hr"], &["12", "13"]),
    Place("Himachal Pradesh", &["hp", "himachal"], &["17"]),
    Place("Jammu and Kashmir", &["jk", "jandk", "jammukashmir", "jammu"], &["18", "19"]),
    Place("Jharkhand", &["jh"], &["81", "82", "83"]),
    Place("Karnataka", &["ka", "karnatka"], &["56", "57", "58", "59"]),
    Place("Kerala", &["kl"], &["67", "68", "69"]),
    Place("Ladakh", &["la", "leh"], &["194"]),
    Place("Lakshadweep", &["ld"], &["682"]),
    Place("Madhya Pradesh", &["mp"], &["45", "46", "47", "48"]),
    Place("Maharashtra", &["mh", "maharastra"], &["40", "41", "42", "43", "44"]),
    Place("Manipur", &["mn"], &["795"]),
    Place("Meghalaya", &["ml"], &["793", "794"]),
    Place("Mizoram", &["mz"], &["796"]),
    Place("Nagaland", &["nl"], &["797", "798"]),
    Place("Odisha", &["or", "od", "orissa"], &["75", "76", "77"]),
    Place("Puducherry", &["py", "pondicherry"], &["605", "607", "609", "533", "673"]),
    Place("Punjab", &["pb"], &["14", "15", "16"]),
    Place("Rajasthan", &["rj"], &["30", "31", "32", "33", "34"]),
    Place("Sikkim", &["sk"], &["737"]),
    Place("Tamil Nadu", &["tn", "tamilnadu"], &["60", "61", "62", "63", "64", "65", "66"]),
    Place("Telangana", &["ts", "tg", "telengana"], &["50"]),
    Place("Tripura", &["tr"], &["799"]),
    Place("Uttar Pradesh", &["up"], &["20", "21", "22", "23", "24", "25", "26", "27", "28"]),
    Place("Uttarakhand", &["uk", "ua", "uttaranchal"], &["24", "25", "26"]),
    Place("West Bengal", &["wb", "bengal"], &["70", "71", "72", "73", "74"]),
];

/// The state's name as records have it.
pub(super) fn state(words: &str) -> Option<&'static str> {
    let wanted = folded(words);
    let place = PLACES.iter().find(|Place(name, others, _)| folded(name) == wanted || others.contains(&wanted.as_str()));
    place.map(|Place(name, ..)| *name)
}

/// Whether a PIN code may lie in a state.
pub(super) fn may_lie_in(pincode: &str, state: &str) -> bool {
    PLACES
        .iter()
        .find(|Place(name, ..)| *name == state)
        .is_none_or(|Place(_, _, begins)| begins.iter().any(|begin| pincode.starts_with(begin)))
}
