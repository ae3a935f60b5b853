//! Calendar feeds: an address by which a calendar program follows a person's hearings, for as long as the person may see them.
//!
//! Owns who makes and revokes one, and that its token is kept by nobody: the record holds a hash, and the address is shown once. It
//! must not know how a calendar is written.

mod read;

pub use read::read;

use rand::TryRngCore as _;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    Refusal, audit,
    columns::{LocalTime, Site, record},
    keys::{OPERATION, REVISION, idem_key, operation_for, operation_of},
};
use crate::{
    model::{
        Answered, AuditKind, Cell, ErrorCode, Fact, Field, FieldError, FieldKind, FileForm, Form, Instant, Permission, Reading, Sheet,
        Tone, Typed, calendar::FEED_TITLE_MAX,
    },
    registry::current_tenant,
    server::{
        context::{Grant, authorise},
        frappe::{Changes, Client, Condition, Direction, Field as Column, Query, Record as _, RowScope, Value},
        session::hex,
    },
};

/// Where a person's feeds are listed.
pub const FEEDS: &str = "/hearings/feeds";
/// Where a calendar program asks, with the token as [`TOKEN`]. A token in the path would stand in every log on its way.
pub const CALENDAR: &str = "/calendar.ics";
/// The parameter that carries the token.
pub const TOKEN: &str = "token";
/// Random bytes of a token: 256 bits.
const TOKEN_BYTES: usize = 32;
/// Feeds that a person may have at once.
const LIVE_MAX: usize = 10;
/// Feeds that are listed, revoked ones with them.
const LISTED: u32 = 100;
/// `query_text` of a feed of the person's own cases alone; otherwise it is empty.
const OWN_CASES: &str = "own";

const USER: Column = Column::new("user_id");
const REVOKED_AT: Column = Column::new("revoked_at");

record! {
    /// A feed as Frappe keeps it; its hash is never asked for.
    struct FeedRecord of "Portal Calendar Feed" {
        user_id: String,
        query_text: String,
        title: String,
        created_at: LocalTime,
        revoked_at: LocalTime,
        last_used_at: LocalTime,
        idem_key: String,
    }
}

impl FeedRecord {
    fn is_live(&self) -> bool {
        self.revoked_at.as_str().is_empty()
    }

    fn shows(&self) -> &'static str {
        if self.query_text == OWN_CASES { "Hearings of your own cases" } else { "Every hearing that you may see" }
    }
}

/// The person's feeds, and the form for another one.
///
/// # Errors
/// Who may not see cases is refused; otherwise any fault of the calls.
pub async fn ask() -> Result<Form, Refusal> {
    form(None).await
}

async fn form(typed: Option<&Typed>) -> Result<Form, Refusal> {
    let (grant, client) = (authorise(Permission::SeeCases)?, Client::current()?);
    let site = Site::current(&client).await?;
    let feeds = client.list(&of(&grant)).await?.rows;
    let choices = [("", "Every hearing that you may see"), (OWN_CASES, "Hearings of your own cases")];
    let choices = choices.map(|(code, words)| (if code.is_empty() { "all" } else { code }.to_owned(), words.to_owned())).to_vec();
    Ok(Form {
        section: "Hearings",
        heading: "Calendar feeds".to_owned(),
        about: "Your hearings in your own calendar program".to_owned(),
        lead: vec![
            "A feed has an address that your calendar program follows. Hearings that are moved or cancelled are so there as well.".to_owned(),
            "Whoever has the address sees case numbers, times, places and arbitrators; no borrower’s name, and no way to join. It ends when you revoke it or may no longer sign in here.".to_owned(),
        ],
        sheets: vec![listed(feeds, &site)],
        fields: vec![
            Field::new("title", "Name", FieldKind::Line { max: FEED_TITLE_MAX }).help("Say where you use it: “Outlook at work”."),
            Field::new("shows", "What it shows", FieldKind::Choice(choices)).value("all"),
        ],
        hidden: vec![(OPERATION, operation_for(typed))],
        action: FEEDS.to_owned(),
        submit: "Make a feed".to_owned(),
        back: ("/hearings".to_owned(), "Back to the hearings".to_owned()),
        ..Form::default()
    })
}

fn of(grant: &Grant) -> Query<FeedRecord> {
    let own = RowScope::institution_wide().and(Condition::eq(USER, grant.principal.user_id.as_str()));
    Query::new(own).order_by(Column::new("created_at"), Direction::Descending).page(0, LISTED)
}

fn listed(feeds: Vec<FeedRecord>, site: &Site) -> Sheet {
    let moment = |at: &LocalTime| Cell::some(at.instant(site).map(Instant::long));
    let row = |feed: FeedRecord| {
        let state = if feed.is_live() {
            Cell { href: Some(address_of(&feed.name)), file: Some(FileForm::Form), ..Cell::text("Revoke") }
        } else {
            Cell::text("Revoked").some_line(feed.revoked_at.instant(site).map(Instant::long)).meant(Tone::Absent)
        };
        vec![Cell::text(feed.title.clone()).line(feed.shows()), moment(&feed.created_at), moment(&feed.last_used_at), state]
    };
    Sheet::new("Your feeds", "You have no feed", &["Name", "Made", "Last used", "State"]).with(feeds.into_iter().map(row))
}

fn address_of(feed: &str) -> String {
    format!("{FEEDS}/{feed}/revoke")
}

/// Makes one. `origin` is scheme and host under which this browser sees the portal. The answer has the feed's address, this once.
///
/// # Errors
/// As [`ask`].
pub async fn make(typed: &Typed, origin: &str) -> Result<Answered, Refusal> {
    let (grant, client) = (authorise(Permission::SeeCases)?, Client::current()?);
    let tenant = current_tenant()?;
    let operation = operation_of(typed).ok_or(ErrorCode::BadRequest)?;
    let mut reading = Reading::of(typed);
    let title = reading.required("title", |reading| reading.some_line("title", FEED_TITLE_MAX));
    let known = [("all", ""), (OWN_CASES, OWN_CASES)].map(|(code, stored)| (code.to_owned(), stored));
    let shows = reading.required("shows", |reading| reading.some_choice("shows", known));
    let mut problems = reading.done().err().unwrap_or_default();
    let key = idem_key(&tenant, FeedRecord::DOCTYPE, &operation);
    let own = client.list(&of(&grant)).await?.rows;
    let nobodys = |problem: String| FieldError { field: String::new(), problem };
    if own.iter().any(|feed| feed.idem_key == key) {
        let made = "This form has made a feed already, and its address is shown once. If it was lost, revoke that feed and make another.";
        problems.push(nobodys(made.to_owned()));
    } else if own.iter().filter(|feed| feed.is_live()).count() >= LIVE_MAX {
        problems.push(nobodys(format!("You have {LIVE_MAX} feeds already. Revoke one that you no longer use, then make this one.")));
    }
    if !problems.is_empty() {
        return Ok(Answered::Again(form(Some(typed)).await?.again(typed, &problems)));
    }
    let mut bytes = [0_u8; TOKEN_BYTES];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(|_| ErrorCode::Internal)?;
    let token = hex(&bytes);
    let entry = audit::Entry::new(AuditKind::Change, "calendar.make").object(FeedRecord::DOCTYPE, "");
    audit::record(entry.values(None, Some(json!({"query_text": shows})))).await?;
    let user = grant.principal.user_id.as_str();
    let now = jiff::Timestamp::now().to_zoned(client.time_zone().await?).datetime();
    let body = Changes::new()
        .set(Column::new("token_hash"), hash_of(&token))
        .set(USER, user)
        .set(Column::new("query_text"), shows)
        .set(Column::new("title"), title.as_str())
        .set(Column::new("created_at"), Value::LocalTime(now))
        .set(Column::new("idem_key"), key.as_str())
        .set(Column::new("made_by"), user)
        .set(Column::new("changed_by"), user);
    client.create::<FeedRecord>(body).await?;
    let fact = Fact { label: "Address".to_owned(), cell: Cell::text(format!("{origin}{CALENDAR}?{TOKEN}={token}")), formula: None };
    Ok(Answered::Next(Form {
        section: "Hearings",
        heading: "Your new feed".to_owned(),
        about: title,
        lead: vec![
            "Copy this address into your calendar program now: it is kept nowhere and shown only here.".to_owned(),
            "Give it to nobody. Who has it sees these hearings without signing in.".to_owned(),
        ],
        facts: vec![fact],
        back: (FEEDS.to_owned(), "Back to the feeds".to_owned()),
        ..Form::default()
    }))
}

/// The hash under which a token is kept.
fn hash_of(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Asks whether one of the person's own is to be revoked.
///
/// # Errors
/// [`ErrorCode::NotFound`] for somebody else's feed as for none; otherwise any fault of the calls.
pub async fn ask_revoke(id: &str) -> Result<Form, Refusal> {
    let (client, feed) = own(id).await?;
    let (_, revision, _) = client.get_with_proof::<FeedRecord>(&feed.name).await?;
    let (lead, action) = if feed.is_live() {
        ("Calendar programs that follow it get nothing any more. Its address cannot be used again.", address_of(&feed.name))
    } else {
        ("This feed is revoked already.", String::new())
    };
    Ok(Form {
        section: "Hearings",
        heading: "Revoke a feed".to_owned(),
        about: feed.title,
        lead: vec![lead.to_owned()],
        hidden: vec![(REVISION, revision.0)],
        action,
        submit: "Revoke it".to_owned(),
        grave: true,
        back: (FEEDS.to_owned(), "Back to the feeds".to_owned()),
        ..Form::default()
    })
}

/// Revokes it. Whatever has changed in it meanwhile, it is revoked: nobody could want otherwise.
///
/// # Errors
/// As [`ask_revoke`].
pub async fn revoke(id: &str) -> Result<Answered, Refusal> {
    let (client, feed) = own(id).await?;
    if feed.is_live() {
        audit::record(audit::Entry::new(AuditKind::Change, "calendar.revoke").object(FeedRecord::DOCTYPE, &feed.name)).await?;
        let (_, revision, _) = client.get_with_proof::<FeedRecord>(&feed.name).await?;
        let now = jiff::Timestamp::now().to_zoned(client.time_zone().await?).datetime();
        let changes = Changes::new().set(REVOKED_AT, Value::LocalTime(now)).set(Column::new("changed_by"), feed.user_id.as_str());
        client.update::<FeedRecord>(&feed.name, &revision, changes).await?;
    }
    Ok(Answered::Done { lead_to: FEEDS.to_owned() })
}

async fn own(id: &str) -> Result<(Client, FeedRecord), Refusal> {
    let (grant, client) = (authorise(Permission::SeeCases)?, Client::current()?);
    let named = of(&grant).filter(Condition::eq(Column::new("name"), id));
    let feed = client.list(&named).await?.rows.pop().filter(|feed| feed.name == id).ok_or(ErrorCode::NotFound)?;
    Ok((client, feed))
}
