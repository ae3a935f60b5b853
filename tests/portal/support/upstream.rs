//! What somebody does at an institution's own server while the portal runs, with the institution's key.
//!
//! Must not know the portal.

use odr_portal::cli::demo::{ADMINISTRATOR, SignInPerson, World};
use reqwest::Method;
use serde_json::{Map, Value, json};

/// Calls the only site of the server `upstream-a` with an institution's key.
async fn send(
    world: &World,
    institution: &str,
    method: Method,
    path: &str,
    query: &[(&str, String)],
    body: Option<&Value>,
) -> reqwest::Response {
    let key = &world.keys[institution];
    let (_, site) = world.sites.keys().find(|(server, _)| server == "upstream-a").unwrap();
    #[expect(clippy::disallowed_methods, reason = "a call of the test to the simulated upstream, past the portal")]
    let request = reqwest::Client::new()
        .request(method, format!("http://{}/api/resource/{path}", world.servers["upstream-a"]))
        .header("authorization", format!("token {}:{}", key.key, key.secret))
        .header("x-frappe-site-name", site)
        .query(query);
    let request = match body {
        Some(body) => request.json(body),
        None => request,
    };
    request.send().await.unwrap()
}

/// The same, answered with `data`.
async fn call(world: &World, institution: &str, method: Method, path: &str, query: &[(&str, String)], body: Option<&Value>) -> Value {
    let answer = send(world, institution, method, path, query, body).await;
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{path}: {status} {text}");
    serde_json::from_str::<Value>(&text).unwrap()["data"].take()
}

/// Every row of a DocType that the institution's key reaches, with all the fields asked for.
pub async fn rows(world: &World, institution: &str, doctype: &str, fields: &[&str]) -> Vec<Value> {
    let query = [("fields", json!(fields).to_string()), ("limit_page_length", "0".to_owned())];
    call(world, institution, Method::GET, doctype, &query, None).await.as_array().unwrap().clone()
}

/// An institution's first record of a DocType, without what the site keeps itself.
async fn first(world: &World, institution: &str, doctype: &str) -> Map<String, Value> {
    let query = [("fields", json!(["*"]).to_string()), ("limit_page_length", "1".to_owned())];
    let found = call(world, institution, Method::GET, doctype, &query, None).await;
    let mut row = found[0].as_object().cloned().unwrap_or_else(|| panic!("{institution} has no {doctype}"));
    for kept_by_the_site in ["name", "owner", "creation", "modified", "modified_by", "docstatus", "idx"] {
        row.remove(kept_by_the_site);
    }
    row.retain(|_, value| !value.is_null());
    row
}

/// Copies an institution's first record of a DocType as the site's administrator, with `change` over the copy.
pub async fn copy_first(world: &World, institution: &str, doctype: &str, change: &Value) {
    let mut row = first(world, institution, doctype).await;
    row.extend(change.as_object().unwrap().clone());
    call(world, ADMINISTRATOR, Method::POST, doctype, &[], Some(&Value::Object(row))).await;
}

/// Puts many such copies into the site itself, each with its own change: past the server, which takes seconds for hundreds.
pub async fn copies(world: &World, institution: &str, doctype: &str, changes: impl Iterator<Item = Value>) {
    let row = first(world, institution, doctype).await;
    let (_, site) = world.sites.iter().find(|((server, _), _)| server == "upstream-a").unwrap();
    for change in changes {
        let mut row = row.clone();
        row.extend(change.as_object().unwrap().clone());
        site.insert(doctype, row).unwrap();
    }
}

/// A new record, made as the site's administrator; answers with its name.
pub async fn create(world: &World, doctype: &str, body: &Value) -> String {
    let made = call(world, ADMINISTRATOR, Method::POST, doctype, &[], Some(body)).await;
    made["name"].as_str().unwrap().to_owned()
}

/// A person's `Portal User` record.
pub async fn portal_user(world: &World, person: &SignInPerson) -> Value {
    let query = [("filters", json!([["user_id", "=", person.user.user_id]]).to_string())];
    let found = call(world, &person.institution, Method::GET, "Portal User", &query, None).await;
    let name = found[0]["name"].as_str().unwrap().to_owned();
    call(world, &person.institution, Method::GET, &format!("Portal User/{name}"), &[], None).await
}

/// Changes it; answers with what stood in the changed fields before.
pub async fn change_portal_user(world: &World, person: &SignInPerson, change: &Value) -> Value {
    let row = portal_user(world, person).await;
    let before = change.as_object().unwrap().keys().map(|field| (field.clone(), row[field].clone())).collect();
    call(world, &person.institution, Method::PUT, &format!("Portal User/{}", row["name"].as_str().unwrap()), &[], Some(change)).await;
    Value::Object(before)
}

/// Gives the sites' administrator a key: what an institution's own people can do there.
pub fn administer(world: &mut World) {
    world.administer().unwrap();
}

/// Changes columns of a record as its site's administrator.
pub async fn change(world: &World, doctype: &str, name: &str, change: &Value) {
    call(world, ADMINISTRATOR, Method::PUT, &format!("{doctype}/{name}"), &[], Some(change)).await;
}

/// Attaches a private file to an institution's document, with its own key; answers with the file's address.
pub async fn attach(world: &World, institution: &str, document: &str, name: &str, content: &str) -> String {
    let arguments = json!({"doctype": "Case Document", "docname": document, "filename": name, "filedata": content, "is_private": 1});
    let key = &world.keys[institution];
    let (_, site) = world.sites.keys().find(|(server, _)| server == "upstream-a").unwrap();
    #[expect(clippy::disallowed_methods, reason = "a call of the test to the simulated upstream, past the portal")]
    let request = reqwest::Client::new()
        .post(format!("http://{}/api/method/frappe.client.attach_file", world.servers["upstream-a"]))
        .header("authorization", format!("token {}:{}", key.key, key.secret))
        .header("x-frappe-site-name", site)
        .json(&arguments);
    let text = request.send().await.unwrap().error_for_status().unwrap().text().await.unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["message"]["file_url"].as_str().unwrap().to_owned()
}

/// Removes a record as its site's administrator.
pub async fn remove(world: &World, doctype: &str, name: &str) {
    call(world, ADMINISTRATOR, Method::DELETE, &format!("{doctype}/{name}"), &[], None).await;
}

/// The status that an institution's own key gets for changing or removing a record.
pub async fn refusal(world: &World, institution: &str, method: Method, doctype: &str, name: &str) -> u16 {
    send(world, institution, method, &format!("{doctype}/{name}"), &[], Some(&json!({"actor": "nobody"}))).await.status().as_u16()
}
