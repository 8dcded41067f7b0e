//! `plan`: what would happen to whom, when and why, from the real calendars.
//!
//! Writes nothing: the PBX is asked through [`ReadOnly`], the tenant is only read, and the journal is looked at.

use anyhow::Context;
use chrono::TimeDelta;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use uuid::Uuid;

use self::reading::Reading;
use self::telling::{Plan, planned};
use super::printing::{say, say_json};
use super::screen::Screen;
use super::{Ending, wiring};
use crate::clock::{Clock, SystemClock};
use crate::graph::Bodies;
use crate::meter::Meter;
use crate::pbx::{Caller, ReadOnly};
use crate::rules::{Horizon, forecast};
use crate::settings::{Local, Settings, Sources};

mod comparing;
mod reading;
mod telling;

/// Arguments of `plan`.
#[derive(Clone, Debug, Args)]
pub(super) struct PlanArguments {
    /// Only this one's: a login, an e-mail address, or an account such as id:1010
    #[arg(long)]
    member: Option<String>,
    /// How many days ahead
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=7))]
    days: u32,
    /// Compare with what these settings would do instead
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Reads everything once, foretells, and prints.
pub(super) async fn plan(arguments: PlanArguments, sources: Sources, screen: Screen) -> anyhow::Result<Ending> {
    let clock = SystemClock;
    let local = Local::load(&sources)?;
    let pbx =
        ReadOnly(wiring::pbx(&local.starface, Caller::new(Uuid::new_v4().to_string(), 0), clock, Meter::default())?);
    let settings = wiring::settings(&local, &pbx).await?;
    let other = match &arguments.against {
        Some(file) => Some(other_settings(file, &sources, &pbx).await?),
        None => None,
    };
    let all: Vec<&Settings> = std::iter::once(&settings).chain(&other).collect();
    let bodies = if all.iter().any(|one| one.policy.may_follow_tags()) { Bodies::Read } else { Bodies::NotRead };
    let calendars = wiring::calendars(&settings.graph, bodies, clock, Meter::default())?;
    let kept = crate::journal::look(&settings.store.path, clock.now()).await.context("look at the journal")?;
    let until = TimeDelta::days(arguments.days.into());
    let reading = Reading::take(&pbx, &calendars, kept, &all, clock, until).await?;
    let member = arguments.member.as_deref();
    if let Some(other) = &other {
        let compared =
            comparing::compared(&made(&reading, &settings, until, member)?, &made(&reading, other, until, member)?);
        return print(arguments.json, &compared, |compared| comparing::words(compared, screen));
    }
    let plan = made(&reading, &settings, until, member)?;
    print(arguments.json, &plan, |plan| telling::words(plan, screen))
}

fn print<T: Serialize>(as_json: bool, answer: &T, words: impl FnOnce(&T) -> String) -> anyhow::Result<Ending> {
    if as_json {
        say_json(answer)?;
    } else {
        say(&words(answer))?;
    }
    Ok(Ending::Well)
}

/// Reads the other settings; what they leave to the module's page is taken from there, too.
async fn other_settings(
    file: &std::path::Path,
    sources: &Sources,
    pbx: &impl crate::pbx::Pbx,
) -> anyhow::Result<Settings> {
    let local = Local::load(&Sources { file: file.to_owned(), ..sources.clone() })?;
    wiring::settings(&local, pbx).await
}

/// Makes the plan by these settings of what was read.
fn made(reading: &Reading, settings: &Settings, ahead: TimeDelta, member: Option<&str>) -> anyhow::Result<Plan> {
    let shown = reading.meant(settings, member)?;
    let (subjects, holds) = (reading.subjects(settings), reading.holds());
    let horizon = Horizon {
        from: reading.at,
        until: reading.at + ahead,
        journal_began_at: reading.journal_began_at(),
        restarted_at: reading.restarted_at(),
    };
    let forecast = forecast(&horizon, &subjects, holds, &settings.policy);
    Ok(planned(reading, settings, &horizon, &forecast, &shown))
}

/// One change, as it stands in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct PlannedStep {
    at: String,
    field: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    from: String,
    to: String,
    why: String,
    entry: Option<String>,
}
