//! What hangs on a case, as Frappe writes it.

use super::super::columns::{Check, Date, LocalTime, Rupees, record};

record! {
    /// A case whole: what the list does not ask for.
    pub struct CaseRecord of "Arbitration Case" {
        region: String,
        outcome: String,
        hold_reason: String,
        agreement_no: String,
        agreement_on: Date,
        disbursed_on: Date,
        sanctioned_amount: Rupees,
        emi_amount: Rupees,
        tenure_months: i64,
        roi_pct: f64,
        secured: Check,
        borrower_type: String,
        default_on: Date,
        npa_on: Date,
        last_payment_on: Date,
        last_payment_amount: Rupees,
        dpd_as_on: Date,
        pos: Rupees,
        interest_overdue: Rupees,
        penal_charges: Rupees,
        bounce_charges: Rupees,
        legal_charges: Rupees,
        total_dues: Rupees,
        dues_on: Date,
        claim_amount: Rupees,
        counterclaim_amount: Rupees,
        award_total: Rupees,
        settled_amount: Rupees,
        realised_amount: Rupees,
        cost_total: Rupees,
        legal_owner: String,
        collections_owner: String,
        arbitrator_name: String,
        seat: String,
        lrn_on: Date,
        s21_on: Date,
        s21_served_on: Date,
        filed_on: Date,
        registered_on: Date,
        appointed_on: Date,
        soc_on: Date,
        sod_on: Date,
        pleadings_complete_on: Date,
        award_on: Date,
        award_delivered_on: Date,
        closed_on: Date,
        limitation_on: Date,
        s29a_due_on: Date,
        enforceability_score: i64,
        missing_items: String,
        consent_basis: String,
    }
}

record! {
    /// A party, masked.
    pub struct PartyRecord of "Case Party" {
        seq: i64,
        party_role: String,
        alive: String,
        mobile_masked: String,
        email_masked: String,
        pan_masked: String,
        city: String,
        state_name: String,
        pincode: String,
    }
    names { party_name, name_full, name_local, }
}

record! {
    /// A contact or identity value of a party, masked. The whole value is no column of it: `cases::unmask` alone reads that.
    pub struct ParticularRecord of "Party Particular" {
        party: String,
        kind: String,
        value_masked: String,
        address_kind: String,
        active: Check,
        delivery_state: String,
        last_ok_on: Date,
        last_failed_on: Date,
    }
}

record! {
    /// One cell of the service matrix.
    pub struct ServiceRecord of "Case Service" {
        party: String,
        notice_type: String,
        required: Check,
        state: String,
        counts_served: Check,
        served_on: Date,
        due_on: Date,
        best_channel: String,
        proof_doc: String,
        rule: String,
        rule_text: String,
    }
}

record! {
    /// A clock.
    pub struct ClockRecord of "Case Clock" {
        party_label: String,
        clock: String,
        start_event: String,
        starts_on: Date,
        due_on: Date,
        length_text: String,
        rule_text: String,
        state: String,
        owner_side: String,
    }
}

record! {
    /// A task, and what has become of it.
    pub struct TaskEntryRecord of "Case Task" {
        creation: LocalTime,
        kind: String,
        title: String,
        assignee: String,
        assignee_role: String,
        due_on: Date,
        state: String,
        done_on: Date,
        done_by: String,
    }
}

record! {
    /// A defect.
    pub struct DefectRecord of "Case Defect" {
        code: String,
        defect_text: String,
        due_on: Date,
        cure_doc: String,
        cure_text: String,
    }
}

record! {
    /// A line of the timeline.
    pub struct EventRecord of "Case Event" {
        at: LocalTime,
        kind: String,
        title: String,
        origin: String,
        note_text: String,
    }
}

record! {
    /// A comment.
    pub struct CommentRecord of "Case Comment" {
        visibility: String,
        body_text: String,
        made_by: String,
        at: LocalTime,
    }
}

record! {
    /// A payment.
    pub struct PaymentRecord of "Case Payment" {
        paid_on: Date,
        amount: Rupees,
        mode: String,
        state: String,
        utr: String,
        made_by: String,
    }
}

record! {
    /// An offer.
    pub struct SettlementRecord of "Case Settlement" {
        seq: i64,
        counter_to: String,
        offered_at: LocalTime,
        offered_by: String,
        kind: String,
        amount: Rupees,
        dues_at_offer: Rupees,
        state: String,
        valid_until_on: Date,
    }
}

record! {
    /// An instalment.
    pub struct InstalmentRecord of "Settlement Instalment" {
        seq: i64,
        due_on: Date,
        amount: Rupees,
        paid_amount: Rupees,
        state: String,
    }
}

record! {
    /// A cost.
    pub struct CostRecord of "Case Cost" {
        incurred_on: Date,
        kind: String,
        amount: Rupees,
        state: String,
        payee: String,
    }
}

record! {
    /// An arbitrator proposed or appointed.
    pub struct AppointmentRecord of "Case Appointment" {
        arbitrator_name: String,
        state: String,
        appointment_mode: String,
        consent_basis: String,
        disclosed_on: Date,
        appointed_on: Date,
        repeat_count_3y: i64,
    }
}

record! {
    /// An order or award.
    pub struct OrderRecord of "Case Order" {
        kind: String,
        is_award: Check,
        in_force: Check,
        ex_parte: Check,
        order_on: Date,
        total: Rupees,
        received_on: Date,
    }
}
