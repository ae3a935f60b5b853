//! Tests of the server half that need its private parts. What can be tested from outside stands in `tests/`.

pub mod hostile;
mod isolation;
mod typed;
