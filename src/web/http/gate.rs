//! Where every request comes in: judges whom it is meant for and who asks, and hands it to whoever answers it.

use std::net::IpAddr;

use axum::body::{Body, Bytes};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::Response;

use super::answer::{Denied, Style, protect, see_other};
use super::connection::Caller;
use super::door::Visitor;
use super::route::{self, Route};
use super::site::Site;
use super::{api, body, events, forms, host, pages};
use crate::clock::Clock;

/// A request, as those see it who answer it.
pub(super) struct Asked<'a> {
    pub(super) headers: &'a HeaderMap,
    pub(super) query: &'a str,
    pub(super) body: Bytes,
    pub(super) from: IpAddr,
}

/// Answers a request, whatever it is.
pub(super) async fn answer<K: Clock>(site: &Site<K>, caller: &Caller, request: Request<Body>) -> Response {
    let (head, body) = request.into_parts();
    let answered = admit(site, caller, &head, body).await;
    let mut response = answered.unwrap_or_else(|denied| refuse(site, &head, denied));
    protect(response.headers_mut(), site.access.has_tls);
    response
}

/// Writes down why not; a browser that is not logged in is shown where to.
fn refuse<K: Clock>(site: &Site<K>, head: &Parts, denied: Denied) -> Response {
    let style = Style::of(head.uri.path());
    let is_read = matches!(head.method, Method::GET | Method::HEAD);
    let is_script = head.headers.contains_key(AUTHORIZATION);
    if denied.status == StatusCode::UNAUTHORIZED && style == Style::Page && is_read && !is_script {
        return see_other("/login");
    }
    let visitor = site.door().browser(&head.headers, site.now());
    denied.answer(style, &site.viewer(&head.headers, &visitor))
}

async fn admit<K: Clock>(site: &Site<K>, caller: &Caller, head: &Parts, body: Body) -> Result<Response, Denied> {
    let route = route::find(&head.method, head.uri.path());
    let is_for_monitors = matches!(route, Ok(Route::Health | Route::Ready | Route::Metrics));
    if !is_for_monitors && !host::is_ours(&head.headers, &head.uri, caller.called, &site.access.hosts) {
        let why =
            "this page is not known by the name in the Host header; web.hosts in the settings takes further names";
        return Err(Denied::new(StatusCode::MISDIRECTED_REQUEST, why));
    }
    let asked = Asked {
        headers: &head.headers,
        query: head.uri.query().unwrap_or_default(),
        body: body::read(body).await?,
        from: site.caller(caller, &head.headers),
    };
    match route? {
        Route::Health => Ok(api::health(site)),
        Route::Ready => Ok(api::ready(site)),
        Route::Asset(path) => pages::asset(path, &head.headers),
        Route::LoginForm => Ok(pages::login_form(site, &asked)),
        Route::Login => forms::login(site, &asked),
        Route::Logout => forms::logout(site, &asked),
        Route::Button(order) => forms::button(site, &asked, order).await,
        Route::OrderJson(order) => api::order(site, &asked, order).await,
        route => read(site, caller, &asked, route).await,
    }
}

/// Answers what only reads, and tells of people.
async fn read<K: Clock>(
    site: &Site<K>,
    caller: &Caller,
    asked: &Asked<'_>,
    route: Route<'_>,
) -> Result<Response, Denied> {
    let visitor = visitor(site, asked)?;
    if site.access.is_closed && !visitor.is_known() {
        return Err(Denied::unknown());
    }
    match route {
        Route::Overview => pages::overview(site, asked, &visitor).await,
        Route::Member(account) => pages::member(site, asked, &visitor, account).await,
        Route::StatusJson => api::status(site, &visitor).await,
        Route::MemberJson(account) => api::member(site, &visitor, account).await,
        Route::Metrics => api::metrics(site).await,
        Route::Events => events::stream(site, &caller.stage),
        _ => Err(Denied::nowhere()),
    }
}

/// Returns who asks.
///
/// # Errors
/// When somebody shows a wrong token.
pub(super) fn visitor<K: Clock>(site: &Site<K>, asked: &Asked<'_>) -> Result<Visitor, Denied> {
    let now = site.now();
    site.door().visitor(asked.headers, asked.from, now).map_err(Denied::from)
}

/// Returns who asks for something to be done.
///
/// # Errors
/// When it is nobody known, or a page of somebody else that uses a browser which is logged in here.
pub(super) fn known<K: Clock>(site: &Site<K>, asked: &Asked<'_>) -> Result<Visitor, Denied> {
    let visitor = visitor(site, asked)?;
    match visitor {
        Visitor::Stranger => Err(Denied::unknown()),
        Visitor::Browser { .. } if !host::is_from_here(asked.headers, &site.access.hosts) => Err(foreign()),
        visitor => Ok(visitor),
    }
}

/// What a form of another page is told.
pub(super) fn foreign() -> Denied {
    Denied::new(StatusCode::FORBIDDEN, "this was not sent by a page of this service; load the page again and repeat it")
}

#[cfg(test)]
mod tests;
