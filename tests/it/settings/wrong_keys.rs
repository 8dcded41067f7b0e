//! Keys that do not exist, that are not in this version, or whose value has the wrong type, with the exact words.

use super::site::{file, variable};

#[test]
fn an_unknown_key_is_refused_with_the_one_that_was_meant() {
    file("graph.tenantid = \"x\"", "graph.tenantid", "unknown key; did you mean graph.tenant_id?");
    file(
        "rules.reassert_interval = \"5s\"",
        "rules.reassert_interval",
        "unknown key; did you mean rules.drift.reassert_interval?",
    );
    file("grap.endpoint = \"x\"", "grap", "unknown key; did you mean graph?");
    file("log.colour = true", "log.colour", "unknown key; known here: format, level");
    file("colour = true", "colour", "unknown key; known here: alarm, graph, log, member, rules, starface, store, web");
    file("\"log.level\" = \"info\"", "log.level", "unknown key; keys stand without quotes");
    file("\"x[99999999999]\" = 1", "x[99999999999]", "unknown key; keys stand without quotes");
    variable(
        "GRAPH__TENANTID",
        "x",
        "graph.tenantid",
        "unknown key; did you mean STARFACE_CALENDAR__GRAPH__TENANT_ID?",
    );
    variable(
        "COLOUR__RED",
        "x",
        "colour.red",
        "unknown key; known tables: alarm, graph, log, member, rules, starface, store, web",
    );
    variable(
        "graph__tenant_id",
        "x",
        "graph.tenant_id",
        "unknown key; did you mean STARFACE_CALENDAR__GRAPH__TENANT_ID?",
    );
}

#[test]
fn a_table_and_a_value_are_not_mistaken_for_each_other() {
    file("log = \"info\"", "log", "is no table; write it as [log] with its keys below");
    file("rules.drift = \"respect\"", "rules.drift", "is no table; write it as [rules.drift] with its keys below");
    file(
        "log.level.words = 1",
        "log.level",
        "is a table, not a text in quotes; allowed: error, warn, info, debug, trace",
    );
    file("member.login = \"0012\"", "member", "is no list of tables; write it as [[member]]");
    file("member = [1]", "member", "holds something else than tables; write it as [[member]]");
    variable(
        "MEMBER__LOGIN",
        "0012",
        "member.login",
        "cannot be set from the environment; use [[member]] in the settings file",
    );
    variable("LOG", "info", "log", "is a table, not a value; known here: format, level");
}

#[test]
fn a_wrong_type_is_named() {
    file(
        "starface.login = 1",
        "starface.login",
        "is a whole number, not a text in quotes; allowed: 1 to 100 characters on one line",
    );
    file(
        "rules.max_entry_days = \"31\"",
        "rules.max_entry_days",
        "is a text, not a whole number; allowed: a whole number from 1 to 366",
    );
    file(
        "rules.max_entry_days = 1.5",
        "rules.max_entry_days",
        "is a decimal number, not a whole number; allowed: a whole number from 1 to 366",
    );
    file("alarm.connector = \"true\"", "alarm.connector", "is a text, not true or false; allowed: true, false");
    file(
        "rules.ignore = \"free\"",
        "rules.ignore",
        "is a text, not a list; allowed: free, tentative, busy, out_of_office, working_elsewhere, as a list in square brackets",
    );
    file(
        "web.hosts = [1]",
        "web.hosts",
        "holds a whole number, not only texts in quotes; allowed: host names such as \"pbx.example.com\"",
    );
    file(
        "log.level = [\"info\"]",
        "log.level",
        "is a list, not a text in quotes; allowed: error, warn, info, debug, trace",
    );
    variable("ALARM__CONNECTOR", "yes", "alarm.connector", "\"yes\" is neither true nor false; allowed: true, false");
    variable(
        "RULES__GROUP",
        "sales",
        "rules.group",
        "\"sales\" is not a whole number; allowed: the account id of the STARFACE group, 1 or more",
    );
}

#[test]
fn what_is_not_in_this_version_is_refused_with_what_to_set() {
    file(
        "starface.mode = \"uci\"",
        "starface.mode",
        "\"uci\" is not available in this version; set starface.mode = \"module\"",
    );
}

#[test]
fn a_wrong_value_is_shown_with_at_most_sixty_characters_on_one_line() {
    file(
        &format!("log.level = \"{}\"", "ä".repeat(500)),
        "log.level",
        &format!("\"{}…\" is not one of the words; allowed: error, warn, info, debug, trace", "ä".repeat(60)),
    );
    file(
        "log.level = \"a\\nb\"",
        "log.level",
        "\"a\\nb\" is not one of the words; allowed: error, warn, info, debug, trace",
    );
}
