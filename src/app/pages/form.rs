//! A form on a page of its own, in the frame of every signed-in page: static HTML that posts, without scripts. Every change of a record
//! is entered in one of these. It must not know what is asked, nor who answers.

use leptos::prelude::*;

use crate::{
    app::{
        frame::{SECTIONS, TopBar, mark},
        shell::document,
        ui::{Icon, fact_group, sheets, text_area},
    },
    model::{FactGroup, Field, FieldKind, Form, FormPage, Live},
};

/// A whole document. `stylesheet` is the main stylesheet's address with its hash.
pub fn form_page(page: FormPage, stylesheet: &str) -> String {
    let FormPage { frame, form, nonce } = page;
    let source = if form.live.is_some() { "/progress.js" } else { "/upload.js" };
    let script = nonce.map(|nonce| view! { <script type="module" src=source nonce=nonce></script> });
    // Without scripts the page is asked for again.
    let again = form.live.is_some().then(|| view! { <noscript><meta http-equiv="refresh" content="3" /></noscript> });
    let title = [form.heading.clone(), form.about.clone(), frame.brand.name.clone()];
    let title = title.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let (theme, brand) = (frame.theme.code(), frame.brand.style_version.clone());
    let (section, wide) = (form.section, form.wide);
    let rail = SECTIONS.map(|(name, href, icon, _)| {
        view! { <a href=href aria-current=(name == section).then_some("page")><Icon name=icon /><span>{name}</span>{mark(&frame, href)}</a> }
    });
    let page = view! {
        <html lang="en-IN" data-theme=theme>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                <link rel="preload" href="/fonts/inter-latin-5.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous" />
                <link rel="stylesheet" href=stylesheet.to_owned() />
                <link rel="stylesheet" href=format!("/brand.css?v={brand}") />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
                {script}
                {again}
            </head>
            <body>
                <a class="skip" href="#main">"Skip to the content"</a>
                <div class="frame">
                    <header class="top"><TopBar frame /></header>
                    <nav class="rail" aria-label="Sections">{rail.collect_view()}</nav>
                    <main id="main" tabindex="-1" class=if wide { "form-page wide" } else { "form-page" }>{body(form)}</main>
                </div>
            </body>
        </html>
    };
    document(page)
}

fn body(form: Form) -> AnyView {
    let refused = form.is_refused();
    let Form {
        heading, about, lead, notice, facts, sheets: rows, fields, hidden, action, submit, others, grave, back, links, live, ..
    } = form;
    let multipart = fields.iter().any(|field| matches!(field.kind, FieldKind::Files { .. }));
    // The first field that is wrong, else the first one: where typing goes on.
    let first = fields.iter().position(|field| field.problem.is_some()).unwrap_or(0);
    let wrong = fields.iter().filter(|field| field.problem.is_some()).count();
    let notice = refused.then(|| {
        let count = match wrong {
            0 => None,
            1 => Some("One entry cannot be taken as it is. What you typed is still here.".to_owned()),
            count => Some(format!("{count} entries cannot be taken as they are. What you typed is still here.")),
        };
        let lines = notice.into_iter().chain(count).map(|line| view! { <p>{line}</p> }).collect_view();
        view! { <div id="problem" class="notice negative" role="alert"><Icon name="warning" /><div>{lines}</div></div> }
    });
    let facts = (!facts.is_empty()).then(|| fact_group(FactGroup { title: "What is on record".to_owned(), facts }));
    let rows = (!rows.is_empty()).then(|| sheets(rows));
    let fields = fields.into_iter().enumerate().map(|(index, of)| field(of, index == first));
    let hidden = hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    let others = others.into_iter().map(|other| {
        view! { <button type="submit" class="button" name=other.name value=other.value>{other.words}</button> }
    });
    let has_links = !links.is_empty();
    let links = links.into_iter().map(|(href, words)| view! { <a class="button" href=href>{words}</a> }).collect_view();
    let links = view! { <p class="links">{links}</p> };
    let (href, words) = back;
    let leave = href.clone();
    let send = (!action.is_empty()).then(|| {
        view! {
            <form method="post" action=action class="fields" enctype=multipart.then_some("multipart/form-data")>
                // First: a file is taken while it comes, and what it belongs to must have come before.
                {hidden.collect_view()}
                {fields.collect_view()}
                <div class="form-end">
                    <button type="submit" class=if grave { "button primary grave" } else { "button primary" }>{submit}</button>
                    {others.collect_view()}
                    <a class="button" href=leave>"Cancel"</a>
                </div>
            </form>
        }
    });
    let around = send.is_none().then(|| view! { <p><a class="button" href=href>{words}</a></p> });
    view! {
        <h1>{heading}</h1>
        <p class="muted" dir="auto">{about}</p>
        {notice}
        {lead.into_iter().map(|words| view! { <p>{words}</p> }).collect_view()}
        {live.map(going_on)}
        {has_links.then_some(links)}
        {facts}
        {rows}
        {send}
        {around}
    }
    .into_any()
}

/// How far it is. The script asks its address and writes what it hears into the bar and the line beside it.
fn going_on(live: Live) -> AnyView {
    let Live { words, done, total, address } = live;
    let (value, max) = if total > 0 { (Some(done.to_string()), Some(total.to_string())) } else { (None, None) };
    let so_far = if total > 0 { format!("{words}: {done} of {total}") } else { format!("{words}: {done}") };
    view! {
        <div class="arriving" role="status" data-progress=address>
            <progress value=value max=max aria-label=words></progress>
            <span>{so_far}</span>
        </div>
    }
    .into_any()
}

fn field(of: Field, first: bool) -> AnyView {
    let Field { name, label, kind, value, help, optional, problem } = of;
    let (help_id, problem_id) = (format!("{name}-help"), format!("{name}-problem"));
    let described = [(!help.is_empty()).then(|| help_id.clone()), problem.is_some().then(|| problem_id.clone())];
    let described: Vec<String> = described.into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let invalid = problem.is_some().then_some("true");
    let (required, inline) = (!optional, kind == FieldKind::Check);
    let control = match kind {
        FieldKind::Line { max } => view! {
            <input id=name name=name type="text" value=value maxlength=max.to_string() required=required autofocus=first autocomplete="off"
                aria-invalid=invalid aria-describedby=described.clone() />
        }
        .into_any(),
        FieldKind::Amount => view! {
            <input id=name name=name type="text" class="num" inputmode="decimal" value=value maxlength="24" required=required autofocus=first
                autocomplete="off" aria-invalid=invalid aria-describedby=described.clone() />
        }
        .into_any(),
        FieldKind::Number { min, max } => view! {
            <input id=name name=name type="number" class="num" value=value min=min.to_string() max=max.to_string() required=required
                autofocus=first autocomplete="off" aria-invalid=invalid aria-describedby=described.clone() />
        }
        .into_any(),
        FieldKind::Day { min, max } => view! {
            <input id=name name=name type="date" class="num" value=value min=min.map(|day| day.iso()) max=max.map(|day| day.iso())
                required=required autofocus=first aria-invalid=invalid aria-describedby=described.clone() />
        }
        .into_any(),
        FieldKind::Moment => view! {
            <input id=name name=name type="datetime-local" class="num" value=value required=required autofocus=first aria-invalid=invalid
                aria-describedby=described.clone() />
        }
        .into_any(),
        FieldKind::Text { max } => text_area(name, &value, max, (required, first), (invalid, described.clone())),
        FieldKind::Choice(choices) => view! {
            <select id=name name=name required=required autofocus=first aria-invalid=invalid aria-describedby=described.clone()>
                <option value="">{if optional { "—" } else { "Choose" }}</option>
                {choices
                    .into_iter()
                    .map(|(code, words)| {
                        let selected = code == value;
                        view! { <option value=code selected=selected>{words}</option> }
                    })
                    .collect_view()}
            </select>
        }
        .into_any(),
        FieldKind::Pick(choices) => {
            let group = described.clone();
            let pick = |(index, (code, words)): (usize, (String, String))| {
                let checked = code == value;
                view! {
                    <label class="pick">
                        <input type="radio" name=name value=code checked=checked required=required autofocus=first && index == 0 />
                        <span>{words}</span>
                    </label>
                }
            };
            let picks = choices.into_iter().enumerate().map(pick).collect_view();
            view! { <div class="picks" role="radiogroup" aria-labelledby=format!("{name}-label") aria-describedby=group>{picks}</div> }.into_any()
        }
        FieldKind::Check => view! {
            <input id=name name=name type="checkbox" value="1" checked=!value.is_empty() required=required aria-invalid=invalid
                aria-describedby=described.clone() />
        }
        .into_any(),
        FieldKind::Files { several, accept } => view! {
            <input id=name name=name type="file" multiple=several accept=accept required=required aria-invalid=invalid
                aria-describedby=described.clone() />
        }
        .into_any(),
    };
    let words = view! { {label}{optional.then(|| view! { <span class="muted">" (may stay empty)"</span> })} };
    let label_id = format!("{name}-label");
    let help = (!help.is_empty()).then(|| view! { <p id=help_id class="muted">{help}</p> });
    let problem = problem.map(|problem| view! { <p id=problem_id class="field-problem"><Icon name="warning" />{problem}</p> });
    let class = if inline { "field inline" } else { "field" };
    view! { <div class=class><label id=label_id for=name>{words}</label>{control}{problem}{help}</div> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Brand, Frame, Instant, Role, Theme, Typed};

    fn shown(form: Form) -> String {
        let ends_at = Instant { unix_s: 1_795_199_400, offset_minutes: 330 };
        let brand = Brand { name: "Bank & <Sons>".into(), style_version: "1".into() };
        let frame = Frame { brand, person: "A".into(), role: Role::LegalHead, theme: Theme::Dark, idle_s: 900, ends_at, waiting: None };
        form_page(FormPage { frame, form, nonce: None }, "/pkg/odr-portal.css")
    }

    #[test]
    fn what_was_typed_is_text_wherever_it_stands_and_no_script_runs() {
        let hostile = "</textarea><script>alert(1)</script>\"'&";
        let kinds = [FieldKind::Text { max: 500 }, FieldKind::Line { max: 500 }, FieldKind::Amount, FieldKind::Moment];
        let names = ["text", "line", "amount", "moment"];
        let fields = names.into_iter().zip(kinds).map(|(name, kind)| Field::new(name, "<i>", kind)).collect();
        let typed = Typed::from(names.map(|name| (name.to_owned(), hostile.to_owned())).to_vec());
        let form = Form { heading: hostile.into(), action: "/x".into(), fields, ..Form::default() }.again(&typed, &[]);
        let page = shown(form);
        assert!(!page.contains("<script") && !page.contains("<i>") && page.matches("</textarea>").count() == 1, "{page}");
        assert_eq!(page.matches("alert(1)").count(), 6, "title, heading and four fields: {page}");
    }

    #[test]
    fn a_form_that_takes_files_has_the_one_script_with_its_nonce() {
        let ends_at = Instant { unix_s: 1_795_199_400, offset_minutes: 330 };
        let brand = Brand { name: "Bank".into(), style_version: "1".into() };
        let frame = Frame { brand, person: "A".into(), role: Role::LegalHead, theme: Theme::Dark, idle_s: 900, ends_at, waiting: None };
        let fields = vec![Field::new("files", "Files", FieldKind::Files { several: true, accept: ".pdf" })];
        let form = Form { action: "/x".into(), fields, ..Form::default() };
        let page = form_page(FormPage { frame, form, nonce: Some("abc".into()) }, "/pkg/odr-portal.css");
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert!(page.contains("src=\"/upload.js\"") && page.contains("nonce=\"abc\""), "{page}");
    }

    #[test]
    fn a_form_without_an_address_has_nothing_to_send() {
        let back = ("/cases".to_owned(), "All cases".to_owned());
        let page = shown(Form { heading: "No".into(), back, fields: vec![Field::new("a", "A", FieldKind::Check)], ..Form::default() });
        assert!(!page.contains("class=\"fields\"") && page.contains("All cases"), "{page}");
    }

    #[test]
    fn the_first_field_that_is_wrong_is_where_typing_goes_on() {
        let fields = ["a", "b"].map(|name| Field::new(name, name, FieldKind::Line { max: 9 })).to_vec();
        let problem = crate::model::FieldError { field: "b".into(), problem: "required".into() };
        let form = Form { action: "/x".into(), fields, ..Form::default() }.again(&Typed::default(), &[problem]);
        let page = shown(form);
        let focused = page.split("autofocus").next().unwrap().rsplit("id=\"").next().unwrap();
        assert!(focused.starts_with("b\""), "{page}");
        assert!(page.contains("aria-describedby=\"b-problem\"") && page.contains("Fill this in."), "{page}");
    }
}
