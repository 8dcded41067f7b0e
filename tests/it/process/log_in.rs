//! The program with every kind of log-in and of certificate.

use std::fs;

use serde_json::Value;
use starface_calendar::sim::pbx::{Auth, Grants};

use super::site::{ANNA, Site};
use crate::certificates::{Authority, Shown, TlsFront};

#[tokio::test]
async fn the_service_works_with_access_tokens_and_logs_none_of_them() {
    let site = Site::new().await;
    site.pbx.ask_for(Auth::Jwt);
    // Every token is over in a second, so that refreshing is part of every round.
    site.pbx.let_tokens_live_for(chrono::TimeDelta::seconds(1));
    site.write_settings("[log]\nlevel = \"trace\"");
    site.person_sets(ANNA, "AVAILABLE", "Before");
    let meeting = site.begin(ANNA, "Muster AG");
    let secret = site.pbx.setup().client_secret;
    let service = site.start_with(&[("STARFACE__AUTH", "oauth"), ("STARFACE__CLIENT_SECRET", secret.expose())]);
    site.shows(ANNA, "AWAY", "Muster AG").await;
    // What it was given is worth nothing from here on, and the take-off needs another.
    site.pbx.revoke_tokens();
    site.tenant.delete(&meeting);
    site.shows(ANNA, "AVAILABLE", "Before").await;
    let (code, log) = service.terminate().await;
    assert_eq!(code, Some(0), "{log}");
    assert!(site.pbx.grants().by_password >= 1, "{:?}", site.pbx.grants());
    for secret in ["eyJsim", secret.expose(), site.pbx.setup().password.expose(), "de.vertico.starface"] {
        assert!(!log.contains(secret), "the log holds {secret}:\n{log}");
    }
    assert!(log.contains("The PBX gave a token."), "{log}");
}

#[tokio::test]
async fn check_says_what_to_do_about_a_wrong_client_secret() {
    let site = Site::new().await;
    let wrong = [("STARFACE__CLIENT_SECRET", "wrong")];
    let output = site.command_with(&["check"], &wrong).output().await.unwrap();
    assert_eq!(output.status.code(), Some(3));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("starface.client_secret, which is under Admin → Server → Status → REST-API"), "{text}");
    assert_eq!(site.pbx.grants(), Grants::default());
}

/// What `check` says of TLS: how it is, in what words, and what helps.
struct TlsLine {
    health: String,
    text: String,
    helps: String,
}

/// Runs `check` on a machine that trusts this authority.
async fn tls_line(site: &Site, authority: &Authority, url: &str, settings: &[(&str, &str)]) -> TlsLine {
    let trusted = site.folder.path().join("trusted.pem");
    fs::write(&trusted, authority.pem()).unwrap();
    let settings = [settings, &[("STARFACE__URL", url)]].concat();
    let output =
        site.command_with(&["check", "--json"], &settings).env("SSL_CERT_FILE", trusted).output().await.unwrap();
    let lines: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let lines: Vec<&Value> = lines.as_array().unwrap().iter().filter(|line| line["subject"] == "TLS").collect();
    let [line] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    let word = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let failed = word("health") == "failed";
    assert_eq!(output.status.code(), Some(if failed { 3 } else { 0 }));
    TlsLine { health: word("health"), text: word("text"), helps: word("helps") }
}

#[tokio::test]
async fn a_public_authority_is_trusted_for_what_it_vouches_for_and_check_names_every_flaw() {
    let site = Site::new().await;
    let authority = Authority::new("Public");
    let case = async |shown: Shown, health: &str, words: &str| {
        let front = TlsFront::start(&shown, site.pbx.url().as_str()).await;
        let line = tls_line(&site, &authority, &front.url, &[]).await;
        assert_eq!(line.health, health, "{}", line.text);
        assert!(line.text.contains(words), "{}", line.text);
    };
    case(authority.server(), "ok", "the PBX's certificate is of an authority that this machine trusts").await;
    case(Authority::new("Own").server(), "failed", "no authority that is trusted has issued it").await;
    case(Shown::self_signed(), "failed", "no authority that is trusted has issued it").await;
    case(Shown::self_signed_authority(), "failed", "it is an authority's certificate (CA:TRUE)").await;
    case(authority.expired(), "failed", "it has expired").await;
    case(authority.for_another_name(), "failed", "another name than the one in starface.url").await;
}

#[tokio::test]
async fn the_line_that_check_prints_makes_the_certificate_trusted_when_it_is_pasted() {
    let site = Site::new().await;
    let authority = Authority::new("Public");
    let front = TlsFront::start(&Shown::self_signed_authority(), site.pbx.url().as_str()).await;
    let line = tls_line(&site, &authority, &front.url, &[]).await;
    assert!(line.helps.starts_with("compare this SHA-256 with the one that the PBX itself shows"), "{}", line.helps);
    let (_, pasted) = line.helps.rsplit_once(": ").unwrap();
    assert!(pasted.starts_with("pin_sha256 = \""), "{pasted}");
    let text = fs::read_to_string(site.settings_file()).unwrap();
    fs::write(site.settings_file(), text.replace("[starface]", &format!("[starface]\n{pasted}"))).unwrap();
    let line = tls_line(&site, &authority, &front.url, &[]).await;
    assert_eq!(
        (line.health.as_str(), line.text.as_str()),
        ("ok", "the PBX's certificate is the one in starface.pin_sha256")
    );
}

#[tokio::test]
async fn an_own_authority_is_trusted_by_its_file() {
    let site = Site::new().await;
    let own = Authority::new("Own");
    fs::write(site.folder.path().join("pbx.pem"), own.pem()).unwrap();
    let front = TlsFront::start(&own.server(), site.pbx.url().as_str()).await;
    let line = tls_line(&site, &Authority::new("Public"), &front.url, &[("STARFACE__CA_FILE", "pbx.pem")]).await;
    assert_eq!(line.health, "ok", "{}", line.text);
    let other = TlsFront::start(&Shown::self_signed(), site.pbx.url().as_str()).await;
    let line = tls_line(&site, &own, &other.url, &[("STARFACE__CA_FILE", "pbx.pem")]).await;
    assert_eq!(line.health, "failed");
    assert!(line.helps.contains("in place of ca_file"), "{}", line.helps);
}

#[tokio::test]
async fn check_says_nothing_of_tls_where_nothing_was_shown() {
    let site = Site::new().await;
    let output = site.command_with(&["check"], &[("STARFACE__URL", "https://127.0.0.1:1")]).output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(!text.lines().any(|line| line.contains("TLS")), "{text}");
}
