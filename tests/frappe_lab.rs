//! The simulated Frappe held to recordings of a real one: a site with the recorded schema and users answers the recorded
//! requests in their order, each alike or listed in the note of differences with its reason.
//!
//! Must not know the simulation's insides: everything but the misbehaviour that a recording was made under goes over sockets.

#![cfg(feature = "demo")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a black-box test stops where its set-up fails")]

#[path = "frappe_lab/compare.rs"]
mod compare;
#[path = "frappe_lab/differences.rs"]
mod differences;
#[path = "frappe_lab/documents.rs"]
mod documents;
#[path = "frappe_lab/faults.rs"]
mod faults;
#[path = "frappe_lab/lab.rs"]
mod lab;
#[path = "frappe_lab/leaks.rs"]
mod leaks;
#[path = "frappe_lab/recording.rs"]
mod recording;
#[path = "frappe_lab/schema.rs"]
mod schema;
#[path = "frappe_lab/seed.rs"]
mod seed;
#[expect(dead_code, reason = "the portal's own program is not started here")]
mod support;
#[path = "frappe_lab/versions.rs"]
mod versions;

use differences::DIFFERENCES;

#[test]
fn every_recording_is_answered_alike_or_its_difference_is_noted() {
    let mut lab = lab::Lab::open();
    let mut wrong = Vec::new();
    let recordings = recording::all();
    for recording in &recordings {
        let got = lab.replay(recording);
        let found = compare::differences(&recording.answer, &got);
        let noted = DIFFERENCES.iter().any(|(name, _)| *name == recording.name);
        match (found.is_empty(), noted) {
            (true, true) => wrong.push(format!("{}: alike by now: take it out of the note", recording.name)),
            (false, false) => wrong.push(format!("{}:\n    {}", recording.name, found.join("\n    "))),
            _ => {}
        }
    }
    for (name, _) in DIFFERENCES {
        assert!(recordings.iter().any(|recording| recording.name == *name), "no recording is called {name}");
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), recordings.len(), wrong.join("\n"));
}
