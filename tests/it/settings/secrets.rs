//! Secrets: every way to give one, and that none is ever shown.

use starface_calendar::credential::Credential;
use starface_calendar::secret::Secret;
use starface_calendar::settings::Auth;

use super::site::Site;

const KEYS: [&str; 3] = ["graph.client_secret", "starface.password", "starface.module_key"];

#[track_caller]
fn graph_secret(site: &Site) -> String {
    let Credential::Secret { secret, .. } = site.settings().graph.credential else { panic!("no secret") };
    secret.expose().to_owned()
}

#[test]
fn a_secret_stands_in_place_or_in_a_file_or_is_a_credential() {
    let without = || Site::without(&["graph.client_secret"]);
    let variable = "STARFACE_CALENDAR__GRAPH__CLIENT_SECRET";
    let file_variable = "STARFACE_CALENDAR__GRAPH__CLIENT_SECRET_FILE";
    assert_eq!(graph_secret(&Site::with("")), "graph-word");
    assert_eq!(graph_secret(&without().variable(variable, "from-variable")), "from-variable");
    let file = without().variable(file_variable, "secret").file("secret", "from-file\n");
    assert_eq!(graph_secret(&file), "from-file");
    let credential = without().credential("graph.client_secret", "from-credential");
    assert_eq!(graph_secret(&credential), "from-credential");
}

#[test]
fn every_secret_can_be_a_credential() {
    let site = Site::without(&KEYS)
        .credential("graph.client_secret", "one")
        .credential("starface.password", "two")
        .credential("starface.module_key", "three")
        .credential("starface.client_secret", "four")
        .credential("web.token", "five")
        .credential("alarm.smtp_url", "smtps://user:six@mail.example.com");
    let settings = site.settings();
    assert_eq!(settings.graph.credential, Credential::secret(Secret::new("one")));
    assert_eq!(settings.starface.password.unwrap().expose(), "two");
    assert_eq!(settings.starface.module_key.expose(), "three");
    assert_eq!(settings.starface.auth, Auth::OAuth { client_secret: Secret::new("four") });
    assert_eq!(settings.web.token.unwrap().expose(), "five");
    assert_eq!(settings.alarm.smtp_url.expose(), "smtps://user:six@mail.example.com");
}

#[test]
fn one_newline_at_the_end_of_a_secret_file_is_not_part_of_it() {
    let case = |content: &str, expected: &str| {
        let site = Site::without(&["graph.client_secret"]).credential("graph.client_secret", content);
        assert_eq!(graph_secret(&site), expected);
    };
    case("word", "word");
    case("word\n", "word");
    case("word\r\n", "word");
    case(" word ", " word ");
}

#[test]
fn a_secret_that_cannot_be_used_is_told_without_it() {
    let allowed = "allowed: a text on one line of at most 4096 bytes";
    let case = |content: &[u8], expected: &str| {
        let site = Site::without(&["graph.client_secret"]).credential("graph.client_secret", content);
        let expected = format!("graph.client_secret (systemd credential graph.client_secret): {expected}");
        assert_eq!(site.wrong(), expected);
    };
    case(b"", &format!("is empty; {allowed}"));
    case(b"\n", &format!("is empty; {allowed}"));
    case(b"geheim\n\n", &format!("holds a line break or another control character; {allowed}"));
    case(b"geheim\xff", &format!("is not UTF-8; {allowed}"));
}

#[test]
fn a_secret_file_that_cannot_be_read_is_told_without_its_name_as_that_may_be_the_secret() {
    let wrong = |file: &str, content: Option<&[u8]>| {
        let site = Site::with("starface.password = \"x\"").variable("STARFACE_CALENDAR__WEB__TOKEN_FILE", file);
        match content {
            Some(content) => site.file(file, content).wrong(),
            None => site.wrong(),
        }
    };
    let origin = "web.token_file (environment variable STARFACE_CALENDAR__WEB__TOKEN_FILE)";
    let allowed = "allowed: the path, absolute or from the settings file's folder, of a file of at most 4096 bytes \
                   that holds the secret alone";
    assert_eq!(
        wrong("geheim", None),
        format!("{origin}: names a file that cannot be read: No such file or directory (os error 2); {allowed}")
    );
    assert_eq!(
        wrong("token", Some(&[b'x'; 4097])),
        format!("{origin}: names a file that cannot be read: it is longer than 4096 bytes; {allowed}")
    );
    assert_eq!(wrong("", None), format!("{origin}: is not a path in quotes; {allowed}"));
}

#[test]
fn a_secret_given_twice_is_refused_whichever_is_right() {
    let ways = "set one of client_secret, client_secret_file and the systemd credential graph.client_secret";
    let site = Site::with("graph.client_secret = \"geheim\"")
        .variable("STARFACE_CALENDAR__GRAPH__CLIENT_SECRET_FILE", "secret")
        .file("secret", "geheim")
        .credential("graph.client_secret", "geheim");
    assert_eq!(
        site.wrong(),
        format!(
            "graph.client_secret (/site/config.toml line 1): is given more than once: /site/config.toml line 1, \
             environment variable STARFACE_CALENDAR__GRAPH__CLIENT_SECRET_FILE, \
             systemd credential graph.client_secret; {ways}"
        )
    );
    let credential = Site::without(&["graph.client_secret"])
        .variable("STARFACE_CALENDAR__GRAPH__CLIENT_SECRET_FILE", "secret")
        .file("secret", "geheim")
        .credential("graph.client_secret", "geheim");
    assert!(credential.wrong().contains("is given more than once"));
}

#[test]
fn a_password_is_not_needed_without_a_log_in() {
    let site = Site::without(&["starface.password"]).variable("STARFACE_CALENDAR__STARFACE__AUTH", "none");
    assert_eq!(site.settings().starface.password, None);
}

#[test]
fn a_secret_that_everybody_can_read_is_a_warning() {
    let site = Site::with("web.token_file = \"token\"").file("token", "word").readable("token", 0o644);
    assert_eq!(
        site.warnings(),
        ["web.token_file (/site/config.toml line 1): /site/token can be read by every user of this machine; \
          run chmod o-r /site/token"]
    );
    let site = Site::with("").readable("config.toml", 0o644);
    assert_eq!(
        site.warnings(),
        ["settings file (/site/config.toml): holds a secret and can be read by every user of this machine; \
          run chmod o-r /site/config.toml"]
    );
    assert_eq!(Site::with("").readable("config.toml", 0o640).warnings(), Vec::<String>::new());
}

#[test]
fn a_state_folder_that_everybody_can_look_into_or_write_to_is_a_warning() {
    fn case(mode: u32, can: Option<&str>) {
        let site =
            Site::with("store.path = \"credentials/state.db\"").credential("other", "").readable("credentials", mode);
        let warning = |can| {
            format!(
                "store.path (/site/config.toml line 1): lies in a folder that can {can} by every user of this machine; \
                 give it a folder of its own, or run chmod o-rwx /site/credentials"
            )
        };
        assert_eq!(site.warnings(), Vec::from_iter(can.map(warning)), "{mode:o}");
    }
    case(0o700, None);
    case(0o770, None);
    case(0o711, None);
    case(0o755, Some("be read"));
    case(0o773, Some("be written to"));
    case(0o777, Some("be read and written to"));
    let nowhere = Site::with("store.path = \"nowhere/state.db\"");
    assert_eq!(nowhere.warnings(), Vec::<String>::new(), "the service makes it for itself");
}

#[test]
fn a_file_without_secrets_may_be_read_by_everybody() {
    let site = Site::without(&KEYS)
        .readable("config.toml", 0o644)
        .credential("graph.client_secret", "one")
        .credential("starface.password", "two")
        .credential("starface.module_key", "three");
    assert_eq!(site.warnings(), Vec::<String>::new());
}

#[test]
fn the_id_of_a_client_secret_in_place_of_its_value_is_a_warning() {
    let site = Site::with("graph.client_secret = \"11111111-2222-3333-4444-555555555555\"");
    assert_eq!(
        site.warnings(),
        ["graph.client_secret (/site/config.toml line 1): looks like the id of a secret, as it is a GUID; \
          set the secret's value, which Entra shows once"]
    );
}

/// Every way to get a secret wrong, each with the same recognisable word.
#[test]
fn no_error_path_shows_a_secret() {
    let lines = [
        "graph.client_secret = [\"geheim\"]",
        "graph.client_secret = { geheim = 1 }",
        "graph.client_secret = { word = \"geheim\" }",
        "graph.client_secret = \"geheim\\ngeheim\"",
        "graph.client_secret = geheim",
        "graph.client_secret = \"geheim",
        "graph.client_secret = 'geheim''",
        "graph.client_secret = \"geheim\" x",
        "graph.client_secret = \"\\geheim\"",
        "graph.client_secrt = \"geheim\"",
        "graph.client_id = \"geheim\"",
        "graph.tenant_id = \"geheim\"",
        "graph.endpoint = \"https://geheim@graph.example.com\"",
        "graph.endpoint = \"geheim\"",
        "starface.passwort = \"geheim\"",
        "starface.url = \"https://0001:geheim@pbx\"",
        "starface.url = \"http://pbx/?token=geheim\"",
        "starface.login = \"geheim\\n\"",
        "starface.client_secret = \"geheim\\n\"",
        "starface.ca_file = \"geheim\"",
        "starface.pin_sha256 = \"geheim\"",
        "web.token = [\"geheim\"]",
        "web.token_file = \"geheim\"",
        "alarm.smtp_url = \"imap://user:geheim@mail\"",
        "alarm.smtp_url = \"geheim\"",
        "member = [{ login = \"1\", password = \"geheim\" }]",
        "member = [\"geheim\"]",
        "secret = \"geheim\"",
        "secret = { a = { b = \"geheim\" } }",
    ];
    for line in lines {
        let site = Site::with(line);
        let error = site.load().expect_err(line);
        assert!(!format!("{error}{error:?}").contains("geheim"), "{error}");
    }
}

#[test]
fn no_debug_output_shows_a_secret() {
    let site = Site::with(
        "graph.client_secret = \"geheim1\"\nstarface.password = \"geheim2\"\nstarface.module_key = \"geheim3\"\n\
         starface.auth = \"oauth\"\nstarface.client_secret = \"geheim4\"\nweb.token = \"geheim5\"\n\
         alarm.smtp_url = \"smtp://user:geheim6@mail\"\n\
         member = [{ login = \"1\", password = \"geheim7\", email = \"a@example.com\" }]",
    )
    .variable("STARFACE_CALENDAR__GRAPH__CLIENT_SECRET", "geheim8");
    let settings = site.settings();
    let shown = format!("{settings:?}{:?}{:?}", settings.findings(), site.sources());
    assert!(!shown.contains("geheim"), "{shown}");
}
