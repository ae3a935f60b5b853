//! What is known of a case's money: payments, offers that answer one another, instalments, costs. It must not know how any of it is shown.

use super::{Day, Inr, Instant, Term};

/// What was paid, offered, promised and spent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyBook {
    /// Payments, newest first.
    pub payments: Vec<PaymentRow>,
    /// Offers, newest first.
    pub offers: Vec<OfferRow>,
    /// Instalments by date.
    pub instalments: Vec<InstalmentRow>,
    /// Costs, newest first.
    pub costs: Vec<CostRow>,
}

/// A payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentRow {
    /// When.
    pub on: Option<Day>,
    /// How much.
    pub amount: Inr,
    /// How.
    pub mode: Term,
    /// Recorded, confirmed or reversed.
    pub state: Term,
    /// The bank's reference.
    pub utr: String,
    /// What this person may do about it, in a word, and the address of its form.
    pub deed: Option<(String, String)>,
}

/// An offer or counter-offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferRow {
    /// First, second … of the case.
    pub seq: u32,
    /// The number of the offer that it answers.
    pub answers: Option<u32>,
    /// The number of the offer that answers it.
    pub answered_by: Option<u32>,
    /// When it was made.
    pub at: Option<Instant>,
    /// By which side.
    pub by: Term,
    /// At once or in instalments.
    pub kind: Term,
    /// How much.
    pub amount: Inr,
    /// The dues on that day.
    pub dues: Inr,
    /// Its state.
    pub state: Term,
    /// Until when it stands.
    pub valid_until: Option<Day>,
    /// What this person may do about it, in a word, and the address of its form.
    pub deed: Option<(String, String)>,
}

/// An instalment of an accepted offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalmentRow {
    /// First, second …
    pub seq: u32,
    /// When it is due.
    pub due_on: Option<Day>,
    /// How much.
    pub amount: Inr,
    /// How much of it came.
    pub paid: Inr,
    /// Its state.
    pub state: Term,
}

/// A cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostRow {
    /// When it was incurred.
    pub on: Option<Day>,
    /// What for.
    pub kind: Term,
    /// How much.
    pub amount: Inr,
    /// Accrued, billed, paid or disputed.
    pub state: Term,
    /// Who is paid.
    pub payee: String,
}
