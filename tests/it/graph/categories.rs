//! The client of the categories against the simulated tenant: a batch of twenty, and whatever befalls single mailboxes.

use std::time::Duration;

use starface_calendar::graph::{Edited, GraphError, MasterCategories, Permission};
use starface_calendar::rules::{Address, Category, CategoryId, CategoryName, Edit, Verdict};
use starface_calendar::sim::Times;
use starface_calendar::sim::tenant::{Access, DuplicateStatus, Fault, Grant, Resource, Whom};

use super::simulated::{Simulated, mailbox, mailboxes};

fn create(address: &Address, name: &str) -> (Address, Edit) {
    (address.clone(), Edit::Create(CategoryName(name.to_owned())))
}

fn names(list: &[Category]) -> Vec<&str> {
    list.iter().map(|category| category.name.0.as_str()).collect()
}

#[tokio::test]
async fn twenty_lists_are_read_with_one_batch_and_every_change_of_twenty_with_another() {
    let simulated = Simulated::start(20).await;
    let all = mailboxes(20);
    simulated.tenant.add_category(&all[7], "Rot");
    let lists = simulated.client.list(&all).await.unwrap();
    let sizes: Vec<usize> = lists.iter().map(|list| list.as_ref().unwrap().len()).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 1);
    assert_eq!(names(lists[7].as_ref().unwrap()), ["Rot"]);
    let edits: Vec<_> = all.iter().map(|address| create(address, "_SF_Ignorieren")).collect();
    let edited = simulated.client.edit(&edits).await.unwrap();
    assert!(edited.iter().all(|edited| matches!(edited, Ok(Edited::Done))), "{edited:?}");
    let rot = lists[7].as_ref().unwrap()[0].clone();
    simulated.client.edit(&[(all[7].clone(), Edit::Remove(rot))]).await.unwrap().remove(0).unwrap();
    for address in &all {
        let expected = [("_SF_Ignorieren".to_owned(), "preset1".to_owned())];
        assert_eq!(simulated.tenant.categories(address), expected);
        assert_eq!(simulated.tenant.busy_max(address), 1, "one request for a mailbox at a time");
    }
    assert_eq!(simulated.tenant.counts().batches, 3);
}

#[tokio::test]
async fn a_list_of_many_pages_is_read_whole() {
    let simulated = Simulated::start(2).await;
    for number in 0..35 {
        simulated.tenant.add_category(&mailbox(1), &format!("Kunde {number}"));
    }
    let lists = simulated.client.list(&mailboxes(2)).await.unwrap();
    assert_eq!(lists[0].as_ref().unwrap().len(), 0);
    let expected: Vec<String> = (0..35).map(|number| format!("Kunde {number}")).collect();
    assert_eq!(names(lists[1].as_ref().unwrap()), expected);
    let items: Vec<usize> = simulated.items_per_batch(Resource::Categories);
    assert_eq!(items, [2, 1, 1, 1], "only the mailbox with a next page is asked again");
}

#[tokio::test]
async fn one_mailboxs_failure_spoils_no_other() {
    let simulated = Simulated::start(20).await;
    let (tenant, all) = (&simulated.tenant, mailboxes(20));
    tenant.restrict(&all[1], Access::Denied);
    tenant.remove_mailbox(&all[2]);
    tenant.restrict(&all[3], Access::NotEnabled);
    let spoil = || {
        tenant.fail(Whom::Mailbox(all[4].clone()), Fault::ItemThrottled("2.128".to_owned()), Times::Next(1));
        tenant.fail(Whom::Mailbox(all[5].clone()), Fault::ItemStatus(503), Times::Next(1));
        tenant.fail(Whom::Mailbox(all[6].clone()), Fault::ItemGarbage, Times::Next(1));
    };
    let verdicts = |outcomes: Vec<Result<(), GraphError>>| -> Vec<Option<Verdict>> {
        outcomes.into_iter().map(|outcome| outcome.err().map(|error| error.verdict())).collect()
    };
    let later = Some(Verdict::Retry { after: None });
    let soon = Some(Verdict::Retry { after: Some(Duration::from_millis(2128)) });
    let (human, lost) = (Some(Verdict::NeedsHuman), Some(Verdict::GiveUp));
    spoil();
    let lists = simulated.client.list(&all).await.unwrap();
    assert!(lists[1].as_ref().unwrap_err().is_forbidden());
    let found = verdicts(lists.into_iter().map(|list| list.map(drop)).collect());
    assert_eq!(found[..7], [None, human, lost, lost, soon, later, later]);
    assert!(found[7..].iter().all(Option::is_none));
    spoil();
    let edits: Vec<_> = all.iter().map(|address| create(address, "_SF_Ignorieren")).collect();
    let edited = simulated.client.edit(&edits).await.unwrap();
    let found = verdicts(edited.into_iter().map(|edited| edited.map(drop)).collect());
    // What an answer with a good status says does not matter: the list shows whether it was done.
    assert_eq!(found[..7], [None, human, lost, lost, soon, later, None]);
    assert!(found[7..].iter().all(Option::is_none));
    assert!(all[7..].iter().all(|address| tenant.categories(address).len() == 1));
}

#[tokio::test]
async fn a_name_that_is_there_already_counts_as_present_with_either_status() {
    let simulated = Simulated::start(1).await;
    simulated.tenant.add_category(&mailbox(0), "_sf_ignorieren");
    for status in [DuplicateStatus::Conflict, DuplicateStatus::BadRequest] {
        simulated.tenant.refuse_duplicates_with(status);
        let edited = simulated.client.edit(&[create(&mailbox(0), "_SF_Ignorieren")]).await.unwrap().remove(0);
        assert_eq!(edited.unwrap(), Edited::AlreadySo);
    }
    let gone = Category { id: CategoryId("5f0c2a5e".to_owned()), name: CategoryName(String::new()) };
    let edited = simulated.client.edit(&[(mailbox(0), Edit::Remove(gone))]).await.unwrap().remove(0);
    assert_eq!(edited.unwrap(), Edited::AlreadySo);
    assert_eq!(simulated.tenant.categories(&mailbox(0)).len(), 1);
}

#[tokio::test]
async fn a_missing_permission_is_named() {
    let simulated = Simulated::start(1).await;
    simulated.tenant.withdraw(Grant::WriteMailboxSettings);
    assert!(simulated.client.list(&mailboxes(1)).await.unwrap()[0].is_ok());
    let error = simulated.client.edit(&[create(&mailbox(0), "x")]).await.unwrap().remove(0).unwrap_err();
    assert!(matches!(error, GraphError::Forbidden { needs: Permission::EditCategories, .. }), "{error}");
    assert!(error.to_string().contains("MailboxSettings.ReadWrite"), "{error}");
    simulated.tenant.withdraw(Grant::ReadMailboxSettings);
    let error = simulated.client.list(&mailboxes(1)).await.unwrap().remove(0).unwrap_err();
    assert!(matches!(error, GraphError::Forbidden { needs: Permission::ListCategories, .. }), "{error}");
    assert!(error.to_string().contains("MailboxSettings.Read "), "{error}");
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_may_be_made_again() {
    let simulated = Simulated::start(2).await;
    let edits: Vec<_> = mailboxes(2).iter().map(|address| create(address, "_SF_Ignorieren")).collect();
    simulated.tenant.fail(Whom::Everybody, Fault::Garbage, Times::Next(1));
    let edited = simulated.client.edit(&edits).await.unwrap();
    assert!(edited.iter().all(|edited| matches!(edited, Ok(Edited::AlreadySo))), "{edited:?}");
    assert!(mailboxes(2).iter().all(|address| simulated.tenant.categories(address).len() == 1));
}

#[tokio::test]
async fn a_call_that_is_throttled_as_a_whole_fails_as_a_whole() {
    let simulated = Simulated::start(2).await;
    simulated.tenant.fail(Whom::Everybody, Fault::Throttled("7".to_owned()), Times::Next(1));
    let error = simulated.client.list(&mailboxes(2)).await.unwrap_err();
    assert_eq!(error.verdict(), Verdict::Retry { after: Some(Duration::from_secs(7)) });
}

#[tokio::test]
async fn a_refused_token_is_fetched_anew_for_categories_too() {
    let simulated = Simulated::start(1).await;
    simulated.client.list(&mailboxes(1)).await.unwrap();
    simulated.tenant.revoke_tokens();
    assert!(simulated.client.list(&mailboxes(1)).await.unwrap()[0].is_ok());
    assert_eq!(simulated.tenant.counts().tokens, 2);
}
