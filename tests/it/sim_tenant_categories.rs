//! The simulated tenant: lists of categories, users by mail address, and what the app was not granted.

use serde_json::{Value, json};
use starface_calendar::sim::Times;
use starface_calendar::sim::tenant::{Access, DuplicateStatus, Fault, Grant, Resource, Whom};

use crate::sim::{Answer, DAY, Graph, address, categories_url, create_category, view_url};

const ANNA: &str = "anna@example.com";

async fn graph() -> Graph {
    let graph = Graph::start().await;
    graph.tenant.add_mailbox(&address(ANNA));
    graph
}

fn get(url: impl Into<String>) -> Value {
    json!({ "method": "GET", "url": url.into() })
}

fn delete(user: &str, id: &str) -> Value {
    json!({ "method": "DELETE", "url": format!("{}/{id}", categories_url(user)) })
}

fn names(graph: &Graph) -> Vec<String> {
    graph.tenant.categories(&address(ANNA)).into_iter().map(|(name, _)| name).collect()
}

/// The status of the only answer, and its code where it is an error.
fn told(answers: &[Value]) -> (u64, &str) {
    let [answer] = answers else { panic!("{} answers", answers.len()) };
    (answer["status"].as_u64().unwrap(), answer["body"]["error"]["code"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_category_is_created_listed_and_removed() {
    let graph = graph().await;
    graph.tenant.add_category(&address(ANNA), "Rot");
    let created = graph.items(&[create_category(ANNA, "_SF_Ignorieren")]).await.remove(0);
    assert_eq!(created["status"], 201);
    assert_eq!(
        (&created["body"]["displayName"], &created["body"]["color"]),
        (&json!("_SF_Ignorieren"), &json!("preset1"))
    );
    let list = graph.items(&[get(categories_url(ANNA))]).await.remove(0);
    let listed: Vec<&Value> =
        list["body"]["value"].as_array().unwrap().iter().map(|category| &category["displayName"]).collect();
    assert_eq!(listed, ["Rot", "_SF_Ignorieren"]);
    assert_eq!(list["body"]["value"][1]["id"], created["body"]["id"]);
    let id = created["body"]["id"].as_str().unwrap();
    let removed = graph.items(&[delete(ANNA, id)]).await.remove(0);
    assert_eq!((&removed["status"], removed.get("body")), (&json!(204), None));
    assert_eq!(names(&graph), ["Rot"]);
    assert_eq!(told(&graph.items(&[delete(ANNA, id)]).await), (404, "ErrorItemNotFound"));
}

#[tokio::test]
async fn a_name_that_is_there_is_refused_in_whatever_case_with_the_status_that_was_chosen() {
    let graph = graph().await;
    graph.tenant.add_category(&address(ANNA), "_SF_Ignorieren");
    let again = create_category(ANNA, "_sf_ignorieren");
    assert_eq!(told(&graph.items(std::slice::from_ref(&again)).await), (409, "ErrorIrresolvableConflict"));
    graph.tenant.refuse_duplicates_with(DuplicateStatus::BadRequest);
    assert_eq!(told(&graph.items(&[again]).await), (400, "ErrorInvalidRequest"));
    assert_eq!(names(&graph), ["_SF_Ignorieren"]);
}

#[tokio::test]
async fn the_colour_can_be_changed_and_the_name_cannot() {
    let graph = graph().await;
    graph.tenant.add_category(&address(ANNA), "Rot");
    let list = graph.items(&[get(categories_url(ANNA))]).await.remove(0);
    let id = list["body"]["value"][0]["id"].as_str().unwrap();
    let patch = |body: Value| {
        let url = format!("{}/{id}", categories_url(ANNA));
        json!({ "method": "PATCH", "url": url, "headers": { "content-type": "application/json" }, "body": body })
    };
    let answers = graph.items(&[patch(json!({ "color": "preset7" }))]).await;
    assert_eq!(told(&answers), (200, ""));
    assert_eq!(told(&graph.items(&[patch(json!({ "displayName": "Blau" }))]).await), (400, "ErrorInvalidRequest"));
    assert_eq!(told(&graph.items(&[patch(json!({ "color": "preset25" }))]).await), (400, "ErrorInvalidRequest"));
    assert_eq!(graph.tenant.categories(&address(ANNA)), [("Rot".to_owned(), "preset7".to_owned())]);
}

#[tokio::test]
async fn a_name_that_outlook_cannot_bear_is_refused() {
    let graph = graph().await;
    for name in ["", " ", "a,b", "a;b", &"x".repeat(256)] {
        assert_eq!(told(&graph.items(&[create_category(ANNA, name)]).await).0, 400, "{name}");
    }
    assert_eq!(told(&graph.items(&[create_category(ANNA, &"x".repeat(255))]).await).0, 201);
}

#[tokio::test]
async fn a_write_needs_its_content_type_or_the_whole_batch_is_refused() {
    let graph = graph().await;
    let mut item = create_category(ANNA, "Rot");
    item["id"] = json!("1");
    item["headers"] = json!({});
    let answer = graph.send(&json!({ "requests": [item] })).await.unwrap();
    assert_eq!((answer.status, answer.code().as_str()), (400, "BadRequest"));
    assert!(names(&graph).is_empty());
}

#[tokio::test]
async fn a_long_list_comes_in_pages_of_ten() {
    let graph = graph().await;
    for number in 0..25 {
        graph.tenant.add_category(&address(ANNA), &format!("Kunde {number}"));
    }
    let mut page = graph.items(&[get(categories_url(ANNA))]).await.remove(0)["body"].clone();
    let mut sizes = vec![page["value"].as_array().unwrap().len()];
    while let Some(link) = page["@odata.nextLink"].as_str() {
        page = graph.single(link).await.unwrap().json();
        sizes.push(page["value"].as_array().unwrap().len());
    }
    assert_eq!(sizes, [10, 10, 5]);
}

#[tokio::test]
async fn categories_are_written_outside_a_batch_too() {
    let graph = graph().await;
    let url = graph.url(&categories_url(ANNA));
    let create = graph.http.post(&url).bearer_auth(&graph.token).json(&json!({ "displayName": "Rot" }));
    let created = Answer::of(create).await.unwrap();
    assert_eq!((created.status, created.json()["color"].as_str()), (201, Some("none")));
    let one = format!("{url}/{}", created.json()["id"].as_str().unwrap());
    let removed = Answer::of(graph.http.delete(one).bearer_auth(&graph.token)).await.unwrap();
    assert_eq!((removed.status, removed.text.as_str()), (204, ""));
}

#[tokio::test]
async fn what_was_withdrawn_is_forbidden_and_nothing_else() {
    let graph = graph().await;
    let items = [
        get(categories_url(ANNA)),
        create_category(ANNA, "Rot"),
        get(format!("/users?$filter=mail%20eq%20'{ANNA}'")),
        get(view_url(ANNA, DAY)),
    ];
    let case = async |expected: [u64; 4]| {
        let answers = graph.items(&items).await;
        let statuses: Vec<u64> = answers.iter().map(|answer| answer["status"].as_u64().unwrap()).collect();
        assert_eq!(statuses, expected);
    };
    case([200, 201, 200, 200]).await;
    graph.tenant.withdraw(Grant::WriteMailboxSettings);
    case([200, 403, 200, 200]).await;
    graph.tenant.withdraw(Grant::ReadMailboxSettings);
    case([403, 403, 200, 200]).await;
    graph.tenant.withdraw(Grant::ReadUsers);
    case([403, 403, 403, 200]).await;
    graph.tenant.grant(Grant::WriteMailboxSettings);
    case([200, 409, 403, 200]).await;
    graph.tenant.restrict(&address(ANNA), Access::Denied);
    case([403, 403, 403, 403]).await;
}

#[tokio::test]
async fn a_user_is_found_by_mail_address_and_its_mailbox_by_login_and_id_but_not_by_the_address() {
    let graph = Graph::start().await;
    let (login, mail) = ("am@corp.example", "o'neill@example.com");
    graph.tenant.add_mailbox_of(&address(login), &address(mail));
    graph.tenant.add_category(&address(login), "Rot");
    let found =
        graph.items(&[get("/users?$filter=mail%20eq%20'o''neill@example.com'&$select=id,userPrincipalName")]).await;
    let users = &found[0]["body"]["value"];
    let id = users[0]["id"].as_str().unwrap();
    assert_eq!(*users, json!([{ "id": id, "userPrincipalName": login }]));
    let urls =
        [categories_url(id), categories_url(login), categories_url("o%27neill@example.com"), categories_url("x")];
    let answers = graph.items(&urls.map(get)).await;
    let counts: Vec<usize> =
        answers.iter().map(|answer| answer["body"]["value"].as_array().map_or(0, Vec::len)).collect();
    assert_eq!(counts, [1, 1, 0, 0]);
    let statuses: Vec<&Value> = answers.iter().map(|answer| &answer["status"]).collect();
    assert_eq!(statuses, [200, 200, 404, 404]);
    let nobody = graph.items(&[get("/users?$filter=mail%20eq%20'nobody@example.com'")]).await;
    assert_eq!(nobody[0]["body"]["value"], json!([]));
}

#[tokio::test]
async fn faults_strike_categories_and_look_ups_too_and_what_was_asked_is_remembered() {
    let graph = graph().await;
    graph.tenant.fail(Whom::Mailbox(address(ANNA)), Fault::ItemThrottled("2".to_owned()), Times::Next(2));
    let look_up = get(format!("/users?$filter=mail%20eq%20'{ANNA}'"));
    let answers = graph.items(&[create_category(ANNA, "Rot"), look_up, create_category(ANNA, "Blau")]).await;
    let statuses: Vec<&Value> = answers.iter().map(|answer| &answer["status"]).collect();
    assert_eq!(statuses, [429, 429, 201]);
    assert_eq!(names(&graph), ["Blau"]);
    let asked = graph.tenant.asked();
    let told: Vec<_> = asked[1..].iter().map(|one| (one.resource, one.method.as_str(), one.status)).collect();
    let expected =
        [(Resource::Categories, "POST", 429), (Resource::Users, "GET", 429), (Resource::Categories, "POST", 201)];
    assert_eq!(told, expected);
    assert!(asked[1..].iter().all(|one| one.address == Some(address(ANNA))));
}
