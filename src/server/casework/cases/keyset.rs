//! Pages by key: a page begins after a row, not after a number of rows, so rows that come or go meanwhile neither repeat nor
//! hide any.
//!
//! Frappe ANDs its filters, and its one OR group belongs to row scopes, so "after (value, name)" is asked in phases, each a
//! plain conjunction: the rest of the ties, then what lies beyond the value, then the rows without a value, which come last
//! whichever way the list is sorted. A page costs one call, or two where it crosses into the next phase.

use super::{
    conditions,
    wire::{CaseRecord, column},
};
use crate::{
    model::{CaseId, CaseQuery, CaseSort, Cursor, CursorValue, PageLinks, Position},
    server::{
        casework::Refusal,
        frappe::{Client, Condition, Direction, Field, Op, Query, Record, RowScope, Value},
    },
};

/// A page of records with its neighbours.
pub struct Page {
    pub rows: Vec<CaseRecord>,
    pub links: PageLinks,
}

/// Reads the page that a query asks for.
pub async fn page<R>(client: &Client, scope: &RowScope, query: &CaseQuery, rows: usize) -> Result<Page, Refusal>
where
    R: Record + Into<CaseRecord>,
{
    let names_hidden = !R::FIELDS.contains(&"title_text");
    let base = conditions::of(query, names_hidden);
    let backwards = matches!(query.position, Position::Before(_));
    let order = Order { sort: query.sort, descending: query.descending != backwards, backwards };
    let cursor = match &query.position {
        Position::Start => None,
        Position::After(cursor) | Position::Before(cursor) => Some(cursor),
    };
    let mut found: Vec<CaseRecord> = Vec::with_capacity(rows + 1);
    for phase in order.phases(cursor) {
        // One row more than the page, to know whether there is a next.
        let wanted = rows + 1 - found.len();
        let mut asked = Query::<R>::new(scope.clone()).page(0, u32::try_from(wanted).unwrap_or(u32::MAX));
        for condition in base.iter().cloned().chain(phase.conditions) {
            asked = asked.filter(condition);
        }
        for (field, direction) in phase.order {
            asked = asked.order_by(field, direction);
        }
        found.extend(client.list(&asked).await?.rows.into_iter().map(Into::into));
        if found.len() > rows {
            break;
        }
    }
    let more = found.len() > rows;
    found.truncate(rows);
    if backwards {
        found.reverse();
    }
    let link = |record: Option<&CaseRecord>| {
        let record = record?;
        Some(Cursor { value: record.cursor_value(query.sort), id: CaseId::parse(&record.name)? }.text())
    };
    let links = PageLinks {
        before: link(found.first()).filter(|_| if backwards { more } else { cursor.is_some() }),
        after: link(found.last()).filter(|_| backwards || more),
    };
    Ok(Page { rows: found, links })
}

/// The order in which rows are asked for. Backwards, everything is turned around, the rows without a value included.
#[derive(Clone, Copy)]
struct Order {
    sort: CaseSort,
    descending: bool,
    backwards: bool,
}

/// One plain question: conditions that must all hold, and an order.
struct Phase {
    conditions: Vec<Condition>,
    order: Vec<(Field, Direction)>,
}

impl Order {
    fn phases(self, cursor: Option<&Cursor>) -> Vec<Phase> {
        let field = self.field();
        let value_direction = if self.descending { Direction::Descending } else { Direction::Ascending };
        let name_direction = if self.backwards { Direction::Descending } else { Direction::Ascending };
        let past_name = |id: &CaseId| {
            let op = if self.backwards { Op::Lt } else { Op::Gt };
            Condition::new(column::NAME, op, Value::from(id.as_str()))
        };
        let by_name = |conditions| Phase { conditions, order: vec![(column::NAME, name_direction)] };
        let by_value = |conditions| Phase { conditions, order: vec![(field, value_direction), (column::NAME, name_direction)] };
        let valued = || if self.may_be_absent() { vec![Condition::set(field)] } else { Vec::new() };
        let absent = || by_name(vec![Condition::not_set(field)]);

        let mut phases = Vec::with_capacity(3);
        match cursor.map(|cursor| (Self::value(&cursor.value), &cursor.id)) {
            None => {
                phases.push(by_value(valued()));
                if self.may_be_absent() {
                    phases.push(absent());
                }
            }
            Some((Some(value), id)) => {
                phases.push(by_name(vec![Condition::new(field, Op::Eq, value.clone()), past_name(id)]));
                let beyond = if self.descending { Op::Lt } else { Op::Gt };
                let mut conditions = valued();
                conditions.push(Condition::new(field, beyond, value));
                phases.push(by_value(conditions));
                if self.may_be_absent() && !self.backwards {
                    phases.push(absent());
                }
            }
            Some((None, id)) => {
                phases.push(by_name(vec![Condition::not_set(field), past_name(id)]));
                if self.backwards {
                    phases.push(by_value(valued()));
                }
            }
        }
        phases
    }

    const fn field(self) -> Field {
        match self.sort {
            CaseSort::NextDue => column::NEXT_DUE,
            CaseSort::NextHearing => column::NEXT_HEARING,
            CaseSort::Dues => column::DUES,
            CaseSort::Claim => column::CLAIM,
            CaseSort::Dpd => column::DPD,
            CaseSort::Stage => column::STAGE,
            CaseSort::Number => column::CASE_ID,
            CaseSort::Modified => column::MODIFIED,
        }
    }

    const fn may_be_absent(self) -> bool {
        matches!(self.sort, CaseSort::NextDue | CaseSort::NextHearing | CaseSort::Number)
    }

    fn value(value: &CursorValue) -> Option<Value> {
        match value {
            CursorValue::Absent => None,
            CursorValue::Text(text) => Some(Value::from(text.as_str())),
            CursorValue::Amount(amount) => Some(Value::from(*amount)),
            CursorValue::Number(number) => Some(Value::Int(*number)),
            CursorValue::Day(day) => Some(Value::from(*day)),
        }
    }
}
