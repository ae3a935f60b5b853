//! Offers of a settlement, as far as the steps of a case go.

use super::{super::Refusal, facts::StandingOffer, step::Step as Under, subject::Subject};
use crate::{
    model::Day,
    server::frappe::{Changes, Field},
};

/// Marks the offer that stands as accepted.
///
/// # Errors
/// Any fault of the calls.
pub async fn accept(subject: &Subject, under: &Under<'_>, offer: &StandingOffer, today: Day) -> Result<(), Refusal> {
    let (_, revision, _) = subject.client.get_with_proof::<StandingOffer>(&offer.name).await?;
    let changes = Changes::new().set(Field::new("state"), "ACCEPTED").set(Field::new("accepted_on"), today);
    under.change::<StandingOffer>(&offer.name, &revision, changes).await.map(|_| ())
}
