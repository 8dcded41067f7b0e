//! `check`: one line per thing examined, and what helps.
//!
//! Reads only: nothing is written to the PBX, the tenant or the journal.

use chrono::TimeDelta;
use clap::Args;
use serde::Serialize;
use uuid::Uuid;

use super::printing::{say, say_json};
use super::progress::Progress;
use super::screen::{Screen, Tone};
use super::{Ending, wiring};
use crate::clock::{Clock, SystemClock};
use crate::graph::{GraphClient, GraphError};
use crate::meter::Meter;
use crate::pbx::{Caller, ModuleInfo, Pbx, PbxError, ReadOnly, XmlRpc};
use crate::rules::{Member, Verdict};
use crate::settings::{self, Local, RulesSource, Settings, Sources, Starface};

mod categories;
pub(super) mod credential;
pub(super) mod mailboxes;
mod numbers;
mod page;
mod permissions;
mod rivals;
mod scope;
mod tls;

/// Arguments of `check`.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(super) struct Check {
    /// Examine the settings only; ask nobody
    #[arg(long)]
    offline: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Health {
    Ok,
    Warning,
    Failed,
}

/// One line: a thing that was examined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Line {
    subject: String,
    health: Health,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    helps: Option<String>,
}

impl Line {
    /// Returns what is said, without how it is and what helps.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    fn ok(subject: &str, text: impl Into<String>) -> Self {
        Self { subject: subject.to_owned(), health: Health::Ok, text: text.into(), helps: None }
    }

    fn warning(subject: &str, text: impl Into<String>, helps: &str) -> Self {
        Self { subject: subject.to_owned(), health: Health::Warning, text: text.into(), helps: Some(helps.to_owned()) }
    }

    fn failed(subject: &str, error: &dyn std::error::Error, helps: &str) -> Self {
        let text = crate::engine::chain(error);
        Self { subject: subject.to_owned(), health: Health::Failed, text, helps: Some(helps.to_owned()) }
    }
}

impl From<settings::Finding> for Line {
    fn from(finding: settings::Finding) -> Self {
        let health = match finding.health {
            settings::Health::Fine => Health::Ok,
            settings::Health::Warning => Health::Warning,
        };
        Self { subject: finding.subject, health, text: finding.text, helps: None }
    }
}

impl Line {
    /// Returns the line as people read it, and what helps below it.
    fn words(&self, screen: Screen) -> String {
        let (health, tone) = match self.health {
            Health::Ok => ("ok", Tone::Good),
            Health::Warning => ("warning", Tone::Doubtful),
            Health::Failed => ("failed", Tone::Bad),
        };
        // Lines are left to the terminal to break: some hold what is pasted elsewhere.
        let beside = " ".repeat(HEALTH_WIDTH - health.len());
        let mut words =
            format!("{}{beside} {:<SUBJECT_WIDTH$} {}", screen.tinted(tone, health), self.subject, self.text);
        if let Some(helps) = &self.helps {
            words += &format!("\n{:TEXT_COLUMN$}what helps: {helps}", "");
        }
        words
    }
}

/// How wide the column of the health is.
const HEALTH_WIDTH: usize = 8;

/// How wide the column of the subject is.
const SUBJECT_WIDTH: usize = 22;

/// Where the texts begin.
const TEXT_COLUMN: usize = HEALTH_WIDTH + 1 + SUBJECT_WIDTH + 1;

/// Examines, prints, and says by the exit code whether something failed.
pub(super) async fn check(arguments: Check, sources: Sources, screen: Screen) -> anyhow::Result<Ending> {
    let local = Local::load(&sources)?;
    let mut report = Report { arguments, screen, progress: Progress::hidden(), lines: Vec::new(), unsaid: None };
    match local.source {
        RulesSource::File => examine_site(&local.settings()?, &mut report).await?,
        RulesSource::Page => examine_site_with_page(&local, &mut report).await?,
    }
    report.end()
}

/// Examines a site that decides everything on this machine.
async fn examine_site(settings: &Settings, report: &mut Report) -> anyhow::Result<()> {
    report.tell_findings(settings.findings());
    report.tell(credential::line(&settings.graph.credential, SystemClock.now()));
    if report.arguments.offline {
        return Ok(());
    }
    let clock = SystemClock;
    let graph = wiring::calendars(&settings.graph, wiring::bodies(settings), clock, Meter::default())?;
    examine_token(&graph, clock, report).await;
    let pbx = examine_pbx(&settings.starface, clock, report).await?;
    let members = examine_group(settings, pbx.as_ref(), report).await;
    examine_rights(settings, &graph, clock, &members, report).await;
    Ok(())
}

/// Examines a site that decides on the module's page: first what leads to it, then the page, then the rest by what it
/// says.
async fn examine_site_with_page(local: &Local, report: &mut Report) -> anyhow::Result<()> {
    report.tell_findings(local.findings());
    if report.arguments.offline {
        report.tell(page::left_out());
        return Ok(());
    }
    let clock = SystemClock;
    let Some(pbx) = examine_pbx(&local.starface, clock, report).await? else { return Ok(()) };
    let Some(settings) = page::examine(local, &pbx, report).await else { return Ok(()) };
    report.tell_findings(settings.findings().into_iter().filter(|finding| !local.findings().contains(finding)));
    report.tell(credential::line(&settings.graph.credential, clock.now()));
    let graph = wiring::calendars(&settings.graph, wiring::bodies(&settings), clock, Meter::default())?;
    examine_token(&graph, clock, report).await;
    let members = examine_group(&settings, Some(&pbx), report).await;
    examine_rights(&settings, &graph, clock, &members, report).await;
    Ok(())
}

/// Examines what the app may do in the tenant: enough, and no more.
async fn examine_rights(
    settings: &Settings,
    graph: &GraphClient,
    clock: SystemClock,
    members: &[Member],
    report: &mut Report,
) {
    let readable = mailboxes::examine(settings, graph, clock, members, report).await;
    categories::examine(settings, graph, members, report).await;
    permissions::examine(settings, graph, report).await;
    scope::examine(settings, graph, clock, (members, readable), report).await;
}

/// The lines so far; on a terminal each is printed as soon as it is known.
struct Report {
    arguments: Check,
    screen: Screen,
    progress: Progress,
    lines: Vec<Line>,
    /// Why a line could not be printed.
    unsaid: Option<anyhow::Error>,
}

impl Report {
    fn tell(&mut self, line: Line) {
        if !self.arguments.json {
            let said = self.progress.aside(|| say(&(line.words(self.screen) + "\n")));
            self.unsaid = self.unsaid.take().or(said.err());
        }
        self.lines.push(line);
    }

    fn tell_findings(&mut self, findings: impl IntoIterator<Item = settings::Finding>) {
        for finding in findings {
            self.tell(finding.into());
        }
    }

    /// Begins to count so many pieces of work.
    fn begin(&mut self, pieces: usize, words: &str) {
        self.progress = if self.arguments.json { Progress::hidden() } else { Progress::of(pieces, words) };
    }

    fn advance(&self, pieces: usize) {
        self.progress.advance(pieces);
    }

    fn end(self) -> anyhow::Result<Ending> {
        if self.arguments.json {
            say_json(&self.lines)?;
        }
        if let Some(error) = self.unsaid {
            return Err(error);
        }
        let failed = self.lines.iter().any(|line| line.health == Health::Failed);
        Ok(if failed { Ending::Failed } else { Ending::Well })
    }
}

/// What helps against an error: what a person has to set right, or, where it may pass by itself, to see to the way.
fn helps(verdict: Verdict, by_hand: &'static str) -> &'static str {
    match verdict {
        Verdict::NeedsHuman | Verdict::GiveUp => by_hand,
        Verdict::Retry { .. } => {
            "see that the address is right (see above), that the other side runs and that no firewall is in between; then \
             try again"
        }
    }
}

/// How far the machine's clock may be off before appointments act noticeably early or late.
const CLOCK_OFF_MAX: TimeDelta = TimeDelta::seconds(5);

async fn examine_token(graph: &GraphClient, clock: SystemClock, report: &mut Report) {
    match graph.check_token().await {
        Err(error @ GraphError::Unproved { .. }) => report.tell(Line::failed("token", &error, "see credential above")),
        Err(error) => report.tell(Line::failed(
            "token",
            &error,
            helps(
                error.verdict(),
                "compare graph.tenant_id, graph.client_id and what the app logs in with (see credential above) with the \
                 app's page in Microsoft Entra",
            ),
        )),
        Ok(server_time) => {
            report.tell(Line::ok("token", "Microsoft Entra gives one for the app"));
            let off = server_time.map(|at| clock.now() - at);
            report.tell(match off {
                None => Line::warning("clock", "Microsoft Entra did not tell its time", "check the time by hand"),
                Some(off) if off.abs() <= CLOCK_OFF_MAX => Line::ok("clock", "agrees with Microsoft's"),
                Some(off) => Line::warning(
                    "clock",
                    format!("is {} s off Microsoft's, so appointments act at the wrong time", off.num_seconds()),
                    "let the machine follow a time server (timedatectl set-ntp true)",
                ),
            });
        }
    }
}

/// Asks the PBX for the module; returns nothing when it did not answer.
async fn examine_pbx(
    starface: &Starface,
    clock: SystemClock,
    report: &mut Report,
) -> anyhow::Result<Option<ReadOnly<XmlRpc>>> {
    let caller = Caller::new(Uuid::new_v4().to_string(), 1);
    let pbx = ReadOnly(wiring::pbx(starface, caller, clock, Meter::default())?);
    let info = pbx.info().await;
    if let Some(line) = tls::line(starface, &info) {
        report.tell(line);
    }
    match info {
        // Said by the line before.
        Err(PbxError::Certificate { .. }) => Ok(None),
        Err(error) => {
            report.tell(Line::failed(
                "PBX",
                &error,
                helps(
                    error.verdict(),
                    "compare starface.login, its password, starface.auth and starface.module_key with the module's page",
                ),
            ));
            Ok(None)
        }
        Ok(module) => {
            report.tell(Line::ok("PBX log-in", format!("as {}", starface.login)));
            report.tell(versions(&module));
            Ok(Some(pbx))
        }
    }
}

fn versions(module: &ModuleInfo) -> Line {
    let versions =
        format!("{} version {} on STARFACE {}", module.instance_name, module.module_version, module.starface_version);
    if module.api == "1" {
        Line::ok("module", versions)
    } else {
        Line::warning("module", format!("{versions}, which speaks another language"), "update the module")
    }
}

/// Asks for the members, of whom there are none without the PBX.
async fn examine_group(settings: &Settings, pbx: Option<&ReadOnly<XmlRpc>>, report: &mut Report) -> Vec<Member> {
    let Some(pbx) = pbx else { return Vec::new() };
    match pbx.members(settings.group).await {
        Err(error) => {
            let help = "compare the group in the settings with the account id of the STARFACE group";
            report.tell(Line::failed("group", &error, help));
            Vec::new()
        }
        Ok(members) => {
            tell_of_group(settings, &members, report);
            numbers::examine(pbx, settings, &members, report).await;
            rivals::examine(pbx, settings, &members, report).await;
            members
        }
    }
}

fn tell_of_group(settings: &Settings, members: &[Member], report: &mut Report) {
    let group = settings.group;
    report.tell(if members.is_empty() {
        Line::warning("group", format!("{group} has no members"), "add members to the group, or name another group")
    } else {
        Line::ok("group", format!("{group} has {} members", members.len()))
    });
    for member in members.iter().filter(|member| member.address.is_none()) {
        report.tell(Line::warning(
            "address",
            format!("{} ({}) has none, so no calendar is followed", member.name, member.login),
            "enter the e-mail address of the mailbox in STARFACE",
        ));
    }
}

/// The most people, mailboxes or permissions that are named; the rest is counted.
const NAMED_MAX: usize = 10;

fn names(members: &[&Member]) -> String {
    let named: Vec<String> =
        members.iter().take(NAMED_MAX).map(|member| format!("{} ({})", member.name, member.login)).collect();
    match members.len().saturating_sub(NAMED_MAX) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
