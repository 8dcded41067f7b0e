//! The answers for scripts and monitors.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;
use serde::Serialize;

use super::answer::{Denied, json, text, with_type};
use super::desk::name_of;
use super::door::Visitor;
use super::gate::{Asked, known};
use super::route::Order;
use super::site::Site;
use crate::clock::Clock;
use crate::engine::history::Change;
use crate::engine::report::explain::Explanation;
use crate::engine::report::{Words, without_place};
use crate::engine::{Command, Report};
use crate::meter::Gauges;

/// How old the last round may be; the engine completes one at least every quarter of a minute.
const ROUND_AGE_MAX: TimeDelta = TimeDelta::seconds(60);

/// How far back the history of one member is told.
const HISTORY_FOR: TimeDelta = TimeDelta::days(7);

/// One member, with what was changed of late.
#[derive(Debug, Serialize)]
pub(super) struct Member {
    #[serde(flatten)]
    pub(super) explanation: Explanation,
    pub(super) history: Vec<Change>,
}

/// That everything is being read anew.
#[derive(Debug, Serialize)]
struct Refreshing {
    refreshing: bool,
}

/// Returns what this visitor may read.
pub(super) fn words(visitor: &Visitor) -> Words {
    if visitor.is_known() { Words::Shown } else { Words::Hidden }
}

/// How things stand, without the version for strangers who may be anywhere.
pub(super) async fn report<K: Clock>(site: &Site<K>, visitor: &Visitor) -> Result<Report, Denied> {
    let words = words(visitor);
    let mut report = site.desk.ask(|reply| Command::Status { words, reply }).await?;
    if !visitor.is_known() && !site.access.is_local {
        report.version.clear();
    }
    Ok(report)
}

pub(super) async fn status<K: Clock>(site: &Site<K>, visitor: &Visitor) -> Result<Response, Denied> {
    Ok(json(StatusCode::OK, &report(site, visitor).await?))
}

/// Why things are as they are with one member, and what was changed.
pub(super) async fn explained<K: Clock>(site: &Site<K>, visitor: &Visitor, account: u32) -> Result<Member, Denied> {
    let (name, words, since) = (name_of(account), words(visitor), site.now() - HISTORY_FOR);
    let explanation = site.desk.ask_for(|reply| Command::Explain { member: name.clone(), words, reply }).await?;
    let mut history = site.desk.ask_for(|reply| Command::History { member: Some(name), since, reply }).await?;
    if words == Words::Hidden {
        history.iter_mut().for_each(hide);
    }
    Ok(Member { explanation, history })
}

/// Leaves of a status text only whether there is one, and of a redirect only what kind of place calls go to.
fn hide(change: &mut Change) {
    for value in [&mut change.from, &mut change.to] {
        let hidden = match change.field.as_str() {
            "text" if value.is_empty() => "empty",
            "text" => "a text",
            "redirect" => without_place(value),
            _ => continue,
        };
        hidden.clone_into(value);
    }
}

pub(super) async fn member<K: Clock>(site: &Site<K>, visitor: &Visitor, account: u32) -> Result<Response, Denied> {
    Ok(json(StatusCode::OK, &explained(site, visitor, account).await?))
}

/// Has something done. The header is one that no other page can make a browser send.
pub(super) async fn order<K: Clock>(site: &Site<K>, asked: &Asked<'_>, order: Order) -> Result<Response, Denied> {
    known(site, asked)?;
    if !asked.headers.contains_key("x-requested-with") {
        return Err(Denied::new(StatusCode::FORBIDDEN, "send the header X-Requested-With with any value"));
    }
    match order {
        Order::End(account) => {
            let member = name_of(account);
            let ended = site.desk.ask_for(|reply| Command::End { member, reply }).await?;
            Ok(json(StatusCode::OK, &ended))
        }
        Order::Restore(account) => {
            let member = Some(name_of(account));
            let restored = site.desk.ask_for(|reply| Command::Restore { member, reply }).await?;
            Ok(json(StatusCode::OK, &restored))
        }
        Order::Refresh => {
            site.desk.ask_for(Command::Refresh).await?;
            Ok(json(StatusCode::OK, &Refreshing { refreshing: true }))
        }
    }
}

/// Whether rounds are completed.
pub(super) fn health<K: Clock>(site: &Site<K>) -> Response {
    let at = site.snapshots.borrow().at;
    match at.map(|at| site.now() - at) {
        Some(age) if age < ROUND_AGE_MAX => text(StatusCode::OK, "ok"),
        Some(age) => {
            let words = format!("the last round was completed {} seconds ago", age.num_seconds());
            text(StatusCode::SERVICE_UNAVAILABLE, words)
        }
        None => text(StatusCode::SERVICE_UNAVAILABLE, "no round was completed yet"),
    }
}

/// Whether the service serves.
pub(super) fn ready<K: Clock>(site: &Site<K>) -> Response {
    let (at, unready) = {
        let snapshot = site.snapshots.borrow();
        (snapshot.at, snapshot.unready)
    };
    match (at, unready) {
        (_, Some(unready)) => text(StatusCode::SERVICE_UNAVAILABLE, unready.words()),
        (None, None) => text(StatusCode::SERVICE_UNAVAILABLE, "no round was completed yet"),
        (Some(_), None) => text(StatusCode::OK, "ready"),
    }
}

pub(super) async fn metrics<K: Clock>(site: &Site<K>) -> Result<Response, Denied> {
    let figures = site.desk.ask(Command::Figures).await?;
    let gauges = Gauges {
        members: figures.members,
        holds: figures.holds,
        calendar_age_seconds: figures.calendar_age_seconds,
        mail_unsent: figures.mails_unsent,
    };
    let content_type = "text/plain; version=0.0.4; charset=utf-8";
    Ok(with_type(StatusCode::OK, content_type, site.meter.text(&gauges).into()))
}
