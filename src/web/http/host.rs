//! Whether a request is meant for this page.
//!
//! A page of somebody else can have its own name resolve to this machine and then read what a browser here may read. It
//! cannot make the browser send another name, so only names that are known to be this page's are answered.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};

/// Returns whether the request names this page: by a loopback name, by the address that was called, or by one of
/// `hosts`, whatever the port.
pub(super) fn is_ours(headers: &HeaderMap, uri: &Uri, called: Option<IpAddr>, hosts: &[String]) -> bool {
    let Some(named) = only(headers) else { return false };
    let is_known = |authority: &Authority| is_known(authority, called, hosts);
    is_known(&named) && uri.authority().is_none_or(is_known)
}

/// Returns whether a form was sent by one of this page's own pages, as far as the browser says where it is from.
///
/// A page whose referrer policy is `no-referrer`, as ours is, has its origin sent as `null`; then only the browser's own
/// `Sec-Fetch-Site` tells it from a page that hides where it is from.
pub(super) fn is_from_here(headers: &HeaderMap, hosts: &[String]) -> bool {
    let site = text(headers, "sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    match text(headers, ORIGIN.as_str()) {
        None => !headers.contains_key(ORIGIN),
        Some("null") => site == Some("same-origin"),
        Some(origin) => {
            let from = origin.split_once("://").and_then(|(_, rest)| rest.parse::<Authority>().ok());
            let is_ours = |from: &Authority| only(headers).as_ref() == Some(from) || is_named(from, hosts);
            from.as_ref().is_some_and(is_ours)
        }
    }
}

/// Returns the one `Host` of a request.
fn only(headers: &HeaderMap) -> Option<Authority> {
    let mut all = headers.get_all(HOST).iter();
    match (all.next(), all.next()) {
        (Some(host), None) => Authority::try_from(host.as_bytes()).ok(),
        _ => None,
    }
}

fn is_known(authority: &Authority, called: Option<IpAddr>, hosts: &[String]) -> bool {
    if authority.as_str().contains('@') {
        return false;
    }
    let name = name(authority);
    let address = address(&name);
    address.is_some_and(|address| address.is_loopback() || Some(address) == called)
        || name == "localhost"
        || name.ends_with(".localhost")
        || is_named(authority, hosts)
}

fn is_named(authority: &Authority, hosts: &[String]) -> bool {
    let name = name(authority);
    hosts.iter().any(|host| *host == name || host.trim_matches(['[', ']']) == name.trim_matches(['[', ']']))
}

fn name(authority: &Authority) -> String {
    let name = authority.host().to_ascii_lowercase();
    name.strip_suffix('.').unwrap_or(&name).to_owned()
}

fn address(name: &str) -> Option<IpAddr> {
    let inside = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    match inside {
        Some(inside) => inside.parse::<Ipv6Addr>().ok().map(|address| IpAddr::V6(address).to_canonical()),
        None => name.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    fn ours() -> Vec<String> {
        vec!["status.firma.example".to_owned()]
    }

    #[track_caller]
    fn host(host: &str, expected: bool) {
        let called = Some("192.0.2.7".parse().unwrap());
        let found = is_ours(&headers(&[("host", host)]), &Uri::from_static("/"), called, &ours());
        assert_eq!(found, expected, "{host:?}");
    }

    #[test]
    fn only_names_of_this_page_are_answered_whatever_the_port() {
        for name in ["localhost", "LOCALHOST:1", "a.localhost", "127.0.0.1:8765", "127.9.9.9", "[::1]", "[::1]:8765"] {
            host(name, true);
        }
        for name in
            ["192.0.2.7", "192.0.2.7:80", "Status.Firma.Example:443", "status.firma.example.", "[::ffff:192.0.2.7]"]
        {
            host(name, true);
        }
        for name in
            ["", "evil.example", "localhost.evil.example", "notlocalhost", "192.0.2.8", "127.0.0.1.evil.example"]
        {
            host(name, false);
        }
        for name in ["x@localhost", "[::2]", "firma.example", "0.0.0.0", "localhost,evil"] {
            host(name, false);
        }
        let two = headers(&[("host", "localhost"), ("host", "localhost")]);
        assert!(!is_ours(&two, &Uri::from_static("/"), None, &[]));
        assert!(!is_ours(&HeaderMap::new(), &Uri::from_static("/"), None, &[]));
        let absolute = Uri::from_static("http://evil.example/");
        assert!(!is_ours(&headers(&[("host", "localhost")]), &absolute, None, &[]));
    }

    #[track_caller]
    fn form(lines: &[(&'static str, &str)], expected: bool) {
        let mut lines = lines.to_vec();
        lines.push(("host", "127.0.0.1:8765"));
        assert_eq!(is_from_here(&headers(&lines), &ours()), expected, "{lines:?}");
    }

    #[test]
    fn a_form_of_another_page_is_known_by_what_the_browser_says_of_it() {
        form(&[], true);
        form(&[("sec-fetch-site", "same-origin")], true);
        form(&[("sec-fetch-site", "none")], true);
        form(&[("sec-fetch-site", "cross-site")], false);
        form(&[("sec-fetch-site", "same-site")], false);
        form(&[("origin", "http://127.0.0.1:8765")], true);
        form(&[("origin", "https://status.firma.example")], true);
        form(&[("origin", "http://127.0.0.1:8766")], false);
        form(&[("origin", "https://evil.example")], false);
        form(&[("origin", "null")], false);
        form(&[("origin", "null"), ("sec-fetch-site", "same-origin")], true);
        form(&[("origin", "null"), ("sec-fetch-site", "cross-site")], false);
        form(&[("origin", "http://127.0.0.1:8765"), ("sec-fetch-site", "cross-site")], false);
    }
}
