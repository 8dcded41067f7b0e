//! Batches: their shape, their answers in any order, their pages.

use serde_json::{Value, json};
use starface_calendar::graph::Calendars;

use super::tenant::{Deed, SetClock, Tenant, calendar, event, many, requests, told};

#[tokio::test]
async fn a_batch_asks_for_the_window_and_the_fields_of_each_mailbox() {
    let tenant = Tenant::start(|call, _| Deed::json(&call.empty_calendars())).await;
    let client = tenant.client(&SetClock::new());
    let addresses = ["anna@example.de", "a+b@example.de", "o'neill@example.de", "jürgen@example.de", "a#b@example.de"];
    client.read(&requests(&addresses)).await.unwrap();
    let call = tenant.batch_calls().remove(0);
    assert_eq!(call.header("content-type"), "application/json");
    assert_eq!(call.header("client-request-id").len(), 36);
    let agent = concat!("starface-calendar/", env!("CARGO_PKG_VERSION"));
    assert_eq!(call.header("user-agent"), agent);
    assert!(call.header("accept-encoding").contains("gzip"));
    let query = "?startDateTime=2026-11-23T09:00:00Z&endDateTime=2026-11-24T09:00:00Z\
                 &$select=id,iCalUId,type,subject,location,start,end,isAllDay,showAs,sensitivity,\
                 isCancelled,isOrganizer,responseStatus,categories&$top=250";
    let people =
        ["anna@example.de", "a%2Bb@example.de", "o%27neill@example.de", "j%C3%BCrgen@example.de", "a%23b@example.de"];
    let expected: Vec<Value> = people
        .iter()
        .enumerate()
        .map(|(index, person)| {
            json!({
                "id": (index + 1).to_string(),
                "method": "GET",
                "url": format!("/users/{person}/calendarView{query}"),
                "headers": {"Prefer": "outlook.timezone=\"UTC\", IdType=\"ImmutableId\""},
            })
        })
        .collect();
    assert_eq!(call.requests(), expected);
}

#[tokio::test]
async fn two_calls_bear_two_request_ids() {
    let tenant = Tenant::start(|call, _| Deed::json(&call.empty_calendars())).await;
    let client = tenant.client(&SetClock::new());
    client.read(&many(1)).await.unwrap();
    client.read(&many(1)).await.unwrap();
    let calls = tenant.batch_calls();
    let ids: Vec<&str> = calls.iter().map(|call| call.header("client-request-id")).collect();
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn no_batch_has_more_than_twenty_mailboxes() {
    let tenant = Tenant::start(|call, _| Deed::json(&call.empty_calendars())).await;
    let client = tenant.client(&SetClock::new());
    assert_eq!(client.read(&many(21)).await.unwrap().len(), 21);
    let sizes: Vec<usize> = tenant.batch_calls().iter().map(|c| c.requests().len()).collect();
    assert_eq!(sizes, [20, 1]);
}

#[tokio::test]
async fn reordered_answers_reach_their_mailboxes() {
    let tenant = Tenant::start(|call, _| {
        let mut answer = call.calendars(|url| {
            let person = url.split(['/', '@']).nth(2).unwrap();
            calendar(&[person])
        });
        answer["responses"].as_array_mut().unwrap().reverse();
        Deed::json(&answer)
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(3)).await.unwrap();
    let expected = ["m0", "m1", "m2"].map(|id| Ok(vec![id.to_owned()]));
    assert_eq!(told(&answers), expected);
}

#[tokio::test]
async fn further_pages_are_asked_for_together_and_only_where_there_are_any() {
    let tenant = Tenant::start(|call, before| {
        let host = call.header("host").to_owned();
        let page = move |url: &str| {
            let person = url.split(['/', '@']).nth(2).unwrap();
            let id = format!("{person}-{before}");
            let mut page = calendar(&[&id]);
            if before < 2 && person != "m1" {
                let link = format!("http://{host}/v1.0/users/{person}@x/calendarView?$skip={before}");
                page["body"]["@odata.nextLink"] = link.into();
            }
            page
        };
        Deed::json(&call.calendars(page))
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(3)).await.unwrap();
    let expected = [
        Ok(vec!["m0-0".to_owned(), "m0-1".to_owned(), "m0-2".to_owned()]),
        Ok(vec!["m1-0".to_owned()]),
        Ok(vec!["m2-0".to_owned(), "m2-1".to_owned(), "m2-2".to_owned()]),
    ];
    assert_eq!(told(&answers), expected);
    let calls = tenant.batch_calls();
    let second = calls[1].requests();
    let urls: Vec<&str> = second.iter().map(|r| r["url"].as_str().unwrap()).collect();
    let expected = ["/users/m0@x/calendarView?$skip=0", "/users/m2@x/calendarView?$skip=0"];
    assert_eq!(urls, expected);
    assert!(second.iter().all(|r| r["headers"]["Prefer"].is_string()));
}

#[tokio::test]
async fn a_next_page_on_another_host_is_not_asked_for() {
    let tenant = Tenant::start(|call, _| {
        let mut page = calendar(&["a"]);
        page["body"]["@odata.nextLink"] = "https://evil.example/v1.0/users/x/calendarView".into();
        Deed::json(&call.calendars(|_| page.clone()))
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(1)).await.unwrap();
    let text = "understand the answer of Microsoft Graph: its next page lies outside Microsoft Graph";
    assert_eq!(told(&answers), [Err(text.to_owned())]);
    assert_eq!(tenant.batch_calls().len(), 1);
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_end() {
    let tenant = Tenant::start(|call, _| {
        let link = format!("http://{}/v1.0/users/x/calendarView?$skip=1", call.header("host"));
        let page = json!({"status": 200, "body": {"value": [event("a")], "@odata.nextLink": link}});
        Deed::json(&call.calendars(|_| page.clone()))
    })
    .await;
    let client = tenant.client(&SetClock::new());
    let answers = client.read(&many(1)).await.unwrap();
    let text = "read a list of more than 50 pages or 5000 entries";
    assert_eq!(told(&answers), [Err(text.to_owned())]);
    assert_eq!(tenant.batch_calls().len(), 50);
}
