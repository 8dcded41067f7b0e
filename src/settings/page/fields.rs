//! The table of the page's fields: the one place that says which variable is which setting.

use super::{Field, Widget};
use Widget::{Box, BoxOf, Choice, Commas, List, Number, Password, Seconds, Text};

const fn field(variable: &'static str, label: &'static str, key: &'static str, widget: Widget) -> Field {
    Field { variable, label, key, widget }
}

const SERVICE: Widget = Choice(&[("Starten", "start"), ("Stoppen", "stop")]);

const INDICATOR: Widget = Choice(&[("Rot", "red"), ("Blau", "blue"), ("-", "none")]);

const PRESENCE: Widget = Choice(&[("Abwesend", "away"), ("DND", "dnd"), ("Offline", "offline"), ("-", "none")]);

const LANGUAGE: Widget = Choice(&[("Deutsch", "de"), ("English", "en"), ("Français", "fr"), ("Italiano", "it")]);

const UNANSWERED: Widget = Choice(&[("Nur Status", "status"), ("Ignorieren", "ignore"), ("Voll", "full")]);

/// Every field that is a setting, tab by tab.
#[rustfmt::skip]
pub const FIELDS: [Field; 46] = [
    // Konfiguration
    field("GUI_DIENST", "Dienst", "rules.service", SERVICE),
    field("GUI_O365_GRUPPE", "Office365 Gruppe", "rules.group", Number),
    field("GUI_LAENGE_INTERN", "Länge der Internen Nummern", "rules.internal_number_length", Number),
    field("GUI_CHECK_INTERVALL", "CheckIntervall [Sekunden]", "graph.check_interval", Seconds),
    field("GUI_SPRACHE", "Sprache der Statustexte", "rules.language", LANGUAGE),
    field("GUI_ZEITZONE", "Zeitzone", "rules.time_zone", Text),
    field("GUI_UNBEANTWORTET", "Unbeantwortete Einladungen", "rules.unanswered", UNANSWERED),
    field("GUI_IGN_OOF", "Ignoriere: Ausser Haus", "rules.ignore", BoxOf("out_of_office")),
    field("GUI_IGN_BUSY", "Ignoriere: Gebucht", "rules.ignore", BoxOf("busy")),
    field("GUI_IGN_TENTATIVE", "Ignoriere: Mit Vorbehalt", "rules.ignore", BoxOf("tentative")),
    field("GUI_IGN_ELSEWHERE", "Ignoriere: An anderem Ort tätig", "rules.ignore", BoxOf("working_elsewhere")),
    field("GUI_IGN_FREE", "Ignoriere: Frei", "rules.ignore", BoxOf("free")),
    field("GUI_FUNKTIONSTASTEN", "Funktionstastenindikator", "rules.function_key_indicator", INDICATOR),
    field("GUI_CHATINDIKATOR", "Chatindikator", "rules.chat_indicator", PRESENCE),
    field("GUI_ZEITFORMAT", "Formatierung der Uhrzeit", "rules.time_format", Text),
    field("GUI_DATUMFORMAT", "Formatierung des Datums", "rules.date_format", Text),
    field("GUI_STATUSTEXT", "Statustextformat", "rules.status_text", Text),
    field("GUI_ALARM_MAIL", "Zielmail", "alarm.to", Commas),
    field("GUI_ALARM_BETREFF", "Betreff", "alarm.subject", Text),
    field("GUI_ALARM_CONNECTOR", "Exchange Connectorfehler", "alarm.connector", Box),
    field("GUI_ALARM_UMLEITUNG", "Rufumleitungsfehler", "alarm.redirect", Box),
    // Office365 Connector
    field("GUI_TENANT_ID", "App-Tenant-ID", "graph.tenant_id", Text),
    field("GUI_APP_ID", "App-ID", "graph.client_id", Text),
    field("GUI_APP_SECRET", "App-Secret", "graph.client_secret", Password),
    field("GUI_MAX_TAGE", "Maximale Terminlänge [Tage]", "rules.max_entry_days", Number),
    // Kategorien
    field("GUI_KAT_AKTIV", "Outlook Kategorien aktivieren", "rules.categories.enabled", Box),
    field("GUI_KAT_FUNKTIONSTASTEN_IMMER", "Funktionstasten immer Ansprechen", "rules.categories.function_keys_always", Box),
    field("GUI_KAT_GRUPPENUMLEITUNGEN", "Gruppenumleitungen Miteinbeziehen", "rules.categories.include_group_redirects", Box),
    field("GUI_KAT_AUL_INTERN_IMMER", "Umleitungen intern immer aktivieren", "rules.categories.redirect_internal_always", Box),
    field("GUI_KAT_AUL_EXTERN_IMMER", "Umleitungen extern immer aktivieren", "rules.categories.redirect_external_always", Box),
    field("GUI_KAT_VM_INTERN_IMMER", "Voicemail intern immer aktivieren", "rules.categories.voicemail_internal_always", Box),
    field("GUI_KAT_VM_EXTERN_IMMER", "Voicemail extern immer aktivieren", "rules.categories.voicemail_external_always", Box),
    field("GUI_ERL_IGNORIEREN", "_SF_Ignorieren", "rules.categories.allow", BoxOf("ignore")),
    field("GUI_ERL_FUNKTIONSTASTEN", "_SF_Funktionstasten_aktivieren", "rules.categories.allow", BoxOf("function_keys")),
    field("GUI_ERL_DND", "_SF_DND_aktivieren", "rules.categories.allow", BoxOf("dnd")),
    field("GUI_ERL_AUL_INTERN", "_SF_AUL_intern_aktivieren", "rules.categories.allow", BoxOf("redirect_internal")),
    field("GUI_ERL_AUL_EXTERN", "_SF_AUL_extern_aktivieren", "rules.categories.allow", BoxOf("redirect_external")),
    field("GUI_ERL_VM_INTERN", "_SF_Voicemail_intern_aktivieren", "rules.categories.allow", BoxOf("voicemail_internal")),
    field("GUI_ERL_VM_EXTERN", "_SF_Voicemail_extern_aktivieren", "rules.categories.allow", BoxOf("voicemail_external")),
    field("GUI_ERL_TAG_EXTERN", "@@Extern:", "rules.tags.allow", BoxOf("external")),
    field("GUI_ERL_TAG_INTERN", "@@Intern:", "rules.tags.allow", BoxOf("internal")),
    field("GUI_TAGS_EINLADUNGEN", "Auch in Terminen anderer Organisatoren", "rules.tags.from_invitations", Box),
    field("GUI_KAT_ANLEGEN", "Kategorien in Outlook anlegen", "rules.categories.create", Box),
    field("GUI_ZIELE_ERLAUBT", "Erlaubte Ziele", "rules.redirect.allowed_targets", Commas),
    field("GUI_ZIELE_VERBOTEN", "Verbotene Ziele", "rules.redirect.denied_targets", Commas),
    field("GUI_KATEGORIEN_ENTFERNEN", "Kategorien entfernen", "rules.categories.remove_from", List),
];

/// The fields that the module itself goes by: variable and label. The first never leaves it.
pub const MODULES_OWN: [(&str, &str); 2] =
    [("GUI_CONNECTOR_KEY", "Connector-Schlüssel"), ("GUI_GRUPPEN_BENUTZER", "Benutzer für Gruppenumleitungen")];
