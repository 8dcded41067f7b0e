//! What a simulated PBX and the module in it know.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, Utc};
use tokio::sync::{broadcast, watch};

use super::account::{Person, Shown, StateField};
use super::back::{BackRow, RedirectBackRow};
use super::codec::Dialect;
use super::events::{EventKind, Events};
use super::fault::{Calls, Fault};
use super::numbers::{GroupRight, Numbers, Trigger};
use super::pace::Pace;
use super::page::Page;
use super::people::UccClient;
use super::token::Issuer;
use crate::rules::{AccountId, CalledNumber, Redirect};
use crate::secret::Secret;
use crate::sim::faults::Faults;

/// The most writes that are remembered; the oldest go first.
const WRITES_MAX: usize = 100_000;

/// The most changes that a slow listener may lie behind.
const FEED_MAX: usize = 4_096;

/// How the PBX is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The name of the module's instance.
    pub instance: String,
    /// The module's key; an empty one refuses everything.
    pub key: Secret,
    /// The log-in of the account that calls.
    pub login: String,
    /// Its password.
    pub password: Secret,
    /// The secret of the client `rest-client-headless`.
    pub client_secret: Secret,
    /// The group whose members are followed.
    pub group: AccountId,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            instance: "Kalender Connector".to_owned(),
            key: Secret::new("sim-module-key"),
            login: "0001".to_owned(),
            password: Secret::new("sim-password"),
            client_secret: Secret::new("rest-client-headless-sim"),
            group: AccountId(2001),
        }
    }
}

/// Which token calls need in their URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// The SHA-512 token or an access token, as STARFACE 10 takes them.
    Token,
    /// The MD5 token beside the login, as STARFACE before 6.4.2 takes it.
    Md5,
    /// An access token, as STARFACE 10 wants it where others keep the users.
    Jwt,
    /// None: entry points of type `XMLRPC_noauth`.
    None,
}

/// A value that the connector wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write<Field = StateField, Value = String> {
    /// Counted from 1, over all accounts and fields.
    pub number: u64,
    /// When it took effect.
    pub at: DateTime<Utc>,
    /// On whom.
    pub account: AccountId,
    /// Which field.
    pub field: Field,
    /// What was shown before; may equal `to`.
    pub from: Value,
    /// What is shown since.
    pub to: Value,
    /// The call's `Seq`.
    pub seq: u64,
    /// The call's `Owner`.
    pub owner: String,
}

/// A redirect that the connector wrote, by way of an account that has the number.
pub type RedirectWrite = Write<CalledNumber, Redirect>;

/// A change of what an account shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change<Field = StateField, Value = String> {
    /// When.
    pub at: DateTime<Utc>,
    /// Whose.
    pub account: AccountId,
    /// Which field.
    pub field: Field,
    /// What was shown before.
    pub from: Value,
    /// What is shown since.
    pub to: Value,
    /// Who made it.
    pub by: By,
}

/// A change of where calls go at once, by way of an account that has the number.
pub type RedirectChange = Change<CalledNumber, Redirect>;

/// Who changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The connector, by `applyStates` or `applyRedirects`.
    Connector,
    /// A person.
    Person,
    /// The module by itself, for a dead sidecar.
    Module,
    /// A restart of the PBX, or a backup that was restored.
    Restart,
}

/// Whether the module can read what telephones do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Telephony {
    Shown,
    Hidden,
}

/// The module's memory, lost at every restart.
#[derive(Debug, Default)]
pub(crate) struct Module {
    pub(crate) events: Events,
    pub(crate) owner: Option<Owner>,
    /// When each owner called last, present and past ones that have a row in the table.
    pub(crate) heard: BTreeMap<String, DateTime<Utc>>,
    pub(crate) applied: BTreeMap<AccountId, u64>,
    pub(crate) redirects_applied: BTreeMap<CalledNumber, u64>,
    pub(crate) back: BTreeMap<(AccountId, StateField), BackRow>,
    pub(crate) redirects_back: BTreeMap<CalledNumber, RedirectBackRow>,
}

/// Who writes.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    pub(crate) id: String,
    pub(crate) last_seq: u64,
}

/// Everything.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) setup: Setup,
    pub(crate) auth: Auth,
    pub(crate) issuer: Issuer,
    pub(crate) dialect: Dialect,
    pub(crate) pace: Pace,
    pub(crate) login_page_status: u16,
    pub(crate) people: BTreeMap<AccountId, (Person, Shown)>,
    pub(crate) group: BTreeSet<AccountId>,
    pub(crate) numbers: Numbers,
    pub(crate) group_right: GroupRight,
    pub(crate) refusals: BTreeMap<AccountId, String>,
    pub(crate) number_refusals: BTreeMap<(AccountId, CalledNumber), String>,
    pub(crate) telephony: Telephony,
    pub(crate) clients: BTreeMap<AccountId, UccClient>,
    pub(crate) page: Page,
    pub(crate) is_installed: bool,
    pub(crate) module: Module,
    /// Rings at every event, and when the module is loaded anew.
    pub(crate) bell: watch::Sender<()>,
    pub(crate) faults: Faults<Calls, Fault>,
    pub(crate) calls: BTreeMap<&'static str, u64>,
    pub(crate) writes: VecDeque<Write>,
    pub(crate) redirect_writes: VecDeque<RedirectWrite>,
    pub(crate) written: u64,
    pub(crate) feed: broadcast::Sender<Change>,
    pub(crate) redirect_feed: broadcast::Sender<RedirectChange>,
}

impl State {
    pub(crate) fn new(setup: Setup) -> Self {
        Self {
            setup,
            auth: Auth::Token,
            issuer: Issuer::default(),
            dialect: Dialect::Tagged,
            pace: Pace::default(),
            login_page_status: 200,
            people: BTreeMap::new(),
            group: BTreeSet::new(),
            numbers: Numbers::default(),
            group_right: GroupRight::Granted,
            refusals: BTreeMap::new(),
            number_refusals: BTreeMap::new(),
            telephony: Telephony::Shown,
            clients: BTreeMap::new(),
            page: Page::default(),
            is_installed: true,
            module: Module::default(),
            bell: watch::Sender::new(()),
            faults: Faults::default(),
            calls: BTreeMap::new(),
            writes: VecDeque::new(),
            redirect_writes: VecDeque::new(),
            written: 0,
            feed: broadcast::Sender::new(FEED_MAX),
            redirect_feed: broadcast::Sender::new(FEED_MAX),
        }
    }

    /// Lets an account show a value, and tells the listeners when it is another one than before.
    pub(crate) fn show(&mut self, at: DateTime<Utc>, account: AccountId, field: StateField, to: &str, by: By) {
        let Some((_, shown)) = self.people.get_mut(&account) else {
            return;
        };
        let from = shown.replace(field, to);
        if from != to {
            // Nobody has to listen.
            let _ = self.feed.send(Change { at, account, field, from, to: to.to_owned(), by });
        }
    }

    /// Lets a number show a redirect, and tells the listeners when it is another one than before.
    pub(crate) fn redirect(
        &mut self,
        at: DateTime<Utc>,
        account: AccountId,
        field: CalledNumber,
        to: &Redirect,
        by: By,
    ) {
        let Some(from) = self.numbers.redirect(field, Trigger::Always, to) else {
            return;
        };
        if from != *to {
            // Nobody has to listen.
            let _ = self.redirect_feed.send(Change { at, account, field, from, to: to.clone(), by });
        }
    }

    /// Returns what the module reads of an account; an empty text where it cannot be read.
    pub(crate) fn read(&self, account: AccountId, field: StateField) -> Option<&str> {
        let (_, shown) = self.people.get(&account)?;
        Some(if self.shows_back(field) { shown.value(field) } else { "" })
    }

    /// Returns whether the module can read a field.
    pub(crate) fn shows_back(&self, field: StateField) -> bool {
        let is_telephony = matches!(field, StateField::TelephonyState | StateField::InCall);
        !is_telephony || self.telephony == Telephony::Shown
    }

    /// Adds an event to the module's queue.
    pub(crate) fn happen(&mut self, at: DateTime<Utc>, kind: EventKind) {
        self.module.events.push(kind, at);
        self.bell.send_replace(());
    }

    /// Remembers a write.
    pub(crate) fn remember(&mut self, write: Write) {
        remember(&mut self.writes, write);
    }

    /// Remembers a write of a redirect.
    pub(crate) fn remember_redirect(&mut self, write: RedirectWrite) {
        remember(&mut self.redirect_writes, write);
    }

    /// Starts the PBX again: presence, text, indicator and the module's memory are lost.
    pub(crate) fn restart(&mut self, at: DateTime<Utc>) {
        let accounts: Vec<AccountId> = self.people.keys().copied().collect();
        for account in accounts {
            let Some((_, shown)) = self.people.get(&account) else {
                continue;
            };
            let fresh = Shown::fresh(&shown.do_not_disturb);
            for field in StateField::ALL {
                self.show(at, account, field, fresh.value(field), By::Restart);
            }
        }
        self.load_module();
    }

    /// Loads the module anew: its memory is lost.
    pub(crate) fn load_module(&mut self) {
        self.module = Module::default();
        self.bell.send_replace(());
    }
}

fn remember<W>(writes: &mut VecDeque<W>, write: W) {
    if writes.len() == WRITES_MAX {
        writes.pop_front();
    }
    writes.push_back(write);
}
