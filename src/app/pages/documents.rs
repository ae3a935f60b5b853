//! The documents of all cases, newest first. The URL is its whole state. It must not know how documents are stored.

use leptos::prelude::*;

use crate::app::{
    api::documents::list_documents,
    browser,
    frame::{FrameData, PageFrame},
    load::{Load, Params},
    ui::{table, table_skeleton},
};

/// Kinds that can be chosen: code and words.
const KINDS: [(&str, &str); 17] = [
    ("", "Every kind"),
    ("AGREEMENT", "Agreement"),
    ("SOA", "Statement of account"),
    ("LRN", "Loan recall notice"),
    ("S21_NOTICE", "Notice under s. 21"),
    ("POD", "Proof of delivery"),
    ("REQUEST", "Request for arbitration"),
    ("APPOINTMENT", "Appointment"),
    ("DISCLOSURE", "Disclosure under s. 12"),
    ("CONSENT", "Consent"),
    ("SOC", "Statement of claim"),
    ("SOD", "Statement of defence"),
    ("ANNEXURE", "Annexure"),
    ("APPLICATION", "Application"),
    ("INTERIM_ORDER", "Interim order"),
    ("AWARD", "Award"),
    ("EXECUTION", "Execution of the award"),
];

/// States that can be chosen.
const STATES: [(&str, &str); 7] = [
    ("", "Every state"),
    ("STORED", "On file"),
    ("NOT_SCANNED", "Not scanned yet"),
    ("INFECTED", "Infected"),
    ("RECEIVING", "Arriving"),
    ("REJECTED", "Rejected"),
    ("WITHDRAWN", "Withdrawn"),
];

/// The page.
#[component]
pub fn Documents() -> impl IntoView {
    const ADDRESS: &[&str] = &["kind", "state", "q", "after"];
    let frame = FrameData::new();
    let list =
        Load::primary(ADDRESS, |asked| list_documents(asked.text("kind"), asked.text("state"), asked.text("q"), asked.text("after")));
    Effect::new(|_| browser::listen_for_keys());
    let params = Params::of_address(ADDRESS);
    view! {
        <PageFrame of=frame section="Documents">
            <h1>"Documents"</h1>
            {move || filters(&params.get())}
            {list.panel("The documents could not be loaded", table_skeleton, |sheet, _| table(sheet))}
        </PageFrame>
    }
}

/// What is asked for, as a plain GET form: it works before any script has run.
fn filters(asked: &Params) -> AnyView {
    let choice = |name: &'static str, label: &'static str, choices: &'static [(&str, &str)]| {
        let chosen = asked.text(name);
        let option =
            |(code, words): &(&'static str, &'static str)| view! { <option value=*code selected=chosen == *code>{*words}</option> };
        view! { <select name=name aria-label=label>{choices.iter().map(option).collect_view()}</select> }
    };
    view! {
        <form class="query choices" method="get" action="/documents" role="search">
            {choice("kind", "Kind", &KINDS)}
            {choice("state", "State", &STATES)}
            <label class="sr" for="q">"Cases"</label>
            <input id="q" name="q" type="search" value=asked.text("q") placeholder="Of cases: name, LAN or number, or stage:hearing"
                autocomplete="off" spellcheck="false" maxlength="500" />
            <button type="submit" class="button">"Show"</button>
        </form>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Term, Withheld};

    #[test]
    fn what_can_be_chosen_is_called_as_in_the_list() {
        for (code, words) in &KINDS[1..] {
            assert_eq!(Term::of(*code).label, *words);
        }
        for (code, words) in &STATES[2..] {
            let (state, scan_state) = if matches!(*code, "NOT_SCANNED" | "INFECTED") { ("STORED", *code) } else { (*code, "CLEAN") };
            assert_eq!(Withheld::of(state, scan_state, 1).map(Withheld::label), Some(*words));
        }
    }
}
