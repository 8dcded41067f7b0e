//! `demo`: a simulated tenant and PBX on loopback, and the real service between them, over real HTTP.
//!
//! It needs no settings and tells in the terminal what happens to whom, and why: what the simulated PBX shows comes
//! from the PBX, the reasons come from the service's own log. In the middle the service is killed exactly between a
//! write and its confirmation, and started again. At the end everything must be as it was, or the demo fails.

use std::pin::pin;

use anyhow::Context;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::Zurich;
use clap::Args;
use futures_util::future::{Either, select};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use self::narrator::{Heard, narrate};
use self::service::Service;
use self::stage::{EMIL, FIELDS, PEOPLE, Pace, Stage, step};
use super::Ending;
use crate::clock::{Clock, SystemClock};

mod narrator;
mod only;
mod service;
mod stage;

/// Arguments of `demo`.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Demo {
    /// How long the demo takes
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(20..=600))]
    seconds: u32,
    /// Instead, keep only the simulated tenant and PBX running, for trying an installation against them; prints the
    /// settings that lead there, and then what the telephones show
    #[arg(long, conflicts_with = "seconds")]
    only_simulation: bool,
}

/// How many lines may wait to be told.
const HEARD_MAX: usize = 1000;

/// Plays the demo; fails when anything is not as it was at the end.
pub(super) async fn demo(arguments: Demo) -> anyhow::Result<Ending> {
    if arguments.only_simulation {
        return only::only_simulation().await;
    }
    let clock = SystemClock;
    let pace = Pace::new(clock.now(), arguments.seconds);
    let stage = Stage::build(pace).await?;
    introduce(&stage, pace, arguments.seconds);
    let before = everybody(&stage);
    let (heard, hearing) = mpsc::channel(HEARD_MAX);
    let mut narration = JoinSet::new();
    narration.spawn(narrate(hearing, stage.appointments().clone()));
    narration.spawn(narrator::follow(stage.pbx.changes(), Heard::Change, heard.clone()));
    narration.spawn(narrator::follow(stage.pbx.redirect_changes(), Heard::Redirect, heard.clone()));
    let played = play(&stage, pace, clock, &heard).await;
    narration.abort_all();
    let during = played?;
    Ok(conclude(&stage, &before, &during))
}

/// What everybody's telephone shows.
type Shows = Vec<Vec<String>>;

/// Starts, kills, starts again; returns what was shown just before the end of all appointments.
async fn play(stage: &Stage, pace: Pace, clock: SystemClock, heard: &mpsc::Sender<Heard>) -> anyhow::Result<Shows> {
    let tell = async |words: String| heard.send(Heard::Aside(words)).await.context("tell the story");
    let service = start(stage, heard)?;
    tell(format!("The service starts (process {}).", service.id())).await?;
    clock.sleep_until(pace.at(step::AMBUSH)).await;
    let gate = stage.pbx.hold_after_apply();
    let too_late = clock.sleep_until(pace.at(step::RESTART));
    if let Either::Right(_) = select(pin!(gate.reached()), pin!(too_late)).await {
        anyhow::bail!("see the service write when Anna's second appointment began");
    }
    let id = service.id();
    service.kill().await?;
    drop(gate);
    tell(format!(
        "kill -9 {id}: the PBX has just carried out a write, and the service dies before it hears of it.\n          \
         Nothing is lost: the journal was written before. Until the service is back, the telephones stay as they are."
    ))
    .await?;
    clock.sleep_until(pace.at(step::RESTART)).await;
    let service = start(stage, heard)?;
    tell(format!("The service starts again (process {}) and looks at what is there.", service.id())).await?;
    clock.sleep_until(pace.at(step::END) - chrono::TimeDelta::seconds(1)).await;
    let during = everybody(stage);
    clock.sleep_until(pace.at(step::CURTAIN)).await;
    service.kill().await?;
    Ok(during)
}

fn start(stage: &Stage, heard: &mpsc::Sender<Heard>) -> anyhow::Result<Service> {
    Service::start(&stage.settings_file(), heard.clone())
}

fn everybody(stage: &Stage) -> Shows {
    PEOPLE.iter().map(|(account, ..)| stage.shows(*account)).collect()
}

fn introduce(stage: &Stage, pace: Pace, seconds: u32) {
    let local = |step| time(pace.at(step));
    println!("STARFACE follows the calendar: a demo of {seconds} seconds, with a simulated Microsoft 365 tenant at");
    println!("{} and a simulated STARFACE at {}.\n", stage.tenant.endpoint(), stage.pbx.url());
    let (url, token) = stage.page();
    println!("Status page of the service, while the demo runs: {url}");
    println!("Log in with the token {token} to see titles and to use its buttons.\n");
    println!("Five people and their appointments (times of Zurich):");
    let (first, second, end) = (local(step::FIRST), local(step::SECOND), local(step::END));
    println!("  Anna Muster    {first}-{second} \"Muster AG\", busy; then until {end} \"Kunde ABC\", out of office");
    println!(
        "  Beat Beispiel  {}-{end} a private appointment: nobody reads its title. Its categories",
        local(step::PRIVATE)
    );
    println!("                 _SF_DND_aktivieren and _SF_Funktionstasten_aktivieren ask for DND and a red key");
    println!(
        "  Carla Kurz     {}-{end} an invitation that she has not answered: it may come from",
        local(step::INVITATION)
    );
    println!("                 anybody, so its title is not shown, and the premium number in its text is not dialled");
    println!("  Dora Dorn      {first}-{end} \"Fokuszeit\", with the category _SF_Ignorieren: it does not count");
    println!(
        "  Emil Extern    {}-{end} \"Kunde ABC\": _SF_Voicemail_extern_aktivieren sends external calls to voicemail,",
        local(step::REDIRECTED)
    );
    println!(
        "                 _SF_AUL_intern_aktivieren and @@Intern:+41712345689 send internal ones to that number\n"
    );
}

/// Compares and tells; the demo is a proof only if something changed and everything came back.
fn conclude(stage: &Stage, before: &Shows, during: &Shows) -> Ending {
    let after = everybody(stage);
    let graph = stage.tenant.counts();
    let calls: u64 = stage.pbx.calls().values().sum();
    println!("\nWhat the telephones showed before, during and after:");
    for (number, (_, first_name, family_name)) in PEOPLE.iter().enumerate() {
        println!("  {first_name} {family_name}");
        for (when, shows) in [("before", &before[number]), ("during", &during[number]), ("after", &after[number])] {
            println!("    {when:<7} {}", narrator::line(shows));
        }
    }
    let emil = PEOPLE.iter().position(|(account, ..)| *account == EMIL).unwrap_or_default();
    println!("\nEmil's page \"Umleitung: Immer\" (always redirect):");
    print!("{}", narrator::redirect_page(&before[emil], &during[emil], &after[emil]));
    println!("\nAsked of Microsoft Graph: {} calls; of the PBX: {calls} calls.", graph.batches);
    let restored = after == *before;
    let overlaid = before.iter().zip(during).filter(|(before, during)| before != during).count();
    let redirected = before[emil].iter().zip(&during[emil]).skip(FIELDS.len()).all(|(before, during)| before != during);
    if restored && overlaid == 4 && redirected {
        println!("Everything is as it was, although the service was killed in the middle. Dora's was never touched.");
        return Ending::Well;
    }
    println!("THIS DEMO FAILED: {overlaid} of 4 people were overlaid, redirected: {redirected}, restored: {restored}.");
    Ending::Broken
}

/// A time of day at the demo's site.
fn time(at: DateTime<Utc>) -> String {
    at.with_timezone(&Zurich).format("%H:%M:%S").to_string()
}
