//! The module's page over file and environment: what each field decides, what it leaves, and what it never touches.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;
use starface_calendar::credential::Credential;
use starface_calendar::rules::{AccountId, Policy};
use starface_calendar::secret::Secret;
use starface_calendar::settings::page::{FIELDS, MODULES_OWN, Widget};
use starface_calendar::settings::{
    Alarm, CategoryRules, DriftRules, Graph, Indicator, Local, RedirectRules, RulesSource, Settings, SettingsError,
    TagRules,
};

use super::site::Site;

const SECRET: &str = "Gehe1mGehe1m";

/// A page with these fields; a list stands as its items with `|` between.
pub(crate) fn with_page(local: &Local, entered: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let is_list =
        |variable: &str| FIELDS.iter().any(|field| field.variable == variable && field.widget == Widget::List);
    let (lists, fields): (Vec<_>, Vec<_>) = entered.iter().partition(|(variable, _)| is_list(variable));
    let fields = fields.into_iter().map(|(variable, value)| ((*variable).to_owned(), (*value).to_owned())).collect();
    let items = |value: &str| value.split('|').map(str::to_owned).collect();
    let lists = lists.into_iter().map(|(variable, value)| ((*variable).to_owned(), items(value))).collect();
    local.settings_with(&fields, &lists)
}

/// Everything that the page may decide.
pub(crate) type Decided<'a> = (
    &'a Graph,
    &'a Policy,
    AccountId,
    u32,
    Option<Indicator>,
    (&'a CategoryRules, &'a TagRules, &'a RedirectRules, &'a DriftRules),
    &'a Alarm,
);

pub(crate) fn decided(settings: &Settings) -> Decided<'_> {
    (
        &settings.graph,
        &settings.policy,
        settings.group,
        settings.internal_number_length,
        settings.function_key_indicator,
        (&settings.categories, &settings.tags, &settings.redirect, &settings.drift),
        &settings.alarm,
    )
}

/// A field, what is entered there, what the file says, and what the file would have to say for the same.
type Case = (&'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip]
const CASES: [Case; 58] = [
    ("GUI_DIENST", "Stoppen", "rules.service = \"start\"", "rules.service = \"stop\""),
    ("GUI_DIENST", "Starten", "rules.service = \"stop\"", "rules.service = \"start\""),
    ("GUI_O365_GRUPPE", "2001", "rules.group = 1000", "rules.group = 2001"),
    ("GUI_LAENGE_INTERN", "4", "rules.internal_number_length = 2", "rules.internal_number_length = 4"),
    ("GUI_LAENGE_INTERN", "4.0", "rules.internal_number_length = 2", "rules.internal_number_length = 4"),
    ("GUI_CHECK_INTERVALL", "300", "graph.check_interval = \"1m\"", "graph.check_interval = \"5m\""),
    ("GUI_CHECK_INTERVALL", "90.0", "graph.check_interval = \"1m\"", "graph.check_interval = \"90s\""),
    ("GUI_SPRACHE", "Deutsch", "rules.language = \"it\"", "rules.language = \"de\""),
    ("GUI_SPRACHE", "English", "rules.language = \"it\"", "rules.language = \"en\""),
    ("GUI_SPRACHE", "Français", "rules.language = \"it\"", "rules.language = \"fr\""),
    ("GUI_SPRACHE", "Italiano", "rules.language = \"fr\"", "rules.language = \"it\""),
    ("GUI_ZEITZONE", "Europe/Vienna", "rules.time_zone = \"Europe/Berlin\"", "rules.time_zone = \"Europe/Vienna\""),
    ("GUI_ZEITZONE", "system", "rules.time_zone = \"Europe/Berlin\"", "rules.time_zone = \"system\""),
    ("GUI_UNBEANTWORTET", "Nur Status", "rules.unanswered = \"full\"", "rules.unanswered = \"status\""),
    ("GUI_UNBEANTWORTET", "Ignorieren", "rules.unanswered = \"full\"", "rules.unanswered = \"ignore\""),
    ("GUI_UNBEANTWORTET", "Voll", "rules.unanswered = \"ignore\"", "rules.unanswered = \"full\""),
    ("GUI_IGN_OOF", "true", "rules.ignore = [\"busy\"]", "rules.ignore = [\"busy\", \"out_of_office\"]"),
    ("GUI_IGN_BUSY", "false", "rules.ignore = [\"busy\", \"free\"]", "rules.ignore = [\"free\"]"),
    ("GUI_IGN_TENTATIVE", "true", "rules.ignore = []", "rules.ignore = [\"tentative\"]"),
    ("GUI_IGN_ELSEWHERE", "true", "rules.ignore = []", "rules.ignore = [\"working_elsewhere\"]"),
    ("GUI_IGN_FREE", "false", "", "rules.ignore = []"),
    ("GUI_FUNKTIONSTASTEN", "Rot", "rules.function_key_indicator = \"none\"", "rules.function_key_indicator = \"red\""),
    ("GUI_FUNKTIONSTASTEN", "Blau", "rules.function_key_indicator = \"red\"", "rules.function_key_indicator = \"blue\""),
    ("GUI_FUNKTIONSTASTEN", "-", "rules.function_key_indicator = \"red\"", "rules.function_key_indicator = \"none\""),
    ("GUI_CHATINDIKATOR", "Abwesend", "rules.chat_indicator = \"none\"", "rules.chat_indicator = \"away\""),
    ("GUI_CHATINDIKATOR", "DND", "rules.chat_indicator = \"none\"", "rules.chat_indicator = \"dnd\""),
    ("GUI_CHATINDIKATOR", "Offline", "rules.chat_indicator = \"none\"", "rules.chat_indicator = \"offline\""),
    ("GUI_CHATINDIKATOR", "-", "rules.chat_indicator = \"away\"", "rules.chat_indicator = \"none\""),
    ("GUI_ZEITFORMAT", " h:mm a ", "rules.time_format = \"H\"", "rules.time_format = \"h:mm a\""),
    ("GUI_DATUMFORMAT", "d.M.", "rules.date_format = \"d\"", "rules.date_format = \"d.M.\""),
    ("GUI_STATUSTEXT", "!title!", "rules.status_text = \"!type!\"", "rules.status_text = \"!title!\""),
    ("GUI_STATUSTEXT", "-", "rules.status_text = \"!type!\"", "rules.status_text = \"\""),
    ("GUI_ALARM_MAIL", "a@x.ch, b@x.ch,", "alarm.to = [\"c@x.ch\"]", "alarm.to = [\"a@x.ch\", \"b@x.ch\"]"),
    ("GUI_ALARM_MAIL", "-", "alarm.to = [\"c@x.ch\"]", "alarm.to = []"),
    ("GUI_ALARM_BETREFF", "Alarm", "alarm.subject = \"Mail\"", "alarm.subject = \"Alarm\""),
    ("GUI_ALARM_CONNECTOR", "false", "alarm.connector = true", "alarm.connector = false"),
    ("GUI_ALARM_UMLEITUNG", "true", "alarm.redirect = false", "alarm.redirect = true"),
    ("GUI_TENANT_ID", "x.onmicrosoft.com", "graph.tenant_id = \"y.ch\"", "graph.tenant_id = \"x.onmicrosoft.com\""),
    ("GUI_APP_ID", "99999999-2222-3333-4444-555555555555", "", "graph.client_id = \"99999999-2222-3333-4444-555555555555\""),
    ("GUI_APP_SECRET", " from-page ", "graph.client_secret = \"from-file\"", "graph.client_secret = \"from-page\""),
    ("GUI_MAX_TAGE", "7.0", "rules.max_entry_days = 5", "rules.max_entry_days = 7"),
    ("GUI_KAT_AKTIV", "false", "rules.categories.enabled = true", "rules.categories.enabled = false"),
    ("GUI_KAT_FUNKTIONSTASTEN_IMMER", "true", "", "rules.categories.function_keys_always = true"),
    ("GUI_KAT_GRUPPENUMLEITUNGEN", "true", "", "rules.categories.include_group_redirects = true"),
    ("GUI_KAT_AUL_INTERN_IMMER", "true", "", "rules.categories.redirect_internal_always = true"),
    ("GUI_KAT_AUL_EXTERN_IMMER", "true", "", "rules.categories.redirect_external_always = true"),
    ("GUI_KAT_VM_INTERN_IMMER", "true", "", "rules.categories.voicemail_internal_always = true"),
    ("GUI_KAT_VM_EXTERN_IMMER", "true", "", "rules.categories.voicemail_external_always = true"),
    ("GUI_ERL_IGNORIEREN", "true", "rules.categories.allow = []", "rules.categories.allow = [\"ignore\"]"),
    ("GUI_ERL_FUNKTIONSTASTEN", "true", "rules.categories.allow = []", "rules.categories.allow = [\"function_keys\"]"),
    ("GUI_ERL_DND", "false", "rules.categories.allow = [\"dnd\"]", "rules.categories.allow = []"),
    ("GUI_ERL_AUL_INTERN", "true", "rules.categories.allow = []", "rules.categories.allow = [\"redirect_internal\"]"),
    ("GUI_ERL_AUL_EXTERN", "true", "rules.categories.allow = []", "rules.categories.allow = [\"redirect_external\"]"),
    ("GUI_ERL_VM_INTERN", "true", "rules.categories.allow = []", "rules.categories.allow = [\"voicemail_internal\"]"),
    ("GUI_ERL_VM_EXTERN", "true", "rules.categories.allow = []", "rules.categories.allow = [\"voicemail_external\"]"),
    ("GUI_ERL_TAG_EXTERN", "false", "", "rules.tags.allow = [\"internal\"]"),
    ("GUI_ERL_TAG_INTERN", "false", "", "rules.tags.allow = [\"external\"]"),
    ("GUI_TAGS_EINLADUNGEN", "true", "", "rules.tags.from_invitations = true"),
];

/// The rest of the table; the lines are long.
#[rustfmt::skip]
const LISTS: [Case; 6] = [
    ("GUI_KAT_ANLEGEN", "false", "rules.categories.create = true", "rules.categories.create = false"),
    ("GUI_ZIELE_ERLAUBT", "00*, 1*", "rules.redirect.allowed_targets = [\"*\"]", "rules.redirect.allowed_targets = [\"00*\", \"1*\"]"),
    ("GUI_ZIELE_ERLAUBT", "-", "rules.redirect.allowed_targets = [\"*\"]", "rules.redirect.allowed_targets = []"),
    ("GUI_ZIELE_VERBOTEN", "-", "", "rules.redirect.denied_targets = []"),
    ("GUI_KATEGORIEN_ENTFERNEN", "a@x.ch| |b@x.ch", "", "rules.categories.remove_from = [\"a@x.ch\", \"b@x.ch\"]"),
    ("GUI_KATEGORIEN_ENTFERNEN", "-", "rules.categories.remove_from = [\"a@x.ch\"]", "rules.categories.remove_from = []"),
];

fn cases() -> impl Iterator<Item = Case> {
    CASES.into_iter().chain(LISTS)
}

#[test]
fn each_field_decides_over_the_file_and_an_empty_one_or_none_leaves_it() {
    for (variable, entered, file, same) in cases() {
        let local = Site::with(file).local().unwrap();
        let (without, expected) = (Site::with(file).settings(), Site::with(same).settings());
        let settings = with_page(&local, &[(variable, entered)]).unwrap();
        assert_eq!(decided(&settings), decided(&expected), "{variable} {entered}");
        assert_ne!(decided(&settings), decided(&without), "{variable} {entered} decides nothing");
        let absent = with_page(&local, &[]).unwrap();
        assert_eq!(decided(&absent), decided(&without), "without {variable}");
        let field = FIELDS.iter().find(|field| field.variable == variable).unwrap();
        if !matches!(field.widget, Widget::Box | Widget::BoxOf(_)) {
            let empty = with_page(&local, &[(variable, " ")]).unwrap();
            assert_eq!(decided(&empty), decided(&without), "{variable} empty");
        }
    }
}

#[test]
fn the_table_has_a_case_for_every_field() {
    let cases: BTreeSet<&str> = cases().map(|(variable, ..)| variable).collect();
    let fields: BTreeSet<&str> = FIELDS.iter().map(|field| field.variable).collect();
    assert_eq!(cases, fields);
}

#[test]
fn a_page_decides_over_the_environment_and_over_a_secrets_file_or_credential() {
    let site = Site::without(&["graph.client_secret"])
        .variable("STARFACE_CALENDAR__RULES__LANGUAGE", "fr")
        .variable("STARFACE_CALENDAR__GRAPH__CLIENT_SECRET_FILE", "secret")
        .file("secret", "from-file")
        .credential("other", "x");
    let settings = with_page(&site.local().unwrap(), &[("GUI_SPRACHE", "Italiano"), ("GUI_APP_SECRET", "from-page")]);
    let settings = settings.unwrap();
    assert_eq!(settings.policy.text.as_ref().map(|text| text.language.code()), Some("it"));
    assert_eq!(settings.graph.credential, Credential::secret(Secret::new("from-page")));
    let credential = Site::without(&["graph.client_secret"]).credential("graph.client_secret", "from-credential");
    let local = credential.local().unwrap();
    assert_eq!(with_page(&local, &[]).unwrap().graph.credential, Credential::secret(Secret::new("from-credential")));
    let settings = with_page(&local, &[("GUI_APP_SECRET", "from-page")]).unwrap();
    assert_eq!(settings.graph.credential, Credential::secret(Secret::new("from-page")));
}

#[test]
fn a_box_without_a_value_is_one_without_its_tick() {
    let local = Site::with("alarm.connector = true").local().unwrap();
    let settings = with_page(&local, &[("GUI_ALARM_CONNECTOR", ""), ("GUI_IGN_FREE", "")]).unwrap();
    assert!(!settings.alarm.connector && settings.policy.ignore.is_empty());
    let settings = with_page(&local, &[("GUI_ALARM_CONNECTOR", "True"), ("GUI_IGN_FREE", "1")]).unwrap();
    assert!(settings.alarm.connector && settings.policy.ignore.len() == 1);
}

#[test]
fn a_site_whose_page_has_everything_needs_only_the_way_to_the_pbx() {
    let site = Site::of("[starface]\npassword = \"word\"\nmodule_key = \"word\"\n");
    let local = site.local().unwrap();
    assert_eq!((local.source, local.group), (RulesSource::Page, None));
    let settings = with_page(
        &local,
        &[
            ("GUI_O365_GRUPPE", "2001"),
            ("GUI_TENANT_ID", "firma.example"),
            ("GUI_APP_ID", "11111111-2222-3333-4444-555555555555"),
            ("GUI_APP_SECRET", "word"),
        ],
    );
    let settings = settings.unwrap();
    assert_eq!((settings.group, settings.graph.tenant_id.as_str()), (AccountId(2001), "firma.example"));
    assert_eq!(settings.source, RulesSource::Page);
    let lines: Vec<String> = settings.findings().iter().map(ToString::to_string).collect();
    assert!(lines.contains(&"ok: graph.client_secret: given by the field App-Secret of the module's page".to_owned()));
    let lines: Vec<String> = local.findings().iter().map(|finding| finding.subject.clone()).collect();
    assert_eq!(lines, ["settings file", "starface", "store", "starface.module_key", "starface.password"]);
}

#[test]
fn this_machines_own_settings_never_come_from_the_page() {
    let own = ["starface.", "store.", "web.", "log.", "member.", "rules.source"];
    let on_page: Vec<&str> =
        FIELDS.iter().map(|field| field.key).filter(|key| own.iter().any(|own| key.starts_with(own))).collect();
    assert_eq!(on_page, [""; 0]);
}

#[test]
fn variables_that_are_no_setting_override_nothing() {
    let local = Site::with("").local().unwrap();
    let others: Vec<(&str, &str)> = MODULES_OWN.iter().map(|(variable, _)| (*variable, "1010")).collect();
    let settings = with_page(&local, &[&others[..], &[("GUI_NEU", "x"), ("log.level", "trace")]].concat()).unwrap();
    assert_eq!(decided(&settings), decided(&Site::with("").settings()));
    assert_eq!(settings.log, local.log);
}

/// A value that is likely to be right, or nearly.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(
            &["", " ", "-", "true", "3", "3.0", "Rot", "Deutsch", "*", "a@x.ch", "!title!", "HH:mm"][..]
        )
        .prop_map(str::to_owned),
        "[0-9.,eE+-]{0,12}",
        "\\PC{0,20}",
        prop::collection::vec(any::<char>(), 0..8).prop_map(|letters| letters.into_iter().collect()),
    ]
}

fn variable() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(&FIELDS[..]).prop_map(|field| field.variable.to_owned()),
        1 => "[A-Z_]{0,12}",
        1 => "\\PC{0,12}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_page_makes_it_panic_or_show_the_secret(
        fields in prop::collection::btree_map(variable(), value(), 0..20),
        lists in prop::collection::btree_map(variable(), prop::collection::vec(value(), 0..4), 0..4),
        hidden in prop::sample::select(&["GUI_APP_SECRET", "GUI_APP_ID", "GUI_TENANT_ID"][..]),
    ) {
        static LOCAL: LazyLock<Local> = LazyLock::new(|| Site::with("").local().unwrap());
        let local = &*LOCAL;
        let mut fields: BTreeMap<String, String> = fields;
        fields.insert(hidden.to_owned(), SECRET.to_owned());
        let shown = match local.settings_with(&fields, &lists) {
            Ok(settings) => format!("{settings:?}{:?}", settings.findings()),
            Err(error) => format!("{error}\n{error:?}"),
        };
        prop_assert!(!shown.contains(SECRET), "{shown}");
        let shown = format!("{local:?}");
        prop_assert!(!shown.contains("-word"), "{shown}");
    }
}
