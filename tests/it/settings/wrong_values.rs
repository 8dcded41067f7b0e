//! Every kind of wrong value, with its exact words.

use super::site::{Site, file, variable};

#[test]
fn a_number_has_bounds() {
    let group = "allowed: the account id of the STARFACE group, 1 or more";
    file("rules.group = 0", "rules.group", &format!("\"0\" is too small; {group}"));
    file("rules.group = 4294967296", "rules.group", &format!("\"4294967296\" is too large; {group}"));
    file(
        "rules.status_text_max = -1",
        "rules.status_text_max",
        "\"-1\" is too small; allowed: a whole number from 1 to 1000",
    );
    file(
        "rules.internal_number_length = 11",
        "rules.internal_number_length",
        "\"11\" is too large; allowed: a whole number from 1 to 10",
    );
}

#[test]
fn a_word_is_one_of_those_that_exist() {
    file("rules.service = \"on\"", "rules.service", "\"on\" is not one of the words; allowed: start, stop");
    file(
        "rules.chat_indicator = \"Away\"",
        "rules.chat_indicator",
        "\"Away\" is not one of the words; allowed: away, dnd, offline, none",
    );
    file("rules.source = \"wiki\"", "rules.source", "\"wiki\" is not one of the words; allowed: page, file");
    file("rules.language = \"rm\"", "rules.language", "\"rm\" is not one of the words; allowed: de, en, fr, it");
    file(
        "rules.drift.dnd = \"ignore\"",
        "rules.drift.dnd",
        "\"ignore\" is not one of the words; allowed: reassert, respect",
    );
    file(
        "log.level = \"loud\"",
        "log.level",
        "\"loud\" is not one of the words; allowed: error, warn, info, debug, trace",
    );
    file(
        "rules.categories.allow = [\"dnd\", \"coffee\"]",
        "rules.categories.allow",
        "\"coffee\" is not one of the words; allowed: ignore, function_keys, dnd, redirect_internal, \
         redirect_external, voicemail_internal, voicemail_external",
    );
    variable(
        "RULES__IGNORE",
        "free, bussy",
        "rules.ignore",
        "\"bussy\" is not one of the words; allowed: free, tentative, busy, out_of_office, working_elsewhere",
    );
}

#[test]
fn a_duration_has_a_unit_and_bounds() {
    let hour = "allowed: a duration from 1s to 1h, such as \"90s\", \"10m\", \"24h\" or \"90d\"";
    let interval = |value: &str, expected: &str| {
        let line = format!("graph.check_interval = {value}");
        file(&line, "graph.check_interval", &format!("{expected}; {hour}"));
    };
    interval("60", "is a whole number, not a text in quotes");
    interval("\"60\"", "\"60\" is not a duration");
    interval("\"500ms\"", "\"500ms\" is too short");
    interval("\"0s\"", "\"0s\" is too short");
    interval("\"61m\"", "\"61m\" is too long");
    interval("\"99999999999999999999d\"", "\"99999999999999999999d\" is not a duration");
    file(
        "starface.timeout = \"2m\"",
        "starface.timeout",
        "\"2m\" is too long; allowed: a duration from 1s to 30s, such as \"90s\", \"10m\", \"24h\" or \"90d\"",
    );
    file(
        "rules.drift.reassert_interval = \"6m\"",
        "rules.drift.reassert_interval",
        "\"6m\" is too long; allowed: a duration from 1s to 5m, such as \"90s\", \"10m\", \"24h\" or \"90d\"",
    );
}

#[test]
fn a_url_has_scheme_host_and_port_alone() {
    let url = |value: &str, expected: &str| {
        let allowed = "allowed: https://host or https://host:port; http only to a loopback host";
        let line = format!("starface.url = \"{value}\"");
        file(&line, "starface.url", &format!("{expected}; {allowed}"));
    };
    url("pbx.example.com", "is not a URL");
    url("http://pbx.example.com", "is http to a host that is not this machine");
    url("ftp://pbx.example.com", "has another scheme than https");
    url("https://0001:word@pbx.example.com", "holds a user name or a password");
    url("https://pbx.example.com/xml-rpc", "has a path");
    url("https://pbx.example.com/?de.vertico.starface.auth=word", "has a query or a fragment");
    variable(
        "GRAPH__LOGIN_ENDPOINT",
        "http://login.example.com",
        "graph.login_endpoint",
        "is http to a host that is not this machine; \
         allowed: https://host or https://host:port; http only to a loopback host",
    );
    file(
        "alarm.smtp_url = \"https://user:word@mail.example.com\"",
        "alarm.smtp_url",
        "has another scheme than smtp or smtps; \
         allowed: smtp://host:port or smtps://host:port, also with user:password@ before the host and, with smtp, \
         ?tls=required or ?tls=opportunistic behind it",
    );
    file(
        "alarm.smtp_url = \"smtp://user:word@mail.example.com?tls=maybe\"",
        "alarm.smtp_url",
        "has a tls that is neither required nor opportunistic; \
         allowed: smtp://host:port or smtps://host:port, also with user:password@ before the host and, with smtp, \
         ?tls=required or ?tls=opportunistic behind it",
    );
}

#[test]
fn an_id_of_the_app_registration_is_refused_without_showing_it() {
    file(
        "graph.client_id = \"abC8Q~word\"",
        "graph.client_id",
        "is not a GUID; allowed: the application (client) id, a GUID",
    );
    file(
        "graph.tenant_id = \"common\"",
        "graph.tenant_id",
        "is neither a GUID nor a domain; \
         allowed: the directory (tenant) id, a GUID, or a domain such as example.onmicrosoft.com",
    );
}

#[test]
fn an_address_is_an_address() {
    let address = "allowed: an e-mail address such as \"name@example.com\"";
    file(
        "alarm.to = [\"admin@example.com\", \"admin\"]",
        "alarm.to",
        &format!("\"admin\" is not an e-mail address; {address}"),
    );
    file(
        "graph.expect_scoped = \"nobody\"",
        "graph.expect_scoped",
        &format!("\"nobody\" is not an e-mail address; {address}"),
    );
    file(
        "alarm.from = \"starface\"",
        "alarm.from",
        &format!("\"starface\" is not an e-mail address; {address}, or \"\" for the default"),
    );
    variable(
        "RULES__CATEGORIES__REMOVE_FROM",
        "a@example.com,,b@example.com",
        "rules.categories.remove_from",
        &format!("\"\" is not an e-mail address; {address}"),
    );
}

#[test]
fn a_telephone_target_is_a_pattern_of_digits() {
    let pattern = "allowed: digits with one * at the end for any further digits, such as \"0900*\"";
    file(
        "rules.redirect.allowed_targets = [\"+41*\"]",
        "rules.redirect.allowed_targets",
        &format!("\"+41*\" is not a pattern of digits; {pattern}"),
    );
    variable(
        "RULES__REDIRECT__DENIED_TARGETS",
        "0900*,09*00",
        "rules.redirect.denied_targets",
        &format!("\"09*00\" is not a pattern of digits; {pattern}"),
    );
    file(
        "rules.redirect.service_codes = [\"97\"]",
        "rules.redirect.service_codes",
        "\"97\" is not a service code; allowed: digits with * or #, such as \"*97\"",
    );
}

#[test]
fn an_unknown_time_zone_gets_near_names() {
    file(
        "rules.time_zone = \"Europe/Zürich\"",
        "rules.time_zone",
        "\"Europe/Zürich\" is not a known time zone; did you mean \"Europe/Zurich\"?",
    );
    let machine = Site::with("").machine_zone(None);
    assert_eq!(
        machine.wrong(),
        "rules.time_zone (not given): \"system\" is set, but this machine does not tell its time zone; \
         set an IANA name such as \"Europe/Zurich\""
    );
    let machine = Site::with("rules.time_zone = \"system\"").machine_zone(Some("/etc/localtime"));
    assert_eq!(
        machine.wrong(),
        "rules.time_zone (/site/config.toml line 1): \"system\" is set, but this machine's \"/etc/localtime\" \
         is not an IANA name; set an IANA name such as \"Europe/Zurich\""
    );
}

#[test]
fn a_text_is_not_empty_and_stays_on_one_line() {
    let line = |chars: usize| format!("allowed: 1 to {chars} characters on one line");
    file("starface.instance = \" \"", "starface.instance", &format!("is empty; {}", line(100)));
    file(
        "alarm.subject = \"one\\ntwo\"",
        "alarm.subject",
        &format!("holds a line break or another control character; {}", line(200)),
    );
    file(&format!("alarm.subject = \"{}\"", "x".repeat(201)), "alarm.subject", &format!("is too long; {}", line(200)));
    file(
        "rules.categories.names.dnd = []",
        "rules.categories.names.dnd",
        "is an empty list; give a name, or take the switch out of rules.categories.allow",
    );
}

#[test]
fn a_status_page_for_other_machines_is_protected() {
    file(
        "web.listen = \"localhost:8765\"",
        "web.listen",
        "\"localhost:8765\" is no IP address with a port; \
         allowed: an IP address and a port such as \"127.0.0.1:8765\", or \"\" for none",
    );
    let open = Site::with("web.listen = \"0.0.0.0:8765\"");
    assert_eq!(
        open.wrong(),
        "web.listen (/site/config.toml line 1): is no loopback address, and nothing encrypts; \
         set web.tls_cert_file and web.tls_key_file, or web.behind_proxy = true\n\
         web.listen (/site/config.toml line 1): is no loopback address, and there is no token; \
         set web.token or web.token_file"
    );
    let half = Site::with("web.tls_cert_file = \"web.pem\"");
    assert_eq!(half.wrong(), "web.tls_key_file (not given): is required beside web.tls_cert_file; set both or none");
    file(
        "web.hosts = [\"https://pbx\"]",
        "web.hosts",
        "\"https://pbx\" is not a host name; allowed: host names such as \"pbx.example.com\"",
    );
}

#[test]
fn a_template_and_a_format_name_what_they_do_not_know() {
    file(
        "rules.status_text = \"!time! !nix!\"",
        "rules.status_text",
        "\"!time! !nix!\" has the unknown variable !nix!; allowed: a text with !time! !start! !end! !title! !type! \
         !location!, or \"\" for none",
    );
    let letters = "allowed: the letters y M d H h k K m s a E and text in '…'";
    file(
        "rules.time_format = \"HH:mm b\"",
        "rules.time_format",
        &format!("\"HH:mm b\" has the unknown letter b; {letters}"),
    );
    file(
        "rules.date_format = \"dd'x\"",
        "rules.date_format",
        &format!("\"dd'x\" opens a quote that is not closed; {letters}"),
    );
}
