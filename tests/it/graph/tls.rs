//! Trust in the other side, on hosts with and without root certificates.

use std::process::Command;
use std::time::Duration;

use starface_calendar::graph::{Bodies, Config, EndpointFlaw, GraphClient, GraphError};
use starface_calendar::meter::Meter;
use starface_calendar::secret::Secret;

use super::tenant::SetClock;

fn config(endpoint: &str, login_endpoint: &str) -> Config {
    Config {
        tenant_id: "tenant-1".into(),
        client_id: "app-1".into(),
        credential: starface_calendar::credential::Credential::secret(Secret::new("geheim")),
        endpoint: endpoint.parse().unwrap(),
        login_endpoint: login_endpoint.parse().unwrap(),
        request_timeout: Duration::from_secs(10),
        bodies: Bodies::NotRead,
        meter: Meter::default(),
    }
}

const GRAPH: &str = "https://graph.microsoft.com";
const LOGIN: &str = "https://login.microsoftonline.com";

#[test]
fn an_encrypted_client_is_built_any_number_of_times() {
    for _ in 0..2 {
        GraphClient::new(config(GRAPH, LOGIN), SetClock::new()).unwrap();
    }
}

/// Runs the test above in a process that finds no root certificates anywhere.
#[test]
fn an_encrypted_client_is_built_on_a_host_without_root_certificates() {
    let empty = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "graph::tls::an_encrypted_client_is_built_any_number_of_times"])
        .env("SSL_CERT_FILE", empty.path().join("none.pem"))
        .env("SSL_CERT_DIR", empty.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("1 passed"), "{told}");
}

#[test]
fn a_secret_or_a_token_never_leaves_this_machine_unencrypted() {
    #[track_caller]
    fn case(endpoint: &str, login_endpoint: &str) {
        match GraphClient::new(config(endpoint, login_endpoint), SetClock::new()) {
            Err(GraphError::Endpoint { flaw, .. }) => assert_eq!(flaw, EndpointFlaw::Unencrypted),
            other => panic!("{other:?}"),
        }
    }
    case("http://graph.microsoft.com", LOGIN);
    case(GRAPH, "http://login.microsoftonline.com");
    case("http://localhost:1", "http://192.0.2.1");
}
