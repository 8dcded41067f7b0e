//! What browsers send: the log-in, and the buttons without script.

use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use url::form_urlencoded;

use super::answer::{Denied, html, seconds, see_other};
use super::desk::name_of;
use super::door::{Shut, Visitor};
use super::gate::{Asked, foreign, known};
use super::host;
use super::pages::query_of;
use super::route::Order;
use super::sessions::Digest;
use super::site::Site;
use crate::clock::Clock;
use crate::engine::Command;
use crate::web::page::{self, LoginFailure, Notice};

/// Logs a browser in.
pub(super) fn login<K: Clock>(site: &Site<K>, asked: &Asked<'_>) -> Result<Response, Denied> {
    if !host::is_from_here(asked.headers, &site.access.hosts) {
        return Err(foreign());
    }
    let token = field(asked, "token").unwrap_or_default();
    let entered = site.door().enter(token.trim(), asked.from, site.now());
    Ok(match entered {
        Ok(cookie) => with_cookie(see_other("/"), &cookie),
        Err(Shut::Wrong) => failed(site, asked, StatusCode::UNAUTHORIZED, LoginFailure::Wrong),
        Err(Shut::TooMany(wait)) => {
            let mut response = failed(site, asked, StatusCode::TOO_MANY_REQUESTS, LoginFailure::TooMany);
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds(wait)));
            response
        }
    })
}

fn failed<K: Clock>(site: &Site<K>, asked: &Asked<'_>, status: StatusCode, failure: LoginFailure) -> Response {
    let viewer = site.viewer(asked.headers, &Visitor::Stranger);
    html(status, page::login(&viewer, Some(failure)))
}

/// Logs a browser out; one that is not logged in is where it wants to be.
pub(super) fn logout<K: Clock>(site: &Site<K>, asked: &Asked<'_>) -> Result<Response, Denied> {
    let visitor = site.door().browser(asked.headers, site.now());
    if visitor.is_known() {
        is_own(site, asked, &visitor)?;
    }
    let cookie = site.door().leave(asked.headers);
    Ok(with_cookie(see_other("/"), &cookie))
}

/// Does what a button says, and shows the page again.
pub(super) async fn button<K: Clock>(site: &Site<K>, asked: &Asked<'_>, order: Order) -> Result<Response, Denied> {
    let visitor = known(site, asked)?;
    is_own(site, asked, &visitor)?;
    let page = match order {
        Order::End(account) | Order::Restore(account) => format!("/members/{account}"),
        Order::Refresh => "/".to_owned(),
    };
    let notice = match carry_out(site, order).await {
        Ok(notice) => notice,
        Err(denied) if denied.status == StatusCode::NOT_FOUND => return Err(denied),
        Err(_) => Notice::Refused,
    };
    Ok(see_other(&format!("{page}?{}", query_of(notice))))
}

async fn carry_out<K: Clock>(site: &Site<K>, order: Order) -> Result<Notice, Denied> {
    Ok(match order {
        Order::End(account) => {
            let member = name_of(account);
            let ended = site.desk.ask_for(|reply| Command::End { member, reply }).await?;
            Notice::Ended(ended.entries)
        }
        Order::Restore(account) => {
            let member = Some(name_of(account));
            let restored = site.desk.ask_for(|reply| Command::Restore { member, reply }).await?;
            Notice::Restored(restored.fields, restored.left.len())
        }
        Order::Refresh => {
            site.desk.ask_for(Command::Refresh).await?;
            Notice::Refreshing
        }
    })
}

/// Sees whether a form is of a page that this session was shown.
fn is_own<K: Clock>(site: &Site<K>, asked: &Asked<'_>, visitor: &Visitor) -> Result<(), Denied> {
    let Visitor::Browser { form_token } = visitor else { return Ok(()) };
    let shown = field(asked, "form_token").unwrap_or_default();
    let is_shown = Digest::of(&shown).is(&Digest::of(form_token));
    if is_shown && host::is_from_here(asked.headers, &site.access.hosts) { Ok(()) } else { Err(foreign()) }
}

fn field(asked: &Asked<'_>, name: &str) -> Option<String> {
    form_urlencoded::parse(&asked.body).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    // Made of digits and words of this program.
    response.headers_mut().extend(HeaderValue::from_str(cookie).ok().map(|cookie| (SET_COOKIE, cookie)));
    response
}
