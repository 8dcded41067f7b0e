//! The answers for people.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::answer::{Denied, html, with_type};
use super::api::{explained, report, words};
use super::door::Visitor;
use super::gate::Asked;
use super::site::Site;
use crate::clock::Clock;
use crate::engine::Command;
use crate::web::page::{self, Notice, Query, Show};

/// The most characters that are searched for.
const SEARCH_CHARS_MAX: usize = 100;

/// How long a browser need not ask again for a style sheet or script.
const KEPT: &str = "public, max-age=300";

pub(super) async fn overview<K: Clock>(
    site: &Site<K>,
    asked: &Asked<'_>,
    visitor: &Visitor,
) -> Result<Response, Denied> {
    let (viewer, query, words) = (site.viewer(asked.headers, visitor), query(asked.query), words(visitor));
    let report = report(site, visitor).await?;
    let mut selection = page::select(&report, &query);
    let accounts = selection.accounts.clone();
    let weeks = if accounts.is_empty() {
        Vec::new()
    } else {
        site.desk.ask(|reply| Command::ExplainAll { accounts, words, reply }).await?
    };
    // Somebody may have left between the two questions.
    selection.accounts.retain(|account| weeks.iter().any(|week| week.member.account == account.0));
    let notice = notice(asked.query);
    Ok(html(StatusCode::OK, page::overview(&viewer, &report, &query, &selection, &weeks, notice)))
}

pub(super) async fn member<K: Clock>(
    site: &Site<K>,
    asked: &Asked<'_>,
    visitor: &Visitor,
    account: u32,
) -> Result<Response, Denied> {
    let viewer = site.viewer(asked.headers, visitor);
    let member = explained(site, visitor, account).await?;
    let text = page::member(&viewer, &member.explanation, &member.history, notice(asked.query));
    Ok(html(StatusCode::OK, text))
}

pub(super) fn login_form<K: Clock>(site: &Site<K>, asked: &Asked<'_>) -> Response {
    let visitor = site.door().browser(asked.headers, site.now());
    html(StatusCode::OK, page::login(&site.viewer(asked.headers, &visitor), None))
}

/// A style sheet, script or picture; not sent again to a browser that has it.
pub(super) fn asset(path: &str, headers: &HeaderMap) -> Result<Response, Denied> {
    let (content_type, bytes) = page::asset(path).ok_or_else(Denied::nowhere)?;
    Ok(kept(content_type, bytes, headers))
}

fn kept(content_type: &'static str, bytes: &'static [u8], headers: &HeaderMap) -> Response {
    let tag = tag(bytes);
    let known = headers.get(IF_NONE_MATCH).and_then(|known| known.to_str().ok()).unwrap_or_default();
    let is_known = known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag);
    let mut response = if is_known {
        with_type(StatusCode::NOT_MODIFIED, content_type, Body::empty())
    } else {
        with_type(StatusCode::OK, content_type, bytes.into())
    };
    let kept = response.headers_mut();
    kept.insert(CACHE_CONTROL, HeaderValue::from_static(KEPT));
    kept.extend(HeaderValue::from_str(&tag).ok().map(|tag| (ETAG, tag)));
    response
}

fn tag(bytes: &[u8]) -> String {
    let digest: String = Sha256::digest(bytes).iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digest}\"")
}

fn query(text: &str) -> Query {
    let mut query = Query { page: 1, ..Query::default() };
    for (key, value) in form_urlencoded::parse(text.as_bytes()) {
        match key.as_ref() {
            "q" => query.search = value.trim().chars().take(SEARCH_CHARS_MAX).collect(),
            "show" => query.show = show(&value),
            "page" => query.page = value.parse().unwrap_or(1).max(1),
            _ => {}
        }
    }
    query
}

fn show(text: &str) -> Show {
    match text {
        "problems" => Show::Problems,
        "active" => Show::Active,
        _ => Show::All,
    }
}

/// Returns a notice as it stands in a query, for the page after it.
pub(super) fn query_of(notice: Notice) -> String {
    match notice {
        Notice::Ended(entries) => format!("done=ended-{entries}"),
        Notice::Restored(fields, left) => format!("done=restored-{fields}-{left}"),
        Notice::Refreshing => "done=refreshing".to_owned(),
        Notice::Refused => "done=refused".to_owned(),
    }
}

/// Returns the notice that stands in a query.
fn notice(text: &str) -> Option<Notice> {
    let (_, done) = form_urlencoded::parse(text.as_bytes()).find(|(key, _)| key == "done")?;
    match done.split('-').collect::<Vec<_>>().as_slice() {
        ["ended", entries] => Some(Notice::Ended(entries.parse().ok()?)),
        ["restored", fields, left] => Some(Notice::Restored(fields.parse().ok()?, left.parse().ok()?)),
        ["refreshing"] => Some(Notice::Refreshing),
        ["refused"] => Some(Notice::Refused),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_has_a_style_sheet_is_not_sent_it_again() {
        let mut headers = HeaderMap::new();
        let first = kept("text/css", b"a {}", &headers);
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[ETAG].clone();
        headers.insert(IF_NONE_MATCH, tag);
        assert_eq!(kept("text/css", b"a {}", &headers).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(kept("text/css", b"b {}", &headers).status(), StatusCode::OK, "it has changed");
    }

    #[test]
    fn a_notice_is_read_back_from_its_query_and_nothing_else_is_one() {
        for one in [Notice::Ended(2), Notice::Restored(3, 1), Notice::Refreshing, Notice::Refused] {
            assert_eq!(notice(&query_of(one)), Some(one));
            assert_eq!(notice(&format!("q=x&{}", query_of(one))), Some(one));
        }
        for none in
            ["", "done", "done=", "done=ended", "done=ended-x", "done=ended-1-2", "done=restored-1", "x=refused"]
        {
            assert_eq!(notice(none), None, "{none}");
        }
    }

    #[test]
    fn what_of_the_overview_is_asked_for_is_read_from_the_query() {
        let asked = query("q=%20Z%C3%BCrich+Muster&show=problems&page=3");
        assert_eq!(asked, Query { search: "Zürich Muster".to_owned(), show: Show::Problems, page: 3 });
        assert_eq!(query("show=active").show, Show::Active);
        for nothing in ["", "page=0", "page=-1", "page=x", "show=x", "q="] {
            assert_eq!(query(nothing), Query { page: 1, ..Query::default() }, "{nothing}");
        }
        assert_eq!(query(&format!("q={}", "x".repeat(1000))).search.len(), SEARCH_CHARS_MAX);
    }
}
