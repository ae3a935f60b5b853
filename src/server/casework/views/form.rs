//! What is asked of who keeps a view, and how what was typed is read. It must not know where a view is kept.

use crate::model::{
    Button, CaseQuery, Field, FieldError, FieldKind, Form, Permission, Reading, Role, SavedView, Sharing, TableLook, Typed, VIEW_TITLE_MAX,
    kept_query,
};

/// The name of the button that leads to deleting.
pub const DELETE: &str = "delete";
/// The most characters of the filters: what the query box reads.
const QUERY_MAX: usize = 500;

/// What an owner decides of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it is called.
    pub title: String,
    /// What it asks.
    pub query: CaseQuery,
    /// Who else sees it.
    pub sharing: Sharing,
    /// Whether it stands before the others.
    pub pinned: bool,
}

impl Draft {
    /// A view as it stands.
    pub fn of(view: &SavedView) -> Self {
        Self { title: view.title.clone(), query: view.query.clone(), sharing: view.sharing, pinned: view.pinned }
    }
}

/// Reads what was typed. Who may not share keeps a view alone.
///
/// # Errors
/// Each problem, under its field.
pub fn read(role: Role, typed: &Typed) -> Result<Draft, Vec<FieldError>> {
    let mut reading = Reading::of(typed);
    let title = reading.required("title", |reading| reading.some_line("title", VIEW_TITLE_MAX));
    let query = kept_query(typed.text("q"), typed.text("sort"), typed.text("cols")).unwrap_or_else(|problem| {
        reading.refuse("q", problem);
        CaseQuery::default()
    });
    let known = Sharing::every().map(|sharing| (sharing.code().to_owned(), sharing));
    let sharing = if role.allows(Permission::ShareViews) {
        reading.required("sharing", |reading| reading.some_choice("sharing", known))
    } else {
        Sharing::Private
    };
    reading.done()?;
    Ok(Draft { title, query, sharing, pinned: typed.has("pinned") })
}

/// The fields, for somebody of this role.
pub fn empty(role: Role) -> Form {
    let shares = role.allows(Permission::ShareViews);
    let choices = Sharing::every().map(|sharing| (sharing.code().to_owned(), sharing.label())).collect();
    let sharing = Field::new("sharing", "Who sees it", FieldKind::Choice(choices))
        .help("Whoever opens it sees the cases of their own scope, and no more.");
    let title = Field::new("title", "Name", FieldKind::Line { max: VIEW_TITLE_MAX }).help("Of the view. Write no borrower’s name.");
    let query = Field::new("q", "Filters", FieldKind::Line { max: QUERY_MAX })
        .help("As in the box above the case list. Words to look for are not kept.");
    let pinned = Field::new("pinned", "Pinned: stands before the other views", FieldKind::Check).optional();
    let mut lead = vec!["The order and the columns are kept as the list shows them.".to_owned()];
    if !shares {
        let sharers: Vec<&str> = Role::ALL.into_iter().filter(|role| role.allows(Permission::ShareViews)).map(Role::label).collect();
        lead.push(format!("This view is for you alone. Who may share one with others: {}.", sharers.join(", ").to_lowercase()));
    }
    Form {
        section: "Cases",
        heading: "Save this view".to_owned(),
        lead,
        fields: [title, query].into_iter().chain(shares.then_some(sharing)).chain([pinned]).collect(),
        action: "/views/new".to_owned(),
        submit: "Save the view".to_owned(),
        ..Form::default()
    }
}

/// The same fields for a view that is kept already.
pub fn changing(form: Form, view: &SavedView, address: String) -> Form {
    let mut form = form;
    if let Some(order) = form.lead.first_mut() {
        "It keeps the order and the columns that it has. For others, save the list as another view.".clone_into(order);
    }
    Form {
        heading: "Change a view".to_owned(),
        about: view.title.clone(),
        action: address,
        submit: "Change the view".to_owned(),
        others: vec![Button { name: DELETE, value: "1".to_owned(), words: "Delete…".to_owned() }],
        back: (view.address(), "Back to the cases".to_owned()),
        ..form
    }
}

/// A view as it would have been typed.
pub fn filled(view: &SavedView) -> Typed {
    let columns = view.query.columns.as_ref().map(TableLook::text).unwrap_or_default();
    let texts = [
        ("title", view.title.clone()),
        ("q", view.query.text()),
        ("sort", view.query.sort_text()),
        ("cols", columns),
        ("sharing", view.sharing.code().to_owned()),
    ];
    let pinned = view.pinned.then(|| ("pinned", "1".to_owned()));
    Typed::from(texts.into_iter().chain(pinned).map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>())
}

/// Whether it is really to be deleted.
pub fn deletion(view: &SavedView, address: String, hidden: Vec<(&'static str, String)>) -> Form {
    let others = match view.sharing {
        Sharing::Private => None,
        shared => Some(format!("It is shared: {} loses it as well.", shared.label().to_lowercase())),
    };
    Form {
        section: "Cases",
        heading: "Delete a view".to_owned(),
        about: view.title.clone(),
        lead: others.into_iter().chain(["No case changes. A view that is deleted does not come back.".to_owned()]).collect(),
        hidden,
        action: format!("{address}/delete"),
        submit: "Delete the view".to_owned(),
        grave: true,
        back: (address, "Back to the view".to_owned()),
        ..Form::default()
    }
}
