//! Every kind of answer of the simulated tenant fits Microsoft's schema.

use chrono::{DateTime, Days, NaiveDate, Utc};
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};
use starface_calendar::sim::Times;
use starface_calendar::sim::tenant::{Access, Appointment, Bodies, Fault, Response, Sensitivity, ShowAs, Whom};

use crate::sim::{DAY, Graph, address, batch_of, categories_url, create_category, view_url};

const EVENTS: &str = "microsoft.graph.eventCollectionResponse";
const CATEGORY: &str = "microsoft.graph.outlookCategory";
const CATEGORIES: &str = "microsoft.graph.outlookCategoryCollectionResponse";
const USERS: &str = "microsoft.graph.userCollectionResponse";
const ERROR: &str = "microsoft.graph.ODataErrors.ODataError";
const SCHEMAS: &str = include_str!("../data/graph-schema/schemas.json");

fn schema(name: &str) -> Validator {
    let mut schema: Value = serde_json::from_str(SCHEMAS).unwrap();
    schema["$ref"] = json!(format!("#/components/schemas/{name}"));
    jsonschema::validator_for(&schema).unwrap()
}

#[track_caller]
fn fits(name: &str, answer: &Value) {
    if let Err(error) = schema(name).validate(answer) {
        panic!("no {name}: {error} at {}", error.instance_path());
    }
}

fn appointments() -> impl Strategy<Value = Appointment> {
    let show_as = prop_oneof![
        Just(ShowAs::Unknown),
        Just(ShowAs::Free),
        Just(ShowAs::Tentative),
        Just(ShowAs::Busy),
        Just(ShowAs::OutOfOffice),
        Just(ShowAs::WorkingElsewhere),
    ];
    let sensitivity = prop_oneof![
        Just(Sensitivity::Normal),
        Just(Sensitivity::Personal),
        Just(Sensitivity::Private),
        Just(Sensitivity::Confidential),
    ];
    let response = prop_oneof![
        Just(Response::None),
        Just(Response::Organizer),
        Just(Response::TentativelyAccepted),
        Just(Response::Accepted),
        Just(Response::Declined),
        Just(Response::NotResponded),
    ];
    let words = (any::<String>(), any::<String>(), any::<String>());
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (times(), show_as, sensitivity, response, words, flags).prop_map(
        |(appointment, show_as, sensitivity, response, (subject, location, body), flags)| {
            let appointment = appointment
                .subject(subject)
                .location(location)
                .body(body.clone())
                .show_as(show_as)
                .sensitivity(sensitivity);
            let (is_invitation, is_cancelled, is_occurrence, is_html) = flags;
            let pick = |yes, one, other| if yes { one } else { other };
            let appointment = pick(is_html, appointment.clone().html_body(format!("<p>{body}")), appointment);
            let appointment = pick(is_invitation, appointment.clone().invitation(response).category(body), appointment);
            let appointment = pick(is_cancelled, appointment.clone().cancelled(), appointment);
            pick(is_occurrence, appointment.clone().occurrence_of("series"), appointment)
        },
    )
}

/// Times that touch the window of the test.
fn times() -> impl Strategy<Value = Appointment> {
    let noon = DateTime::<Utc>::from_timestamp(1_795_435_200, 0).unwrap();
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    prop_oneof![
        (0..86_400_000_000_000_i64, 1..86_400_000_000_000_i64).prop_map(move |(before, after)| {
            let nanoseconds = chrono::Duration::nanoseconds;
            Appointment::timed(noon - nanoseconds(before), noon + nanoseconds(after))
        }),
        (0..40_u64, 1..40_u64).prop_map(move |(before, after)| {
            Appointment::all_day(today - Days::new(before), today + Days::new(after))
        }),
    ]
}

proptest! {
    // Each case is one server; a few hundred appointments are enough to meet every combination of words.
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_appointment_fits_the_schema(appointments in prop::collection::vec(appointments(), 20)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let page = runtime.block_on(async {
            let graph = Graph::start().await;
            for appointment in &appointments {
                graph.tenant.put(&address("anna@example.com"), appointment.clone());
            }
            graph.view("anna@example.com", &format!("{DAY}&$top=100")).await
        });
        prop_assert_eq!(page["value"].as_array().unwrap().len(), appointments.len());
        fits(EVENTS, &page);
    }
}

#[tokio::test]
async fn batches_and_every_error_in_them_fit_the_schema() {
    let graph = Graph::start().await;
    let names = ["open", "denied", "none", "throttled", "broken"];
    for name in names {
        graph.tenant.add_mailbox(&address(&format!("{name}@example.com")));
    }
    graph.tenant.restrict(&address("denied@example.com"), Access::Denied);
    graph.tenant.restrict(&address("none@example.com"), Access::NotEnabled);
    let whom = |name: &str| Whom::Mailbox(address(&format!("{name}@example.com")));
    let throttled = Fault::ItemThrottled("1.5".to_owned());
    graph.tenant.fail(whom("throttled"), throttled, Times::Always);
    graph.tenant.fail(whom("broken"), Fault::ItemStatus(500), Times::Always);
    let mut urls: Vec<String> = names.iter().map(|name| view_url(&format!("{name}@example.com"), DAY)).collect();
    urls.extend([view_url("nobody@example.com", DAY), view_url("open@example.com", "")]);
    urls.extend(["/groups".to_owned(), "/me".to_owned()]);

    let request = batch_of(&urls);
    fits("batch.request", &request);
    let answer = graph.send(&request).await.unwrap().json();
    fits("batch.response", &answer);
    let mut statuses = Vec::new();
    for response in answer["responses"].as_array().unwrap() {
        let status = response["status"].as_u64().unwrap();
        fits(if status == 200 { EVENTS } else { ERROR }, &response["body"]);
        statuses.push(status);
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400, 403, 403, 404, 404, 429, 500]);
}

#[tokio::test]
async fn errors_of_whole_calls_fit_the_schema() {
    let mut graph = Graph::start().await;
    let request = batch_of(&[view_url("anna@example.com", DAY)]);
    for fault in [Fault::Throttled("2".to_owned()), Fault::Status(503)] {
        graph.tenant.fail(Whom::Everybody, fault, Times::Next(1));
        fits(ERROR, &graph.send(&request).await.unwrap().json());
    }
    fits(ERROR, &graph.send(&json!({})).await.unwrap().json());
    graph.token.clear();
    fits(ERROR, &graph.send(&request).await.unwrap().json());
}

#[tokio::test]
async fn selected_and_further_pages_fit_the_schema() {
    let graph = Graph::start().await;
    let noon = crate::sim::at("2026-11-23T12:00:00Z");
    for _ in 0..3 {
        let appointment = Appointment::timed(noon, noon + chrono::Duration::hours(1));
        graph.tenant.put(&address("anna@example.com"), appointment);
    }
    let first = graph.view("anna@example.com", &format!("{DAY}&$top=2&$select=id,subject,start,end")).await;
    fits(EVENTS, &first);
    let link = first["@odata.nextLink"].as_str().unwrap();
    fits(EVENTS, &graph.single(link).await.unwrap().json());
    for bodies in [Bodies::AsAsked, Bodies::Html, Bodies::Withheld] {
        graph.tenant.give_bodies(bodies);
        fits(EVENTS, &graph.view("anna@example.com", &format!("{DAY}&$select=id,body")).await);
    }
}

#[tokio::test]
async fn categories_and_users_and_their_errors_fit_the_schema() {
    let graph = Graph::start().await;
    graph.tenant.add_mailbox_of(&address("am@corp.example"), &address("anna@example.com"));
    for number in 0..11 {
        graph.tenant.add_category(&address("am@corp.example"), &format!("Kunde {number} 👋"));
    }
    let get = |url: String| json!({ "method": "GET", "url": url });
    let list = categories_url("am@corp.example");
    let users = "/users?$filter=mail%20eq%20'anna@example.com'";
    let items = [
        get(list.clone()),
        create_category("am@corp.example", "_SF_Ignorieren"),
        create_category("am@corp.example", "_SF_IGNORIEREN"),
        get(users.to_owned()),
        get(format!("{users}&$select=id,userPrincipalName")),
        get("/users?$filter=x".to_owned()),
    ];
    fits("batch.request", &json!({ "requests": items.clone().map(|mut item| { item["id"] = json!("1"); item }) }));
    let answers = graph.items(&items).await;
    let statuses: Vec<u64> = answers.iter().map(|answer| answer["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [200, 201, 409, 200, 200, 400]);
    for (schema, answer) in [CATEGORIES, CATEGORY, ERROR, USERS, USERS, ERROR].iter().zip(&answers) {
        fits(schema, &answer["body"]);
    }
    assert_eq!(answers[4]["body"]["value"].as_array().unwrap().len(), 1);
    let next = answers[0]["body"]["@odata.nextLink"].as_str().unwrap();
    fits(CATEGORIES, &graph.single(next).await.unwrap().json());
    let id = answers[1]["body"]["id"].as_str().unwrap();
    let url = format!("{list}/{id}");
    let written = |method: &str, body: Value| json!({ "method": method, "url": url, "headers": { "Content-Type": "application/json" }, "body": body });
    let answers = graph.items(&[written("PATCH", json!({ "color": "preset24" })), get(url.clone())]).await;
    for answer in answers {
        fits(CATEGORY, &answer["body"]);
        assert_eq!(answer["body"]["color"], "preset24");
    }
    let delete = json!({ "id": "1", "method": "DELETE", "url": url });
    fits("batch.request", &json!({ "requests": [delete.clone()] }));
    let answer = graph.send(&json!({ "requests": [delete] })).await.unwrap().json();
    fits("batch.response", &answer);
    assert_eq!(answer["responses"][0]["status"], 204);
}

#[tokio::test]
async fn answers_of_the_token_endpoint_fit_the_schema() {
    let graph = Graph::start().await;
    fits("token.response", &graph.ask_for_token(&[]).await.unwrap().json());
    for field in [("tenant", "x"), ("client_id", "x"), ("client_secret", "x"), ("scope", "x")] {
        fits("token.error", &graph.ask_for_token(&[field]).await.unwrap().json());
    }
    graph.tenant.expire_secret();
    fits("token.error", &graph.ask_for_token(&[]).await.unwrap().json());
    graph.tenant.fail(Whom::Token, Fault::Status(503), Times::Next(1));
    fits("token.error", &graph.ask_for_token(&[]).await.unwrap().json());
}

#[test]
fn a_broken_answer_does_not_fit_the_schema() {
    #[track_caller]
    fn case(name: &str, answer: &Value) {
        assert!(!schema(name).is_valid(answer), "{answer}");
    }
    let good = json!({ "value": [{ "id": "1", "showAs": "busy", "responseStatus": { "response": "none" } }] });
    fits(EVENTS, &good);
    case(EVENTS, &json!({}));
    case(EVENTS, &json!({ "value": "~" }));
    case(EVENTS, &json!({ "value": [{ "id": "1", "showAs": "Busy" }] }));
    case(EVENTS, &json!({ "value": [{ "id": "1", "show_as": "busy" }] }));
    case(EVENTS, &json!({ "value": [{ "id": "1", "start": "2026-11-23T10:00:00Z" }] }));
    case(EVENTS, &json!({ "value": [{ "id": "1", "isAllDay": "true" }] }));
    case(EVENTS, &json!({ "value": [{ "id": "1", "createdDateTime": "yesterday" }] }));
    case(CATEGORIES, &json!({ "value": [{ "id": "1", "color": "orange" }] }));
    case(CATEGORY, &json!({ "id": "1", "name": "Rot" }));
    case(USERS, &json!({ "value": [{ "id": "1", "upn": "anna@example.com" }] }));
    case(ERROR, &json!({ "error": "invalid_client" }));
    case("batch.response", &json!({ "responses": [{ "id": 1, "status": 200 }] }));
    case("token.response", &json!({ "access_token": "x", "token_type": "bearer", "expires_in": 1 }));
}
