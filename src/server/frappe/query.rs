//! What is asked of a DocType: conditions, order and page, built by types and written as Frappe reads them.
//!
//! Owns the shape of filters. The fence (the tenant's institution) is not in here on purpose: the client adds it, from the
//! tenant in scope, to whatever it is given. It must not know where the query goes.
//!
//! **Why nothing here can widen.** Fence, row scope and user conditions are ANDed elements of one `filters` list. Frappe
//! has exactly one any-of list, `or_filters`, itself ANDed to the filters; it belongs to the row scope's `assigned_only`
//! group alone. A search is a plain AND condition on one column, so it never competes for that list.

use std::marker::PhantomData;

use serde_json::Value as Json;

use super::{Condition, Field, Record};

/// The largest page that can be asked for, in rows.
pub const PAGE_MAX: u32 = 500;

/// The rows that a person may see, made by casework from the principal and from nothing else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowScope {
    all: Vec<Condition>,
    any: Option<Vec<Condition>>,
    nothing: bool,
}

impl RowScope {
    /// Every row of the institution.
    pub fn institution_wide() -> Self {
        Self::default()
    }

    /// No row at all: nothing is asked upstream.
    pub fn nothing() -> Self {
        Self { nothing: true, ..Self::default() }
    }

    /// Only rows that match this as well.
    pub fn and(mut self, condition: Condition) -> Self {
        self.all.push(condition);
        self
    }

    /// Only rows that match at least one of these (the `assigned_only` people). There is one such group: a second one, or
    /// an empty one, leaves no row.
    pub fn any_of(mut self, group: impl IntoIterator<Item = Condition>) -> Self {
        let group: Vec<Condition> = group.into_iter().filter(|condition| !condition.is_never()).collect();
        self.nothing |= self.any.is_some() || group.is_empty();
        self.any = Some(group);
        self
    }

    /// Whether these columns are all that it rests on: a DocType that has them, and not the others, can be asked under it.
    pub fn rests_on(&self, columns: &[Field]) -> bool {
        self.any.is_none() && self.all.iter().all(|condition| columns.contains(&condition.field()))
    }

    fn is_nothing(&self) -> bool {
        self.nothing || self.all.iter().any(Condition::is_never)
    }
}

/// Ascending or descending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// What is asked of one DocType. A row scope is needed to begin: it cannot be forgotten.
#[derive(Debug)]
pub struct Query<R> {
    selection: Selection,
    order: Vec<(Field, Direction)>,
    start: u32,
    size: u32,
    record: PhantomData<fn() -> R>,
}

impl<R> Clone for Query<R> {
    fn clone(&self) -> Self {
        Self { selection: self.selection.clone(), order: self.order.clone(), start: self.start, size: self.size, record: PhantomData }
    }
}

impl<R: Record> Query<R> {
    /// The rows of this scope, newest change first, the first 50 of them.
    pub fn new(scope: RowScope) -> Self {
        Self { selection: Selection::new(scope), order: Vec::new(), start: 0, size: 50, record: PhantomData }
    }

    /// Only rows that match this as well.
    #[must_use]
    pub fn filter(mut self, condition: Condition) -> Self {
        self.selection.filter(condition);
        self
    }

    /// Only rows whose column contains this text; a blank text filters nothing.
    #[must_use]
    pub fn search(self, column: Field, text: &str) -> Self {
        self.filter(Condition::contains(column, text.trim()))
    }

    /// Then ordered by this; `name` always comes last, so that pages neither repeat nor skip a row.
    #[must_use]
    pub fn order_by(mut self, field: Field, direction: Direction) -> Self {
        self.order.push((field, direction));
        self
    }

    /// `size` rows from row `start` on; `size` is taken as 1 to [`PAGE_MAX`] (0 would mean all rows upstream).
    #[must_use]
    pub fn page(mut self, start: u32, size: u32) -> Self {
        self.start = start;
        self.size = size.clamp(1, PAGE_MAX);
        self
    }

    /// The same question, asked for another set of the same DocType's columns.
    #[must_use]
    pub fn reshaped<S: Record>(self) -> Query<S> {
        debug_assert_eq!(R::DOCTYPE, S::DOCTYPE, "conditions and order belong to one DocType");
        Query { selection: self.selection, order: self.order, start: self.start, size: self.size, record: PhantomData }
    }

    pub(super) fn selection(&self) -> &Selection {
        &self.selection
    }

    pub(super) const fn start(&self) -> u32 {
        self.start
    }

    pub(super) const fn size(&self) -> u32 {
        self.size
    }

    pub(super) fn order(&self) -> String {
        let mut parts: Vec<String> = Vec::with_capacity(self.order.len() + 1);
        for (field, direction) in self.order.iter().filter(|(field, _)| field.as_str() != "name") {
            parts.push(ordered(*field, *direction));
        }
        if parts.is_empty() && !self.order.iter().any(|(field, _)| field.as_str() == "name") {
            parts.push("modified desc".to_owned());
        }
        let name = self.order.iter().find(|(field, _)| field.as_str() == "name").map_or(Direction::Ascending, |(_, direction)| *direction);
        parts.push(ordered(Field::new("name"), name));
        parts.join(", ")
    }
}

fn ordered(field: Field, direction: Direction) -> String {
    let direction = match direction {
        Direction::Ascending => "asc",
        Direction::Descending => "desc",
    };
    format!("{} {direction}", field.as_str())
}

/// The conditions of a list, a count or an aggregate.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    scope: RowScope,
    conditions: Vec<Condition>,
}

impl Selection {
    pub(super) const fn new(scope: RowScope) -> Self {
        Self { scope, conditions: Vec::new() }
    }

    pub(super) fn filter(&mut self, condition: Condition) {
        self.conditions.push(condition);
    }

    /// Whether no row can match.
    pub(super) fn is_nothing(&self) -> bool {
        self.scope.is_nothing() || self.conditions.iter().any(Condition::is_never)
    }

    /// Fence first, then the row scope, then what the person asked for: one list, all ANDed.
    pub(super) fn filters(&self, fence: &Condition) -> Json {
        let asked = self.scope.all.iter().chain(&self.conditions).filter(|condition| !condition.is_always());
        Json::Array(std::iter::once(fence).chain(asked).map(Condition::to_json).collect())
    }

    /// The row scope's any-of group.
    pub(super) fn or_filters(&self) -> Option<Json> {
        let group = self.scope.any.as_ref()?;
        Some(Json::Array(group.iter().map(Condition::to_json).collect()))
    }
}
