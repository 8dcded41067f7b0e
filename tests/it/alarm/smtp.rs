//! The way to a mail server: encryption, log-in, refusals, and servers that misbehave.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono_tz::Europe::Zurich;
use serde_json::Value;
use starface_calendar::alarm::{Kind, Orders, Places, Post, PostError, Roots, Sent, Smtp};
use starface_calendar::clock::{Clock, SimClock, SystemClock};
use starface_calendar::journal::{Mail, Occasion};
use starface_calendar::rules::Address;
use starface_calendar::rules::text::Language;
use starface_calendar::secret::Secret;

use super::peer::{Peer, text};
use crate::certificates::{Authority, Shown};

pub(crate) fn orders(url: &str, to: &[&str]) -> Orders {
    Orders {
        to: to.iter().map(|address| address.parse().unwrap()).collect(),
        subject: "Kalender Connector: Problem".to_owned(),
        kinds: vec![Kind::Connector, Kind::Redirect],
        after: Duration::from_secs(300),
        repeat: Duration::from_secs(86_400),
        from: None,
        smtp_url: Secret::new(url),
        language: Language::German,
        zone: Zurich,
        places: Places::default(),
    }
}

pub(crate) fn mail(id: &str) -> Mail {
    Mail {
        id: id.to_owned(),
        at: "2026-11-23T09:00:00Z".parse().unwrap(),
        occasion: Occasion::First,
        subject: "Problem – Grüße aus Zürich, çà et là, perché no".to_owned(),
        text: format!("Was:\n  Ein Punkt allein:\n.\n  {}\n  Ende 😀\n", "lang ".repeat(300)),
    }
}

async fn send(url: &str, to: &[&str], roots: Roots) -> Result<Sent, PostError> {
    Smtp::new(roots, SystemClock).send(&mail("one"), &BTreeSet::new(), &orders(url, to)).await
}

fn trusting(authority: &Authority) -> Roots {
    Roots::Only(vec![authority.certificate()])
}

/// An error whose words nobody may be harmed by.
#[track_caller]
fn said(result: Result<Sent, PostError>) -> String {
    let said = result.unwrap_err().to_string();
    for word in ["user", "wrong-word", "right-word", "@firma"] {
        assert!(!said.contains(&format!("{word}:")) && !said.contains("-word"), "{said}");
    }
    assert!(!said.contains("@firma"), "{said}");
    said
}

#[tokio::test]
async fn a_mail_arrives_whole_with_what_a_mail_needs() {
    let mut peer = Peer::plain().await;
    let url = format!("smtp://127.0.0.1:{}", peer.port);
    assert_eq!(send(&url, &["a@firma.example", "b@firma.example"], Roots::System).await.unwrap(), Sent::default());
    let taken = peer.mail().await;
    assert_eq!(text(&taken, "subject"), mail("one").subject);
    // The end of the transfer is a line of its own.
    assert_eq!(text(&taken, "text").replace("\r\n", "\n").trim_end(), mail("one").text.trim_end());
    assert_eq!(taken["to"], Value::from(vec!["a@firma.example", "b@firma.example"]));
    assert_eq!(taken["defects"], Value::Array(vec![]));
    let headers = &taken["headers"];
    assert_eq!(headers["date"], "Mon, 23 Nov 2026 09:00:00 +0000");
    assert_eq!(headers["to"], "a@firma.example, b@firma.example");
    assert_eq!(headers["auto-submitted"], "auto-generated");
    let from = text(&taken, "from");
    assert!(from.starts_with("starface-calendar@"), "{from}");
    let host = from.split_once('@').unwrap().1;
    assert_eq!(headers["message-id"], format!("<one@{host}>"));
    assert!(text(&headers.clone(), "content-type").contains("utf-8"));
    assert_eq!(taken["tls"], false);
    assert!(text(&taken, "raw").lines().all(|line| line.len() <= 78), "{taken}");
}

#[tokio::test]
async fn a_sender_in_the_settings_is_the_sender() {
    let mut peer = Peer::plain().await;
    let orders = Orders {
        from: Some("connector@firma.example".parse().unwrap()),
        ..orders(&format!("smtp://127.0.0.1:{}", peer.port), &["a@firma.example"])
    };
    Smtp::new(Roots::System, SystemClock).send(&mail("one"), &BTreeSet::new(), &orders).await.unwrap();
    let taken = peer.mail().await;
    assert_eq!(text(&taken, "from"), "connector@firma.example");
    assert_eq!(taken["headers"]["from"], "connector@firma.example");
}

#[tokio::test]
async fn connections_are_encrypted_as_the_url_says() {
    let authority = Authority::new("Firma");
    for (kind, url) in [
        ("starttls", "smtp://127.0.0.1:PORT?tls=required"),
        ("starttls", "smtp://127.0.0.1:PORT?tls=opportunistic"),
        ("wrapped", "smtps://127.0.0.1:PORT"),
    ] {
        let mut peer = Peer::with_tls(kind, &authority.server(), &[]).await;
        let url = url.replace("PORT", &peer.port.to_string());
        send(&url, &["a@firma.example"], trusting(&authority)).await.unwrap();
        assert_eq!(peer.mail().await["tls"], true, "{url}");
    }
    let mut plain = Peer::plain().await;
    let url = |wish: &str| format!("smtp://127.0.0.1:{}?tls={wish}", plain.port);
    let (required, opportunistic) = (url("required"), url("opportunistic"));
    let refused = said(send(&required, &["a@firma.example"], Roots::System).await);
    assert_eq!(refused, "use the mail server: it does not offer STARTTLS");
    send(&opportunistic, &["a@firma.example"], Roots::System).await.unwrap();
    assert_eq!(plain.mail().await["tls"], false);
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_gets_no_mail() {
    let (authority, another) = (Authority::new("Firma"), Authority::new("Somebody"));
    let strangers = [
        (authority.server(), trusting(&another)),
        (authority.expired(), trusting(&authority)),
        (authority.for_another_name(), trusting(&authority)),
        (Shown::self_signed(), Roots::System),
    ];
    for (shown, roots) in strangers {
        let peer = Peer::with_tls("wrapped", &shown, &[]).await;
        let url = format!("smtps://user:right-word@127.0.0.1:{}", peer.port);
        let refused = said(send(&url, &["a@firma.example"], roots).await);
        assert!(refused.contains("certificate"), "{refused}");
    }
}

#[tokio::test]
async fn who_logs_in_is_let_in_and_a_wrong_password_stops_everything() {
    let authority = Authority::new("Firma");
    let mut peer = Peer::with_tls("starttls", &authority.server(), &["--log-in", "user@x:right-word%"]).await;
    let url = |password: &str| format!("smtp://user%40x:{password}@127.0.0.1:{}?tls=required", peer.port);
    let (right, wrong) = (url("right-word%25"), url("wrong-word"));
    send(&right, &["a@firma.example"], trusting(&authority)).await.unwrap();
    let error = send(&wrong, &["a@firma.example"], trusting(&authority)).await;
    assert!(!error.as_ref().unwrap_err().concerns_one_mail());
    assert_eq!(said(error), "log in to the mail server: it answered 535 (check user and password in alarm.smtp_url)");
    assert_eq!(text(&peer.mail().await, "user"), "user@x");
}

#[tokio::test]
async fn one_who_is_refused_keeps_no_mail_from_the_others() {
    let mut peer = Peer::plain().await;
    let url = format!("smtp://127.0.0.1:{}", peer.port);
    let sent = send(&url, &["a@firma.example", "refused@firma.example", "b@firma.example"], Roots::System).await;
    assert_eq!(sent.unwrap(), Sent { refused: 1 });
    let mut taken = vec![peer.mail().await["to"].clone(), peer.mail().await["to"].clone()];
    taken.sort_by_key(ToString::to_string);
    assert_eq!(taken, [Value::from(vec!["a@firma.example"]), Value::from(vec!["b@firma.example"])]);
    let refused = send(&url, &["refused@firma.example"], Roots::System).await;
    assert!(refused.as_ref().unwrap_err().concerns_one_mail());
    assert_eq!(said(refused), "hand a mail over: the server refused it with 550 (check alarm.to and alarm.from)");
}

#[tokio::test]
async fn one_who_is_busy_gets_the_mail_later_and_the_others_do_not_get_it_twice() {
    let mut peer = Peer::plain().await;
    let orders = orders(&format!("smtp://127.0.0.1:{}", peer.port), &["a@firma.example", "later@firma.example"]);
    let smtp = Smtp::new(Roots::System, SystemClock);
    let a: BTreeSet<Address> = ["a@firma.example".parse().unwrap()].into();
    for known in [BTreeSet::new(), a.clone()] {
        let error = smtp.send(&mail("one"), &known, &orders).await.unwrap_err();
        let PostError::Later { code: 451, had_by } = error else { panic!("{error}") };
        // The second time nobody else was left to be tried.
        assert!(had_by == a || !known.is_empty(), "{had_by:?}");
    }
    assert_eq!(peer.mail().await["to"], Value::from(vec!["a@firma.example"]));
    smtp.send(&mail("two"), &BTreeSet::new(), &Orders { to: orders.to[..1].to_vec(), ..orders }).await.unwrap();
    assert!(text(&peer.mail().await["headers"], "message-id").starts_with("<two@"), "no second one of the first");
}

#[tokio::test]
async fn a_server_that_breaks_off_or_is_not_there_has_taken_nothing() {
    let peer = Peer::plain().await;
    let error = send(&format!("smtp://127.0.0.1:{}", peer.port), &["drop@firma.example"], Roots::System).await;
    assert!(!error.as_ref().unwrap_err().concerns_one_mail());
    said(error);
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = send(&format!("smtp://user:right-word@{nobody}"), &["a@firma.example"], Roots::System).await;
    assert!(said(error).starts_with("reach the mail server: "));
}

#[tokio::test]
async fn a_server_that_hangs_is_given_up_when_its_time_is_over() {
    let peer = Peer::start(&["--hang"]).await;
    let clock = SimClock::new("2026-11-23T09:00:00Z".parse().unwrap());
    let orders = orders(&format!("smtp://127.0.0.1:{}", peer.port), &["a@firma.example"]);
    let (smtp, nobody, mail) = (Smtp::new(Roots::System, clock.clone()), BTreeSet::new(), mail("one"));
    let passing = async {
        clock.waiting(1).await;
        clock.advance_to_next();
    };
    let (sent, ()) = tokio::join!(smtp.send(&mail, &nobody, &orders), passing);
    assert!(matches!(sent, Err(PostError::TimedOut)), "{sent:?}");
    assert_eq!(clock.now(), "2026-11-23T09:00:20Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
}

#[tokio::test]
async fn a_url_that_cannot_be_used_is_told_without_its_words() {
    for url in ["word", "smtp://user:right-word@127.0.0.1:25?tls=maybe", "smtp://user:%ff@127.0.0.1"] {
        said(send(url, &["a@firma.example"], Roots::System).await);
    }
}
