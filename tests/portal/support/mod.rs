//! What the tests share: a browser's part, forms, the institution's own server, and work in a case.

pub mod browser;
pub mod forms;
pub mod upstream;
pub mod work;
