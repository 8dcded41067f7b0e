//! The simulated tenant: what a `calendarView` holds.

use chrono::NaiveDate;
use serde_json::{Value, json};
use starface_calendar::sim::tenant::{Access, Appointment, AppointmentId, Bodies, Response, Sensitivity, ShowAs, When};

use crate::sim::{DAY, Graph, address, at, subjects, view_url};

const ANNA: &str = "anna@example.com";

fn meeting(start: &str, end: &str) -> Appointment {
    let moment = |time: &str| at(&format!("2026-11-{time}:00Z"));
    Appointment::timed(moment(start), moment(end))
}

fn put(graph: &Graph, appointment: Appointment) -> AppointmentId {
    graph.tenant.put(&address(ANNA), appointment)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[tokio::test]
async fn an_appointment_is_in_the_window_when_it_touches_it() {
    let graph = Graph::start().await;
    put(&graph, meeting("22T22:00", "23T00:00").subject("ends at its begin"));
    put(&graph, meeting("22T22:00", "23T00:01").subject("reaches in"));
    put(&graph, meeting("23T23:59", "24T02:00").subject("reaches out"));
    put(&graph, meeting("24T00:00", "24T01:00").subject("begins at its end"));
    put(&graph, meeting("22T00:00", "25T00:00").subject("around"));
    put(&graph, meeting("23T00:00", "23T00:00").subject("a moment"));
    let page = graph.view(ANNA, DAY).await;
    assert_eq!(subjects(&page), ["around", "reaches in", "a moment", "reaches out"]);
}

#[tokio::test]
async fn the_offset_in_the_window_counts() {
    let graph = Graph::start().await;
    put(&graph, meeting("23T08:30", "23T08:45").subject("half past eight"));
    let window = |from: &str| format!("startDateTime={from}&endDateTime=2026-11-24T00:00:00");
    let found = async |from: &str| subjects(&graph.view(ANNA, &window(from)).await).len();
    assert_eq!(found("2026-11-23T08:44:00").await, 1);
    assert_eq!(found("2026-11-23T08:46:00").await, 0);
    assert_eq!(found("2026-11-23T09:44:00%2B01:00").await, 1);
    assert_eq!(found("2026-11-23T09:46:00%2B01:00").await, 0);
}

#[tokio::test]
async fn whole_days_are_given_as_dates_and_found_by_their_stored_instants() {
    let graph = Graph::start().await;
    put(&graph, Appointment::all_day(day("2026-11-24"), day("2026-11-25")));
    // In Zürich the day begins at 23:00 UTC of the day before.
    let page = graph.view(ANNA, DAY).await;
    let event = &page["value"][0];
    assert_eq!(event["isAllDay"], true);
    assert_eq!(event["start"], json!({ "dateTime": "2026-11-24T00:00:00.0000000", "timeZone": "UTC" }));
    assert_eq!(event["end"]["dateTime"], "2026-11-25T00:00:00.0000000");
    let evening = "startDateTime=2026-11-24T23:00:00Z&endDateTime=2026-11-25T00:00:00Z";
    assert!(subjects(&graph.view(ANNA, evening).await).is_empty());

    graph.tenant.add_mailbox_in(&address("kiri@example.com"), chrono_tz::Tz::Pacific__Kiritimati);
    let kiri = Appointment::all_day(day("2026-11-24"), day("2026-11-25"));
    graph.tenant.put(&address("kiri@example.com"), kiri);
    let morning = "startDateTime=2026-11-23T10:00:00Z&endDateTime=2026-11-23T10:01:00Z";
    assert_eq!(subjects(&graph.view("kiri@example.com", morning).await).len(), 1);
}

#[tokio::test]
async fn pages_lead_through_the_whole_window_by_an_opaque_absolute_link() {
    let graph = Graph::start().await;
    for number in 0..25 {
        let start = format!("23T10:{number:02}");
        put(&graph, meeting(&start, "23T11:00").subject(format!("{number}")));
    }
    let mut page = graph.view(ANNA, &format!("{DAY}&$select=subject")).await;
    let mut found = Vec::new();
    let mut sizes = Vec::new();
    loop {
        found.extend(subjects(&page));
        sizes.push(subjects(&page).len());
        let Some(link) = page["@odata.nextLink"].as_str() else {
            break;
        };
        assert!(link.starts_with(&graph.url("/users/")), "{link}");
        assert!(!link.contains("2026"), "{link}");
        page = graph.single(link).await.unwrap().json();
    }
    assert_eq!(sizes, [10, 10, 5]);
    assert_eq!(found, (0..25).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_further_page_can_be_read_in_a_batch_and_keeps_the_asked_size() {
    let graph = Graph::start().await;
    for _ in 0..5 {
        put(&graph, meeting("23T10:00", "23T11:00"));
    }
    let page = graph.view(ANNA, &format!("{DAY}&$top=2&$select=id")).await;
    let link = page["@odata.nextLink"].as_str().unwrap();
    let relative = link.strip_prefix(&graph.url("")).unwrap();
    let second = &graph.batch(&[relative.to_owned()]).await[0]["body"];
    assert_eq!(second["value"].as_array().unwrap().len(), 2);
    assert!(second["@odata.nextLink"].is_string());
    assert!(second["value"][0].get("subject").is_none());
}

#[tokio::test]
async fn only_selected_properties_are_given() {
    let graph = Graph::start().await;
    put(&graph, meeting("23T10:00", "23T11:00"));
    let page = graph.view(ANNA, &format!("{DAY}&$select=subject,showAs")).await;
    let names: Vec<&String> = page["value"][0].as_object().unwrap().keys().collect();
    assert_eq!(names, ["@odata.etag", "id", "showAs", "subject"]);
}

#[tokio::test]
async fn a_query_that_is_none_is_refused() {
    let graph = Graph::start().await;
    put(&graph, meeting("23T10:00", "23T11:00"));
    let case = async |query: &str| {
        let answer = &graph.batch(&[view_url(ANNA, query)]).await[0];
        assert_eq!(answer["status"], 400, "{query}");
        assert_eq!(answer["body"]["error"]["code"], "ErrorInvalidParameter");
    };
    case("startDateTime=2026-11-23T00:00:00Z").await;
    case("endDateTime=2026-11-23T00:00:00Z").await;
    case("startDateTime=2026-11-23T09:00:00+01:00&endDateTime=2026-11-24T00:00:00Z").await;
    case("startDateTime=tomorrow&endDateTime=2026-11-24T00:00:00Z").await;
    case("startDateTime=2026-11-24T00:00:00Z&endDateTime=2026-11-23T00:00:00Z").await;
    case(&format!("{DAY}&$top=0")).await;
    case(&format!("{DAY}&$top=1001")).await;
    case(&format!("{DAY}&$select=colour")).await;
    case("$skiptoken=00").await;
}

#[tokio::test]
async fn preferences_are_those_of_the_item() {
    let graph = Graph::start().await;
    let id = put(&graph, meeting("23T10:00", "23T11:00").body("1 < 2\n@@Intern: 20"));
    let item = |id: &str, prefer: &str| {
        let headers = json!({ "prefer": prefer });
        json!({ "id": id, "method": "GET", "url": view_url(ANNA, DAY), "headers": headers })
    };
    let batch = json!({ "requests": [
        item("text", "outlook.body-content-type=\"text\", IdType=\"ImmutableId\""),
        item("html", ""),
        item("zone", "outlook.timezone=\"Europe/Zurich\""),
    ] });
    let answer = graph.send(&batch).await.unwrap().json();
    let of = |id: &str| {
        let responses = answer["responses"].as_array().unwrap();
        responses.iter().find(|one| one["id"] == id).unwrap().clone()
    };
    let text = &of("text")["body"]["value"][0];
    assert_eq!(text["body"], json!({ "contentType": "text", "content": "1 < 2\n@@Intern: 20" }));
    assert_eq!(text["id"], id.0);
    let html = &of("html")["body"]["value"][0];
    assert_eq!(html["body"]["contentType"], "html");
    assert!(html["body"]["content"].as_str().unwrap().contains("1 &lt; 2<br>"));
    assert_ne!(html["id"], id.0);
    assert_eq!(of("zone")["status"], 400);
}

#[tokio::test]
async fn a_body_is_given_only_where_it_is_selected_and_as_the_tenant_is_told() {
    let graph = Graph::start().await;
    put(&graph, meeting("23T10:00", "23T11:00").html_body("<p>a &lt; <b>b</b></p>"));
    let body = async |bodies: Bodies, select: &str| {
        graph.tenant.give_bodies(bodies);
        let page = graph.view(ANNA, &format!("{DAY}&$select={select}")).await;
        page["value"][0].as_object().unwrap().get("body").cloned()
    };
    let text = json!({ "contentType": "text", "content": "a < b\r\n" });
    let html = json!({ "contentType": "html", "content": "<p>a &lt; <b>b</b></p>" });
    assert_eq!(body(Bodies::AsAsked, "id,body").await, Some(text));
    assert_eq!(body(Bodies::Html, "id,body").await, Some(html));
    assert_eq!(body(Bodies::Withheld, "id,body").await, None);
    assert_eq!(body(Bodies::AsAsked, "id").await, None);
    let page = graph.view(ANNA, DAY).await;
    assert!(page["value"][0].get("bodyPreview").is_some());
    graph.tenant.give_bodies(Bodies::Withheld);
    let page = graph.view(ANNA, DAY).await;
    assert!(page["value"][0].get("body").is_none() && page["value"][0].get("bodyPreview").is_none());
}

#[tokio::test]
async fn an_appointment_is_given_as_it_was_put() {
    let graph = Graph::start().await;
    let appointment = meeting("23T10:00", "23T11:30")
        .subject("Kunde ABC")
        .show_as(ShowAs::OutOfOffice)
        .sensitivity(Sensitivity::Confidential)
        .invitation(Response::NotResponded)
        .cancelled()
        .category("_SF_DND_aktivieren")
        .category("Rot")
        .location("Zürich")
        .occurrence_of("series-1");
    put(&graph, appointment);
    let page = graph.view(ANNA, DAY).await;
    let event = &page["value"][0];
    let case = |name: &str, expected: Value| assert_eq!(event[name], expected, "{name}");
    case("subject", json!("Kunde ABC"));
    case("start", json!({ "dateTime": "2026-11-23T10:00:00.0000000", "timeZone": "UTC" }));
    case("end", json!({ "dateTime": "2026-11-23T11:30:00.0000000", "timeZone": "UTC" }));
    case("showAs", json!("oof"));
    case("sensitivity", json!("confidential"));
    case("isOrganizer", json!(false));
    case("isCancelled", json!(true));
    case("categories", json!(["_SF_DND_aktivieren", "Rot"]));
    case("type", json!("occurrence"));
    case("seriesMasterId", json!("series-1"));
    assert_eq!(event["responseStatus"]["response"], "notResponded");
    assert_eq!(event["location"]["displayName"], "Zürich");
    assert_eq!(event["organizer"]["emailAddress"]["address"], "organizer@example.com");
}

#[tokio::test]
async fn a_change_is_seen_with_a_new_etag_and_a_deletion_at_once() {
    let graph = Graph::start().await;
    let id = put(&graph, meeting("23T10:00", "23T11:00"));
    let before = graph.view(ANNA, DAY).await["value"][0].clone();
    graph.tenant.change(&id, |appointment| {
        appointment.when = When::Timed { start: at("2026-11-23T12:00:00Z"), end: at("2026-11-23T13:00:00Z") };
    });
    let after = graph.view(ANNA, DAY).await["value"][0].clone();
    assert_eq!(after["id"], before["id"]);
    assert_eq!(after["start"]["dateTime"], "2026-11-23T12:00:00.0000000");
    assert_ne!(after["@odata.etag"], before["@odata.etag"]);
    graph.tenant.delete(&id);
    assert!(subjects(&graph.view(ANNA, DAY).await).is_empty());
}

#[tokio::test]
async fn each_mailbox_has_its_own_refusal() {
    let graph = Graph::start().await;
    for name in ["denied", "none", "removed", "open"] {
        graph.tenant.add_mailbox(&address(&format!("{name}@example.com")));
    }
    graph.tenant.restrict(&address("denied@example.com"), Access::Denied);
    graph.tenant.restrict(&address("none@example.com"), Access::NotEnabled);
    graph.tenant.remove_mailbox(&address("removed@example.com"));
    let names = ["denied", "none", "removed", "nobody", "open"];
    let urls = names.map(|name| view_url(&format!("{name}@example.com"), DAY));
    let answers = graph.batch(&urls).await;
    let case = |index: usize, status: u16, code: Value| {
        assert_eq!(answers[index]["status"], status);
        assert_eq!(answers[index]["body"]["error"]["code"], code);
    };
    case(0, 403, json!("ErrorAccessDenied"));
    case(1, 404, json!("MailboxNotEnabledForRESTAPI"));
    case(2, 404, json!("ErrorInvalidUser"));
    case(3, 404, json!("ErrorInvalidUser"));
    case(4, 200, Value::Null);
}
