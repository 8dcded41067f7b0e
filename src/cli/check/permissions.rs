//! The permissions that the app has in Microsoft Entra and does not need.
//!
//! They are those that the token names. That proves nothing, as Exchange grants permissions of which no token knows, so
//! nothing but advice comes of it: what the app may do is tried in the other lines. Where the token names none, or cannot
//! be read, nothing is said.

use super::{Line, NAMED_MAX, Report};
use crate::cli::wiring;
use crate::graph::GraphClient;
use crate::settings::Settings;

const SUBJECT: &str = "permissions";

/// Warns of each permission of the app that nothing needs by these settings.
pub(super) async fn examine(settings: &Settings, graph: &GraphClient, report: &mut Report) {
    let Some(roles) = graph.roles().await.filter(|roles| !roles.is_empty()) else { return };
    let needs = Needs::of(settings);
    let needless: Vec<(&str, &str)> =
        roles.iter().filter_map(|role| Some((role.as_str(), needs.instead_of(role)?))).collect();
    if needless.is_empty() {
        let named: Vec<&str> = roles.iter().map(String::as_str).collect();
        return report.tell(Line::ok(SUBJECT, format!("none that is not needed: {}", named.join(", "))));
    }
    for (role, instead) in needless.iter().take(NAMED_MAX) {
        report.tell(Line::warning(
            SUBJECT,
            format!("the app has {role} for the whole tenant; {instead}"),
            &helps(role),
        ));
    }
    let untold = needless.len().saturating_sub(NAMED_MAX);
    if untold > 0 {
        report.tell(Line::warning(SUBJECT, format!("and {untold} more that nothing here needs"), &helps("each")));
    }
}

fn helps(role: &str) -> String {
    format!(
        "in the Microsoft Entra admin center under App registrations, this app, API permissions: revoke the admin consent \
         of {role} and remove it; a new token without it comes within 90 minutes"
    )
}

/// What the settings make use of.
struct Needs {
    /// The texts of entries, for the tags in them.
    texts: bool,
    /// The lists of categories: to change them.
    categories_changed: bool,
    /// The lists of categories: to look at them by hand.
    categories_seen: bool,
}

impl Needs {
    fn of(settings: &Settings) -> Self {
        let upkeep = wiring::upkeep(settings);
        let enabled = settings.policy.categories.enabled;
        let removes = !upkeep.remove_from.is_empty();
        // A service that is stopped for now is going to be started again.
        Self {
            texts: settings.policy.may_follow_tags(),
            categories_changed: removes || (upkeep.create && enabled),
            categories_seen: removes || enabled,
        }
    }

    /// Returns what is enough in place of a permission; nothing when it is needed, or is the least there is.
    fn instead_of(&self, role: &str) -> Option<&'static str> {
        match role {
            "Calendars.ReadBasic.All" | "Calendars.ReadBasic" | "User.ReadBasic.All" => None,
            "Calendars.Read" if self.texts => None,
            "Calendars.Read" => Some("Calendars.ReadBasic.All is enough, as no tag in a text may count"),
            "Calendars.ReadWrite" if self.texts => Some("Calendars.Read is enough, as no calendar is ever changed"),
            "Calendars.ReadWrite" => Some("Calendars.ReadBasic.All is enough, as no calendar is ever changed"),
            "MailboxSettings.ReadWrite" if self.categories_changed => None,
            "MailboxSettings.ReadWrite" => {
                Some("nothing is changed in Outlook, by rules.categories.create and enabled")
            }
            "MailboxSettings.Read" if self.categories_seen => None,
            "MailboxSettings.Read" => Some("categories are not used, by rules.categories.enabled"),
            "User.Read.All" => Some("User.ReadBasic.All is enough, and only where log-in names differ from addresses"),
            _ => Some("nothing here needs it"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(needs: [bool; 3], role: &str, expected: bool) {
        let [texts, categories_changed, categories_seen] = needs;
        let needs = Needs { texts, categories_changed, categories_seen };
        assert_eq!(needs.instead_of(role).is_some(), expected, "{role}");
    }

    #[test]
    fn a_permission_is_needless_when_nothing_uses_it_or_a_lesser_one_is_enough() {
        let (nothing, everything) = ([false; 3], [true; 3]);
        for least in ["Calendars.ReadBasic.All", "User.ReadBasic.All"] {
            case(nothing, least, false);
            case(everything, least, false);
        }
        for useful in ["Calendars.Read", "MailboxSettings.Read", "MailboxSettings.ReadWrite"] {
            case(nothing, useful, true);
            case(everything, useful, false);
        }
        for never in ["Calendars.ReadWrite", "Mail.Read", "Mail.Send", "Directory.Read.All", "User.Read.All"] {
            case(nothing, never, true);
            case(everything, never, true);
        }
    }

    #[test]
    fn to_look_at_categories_needs_no_right_to_change_them() {
        case([false, false, true], "MailboxSettings.Read", false);
        case([false, false, true], "MailboxSettings.ReadWrite", true);
    }
}
