//! Every kind of wrong value on the module's page, with the exact words that its admin reads.

use super::page::with_page;
use super::site::Site;

/// Proves what is said of one wrong field on a page over a file that is right.
#[track_caller]
fn case(variable: &str, entered: &str, expected: &str) {
    let error = with_page(&Site::with("").local().unwrap(), &[(variable, entered)]).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_choice_is_one_of_those_that_the_admin_sees() {
    #[track_caller]
    fn choice(variable: &str, label: &str, choices: &str) {
        case(
            variable,
            "Rosa",
            &format!("{label} (Seite des Moduls): „Rosa“ ist keine der Möglichkeiten; erlaubt: {choices}"),
        );
    }
    choice("GUI_DIENST", "Dienst", "Starten, Stoppen");
    choice("GUI_SPRACHE", "Sprache der Statustexte", "Deutsch, English, Français, Italiano");
    choice("GUI_UNBEANTWORTET", "Unbeantwortete Einladungen", "Nur Status, Ignorieren, Voll");
    choice("GUI_FUNKTIONSTASTEN", "Funktionstastenindikator", "Rot, Blau, -");
    choice("GUI_CHATINDIKATOR", "Chatindikator", "Abwesend, DND, Offline, -");
}

#[test]
fn a_number_is_whole_and_has_bounds() {
    let group = "Office365 Gruppe (Seite des Moduls):";
    let a_group = "erlaubt: eine Gruppe aus der Liste";
    case("GUI_O365_GRUPPE", "0", &format!("{group} „0“ ist zu klein; {a_group}"));
    case("GUI_O365_GRUPPE", "Verkauf", &format!("{group} „Verkauf“ ist keine ganze Zahl; {a_group}"));
    case("GUI_O365_GRUPPE", "4294967296.0", &format!("{group} „4294967296.0“ ist zu gross; {a_group}"));
    let digits = "Länge der Internen Nummern (Seite des Moduls):";
    let of_digits = "erlaubt: eine ganze Zahl von 1 bis 10";
    case("GUI_LAENGE_INTERN", "11.0", &format!("{digits} „11.0“ ist zu gross; {of_digits}"));
    case("GUI_LAENGE_INTERN", "2.5", &format!("{digits} „2.5“ ist keine ganze Zahl; {of_digits}"));
    case("GUI_LAENGE_INTERN", "-", &format!("{digits} „-“ ist keine ganze Zahl; {of_digits}"));
    let days = "Maximale Terminlänge [Tage] (Seite des Moduls):";
    case("GUI_MAX_TAGE", "367", &format!("{days} „367“ ist zu gross; erlaubt: eine ganze Zahl von 1 bis 366"));
}

#[test]
fn an_interval_is_a_number_of_seconds() {
    #[track_caller]
    fn interval(entered: &str, expected: &str) {
        let label = "CheckIntervall [Sekunden] (Seite des Moduls):";
        let allowed = "erlaubt: eine ganze Zahl von 1 bis 3600";
        case("GUI_CHECK_INTERVALL", entered, &format!("{label} „{entered}“ {expected}; {allowed}"));
    }
    interval("0", "ist zu klein");
    interval("3601.0", "ist zu gross");
    interval("-60", "ist keine Anzahl von Sekunden");
    interval("1.5", "ist keine Anzahl von Sekunden");
    interval("5 Minuten", "ist keine Anzahl von Sekunden");
}

#[test]
fn a_template_and_a_format_name_what_they_do_not_know() {
    case(
        "GUI_STATUSTEXT",
        "!time! !nix!",
        "Statustextformat (Seite des Moduls): „!time! !nix!“ hat die unbekannte Variable !nix!; \
         erlaubt: ein Text mit !time! !start! !end! !title! !type! !location!, oder „-“ für keinen",
    );
    let letters = "erlaubt: die Buchstaben y M d H h k K m s a E und Text in '…'";
    case(
        "GUI_ZEITFORMAT",
        "HH:mm b",
        &format!("Formatierung der Uhrzeit (Seite des Moduls): „HH:mm b“ hat den unbekannten Buchstaben b; {letters}"),
    );
    case(
        "GUI_DATUMFORMAT",
        "dd'x",
        &format!(
            "Formatierung des Datums (Seite des Moduls): „dd'x“ öffnet ein Anführungszeichen, das nicht geschlossen wird; \
             {letters}"
        ),
    );
}

#[test]
fn a_time_zone_is_known_and_not_none() {
    let zone = "Zeitzone (Seite des Moduls):";
    case(
        "GUI_ZEITZONE",
        "Europe/Zürich",
        &format!("{zone} „Europe/Zürich“ ist keine bekannte Zeitzone; meinten Sie „Europe/Zurich“?"),
    );
    let allowed = "erlaubt: ein IANA-Name wie „Europe/Zurich“, oder „system“";
    case("GUI_ZEITZONE", "-", &format!("{zone} „-“ ist keine bekannte Zeitzone; {allowed}"));
    let instead = "tragen Sie einen IANA-Namen wie „Europe/Zurich“ ein";
    let local = Site::with("rules.time_zone = \"UTC\"").machine_zone(None).local().unwrap();
    let untold = with_page(&local, &[("GUI_ZEITZONE", "system")]).unwrap_err().to_string();
    let expected = "„system“ gilt, aber der Rechner des Dienstes nennt seine Zeitzone nicht";
    assert_eq!(untold, format!("{zone} {expected}; {instead}"));
    let page_only = Site::with("rules.source = \"page\"").machine_zone(None).local().unwrap();
    let untold = with_page(&page_only, &[]).unwrap_err().to_string();
    assert_eq!(untold, format!("{zone} {expected}; {instead}"), "nobody tells it");
    assert!(with_page(&page_only, &[("GUI_ZEITZONE", "Europe/Vienna")]).is_ok());
    let named = Site::with("rules.time_zone = \"UTC\"").machine_zone(Some("Nirgendwo")).local().unwrap();
    let unknown = with_page(&named, &[("GUI_ZEITZONE", "system")]).unwrap_err().to_string();
    let expected = "„system“ gilt, aber „Nirgendwo“ des Rechners des Dienstes ist kein IANA-Name";
    assert_eq!(unknown, format!("{zone} {expected}; {instead}"));
}

#[test]
fn an_id_of_the_app_registration_is_refused_without_showing_it() {
    case(
        "GUI_TENANT_ID",
        "abC8Q~word",
        "App-Tenant-ID (Seite des Moduls): ist weder eine GUID noch eine Domain; \
         erlaubt: die Verzeichnis-ID (Mandant), eine GUID, oder eine Domain wie example.onmicrosoft.com",
    );
    case(
        "GUI_APP_ID",
        "abC8Q~word",
        "App-ID (Seite des Moduls): ist keine GUID; erlaubt: die Anwendungs-ID (Client), eine GUID",
    );
}

#[test]
fn a_secret_is_refused_without_showing_it() {
    let secret = |entered: &str, expected: &str| {
        let allowed = "erlaubt: ein Text auf einer Zeile mit höchstens 4096 Bytes";
        case("GUI_APP_SECRET", entered, &format!("App-Secret (Seite des Moduls): {expected}; {allowed}"));
    };
    secret("-", "ist leer");
    secret("geh\neim", "enthält einen Zeilenumbruch oder ein anderes Steuerzeichen");
    secret(&"x".repeat(4097), "ist zu lang");
    let id = "11111111-2222-3333-4444-555555555555";
    let settings = with_page(&Site::with("").local().unwrap(), &[("GUI_APP_SECRET", id)]).unwrap();
    assert_eq!(
        settings.warnings[0].to_string(),
        "App-Secret (Seite des Moduls): sieht aus wie die ID eines Geheimnisses, denn es ist eine GUID; \
         tragen Sie den Wert des Geheimnisses ein, den Entra einmal zeigt"
    );
}

#[test]
fn a_text_is_not_none_and_stays_on_one_line() {
    let subject = |entered: &str, expected: &str| {
        let allowed = "erlaubt: 1 bis 200 Zeichen auf einer Zeile";
        case("GUI_ALARM_BETREFF", entered, &format!("Betreff (Seite des Moduls): {expected}; {allowed}"));
    };
    subject("-", "ist leer");
    subject("eins\nzwei", "enthält einen Zeilenumbruch oder ein anderes Steuerzeichen");
    subject(&"x".repeat(201), "ist zu lang");
}

#[test]
fn an_item_of_a_list_is_named() {
    let address = "ist keine E-Mail-Adresse; erlaubt: eine E-Mail-Adresse wie „name@example.com“";
    case("GUI_ALARM_MAIL", "a@x.ch, admin", &format!("Zielmail (Seite des Moduls): „admin“ {address}"));
    case(
        "GUI_KATEGORIEN_ENTFERNEN",
        "a@x.ch|anna",
        &format!("Kategorien entfernen (Seite des Moduls): „anna“ {address}"),
    );
    let target =
        "ist kein Muster aus Ziffern; erlaubt: Ziffern mit einem * am Ende für beliebige weitere, etwa „0900*“";
    case("GUI_ZIELE_ERLAUBT", "+41*", &format!("Erlaubte Ziele (Seite des Moduls): „+41*“ {target}"));
    case("GUI_ZIELE_VERBOTEN", "0900*, 09*00", &format!("Verbotene Ziele (Seite des Moduls): „09*00“ {target}"));
}

#[test]
fn a_box_is_ticked_or_not() {
    let box_of = |variable: &str, label: &str| {
        let expected = "„ja“ ist weder true noch false; erlaubt: true, false";
        case(variable, "ja", &format!("{label} (Seite des Moduls): {expected}"));
    };
    box_of("GUI_KAT_AKTIV", "Outlook Kategorien aktivieren");
    box_of("GUI_IGN_BUSY", "Ignoriere: Gebucht");
    box_of("GUI_ERL_DND", "_SF_DND_aktivieren");
    box_of("GUI_ERL_TAG_INTERN", "@@Intern:");
}

#[test]
fn everything_that_is_wrong_or_missing_is_told_at_once() {
    let site = Site::of("[starface]\npassword = \"word\"\nmodule_key = \"word\"\n");
    let entered =
        [("GUI_DIENST", "an"), ("GUI_TENANT_ID", "common"), ("GUI_MAX_TAGE", "viele"), ("GUI_ALARM_MAIL", "x")];
    let error = with_page(&site.local().unwrap(), &entered).unwrap_err();
    insta::assert_snapshot!(error.to_string(), @r"
    Zielmail (Seite des Moduls): „x“ ist keine E-Mail-Adresse; erlaubt: eine E-Mail-Adresse wie „name@example.com“
    App-ID (Seite des Moduls): fehlt; erlaubt: die Anwendungs-ID (Client), eine GUID
    App-Secret (Seite des Moduls): fehlt; tragen Sie den Wert des Geheimnisses ein
    App-Tenant-ID (Seite des Moduls): ist weder eine GUID noch eine Domain; erlaubt: die Verzeichnis-ID (Mandant), eine GUID, oder eine Domain wie example.onmicrosoft.com
    Office365 Gruppe (Seite des Moduls): fehlt; erlaubt: eine Gruppe aus der Liste
    Maximale Terminlänge [Tage] (Seite des Moduls): „viele“ ist keine ganze Zahl; erlaubt: eine ganze Zahl von 1 bis 366
    Dienst (Seite des Moduls): „an“ ist keine der Möglichkeiten; erlaubt: Starten, Stoppen
    ");
}

#[test]
fn what_the_file_says_wrong_is_told_before_there_is_a_page() {
    let site = Site::with("rules.source = \"page\"\nrules.service = \"on\"\nstarface.url = \"x\"");
    let error = site.local().unwrap_err().to_string();
    assert_eq!(
        site.neutral(&error),
        "rules.service (/site/config.toml line 2): \"on\" is not one of the words; allowed: start, stop\n\
         starface.url (/site/config.toml line 3): is not a URL; \
         allowed: https://host or https://host:port; http only to a loopback host"
    );
    let keyless = Site::of("[starface]\npassword = \"word\"\n").local().unwrap_err().to_string();
    assert_eq!(
        keyless,
        "starface.module_key (not given): is required; \
         set one of module_key, module_key_file and the systemd credential starface.module_key"
    );
}

#[test]
fn a_site_that_decides_on_this_machine_misses_what_the_page_would_have() {
    let error = Site::of("starface.password = \"w\"\nstarface.module_key = \"w\"\nrules.source = \"file\"\n").wrong();
    let keys: Vec<&str> = error.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(keys, ["graph.client_id", "graph.client_secret", "graph.tenant_id", "rules.group"]);
}
