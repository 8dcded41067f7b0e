//! `man`: the manual page, made of the definitions that parse the command line, and of what they do not say.

use std::io;

use anyhow::Context;
use clap::{Arg, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::printing::say;
use super::{Arguments, Ending};

/// The section of programs with which a machine is administered.
const SECTION: &str = "8";

/// What stands under DESCRIPTION.
const DESCRIPTION: [&str; 3] = [
    "The service reads the Microsoft 365 calendars of the members of one STARFACE group. While an appointment lasts, it \
     puts chat presence, status text, function keys, do not disturb and redirects as the appointment and its categories \
     ask for; afterwards every telephone shows exactly what its owner had chosen before.",
    "What it does is decided by the page of the module \"Kalender Connector\" in STARFACE, and by a settings file for what \
     leads to the PBX and stays on this machine.",
    "MEMBER is a login, an e-mail address or an account such as id:1010; one that fits two members is refused, and both are \
     listed.",
];

/// What the exit codes mean.
const EXIT_STATUS: [(&str, &str); 5] = [
    ("0", "All is well; run: ended by SIGTERM or SIGINT, and what is held stays held."),
    (
        "1",
        "Something went wrong at run time, also a second service on one state file; restore: something could not be \
         restored; categories: a mailbox failed; setup: nothing was written, or what was written fails; status, \
         explain and end: the service does not run.",
    ),
    ("2", "The command line cannot be understood, or MEMBER fits two members."),
    ("3", "check: something that was examined failed."),
    ("78", "The settings cannot be used; every problem is named."),
];

/// The files of a site.
const FILES: [(&str, &str); 5] = [
    (
        "/etc/starface-calendar/config.toml",
        "The settings, where neither --config nor the environment names another file.",
    ),
    (
        "/var/lib/starface-calendar/state.db",
        "What is held and what was there before, the last known calendars, the history, and mail that waits.",
    ),
    (
        "/var/lib/starface-calendar/shadow/state.db",
        "The same of a shadow run (run --shadow), which writes nothing to the PBX.",
    ),
    (
        "/var/lib/starface-calendar/control.sock",
        "Where the commands reach the running service; only root and the service's user can open it.",
    ),
    ("/usr/lib/systemd/system/starface-calendar.service", "The unit of the service."),
];

/// The variables that are read.
const ENVIRONMENT: [(&str, &str); 4] = [
    ("STARFACE_CALENDAR_CONFIG", "The settings file, where --config names none."),
    (
        "STARFACE_CALENDAR__SECTION__KEY",
        "One setting, over the file's: STARFACE_CALENDAR__GRAPH__TENANT_ID is tenant_id of [graph].",
    ),
    (
        "CREDENTIALS_DIRECTORY",
        "Set by systemd: a credential with the name of a secret, such as graph.client_secret, is it.",
    ),
    ("NO_COLOR", "Set to anything, it asks for no colours. There are none but on a terminal."),
];

/// What is worth trying first.
const EXAMPLES: [(&str, &str); 4] = [
    ("starface-calendar demo", "See it at work; needs no settings."),
    ("starface-calendar check", "Examine everything, and say what helps."),
    ("starface-calendar status", "See who is overlaid, by what and until when, and what is wrong."),
    ("starface-calendar restore --member 1010", "Take everything off of one member."),
];

/// Prints the page, for `man -l -` or a package.
pub(super) fn manual() -> anyhow::Result<Ending> {
    say(&page().context("write the manual page")?)?;
    Ok(Ending::Well)
}

fn page() -> io::Result<String> {
    let command = Arguments::command();
    let mut page = Vec::new();
    let man = Man::new(command.clone()).section(SECTION).manual("STARFACE calendar");
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    let mut roff = Roff::new();
    roff.control("SH", ["DESCRIPTION"]);
    for paragraph in DESCRIPTION {
        roff.control("PP", []).text([roman(paragraph)]);
    }
    roff.to_writer(&mut page)?;
    man.render_options_section(&mut page)?;
    let mut roff = Roff::new();
    commands(&mut roff, command);
    entries(&mut roff, "EXIT STATUS", &EXIT_STATUS);
    entries(&mut roff, "FILES", &FILES);
    entries(&mut roff, "ENVIRONMENT", &ENVIRONMENT);
    entries(&mut roff, "EXAMPLES", &EXAMPLES);
    roff.to_writer(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// Every command on the one page, so that nobody has to look for pages of their own.
fn commands(roff: &mut Roff, mut command: Command) {
    command.build();
    roff.control("SH", ["COMMANDS"]);
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let usage = command.clone().render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ").to_owned();
        roff.control("SS", [command.get_name()]);
        roff.control("PP", []).text([bold(usage)]);
        let about = command.get_long_about().or_else(|| command.get_about());
        roff.control("PP", []).text([roman(format!("{}.", about.map(ToString::to_string).unwrap_or_default()))]);
        for argument in command.get_arguments().filter(|argument| is_own(argument)) {
            roff.control("TP", []).text(named(argument));
            roff.text([roman(told_of(argument))]);
        }
    }
}

/// What every command has is told once.
fn is_own(argument: &Arg) -> bool {
    !argument.is_global_set() && argument.get_id() != "help" && !argument.is_hide_set()
}

fn named(argument: &Arg) -> Vec<Inline> {
    let values = argument.get_value_names().unwrap_or_default().join(" ");
    let takes_value = argument.get_action().takes_values();
    match argument.get_long() {
        Some(long) if takes_value => vec![bold(format!("--{long}")), roman(" "), italic(values)],
        Some(long) => vec![bold(format!("--{long}"))],
        None => vec![italic(values)],
    }
}

fn told_of(argument: &Arg) -> String {
    let mut words = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let takes_value = argument.get_action().takes_values();
    let possible: Vec<String> = argument
        .get_possible_values()
        .iter()
        .map(|value| match value.get_help() {
            Some(help) => format!("{} ({help})", value.get_name()),
            None => value.get_name().to_owned(),
        })
        .collect();
    if takes_value && !possible.is_empty() {
        words += &format!(": {}", possible.join(", "));
    }
    let defaults: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if takes_value && !defaults.is_empty() {
        words += &format!(" [default: {}]", defaults.join(", "));
    }
    words + "."
}

fn entries(roff: &mut Roff, section: &str, entries: &[(&str, &str)]) {
    roff.control("SH", [section]);
    for (name, meaning) in entries {
        roff.control("TP", []).text([bold(*name)]);
        roff.text([roman(*meaning)]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page without what only roff sees.
    fn text() -> String {
        page()
            .unwrap()
            .replace("\\-", "-")
            .replace("\\*(Aq", "'")
            .replace("\\fB", "")
            .replace("\\fI", "")
            .replace("\\fR", "")
    }

    #[test]
    fn the_page_tells_every_command_with_its_options() {
        let text = text();
        for command in Arguments::command().get_subcommands() {
            assert!(text.contains(&format!(".SS {}\n", command.get_name())), "{}\n{text}", command.get_name());
            for option in command.get_arguments().filter_map(Arg::get_long) {
                assert!(text.contains(&format!("--{option}")), "{} --{option}", command.get_name());
            }
        }
    }

    #[test]
    fn the_page_tells_every_exit_code_file_and_variable() {
        let text = text();
        for section in
            ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "\"EXIT STATUS\"", "FILES", "ENVIRONMENT"]
        {
            assert!(text.contains(&format!(".SH {section}\n")), "{section}\n{text}");
        }
        let codes = [Ending::Well, Ending::Broken, Ending::Usage, Ending::Failed, Ending::Settings];
        for code in codes.map(|ending| (ending as u8).to_string()) {
            assert!(EXIT_STATUS.iter().any(|(named, _)| *named == code), "{code}");
        }
        for (name, meaning) in EXIT_STATUS.iter().chain(&FILES).chain(&ENVIRONMENT) {
            assert!(text.contains(name) && text.contains(meaning), "{name}");
        }
    }
}
