//! `history`: what was changed, from the running service or, where none holds the journal, from the journal itself.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use clap::Args;

use super::Ending;
use super::printing::{field_of, say, say_json};
use super::screen::Screen;
use crate::clock::{Clock, SystemClock};
use crate::engine::command::account_of;
use crate::engine::history::{self, CHANGES_MAX, Change};
use crate::journal::{Journal, SqliteJournal};
use crate::rules::zone::first_instant;
use crate::rules::{AccountId, Member};
use crate::settings::{Local, RulesSource};
use crate::web::control::{Ask, Client, ControlError};

mod shadow;

/// Arguments of `history`.
#[derive(Clone, Debug, Args)]
pub(super) struct History {
    /// Only this one's: a login, an e-mail address, or an account such as id:1010
    #[arg(long)]
    member: Option<String>,
    /// Since when: an age such as 2h or 3d, a date, or an instant such as 2026-11-23T09:30:00+01:00
    #[arg(long, default_value = "7d")]
    since: Since,
    /// Where the PBX differed from the shadow run, in place of what was changed
    #[arg(long)]
    shadow: bool,
    /// With --shadow: differences that lasted at least so long; a module that polls is late by up to a minute
    #[arg(long, value_name = "SPAN", default_value = "2m", value_parser = span, requires = "shadow")]
    at_least: Duration,
    /// With --shadow: what would have been written, in place of the differences
    #[arg(long, requires = "shadow")]
    writes: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Reads a span such as 90s, 2m or 1h.
fn span(text: &str) -> Result<Duration, &'static str> {
    match text.parse() {
        Ok(Since::Age(age)) => age.to_std().map_err(|_| SPAN_ALLOWED),
        _ => Err(SPAN_ALLOWED),
    }
}

const SPAN_ALLOWED: &str = "give a span such as 0s, 90s, 2m or 1h";

/// Since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Since {
    /// So long ago.
    Age(TimeDelta),
    /// The first instant of a day at the site.
    Day(NaiveDate),
    /// An instant.
    At(DateTime<Utc>),
}

impl Since {
    fn instant(self, now: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Age(age) => now.checked_sub_signed(age).unwrap_or(DateTime::UNIX_EPOCH),
            Self::Day(day) => first_instant(day, zone),
            Self::At(at) => at,
        }
    }
}

impl FromStr for Since {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let age = || {
            let unit = text.chars().last()?;
            let number: i64 = text.strip_suffix(unit)?.parse::<u32>().ok()?.into();
            match unit {
                's' => TimeDelta::try_seconds(number),
                'm' => TimeDelta::try_minutes(number),
                'h' => TimeDelta::try_hours(number),
                'd' => TimeDelta::try_days(number),
                'w' => TimeDelta::try_weeks(number),
                _ => None,
            }
        };
        let day = || NaiveDate::from_str(text).ok().map(Self::Day);
        let instant = || DateTime::parse_from_rfc3339(text).ok().map(|at| Self::At(at.to_utc()));
        age()
            .map(Self::Age)
            .or_else(day)
            .or_else(instant)
            .ok_or("give an age (90s, 30m, 2h, 3d, 4w), a date (2026-11-23) or an instant (2026-11-23T09:30:00+01:00)")
    }
}

/// Reads and prints, the oldest change first.
pub(super) async fn history(arguments: History, local: &Local, screen: Screen) -> anyhow::Result<Ending> {
    if arguments.shadow {
        return shadow::history(&arguments, local, screen).await;
    }
    let clock = SystemClock;
    let since = arguments.since.instant(clock.now(), local.zone);
    let ask = Ask::History { member: arguments.member.clone(), since: since.timestamp_millis() };
    let changes: Vec<Change> = match Client::new(&local.store.path, clock).ask(&ask).await {
        Err(ControlError::NotRunning { .. }) => read_alone(arguments.member.as_deref(), since, local).await?,
        answered => answered?,
    };
    if arguments.json {
        say_json(&changes)?;
    } else {
        say(&words(&changes, screen))?;
    }
    if let Some(last) = changes.last().filter(|_| changes.len() == CHANGES_MAX) {
        eprintln!("There may be more: ask for the later ones with --since {}", last.at);
    }
    Ok(Ending::Well)
}

async fn read_alone(member: Option<&str>, since: DateTime<Utc>, local: &Local) -> anyhow::Result<Vec<Change>> {
    let path = &local.store.path;
    // A journal begun here would belong to whoever runs this, and the service could not write it.
    if !path.try_exists().with_context(|| format!("look for the journal {}", path.display()))? {
        return Ok(Vec::new());
    }
    let (journal, _) =
        SqliteJournal::open(path, SystemClock.now()).with_context(|| format!("open the journal {}", path.display()))?;
    let changes = read_from(&journal, member, since, local).await;
    journal.close().await.context("close the journal")?;
    changes
}

async fn read_from(
    journal: &SqliteJournal,
    member: Option<&str>,
    since: DateTime<Utc>,
    local: &Local,
) -> anyhow::Result<Vec<Change>> {
    let kept = journal.load().await.context("read the journal")?;
    let members = people(kept.members, local);
    let account = member.map(|text| account_of(&members, text)).transpose()?;
    Ok(history::read(journal, account, since, local.zone).await?)
}

/// Returns whom a name may mean: the members of the group, or, where only the module's page names it and nobody is asked
/// for it, of every group that was ever followed.
fn people(mut groups: BTreeMap<AccountId, Vec<Member>>, local: &Local) -> Vec<Member> {
    match (local.source, local.group) {
        (RulesSource::File, Some(group)) => groups.remove(&group).unwrap_or_default(),
        _ => {
            let everybody = groups.into_values().flatten().map(|member| (member.account, member));
            everybody.collect::<BTreeMap<_, _>>().into_values().collect()
        }
    }
}

fn words(changes: &[Change], screen: Screen) -> String {
    if changes.is_empty() {
        return "Nothing was changed in that time.\n".to_owned();
    }
    let head = ["AT", "ACCOUNT", "FIELD", "FROM", "TO", "OUTCOME", "ENTRY", "WHY"].map(str::to_owned).to_vec();
    screen.table(&std::iter::once(head).chain(changes.iter().map(row)).collect::<Vec<_>>())
}

fn row(change: &Change) -> Vec<String> {
    let value = |words: &str| if change.field == "text" { format!("\"{words}\"") } else { words.to_owned() };
    vec![
        change.at.get(..19).unwrap_or(&change.at).replace('T', " "),
        change.account.to_string(),
        field_of(&change.field, change.number.as_deref()),
        value(&change.from),
        value(&change.to),
        change.outcome.clone(),
        change.entry.clone().unwrap_or_else(|| "-".to_owned()),
        change.why.clone(),
    ]
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Zurich;

    use super::*;

    #[track_caller]
    fn case(text: &str, instant: Option<&str>) {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        let since: Option<Since> = text.parse().ok();
        let instant = instant.map(|instant| instant.parse().unwrap());
        assert_eq!(since.map(|since| since.instant(now, Zurich)), instant, "{text}");
    }

    #[test]
    fn a_beginning_is_an_age_a_date_or_an_instant() {
        case("90s", Some("2026-11-23T11:58:30Z"));
        case("30m", Some("2026-11-23T11:30:00Z"));
        case("2h", Some("2026-11-23T10:00:00Z"));
        case("3d", Some("2026-11-20T12:00:00Z"));
        case("1w", Some("2026-11-16T12:00:00Z"));
        case("2026-11-20", Some("2026-11-19T23:00:00Z"));
        case("2026-11-20T09:00:00+01:00", Some("2026-11-20T08:00:00Z"));
        case("4294967295w", Some("1970-01-01T00:00:00Z"));
    }

    #[test]
    fn whatever_else_is_said_is_no_beginning() {
        case("", None);
        case("2", None);
        case("-2h", None);
        case("2y", None);
        case("ü", None);
        case("yesterday", None);
        case("2026-13-01", None);
    }

    #[test]
    fn texts_stand_in_quotes_and_states_do_not() {
        let change = |field: &str, from: &str, to: &str| Change {
            number: None,
            at: "2026-11-23T09:30:00+01:00".to_owned(),
            account: 1010,
            field: field.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            why: "an entry is active".to_owned(),
            entry: Some("0123456789ab".to_owned()),
            outcome: "done".to_owned(),
        };
        let changes = [change("presence", "AVAILABLE", "AWAY"), change("text", "", "Muster AG")];
        insta::assert_snapshot!(words(&changes, Screen::PLAIN), @r#"
          AT                   ACCOUNT  FIELD     FROM       TO           OUTCOME  ENTRY         WHY
          2026-11-23 09:30:00  1010     presence  AVAILABLE  AWAY         done     0123456789ab  an entry is active
          2026-11-23 09:30:00  1010     text      ""         "Muster AG"  done     0123456789ab  an entry is active
        "#);
    }
}
