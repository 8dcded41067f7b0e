//! What the app logs in with: each way to give it, one at a time, and what is said of two and of files that do not fit.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use starface_calendar::credential::{Credential, Kind};

use super::site::Site;
use crate::credential::openssl::Pair;

const PAIR: &str = "graph.certificate_file = \"graph.pem\"\ngraph.key_file = \"graph.key\"\n";

/// A site without a secret, whose file begins with these lines, and in whose folder the pair lies.
fn site(lines: &str, pair: &Pair) -> Site {
    let rest = "starface.password = \"word\"\nstarface.module_key = \"word\"\ngraph.tenant_id = \"firma.example\"\n\
                graph.client_id = \"11111111-2222-3333-4444-555555555555\"\nrules.source = \"file\"\nrules.group = 1\n";
    let content = |path: std::path::PathBuf| std::fs::read(path).unwrap();
    Site::of(format!("{lines}{rest}"))
        .file("graph.pem", content(pair.certificate()))
        .file("graph.key", content(pair.key()))
}

#[test]
fn a_certificate_with_its_key_stands_in_place_of_the_secret() {
    let pair = Pair::new("rsa:2048");
    let site = site(PAIR, &pair);
    assert_eq!(site.settings().graph.credential, Credential::Certificate(pair.read()));
    assert_eq!(site.warnings(), [""; 0]);
    let open = site.readable("graph.key", 0o644);
    assert_eq!(
        open.warnings(),
        [
            "graph.key_file (/site/config.toml line 2): /site/graph.key can be read by every user of this machine; run chmod \
          o-r /site/graph.key"
        ]
    );
}

#[test]
fn a_file_with_an_assertion_needs_nothing_else_and_is_read_only_when_it_is_used() {
    let site = site("graph.assertion_file = \"run/assertion\"\n", &Pair::new("rsa:2048"));
    assert_eq!(site.settings().graph.credential, Credential::AssertionFile(site.path("run/assertion")));
}

#[test]
fn a_secret_may_say_when_it_ends() {
    let ends = |line: &str| {
        let credential = Site::with(line).settings().graph.credential;
        assert_eq!(credential.kind(), Kind::Secret);
        credential.end().map(|end| end.at)
    };
    let day: Option<DateTime<Utc>> = "2027-05-31T00:00:00Z".parse().ok();
    assert_eq!(ends("graph.client_secret_expires_at = \"2027-05-31\""), day);
    assert_eq!(ends("graph.client_secret_expires_at = 2027-05-31"), day, "TOML has days of its own");
    assert_eq!(ends("graph.client_id = \"11111111-2222-3333-4444-555555555555\""), None);
    super::site::file(
        "graph.client_secret_expires_at = \"31.5.2027\"",
        "graph.client_secret_expires_at",
        "\"31.5.2027\" is neither a day nor an instant; allowed: a day such as \"2027-05-31\", or an instant such as \
         \"2027-05-31T12:00:00Z\"",
    );
    let unused = "graph.client_secret_expires_at = \"2027-05-31\"\n";
    let pair = Pair::new("rsa:2048");
    assert_eq!(
        site(&format!("{unused}{PAIR}"), &pair).warnings(),
        [
            "graph.client_secret_expires_at (/site/config.toml line 1): is not used, as there is no client secret; remove it"
        ]
    );
}

#[test]
fn a_pair_that_does_not_fit_is_told_with_the_file_to_blame() {
    let (pair, other) = (Pair::new("rsa:2048"), Pair::new("rsa:2048"));
    let said = |name: &str, content: &[u8]| site(PAIR, &pair).file(name, content).wrong();
    let key = "allowed: the path, absolute or from the settings file's folder, of a PEM file of at most 64 KiB with the \
               certificate's RSA key of 2048 to 4096 bits, without a password (openssl pkey takes one off)";
    let mismatch = "graph.key_file (/site/config.toml line 2): holds a key that does not belong to the certificate; ";
    assert_eq!(said("graph.key", &std::fs::read(other.key()).unwrap()), format!("{mismatch}{key}"));
    let certificate = "allowed: the path, absolute or from the settings file's folder, of a PEM file of at most 64 KiB with \
                       the certificate that is uploaded in Microsoft Entra";
    let none = "graph.certificate_file (/site/config.toml line 1): holds no certificate in PEM form; ";
    assert_eq!(said("graph.pem", b"geheim"), format!("{none}{certificate}"));
    let missing = site(&PAIR.replace("graph.key\"", "nowhere\""), &pair).wrong();
    assert!(
        missing.starts_with("graph.key_file (/site/config.toml line 2): names a file that cannot be read: "),
        "{missing}"
    );
    let alone = site("graph.certificate_file = \"graph.pem\"\n", &pair).wrong();
    assert_eq!(alone, format!("graph.key_file (not given): is required beside graph.certificate_file; {key}"));
}

#[test]
fn two_ways_at_once_are_refused_and_none_names_all_three() {
    let pair = Pair::new("rsa:2048");
    let help = "set one of client_secret, certificate_file with key_file, and assertion_file";
    let secret = "graph.client_secret = \"word\"\n";
    assert_eq!(
        site(&format!("{secret}{PAIR}"), &pair).wrong(),
        format!("graph.certificate_file (/site/config.toml line 2): is given beside graph.client_secret; {help}")
    );
    assert_eq!(
        site(&format!("{PAIR}graph.assertion_file = \"a\"\n"), &pair).wrong(),
        format!("graph.assertion_file (/site/config.toml line 3): is given beside graph.certificate_file; {help}")
    );
    assert_eq!(
        site("", &pair).wrong(),
        "graph.client_secret (not given): is required; set one of client_secret, client_secret_file and the systemd \
         credential graph.client_secret; or certificate_file with key_file; or assertion_file"
    );
}

#[test]
fn a_secret_on_the_page_decides_over_a_certificate_and_says_so() {
    let pair = Pair::new("rsa:2048");
    let site = site(&PAIR.replace("graph.key\"\n", "graph.key\"\nrules.source = \"page\"\n"), &pair);
    // The least says "file" again further down.
    let site = {
        let text = std::fs::read_to_string(site.path("config.toml")).unwrap();
        let text = text.replace("rules.source = \"file\"\n", "");
        site.file("config.toml", text)
    };
    let local = site.local().unwrap();
    let with = |fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        local.settings_with(&fields, &BTreeMap::new()).unwrap()
    };
    assert_eq!(with(&[]).graph.credential, Credential::Certificate(pair.read()));
    let settings = with(&[("GUI_APP_SECRET", "from-page")]);
    assert_eq!(settings.graph.credential.kind(), Kind::Secret);
    let warnings: Vec<String> = settings.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings.iter().map(|warning| site.neutral(warning)).collect::<Vec<_>>(),
        [
            "graph.certificate_file (/site/config.toml line 1): is not used, as the field App-Secret of the module's page is \
          filled in; empty that field, or remove this key"
        ]
    );
}
