//! Tests of [`super`].

use super::*;
use crate::rules::Verdict;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn token(expires_in: u64) -> Token {
    let answer = TokenAnswer { access_token: "eyJ0".into(), expires_in };
    Token::new(answer, 1, at("2026-11-23T09:00:00Z"))
}

#[test]
fn a_token_is_replaced_five_minutes_before_its_end_or_after_half_its_life() {
    #[track_caller]
    fn case(expires_in: u64, refresh_at: &str, expires_at: &str) {
        let token = token(expires_in);
        assert_eq!(token.refresh_at, at(refresh_at), "{expires_in}");
        assert_eq!(token.expires_at, at(expires_at), "{expires_in}");
    }
    case(3600, "2026-11-23T09:55:00Z", "2026-11-23T10:00:00Z");
    case(600, "2026-11-23T09:05:00Z", "2026-11-23T09:10:00Z");
    case(60, "2026-11-23T09:00:30Z", "2026-11-23T09:01:00Z");
    case(0, "2026-11-23T09:00:00Z", "2026-11-23T09:00:00Z");
    case(u64::MAX, "2026-11-24T12:55:00Z", "2026-11-24T13:00:00Z");
}

#[test]
fn no_debug_output_shows_a_token() {
    assert!(!format!("{:?}", token(60)).contains("eyJ0"));
}

#[test]
fn microsofts_sample_of_a_token_is_read() {
    let sample = include_bytes!("../../../tests/data/graph/extra.token-success.json");
    let answer = answer(sample).unwrap();
    assert_eq!(answer.expires_in, 3599);
}

#[test]
fn a_token_that_cannot_stand_in_a_header_is_none() {
    #[track_caller]
    fn case(access_token: &str) {
        let answer = TokenAnswer { access_token: access_token.into(), expires_in: 60 };
        assert!(!is_usable(&answer), "{access_token:?}");
    }
    case("");
    case("a b");
    case("a\r\nX-Other: b");
    case("ä");
}

fn refused(status: u16, body: &[u8]) -> GraphError {
    let received = Received {
        status,
        request_id: None,
        retry_after: Some(Duration::from_secs(7)),
        answered_at: None,
        body: body.to_vec(),
    };
    refusal(received, "app-1")
}

#[test]
fn a_refused_log_in_says_what_is_wrong_and_what_helps() {
    #[track_caller]
    fn case(status: u16, body: &[u8], text: &str) {
        let error = refused(status, body);
        assert_eq!(error.verdict(), Verdict::NeedsHuman);
        assert_eq!(error.to_string(), text);
    }
    case(
        401,
        include_bytes!("../../../tests/data/graph/extra.token-error-7000222.json"),
        "get a token for app app-1: its client secret has expired; create a new one in the Entra admin center \
         under App registrations, this app, Certificates & secrets, and put its value into graph.client_secret \
         (request xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)",
    );
    case(
        401,
        br#"{"error": "invalid_client", "error_description": "AADSTS7000215: geheim", "error_codes": [7000215]}"#,
        "get a token for app app-1: the client secret is wrong; graph.client_secret must be the secret's value, \
         not its id",
    );
    case(
        400,
        include_bytes!("../../../tests/data/graph/extra.token-error-700016.json"),
        "get a token for app app-1: the tenant does not know the app; compare graph.client_id and \
         graph.tenant_id with the app registration (request 00000000-0000-0000-0000-000000000000)",
    );
    case(
        400,
        include_bytes!("../../../tests/data/graph/extra.token-error-90002.json"),
        "get a token for app app-1: the tenant does not exist in this Microsoft cloud; compare graph.tenant_id \
         and graph.login_endpoint with the directory (request 00000000-0000-0000-0000-000000000000)",
    );
    case(
        400,
        include_bytes!("../../../tests/data/graph/extra.token-error-invalid-scope.json"),
        "get a token for app app-1: the tenant does not know the service behind graph.endpoint; compare it with \
         the Microsoft cloud of the tenant (request 0000aaaa-11bb-cccc-dd33-eeeeee333333)",
    );
    case(
        401,
        br#"{"error": "invalid_client", "error_codes": [700027]}"#,
        "get a token for app app-1: the tenant does not know its certificate; upload the one in graph.certificate_file \
         in the Entra admin center under App registrations, this app, Certificates & secrets (it counts after some \
         minutes), and see that it has not expired there",
    );
    case(
        401,
        br#"{"error": "invalid_client", "error_codes": [700024]}"#,
        "get a token for app app-1: the tenant takes its assertion for one of another time; see that this machine's \
         clock is right",
    );
    for number in [70021, 700211, 700212, 700213] {
        case(
            400,
            format!("{{\"error\": \"invalid_client\", \"error_codes\": [{number}]}}").as_bytes(),
            "get a token for app app-1: the tenant does not trust the assertion in graph.assertion_file; compare its \
             issuer, subject and audience with the federated credentials of the app registration",
        );
    }
    case(
        400,
        br#"{"error": "interaction_required", "error_codes": [50079]}"#,
        "get a token for app app-1: the log-in was refused with AADSTS50079",
    );
    case(400, br#"{"error": "something_new"}"#, "get a token for app app-1: the log-in was refused");
    case(407, b"<html>Proxy</html>", "have the request accepted: the Microsoft Entra log-in answered 407");
}

#[test]
fn a_busy_log_in_is_asked_again_whatever_its_number() {
    #[track_caller]
    fn case(status: u16, body: &[u8]) {
        let after = Some(Duration::from_secs(7));
        assert_eq!(refused(status, body).verdict(), Verdict::Retry { after });
    }
    case(400, br#"{"error": "temporarily_unavailable", "error_codes": [7000222]}"#);
    case(400, br#"{"error": "server_error"}"#);
    case(429, b"");
    case(503, b"<html>");
    case(500, br#"{"error": "invalid_client"}"#);
}
