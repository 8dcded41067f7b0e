//! `/users?$filter=mail eq '…'`: who has a mail address.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use url::Url;

use super::mailbox::Mailbox;
use super::reply::{Refusal, Reply};
use crate::rules::Address;

/// What is told of a user unless `$select` says otherwise.
const SELECT_DEFAULT: &str = "id,userPrincipalName,mail";

/// Returns the address that a filter asks for; only `mail eq '…'` is simulated. A quote within the text is written twice.
pub(crate) fn mail_of(filter: Option<&str>) -> Result<Address, Refusal> {
    let unclear =
        || Refusal::new(400, "Request_UnsupportedQuery", "Unsupported or invalid query filter clause specified.");
    let quoted = filter.and_then(|filter| filter.trim().strip_prefix("mail eq ")).ok_or_else(unclear)?;
    let text = quoted.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).ok_or_else(unclear)?;
    if text.replace("''", "").contains('\'') {
        return Err(unclear());
    }
    text.replace("''", "'").parse().map_err(|_| unclear())
}

/// Gives the users who have this mail address.
pub(crate) fn users(
    base: &Url,
    mailboxes: &BTreeMap<Address, Mailbox>,
    mail: &Address,
    select: Option<&str>,
) -> Result<Reply, Refusal> {
    let select: Vec<&str> = select.unwrap_or(SELECT_DEFAULT).split(',').map(str::trim).collect();
    if let Some(unknown) = select.iter().find(|name| !SELECT_DEFAULT.split(',').any(|known| known == **name)) {
        let words = format!("Could not find a property named '{unknown}' on type 'microsoft.graph.user'.");
        return Err(Refusal::new(400, "BadRequest", words));
    }
    let user = |(login, mailbox): (&Address, &Mailbox)| {
        let all = [
            ("id", json!(mailbox.user_id)),
            ("userPrincipalName", json!(login.as_str())),
            ("mail", json!(mailbox.mail.as_str())),
        ];
        let told: Map<String, Value> = all
            .into_iter()
            .filter(|(name, _)| select.contains(name))
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        Value::Object(told)
    };
    let found: Vec<Value> = mailboxes.iter().filter(|(_, mailbox)| mailbox.mail == *mail).map(user).collect();
    let context = format!("{base}v1.0/$metadata#users({})", select.join(","));
    Ok(Reply::ok(json!({ "@odata.context": context, "value": found })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_asks_for_one_address_as_a_quoted_text() {
        #[track_caller]
        fn case(filter: &str, expected: Option<&str>) {
            let found = mail_of(Some(filter)).ok();
            assert_eq!(found.as_ref().map(Address::as_str), expected, "{filter}");
        }
        case("mail eq 'Anna@b.ch'", Some("anna@b.ch"));
        case("mail eq 'o''neill@b.ch'", Some("o'neill@b.ch"));
        case("mail eq 'o'neill@b.ch'", None);
        case("mail eq anna@b.ch", None);
        case("mail eq 'anna'", None);
        case("mail eq 'a@b.ch' or mail eq 'c@b.ch'", None);
        case("displayName eq 'a@b.ch'", None);
        assert!(mail_of(None).is_err());
    }
}
