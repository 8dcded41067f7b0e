//! Tests of [`super`].

use proptest::prelude::*;
use serde_json::value::to_raw_value;
use serde_json::{Value, json};

use super::*;

/// An event as Graph gives it, with some fields changed or, by null, left empty.
fn event(changes: &Value) -> Value {
    let mut event = json!({
        "@odata.etag": "W/\"ZlnW4RIAV06KYYwlrfNZvQAAKGWwbw==\"",
        "id": "AAMk1",
        "iCalUId": "0400",
        "type": "singleInstance",
        "subject": "Kunde ABC",
        "location": {"displayName": "Raum 3", "locationType": "default"},
        "start": {"dateTime": "2026-11-23T09:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-11-23T10:30:00.0000000", "timeZone": "UTC"},
        "isAllDay": false,
        "showAs": "busy",
        "sensitivity": "normal",
        "isCancelled": false,
        "isOrganizer": true,
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "categories": ["_SF_DND_aktivieren"],
    });
    for (key, value) in changes.as_object().unwrap() {
        event[key] = value.clone();
    }
    event
}

/// Reads an event without its text.
fn entry(event: &Value) -> Result<Option<Entry>, Unreadable> {
    let found = super::entry(&to_raw_value(event).unwrap(), Texts::Unwanted)?;
    Ok(found.map(|(entry, _)| entry))
}

fn entries(events: &[Value], texts: Texts) -> Result<Vec<(Entry, TagsOf)>, Flaw> {
    let events: Vec<Box<RawValue>> = events.iter().map(|event| to_raw_value(event).unwrap()).collect();
    super::entries(&events, texts)
}

fn read(changes: &Value) -> Entry {
    entry(&event(changes)).unwrap().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn every_field_that_the_rules_need_is_read() {
    assert_eq!(
        read(&json!({})),
        Entry {
            id: EntryId("AAMk1".into()),
            ical_uid: "0400".into(),
            title: Title("Kunde ABC".into()),
            location: Location("Raum 3".into()),
            span: Span::Timed { start: at("2026-11-23T09:00:00Z"), end: at("2026-11-23T10:30:00Z") },
            show_as: ShowAs::Busy,
            sensitivity: Sensitivity::Normal,
            response: Response::Organizer,
            cancelled: false,
            is_organizer: true,
            categories: vec!["_SF_DND_aktivieren".into()],
            tags: Tags::default(),
        }
    );
}

#[test]
fn what_graph_omits_or_sets_to_null_is_read_on_the_careful_side() {
    let moment = json!({"dateTime": "2026-11-23T09:00:00", "timeZone": "UTC"});
    let bare = json!({"id": "a", "start": moment, "end": moment});
    let nulls = event(&json!({
        "id": "a", "iCalUId": null, "type": null, "subject": null, "location": null, "start": moment,
        "end": moment, "isAllDay": null, "showAs": null, "sensitivity": null, "isCancelled": null,
        "isOrganizer": null, "responseStatus": null, "categories": null,
    }));
    for value in [bare, nulls] {
        let entry = entry(&value).unwrap().unwrap();
        assert_eq!(entry.title, Title::default());
        assert_eq!(entry.location, Location::default());
        assert_eq!(entry.show_as, ShowAs::Busy);
        assert_eq!(entry.sensitivity, Sensitivity::Private);
        assert_eq!(entry.response, Response::Unanswered);
        assert!(!entry.cancelled && !entry.is_organizer && entry.categories.is_empty());
    }
}

#[test]
fn a_show_as_is_read_in_any_case_and_an_unknown_one_is_busy() {
    #[track_caller]
    fn case(word: impl Into<Value>, expected: ShowAs) {
        assert_eq!(read(&json!({ "showAs": word.into() })).show_as, expected);
    }
    case("free", ShowAs::Free);
    case("Tentative", ShowAs::Tentative);
    case("Busy", ShowAs::Busy);
    case("OOF", ShowAs::OutOfOffice);
    case("workingElsewhere", ShowAs::WorkingElsewhere);
    case("unknown", ShowAs::Busy);
    case("somethingNew", ShowAs::Busy);
    case(-1, ShowAs::Busy);
}

#[test]
fn every_sensitivity_but_normal_is_private() {
    #[track_caller]
    fn case(word: &str, expected: Sensitivity) {
        assert_eq!(read(&json!({ "sensitivity": word })).sensitivity, expected);
    }
    case("Normal", Sensitivity::Normal);
    case("personal", Sensitivity::Private);
    case("private", Sensitivity::Private);
    case("confidential", Sensitivity::Private);
    case("somethingNew", Sensitivity::Private);
}

#[test]
fn an_unknown_response_is_unanswered_unless_the_member_organises() {
    #[track_caller]
    fn case(word: &str, is_organizer: bool, expected: Response) {
        let changes = json!({"responseStatus": {"response": word}, "isOrganizer": is_organizer});
        assert_eq!(read(&changes).response, expected, "{word}");
    }
    case("organizer", false, Response::Organizer);
    case("Accepted", false, Response::Accepted);
    case("tentativelyAccepted", false, Response::Accepted);
    case("declined", false, Response::Declined);
    case("none", false, Response::Unanswered);
    case("notResponded", false, Response::Unanswered);
    case("somethingNew", false, Response::Unanswered);
    case("none", true, Response::Organizer);
    case("somethingNew", true, Response::Organizer);
}

#[test]
fn a_time_is_read_only_in_the_zone_that_was_asked_for() {
    #[track_caller]
    fn case(time: &str, zone: Option<&str>, expected: Option<&str>) {
        let changes = json!({"start": {"dateTime": time, "timeZone": zone}});
        let found = entry(&event(&changes)).ok().flatten().map(|entry| entry.span);
        let end = at("2026-11-23T10:30:00Z");
        let expected = expected.map(|start| Span::Timed { start: at(start), end });
        assert_eq!(found, expected, "{time} {zone:?}");
    }
    let utc = Some("UTC");
    case("2026-11-23T09:00:00", utc, Some("2026-11-23T09:00:00Z"));
    case("2026-11-23T09:00:00Z", utc, Some("2026-11-23T09:00:00Z"));
    case("2026-11-23T09:00:00.1230000", Some("utc"), Some("2026-11-23T09:00:00.123Z"));
    case("2026-11-23T09:00:00", Some("W. Europe Standard Time"), None);
    case("2026-11-23T09:00:00", None, None);
    case("2026-11-23T09:00:00+01:00", utc, None);
    case("2026-11-23", utc, None);
    case("2026-02-30T09:00:00", utc, None);
    case("soon", utc, None);
    case("", utc, None);
}

#[test]
fn an_all_day_entry_has_the_dates_as_they_stand_whatever_the_zone() {
    #[track_caller]
    fn case(start: &str, end: &str, expected: Option<(&str, &str)>) {
        let zone = "Pacific Standard Time";
        let changes = json!({
            "isAllDay": true,
            "start": {"dateTime": start, "timeZone": zone},
            "end": {"dateTime": end},
        });
        let found = entry(&event(&changes)).ok().flatten().map(|entry| entry.span);
        let expected = expected.map(|(first, until)| Span::AllDay { first: day(first), until: day(until) });
        assert_eq!(found, expected, "{start} {end}");
    }
    let one_day = Some(("2026-11-23", "2026-11-24"));
    case("2026-11-23T00:00:00.0000000", "2026-11-24T00:00:00.0000000", one_day);
    case("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", one_day);
    case("2026-11-23T00:00:00+13:00", "2026-11-24T00:00:00-09:00", one_day);
    case("2026-11-23", "2026-11-24", one_day);
    // Whole days that something moved by an offset go back to their midnight.
    case("2026-11-22T23:00:00", "2026-11-23T23:00:00", one_day);
    case("2026-11-23T08:00:00", "2026-11-24T08:00:00", one_day);
    // Hours of a day cover the day.
    case("2026-11-23T13:00:00", "2026-11-23T15:00:00", one_day);
    case("2026-11-23T00:00:00", "2026-11-24T01:00:00", Some(("2026-11-23", "2026-11-25")));
    // What ends where it begins stays so; it does not count.
    case("2026-11-23T00:00:00", "2026-11-23T00:00:00", Some(("2026-11-23", "2026-11-23")));
    case("2026-11-31T00:00:00", "2026-12-01T00:00:00", None);
    case("heute", "morgen", None);
}

#[test]
fn the_tags_of_a_text_are_known_where_it_was_read_or_is_not_wanted() {
    #[track_caller]
    fn case(body: &Value, texts: Texts, expected: Tags, known: TagsOf) {
        let found = entries(&[event(&json!({ "body": body }))], texts).unwrap();
        assert_eq!(found, [(Entry { tags: expected, ..read(&json!({})) }, known)]);
    }
    let text = json!({"contentType": "text", "content": "@@Extern: 0712345689"});
    case(&text, Texts::Asked, Tags::find("@@Extern: 0712345689"), TagsOf::Known);
    case(&json!({"contentType": "html", "content": "<p>x"}), Texts::Asked, Tags::default(), TagsOf::Known);
    case(&json!(null), Texts::Asked, Tags::default(), TagsOf::Unknown);
    case(&json!({"contentType": 1}), Texts::Asked, Tags::default(), TagsOf::Unknown);
    // What comes unasked does not count.
    case(&text, Texts::Unwanted, Tags::default(), TagsOf::Known);
    case(&text, Texts::Forgone, Tags::default(), TagsOf::Unknown);
}

#[test]
fn an_entry_shows_no_number_of_its_text() {
    let text = json!({"body": {"contentType": "text", "content": "@@Extern: 0712345689\n@@Intern: 210"}});
    let shown = format!("{:?}", entries(&[event(&text)], Texts::Asked).unwrap());
    assert!(shown.contains("Target(Dialled(…))"), "{shown}");
    assert!(!shown.contains("071") && !shown.contains("210"), "{shown}");
}

#[test]
fn a_series_master_is_no_entry() {
    assert_eq!(entry(&event(&json!({"type": "seriesMaster"}))), Ok(None));
    assert!(entry(&event(&json!({"type": "occurrence"}))).unwrap().is_some());
    assert!(entry(&event(&json!({"type": "somethingNew"}))).unwrap().is_some());
}

#[test]
fn one_entry_that_cannot_be_understood_makes_the_reading_malformed() {
    #[track_caller]
    fn case(changes: &Value) {
        let events = [event(&json!({})), event(changes), event(&json!({}))];
        assert_eq!(entries(&events, Texts::Unwanted), Err(Flaw::Entries(1)));
    }
    case(&json!({"id": null}));
    case(&json!({"id": ""}));
    case(&json!({"start": null}));
    case(&json!({"end": {"dateTime": null, "timeZone": "UTC"}}));
    case(&json!({"isAllDay": "perhaps"}));
    assert_eq!(entries(&[json!(null), json!("x"), json!([])], Texts::Unwanted), Err(Flaw::Entries(3)));
}

fn sample(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn microsofts_sample_of_an_event_in_utc_is_read() {
    let sample = sample(include_str!("../../../tests/data/graph/event-get.02.response.json"));
    let entry = entry(&sample).unwrap().unwrap();
    assert_eq!(entry.title.0, "Plan summer company picnic");
    assert_eq!(entry.location.0, "Conf Room 3; Fourth Coffee; Home Office");
    let (start, end) = (at("2017-08-30T11:00:00Z"), at("2017-08-30T12:00:00Z"));
    assert_eq!(entry.span, Span::Timed { start, end });
}

#[test]
fn microsofts_samples_in_another_zone_or_without_an_id_are_malformed() {
    let pacific = sample(include_str!("../../../tests/data/graph/event-get.01.response.json"));
    assert_eq!(entry(&pacific), Err(Unreadable));
    for page in [
        include_str!("../../../tests/data/graph/user-list-events.01.response.json"),
        include_str!("../../../tests/data/graph/user-list-calendarview.01.response.json"),
    ] {
        let events = sample(page)["value"].as_array().unwrap().clone();
        assert_eq!(entries(&events, Texts::Unwanted), Err(Flaw::Entries(1)));
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".*".prop_map(Value::from),
        r"[0-9+-]{1,9}-[01][0-9]-[0-3][0-9]T[0-9:.]{0,12}[Zé]?".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let key = prop_oneof![Just("dateTime".to_owned()), Just("timeZone".to_owned()), "[a-z]{0,5}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_the_reader_of_events_panic(
        values in prop::collection::vec((any::<prop::sample::Index>(), any_json()), 0..4),
        bare in any_json(),
        all_day: bool,
    ) {
        let mut changed = event(&json!({"isAllDay": all_day}));
        let keys: Vec<String> = changed.as_object().unwrap().keys().cloned().collect();
        for (index, value) in values {
            changed[index.get(&keys)] = value;
        }
        drop(entry(&changed));
        drop(entry(&bare));
    }

    #[test]
    fn no_times_make_the_reader_of_events_panic(start in any_json(), end in any_json(), all_day: bool) {
        let moment = |time| json!({"dateTime": time, "timeZone": "UTC"});
        let changes = json!({"start": moment(start), "end": moment(end), "isAllDay": all_day});
        drop(entry(&event(&changes)));
    }
}
