//! What hangs on a case and is listed outside it: it carries whose the case is, and follows when that changes (`records.md` §1, "Scope
//! set"). A few follow in the step that moves the case; more than that are brought to it afterwards, DocType by DocType, by a batch. It must
//! not know why a case moves, nor who does the batch.

use futures::future::try_join_all;

use super::{
    super::{
        Refusal,
        batches::{queue_rescope, ring},
        columns::{Named, record},
    },
    step::Step,
    subject::{CaseState, Subject},
};
use crate::server::frappe::{Changes, Client, Condition, Direction, Field, MANY_MAX, Op, Query, RowScope, Value};

/// Rows that follow in the same step at most (`records.md` §8).
const ROWS_MAX: usize = 50;
/// Rows that are changed at once.
const AT_ONCE: usize = 4;

macro_rules! followers {
    ($($rows:ident: $record:ident of $doctype:literal,)+) => {
        $(
            record! {
                /// A row that follows its case.
                struct $record of $doctype {
                    zone: String,
                    region: String,
                    branch: String,
                    product: String,
                    legal_owner: String,
                    collections_owner: String,
                    advocate: String,
                }
            }

            impl Following for $record {
                fn place(&self) -> Place<'_> {
                    [&self.zone, &self.region, &self.branch, &self.product, &self.legal_owner, &self.collections_owner, &self.advocate]
                }
            }
        )+

        /// The DocTypes of rows that follow.
        const DOCTYPES: &[&str] = &[$($doctype),+];

        /// Brings the rows of one DocType to where their case is; how many were not there. `None` when there is no such DocType any more.
        ///
        /// # Errors
        /// Any fault of the calls; what has followed stays so.
        pub async fn bring(client: &Client, case: &CaseState, number: usize, by: &str) -> Result<Option<usize>, Refusal> {
            let Some(doctype) = DOCTYPES.get(number) else { return Ok(None) };
            $(
                if *doctype == <$record as crate::server::frappe::Record>::DOCTYPE {
                    return bring_all::<$record>(client, case, by).await.map(Some);
                }
            )+
            Ok(None)
        }

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

            /// Makes them follow; or, where they are too many for one step, has them brought once the case has moved.
            ///
            /// # Errors
            /// Any fault of the calls; what has followed stays so, and the same step sent again goes on.
            pub async fn follow(&self, subject: &Subject, step: &Step<'_>, set: &[(&'static str, String)]) -> Result<Moved, Refusal> {
                if self.count() > ROWS_MAX {
                    queue_rescope(subject, step.operation()).await?;
                    return Ok(Moved { later: true });
                }
                $(
                    for names in self.$rows.chunks(AT_ONCE) {
                        try_join_all(names.iter().map(|name| one::<$record>(subject, step, name, set))).await?;
                    }
                )+
                Ok(Moved { later: false })
            }
        }
    };
}

/// How the rows have moved.
#[must_use]
pub struct Moved {
    later: bool,
}

impl Moved {
    /// The case has moved too: what is still to follow is begun.
    pub fn ring(self) {
        if self.later {
            ring();
        }
    }
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

/// Whose a row is among: zone, region, branch, product, and the three people.
type Place<'a> = [&'a str; 7];

/// The columns of a [`Place`].
const COLUMNS: [&str; 7] = ["zone", "region", "branch", "product", "legal_owner", "collections_owner", "advocate"];

/// A row that says whose it is among.
trait Following: Named {
    fn place(&self) -> Place<'_>;
}

async fn bring_all<R: Following>(client: &Client, case: &CaseState, by: &str) -> Result<usize, Refusal> {
    const NAME: Field = Field::new("name");
    let there: Place<'_> =
        [&case.zone, &case.region, &case.branch, &case.product, &case.legal_owner, &case.collections_owner, &case.advocate];
    let (mut after, mut brought) = (String::new(), 0);
    loop {
        let of_case = Query::<R>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new("case_ref"), case.name.as_str()));
        let next = of_case.filter(Condition::new(NAME, Op::Gt, Value::from(after.as_str()))).order_by(NAME, Direction::Ascending);
        let page = client.list(&next.page(0, u32::try_from(MANY_MAX).unwrap_or(1))).await?;
        let elsewhere: Vec<&R> = page.rows.iter().filter(|row| row.place() != there).collect();
        let changes = |row: &&R| {
            let moved = COLUMNS.iter().zip(there).fold(Changes::new(), |changes, (column, text)| changes.set(Field::new(column), text));
            (row.name().to_owned(), moved.set(Field::new("changed_by"), by))
        };
        let left = client.update_many::<R>(elsewhere.iter().map(changes).collect()).await?;
        if left > 0 {
            tracing::warn!(doctype = R::DOCTYPE, left, "rows did not follow their case");
            return Err(crate::model::ErrorCode::Upstream.into());
        }
        brought += elsewhere.len();
        match page.rows.last().filter(|_| page.more) {
            Some(last) => after = last.name().to_owned(),
            None => return Ok(brought),
        }
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
