//! The command line: one file per command.
//!
//! Commands use the ports through the engine, or read-only. What they print is for people; `--json` is for scripts.
//! Errors are told here, once, with what helps, and become the documented exit codes.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use self::screen::Screen;
use crate::engine::Refusal;
use crate::engine::command::Whom;
use crate::settings::{Local, SettingsError, Sources};
use crate::telemetry::Colours;
use crate::web::control::ControlError;

mod advice;
mod asking;
mod categories;
mod check;
mod completions;
mod demo;
mod end;
mod explain;
mod history;
mod manual;
mod plan;
mod printing;
mod progress;
mod restore;
mod run;
mod screen;
mod setup;
mod status;
mod wiring;

/// Lets STARFACE telephones follow the appointments of Microsoft 365 calendars.
#[derive(Debug, Parser)]
#[command(name = "starface-calendar", version, about, arg_required_else_help = true)]
struct Arguments {
    /// The settings file [default: $STARFACE_CALENDAR_CONFIG, else /etc/starface-calendar/config.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service
    Run(run::Run),
    /// Show the service at work with a simulated tenant and PBX; needs no settings
    Demo(demo::Demo),
    /// Examine settings, permissions and both other sides, one line each
    Check(check::Check),
    /// Write the settings file step by step, trying each answer
    Setup(Box<setup::Setup>),
    /// Foretell what would happen to whom, when and why; writes nothing
    Plan(plan::PlanArguments),
    /// Show how the running service is doing
    Status(status::Status),
    /// Explain why a member's telephone shows what it shows
    Explain(explain::Explain),
    /// End a member's active entries early
    End(end::End),
    /// Take everything off, also when the service does not run
    Restore(restore::Restore),
    /// Show what was changed, from what to what, when and why
    History(history::History),
    /// Create, remove or show the Outlook categories of the members by hand
    Categories(categories::Categories),
    /// Print what a shell needs to complete this command line
    Completions(completions::Completions),
    /// Print the manual page, as man -l - reads it
    Man,
}

/// How a command ended, as its exit code tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// All is well.
    Well = 0,
    /// Something went wrong at run time.
    Broken = 1,
    /// Something else has to be said.
    Usage = 2,
    /// Something that was examined failed.
    Failed = 3,
    /// The settings cannot be used.
    Settings = 78,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(ending as u8)
    }
}

/// Runs the command that the process was started with. Usage errors end with 2.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match dispatch(arguments) {
        Ok(ending) => ending.into(),
        Err(error) => {
            let settings = error.downcast_ref::<SettingsError>();
            match settings {
                Some(error) => eprintln!("starface-calendar: the settings cannot be used:\n{error}"),
                None => eprintln!("starface-calendar: failed to {error:#}"),
            }
            if let Some(helps) = advice::advice(&error) {
                eprintln!("what helps: {helps}");
            }
            let several = several(&error);
            eprint!("{}", Screen::PLAIN.table(&several.iter().map(whom).collect::<Vec<_>>()));
            let ending = match settings {
                Some(_) => Ending::Settings,
                None if several.is_empty() => Ending::Broken,
                None => Ending::Usage,
            };
            ending.into()
        }
    }
}

/// Returns the members of whom the one meant could not be told.
fn several(error: &anyhow::Error) -> &[Whom] {
    let refusal = match error.downcast_ref() {
        Some(ControlError::Refused(refusal)) => Some(refusal),
        _ => error.downcast_ref(),
    };
    match refusal {
        Some(Refusal::Ambiguous { members, .. }) => members,
        _ => &[],
    }
}

/// A member, with the one name that fits nobody else first.
fn whom(member: &Whom) -> Vec<String> {
    let email = member.email.clone().unwrap_or_default();
    vec![format!("id:{}", member.account), member.login.clone(), member.name.clone(), email]
}

fn dispatch(arguments: Arguments) -> anyhow::Result<Ending> {
    let sources = Sources::of_process(arguments.config);
    let screen = Screen::of_stdout(colours(&sources));
    match arguments.command {
        Command::Run(run) => in_runtime(run::run(run, Local::load(&sources)?, colours(&sources))),
        Command::Demo(demo) => in_runtime(demo::demo(demo)),
        Command::Check(check) => in_runtime(check::check(check, sources, screen)),
        Command::Setup(setup) => in_runtime(setup::setup(*setup, sources, screen)),
        Command::Plan(plan) => in_runtime(plan::plan(plan, sources, screen)),
        Command::Status(status) => in_runtime(status::status(status, &Local::load(&sources)?, screen)),
        Command::Explain(explain) => in_runtime(explain::explain(explain, &Local::load(&sources)?, screen)),
        Command::End(end) => in_runtime(end::end(end, &Local::load(&sources)?)),
        Command::Restore(restore) => in_runtime(restore::restore(restore, &Local::load(&sources)?, screen)),
        Command::History(history) => in_runtime(history::history(history, &Local::load(&sources)?, screen)),
        Command::Categories(by_hand) => in_runtime(categories::categories(by_hand, &Local::load(&sources)?, screen)),
        Command::Completions(completions) => completions::completions(completions),
        Command::Man => manual::manual(),
    }
}

/// `NO_COLOR`, when it is set to anything, asks for none, and a terminal that is dumb shows none.
fn colours(sources: &Sources) -> Colours {
    let variable = |name: &str| sources.environment.get(OsStr::new(name));
    let unwanted = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
    if unwanted || variable("TERM").is_some_and(|value| value == "dumb") { Colours::Unwanted } else { Colours::Wanted }
}

/// The engine is one task, and its reads are a few more: two workers serve ten thousand members.
fn in_runtime(command: impl Future<Output = anyhow::Result<Ending>>) -> anyhow::Result<Ending> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(command)
}
