//! Any file and any environment: never a panic, never a secret.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use proptest::prelude::*;

use super::site::Site;

/// Stands for every secret.
const SECRET: &str = "Gehe1mGehe1m";

/// Keys that hold a secret, some of them only when misspelt, and some that no key may be taken for.
const KEYS: [&str; 13] = [
    "graph.client_secret_file",
    "graph.client_secret",
    "graph.client_secret_x",
    "graph.client_id",
    "graph.endpoint",
    "starface.password",
    "starface.module_key",
    "starface.url",
    "web.token",
    "alarm.smtp_url",
    "member",
    "\"a.b[9]\"",
    "secrets.of.mine",
];

/// Ways to write a secret as a value, right and wrong.
const VALUES: [&str; 10] = [
    "\"S\"",
    "S",
    "'S'",
    "'''S",
    "[\"S\"]",
    "[{ password = \"S\" }]",
    "{ S = 1 }",
    "\"https://user:S@host\"",
    "\"x\\uS\"",
    "1S",
];

#[track_caller]
fn holds_its_tongue(site: &Site) -> Result<(), TestCaseError> {
    let shown = match site.load() {
        Ok(settings) => format!("{settings:?}{:?}", settings.findings()),
        Err(error) => format!("{error}\n{error:?}"),
    };
    prop_assert!(!shown.contains(SECRET), "{shown}");
    Ok(())
}

fn line() -> impl Strategy<Value = String> {
    let known = (prop::sample::select(&KEYS[..]), prop::sample::select(&VALUES[..]));
    known.prop_map(|(key, value)| format!("{key} = {}", value.replace('S', SECRET)))
}

/// Any text that is likely to be TOML, or nearly.
fn nearly_toml() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        line(),
        "\\[\\[?[a-z.\"]{0,12}\\]?\\]?",
        "[a-z_.]{1,12} = [0-9a-z\"\\[\\]{},.:-]{0,12}",
        "\\PC{0,20}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|lines| lines.join("\n"))
}

fn name() -> impl Strategy<Value = OsString> {
    let of_key = prop::sample::select(&KEYS[..])
        .prop_map(|key| format!("STARFACE_CALENDAR__{}", key.replace('.', "__").to_uppercase()).into());
    prop_oneof![
        of_key,
        "STARFACE_CALENDAR__[A-Za-z_\\[\\].0-9]{0,20}".prop_map(OsString::from),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(OsString::from_vec),
    ]
}

fn value() -> impl Strategy<Value = OsString> {
    prop_oneof![
        Just(OsString::from(SECRET)),
        Just(OsString::from(format!("https://user:{SECRET}@host/?{SECRET}"))),
        prop::collection::vec(any::<u8>(), 0..20).prop_map(OsString::from_vec),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_of_a_file_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        holds_its_tongue(&Site::of(bytes))?;
    }

    #[test]
    fn no_text_of_a_file_makes_it_panic_or_show_a_secret(text in nearly_toml()) {
        holds_its_tongue(&Site::of(text))?;
    }

    #[test]
    fn no_wrong_line_makes_a_right_file_show_a_secret(line in line()) {
        holds_its_tongue(&Site::with(&line))?;
    }

    #[test]
    fn no_environment_makes_it_panic_or_show_a_secret(
        variables in prop::collection::vec((name(), value()), 0..6)
    ) {
        let mut site = Site::with("");
        for (name, value) in variables {
            site = site.raw_variable(name, value);
        }
        holds_its_tongue(&site)?;
    }

    #[test]
    fn no_content_of_a_secret_file_is_shown(bytes in prop::collection::vec(any::<u8>(), 0..20)) {
        let mut content = SECRET.as_bytes().to_vec();
        content.extend(bytes);
        let site = Site::without(&["graph.client_secret"]).credential("graph.client_secret", content);
        holds_its_tongue(&site)?;
    }
}
