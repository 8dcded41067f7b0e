//! Certificates and federated assertions at the tenant's token endpoint.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use starface_calendar::clock::{Clock, SimClock, SystemClock};
use starface_calendar::credential::Credential;
use starface_calendar::graph::{Bodies, Config, GraphClient, GraphError};
use starface_calendar::meter::Meter;
use starface_calendar::rules::Verdict;
use starface_calendar::sim::Tenant;
use starface_calendar::sim::tenant::Federation;

use super::openssl::Pair;

fn client(tenant: &Tenant, credential: Credential, clock: impl Clock) -> GraphClient {
    let app = tenant.credentials();
    let config = Config {
        tenant_id: app.tenant_id,
        client_id: app.client_id,
        credential,
        endpoint: tenant.endpoint(),
        login_endpoint: tenant.login_endpoint(),
        request_timeout: Duration::from_secs(10),
        bodies: Bodies::Read,
        meter: Meter::default(),
    };
    GraphClient::new(config, clock).unwrap()
}

/// Returns what is said when there is no token; nothing when there is one.
async fn refused(client: &GraphClient) -> Option<(String, Verdict)> {
    client.check_token().await.err().map(|error| (error.to_string(), error.verdict()))
}

#[track_caller]
fn says(refused: Option<(String, Verdict)>, words: &str, verdict: Verdict) {
    let (told, found) = refused.expect("there is no token");
    assert!(told.contains(words), "{told}");
    assert_eq!(found, verdict);
}

#[tokio::test]
async fn a_registered_certificate_gets_a_token_and_another_one_is_told_what_to_do() {
    let tenant = Tenant::start(SystemClock).await.unwrap();
    let pair = Pair::new("rsa:2048");
    let client = client(&tenant, Credential::Certificate(pair.read()), SystemClock);
    says(refused(&client).await, "the tenant does not know its certificate; upload the one in", Verdict::NeedsHuman);
    tenant.register_certificate(&Pair::new("rsa:2048").der());
    says(refused(&client).await, "the tenant does not know its certificate", Verdict::NeedsHuman);
    tenant.register_certificate(&pair.der());
    assert_eq!(refused(&client).await, None);
    assert_eq!(refused(&client).await, None, "each assertion is a new one");
}

#[tokio::test]
async fn an_expired_certificate_is_not_sent_and_a_clock_that_is_off_is_told() {
    let now = SystemClock.now();
    let tenant = Tenant::start(SystemClock).await.unwrap();
    let pair = Pair::new("rsa:2048");
    let old = pair.between(now - TimeDelta::days(60), now - TimeDelta::days(30));
    tenant.register_certificate(&old.der());
    let expired = client(&tenant, Credential::Certificate(old.read()), SystemClock);
    says(refused(&expired).await, "graph.certificate_file has expired on", Verdict::NeedsHuman);
    assert_eq!(tenant.counts().calls, 0, "nothing is sent that cannot be good");
    let off = SimClock::new(now - TimeDelta::days(40));
    let off = client(&tenant, Credential::Certificate(old.read()), off);
    says(refused(&off).await, "see that this machine's clock is right", Verdict::NeedsHuman);
}

#[tokio::test]
async fn a_federated_assertion_is_read_anew_for_each_token() {
    let now: DateTime<Utc> = SystemClock.now();
    let tenant = Tenant::start(SystemClock).await.unwrap();
    let provider = Pair::new("rsa:2048");
    tenant.trust(Federation {
        issuer: "https://issuer.example".to_owned(),
        subject: "pbx".to_owned(),
        certificate: provider.der().into(),
    });
    let file = provider.folder.path().join("assertion");
    let client = client(&tenant, Credential::AssertionFile(file.clone()), SystemClock);
    let retry = Verdict::Retry { after: None };
    says(refused(&client).await, "the file in graph.assertion_file cannot be read", retry);
    let write = |subject: &str, ends_at: DateTime<Utc>| {
        let claims = json!({
            "iss": "https://issuer.example", "sub": subject, "aud": "api://AzureADTokenExchange", "exp": ends_at.timestamp(),
        });
        std::fs::write(&file, provider.token(&claims) + "\n").unwrap();
    };
    write("pbx", now - TimeDelta::hours(1));
    says(refused(&client).await, "the assertion in graph.assertion_file has expired", retry);
    write("somebody", now + TimeDelta::hours(1));
    says(refused(&client).await, "the tenant does not trust the assertion", Verdict::NeedsHuman);
    write("pbx", now + TimeDelta::hours(1));
    assert_eq!(refused(&client).await, None);
}

#[tokio::test]
async fn no_error_of_the_log_in_holds_a_path_or_an_assertion() {
    let tenant = Tenant::start(SystemClock).await.unwrap();
    let client = client(&tenant, Credential::AssertionFile("/nowhere/geheim".into()), SystemClock);
    let error = client.check_token().await.unwrap_err();
    assert!(matches!(error, GraphError::Unproved { .. }));
    assert!(!format!("{error} {error:?} {client:?}").contains("geheim"));
}
