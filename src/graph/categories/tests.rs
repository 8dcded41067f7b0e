//! Tests of [`super`].

use serde_json::{Value, json};

use super::*;

fn graph() -> Endpoint {
    let url = "https://graph.microsoft.com".parse().unwrap();
    Endpoint::new(Service::Graph, url).unwrap()
}

fn anna() -> User {
    User::by_address(&"a+b@example.de".parse().unwrap())
}

fn item(status: u16, body: &Value) -> Item {
    Item::answered(&json!({"id": "1", "status": status, "body": body}))
}

fn refusal(status: u16, code: &str) -> Item {
    item(status, &json!({"error": {"code": code}}))
}

fn hear(dialogue: &mut impl Dialogue, item: Item) -> Result<Progress, GraphError> {
    dialogue.hear(item, DateTime::default(), &graph())
}

fn names(list: &[Category]) -> Vec<(&str, &str)> {
    list.iter().map(|category| (category.id.0.as_str(), category.name.0.as_str())).collect()
}

fn create(name: &str) -> Editing {
    Editing::new(&anna(), Edit::Create(CategoryName(name.to_owned())))
}

fn remove(id: &str) -> Editing {
    let category = Category { id: CategoryId(id.to_owned()), name: CategoryName("_SF_Ignorieren".to_owned()) };
    Editing::new(&anna(), Edit::Remove(category))
}

#[test]
fn microsofts_sample_of_a_list_is_read() {
    let sample = include_str!("../../../tests/data/graph/outlookuser-list-mastercategories.01.response.json");
    let mut listing = Listing::new(&anna());
    assert_eq!(listing.question().url, "/users/a%2Bb@example.de/outlook/masterCategories");
    let progress = hear(&mut listing, item(200, &serde_json::from_str(sample).unwrap()));
    assert_eq!(progress.unwrap(), Progress::Whole);
    let list = listing.finish();
    assert_eq!(list.len(), 6);
    assert_eq!(names(&list)[1], ("4b1c2495-54c9-4a5e-90a2-0ab0b31987d8", "Orange category"));
}

#[test]
fn every_page_of_a_list_is_followed() {
    let page = |id: &str, next: Value| {
        item(200, &json!({"value": [{"id": id, "displayName": id, "color": "none"}], "@odata.nextLink": next}))
    };
    let link = "https://graph.microsoft.com/v1.0/users/a/outlook/masterCategories?$skip=1";
    let mut listing = Listing::new(&anna());
    assert_eq!(hear(&mut listing, page("1", json!(link))).unwrap(), Progress::More);
    assert_eq!(listing.question().url, "/users/a/outlook/masterCategories?$skip=1");
    assert_eq!(hear(&mut listing, page("2", json!(null))).unwrap(), Progress::Whole);
    assert_eq!(names(&listing.finish()), [("1", "1"), ("2", "2")]);
    let foreign = page("1", json!("https://evil.example/v1.0/users/a/outlook/masterCategories"));
    let error = hear(&mut Listing::new(&anna()), foreign).unwrap_err();
    assert!(matches!(error, GraphError::Malformed { flaw: Flaw::ForeignLink, .. }), "{error}");
}

#[test]
fn a_list_without_an_end_is_unknown() {
    let link = json!("https://graph.microsoft.com/v1.0/users/a/outlook/masterCategories?$skip=1");
    let endless = |count: usize| {
        let category = json!({"id": "1", "displayName": "Rot"});
        item(200, &json!({"value": vec![category; count], "@odata.nextLink": link}))
    };
    let mut listing = Listing::new(&anna());
    for _ in 1..PAGES_MAX {
        assert_eq!(hear(&mut listing, endless(0)).unwrap(), Progress::More);
    }
    let text = "read a list of more than 50 pages or 2000 categories";
    assert_eq!(hear(&mut listing, endless(0)).unwrap_err().to_string(), text);
    let mut listing = Listing::new(&anna());
    assert_eq!(hear(&mut listing, endless(CATEGORIES_MAX + 1)).unwrap_err().to_string(), text);
}

#[test]
fn a_list_that_is_not_read_whole_is_unknown_and_a_nameless_category_is_nobodys_business() {
    #[track_caller]
    fn case(categories: &Value, flaw: Flaw) {
        let error = hear(&mut Listing::new(&anna()), item(200, &json!({"value": categories}))).unwrap_err();
        assert!(matches!(error, GraphError::Malformed { flaw: found, .. } if found == flaw), "{error}");
    }
    case(&json!([{"displayName": "Rot"}, {"id": 7}, "Rot", {"id": "1"}]), Flaw::Categories(3));
    case(&json!({}), Flaw::NoList);
    let mut listing = Listing::new(&anna());
    let body = json!({"value": [{"id": "1"}, {"id": "2", "displayName": null}, {"id": "3", "displayName": ""}]});
    assert_eq!(hear(&mut listing, item(200, &body)).unwrap(), Progress::Whole);
    assert_eq!(names(&listing.finish()), [("3", "")]);
}

#[test]
fn a_category_is_created_in_orange_and_removed_by_its_id() {
    let sample = include_str!("../../../tests/data/graph/outlookuser-post-mastercategories.01.request.json");
    let question = create("Project expenses").question();
    assert_eq!((question.method, question.url.as_str()), ("POST", "/users/a%2Bb@example.de/outlook/masterCategories"));
    let mut expected: Value = serde_json::from_str(sample).unwrap();
    expected["color"] = json!("preset1");
    assert_eq!(json!(question.body.unwrap()), expected);
    let question = remove("../x").question();
    assert_eq!(question.method, "DELETE");
    assert_eq!(question.url, "/users/a%2Bb@example.de/outlook/masterCategories/..%2Fx");
    assert!(question.body.is_none());
}

#[test]
fn what_is_there_or_gone_already_is_as_it_should_be() {
    #[track_caller]
    fn case(mut editing: Editing, item: Item, expected: Edited) {
        assert_eq!(hear(&mut editing, item).unwrap(), Progress::Whole);
        assert_eq!(editing.finish(), expected);
    }
    let sample = include_str!("../../../tests/data/graph/outlookuser-post-mastercategories.02.response.json");
    case(create("Project expenses"), item(201, &serde_json::from_str(sample).unwrap()), Edited::Done);
    case(create("x"), refusal(409, "ErrorIrresolvableConflict"), Edited::AlreadySo);
    case(create("x"), refusal(400, "ErrorInvalidRequest"), Edited::AlreadySo);
    case(remove("1"), item(204, &Value::Null), Edited::Done);
    case(remove("1"), refusal(404, "ErrorItemNotFound"), Edited::AlreadySo);
}

#[test]
fn every_other_refusal_of_a_change_is_an_error() {
    #[track_caller]
    fn case(mut editing: Editing, item: Item) -> GraphError {
        hear(&mut editing, item).unwrap_err()
    }
    for edit in [|| create("x"), || remove("1")] {
        let error = case(edit(), refusal(403, "ErrorAccessDenied"));
        assert!(matches!(error, GraphError::Forbidden { needs: Permission::EditCategories, .. }), "{error}");
        assert!(matches!(case(edit(), refusal(429, "TooManyRequests")), GraphError::Throttled { .. }));
        assert!(matches!(case(edit(), refusal(500, "")), GraphError::Failed { .. }));
        assert!(case(edit(), refusal(404, "ErrorInvalidUser")).is_not_found());
        assert!(case(edit(), refusal(404, "MailboxNotEnabledForRESTAPI")).is_not_found());
        assert!(matches!(case(edit(), Item::Missing), GraphError::Malformed { .. }));
    }
    assert!(case(create("x"), refusal(404, "ErrorItemNotFound")).is_not_found());
    assert!(matches!(case(remove("1"), refusal(400, "BadRequest")), GraphError::Refused { .. }));
}
