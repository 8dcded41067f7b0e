//! The store by itself, without its thread: what its tests share.

use tempfile::TempDir;

use super::*;
use crate::journal::KnownCalendar;
use crate::rules::{
    AccountId, Address, Claimant, Dialled, Dnd, Entry, EntryId, Field, Hold, Location, Login, Mark, Member, Phase,
    Presence, Response, Sensitivity, ShowAs, Sight, Span, StatusText, Tag, Tags, Telephony, Title, Value,
};

mod faults;
mod random;
mod records;
mod time;

/// A store in a directory that lives as long as it.
struct Bench {
    store: Store,
    directory: TempDir,
}

impl Bench {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let (store, _) = Store::open(&directory.path().join("state.db"), Kind::Service, Vec::new(), at(0)).unwrap();
        Self { store, directory }
    }

    /// The same journal after a restart.
    fn restarted(self) -> Self {
        let Self { store, directory } = self;
        drop(store);
        let (store, opened) =
            Store::open(&directory.path().join("state.db"), Kind::Service, Vec::new(), at(999)).unwrap();
        assert_eq!(opened, Opened::Found);
        Self { store, directory }
    }

    fn kept_after_restart(self) -> Kept {
        self.restarted().store.load().unwrap()
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    let seven: DateTime<Utc> = "2026-03-02T07:00:00.123456789Z".parse().unwrap();
    seven + chrono::TimeDelta::seconds(seconds)
}

fn text(words: &str) -> Value {
    Value::Text(StatusText(words.to_owned()))
}

fn presence(name: &str) -> Value {
    Value::Presence(Presence::named(name))
}

fn hold(account: u32, under: Value, put: Value) -> Hold {
    Hold {
        account: AccountId(account),
        under,
        put,
        earlier: Vec::new(),
        phase: Phase::Putting,
        claimants: vec![Claimant {
            account: AccountId(account),
            login: Login("0001".to_owned()),
            entry: EntryId("AAMkAGI2-ü".to_owned()),
        }],
        since: at(0),
        written_at: None,
        unanswered_at: None,
        back_after: None,
        yielded: Vec::new(),
        sight: Sight::Clear,
        rewrites: 0,
    }
}

fn entry(id: &str) -> Entry {
    Entry {
        id: EntryId(id.to_owned()),
        ical_uid: "0400".to_owned(),
        title: Title("Grüße an Kunde ABC 👋".to_owned()),
        location: Location("Zürich".to_owned()),
        span: Span::Timed { start: at(0), end: at(3600) },
        show_as: ShowAs::Busy,
        sensitivity: Sensitivity::Normal,
        response: Response::Organizer,
        cancelled: false,
        is_organizer: true,
        categories: vec!["_SF_Ignorieren".to_owned(), String::new()],
        tags: Tags { internal: Some(Tag::Quoted), external: Dialled::new("0041712345689").map(Tag::Target) },
    }
}

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

fn happening(seconds: i64, from: Value, to: Value) -> Happening {
    Happening {
        at: at(seconds),
        account: AccountId(1010),
        from,
        to,
        why: "the entry began".to_owned(),
        entry: Some(EntryId("AAMk1".to_owned())),
        outcome: "done".to_owned(),
    }
}

/// The texts of a history, as they stand there.
fn texts(history: &[Happening]) -> Vec<(&str, &str)> {
    fn words(value: &Value) -> &str {
        match value {
            Value::Text(text) => &text.0,
            Value::Presence(presence) => presence.name(),
            Value::Indicator(telephony) => telephony.name(),
            Value::Dnd(dnd) => dnd.word(),
            Value::Redirect(_, redirect) => &redirect.destination,
        }
    }
    history.iter().map(|row| (words(&row.from), words(&row.to))).collect()
}
