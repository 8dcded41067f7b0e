//! Tests of [`super`].

use super::*;

fn reply(status: u16, code: &str) -> Reply {
    Reply { service: Service::Graph, status, code: Code::new(code), request_id: RequestId::new("94fb3b52") }
}

const SOON: Option<Duration> = Some(Duration::from_millis(2128));

#[test]
fn each_refusal_of_a_mailbox_has_a_verdict() {
    #[track_caller]
    fn case(status: u16, after: Option<Duration>, verdict: Verdict) {
        let error = GraphError::from_item(reply(status, ""), after, Permission::Calendars);
        assert_eq!(error.verdict(), verdict, "{status}");
        assert_eq!(error.request_id(), RequestId::new("94fb3b52").as_ref());
    }
    let later = Verdict::Retry { after: None };
    let soon = Verdict::Retry { after: SOON };
    case(429, SOON, soon);
    case(429, None, later);
    case(503, SOON, soon);
    case(503, None, later);
    case(500, SOON, soon);
    case(504, None, later);
    case(424, None, later);
    case(408, None, later);
    case(400, None, Verdict::NeedsHuman);
    case(401, None, Verdict::NeedsHuman);
    case(403, None, Verdict::NeedsHuman);
    case(404, None, Verdict::GiveUp);
}

#[test]
fn each_refusal_of_a_mailbox_says_what_failed_and_what_helps() {
    #[track_caller]
    fn case(status: u16, code: &str, text: &str) {
        let error = GraphError::from_item(reply(status, code), SOON, Permission::Calendars);
        let answered = format!("Microsoft Graph answered {status} {code} (request 94fb3b52)");
        assert_eq!(error.to_string(), text.replace('%', &answered));
    }
    case(429, "TooManyRequests", "get an answer without a pause: %");
    case(503, "ServiceUnavailable", "get an answer without a pause: %");
    case(500, "UnknownError", "get an answer: %");
    case(400, "BadRequest", "have the request accepted: %");
    case(
        401,
        "InvalidAuthenticationToken",
        "use a fresh token: %; endpoint and login_endpoint must belong to the same Microsoft cloud",
    );
    case(
        403,
        "ErrorAccessDenied",
        "read the calendar: %; the app needs the permission Calendars.ReadBasic.All or Calendars.Read for this \
         mailbox",
    );
    case(404, "errorinvaliduser", "find a user with this address in the tenant: %");
    case(404, "MailboxNotEnabledForRESTAPI", "find a mailbox in Microsoft 365 with this address: %");
}

#[test]
fn what_is_forbidden_names_the_permission_that_the_app_lacks() {
    #[track_caller]
    fn case(needs: Permission, text: &str) {
        let error = GraphError::from_item(reply(403, "ErrorAccessDenied"), None, needs);
        assert!(error.is_forbidden());
        let answered = "Microsoft Graph answered 403 ErrorAccessDenied (request 94fb3b52)";
        assert_eq!(error.to_string(), text.replace('%', answered));
    }
    case(
        Permission::ListCategories,
        "list the Outlook categories: %; the app needs the permission MailboxSettings.Read for this mailbox, and to \
         change them MailboxSettings.ReadWrite",
    );
    case(
        Permission::EditCategories,
        "change the Outlook categories: %; the app needs the permission MailboxSettings.ReadWrite for this mailbox",
    );
    case(Permission::Users, "find a user by mail address: %; the app needs the permission User.ReadBasic.All");
    let refused = GraphError::from_item(reply(400, ""), None, Permission::EditCategories);
    assert!(!refused.is_forbidden());
}

#[test]
fn an_address_that_cannot_be_found_says_what_its_look_up_found() {
    #[track_caller]
    fn case(made: LookedUp, end: &str) {
        let error = GraphError::from_item(reply(404, ""), None, Permission::Calendars).after_look_up(made);
        let text = "find a mailbox in Microsoft 365 with this address: Microsoft Graph answered 404 (request 94fb3b52)";
        assert_eq!(error.to_string(), format!("{text}{end}"));
        assert!(error.is_not_found());
    }
    case(LookedUp::Not, "");
    case(
        LookedUp::Forbidden,
        "; somebody whose log-in name differs from the address is found only with the permission User.ReadBasic.All",
    );
    case(LookedUp::Nobody, "; nobody with another log-in name has it as mail address either");
    case(LookedUp::Several, "; several users have it as mail address, so that nobody knows who is meant");
    let late = GraphError::TimedOut { service: Service::Graph }.after_look_up(LookedUp::Nobody);
    assert_eq!(late.to_string(), "get an answer from Microsoft Graph in time");
}

#[test]
fn only_a_404_for_a_mailbox_counts_towards_losing_it() {
    let needs = Permission::Calendars;
    assert!(GraphError::from_item(reply(404, ""), None, needs).is_not_found());
    assert!(!GraphError::from_call(reply(404, ""), None, needs).is_not_found());
    assert!(!GraphError::from_item(reply(403, ""), None, needs).is_not_found());
}

#[test]
fn an_error_without_an_id_of_its_own_bears_that_of_the_call() {
    #[track_caller]
    fn case(error: GraphError, expected: Option<&str>) {
        let error = error.in_call(RequestId::new("call").as_ref());
        assert_eq!(error.request_id().map(ToString::to_string).as_deref(), expected);
    }
    let service = Service::Graph;
    let anonymous = Reply { request_id: None, ..reply(403, "") };
    let malformed = GraphError::Malformed { service, flaw: Flaw::Missing, request_id: None };
    case(GraphError::from_item(anonymous, None, Permission::Users), Some("call"));
    case(malformed, Some("call"));
    case(GraphError::from_item(reply(403, ""), None, Permission::Users), Some("94fb3b52"));
    case(GraphError::TimedOut { service }, None);
}

#[test]
fn a_redirect_is_refused_and_not_followed() {
    let error = GraphError::from_call(reply(302, ""), None, Permission::Calendars);
    assert!(matches!(error, GraphError::Refused { .. }), "{error}");
}

#[test]
fn what_no_status_tells_has_a_verdict_too() {
    #[track_caller]
    fn case(error: &GraphError, verdict: Verdict, text: &str) {
        assert_eq!(error.verdict(), verdict, "{error}");
        assert_eq!(error.to_string(), text);
    }
    let service = Service::Graph;
    case(
        &GraphError::TimedOut { service },
        Verdict::Retry { after: None },
        "get an answer from Microsoft Graph in time",
    );
    case(
        &GraphError::Malformed { service, flaw: Flaw::Entries(3), request_id: RequestId::new("94fb3b52") },
        Verdict::Retry { after: None },
        "understand the answer of Microsoft Graph: 3 entries have no id or times that cannot be read \
         (request 94fb3b52)",
    );
    case(
        &GraphError::TooLarge { service, max: 8 },
        Verdict::GiveUp,
        "read an answer of Microsoft Graph that is larger than 8 bytes",
    );
    case(
        &GraphError::TooMany { things: Things::Entries, pages: 50, items: 5000 },
        Verdict::GiveUp,
        "read a list of more than 50 pages or 5000 entries",
    );
    case(
        &GraphError::Endpoint { service, flaw: EndpointFlaw::Unencrypted },
        Verdict::NeedsHuman,
        "use the address of Microsoft Graph: it must begin with https://, or with http:// for this machine only",
    );
}
