//! Sheets, facts and boards: one way to show whatever is only read. Functions of their arguments.

use leptos::prelude::*;

use super::{EmptyState, Icon};
use crate::model::{Board, Cell, Fact, FactGroup, FileForm, Heading, Sheet, SheetForm, Tone};

/// Sheets, each under its title.
pub fn sheets(sheets: Vec<Sheet>) -> AnyView {
    let part = |mut sheet: Sheet| {
        let title = std::mem::take(&mut sheet.title);
        let remark = sheet.remark.take();
        if sheet.form == SheetForm::Folded {
            return view! { <details class="as-table"><summary>{title.clone()}</summary>{table(Sheet { title, ..sheet })}</details> }
                .into_any();
        }
        view! {
            <section class="part">
                <h2>{title.clone()}</h2>
                {remark.map(|remark| view! { <p class="muted">{remark}</p> })}
                {table(Sheet { title, ..sheet })}
            </section>
        }
        .into_any()
    };
    sheets.into_iter().map(part).collect_view().into_any()
}

/// One sheet as a table; cards on a narrow screen.
pub fn table(sheet: Sheet) -> AnyView {
    if sheet.rows.is_empty() {
        return view! { <EmptyState sentence=sheet.none advice="" /> }.into_any();
    }
    if sheet.form == SheetForm::Actions {
        let action = |cells: Vec<Cell>| view! { <li>{cells.into_iter().map(content).collect_view()}</li> };
        return view! { <ul class="actions">{sheet.rows.into_iter().map(action).collect_view()}</ul> }.into_any();
    }
    let (remark, next, file) = (sheet.remark.clone(), sheet.next.clone(), sheet.file.clone());
    view! {
        {rows(sheet, None)}
        {remark.map(|remark| view! { <p class="muted">{remark}</p> })}
        {file.map(|href| view! { <p><a class="button" href=href rel="external">"Export CSV"</a></p> })}
        {next.map(|href| view! { <nav class="pages" aria-label="Pages"><a class="button" href=href>"Next page"</a></nav> })}
    }
    .into_any()
}

/// The rows of a sheet under their headings, over a row of totals if there is one.
pub fn rows(sheet: Sheet, foot: Option<AnyView>) -> AnyView {
    let Sheet { title, headings, rows, form, picks, .. } = sheet;
    let (class, keyed) = match form {
        SheetForm::Plain | SheetForm::Actions | SheetForm::Folded => ("records", false),
        SheetForm::Calendar => ("records calendar", false),
        SheetForm::Keyed => ("keyed", true),
        SheetForm::KeyedDense => ("keyed dense", true),
        SheetForm::Matrix => ("matrix", false),
    };
    let caption = (form == SheetForm::Matrix).then(|| title.clone());
    let headed = keyed || caption.is_some();
    let cell = |(index, (cell, heading)): (usize, (Cell, &Heading))| {
        if headed && index == 0 {
            // Reached by key or by pointer: as a stop of its own it would double the way through the table.
            let peek = cell.peek.clone().map(|href| {
                view! {
                    <a class="peek" href=href tabindex="-1" data-noscroll="" title="Quick look (space)"><Icon name="info" /><span class="sr">"Quick look"</span></a>
                }
            });
            // Of the form beside the table, by its name: so the rows stand in no form.
            let pick = cell.href.as_deref().filter(|_| picks).and_then(|href| href.rsplit('/').next()).map(|id| {
                let (id, named) = (id.to_owned(), format!("Choose {}", cell.text));
                view! { <input type="checkbox" class="choose" name="id" value=id r#form="several" aria-label=named /> }
            });
            return view! { <th scope="row" role="rowheader" class="num">{pick}{content(cell)}{peek}</th> }.into_any();
        }
        let class = if heading.figure { "right num" } else { "" };
        let heat = cell.heat.map(String::from);
        view! { <td role="cell" class=class data-heat=heat data-label=heading.label.clone()><span class="cell">{content(cell)}</span></td> }
            .into_any()
    };
    let row = |cells: Vec<Cell>| {
        let cells = cells.into_iter().zip(&headings).enumerate().map(cell).collect_view();
        view! { <tr role="row" tabindex=keyed.then_some("-1") data-row=keyed.then_some("")>{cells}</tr> }
    };
    view! {
        <div class="table-wrap" role="region" aria-label=title tabindex="0">
            <table role="table" class=class>
                {caption.map(|words| view! { <caption class="sr">{words}</caption> })}
                <thead role="rowgroup"><tr role="row">{headings.iter().map(head).collect_view()}</tr></thead>
                <tbody role="rowgroup">{rows.into_iter().map(row).collect_view()}</tbody>
                {foot.map(|foot| view! { <tfoot role="rowgroup">{foot}</tfoot> })}
            </table>
        </div>
    }
    .into_any()
}

/// A heading; one that orders the rows leads to their other order. Where widths are kept its edge can be moved (`browser`), once the page
/// is taken over; how wide the column is stands in no markup.
fn head(heading: &Heading) -> AnyView {
    let Heading { label, figure, note, href, descending, column, .. } = heading.clone();
    // By itself: the edge's own name is none of the heading's.
    let name = column.is_some().then(|| label.clone());
    let edge = column.map(|word| {
        let named = format!("Width of {label}");
        view! { <span class="edge" role="separator" aria-orientation="vertical" tabindex="0" aria-label=named data-column=word></span> }
    });
    let (sorted, icon) = match descending {
        None => (None, None),
        Some(false) => (Some("ascending"), Some("up")),
        Some(true) => (Some("descending"), Some("down")),
    };
    let words = match href {
        Some(href) => view! { <a href=href>{label}{icon.map(|name| view! { <Icon name /> })}</a> }.into_any(),
        None => label.into_any(),
    };
    view! {
        <th scope="col" role="columnheader" class=figure.then_some("right") title=note aria-sort=sorted aria-label=name>{words}{edge}</th>
    }
    .into_any()
}

fn content(cell: Cell) -> AnyView {
    if let Some(per_mille) = cell.bar {
        return view! {
            <svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" width="100%" height="12" aria-hidden="true">
                <rect width=per_mille.to_string() height="12" fill="currentColor"></rect>
            </svg>
        }
        .into_any();
    }
    if let Some(stage) = cell.stage {
        let below = cell.below.into_iter().map(|line| view! { <span class="sub">{line}</span> }).collect_view();
        return view! { <span class=format!("stage stage-{stage}")><Icon name=format!("stage-{stage}") />{cell.text}</span>{below} }
            .into_any();
    }
    let (class, icon) = match cell.tone {
        Tone::Plain => ("", None),
        Tone::Absent => ("muted", None),
        Tone::Good => ("evidence good", Some("check")),
        Tone::Waiting => ("evidence waiting", Some("info")),
        Tone::Bad => ("evidence bad", Some("warning")),
    };
    let Cell { text, exact, below, href, file, .. } = cell;
    let (hidden, spoken) = (exact.is_some().then_some("true"), exact.clone());
    let words = view! {
        {icon.map(|name| view! { <Icon name /> })}
        <span dir="auto" title=exact aria-hidden=hidden>{text}</span>
        {spoken.map(|exact| view! { <span class="sr">{exact}</span> })}
    };
    let words = match href {
        // Past the application's router: the browser asks for it itself.
        Some(href) if file.is_some() => {
            let class = if matches!(file, Some(FileForm::Download | FileForm::Form)) { "button" } else { class };
            view! { <a class=class href=href rel="external">{words}</a> }.into_any()
        }
        // Away from the portal: in a window of its own, and without saying where from.
        Some(href) if href.starts_with("https:") => {
            view! { <a class=class href=href rel="noreferrer external" target="_blank">{words}</a> }.into_any()
        }
        Some(href) => view! { <a class=class href=href>{words}</a> }.into_any(),
        None => view! { <span class=class>{words}</span> }.into_any(),
    };
    view! { {words}{below.into_iter().map(|line| view! { <span class="sub" dir="auto">{line}</span> }).collect_view()} }.into_any()
}

/// Facts under their names, the formula of a figure on hover and read out.
fn list(class: &'static str, facts: Vec<Fact>) -> AnyView {
    let fact = |Fact { label, cell, formula }: Fact| {
        let spoken = formula.clone().map(|formula| view! { <span class="sr">". "{formula}</span> });
        view! { <div title=formula><dt>{label}</dt><dd>{content(cell)}{spoken}</dd></div> }
    };
    view! { <dl class=class>{facts.into_iter().map(fact).collect_view()}</dl> }.into_any()
}

/// A group of facts under its title.
pub fn fact_group(group: FactGroup) -> AnyView {
    view! { <section class="card facts"><h2>{group.title}</h2>{list("", group.facts)}</section> }.into_any()
}

/// A document: what is in it, then what is known of it.
pub fn exhibit(group: FactGroup) -> AnyView {
    let FactGroup { title, facts } = group;
    let mut shown = None;
    let mut known = Vec::with_capacity(facts.len());
    for fact in facts {
        let Cell { text, href, file, .. } = &fact.cell;
        let (text, href) = (text.clone(), href.clone());
        match file {
            Some(FileForm::Pages) => shown = Some(view! { <iframe src=href title=text></iframe> }.into_any()),
            Some(FileForm::Picture) => shown = Some(view! { <img src=href alt=text /> }.into_any()),
            _ => known.push(fact),
        }
    }
    view! { <section class="card facts exhibit"><h2>{title}</h2>{shown}{list("", known)}</section> }.into_any()
}

/// A panel's figures and rows, and of when they are. Where charts show the rows, the table waits below them.
pub fn board(board: Board) -> AnyView {
    let Board { figures, chart, mut sheet, as_of: (short, long) } = board;
    let figures = (!figures.is_empty()).then(|| list("figures", figures));
    let rows = match chart {
        // Written by `app::charts` on the server: the only markup that is not made here.
        Some(svg) => {
            let remark = sheet.as_mut().and_then(|sheet| sheet.remark.take());
            view! {
                <div class="charts" inner_html=svg></div>
                {remark.map(|remark| view! { <p class="muted">{remark}</p> })}
                <details class="as-table"><summary>"The same as a table"</summary>{sheet.map(table)}</details>
            }
            .into_any()
        }
        None => sheet.map(table).into_any(),
    };
    view! {
        {figures}
        {rows}
        <p class="muted as-of" title=long>"as of "<span class="num">{short}</span></p>
    }
    .into_any()
}
