//! The JSON answers fit their schemas, which are there for whoever reads them by a program.

use serde_json::Value;

use super::{BEARER, House};

#[track_caller]
fn fits(schema: &str, document: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    assert!(jsonschema::meta::is_valid(&schema), "{schema}");
    let validator = jsonschema::validator_for(&schema).unwrap();
    if let Err(error) = validator.validate(document) {
        panic!("{error} at {}", error.instance_path());
    }
    assert!(!validator.is_valid(&Value::Object(serde_json::Map::new())), "it demands something");
}

#[tokio::test]
async fn what_is_read_as_json_fits_its_schema_for_strangers_and_for_those_who_show_the_token() {
    let house = House::open();
    let (status, member) =
        (include_str!("../../../data/http/status.schema.json"), include_str!("../../../data/http/member.schema.json"));
    fits(status, &house.get("/api/status").await.json());
    fits(status, &house.read("/api/status").await.json());
    fits(member, &house.get("/api/members/1010").await.json());
    fits(member, &house.read("/api/members/1010").await.json());
}

#[tokio::test]
async fn what_commands_are_answered_fits_its_schema() {
    let house = House::open();
    let answered = async |path: &str| house.ask("POST", path, &[BEARER, ("X-Requested-With", "x")], "").await.json();
    fits(include_str!("../../../data/http/end.schema.json"), &answered("/api/members/1010/end").await);
    fits(include_str!("../../../data/http/restore.schema.json"), &answered("/api/members/1010/restore").await);
    fits(include_str!("../../../data/http/refresh.schema.json"), &answered("/api/refresh").await);
}
