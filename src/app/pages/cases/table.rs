//! The table of cases, its headings and its neighbouring pages; cards on a narrow screen.

use leptos::prelude::*;

use crate::{
    app::ui::{DayCell, EmptyState, Icon, Money, StageChip},
    model::{CaseList, CaseQuery, CaseRow, CaseSort, Day, PageLinks, Position},
};

/// A heading, and the column that it sorts by.
const COLUMNS: [(&str, Option<CaseSort>); 10] = [
    ("Number", Some(CaseSort::Number)),
    ("Respondent", None),
    ("Product and zone", None),
    ("Stage", Some(CaseSort::Stage)),
    ("Claim", Some(CaseSort::Claim)),
    ("Dues", Some(CaseSort::Dues)),
    ("Days past due", Some(CaseSort::Dpd)),
    ("Next hearing", Some(CaseSort::NextHearing)),
    ("Next due", Some(CaseSort::NextDue)),
    ("Service and owner", None),
];

/// The rows, or why there are none.
#[component]
pub fn CaseTable(list: CaseList, query: CaseQuery) -> impl IntoView {
    if list.rows.is_empty() {
        return view! { <NoRows query /> }.into_any();
    }
    let names_hidden = list.rows.iter().all(|row| row.respondent.is_none());
    let today = list.today;
    let headings =
        COLUMNS.into_iter().map(|(label, sort)| view! { <Heading label sort query=query.clone() names_hidden /> }).collect_view();
    let rows = list.rows.into_iter().map(|row| view! { <Row row today /> }).collect_view();
    view! {
        <div class="table-wrap" role="region" aria-label="Cases" tabindex="0">
            <table role="table">
                <thead role="rowgroup"><tr role="row">{headings}</tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        <Pages pages=list.pages query as_of=list.as_of.clock() exportable=list.exportable />
    }
    .into_any()
}

#[component]
fn NoRows(query: CaseQuery) -> impl IntoView {
    if query.filters.is_empty() && query.search.is_empty() && query.position == Position::Start {
        view! { <EmptyState sentence="There are no cases yet" advice="Cases appear here once they are filed, within what your role and scope let you see." /> }
            .into_any()
    } else {
        view! { <EmptyState sentence="No case matches" advice="Remove a filter, or look for fewer words." action=("/cases".to_owned(), "Clear all filters") /> }
            .into_any()
    }
}

#[component]
fn Heading(label: &'static str, sort: Option<CaseSort>, query: CaseQuery, names_hidden: bool) -> impl IntoView {
    let right = matches!(label, "Claim" | "Dues" | "Days past due").then_some("right");
    let explanation = (label == "Respondent" && names_hidden).then_some("Your role does not show borrowers’ names");
    let Some(sort) = sort else {
        return view! { <th scope="col" role="columnheader" title=explanation>{label}</th> }.into_any();
    };
    let (direction, icon) = match (query.sort == sort, query.descending) {
        (false, _) => (None, None),
        (true, false) => (Some("ascending"), Some("up")),
        (true, true) => (Some("descending"), Some("down")),
    };
    view! {
        <th scope="col" role="columnheader" class=right aria-sort=direction>
            <a href=query.sorted_by(sort).href()>{label}{icon.map(|name| view! { <Icon name /> })}</a>
        </th>
    }
    .into_any()
}

#[component]
fn Row(row: CaseRow, today: Day) -> impl IntoView {
    let others = row.respondent_count.saturating_sub(1);
    let respondent = match row.respondent {
        Some(name) => view! { <span dir="auto">{name}</span> }.into_any(),
        None => view! { <span class="muted" title="Your role does not show borrowers’ names">"—"</span> }.into_any(),
    };
    let hearing = row.next_hearing.map_or_else(|| "—".to_owned(), |start| start.long());
    view! {
        <tr role="row" tabindex="-1" data-row>
            <th scope="row" role="rowheader" class="num">
                <a href=format!("/cases/{}", row.id.as_str())>{row.number}</a>
                {row.draft.then(|| view! { " "<span class="badge">"Draft"</span> })}
                <span class="sub"><span class="sr">"Loan account "</span>{row.lan}</span>
            </th>
            <td role="cell" data-label="Respondent"><span class="cell">{respondent}{(others > 0).then(|| view! { <span class="muted">" +"{others}</span> })}</span></td>
            <td role="cell" data-label="Product and zone"><span class="cell">{row.product.label().to_owned()}<span class="sub">{row.zone}</span></span></td>
            <td role="cell" data-label="Stage"><span class="cell"><StageChip stage=row.stage /><span class="sub">{row.status.label().to_owned()}</span></span></td>
            <td role="cell" class="right" data-label="Claim"><Money amount=row.claim /></td>
            <td role="cell" class="right" data-label="Dues"><Money amount=row.dues /></td>
            <td role="cell" class="right num" data-label="Days past due"><span class="cell">{row.dpd}<span class="sub">{row.bucket.label().to_owned()}</span></span></td>
            <td role="cell" class="num" data-label="Next hearing">{hearing}</td>
            <td role="cell" data-label="Next due"><DayCell day=row.next_due today /></td>
            <td role="cell" data-label="Service and owner"><span class="cell">{row.service.label().to_owned()}<span class="sub">{row.legal_owner}</span></span></td>
        </tr>
    }
}

#[component]
fn Pages(pages: PageLinks, query: CaseQuery, as_of: String, exportable: bool) -> impl IntoView {
    let link = |side: &str, cursor: Option<String>, words: &'static str| match cursor {
        Some(cursor) => view! { <a class="button" href=query.href_at(side, &cursor)>{words}</a> }.into_any(),
        None => view! { <span class="button off">{words}</span> }.into_any(),
    };
    // Outside the router: a file is no page.
    let file = |format, words: &'static str| view! { <a class="button" href=query.export_href(format) rel="external" download>{words}</a> };
    let files = exportable.then(|| view! { {file("csv", "Export CSV")}{file("xlsx", "Export Excel")} });
    view! {
        <nav class="pages" aria-label="Pages">
            <p class="muted">"100 rows a page · as of "<span class="num">{as_of}</span></p>
            {files}
            {link("before", pages.before, "Previous")}
            {link("after", pages.after, "Next")}
        </nav>
    }
}
