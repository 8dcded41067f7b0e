//! French.

use super::{Said, Try, Words, said, tried};
use crate::alarm::Cause;

pub(super) static WORDS: Words = Words {
    what: "Quoi",
    whom: "Qui est concerné",
    about: "De quoi il s’agit",
    since: "Depuis",
    until: "Jusqu’au",
    tried: "Ce qui est tenté",
    help: "Que faire",
    details: "Détails (en anglais)",
    everybody: "tous les membres",
    login: "identifiant",
    number: "numéro appelé {}",
    internal: "appels internes",
    external: "appels externes",
    entry: "rendez-vous",
    reminder: "Rappel",
    resolved: "Résolu",
    opening_first: "Le connecteur de calendrier signale un problème.",
    opening_reminder: "Ce problème persiste.",
    opening_resolved: "Ce problème n’existe plus.",
    closing: "Message automatique du connecteur de calendrier STARFACE du {}. La commande « starface-calendar status » \
              montre l’état actuel.",
    more: "et {} autres",
    on_page: "champ « {} » de la page du module",
    secret_ends: "secret client de l’application, valable jusqu’au {}",
    certificate_ends: "certificat de l’application, valable jusqu’au {}",
    date: "%d.%m.%Y %H:%M",
    field,
    tries,
    of,
};

fn field(name: &str) -> &'static str {
    match name {
        "presence" => "indicateur de chat",
        "text" => "texte de statut",
        "indicator" => "indicateur des touches de fonction",
        "dnd" => "ne pas déranger (DND)",
        _ => "renvoi",
    }
}

fn tries(cause: Cause) -> &'static str {
    match tried(cause) {
        Try::Pbx => {
            "STARFACE est interrogée sans cesse. Ce qui est en place le reste ; ce qui arrive à échéance entre-temps est \
             rattrapé."
        }
        Try::Calendars => {
            "Les calendriers sont relus sans cesse. D’ici là, les derniers rendez-vous lus restent valables."
        }
        Try::Journal => "L’écriture est retentée sans cesse. D’ici là, rien de nouveau n’est mis en place.",
        Try::Settings => "Les derniers réglages valables restent en vigueur ; sans eux, le service attend.",
        Try::Categories => "Une nouvelle tentative a lieu une fois par jour. Tout le reste fonctionne.",
        Try::Status => {
            "De nouvelles tentatives ont lieu tant que dure le rendez-vous. Tout le reste du rendez-vous s’applique."
        }
        Try::Redirect => {
            "Les appels ne sont pas renvoyés pour ce rendez-vous. Tout le reste du rendez-vous s’applique."
        }
        Try::Nothing => "Tant que cela manque, rien ne peut être tenté.",
    }
}

#[expect(clippy::too_many_lines, reason = "a table in which the compiler misses no cause")]
fn of(cause: Cause) -> Said {
    match cause {
        Cause::Pbx => said(
            "STARFACE est injoignable ou répond par des erreurs.",
            "Vérifiez que STARFACE fonctionne et qu’elle est joignable depuis cette machine (starface.url, réseau, \
             pare-feu). « starface-calendar check » contrôle chaque étape séparément.",
        ),
        Cause::PbxCertificate => said(
            "Le certificat de STARFACE n’est pas approuvé.",
            "Renouvelez le certificat de STARFACE, ou indiquez avec starface.ca_file ou starface.pin_sha256 lequel \
             approuver. « starface-calendar check » montre le certificat présenté.",
        ),
        Cause::PbxLogin => said(
            "STARFACE refuse la connexion.",
            "Vérifiez l’utilisateur {login} dans STARFACE, son mot de passe ({password}) et starface.auth.",
        ),
        Cause::Module => said(
            "Le module est introuvable dans STARFACE.",
            "Vérifiez dans STARFACE, sous Modules, que le module est installé et actif et que l’instance porte le nom donné \
             dans starface.instance.",
        ),
        Cause::ModuleKey => said(
            "Le module refuse la clé du connecteur.",
            "La clé du service ({module_key}) doit être la même que « Connector-Schlüssel » sur la page du module.",
        ),
        Cause::PbxOwned => said(
            "Un autre connecteur écrit dans la même STARFACE.",
            "Arrêtez l’autre service : un seul peut fonctionner par STARFACE.",
        ),
        Cause::Tenant => said(
            "Microsoft 365 est injoignable ou répond par des erreurs.",
            "Vérifiez la connexion Internet de cette machine (HTTPS vers login.microsoftonline.com et graph.microsoft.com, \
             pare-feu, DNS) et l’état des services dans le centre d’administration Microsoft 365.",
        ),
        Cause::SecretExpired => said(
            "Le secret de l’application a expiré.",
            "Créez un nouveau secret client dans le centre d’administration Microsoft Entra sous Inscriptions \
             d’applications > {app} > Certificats et secrets, et saisissez sa valeur comme secret de l’application \
             ({app_secret}).",
        ),
        Cause::SecretWrong => said(
            "Le secret de l’application est faux.",
            "Saisissez comme secret de l’application ({app_secret}) la valeur du secret client, et non son ID. Si la valeur \
             n’est plus connue, créez-en un nouveau dans le centre d’administration Microsoft Entra sous Inscriptions \
             d’applications > {app} > Certificats et secrets.",
        ),
        Cause::CertificateExpired => said(
            "Le certificat de l’application n’est pas valable actuellement.",
            "Créez un nouveau certificat avec sa clé, chargez-le dans le centre d’administration Microsoft Entra sous \
             Inscriptions d’applications > {app} > Certificats et secrets, remplacez les anciens fichiers \
             (graph.certificate_file, graph.key_file) et redémarrez le service. S’il n’est pas encore valable, vérifiez l’horloge \
             de cette machine.",
        ),
        Cause::CertificateUnknown => said(
            "Le locataire ne connaît pas le certificat de l’application.",
            "Chargez le certificat de graph.certificate_file dans le centre d’administration Microsoft Entra sous Inscriptions \
             d’applications > {app} > Certificats et secrets ; il compte après quelques minutes.",
        ),
        Cause::AssertionUnusable => said(
            "L’assertion fédérée de l’application ne peut pas être utilisée.",
            "Vérifiez ce qui écrit le fichier de graph.assertion_file et comparez l’émetteur, le sujet et l’audience avec les \
             informations d’identification fédérées dans le centre d’administration Microsoft Entra sous Inscriptions \
             d’applications > {app} > Certificats et secrets.",
        ),
        Cause::CredentialEnds => said(
            "Ce avec quoi l’application se connecte à Microsoft 365 expire bientôt.",
            "Créez avant ce jour un nouveau secret client ou certificat dans le centre d’administration Microsoft Entra sous \
             Inscriptions d’applications > {app} > Certificats et secrets. Un secret va dans {app_secret} et sa fin dans \
             graph.client_secret_expires_at ; un certificat et sa clé vont dans les fichiers de graph.certificate_file et \
             graph.key_file. Redémarrez ensuite le service. Sinon, aucun calendrier ne pourra plus être lu.",
        ),
        Cause::AppUnknown => said(
            "Le locataire ne connaît pas l’application.",
            "Comparez l’ID d’application ({app}) et l’ID du locataire avec la vue d’ensemble de l’application dans le centre \
             d’administration Microsoft Entra, sous Inscriptions d’applications.",
        ),
        Cause::TenantUnknown => said(
            "Le locataire n’existe pas.",
            "Comparez l’ID du locataire (graph.tenant_id) avec l’ID d’annuaire dans le centre d’administration Microsoft \
             Entra.",
        ),
        Cause::TenantRefused => said(
            "Microsoft 365 refuse l’application.",
            "Vérifiez dans le centre d’administration Microsoft Entra, sous Inscriptions d’applications > {app}, les \
             autorisations API et le consentement d’un administrateur, ainsi que le secret ({app_secret}) sous Certificats \
             et secrets.",
        ),
        Cause::Journal => said(
            "Le service ne peut pas enregistrer son état.",
            "Vérifiez l’espace disque libre et les droits du dossier du fichier d’état (store.path).",
        ),
        Cause::Settings => said(
            "Un réglage de la page du module est inutilisable.",
            "Corrigez le champ sur la page du module et enregistrez ; aucun redémarrage n’est nécessaire.",
        ),
        Cause::Categories => said(
            "Les catégories Outlook ne peuvent pas être gérées.",
            "Accordez à l’application {app} l’autorisation MailboxSettings.ReadWrite avec le consentement d’un \
             administrateur dans le centre d’administration Microsoft Entra, ou désactivez « Kategorien in Outlook \
             anlegen ».",
        ),
        Cause::Mailbox => said(
            "Un calendrier ne peut pas être lu.",
            "En général, cela passe tout seul. Sinon, vérifiez la boîte aux lettres dans le centre d’administration \
             Exchange.",
        ),
        Cause::MailboxForbidden => said(
            "L’application n’a pas le droit de lire un calendrier.",
            "Accordez à l’application {app} l’autorisation Calendars.Read (sans cibles @@, Calendars.ReadBasic.All suffit) \
             avec le consentement d’un administrateur dans le centre d’administration Microsoft Entra. Si Exchange limite \
             l’application à un groupe, la boîte aux lettres doit en faire partie.",
        ),
        Cause::MailboxMissing => said(
            "Aucune boîte aux lettres ne correspond à une adresse e-mail.",
            "Comparez l’adresse e-mail de l’utilisateur dans STARFACE avec son compte Microsoft 365, ou retirez-le du \
             groupe.",
        ),
        Cause::AddressMissing => said(
            "Un membre n’a pas d’adresse e-mail dans STARFACE.",
            "Saisissez l’adresse de l’utilisateur dans STARFACE, ou retirez-le du groupe.",
        ),
        Cause::StatusRefused => said(
            "STARFACE refuse une partie du statut.",
            "Vérifiez l’utilisateur dans STARFACE et le journal du module.",
        ),
        Cause::StatusContested => said(
            "Un autre programme modifie le même statut.",
            "Trouvez l’autre programme ou module qui modifie le statut de cet utilisateur et désactivez-le pour lui ; ou \
             laissez-lui le champ avec les réglages sous drift (respect).",
        ),
        Cause::Conflict => said(
            "Un autre programme définit le statut de membres.",
            "Désactivez le module de calendrier d’origine et toute autre synchronisation de présence (par exemple Microsoft \
             Presence Sync dans STARFACE) pour ces utilisateurs : un seul peut définir leur statut. La commande \
             \"starface-calendar run --shadow\" travaille à côté sans écrire.",
        ),
        Cause::TargetMissing => said(
            "Un renvoi n’a pas de destination.",
            "Donnez à l’utilisateur une destination de renvoi ou une messagerie vocale dans STARFACE, ou écrivez la \
             destination dans le rendez-vous avec @@Intern: ou @@Extern:.",
        ),
        Cause::TargetUnreadable => said(
            "La destination d’un renvoi n’est pas un numéro clair.",
            "Écrivez exactement un numéro après @@Intern: ou @@Extern: dans le rendez-vous, par exemple \
             @@Extern:+41712345689.",
        ),
        Cause::TargetDenied => said(
            "La destination d’un renvoi n’est pas autorisée.",
            "Choisissez une autre destination. Si celle-ci doit être autorisée, complétez « Erlaubte Ziele » ou réduisez \
             « Verbotene Ziele » sur la page du module. Les numéros d’urgence et les destinations qui ramènent à \
             l’utilisateur ne sont jamais autorisés.",
        ),
        Cause::RedirectRefused => said(
            "STARFACE refuse un renvoi.",
            "Vérifiez les droits de l’utilisateur et le renvoi de ce numéro dans STARFACE.",
        ),
        Cause::RedirectIneffective => said(
            "STARFACE accepte un renvoi et ne change rien.",
            "Pour le numéro d’un groupe, l’utilisateur sous « Gruppenumleitungen » sur la page du module doit avoir le \
             droit de modifier les renvois de groupes.",
        ),
    }
}
