//! What runs only on the server, between the pages and the registry.
//!
//! Owns the way of a request from the socket to an institution's records and back. It must not know how a page looks.

pub mod frappe;
