//! What was done, and what was found.

use std::collections::BTreeMap;
use std::fmt;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) seeds: u64,
    pub(crate) days: u64,
    pub(crate) member_days: u64,
    pub(crate) lives: u64,
    pub(crate) crashes: u64,
    pub(crate) rounds: u64,
    pub(crate) calls: u64,
    pub(crate) commits: u64,
    pub(crate) writes: u64,
    pub(crate) checks: u64,
    pub(crate) troubles: BTreeMap<String, u64>,
    /// Where, when and what, in words.
    pub(crate) violations: Vec<String>,
    /// A digest of every write, by which two plays of one seed are compared.
    pub(crate) digest: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.days += other.days;
        self.member_days += other.member_days;
        self.lives += other.lives;
        self.crashes += other.crashes;
        self.rounds += other.rounds;
        self.calls += other.calls;
        self.commits += other.commits;
        self.writes += other.writes;
        self.checks += other.checks;
        for (trouble, count) in other.troubles {
            *self.troubles.entry(trouble).or_default() += count;
        }
        self.violations.extend(other.violations);
        self.digest ^= other.digest;
    }

    /// Takes a write into the digest.
    pub(crate) fn digest(&mut self, words: &str) {
        for byte in words.bytes() {
            self.digest = (self.digest ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seeds, days, member_days, lives, crashes, rounds, calls, commits, writes, checks, .. } = self;
        writeln!(formatter, "seeds              {seeds}")?;
        writeln!(formatter, "days               {days} ({:.1} weeks, {member_days} member-days)", *days as f64 / 7.0)?;
        writeln!(formatter, "lives, crashes     {lives}, {crashes}")?;
        writeln!(formatter, "rounds             {rounds}")?;
        writeln!(formatter, "calls, commits     {calls}, {commits}")?;
        writeln!(formatter, "writes to the PBX  {writes}")?;
        for (trouble, count) in &self.troubles {
            writeln!(formatter, "  {trouble:<24} {count}")?;
        }
        writeln!(formatter, "checks             {checks}")?;
        write!(formatter, "violations         {}", self.violations.len())
    }
}
