//! Which resource a URL names.

use std::collections::BTreeMap;

use url::form_urlencoded;

/// A resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) place: Place,
    /// The query, decoded.
    query: BTreeMap<String, String>,
}

/// Where a resource lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// `/users/{user}/calendarView`, also by way of `/calendar`.
    CalendarView {
        /// Whose: a log-in name or an id, as written.
        user: String,
    },
    /// `/users/{user}/outlook/masterCategories`, or one category below it.
    Categories {
        /// Whose: a log-in name or an id, as written.
        user: String,
        /// Which one.
        category: Option<String>,
    },
    /// `/users`
    Users,
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
        let place = match segments.as_slice() {
            ["users", user, "calendarView"] | ["users", user, "calendar", "calendarView"] => {
                Place::CalendarView { user: (*user).to_owned() }
            }
            ["users", user, "outlook", "masterCategories"] => {
                Place::Categories { user: (*user).to_owned(), category: None }
            }
            ["users", user, "outlook", "masterCategories", id] => {
                Place::Categories { user: (*user).to_owned(), category: Some((*id).to_owned()) }
            }
            ["users"] => Place::Users,
            ["users" | "groups", ..] => Place::Forbidden,
            _ => Place::Unknown,
        };
        Self { place, query: form_urlencoded::parse(query.as_bytes()).into_owned().collect() }
    }

    /// Returns whose mailbox is asked for, as written.
    pub(crate) fn user(&self) -> Option<&str> {
        match &self.place {
            Place::CalendarView { user } | Place::Categories { user, .. } => Some(user),
            Place::Users | Place::Forbidden | Place::Unknown => None,
        }
    }

    /// Returns a parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
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
    fn case(url: &str, place: &Place) {
        assert_eq!(Route::of(url).place, *place, "{url}");
    }

    #[test]
    fn a_calendar_view_is_found_however_its_url_is_written() {
        let view = |user: &str| Place::CalendarView { user: user.to_owned() };
        case("/users/a@b.ch/calendarView", &view("a@b.ch"));
        case("users/a%40b.ch/calendarView?$top=1", &view("a@b.ch"));
        case("/users/A+x@b.ch/calendar/calendarView", &view("A+x@b.ch"));
        case("/users/5f0c2a5e/calendarView", &view("5f0c2a5e"));
        case("/users/a@b.ch/messages", &Place::Forbidden);
        case("/me", &Place::Unknown);
    }

    #[test]
    fn categories_and_users_are_found_with_what_is_asked_of_them() {
        let of = |category: Option<&str>| Place::Categories {
            user: "a@b.ch".to_owned(),
            category: category.map(str::to_owned),
        };
        case("/users/a%40b.ch/outlook/masterCategories?$top=5", &of(None));
        case("/users/a@b.ch/outlook/masterCategories/de912e4d", &of(Some("de912e4d")));
        let users = Route::of("/users?$filter=mail%20eq%20%27a%2Bb@c.ch%27&$select=id");
        assert_eq!((users.place.clone(), users.user()), (Place::Users, None));
        assert_eq!(users.parameter("$filter"), Some("mail eq 'a+b@c.ch'"));
    }
}
