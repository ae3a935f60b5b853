//! A payment that did not stand: a cheque that bounced, a credit in the wrong case. Its row stays; it counts no more.
//!
//! Owns that what finance has confirmed takes two people to reverse: who asks, and somebody of finance who neither asked nor recorded
//! it. It must not know what follows from the sums.

use super::{
    super::Refusal,
    by_two::{ByTwo, Next, Waiting, reason},
    payment::{Payment, address, for_finance},
    step::{Step, ToDo},
    subject::Subject,
    sums,
};
use crate::{
    model::{ApprovalKind, ErrorCode, Form, Inr, Permission},
    server::frappe::{Changes, Field as Column, Value},
};

/// Its word in the address.
pub const DEED: &str = "reverse-payment";

impl ByTwo for Payment {
    const DEED: &'static str = DEED;
    const HEADING: &'static str = "Reverse a payment";
    const PERMISSION: Permission = Permission::ReversePayment;
    const TRAIL: (&'static str, &'static str) = ("payment.reverse", "payment");
    const KIND: &'static ApprovalKind = &ApprovalKind::Payment;
    const EVENT: &'static str = "MONEY";
    const TOLD: [&'static str; 3] =
        ["is to be reversed: finance decides", "stands: its reversal was refused", "stands: the request to reverse it is void"];

    async fn next(subject: &Subject, on: Option<&Self>, form: &mut Form) -> Result<Next, Refusal> {
        let payment = on.ok_or(ErrorCode::NotFound)?;
        form.facts = payment.facts();
        form.back = (address(subject), "Back to the case’s money".to_owned());
        form.fields = vec![reason("Why it does not stand")];
        form.grave = true;
        match payment.state.as_str() {
            // It counts for nothing yet.
            "RECORDED" => {
                form.lead = vec!["The row stays and says so. It has not been confirmed: no sum changes.".to_owned()];
                form.submit = "Reverse the payment".to_owned();
                return Ok(Next::Alone);
            }
            "CONFIRMED" => {}
            _ => return Ok(Next::Nothing("This payment is reversed already.".to_owned())),
        }
        let Some(waiting) = Waiting::on(subject, payment).await? else {
            form.lead = vec!["Finance has confirmed it: it counts until somebody of finance approves the reversal.".to_owned()];
            form.submit = "Ask for the reversal".to_owned();
            form.grave = false;
            return Ok(Next::Ask);
        };
        if !subject.grant.principal.role.allows(Permission::ConfirmPayment) {
            return Ok(Next::Nothing(format!("{} has asked for it: somebody of finance decides.", waiting.by())));
        }
        if let Some(why_not) = waiting.shut_to(subject, &[&payment.made_by]).await? {
            return Ok(Next::Nothing(why_not));
        }
        form.lead = vec!["Approved, it counts no more, here and in every report. The row stays and says so.".to_owned()];
        form.facts.extend(waiting.facts("Reversal asked for by"));
        Ok(waiting.decided(form, ["If it stands: why", "Approve the reversal", "Refuse, with this reason"]))
    }

    fn state(&self) -> &str {
        &self.state
    }

    fn submitted(&self) -> Vec<(&'static str, String)> {
        vec![("state", self.state.clone()), ("amount", self.amount.0.exact())]
    }

    fn title(&self, told: &str) -> String {
        format!("Payment of {} {told}", self.amount.0.exact())
    }

    fn wish(&self, subject: &Subject) -> (String, Inr, ToDo) {
        let title = format!("Reverse a payment of {}: {}", self.amount.0.exact(), subject.case.number());
        (title, self.amount.0, for_finance(subject, "Decide on the reversal of a payment"))
    }

    async fn done(&self, _: &Subject, _: Option<&Waiting>, _: &str) -> Result<(String, String, Changes), Refusal> {
        // The key is of payments that stand: what was recorded in the wrong case must be recorded in the right one.
        let changes = Changes::new().set(Column::new("counted"), false).set(Column::new("utr_key"), Value::Nothing);
        Ok(("reversed".to_owned(), "REVERSED".to_owned(), changes.set(Column::new("instalment"), Value::Nothing)))
    }

    async fn follow(subject: &Subject, step: Step<'_>, _done: bool) -> Result<(), Refusal> {
        sums::follow(subject, &step).await
    }
}
