//! Which path means what.

use axum::http::Method;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// The overview.
    Overview,
    /// One member's page.
    Member(u32),
    /// The log-in form.
    LoginForm,
    /// A token, from the log-in form.
    Login,
    /// The end of a session.
    Logout,
    /// A style sheet, script or picture.
    Asset(&'a str),
    /// What one of the buttons does, for a browser without script.
    Button(Order),
    /// The status as JSON.
    StatusJson,
    /// One member as JSON.
    MemberJson(u32),
    /// What one of the buttons does, for scripts.
    OrderJson(Order),
    /// Whether rounds are completed.
    Health,
    /// Whether the service serves.
    Ready,
    /// The figures.
    Metrics,
    /// The event stream.
    Events,
}

/// What can be had done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// End a member's active entries early.
    End(u32),
    /// Take everything off a member.
    Restore(u32),
    /// Read everything anew.
    Refresh,
}

/// Why nothing is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// Nothing has this path.
    Nowhere,
    /// Something has, but it takes only these methods.
    Method(&'static str),
}

/// Finds what a method and a path ask for.
pub(super) fn find<'a>(method: &Method, path: &'a str) -> Result<Route<'a>, Lost> {
    let (get, post) = at(path);
    let found = match *method {
        Method::GET | Method::HEAD => get,
        Method::POST => post,
        _ => None,
    };
    found.ok_or(match (get, post) {
        (None, None) => Lost::Nowhere,
        (Some(_), None) => Lost::Method("GET, HEAD"),
        (None, Some(_)) => Lost::Method("POST"),
        (Some(_), Some(_)) => Lost::Method("GET, HEAD, POST"),
    })
}

/// Returns what is read at a path, and what is posted to it.
fn at(path: &str) -> (Option<Route<'_>>, Option<Route<'_>>) {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts.as_slice() {
        [""] => (Some(Route::Overview), None),
        ["login"] => (Some(Route::LoginForm), Some(Route::Login)),
        ["logout"] => (None, Some(Route::Logout)),
        ["refresh"] => (None, Some(Route::Button(Order::Refresh))),
        ["members", account] => (number(account).map(Route::Member), None),
        ["members", account, deed] => (None, order(account, deed).map(Route::Button)),
        ["assets", ..] => (Some(Route::Asset(path)), None),
        ["api", "status"] => (Some(Route::StatusJson), None),
        ["api", "refresh"] => (None, Some(Route::OrderJson(Order::Refresh))),
        ["api", "members", account] => (number(account).map(Route::MemberJson), None),
        ["api", "members", account, deed] => (None, order(account, deed).map(Route::OrderJson)),
        ["healthz"] => (Some(Route::Health), None),
        ["readyz"] => (Some(Route::Ready), None),
        ["metrics"] => (Some(Route::Metrics), None),
        ["events"] => (Some(Route::Events), None),
        _ => (None, None),
    }
}

fn order(account: &str, deed: &str) -> Option<Order> {
    let account = number(account)?;
    match deed {
        "end" => Some(Order::End(account)),
        "restore" => Some(Order::Restore(account)),
        _ => None,
    }
}

/// Reads an account; it has one spelling, so that one page has one path.
fn number(text: &str) -> Option<u32> {
    let account: u32 = text.parse().ok()?;
    (account.to_string() == text).then_some(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(method: &Method, path: &str, expected: Result<Route<'_>, Lost>) {
        assert_eq!(find(method, path), expected, "{method} {path}");
    }

    #[test]
    fn a_path_has_one_meaning_and_a_method_that_it_does_not_take_is_told_which_it_takes() {
        case(&Method::GET, "/", Ok(Route::Overview));
        case(&Method::HEAD, "/members/1010", Ok(Route::Member(1010)));
        case(&Method::POST, "/members/1010/end", Ok(Route::Button(Order::End(1010))));
        case(&Method::POST, "/api/members/1010/restore", Ok(Route::OrderJson(Order::Restore(1010))));
        case(&Method::GET, "/assets/style.css", Ok(Route::Asset("/assets/style.css")));
        case(&Method::GET, "/api/members/1010/end", Err(Lost::Method("POST")));
        case(&Method::DELETE, "/", Err(Lost::Method("GET, HEAD")));
        case(&Method::PUT, "/login", Err(Lost::Method("GET, HEAD, POST")));
        for nowhere in
            ["", "//", "/members", "/members/", "/members/x", "/members/01010", "/members/+1", "/api", "/healthz/"]
        {
            case(&Method::GET, nowhere, Err(Lost::Nowhere));
        }
        case(&Method::POST, "/members/4294967296/end", Err(Lost::Nowhere));
        case(&Method::POST, "/members/1010/reboot", Err(Lost::Nowhere));
    }
}
