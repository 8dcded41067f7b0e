//! The lists of categories in Outlook: what is there, and one change after the other.
//!
//! A change that is made twice does no harm: what is there already, or is gone already, is as it should be.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use tracing::instrument;

use super::batch::Item;
use super::client::GraphClient;
use super::dialogue::{Dialogue, Progress, Question};
use super::directory::User;
use super::endpoint::{Endpoint, segment};
use super::error::{Absent, Flaw, GraphError, Permission, Things};
use super::reply::{Reply, Service};
use super::wire::{NewCategory, OutlookCategory, is_id};
use super::{Edited, MasterCategories, PerMailbox};
use crate::rules::{Address, Category, CategoryId, CategoryName, Edit};

/// The most pages that are followed: a link may lead in a circle.
const PAGES_MAX: usize = 50;

/// The most categories of one mailbox; people have some dozen.
pub(super) const CATEGORIES_MAX: usize = 2000;

/// The longest name of a category, in bytes; Outlook takes 255 characters.
const NAME_BYTES_MAX: usize = 1024;

/// Orange, the colour of what is created.
const COLOUR: &str = "preset1";

impl MasterCategories for GraphClient {
    #[instrument(level = "debug", name = "graph.list_categories", skip_all, fields(mailboxes = addresses.len()))]
    async fn list(&self, addresses: &[Address]) -> PerMailbox<Vec<Category>> {
        self.converse(addresses, |_, user| Listing::new(user)).await
    }

    #[instrument(level = "debug", name = "graph.edit_categories", skip_all, fields(mailboxes = edits.len()))]
    async fn edit(&self, edits: &[(Address, Edit)]) -> PerMailbox<Edited> {
        let addresses: Vec<Address> = edits.iter().map(|(address, _)| address.clone()).collect();
        self.converse(&addresses, |index, user| Editing::new(user, edits[index].1.clone())).await
    }
}

fn path(user: &User) -> String {
    format!("/users/{}/outlook/masterCategories", user.as_str())
}

/// One mailbox's list in progress, page by page.
pub(super) struct Listing {
    next: String,
    pages: usize,
    categories: Vec<Category>,
}

impl Listing {
    /// Begins with the first page.
    pub(super) fn new(user: &User) -> Self {
        Self { next: path(user), pages: 0, categories: Vec::new() }
    }
}

impl Dialogue for Listing {
    type Outcome = Vec<Category>;

    const NEEDS: Permission = Permission::ListCategories;

    const KIND: &'static str = "categories";

    fn question(&self) -> Question {
        Question::get(self.next.clone())
    }

    fn hear(&mut self, item: Item, now: DateTime<Utc>, graph: &Endpoint) -> Result<Progress, GraphError> {
        let page = item.page(now, Self::NEEDS)?;
        let count = page.value.len();
        let read: Vec<OutlookCategory> = page.value.iter().filter_map(|value| outlook_category(value)).collect();
        if read.len() < count {
            return Err(malformed(Flaw::Categories(count - read.len())));
        }
        self.categories.extend(read.into_iter().filter_map(category));
        self.pages += 1;
        let more = page.next_link.is_some();
        if self.categories.len() > CATEGORIES_MAX || (more && self.pages == PAGES_MAX) {
            return Err(GraphError::TooMany { things: Things::Categories, pages: PAGES_MAX, items: CATEGORIES_MAX });
        }
        let Some(link) = page.next_link else { return Ok(Progress::Whole) };
        self.next = graph.relative(&link).ok_or(malformed(Flaw::ForeignLink))?;
        Ok(Progress::More)
    }

    fn finish(self) -> Vec<Category> {
        self.categories
    }
}

fn outlook_category(value: &RawValue) -> Option<OutlookCategory> {
    serde_json::from_str::<OutlookCategory>(value.get()).ok().filter(|category| is_id(&category.id))
}

/// One without a name is nobody's business here, nor is one whose name is longer than those that count.
fn category(read: OutlookCategory) -> Option<Category> {
    let name = read.display_name.filter(|name| name.len() <= NAME_BYTES_MAX)?;
    Some(Category { id: CategoryId(read.id), name: CategoryName(name) })
}

/// One change of one mailbox's list.
pub(super) struct Editing {
    path: String,
    edit: Edit,
    edited: Edited,
}

impl Editing {
    /// Begins with the one question.
    pub(super) fn new(user: &User, edit: Edit) -> Self {
        Self { path: path(user), edit, edited: Edited::Done }
    }
}

impl Dialogue for Editing {
    type Outcome = Edited;

    const NEEDS: Permission = Permission::EditCategories;

    const KIND: &'static str = "categories";

    fn question(&self) -> Question {
        match &self.edit {
            Edit::Create(name) => {
                let body = NewCategory { display_name: name.0.clone(), color: COLOUR };
                Question { method: "POST", body: Some(body), ..Question::get(self.path.clone()) }
            }
            Edit::Remove(category) => {
                let url = format!("{}/{}", self.path, segment(&category.id.0));
                Question { method: "DELETE", ..Question::get(url) }
            }
        }
    }

    fn hear(&mut self, item: Item, now: DateTime<Utc>, _graph: &Endpoint) -> Result<Progress, GraphError> {
        match item.done(now, Self::NEEDS) {
            Ok(()) => self.edited = Edited::Done,
            Err(error) if is_so_already(&self.edit, &error) => self.edited = Edited::AlreadySo,
            Err(error) => return Err(error),
        }
        Ok(Progress::Whole)
    }

    fn finish(self) -> Edited {
        self.edited
    }
}

/// How a name that is there is refused is documented nowhere; both statuses are possible. A category that is gone is a
/// 404 that does not speak of the user or the mailbox.
fn is_so_already(edit: &Edit, error: &GraphError) -> bool {
    match (edit, error) {
        (Edit::Create(_), GraphError::Refused { reply }) => matches!(reply.status, 400 | 409),
        (Edit::Remove(_), GraphError::NotFound { absent: Absent::Mailbox, reply, .. }) => !speaks_of_mailbox(reply),
        _ => false,
    }
}

fn speaks_of_mailbox(reply: &Reply) -> bool {
    reply.code.as_ref().is_some_and(|code| code.is("MailboxNotEnabledForRESTAPI"))
}

fn malformed(flaw: Flaw) -> GraphError {
    GraphError::Malformed { service: Service::Graph, flaw, request_id: None }
}

#[cfg(test)]
mod tests;
