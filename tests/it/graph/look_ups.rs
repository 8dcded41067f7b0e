//! Addresses that nobody signs in with: looked up by mail address, once a day, where the app may.

use chrono::TimeDelta;
use starface_calendar::graph::{Calendars, LookedUp, MasterCategories, Request, Window};
use starface_calendar::rules::{Address, CategoryName, Edit};
use starface_calendar::sim::Times;
use starface_calendar::sim::tenant::{Access, Appointment, Fault, Grant, Resource, Whom};

use super::simulated::{Simulated, mailbox};

fn login() -> Address {
    "am@corp.example".parse().unwrap()
}

/// A tenant in which the owner of the first mailbox signs in with another name; there is an appointment in it.
async fn tenant_with_other_names() -> Simulated {
    let simulated = Simulated::start(3).await;
    simulated.tenant.remove_mailbox(&mailbox(0));
    simulated.tenant.add_mailbox_of(&login(), &mailbox(0));
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    simulated.tenant.put(&login(), Appointment::timed(now, now + TimeDelta::hours(1)).subject("Kunde ABC"));
    simulated
}

/// Reads the first three mailboxes; tells how many entries each has, or what its error says after the answer.
async fn read(simulated: &Simulated) -> Vec<Result<usize, String>> {
    let window = Window { from: "2026-11-23T09:00:00Z".parse().unwrap(), to: "2026-11-24T09:00:00Z".parse().unwrap() };
    let requests: Vec<Request> =
        (0..3).map(|number| Request { address: mailbox(number), window, last: None }).collect();
    let answers = simulated.client.read(&requests).await.unwrap();
    assert!(answers.iter().zip(&requests).all(|(answer, request)| answer.address == request.address));
    let told = |error: &starface_calendar::graph::GraphError| {
        assert!(error.is_not_found(), "{error}");
        error.to_string().split_once(')').unwrap().1.to_owned()
    };
    answers
        .iter()
        .map(|answer| answer.calendar.as_ref().map(|calendar| calendar.entries().len()).map_err(told))
        .collect()
}

#[tokio::test]
async fn a_calendar_is_read_under_the_user_who_has_the_mail_address() {
    let simulated = tenant_with_other_names().await;
    assert_eq!(read(&simulated).await, [Ok(1), Ok(0), Ok(0)]);
    assert_eq!(simulated.items_per_batch(Resource::Calendar), [3, 1], "the one that was found is read in the same go");
    assert_eq!(simulated.items_per_batch(Resource::Users), [1]);
    assert_eq!(read(&simulated).await, [Ok(1), Ok(0), Ok(0)]);
    assert_eq!(simulated.items_per_batch(Resource::Calendar), [3, 1, 3], "from then on under the user at once");
    assert_eq!(simulated.items_per_batch(Resource::Users), [1]);
}

#[tokio::test]
async fn categories_are_listed_and_changed_under_the_same_user() {
    let simulated = tenant_with_other_names().await;
    simulated.tenant.add_category(&login(), "Rot");
    let lists = simulated.client.list(&[mailbox(0), mailbox(1)]).await.unwrap();
    assert_eq!(lists[0].as_ref().unwrap().len(), 1);
    let create = Edit::Create(CategoryName("_SF_Ignorieren".to_owned()));
    simulated.client.edit(&[(mailbox(0), create)]).await.unwrap().remove(0).unwrap();
    assert_eq!(simulated.tenant.categories(&login()).len(), 2);
    assert_eq!(simulated.items_per_batch(Resource::Users), [1]);
}

#[tokio::test]
async fn a_quote_in_an_address_is_looked_up_as_it_is() {
    let simulated = Simulated::start(0).await;
    let mail: Address = "o'neill+x@example.de".parse().unwrap();
    simulated.tenant.add_mailbox_of(&login(), &mail);
    simulated.tenant.add_category(&login(), "Rot");
    assert_eq!(simulated.client.list(&[mail]).await.unwrap().remove(0).unwrap().len(), 1);
}

#[tokio::test]
async fn an_address_that_nobody_has_is_looked_up_once_a_day() {
    let simulated = Simulated::start(3).await;
    simulated.tenant.remove_mailbox(&mailbox(0));
    simulated.tenant.restrict(&mailbox(1), Access::NotEnabled);
    let nobody = || Err(LookedUp::Nobody.to_string());
    for hours in [0, 1, 22] {
        simulated.clock.advance(TimeDelta::hours(hours));
        assert_eq!(read(&simulated).await, [nobody(), nobody(), Ok(0)]);
        assert_eq!(simulated.items_per_batch(Resource::Users), [2]);
    }
    // Whoever comes meanwhile is found the next day.
    simulated.tenant.add_mailbox_of(&login(), &mailbox(0));
    simulated.clock.advance(TimeDelta::hours(1));
    assert_eq!(read(&simulated).await, [Ok(0), nobody(), Ok(0)]);
    assert_eq!(simulated.items_per_batch(Resource::Users), [2, 2]);
}

#[tokio::test]
async fn without_the_permission_the_error_says_so_and_nobody_is_looked_up_for_a_day() {
    let simulated = tenant_with_other_names().await;
    simulated.tenant.withdraw(Grant::ReadUsers);
    let forbidden = LookedUp::Forbidden.to_string();
    assert!(forbidden.contains("User.ReadBasic.All"));
    for _ in 0..3 {
        assert_eq!(read(&simulated).await, [Err(forbidden.clone()), Ok(0), Ok(0)]);
    }
    assert_eq!(simulated.items_per_batch(Resource::Users), [1]);
    simulated.tenant.grant(Grant::ReadUsers);
    simulated.clock.advance(TimeDelta::hours(24));
    assert_eq!(read(&simulated).await, [Ok(1), Ok(0), Ok(0)]);
}

#[tokio::test]
async fn an_address_that_two_users_have_is_nobodys() {
    let simulated = tenant_with_other_names().await;
    simulated.tenant.add_mailbox_of(&"guest@other.example".parse().unwrap(), &mailbox(0));
    assert_eq!(read(&simulated).await, [Err(LookedUp::Several.to_string()), Ok(0), Ok(0)]);
}

#[tokio::test]
async fn an_address_that_passes_to_somebody_else_is_followed_after_a_day() {
    let simulated = tenant_with_other_names().await;
    assert_eq!(read(&simulated).await[0], Ok(1));
    simulated.tenant.add_mailbox_of(&login(), &"former@example.de".parse().unwrap());
    simulated.tenant.add_mailbox_of(&"new@corp.example".parse().unwrap(), &mailbox(0));
    simulated.tenant.add_category(&"new@corp.example".parse().unwrap(), "Rot");
    simulated.clock.advance(TimeDelta::hours(24));
    assert_eq!(simulated.client.list(&[mailbox(0)]).await.unwrap().remove(0).unwrap().len(), 1);
}

#[tokio::test]
async fn a_look_up_that_fails_changes_nothing_that_is_known_and_is_tried_again() {
    let simulated = tenant_with_other_names().await;
    assert_eq!(read(&simulated).await[0], Ok(1));
    simulated.clock.advance(TimeDelta::hours(24));
    simulated.tenant.fail(Whom::Mailbox(mailbox(0)), Fault::ItemStatus(503), Times::Next(1));
    assert_eq!(read(&simulated).await[0], Ok(1), "under the user as last found");
    simulated.clock.advance(TimeDelta::minutes(10));
    assert_eq!(read(&simulated).await[0], Ok(1));
    assert_eq!(simulated.items_per_batch(Resource::Users), [1, 1, 1]);
}
