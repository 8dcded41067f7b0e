//! The real clients, a simulated tenant and a simulated PBX over HTTP, as the world acts on them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use starface_calendar::clock::SimClock;
use starface_calendar::graph::{self, Bodies, GraphClient};
use starface_calendar::meter::Meter;
use starface_calendar::pbx::{Auth, Caller, Config, Trust, XmlRpc};
use starface_calendar::rules::{AccountId, ShowAs};
use starface_calendar::sim::pbx::{Calls, Fault, Method, Person, Setup, StateField, Trigger};
use starface_calendar::sim::tenant::{
    Appointment, AppointmentId, Fault as TenantFault, Response, Sensitivity, ShowAs as Shows, Whom,
};
use starface_calendar::sim::{Pbx, Tenant, Times};

use super::fuse::Fuse;
use super::idle::Idle;
use super::journal::Holding;
use super::meeting::{Meeting, Part, When};
use super::model::Way;
use super::outside::{Outside, Set, Shown, Written};
use super::pbx;
use super::ports::{redirect, way};
use super::tenant::{self, address};
use super::watched::{Watch, Watched};

/// How often the sockets are looked at before everything counts as done, and how often at most while a call is under way
/// that itself waits for the clock.
const LOOKS: usize = 12;
const LOOKS_MAX: usize = 4_000;

pub(crate) struct Http {
    clock: SimClock,
    fuse: Fuse,
    holding: Holding,
    watch: Watch,
    pbx: Pbx,
    tenant: Tenant,
    appointments: RefCell<BTreeMap<String, AppointmentId>>,
    people: RefCell<BTreeMap<u32, Person>>,
}

impl Http {
    pub(crate) async fn new(clock: &SimClock, fuse: &Fuse, holding: &Holding) -> Self {
        Self {
            pbx: Pbx::start(clock.clone(), Setup::default()).await.unwrap(),
            tenant: Tenant::start(clock.clone()).await.unwrap(),
            clock: clock.clone(),
            fuse: fuse.clone(),
            holding: holding.clone(),
            watch: Watch::default(),
            appointments: RefCell::default(),
            people: RefCell::default(),
        }
    }

    fn watched<C>(&self, client: C) -> Arc<Watched<C>> {
        let (clock, fuse, holding) = (self.clock.clone(), self.fuse.clone(), self.holding.clone());
        Arc::new(Watched { client, clock, fuse, holding, watch: self.watch.clone() })
    }
}

fn appointment(meeting: &Meeting) -> Appointment {
    let appointment = match meeting.when {
        When::Timed { start, end } => Appointment::timed(start, end),
        When::Days { first, until, .. } => Appointment::all_day(first, until),
    };
    let appointment = appointment.subject(meeting.title()).show_as(match meeting.show_as {
        ShowAs::Free => Shows::Free,
        ShowAs::Tentative => Shows::Tentative,
        ShowAs::WorkingElsewhere => Shows::WorkingElsewhere,
        ShowAs::Busy => Shows::Busy,
        ShowAs::OutOfOffice => Shows::OutOfOffice,
    });
    let appointment = if meeting.private { appointment.sensitivity(Sensitivity::Private) } else { appointment };
    let appointment = match meeting.part {
        Part::Own => appointment,
        Part::Accepted => appointment.invitation(Response::Accepted),
        Part::Unanswered => appointment.invitation(Response::NotResponded),
        Part::Declined => appointment.invitation(Response::Declined),
    };
    let appointment = if meeting.cancelled { appointment.cancelled() } else { appointment };
    let names = meeting.categories.iter().map(|category| category.name());
    let appointment = names.fold(appointment, Appointment::category);
    let line = |tag: &str, number: Option<&str>| number.map(|number| format!("<p>@@{tag}: {number}</p>"));
    let tags = [line("Extern", meeting.external), line("Intern", meeting.internal)];
    appointment.html_body(format!("<html><body>{}</body></html>", tags.into_iter().flatten().collect::<String>()))
}

impl Outside for Http {
    type Calendars = Watched<GraphClient>;
    type Pbx = Watched<XmlRpc>;

    fn ports(&self, owner: String, first_seq: u64) -> (Arc<Self::Calendars>, Arc<Self::Pbx>) {
        let app = self.tenant.credentials();
        let config = graph::Config {
            tenant_id: app.tenant_id,
            client_id: app.client_id,
            credential: starface_calendar::credential::Credential::secret(app.client_secret),
            endpoint: self.tenant.endpoint(),
            login_endpoint: self.tenant.login_endpoint(),
            request_timeout: Duration::from_secs(30),
            bodies: Bodies::Read,
            meter: Meter::default(),
        };
        let calendars = GraphClient::new(config, self.clock.clone()).unwrap();
        let setup = self.pbx.setup();
        let config = Config {
            url: self.pbx.url(),
            instance: setup.instance,
            login: setup.login,
            password: setup.password,
            auth: Auth::Sha512,
            trust: Trust::System,
            module_key: setup.key,
            timeout: Duration::from_secs(20),
            meter: Meter::default(),
        };
        let pbx = XmlRpc::new(config, Caller::new(owner, first_seq), self.clock.clone()).unwrap();
        (self.watched(calendars), self.watched(pbx))
    }

    /// Sockets are looked at again and again: what is sent on one end of a connection can be read on the other at once.
    async fn calm(&self, idle: &Idle) {
        let mut calm = 0;
        for _ in 0..LOOKS_MAX {
            idle.idle().await;
            calm = if self.watch.is_busy() && !self.fuse.has_blown() { 0 } else { calm + 1 };
            if calm == LOOKS {
                return;
            }
        }
    }

    fn hire(&self, account: u32, boxes: &[String]) {
        let email = address(account).to_string();
        let (first_name, family_name) = ("Member".to_owned(), account.to_string());
        let person =
            Person { account: AccountId(account), login: format!("{account:05}"), first_name, family_name, email };
        self.people.borrow_mut().insert(account, person.clone());
        self.pbx.add_member(person);
        for id in boxes {
            self.pbx.offer_mailbox(AccountId(account), id, "Box");
        }
        self.tenant.add_mailbox(&address(account));
    }

    fn give(&self, number: &str, members: &[u32], way: &Way) {
        let accounts: Vec<AccountId> = members.iter().copied().map(AccountId).collect();
        match accounts[..] {
            [one] => self.pbx.give_number(one, number.parse().unwrap()),
            _ => self.pbx.give_group_number(&accounts, number.parse().unwrap()),
        }
        self.lead(number, members, way);
    }

    fn join(&self, account: u32) {
        self.pbx.add_member(self.people.borrow()[&account].clone());
    }

    fn leave(&self, account: u32) {
        self.pbx.remove_member(AccountId(account));
    }

    fn set(&self, account: u32, set: Set<'_>) {
        let account = AccountId(account);
        match set {
            Set::Presence(presence) => self.pbx.person_sets(account, StateField::ChatPresence, presence),
            Set::Text(text) => self.pbx.person_sets(account, StateField::ChatPresenceMessage, text),
            Set::Dnd(on) => self.pbx.person_sets(account, StateField::DoNotDisturb, if on { "true" } else { "false" }),
            Set::Call(true) => self.pbx.begin_call(account),
            Set::Call(false) => self.pbx.end_call(account),
        }
    }

    fn lead(&self, number: &str, members: &[u32], way: &Way) {
        let number = number.parse().unwrap();
        self.pbx.person_redirects(AccountId(members[0]), number, Trigger::Always, &redirect(way));
    }

    fn dial_end(&self, account: u32) {
        self.pbx.person_dials_end(AccountId(account));
    }

    /// One that is changed stays the same appointment, which an early end goes by.
    fn put(&self, meeting: &Meeting) {
        let mut appointments = self.appointments.borrow_mut();
        match appointments.get(&meeting.id) {
            Some(id) => self.tenant.change(id, |known| *known = appointment(meeting)),
            None => {
                let id = self.tenant.put(&address(meeting.member), appointment(meeting));
                appointments.insert(meeting.id.clone(), id);
            }
        }
    }

    fn delete(&self, meeting: &Meeting) {
        if let Some(id) = self.appointments.borrow_mut().remove(&meeting.id) {
            self.tenant.delete(&id);
        }
    }

    fn shown(&self, account: u32) -> Shown {
        let shown = self.pbx.shows(AccountId(account)).unwrap();
        Shown {
            presence: shown.chat_presence,
            text: shown.chat_presence_message,
            is_red: shown.telephony_state == "ACTIVE",
            dnd: shown.do_not_disturb == "true",
        }
    }

    fn way(&self, number: &str) -> Way {
        way(&self.pbx.redirect(number.parse().unwrap(), Trigger::Always).unwrap().redirect)
    }

    fn written(&self) -> Written {
        std::mem::take(&mut self.watch.written.lock().unwrap())
    }

    fn calls(&self) -> u64 {
        self.watch.calls.load(Ordering::Relaxed).try_into().unwrap()
    }

    fn restart(&self) {
        self.pbx.restart();
    }

    fn update_module(&self) {
        self.pbx.update_module();
    }

    /// The simulated PBX does by the clock what is due.
    fn minute(&self) {}

    fn trouble(&self, mood: pbx::Mood) {
        use pbx::Mood;
        match mood {
            Mood::Well => {}
            Mood::Away => self.pbx.fail(Calls::All, Fault::Gone, Times::Always),
            Mood::Mute => self.pbx.fail(Calls::All, Fault::AnswerLost, Times::Always),
            Mood::Late => self.pbx.fail(Calls::Writing, Fault::Late(TimeDelta::seconds(40)), Times::Always),
            Mood::Half => self.pbx.fail(Calls::Of(Method::GetStates), Fault::Truncated, Times::Next(5)),
            Mood::Refusing => self.pbx.fail(Calls::Writing, Fault::Words("no".to_owned()), Times::Always),
            Mood::Ineffective => self.pbx.withdraw_group_right(),
            // The present owner may have called too lately.
            Mood::Foreign => drop(self.pbx.other_owner_writes()),
            Mood::Shrunken => self.pbx.fail(Calls::Of(Method::GetMembers), Fault::Empty, Times::Always),
        }
    }

    fn trouble_calendars(&self, mood: tenant::Mood) {
        use tenant::Mood;
        let (whom, fault) = match mood {
            Mood::Well => return,
            Mood::Away => (Whom::Everybody, TenantFault::Gone),
            Mood::Locked => return self.tenant.revoke_tokens(),
            Mood::Throttling => (Whom::Everybody, TenantFault::Throttled("30".to_owned())),
            Mood::Half => (Whom::Everybody, TenantFault::Truncated),
            Mood::Absent => (Whom::Mailbox(address(1_101)), TenantFault::ItemStatus(404)),
        };
        self.tenant.fail(whom, fault, Times::Always);
    }

    fn heal(&self) {
        self.pbx.heal();
        self.pbx.grant_group_right();
        self.tenant.heal();
    }

    /// What is late there is an end of its own; it knows no holds.
    fn forget_late_writes(&self) {}
}
