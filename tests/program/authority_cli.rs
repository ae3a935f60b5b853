//! The authority's commands as an operator types them: what they do, what they say, and what they never print.
//!
//! Must not know how the catalog keeps anything.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

const SECRETS: [&str; 4] = ["canary-key", "canary-secret", "second-key", "second-secret"];

/// Runs a command; answers with whether it succeeded, what it printed, and what it complained of.
fn authority(folder: &Path, words: &str, input: Option<&Value>) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_odr-portal"));
    command
        .env_clear()
        .env("AUTHORITY_DB", folder.join("authority.db"))
        .env("AUTHORITY_MASTER_KEY", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    finish(command.arg("authority").args(words.split(' ')), input)
}

fn finish(command: &mut Command, input: Option<&Value>) -> (bool, String, String) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.map(Value::to_string).unwrap_or_default().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

fn entry() -> Value {
    json!({
        "id": "banyan", "name": "Banyan Bank", "status": "active", "hosts": ["banyan.portal.example"],
        "upstream": {"base_url": "https://banyan.frappe.example", "site": null, "placement": "dedicated", "api_key": SECRETS[0], "api_secret": SECRETS[1]},
        "sign_in": {"scheme": "frappe"},
    })
}

#[test]
fn an_institution_is_added_shown_rotated_shut_opened_and_removed_without_printing_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let key = json!({"api_key": SECRETS[2], "api_secret": SECRETS[3]});
    let mut printed = String::new();
    let mut ok = |words: &str, input: Option<&Value>| {
        let (success, output, complaint) = authority(folder.path(), words, input);
        assert!(success, "{words}: {complaint}");
        printed.push_str(&output);
        printed.push_str(&complaint);
        output
    };
    assert!(ok("tenant add", Some(&entry())).starts_with("version "));
    assert_eq!(ok("tenant list", None), "banyan\tactive\tBanyan Bank\tbanyan.portal.example\n");
    assert!(ok("tenant show banyan", None).contains("(hidden)"));
    ok("tenant rotate banyan", Some(&key));
    ok("tenant suspend banyan", None);
    assert!(ok("tenant list", None).contains("\tsuspended\t"));
    ok("tenant resume banyan", None);
    assert!(ok("tenant list", None).contains("\tactive\t"));
    ok("tenant show banyan", None);
    ok("tenant remove banyan", None);
    assert_eq!(ok("tenant list", None), "");
    let (success, _, complaint) = authority(folder.path(), "tenant show banyan", None);
    assert!(!success && complaint.contains("there is no tenant banyan"), "{complaint}");
    let (success, _, complaint) = authority(folder.path(), "tenant add", Some(&entry()));
    assert!(!success && complaint.contains("ids are never used again"), "{complaint}");
    for secret in SECRETS {
        assert!(!printed.contains(secret), "{printed}");
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} lies on the disk");
        }
    }
}

#[test]
fn a_node_is_added_rotated_cut_and_revoked_and_its_secret_shown_once() {
    let folder = tempfile::tempdir().unwrap();
    let run = |words: &str| authority(folder.path(), words, None);
    let (first, second) = (run("node add portal-1"), run("node rotate portal-1"));
    assert!(first.0 && second.0 && first.1 != second.1 && first.1.trim().len() == 44, "{first:?} {second:?}");
    let complains = |words: &str, of: &str| {
        let (success, _, complaint) = run(words);
        assert!(!success && complaint.contains(of) && complaint.lines().count() == 1, "{words}: {complaint}");
    };
    complains("node add portal-1", "exists or was revoked");
    complains("node rotate portal-1", "two secrets already");
    assert!(run("node cut portal-1").0);
    complains("node cut portal-1", "one secret");
    assert!(run("node revoke portal-1").0);
    complains("node rotate portal-1", "there is no node portal-1");
    complains("node add Portal_1", "a node's name must be");
}

#[test]
fn what_cannot_be_taken_is_refused_with_the_reason_and_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let mut plain = entry();
    plain["upstream"]["base_url"] = "http://canary-secret.example".into();
    let (success, _, complaint) = authority(folder.path(), "tenant add", Some(&plain));
    assert!(!success && complaint.contains("must be https") && !complaint.contains("canary"), "{complaint}");
    let (success, _, complaint) = authority(folder.path(), "tenant add", Some(&json!("canary-secret")));
    assert!(!success && !complaint.contains("canary"), "{complaint}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_odr-portal"));
    command.env_clear().env("AUTHORITY_DB", folder.path().join("other.db")).args(["authority", "tenant", "list"]);
    let (success, _, complaint) = finish(&mut command, None);
    assert!(!success && complaint.contains("AUTHORITY_MASTER_KEY") && complaint.lines().count() == 1, "{complaint}");
}
