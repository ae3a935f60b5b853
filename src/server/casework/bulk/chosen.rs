//! Which cases are meant: these, or all that a query matches but these. What a browser says of them is only ever looked for among the
//! person's rows.
//!
//! Owns how a choice is read, carried along and found. It must not know what is done with the cases.

use std::collections::BTreeMap;

use super::super::{Refusal, cases, columns::list, work::several::Chosen};
use crate::{
    model::{CaseId, CaseQuery, Names, Typed},
    server::{
        context::Grant,
        frappe::{Client, Condition, Direction, Field, Op, Query},
    },
};

/// The most cases of one choice.
pub const CASES_MAX: usize = 2_000;
/// The most cases that a browser may leave out of all that match.
const EXCEPTIONS_MAX: usize = 2_000;
/// The longest name, in characters.
const NAME_MAX: usize = 64;
/// Cases that are asked for at once by their names.
const NAMES_AT_ONCE: usize = 200;
/// Cases that are asked for at once of all that match.
const ROWS_AT_ONCE: u32 = 400;
const NAME: Field = Field::new("name");

/// Names of the hidden fields.
const OF: &str = "of";
const QUERY: &str = "q";
const IDS: &str = "ids";
/// What [`OF`] says of all that match.
const ALL: &str = "all";

/// A choice.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The query, where all that match are meant.
    pub all: Option<CaseQuery>,
    /// The query of the list that it was made on.
    pub query: CaseQuery,
    /// The chosen cases, or those that are left out of all.
    ids: Vec<String>,
    /// Whether more were named than are taken.
    too_many: bool,
}

/// What was found of a choice.
#[derive(Debug, Default)]
pub struct Found {
    /// The cases, in the order of their names.
    pub cases: Vec<Chosen>,
    /// What was named and is none of the person's cases.
    pub missing: Vec<String>,
    /// Whether there are more than are taken.
    pub too_many: bool,
}

impl Choice {
    /// As the list's form says it: boxes that are ticked, and what is meant by them.
    pub fn of_list(sent: &Typed) -> Self {
        let ticked = || sent.each("id").map(str::to_owned);
        let query = CaseQuery::from_params(sent.text(QUERY), "", "", "");
        match sent.text(OF) {
            "page" => {
                let rows = split(sent.text("rows")).filter(|row| !sent.each("id").any(|ticked| ticked == row));
                Self::new(None, query, rows)
            }
            ALL => Self::new(Some(query.clone()), query, ticked()),
            _ => Self::new(None, query, ticked()),
        }
    }

    /// As a form of ours carries it along.
    pub fn carried(typed: &Typed) -> Self {
        let query = CaseQuery::from_params(typed.text(QUERY), "", "", "");
        let all = (typed.text(OF) == ALL).then(|| query.clone());
        Self::new(all, query, split(typed.text(IDS)))
    }

    fn new(all: Option<CaseQuery>, query: CaseQuery, named: impl Iterator<Item = String>) -> Self {
        let most = if all.is_some() { EXCEPTIONS_MAX } else { CASES_MAX };
        // What no name can be made of stays in sight as a case that there is not.
        let plain = |id: String| id.chars().filter(char::is_ascii_alphanumeric).take(NAME_MAX).collect::<String>();
        let mut ids: Vec<String> = named.map(plain).filter(|id| !id.is_empty()).take(most + 1).collect();
        let too_many = ids.len() > most;
        ids.truncate(most);
        ids.sort();
        ids.dedup();
        Self { all, query, ids, too_many }
    }

    /// As the next form carries it along.
    pub fn hidden(&self) -> [(&'static str, String); 3] {
        let of = if self.all.is_some() { ALL } else { "these" };
        [(OF, of.to_owned()), (QUERY, self.query.text()), (IDS, self.ids.join("."))]
    }

    /// What is meant, in words.
    pub fn words(&self) -> String {
        match &self.all {
            None => "The cases that you chose".to_owned(),
            Some(query) => {
                let text = query.text();
                let what = if text.is_empty() { "All cases that you reach".to_owned() } else { format!("All cases that match {text}") };
                if self.ids.is_empty() { what } else { format!("{what}, less {} that you left out", self.ids.len()) }
            }
        }
    }

    /// How many are left out of all that match.
    pub fn left_out(&self) -> usize {
        if self.all.is_some() { self.ids.len() } else { 0 }
    }

    /// Finds what is meant now.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn find(&self, client: &Client, grant: &Grant) -> Result<Found, Refusal> {
        let Some(query) = &self.all else {
            let found = named(client, grant, &self.ids, None).await?;
            return Ok(Found { too_many: self.too_many, ..found });
        };
        let conditions = conditions(query, grant);
        let mut found = Found { too_many: self.too_many, ..Found::default() };
        let mut after: Option<String> = None;
        loop {
            let mut asked = Query::<Chosen>::new(grant.rows.clone()).order_by(NAME, Direction::Ascending).page(0, ROWS_AT_ONCE);
            let beyond = after.take().map(|name| Condition::new(NAME, Op::Gt, name));
            for condition in conditions.iter().cloned().chain(beyond) {
                asked = asked.filter(condition);
            }
            let page = list(client, asked, grant.principal.role.names()).await?;
            after = page.rows.last().map(|case| case.name.clone()).filter(|_| page.more);
            found.cases.extend(page.rows.into_iter().filter(|case| self.ids.binary_search(&case.name).is_err()));
            found.too_many |= found.cases.len() > CASES_MAX;
            if after.is_none() || found.too_many {
                found.cases.truncate(CASES_MAX);
                return Ok(found);
            }
        }
    }

    /// Finds those of these names that are meant now: all of them still match, where all that match are meant.
    ///
    /// # Errors
    /// Any fault of the calls.
    pub async fn find_again(&self, client: &Client, grant: &Grant, names: &[String]) -> Result<Found, Refusal> {
        let named = named(client, grant, names, self.all.as_ref()).await?;
        let is_meant = |name: &String| self.ids.binary_search(name).is_ok() != self.all.is_some();
        let (cases, others): (Vec<_>, Vec<_>) = named.cases.into_iter().partition(|case| is_meant(&case.name));
        let missing = named.missing.into_iter().chain(others.into_iter().map(|case| case.name)).collect();
        Ok(Found { cases, missing, too_many: false })
    }
}

/// Cases of these names among the person's rows.
async fn named(client: &Client, grant: &Grant, names: &[String], all: Option<&CaseQuery>) -> Result<Found, Refusal> {
    let mut found = BTreeMap::new();
    let conditions = all.map(|query| conditions(query, grant)).unwrap_or_default();
    let can_be: Vec<&String> = names.iter().filter(|name| CaseId::parse(name).is_some()).collect();
    for some in can_be.chunks(NAMES_AT_ONCE) {
        let some = Condition::one_of(NAME, some.iter().map(|name| name.as_str()));
        let mut asked = Query::<Chosen>::new(grant.rows.clone()).order_by(NAME, Direction::Ascending).page(0, ROWS_AT_ONCE);
        for condition in conditions.iter().cloned().chain([some]) {
            asked = asked.filter(condition);
        }
        let rows = list(client, asked, grant.principal.role.names()).await?.rows;
        found.extend(rows.into_iter().map(|case| (case.name.clone(), case)));
    }
    // MariaDB compares without regard to case; a name is compared exactly.
    let missing = names.iter().filter(|name| !found.contains_key(*name)).cloned().collect();
    found.retain(|name, _| names.contains(name));
    Ok(Found { cases: found.into_values().collect(), missing, too_many: false })
}

fn conditions(query: &CaseQuery, grant: &Grant) -> Vec<Condition> {
    cases::conditions::of(query, grant.principal.role.names() == Names::Hidden)
}

fn split(text: &str) -> impl Iterator<Item = String> {
    text.split('.').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed::from(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn a_choice_says_the_same_when_it_is_carried_along() {
        let list = typed(&[("q", "stage:hearing"), ("rows", "a.b.c"), ("of", "page"), ("id", "b")]);
        let page = Choice::of_list(&list);
        assert_eq!((page.ids.join("."), page.all.is_none()), ("a.c".to_owned(), true));
        let all = Choice::of_list(&typed(&[("q", "stage:hearing"), ("rows", "a.b"), ("of", "all"), ("id", "b"), ("id", "b")]));
        assert_eq!((all.ids.join("."), all.left_out()), ("b".to_owned(), 1));
        for choice in [page, all] {
            let hidden = choice.hidden().map(|(name, value)| (name.to_owned(), value)).to_vec();
            let carried = Choice::carried(&Typed::from(hidden));
            assert_eq!((carried.ids, carried.all, carried.query), (choice.ids, choice.all, choice.query));
        }
    }

    #[test]
    fn more_than_are_taken_are_said_to_be_too_many() {
        let many: Vec<(String, String)> = (0..=CASES_MAX).map(|number| ("id".to_owned(), format!("c{number}"))).collect();
        assert!(Choice::of_list(&Typed::from(many.clone())).too_many);
        assert!(!Choice::of_list(&Typed::from(many.into_iter().skip(1).collect::<Vec<_>>())).too_many);
    }
}
