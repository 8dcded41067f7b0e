//! Whether the app may look after the lists of categories in Outlook, where that is wanted.
//!
//! The right to change a list shows only in a change. The one that is tried removes a category that nobody has, so that
//! nothing is changed where it is allowed either.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{Line, Report, helps};
use crate::cli::wiring;
use crate::engine::chain;
use crate::graph::{BATCH_MAX, Edited, GraphClient, GraphError, MasterCategories};
use crate::rules::{Address, Category, CategoryId, CategoryName, Edit, Member};
use crate::settings::Settings;

/// What is examined, as it stands at the beginning of the line.
const SUBJECT: &str = "categories";

/// What the tries found.
#[derive(Default)]
struct Found {
    allowed: usize,
    /// Addresses on the removal list that nobody has.
    unknown: usize,
    failures: Vec<(Address, GraphError)>,
}

/// Tells in one line whether the lists can be changed that are to be; where they cannot, whether they can be read.
pub(super) async fn examine(settings: &Settings, graph: &GraphClient, members: &[Member], report: &mut Report) {
    let wanted = wanted(settings, members);
    if wanted.is_empty() {
        let words = "none are created or removed (rules.categories.create, enabled and remove_from say so)";
        return report.tell(Line::ok(SUBJECT, words));
    }
    let mut found = Found::default();
    report.begin(wanted.len(), "lists of categories");
    for batch in wanted.chunks(BATCH_MAX) {
        let edited = match graph.edit(&batch.iter().map(probe).collect::<Vec<_>>()).await {
            Err(error) => return report.tell(unexamined(&error)),
            Ok(edited) => edited,
        };
        for (address, edited) in batch.iter().zip(edited) {
            found.take(address, edited, members, report);
        }
        report.advance(batch.len());
    }
    let forbidden = found.failures.iter().filter(|(_, error)| error.is_forbidden());
    let forbidden: Vec<Address> = forbidden.map(|(address, _)| address.clone()).collect();
    report.tell(match found.failures.first() {
        None if found.allowed == 0 && found.unknown > 0 => return,
        None if found.allowed == 0 => {
            Line::warning(SUBJECT, "none of the mailboxes can be found", "see the lines above")
        }
        None => Line::ok(SUBJECT, format!("can be changed in {} of {} mailboxes", found.allowed, wanted.len())),
        Some((_, error)) if forbidden.is_empty() => unexamined(error),
        Some(_) => forbidden_line(graph, &forbidden, wanted.len()).await,
    });
}

impl Found {
    fn take(&mut self, address: &Address, edited: Result<Edited, GraphError>, members: &[Member], report: &mut Report) {
        let Err(error) = edited else { return self.allowed += 1 };
        if !error.is_not_found() {
            self.failures.push((address.clone(), error));
        } else if members.iter().all(|member| member.address.as_ref() != Some(address)) {
            // That a member's mailbox is missing is said where its calendar is read.
            self.unknown += 1;
            report.tell(stranger(address, &error));
        }
    }
}

/// The mailboxes of the members, and those that are to lose the categories, as far as anything is to be done there.
fn wanted(settings: &Settings, members: &[Member]) -> Vec<Address> {
    let upkeep = wiring::upkeep(settings);
    let addresses: BTreeSet<&Address> =
        members.iter().filter_map(|member| member.address.as_ref()).chain(&upkeep.remove_from).collect();
    let is_wanted = |address: &&Address| upkeep.care(address, &settings.policy).is_some();
    addresses.into_iter().filter(is_wanted).cloned().collect()
}

/// A change that changes nothing: no category bears an id that was just thought of.
fn probe(address: &Address) -> (Address, Edit) {
    let id = CategoryId(Uuid::new_v4().to_string());
    (address.clone(), Edit::Remove(Category { id, name: CategoryName(String::new()) }))
}

fn stranger(address: &Address, error: &GraphError) -> Line {
    let text = format!("{address} stands in rules.categories.remove_from: {}", chain(error));
    Line::warning(SUBJECT, text, "correct the address, or take it out of the list")
}

fn unexamined(error: &GraphError) -> Line {
    let by_hand = "everything else works without the categories; see the lines above";
    Line::warning(SUBJECT, chain(error), helps(error.verdict(), by_hand))
}

async fn forbidden_line(graph: &GraphClient, forbidden: &[Address], wanted: usize) -> Line {
    let asked = &forbidden[..forbidden.len().min(BATCH_MAX)];
    let listed = graph.list(asked).await.unwrap_or_default();
    let cannot =
        if listed.iter().any(Result::is_ok) { "be read but not changed" } else { "neither be read nor changed" };
    let text = format!("can {cannot} in {} of {wanted} mailboxes, such as {}", forbidden.len(), forbidden[0]);
    Line::warning(
        SUBJECT,
        text,
        "everything else works; to have the categories created and removed, grant the app MailboxSettings.ReadWrite, else \
         set rules.categories.create = false",
    )
}
