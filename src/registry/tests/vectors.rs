//! The vectors of the protocol, computed by an independent implementation: both sides must reproduce them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use serde_json::Value;

use crate::registry::{
    Table,
    envelope::{Envelope, open, seal},
    link::{SyncFailure, open_answer},
    protocol::{Keys, Payload, answer_aad},
};

fn cases() -> Vec<Value> {
    let vectors: Value = serde_json::from_str(include_str!("../../../tests/data/authority-vectors.json")).unwrap();
    vectors["cases"].as_array().unwrap().clone()
}

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap()
}

fn keys(case: &Value) -> Keys {
    Keys::derive(&STANDARD.decode(text(case, "secret_base64")).unwrap())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn keys_and_signatures_reproduce_the_vectors() {
    for case in cases() {
        let (keys, node, time) = (keys(&case), text(&case, "node"), case["timestamp"].as_u64().unwrap());
        let url = format!("{}{}", text(&case, "authority_base_url"), text(&case, "path_and_query"));
        let signature = text(&case, "request_signature");
        assert_eq!(keys.sign_request(time, &url, node), signature);
        assert!(keys.verify_request(time, &url, node, signature));
        assert!(!keys.verify_request(time + 1, &url, node, signature));
        assert!(!keys.verify_request(time, &url, node, &signature.to_uppercase()));
        assert_eq!(hex(&*keys.payload), text(&case, "payload_key_hex"));
        assert_eq!(hex(&*keys.cache), text(&case, "cache_key_hex"));
        let version = case["envelope"]["version"].as_u64().unwrap();
        let not_modified = text(&case, "not_modified_signature");
        assert_eq!(keys.sign_not_modified(time, version, node), not_modified);
        assert!(keys.verify_not_modified(time, version, node, not_modified));
    }
}

#[test]
fn the_portal_opens_the_vectors_envelopes_and_what_the_authority_seals() {
    for case in cases() {
        let (keys, node, time) = (keys(&case), text(&case, "node"), case["timestamp"].as_u64().unwrap());
        let version = case["envelope"]["version"].as_u64().unwrap();
        assert_eq!(answer_aad(node, time, version), text(&case, "aad"));
        let envelope: Envelope = serde_json::from_value(case["envelope"].clone()).unwrap();
        assert_eq!(&*envelope.open(&keys.payload, text(&case, "aad")).unwrap(), text(&case, "plaintext").as_bytes());
        let payload = open_answer(&keys, node, time, case["envelope"].to_string().as_bytes()).unwrap();
        assert_eq!(payload.version, version);

        let again = payload.write("2026-11-21T10:00:00Z");
        let ours: Value = serde_json::from_slice(&again).unwrap();
        assert_eq!(ours, serde_json::from_str::<Value>(text(&case, "plaintext")).unwrap());
        let sealed = Envelope::seal(&keys.payload, text(&case, "aad"), version, &again).unwrap();
        let body = serde_json::to_vec(&sealed).unwrap();
        assert_eq!(open_answer(&keys, node, time, &body).unwrap().tenants.len(), payload.tenants.len());
        assert!(Table::next(None, open_answer(&keys, node, time, &body).unwrap(), false).is_ok() || payload.since.is_some());
    }
}

#[test]
fn every_flipped_bit_of_a_sealed_answer_keeps_it_shut() {
    let key = [7; 32];
    let (nonce, sealed) = seal(&key, "aad", b"payload").unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut broken = sealed.clone();
        broken[bit / 8] ^= 1 << (bit % 8);
        assert!(open(&key, "aad", &nonce, broken).is_err());
    }
    assert!(open(&key, "aae", &nonce, sealed.clone()).is_err());
    assert!(open(&[8; 32], "aad", &nonce, sealed).is_err());
}

proptest! {
    #[test]
    fn decoding_an_answer_never_panics(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert_eq!(open_answer(&Keys::derive(&[1; 32]), "n", 1, &body).unwrap_err(), SyncFailure::NotOpened);
    }

    #[test]
    fn decoding_a_damaged_plaintext_never_panics(at in 0_usize..1000, byte in any::<u8>(), cut in 0_usize..1000) {
        let case = cases().remove(0);
        let mut plaintext = text(&case, "plaintext").as_bytes().to_vec();
        let length = plaintext.len();
        plaintext[at % length] = byte;
        plaintext.truncate(length - cut % 2 * (cut % length));
        if let Ok(payload) = Payload::parse(&plaintext) {
            let _ = Table::next(None, payload, false);
        }
    }

    #[test]
    fn a_payload_of_any_values_never_panics(name in ".{0,40}", number in any::<f64>(), list in proptest::collection::vec(".{0,12}", 0..5)) {
        let entry = serde_json::json!({ "id": name, "name": number, "status": list, "hosts": list, "upstream": { "base_url": name } });
        let body = serde_json::json!({ "version": 1, "full": true, "tenants": [entry, name, number, null, list], "removed": list });
        let payload = Payload::parse(body.to_string().as_bytes()).unwrap();
        let table = Table::next(None, payload, true).unwrap();
        prop_assert_eq!(table.tenants().count(), 0);
    }
}
