//! `categories`: Outlook categories by hand, over all members or one, with or without a running service.
//!
//! The members come from the PBX, the lists from the tenant, twenty at a time; one mailbox's failure stops no other. Only
//! accepted names are shown: the other categories of a mailbox are its owner's.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use clap::{Args, ValueEnum};
use uuid::Uuid;

use super::printing::{count, say};
use super::progress::Progress;
use super::screen::Screen;
use super::{Ending, wiring};
use crate::clock::{Clock, SystemClock};
use crate::engine::categories::{Charge, Tended, tend};
use crate::engine::{chain, command};
use crate::graph::{BATCH_MAX, Bodies, GraphClient, GraphError, MasterCategories};
use crate::meter::Meter;
use crate::pbx::{Caller, Pbx, ReadOnly};
use crate::rules::master_categories::{accepted, missing};
use crate::rules::{Address, Care, Category, CategoryName, Member, Verdict};
use crate::settings::{Local, Settings};

/// Arguments of `categories`.
#[derive(Clone, Debug, Args)]
pub(super) struct Categories {
    /// What to do in the mailboxes
    what: What,
    /// Only this one: a login, an e-mail address, or an account such as id:1010
    #[arg(long)]
    member: Option<String>,
}

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Create, for every allowed switch without a category, the first name
    Add,
    /// Remove every accepted name
    Remove,
    /// Show which accepted names are there and which are missing
    List,
}

/// How often a call is made that fails as a whole for a reason that passes.
const TRIES: u32 = 4;

/// How long to wait before the second try where Graph does not say it; twice as long before each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// What became of one mailbox, in words.
enum Told {
    Changed(String),
    AsItWas(String),
    Failed(String),
}

/// Does it, and tells in one line per mailbox what was done.
pub(super) async fn categories(arguments: Categories, local: &Local, screen: Screen) -> anyhow::Result<Ending> {
    let clock = SystemClock;
    // Nothing is written to the PBX, and whoever owns it goes on to.
    let pbx =
        ReadOnly(wiring::pbx(&local.starface, Caller::new(Uuid::new_v4().to_string(), 1), clock, Meter::default())?);
    let settings = &wiring::settings(local, &pbx).await?;
    let members = pbx.members(settings.group).await.context("read the members of the group from the PBX")?;
    let meant: Vec<&Member> = match &arguments.member {
        Some(text) => vec![command::only(&members, text)?],
        None => members.iter().collect(),
    };
    let work = Work {
        graph: wiring::calendars(&settings.graph, Bodies::NotRead, clock, Meter::default())?,
        clock,
        settings,
        what: arguments.what,
        screen,
    };
    let mailboxes = mailboxes(&meant);
    let (mailboxes, left_alone): (Vec<_>, Vec<_>) = mailboxes.into_iter().partition(|one| work.concerns(&one.address));
    let tally = work.through(&mailboxes).await?;
    say(&screen.table(&left_alone.iter().map(row_left_alone).collect::<Vec<_>>()))?;
    let without = meant.iter().filter(|member| member.address.is_none());
    say(&screen.table(&without.map(|member| row_without_address(member)).collect::<Vec<_>>()))?;
    say(&tally.words(mailboxes.len() + left_alone.len()))?;
    if arguments.what == What::Remove && tally.changed > 0 && settings.categories.create {
        say(
            "The service creates them again within a day, unless rules.categories.create is false or the mailbox stands \
             in rules.categories.remove_from.\n",
        )?;
    }
    let in_vain = arguments.member.is_some() && mailboxes.is_empty();
    Ok(if tally.failed > 0 || in_vain { Ending::Broken } else { Ending::Well })
}

/// A mailbox, and the names of the members who share it.
struct Mailbox {
    address: Address,
    names: String,
}

impl Mailbox {
    fn row(&self, words: &str) -> Vec<String> {
        vec![self.address.to_string(), self.names.clone(), words.to_owned()]
    }
}

fn mailboxes(members: &[&Member]) -> Vec<Mailbox> {
    let mut by_address: BTreeMap<&Address, Vec<&str>> = BTreeMap::new();
    for member in members {
        if let Some(address) = &member.address {
            by_address.entry(address).or_default().push(&member.name);
        }
    }
    let mailbox =
        |(address, names): (&Address, Vec<&str>)| Mailbox { address: address.clone(), names: names.join(", ") };
    by_address.into_iter().map(mailbox).collect()
}

fn row_left_alone(mailbox: &Mailbox) -> Vec<String> {
    mailbox.row("stands in rules.categories.remove_from, so nothing is created")
}

fn row_without_address(member: &Member) -> Vec<String> {
    let words = "has no e-mail address in STARFACE, so there is no mailbox";
    vec![member.login.0.clone(), member.name.clone(), words.to_owned()]
}

/// What is done with every batch.
struct Work<'a> {
    graph: GraphClient,
    clock: SystemClock,
    settings: &'a Settings,
    what: What,
    screen: Screen,
}

impl Work<'_> {
    /// Returns whether there is anything to do in a mailbox: what is to lose the categories gets none by hand either.
    fn concerns(&self, address: &Address) -> bool {
        self.what != What::Add || !self.settings.categories.remove_from.contains(address)
    }

    /// Goes through all mailboxes. After a call that failed as a whole nobody else is asked: that would fare no better.
    async fn through(&self, mailboxes: &[Mailbox]) -> anyhow::Result<Tally> {
        let mut tally = Tally::default();
        let mut given_up: Option<GraphError> = None;
        let progress = Progress::of(mailboxes.len(), "mailboxes");
        for batch in mailboxes.chunks(BATCH_MAX) {
            let told = match given_up.take() {
                Some(error) => Err(error),
                None => self.batch(batch).await,
            };
            let told = told.unwrap_or_else(|error| {
                let words = chain(&error);
                given_up = Some(error);
                batch.iter().map(|_| Told::Failed(words.clone())).collect()
            });
            let rows: Vec<_> = batch.iter().zip(told).map(|(mailbox, told)| tally.row(mailbox, told)).collect();
            progress.aside(|| say(&self.screen.table(&rows)))?;
            progress.advance(batch.len());
        }
        Ok(tally)
    }

    async fn batch(&self, mailboxes: &[Mailbox]) -> Result<Vec<Told>, GraphError> {
        match self.what {
            What::List => self.list(mailboxes).await,
            What::Add => self.change(mailboxes, Care::Fill).await,
            What::Remove => self.change(mailboxes, Care::Clear).await,
        }
    }

    async fn list(&self, mailboxes: &[Mailbox]) -> Result<Vec<Told>, GraphError> {
        let addresses: Vec<Address> = mailboxes.iter().map(|mailbox| mailbox.address.clone()).collect();
        let lists = self.patiently(async || self.graph.list(&addresses).await).await?;
        let told = |list: Result<Vec<Category>, GraphError>| match list {
            Ok(list) => Told::AsItWas(self.shown(&list)),
            Err(error) => Told::Failed(chain(&error)),
        };
        Ok(lists.into_iter().map(told).collect())
    }

    async fn change(&self, mailboxes: &[Mailbox], care: Care) -> Result<Vec<Told>, GraphError> {
        let charge = |mailbox: &Mailbox| Charge { address: mailbox.address.clone(), care };
        let charges: Vec<Charge> = mailboxes.iter().map(charge).collect();
        let accepted = &self.settings.policy.categories;
        let tended = self.patiently(async || tend(&self.graph, &charges, accepted).await).await?;
        Ok(tended.iter().map(told_of).collect())
    }

    /// Makes a call, and a few times again while it fails as a whole for a reason that passes.
    async fn patiently<T>(&self, call: impl AsyncFn() -> Result<T, GraphError>) -> Result<T, GraphError> {
        let mut wait = FIRST_WAIT;
        for _ in 1..TRIES {
            let answered = call().await;
            let Err(Verdict::Retry { after }) = answered.as_ref().map_err(GraphError::verdict) else { return answered };
            let until = self.clock.now() + after.unwrap_or(wait);
            self.clock.sleep_until(until).await;
            wait *= 2;
        }
        call().await
    }

    /// Which accepted names are there, which are missing, and how many categories are the owner's own.
    fn shown(&self, list: &[Category]) -> String {
        let categories = &self.settings.policy.categories;
        let there = accepted(list, categories);
        let others = list.len() - there.len();
        let there = there.into_iter().map(|category| &category.name);
        let missing = missing(list, categories);
        format!(
            "there: {}; missing: {}; {}",
            names(there),
            names(&missing),
            count(others, "other category", "other categories"),
        )
    }
}

fn told_of(tended: &Tended) -> Told {
    let created = (!tended.created.is_empty()).then(|| format!("created: {}", names(&tended.created)));
    let removed = (!tended.removed.is_empty()).then(|| format!("removed: {}", names(&tended.removed)));
    let done: Vec<String> = created.into_iter().chain(removed).collect();
    match &tended.failure {
        Some(error) => Told::Failed(done.into_iter().chain([chain(error)]).collect::<Vec<_>>().join("; then ")),
        None if done.is_empty() => Told::AsItWas("nothing to do".to_owned()),
        None => Told::Changed(done.join("; ")),
    }
}

fn names<'a>(names: impl IntoIterator<Item = &'a CategoryName>) -> String {
    let names: Vec<&str> = names.into_iter().map(|name| name.0.trim()).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// How many mailboxes were changed, and how many failed.
#[derive(Default)]
struct Tally {
    changed: usize,
    failed: usize,
}

impl Tally {
    fn row(&mut self, mailbox: &Mailbox, told: Told) -> Vec<String> {
        let words = match told {
            Told::Changed(words) => {
                self.changed += 1;
                words
            }
            Told::AsItWas(words) => words,
            Told::Failed(words) => {
                self.failed += 1;
                words
            }
        };
        mailbox.row(&words)
    }

    fn words(&self, mailboxes: usize) -> String {
        let mailboxes = count(mailboxes, "mailbox", "mailboxes");
        format!("{mailboxes}, {} changed, {} failed.\n", self.changed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Service;

    fn name(text: &str) -> CategoryName {
        CategoryName(text.to_owned())
    }

    #[test]
    fn what_was_done_is_told_also_where_it_failed_half_way() {
        #[track_caller]
        fn case(tended: &Tended, expected: &str) {
            let mailbox = Mailbox { address: "anna@firma.example".parse().unwrap(), names: "Anna".to_owned() };
            let mut tally = Tally::default();
            let row = tally.row(&mailbox, told_of(tended));
            assert_eq!(format!("{}; {} changed, {} failed", row[2], tally.changed, tally.failed), expected);
        }
        let created = || vec![name("_SF_Ignorieren"), name("_SF_DND_aktivieren")];
        let late = || Some(GraphError::TimedOut { service: Service::Graph });
        case(&Tended::default(), "nothing to do; 0 changed, 0 failed");
        case(
            &Tended { created: created(), ..Tended::default() },
            "created: _SF_Ignorieren, _SF_DND_aktivieren; 1 changed, 0 failed",
        );
        case(
            &Tended { removed: vec![name(" _sf_ignorieren")], ..Tended::default() },
            "removed: _sf_ignorieren; 1 changed, 0 failed",
        );
        case(
            &Tended { created: created(), failure: late(), ..Tended::default() },
            "created: _SF_Ignorieren, _SF_DND_aktivieren; then failed to get an answer from Microsoft Graph in time; \
             0 changed, 1 failed",
        );
        case(
            &Tended { failure: late(), ..Tended::default() },
            "failed to get an answer from Microsoft Graph in time; 0 changed, 1 failed",
        );
    }
}
