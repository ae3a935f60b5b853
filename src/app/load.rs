//! A page's data: asked for at the top of a page, shown in panels below. Owns waiting, failing and asking again, once for
//! every kind of data; it must not know what is loaded.
//!
//! What is loaded travels without its type between the request and the view. A resource of its own for each type would
//! instantiate the whole reactive machinery each time, and the browser's program is held to a budget (`make budget`): so the
//! machinery exists once, and a type costs its decoder and its view.

use std::{any::Any, pin::Pin, sync::Arc};

use leptos::{
    prelude::*,
    serde_json,
    server::codee::{Decoder, Encoder},
};
use leptos_router::hooks::{use_location, use_params_map, use_query_map};
use serde::{Serialize, de::DeserializeOwned};

use super::{api, ui::FailedState};
use crate::model::{ErrorCode, PortalError};

/// What can be loaded: travels from the server in the page or in a function's answer.
pub trait Loadable: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {}
impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Loadable for T {}

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;
type Ask = Box<dyn Fn(Params) -> BoxFuture<Answer> + Send + Sync>;
type View = Arc<dyn Fn(Answer, &Params) -> AnyView + Send + Sync>;

/// The parameters of the page's address that data depends on, in the order in which the page named them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(&'static str, String)>);

impl Params {
    /// The parameter's text; empty where the address does not have it.
    pub fn text(&self, name: &str) -> String {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// These parameters of the address as it stands, followed as it changes: of its path first, then of its query.
    pub fn of_address(names: &'static [&'static str]) -> ArcMemo<Self> {
        let (path, query) = (use_params_map(), use_query_map());
        ArcMemo::new(move |before: Option<&Self>| {
            // The address is the router's, and gone with the page; what outlives the page for a moment keeps what it had.
            let text = |name: &str| Some(path.try_with(|map| map.get(name))?.or(query.try_with(|map| map.get(name))?).unwrap_or_default());
            let now: Option<_> = names.iter().map(|name| Some((*name, text(name)?))).collect();
            now.map(Self).or_else(|| before.cloned()).unwrap_or_default()
        })
    }
}

/// How long data may hold the page up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Urgency {
    /// Until it is there: it decides the page's status.
    Primary,
    /// For a panel's deadline.
    Side,
}

/// Data on its way. Not of the arena: a page whose caller has hung up is disposed of while its parts are still being rendered.
#[derive(Clone)]
pub struct Load {
    answers: ArcResource<Answer, InPage>,
    params: ArcMemo<Params>,
}

impl Load {
    /// What the page is about: it decides the page's status, and the page waits for it.
    pub fn primary<T: Loadable, F>(names: &'static [&'static str], ask: impl Fn(Params) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<T, PortalError>> + Send + 'static,
    {
        Self::erased(names, Box::new(move |params| Box::pin(settled(Box::pin(erase(ask(params)))))), Urgency::Primary)
    }

    /// What stands beside it: it may fail alone, and holds the page up for a moment at most.
    pub fn side<T: Loadable, F>(names: &'static [&'static str], ask: impl Fn(Params) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<T, PortalError>> + Send + 'static,
    {
        Self::erased(names, Box::new(move |params| Box::pin(in_time(Box::pin(erase(ask(params)))))), Urgency::Side)
    }

    fn erased(names: &'static [&'static str], ask: Ask, urgency: Urgency) -> Self {
        let params = Params::of_address(names);
        let asked = params.clone();
        let answers = ArcResource::new_with_options(move || asked.get(), ask, urgency == Urgency::Primary);
        Self { answers, params }
    }

    /// The answer, if it is there; followed as it changes. For effects.
    pub fn get<T: Loadable>(&self) -> Option<Result<T, PortalError>> {
        self.answers.get().map(Answer::typed)
    }

    /// Shows the answer when it is there, and `meanwhile` until the first one is.
    pub fn show<T: Loadable>(
        &self,
        meanwhile: fn() -> AnyView,
        view: impl Fn(Result<T, PortalError>, &Params) -> AnyView + Send + Sync + 'static,
    ) -> AnyView {
        self.show_erased(meanwhile, Arc::new(move |answer, params| view(answer.typed(), params)))
    }

    /// Shows the data, or that it could not be loaded, with a way to ask again.
    pub fn panel<T: Loadable>(
        &self,
        what_failed: &'static str,
        meanwhile: fn() -> AnyView,
        view: impl Fn(T, &Params) -> AnyView + Send + Sync + 'static,
    ) -> AnyView {
        let load = self.clone();
        self.show(meanwhile, move |answer, params| match answer {
            Ok(value) => view(value, params),
            Err(error) => load.failed(what_failed, error),
        })
    }

    /// Says that it could not be loaded, with a way to ask again.
    pub fn failed(&self, what: &'static str, error: PortalError) -> AnyView {
        let answers = self.answers.clone();
        let location = use_location();
        // The address is the router's, and may be gone with the page.
        let query = location.search.try_get_untracked().filter(|query| !query.is_empty()).map(|query| format!("?{query}"));
        let href = location.pathname.try_get_untracked().unwrap_or_default() + &query.unwrap_or_default();
        view! { <FailedState what error href retry=Callback::new(move |()| answers.refetch()) /> }.into_any()
    }

    fn show_erased(&self, meanwhile: fn() -> AnyView, view: View) -> AnyView {
        let Self { answers, params } = self.clone();
        view! {
            <Transition fallback=meanwhile>
                {move || {
                    let (answers, view, params) = (answers.clone(), Arc::clone(&view), params.get_untracked());
                    let shown: BoxFuture<AnyView> = Box::pin(async move { view(answers.await, &params) });
                    Suspend::new(shown)
                }}
            </Transition>
        }
        .into_any()
    }
}

/// An answer without its type.
#[derive(Clone)]
struct Answer(Result<Body, PortalError>);

#[derive(Clone)]
enum Body {
    /// A value that was asked for in this process.
    Here(Arc<dyn Value>),
    /// What the server wrote into the page.
    Written(Arc<str>),
}

trait Value: Send + Sync {
    fn any(&self) -> &dyn Any;
    #[cfg(feature = "ssr")]
    fn json(&self) -> String;
}

impl<T: Loadable> Value for T {
    fn any(&self) -> &dyn Any {
        self
    }
    #[cfg(feature = "ssr")]
    fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Answer {
    /// The answer as what it was when it was asked for; a page of another release of the portal cannot be read.
    fn typed<T: Loadable>(self) -> Result<T, PortalError> {
        match self.0? {
            Body::Here(value) => (*value).any().downcast_ref().cloned(),
            // From bytes, as server functions read their answers: one decoder for both.
            Body::Written(json) => serde_json::from_slice(json.as_bytes()).ok(),
        }
        .ok_or_else(|| ErrorCode::Internal.into())
    }
}

async fn erase<T: Loadable>(asked: impl Future<Output = Result<T, PortalError>>) -> Answer {
    Answer(asked.await.map(|value| Body::Here(Arc::new(value))))
}

async fn settled(asked: BoxFuture<Answer>) -> Answer {
    Answer(api::settle(asked.await.0))
}

async fn in_time(asked: BoxFuture<Answer>) -> Answer {
    Answer(api::panel(async { asked.await.0 }).await)
}

/// How an answer travels in the page: one letter says whether it is a value or an error, its JSON follows.
struct InPage;

impl Encoder<Answer> for InPage {
    type Error = std::convert::Infallible;
    type Encoded = String;

    fn encode(answer: &Answer) -> Result<String, Self::Error> {
        #[cfg(feature = "ssr")]
        return Ok(match &answer.0 {
            Ok(Body::Here(value)) => format!("v{}", value.json()),
            Ok(Body::Written(json)) => format!("v{json}"),
            Err(error) => format!("e{}", serde_json::to_string(error).unwrap_or_default()),
        });
        #[cfg(not(feature = "ssr"))]
        {
            // Pages are written on the server alone.
            let _ = answer;
            Ok(String::new())
        }
    }
}

impl Decoder<Answer> for InPage {
    type Error = std::convert::Infallible;
    type Encoded = str;

    fn decode(text: &str) -> Result<Answer, Self::Error> {
        Ok(Answer(match text.split_at_checked(1) {
            Some(("v", json)) => Ok(Body::Written(json.into())),
            Some(("e", json)) => Err(serde_json::from_slice(json.as_bytes()).unwrap_or_else(|_| ErrorCode::Internal.into())),
            _ => Err(ErrorCode::Internal.into()),
        }))
    }
}
