//! What `check` says of the app's rights in the tenant: enough of them, none too many, and each said in one line.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use starface_calendar::rules::AccountId;
use starface_calendar::sim::Times;
use starface_calendar::sim::pbx::Person;
use starface_calendar::sim::tenant::{Access, Bodies, Fault, Whom};

use super::site::{ANNA, BEAT, Site, address};

/// A mailbox that is nobody's here.
const OUTSIDE: &str = "chef@firma.example";

/// No tag may count, and no category is looked after.
const LITTLE: &str = "[rules.tags]\nallow = []\n[rules.categories]\ncreate = false";

/// Runs `check` with these settings of its environment; returns its lines, each as a person sees it. Nothing is written
/// anywhere: not to the PBX, and in the tenant nothing that would change anything goes well.
async fn check(site: &Site, settings: &[(&str, &str)]) -> (Option<i32>, Vec<String>) {
    let output = site.command_with(&["check", "--json"], settings).output().await.unwrap();
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let word = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let sentence = |line: &Value| {
        let helps = line["helps"].as_str().map(|helps| format!(" | {helps}")).unwrap_or_default();
        format!("{} {}: {}{helps}", word(line, "health"), word(line, "subject"), word(line, "text"))
    };
    assert_eq!(output.stderr, b"", "nothing goes wrong unsaid");
    assert!(site.pbx.writes().is_empty(), "{:?}", site.pbx.writes());
    let written: Vec<_> = site.tenant.asked().into_iter().filter(|one| one.address.is_some()).collect();
    assert!(written.iter().all(|one| one.method == "GET" || one.status >= 400), "{written:?}");
    (output.status.code(), json.as_array().unwrap().iter().map(sentence).collect())
}

/// Runs `check`; returns the lines about this subject.
async fn about(site: &Site, subject: &str) -> Vec<String> {
    let (_, lines) = check(site, &[("GRAPH__EXPECT_SCOPED", OUTSIDE)]).await;
    let is_about = |line: &String| line.split(' ').nth(1) == Some(&format!("{subject}:"));
    lines.into_iter().filter(is_about).collect()
}

fn join(site: &Site, account: u32) {
    let email = address(AccountId(account));
    site.pbx.add_member(Person {
        account: AccountId(account),
        login: account.to_string(),
        first_name: "Carla".to_owned(),
        family_name: "Kurz".to_owned(),
        email: email.to_string(),
    });
}

#[tokio::test]
async fn a_mailbox_that_cannot_be_read_is_named_with_its_member_and_the_reason() {
    let site = Site::new().await;
    site.tenant.restrict(&address(BEAT), Access::Denied);
    let lines = about(&site, "mailbox").await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line = "failed mailbox: failed to read the calendar of Beat Muster (1011), m1011@firma.example: read the \
                calendar: Microsoft Graph answered 403 ErrorAccessDenied";
    assert!(lines[0].starts_with(line), "{lines:?}");
    let helps = " | check that the mailbox exists and that the app may read its calendar (Calendars.Read)";
    assert!(lines[0].ends_with(helps), "{lines:?}");
    assert_eq!(about(&site, "mailboxes").await, ["ok mailboxes: 1 of 2 can be read"]);
}

#[tokio::test]
async fn of_many_mailboxes_that_cannot_be_read_ten_are_named_and_the_rest_is_counted() {
    let site = Site::new().await;
    (2000..2020).for_each(|account| join(&site, account));
    let lines = about(&site, "mailbox").await;
    assert_eq!(lines.len(), 11, "{lines:?}");
    assert!(lines[10].starts_with("failed mailbox: failed to read 10 more calendars | "), "{lines:?}");
    assert_eq!(about(&site, "mailboxes").await, ["ok mailboxes: 2 of 22 can be read"]);
}

#[tokio::test]
async fn texts_are_proved_to_be_readable_where_tags_need_them() {
    let site = Site::new().await;
    let unproved =
        "ok texts: asked for; that they can be read is not proved, as nobody has an appointment in the next day";
    assert_eq!(about(&site, "texts").await, [unproved]);
    site.begin(ANNA, "Kunde ABC");
    assert_eq!(about(&site, "texts").await, ["ok texts: of 1 appointments in the next day can be read"]);
    site.tenant.give_bodies(Bodies::Withheld);
    let lines = about(&site, "texts").await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("warning texts: no appointment's text can be read, so the tags"), "{lines:?}");
    assert!(lines[0].contains(" | give the app Calendars.Read, "), "{lines:?}");
}

#[tokio::test]
async fn without_tags_no_text_is_asked_for_and_that_is_said() {
    let site = Site::new().await;
    site.write_settings(LITTLE);
    site.begin(ANNA, "Kunde ABC");
    let lines = about(&site, "texts").await;
    let line = "ok texts: not asked for, as no tag in them may count (rules.tags.allow, rules.categories and the redirect \
                switches)";
    assert_eq!(lines, [line]);
    let selects = site.tenant.asked().into_iter().filter_map(|one| one.select);
    assert!(selects.into_iter().all(|select| select.split(',').all(|name| name != "body")));
}

#[tokio::test]
async fn a_permission_that_nothing_needs_is_a_warning_that_names_it_and_how_it_is_taken_away() {
    let site = Site::new().await;
    site.tenant.name_roles(&["Calendars.ReadWrite", "MailboxSettings.ReadWrite", "Mail.Read", "User.ReadBasic.All"]);
    let how = |role: &str| {
        format!(
            " | in the Microsoft Entra admin center under App registrations, this app, API permissions: revoke the admin \
             consent of {role} and remove it; a new token without it comes within 90 minutes"
        )
    };
    let line = |role: &str, instead: &str| {
        format!("warning permissions: the app has {role} for the whole tenant; {instead}{}", how(role))
    };
    let expected = [
        line("Calendars.ReadWrite", "Calendars.Read is enough, as no calendar is ever changed"),
        line("Mail.Read", "nothing here needs it"),
    ];
    assert_eq!(about(&site, "permissions").await, expected);

    site.write_settings(LITTLE);
    let expected = [
        line("Calendars.ReadWrite", "Calendars.ReadBasic.All is enough, as no calendar is ever changed"),
        line("Mail.Read", "nothing here needs it"),
        line("MailboxSettings.ReadWrite", "nothing is changed in Outlook, by rules.categories.create and enabled"),
    ];
    assert_eq!(about(&site, "permissions").await, expected);
}

#[tokio::test]
async fn permissions_that_are_all_needed_are_named_and_no_warning() {
    let site = Site::new().await;
    site.tenant.name_roles(&["Calendars.Read", "MailboxSettings.ReadWrite"]);
    let line = "ok permissions: none that is not needed: Calendars.Read, MailboxSettings.ReadWrite";
    assert_eq!(about(&site, "permissions").await, [line]);
}

#[tokio::test]
async fn of_a_token_that_names_no_permission_or_cannot_be_read_nothing_is_said() {
    let site = Site::new().await;
    assert_eq!(about(&site, "permissions").await, [""; 0], "it is opaque");
    site.tenant.name_roles(&[]);
    assert_eq!(about(&site, "permissions").await, [""; 0], "Exchange grants what there is");
}

#[tokio::test]
async fn what_a_token_names_is_never_the_proof_of_anything() {
    let site = Site::new().await;
    site.tenant.name_roles(&["Calendars.Read"]);
    site.tenant.restrict(&address(BEAT), Access::Denied);
    assert_eq!(about(&site, "mailboxes").await, ["ok mailboxes: 1 of 2 can be read"]);
    site.tenant.name_roles(&["User.ReadBasic.All"]);
    assert_eq!(about(&site, "mailboxes").await, ["ok mailboxes: 1 of 2 can be read"]);
}

#[tokio::test]
async fn no_token_is_ever_shown() {
    let site = Site::new().await;
    site.tenant.name_roles(&["Calendars.Read", "Mail.Read"]);
    let output = site.command_with(&["check"], &[("LOG__LEVEL", "trace")]).output().await.unwrap();
    let shown = [output.stdout, output.stderr].concat();
    // What every token of this form begins with.
    assert!(!String::from_utf8(shown).unwrap().contains("eyJ"));
}

#[tokio::test]
async fn a_mailbox_outside_that_is_refused_shows_that_the_app_is_limited() {
    let site = Site::new().await;
    site.tenant.add_mailbox(&OUTSIDE.parse().unwrap());
    site.tenant.restrict(&OUTSIDE.parse().unwrap(), Access::Denied);
    assert_eq!(about(&site, "scope").await, ["ok scope: chef@firma.example outside is refused, as it should be"]);
}

#[tokio::test]
async fn a_mailbox_outside_that_can_be_read_is_a_warning_that_says_how_the_app_is_limited() {
    let site = Site::new().await;
    site.tenant.add_mailbox(&OUTSIDE.parse().unwrap());
    let app = site.tenant.credentials().client_id;
    let line = format!(
        "warning scope: the app can read every mailbox of the tenant, also chef@firma.example outside | limit the app with \
         RBAC for Applications, in Exchange Online PowerShell: New-ServicePrincipal -AppId {app} -ObjectId …; \
         New-ManagementScope -Name … -RecipientRestrictionFilter …; New-ManagementRoleAssignment -App {app} -Role \
         \"Application Calendars.Read\" -CustomResourceScope … (for categories also \"Application \
         MailboxSettings.ReadWrite\"); then revoke these permissions in Microsoft Entra, as the two add up; it counts \
         after up to 2 hours, and Test-ServicePrincipalAuthorization -Identity {app} -Resource chef@firma.example shows \
         it before"
    );
    let (code, lines) = check(&site, &[("GRAPH__EXPECT_SCOPED", OUTSIDE)]).await;
    assert_eq!((code, lines.last()), (Some(0), Some(&line)));
}

#[tokio::test]
async fn a_mailbox_outside_that_does_not_exist_proves_nothing() {
    let site = Site::new().await;
    let lines = about(&site, "scope").await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line = "warning scope: nothing is proved, as chef@firma.example does not exist: failed to find a user with this \
                address in the tenant: Microsoft Graph answered 404 ErrorInvalidUser";
    assert!(lines[0].starts_with(line), "{lines:?}");
    let helps = " | name in graph.expect_scoped a mailbox that exists and whose calendar the app must not read";
    assert!(lines[0].ends_with(helps), "{lines:?}");
}

#[tokio::test]
async fn a_refusal_proves_nothing_where_no_mailbox_at_all_can_be_read() {
    let site = Site::new().await;
    site.tenant.add_mailbox(&OUTSIDE.parse().unwrap());
    for one in [address(ANNA), address(BEAT), OUTSIDE.parse().unwrap()] {
        site.tenant.restrict(&one, Access::Denied);
    }
    let line = "warning scope: chef@firma.example is refused, which proves nothing, as no member's mailbox can be read \
                either | see the lines above";
    assert_eq!(about(&site, "scope").await, [line]);
}

#[tokio::test]
async fn a_mailbox_outside_that_cannot_be_asked_is_a_failure_of_its_own() {
    let site = Site::new().await;
    site.tenant.fail(Whom::Mailbox(OUTSIDE.parse().unwrap()), Fault::Gone, Times::Always);
    let (code, lines) = check(&site, &[("GRAPH__EXPECT_SCOPED", OUTSIDE)]).await;
    assert_eq!(code, Some(3), "{lines:?}");
    let failed: Vec<&String> = lines.iter().filter(|line| line.starts_with("failed")).collect();
    assert_eq!(failed.len(), 1, "{lines:?}");
    let line = "failed scope: failed to try whether chef@firma.example is out of reach: reach Microsoft Graph";
    assert!(failed[0].starts_with(line), "{lines:?}");
}

#[tokio::test]
async fn a_members_own_mailbox_cannot_be_the_one_outside() {
    let site = Site::new().await;
    let (code, lines) = check(&site, &[("GRAPH__EXPECT_SCOPED", "m1010@firma.example")]).await;
    let line = "warning scope: m1010@firma.example in graph.expect_scoped is a member's, whose calendar is to be read | \
                name in graph.expect_scoped a mailbox that exists and whose calendar the app must not read";
    assert_eq!((code, lines.last().map(String::as_str)), (Some(0), Some(line)));
}

#[tokio::test]
async fn where_no_mailbox_outside_is_named_nothing_is_said_of_it() {
    let site = Site::new().await;
    let (_, lines) = check(&site, &[]).await;
    assert!(lines.iter().all(|line| !line.contains(" scope: ")), "{lines:?}");
}

#[tokio::test]
async fn a_state_folder_or_settings_file_that_others_can_read_is_a_warning_in_check_and_in_the_log() {
    let site = Site::new().await;
    let mode = |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    let state = site.folder.path().join("state");
    fs::create_dir(&state).unwrap();
    mode(&state, 0o755);
    mode(&site.settings_file(), 0o644);
    let (code, lines) = check(&site, &[]).await;
    assert_eq!(code, Some(0));
    let of_a_file = |line: &&String| line.contains("every user of this machine");
    let warnings: Vec<&String> = lines.iter().filter(of_a_file).collect();
    assert_eq!(warnings.len(), 2, "{lines:?}");
    let file = "warning settings file: holds a secret and can be read by every user of this machine";
    let folder = "warning store.path: lies in a folder that can be read by every user of this machine";
    let chmod = format!("run chmod o-rwx {}", state.display());
    assert!(warnings[0].starts_with(file) && warnings[1].starts_with(folder), "{warnings:?}");
    assert!(warnings[1].ends_with(&chmod), "{warnings:?}");

    site.begin(ANNA, "Sitzung");
    let service = site.start();
    site.shows(ANNA, "AWAY", "Sitzung").await;
    let (_, log) = service.terminate().await;
    let is_about = |line: &&str, words: &str| line.contains("A setting deserves a look") && line.contains(words);
    let said = |words: &str| log.lines().filter(|line| is_about(line, words)).count();
    let (file, folder) = ("holds a secret and can be read by every user", "lies in a folder that can be read");
    assert_eq!((said(file), said(folder)), (1, 1), "{log}");
}
