//! What the admin of every simulated site decided.

use chrono::TimeDelta;
use starface_calendar::rules::policy::{
    Categories, Groups, Indicated, RedirectPolicy, Service, TextPolicy, Unanswered,
};
use starface_calendar::rules::text::{Language, Template, TimeFormat};
use starface_calendar::rules::{FieldKind, Policy, Presence, ShowAs, Side, Telephony};

use super::meeting::ZONE;

pub(crate) fn policy() -> Policy {
    Policy {
        service: Service::Started,
        zone: ZONE,
        ignore: [ShowAs::Free].into(),
        entry_days_max: 31,
        unanswered: Unanswered::Status,
        presence: Some(Presence::Away),
        text: Some(TextPolicy {
            template: Template::parse("!title!").unwrap(),
            time_format: TimeFormat::parse("HH:mm").unwrap(),
            date_format: TimeFormat::parse("dd.MM.").unwrap(),
            language: Language::German,
            chars_max: 140,
        }),
        categories: Categories::default(),
        redirects: RedirectPolicy {
            groups: Groups::Included,
            tags_allowed: Side::ALL.into(),
            ..RedirectPolicy::default()
        },
        indicator: Some(Telephony::Active),
        indicated: Indicated::ByCategory,
        respected: [FieldKind::Dnd, FieldKind::Redirect].into(),
        reassert_interval: TimeDelta::seconds(30),
    }
}
