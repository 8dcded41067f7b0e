//! Tests of [`super`].

use super::*;

/// Returns the text's own lines.
fn own(text: &str) -> Vec<&str> {
    lines(text).filter(|(origin, _)| *origin == Origin::Own).map(|(_, line)| line).collect()
}

/// This header ends the text's own part.
#[track_caller]
fn quotes(header: &str) {
    assert_eq!(own(&format!("mine\n{header}\ntheirs\n\ntheirs too")), ["mine"], "{header}");
}

/// This is no header.
#[track_caller]
fn quotes_nothing(text: &str) {
    let with_more = format!("{text}\nmine");
    let expected: Vec<&str> = with_more.split('\n').collect();
    assert_eq!(own(&with_more), expected);
}

#[test]
fn a_line_with_a_mark_is_quoted_and_the_next_is_not() {
    let text = "> theirs\r\nmine\u{2028}  > theirs\u{85}>> theirs\n| theirs\n|\nmine too\n|mine\n";
    assert_eq!(own(text), ["mine", "mine too", "|mine"]);
}

#[test]
fn a_rule_with_the_words_of_a_mail_program_quotes_what_follows() {
    for header in [
        "-----Ursprüngliche Nachricht-----",
        "-----Urspruengliche Nachricht-----",
        "-----Ursprünglicher Termin-----",
        "-----Original Message-----",
        "-----Original Appointment-----",
        "-----Message d'origine-----",
        "-----Rendez-vous d’origine-----",
        "-----Messaggio originale-----",
        "-----Appuntamento originale-----",
        "---------- Forwarded message ---------",
        "-------- Weitergeleitete Nachricht --------",
        "-------- Message transféré --------",
        "-------- Messaggio inoltrato --------",
        "  -----ORIGINAL MESSAGE-----  ",
    ] {
        quotes(header);
    }
    quotes_nothing("-------------------------");
    quotes_nothing("--- Termin ---");
    quotes_nothing("-----Original Message");
}

#[test]
fn the_fields_of_a_message_quote_what_follows() {
    for header in [
        "Von: Max Muster\nGesendet: Montag, 23. November 2026 09:00\nAn: Anna",
        "Von: Max Muster\nAn: Anna\nCc: Beat\nBetreff: Termin\nGesendet: Montag",
        "Von: Max Muster\nDatum: Montag",
        "*Von:* Max Muster\n*Gesendet:* Montag",
        "*Von*: Max Muster\n*Gesendet*: Montag",
        "From: Max Muster\nSent: Monday, November 23, 2026 9:00 AM",
        "From: Max Muster\n\nDate: Monday",
        "De : Max Muster\nEnvoyé : lundi 23 novembre 2026",
        "De\u{a0}: Max Muster\nEnvoye\u{301}\u{a0}: lundi",
        "Da: Max Muster\nInviato: lunedì 23 novembre 2026",
        "Da: Max Muster\nData: lunedì",
        "VON: MAX\nGESENDET: MONTAG",
        "Von: Max Muster Gesendet: Montag An: Anna",
        "________________________________\nVon: Max Muster\nBetreff: Termin",
        "________________________________\nSent: Monday",
    ] {
        quotes(header);
    }
    quotes_nothing("Von: 10 Uhr\nBis: 11 Uhr");
    quotes_nothing("Gesendet: Montag");
    quotes_nothing("Vontobel: Max\nGesendet: Montag");
    quotes_nothing("Von: Max\na\nb\nc\nd\nGesendet: Montag");
    quotes_nothing("________________________________\nMicrosoft Teams-Besprechung");
    quotes_nothing("_____\nVon: Max");
    quotes_nothing("Von: Bern\nDas Datum folgt");
    quotes_nothing("Von: Bern\nMetadata: 7");
}

#[test]
fn a_line_that_says_who_wrote_quotes_what_follows() {
    for header in [
        "Am 23.11.2026 um 09:00 schrieb Max Muster <max@example.com>:",
        "Am Montag schrieb Max:",
        "Am Mo., 23. Nov. 2026 um 09:00 Uhr schrieb Max Muster <\nmax@example.com>:",
        "Am 23.11.2026 um 09:00 hat Max Muster\nFolgendes\ngeschrieben:",
        "On Mon, Nov 23, 2026 at 9:00 AM Max Muster <max@example.com> wrote:",
        "Le lun. 23 nov. 2026 à 09:00, Max Muster <max@example.com> a écrit :",
        "Il giorno lun 23 nov 2026 alle ore 09:00 Max Muster ha scritto:",
        "Max Muster schrieb am 23.11.2026 um 09:00:",
    ] {
        quotes(header);
    }
    quotes_nothing("Am Montag schrieb Max.");
    quotes_nothing("Am Montag:");
    quotes_nothing("Wer schrieb das:");
    quotes_nothing("Am\na\nb\nc schrieb Max:");
}

#[test]
fn a_forward_that_is_announced_quotes_what_follows() {
    quotes("Anfang der weitergeleiteten Nachricht:");
    quotes("Begin forwarded message:");
    quotes("Début du message réexpédié :");
    quotes("Inizio messaggio inoltrato:");
}

#[test]
fn a_header_within_a_quote_does_not_quote_the_answer_below() {
    let text = "> Am Montag schrieb Max:\n> > theirs\n> -----Original Message-----\nmine";
    assert_eq!(own(text), ["mine"]);
}
