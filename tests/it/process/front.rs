//! The status page of the running service.

use std::fs;
use std::net::TcpListener;

use reqwest::{Client, Response, StatusCode};
use serde_json::Value;

use crate::sim::http;

use super::site::{ANNA, BEAT, Service, Site};

const TOKEN: &str = "WORT-ZUR-ANMELDUNG";

/// A service with its page, and a browser.
struct Front {
    url: String,
    client: Client,
}

impl Front {
    /// Starts the service with its page on a port that nobody uses.
    fn start(site: &Site) -> (Self, Service) {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let service = site.start_with(&[("WEB__LISTEN", &address.to_string()), ("WEB__TOKEN", TOKEN)]);
        (Self { url: format!("http://{address}"), client: http() }, service)
    }

    async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).send().await.unwrap()
    }
}

#[tokio::test]
async fn the_page_the_status_and_the_signs_for_monitors_are_served_and_a_command_is_carried_out() {
    let site = Site::new().await;
    site.begin(ANNA, "GEHEIMER-TITEL");
    let (front, service) = Front::start(&site);
    site.shows(ANNA, "AWAY", "GEHEIMER-TITEL").await;
    while front.get("/readyz").await.status() != StatusCode::OK {
        tokio::task::yield_now().await;
    }
    assert_eq!(front.get("/healthz").await.status(), StatusCode::OK);
    for path in ["/", "/members/1010"] {
        let page = front.get(path).await;
        assert_eq!(page.status(), StatusCode::OK, "{path}");
        let text = page.text().await.unwrap();
        assert!(text.contains("<title>") && !text.contains("GEHEIM"), "{path}: {text}");
    }
    assert_eq!(front.get("/metrics").await.status(), StatusCode::OK);
    let status: Value = front.get("/api/status").await.json().await.unwrap();
    assert_eq!(status["members"][0]["account"], 1010);
    assert!(!status.to_string().contains("GEHEIM"), "{status}");
    let known = front.client.get(format!("{}/api/members/1010", front.url)).bearer_auth(TOKEN);
    let member: Value = known.send().await.unwrap().json().await.unwrap();
    assert_eq!(
        (&member["entries"][0]["title"], &member["history"][0]["to"]),
        (&"GEHEIMER-TITEL".into(), &"AWAY".into())
    );
    let end = front.client.post(format!("{}/api/members/1010/end", front.url)).bearer_auth(TOKEN);
    let ended = end.header("X-Requested-With", "test").send().await.unwrap();
    assert_eq!(ended.status(), StatusCode::OK);
    site.shows(ANNA, "AVAILABLE", "").await;
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains(&front.url) && !log.contains(TOKEN), "{log}");
}

#[tokio::test]
async fn a_service_whose_port_is_taken_says_so_and_works_without_its_page() {
    let site = Site::new().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    site.begin(BEAT, "Muster AG");
    let service = site.start_with(&[("WEB__LISTEN", &address)]);
    site.shows(BEAT, "AWAY", "Muster AG").await;
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("The status page cannot be shown") && log.contains(&address), "{log}");
}

#[tokio::test]
async fn a_service_that_waits_for_the_module_s_page_serves_its_own_already() {
    let site = super::page::site().await;
    site.pbx.save_page(|page| page.set("GUI_STATUSTEXT", "!nix!"));
    let (front, service) = Front::start(&site);
    super::page::problems(&site, 1).await;
    let ready = front.get("/readyz").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(ready.text().await.unwrap(), "the module's page could not be read or used yet\n");
    assert_eq!(front.get("/").await.status(), StatusCode::OK);
    let status: Value = front.get("/api/status").await.json().await.unwrap();
    assert_eq!(status["problems"][0]["kind"], "settings");
    service.terminate().await;
}

#[tokio::test]
async fn a_certificate_that_cannot_be_used_ends_with_78_and_names_its_file() {
    let site = Site::new().await;
    let (certificate, key) = (site.folder.path().join("web.pem"), site.folder.path().join("web.key"));
    fs::write(&certificate, "no certificate").unwrap();
    let service = site.start_with(&[
        ("WEB__LISTEN", "127.0.0.1:0"),
        ("WEB__TLS_CERT_FILE", certificate.to_str().unwrap()),
        ("WEB__TLS_KEY_FILE", key.to_str().unwrap()),
    ]);
    let (code, log) = service.ended().await;
    assert_eq!(code, Some(78), "{log}");
    assert!(log.contains("web.tls_cert_file") && log.contains("web.pem") && log.contains("BEGIN CERTIFICATE"), "{log}");
}
