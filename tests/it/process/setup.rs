//! `setup` as somebody at a terminal uses it, with wrong answers on the way, and as a script does.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Output, Stdio};

use serde_json::json;
use starface_calendar::sim::tenant::Access;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::page;
use super::site::{ANNA, Site, address, program};
use crate::certificates::{Shown, TlsFront};
use crate::credential::openssl::Pair;

/// Answers on a terminal of its own, each when its question is there, and prints what was to be seen. What must not be seen
/// is typed when the terminal shows nothing any more; a question in capitals ends the dialogue with that key.
const SOMEBODY: &str = r#"
import json, sys, pexpect
steps = json.load(sys.stdin)
child = pexpect.spawn(sys.argv[1], sys.argv[2:], encoding="utf-8", timeout=100, dimensions=(50, 1000))
child.logfile_read = sys.stdout
for question, answer, how in steps:
    child.expect_exact(question)
    if how == "hidden":
        child.waitnoecho(timeout=100)
    if how == "control":
        child.sendcontrol(answer)
    else:
        child.sendline(answer)
child.expect(pexpect.EOF)
child.close()
sys.exit(child.exitstatus if child.exitstatus is not None else 128 + child.signalstatus)
"#;

/// A question, the answer, and how it is given.
type Step = (&'static str, String, &'static str);

fn shown(question: &'static str, answer: &str) -> Step {
    (question, answer.to_owned(), "shown")
}

fn hidden(question: &'static str, answer: &str) -> Step {
    (question, answer.to_owned(), "hidden")
}

const AGAIN: &str = "Try again? [Y/n]: ";

struct Seen {
    code: Option<i32>,
    text: String,
}

/// Lets somebody use `setup`.
async fn at_terminal(site: &Site, words: &[&str], steps: &[Step]) -> Seen {
    let mut command = Command::new("/usr/bin/python3");
    command.args(["-c", SOMEBODY, env!("CARGO_BIN_EXE_starface-calendar"), "setup", "--config"]);
    command.arg(site.settings_file()).args(words);
    command.env_clear().envs([("PATH", "/usr/bin:/bin"), ("NO_COLOR", "1"), ("PYTHONIOENCODING", "utf-8")]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(json!(steps).to_string().as_bytes()).await.unwrap();
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("Traceback"), "{said}\n{text}");
    Seen { code: output.status.code(), text }
}

/// A site without settings, and what `setup` is told of where its tenant is.
fn where_all_is(site: &Site) -> Vec<String> {
    drop(fs::remove_file(site.settings_file()));
    let store = site.folder.path().join("state/state.db");
    let (endpoint, login_endpoint) = (site.tenant.endpoint(), site.tenant.login_endpoint());
    let words = [
        "--endpoint",
        endpoint.as_str(),
        "--login-endpoint",
        login_endpoint.as_str(),
        "--time-zone",
        "Europe/Zurich",
        "--store-path",
        store.to_str().unwrap(),
    ];
    words.map(str::to_owned).to_vec()
}

fn words(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

async fn check(site: &Site) -> Output {
    site.output(&["check"]).await
}

#[track_caller]
fn is_private(file: &PathBuf) {
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

const PASSWORD: &str = "Password of that login (not shown): ";
const REST: &str = "Secret of the REST API, with OAuth on STARFACE 10 only (not shown) [none]: ";
const KEY: &str = "\"Connector-Schlüssel\" (not shown): ";
const URL: &str = "Address of the PBX: scheme, host and port [https://127.0.0.1]: ";
const INSTANCE: &str = "Name of the module instance in STARFACE [Kalender Connector]: ";
const LOGIN: &str = "STARFACE login that the service uses [0001]: ";
const SOURCE: &str = "Where the rules are decided: on the module's page in STARFACE (page) or here (file) [page]: ";
const GROUP: &str = "Account id of the STARFACE group whose members are followed: ";
const TENANT: &str = "Directory (tenant) id, or a domain of the tenant: ";
const APP: &str = "Application (client) id: ";
const PROOF: &str = "What does the app prove itself with (secret, certificate, assertion) [secret]: ";
const OUTSIDE: &str = "Mailbox outside of the group that the app must not be able to read [none]: ";
const MAIL: &str = "Who is told of problems by mail, separated by commas [none]: ";
const COMMANDS: &str = "Show the commands that give the app its least rights in Microsoft Entra and Exchange? [Y/n]: ";

/// Finds the PBX, the group and the people behind wrong answers.
fn to_the_group(site: &Site, url: &str) -> Vec<Step> {
    let setup = site.pbx.setup();
    vec![
        shown(URL, "ftp://pbx.example"),
        shown(URL, "http://127.0.0.1:1"),
        shown(AGAIN, ""),
        shown(URL, url),
        shown("is exactly this certificate to be trusted? [y/N]: ", "y"),
        shown(INSTANCE, "Kalender"),
        shown(LOGIN, ""),
        hidden(PASSWORD, ""),
        hidden(PASSWORD, "Wr0ngPassw0rd"),
        hidden(REST, ""),
        hidden(KEY, "Wr0ngK3y"),
        shown(AGAIN, "perhaps"),
        shown(AGAIN, "y"),
        shown(LOGIN, &setup.login),
        hidden(PASSWORD, setup.password.expose()),
        hidden(REST, ""),
        shown(AGAIN, ""),
        shown(INSTANCE, ""),
        shown(AGAIN, ""),
        hidden(KEY, setup.key.expose()),
        shown(SOURCE, "file"),
        shown("Language of status texts and mails: de, en, fr or it [de]: ", "xx"),
        shown("Language of status texts and mails: de, en, fr or it [de]: ", "en"),
        shown("Create the categories in the members' Outlook: true or false [true]: ", "false"),
        shown(GROUP, ""),
        shown(GROUP, "sales"),
        shown(GROUP, "9999"),
        shown(AGAIN, ""),
        shown(GROUP, &setup.group.to_string()),
        shown("Is this the group? [Y/n]: ", ""),
    ]
}

/// Finds the app behind wrong answers; its certificate is the first of the two.
fn to_the_end(site: &Site, pair: &Pair, other: &Pair) -> Vec<Step> {
    let app = site.tenant.credentials();
    let path = |path: PathBuf| path.to_str().unwrap().to_owned();
    let certificate = "PEM file with the app's certificate [graph.pem]: ";
    let key_of = "PEM file with the certificate's key [graph.key]: ";
    vec![
        shown("Is the app registered in Microsoft Entra already? [Y/n]: ", "n"),
        shown("Done? [Y/n]: ", ""),
        shown(TENANT, "andere.example"),
        shown(APP, "geheim"),
        shown(APP, &app.client_id),
        shown(PROOF, "password"),
        shown(PROOF, "certificate"),
        shown(certificate, &path(pair.certificate())),
        shown(key_of, &path(other.key())),
        shown(AGAIN, ""),
        shown(PROOF, "certificate"),
        shown(certificate, &path(pair.certificate())),
        shown(key_of, &path(pair.key())),
        shown(AGAIN, ""),
        shown(TENANT, &app.tenant_id),
        shown(OUTSIDE, ""),
        shown(MAIL, "nobody"),
        shown(MAIL, "admin@firma.example"),
        shown("Mail server [smtp://127.0.0.1:25]: ", ""),
        shown(COMMANDS, "n"),
    ]
}

/// What is said on the way.
const TOLD: [&str; 23] = [
    "no: has another scheme than https",
    "no: failed to reach the PBX",
    "no: the PBX's certificate is not trusted: no authority that is trusted has issued it",
    "note: its SHA-256 is ",
    "no: this is needed",
    "no: failed to log in to the PBX",
    "Please answer y or n.",
    "no: failed to prove the key to the module",
    "ok: logged in; Kalender Connector version",
    "no: \"xx\" is not one of the words",
    "no: \"sales\" is not a whole number",
    "no: failed to call the module: it refused with \"unknown group\"",
    "ok: 2001 has 2 members: Anna Muster (1010), Beat Muster (1011)",
    "New-ManagementRoleAssignment -App",
    "\"m1010@firma.example\", \"m1011@firma.example\" | ForEach-Object",
    "no: is not a GUID",
    "Please answer one of: secret, certificate, assertion.",
    "holds a key that does not belong to the certificate",
    "the tenant does not exist in this Microsoft cloud",
    "ok: Microsoft Entra gives a token for the app, by its certificate CN=starface-calendar (SHA-256 ",
    "ok: the calendar of m1010@firma.example can be read",
    "no: \"nobody\" is not an e-mail address",
    "ok       mailboxes",
];

#[tokio::test]
async fn wrong_answers_on_the_way_are_told_and_asked_again_and_the_file_passes_check() {
    let (site, pair, other) = (Site::new().await, Pair::new("rsa:2048"), Pair::new("rsa:2048"));
    let front = TlsFront::start(&Shown::self_signed(), site.pbx.url().as_str()).await;
    site.tenant.register_certificate(&pair.der());
    let setup = site.pbx.setup();
    let steps = [to_the_group(&site, &front.url), to_the_end(&site, &pair, &other)].concat();
    let seen = at_terminal(&site, &words(&where_all_is(&site)), &steps).await;
    assert_eq!(seen.code, Some(0), "{}", seen.text);
    for told in TOLD {
        assert!(seen.text.contains(told), "{told} is not in\n{}", seen.text);
    }
    for secret in ["Wr0ngPassw0rd", "Wr0ngK3y", setup.password.expose(), setup.key.expose()] {
        assert!(!seen.text.contains(secret), "{secret} was to be seen:\n{}", seen.text);
    }
    is_private(&site.settings_file());
    let text = fs::read_to_string(site.settings_file()).unwrap();
    for line in [
        "# Name of the module instance in STARFACE.",
        "pin_sha256 = \"",
        "to = [\"admin@firma.example\"]",
        "create = false",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let output = check(&site).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(site.pbx.writes().is_empty(), "nothing is written to the PBX");
}

#[tokio::test]
async fn what_the_modules_page_has_is_not_asked_for() {
    let site = page::site().await;
    let setup = site.pbx.setup();
    let url = site.pbx.url().to_string();
    let steps = [
        shown(INSTANCE, ""),
        shown(LOGIN, ""),
        hidden(PASSWORD, setup.password.expose()),
        hidden(REST, ""),
        hidden(KEY, setup.key.expose()),
        shown(SOURCE, ""),
        shown("Day on which the secret ends, such as 2027-05-31 [none]: ", "2099-12-31"),
        shown(OUTSIDE, ""),
        shown(MAIL, ""),
        shown(COMMANDS, "n"),
    ];
    let place = where_all_is(&site);
    let words = [&["--url", &url], words(&place).as_slice()].concat();
    let seen = at_terminal(&site, &words, &steps).await;
    assert_eq!(seen.code, Some(0), "{}", seen.text);
    assert!(seen.text.contains("ok: the client secret is on the module's page"), "{}", seen.text);
    let text = fs::read_to_string(site.settings_file()).unwrap();
    assert!(!text.contains("group =") && !text.contains("client_secret ="), "{text}");
    assert!(text.contains("client_secret_expires_at = \"2099-12-31\""), "{text}");
}

#[tokio::test]
async fn whoever_breaks_off_or_does_not_want_to_replace_changes_nothing() {
    let site = Site::new().await;
    let before = fs::read_to_string(site.settings_file()).unwrap();
    let replace = "is there already. Replace it? The old one is kept beside it [y/N]: ";
    let seen = at_terminal(&site, &[], &[shown(replace, "")]).await;
    assert_eq!(seen.code, Some(1), "{}", seen.text);
    assert!(seen.text.contains("it is there already; nothing was changed"), "{}", seen.text);
    let ended = [shown(replace, "y"), (URL, "d".to_owned(), "control")];
    let seen = at_terminal(&site, &[], &ended).await;
    assert_eq!(seen.code, Some(1), "{}", seen.text);
    assert!(seen.text.contains("nothing was written"), "{}", seen.text);
    assert_eq!(fs::read_to_string(site.settings_file()).unwrap(), before);
    let interrupted = [shown(replace, "y"), shown(URL, ""), (AGAIN, "c".to_owned(), "control")];
    let seen = at_terminal(&site, &[], &interrupted).await;
    assert_eq!(seen.code, Some(128 + 2), "ended by SIGINT: {}", seen.text);
    let left: Vec<_> = fs::read_dir(site.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["config.toml"]);
    assert_eq!(fs::read_to_string(site.settings_file()).unwrap(), before);
}

/// Runs `setup --non-interactive` with secrets in the environment.
async fn by_script(site: &Site, more: &[&str], secrets: &[(&str, &str)]) -> (Option<i32>, String) {
    let place = where_all_is(site);
    let (url, app) = (site.pbx.url().to_string(), site.tenant.credentials());
    let mut command = program(&["setup", "--non-interactive", "--config", site.settings_file().to_str().unwrap()]);
    command.args(&place).args(["--url", &url, "--source", "file", "--group", "2001"]);
    command.args(["--tenant-id", &app.tenant_id, "--client-id", &app.client_id]).args(more);
    command.envs(secrets.iter().map(|(key, value)| (format!("STARFACE_CALENDAR__{key}"), value)));
    let output = command.output().await.unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

#[tokio::test]
async fn a_script_gives_everything_by_options_and_environment() {
    let site = Site::new().await;
    let (setup, app) = (site.pbx.setup(), site.tenant.credentials());
    let secrets = [
        ("STARFACE__PASSWORD", setup.password.expose()),
        ("STARFACE__MODULE_KEY", setup.key.expose()),
        ("GRAPH__CLIENT_SECRET", app.client_secret.expose()),
    ];
    let (code, said) = by_script(&site, &["--client-secret-expires-at", "2099-12-31"], &secrets).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Application Calendars.Read"), "the commands are printed: {said}");
    for (_, secret) in secrets {
        assert!(!said.contains(secret), "{said}");
    }
    is_private(&site.settings_file());
    let output = check(&site).await;
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

#[tokio::test]
async fn a_script_that_leaves_something_out_or_gives_something_wrong_gets_no_file() {
    let site = Site::new().await;
    let (setup, app) = (site.pbx.setup(), site.tenant.credentials());
    let all = [
        ("STARFACE__PASSWORD", setup.password.expose()),
        ("STARFACE__MODULE_KEY", setup.key.expose()),
        ("GRAPH__CLIENT_SECRET", app.client_secret.expose()),
    ];
    let but = |key: &'static str, value: &'static str| {
        all.iter().filter(|(known, _)| *known != key).copied().chain([(key, value)]).collect::<Vec<_>>()
    };
    let case = async |more: &[&str], secrets: &[(&str, &str)], words: &str| {
        let (code, said) = by_script(&site, more, secrets).await;
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(words), "{words} is not in {said}");
        assert!(!site.settings_file().exists(), "{said}");
    };
    case(
        &[],
        &all[1..],
        "failed to do without starface.password: give it as an option or as STARFACE_CALENDAR__STARFACE__PASSWORD",
    )
    .await;
    case(&[], &but("STARFACE__PASSWORD", "wrong"), "failed to log in to the PBX: it was given up; nothing was written")
        .await;
    case(&[], &but("GRAPH__CLIENT_SECRET", "wrong"), "the client secret is wrong").await;
    case(&["--language", "xx"], &all, "failed to use rules.language: \"xx\" is not one of the words").await;
    site.tenant.restrict(&address(ANNA), Access::Denied);
    case(&[], &all, "failed to read the calendar of m1010@firma.example").await;
    site.tenant.restrict(&address(ANNA), Access::Open);
    let (code, said) = by_script(&site, &["--untried"], &but("GRAPH__CLIENT_SECRET", "wrong")).await;
    assert_eq!(code, Some(1), "what is written is examined: {said}");
    assert!(site.settings_file().exists());
}

#[tokio::test]
async fn without_a_terminal_setup_says_how_to_go_on_and_commands_are_printed_for_whoever_asks() {
    let site = Site::new().await;
    let output = site.output(&["setup"]).await;
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("use --non-interactive"), "{said}");
    let output = site.output(&["setup", "--commands", "--create-categories", "false"]).await;
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(said.contains("New-MgApplication") && !said.contains("MailboxSettings.ReadWrite"), "{said}");
}
