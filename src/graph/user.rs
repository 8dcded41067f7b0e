//! Who has a mail address: the question to the tenant's directory.

use chrono::{DateTime, Utc};

use super::batch::Item;
use super::dialogue::{Dialogue, Progress, Question};
use super::directory::{Finding, User};
use super::endpoint::{Endpoint, segment};
use super::error::{GraphError, Permission};
use super::wire::{DirectoryUser, is_id};
use crate::rules::Address;

/// One address's look-up.
pub(super) struct LookUp {
    address: Address,
    finding: Finding,
}

impl LookUp {
    /// Begins with an address that nobody signs in with.
    pub(super) fn new(address: &Address) -> Self {
        Self { address: address.clone(), finding: Finding::Nobody }
    }
}

impl Dialogue for LookUp {
    type Outcome = Finding;

    const NEEDS: Permission = Permission::Users;

    const KIND: &'static str = "users";

    /// A directory that is late is so for everybody.
    const PARTED_WHEN_LATE: bool = false;

    fn question(&self) -> Question {
        // A quote within a quoted text is written twice; the rest is for the URL.
        let quoted = self.address.as_str().replace('\'', "''");
        Question::get(format!("/users?$filter=mail%20eq%20%27{}%27&$select=id,userPrincipalName", segment(&quoted)))
    }

    fn hear(&mut self, item: Item, now: DateTime<Utc>, _graph: &Endpoint) -> Result<Progress, GraphError> {
        let page = item.page(now, Self::NEEDS)?;
        let users = page.value.iter().filter_map(|value| serde_json::from_str::<DirectoryUser>(value.get()).ok());
        let users = users.filter(|user| is_id(&user.id));
        // Whoever signs in with the address has answered already that there is no mailbox.
        let others = users.filter(|user| !is_address(user, &self.address)).map(|user| User::by_id(&user.id));
        let others: Vec<User> = others.collect();
        self.finding = match <[User; 1]>::try_from(others) {
            Ok([user]) => Finding::User(user),
            Err(others) if others.is_empty() => Finding::Nobody,
            Err(_) => Finding::Several,
        };
        Ok(Progress::Whole)
    }

    fn finish(self) -> Finding {
        self.finding
    }
}

fn is_address(user: &DirectoryUser, address: &Address) -> bool {
    user.user_principal_name.as_deref().is_some_and(|name| name.parse() == Ok(address.clone()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::graph::Service;

    #[test]
    fn an_address_is_asked_for_as_a_quoted_text_in_an_escaped_url() {
        #[track_caller]
        fn case(address: &str, expected: &str) {
            let question = LookUp::new(&address.parse().unwrap()).question();
            let url = format!("/users?$filter=mail%20eq%20%27{expected}%27&$select=id,userPrincipalName");
            assert_eq!((question.method, question.url), ("GET", url));
        }
        case("anna@example.de", "anna@example.de");
        case("o'neill@example.de", "o%27%27neill@example.de");
        case("x'or'1@example.de", "x%27%27or%27%271@example.de");
        case("a+b&c#d@example.de", "a%2Bb%26c%23d@example.de");
        case("jürgen@example.de", "j%C3%BCrgen@example.de");
    }

    #[track_caller]
    fn found(users: &Value) -> Finding {
        let item = Item::answered(&json!({"id": "1", "status": 200, "body": {"value": users}}));
        let url = "https://graph.microsoft.com".parse().unwrap();
        let graph = Endpoint::new(Service::Graph, url).unwrap();
        let mut look_up = LookUp::new(&"anna@example.de".parse().unwrap());
        assert_eq!(look_up.hear(item, DateTime::default(), &graph).unwrap(), Progress::Whole);
        look_up.finish()
    }

    #[test]
    fn only_one_other_user_is_a_finding() {
        let user = |id: &str, name: &str| json!({"id": id, "userPrincipalName": name});
        let anna = user("u-1", "am@corp.example");
        assert_eq!(found(&json!([])), Finding::Nobody);
        assert_eq!(found(&json!([anna])), Finding::User(User::by_id("u-1")));
        assert_eq!(found(&json!([anna, user("u-2", "guest@other.example")])), Finding::Several);
        // The user who signs in with the address has no mailbox; the other one with this mail address may have.
        assert_eq!(found(&json!([user("u-2", "Anna@example.de")])), Finding::Nobody);
        assert_eq!(found(&json!([user("u-2", "Anna@example.de"), anna])), Finding::User(User::by_id("u-1")));
        // What names nobody, or is too long to be a name, is no finding.
        assert_eq!(found(&json!([user("", "guest@other.example")])), Finding::Nobody);
        assert_eq!(found(&json!([user(&"u".repeat(1025), "guest@other.example")])), Finding::Nobody);
        assert_eq!(
            found(&json!([{"id": "u-3", "userPrincipalName": null}, {"id": 4}, 5])),
            Finding::User(User::by_id("u-3"))
        );
    }
}
