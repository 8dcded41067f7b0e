//! `history --shadow`: where the PBX differed from a shadow run, or what the shadow run would have written.

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};

use super::{History, read_from, row};
use crate::cli::Ending;
use crate::cli::printing::{count, field_of, say, say_json};
use crate::cli::screen::Screen;
use crate::clock::{Clock, SystemClock};
use crate::engine::history::{CHANGES_MAX, Change};
use crate::engine::shadow::{AGREES, DIFFERS, Differing, differences};
use crate::journal::{Kind, SqliteJournal, shadow_path};
use crate::settings::Local;
use crate::web::control::{Ask, Client, ControlError};

/// The most answers that are asked for one after the other: a week of a thousand members has fewer changes.
const ANSWERS_MAX: usize = 100;

/// Reads and prints what the shadow run kept.
pub(super) async fn history(arguments: &History, local: &Local, screen: Screen) -> anyhow::Result<Ending> {
    let since = arguments.since.instant(SystemClock.now(), local.zone);
    let changes = read_all(arguments.member.as_deref(), since, local).await?;
    if arguments.writes {
        let is_write = |change: &&Change| ![DIFFERS, AGREES].contains(&change.outcome.as_str());
        let writes: Vec<Change> = changes.iter().filter(is_write).cloned().collect();
        return print(arguments.json, &writes, &writes_words(&writes, screen));
    }
    let least = TimeDelta::from_std(arguments.at_least).unwrap_or(TimeDelta::MAX);
    let (told, short): (Vec<Differing>, Vec<Differing>) =
        differences(&changes).into_iter().partition(|one| one.lasted().is_none_or(|lasted| lasted >= least));
    print(arguments.json, &told, &words(&told, short.len(), least, screen))
}

fn print<T: serde::Serialize>(as_json: bool, answer: &[T], words: &str) -> anyhow::Result<Ending> {
    if as_json {
        say_json(&answer)?;
    } else {
        say(words)?;
    }
    Ok(Ending::Well)
}

/// Reads everything, answer by answer: a week of shadow has more than one holds.
async fn read_all(member: Option<&str>, since: DateTime<Utc>, local: &Local) -> anyhow::Result<Vec<Change>> {
    let mut changes: Vec<Change> = Vec::new();
    let mut from = since;
    for _ in 0..ANSWERS_MAX {
        let answer = read(member, from, local).await?;
        let is_last = answer.len() < CHANGES_MAX;
        let next = answer.last().and_then(|last| DateTime::parse_from_rfc3339(&last.at).ok());
        // Those of the second at which the last answer broke off come again.
        let known: Vec<Change> = changes
            .iter()
            .rev()
            .take_while(|one| Some(&one.at) == answer.first().map(|one| &one.at))
            .cloned()
            .collect();
        changes.extend(answer.into_iter().filter(|one| !known.contains(one)));
        match next.map(|at| at.to_utc()).filter(|at| *at > from && !is_last) {
            Some(at) => from = at,
            None => return Ok(changes),
        }
    }
    eprintln!("There may be more: ask for the later ones with --since, or for one member with --member.");
    Ok(changes)
}

async fn read(member: Option<&str>, since: DateTime<Utc>, local: &Local) -> anyhow::Result<Vec<Change>> {
    let path = shadow_path(&local.store.path);
    let ask = Ask::History { member: member.map(str::to_owned), since: since.timestamp_millis() };
    match Client::new(&path, SystemClock).ask(&ask).await {
        Err(ControlError::NotRunning { .. }) => {}
        answered => return Ok(answered?),
    }
    if !path.try_exists().with_context(|| format!("look for the journal {}", path.display()))? {
        return Ok(Vec::new());
    }
    let (journal, _) = SqliteJournal::open_kind(&path, Kind::Shadow, SystemClock.now())
        .with_context(|| format!("open the journal of the shadow run {}", path.display()))?;
    let changes = read_from(&journal, member, since, local).await;
    journal.close().await.context("close the journal")?;
    changes
}

fn writes_words(writes: &[Change], screen: Screen) -> String {
    if writes.is_empty() {
        return "A shadow run would have written nothing in that time.\n".to_owned();
    }
    let head = ["AT", "ACCOUNT", "FIELD", "FROM", "TO", "OUTCOME", "ENTRY", "WHY"].map(str::to_owned).to_vec();
    screen.table(&std::iter::once(head).chain(writes.iter().map(row)).collect::<Vec<_>>())
}

fn words(told: &[Differing], short: usize, least: TimeDelta, screen: Screen) -> String {
    let mut words = String::new();
    if told.is_empty() {
        words += "The PBX differed nowhere from the shadow run in that time.\n";
    } else {
        let head = ["FROM", "UNTIL", "LASTED", "ACCOUNT", "FIELD", "WE WOULD SHOW", "THERE WAS", "ENTRY"];
        let head = head.map(str::to_owned).to_vec();
        words += &screen.table(&std::iter::once(head).chain(told.iter().map(told_row)).collect::<Vec<_>>());
    }
    if short > 0 {
        let seconds = least.num_seconds();
        let short = count(short, "difference was", "differences were");
        words += &format!("{short} shorter than {seconds} s and left out; see all with --at-least 0s.\n");
    }
    words
}

fn told_row(one: &Differing) -> Vec<String> {
    let at = |at: &str| at.get(..19).unwrap_or(at).replace('T', " ");
    let value = |words: &str| if one.field == "text" { format!("\"{words}\"") } else { words.to_owned() };
    vec![
        at(&one.from),
        one.until.as_deref().map_or_else(|| "not seen".to_owned(), at),
        one.lasted().map_or_else(|| "-".to_owned(), lasted),
        one.account.to_string(),
        field_of(&one.field, one.number.as_deref()),
        value(&one.wanted),
        value(&one.there),
        one.entry.clone().unwrap_or_else(|| "-".to_owned()),
    ]
}

fn lasted(lasted: TimeDelta) -> String {
    let seconds = lasted.num_seconds();
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differing(field: &str, wanted: &str, there: &str, until: Option<&str>) -> Differing {
        Differing {
            account: 1010,
            field: field.to_owned(),
            number: (field == "redirect").then(|| "0041712345610".to_owned()),
            from: "2026-11-23T09:00:00+01:00".to_owned(),
            until: until.map(str::to_owned),
            wanted: wanted.to_owned(),
            there: there.to_owned(),
            entry: Some("0123456789ab".to_owned()),
        }
    }

    #[test]
    fn a_difference_is_told_with_both_values_and_how_long_it_lasted() {
        let until = Some("2026-11-23T10:30:05+01:00");
        let told = [
            differing("text", "[09:00-10:30] [Busy] Sitzung", "", until),
            differing("redirect", "voicemail 3", "off", None),
        ];
        insta::assert_snapshot!(words(&told, 3, TimeDelta::minutes(2), Screen::PLAIN), @r#"
          FROM                 UNTIL                LASTED   ACCOUNT  FIELD                      WE WOULD SHOW                   THERE WAS  ENTRY
          2026-11-23 09:00:00  2026-11-23 10:30:05  1:30:05  1010     text                       "[09:00-10:30] [Busy] Sitzung"  ""         0123456789ab
          2026-11-23 09:00:00  not seen             -        1010     redirect of 0041712345610  voicemail 3                     off        0123456789ab
        3 differences were shorter than 120 s and left out; see all with --at-least 0s.
        "#);
    }

    #[test]
    fn nothing_that_differs_is_said_too() {
        assert_eq!(
            words(&[], 0, TimeDelta::minutes(2), Screen::PLAIN),
            "The PBX differed nowhere from the shadow run in that time.\n"
        );
    }
}
