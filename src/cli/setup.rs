//! `setup`: writes the settings file step by step, and tries each answer at once.
//!
//! Asks only what no option and no variable of the environment has answered, and nobody at all with `--non-interactive`.
//! Nothing is written to the PBX or the tenant; the file appears at the end, whole or not at all.

use anyhow::bail;
use clap::Args;

use self::answers::Answers;
use self::dialogue::Dialogue;
use self::file::Draft;
use self::options::Options;
use self::questions::{Echo, Question, question};
use super::check::{self, Check};
use super::printing::say;
use super::screen::{Screen, Tone};
use super::{Ending, advice};
use crate::clock::{Clock, SystemClock};
use crate::settings::{Sources, problem_of_answer};

mod answers;
mod commands;
mod dialogue;
mod file;
mod group;
mod options;
mod pbx;
mod questions;
mod tenant;

/// Arguments of `setup`.
#[derive(Clone, Debug, Args)]
pub(super) struct Setup {
    /// Ask nothing; take everything from options and the environment
    #[arg(long)]
    non_interactive: bool,
    /// Take the place of a settings file that is there; the old one is kept beside it
    #[arg(long)]
    replace: bool,
    /// Write the file also when something could not be tried with success
    #[arg(long)]
    untried: bool,
    /// Only print the commands that give the app its least rights in Microsoft Entra and Exchange
    #[arg(long)]
    commands: bool,
    #[command(flatten)]
    options: Options,
}

/// What is said before the first question.
const OPENING: &str = "This writes the settings file step by step and tries each answer at once. Enter takes what stands in \
                       [brackets]; Ctrl-C ends without writing anything. Nothing is changed in STARFACE or Microsoft 365.\n";

/// How often one thing is asked at the most: an input that has ended answers for ever.
const TRIES_MAX: usize = 30;

/// Whoever asks and tries.
struct Guide {
    answers: Answers,
    dialogue: Dialogue,
    screen: Screen,
    clock: SystemClock,
    /// Whether what cannot be tried with success is taken all the same.
    untried: bool,
}

/// Asks, tries, writes, and examines what was written.
pub(super) async fn setup(arguments: Setup, sources: Sources, screen: Screen) -> anyhow::Result<Ending> {
    let answers = Answers::given(&sources, arguments.options.given());
    if arguments.commands {
        say(&commands::all(&answers, &commands::Scope::of_nobody()))?;
        return Ok(Ending::Well);
    }
    let dialogue = if arguments.non_interactive { Dialogue::Nobody } else { Dialogue::at_terminal()? };
    let mut guide = Guide { answers, dialogue, screen, clock: SystemClock, untried: arguments.untried };
    if dialogue.is_terminal() {
        say(OPENING)?;
    }
    let target = guide.answers.file().clone();
    let replaces = target.exists();
    if replaces && !guide.may_replace(arguments.replace)? {
        bail!("write {}: it is there already; nothing was changed", target.display());
    }
    let draft = Draft::begin(&target)?;
    guide.examine_given()?;
    let scope = guide.tour().await?;
    let text = file::text(&guide.answers, guide.clock.now());
    guide.chapter("The settings file")?;
    if replaces {
        let kept = draft.replace(&text, guide.clock.now())?;
        guide.good(&format!("the file before is kept as {}", kept.display()))?;
    } else {
        draft.put(&text)?;
    }
    guide.good(&format!("written: {}", target.display()))?;
    guide.show_commands(&scope)?;
    guide.chapter("Everything at once, as `starface-calendar check` examines it")?;
    let written = Sources { file: target, environment: std::collections::BTreeMap::new(), ..sources };
    let examined = check::check(Check::default(), written, screen).await;
    // Whatever it is, something is to be mended in a file that is there.
    let ended = examined.map_err(|error| anyhow::anyhow!("examine what was written: {error:#}"))?;
    say(NEXT)?;
    Ok(if ended == Ending::Well { Ending::Well } else { Ending::Broken })
}

/// What is said at the end.
const NEXT: &str = "\nWhat is next: `starface-calendar plan` foretells what would happen to whom, `starface-calendar run \
                    --shadow` decides without writing to the PBX, and `systemctl enable --now starface-calendar` starts the \
                    service.\n";

impl Guide {
    /// Goes through everything that a site needs; returns whose mailboxes are to be read.
    async fn tour(&mut self) -> anyhow::Result<commands::Scope> {
        let pbx = self.reach_pbx().await?;
        let page = self.choose_source(pbx.as_ref()).await?;
        let members = self.choose_group(pbx.as_ref(), &page).await?;
        let scope = commands::Scope::of(&members);
        self.reach_tenant(pbx.as_ref(), page, &members, &scope).await?;
        self.choose_alarms()?;
        Ok(scope)
    }

    /// Looks at what was given before anything is tried; what is wrong with it is asked for, or nobody goes on.
    fn examine_given(&mut self) -> anyhow::Result<()> {
        for question in &questions::QUESTIONS {
            match self.wrong(question) {
                Some(wrong) if !self.dialogue.is_terminal() => bail!("use {}: {wrong}", question.key),
                Some(wrong) => {
                    self.bad(&format!("{}: {wrong}", question.key))?;
                    self.answers.forget(&[question.key]);
                }
                None => {}
            }
        }
        Ok(())
    }

    fn may_replace(&self, is_wanted: bool) -> anyhow::Result<bool> {
        let file = self.answers.file().display().to_string();
        if is_wanted {
            return Ok(true);
        }
        self.dialogue.confirm(&format!("{file} is there already. Replace it? The old one is kept beside it"), false)
    }

    fn choose_alarms(&mut self) -> anyhow::Result<()> {
        self.chapter("Mail about problems")?;
        self.ask("alarm.to")?;
        if self.answers.get("alarm.to").is_some() {
            self.ask("alarm.smtp_url")?;
        }
        Ok(())
    }

    /// Sees to it that a question is answered, with an answer that the settings take.
    fn ask(&mut self, key: &'static str) -> anyhow::Result<()> {
        let question = question(key);
        if self.answers.has(key) && self.wrong(question).is_none() {
            return Ok(());
        }
        if !self.dialogue.is_terminal() {
            return self.take_default(question);
        }
        for _ in 0..TRIES_MAX {
            let default = question.default.unwrap_or_default();
            let typed = self.dialogue.ask(question.words, question.default, question.echo)?;
            let is_left = typed.expose().trim().is_empty();
            if is_left && question.default.is_none() {
                self.bad("this is needed")?;
                continue;
            }
            let answer = match question.echo {
                _ if is_left => default.to_owned(),
                Echo::Shown => typed.expose().trim().to_owned(),
                Echo::Hidden => typed.expose().to_owned(),
            };
            self.answers.set(key, crate::secret::Secret::new(answer));
            match self.wrong(question) {
                None => return Ok(()),
                Some(wrong) => self.bad(&wrong)?,
            }
        }
        bail!("get an answer to \"{}\" in {TRIES_MAX} tries; nothing was written", question.words)
    }

    fn take_default(&mut self, question: &'static Question) -> anyhow::Result<()> {
        let Some(default) = question.default else {
            let variable = crate::settings::environment::variable(question.key);
            bail!("do without {}: give it as an option or as {variable}", question.key)
        };
        self.answers.set(question.key, crate::secret::Secret::new(default));
        Ok(())
    }

    /// Returns what is wrong with an answer.
    fn wrong(&self, question: &Question) -> Option<String> {
        let answer = self.answers.get(question.key)?;
        let problem = problem_of_answer(self.answers.file(), question.key, answer.expose())?;
        Some(format!("{}; {}", problem.wrong, problem.allowed))
    }

    /// After something failed: whether to try it again. Where nobody is there, or somebody gives up, it fails as a whole
    /// unless it may stay untried.
    fn again(&self, what: &str) -> anyhow::Result<bool> {
        if self.dialogue.confirm("Try again?", self.dialogue.is_terminal())? {
            return Ok(true);
        }
        let takes_untried = self.untried || self.dialogue.confirm("Go on all the same, and mend it later?", false)?;
        if takes_untried {
            return Ok(false);
        }
        bail!("{what}; nothing was written")
    }

    fn show_commands(&self, scope: &commands::Scope) -> anyhow::Result<()> {
        let words = "Show the commands that give the app its least rights in Microsoft Entra and Exchange?";
        if self.dialogue.confirm(words, true)? {
            self.chapter("Least rights in Microsoft 365")?;
            say(&commands::all(&self.answers, scope))?;
        }
        Ok(())
    }

    fn chapter(&self, title: &str) -> anyhow::Result<()> {
        say(&format!("\n{title}\n"))
    }

    fn good(&self, words: &str) -> anyhow::Result<()> {
        say(&format!("  {} {words}\n", self.screen.tinted(Tone::Good, "ok:")))
    }

    fn doubtful(&self, words: &str) -> anyhow::Result<()> {
        say(&format!("  {} {words}\n", self.screen.tinted(Tone::Doubtful, "note:")))
    }

    fn bad(&self, words: &str) -> anyhow::Result<()> {
        say(&format!("  {} {words}\n", self.screen.tinted(Tone::Bad, "no:")))
    }

    /// Tells an error with what helps, where it does not say so itself.
    fn failed(&self, error: &anyhow::Error, helps: Option<&str>) -> anyhow::Result<()> {
        self.bad(&format!("failed to {error:#}"))?;
        match helps.or_else(|| advice::advice(error).filter(|advice| !advice.contains("starface-calendar check"))) {
            Some(helps) => say(&format!("      what helps: {helps}\n")),
            None => Ok(()),
        }
    }
}
