//! What hangs on a case and is listed outside it: it carries whose the case is, and follows when that changes (`records.md` §1, "Scope
//! set"). More rows than one request may change are refused; it must not know why a case moves.

use futures::future::try_join_all;

use super::{
    super::{
        Refusal,
        columns::{Named, record},
    },
    step::Step,
    subject::Subject,
};
use crate::server::frappe::{Changes, Field};

/// Rows that follow in the same step at most (`records.md` §8).
const ROWS_MAX: usize = 50;
/// Rows that are changed at once.
const AT_ONCE: usize = 4;

macro_rules! followers {
    ($($rows:ident: $record:ident of $doctype:literal,)+) => {
        $(record! {
            /// A row that follows its case.
            struct $record of $doctype {}
        })+

        /// The rows that follow a case, by name.
        #[derive(Debug, Default)]
        pub struct Followers {
            $($rows: Vec<String>,)+
        }

        impl Followers {
            /// Those of a case, as many as could follow and one more.
            ///
            /// # Errors
            /// Any fault of the calls.
            pub async fn of(subject: &Subject) -> Result<Self, Refusal> {
                let ($($rows,)+) = futures::try_join!($(names::<$record>(subject)),+)?;
                Ok(Self { $($rows,)+ })
            }

            fn count(&self) -> usize {
                0 $(+ self.$rows.len())+
            }

            /// Makes them follow.
            ///
            /// # Errors
            /// Any fault of the calls; what has followed stays so, and the same step sent again goes on.
            pub async fn follow(&self, subject: &Subject, step: &Step<'_>, set: &[(&'static str, String)]) -> Result<(), Refusal> {
                $(
                    for names in self.$rows.chunks(AT_ONCE) {
                        try_join_all(names.iter().map(|name| one::<$record>(subject, step, name, set))).await?;
                    }
                )+
                Ok(())
            }
        }
    };
}

followers! {
    services: ServiceRow of "Case Service",
    clocks: ClockRow of "Case Clock",
    hearings: HearingRow of "Case Hearing",
    documents: DocumentRow of "Case Document",
    orders: OrderRow of "Case Order",
    defects: DefectRow of "Case Defect",
    proceedings: ProceedingRow of "Case Proceeding",
    settlements: SettlementRow of "Case Settlement",
    instalments: InstalmentRow of "Settlement Instalment",
    payments: PaymentRow of "Case Payment",
    costs: CostRow of "Case Cost",
    tasks: TaskRow of "Case Task",
    approvals: ApprovalRow of "Case Approval",
    recipients: RecipientRow of "Notice Recipient",
}

impl Followers {
    /// Why they cannot all follow at once, if they cannot.
    pub fn too_many(&self) -> Option<String> {
        (self.count() > ROWS_MAX).then(|| {
            format!(
                "More than {ROWS_MAX} records hang on this case: they cannot all follow it at once. Ask for the change as a bulk reassignment."
            )
        })
    }
}

async fn names<R: Named>(subject: &Subject) -> Result<Vec<String>, Refusal> {
    let most = u32::try_from(ROWS_MAX).unwrap_or(u32::MAX) + 1;
    let rows = subject.client.list(&subject.of_case::<R>().page(0, most)).await?.rows;
    Ok(rows.into_iter().map(|row| row.name().to_owned()).collect())
}

async fn one<R: Named>(subject: &Subject, step: &Step<'_>, name: &str, set: &[(&'static str, String)]) -> Result<(), Refusal> {
    let (_, revision, _) = subject.client.get_with_proof::<R>(name).await?;
    let changes = set.iter().fold(Changes::new(), |changes, (field, text)| changes.set(Field::new(field), text.as_str()));
    step.change::<R>(name, &revision, changes).await.map(|_| ())
}
