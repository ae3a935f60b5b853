//! Appointment, orders, and the enforceability checklist.

use super::wire::{AppointmentRecord, CaseRecord, OrderRecord};
use crate::model::{AppointmentRow, Checklist, ChecklistItem, CodeSet, OrderRow, Term, Tribunal};

pub(super) fn of(case: &CaseRecord, appointments: Vec<AppointmentRecord>, orders: Vec<OrderRecord>) -> Tribunal {
    Tribunal {
        appointments: appointments.into_iter().map(appointment).collect(),
        orders: orders.into_iter().map(order).collect(),
        checklist: checklist(case),
    }
}

fn appointment(row: AppointmentRecord) -> AppointmentRow {
    AppointmentRow {
        arbitrator: row.arbitrator_name,
        state: Term::of(row.state),
        mode: Term::of(row.appointment_mode),
        basis: if row.consent_basis == "NONE" { Term::named("NONE", "Nothing on file") } else { Term::of(row.consent_basis) },
        disclosed_on: row.disclosed_on.day(),
        appointed_on: row.appointed_on.day(),
        repeats: u32::try_from(row.repeat_count_3y).ok(),
    }
}

fn order(row: OrderRecord) -> OrderRow {
    OrderRow {
        kind: Term::of(row.kind),
        on: row.order_on.day(),
        total: row.is_award.0.then_some(row.total.0),
        ex_parte: row.ex_parte.0,
        in_force: row.in_force.0,
        received_on: row.received_on.day(),
    }
}

fn checklist(case: &CaseRecord) -> Checklist {
    let missing = CodeSet::parse(&case.missing_items);
    let item =
        |(code, weight): (&str, u32)| ChecklistItem { item: Term::of(code), weight, there: !missing.iter().any(|held| held == code) };
    Checklist {
        score: u32::try_from(case.enforceability_score).unwrap_or(0),
        capped: case.consent_basis == "NONE",
        items: Checklist::ITEMS.into_iter().map(item).collect(),
    }
}
