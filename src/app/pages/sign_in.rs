//! Sign-in: whose portal this is, user and password, then the one-time code. Plain forms that the server's handlers answer;
//! it must not know how anybody is recognised.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    app::{api::frame::get_sign_in_page, load::Load, ui::Icon},
    model::{PortalError, SignInPage, SignInProblem, SignInStep},
};

/// The page.
#[component]
pub fn SignIn() -> impl IntoView {
    let page = Load::primary(&["next"], |asked| get_sign_in_page(asked.text("next")));
    page.show(
        || ().into_any(),
        |page, _| match page {
            Ok(page) => view! { <SignInCard page /> }.into_any(),
            Err(error) => view! { <NotAvailable error /> }.into_any(),
        },
    )
}

#[component]
fn NotAvailable(error: PortalError) -> impl IntoView {
    view! {
        <Title text="Sign in" />
        <main id="main" class="plain">
            <h1>"Sign-in is not available just now"</h1>
            <p>{error.sentence()}</p>
            {error.request_id.map(|id| view! { <p class="reference">"Reference "<code>{id}</code></p> })}
        </main>
    }
}

#[component]
fn SignInCard(page: SignInPage) -> impl IntoView {
    let next = page.next.unwrap_or_default();
    let problem = page.problem.map(|problem| view! { <Problem problem /> });
    let described = page.problem.map(|_| "problem");
    let form = match page.step {
        SignInStep::Password { user } => view! { <PasswordForm user next described /> }.into_any(),
        SignInStep::Code { seconds_left, sent_to } => view! { <CodeForm seconds_left sent_to next described /> }.into_any(),
    };
    view! {
        <Title text=format!("Sign in · {}", page.brand.name) />
        <main id="main" class="sign-in">
            <div class="card">
                <span class="mark" aria-hidden="true"></span>
                <h1>{page.brand.name}</h1>
                <p class="muted">"Arbitration portal"</p>
                {problem}
                {form}
            </div>
        </main>
    }
}

#[component]
fn PasswordForm(user: String, next: String, described: Option<&'static str>) -> impl IntoView {
    // Who has typed a user already goes on with the password.
    let known = !user.is_empty();
    view! {
        <form method="post" action="/sign-in" class="fields">
            <input type="hidden" name="next" value=next />
            <label for="user">"User"</label>
            <input id="user" name="user" type="text" value=user autocomplete="username" autocapitalize="none" spellcheck="false"
                autofocus=!known aria-describedby=described required />
            <label for="password">"Password"</label>
            <input id="password" name="password" type="password" autocomplete="current-password" autofocus=known
                aria-describedby=described required />
            <button type="submit" class="button primary wide">"Sign in"</button>
        </form>
    }
}

#[component]
fn CodeForm(seconds_left: u32, sent_to: Option<String>, next: String, described: Option<&'static str>) -> impl IntoView {
    let source = sent_to.map_or_else(
        || "Enter the code that your authenticator app shows.".to_owned(),
        |place| format!("Enter the code that was sent to {place}."),
    );
    let minutes = seconds_left.div_ceil(60);
    let time =
        if minutes == 1 { "It is valid for about a minute.".to_owned() } else { format!("It is valid for about {minutes} minutes.") };
    view! {
        <form method="post" action="/sign-in/code" class="fields">
            <input type="hidden" name="next" value=next />
            <p id="code-help">{source}" "{time}</p>
            <label for="code">"One-time code"</label>
            <input id="code" name="code" type="text" class="code" inputmode="numeric" autocomplete="one-time-code" maxlength="12"
                autofocus aria-describedby=described.map_or("code-help", |_| "code-help problem") required />
            <button type="submit" class="button primary wide">"Continue"</button>
        </form>
        <form method="post" action="/sign-in/restart" class="restart">
            <button type="submit" class="link">"Start again with another user"</button>
        </form>
    }
}

#[component]
fn Problem(problem: SignInProblem) -> impl IntoView {
    let calm = matches!(problem, SignInProblem::Ended | SignInProblem::SignedOut);
    let (class, role, icon) = if calm { ("notice", "status", "info") } else { ("notice negative", "alert", "warning") };
    view! { <p id="problem" class=class role=role><Icon name=icon />{words(problem)}</p> }
}

/// The same words for an unknown user, a wrong password, and somebody else's person.
fn words(problem: SignInProblem) -> String {
    match problem {
        SignInProblem::Wrong => "User or password is wrong.".into(),
        SignInProblem::WrongCode => "This code is not right. Try the newest one.".into(),
        SignInProblem::CodeExpired => "The time for the code is over. Sign in again.".into(),
        SignInProblem::Throttled { wait_s } if wait_s < 120 => format!("Too many failed tries. Wait {wait_s} seconds, then try again."),
        SignInProblem::Throttled { wait_s } => format!("Too many failed tries. Wait {} minutes, then try again.", wait_s.div_ceil(60)),
        SignInProblem::PasswordExpired => "Your password has expired. Change it in your institution's own system, then sign in.".into(),
        SignInProblem::Incomplete => "Enter both user and password.".into(),
        SignInProblem::Unavailable => "Your institution's server does not answer just now. Try again in a moment.".into(),
        SignInProblem::Ended => "Your session has ended. Sign in again to go on.".into(),
        SignInProblem::SignedOut => "You are signed out.".into(),
    }
}
