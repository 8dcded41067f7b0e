//! What is accepted, and what comes of it: defaults, precedence, the shipped files, the lines for people.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use starface_calendar::rules::policy::{Categories, Service, Switch, Unanswered};
use starface_calendar::rules::{AccountId, Presence, ShowAs, Side};
use starface_calendar::settings::{Auth, DriftPolicy, Indicator, LogFormat, Mode, RulesSource, Settings};

use super::site::Site;

const EXAMPLE: &str = include_str!("../../../resources/config.example.toml");
const MINIMAL: &str = include_str!("../../../resources/config.minimal.toml");

fn minimal() -> Site {
    decided_here(
        Site::of(MINIMAL).file("starface-password", "starface-word\n").file("starface-module-key", "module-word\n"),
    )
}

fn example() -> Site {
    decided_here(Site::of(EXAMPLE))
        .variable("STARFACE_CALENDAR__STARFACE__PASSWORD", "starface-word")
        .variable("STARFACE_CALENDAR__STARFACE__MODULE_KEY", "module-word")
}

/// Gives what the shipped files leave to the module's page.
fn decided_here(site: Site) -> Site {
    let id = "00000000-0000-0000-0000-000000000000";
    site.variable("STARFACE_CALENDAR__GRAPH__TENANT_ID", id)
        .variable("STARFACE_CALENDAR__GRAPH__CLIENT_ID", id)
        .variable("STARFACE_CALENDAR__GRAPH__CLIENT_SECRET", "graph-word")
        .variable("STARFACE_CALENDAR__RULES__GROUP", "1000")
}

#[test]
fn the_example_file_spells_out_the_defaults() {
    let (example, minimal) = (example().settings(), minimal().settings());
    // Only where they come from differs, which `Settings` compares too.
    assert_eq!(example.starface, minimal.starface);
    assert_eq!(example.graph, minimal.graph);
    assert_eq!(example.policy, minimal.policy);
    assert_eq!(example.group, minimal.group);
    assert_eq!(example.internal_number_length, minimal.internal_number_length);
    assert_eq!(example.function_key_indicator, minimal.function_key_indicator);
    assert_eq!(example.categories, minimal.categories);
    assert_eq!(example.tags, minimal.tags);
    assert_eq!(example.redirect, minimal.redirect);
    assert_eq!(example.drift, minimal.drift);
    assert_eq!(example.alarm, minimal.alarm);
    assert_eq!(example.store, minimal.store);
    assert_eq!(example.web, minimal.web);
    assert_eq!(example.log, minimal.log);
    assert_eq!(example.warnings, vec![]);
    assert_eq!(minimal.warnings, vec![]);
}

#[test]
fn the_defaults_of_the_rules_are_those_of_the_original_module() {
    let settings = minimal().settings();
    assert_eq!(settings.source, RulesSource::Page);
    assert_eq!(settings.group, AccountId(1000));
    assert_eq!(settings.internal_number_length, 3);
    assert_eq!(settings.function_key_indicator, Some(Indicator::Red));
    let policy = &settings.policy;
    assert_eq!(policy.service, Service::Started);
    assert_eq!(policy.zone, chrono_tz::Tz::Europe__Zurich);
    assert_eq!(policy.ignore, BTreeSet::from([ShowAs::Free]));
    assert_eq!(policy.entry_days_max, 31);
    assert_eq!(policy.unanswered, Unanswered::Status);
    assert_eq!(policy.presence, Some(Presence::Away));
    assert_eq!(policy.text.as_ref().map(|text| text.chars_max), Some(140));
    assert_eq!(policy.categories, Categories::default());
    assert_eq!(policy.reassert_interval, chrono::Duration::seconds(30));
}

#[test]
fn the_defaults_of_everything_else_are_safe() {
    let settings = minimal().settings();
    assert_eq!(settings.starface.mode, Mode::Module);
    assert_eq!(settings.starface.auth, Auth::Sha512);
    assert_eq!(settings.starface.url.as_str(), "https://127.0.0.1/");
    assert_eq!(settings.starface.timeout, Duration::from_secs(10));
    assert_eq!(settings.starface.members_interval, Duration::from_secs(600));
    assert_eq!(settings.graph.endpoint.as_str(), "https://graph.microsoft.com/");
    assert_eq!(settings.graph.login_endpoint.as_str(), "https://login.microsoftonline.com/");
    assert_eq!(settings.graph.check_interval, Duration::from_secs(60));
    assert!(settings.categories.create && !settings.categories.include_group_redirects);
    assert_eq!(settings.tags.allowed, BTreeSet::from([Side::Internal, Side::External]));
    assert!(!settings.tags.from_invitations);
    assert_eq!(settings.redirect.allowed_targets[0].as_str(), "*");
    assert_eq!(settings.redirect.denied_targets.len(), 12);
    assert_eq!(settings.drift.presence, DriftPolicy::Reassert);
    assert_eq!(settings.drift.dnd, DriftPolicy::Respect);
    assert_eq!(settings.alarm.smtp_url.expose(), "smtp://127.0.0.1:25");
    assert_eq!(settings.alarm.repeat, Duration::from_secs(24 * 60 * 60));
    assert_eq!(settings.store.path, Path::new("/var/lib/starface-calendar/state.db"));
    assert_eq!(settings.store.history_for, Duration::from_secs(90 * 24 * 60 * 60));
    assert!(settings.web.listen.is_some_and(|address| address.ip().is_loopback()));
    assert_eq!(settings.log.level, tracing::Level::INFO);
    assert_eq!(settings.log.format, LogFormat::Auto);
}

#[test]
fn the_file_wins_over_the_default_and_the_environment_over_both() {
    let level = |site: Site| site.settings().log.level;
    let variable = "STARFACE_CALENDAR__LOG__LEVEL";
    assert_eq!(level(Site::with("")), tracing::Level::INFO);
    assert_eq!(level(Site::with("log.level = \"warn\"")), tracing::Level::WARN);
    let both = Site::with("log.level = \"warn\"").variable(variable, "debug");
    assert_eq!(level(both), tracing::Level::DEBUG);
    assert_eq!(level(Site::with("").variable(variable, "error")), tracing::Level::ERROR);
}

#[test]
fn a_list_of_the_environment_replaces_that_of_the_file() {
    let variable = "STARFACE_CALENDAR__RULES__IGNORE";
    let ignore = |value: &str| {
        let site = Site::with("rules.ignore = [\"busy\", \"free\"]").variable(variable, value);
        site.settings().policy.ignore
    };
    assert_eq!(ignore("tentative"), BTreeSet::from([ShowAs::Tentative]));
    assert_eq!(
        ignore(" out_of_office , working_elsewhere "),
        BTreeSet::from([ShowAs::OutOfOffice, ShowAs::WorkingElsewhere])
    );
    assert_eq!(ignore(""), BTreeSet::new());
}

#[test]
fn numbers_and_flags_of_the_environment_are_read_from_their_text() {
    let settings = Site::with("")
        .variable("STARFACE_CALENDAR__RULES__GROUP", "77")
        .variable("STARFACE_CALENDAR__RULES__CATEGORIES__ENABLED", "false")
        .variable("STARFACE_CALENDAR__RULES__CATEGORIES__NAMES__DND", "Ruhe,Quiet")
        .settings();
    assert_eq!(settings.group, AccountId(77));
    assert!(!settings.policy.categories.enabled);
    assert_eq!(settings.policy.categories.names[&Switch::Dnd], ["Ruhe", "Quiet"]);
}

#[test]
fn none_and_empty_leave_a_field_alone() {
    let settings = Site::with(
        "rules.chat_indicator = \"none\"\nrules.function_key_indicator = \"none\"\nrules.status_text = \"\"\nweb.listen = \"\"",
    )
    .settings();
    assert_eq!(settings.policy.presence, None);
    assert_eq!(settings.function_key_indicator, None);
    assert_eq!(settings.policy.text, None);
    assert_eq!(settings.web.listen, None);
}

#[test]
fn a_status_page_for_other_machines_is_accepted_with_token_and_encryption() {
    let listen = "web.listen = \"0.0.0.0:8765\"\nweb.token = \"word\"\n";
    let proxied = Site::with(&format!("{listen}web.behind_proxy = true")).settings();
    assert!(proxied.web.behind_proxy);
    let site = Site::with(&format!("{listen}web.tls_cert_file = \"web.pem\"\nweb.tls_key_file = \"/k.pem\""));
    let tls = site.settings().web.tls.unwrap();
    assert_eq!(tls.certificate, site.path("web.pem"));
    assert_eq!(tls.key, Path::new("/k.pem"));
}

#[test]
fn other_variables_are_nobodys_business() {
    let site = Site::with("").variable("STARFACE_CALENDAR_SERVICE_HOST", "10.0.0.1").variable("PATH", "/bin");
    assert!(site.load().is_ok());
}

#[test]
fn what_has_no_effect_in_this_version_is_a_warning() {
    let member = "member = [{ login = \"0012\", password = \"word\", email = \"a@example.com\" }]";
    assert_eq!(
        Site::with(member).warnings(),
        [
            "member (/site/config.toml line 1): has no effect with starface.mode = \"module\"; it is for starface.mode = \"uci\" only"
        ]
    );
}

#[test]
fn the_findings_tell_each_part_and_where_each_secret_comes_from() {
    let site = Site::with("web.token_file = \"token\"\nalarm.to = [\"a@example.com\"]")
        .file("token", "token-word")
        .readable("token", 0o644);
    let findings: Vec<String> = site.settings().findings().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(site.neutral(&findings.join("\n")), @r#"
    ok: settings file: /site/config.toml
    ok: starface: https://127.0.0.1/ as 0001, instance Kalender Connector, log-in sha512
    ok: graph: tenant 72f988bf-86f1-41af-91ab-2d7cd011db47, app 11111111-2222-3333-4444-555555555555, calendars every 1m
    ok: rules: service started, group 1000, time zone Europe/Zurich
    ok: store: /var/lib/starface-calendar/state.db, history for 90d
    ok: graph.client_secret: given by /site/config.toml line 7
    ok: starface.module_key: given by /site/config.toml line 4
    ok: starface.password: given by /site/config.toml line 3
    ok: web.token: given by /site/config.toml line 1
    warning: web.token_file: /site/token can be read by every user of this machine (/site/config.toml line 1); run chmod o-r /site/token
    "#);
}

#[test]
fn settings_are_a_value_that_can_be_compared_and_copied() {
    let site = Site::with("");
    let one: Settings = site.settings();
    assert_eq!(one.clone(), site.settings());
}
