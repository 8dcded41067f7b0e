//! How the PBX is logged in to, and which certificates it may show.

use rcgen::{CertificateParams, KeyPair};
use starface_calendar::secret::Secret;
use starface_calendar::settings::{Auth, Trust};

use super::site::{Site, file, variable};

#[test]
fn every_kind_of_log_in_can_be_chosen() {
    #[track_caller]
    fn case(lines: &str, expected: &Auth, shown: &str) {
        let settings = Site::with(lines).settings();
        assert_eq!(&settings.starface.auth, expected, "{lines}");
        let findings = settings.findings();
        let starface = findings.iter().find(|finding| finding.subject == "starface").unwrap();
        assert!(starface.text.ends_with(&format!("log-in {shown}")), "{}", starface.text);
    }
    let oauth = Auth::OAuth { client_secret: Secret::new("word") };
    let secret = "starface.client_secret = \"word\"";
    case("", &Auth::Sha512, "sha512");
    case("starface.auth = \"auto\"", &Auth::Sha512, "sha512");
    case("starface.auth = \"md5\"", &Auth::Md5, "md5");
    case("starface.auth = \"none\"", &Auth::None, "none");
    case(secret, &oauth, "oauth");
    case(&format!("starface.auth = \"auto\"\n{secret}"), &oauth, "oauth");
    case(&format!("starface.auth = \"oauth\"\n{secret}"), &oauth, "oauth");
    case(&format!("starface.auth = \"sha512\"\n{secret}"), &Auth::Sha512, "sha512");
    case(&format!("starface.auth = \"none\"\n{secret}"), &Auth::None, "none");
}

#[test]
fn oauth_needs_the_secret_of_the_rest_api_and_a_password() {
    assert_eq!(
        Site::with("starface.auth = \"oauth\"").wrong(),
        "starface.client_secret (not given): is required; \
         set one of client_secret, client_secret_file and the systemd credential starface.client_secret"
    );
    let without_password =
        Site::without(&["starface.password"]).variable("STARFACE_CALENDAR__STARFACE__CLIENT_SECRET", "word");
    assert_eq!(
        without_password.wrong(),
        "starface.password (not given): is required; \
         set one of password, password_file and the systemd credential starface.password"
    );
}

fn certificate() -> rcgen::Certificate {
    let key = KeyPair::generate().unwrap();
    CertificateParams::new(["pbx.example.com".to_owned()]).unwrap().self_signed(&key).unwrap()
}

#[test]
fn nobody_is_trusted_but_whom_this_machine_trusts_unless_it_is_said() {
    assert_eq!(Site::with("").settings().starface.trust, Trust::System);
}

#[test]
fn every_certificate_of_a_file_is_read_and_a_key_in_it_passed_over() {
    let (one, two) = (certificate(), certificate());
    let key = KeyPair::generate().unwrap().serialize_pem();
    let site = Site::with("starface.ca_file = \"pbx.pem\"")
        .file("pbx.pem", format!("Subject: CN=pbx\n{}{key}{}", one.pem(), two.pem()));
    let expected = vec![one.der().clone(), two.der().clone()];
    assert_eq!(site.settings().starface.trust, Trust::CaFile(expected));
}

#[test]
fn a_file_without_a_usable_certificate_is_refused() {
    let wrong = |content: &[u8]| {
        let site = Site::with("starface.ca_file = \"pbx.pem\"").file("pbx.pem", content);
        site.wrong()
    };
    let expected = |wrong: &str| {
        format!(
            "starface.ca_file (/site/config.toml line 1): names a file {wrong}; \
             allowed: the path, absolute or from the settings file's folder, of a PEM file of at most 1 MiB with one \
             certificate or more"
        )
    };
    let key = KeyPair::generate().unwrap().serialize_pem();
    let broken = "-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----\n";
    let cut = "-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n";
    assert_eq!(wrong(b""), expected("without a certificate"));
    assert_eq!(wrong(key.as_bytes()), expected("without a certificate"));
    assert_eq!(wrong(certificate().der()), expected("without a certificate"));
    assert_eq!(wrong(cut.as_bytes()), expected("that is not PEM"));
    assert_eq!(wrong(broken.as_bytes()), expected("with something broken in place of a certificate"));
    assert_eq!(
        wrong(format!("{}{broken}", certificate().pem()).as_bytes()),
        expected("with something broken in place of a certificate")
    );
    assert_eq!(wrong(&[b'x'; 1024 * 1024 + 1]), expected("that cannot be read: it is longer than 1048576 bytes"));
    assert_eq!(
        Site::with("starface.ca_file = \"pbx.pem\"").wrong(),
        expected("that cannot be read: No such file or directory (os error 2)")
    );
}

#[test]
fn a_pin_is_a_sha256_in_hex() {
    let pin = |text: &str| Site::with(&format!("starface.pin_sha256 = \"{text}\"")).settings().starface.trust;
    let expected = Trust::PinSha256(std::array::from_fn(|_| 0xAB));
    assert_eq!(pin(&"ab".repeat(32)), expected);
    assert_eq!(pin(&["AB"; 32].join(":")), expected);
    let allowed = "is not a SHA-256 in hex; \
                   allowed: the SHA-256 of the certificate, 64 hex digits, also with a colon after every two";
    file("starface.pin_sha256 = \"00\"", "starface.pin_sha256", allowed);
    variable("STARFACE__PIN_SHA256", "", "starface.pin_sha256", allowed);
}

#[test]
fn an_authority_and_a_pin_are_not_given_together() {
    let both = format!("starface.pin_sha256 = \"{}\"\nstarface.ca_file = \"pbx.pem\"", "ab".repeat(32));
    let site = Site::with(&both).file("pbx.pem", certificate().pem());
    assert_eq!(
        site.wrong(),
        "starface.pin_sha256 (/site/config.toml line 1): is given beside starface.ca_file; set one of the two"
    );
}
