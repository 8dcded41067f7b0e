//! Asking: on a terminal, line by line, or nobody at all.
//!
//! Plain lines, so that it works on a serial console and with a screen reader. What is hidden is typed without echo and
//! wiped after use.

use std::io::{self, BufRead, IsTerminal};

use anyhow::{Context, bail};
use console::Term;

use super::questions::Echo;
use crate::cli::printing::say;
use crate::secret::Secret;

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialogue {
    /// Somebody at this terminal.
    Terminal,
    /// Nobody: everything is given.
    Nobody,
}

/// The longest line that is taken.
const LINE_BYTES_MAX: u64 = 8 * 1024;

/// What is said when the input ends.
const BROKEN_OFF: &str = "the input ended before everything was answered; nothing was written";

impl Dialogue {
    /// Finds out whether somebody is there.
    ///
    /// # Errors
    ///
    /// Fails when somebody is to be asked and there is no terminal.
    pub(super) fn at_terminal() -> anyhow::Result<Self> {
        if io::stdin().is_terminal() && io::stdout().is_terminal() {
            return Ok(Self::Terminal);
        }
        bail!("ask on a terminal: there is none; use --non-interactive with options and environment (see setup --help)")
    }

    /// Returns whether anybody can be asked.
    pub(super) fn is_terminal(self) -> bool {
        self == Self::Terminal
    }

    /// Asks once; an empty line is an empty text.
    pub(super) fn ask(self, words: &str, default: Option<&str>, echo: Echo) -> anyhow::Result<Secret> {
        let unseen = if echo == Echo::Hidden { " (not shown)" } else { "" };
        let default = match default {
            None => String::new(),
            Some("") => " [none]".to_owned(),
            Some(default) => format!(" [{default}]"),
        };
        say(&format!("  {words}{unseen}{default}: "))?;
        match echo {
            Echo::Shown => line(),
            Echo::Hidden => Ok(Secret::new(Term::stdout().read_secure_line().context("read what is typed")?)),
        }
    }

    /// Asks for yes or no. Where nobody is there, it is the default.
    pub(super) fn confirm(self, words: &str, default: bool) -> anyhow::Result<bool> {
        if !self.is_terminal() {
            return Ok(default);
        }
        let choice = if default { "Y/n" } else { "y/N" };
        loop {
            say(&format!("  {words} [{choice}]: "))?;
            match line()?.expose().trim().to_lowercase().as_str() {
                "" => return Ok(default),
                "y" | "yes" | "j" | "ja" => return Ok(true),
                "n" | "no" | "nein" => return Ok(false),
                _ => say("  Please answer y or n.\n")?,
            }
        }
    }

    /// Asks for one of several words; the first is the default.
    pub(super) fn choose(self, words: &str, choices: &[&'static str]) -> anyhow::Result<&'static str> {
        let default = choices.first().copied().unwrap_or_default();
        loop {
            say(&format!("  {words} ({}) [{default}]: ", choices.join(", ")))?;
            let answer = line()?;
            let answer = answer.expose().trim();
            if answer.is_empty() {
                return Ok(default);
            }
            if let Some(choice) = choices.iter().find(|choice| choice.eq_ignore_ascii_case(answer)) {
                return Ok(choice);
            }
            say(&format!("  Please answer one of: {}.\n", choices.join(", ")))?;
        }
    }
}

fn line() -> anyhow::Result<Secret> {
    let mut line = zeroize::Zeroizing::new(String::new());
    let read = io::Read::take(io::stdin().lock(), LINE_BYTES_MAX).read_line(&mut line).context("read what is typed")?;
    if read == 0 {
        bail!(BROKEN_OFF);
    }
    Ok(Secret::new(line.trim_end_matches(['\r', '\n'])))
}
