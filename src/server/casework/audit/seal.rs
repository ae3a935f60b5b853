//! What a record of the chain is made of: canonical payload, the columns that are a projection of it, hashes, MAC and key.
//!
//! Pure: the writer seals with the very functions that the doctor checks with. It must not know where a record is kept, nor
//! what was done to whom.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{Timestamp, tz::TimeZone};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{registry::Tenant, server::session::hex};

/// `prev_hash` of the first record of a run.
pub const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// A Data column's length, in characters.
const DATA_MAX_CHARS: usize = 140;

/// The key of an institution's MACs (`records.md` §6.5).
pub type ChainKey = Zeroizing<[u8; 32]>;

/// The institution's chain key; `None` where the registry gives no `audit_key`.
pub fn chain_key(tenant: &Tenant) -> Option<ChainKey> {
    let audit_key = tenant.audit_key.as_ref()?;
    let mut key = ChainKey::default();
    let hkdf = Hkdf::<Sha256>::new(Some(tenant.id.as_str().as_bytes()), audit_key.expose_secret());
    // Fails only for more than 255 blocks; this is one.
    hkdf.expand(b"odr-portal:chain:v1", &mut *key).ok().map(|()| key)
}

/// Where a run had come to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Head {
    /// Its last record's hash.
    pub row_hash: String,
    /// Its last record's number.
    pub seq: u64,
}

/// What a record says, whole. Run, number and institution are in it as well, so that no row can be passed off as another's:
/// the MAC covers the payload's hash, and not the columns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Payload {
    pub institution: String,
    pub writer_run: String,
    pub seq: u64,
    /// UTC, whole seconds: `2026-11-21T08:37:42Z`.
    pub at: String,
    /// `YYYY-MM` of `at` on the site's wall clock.
    pub month: String,
    pub actor: String,
    pub actor_role: String,
    pub action: String,
    pub kind: String,
    pub result: String,
    pub reason_code: String,
    pub reason_text: String,
    pub object_type: String,
    pub object_name: String,
    pub case_name: String,
    pub row_total: u32,
    pub ip_address: String,
    pub request_id: String,
    /// What stood there before; masked kinds are masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Json>,
    /// What stands there now; masked kinds are masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Json>,
    /// Where every other run known had come to, in the first record of a run and once an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heads: Option<BTreeMap<String, Head>>,
}

impl Payload {
    /// The column `payload`: base64 of the canonical JSON, whose keys are sorted and which has no blanks.
    pub fn encoded(&self) -> String {
        // By way of a `Value`, whose objects keep their keys in order.
        STANDARD.encode(serde_json::to_value(self).unwrap_or_default().to_string())
    }

    /// Reads the column.
    pub fn decode(column: &str) -> Option<Self> {
        serde_json::from_slice(&STANDARD.decode(column).ok()?).ok()
    }

    /// The columns that say the same, on this site's wall clock; `None` for a payload whose time is none.
    pub fn columns(&self, site: &TimeZone) -> Option<Columns> {
        let at: Timestamp = self.at.parse().ok()?;
        Some(Columns {
            at: at.to_zoned(site.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
            month: data(&self.month),
            actor: data(&self.actor),
            actor_role: data(&self.actor_role),
            action: data(&self.action),
            kind: data(&self.kind),
            result: data(&self.result),
            reason_code: data(&self.reason_code),
            reason_text: plain(&self.reason_text),
            object_type: data(&self.object_type),
            object_name: data(&self.object_name),
            case_name: data(&self.case_name),
            row_total: self.row_total,
            ip_address: data(&self.ip_address),
            request_id: data(&self.request_id),
        })
    }
}

/// The columns that are read from a payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// On the site's wall clock.
    pub at: String,
    pub month: String,
    pub actor: String,
    pub actor_role: String,
    pub action: String,
    pub kind: String,
    pub result: String,
    pub reason_code: String,
    pub reason_text: String,
    pub object_type: String,
    pub object_name: String,
    pub case_name: String,
    pub row_total: u32,
    pub ip_address: String,
    pub request_id: String,
}

impl Columns {
    /// The names of the columns in which two differ.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let pairs = |columns: &Self| {
            [
                ("at", columns.at.clone()),
                ("month", columns.month.clone()),
                ("actor", columns.actor.clone()),
                ("actor_role", columns.actor_role.clone()),
                ("action", columns.action.clone()),
                ("kind", columns.kind.clone()),
                ("result", columns.result.clone()),
                ("reason_code", columns.reason_code.clone()),
                ("reason_text", columns.reason_text.clone()),
                ("object_type", columns.object_type.clone()),
                ("object_name", columns.object_name.clone()),
                ("case_name", columns.case_name.clone()),
                ("row_total", columns.row_total.to_string()),
                ("ip_address", columns.ip_address.clone()),
                ("request_id", columns.request_id.clone()),
            ]
        };
        pairs(self).into_iter().zip(pairs(other)).filter(|(own, other)| own != other).map(|((name, _), _)| name).collect()
    }
}

/// Text as Frappe keeps it whatever its version: it cleans what looks like HTML, and trims.
fn plain(text: &str) -> String {
    text.replace('<', "‹").replace('>', "›").trim().to_owned()
}

fn data(text: &str) -> String {
    plain(text).chars().take(DATA_MAX_CHARS).collect::<String>().trim_end().to_owned()
}

/// The unique key of a record: institution, run and number, so that a repeated append is refused.
pub fn event_key(institution: &str, writer_run: &str, seq: u64) -> String {
    hex(&Sha256::digest(format!("{institution}\u{1f}{writer_run}\u{1f}{seq}").as_bytes()))
}

/// The hash of a record: over the texts of the columns `prev_hash` and `payload`, in this order.
pub fn row_hash(prev_hash: &str, payload: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(prev_hash.as_bytes());
    digest.update(payload.as_bytes());
    hex(&digest.finalize())
}

/// The MAC of a record: over the text of its hash; empty without a key.
pub fn row_mac(key: Option<&ChainKey>, row_hash: &str) -> String {
    let mac = key.and_then(|key| Hmac::<Sha256>::new_from_slice(&**key).ok());
    mac.map(|mut mac| {
        mac.update(row_hash.as_bytes());
        hex(&mac.finalize().into_bytes())
    })
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::testing;

    fn payload() -> Payload {
        Payload {
            institution: "BANYAN".to_owned(),
            writer_run: "0198".to_owned(),
            seq: 1,
            at: "2026-11-20T18:30:00Z".to_owned(),
            month: "2026-11".to_owned(),
            reason_text: "a <b>bold</b> reason ".to_owned(),
            ..Payload::default()
        }
    }

    #[test]
    fn the_payload_is_canonical_and_comes_back() {
        let encoded = payload().encoded();
        let text = String::from_utf8(STANDARD.decode(&encoded).unwrap()).unwrap();
        assert_eq!(
            text,
            concat!(
                r#"{"action":"","actor":"","actor_role":"","at":"2026-11-20T18:30:00Z","case_name":"","institution":"BANYAN","#,
                r#""ip_address":"","kind":"","month":"2026-11","object_name":"","object_type":"","reason_code":"","#,
                r#""reason_text":"a <b>bold</b> reason ","request_id":"","result":"","row_total":0,"seq":1,"writer_run":"0198"}"#
            )
        );
        assert_eq!(Payload::decode(&encoded), Some(payload()));
    }

    #[test]
    fn columns_are_on_the_sites_wall_clock_and_hold_nothing_that_frappe_would_clean() {
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        let columns = payload().columns(&kolkata).unwrap();
        assert_eq!((columns.at.as_str(), columns.reason_text.as_str()), ("2026-11-21 00:00:00", "a ‹b›bold‹/b› reason"));
        let long = Payload { actor: "x".repeat(200), ..payload() };
        assert_eq!(columns.differences(&long.columns(&kolkata).unwrap()), ["actor"]);
        assert_eq!(long.columns(&kolkata).unwrap().actor.len(), 140);
    }

    #[test]
    fn keys_and_hashes_are_those_that_any_tool_computes() {
        // printf 'BANYAN\x1frun\x1f1' | sha256sum
        assert_eq!(event_key("BANYAN", "run", 1), hex(&Sha256::digest(b"BANYAN\x1frun\x1f1")));
        assert_ne!(event_key("BANYAN", "run", 11), event_key("BANYAN", "run1", 1));
        assert_eq!(row_hash("ab", "cd"), hex(&Sha256::digest(b"abcd")));
        assert_eq!(row_mac(None, "ab"), "");
    }

    #[test]
    fn two_institutions_with_one_audit_key_have_two_chain_keys() {
        let key = |id: &str| {
            let tenant = testing::tenant_with(id, |entry| entry["audit_key"] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".into());
            chain_key(&tenant).unwrap()
        };
        assert_ne!(*key("banyan"), *key("tamarind"));
        assert!(chain_key(&testing::tenant("banyan")).is_none());
    }
}
