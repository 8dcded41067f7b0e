//! Tests of [`super`].

use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use super::*;

fn reading_of(address: &str, from: &str, to: &str) -> Reading {
    let window = Window { from: from.parse().unwrap(), to: to.parse().unwrap() };
    Reading::new(&User::by_address(&address.parse().unwrap()), window, Texts::Unwanted)
}

fn reading() -> Reading {
    reading_of("anna@example.de", "2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z")
}

fn graph() -> Endpoint {
    let url = "https://graph.microsoft.com".parse().unwrap();
    Endpoint::new(Service::Graph, url).unwrap()
}

fn page(ids: impl IntoIterator<Item = String>, next: Option<&str>) -> Page {
    page_of(ids.into_iter().map(|id| event(&id, &json!(null))), next)
}

fn page_of(events: impl IntoIterator<Item = Value>, next: Option<&str>) -> Page {
    let value = events.into_iter().map(|event| to_raw_value(&event).unwrap()).collect();
    Page { value, next_link: next.map(str::to_owned) }
}

fn event(id: &str, body: &Value) -> Value {
    let moment = json!({"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "UTC"});
    json!({"id": id, "start": moment, "end": moment, "body": body})
}

/// Returns the entries of a calendar that was read.
fn entries(whole: Whole) -> Vec<Entry> {
    match whole.calendar {
        Calendar::Read { entries, .. } => entries,
        Calendar::Unchanged => panic!("it was read"),
    }
}

fn ids(list: &[&str]) -> Vec<String> {
    list.iter().map(|&id| id.to_owned()).collect()
}

const NEXT: Option<&str> = Some("https://graph.microsoft.com/v1.0/users/anna/calendarView?$skip=2");

#[test]
fn the_first_page_is_asked_with_window_fields_and_size() {
    let reading = reading_of("o'neill+x@exämple.de", "2026-11-23T10:00:00.9+01:00", "2026-11-24T09:00:00.1Z");
    assert_eq!(
        reading.url(),
        "/users/o%27neill%2Bx@ex%C3%A4mple.de/calendarView\
         ?startDateTime=2026-11-23T09:00:00Z&endDateTime=2026-11-24T09:00:01Z\
         &$select=id,iCalUId,type,subject,location,start,end,isAllDay,showAs,sensitivity,isCancelled,\
         isOrganizer,responseStatus,categories&$top=250"
    );
}

#[test]
fn texts_are_asked_for_as_plain_text_beside_the_fields_in_smaller_pages() {
    let window = Window { from: "2026-11-23T09:00:00Z".parse().unwrap(), to: "2026-11-24T09:00:00Z".parse().unwrap() };
    let asked = |texts| {
        let reading = Reading::new(&User::by_address(&"anna@example.de".parse().unwrap()), window, texts);
        (reading.url().split_once("responseStatus,").unwrap().1.to_owned(), reading.prefer())
    };
    let with = r#"outlook.timezone="UTC", outlook.body-content-type="text", IdType="ImmutableId""#;
    let without = r#"outlook.timezone="UTC", IdType="ImmutableId""#;
    assert_eq!(asked(Texts::Asked), ("categories,body&$top=100".to_owned(), with));
    assert_eq!(asked(Texts::Unwanted), ("categories&$top=250".to_owned(), without));
    assert_eq!(asked(Texts::Forgone), ("categories&$top=250".to_owned(), without));
}

#[test]
fn pages_are_followed_to_the_end_and_an_entry_in_two_of_them_is_one() {
    let mut reading = reading();
    let first = reading.take(page(ids(&["a", "b"]), NEXT), &graph());
    assert_eq!(first.unwrap(), Progress::More);
    assert_eq!(reading.url(), "/users/anna/calendarView?$skip=2");
    let last = reading.take(page(ids(&["b", "c"]), None), &graph());
    assert_eq!(last.unwrap(), Progress::Whole);
    let found: Vec<String> = entries(reading.finish()).into_iter().map(|e| e.id.0).collect();
    assert_eq!(found, ["a", "b", "c"]);
}

#[test]
fn an_empty_page_may_have_a_next_one() {
    let progress = reading().take(page(ids(&[]), NEXT), &graph());
    assert_eq!(progress.unwrap(), Progress::More);
}

#[test]
fn a_next_page_elsewhere_makes_the_reading_malformed() {
    let link = Some("https://evil.example/v1.0/users/anna/calendarView");
    let error = reading().take(page(ids(&["a"]), link), &graph()).unwrap_err();
    let flaw = Flaw::ForeignLink;
    assert!(matches!(error, GraphError::Malformed { flaw: found, .. } if found == flaw));
}

#[test]
fn pages_without_an_end_are_left_after_the_fiftieth() {
    let mut reading = reading();
    for _ in 1..PAGES_MAX {
        let progress = reading.take(page(ids(&["a"]), NEXT), &graph());
        assert_eq!(progress.unwrap(), Progress::More);
    }
    let error = reading.take(page(ids(&["a"]), NEXT), &graph()).unwrap_err();
    assert!(matches!(error, GraphError::TooMany { .. }), "{error}");
}

#[test]
fn a_calendar_of_too_many_entries_is_unknown() {
    let many = (0..=ENTRIES_MAX).map(|number| number.to_string());
    let error = reading().take(page(many, None), &graph()).unwrap_err();
    assert!(matches!(error, GraphError::TooMany { .. }), "{error}");
}

#[test]
fn a_reading_begins_again_with_smaller_pages_until_they_are_too_small() {
    let mut reading = reading();
    reading.take(page(ids(&["a"]), NEXT), &graph()).unwrap();
    let mut tops = Vec::new();
    while reading.shrink() {
        let url = reading.url();
        tops.push(url.split_once("&$top=").unwrap().1.to_owned());
    }
    assert_eq!(tops, ["125", "62", "31", "15"]);
    assert!(entries(reading.finish()).is_empty());
}

fn reading_texts() -> Reading {
    Reading { texts: Texts::Asked, top: TOP_WITH_TEXTS, ..reading() }
}

#[test]
fn a_reading_with_texts_begins_again_without_them_first() {
    let mut reading = reading_texts();
    reading.take(page(ids(&["a"]), NEXT), &graph()).unwrap();
    assert!(reading.shrink());
    assert!(reading.url().ends_with("categories&$top=250"), "{}", reading.url());
    assert!(reading.shrink());
    assert!(reading.url().ends_with("categories&$top=125"), "{}", reading.url());
    reading.take(page(ids(&["b"]), None), &graph()).unwrap();
    let whole = reading.finish();
    assert_eq!(whole.texts, Texts::Forgone);
    assert!(whole.tags_unknown.iter().map(|id| id.0.as_str()).eq(["b"]));
    assert_eq!(entries(whole).len(), 1);
}

#[test]
fn the_entries_whose_text_could_not_be_read_are_told() {
    let mut reading = reading_texts();
    let text = json!({"contentType": "text", "content": ""});
    let html = json!({"contentType": "html", "content": "<p>"});
    let events = [event("a", &text), event("b", &json!(null)), event("c", &html)];
    reading.take(page_of(events, None), &graph()).unwrap();
    assert!(reading.finish().tags_unknown.iter().map(|id| id.0.as_str()).eq(["b"]));
}

/// The body of a page as it stands in an answer.
fn body(page: &Page) -> Box<RawValue> {
    to_raw_value(&json!({"value": page.value, "@odata.nextLink": page.next_link})).unwrap()
}

/// Reads one page, knowing an answer before.
fn read(texts: Texts, last: Option<Imprint>, page: &Page) -> Whole {
    let mut reading = Reading { texts, ..reading() }.after(last);
    reading.take_body(&body(page), &graph()).unwrap();
    reading.finish()
}

fn imprint(whole: &Whole) -> Option<Imprint> {
    match whole.calendar {
        Calendar::Read { imprint, .. } => imprint,
        Calendar::Unchanged => None,
    }
}

#[test]
fn the_same_answer_once_more_is_not_read_again() {
    let (one, other) = (page(ids(&["a", "b"]), None), page(ids(&["a", "c"]), None));
    let first = imprint(&read(Texts::Unwanted, None, &one));
    assert!(first.is_some());
    assert_eq!(read(Texts::Unwanted, first, &one).calendar, Calendar::Unchanged);
    assert_eq!(entries(read(Texts::Unwanted, first, &other)).len(), 2);
    // The entries of an answer are others when texts are wanted.
    assert_ne!(imprint(&read(Texts::Forgone, None, &one)), first);
}

#[test]
fn an_answer_in_parts_or_with_unknown_tags_has_no_imprint() {
    let one = page(ids(&["a"]), None);
    assert_eq!(imprint(&read(Texts::Asked, None, &one)), None, "its tags are not known");
    let mut reading = reading();
    assert_eq!(reading.take_body(&body(&page(ids(&["a"]), NEXT)), &graph()).unwrap(), Progress::More);
    assert_eq!(reading.take_body(&body(&one), &graph()).unwrap(), Progress::Whole);
    assert_eq!(imprint(&reading.finish()), None);
}
