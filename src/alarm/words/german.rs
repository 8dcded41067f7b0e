//! German, as it is written in Switzerland and read everywhere.

use super::{Said, Try, Words, said, tried};
use crate::alarm::Cause;

pub(super) static WORDS: Words = Words {
    what: "Was",
    whom: "Wen es betrifft",
    about: "Worum es geht",
    since: "Seit",
    until: "Bis",
    tried: "Was versucht wird",
    help: "Was zu tun ist",
    details: "Einzelheiten (englisch)",
    everybody: "alle Mitglieder",
    login: "Login",
    number: "gerufene Nummer {}",
    internal: "interne Anrufe",
    external: "externe Anrufe",
    entry: "Termin",
    reminder: "Erinnerung",
    resolved: "Behoben",
    opening_first: "Der Kalender-Connector meldet ein Problem.",
    opening_reminder: "Dieses Problem besteht weiterhin.",
    opening_resolved: "Dieses Problem besteht nicht mehr.",
    closing: "Automatisch erstellt vom STARFACE-Kalender-Connector am {}. Der Befehl „starface-calendar status“ zeigt \
              den aktuellen Stand.",
    more: "und {} weitere",
    on_page: "Feld „{}“ auf der Seite des Moduls",
    secret_ends: "geheimer Clientschlüssel der App, gültig bis {}",
    certificate_ends: "Zertifikat der App, gültig bis {}",
    date: "%d.%m.%Y %H:%M",
    field,
    tries,
    of,
};

fn field(name: &str) -> &'static str {
    match name {
        "presence" => "Chatindikator",
        "text" => "Statustext",
        "indicator" => "Funktionstastenindikator",
        "dnd" => "Nicht stören (DND)",
        _ => "Umleitung",
    }
}

fn tries(cause: Cause) -> &'static str {
    match tried(cause) {
        Try::Pbx => {
            "Die STARFACE wird laufend wieder angefragt. Was gesetzt ist, bleibt gesetzt; was inzwischen fällig wird, wird \
             nachgeholt."
        }
        Try::Calendars => {
            "Die Kalender werden laufend wieder abgefragt. Bis dahin gelten die zuletzt gelesenen Termine weiter."
        }
        Try::Journal => "Das Schreiben wird laufend wieder versucht. Bis dahin wird nichts Neues gesetzt.",
        Try::Settings => "Die letzten gültigen Einstellungen bleiben in Kraft; ohne solche wartet der Dienst.",
        Try::Categories => "Es wird einmal am Tag wieder versucht. Alles andere funktioniert.",
        Try::Status => "Es wird wieder versucht, solange der Termin dauert. Alles andere am Termin gilt.",
        Try::Redirect => "Die Anrufe werden für diesen Termin nicht umgeleitet. Alles andere am Termin gilt.",
        Try::Nothing => "Solange dies fehlt, kann nichts versucht werden.",
    }
}

#[expect(clippy::too_many_lines, reason = "a table in which the compiler misses no cause")]
fn of(cause: Cause) -> Said {
    match cause {
        Cause::Pbx => said(
            "Die STARFACE ist nicht erreichbar oder antwortet mit Fehlern.",
            "Prüfen Sie, ob die STARFACE läuft und von diesem Rechner aus erreichbar ist (starface.url, Netzwerk, \
             Firewall). „starface-calendar check“ prüft jeden Schritt einzeln.",
        ),
        Cause::PbxCertificate => said(
            "Dem Zertifikat der STARFACE wird nicht vertraut.",
            "Erneuern Sie das Zertifikat der STARFACE, oder geben Sie mit starface.ca_file oder starface.pin_sha256 an, \
             welchem zu vertrauen ist. „starface-calendar check“ zeigt das vorgelegte Zertifikat.",
        ),
        Cause::PbxLogin => said(
            "Die STARFACE lehnt die Anmeldung ab.",
            "Prüfen Sie den Benutzer {login} in der STARFACE, sein Passwort ({password}) und starface.auth.",
        ),
        Cause::Module => said(
            "Das Modul wird in der STARFACE nicht gefunden.",
            "Prüfen Sie in der STARFACE unter Module, ob das Modul installiert und aktiv ist und die Instanz so heisst wie \
             in starface.instance.",
        ),
        Cause::ModuleKey => said(
            "Das Modul lehnt den Connector-Schlüssel ab.",
            "Der Schlüssel des Dienstes ({module_key}) muss derselbe sein wie der Connector-Schlüssel auf der Seite des \
             Moduls.",
        ),
        Cause::PbxOwned => said(
            "Ein anderer Connector schreibt in dieselbe STARFACE.",
            "Beenden Sie den anderen Dienst: Für eine STARFACE darf nur einer laufen.",
        ),
        Cause::Tenant => said(
            "Microsoft 365 ist nicht erreichbar oder antwortet mit Fehlern.",
            "Prüfen Sie die Internetverbindung dieses Rechners (HTTPS zu login.microsoftonline.com und \
             graph.microsoft.com, Firewall, DNS) und den Dienststatus im Microsoft 365 Admin Center.",
        ),
        Cause::SecretExpired => said(
            "Das App-Secret ist abgelaufen.",
            "Erstellen Sie im Microsoft Entra Admin Center unter App-Registrierungen > {app} > Zertifikate & Geheimnisse \
             einen neuen geheimen Clientschlüssel, und tragen Sie seinen Wert als App-Secret ein ({app_secret}).",
        ),
        Cause::SecretWrong => said(
            "Das App-Secret ist falsch.",
            "Tragen Sie als App-Secret ({app_secret}) den Wert des geheimen Clientschlüssels ein, nicht seine ID. Ist der \
             Wert nicht mehr bekannt, erstellen Sie im Microsoft Entra Admin Center unter App-Registrierungen > {app} > \
             Zertifikate & Geheimnisse einen neuen.",
        ),
        Cause::CertificateExpired => said(
            "Das Zertifikat der App ist zurzeit nicht gültig.",
            "Erstellen Sie ein neues Zertifikat mit Schlüssel, laden Sie es im Microsoft Entra Admin Center unter \
             App-Registrierungen > {app} > Zertifikate & Geheimnisse hoch, ersetzen Sie damit die alten Dateien \
             (graph.certificate_file, graph.key_file) und starten Sie den Dienst neu. Ist es nur noch nicht gültig, prüfen Sie \
             die Uhr dieses Rechners.",
        ),
        Cause::CertificateUnknown => said(
            "Der Tenant kennt das Zertifikat der App nicht.",
            "Laden Sie das Zertifikat aus graph.certificate_file im Microsoft Entra Admin Center unter App-Registrierungen > \
             {app} > Zertifikate & Geheimnisse hoch; es gilt nach einigen Minuten.",
        ),
        Cause::AssertionUnusable => said(
            "Die Verbundassertion der App ist nicht verwendbar.",
            "Prüfen Sie, was die Datei in graph.assertion_file schreibt, und vergleichen Sie Aussteller, Antragsteller und \
             Zielgruppe mit den Verbundanmeldeinformationen im Microsoft Entra Admin Center unter App-Registrierungen > {app} > \
             Zertifikate & Geheimnisse.",
        ),
        Cause::CredentialEnds => said(
            "Womit sich die App bei Microsoft 365 anmeldet, läuft bald ab.",
            "Erstellen Sie vor diesem Tag im Microsoft Entra Admin Center unter App-Registrierungen > {app} > Zertifikate & \
             Geheimnisse einen neuen geheimen Clientschlüssel oder ein neues Zertifikat. Ein Schlüssel kommt nach {app_secret}, \
             sein Ende nach graph.client_secret_expires_at; ein Zertifikat und sein Schlüssel kommen in die Dateien von \
             graph.certificate_file und graph.key_file. Starten Sie danach den Dienst neu. Sonst kann dann kein Kalender mehr \
             gelesen werden.",
        ),
        Cause::AppUnknown => said(
            "Der Tenant kennt die App nicht.",
            "Vergleichen Sie App-ID ({app}) und App-Tenant-ID mit der Übersicht der App im Microsoft Entra Admin Center \
             unter App-Registrierungen.",
        ),
        Cause::TenantUnknown => said(
            "Den Tenant gibt es nicht.",
            "Vergleichen Sie die App-Tenant-ID (graph.tenant_id) mit der Verzeichnis-ID im Microsoft Entra Admin Center.",
        ),
        Cause::TenantRefused => said(
            "Microsoft 365 lehnt die App ab.",
            "Prüfen Sie im Microsoft Entra Admin Center unter App-Registrierungen > {app} die API-Berechtigungen und ob \
             ihnen ein Administrator zugestimmt hat, und unter Zertifikate & Geheimnisse das App-Secret ({app_secret}).",
        ),
        Cause::Journal => said(
            "Der Dienst kann seinen Zustand nicht speichern.",
            "Prüfen Sie den freien Speicherplatz und die Rechte des Ordners der Zustandsdatei (store.path).",
        ),
        Cause::Settings => said(
            "Eine Einstellung auf der Seite des Moduls kann nicht verwendet werden.",
            "Berichtigen Sie das Feld auf der Seite des Moduls und speichern Sie; ein Neustart ist nicht nötig.",
        ),
        Cause::Categories => said(
            "Die Outlook-Kategorien können nicht gepflegt werden.",
            "Geben Sie der App {app} im Microsoft Entra Admin Center die Berechtigung MailboxSettings.ReadWrite mit \
             Zustimmung eines Administrators, oder schalten Sie „Kategorien in Outlook anlegen“ aus.",
        ),
        Cause::Mailbox => said(
            "Ein Kalender kann nicht gelesen werden.",
            "Meist vergeht das von selbst. Bleibt es, prüfen Sie das Postfach im Exchange Admin Center.",
        ),
        Cause::MailboxForbidden => said(
            "Die App darf einen Kalender nicht lesen.",
            "Geben Sie der App {app} im Microsoft Entra Admin Center die Berechtigung Calendars.Read (ohne @@-Ziele genügt \
             Calendars.ReadBasic.All) mit Zustimmung eines Administrators. Begrenzt Exchange die App auf eine Gruppe, muss \
             das Postfach darin sein.",
        ),
        Cause::MailboxMissing => said(
            "Zu einer E-Mail-Adresse gibt es kein Postfach.",
            "Vergleichen Sie die E-Mail-Adresse des Benutzers in der STARFACE mit seinem Konto in Microsoft 365, oder \
             nehmen Sie ihn aus der Gruppe.",
        ),
        Cause::AddressMissing => said(
            "Ein Mitglied hat in der STARFACE keine E-Mail-Adresse.",
            "Tragen Sie die Adresse beim Benutzer in der STARFACE ein, oder nehmen Sie ihn aus der Gruppe.",
        ),
        Cause::StatusRefused => said(
            "Die STARFACE lehnt einen Teil des Status ab.",
            "Prüfen Sie den Benutzer in der STARFACE und das Log des Moduls.",
        ),
        Cause::StatusContested => said(
            "Ein anderes Programm setzt denselben Status.",
            "Finden Sie das andere Programm oder Modul, das den Status dieses Benutzers setzt, und schalten Sie es für ihn \
             aus; oder lassen Sie das Feld mit den Einstellungen unter drift (respect) dem anderen.",
        ),
        Cause::Conflict => said(
            "Ein anderes Programm setzt den Status von Mitgliedern.",
            "Schalten Sie das ursprüngliche Kalendermodul und jeden anderen Präsenzabgleich (etwa Microsoft Presence \
             Sync in STARFACE) für diese Benutzer aus: Nur einer darf ihren Status setzen. \"starface-calendar run \
             --shadow\" arbeitet daneben, ohne zu schreiben.",
        ),
        Cause::TargetMissing => said(
            "Eine Umleitung hat kein Ziel.",
            "Hinterlegen Sie beim Benutzer in der STARFACE ein Umleitungsziel oder eine Voicemailbox, oder schreiben Sie \
             das Ziel mit @@Intern: oder @@Extern: in den Termin.",
        ),
        Cause::TargetUnreadable => said(
            "Das Ziel einer Umleitung ist keine eindeutige Nummer.",
            "Schreiben Sie im Termin hinter @@Intern: oder @@Extern: genau eine Nummer, zum Beispiel @@Extern:+41712345689.",
        ),
        Cause::TargetDenied => said(
            "Das Ziel einer Umleitung ist nicht zugelassen.",
            "Wählen Sie ein anderes Ziel. Soll dieses zugelassen sein, ergänzen Sie „Erlaubte Ziele“ oder kürzen Sie \
             „Verbotene Ziele“ auf der Seite des Moduls. Notrufnummern und Ziele, die zum Benutzer zurückführen, sind nie \
             zugelassen.",
        ),
        Cause::RedirectRefused => said(
            "Die STARFACE lehnt eine Umleitung ab.",
            "Prüfen Sie die Rechte des Benutzers und die Umleitung dieser Nummer in der STARFACE.",
        ),
        Cause::RedirectIneffective => said(
            "Die STARFACE nimmt eine Umleitung an und ändert nichts.",
            "Für die Nummer einer Gruppe braucht der Benutzer unter „Gruppenumleitungen“ auf der Seite des Moduls das \
             Recht, Umleitungen von Gruppen zu ändern.",
        ),
    }
}
