//! The program with a certificate or a federated assertion in place of the secret, and how it warns of an end.

use chrono::TimeDelta;
use serde_json::json;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::sim::tenant::Federation;

use super::site::{ANNA, Site};
use crate::alarm::peer::{Peer, text};
use crate::credential::openssl::Pair;

/// Puts these lines in place of the secret.
fn log_in_with(site: &Site, lines: &str, more: &str) {
    site.write_settings(more);
    let settings = std::fs::read_to_string(site.settings_file()).unwrap();
    let secret = |line: &&str| line.starts_with("client_secret = ");
    let (before, after) = settings.split_once(settings.lines().find(secret).unwrap()).unwrap();
    site.replace_settings(&format!("{before}{lines}{after}"));
}

fn pair_lines(pair: &Pair) -> String {
    format!("certificate_file = \"{}\"\nkey_file = \"{}\"", pair.certificate().display(), pair.key().display())
}

async fn check(site: &Site, words: &[&str]) -> (Option<i32>, String) {
    let output = site.output(&[&["check"], words].concat()).await;
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), text)
}

#[tokio::test]
async fn the_service_logs_in_with_a_certificate_and_logs_neither_key_nor_assertion() {
    let (site, pair) = (Site::new().await, Pair::new("rsa:4096"));
    log_in_with(&site, &pair_lines(&pair), "[log]\nlevel = \"trace\"");
    site.tenant.register_certificate(&pair.der());
    let (code, said) = check(&site, &[]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("ok       credential             certificate CN=starface-calendar (SHA-256 "), "{said}");
    assert!(said.contains("ok       token"), "{said}");
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    for word in ["client_assertion=", "PRIVATE KEY", "eyJ0eXAi", "eyJhbGci"] {
        assert!(!log.contains(word), "the log holds {word}:\n{log}");
    }
}

#[tokio::test]
async fn check_says_of_each_certificate_what_is_wrong_with_it() {
    let (site, pair) = (Site::new().await, Pair::new("rsa:2048"));
    let now = SystemClock.now();
    let expired = pair.between(now - TimeDelta::days(60), now - TimeDelta::days(30));
    log_in_with(&site, &pair_lines(&expired), "");
    let (code, said) = check(&site, &["--offline"]).await;
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.contains("failed   credential             the certificate in graph.certificate_file has expired on"),
        "{said}"
    );
    let early = pair.between(now + TimeDelta::days(30), now + TimeDelta::days(60));
    log_in_with(&site, &pair_lines(&early), "");
    let (code, said) = check(&site, &[]).await;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("is not valid before"), "{said}");
    let near = pair.between(now - TimeDelta::days(60), now + TimeDelta::days(10));
    log_in_with(&site, &pair_lines(&near), "");
    site.tenant.register_certificate(&near.der());
    let (code, said) = check(&site, &[]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("warning  credential"), "{said}");
    let lines = pair_lines(&near).replace(near.key().to_str().unwrap(), Pair::new("rsa:2048").key().to_str().unwrap());
    log_in_with(&site, &lines, "");
    let (code, said) = check(&site, &[]).await;
    assert_eq!(code, Some(78), "{said}");
}

#[tokio::test]
async fn a_key_of_another_certificate_ends_every_command_with_78() {
    let (site, one, two) = (Site::new().await, Pair::new("rsa:2048"), Pair::new("rsa:2048"));
    let lines =
        format!("certificate_file = \"{}\"\nkey_file = \"{}\"", one.certificate().display(), two.key().display());
    log_in_with(&site, &lines, "");
    for words in [&["check"][..], &["run"]] {
        let output = site.output(words).await;
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(78), "{said}");
        assert!(said.contains("graph.key_file (") && said.contains("does not belong to the certificate"), "{said}");
    }
}

#[tokio::test]
async fn the_service_logs_in_with_an_assertion_that_somebody_else_writes() {
    let (site, provider) = (Site::new().await, Pair::new("rsa:2048"));
    let (issuer, subject) = ("https://issuer.example".to_owned(), "pbx".to_owned());
    site.tenant.trust(Federation { issuer, subject, certificate: provider.der().into() });
    let file = provider.folder.path().join("assertion");
    log_in_with(&site, &format!("assertion_file = \"{}\"", file.display()), "");
    let (code, said) = check(&site, &[]).await;
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("failed   credential             the file in graph.assertion_file cannot be read"), "{said}");
    let ends_at = (SystemClock.now() + TimeDelta::hours(1)).timestamp();
    let claims = json!({
        "iss": "https://issuer.example", "sub": "pbx", "aud": "api://AzureADTokenExchange", "exp": ends_at,
    });
    std::fs::write(&file, provider.token(&claims)).unwrap();
    let (code, said) = check(&site, &[]).await;
    assert_eq!(code, Some(0), "{said}");
    site.begin(ANNA, "Muster AG");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Muster AG").await;
    service.terminate().await;
}

#[tokio::test]
async fn a_secret_that_ends_soon_is_told_by_mail_and_in_the_status() {
    let site = Site::new().await;
    let mut peer = Peer::plain().await;
    let alarm = format!(
        "[alarm]\nto = [\"admin@firma.example\"]\nafter = \"1s\"\nsmtp_url = \"smtp://127.0.0.1:{}\"\n",
        peer.port
    );
    let ends_at = SystemClock.now() + TimeDelta::days(10);
    let secret = site.tenant.credentials().client_secret;
    let lines = format!(
        "client_secret = \"{}\"\nclient_secret_expires_at = \"{}\"",
        secret.expose(),
        ends_at.format("%Y-%m-%d")
    );
    log_in_with(&site, &lines, &alarm);
    let service = site.start();
    let mail = peer.mail().await;
    let title = "Womit sich die App bei Microsoft 365 anmeldet, läuft bald ab";
    assert_eq!(text(&mail, "subject"), format!("Kalender Connector: Problem – {title}"));
    let said = text(&mail, "text");
    let day = ends_at.format("%d.%m.%Y").to_string();
    assert!(said.contains(&format!("geheimer Clientschlüssel der App, gültig bis {day}")), "{said}");
    assert!(!said.contains(secret.expose()), "{said}");
    let output = site.output(&["status", "--json"]).await;
    let status: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(status["problems"][0]["cause"], "credential_ends", "{status}");
    assert_eq!(status["problems"][0]["kind"], "tenant");
    service.terminate().await;
}
