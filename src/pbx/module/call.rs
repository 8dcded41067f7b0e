//! One call of one entry point: what every call carries, and what every answer says first.

use std::collections::BTreeMap;
use std::time::Duration;

use dxr::{Fault, Value};
use tracing::instrument;

use super::XmlRpc;
use super::data::Data;
use crate::pbx::PbxError;
use crate::pbx::codec::{decode, encode};
use crate::pbx::words::scrub;
use crate::secret::Secret;

/// The parameters of a call, or a struct in them.
pub(super) type Params = BTreeMap<String, Value>;

/// Returns a string as a parameter.
pub(super) fn text(text: impl Into<String>) -> Value {
    Value::String(text.into())
}

impl XmlRpc {
    /// Calls an entry point and returns its `Data`. What the PBX says about a failure is shown without the `hidden`
    /// texts.
    #[instrument(name = "pbx.call", level = "debug", skip_all, fields(pbx.method = name))]
    pub(super) async fn call(&self, name: &'static str, params: Params, hidden: &[&str]) -> Result<Data, PbxError> {
        let data = async {
            let document = self.document(name, params)?;
            let body = self.transport.exchange(document).await?;
            self.data(&body, hidden)
        };
        self.counted(name, data.await)
    }

    /// Calls an entry point that may hold its answer back for `wait`, over connections on which nothing else waits.
    #[instrument(name = "pbx.call", level = "debug", skip_all, fields(pbx.method = name))]
    pub(super) async fn held_call(&self, name: &'static str, params: Params, wait: Duration) -> Result<Data, PbxError> {
        let data = async {
            let document = self.document(name, params)?;
            let body = self.transport.exchange_held(document, wait).await?;
            self.data(&body, &[])
        };
        self.counted(name, data.await)
    }

    fn counted(&self, name: &'static str, answer: Result<Data, PbxError>) -> Result<Data, PbxError> {
        self.meter.pbx_call(name, answer.as_ref().err().map_or("ok", PbxError::word));
        answer
    }

    /// Returns the PBX's words without the `hidden` texts and this client's secrets.
    pub(super) fn scrubbed(&self, words: &str, hidden: &[&str]) -> String {
        let tokens = self.transport.secrets();
        let secrets = [&self.password, &self.module_key].into_iter().chain(&tokens);
        scrub(words, secrets.map(Secret::expose).chain(hidden.iter().copied()))
    }

    fn document(&self, name: &str, params: Params) -> Result<String, PbxError> {
        let method = format!("{}.{name}", self.instance);
        encode(&method, &Value::Struct(self.envelope(params)))
    }

    fn data(&self, body: &[u8], hidden: &[&str]) -> Result<Data, PbxError> {
        let answer = decode(body)?.map_err(|fault| self.failed(&fault, hidden))?;
        let answer = Data::new(answer, "the answer")?;
        if answer.flag("Success")? {
            return answer.part("Data");
        }
        let words = answer.text("Errormessage")?.unwrap_or_default();
        Err(self.refused(&words, hidden))
    }

    fn envelope(&self, params: Params) -> Params {
        Params::from([
            ("Key".to_owned(), text(self.module_key.expose())),
            ("Owner".to_owned(), text(self.caller.owner())),
            ("Seq".to_owned(), text(self.caller.next().to_string())),
            ("Params".to_owned(), Value::Struct(params)),
        ])
    }

    fn failed(&self, fault: &Fault, hidden: &[&str]) -> PbxError {
        if is_about_a_missing_method(fault) {
            return PbxError::NoSuchMethod;
        }
        PbxError::Fault { code: fault.code(), text: self.scrubbed(fault.string(), hidden) }
    }

    fn refused(&self, words: &str, hidden: &[&str]) -> PbxError {
        match words.trim() {
            "key" => PbxError::WrongKey,
            words => match words.strip_prefix("owner ") {
                Some(id) => PbxError::OtherOwner { id: bounded_id(id) },
                None => PbxError::Refused { text: self.scrubbed(words, hidden) },
            },
        }
    }
}

/// An owner's id is random and no secret, but the module only repeats what some sidecar called itself.
fn bounded_id(id: &str) -> String {
    id.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(OWNER_CHARS_MAX).collect()
}

/// The most characters of another owner's id that are shown.
const OWNER_CHARS_MAX: usize = 64;

/// STARFACE's own number is not known; Apache's server has 0 for everything, others 404 or -32601, and all say it in
/// words.
fn is_about_a_missing_method(fault: &Fault) -> bool {
    let words = fault.string().to_lowercase();
    matches!(fault.code(), 404 | -32601)
        || ["no such handler", "no such method", "unknown method", "method not found"]
            .iter()
            .any(|phrase| words.contains(phrase))
        || (words.contains("method \"") && words.contains("is not supported"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_owners_id_is_bounded_and_free_of_everything_but_a_name() {
        #[track_caller]
        fn case(id: &str, expected: &str) {
            assert_eq!(bounded_id(id), expected, "{id}");
        }
        case("0b5c-77_x", "0b5c-77_x");
        case("0b5c 77\n\u{1b}[31m<b>&", "0b5c7731mb");
        case("http://pbx/?de.vertico=1", "httppbxdevertico1");
        case(&"ä7".repeat(500), &"7".repeat(OWNER_CHARS_MAX));
    }

    #[test]
    fn a_missing_method_is_known_in_every_servers_words() {
        #[track_caller]
        fn case(code: i32, words: &str, expected: bool) {
            let fault = Fault::new(code, words.to_owned());
            assert_eq!(is_about_a_missing_method(&fault), expected, "{words}");
        }
        case(0, "No such handler: Kalender Connector.info", true);
        case(0, "No method matching arguments", false);
        case(1, "<class 'Exception'>:method \"x.info\" is not supported", true);
        case(404, "x", true);
        case(-32601, "server error. requested method not found", true);
        case(301, "Unknown method: x.info", true);
        case(0, "java.lang.NullPointerException", false);
        case(5, "this is not supported", false);
    }
}
