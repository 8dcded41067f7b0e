//! Microsoft 365: the tenant, the app, what it proves itself with, and one member's calendar.

use super::Guide;
use super::commands::{self, Scope};
use super::group::OnPage;
use super::pbx::DryPbx;
use crate::cli::check::{credential, mailboxes};
use crate::cli::printing::say;
use crate::cli::wiring;
use crate::clock::Clock;
use crate::graph::{Calendars, GraphClient, GraphError, TokenProblem};
use crate::meter::Meter;
use crate::rules::Member;
use crate::settings::{Settings, SettingsError};

/// The answers that prove the app, one of which is enough.
const PROOFS: [&str; 5] = [
    "graph.client_secret",
    "graph.client_secret_file",
    "graph.certificate_file",
    "graph.key_file",
    "graph.assertion_file",
];

const NO_WAY: &str = "see that this machine reaches login.microsoftonline.com and graph.microsoft.com over HTTPS";

impl Guide {
    /// Finds the app and tries to read a calendar with it.
    pub(super) async fn reach_tenant(
        &mut self,
        pbx: Option<&DryPbx>,
        mut page: OnPage,
        members: &[Member],
        scope: &Scope,
    ) -> anyhow::Result<()> {
        self.chapter("Microsoft 365")?;
        self.help_to_register(&page, scope)?;
        loop {
            self.ask_app(&page)?;
            match self.try_app(&page).await? {
                Tried::Well(graph) => {
                    self.try_mailbox(&graph, members, scope).await?;
                    break;
                }
                Tried::Wrong(keys) => {
                    if !self.again("log in at Microsoft 365: it was given up")? {
                        break;
                    }
                    self.answers.forget(&keys);
                    if let (Some(pbx), true) = (pbx, keys.iter().any(|key| page.get(key).is_some())) {
                        page = self.read_page(pbx).await?;
                    }
                }
            }
        }
        self.ask("graph.expect_scoped")
    }

    fn help_to_register(&self, page: &OnPage, scope: &Scope) -> anyhow::Result<()> {
        let is_known = page.get("graph.client_id").is_some() || self.answers.has("graph.client_id");
        if is_known || self.dialogue.confirm("Is the app registered in Microsoft Entra already?", true)? {
            return Ok(());
        }
        say("\n")?;
        say(&commands::all(&self.answers, scope))?;
        say("\n")?;
        self.dialogue.confirm("Run them, note what they print, and go on when it is done. Done?", true).map(drop)
    }

    fn ask_app(&mut self, page: &OnPage) -> anyhow::Result<()> {
        for key in ["graph.tenant_id", "graph.client_id"] {
            match page.get(key) {
                Some(value) => self.good(&format!("{key} is {value}, by the module's page"))?,
                None => self.ask(key)?,
            }
        }
        for key in ["graph.endpoint", "graph.login_endpoint"] {
            if self.answers.has(key) {
                self.ask(key)?;
            }
        }
        if page.get("graph.client_secret").is_some() {
            self.good("the client secret is on the module's page")?;
            return self.ask("graph.client_secret_expires_at");
        }
        self.ask_proof()
    }

    /// Asks for one of the three ways in which the app proves itself.
    fn ask_proof(&mut self) -> anyhow::Result<()> {
        let given = PROOFS.into_iter().find(|key| self.answers.get(key).is_some());
        let way = match given {
            Some("graph.client_secret" | "graph.client_secret_file") => "secret",
            Some("graph.certificate_file" | "graph.key_file") => "certificate",
            Some(_) => "assertion",
            None if !self.dialogue.is_terminal() => "secret",
            None => {
                self.dialogue.choose("What does the app prove itself with", &["secret", "certificate", "assertion"])?
            }
        };
        match way {
            "secret" => {
                self.ask_unless_in_file("graph.client_secret", true)?;
                self.ask("graph.client_secret_expires_at")
            }
            "certificate" => {
                self.ask("graph.certificate_file")?;
                self.ask("graph.key_file")
            }
            _ => self.ask("graph.assertion_file"),
        }
    }

    async fn try_app(&self, page: &OnPage) -> anyhow::Result<Tried> {
        let settings = match self.settings(page) {
            Ok(settings) => settings,
            Err(error) => {
                for problem in &error.problems {
                    self.bad(&format!("{}: {}; {}", problem.key, problem.wrong, problem.allowed))?;
                }
                return Ok(Tried::Wrong(PROOFS.to_vec()));
            }
        };
        let graph = wiring::calendars(&settings.graph, wiring::bodies(&settings), self.clock, Meter::default())?;
        match graph.check_token().await {
            Ok(_) => {
                let line = credential::line(&settings.graph.credential, self.clock.now());
                self.good(&format!("Microsoft Entra gives a token for the app, by its {}", line.text()))?;
                Ok(Tried::Well(Box::new(graph)))
            }
            Err(error) => {
                let keys = doubtful(&error);
                let is_way = matches!(error, GraphError::Unreachable { .. } | GraphError::TimedOut { .. });
                self.failed(&error.into(), is_way.then_some(NO_WAY))?;
                Ok(Tried::Wrong(keys))
            }
        }
    }

    /// Returns the settings that were answered so far, with the page where it decides.
    fn settings(&self, page: &OnPage) -> Result<Settings, SettingsError> {
        let local = self.answers.local(&[])?;
        match &page.page {
            Some(page) => local.settings_with(&page.fields, &page.lists),
            None => local.settings(),
        }
    }

    /// Reads the next day of one member's calendar.
    async fn try_mailbox(&self, graph: &GraphClient, members: &[Member], scope: &Scope) -> anyhow::Result<()> {
        let Some(address) = members.iter().find_map(|member| member.address.as_ref()) else {
            return self.doubtful("no member has an e-mail address, so no calendar was tried");
        };
        loop {
            let read = graph.read(&[mailboxes::request(address, self.clock)]).await;
            let read = read.and_then(|answers| answers.into_iter().try_for_each(|answer| answer.calendar.map(drop)));
            let Err(error) = read else { return self.good(&format!("the calendar of {address} can be read")) };
            let is_forbidden = error.is_forbidden();
            let helps = if is_forbidden {
                "grant the app Application Calendars.Read in Exchange, as the commands below do; it counts after up to 2 hours"
            } else {
                "compare the address in STARFACE with the mailbox in Microsoft 365"
            };
            self.failed(&anyhow::Error::from(error).context(format!("read the calendar of {address}")), Some(helps))?;
            if is_forbidden && self.dialogue.is_terminal() {
                say(&format!("\n{}\n", commands::exchange(&self.answers, scope)))?;
            }
            if !self.again("read a calendar: it was given up")? {
                return Ok(());
            }
        }
    }
}

/// What came of trying the app.
enum Tried {
    Well(Box<GraphClient>),
    /// Which answers may be wrong.
    Wrong(Vec<&'static str>),
}

/// Returns which answers may be wrong.
fn doubtful(error: &GraphError) -> Vec<&'static str> {
    match error {
        GraphError::TokenDenied { problem, .. } => match problem {
            TokenProblem::TenantUnknown => vec!["graph.tenant_id"],
            TokenProblem::AppUnknown => vec!["graph.client_id", "graph.tenant_id"],
            TokenProblem::SecretWrong | TokenProblem::SecretExpired => {
                [&PROOFS[..], &["graph.client_secret_expires_at"]].concat()
            }
            TokenProblem::ScopeUnknown => vec!["graph.endpoint"],
            _ => Vec::new(),
        },
        GraphError::Unproved { problem, .. } if !problem.may_pass() => PROOFS.to_vec(),
        _ => Vec::new(),
    }
}
