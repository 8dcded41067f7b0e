//! `calendarView`: the appointments of a window, page by page.

use std::fmt::Write;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::Url;

use super::body::{Bodies, BodyForm};
use super::event::{IdForm, Preferences, event};
use super::mailbox::Mailbox;
use super::reply::Refusal;
use super::route::Route;
use crate::rules::Address;

/// How many events a page has unless `$top` says otherwise.
const TOP_DEFAULT: usize = 10;

/// The greatest `$top`.
const TOP_MAX: usize = 1_000;

/// What is asked of one calendar: where to begin, and how much.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct View {
    from: i64,
    to: i64,
    top: usize,
    select: Option<String>,
    offset: usize,
}

impl View {
    /// Reads the query of a first page, or the opaque token of a further one.
    pub(crate) fn of(route: &Route) -> Result<Self, Refusal> {
        if let Some(token) = route.parameter("$skiptoken") {
            return Self::from_token(token).ok_or_else(|| bad_request("Badly formed content: $skiptoken."));
        }
        let from = instant(route, "startDateTime")?;
        let to = instant(route, "endDateTime")?;
        if to < from {
            return Err(bad_request("The end time can't be earlier than the start time."));
        }
        Ok(Self {
            from: from.timestamp_micros(),
            to: to.timestamp_micros(),
            top: top(route)?,
            select: route.parameter("$select").map(str::to_owned),
            offset: 0,
        })
    }

    /// Gives the page.
    pub(crate) fn page(
        &self,
        base: &Url,
        owner: &Address,
        mailbox: &Mailbox,
        preferences: Preferences,
        bodies: Bodies,
    ) -> Result<Value, Refusal> {
        let preferences = Preferences { body: bodies.form(preferences.body), ..preferences };
        let moment = |micros| DateTime::from_timestamp_micros(micros).unwrap_or_default();
        let found = mailbox.view(moment(self.from), moment(self.to));
        let mut events = Vec::new();
        for (id, stored) in found.iter().skip(self.offset).take(self.top) {
            let mut event = self.selected(event(owner, id, stored, preferences))?;
            if bodies == Bodies::Withheld {
                event.retain(|name, _| name != "body" && name != "bodyPreview");
            }
            events.push(Value::Object(event));
        }
        let mut page = Map::new();
        let context = format!("{base}v1.0/$metadata#users('{owner}')/calendarView");
        page.insert("@odata.context".to_owned(), json!(context));
        page.insert("value".to_owned(), Value::Array(events));
        if self.offset + self.top < found.len() {
            page.insert("@odata.nextLink".to_owned(), json!(self.next_link(base, owner)));
        }
        Ok(Value::Object(page))
    }

    fn selected(&self, mut event: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
        let Some(select) = &self.select else {
            return Ok(event);
        };
        let names: Vec<&str> = select.split(',').map(str::trim).collect();
        if let Some(unknown) = names.iter().find(|name| !event.contains_key(**name)) {
            return Err(bad_request(format!(
                "Could not find a property named '{unknown}' on type 'microsoft.graph.event'."
            )));
        }
        event.retain(|name, _| name == "@odata.etag" || name == "id" || names.contains(&name.as_str()));
        Ok(event)
    }

    fn next_link(&self, base: &Url, owner: &Address) -> String {
        let next = Self { offset: self.offset + self.top, ..self.clone() };
        let token = next.to_token();
        format!("{base}v1.0/users/{owner}/calendarView?$skiptoken={token}")
    }

    /// Writes the view so that a reader sees nothing in it.
    fn to_token(&self) -> String {
        let plain = json!(self).to_string();
        plain.bytes().fold(String::new(), |mut token, byte| {
            let _ = write!(token, "{byte:02x}");
            token
        })
    }

    fn from_token(token: &str) -> Option<Self> {
        let digits: Vec<u8> = token
            .chars()
            .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
            .collect::<Option<_>>()?;
        let plain: Vec<u8> =
            digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
        serde_json::from_slice(&plain).ok()
    }
}

impl Preferences {
    /// Reads a `Prefer` header; a time zone other than UTC is not simulated.
    pub(crate) fn of(prefer: Option<&str>) -> Result<Self, Refusal> {
        let mut preferences = Self::default();
        for preference in prefer.unwrap_or_default().split(',').map(str::trim) {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "outlook.timezone" if !value.eq_ignore_ascii_case("UTC") => {
                    return Err(Refusal::new(
                        400,
                        "TimeZoneNotSupportedException",
                        format!(
                            "A valid TimeZone value must be specified. The following TimeZone value is not \
                                 supported: '{value}'."
                        ),
                    ));
                }
                "outlook.body-content-type" if value.eq_ignore_ascii_case("text") => {
                    preferences.body = BodyForm::Text;
                }
                "idtype" if value.eq_ignore_ascii_case("ImmutableId") => {
                    preferences.ids = IdForm::Immutable;
                }
                _ => {}
            }
        }
        Ok(preferences)
    }
}

/// Returns the window that a first page asks for.
pub(crate) fn window(route: &Route) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let from = instant(route, "startDateTime").ok()?;
    let to = instant(route, "endDateTime").ok()?;
    Some((from, to))
}

/// Reads an instant: the offset in it counts, UTC where it has none.
fn instant(route: &Route, name: &str) -> Result<DateTime<Utc>, Refusal> {
    let text = route.parameter(name).ok_or_else(|| {
        bad_request(format!(
            "This request requires a time window specified by the query string parameters StartDateTime and \
             EndDateTime; {name} is missing."
        ))
    })?;
    DateTime::parse_from_rfc3339(text)
        .map(|instant| instant.to_utc())
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|local| local.and_utc()))
        .map_err(|_| bad_request(format!("The value '{text}' of parameter '{name}' is invalid.")))
}

fn top(route: &Route) -> Result<usize, Refusal> {
    let Some(text) = route.parameter("$top") else {
        return Ok(TOP_DEFAULT);
    };
    text.parse()
        .ok()
        .filter(|top| (1..=TOP_MAX).contains(top))
        .ok_or_else(|| bad_request(format!("Invalid value '{text}' for $top query option found.")))
}

fn bad_request(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ErrorInvalidParameter", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_a_further_page_comes_back_whole() {
        let view = View { from: 1, to: 2, top: 3, select: Some("id,start".to_owned()), offset: 4 };
        assert_eq!(View::from_token(&view.to_token()), Some(view));
    }

    #[test]
    fn a_token_that_somebody_changed_is_refused() {
        assert_eq!(View::from_token("7b7d"), None);
        assert_eq!(View::from_token("zz"), None);
    }
}
