//! Behind the scenes of the demo, for whoever looks around: everybody's authenticator app, and how each institution's server
//! and registry entry are to behave. It must not know the portal: it acts on what the portal calls.

use std::{sync::Arc, time::Duration};

use axum::{
    Form, Router,
    extract::State,
    response::{Html, Redirect},
    routing::{get, post},
};
use http::StatusCode;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::SignInPerson;
use crate::{
    demo::frappe::{Failure, Knob, Site},
    registry::authority::Catalog,
};

/// What can be seen and moved here.
pub struct Backstage {
    /// Everybody who may try to sign in.
    pub people: Vec<SignInPerson>,
    /// The institutions and where their records are.
    pub institutions: Vec<Institution>,
    /// The authority's catalog.
    pub catalog: Arc<Catalog>,
    /// How long every server takes for each answer, unless it is told to be slow.
    pub upstream_delay: Option<Duration>,
}

/// An institution, as seen from behind.
pub struct Institution {
    /// Its id in the registry.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The user whose key the portal uses for it: only its own calls are made to misbehave, also on a shared site.
    pub api_user: String,
    /// The simulated site.
    pub site: Arc<Site>,
}

/// What a server can be told to do: name, words, knob. Failing ones take as long as sound ones.
fn moods(upstream_delay: Option<Duration>) -> [(&'static str, &'static str, Knob); 6] {
    let sound = Knob::slow(upstream_delay);
    let failing = |failure| Knob { failure, ..sound.clone() };
    [
        ("sound", "answers as it should", sound.clone()),
        ("slow", "takes three seconds", Knob::slow(Some(Duration::from_secs(3)))),
        ("faulty", "fails every second time", failing(Failure::Status { status: 502, rate: 0.5 })),
        ("dead", "closes connections", failing(Failure::Dead)),
        ("maintenance", "is in maintenance", failing(Failure::Maintenance)),
        ("foreign", "answers with other institutions' rows", failing(Failure::ForeignRows)),
    ]
}

/// Serves the page until `stop` is cancelled.
pub async fn serve(listener: TcpListener, backstage: Backstage, stop: CancellationToken) {
    let routes = Router::new().route("/", get(page)).route("/behave", post(behave)).with_state(Arc::new(backstage));
    if let Err(error) = axum::serve(listener, routes).with_graceful_shutdown(stop.cancelled_owned()).await {
        tracing::error!(%error, "the page behind the scenes ended");
    }
}

#[derive(serde::Deserialize)]
struct Wish {
    institution: String,
    behaviour: String,
}

async fn behave(State(backstage): State<Arc<Backstage>>, Form(wish): Form<Wish>) -> Result<Redirect, (StatusCode, String)> {
    let unknown = |what: &str| (StatusCode::NOT_FOUND, format!("There is no such {what}.\n"));
    let institution = backstage.institutions.iter().find(|known| known.id == wish.institution).ok_or_else(|| unknown("institution"))?;
    let done = match wish.behaviour.as_str() {
        "suspend" => backstage.catalog.suspend(&institution.id).map(drop),
        "resume" => backstage.catalog.resume(&institution.id).map(drop),
        name => {
            let (.., knob) =
                moods(backstage.upstream_delay).into_iter().find(|(known, ..)| *known == name).ok_or_else(|| unknown("behaviour"))?;
            institution.site.knobs().set_for(&institution.api_user, Some(knob));
            Ok(())
        }
    };
    done.map(|()| Redirect::to("/")).map_err(|error| (StatusCode::CONFLICT, format!("{error}\n")))
}

async fn page(State(backstage): State<Arc<Backstage>>) -> Html<String> {
    use std::fmt::Write as _;
    // Names and addresses are the demo's own: nothing in them needs escaping.
    let now = jiff::Timestamp::now().as_second();
    let (mut rows, mut servers) = (String::new(), String::new());
    for person in &backstage.people {
        let _ = write!(
            rows,
            "<tr><td>{}<td>{}<td>{}<td><code>{}</code><td><code>{}</code>",
            person.host,
            person.user.user_id,
            person.person.role.label(),
            person.user.password,
            person.user.totp(now)
        );
    }
    for Institution { id, name, api_user, site } in &backstage.institutions {
        let current = site.knobs().of(api_user);
        let buttons = moods(backstage.upstream_delay).map(|(code, words, knob)| {
            let mark = if knob == current { " aria-current=true" } else { "" };
            format!("<button name=behaviour value={code}{mark}>{words}</button> ")
        });
        let _ = write!(
            servers,
            "<tr><td>{name}<td><form method=post action=/behave><input type=hidden name=institution value={id}>{}\
             <button name=behaviour value=suspend>suspend the institution</button> \
             <button name=behaviour value=resume>resume it</button></form>",
            buttons.concat()
        );
    }
    Html(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta http-equiv=refresh content=5><title>Behind the scenes of the demo</title>\
         <style>[aria-current]{{font-weight:bold}}td,th{{text-align:left;padding:2px 8px}}</style>\
         <h1>One-time codes</h1><p>They change in {} seconds.</p>\
         <table><tr><th>Address<th>User<th>Role<th>Password<th>Code{rows}</table>\
         <h1>How the institutions' servers behave</h1><table>{servers}</table>",
        30 - now.rem_euclid(30)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_server_is_told_to_do_it_is_not_faster_than_all_servers_are() {
        let delay = Duration::from_millis(50);
        for (name, _, knob) in moods(Some(delay)) {
            assert!(knob.delay.is_some_and(|(least, _)| least >= delay), "{name}");
        }
        assert!(moods(None).iter().all(|(name, _, knob)| knob.delay.is_some() == (*name == "slow")));
    }
}
