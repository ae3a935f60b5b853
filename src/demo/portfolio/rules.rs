//! An institution's own settings: what counts as service of which notice, and its policies, each in versions.
//!
//! Every version was approved by another person than its maker. Knows no case.

use serde_json::{Value, json};

use super::Sink;
use super::approval::{Asked, Decision};
use super::people::House;
use super::random::derived_name;
use super::row::{Row, at, natural_key};

/// Name of the rule in force for a notice type.
pub(super) fn name(house: &House<'_>, notice: &str) -> String {
    versioned(house, "rule", notice, 2)
}

fn versioned(house: &House<'_>, what: &str, kind: &str, version: i64) -> String {
    derived_name(&format!("{}/{what}/{kind}/{version}", house.spec.id))
}

/// Writes the service rules and policies.
pub(super) fn write(house: &House<'_>, sink: &mut Sink<'_>) {
    for notice in ["LRN", "S21", "HEARING", "SOC", "AWARD", "ORDER"] {
        for version in 1..=2 {
            rule(house, notice, version, sink);
        }
    }
    for (kind, content) in policies(house) {
        for version in 1..=2 {
            policy(house, kind, &content, version, sink);
        }
    }
    // A change that waits for its second pair of eyes.
    let (_, limits) = &policies(house)[3];
    policy(house, "APPROVAL_LIMITS", limits, 3, sink);
}

fn rule(house: &House<'_>, notice: &str, version: i64, sink: &mut Sink<'_>) {
    // The first version was the conservative one; awards have to reach the party's hands in every version.
    let strict = version == 1 || notice == "AWARD";
    let reading = if strict { "NOT_SERVED" } else { "DEEMED_SERVED" };
    let mut accepts = json!({
        "SPEED_POST": {"DELIVERED": {"reads": "SERVED", "proof": "POD"}},
        "COURIER": {"DELIVERED": {"reads": "SERVED", "proof": "POD"}},
        "HAND": {"DELIVERED": {"reads": "SERVED", "proof": "ACKNOWLEDGEMENT"}},
    });
    if !strict {
        accepts["SPEED_POST"]["RETURNED"] = json!({"reads": "DEEMED_SERVED", "proof": "RETURN_REMARK_AND_INQUIRY"});
        accepts["WHATSAPP"] = json!({"READ": {"reads": "SERVED", "proof": "CERTIFICATE"}});
    }
    let row = versioned(house, "rule", notice, version);
    let record = stamped(house, "SERVICE_RULE", ("Service Rule", &row), format!("Service of {notice}, version {version}"), version, sink)
        .text("rule_key", natural_key(&house.spec.record, &[notice, &version.to_string()]))
        .text("notice_type", notice)
        .text("accepts", accepts.to_string())
        .text("refused_counts", reading)
        .text("unclaimed_counts", reading)
        .int("min_channels", 1)
        .check("all_respondents", notice != "LRN")
        .check("needs_electronic_clause", !strict);
    sink("Service Rule", record.done());
}

fn policy(house: &House<'_>, kind: &str, content: &Value, version: i64, sink: &mut Sink<'_>) {
    let row = versioned(house, "policy", kind, version);
    let record = stamped(house, "POLICY", ("Portal Policy", &row), format!("{kind}, version {version}"), version, sink)
        .text("policy_key", natural_key(&house.spec.record, &[kind, &version.to_string()]))
        .text("kind", kind)
        .text("content", content.to_string());
    sink("Portal Policy", record.done());
}

/// What all versions carry: number, state, and who approved them.
fn stamped(house: &House<'_>, kind: &'static str, object: (&'static str, &str), title: String, version: i64, sink: &mut Sink<'_>) -> Row {
    let day = match version {
        1 => house.today - 420,
        2 => house.today - 380,
        _ => house.today - 2,
    };
    let (maker, checker) = (house.user("tenant.admin"), house.user("legal.head"));
    let (asked_at, decided_at) = (at(day, 640), at(day + 1, 665));
    let decision = if version > 2 { Decision::Pending } else { Decision::Approved { by: checker.clone(), at: decided_at } };
    let title = house.mark(&title);
    let approval = Asked { kind, object, title, amount: 0, by: maker.clone(), at: asked_at, decision, sample: 0, hashed: None }
        .write(house, None, sink);
    let row = house
        .row(object.1, &maker, asked_at, if version > 2 { asked_at } else { decided_at })
        .int("version", version)
        .text("approval", approval);
    let row = row.text("state", ["RETIRED", "ACTIVE", "PENDING_APPROVAL"][(version - 1).clamp(0, 2) as usize]);
    if version > 2 {
        row
    } else {
        row.text("approved_by", checker).moment("approved_at", decided_at).moment("effective_from_at", at(day + 2, 0))
    }
}

fn policies(house: &House<'_>) -> [(&'static str, Value); 13] {
    let year = super::row::iso(house.today)[..4].to_owned();
    [
        ("SEND_WINDOW", json!({"from": "08:00", "until": "19:00", "days": "1234567"})),
        ("CONTACT_CAP", json!({"messages": 3, "days": 7, "legal_exempt": true})),
        ("HOLIDAYS", json!({"days": [format!("{year}-01-26"), format!("{year}-08-15"), format!("{year}-10-02")]})),
        ("APPROVAL_LIMITS", json!({"first_rupees": 5_000_000, "second_above": true})),
        ("SETTLEMENT_GRID", json!({"levels": [{"level": 1, "waiver_pct": 40}, {"level": 2, "waiver_pct": 65}]})),
        ("MASKING", json!({"unmask_seconds": 60, "roles": ["LEGAL_HEAD", "LEGAL_MANAGER", "COLLECTIONS_OFFICER"]})),
        ("SESSION", json!({"idle_mins": 30, "longest_hours": 10})),
        ("NETWORKS", json!({"allowed": []})),
        ("STAGE_LIMITS", json!({"S00": 3, "S10": 21, "S20": 30, "S30": 7, "S40": 30, "S50": 90, "S60": 90, "S70": 30})),
        ("CLOCK_LENGTHS", json!({"CURE": 7, "SOD": 21})),
        ("IMPORT_MAPPING", json!({"columns": {"Loan No": "lan", "Customer": "party_name", "Outstanding": "total_dues", "Pin": "pincode"}})),
        ("RETENTION", json!({"batch_rows_days": 30, "audit_years": 8})),
        ("LABELS", json!({"lan": "Loan account", "zone": "Zone"})),
    ]
}
