//! The original module as an actor: once a minute it looks at the calendars and writes to the telephones by its own rules.
//!
//! Written from its public description alone, and shares no rule with the program: it knows show-as boxes, a text format,
//! two categories, and what it saved before it wrote.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Zurich;
use starface_calendar::rules::{Dnd, Entry, Presence, Redirect, Seen, ShowAs, StatusText};

use super::super::world::{Telephones, at};

/// When it looks first, and how often.
pub(super) const FIRST_POLL: i64 = 17;
pub(super) const POLL_INTERVAL: i64 = 60;

/// The module, and whom it has set.
#[derive(Default)]
pub(super) struct Original {
    saved: BTreeMap<u32, Saved>,
    /// An appointment after which it forgets to switch DND off.
    forgets_dnd_after: &'static str,
}

/// What a member had before.
struct Saved {
    seen: Seen,
    redirect: Option<Redirect>,
    shown: String,
    title: String,
}

impl Original {
    /// One with a fault.
    pub(super) fn that_forgets_dnd_after(title: &'static str) -> Self {
        Self { forgets_dnd_after: title, ..Self::default() }
    }

    /// Looks at one calendar, and sets or resets the member.
    pub(super) fn poll(&mut self, account: u32, calendar: &[Entry], telephones: &Telephones, now: DateTime<Utc>) {
        let active = calendar.iter().filter(|entry| {
            entry.span.start(Zurich) <= now && now < entry.span.end(Zurich) && entry.show_as != ShowAs::Tentative
        });
        match (active.max_by_key(|entry| entry.span.start(Zurich)), self.saved.contains_key(&account)) {
            (Some(entry), false) => self.set(account, entry, telephones),
            (Some(entry), true) => self.follow(account, entry, telephones),
            (None, true) => self.reset(account, telephones),
            (None, false) => {}
        }
    }

    fn set(&mut self, account: u32, entry: &Entry, telephones: &Telephones) {
        let has = |category: &str| entry.categories.iter().any(|name| name == category);
        let redirect = has("_SF_Voicemail_extern_aktivieren").then(|| telephones.lines().shows(&external(account)));
        let (seen, shown) = (telephones.seen(account), text(entry));
        // Where the appointment says so in its title, it does not see the category: a deliberate fault.
        if redirect.is_some() && !entry.title.0.contains("übersehen") {
            telephones.lines().choose(&external(account), Redirect::to_mailbox("3"));
        }
        telephones.change(account, |seen| {
            seen.presence = Presence::Away;
            seen.text = StatusText(shown.clone());
            if has("_SF_DND_aktivieren") {
                seen.dnd = Some(Dnd::On);
            }
        });
        self.saved.insert(account, Saved { seen, redirect, shown, title: entry.title.0.clone() });
    }

    fn follow(&mut self, account: u32, entry: &Entry, telephones: &Telephones) {
        let saved = self.saved.get_mut(&account).unwrap();
        let shown = text(entry);
        if saved.shown != shown || telephones.seen(account).text.0 != shown {
            telephones.change(account, |seen| {
                seen.presence = Presence::Away;
                seen.text = StatusText(shown.clone());
            });
            saved.shown = shown;
        }
    }

    fn reset(&mut self, account: u32, telephones: &Telephones) {
        let saved = self.saved.remove(&account).unwrap();
        let forgets = saved.title == self.forgets_dnd_after;
        telephones.change(account, |seen| {
            let dnd = if forgets { seen.dnd } else { saved.seen.dnd };
            *seen = Seen { dnd, ..saved.seen };
        });
        if let Some(redirect) = saved.redirect {
            telephones.lines().choose(&external(account), redirect);
        }
    }
}

pub(super) fn external(account: u32) -> String {
    format!("00417123{account}")
}

fn text(entry: &Entry) -> String {
    let clock = |at: DateTime<Utc>| at.with_timezone(&Zurich).format("%H:%M").to_string();
    let kind = if entry.show_as == ShowAs::Free { "Frei" } else { "Gebucht" };
    format!("[{}-{}] [{kind}] {}", clock(entry.span.start(Zurich)), clock(entry.span.end(Zurich)), entry.title.0)
}

#[test]
fn the_original_writes_its_format() {
    let entry = super::super::world::entry("Kunde ABC", 0, 3600);
    assert_eq!(at(0).with_timezone(&Zurich).format("%H:%M").to_string(), "12:07");
    assert_eq!(text(&entry), "[12:07-13:07] [Gebucht] Kunde ABC");
}
