//! Plain clients for the simulated tenant and PBX: what a server does is seen here without any of the product's own
//! rooms.

use chrono::{DateTime, Utc};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use starface_calendar::clock::SimClock;
use starface_calendar::rules::{AccountId, Address};
use starface_calendar::sim::pbx::{Person, Setup};
use starface_calendar::sim::{Pbx, Tenant};

/// The clock of these tests, at its beginning.
fn clock() -> SimClock {
    SimClock::new(at("2026-11-23T08:00:00Z"))
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn address(text: &str) -> Address {
    text.parse().unwrap()
}

pub(crate) fn http() -> reqwest::Client {
    // A second test in this process finds it installed.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap()
}

/// One HTTP answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) async fn of(request: reqwest::RequestBuilder) -> Result<Self, reqwest::Error> {
        let response = request.send().await?;
        Ok(Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await?,
        })
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// A tenant and a client with a token.
pub(crate) struct Graph {
    pub(crate) clock: SimClock,
    pub(crate) tenant: Tenant,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

impl Graph {
    pub(crate) async fn start() -> Self {
        let clock = clock();
        let tenant = Tenant::start(clock.clone()).await.unwrap();
        let mut graph = Self { clock, tenant, http: http(), token: String::new() };
        let answer = graph.ask_for_token(&[]).await.unwrap();
        graph.token = answer.json()["access_token"].as_str().unwrap().to_owned();
        graph
    }

    /// Asks for a token, with some of the fields replaced; `tenant` is that of the path.
    pub(crate) async fn ask_for_token(&self, replaced: &[(&str, &str)]) -> Result<Answer, reqwest::Error> {
        let credentials = self.tenant.credentials();
        let mut fields = vec![
            ("tenant", credentials.tenant_id.as_str()),
            ("grant_type", "client_credentials"),
            ("client_id", &credentials.client_id),
            ("client_secret", credentials.client_secret.expose()),
            ("scope", "https://graph.microsoft.com/.default"),
        ];
        for field in &mut fields {
            if let Some(other) = replaced.iter().find(|other| other.0 == field.0) {
                *field = *other;
            }
        }
        let path = format!("/{}/oauth2/v2.0/token", fields[0].1);
        let url = self.tenant.login_endpoint().join(&path).unwrap();
        Answer::of(self.http.post(url).form(&fields[1..])).await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}v1.0{path}", self.tenant.endpoint())
    }

    /// Sends a batch with this body.
    pub(crate) async fn send(&self, body: &Value) -> Result<Answer, reqwest::Error> {
        let request = self
            .http
            .post(self.url("/$batch"))
            .bearer_auth(&self.token)
            .header("User-Agent", "starface-calendar/test")
            .json(body);
        Answer::of(request).await
    }

    /// Sends a batch of reads, with ids from 0, and gives the answers in the order of the reads.
    pub(crate) async fn batch(&self, urls: &[String]) -> Vec<Value> {
        let answer = self.send(&batch_of(urls)).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        let mut responses = answer.json()["responses"].as_array().unwrap().clone();
        responses.sort_by_key(|response| {
            let id = response["id"].as_str().unwrap();
            id.parse::<usize>().unwrap()
        });
        responses
    }

    /// Sends a batch of these requests and gives their answers in the order of the requests.
    pub(crate) async fn items(&self, items: &[Value]) -> Vec<Value> {
        let numbered = items.iter().enumerate().map(|(id, item)| {
            let mut item = item.clone();
            item["id"] = json!(id.to_string());
            item
        });
        let answer = self.send(&json!({ "requests": numbered.collect::<Vec<_>>() })).await.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.text);
        let mut responses = answer.json()["responses"].as_array().unwrap().clone();
        responses.sort_by_key(|response| response["id"].as_str().unwrap().parse::<usize>().unwrap());
        responses
    }

    /// Reads one resource outside a batch.
    pub(crate) async fn single(&self, url: &str) -> Result<Answer, reqwest::Error> {
        Answer::of(self.http.get(url).bearer_auth(&self.token)).await
    }

    /// Reads the page of a window.
    pub(crate) async fn view(&self, address: &str, window: &str) -> Value {
        let answers = self.batch(&[view_url(address, window)]).await;
        assert_eq!(answers[0]["status"], 200, "{}", answers[0]);
        answers[0]["body"].clone()
    }
}

pub(crate) const DAY: &str = "startDateTime=2026-11-23T00:00:00Z&endDateTime=2026-11-24T00:00:00Z";

pub(crate) fn view_url(address: &str, query: &str) -> String {
    format!("/users/{address}/calendarView?{query}")
}

pub(crate) fn batch_of(urls: &[String]) -> Value {
    let requests: Vec<Value> = urls
        .iter()
        .enumerate()
        .map(|(id, url)| {
            json!({
                "id": id.to_string(),
                "method": "GET",
                "url": url,
                "headers": { "Prefer": "outlook.timezone=\"UTC\", outlook.body-content-type=\"text\"" },
            })
        })
        .collect();
    json!({ "requests": requests })
}

pub(crate) fn categories_url(user: &str) -> String {
    format!("/users/{user}/outlook/masterCategories")
}

/// A request of a batch that creates a category.
pub(crate) fn create_category(user: &str, name: &str) -> Value {
    json!({
        "method": "POST",
        "url": categories_url(user),
        "headers": { "Content-Type": "application/json" },
        "body": { "displayName": name, "color": "preset1" },
    })
}

pub(crate) fn subjects(page: &Value) -> Vec<String> {
    let events = page["value"].as_array().unwrap();
    let subject = |event: &Value| event["subject"].as_str().unwrap().to_owned();
    events.iter().map(subject).collect()
}

/// A PBX and a client with its token and key.
pub(crate) struct Switchboard {
    pub(crate) clock: SimClock,
    pub(crate) pbx: Pbx,
    pub(crate) http: reqwest::Client,
}

/// What the module answered.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) success: bool,
    pub(crate) words: String,
    pub(crate) data: Value,
}

pub(crate) const ANNA: AccountId = AccountId(1010);
pub(crate) const BEAT: AccountId = AccountId(1011);

/// The token of log-in `0001` with password `sim-password`, computed outside.
const TOKEN: &str = "0001%3A06edfd4a7329e5f47f87429613a327ff7445b1b979c23089822a0e8d948dd387\
                     976ec6d7ea6d75274be36faeeca02330632ac378945f8b3f6d6592c2be9943e4";

impl Switchboard {
    pub(crate) async fn start() -> Self {
        let clock = clock();
        let pbx = Pbx::start(clock.clone(), Setup::default()).await.unwrap();
        pbx.add_member(person(ANNA, "Anna"));
        pbx.add_member(person(BEAT, "Beat"));
        Self { clock, pbx, http: http() }
    }

    pub(crate) fn url(&self) -> String {
        format!("{}xml-rpc?de.vertico.starface.auth={TOKEN}", self.pbx.url())
    }

    /// Posts a body.
    pub(crate) async fn post(&self, body: String) -> Result<Answer, reqwest::Error> {
        let request = self.http.post(self.url()).body(body);
        Answer::of(request.header("Content-Type", "text/xml")).await
    }

    /// Calls an entry point as this owner.
    pub(crate) async fn call(&self, name: &str, owner: &str, seq: u64, params: Value) -> Outcome {
        let answer = self.post(call(name, owner, seq, &params)).await.unwrap();
        let value =
            dxr::MethodResponse::from_xml(&answer.text).unwrap_or_else(|_| panic!("no answer: {}", answer.text));
        let result = to_json(&value.value);
        Outcome {
            success: result["Success"].as_bool().unwrap(),
            words: result["Errormessage"].as_str().unwrap().to_owned(),
            data: result["Data"].clone(),
        }
    }

    /// Applies states as owner `one`.
    pub(crate) async fn apply(&self, seq: u64, params: Value) -> Value {
        let result = self.call("applyStates", "one", seq, params).await;
        assert_eq!((result.success, result.words.as_str()), (true, ""));
        result.data
    }

    /// Sends a put-on of `AWAY` on Anna and gives what came of it at the connection's level.
    pub(crate) async fn put_away(&self, seq: u64) -> Result<Answer, reqwest::Error> {
        let params = json!({ "1010": { "chatPresence": "AWAY" } });
        self.post(call("applyStates", "one", seq, &params)).await
    }

    pub(crate) fn presence(&self, account: AccountId) -> String {
        self.pbx.shows(account).unwrap().chat_presence
    }
}

pub(crate) fn person(account: AccountId, first_name: &str) -> Person {
    Person {
        account,
        login: format!("{:04}", account.0),
        first_name: first_name.to_owned(),
        family_name: "Müller".to_owned(),
        email: format!("{}@example.com", first_name.to_lowercase()),
    }
}

/// Writes a call of an entry point with the right key.
pub(crate) fn call(name: &str, owner: &str, seq: u64, params: &Value) -> String {
    call_with("sim-module-key", name, owner, seq, params)
}

pub(crate) fn call_with(key: &str, name: &str, owner: &str, seq: u64, params: &Value) -> String {
    let argument = json!({ "Key": key, "Owner": owner, "Seq": seq.to_string(), "Params": params });
    method_call(&format!("Kalender Connector.{name}"), vec![to_value(&argument)])
}

pub(crate) fn method_call(name: &str, params: Vec<dxr::Value>) -> String {
    let call = dxr::MethodCall { name: name.into(), params };
    call.to_xml().unwrap()
}

pub(crate) fn to_value(json: &Value) -> dxr::Value {
    match json {
        Value::String(text) => dxr::Value::String(text.clone()),
        Value::Object(members) => {
            dxr::Value::Struct(members.iter().map(|(name, value)| (name.clone(), to_value(value))).collect())
        }
        other => panic!("the module takes no {other}"),
    }
}

fn to_json(value: &dxr::Value) -> Value {
    match value {
        dxr::Value::String(text) => json!(text),
        dxr::Value::Boolean(yes) => json!(yes),
        dxr::Value::Struct(members) => members.iter().map(|(name, value)| (name.clone(), to_json(value))).collect(),
        other => panic!("the module gives no {other:?}"),
    }
}
