//! The audit trail: who did what, newest first, as far as the role may know. The address is its whole state.

use leptos::prelude::*;

use crate::{
    app::{
        api::audit::list_audit_events,
        frame::{FrameData, PageFrame},
        load::{Load, Params},
        ui::{table, table_skeleton},
    },
    model::{AuditKind, AuditResult},
};

/// The page.
#[component]
pub fn AuditTrail() -> impl IntoView {
    const ADDRESS: &[&str] = &["kind", "result", "actor", "case", "from", "to", "after"];
    let frame = FrameData::new();
    let trail = Load::primary(ADDRESS, |asked| {
        let text = |name| asked.text(name);
        list_audit_events(text("kind"), text("result"), text("actor"), text("case"), text("from"), text("to"), text("after"))
    });
    let params = Params::of_address(ADDRESS);
    view! {
        <PageFrame of=frame section="Audit trail">
            <h1>"Audit trail"</h1>
            {move || filters(&params.get())}
            {trail.panel("The audit trail could not be loaded", table_skeleton, |sheet, _| table(sheet))}
        </PageFrame>
    }
}

/// A plain form of the filters in the address.
fn filters(asked: &Params) -> AnyView {
    let kinds = AuditKind::ALL.iter().map(|kind| (kind.code(), kind.label())).collect();
    let results = AuditResult::ALL.iter().map(|result| (result.code(), result.label())).collect();
    view! {
        <form method="get" action="/audit" class="inline" role="search" aria-label="Filter the trail">
            {choice("kind", "What", asked.text("kind"), kinds)}
            {choice("result", "Result", asked.text("result"), results)}
            {field("actor", "Who", "text", asked.text("actor"))}
            {field("case", "Case", "text", asked.text("case"))}
            {field("from", "From", "date", asked.text("from"))}
            {field("to", "To", "date", asked.text("to"))}
            <button type="submit" class="button">"Filter"</button>
            <a class="clear" href="/audit">"Clear"</a>
        </form>
    }
    .into_any()
}

fn choice(name: &'static str, label: &'static str, chosen: String, choices: Vec<(&'static str, &'static str)>) -> AnyView {
    let options = choices.into_iter().map(|(code, label)| {
        let selected = code.eq_ignore_ascii_case(&chosen);
        view! { <option value=code selected=selected>{label}</option> }
    });
    view! {
        <span class="field">
            <label for=name>{label}</label>
            <select id=name name=name><option value="">"Any"</option>{options.collect_view()}</select>
        </span>
    }
    .into_any()
}

fn field(name: &'static str, label: &'static str, kind: &'static str, value: String) -> AnyView {
    view! {
        <span class="field">
            <label for=name>{label}</label>
            <input id=name name=name type=kind value=value maxlength="140" autocomplete="off" />
        </span>
    }
    .into_any()
}
