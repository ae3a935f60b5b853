//! What the demo says when it is ready.

use serde_json::json;

use super::World;
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
    println!("\nOne-time codes   http://{}/   (the page stands for everybody's authenticator app)", world.codes_addr);
    println!("Metrics          http://{}/metrics", world.portal.admin_addr);
    println!("Stop with Ctrl-C.\n");
}

/// One line for tests.
pub fn json(world: &World) -> serde_json::Value {
    let people: Vec<_> = world
        .people
        .iter()
        .map(|person| {
            json!({
                "institution": person.institution,
                "host": person.host,
                "user": person.user.user_id,
                "name": person.person.display_name,
                "password": person.user.password,
                "role": person.person.role.code(),
                "standing": format!("{:?}", person.person.standing),
                "totp_secret": person.user.totp_secret.as_deref().map(crate::server::session::hex),
            })
        })
        .collect();
    json!({
        "ready": true,
        "site": world.portal.site_addr.to_string(),
        "admin": world.portal.admin_addr.to_string(),
        "authority": world.authority_addr.to_string(),
        "codes": world.codes_addr.to_string(),
        "institutions": world.institutions,
        "people": people,
    })
}
