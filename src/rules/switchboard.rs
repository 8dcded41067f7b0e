//! Who wants what of which called number, over all members at once: targets must not lead back, not by way of another
//! member either, and a number of a group has several claimants.
//!
//! Members are taken by account id, so of two plans that would chase a call in a circle the one of the higher id is
//! refused, in whatever order the members come. Must not know what the PBX is asked next. Nothing here fails.

use std::collections::{BTreeMap, BTreeSet};

use super::asking::Ask;
use super::deciding::Claimed;
use super::governing::Rank;
use super::guard::Guard;
use super::policy::RedirectPolicy;
use super::resolving::{RedirectProblem, Resolution, concerns, resolve};
use super::{
    AccountId, CalledNumber, Claim, Claimant, DestinationKind, Dialled, EntryId, Hold, Login, Phase, Redirect,
    RedirectRecord, Side, Value, Wish, tags,
};

mod lines;
#[cfg(test)]
mod tests;

pub use lines::Directory;
use lines::Lines;

/// A member with what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Subscriber<'a> {
    /// The account.
    pub account: AccountId,
    /// The login that the account has now.
    pub login: &'a Login,
    /// What the active entries want; `None` when none is active.
    pub wish: Option<&'a Wish>,
    /// The numbers, as last read.
    pub records: &'a [RedirectRecord],
}

/// Everything that is wanted of called numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switchboard {
    claims: BTreeMap<CalledNumber, Vec<Claimed>>,
    /// What cannot be done, once for each entry and side, and on which numbers.
    pub problems: BTreeMap<FoundProblem, BTreeSet<CalledNumber>>,
}

/// A redirect that an entry asks for and does not get.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FoundProblem {
    /// Whose entry.
    pub account: AccountId,
    /// Which.
    pub entry: EntryId,
    /// Which of the member's numbers.
    pub side: Side,
    /// What is wrong.
    pub problem: RedirectProblem,
}

impl Switchboard {
    /// Works out what is wanted. `holds` are those on redirects.
    pub fn plan(
        subscribers: &[Subscriber<'_>],
        holds: &BTreeMap<CalledNumber, &Hold>,
        policy: &RedirectPolicy,
    ) -> Self {
        let directory = Directory::of(subscribers.iter().map(|one| (one.account, one.records)));
        Self::plan_with(&directory, subscribers, holds, policy)
    }

    /// The same with a directory that is at hand; it may name further numbers.
    pub fn plan_with(
        directory: &Directory,
        subscribers: &[Subscriber<'_>],
        holds: &BTreeMap<CalledNumber, &Hold>,
        policy: &RedirectPolicy,
    ) -> Self {
        if !subscribers.iter().any(Subscriber::asks) {
            return Self::default();
        }
        let subscribers = in_order(subscribers);
        let mut planning = Planning {
            lines: Lines::of(directory, &subscribers, holds),
            holds,
            policy,
            claims: BTreeMap::new(),
            problems: BTreeMap::new(),
        };
        for subscriber in subscribers.iter().filter(|one| one.asks()) {
            let Some(wish) = subscriber.wish else { continue };
            for record in subscriber.records {
                planning.ask(subscriber, wish, record);
            }
        }
        let Planning { mut claims, problems, .. } = planning;
        for claims in claims.values_mut() {
            claims.sort_by(|one, two| (&one.0, one.1.claimant.account).cmp(&(&two.0, two.1.claimant.account)));
        }
        let claims = claims
            .into_iter()
            .map(|(number, claims)| (number, claims.into_iter().map(|(_, claimed)| claimed).collect()))
            .collect();
        Self { claims, problems }
    }

    /// Returns the numbers that anybody claims.
    pub fn numbers(&self) -> impl Iterator<Item = CalledNumber> {
        self.claims.keys().copied()
    }

    /// Returns the claims on a number in governing order; the first decides.
    pub fn claims(&self, number: CalledNumber) -> &[Claimed] {
        self.claims.get(&number).map_or(&[], Vec::as_slice)
    }
}

impl Subscriber<'_> {
    fn asks(&self) -> bool {
        self.wish.is_some_and(Wish::asks_of_numbers) && !self.records.is_empty()
    }
}

fn in_order<'a>(subscribers: &[Subscriber<'a>]) -> Vec<Subscriber<'a>> {
    let mut subscribers = subscribers.to_vec();
    subscribers.sort_by_key(|subscriber| subscriber.account);
    subscribers
}

/// Returns the setting of a number as it is without us.
fn without_us<'a>(record: &'a RedirectRecord, hold: Option<&'a Hold>) -> &'a Redirect {
    match hold.filter(|hold| hold.phase != Phase::Yielded).map(|hold| &hold.under) {
        Some(Value::Redirect(_, under)) => under,
        _ => &record.redirect,
    }
}

/// Returns the number that calls are sent on to without us.
fn target_without_us(record: &RedirectRecord, hold: Option<&Hold>) -> Option<Dialled> {
    dialled(without_us(record, hold))
}

struct Planning<'a> {
    lines: Lines<'a>,
    holds: &'a BTreeMap<CalledNumber, &'a Hold>,
    policy: &'a RedirectPolicy,
    claims: BTreeMap<CalledNumber, Vec<(Rank, Claimed)>>,
    problems: BTreeMap<FoundProblem, BTreeSet<CalledNumber>>,
}

impl Planning<'_> {
    /// Takes what a member's entries ask of one of its numbers: the first that asks anything decides.
    fn ask(&mut self, subscriber: &Subscriber<'_>, wish: &Wish, record: &RedirectRecord) {
        let side = record.number.side(self.policy.guard.internal_digits_max);
        let groups = self.policy.groups;
        let mut asks = wish.asks(side).iter().filter(|ask| concerns(ask, record.ownership, groups));
        let Some(first) = asks.next() else { return };
        let resolution = self.resolve(subscriber.account, first, record);
        for problem in resolution.problems {
            let (account, entry) = (subscriber.account, first.entry.clone());
            let found = FoundProblem { account, entry, side, problem };
            self.problems.entry(found).or_default().insert(record.number);
        }
        let Some(wanted) = resolution.wanted else { return };
        self.lines.plan(subscriber.account, record.number, dialled(&wanted).as_ref());
        self.claim(subscriber, first, record.number, wanted);
        for ask in asks {
            if let Some(wanted) = self.resolve(subscriber.account, ask, record).wanted {
                self.claim(subscriber, ask, record.number, wanted);
            }
        }
    }

    fn resolve(&self, account: AccountId, ask: &Ask, record: &RedirectRecord) -> Resolution {
        let under = without_us(record, self.holds.get(&record.number).copied());
        let (guard, lines): (&Guard, &Lines<'_>) = (&self.policy.guard, &self.lines);
        let mut judge = |target: &Dialled| {
            guard.judge(target)?;
            lines.judge(account, record.number, target)
        };
        resolve(ask, record, under, self.policy.groups, &mut judge)
    }

    fn claim(&mut self, subscriber: &Subscriber<'_>, ask: &Ask, number: CalledNumber, wanted: Redirect) {
        let claim = Claim {
            entry: ask.entry.clone(),
            value: Value::Redirect(number, wanted),
            starts_at: ask.starts_at,
            ends_at: ask.ends_at,
        };
        let claimant =
            Claimant { account: subscriber.account, login: subscriber.login.clone(), entry: ask.entry.clone() };
        self.claims.entry(number).or_default().push((ask.rank.clone(), Claimed { claim, claimant }));
    }
}

/// Returns the number that a redirect sends calls to, if it does.
fn dialled(redirect: &Redirect) -> Option<Dialled> {
    let leads = redirect.enabled && redirect.kind == DestinationKind::Number;
    leads.then(|| tags::number(&redirect.destination)).flatten()
}
