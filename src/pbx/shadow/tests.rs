//! The shadow over a PBX that a test changes, and that fails it when it is written to.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;

use super::*;
use crate::clock::SimClock;
use crate::rules::{Back, Call, Dnd, Ownership, Presence, Redirect, RedirectRecord, Seen, StatusText, Telephony};

const ANNA: AccountId = AccountId(1010);
const BEAT: AccountId = AccountId(1011);
const ORIGINAL: &str = "[07:00-12:00] [Gebucht] Kunde ABC";

/// What the PBX shows, and that it fails a test that writes to it.
#[derive(Debug, Default)]
struct Real {
    seen: BTreeMap<AccountId, Seen>,
    records: BTreeMap<AccountId, Vec<RedirectRecord>>,
    queue: String,
}

#[derive(Clone, Debug, Default)]
struct Telephones(Arc<Mutex<Real>>);

impl Pbx for Telephones {
    async fn info(&self) -> Result<ModuleInfo, PbxError> {
        Err(PbxError::WrongKey)
    }

    async fn page(&self) -> Result<Page, PbxError> {
        Err(PbxError::WrongKey)
    }

    async fn members(&self, _: AccountId) -> Result<Vec<Member>, PbxError> {
        Ok(Vec::new())
    }

    async fn states(&self, accounts: &[AccountId]) -> States {
        let real = self.0.lock().unwrap();
        let seen = accounts.iter().filter_map(|account| Some((*account, real.seen.get(account)?.clone())));
        States { seen: seen.collect(), errors: Vec::new() }
    }

    async fn redirects(&self, accounts: &[AccountId]) -> Redirects {
        let real = self.0.lock().unwrap();
        let seen = accounts.iter().filter_map(|account| Some((*account, real.records.get(account)?.clone())));
        Redirects { seen: seen.collect(), errors: Vec::new() }
    }

    async fn apply(&self, _: &[Step]) -> Applied {
        panic!("a shadow run wrote to the PBX");
    }

    async fn drain(&self, _: Option<String>, after: u64, _: Duration) -> Result<Drained, PbxError> {
        let queue = self.0.lock().unwrap().queue.clone();
        Ok(Drained { queue, seq: after, events: Vec::new(), skipped: 0 })
    }
}

/// A shadow over a PBX that a test changes.
struct Bench {
    real: Telephones,
    shadow: Shadow<Telephones, SimClock>,
    clock: SimClock,
}

fn start() -> DateTime<Utc> {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

impl Bench {
    fn new() -> Self {
        let (real, clock) = (Telephones::default(), SimClock::new(start()));
        let shadow = Shadow::over(real.clone(), &[], clock.clone());
        let bench = Self { real, shadow, clock };
        for account in [ANNA, BEAT] {
            bench.show(account, "AVAILABLE", "");
        }
        bench
    }

    fn show(&self, account: AccountId, presence: &str, text: &str) {
        let seen = Seen {
            presence: Presence::named(presence),
            text: StatusText(text.to_owned()),
            telephony: Some(Telephony::Available),
            dnd: Some(Dnd::Off),
            call: Call::None,
        };
        self.real.0.lock().unwrap().seen.insert(account, seen);
    }

    fn change(&self, account: AccountId, change: impl FnOnce(&mut Seen)) {
        change(self.real.0.lock().unwrap().seen.get_mut(&account).unwrap());
    }

    fn pass(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    /// What the shadow says that a member shows.
    async fn told(&self, account: AccountId) -> Seen {
        self.shadow.states(&[account]).await.seen.remove(&account).unwrap()
    }

    async fn presence(&self, account: AccountId) -> String {
        self.told(account).await.presence.name().to_owned()
    }

    async fn put(&self, account: AccountId, value: Value, under: Value) {
        let back = Some(Back { value: under, after: start() + TimeDelta::hours(2) });
        let step = Step { account, deed: Deed::Write { value: value.clone(), expect: None, back } };
        let applied = self.shadow.apply(&[step]).await;
        assert!(applied.errors.is_empty());
        assert_eq!(applied.outcomes, [Outcome::Done { seen: Some(value) }]);
    }

    async fn give_back(&self, account: AccountId, value: Value) {
        self.shadow.apply(&[Step::write(account, value, None)]).await;
    }

    /// The differences since the last time, each as second, turn, wanted and there.
    fn differences(&self) -> Vec<String> {
        let told = |one: Difference| {
            let (turn, second) = (one.turn, (one.at - start()).num_seconds());
            format!(
                "{second} {turn:?} {} {}: {} / {}",
                one.account,
                one.wanted.field(),
                one.wanted.words(),
                one.there.words()
            )
        };
        self.shadow.take_differences().into_iter().map(told).collect()
    }
}

fn presence(name: &str) -> Value {
    Value::Presence(Presence::named(name))
}

fn text(text: &str) -> Value {
    Value::Text(StatusText(text.to_owned()))
}

#[tokio::test]
async fn what_would_have_been_written_is_told_as_written_and_the_pbx_never_hears_of_it() {
    let bench = Bench::new();
    assert_eq!(bench.presence(ANNA).await, "AVAILABLE");
    bench.put(ANNA, presence("AWAY"), presence("AVAILABLE")).await;
    assert_eq!(bench.presence(ANNA).await, "AWAY");
    assert_eq!(bench.presence(BEAT).await, "AVAILABLE");
    bench.give_back(ANNA, presence("AVAILABLE")).await;
    assert_eq!(bench.presence(ANNA).await, "AVAILABLE");
}

#[tokio::test]
async fn a_difference_begins_with_the_write_that_was_not_made_and_ends_when_the_pbx_shows_it() {
    let bench = Bench::new();
    bench.told(ANNA).await;
    bench.pass(10);
    bench.put(ANNA, presence("AWAY"), presence("AVAILABLE")).await;
    bench.pass(30);
    bench.told(ANNA).await;
    assert_eq!(bench.differences(), ["10 Begins 1010 presence: AWAY / AVAILABLE"]);
    bench.change(ANNA, |seen| seen.presence = Presence::Away);
    bench.pass(30);
    bench.told(ANNA).await;
    assert_eq!(bench.differences(), ["70 Ends 1010 presence: AWAY / AVAILABLE"]);
    bench.pass(30);
    bench.told(ANNA).await;
    assert_eq!(bench.differences(), [""; 0]);
}

#[tokio::test]
async fn what_was_given_back_is_told_until_the_pbx_shows_it_and_at_most_an_hour() {
    let bench = Bench::new();
    bench.told(ANNA).await;
    bench.put(ANNA, Value::Dnd(Dnd::On), Value::Dnd(Dnd::Off)).await;
    bench.change(ANNA, |seen| seen.dnd = Some(Dnd::On));
    bench.told(ANNA).await;
    bench.pass(100);
    bench.give_back(ANNA, Value::Dnd(Dnd::Off)).await;
    bench.pass(50);
    assert_eq!(bench.told(ANNA).await.dnd, Some(Dnd::Off));
    assert_eq!(bench.differences(), ["100 Begins 1010 dnd: off / on"]);
    bench.pass(3550);
    assert_eq!(bench.told(ANNA).await.dnd, Some(Dnd::On), "after an hour it is what is there");
    assert_eq!(bench.differences(), ["3700 Ends 1010 dnd: off / on"]);
}

#[tokio::test]
async fn while_another_connector_s_text_stands_the_member_s_own_is_told_and_that_is_a_difference() {
    let bench = Bench::new();
    bench.show(ANNA, "FREE_FOR_CHAT", "Im Homeoffice");
    bench.told(ANNA).await;
    bench.pass(30);
    bench.told(ANNA).await;
    bench.show(ANNA, "AWAY", ORIGINAL);
    bench.pass(30);
    let told = bench.told(ANNA).await;
    assert_eq!((told.presence, told.text.0.as_str()), (Presence::FreeForChat, "Im Homeoffice"));
    assert_eq!(
        bench.differences(),
        [
            "60 Begins 1010 presence: FREE_FOR_CHAT / AWAY".to_owned(),
            format!("60 Begins 1010 text: Im Homeoffice / {ORIGINAL}"),
        ]
    );
}

#[tokio::test]
async fn a_connector_met_between_two_of_its_writes_does_not_become_the_member_s_own() {
    let bench = Bench::new();
    bench.told(ANNA).await;
    bench.told(ANNA).await;
    bench.show(ANNA, "AWAY", "");
    bench.told(ANNA).await;
    bench.show(ANNA, "AWAY", ORIGINAL);
    assert_eq!(bench.presence(ANNA).await, "AVAILABLE");
}

#[tokio::test]
async fn of_one_who_was_met_under_another_connector_presence_and_text_are_neutral_and_dnd_is_kept() {
    let bench = Bench::new();
    bench.show(ANNA, "AWAY", ORIGINAL);
    bench.change(ANNA, |seen| seen.dnd = Some(Dnd::On));
    let told = bench.told(ANNA).await;
    assert_eq!((told.presence, told.text.0.as_str(), told.dnd), (Presence::Available, "", Some(Dnd::On)));
}

#[tokio::test]
async fn a_call_is_shown_as_it_is_and_is_no_difference() {
    let bench = Bench::new();
    bench.told(ANNA).await;
    bench.put(ANNA, Value::Indicator(Telephony::QueuePause), Value::Indicator(Telephony::Available)).await;
    bench.change(ANNA, |seen| (seen.telephony, seen.call) = (Some(Telephony::Active), Call::UnderWay));
    assert_eq!(bench.told(ANNA).await.telephony, Some(Telephony::Active));
    assert_eq!(bench.differences(), [""; 0]);
    bench.change(ANNA, |seen| (seen.telephony, seen.call) = (None, Call::None));
    assert_eq!(bench.told(ANNA).await.telephony, None, "what is not shown would not be shown either");
}

#[tokio::test]
async fn a_restart_of_the_pbx_loses_what_it_would_have_lost() {
    let bench = Bench::new();
    bench.shadow.drain(None, 0, Duration::ZERO).await.unwrap();
    bench.put(ANNA, presence("AWAY"), presence("AVAILABLE")).await;
    bench.put(ANNA, Value::Dnd(Dnd::On), Value::Dnd(Dnd::Off)).await;
    bench.real.0.lock().unwrap().queue = "another".to_owned();
    bench.shadow.drain(None, 0, Duration::ZERO).await.unwrap();
    let told = bench.told(ANNA).await;
    assert_eq!((told.presence, told.dnd), (Presence::Available, Some(Dnd::On)));
}

#[tokio::test]
async fn a_group_s_number_is_one_field_and_differs_once() {
    let bench = Bench::new();
    let number = "0041712345600".parse().unwrap();
    let record = |redirect: Redirect| RedirectRecord {
        number,
        ownership: Ownership::Group,
        redirect,
        last_mailbox: None,
        mailboxes: Vec::new(),
    };
    let lead = |redirect: Redirect| {
        let records = [ANNA, BEAT].map(|account| (account, vec![record(redirect.clone())]));
        bench.real.0.lock().unwrap().records = records.into();
    };
    lead(Redirect::none());
    bench.shadow.redirects(&[ANNA, BEAT]).await;
    let (put, under) = (Redirect::to_mailbox("3"), Redirect::none());
    bench.put(BEAT, Value::Redirect(number, put.clone()), Value::Redirect(number, under)).await;
    let told = bench.shadow.redirects(&[ANNA, BEAT]).await.seen;
    assert_eq!([ANNA, BEAT].map(|account| told[&account][0].redirect.clone()), [put.clone(), put.clone()]);
    assert_eq!(bench.differences(), ["0 Begins 1010 redirect of 0041712345600: voicemail 3 / off"]);
    lead(put);
    bench.shadow.redirects(&[ANNA, BEAT]).await;
    assert_eq!(bench.differences(), ["0 Ends 1010 redirect of 0041712345600: voicemail 3 / off"]);
}

#[tokio::test]
async fn what_an_earlier_shadow_run_held_lies_over_the_pbx_from_the_beginning() {
    let bench = Bench::new();
    let hold = |value: Value, under: Value| Hold {
        account: ANNA,
        under,
        put: value,
        earlier: Vec::new(),
        phase: crate::rules::Phase::Held,
        claimants: Vec::new(),
        since: start(),
        written_at: None,
        unanswered_at: None,
        back_after: Some(start() + TimeDelta::hours(1)),
        yielded: Vec::new(),
        sight: crate::rules::Sight::Clear,
        rewrites: 0,
    };
    let holds = [hold(presence("AWAY"), presence("AVAILABLE")), hold(text("Sitzung"), text(""))];
    let shadow = Shadow::over(bench.real.clone(), &holds, bench.clock.clone());
    let told = shadow.states(&[ANNA]).await.seen.remove(&ANNA).unwrap();
    assert_eq!((told.presence, told.text.0.as_str()), (Presence::Away, "Sitzung"));
    bench.pass(3600);
    let told = shadow.states(&[ANNA]).await.seen.remove(&ANNA).unwrap();
    assert_eq!(told.presence, Presence::Available, "nobody took it off, and it is long over");
}
