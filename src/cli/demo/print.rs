//! What the demo says when it is ready.

use serde_json::json;

use super::{ADMINISTRATOR, World};
use crate::demo::portfolio::Standing;

/// A table for people.
pub fn table(world: &World) {
    let port = world.portal.site_addr.port();
    println!("\nodr-portal demo is ready.\n");
    for (host, name) in &world.institutions {
        println!("{name}  http://{host}:{port}/");
        for person in world.people.iter().filter(|person| &person.host == host && person.person.standing == Standing::Works) {
            println!("    {:<22}{:<40}{}", person.person.role.label(), person.user.user_id, person.user.password);
        }
    }
    println!("\nOne-time codes   http://{}/   (everybody's authenticator app; also makes servers slow, faulty or dead)", world.codes_addr);
    println!("Metrics          http://{}/metrics", world.portal.admin_addr);
    if let Some(delay) = world.upstream_delay {
        println!("Each answer of the institutions' servers is held back for {} ms (--upstream-delay).", delay.as_millis());
    }
    println!("Stop with Ctrl-C.\n");
}

/// One line for tests.
pub fn json(world: &World) -> serde_json::Value {
    let people: Vec<_> = world
        .people
        .iter()
        .map(|person| {
            json!({
                "id": person.institution,
                "institution": person.institution_name,
                "host": person.host,
                "user": person.user.user_id,
                "name": person.person.display_name,
                "password": person.user.password,
                "role": person.person.role.code(),
                "standing": format!("{:?}", person.person.standing),
                "totp_secret": person.user.totp_secret.as_deref().map(base32),
            })
        })
        .collect();
    let servers = world
        .homes
        .iter()
        .filter_map(|(id, (server, site))| Some((id.clone(), json!({"server": world.servers.get(server)?.to_string(), "site": site}))));
    let administrator = world
        .keys
        .get(ADMINISTRATOR)
        .map(|key| json!({"token": format!("{}:{}", key.key, key.secret), "sites": servers.collect::<serde_json::Map<_, _>>()}));
    json!({
        "ready": true,
        "site": world.portal.site_addr.to_string(),
        "admin": world.portal.admin_addr.to_string(),
        "authority": world.authority_addr.to_string(),
        "codes": world.codes_addr.to_string(),
        "institutions": world.institutions,
        "upstream_delay_ms": world.upstream_delay.map_or(0, |delay| delay.as_millis()),
        "people": people,
        "administrator": administrator,
    })
}

/// RFC 4648 base32 without padding: how authenticator apps take their secrets.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    (0..bytes.len() * 8)
        .step_by(5)
        .map(|from| char::from(LETTERS[usize::from((from..from + 5).fold(0, |letter, at| letter << 1 | bit(at)))]))
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn secrets_are_written_as_authenticators_take_them() {
        assert_eq!(super::base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(super::base32(b"foob"), "MZXW6YQ");
    }
}
