//! Direct dependencies grow silently: the snapshot makes each new one a line in the diff that somebody has to defend.

use crate::source::read;

#[test]
fn direct_dependencies_change_on_purpose() {
    let manifest = read("Cargo.toml");
    let mut section = "";
    let mut direct = String::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if section.ends_with("dependencies")
            && let Some((name, wanted)) = line.split_once(" = ")
        {
            // `"1"` or `{ version = "1", … }`: the first quoted text is the version either way.
            let version = wanted.split('"').nth(1).unwrap_or("?");
            direct.push_str(&format!("{section}: {name} {version}\n"));
        }
    }
    insta::assert_snapshot!("direct_dependencies", direct);
}
