//! The fakes at the ports, as the world acts on them.

use std::sync::Arc;

use starface_calendar::clock::SimClock;
use starface_calendar::pbx::EventKind;
use starface_calendar::rules::{AccountId, Address, DestinationKind, Login, Member, Ownership, Redirect, Telephony};

use super::fuse::Fuse;
use super::idle::Idle;
use super::journal::Holding;
use super::meeting::Meeting;
use super::model::Way;
use super::outside::{Outside, Set, Shown, Written};
use super::pbx::{self, Line, Telephones};
use super::tenant::{self, Tenant, address};

pub(crate) struct Ports {
    pbx: Telephones,
    tenant: Tenant,
}

impl Ports {
    pub(crate) fn new(clock: &SimClock, fuse: &Fuse, holding: &Holding) -> Self {
        Self {
            pbx: Telephones::new(clock.clone(), fuse.clone(), holding.clone()),
            tenant: Tenant::new(clock.clone(), fuse.clone()),
        }
    }
}

pub(crate) fn member(account: u32, address: Address) -> Member {
    Member {
        account: AccountId(account),
        login: Login(format!("{account:05}")),
        name: format!("Member {account}"),
        address: Some(address),
    }
}

pub(crate) fn redirect(way: &Way) -> Redirect {
    let kind = if way.is_box { DestinationKind::Mailbox } else { DestinationKind::Number };
    Redirect { enabled: way.is_on, kind, destination: way.place.clone() }
}

pub(crate) fn way(redirect: &Redirect) -> Way {
    let is_box = redirect.kind == DestinationKind::Mailbox;
    Way { is_on: redirect.enabled, is_box, place: redirect.destination.clone() }
}

impl Outside for Ports {
    type Calendars = Tenant;
    type Pbx = Telephones;

    fn ports(&self, owner: String, _: u64) -> (Arc<Tenant>, Arc<Telephones>) {
        self.pbx.state().caller = owner;
        (Arc::new(self.tenant.clone()), Arc::new(self.pbx.clone()))
    }

    async fn calm(&self, idle: &Idle) {
        idle.idle().await;
    }

    fn hire(&self, account: u32, boxes: &[String]) {
        let mut state = self.pbx.state();
        state.group.insert(account, member(account, address(account)));
        state.shown.insert(account, pbx::Shown::fresh());
        state.boxes.insert(account, boxes.to_vec());
        self.tenant.state().mailboxes.insert(address(account), account);
    }

    fn give(&self, number: &str, members: &[u32], way: &Way) {
        let ownership = if members.len() > 1 { Ownership::Group } else { Ownership::Own };
        let line = Line { ownership, members: members.to_vec(), redirect: redirect(way) };
        self.pbx.state().lines.insert(number.to_owned(), line);
    }

    fn join(&self, account: u32) {
        self.pbx.state().group.insert(account, member(account, address(account)));
    }

    fn leave(&self, account: u32) {
        self.pbx.state().group.remove(&account);
    }

    fn set(&self, account: u32, set: Set<'_>) {
        let mut state = self.pbx.state();
        let shown = state.shown.get_mut(&account).unwrap();
        match set {
            Set::Presence(presence) => presence.clone_into(&mut shown.presence),
            Set::Text(text) => text.clone_into(&mut shown.text),
            Set::Dnd(on) => shown.dnd = on,
            Set::Call(in_call) => {
                shown.in_call = in_call;
                shown.lamp = if in_call { Telephony::Active } else { Telephony::Available };
            }
        }
    }

    fn lead(&self, number: &str, _: &[u32], way: &Way) {
        self.pbx.state().lines.get_mut(number).unwrap().redirect = redirect(way);
    }

    fn dial_end(&self, account: u32) {
        self.pbx.happen(EventKind::End(AccountId(account)));
    }

    fn put(&self, meeting: &Meeting) {
        self.tenant.state().meetings.insert(meeting.id.clone(), meeting.clone());
    }

    fn delete(&self, meeting: &Meeting) {
        self.tenant.state().meetings.remove(&meeting.id);
    }

    fn shown(&self, account: u32) -> Shown {
        let state = self.pbx.state();
        let shown = &state.shown[&account];
        let is_red = shown.lamp == Telephony::Active;
        Shown { presence: shown.presence.clone(), text: shown.text.clone(), is_red, dnd: shown.dnd }
    }

    fn way(&self, number: &str) -> Way {
        way(&self.pbx.state().lines[number].redirect)
    }

    fn written(&self) -> Written {
        std::mem::take(&mut self.pbx.state().written)
    }

    fn calls(&self) -> u64 {
        self.pbx.state().calls + self.tenant.state().calls
    }

    fn restart(&self) {
        self.pbx.restart();
    }

    fn update_module(&self) {
        self.pbx.update_module();
    }

    fn minute(&self) {
        self.pbx.land();
        self.pbx.tick();
    }

    fn trouble(&self, mood: pbx::Mood) {
        self.pbx.state().mood = mood;
    }

    fn trouble_calendars(&self, mood: tenant::Mood) {
        self.tenant.state().mood = mood;
    }

    fn heal(&self) {
        self.trouble(pbx::Mood::Well);
        self.trouble_calendars(tenant::Mood::Well);
    }

    fn forget_late_writes(&self) {
        self.pbx.state().forget_late_writes();
    }
}
