//! The frame around every signed-in page: rail, top bar, the warning before an idle session ends. It knows who is signed
//! in, and nothing of what the page shows.

use std::time::Duration;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;

use super::{
    api::{
        frame::{get_frame, stay_signed_in},
        settle,
    },
    browser,
    load::Load,
    ui::Icon,
};
use crate::model::{Frame, Permission, Theme};

/// Seconds before the end at which the bar appears.
const WARNING_S: i64 = 120;

/// The sections: name, address, icon, and the key that leads there after `g`.
pub(super) const SECTIONS: [(&str, &str, &str, &str); 9] = [
    ("Dashboard", "/", "dashboard", "d"),
    ("Portfolio", "/portfolio", "portfolio", "s"),
    ("Cases", "/cases", "cases", "c"),
    ("Hearings", "/hearings", "hearings", "h"),
    ("Notices", "/notices", "notices", "n"),
    ("Filing", "/filing", "stage-s00", "f"),
    ("Approvals", "/approvals", "check", "p"),
    ("Documents", "/documents", "document", "o"),
    ("Audit trail", "/audit", "audit", "a"),
];

/// What a page holds of its frame.
#[derive(Clone)]
pub struct FrameData {
    load: Load,
    /// The institution's name, as soon as it is known: the title is written before any panel's body has run. Shared and not
    /// of the arena, for the same reason as [`Load`].
    institution: ArcRwSignal<String>,
}

impl FrameData {
    /// Asks for the frame; called at the top of a page.
    pub fn new() -> Self {
        let institution = ArcRwSignal::new(String::new());
        let found = institution.clone();
        let load = Load::primary(&[], move |_| {
            let institution = found.clone();
            async move {
                let frame = get_frame().await?;
                institution.set(frame.brand.name.clone());
                Ok(frame)
            }
        });
        let (answered, shown) = (load.clone(), institution.clone());
        Effect::new(move |_| {
            if let Some(Ok(frame)) = answered.get::<Frame>() {
                shown.set(frame.brand.name);
            }
        });
        Self { load, institution }
    }
}

/// A signed-in page: its section's name, what of it is shown, its content.
#[component]
pub fn PageFrame(
    of: FrameData,
    section: &'static str,
    /// The record that the page is about, once it is known.
    #[prop(optional)]
    subject: Option<ArcRwSignal<String>>,
    children: Children,
) -> impl IntoView {
    let FrameData { load, institution } = of.clone();
    // Of the sections that are marked alone: each is a piece of the page that waits by itself.
    let counts = load.clone();
    let marked = move |href: &'static str| {
        let shown = move |frame: Result<Frame, _>, _: &_| frame.map(|frame| mark(&frame, href)).unwrap_or_else(|_| ().into_any());
        MARKED.contains(&href).then(|| counts.show(|| ().into_any(), shown))
    };
    let title = move || {
        let parts = [subject.as_ref().map(|subject| subject.get()).unwrap_or_default(), section.to_owned(), institution.get()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    view! {
        <Title text=title />
        <a class="skip" href="#main" rel="external">"Skip to the content"</a>
        <div class="frame">
            <header class="top">
                {load.show(
                    || view! { <span class="brand">"…"</span> }.into_any(),
                    |frame, _| frame.ok().map(|frame| view! { <TopBar frame /> }).into_any(),
                )}
            </header>
            <nav class="rail" aria-label="Sections">
                {SECTIONS
                    .map(|(name, href, icon, key)| {
                        view! {
                            <a href=href aria-current=(name == section).then_some("page") data-key=format!("g{key}")><Icon name=icon /><span>{name}</span>{marked(href)}</a>
                        }
                    })
                    .collect_view()}
            </nav>
            <main id="main" tabindex="-1">{children()}</main>
        </div>
        <SessionBar of />
    }
}

/// Sections that say how much waits in them.
const MARKED: [&str; 2] = ["/", "/approvals"];

/// How much waits in a section; nothing where nothing does or nobody knows.
pub(super) fn mark(frame: &Frame, href: &str) -> AnyView {
    let count = frame.waiting.map_or(0, |waiting| waiting.at(href));
    let short = if count > 99 { "99+".to_owned() } else { count.to_string() };
    (count > 0)
        .then(|| view! { <span class="count num" title=format!("{count} waiting")>{short}<span class="sr">" waiting"</span></span> })
        .into_any()
}

#[component]
pub(super) fn TopBar(frame: Frame) -> impl IntoView {
    view! {
        <span class="brand"><span class="mark" aria-hidden="true"></span>{frame.brand.name}</span>
        <form class="find" method="get" action="/find" role="search" aria-label="Find">
            <Icon name="search" />
            <input id="find" name="q" type="search" aria-label="Find a case by any number or name, or a page" placeholder="Find (Ctrl K)"
                aria-keyshortcuts="Control+K" autocomplete="off" spellcheck="false" maxlength="140" />
            <a href="/find"><Icon name="search" /><span class="sr">"Find"</span></a>
        </form>
        <ThemeSwitch chosen=frame.theme />
        <details class="menu person">
            <summary>
                <Icon name="person" />
                <span class="person-name">{frame.person}</span>
                <span class="muted person-role">{frame.role.label()}</span>
            </summary>
            <div class="menu-body">
                {frame
                    .role
                    .allows(Permission::SeePeople)
                    .then(|| view! { <a class="menu-item" href="/people" rel="external">"People and roles"</a> })}
                {frame
                    .role
                    .allows(Permission::SeeSettings)
                    .then(|| view! { <a class="menu-item" href="/settings" rel="external">"Settings"</a> })}
                <a class="menu-item" href="/keys" rel="external" data-key="?">"Keys"<kbd aria-hidden="true">"?"</kbd></a>
                <form method="post" action="/sign-out"><button class="menu-item" type="submit">"Sign out"</button></form>
                <form method="post" action="/sign-out/everywhere">
                    <button class="menu-item" type="submit">"Sign out everywhere"</button>
                </form>
            </div>
        </details>
    }
}

/// Light, dark, or as the system is set. A plain form; in the browser it takes effect in place.
#[component]
fn ThemeSwitch(chosen: Theme) -> impl IntoView {
    // Not of the arena, here and below: see [`Load`].
    let chosen = ArcRwSignal::new(chosen);
    let button = |theme: Theme| {
        let (chosen, current) = (chosen.clone(), chosen.clone());
        let label = match theme {
            Theme::System => "System",
            Theme::Light => "Light",
            Theme::Dark => "Dark",
        };
        let choose = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            browser::set_theme(theme);
            chosen.set(theme);
        };
        view! {
            <button type="submit" name="theme" value=theme.code() title=label on:click=choose
                aria-pressed=move || if current.get() == theme { "true" } else { "false" }>
                <Icon name=format!("theme-{}", theme.code()) />
                <span class="sr">{label}" theme"</span>
            </button>
        }
    };
    view! {
        <form class="theme" method="post" action="/theme" role="group" aria-label="Theme">{Theme::ALL.map(button).collect_view()}</form>
    }
}

/// Two minutes before the session ends: an offer to stay. Runs in the browser only.
#[component]
fn SessionBar(of: FrameData) -> impl IntoView {
    let left_s = ArcRwSignal::new(i64::MAX);
    let idle_until_s = ArcRwSignal::new(i64::MAX);
    let (left, until) = (left_s.clone(), idle_until_s.clone());
    let (over, renewed) = (left_s.clone(), idle_until_s.clone());
    let search = use_location().search;
    Effect::new(|_| browser::listen_everywhere());
    Effect::new(move |_| {
        // Every change of address asks the server for something, which counts as activity.
        search.track();
        if let Some(Ok(frame)) = of.load.get::<Frame>() {
            idle_until_s.set((browser::now_s() + i64::from(frame.idle_s)).min(frame.ends_at.unix_s));
        }
    });
    Effect::new(move |_| {
        let (left, until) = (left.clone(), until.clone());
        let tick = move || {
            let seconds = until.get_untracked().saturating_sub(browser::now_s());
            left.set(seconds);
            if seconds <= 0 {
                browser::leave_for_sign_in();
            }
        };
        if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(5)) {
            on_cleanup(move || handle.clear());
        }
    });
    let stay = Action::new(move |(): &()| {
        let (over, renewed) = (over.clone(), renewed.clone());
        async move {
            match settle(stay_signed_in().await) {
                Ok(seconds) => renewed.set(browser::now_s() + i64::from(seconds)),
                Err(_) => over.set(0),
            }
        }
    });
    view! {
        <div role="status" class="session-region">
            <Show when=move || left_s.get() <= WARNING_S>
                <div class="session-bar">
                    <p>"You will be signed out in less than two minutes."</p>
                    <button
                        type="button"
                        class="button primary"
                        disabled=move || stay.pending().get()
                        on:click=move |_| {
                            stay.dispatch(());
                        }
                    >
                        "Stay signed in"
                    </button>
                </div>
            </Show>
        </div>
    }
}
