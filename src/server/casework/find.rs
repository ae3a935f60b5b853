//! One box for every number that a case goes by (`records.md` §11, "palette").
//!
//! Owns which columns are looked in, and that whatever is found is a case of the person's rows: a number that hangs on a case leads to
//! the case's name, and the case is then asked for like any other. It must not know how results look.

use super::{
    Refusal, cases,
    columns::{list, record},
};
use crate::{
    model::{CaseQuery, CaseRow, Found, FoundBy, FoundCase, Names, Permission},
    registry::current_tenant,
    server::{
        context::{Grant, authorise},
        frappe::{Client, Condition, Field, Query, RowScope},
    },
};

/// Cases that are shown at most.
const FOUND_MAX: u32 = 8;
/// The longest text that is looked for, in bytes: the longest column of those looked in.
const TEXT_MAX_BYTES: usize = 140;
/// Letters and digits without which words are not looked for: fewer are in every case's.
const WORDS_MIN: usize = 3;
/// Digits of a mobile number by which people ask for a party.
const LAST_DIGITS: usize = 4;

record! {
    /// A delivery, for the case that it belongs to.
    struct DeliveryRecord of "Notice Delivery" { case_ref: String, }
}
record! {
    /// A proceeding beside the arbitration, for its case.
    struct ProceedingRecord of "Case Proceeding" { case_ref: String, }
}
record! {
    /// A party, for its case.
    struct PartyRecord of "Case Party" { case_ref: String, }
}

/// The person's cases that go by this number; where none does, those that have these words.
///
/// # Errors
/// Who is not signed in is refused; otherwise what the upstream's fault means.
pub async fn find(text: &str) -> Result<Found, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let role = grant.principal.role;
    let text = text.trim();
    if text.is_empty() || text.len() > TEXT_MAX_BYTES {
        return Ok(Found { cases: Vec::new(), role });
    }
    let client = Client::current()?;
    let look = Look { client: &client, grant: &grant, text };
    let mut found = look.by_numbers().await?;
    if found.is_empty() {
        found = look.by_words().await?;
    }
    found.sort_by_key(|found| found.by);
    let mut seen = std::collections::HashSet::new();
    found.retain(|found| seen.insert(found.case.id.clone()));
    found.truncate(FOUND_MAX as usize);
    Ok(Found { cases: found, role })
}

struct Look<'a> {
    client: &'a Client,
    grant: &'a Grant,
    text: &'a str,
}

impl Look<'_> {
    async fn by_numbers(&self) -> Result<Vec<FoundCase>, Refusal> {
        use FoundBy::{Agreement, Cnr, Draft, Loan, Mobile, Number, Tracking};
        let case = |column, by| self.cases(vec![Condition::eq(Field::new(column), self.text)], by);
        // Who may not know borrowers may not ask for them by their telephone either.
        let names = self.grant.principal.role.names();
        let digits = self.text.len() == LAST_DIGITS && self.text.bytes().all(|byte| byte.is_ascii_digit());
        let party = async {
            match names {
                Names::Shown if digits => self.that_own::<PartyRecord>("mobile_last4", Mobile, |row| row.case_ref).await,
                _ => Ok(Vec::new()),
            }
        };
        let (number, draft, loan, agreement, delivery, proceeding, party) = futures::try_join!(
            case("case_id", Number),
            case("draft_no", Draft),
            case("lan", Loan),
            case("agreement_no", Agreement),
            self.that_own::<DeliveryRecord>("tracking_no", Tracking, |row| row.case_ref),
            self.that_own::<ProceedingRecord>("cnr", Cnr, |row| row.case_ref),
            party,
        )?;
        Ok([number, draft, loan, agreement, delivery, proceeding, party].concat())
    }

    async fn by_words(&self) -> Result<Vec<FoundCase>, Refusal> {
        if self.text.chars().filter(|letter| letter.is_alphanumeric()).count() < WORDS_MIN {
            return Ok(Vec::new());
        }
        let hidden = self.grant.principal.role.names() == Names::Hidden;
        let query = CaseQuery { search: self.text.to_owned(), ..CaseQuery::default() };
        self.cases(cases::conditions::of(&query, hidden), FoundBy::Words).await
    }

    /// Cases on which a record hangs whose column is the text.
    async fn that_own<R: super::columns::Named>(
        &self,
        column: &'static str,
        by: FoundBy,
        case_of: fn(R) -> String,
    ) -> Result<Vec<FoundCase>, Refusal> {
        // Of the whole institution: whether the case is the person's is asked of the case.
        let asked = Query::<R>::new(RowScope::institution_wide()).filter(Condition::eq(Field::new(column), self.text)).page(0, FOUND_MAX);
        let names: Vec<String> = list(self.client, asked, Names::Hidden).await?.rows.into_iter().map(case_of).collect();
        if names.is_empty() {
            return Ok(Vec::new());
        }
        self.cases(vec![Condition::one_of(Field::new("name"), names)], by).await
    }

    async fn cases(&self, conditions: Vec<Condition>, by: FoundBy) -> Result<Vec<FoundCase>, Refusal> {
        let tenant = current_tenant()?;
        let zone = self.client.time_zone().await?;
        let page = cases::some(self.client, self.grant, conditions, FOUND_MAX).await?;
        let rows: Vec<CaseRow> = page.rows.into_iter().filter_map(|record| record.into_row(&zone, &tenant)).collect();
        Ok(rows.into_iter().map(|case| FoundCase { case, by }).collect())
    }
}
