//! The words that a workbook keeps once and refers to from its cells: one text and where each begins. It must not know cells.

use std::io::Read;

use super::{
    super::{Limits, Unreadable},
    xml::{Node, Xml},
};

/// Words by their number.
#[derive(Default)]
pub struct Words {
    text: String,
    ends: Vec<usize>,
}

impl Words {
    /// Reads them.
    pub fn read<R: Read>(mut xml: Xml<R>, limits: Limits) -> Result<Self, Unreadable> {
        /// What an end costs beside its word.
        const EACH: usize = std::mem::size_of::<usize>();
        let mut words = Self::default();
        let mut collector = Collector::default();
        loop {
            match xml.node()? {
                Node::Open(element) => match element.local_name().into_inner() {
                    "si" => collector = Collector::default(),
                    name => collector.open(name),
                },
                Node::Close(element) => match element.local_name().into_inner() {
                    "si" => {
                        words.text.push_str(&collector.text());
                        words.ends.push(words.text.len());
                        if words.text.len() + words.ends.len() * EACH > limits.words {
                            let most = limits.words >> 20;
                            let why = format!(
                                "The workbook holds more than {most} MB of different words. Delete columns that are not needed, or send it as CSV."
                            );
                            return Err(Unreadable::new(why));
                        }
                    }
                    name => collector.close(name),
                },
                Node::Text(text) => collector.take(&text),
                Node::Other => {}
                Node::End => return Ok(words),
            }
        }
    }

    /// The words of a number.
    pub fn get(&self, number: usize) -> Option<&str> {
        let end = *self.ends.get(number)?;
        let from = number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.text.get(from..end)
    }
}

/// Puts words together from their runs, without the readings that stand above them in some scripts.
#[derive(Default)]
pub struct Collector {
    text: String,
    within: bool,
    reading: bool,
}

impl Collector {
    pub fn open(&mut self, name: &str) {
        match name {
            "t" => self.within = !self.reading,
            "rPh" => self.reading = true,
            _ => {}
        }
    }

    pub fn close(&mut self, name: &str) {
        match name {
            "t" => self.within = false,
            "rPh" => self.reading = false,
            _ => {}
        }
    }

    pub fn take(&mut self, text: &str) {
        if self.within {
            self.text.push_str(text);
        }
    }

    /// The words so far.
    pub fn text(&self) -> String {
        unescaped(&self.text)
    }

    /// Bytes of it so far.
    pub const fn len(&self) -> usize {
        self.text.len()
    }
}

/// Characters that XML does not have are written as `_x000D_`.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let character = from.get(2..6).filter(|_| from.get(6..7) == Some("_")).and_then(|code| u32::from_str_radix(code, 16).ok());
        match character.and_then(char::from_u32) {
            Some(character) => {
                plain.push(character);
                rest = from.get(7..).unwrap_or_default();
            }
            None => {
                plain.push_str("_x");
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_cannot_say_is_read_and_what_only_looks_like_it_is_left() {
        assert_eq!(unescaped("a_x000D_b_x005F_x_xZZZZ__x12"), "a\rb_x_xZZZZ__x12");
        assert_eq!(unescaped("plain_x"), "plain_x");
    }
}
