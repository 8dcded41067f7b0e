//! Redirects over real HTTP: the client and the simulated PBX, in both of its dialects.

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::clock::{Clock, SimClock};
use starface_calendar::pbx::{Pbx as _, XmlRpc};
use starface_calendar::rules::{
    AccountId, Back, CalledNumber, Deed, Field, Outcome, Ownership, Redirect, RedirectRecord, Step, Value,
};
use starface_calendar::sim::Pbx;
use starface_calendar::sim::Times;
use starface_calendar::sim::pbx::{Calls, Dialect, Fault, Method, Trigger};

use crate::pbx_drain;
use crate::pbx_redirects::{number, off};
use crate::sim::{ANNA, BEAT, person};

const OWN: &str = "210";
const GROUP: &str = "0041712345600";

/// A PBX on which Anna has a number, a box, and a group with Beat.
async fn start() -> (SimClock, Pbx, XmlRpc) {
    let (clock, pbx, client) = pbx_drain::start().await;
    pbx.add_member(person(BEAT, "Beat"));
    pbx.give_number(ANNA, number(OWN));
    pbx.give_group_number(&[ANNA, BEAT], number(GROUP));
    pbx.offer_mailbox(ANNA, "10", "Zentrale & Größe");
    pbx.offer_mailbox(ANNA, "9", "Anna");
    (clock, pbx, client)
}

/// A write over what is shown, which the module is to put back at this instant.
fn put(called: &str, over: Redirect, to: Redirect, after: DateTime<Utc>) -> Step {
    let value = |redirect| Value::Redirect(number(called), redirect);
    let back = Some(Back { value: value(over.clone()), after });
    Step { account: ANNA, deed: Deed::Write { value: value(to), expect: Some(value(over)), back } }
}

async fn made_of(client: &XmlRpc, step: Step) -> Outcome {
    let applied = client.apply(&[step]).await;
    applied.outcomes.into_iter().next().unwrap()
}

async fn read(client: &XmlRpc, account: AccountId, called: &str) -> RedirectRecord {
    let redirects = client.redirects(&[account]).await;
    assert!(redirects.errors.is_empty(), "{:?}", redirects.errors);
    let records = &redirects.seen[&account];
    records.iter().find(|record| record.number == number(called)).unwrap().clone()
}

fn seen(called: &str, redirect: Redirect) -> Option<Value> {
    Some(Value::Redirect(number(called), redirect))
}

fn shows(pbx: &Pbx, called: &str) -> Redirect {
    pbx.redirect(number(called), Trigger::Always).unwrap().redirect
}

#[tokio::test]
async fn every_number_of_an_account_is_read_and_those_of_its_groups() {
    for dialect in [Dialect::Tagged, Dialect::Apache] {
        let (_, pbx, client) = start().await;
        pbx.speak(dialect);
        pbx.person_redirects(ANNA, number(OWN), Trigger::Always, &Redirect::to_mailbox("9"));
        pbx.person_redirects(ANNA, number(OWN), Trigger::Always, &off("0041 71 234"));
        let redirects = client.redirects(&[ANNA, BEAT, AccountId(4711)]).await;
        let own = RedirectRecord {
            number: number(OWN),
            ownership: Ownership::Own,
            redirect: off("0041 71 234"),
            last_mailbox: Some("9".to_owned()),
            mailboxes: ["9", "10"].map(str::to_owned).into(),
        };
        let group = |mailboxes| RedirectRecord {
            number: number(GROUP),
            ownership: Ownership::Group,
            redirect: Redirect::none(),
            last_mailbox: None,
            mailboxes,
        };
        assert_eq!(redirects.seen[&ANNA], [group(own.mailboxes.clone()), own]);
        assert_eq!(redirects.seen[&BEAT], [group(Vec::new())]);
        assert_eq!(redirects.seen.len(), 2, "an unknown account is unknown");
    }
}

#[tokio::test]
async fn a_redirect_is_put_on_over_what_was_read_and_taken_off_again() {
    for dialect in [Dialect::Tagged, Dialect::Apache] {
        let (clock, pbx, client) = start().await;
        pbx.speak(dialect);
        let before = off(" 0041 71 / 234");
        pbx.person_redirects(ANNA, number(OWN), Trigger::Always, &before);
        let read = read(&client, ANNA, OWN).await.redirect;
        let target = Redirect::to_number("0041791234567");
        let put_on = put(OWN, read.clone(), target.clone(), clock.now());
        assert_eq!(made_of(&client, put_on).await, Outcome::Done { seen: seen(OWN, target.clone()) });
        assert_eq!(shows(&pbx, OWN), target);
        let table = pbx.redirect_back_table();
        assert_eq!((table.len(), &table[0].back, &table[0].put), (1, &before, &target));

        let value = |redirect| Value::Redirect(number(OWN), redirect);
        let take_off = Step::write(ANNA, value(read), Some(value(target)));
        assert_eq!(made_of(&client, take_off).await, Outcome::Done { seen: seen(OWN, before.clone()) });
        assert_eq!(shows(&pbx, OWN), before);
        assert!(pbx.redirect_back_table().is_empty());
    }
}

#[tokio::test]
async fn what_a_person_changed_meanwhile_is_not_written_over() {
    let (clock, pbx, client) = start().await;
    let theirs = Redirect::to_mailbox("10");
    pbx.person_redirects(ANNA, number(OWN), Trigger::Always, &theirs);
    let late = put(OWN, Redirect::none(), Redirect::to_number("211"), clock.now());
    assert_eq!(made_of(&client, late).await, Outcome::Changed { seen: seen(OWN, theirs.clone()) });
    assert_eq!(shows(&pbx, OWN), theirs);
}

#[tokio::test]
async fn what_the_module_would_put_back_is_replaced_and_forgotten_without_a_write() {
    let (clock, pbx, client) = start().await;
    made_of(&client, put(OWN, Redirect::none(), Redirect::to_number("211"), clock.now())).await;
    let after = clock.now() + TimeDelta::hours(1);
    let remember = Deed::Remember(Back { value: Value::Redirect(number(OWN), off("212")), after });
    let done = Outcome::Done { seen: None };
    assert_eq!(made_of(&client, Step { account: ANNA, deed: remember }).await, done);
    let row = pbx.redirect_back_table().remove(0);
    assert_eq!((row.back, row.back_after), (off("212"), after.timestamp().to_string()));
    let forget = Deed::Forget(Field::Redirect(number(OWN)));
    assert_eq!(made_of(&client, Step { account: ANNA, deed: forget }).await, done);
    assert!(pbx.redirect_back_table().is_empty());
    assert_eq!(pbx.redirect_writes().len(), 1);
}

#[tokio::test]
async fn what_the_pbx_refuses_comes_with_its_words() {
    async fn case(called: &str, to: Redirect, words: &str) {
        let (clock, pbx, client) = start().await;
        let outcome = made_of(&client, put(called, Redirect::none(), to, clock.now())).await;
        assert_eq!(outcome, Outcome::Refused { error: words.to_owned() });
        assert!(pbx.redirect_writes().is_empty());
    }
    case("219", Redirect::to_number("211"), "unknown number").await;
    case(OWN, Redirect::to_number(""), "a destination is missing").await;
    case(OWN, Redirect::to_mailbox("11"), "unknown mailbox").await;
    case(OWN, Redirect::to_number("+41791234567"), "a number starts with 00, not with +").await;
}

#[tokio::test]
async fn a_group_redirect_without_the_right_is_answered_ok_and_stays_as_it_was() {
    let (clock, pbx, client) = start().await;
    pbx.withdraw_group_right();
    let step = put(GROUP, Redirect::none(), Redirect::to_number("211"), clock.now());
    assert_eq!(made_of(&client, step).await, Outcome::Done { seen: seen(GROUP, Redirect::none()) });
}

#[tokio::test]
async fn a_lost_answer_leaves_the_matter_open_and_the_next_read_tells() {
    let (clock, pbx, client) = start().await;
    pbx.fail(Calls::Of(Method::ApplyRedirects), Fault::AnswerLost, Times::Next(1));
    let target = Redirect::to_mailbox("9");
    let outcome = made_of(&client, put(OWN, Redirect::none(), target.clone(), clock.now())).await;
    assert_eq!(outcome, Outcome::Unanswered);
    assert_eq!(read(&client, ANNA, OWN).await.redirect, target);
    assert_eq!(pbx.calls()["applyRedirects"], 1, "a write is never made again here");
}

#[tokio::test]
async fn hundreds_of_numbers_are_read_and_written_in_few_calls() {
    let (clock, pbx, client) = start().await;
    let called = |account: u32| -> CalledNumber { format!("0041{account}").parse().unwrap() };
    for account in 2000..2250 {
        pbx.add_member(person(AccountId(account), "Carl"));
        pbx.give_number(AccountId(account), called(account));
    }
    let steps: Vec<Step> = (2000..2250)
        .map(|account| {
            let value = |redirect| Value::Redirect(called(account), redirect);
            let back = Some(Back { value: value(Redirect::none()), after: clock.now() });
            let deed =
                Deed::Write { value: value(Redirect::to_number("211")), expect: Some(value(Redirect::none())), back };
            Step { account: AccountId(account), deed }
        })
        .collect();
    let applied = client.apply(&steps).await;
    assert!(applied.outcomes.iter().all(|outcome| matches!(outcome, Outcome::Done { seen: Some(_) })));
    let accounts: Vec<AccountId> = steps.iter().map(|step| step.account).collect();
    let redirects = client.redirects(&accounts).await;
    let shown = redirects.seen.values().flatten().filter(|record| record.redirect == Redirect::to_number("211"));
    assert_eq!(shown.count(), 250);
    assert_eq!((pbx.calls()["applyRedirects"], pbx.calls()["getRedirects"]), (3, 3));
}
