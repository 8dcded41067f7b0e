//! Whether another program sets the same fields: another presence synchronisation, or the original module.
//!
//! Judges by traces alone, as nobody says who changed a field. One trace proves nothing: people change their own status,
//! and a STARFACE client does so by itself. What repeats, on several members or again and again, is a program. Pure: it
//! is told what was seen and when. Keeps no text, only whether it is another one than before.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Duration, Utc};

use super::{AccountId, Field, FieldKind, StatusText, Value};

#[cfg(test)]
mod tests;

/// How long a trace counts. A program that works at all leaves new ones on every working day, so that a conflict that
/// was ended is not named longer than that.
pub const TRACE_COUNTS_FOR: Duration = Duration::hours(24);

/// How often one field of one member must have been overwritten within [`RETURNS_WITHIN`]. Whoever changes the own
/// status gives up after two or three times; a program that polls each minute comes back at every look. Presence and text
/// must have been so of at least [`MEMBERS_MIN`] members, as a client repeats what its user chose last.
pub const RETURNS_MIN: usize = 5;

/// Within what time. Our own writes keep up to five minutes of distance, in which one that comes back is met a dozen
/// times an hour.
pub const RETURNS_WITHIN: Duration = Duration::hours(1);

/// How soon after our write at a boundary a change counts as made for the same boundary: a program that polls once a
/// minute, and our look every half minute.
pub const BOUNDARY_WITHIN: Duration = Duration::seconds(90);

/// At how many boundaries text or DND must have been changed, of at least [`MEMBERS_MIN`] members.
pub const BOUNDARIES_MIN: usize = 3;

/// Of how many members: what happens to one alone may be that person's habit.
pub const MEMBERS_MIN: usize = 2;

/// At how many boundaries of one member alone: on more than a day full of appointments that is no habit any more.
pub const BOUNDARIES_ALONE_MIN: usize = 6;

/// How many texts in a connector's format must have appeared that we did not put. One may be what a person pasted.
pub const TEXTS_MIN: usize = 2;

/// The most traces of a kind that are kept of one field or member; the oldest go first.
const TRACES_MAX: usize = 64;

/// What was seen, as far as it still counts.
#[derive(Debug, Default)]
pub struct Referee {
    /// When a field was overwritten.
    returns: BTreeMap<(AccountId, Field), VecDeque<DateTime<Utc>>>,
    /// Our last write to a field at a boundary, until something was changed after it.
    written: BTreeMap<(AccountId, Field), DateTime<Utc>>,
    /// What was there before our writes, as a number that tells nothing.
    before: BTreeMap<(AccountId, Field), (u64, DateTime<Utc>)>,
    /// The boundaries after which text or DND was changed.
    boundaries: BTreeMap<AccountId, VecDeque<DateTime<Utc>>>,
    /// When a text in a connector's format appeared that we did not put.
    texts: BTreeMap<AccountId, VecDeque<DateTime<Utc>>>,
    /// What stood on each member at the last look, as a number that tells nothing.
    last: BTreeMap<AccountId, u64>,
    since: Option<DateTime<Utc>>,
}

/// Another program sets the same fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Since when enough was seen to say so.
    pub since: DateTime<Utc>,
    /// What was seen, and of whom.
    pub traces: Vec<Trace>,
}

/// What was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trace {
    /// Fields that are overwritten again and again.
    Returns(BTreeSet<AccountId>),
    /// Text or DND that is changed right after appointments begin or change.
    Boundaries(BTreeSet<AccountId>),
    /// Texts in the format of the original module.
    Texts(BTreeSet<AccountId>),
}

impl Trace {
    /// Returns what was seen, in words.
    pub fn words(&self) -> &'static str {
        match self {
            Self::Returns(_) => "a field is overwritten again and again",
            Self::Boundaries(_) => "text or DND is changed within seconds after appointments begin",
            Self::Texts(_) => "texts in the original module's format appear that this service did not write",
        }
    }

    /// Returns of whom.
    pub fn accounts(&self) -> &BTreeSet<AccountId> {
        match self {
            Self::Returns(accounts) | Self::Boundaries(accounts) | Self::Texts(accounts) => accounts,
        }
    }
}

impl Referee {
    /// We write a field because an entry begins, over this value.
    pub fn written_over(&mut self, account: AccountId, before: &Value, now: DateTime<Utc>) {
        self.before.insert((account, before.field()), (mark(before), now));
        self.written.insert((account, before.field()), now);
    }

    /// We write another value to a field because another entry governs.
    pub fn rewritten(&mut self, account: AccountId, field: Field, now: DateTime<Utc>) {
        self.written.insert((account, field), now);
    }

    /// This was found in a field where ours should be. A presence or a text that the member had before tells nothing: a
    /// STARFACE client writes the status that its user chose again by itself.
    pub fn overwritten(&mut self, account: AccountId, found: &Value, now: DateTime<Utc>) {
        let field = found.field();
        let is_before = self.before.get(&(account, field)).is_some_and(|(before, _)| *before == mark(found));
        if is_chat(field) && is_before {
            return;
        }
        note(self.returns.entry((account, field)).or_default(), now);
        let marks = matches!(field.kind(), FieldKind::Text | FieldKind::Dnd);
        let written_at = self.written.remove(&(account, field));
        if let Some(boundary) = written_at.filter(|at| marks && now - *at <= BOUNDARY_WITHIN) {
            let boundaries = self.boundaries.entry(account).or_default();
            // Text and DND of one boundary are one.
            if !boundaries.contains(&boundary) {
                note(boundaries, boundary);
            }
        }
    }

    /// A text stands on a member; `is_foreign` when it is in a connector's format and not ours. What stood there when
    /// we first looked tells nothing: it may be our own of an earlier life.
    pub fn text_stands(&mut self, account: AccountId, text: &StatusText, is_foreign: bool, now: DateTime<Utc>) {
        let is = mark(&Value::Text(text.clone()));
        let before = self.last.insert(account, is);
        if is_foreign && before.is_some_and(|before| before != is) {
            note(self.texts.entry(account).or_default(), now);
        }
    }

    /// Says whether another program sets the same fields, by what was seen until now.
    pub fn judge(&mut self, now: DateTime<Utc>) -> Option<Conflict> {
        self.forget(now);
        let traces: Vec<Trace> =
            [self.returning(), self.at_boundaries(), self.of_texts()].into_iter().flatten().collect();
        if traces.is_empty() {
            self.since = None;
            return None;
        }
        let since = *self.since.get_or_insert(now);
        Some(Conflict { since, traces })
    }

    /// A clock that was set back makes what was seen later look as if it were still to come.
    fn forget(&mut self, now: DateTime<Utc>) {
        let counts = |at: &DateTime<Utc>| now - *at < TRACE_COUNTS_FOR && *at <= now;
        self.written.retain(|_, at| counts(at));
        self.before.retain(|_, (_, at)| counts(at));
        for kind in [&mut self.boundaries, &mut self.texts] {
            kind.values_mut().for_each(|times| times.retain(counts));
            kind.retain(|_, times| !times.is_empty());
        }
        self.returns.values_mut().for_each(|times| times.retain(counts));
        self.returns.retain(|_, times| !times.is_empty());
    }

    fn returning(&self) -> Option<Trace> {
        let again = |times: &VecDeque<DateTime<Utc>>| {
            let newest = times.iter().rev();
            let oldest = times.iter().rev().skip(RETURNS_MIN - 1);
            newest.zip(oldest).any(|(newest, oldest)| *newest - *oldest <= RETURNS_WITHIN)
        };
        let returned = self.returns.iter().filter(|(_, times)| again(times)).map(|(key, _)| *key);
        let (chat, others): (BTreeSet<_>, BTreeSet<_>) = returned.partition(|(_, field)| is_chat(*field));
        let accounts = |keys: BTreeSet<(AccountId, Field)>| keys.into_iter().map(|(account, _)| account).collect();
        let (mut chat, others): (BTreeSet<AccountId>, BTreeSet<AccountId>) = (accounts(chat), accounts(others));
        if chat.len() < MEMBERS_MIN {
            chat.clear();
        }
        some(&chat | &others).map(Trace::Returns)
    }

    fn at_boundaries(&self) -> Option<Trace> {
        let all: usize = self.boundaries.values().map(VecDeque::len).sum();
        let several = self.boundaries.len() >= MEMBERS_MIN && all >= BOUNDARIES_MIN;
        let alone = |times: &VecDeque<DateTime<Utc>>| times.len() >= BOUNDARIES_ALONE_MIN;
        let accounts = self.boundaries.iter().filter(|(_, times)| several || alone(times)).map(|(account, _)| *account);
        some(accounts.collect()).map(Trace::Boundaries)
    }

    fn of_texts(&self) -> Option<Trace> {
        let all: usize = self.texts.values().map(VecDeque::len).sum();
        let accounts = self.texts.keys().copied().filter(|_| all >= TEXTS_MIN);
        some(accounts.collect()).map(Trace::Texts)
    }
}

/// Whether a client may write the field by itself.
fn is_chat(field: Field) -> bool {
    matches!(field.kind(), FieldKind::Presence | FieldKind::Text)
}

/// Returns a number by which a value is known again, and that tells nothing of it.
fn mark(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Text(text) => text.normalised().hash(&mut hasher),
        other => other.words().hash(&mut hasher),
    }
    hasher.finish()
}

fn note(times: &mut VecDeque<DateTime<Utc>>, at: DateTime<Utc>) {
    times.push_back(at);
    if times.len() > TRACES_MAX {
        times.pop_front();
    }
}

fn some(accounts: BTreeSet<AccountId>) -> Option<BTreeSet<AccountId>> {
    Some(accounts).filter(|accounts| !accounts.is_empty())
}
