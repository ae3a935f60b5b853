//! What a step is judged by, gathered from the case and what hangs on it.
//!
//! Asks only for what the steps that start where the case stands want to know: a case in intake has no service to look at. What is not
//! asked for stays as if nothing were there, which refuses. It must not decide anything.

use std::collections::BTreeSet;

use super::{
    super::{
        Refusal,
        columns::{Check, Date, record},
        site_time,
    },
    requests::{self, Requested},
    settlement::{self, Offer},
    subject::Subject,
};
use crate::{
    model::{
        Caller, Carrier, ClockCode, ConsentBasis, Day, Effect, Facts, FourEyes, Guard, Hold, Inr, NoticeType, Person, Service,
        SettlementTrack, Somebody, Stage, Status, Transition,
    },
    server::{
        casework::keys::natural_key,
        frappe::{Condition, Field, PAGE_MAX, Query, RowScope},
    },
};

record! {
    /// A cell of the service matrix.
    struct CellRecord of "Case Service" {
        party: String,
        notice_type: String,
        required: Check,
        state: String,
        counts_served: Check,
    }
}

record! {
    /// A contact of a party, as far as trying it goes.
    struct ContactRecord of "Party Particular" {
        party: String,
        kind: String,
        active: Check,
        delivery_state: String,
    }
}

record! {
    /// A document, as far as being there goes.
    struct PaperRecord of "Case Document" {
        doc_type: String,
    }
}

record! {
    /// A document by its name alone.
    struct PaperName of "Case Document" {}
}

record! {
    /// A clock's last day.
    struct PeriodRecord of "Case Clock" {
        clock: String,
        due_on: Date,
        owner_side: String,
    }
}

record! {
    /// A defect, as far as an answer goes.
    struct DefectRecord of "Case Defect" {
        cure_doc: String,
        cure_text: String,
    }
}

record! {
    /// A payment that counts.
    struct CreditRecord of "Case Payment" {
        proof_doc: String,
        paid_on: Date,
    }
}

record! {
    /// The appointment in force.
    struct CurrentAppointment of "Case Appointment" {
        appointment_mode: String,
        disclosure_doc: String,
        proposed_on: Date,
    }
}

record! {
    /// A recipient of a campaign, as far as carrying the case goes.
    struct CarriedRecord of "Notice Recipient" {
        campaign: String,
    }
}

record! {
    /// Whether a campaign was approved.
    struct CampaignState of "Notice Campaign" {
        state: String,
    }
}

record! {
    /// Whether a batch was approved.
    struct BatchState of "Portal Batch" {
        state: String,
    }
}

record! {
    /// Another case of the same loan.
    struct SameLoan of "Arbitration Case" {}
}

/// Fields of a draft without which it cannot be submitted, with the words for them.
pub const MANDATORY: [(&str, &str); 8] = [
    ("lan", "loan account number"),
    ("product", "product"),
    ("branch", "branch"),
    ("agreement_no", "agreement number"),
    ("agreement_on", "agreement date"),
    ("default_on", "date of default"),
    ("total_dues", "dues"),
    ("respondent_count", "respondent"),
];

/// What is known for judging, with who asks and what waits for a checker.
pub struct Known {
    /// The facts.
    pub facts: Facts,
    /// Who asks.
    pub caller: Caller,
    /// What waits, as records.
    pub requested: Vec<Requested>,
    /// The offer that stands, if one does.
    pub offer: Option<Offer>,
}

impl Subject {
    /// Gathers what the steps that start here are judged by.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn known(&self) -> Result<Known, Refusal> {
        let (stage, status) = (Stage::from(self.case.stage.clone()), Status::from(self.case.status.clone()));
        let starting: Vec<&Transition> = Transition::all().filter(|row| row.starts_at(&stage, &status)).collect();
        let asked: BTreeSet<&str> = starting.iter().flat_map(|row| row.guards).map(|guard| guard.code()).collect();
        let wants = |guards: &[Guard]| guards.iter().any(|guard| asked.contains(guard.code()));
        let decides = starting.iter().any(|row| !matches!(row.four_eyes, FourEyes::No | FourEyes::Carried(_)));

        let service = wants(&[
            Guard::LrnDispatched,
            Guard::LrnServed,
            Guard::S21Dispatched,
            Guard::S21Served,
            Guard::S21Exhausted,
            Guard::SocServed,
            Guard::HearingNoticeServed,
            Guard::AwardServed,
            Guard::AddressUntried,
        ]);
        let cells = self.rows_if::<CellRecord>(service, self.of_case());
        let contacts = self.rows_if::<ContactRecord>(wants(&[Guard::AddressUntried]), self.of_case());
        let papers = self.of_case::<PaperRecord>().filter(Condition::eq(Field::new("is_latest"), true));
        let papers = papers.filter(Condition::eq(Field::new("state"), "STORED"));
        let papers = self.rows_if(wants(&[Guard::AgreementWithClause, Guard::AccountAttached, Guard::DisclosureFiled]), papers);
        let timed = wants(&[
            Guard::CureOver,
            Guard::ChallengeInTime,
            Guard::SodTimeOver,
            Guard::CorrectionInTime,
            Guard::ChallengeTimeOver,
            Guard::AwardTimeShort,
        ]);
        let periods = self.rows_if::<PeriodRecord>(timed, self.of_case());
        let defects = self.of_case::<DefectRecord>().filter(Condition::eq(Field::new("state"), "OPEN"));
        let defects = self.rows_if(wants(&[Guard::DefectsAnswered]), defects);
        let credits = self.of_case::<CreditRecord>().filter(Condition::eq(Field::new("counted"), true));
        let credits = self.rows_if(wants(&[Guard::CreditProved]), credits);
        let settles = wants(&[Guard::OfferStands, Guard::RespondentAgrees]);
        // What rests on a document that was withdrawn rests on nothing.
        let rests = wants(&[Guard::CreditProved, Guard::DefectsAnswered, Guard::DisclosureFiled]);
        let withdrawn = self.of_case::<PaperName>().filter(Condition::eq(Field::new("state"), "WITHDRAWN"));
        let withdrawn = self.rows_if(rests, withdrawn);
        let offer = async { if settles { settlement::standing(self).await } else { Ok(None) } };
        let current = self.of_case::<CurrentAppointment>().filter(Condition::eq(Field::new("is_current"), true));
        let current = self.rows_if(wants(&[Guard::AppointmentModeKnown, Guard::DisclosureFiled, Guard::ObjectionTimeOver]), current);
        let (cells, contacts, papers, periods) = futures::try_join!(cells, contacts, papers, periods)?;
        let (defects, credits, offer, current, withdrawn) = futures::try_join!(defects, credits, offer, current, withdrawn)?;
        let stands = |paper: &str| !paper.is_empty() && !withdrawn.iter().any(|row| row.name == paper);
        let duplicate = self.duplicate(wants(&[Guard::UniqueLoan]));
        let campaign = self.campaign(wants(&[Guard::CampaignApproved]));
        let batch = self.batch(wants(&[Guard::BatchApproved]));
        let requested = async { if decides { requests::waiting(self).await } else { Ok(Vec::new()) } };
        let (open_duplicate, campaign, batch, requested) = futures::try_join!(duplicate, campaign, batch, requested)?;
        let people = requested.iter().flat_map(Requested::people).collect();
        let (caller, somebody) = requests::who(self, people).await?;

        let due =
            |clock: &ClockCode| periods.iter().filter(|period| period.clock == clock.code()).filter_map(|period| period.due_on.day()).max();
        let ours = |clock: &ClockCode| {
            let of_clock = periods.iter().filter(|period| period.clock == clock.code() && period.owner_side == "OURS");
            of_clock.filter_map(|period| period.due_on.day()).max().or_else(|| due(clock))
        };
        let has_paper = |kind: &str| papers.iter().any(|paper| paper.doc_type == kind);
        let case = &self.case;
        let appointment = current.first();
        let facts = Facts {
            today: site_time::today(&self.site.tenant),
            place: Some((stage, status)),
            before: Some(case.status_before.clone()).filter(|code| !code.is_empty()).map(Status::from),
            settlement: SettlementTrack::from(case.settlement_track.clone()),
            respondent_agrees: offer.as_ref().is_some_and(|offer| offer.offered_by == "RESPONDENT"),
            hold: Hold::from(case.hold.clone()),
            consent_basis: ConsentBasis::from(case.consent_basis.clone()),
            open_duplicate,
            fields_complete: self.missing_fields().is_empty(),
            agreement_attached: case.arbitration_clause.0 && has_paper("AGREEMENT"),
            dues: case.total_dues.0,
            dues_on: case.dues_on.day(),
            claim: case.claim_basis_amount.0,
            award: case.award_total.0,
            realised: case.realised_amount.0,
            credit_proved: credits.iter().any(|credit| stands(&credit.proof_doc) && credit.paid_on.day().is_some()),
            campaign,
            batch,
            service: service_of(&cells),
            address_untried: address_untried(&cells, &contacts),
            defects_unanswered: u32::try_from(defects.iter().filter(|row| !stands(&row.cure_doc) && row.cure_text.is_empty()).count())
                .unwrap_or(u32::MAX),
            disclosure_filed: has_paper("DISCLOSURE") || appointment.is_some_and(|row| stands(&row.disclosure_doc)),
            appointment_mode_known: appointment.is_some_and(|row| !row.appointment_mode.is_empty()),
            objection_until: appointment.and_then(|row| row.proposed_on.day()).map(|day| day.later(OBJECTION_DAYS)),
            account_attached: has_paper("SOA"),
            cure_until: due(&ClockCode::Cure),
            s13_until: due(&ClockCode::S13Challenge),
            sod_until: due(&ClockCode::Sod),
            s33_until: ours(&ClockCode::S33Correction),
            s34_until: due(&ClockCode::S34Challenge),
            s29a_until: due(&ClockCode::S29aAward),
            requests: requested.iter().filter_map(|row| row.request(&somebody)).collect(),
        };
        Ok(Known { facts, caller, requested, offer })
    }

    /// Mandatory fields of a draft that are empty, in words.
    pub fn missing_fields(&self) -> Vec<&'static str> {
        let case = &self.case;
        let there = |field: &str| match field {
            "lan" => !case.lan.is_empty(),
            "product" => !case.product.is_empty(),
            "branch" => !case.branch.is_empty(),
            "agreement_no" => !case.agreement_no.is_empty(),
            "agreement_on" => case.agreement_on.day().is_some(),
            "default_on" => case.default_on.day().is_some(),
            "total_dues" => case.total_dues.0 > Inr::ZERO,
            "respondent_count" => case.respondent_count > 0,
            _ => false,
        };
        MANDATORY.iter().filter(|(field, _)| !there(field)).map(|(_, words)| *words).collect()
    }

    async fn rows_if<R: super::super::columns::Named>(&self, wanted: bool, query: Query<R>) -> Result<Vec<R>, Refusal> {
        if wanted { Ok(self.client.list(&query.page(0, PAGE_MAX)).await?.rows) } else { Ok(Vec::new()) }
    }

    /// Whether another open case holds the loan.
    async fn duplicate(&self, wanted: bool) -> Result<bool, Refusal> {
        if !wanted {
            return Ok(false);
        }
        let institution = self.client.institution().await?;
        let key = natural_key(&institution, &[&self.case.lan.to_uppercase()]);
        let same = Query::<SameLoan>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("open_lan_key"), key)).page(0, 2);
        Ok(self.client.list(&same).await?.rows.iter().any(|row| row.name != self.id.as_str()))
    }

    async fn campaign(&self, wanted: bool) -> Result<Carrier, Refusal> {
        let carried = self.of_case::<CarriedRecord>().filter(Condition::eq(Field::new("notice_type"), NoticeType::Lrn.code()));
        let carried = self.rows_if(wanted, carried).await?;
        if carried.is_empty() {
            return Ok(Carrier::None);
        }
        let names: BTreeSet<&str> = carried.iter().map(|row| row.campaign.as_str()).collect();
        let named = Query::<CampaignState>::new(RowScope::institution_wide()).filter(Condition::one_of(Field::new("name"), names));
        let states = self.client.list(&named.page(0, PAGE_MAX)).await?.rows;
        const BEFORE: [&str; 7] = ["DRAFT", "VALIDATING", "READY", "PENDING_APPROVAL", "RETURNED", "CANCELLED", "FAILED"];
        let approved = states.iter().any(|row| !BEFORE.contains(&row.state.as_str()));
        Ok(if approved { Carrier::Approved } else { Carrier::Waiting })
    }

    async fn batch(&self, wanted: bool) -> Result<Carrier, Refusal> {
        if !wanted || self.case.batch.is_empty() {
            return Ok(Carrier::None);
        }
        let (batch, _, _) = self.client.get_with_proof::<BatchState>(&self.case.batch).await?;
        const APPROVED: [&str; 5] = ["APPROVED", "RUNNING", "PAUSED", "DONE", "DONE_WITH_ERRORS"];
        Ok(if APPROVED.contains(&batch.state.as_str()) { Carrier::Approved } else { Carrier::Waiting })
    }
}

/// Days within which parties may object to a proposed arbitrator: those of the challenge under s. 13, until a policy sets others.
const OBJECTION_DAYS: i64 = 15;

fn service_of(cells: &[CellRecord]) -> Vec<(NoticeType, Service)> {
    let kinds: BTreeSet<&str> = cells.iter().map(|cell| cell.notice_type.as_str()).collect();
    let of_kind = |kind: &str| {
        let cells: Vec<_> = cells.iter().filter(|cell| cell.notice_type == kind).collect();
        let required: BTreeSet<&str> = cells.iter().filter(|cell| cell.required.0).map(|cell| cell.party.as_str()).collect();
        let is_served = |party: &str| cells.iter().any(|cell| cell.party == party && cell.counts_served.0);
        let served = required.iter().filter(|party| is_served(party)).count();
        let open = cells.iter().filter(|cell| cell.required.0 && !is_served(&cell.party));
        Service {
            required: u32::try_from(required.len()).unwrap_or(u32::MAX),
            served: u32::try_from(served).unwrap_or(u32::MAX),
            dispatched: cells.iter().any(|cell| cell.state != "NOT_SENT"),
            exhausted: served < required.len() && open.clone().all(|cell| matches!(cell.state.as_str(), "UNSERVED" | "DISPUTED")),
        }
    };
    kinds.into_iter().map(|kind| (NoticeType::from(kind.to_owned()), of_kind(kind))).collect()
}

/// Whether every respondent whom the notice under s. 21 has not reached has a contact that nobody has tried.
fn address_untried(cells: &[CellRecord], contacts: &[ContactRecord]) -> bool {
    let s21 = cells.iter().filter(|cell| cell.notice_type == NoticeType::S21.code() && cell.required.0 && !cell.counts_served.0);
    let parties: BTreeSet<&str> = s21.map(|cell| cell.party.as_str()).collect();
    let untried = |party: &str| {
        let reaches = |row: &&ContactRecord| matches!(row.kind.as_str(), "MOBILE" | "EMAIL" | "ADDRESS") && row.active.0;
        contacts.iter().filter(reaches).any(|row| row.party == party && row.delivery_state == "UNTRIED")
    };
    !parties.is_empty() && parties.iter().all(|party| untried(party))
}

/// Somebody by their sign-in name alone: nobody acts for them.
pub fn alone(user: &str) -> Somebody {
    Somebody { user: user.to_owned(), deputies: Vec::new() }
}

/// A day of the case that a step sets, as the fields that follow from it (`records.md` §8).
pub const fn month_field(effect: &Effect) -> Option<&'static str> {
    use crate::model::CaseDate::{Award, Closed, Filed, Registered};
    match effect {
        Effect::SetDate(Filed) | Effect::ClearDate(Filed) => Some("filing_month"),
        Effect::SetDate(Registered) | Effect::ClearDate(Registered) => Some("registered_month"),
        Effect::SetDate(Award) | Effect::ClearDate(Award) => Some("award_month"),
        Effect::SetDate(Closed) | Effect::ClearDate(Closed) => Some("closed_month"),
        _ => None,
    }
}

/// The person as a caller.
pub fn person(subject: &Subject, who: Somebody, limit: Option<Inr>) -> Caller {
    Caller::Person(Person { role: subject.grant.principal.role, who, limit })
}

/// `YYYY-MM` of a day.
pub fn month(day: Day) -> String {
    day.iso().chars().take(7).collect()
}
