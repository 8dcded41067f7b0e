//! Files that cannot be used, what is missing, and many problems at once.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use super::site::Site;

#[track_caller]
fn case(file: impl AsRef<[u8]>, expected: &str) {
    assert_eq!(Site::of(file).wrong(), expected);
}

#[test]
fn a_file_that_cannot_be_read_is_told_with_its_path() {
    let help = "name another with --config or STARFACE_CALENDAR_CONFIG, or make this one readable";
    assert_eq!(
        Site::with("").named("other.toml").wrong(),
        format!("settings file (/site/other.toml): cannot be read: No such file or directory (os error 2); {help}")
    );
    assert_eq!(
        Site::with("").named("").wrong(),
        format!("settings file (/site/): cannot be read: Is a directory (os error 21); {help}")
    );
    case(
        vec![b'#'; 256 * 1024 + 1],
        &format!("settings file (/site/config.toml): cannot be read: it is longer than 262144 bytes; {help}"),
    );
}

#[test]
fn a_file_that_is_not_toml_is_told_with_line_and_column_and_without_its_words() {
    let help = "texts stand in quotes, one key = value a line";
    case(
        "[graph]\nclient_secret = geheim\n",
        &format!(
            "settings file (/site/config.toml line 2): is not TOML at column 17: string values must be quoted, expected literal string; {help}"
        ),
    );
    case(
        "[graph]\nclient_secret = \"geheim\n",
        &format!(
            "settings file (/site/config.toml line 2): is not TOML at column 24: invalid basic string, expected `\"`; {help}"
        ),
    );
    case(
        "[graph]\n[graph]\n",
        &format!("settings file (/site/config.toml line 2): is not TOML at column 2: duplicate key; {help}"),
    );
    case(
        "ä = 1\n",
        &format!(
            "settings file (/site/config.toml line 1): is not TOML at column 1: invalid unquoted key, expected letters, numbers, `-`, `_`; {help}"
        ),
    );
    case(
        b"[log]\nlevel = \"\xff\"\n",
        "settings file (/site/config.toml line 2): is not UTF-8 at column 10; save it as UTF-8",
    );
}

#[test]
fn everything_that_must_be_given_is_asked_for_at_once() {
    let of_starface = "starface.module_key (not given): is required; \
         set one of module_key, module_key_file and the systemd credential starface.module_key\n\
         starface.password (not given): is required; \
         set one of password, password_file and the systemd credential starface.password";
    case("", of_starface);
    let everything = "graph.client_id (not given): is required; allowed: the application (client) id, a GUID\n\
         graph.client_secret (not given): is required; \
         set one of client_secret, client_secret_file and the systemd credential graph.client_secret; or certificate_file with key_file; or assertion_file\n\
         graph.tenant_id (not given): is required; \
         allowed: the directory (tenant) id, a GUID, or a domain such as example.onmicrosoft.com\n\
         rules.group (not given): is required; allowed: the account id of the STARFACE group, 1 or more\n";
    case("rules.source = \"file\"", &format!("{everything}{of_starface}"));
}

#[test]
fn problems_of_file_and_environment_are_told_at_once_in_a_stable_order() {
    let site = Site::with("graph.check_interval = \"1\"\ngraph.colour = 1\nrules.ignore = [\"a\", \"b\"]")
        .variable("STARFACE_CALENDAR__GRAPH__COLOUR", "1")
        .variable("STARFACE_CALENDAR__ALARM__TO", "nobody");
    let expected = "alarm.to (environment variable STARFACE_CALENDAR__ALARM__TO): \"nobody\" is not an e-mail address; \
         allowed: an e-mail address such as \"name@example.com\"\n\
         graph.check_interval (/site/config.toml line 1): \"1\" is not a duration; \
         allowed: a duration from 1s to 1h, such as \"90s\", \"10m\", \"24h\" or \"90d\"\n\
         graph.colour (/site/config.toml line 2): unknown key; known here: assertion_file, certificate_file, \
         check_interval, client_id, client_secret, client_secret_expires_at, client_secret_file, endpoint, expect_scoped, key_file, login_endpoint, pace, quiet_interval, \
         read_before_boundaries, stretch, tenant_id, working_hours\n\
         graph.colour (environment variable STARFACE_CALENDAR__GRAPH__COLOUR): unknown key; known here: \
         assertion_file, certificate_file, check_interval, client_id, client_secret, client_secret_expires_at, \
         client_secret_file, endpoint, expect_scoped, key_file, login_endpoint, pace, quiet_interval, \
         read_before_boundaries, stretch, tenant_id, working_hours\n\
         rules.ignore (/site/config.toml line 3): \"a\" is not one of the words; \
         allowed: free, tentative, busy, out_of_office, working_elsewhere\n\
         rules.ignore (/site/config.toml line 3): \"b\" is not one of the words; \
         allowed: free, tentative, busy, out_of_office, working_elsewhere";
    for _ in 0..5 {
        assert_eq!(site.wrong(), expected);
    }
}

#[test]
fn a_file_that_cannot_be_used_hides_no_problem_of_the_environment() {
    let site = Site::of("[").variable("STARFACE_CALENDAR__LOG__LEVEL", "loud");
    let wrong = site.wrong();
    let lines: Vec<&str> = wrong.lines().collect();
    assert_eq!(lines.len(), 2, "{wrong}");
    assert!(lines[0].starts_with("log.level (environment variable STARFACE_CALENDAR__LOG__LEVEL)"));
    assert!(lines[1].starts_with("settings file (/site/config.toml line 1): is not TOML"));
}

#[test]
fn a_wrong_value_that_the_environment_replaces_is_no_problem() {
    let site = Site::with("log.level = \"loud\"").variable("STARFACE_CALENDAR__LOG__LEVEL", "warn");
    assert!(site.load().is_ok());
}

#[test]
fn a_variable_that_is_not_utf8_is_refused() {
    let site = Site::with("").variable("STARFACE_CALENDAR__LOG__LEVEL", OsString::from_vec(vec![0xff]));
    assert_eq!(
        site.wrong(),
        "log.level (environment variable STARFACE_CALENDAR__LOG__LEVEL): is not UTF-8; allowed: UTF-8 text"
    );
}

#[test]
fn a_file_of_nothing_but_unknown_keys_is_told_in_a_hundred_lines() {
    let lines: String = (0..5000).map(|number| format!("k{number} = 1\n")).collect();
    let wrong = Site::with(&lines).wrong();
    assert_eq!(wrong.lines().count(), 101);
    assert!(wrong.ends_with("\nand 4900 more"), "{wrong}");
}

#[test]
fn a_key_of_many_levels_is_refused_like_any_other() {
    let deep = format!("{}x = 1", "a.".repeat(30_000));
    assert!(Site::of(deep).wrong().contains("is not TOML"));
    let nested = format!("log.level = {}", "[".repeat(30_000));
    assert!(Site::of(nested).wrong().contains("is not TOML"));
    let name = format!("STARFACE_CALENDAR__A{}", "__A".repeat(10_000));
    assert!(Site::with("").variable(&name, "1").wrong().contains("unknown key"));
}

#[test]
fn each_member_of_the_list_is_checked() {
    let site = Site::of(format!(
        "{}\n[[member]]\nlogin = \"0012\"\npassword = \"word\"\nemail = \"a@example.com\"\n\
         [[member]]\nlogin = 12\nemial = \"b@example.com\"\n",
        "rules.source = \"file\"\nrules.group = 1\nstarface.password = \"word\"\nstarface.module_key = \"word\"\n\
         graph.tenant_id = \"example.com\"\ngraph.client_id = \"11111111-2222-3333-4444-555555555555\"\n\
         graph.client_secret = \"word\""
    ));
    assert_eq!(
        site.wrong(),
        "member[1].email (not given): is required; allowed: an e-mail address such as \"name@example.com\"\n\
         member[1].emial (/site/config.toml line 14): unknown key; did you mean member.email?\n\
         member[1].login (/site/config.toml line 13): is a whole number, not a text in quotes; \
         allowed: 1 to 100 characters on one line\n\
         member[1].password (not given): is required; set password or password_file"
    );
}
