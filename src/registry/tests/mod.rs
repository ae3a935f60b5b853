//! The registry's tests by what they hold: the protocol to the byte, entries and tables, attacks, faults, the catalog.

mod attacks;
mod catalog;
mod entries;
mod faults;
mod support;
mod table;
mod vectors;
