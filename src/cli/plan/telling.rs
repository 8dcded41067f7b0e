//! The plan as JSON and in words.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::PlannedStep;
use super::reading::Reading;
use crate::cli::printing::{count, field_of, to_the_minute};
use crate::cli::screen::{Screen, Tone};
use crate::rules::counting::{Counting, counting};
use crate::rules::{AccountId, Entry, Forecast, FoundProblem, Horizon, Member, Turn};
use crate::settings::Settings;

/// What would happen to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Plan {
    /// From when.
    pub(super) from: String,
    /// Until when.
    pub(super) to: String,
    /// Everybody, by account.
    pub(super) members: Vec<PlannedMember>,
}

/// What would happen to one member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct PlannedMember {
    pub(super) account: u32,
    pub(super) login: String,
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) steps: Vec<PlannedStep>,
    pub(super) not_counting: Vec<NotCounting>,
    pub(super) problems: Vec<String>,
}

/// An entry that would do nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct NotCounting {
    entry: String,
    start: String,
    end: String,
    reason: String,
}

/// What is said of a member without an address.
const NO_ADDRESS: &str = "has no e-mail address in STARFACE, so no calendar is followed";

/// What is said of a member that the PBX says nothing of.
const NOT_SEEN: &str = "the PBX does not say what the telephone shows, so nothing can be foretold";

/// Puts a forecast into the form in which it is told, of these members.
pub(super) fn planned(
    reading: &Reading,
    settings: &Settings,
    horizon: &Horizon,
    forecast: &Forecast,
    shown: &[&Member],
) -> Plan {
    let zone = settings.policy.zone;
    // A number of a group changes for the member whose entry decides.
    let mut turns: BTreeMap<AccountId, Vec<&Turn>> = BTreeMap::new();
    for turn in &forecast.turns {
        turns.entry(turn.claimant.unwrap_or(turn.account)).or_default().push(turn);
    }
    let member = |member: &&Member| {
        let entries = entries_of(reading, member);
        PlannedMember {
            account: member.account.0,
            login: member.login.0.clone(),
            name: member.name.clone(),
            email: member.address.as_ref().map(ToString::to_string),
            steps: turns.get(&member.account).into_iter().flatten().map(|turn| step(turn, zone)).collect(),
            not_counting: not_counting(entries, reading, settings, horizon, member.account),
            problems: problems(reading, forecast, member, entries, zone),
        }
    };
    Plan { from: told(horizon.from, zone), to: told(horizon.until, zone), members: shown.iter().map(member).collect() }
}

fn entries_of<'a>(reading: &'a Reading, member: &Member) -> &'a [Entry] {
    let calendar = member.address.as_ref().and_then(|address| reading.calendars.get(address));
    calendar.and_then(|calendar| calendar.as_ref().ok()).map_or(&[], Vec::as_slice)
}

fn step(turn: &Turn, zone: Tz) -> PlannedStep {
    let field = turn.to.field();
    PlannedStep {
        at: told(turn.at, zone),
        field: field.name().to_owned(),
        number: field.number().map(|number| number.to_string()),
        from: turn.from.words().into_owned(),
        to: turn.to.words().into_owned(),
        why: turn.why.words().to_owned(),
        entry: turn.entry.as_ref().map(crate::rules::EntryId::hash),
    }
}

fn not_counting(
    entries: &[Entry],
    reading: &Reading,
    settings: &Settings,
    horizon: &Horizon,
    account: AccountId,
) -> Vec<NotCounting> {
    let (policy, marks) = (&settings.policy, reading.marks(account));
    let span = |entry: &Entry| (entry.span.start(policy.zone), entry.span.end(policy.zone));
    let mut within: Vec<&Entry> =
        entries.iter().filter(|entry| span(entry).0 < horizon.until && span(entry).1 > horizon.from).collect();
    within.sort_by_key(|entry| (span(entry), &entry.id));
    let told = |entry: &Entry| {
        let Counting::Not(reason) = counting(entry, policy, &marks) else { return None };
        let (start, end) = span(entry);
        Some(NotCounting {
            entry: entry.id.hash(),
            start: told(start, policy.zone),
            end: told(end, policy.zone),
            reason: reason.words().to_owned(),
        })
    };
    within.into_iter().filter_map(told).collect()
}

fn problems(reading: &Reading, forecast: &Forecast, member: &Member, entries: &[Entry], zone: Tz) -> Vec<String> {
    let calendar = match member.address.as_ref().map(|address| reading.calendars.get(address)) {
        None => Some(NO_ADDRESS.to_owned()),
        Some(Some(Err(error))) => Some(format!("the calendar cannot be read: {error}")),
        Some(_) => None,
    };
    let unseen = (!reading.is_seen(member.account)).then(|| NOT_SEEN.to_owned());
    let own = forecast.problems.keys().filter(|found| found.account == member.account);
    calendar.into_iter().chain(unseen).chain(own.map(|found| redirect_problem(found, entries, zone))).collect()
}

/// Names the entry by its time and show-as, never by its words.
fn redirect_problem(found: &FoundProblem, entries: &[Entry], zone: Tz) -> String {
    let named = entries.iter().find(|entry| entry.id == found.entry).map_or_else(String::new, |entry| {
        let (start, end) = (told(entry.span.start(zone), zone), told(entry.span.end(zone), zone));
        format!(" ({} to {}, {})", to_the_minute(&start), to_the_minute(&end), entry.show_as.name())
    });
    let (side, entry) = (found.side.name(), found.entry.hash());
    format!("{side} numbers would not be redirected for entry {entry}{named}: {}", found.problem)
}

fn told(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// Returns the plan for people: problems of a member first, then what would change, then what would not count.
pub(super) fn words(plan: &Plan, screen: Screen) -> String {
    let steps: usize = plan.members.iter().map(|member| member.steps.len()).sum();
    let mut words = format!(
        "From {} to {}: {} would change for {}. Nothing was written.\n",
        to_the_minute(&plan.from),
        to_the_minute(&plan.to),
        count(steps, "thing", "things"),
        count(plan.members.iter().filter(|member| !member.steps.is_empty()).count(), "member", "members"),
    );
    let calm: Vec<&PlannedMember> = plan.members.iter().filter(|member| is_calm(member)).collect();
    for member in plan.members.iter().filter(|member| !is_calm(member)) {
        words += &format!("\n{}\n", name_of(member));
        for problem in &member.problems {
            words += &problem_in_words(problem, screen);
        }
        words += &steps_in_words(&member.steps, screen);
        let rows: Vec<Vec<String>> = member.not_counting.iter().map(not_counting_row).collect();
        if !rows.is_empty() {
            words += "  Would not count:\n";
            words += &screen.table(&rows);
        }
    }
    if !calm.is_empty() && !plan.members.is_empty() {
        words += &format!("\nNothing would change for {}.\n", count(calm.len(), "other member", "other members"));
    }
    words
}

fn is_calm(member: &PlannedMember) -> bool {
    member.steps.is_empty() && member.not_counting.is_empty() && member.problems.is_empty()
}

/// Names a member in one line.
pub(super) fn name_of(member: &PlannedMember) -> String {
    let email = member.email.as_deref().map_or_else(String::new, |email| format!(" <{email}>"));
    format!("{} {}{email}", member.login, member.name).trim_end().to_owned()
}

/// Returns a problem as a line.
pub(super) fn problem_in_words(problem: &str, screen: Screen) -> String {
    screen.tinted(Tone::Bad, &format!("  Problem: {problem}\n"))
}

/// Returns steps as a table.
pub(super) fn steps_in_words(steps: &[PlannedStep], screen: Screen) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let head = ["AT", "FIELD", "FROM", "TO", "ENTRY", "WHY"].map(str::to_owned).to_vec();
    screen.table(&std::iter::once(head).chain(steps.iter().map(row)).collect::<Vec<_>>())
}

fn row(step: &PlannedStep) -> Vec<String> {
    let value = |words: &str| if step.field == "text" { format!("\"{words}\"") } else { words.to_owned() };
    vec![
        step.at.get(..19).unwrap_or(&step.at).replace('T', " "),
        field_of(&step.field, step.number.as_deref()),
        value(&step.from),
        value(&step.to),
        step.entry.clone().unwrap_or_else(|| "-".to_owned()),
        step.why.clone(),
    ]
}

fn not_counting_row(entry: &NotCounting) -> Vec<String> {
    let span = format!("{} to {}", to_the_minute(&entry.start), to_the_minute(&entry.end));
    vec![span, entry.entry.clone(), entry.reason.clone()]
}
