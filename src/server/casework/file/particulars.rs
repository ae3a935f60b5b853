//! Contact and identity values of a case's parties, masked, each with the way to see it whole for whoever may.
//!
//! Must not know how a value is revealed.

use super::{
    super::columns::some_text,
    Found, party_label,
    wire::{ParticularRecord, PartyRecord},
};
use crate::{
    model::{CaseId, ParticularId, ParticularKind, ParticularRow, Role, Term},
    server::{
        casework::Refusal,
        frappe::{Direction, Field},
    },
};

/// The masked values of its parties, in the order of the parties.
///
/// # Errors
/// As [`show`](super::show).
pub async fn particulars(id: String) -> Result<Vec<ParticularRow>, Refusal> {
    let found = Found::case(&id).await?;
    let parties = found.rows(found.of_case::<PartyRecord>().order_by(Field::new("seq"), Direction::Ascending));
    let values = found.of_case::<ParticularRecord>().order_by(Field::new("kind"), Direction::Ascending);
    let values = found.rows(values.order_by(Field::new("is_primary"), Direction::Descending));
    let (parties, values) = futures::try_join!(parties, values)?;
    let role = found.grant.principal.role;
    let of_party = |party: &PartyRecord| {
        let own = values.iter().filter(|value| value.party == party.name).cloned();
        own.map(|value| row(party, value, role, &found.id)).collect::<Vec<_>>()
    };
    Ok(parties.iter().flat_map(of_party).collect())
}

fn row(party: &PartyRecord, value: ParticularRecord, role: Role, case: &CaseId) -> ParticularRow {
    let kind = ParticularKind::from(value.kind);
    let id = ParticularId::parse(&value.name).filter(|_| role.unmasks(&kind));
    let told_on = if value.delivery_state == "OK" { value.last_ok_on.day() } else { value.last_failed_on.day() };
    ParticularRow {
        party: party_label(&party.party_role, party.seq),
        name: some_text(party.name_full.clone()).or_else(|| some_text(party.party_name.clone())),
        kind,
        address_kind: Term::of_some(&value.address_kind),
        masked: value.value_masked,
        active: value.active.0,
        state: Term::named(&value.delivery_state, delivery_words(&value.delivery_state)),
        told_on,
        reveal: id.map(|id| id.reveal_address(case.as_str())),
    }
}

fn delivery_words(state: &str) -> &'static str {
    match state {
        "OK" => "Reached",
        "BAD" => "Not reached",
        _ => "Not tried",
    }
}
