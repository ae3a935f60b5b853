//! Who prepares filings and who decides on them, with a portal that works. It must not know what is tried.

use http::Method;
use odr_portal::{
    cli::{demo::World, serve::Portal},
    model::filing::Cell,
    server::tables::{Limits, Table},
};
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::{
    browser::{Browser, Seen, person, until},
    forms::{done, hidden},
    work::{rows, working, world},
};

const HEADINGS: &str = "Loan No,Product,Branch,Cust Name,Mobile,Principal O/S,Interest,Dues as on,Address,Pin\r\n";

pub fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

/// Sends a file with a form.
pub async fn upload(browser: &Browser, path: &str, title: &str, name: &str, bytes: Vec<u8>) -> Seen {
    let form = browser.get(path).await;
    assert_eq!(form.status, 200, "{}", form.text);
    let form = hidden(&form).into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
    let form = form.text("title", title.to_owned()).part("file", Part::bytes(bytes).file_name(name.to_owned()));
    let request = browser.request(&Method::POST, path).header("sec-fetch-site", "same-origin");
    browser.send(request.multipart(form)).await
}

/// The filing as the institution's own server has it.
pub async fn filing(world: &World, name: &str) -> Value {
    let fields = [
        "name",
        "state",
        "row_total",
        "row_ok",
        "row_warned",
        "row_bad",
        "row_done",
        "row_failed",
        "row_skipped",
        "amount_total",
        "error_text",
        "approved_by",
    ];
    rows(world, "Portal Batch", &fields, &[("name", name)]).await.remove(0)
}

pub async fn rows_of(world: &World, name: &str) -> Vec<Value> {
    let fields = ["name", "batch", "row_no", "state", "lan", "repair_group", "error_text", "case_ref"];
    let mut found = rows(world, "Portal Batch Row", &fields, &[("batch", name)]).await;
    found.sort_by_key(|row| row["row_no"].as_i64());
    found
}

pub async fn stands(world: &World, name: &str, state: &str) {
    until(&format!("the filing is {state}"), || async { filing(world, name).await["state"] == state }).await;
}

pub async fn branch(world: &World) -> String {
    text(&rows(world, "Institution Branch", &["branch", "zone"], &[("zone", "WEST")]).await[0], "branch").to_owned()
}

pub struct Desk {
    pub world: World,
    pub portal: Portal,
    pub maker: Browser,
    pub head: Browser,
    pub branch: String,
}

impl Desk {
    pub async fn new() -> Self {
        let world = world().await;
        let portal = working(&world).await;
        let maker = Browser::of(&world, person(&world, "t000", "legal.manager")).await;
        let head = Browser::of(&world, person(&world, "t000", "legal.head")).await;
        let branch = branch(&world).await;
        Self { world, portal, maker, head, branch }
    }

    pub fn line(&self, lan: &str, principal: &str) -> String {
        format!(
            "{lan},Personal loan,{},Ramesh Kumar,90000 00021,{principal},\"1,234.50\",31/10/2026,\"12 MG Road, Pune\",411001\r\n",
            self.branch
        )
    }

    /// Uploads these lines and has the columns taken as they are guessed; the filing's name.
    pub async fn checked(&self, lines: &[String]) -> String {
        let file = format!("{HEADINGS}{}", lines.concat());
        let seen = upload(&self.maker, "/filing/new", "", "lot.csv", file.into_bytes()).await;
        assert_eq!(seen.status, 303, "{}", seen.text);
        let name = seen.location().strip_prefix("/filing/").unwrap().split('/').next().unwrap().to_owned();
        let chosen = self.columns(&name).await;
        let chosen: Vec<(&str, &str)> = chosen.iter().map(|(field, heading)| (field.as_str(), heading.as_str())).collect();
        done(&self.maker, &format!("/filing/{name}/do/columns"), &chosen).await;
        stands(&self.world, &name, "READY").await;
        name
    }

    /// What the form of columns has chosen by itself.
    pub async fn columns(&self, name: &str) -> Vec<(String, String)> {
        let form = self.maker.get(&format!("/filing/{name}/do/columns")).await;
        assert_eq!(form.status, 200, "{}", form.text);
        let selects = form.text.split("<select ").skip(1).map(|select| select.split("</select>").next().unwrap());
        let chosen = |select: &str| {
            let name = select.split("name=\"").nth(1)?.split('"').next()?;
            let option = select.split("<option ").find(|option| option.split('>').next().is_some_and(|tag| tag.contains("selected")))?;
            Some((name.to_owned(), option.split("value=\"").nth(1)?.split('"').next()?.to_owned()))
        };
        selects.filter_map(chosen).filter(|(_, heading)| !heading.is_empty()).collect()
    }

    pub async fn submit(&self, name: &str) -> String {
        done(&self.maker, &format!("/filing/{name}/do/submit"), &[]).await;
        let asked =
            rows(&self.world, "Case Approval", &["name", "object_name", "state", "amount"], &[("object_name", name), ("state", "PENDING")])
                .await;
        format!("/approvals/{}", text(&asked[0], "name"))
    }
}

/// A file of rows that the portal has made: headings, and rows as words.
pub async fn table(browser: &Browser, path: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = browser.request(&Method::GET, path).send().await.unwrap().bytes().await.unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let mut table = Table::open(file.path(), Limits::FILING).unwrap_or_else(|unreadable| panic!("{unreadable}"));
    let headings = table.headings.clone();
    let rows = table.rows().unwrap_or_else(|unreadable| panic!("{unreadable}"));
    let words = rows.map(|row| {
        row.unwrap_or_else(|unreadable| panic!("{unreadable}")).cells.iter().map(|cell: &Cell| cell.shown().into_owned()).collect()
    });
    (headings, words.collect())
}
