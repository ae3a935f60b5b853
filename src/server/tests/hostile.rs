//! Text that tries something: shared by every property test of what people type. Must not know what it is tried on.

use proptest::prelude::*;

/// Text with a liking for what means something to JSON, SQL, URLs and Frappe.
pub fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "\"",
        "'",
        "]",
        "[",
        "],[",
        "\",\"",
        "\"],[\"institution\",\"!=\",\"",
        "\\",
        "%",
        "_",
        "/",
        "..",
        "../",
        "%2e%2e",
        "%2F",
        "?",
        "#",
        "&",
        "=",
        ";",
        "--",
        "/*",
        " or 1=1",
        "or_filters",
        "institution",
        "Beta Bank",
        "\0",
        "\n",
        "\t",
        "\u{2028}",
        "é",
        "₹",
        "{}",
        "null",
        "+",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(prop_oneof![pieces.prop_map(str::to_owned), ".{0,4}"], 0..8).prop_map(|all| all.concat())
    ]
}
