//! Seeing a masked value whole: the reason is asked for, then the value is shown. Static HTML without scripts, so that the value is in
//! no page that a program of ours goes on with. It must not know who may see what.

use leptos::prelude::*;

use crate::{
    app::shell::document,
    model::{FieldError, MaskedParticular, RevealPage, RevealStep, UnmaskPurpose, UnmaskReason, Unmasked},
};

/// A whole document. `stylesheet` is the main stylesheet's address with its hash.
pub fn reveal_page(page: RevealPage, stylesheet: &str) -> String {
    let RevealPage { brand, theme, step } = page;
    let of = match &step {
        RevealStep::Ask { of, .. } => of,
        RevealStep::Shown(unmasked) => &unmasked.of,
    };
    let title = format!("{} · {} · {}", of.kind.label(), of.number, brand.name);
    let heading = format!("{} of {}", of.kind.label(), of.party);
    let (number, back) = (of.number.clone(), of.back());
    let (content, leave) = match step {
        RevealStep::Ask { of, typed, problems } => (ask(&of, typed, &problems), "Back to the case"),
        RevealStep::Shown(unmasked) => (shown(unmasked), "Hide it now"),
    };
    let page = view! {
        <html lang="en-IN" data-theme=theme.code()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <title>{title}</title>
                <link rel="stylesheet" href=stylesheet.to_owned() />
                <link rel="stylesheet" href=format!("/brand.css?v={}", brand.style_version) />
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
            </head>
            <body>
                <main id="main" class="plain">
                    <p class="plain-brand">{brand.name.clone()}</p>
                    <h1>{heading}</h1>
                    <p class="muted">"Case "<span class="num">{number}</span></p>
                    {content}
                    <p><a href=back>{leave}</a></p>
                </main>
            </body>
        </html>
    };
    document(page)
}

fn ask(of: &MaskedParticular, (chosen, words): (String, String), problems: &[FieldError]) -> AnyView {
    let wrong = |field: &str| problems.iter().find(|problem| problem.field == field).map(|problem| problem.problem.clone());
    let (wrong_purpose, wrong_words) = (wrong("purpose"), wrong("reason"));
    let notice = (!problems.is_empty()).then(|| {
        let lines = [wrong_purpose.clone().map(|_| "Choose what it is for.".to_owned()), wrong_words.as_deref().map(words_problem)];
        view! { <div id="problem" class="notice negative" role="alert">{lines.into_iter().flatten().map(|line| view! { <p>{line}</p> }).collect_view()}</div> }
    });
    let options = UnmaskPurpose::ALL.iter().map(|purpose| {
        let selected = purpose.code() == chosen;
        view! { <option value=purpose.code().to_owned() selected=selected>{purpose.label().to_owned()}</option> }
    });
    // Who has chosen already goes on with the words.
    let (at_words, at_purpose) = (wrong_purpose.is_none() && wrong_words.is_some(), wrong_words.is_none() || wrong_purpose.is_some());
    view! {
        <p>"Shown to you as "<b class="num">{of.masked.clone()}</b></p>
        {notice}
        <form method="post" action=of.id.reveal_address(of.case.as_str()) class="fields">
            <label for="purpose">"What it is for"</label>
            <select id="purpose" name="purpose" required autofocus=at_purpose aria-invalid=wrong_purpose.is_some().then_some("true")
                aria-describedby=wrong_purpose.map(|_| "problem")>
                <option value="">"Choose"</option>
                {options.collect_view()}
            </select>
            <label for="reason">"In your own words"</label>
            <input id="reason" name="reason" type="text" value=words autocomplete="off" autofocus=at_words minlength=UnmaskReason::MIN_CHARS.to_string()
                maxlength=UnmaskReason::MAX_CHARS.to_string() aria-invalid=wrong_words.is_some().then_some("true")
                aria-describedby=if wrong_words.is_some() { "problem reason-help" } else { "reason-help" } />
            <p id="reason-help" class="muted">
                {format!("At least {} characters. It may stay empty unless you chose “Something else”.", UnmaskReason::MIN_CHARS)}
            </p>
            <p class="muted">"That you looked, when, and why is recorded in the audit trail. The value is hidden again after a minute."</p>
            <button type="submit" class="button primary wide">"Reveal"</button>
        </form>
    }
    .into_any()
}

fn words_problem(problem: &str) -> String {
    match problem {
        "required" => format!("Say in your own words what it is for, in at least {} characters.", UnmaskReason::MIN_CHARS),
        "too_short" => format!("Your own words are too short: at least {} characters.", UnmaskReason::MIN_CHARS),
        _ => format!("Your own words are too long: at most {} characters.", UnmaskReason::MAX_CHARS),
    }
}

fn shown(unmasked: Unmasked) -> AnyView {
    let lines = unmasked.value.lines().map(|line| view! { <span>{line.to_owned()}</span> }).collect_view();
    view! {
        <p id="revealed" class="revealed num">{lines}</p>
        <p class="muted">{format!("It is on record that you looked. The value is hidden again in {} seconds.", unmasked.hide_after_s)}</p>
    }
    .into_any()
}
