//! The log-in of a browser: cookies, sessions, and wrong tokens.

use chrono::TimeDelta;
use starface_calendar::web::http::Config;

use super::{BEARER, House, TITLE, TOKEN, config};

#[tokio::test]
async fn who_logs_in_gets_a_cookie_that_is_not_the_token_and_no_script_can_read() {
    let house = House::open();
    let answer = house.log_in(TOKEN).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
    let cookie = answer.header("set-cookie").unwrap();
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/;", "; Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(TOKEN) && !cookie.contains("Secure"), "{cookie}");
    assert_ne!(house.log_in(TOKEN).await.cookie(), answer.cookie(), "each session is another");
}

#[tokio::test]
async fn behind_a_proxy_that_serves_tls_the_cookie_is_secure_and_bound_to_the_host() {
    let house = House::with(Config { behind_proxy: true, ..config() });
    let answer = house.log_in(TOKEN).await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-") && cookie.ends_with("; Secure"), "{cookie}");
    assert_eq!(answer.header("strict-transport-security"), None, "that is the proxy's");
    let status = house.ask("GET", "/api/status", &[("Cookie", &answer.cookie())], "").await.json();
    assert_eq!(status["members"][0]["governing"]["title"], TITLE);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours() {
    let house = House::open();
    let cookie = house.log_in(TOKEN).await.cookie();
    let is_known = async || {
        let answer = house.ask("GET", "/api/status", &[("Cookie", &format!("a=b; {cookie}; c"))], "").await;
        answer.body.contains(TITLE)
    };
    assert!(is_known().await);
    house.clock.advance(TimeDelta::minutes(719));
    assert!(is_known().await);
    house.clock.advance(TimeDelta::minutes(1));
    assert!(!is_known().await);
}

#[tokio::test]
async fn the_oldest_session_goes_for_the_sixty_fifth() {
    let house = House::open();
    let mut cookies = Vec::new();
    for _ in 0..65 {
        cookies.push(house.log_in(TOKEN).await.cookie());
    }
    let is_known =
        async |cookie: &str| house.ask("GET", "/api/status", &[("Cookie", cookie)], "").await.body.contains(TITLE);
    assert!(!is_known(&cookies[0]).await);
    assert!(is_known(&cookies[1]).await && is_known(&cookies[64]).await);
}

#[tokio::test]
async fn the_sixth_wrong_token_in_a_minute_has_to_wait_and_locks_no_script_out() {
    let house = House::open();
    for _ in 0..5 {
        assert_eq!(house.log_in("wrong").await.status, 401);
    }
    let sixth = house.log_in("wrong").await;
    assert_eq!((sixth.status, sixth.header("retry-after")), (429, Some("60")));
    assert_eq!(house.log_in(TOKEN).await.status, 429, "the right one too");
    let bearer = house.ask("GET", "/api/status", &[("Authorization", "Bearer x")], "").await;
    assert_eq!((bearer.status, bearer.header("retry-after")), (429, Some("60")));
    assert_eq!(house.read("/api/status").await.status, 200);
    house.clock.advance(TimeDelta::seconds(59));
    assert_eq!(house.log_in(TOKEN).await.header("retry-after"), Some("1"));
    house.clock.advance(TimeDelta::seconds(1));
    assert_eq!(house.log_in(TOKEN).await.status, 303);
}

#[tokio::test]
async fn wrong_tokens_of_scripts_count_and_so_do_those_of_twenty_browsers_behind_a_proxy() {
    let house = House::with(Config { behind_proxy: true, ..config() });
    let wrong = async |from: &str| {
        let headers = [("Authorization", "Bearer x"), ("X-Forwarded-For", from)];
        house.ask("GET", "/api/status", &headers, "").await.status
    };
    for one in 0..20 {
        // What the caller itself says of others before it counts for nothing.
        assert_eq!(wrong(&format!("192.0.2.99, 192.0.2.{}", one % 5)).await, 401, "{one}");
    }
    assert_eq!(wrong("192.0.2.77").await, 429);
    assert_eq!(house.ask("GET", "/api/status", &[BEARER], "").await.status, 200);
}

#[tokio::test]
async fn a_log_in_that_another_page_sends_is_refused() {
    let house = House::open();
    let body = format!("token={TOKEN}");
    for foreign in [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example"), ("Origin", "null")] {
        let answer = house.ask("POST", "/login", &[foreign], &body).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (403, None), "{foreign:?}");
    }
    // What a browser sends from a page whose referrer policy is no-referrer.
    let own = [("Sec-Fetch-Site", "same-origin"), ("Origin", "null")];
    assert_eq!(house.ask("POST", "/login", &own, &body).await.status, 303);
    assert_eq!(house.ask("POST", "/login", &[("Origin", "http://localhost")], &body).await.status, 303);
}

#[tokio::test]
async fn a_button_of_a_browser_needs_what_the_forms_of_its_session_carry() {
    let house = House::open();
    let cookie = house.log_in(TOKEN).await.cookie();
    for path in ["/members/1010/end", "/members/1010/restore", "/refresh", "/logout"] {
        let answer = house.ask("POST", path, &[("Cookie", &cookie)], "form_token=x").await;
        assert_eq!(answer.status, 403, "{path}");
    }
    for path in ["/members/1010/end", "/members/1010/restore", "/refresh"] {
        assert_eq!(house.ask("POST", path, &[], "form_token=x").await.status, 401, "{path}");
    }
    assert_eq!(house.done(), [""; 0]);
    let answer = house.ask("POST", "/members/1010/end", &[BEARER], "").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/members/1010?done=ended-1")));
    let answer = house.ask("POST", "/members/1010/restore", &[BEARER], "").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/members/1010?done=restored-2-1")));
    let answer = house.ask("POST", "/refresh", &[BEARER], "").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/?done=refreshing")));
}
