//! Who is really calling: the connecting peer, and the client behind trusted proxies.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;
use ipnet::IpNet;

/// The connecting peer's address, put into a connection's requests by the listener.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Whether an address is inside one of the networks; IPv4 in IPv6 counts as the IPv4 that it is.
pub fn inside(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

/// The client's address: the right-most hop of `X-Forwarded-For` that is not itself a trusted proxy. From a peer that is
/// not trusted, and where the header cannot be read, the peer.
pub fn client_address(headers: &HeaderMap, peer: IpAddr, trusted: &[IpNet]) -> IpAddr {
    if !inside(trusted, peer) {
        return peer.to_canonical();
    }
    let mut client = peer.to_canonical();
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        client = address.to_canonical();
        if !inside(trusted, client) {
            break;
        }
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", http::HeaderValue::from_static(line));
        }
        client_address(&headers, peer.parse().unwrap(), &["10.0.0.0/8".parse().unwrap()]).to_string()
    }

    #[test]
    fn the_client_is_the_right_most_hop_that_is_not_ours() {
        assert_eq!(client("10.0.0.1", &["1.1.1.1, 203.0.113.9, 10.0.0.7"]), "203.0.113.9");
        assert_eq!(client("10.0.0.1", &["1.1.1.1", "203.0.113.9"]), "203.0.113.9");
        assert_eq!(client("::ffff:10.0.0.1", &["203.0.113.9"]), "203.0.113.9");
    }

    #[test]
    fn an_untrusted_peer_speaks_for_itself_alone() {
        assert_eq!(client("192.0.2.4", &["203.0.113.9"]), "192.0.2.4");
    }

    #[test]
    fn a_hop_that_cannot_be_read_ends_the_chain() {
        assert_eq!(client("10.0.0.1", &["203.0.113.9, unknown"]), "10.0.0.1");
    }
}
