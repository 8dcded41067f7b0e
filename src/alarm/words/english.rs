//! English.

use super::{Said, Try, Words, said, tried};
use crate::alarm::Cause;

pub(super) static WORDS: Words = Words {
    what: "What",
    whom: "Whom it concerns",
    about: "What it is about",
    since: "Since",
    until: "Until",
    tried: "What is being tried",
    help: "What to do",
    details: "Details",
    everybody: "all members",
    login: "login",
    number: "called number {}",
    internal: "internal calls",
    external: "external calls",
    entry: "appointment",
    reminder: "Reminder",
    resolved: "Resolved",
    opening_first: "The calendar connector reports a problem.",
    opening_reminder: "This problem still exists.",
    opening_resolved: "This problem no longer exists.",
    closing: "Written automatically by the STARFACE calendar connector on {}. The command \"starface-calendar status\" \
              shows how things stand now.",
    more: "and {} more",
    on_page: "field \"{}\" on the module's page",
    secret_ends: "client secret of the app, until {}",
    certificate_ends: "certificate of the app, until {}",
    date: "%d %b %Y %H:%M",
    field,
    tries,
    of,
};

fn field(name: &str) -> &'static str {
    match name {
        "presence" => "chat indicator",
        "text" => "status text",
        "indicator" => "function-key indicator",
        "dnd" => "do not disturb (DND)",
        _ => "redirect",
    }
}

fn tries(cause: Cause) -> &'static str {
    match tried(cause) {
        Try::Pbx => {
            "STARFACE is asked again and again. What is set stays set; what becomes due in the meantime is made up for."
        }
        Try::Calendars => {
            "The calendars are asked for again and again. Until then the appointments last read stay in force."
        }
        Try::Journal => "Writing is tried again and again. Until then nothing new is set.",
        Try::Settings => "The last good settings stay in force; without any the service waits.",
        Try::Categories => "It is tried again once a day. Everything else works.",
        Try::Status => "It is tried again while the appointment lasts. Everything else of the appointment applies.",
        Try::Redirect => "Calls are not redirected for this appointment. Everything else of the appointment applies.",
        Try::Nothing => "As long as this is missing, nothing can be tried.",
    }
}

#[expect(clippy::too_many_lines, reason = "a table in which the compiler misses no cause")]
fn of(cause: Cause) -> Said {
    match cause {
        Cause::Pbx => said(
            "STARFACE cannot be reached or answers with errors.",
            "Check that STARFACE is running and can be reached from this machine (starface.url, network, firewall). \
             \"starface-calendar check\" examines every step by itself.",
        ),
        Cause::PbxCertificate => said(
            "The certificate of STARFACE is not trusted.",
            "Renew the certificate of STARFACE, or say with starface.ca_file or starface.pin_sha256 which one is to be \
             trusted. \"starface-calendar check\" shows the certificate in question.",
        ),
        Cause::PbxLogin => said(
            "STARFACE refuses the log-in.",
            "Check the user {login} in STARFACE, its password ({password}) and starface.auth.",
        ),
        Cause::Module => said(
            "The module is not found in STARFACE.",
            "Check in STARFACE under Modules that the module is installed and active and that the instance is named as in \
             starface.instance.",
        ),
        Cause::ModuleKey => said(
            "The module refuses the connector key.",
            "The key of the service ({module_key}) must be the same as \"Connector-Schlüssel\" on the module's page.",
        ),
        Cause::PbxOwned => said(
            "Another connector writes to the same STARFACE.",
            "Stop the other service: only one may run for a STARFACE.",
        ),
        Cause::Tenant => said(
            "Microsoft 365 cannot be reached or answers with errors.",
            "Check this machine's internet connection (HTTPS to login.microsoftonline.com and graph.microsoft.com, \
             firewall, DNS) and the service health in the Microsoft 365 admin center.",
        ),
        Cause::SecretExpired => said(
            "The app secret has expired.",
            "Create a new client secret in the Microsoft Entra admin center under App registrations > {app} > Certificates \
             & secrets, and enter its value as app secret ({app_secret}).",
        ),
        Cause::SecretWrong => said(
            "The app secret is wrong.",
            "Enter the value of the client secret as app secret ({app_secret}), not its ID. If the value is not known any \
             more, create a new one in the Microsoft Entra admin center under App registrations > {app} > Certificates & \
             secrets.",
        ),
        Cause::CertificateExpired => said(
            "The app's certificate is not valid now.",
            "Make a new certificate with its key, upload it in the Microsoft Entra admin center under App registrations > \
             {app} > Certificates & secrets, put both in place of the old files (graph.certificate_file, graph.key_file) and \
             restart the service. If it is only not valid yet, check this machine's clock.",
        ),
        Cause::CertificateUnknown => said(
            "The tenant does not know the app's certificate.",
            "Upload the certificate in graph.certificate_file in the Microsoft Entra admin center under App registrations > \
             {app} > Certificates & secrets; it counts after some minutes.",
        ),
        Cause::AssertionUnusable => said(
            "The federated assertion of the app cannot be used.",
            "Check what writes the file in graph.assertion_file, and compare issuer, subject and audience with the federated \
             credentials in the Microsoft Entra admin center under App registrations > {app} > Certificates & secrets.",
        ),
        Cause::CredentialEnds => said(
            "What the app logs in with at Microsoft 365 ends soon.",
            "Create a new client secret or certificate in the Microsoft Entra admin center under App registrations > {app} > \
             Certificates & secrets before that day. A secret goes into {app_secret} and its end into \
             graph.client_secret_expires_at; a certificate and its key go into the files of graph.certificate_file and \
             graph.key_file. Then restart the service. Without that no calendar can be read any more.",
        ),
        Cause::AppUnknown => said(
            "The tenant does not know the app.",
            "Compare the app ID ({app}) and the tenant ID with the app's overview in the Microsoft Entra admin center \
             under App registrations.",
        ),
        Cause::TenantUnknown => said(
            "The tenant does not exist.",
            "Compare the tenant ID (graph.tenant_id) with the directory ID in the Microsoft Entra admin center.",
        ),
        Cause::TenantRefused => said(
            "Microsoft 365 refuses the app.",
            "Check in the Microsoft Entra admin center under App registrations > {app} the API permissions and the \
             administrator's consent to them, and under Certificates & secrets the app secret ({app_secret}).",
        ),
        Cause::Journal => said(
            "The service cannot store its state.",
            "Check the free disk space and the permissions of the folder of the state file (store.path).",
        ),
        Cause::Settings => said(
            "A setting on the module's page cannot be used.",
            "Correct the field on the module's page and save; no restart is needed.",
        ),
        Cause::Categories => said(
            "Outlook categories cannot be looked after.",
            "Grant the app {app} the permission MailboxSettings.ReadWrite with an administrator's consent in the Microsoft \
             Entra admin center, or switch off \"Kategorien in Outlook anlegen\".",
        ),
        Cause::Mailbox => said(
            "A calendar cannot be read.",
            "Usually this passes by itself. If it stays, check the mailbox in the Exchange admin center.",
        ),
        Cause::MailboxForbidden => said(
            "The app may not read a calendar.",
            "Grant the app {app} the permission Calendars.Read (without @@ targets Calendars.ReadBasic.All is enough) with \
             an administrator's consent in the Microsoft Entra admin center. If Exchange limits the app to a group, the \
             mailbox must be in it.",
        ),
        Cause::MailboxMissing => said(
            "There is no mailbox for an e-mail address.",
            "Compare the user's e-mail address in STARFACE with the account in Microsoft 365, or take the user out of the \
             group.",
        ),
        Cause::AddressMissing => said(
            "A member has no e-mail address in STARFACE.",
            "Enter the user's address in STARFACE, or take the user out of the group.",
        ),
        Cause::StatusRefused => {
            said("STARFACE refuses a part of the status.", "Check the user in STARFACE and the module's log.")
        }
        Cause::StatusContested => said(
            "Another program sets the same status.",
            "Find the other program or module that sets this user's status and switch it off for the user; or leave the \
             field to it with the settings under drift (respect).",
        ),
        Cause::Conflict => said(
            "Another program sets the status of members.",
            "Switch off the original calendar module and every other presence synchronisation (such as Microsoft \
             Presence Sync in STARFACE) for these users: only one may set their status. \"starface-calendar run \
             --shadow\" works beside them without writing.",
        ),
        Cause::TargetMissing => said(
            "A redirect has no target.",
            "Give the user a redirect target or a voicemail box in STARFACE, or write the target into the appointment with \
             @@Intern: or @@Extern:.",
        ),
        Cause::TargetUnreadable => said(
            "The target of a redirect is not clearly a number.",
            "Write exactly one number behind @@Intern: or @@Extern: in the appointment, such as @@Extern:+41712345689.",
        ),
        Cause::TargetDenied => said(
            "The target of a redirect is not allowed.",
            "Choose another target. If this one is to be allowed, extend \"Erlaubte Ziele\" or shorten \"Verbotene Ziele\" \
             on the module's page. Emergency numbers and targets that lead back to the user are never allowed.",
        ),
        Cause::RedirectRefused => {
            said("STARFACE refuses a redirect.", "Check the user's rights and the redirect of this number in STARFACE.")
        }
        Cause::RedirectIneffective => said(
            "STARFACE accepts a redirect and changes nothing.",
            "For a group's number the user under \"Gruppenumleitungen\" on the module's page needs the right to change \
             redirects of groups.",
        ),
    }
}
