//! Where the rules are decided, and for whom: the module's page or the file, and the group.

use super::Guide;
use super::pbx::DryPbx;
use crate::pbx::{self, Pbx};
use crate::rules::{AccountId, Member};
use crate::settings::page::FIELDS;

/// How many members are named.
const NAMED_MAX: usize = 5;

/// What the module's page has, where it decides.
#[derive(Debug, Default)]
pub(super) struct OnPage {
    pub(super) page: Option<pbx::Page>,
}

impl OnPage {
    /// Returns what the page has for a key; nothing where the field is empty.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        let field = FIELDS.iter().find(|field| field.key == key)?;
        let entered = self.page.as_ref()?.fields.get(field.variable)?;
        Some(entered.trim()).filter(|entered| !entered.is_empty())
    }
}

impl Guide {
    /// Asks where the rules are decided, and reads the page where they are decided there.
    pub(super) async fn choose_source(&mut self, pbx: Option<&DryPbx>) -> anyhow::Result<OnPage> {
        self.chapter("Rules")?;
        self.ask("rules.source")?;
        let is_on_page = self.answers.get("rules.source").is_none_or(|source| source.expose() == "page");
        let page = match pbx {
            Some(pbx) if is_on_page => self.read_page(pbx).await?,
            _ => OnPage::default(),
        };
        if !is_on_page {
            self.ask("rules.language")?;
            self.ask("rules.categories.create")?;
        }
        Ok(page)
    }

    /// Reads the module's page.
    pub(super) async fn read_page(&self, pbx: &DryPbx) -> anyhow::Result<OnPage> {
        loop {
            match pbx.page().await {
                Ok(page) => {
                    self.good("the module's page was read")?;
                    return Ok(OnPage { page: Some(page) });
                }
                Err(error) => {
                    self.failed(&error.into(), None)?;
                    if !self.again("read the module's page: it was given up")? {
                        return Ok(OnPage::default());
                    }
                }
            }
        }
    }

    /// Chooses the group and shows who is in it.
    pub(super) async fn choose_group(&mut self, pbx: Option<&DryPbx>, page: &OnPage) -> anyhow::Result<Vec<Member>> {
        if let Some(group) = page.get("rules.group") {
            self.good(&format!("the group is {group}, by the module's page"))?;
            let Some(group) = group.parse().ok().map(AccountId) else { return Ok(Vec::new()) };
            return self.members(pbx, group).await.map(Option::unwrap_or_default);
        }
        loop {
            self.ask("rules.group")?;
            let group = self.answers.get("rules.group").and_then(|group| group.expose().parse().ok());
            let Some(group) = group.map(AccountId) else { return Ok(Vec::new()) };
            match self.members(pbx, group).await? {
                Some(members) if self.dialogue.confirm("Is this the group?", true)? => return Ok(members),
                None if !self.again("read the group's members: it was given up")? => return Ok(Vec::new()),
                _ => {}
            }
            self.answers.forget(&["rules.group"]);
        }
    }

    /// Tells who is in a group; nothing when it cannot be read.
    async fn members(&self, pbx: Option<&DryPbx>, group: AccountId) -> anyhow::Result<Option<Vec<Member>>> {
        let Some(pbx) = pbx else { return Ok(Some(Vec::new())) };
        let members = match pbx.members(group).await {
            Ok(members) if members.is_empty() => {
                self.bad(&format!("{group} is no group of this PBX, or nobody is in it"))?;
                return Ok(None);
            }
            Ok(members) => members,
            Err(error) => {
                let helps = "compare it with the account id that STARFACE shows of the group";
                self.failed(&error.into(), Some(helps))?;
                return Ok(None);
            }
        };
        let names: Vec<String> =
            members.iter().take(NAMED_MAX).map(|one| format!("{} ({})", one.name, one.login)).collect();
        let more = match members.len().saturating_sub(NAMED_MAX) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        self.good(&format!("{group} has {} members: {}{more}", members.len(), names.join(", ")))?;
        let without = members.iter().filter(|member| member.address.is_none()).count();
        if without > 0 {
            self.doubtful(&format!(
                "{without} of them have no e-mail address in STARFACE, so no calendar is followed"
            ))?;
        }
        Ok(Some(members))
    }
}
