//! The portfolio summary: counts and sums by group, each panel a function of its own, so that one that fails or is late takes no other
//! with it.
//!
//! Every question carries the person's rows and the page's narrowing, and every figure the filters of the list that it opens. Nothing
//! here reads a row with a name.

mod advocates;
mod costs;
mod law;
mod matrices;
mod money;
mod outcome;
mod promises;
mod wire;

pub use advocates::advocates;
pub use costs::costs;
pub use law::{enforceability, litigation, proceedings, workload};
pub use matrices::{ages, bottlenecks, products, zones};
pub use money::{cohorts, measures};
pub use outcome::{awards, notices};
pub use promises::{promises, rolls};

use super::{
    Refusal,
    cases::{
        conditions,
        wire::{CaseRecord, column},
    },
    columns::Site,
    site_time,
};
use crate::{
    model::{Cover, Day, ErrorCode, Filter, Instant, Matrix, MatrixLine, Names, Narrowing, Permission, Stage, Tally, Term},
    registry::current_tenant,
    server::{
        context::{Grant, authorise},
        frappe::{Aggregate, Client, Fault, Field, Group, Measure, Query, Record},
    },
};

/// What a panel works with.
struct Desk {
    grant: Grant,
    client: Client,
    site: Site,
    narrowing: Narrowing,
}

impl Desk {
    async fn open(narrowing: Narrowing) -> Result<Self, Refusal> {
        let grant = authorise(Permission::SeeCases)?;
        let client = Client::current()?;
        let site = Site::current(&client).await?;
        Ok(Self { grant, client, site, narrowing })
    }

    fn today(&self) -> Day {
        site_time::today(&self.site.tenant)
    }

    fn now(&self) -> Instant {
        site_time::now(&self.site.tenant)
    }

    /// How many cases these filters find, and these measures of them.
    fn cases(&self, filters: &[Filter], measures: &[Measure]) -> Aggregate<CaseRecord> {
        let hidden = self.grant.principal.role.names() == Names::Hidden;
        let measures = [&[Measure::Count], measures].concat();
        let asked = conditions::of(&self.narrowing.with(filters), hidden);
        asked.into_iter().fold(Aggregate::new(self.grant.rows.clone(), measures), Aggregate::filter)
    }

    /// The same of records that hang on cases: they carry what the rows and the narrowing ask by.
    fn records<R: Record>(&self, measures: impl IntoIterator<Item = Measure>) -> Aggregate<R> {
        let narrowed = conditions::of(&self.narrowing.with(&[]), false);
        narrowed.into_iter().fold(Aggregate::new(self.grant.rows.clone(), measures), Aggregate::filter)
    }

    fn list<R: Record>(&self) -> Query<R> {
        conditions::of(&self.narrowing.with(&[]), false).into_iter().fold(Query::new(self.grant.rows.clone()), Query::filter)
    }

    /// A count and a sum as the list under these filters has them.
    fn tally(&self, group: &Group, filters: &[Filter]) -> Tally {
        Tally { count: group.count(0), amount: group.money(1), href: Some(self.narrowing.href(filters)) }
    }

    /// Open cases by stage and this column, with their claims. A column of days has more groups than can be asked for at once where a
    /// portfolio is very large: then each stage is asked for by itself.
    async fn by_stage_and(&self, by: Field) -> Result<Vec<Group>, Refusal> {
        let open = |more: Option<&Stage>| {
            let filters: Vec<_> = [Filter::Open(true)].into_iter().chain(more.cloned().map(Filter::Stage)).collect();
            self.cases(&filters, &[Measure::Sum(column::CLAIM)]).by(column::STAGE).by(by)
        };
        match self.client.group_by(&open(None)).await {
            Err(Fault::BadAnswer("too_many_groups")) => {
                let asked: Vec<_> = Stage::ALL.iter().map(|stage| open(Some(stage))).collect();
                let groups = futures::future::try_join_all(asked.iter().map(|asked| self.client.group_by(asked))).await?;
                Ok(groups.into_iter().flatten().collect())
            }
            groups => Ok(groups?),
        }
    }
}

/// Adds a group to a tally.
fn add(tally: &mut Tally, group: &Group) {
    tally.count += group.count(0);
    tally.amount = tally.amount + group.money(1);
}

/// The codes that stand in this place of the groups' keys, with their words: those that are known in their order, the others after them.
fn codes(groups: &[Group], index: usize, known: &[&str]) -> Vec<(String, String)> {
    let mut codes: Vec<_> = groups.iter().filter_map(|group| group.keys.get(index).cloned()).collect();
    codes.sort_by_key(|code| (known.iter().position(|known| known == code).unwrap_or(known.len()), code.clone()));
    codes.dedup();
    codes.into_iter().map(|code| (code.clone(), Term::of(code).label)).collect()
}

/// Groups by two codes as a matrix, with a line of sums at its foot. `href` says what a line, a column or both open.
fn cross(
    groups: &[Group],
    lines: &[(String, String)],
    columns: &[(String, String)],
    foot: &str,
    href: impl Fn(Option<&str>, Option<&str>) -> Option<String>,
    as_of: Instant,
) -> Matrix {
    let is = |group: &Group, index: usize, code: Option<&str>| code.is_none_or(|code| group.keys.get(index).is_some_and(|key| key == code));
    let tally = |line: Option<&str>, column: Option<&str>| {
        let mut tally = Tally { href: href(line, column), ..Tally::default() };
        groups.iter().filter(|group| is(group, 0, line) && is(group, 1, column)).for_each(|group| add(&mut tally, group));
        tally
    };
    let line = |code: Option<&str>, label: &str| MatrixLine {
        label: label.to_owned(),
        stage: None,
        cells: columns.iter().map(|(column, _)| tally(code, Some(column))).collect(),
        all: tally(code, None),
    };
    Matrix {
        columns: columns.iter().map(|(_, label)| label.clone()).collect(),
        lines: lines.iter().map(|(code, label)| line(Some(code), label)).collect(),
        feet: vec![line(None, foot)],
        as_of,
    }
}

/// What the summary is of. Asks nobody: the session and the institution's entry know.
///
/// # Errors
/// Who may not see cases is refused.
pub async fn cover(narrowing: Narrowing) -> Result<Cover, Refusal> {
    let grant = authorise(Permission::SeeCases)?;
    let tenant = current_tenant()?;
    Ok(Cover {
        institution: tenant.branding.display_name.clone(),
        person: grant.principal.display_name.clone(),
        scope: grant.principal.scopes.in_words(grant.principal.role),
        narrowing,
        today: site_time::today(&tenant),
        as_of: site_time::now(&tenant),
    })
}

/// A panel that there is not.
///
/// # Errors
/// Always: who may not see cases is refused as by any panel, everybody else told that there is nothing.
pub async fn nothing<T>() -> Result<T, Refusal> {
    authorise(Permission::SeeCases)?;
    Err(ErrorCode::NotFound.into())
}
