//! Campaigns whose lists are to be frozen, one after the other, each a piece at a time.
//!
//! Owns the order, and the place that a run has come to: a campaign's name, then a place in its list. What a piece does is the campaign's own.
//! It must not know which portal runs, nor when.

use super::super::{
    Refusal,
    notices::make::{piece, validating_after},
};

/// Stands between a campaign's name and the place in its list: no name has it.
const AT: char = '/';

/// Whether a list is to be frozen.
///
/// # Errors
/// Any fault of the call.
pub async fn are_waiting() -> Result<bool, Refusal> {
    Ok(validating_after("").await?.is_some())
}

/// Does the next piece from a place on: the place after it; `None` when every list is frozen.
///
/// # Errors
/// Any fault of the calls: the same piece can be done again.
pub async fn go_on(place: &str) -> Result<Option<String>, Refusal> {
    match place.split_once(AT) {
        Some((campaign, at)) => {
            let next = Box::pin(piece(campaign, at)).await?;
            Ok(Some(next.map_or_else(|| campaign.to_owned(), |next| format!("{campaign}{AT}{next}"))))
        }
        None => Ok(validating_after(place).await?.map(|campaign| format!("{campaign}{AT}"))),
    }
}

/// The place behind the campaign that this one is in: where a run goes on that cannot do anything with it.
pub fn past(place: &str) -> String {
    place.split_once(AT).map_or(place, |(campaign, _)| campaign).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_that_makes_trouble_is_passed_by() {
        assert_eq!(
            [past("h93bmoeb49/x1"), past("h93bmoeb49/"), past("h93bmoeb49"), past("")],
            ["h93bmoeb49", "h93bmoeb49", "h93bmoeb49", ""]
        );
    }
}
