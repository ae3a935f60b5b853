//! The case list in words: its rows as somebody wants them laid out, the filters in use and those that might be, and its neighbouring
//! pages.

use super::{due, money};
use crate::model::{
    Bucket, CaseList, CaseQuery, CaseRow, CaseSort, CaseTable, Cell, Choice, Column, Day, Filter, Heading, Hold, Product, SavedViews,
    ServiceStatus, Sheet, SheetForm, Stage, Sum, TableLook, Tone,
};

/// Said where a role does not show who the borrower is.
const NAMES_HIDDEN: &str = "Your role does not show borrowers’ names";

/// The page of the list that was asked for; without views where they could not be read.
pub fn table(list: CaseList, views: Option<SavedViews>, query: &CaseQuery, look: &TableLook) -> CaseTable {
    let names_hidden = list.rows.iter().all(|row| row.respondent.is_none());
    let headings = look.columns.iter().map(|column| heading(*column, query, names_hidden)).collect();
    let today = list.today;
    let here = query.href_here();
    let peek = |row: &CaseRow| format!("{here}{}look={}", if here.contains('?') { '&' } else { '?' }, row.id.as_str());
    let rows = list.rows.iter().map(|row| {
        let mut cells: Vec<Cell> = look.columns.iter().map(|column| cell(*column, row, today)).collect();
        if let Some(number) = cells.first_mut() {
            number.peek = Some(peek(row));
        }
        cells
    });
    let ids = list.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>().join(".");
    let several = list.several.then(|| (query.text(), ids));
    let form = if look.dense { SheetForm::KeyedDense } else { SheetForm::Keyed };
    let anything = !query.filters.is_empty() || !query.search.is_empty();
    let none = if anything { "No case matches" } else { "There are no cases yet" };
    let sheet = Sheet { headings, form, picks: list.several, ..Sheet::new("Cases", none, &[]) }.with(rows);
    let page = |side: &str, cursor: Option<String>| cursor.map(|cursor| query.href_at(side, &cursor));
    let file = |format: &str, words: &str| (words.to_owned(), query.export_href(format, look));
    let mut files = if list.exportable { vec![file("csv", "Export CSV"), file("xlsx", "Export Excel")] } else { Vec::new() };
    files.extend(list.creatable.then(|| ("New case".to_owned(), "/cases/new".to_owned())));
    CaseTable {
        problems: query.problems.iter().map(|problem| (problem.part.clone(), problem.advice.clone())).collect(),
        menus: [super::views::menu(views, query, look), super::views::by_clock(query, today)].into_iter().chain(menus(query)).collect(),
        chips: chips(query),
        sheet,
        pages: (page("before", list.pages.before), page("after", list.pages.after)),
        here: here.clone(),
        files,
        columns: Column::ALL.iter().map(|(column, word, label)| ((*word).to_owned(), (*label).to_owned(), look.place(*column))).collect(),
        several,
        dense: look.dense,
        as_of: (list.as_of.clock(), list.as_of.long()),
    }
}

fn heading(column: Column, query: &CaseQuery, names_hidden: bool) -> Heading {
    let sort = match column {
        Column::Number => Some(CaseSort::Number),
        Column::Stage => Some(CaseSort::Stage),
        Column::Claim => Some(CaseSort::Claim),
        Column::Dues => Some(CaseSort::Dues),
        Column::Dpd => Some(CaseSort::Dpd),
        Column::Hearing => Some(CaseSort::NextHearing),
        Column::Due => Some(CaseSort::NextDue),
        _ => None,
    };
    Heading {
        label: column.label().to_owned(),
        column: Some(column.word().to_owned()),
        figure: matches!(column, Column::Claim | Column::Dues | Column::Dpd),
        note: (column == Column::Respondent && names_hidden).then(|| NAMES_HIDDEN.to_owned()),
        href: sort.map(|sort| query.sorted_by(sort).href()),
        descending: sort.filter(|sort| query.sort == *sort).map(|_| query.descending),
        sum: match column {
            Column::Claim => Some(Sum::Claim),
            Column::Dues => Some(Sum::Dues),
            _ => None,
        },
    }
}

fn cell(column: Column, row: &CaseRow, today: Day) -> Cell {
    match column {
        Column::Number => {
            let draft = row.draft.then(|| "Draft".to_owned());
            Cell::text(row.number.as_str()).to(format!("/cases/{}", row.id.as_str())).line(row.lan.as_str()).some_line(draft)
        }
        Column::Respondent => respondent(row),
        Column::Product => Cell::text(row.product.label()).line(row.zone.as_str()),
        Column::Branch => Cell::text(row.branch.as_str()),
        Column::Stage => stage(row),
        Column::Since => super::day(row.stage_since),
        Column::Hold if row.hold == Hold::None => Cell::some(None),
        Column::Hold => Cell::text(row.hold.label()).meant(Tone::Waiting),
        Column::Claim => money(row.claim),
        Column::Dues => money(row.dues),
        Column::Dpd => Cell::text(row.dpd.to_string()).line(row.bucket.label()),
        Column::Hearing => super::moment(row.next_hearing),
        Column::Due => due(row.next_due, today),
        Column::Service => Cell::text(row.service.label()),
        Column::Owner => Cell::text(row.legal_owner.as_str()),
    }
}

/// Who the lead respondent is, for whoever may know.
pub fn respondent(row: &CaseRow) -> Cell {
    match (&row.respondent, row.respondent_count.saturating_sub(1)) {
        (None, _) => Cell { exact: Some(NAMES_HIDDEN.to_owned()), ..Cell::some(None) },
        (Some(name), 0) => Cell::text(name.as_str()),
        (Some(name), others) => Cell::text(name.as_str()).line(format!("and {others} more")),
    }
}

/// The stage, in its colour and with its sign, and the status below.
pub fn stage(row: &CaseRow) -> Cell {
    let known = if matches!(row.stage, Stage::Unknown(_)) { "unknown".to_owned() } else { row.stage.code().to_ascii_lowercase() };
    Cell { stage: Some(known), ..Cell::text(row.stage.label()).line(row.status.label()) }
}

fn chips(query: &CaseQuery) -> Vec<(String, String)> {
    let filter = |filter: &Filter| (filter.text(), query.toggled(filter).href());
    let words = (!query.search.is_empty()).then(|| {
        let rest = CaseQuery { search: String::new(), ..query.clone() };
        (format!("“{}”", query.search), rest.href())
    });
    query.filters.iter().map(filter).chain(words).collect()
}

fn menus(query: &CaseQuery) -> Vec<(String, Vec<Choice>)> {
    let choice = |label: &str, filter: Filter| Choice {
        label: label.to_owned(),
        held: query.filters.contains(&filter),
        href: query.toggled(&filter).href(),
        outside: false,
    };
    let menu = |name: &str, choices: Vec<Choice>| (name.to_owned(), choices);
    vec![
        menu("Stage", Stage::ALL.iter().map(|code| choice(code.label(), Filter::Stage(code.clone()))).collect()),
        menu("Product", Product::ALL.iter().map(|code| choice(code.label(), Filter::Product(code.clone()))).collect()),
        menu("Service", ServiceStatus::ALL.iter().map(|code| choice(code.label(), Filter::Service(code.clone()))).collect()),
        menu("Bucket", Bucket::ALL.iter().map(|code| choice(code.label(), Filter::Bucket(code.clone()))).collect()),
        menu("Hold", Hold::ALL.iter().map(|code| choice(code.label(), Filter::Hold(code.clone()))).collect()),
        menu("Open", vec![choice("Open", Filter::Open(true)), choice("Closed", Filter::Open(false))]),
    ]
}
