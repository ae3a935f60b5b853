//! Whether an institution's chains are whole: what the doctor looks at, row by row and run by run.
//!
//! Pure: rows come in any order, findings go out. It must not ask for anything; what it would have to ask for it names.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fmt,
};

use super::{
    seal::{ChainKey, Head, NO_HASH, Payload, event_key, row_hash, row_mac},
    wire::Link,
};

/// Rows that are asked for once more at most, before they count as missing.
const ASKED_AGAIN_MAX: usize = 500;

/// What was found in one institution's trail.
#[derive(Debug)]
pub struct Inspection {
    /// Rows that were looked at.
    pub rows: usize,
    /// Writer runs.
    pub runs: usize,
    /// Whether there is an `audit_key`, so that MACs could be checked.
    pub keyed: bool,
    /// What is not as it should be; empty for a trail that is whole.
    pub findings: Vec<Finding>,
}

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The writer run.
    pub run: String,
    /// The row's number in it, where it is about one row.
    pub seq: Option<i64>,
    /// What it is.
    pub problem: Problem,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// `event_key` is not that of institution, run and number.
    Key,
    /// `row_hash` is not that of `prev_hash` and `payload`.
    Hash,
    /// `row_mac` is not that of `row_hash` under the institution's key.
    Mac,
    /// No row of the run has a MAC of the institution's present key.
    NoMac,
    /// `payload` cannot be read.
    Payload,
    /// These columns say something else than the payload.
    Columns(Vec<&'static str>),
    /// Rows from this one up to the one given are gone.
    Gone(i64),
    /// There are two rows with this number.
    Twice,
    /// `prev_hash` is not the hash of the row before.
    Unlinked,
    /// A row that this witness has seen as the run's last is gone.
    Cut(String),
    /// A row that this witness has seen had another hash.
    Replaced(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {}", self.run)?;
        if let Some(seq) = self.seq {
            write!(f, " row {seq}")?;
        }
        match &self.problem {
            Problem::Key => f.write_str(": event_key does not fit institution, run and number"),
            Problem::Hash => f.write_str(": row_hash does not fit prev_hash and payload"),
            Problem::Mac => f.write_str(": row_mac does not fit row_hash"),
            Problem::NoMac => f.write_str(": no row has a MAC of the present audit_key: the key was changed, or the run is forged"),
            Problem::Payload => f.write_str(": payload cannot be read"),
            Problem::Columns(names) => write!(f, ": differs from its payload in {}", names.join(", ")),
            Problem::Gone(to) if Some(*to) == self.seq => f.write_str(": is gone"),
            Problem::Gone(to) => write!(f, ": is gone, with all up to row {to}"),
            Problem::Twice => f.write_str(": is there twice"),
            Problem::Unlinked => f.write_str(": prev_hash is not the hash of the row before"),
            Problem::Cut(witness) => write!(f, ": was there according to {witness}, and is gone"),
            Problem::Replaced(witness) => write!(f, ": had another hash according to {witness}"),
        }
    }
}

/// A row as far as its run needs it.
struct Place {
    seq: i64,
    prev_hash: String,
    row_hash: String,
}

/// Looks at rows as they come.
pub struct Inspector<'a> {
    institution: &'a str,
    site: &'a jiff::tz::TimeZone,
    key: Option<ChainKey>,
    seen: HashSet<String>,
    runs: BTreeMap<String, Vec<Place>>,
    /// Runs with the number of their rows whose MAC does not fit.
    unsigned: HashMap<String, Vec<i64>>,
    /// Heads that somebody names, with one witness each.
    named: BTreeMap<(String, Head), String>,
    findings: Vec<Finding>,
}

impl<'a> Inspector<'a> {
    /// Nothing has been looked at; `heads` are runs' heads as the log has them.
    pub fn new(institution: &'a str, site: &'a jiff::tz::TimeZone, key: Option<ChainKey>, heads: &[(String, Head)]) -> Self {
        let named = heads.iter().cloned().map(|named| (named, "the log".to_owned())).collect();
        Self { institution, site, key, seen: HashSet::new(), runs: BTreeMap::new(), unsigned: HashMap::new(), named, findings: Vec::new() }
    }

    /// Looks at a row; a second time at none.
    pub fn see(&mut self, link: Link) {
        if !self.seen.insert(link.line.name.clone()) {
            return;
        }
        let (run, seq) = (link.line.writer_run.clone(), link.line.seq);
        let mut find = |problem| self.findings.push(Finding { run: run.clone(), seq: Some(seq), problem });
        if !link.line.key_fits() {
            find(Problem::Key);
        }
        if row_hash(&link.prev_hash, &link.payload) != link.row_hash {
            find(Problem::Hash);
        }
        match Payload::decode(&link.payload) {
            None => find(Problem::Payload),
            Some(payload) => {
                let mut differing = match payload.columns(self.site) {
                    Some(columns) => columns.differences(&link.line.clone().columns()),
                    None => vec!["at"],
                };
                let own = [
                    ("institution", payload.institution == self.institution),
                    ("writer_run", payload.writer_run == run),
                    ("seq", i64::try_from(payload.seq) == Ok(seq)),
                ];
                differing.extend(own.into_iter().filter(|(_, same)| !same).map(|(name, _)| name));
                if !differing.is_empty() {
                    find(Problem::Columns(differing));
                }
                for named in payload.heads.into_iter().flatten() {
                    self.named.entry(named).or_insert_with(|| format!("run {run} row {seq}"));
                }
            }
        }
        if self.key.is_some() && row_mac(self.key.as_ref(), &link.row_hash) != link.row_mac {
            self.unsigned.entry(run.clone()).or_default().push(seq);
        }
        self.runs.entry(run).or_default().push(Place { seq, prev_hash: link.prev_hash, row_hash: link.row_hash });
    }

    /// Keys of rows that should be there and were not seen: perhaps they came while others were being read.
    pub fn not_seen(&self) -> Vec<String> {
        let gaps = self.runs.iter().flat_map(|(run, places)| {
            let there: BTreeSet<i64> = places.iter().map(|place| place.seq).collect();
            let last = there.last().copied().unwrap_or(0);
            (1..=last).filter(move |seq| !there.contains(seq)).take(ASKED_AGAIN_MAX).map(move |seq| (run, seq))
        });
        let heads = self.named.keys().filter_map(|(run, head)| {
            let seq = i64::try_from(head.seq).ok()?;
            let there = self.runs.get(run).is_some_and(|places| places.iter().any(|place| place.seq == seq));
            (!there).then_some((run, seq))
        });
        let keys = gaps.chain(heads).filter_map(|(run, seq)| Some(event_key(self.institution, run, u64::try_from(seq).ok()?)));
        keys.take(ASKED_AGAIN_MAX).collect()
    }

    /// What all of it comes to.
    pub fn finish(mut self) -> Inspection {
        for (run, places) in &mut self.runs {
            places.sort_by_key(|place| place.seq);
            check_run(run, places, &mut self.findings);
            let unsigned = self.unsigned.remove(run).unwrap_or_default();
            if unsigned.len() == places.len() {
                self.findings.push(Finding { run: run.clone(), seq: None, problem: Problem::NoMac });
            } else {
                let each = unsigned.into_iter().map(|seq| Finding { run: run.clone(), seq: Some(seq), problem: Problem::Mac });
                self.findings.extend(each);
            }
        }
        for ((run, head), witness) in self.named {
            let seq = i64::try_from(head.seq).unwrap_or(i64::MAX);
            let places = self.runs.get(&run).map(Vec::as_slice).unwrap_or_default();
            let mut there = at_number(places, seq).map(|place| place.row_hash == head.row_hash).peekable();
            let problem = match there.peek() {
                None => Problem::Cut(witness),
                Some(_) => Problem::Replaced(witness),
            };
            if there.any(|is_same| is_same) {
                continue;
            }
            self.findings.push(Finding { run, seq: Some(seq), problem });
        }
        let rows = self.runs.values().map(Vec::len).sum();
        Inspection { rows, runs: self.runs.len(), keyed: self.key.is_some(), findings: self.findings }
    }
}

/// One run, in the order of its numbers: from 1 without a gap, each bound to the one before.
fn check_run(run: &str, places: &[Place], findings: &mut Vec<Finding>) {
    let mut find = |seq, problem| findings.push(Finding { run: run.to_owned(), seq: Some(seq), problem });
    let mut before: Option<&Place> = None;
    for place in places {
        let last = before.map_or(0, |before| before.seq);
        if place.seq == last {
            find(place.seq, Problem::Twice);
            continue;
        }
        if place.seq > last + 1 {
            find(last + 1, Problem::Gone(place.seq - 1));
        } else if place.prev_hash != before.map_or(NO_HASH, |before| before.row_hash.as_str()) {
            find(place.seq, Problem::Unlinked);
        }
        before = Some(place);
    }
}

/// Those of a run's sorted places that have this number.
fn at_number(places: &[Place], seq: i64) -> impl Iterator<Item = &Place> {
    places[places.partition_point(|place| place.seq < seq)..].iter().take_while(move |place| place.seq == seq)
}
