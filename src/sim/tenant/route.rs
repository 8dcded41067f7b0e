//! Which resource a URL names.

use std::collections::BTreeMap;

use url::form_urlencoded;

use crate::rules::Address;

/// A resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/users/{address}/calendarView`, also by way of `/calendar`.
    CalendarView {
        /// Whose, as written; none when it is no address.
        address: Option<Address>,
        /// The query, decoded.
        query: BTreeMap<String, String>,
    },
    /// Something of users that the app was not granted.
    Forbidden,
    /// Nothing.
    Unknown,
}

impl Route {
    /// Reads a URL relative to the version's root, with or without a leading slash.
    pub(crate) fn of(url: &str) -> Self {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let segments: Vec<String> = path.trim_start_matches('/').split('/').map(decode).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["users", user, "calendarView"] | ["users", user, "calendar", "calendarView"] => Self::CalendarView {
                address: user.parse().ok(),
                query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            },
            ["users" | "groups", ..] => Self::Forbidden,
            _ => Self::Unknown,
        }
    }

    /// Returns whose calendar is asked for.
    pub(crate) fn address(&self) -> Option<&Address> {
        match self {
            Self::CalendarView { address, .. } => address.as_ref(),
            Self::Forbidden | Self::Unknown => None,
        }
    }

    /// Returns a parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        match self {
            Self::CalendarView { query, .. } => query.get(name).map(String::as_str),
            Self::Forbidden | Self::Unknown => None,
        }
    }
}

/// Decodes `%40` and the like in a path, where `+` is itself.
fn decode(segment: &str) -> String {
    form_urlencoded::parse(segment.replace('+', "%2B").replace('=', "%3D").as_bytes())
        .map(|(name, _)| name.into_owned())
        .next()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(url: &str, address: Option<&str>) {
        assert_eq!(Route::of(url).address().map(Address::as_str), address);
    }

    #[test]
    fn a_calendar_view_is_found_however_its_url_is_written() {
        case("/users/a@b.ch/calendarView", Some("a@b.ch"));
        case("users/a%40b.ch/calendarView?$top=1", Some("a@b.ch"));
        case("/users/A+x@b.ch/calendar/calendarView", Some("a+x@b.ch"));
        case("/users/a@b.ch/outlook/masterCategories", None);
        case("/me", None);
    }
}
