//! Italian.

use super::{Said, Try, Words, said, tried};
use crate::alarm::Cause;

pub(super) static WORDS: Words = Words {
    what: "Che cosa",
    whom: "Chi è interessato",
    about: "Di che cosa si tratta",
    since: "Dal",
    until: "Fino al",
    tried: "Che cosa si sta tentando",
    help: "Che cosa fare",
    details: "Dettagli (in inglese)",
    everybody: "tutti i membri",
    login: "login",
    number: "numero chiamato {}",
    internal: "chiamate interne",
    external: "chiamate esterne",
    entry: "appuntamento",
    reminder: "Promemoria",
    resolved: "Risolto",
    opening_first: "Il connettore del calendario segnala un problema.",
    opening_reminder: "Questo problema persiste.",
    opening_resolved: "Questo problema non esiste più.",
    closing: "Messaggio automatico del connettore del calendario STARFACE del {}. Il comando «starface-calendar status» \
              mostra lo stato attuale.",
    more: "e altri {}",
    on_page: "campo «{}» nella pagina del modulo",
    secret_ends: "segreto client dell’app, valido fino al {}",
    certificate_ends: "certificato dell’app, valido fino al {}",
    date: "%d.%m.%Y %H:%M",
    field,
    tries,
    of,
};

fn field(name: &str) -> &'static str {
    match name {
        "presence" => "indicatore di chat",
        "text" => "testo di stato",
        "indicator" => "indicatore dei tasti funzione",
        "dnd" => "non disturbare (DND)",
        _ => "deviazione",
    }
}

fn tries(cause: Cause) -> &'static str {
    match tried(cause) {
        Try::Pbx => {
            "STARFACE viene interrogata di continuo. Ciò che è impostato resta impostato; ciò che scade nel frattempo viene \
             recuperato."
        }
        Try::Calendars => {
            "I calendari vengono riletti di continuo. Fino ad allora restano validi gli ultimi appuntamenti letti."
        }
        Try::Journal => "La scrittura viene ritentata di continuo. Fino ad allora non viene impostato nulla di nuovo.",
        Try::Settings => "Restano in vigore le ultime impostazioni valide; senza di esse il servizio attende.",
        Try::Categories => "Si ritenta una volta al giorno. Tutto il resto funziona.",
        Try::Status => "Si ritenta finché dura l’appuntamento. Tutto il resto dell’appuntamento vale.",
        Try::Redirect => {
            "Per questo appuntamento le chiamate non vengono deviate. Tutto il resto dell’appuntamento vale."
        }
        Try::Nothing => "Finché questo manca, non si può tentare nulla.",
    }
}

#[expect(clippy::too_many_lines, reason = "a table in which the compiler misses no cause")]
fn of(cause: Cause) -> Said {
    match cause {
        Cause::Pbx => said(
            "STARFACE non è raggiungibile o risponde con errori.",
            "Verificare che STARFACE sia in funzione e raggiungibile da questa macchina (starface.url, rete, firewall). \
             «starface-calendar check» esamina ogni passo singolarmente.",
        ),
        Cause::PbxCertificate => said(
            "Il certificato di STARFACE non è attendibile.",
            "Rinnovare il certificato di STARFACE, oppure indicare con starface.ca_file o starface.pin_sha256 quale è \
             attendibile. «starface-calendar check» mostra il certificato presentato.",
        ),
        Cause::PbxLogin => said(
            "STARFACE rifiuta l’accesso.",
            "Verificare l’utente {login} in STARFACE, la sua password ({password}) e starface.auth.",
        ),
        Cause::Module => said(
            "Il modulo non si trova in STARFACE.",
            "Verificare in STARFACE, sotto Moduli, che il modulo sia installato e attivo e che l’istanza si chiami come in \
             starface.instance.",
        ),
        Cause::ModuleKey => said(
            "Il modulo rifiuta la chiave del connettore.",
            "La chiave del servizio ({module_key}) deve essere uguale a «Connector-Schlüssel» nella pagina del modulo.",
        ),
        Cause::PbxOwned => said(
            "Un altro connettore scrive nella stessa STARFACE.",
            "Arrestare l’altro servizio: per una STARFACE può funzionarne uno solo.",
        ),
        Cause::Tenant => said(
            "Microsoft 365 non è raggiungibile o risponde con errori.",
            "Verificare la connessione Internet di questa macchina (HTTPS verso login.microsoftonline.com e \
             graph.microsoft.com, firewall, DNS) e lo stato dei servizi nell’interfaccia di amministrazione di Microsoft \
             365.",
        ),
        Cause::SecretExpired => said(
            "Il segreto dell’app è scaduto.",
            "Creare un nuovo segreto client nell’interfaccia di amministrazione di Microsoft Entra sotto Registrazioni app \
             > {app} > Certificati e segreti, e inserirne il valore come segreto dell’app ({app_secret}).",
        ),
        Cause::SecretWrong => said(
            "Il segreto dell’app è errato.",
            "Inserire come segreto dell’app ({app_secret}) il valore del segreto client, non il suo ID. Se il valore non è \
             più noto, crearne uno nuovo nell’interfaccia di amministrazione di Microsoft Entra sotto Registrazioni app > \
             {app} > Certificati e segreti.",
        ),
        Cause::CertificateExpired => said(
            "Il certificato dell’app al momento non è valido.",
            "Creare un nuovo certificato con la sua chiave, caricarlo nell’interfaccia di amministrazione di Microsoft Entra \
             sotto Registrazioni app > {app} > Certificati e segreti, sostituire i vecchi file (graph.certificate_file, \
             graph.key_file) e riavviare il servizio. Se non è ancora valido, controllare l’orologio di questa macchina.",
        ),
        Cause::CertificateUnknown => said(
            "Il tenant non conosce il certificato dell’app.",
            "Caricare il certificato di graph.certificate_file nell’interfaccia di amministrazione di Microsoft Entra sotto \
             Registrazioni app > {app} > Certificati e segreti; vale dopo alcuni minuti.",
        ),
        Cause::AssertionUnusable => said(
            "L’asserzione federata dell’app non può essere usata.",
            "Controllare che cosa scrive il file di graph.assertion_file e confrontare emittente, soggetto e destinatari con le \
             credenziali federate nell’interfaccia di amministrazione di Microsoft Entra sotto Registrazioni app > {app} > \
             Certificati e segreti.",
        ),
        Cause::CredentialEnds => said(
            "Ciò con cui l’app accede a Microsoft 365 scade presto.",
            "Creare prima di quel giorno un nuovo segreto client o certificato nell’interfaccia di amministrazione di Microsoft \
             Entra sotto Registrazioni app > {app} > Certificati e segreti. Un segreto va in {app_secret} e la sua fine in \
             graph.client_secret_expires_at; un certificato e la sua chiave vanno nei file di graph.certificate_file e \
             graph.key_file. Poi riavviare il servizio. Altrimenti nessun calendario potrà più essere letto.",
        ),
        Cause::AppUnknown => said(
            "Il tenant non conosce l’app.",
            "Confrontare l’ID app ({app}) e l’ID tenant con la panoramica dell’app nell’interfaccia di amministrazione di \
             Microsoft Entra, sotto Registrazioni app.",
        ),
        Cause::TenantUnknown => said(
            "Il tenant non esiste.",
            "Confrontare l’ID tenant (graph.tenant_id) con l’ID directory nell’interfaccia di amministrazione di Microsoft \
             Entra.",
        ),
        Cause::TenantRefused => said(
            "Microsoft 365 rifiuta l’app.",
            "Verificare nell’interfaccia di amministrazione di Microsoft Entra, sotto Registrazioni app > {app}, le \
             autorizzazioni API e il consenso di un amministratore, e sotto Certificati e segreti il segreto \
             ({app_secret}).",
        ),
        Cause::Journal => said(
            "Il servizio non può salvare il proprio stato.",
            "Verificare lo spazio libero su disco e i permessi della cartella del file di stato (store.path).",
        ),
        Cause::Settings => said(
            "Un’impostazione nella pagina del modulo non è utilizzabile.",
            "Correggere il campo nella pagina del modulo e salvare; non serve riavviare.",
        ),
        Cause::Categories => said(
            "Le categorie di Outlook non possono essere gestite.",
            "Concedere all’app {app} l’autorizzazione MailboxSettings.ReadWrite con il consenso di un amministratore \
             nell’interfaccia di amministrazione di Microsoft Entra, oppure disattivare «Kategorien in Outlook anlegen».",
        ),
        Cause::Mailbox => said(
            "Un calendario non può essere letto.",
            "Di solito passa da sé. Se persiste, verificare la cassetta postale nell’interfaccia di amministrazione di \
             Exchange.",
        ),
        Cause::MailboxForbidden => said(
            "L’app non può leggere un calendario.",
            "Concedere all’app {app} l’autorizzazione Calendars.Read (senza destinazioni @@ basta Calendars.ReadBasic.All) \
             con il consenso di un amministratore nell’interfaccia di amministrazione di Microsoft Entra. Se Exchange \
             limita l’app a un gruppo, la cassetta postale deve farne parte.",
        ),
        Cause::MailboxMissing => said(
            "A un indirizzo e-mail non corrisponde alcuna cassetta postale.",
            "Confrontare l’indirizzo e-mail dell’utente in STARFACE con il suo account in Microsoft 365, oppure togliere \
             l’utente dal gruppo.",
        ),
        Cause::AddressMissing => said(
            "Un membro non ha un indirizzo e-mail in STARFACE.",
            "Inserire l’indirizzo dell’utente in STARFACE, oppure togliere l’utente dal gruppo.",
        ),
        Cause::StatusRefused => {
            said("STARFACE rifiuta una parte dello stato.", "Verificare l’utente in STARFACE e il log del modulo.")
        }
        Cause::StatusContested => said(
            "Un altro programma imposta lo stesso stato.",
            "Trovare l’altro programma o modulo che imposta lo stato di questo utente e disattivarlo per lui; oppure \
             lasciargli il campo con le impostazioni sotto drift (respect).",
        ),
        Cause::Conflict => said(
            "Un altro programma imposta lo stato di alcuni membri.",
            "Disattivate il modulo calendario originale e ogni altra sincronizzazione della presenza (per esempio \
             Microsoft Presence Sync in STARFACE) per questi utenti: uno solo può impostare il loro stato. \
             \"starface-calendar run --shadow\" lavora accanto senza scrivere.",
        ),
        Cause::TargetMissing => said(
            "Una deviazione non ha destinazione.",
            "Assegnare all’utente una destinazione o una casella vocale in STARFACE, oppure scrivere la destinazione \
             nell’appuntamento con @@Intern: o @@Extern:.",
        ),
        Cause::TargetUnreadable => said(
            "La destinazione di una deviazione non è chiaramente un numero.",
            "Scrivere nell’appuntamento un solo numero dopo @@Intern: o @@Extern:, per esempio @@Extern:+41712345689.",
        ),
        Cause::TargetDenied => said(
            "La destinazione di una deviazione non è consentita.",
            "Scegliere un’altra destinazione. Se questa deve essere consentita, completare «Erlaubte Ziele» o ridurre \
             «Verbotene Ziele» nella pagina del modulo. I numeri di emergenza e le destinazioni che riportano all’utente non \
             sono mai consentiti.",
        ),
        Cause::RedirectRefused => said(
            "STARFACE rifiuta una deviazione.",
            "Verificare i diritti dell’utente e la deviazione di questo numero in STARFACE.",
        ),
        Cause::RedirectIneffective => said(
            "STARFACE accetta una deviazione e non cambia nulla.",
            "Per il numero di un gruppo, l’utente sotto «Gruppenumleitungen» nella pagina del modulo deve avere il diritto \
             di modificare le deviazioni dei gruppi.",
        ),
    }
}
