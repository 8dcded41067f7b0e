//! The module's entry points, and what each answers.

use chrono::{DateTime, Utc};
use dxr::Value;

use super::account::StateField;
use super::apply::{Writer, apply};
use super::codec::Refusal;
use super::events::Drain;
use super::redirects;
use super::state::State;
use super::tree::Tree;
use crate::rules::AccountId;

/// The most accounts in one call.
pub(crate) const ACCOUNTS_MAX: usize = 100;

/// The most members in one page.
const MEMBERS_MAX: usize = 500;

/// An entry point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `info`
    Info,
    /// `getConfig`
    GetConfig,
    /// `getMembers`
    GetMembers,
    /// `getStates`
    GetStates,
    /// `applyStates`
    ApplyStates,
    /// `getRedirects`
    GetRedirects,
    /// `applyRedirects`
    ApplyRedirects,
    /// `drainEvents`
    DrainEvents,
}

impl Method {
    const ALL: [Self; 8] = [
        Self::Info,
        Self::GetConfig,
        Self::GetMembers,
        Self::GetStates,
        Self::ApplyStates,
        Self::GetRedirects,
        Self::ApplyRedirects,
        Self::DrainEvents,
    ];

    /// Returns the entry point's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::GetConfig => "getConfig",
            Self::GetMembers => "getMembers",
            Self::GetStates => "getStates",
            Self::ApplyStates => "applyStates",
            Self::GetRedirects => "getRedirects",
            Self::ApplyRedirects => "applyRedirects",
            Self::DrainEvents => "drainEvents",
        }
    }

    /// Returns whether it writes.
    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::ApplyStates | Self::ApplyRedirects)
    }

    /// Returns the entry point that an instance has under this name.
    pub(crate) fn of(instance: &str, name: &str) -> Option<Self> {
        let name = name.strip_prefix(instance)?.strip_prefix('.')?;
        Self::ALL.into_iter().find(|method| method.name() == name)
    }
}

/// What comes of a call that is let in.
pub(crate) enum Turn {
    /// It is done, and this is its `Data`.
    Done(Tree),
    /// It may wait for events.
    Drains(Drain),
}

/// Works on a call of an entry point, as far as that needs no waiting. The inner error is the module's `Errormessage`.
pub(crate) fn turn(
    state: &mut State,
    now: DateTime<Utc>,
    method: Method,
    arguments: &[Value],
) -> Result<Result<Turn, String>, Refusal> {
    let [argument @ Value::Struct(_)] = arguments else {
        return Err(Refusal("exactly one struct is expected".to_owned()));
    };
    let argument =
        Tree::read(argument).map_err(|kind| Refusal(format!("a string or struct is expected, not {kind}")))?;
    Ok(work(state, now, method, &argument))
}

/// Writes the module's answer.
pub(crate) fn answer(result: Result<Tree, String>) -> Value {
    let success = Value::Boolean(result.is_ok());
    let (words, data) = match result {
        Ok(data) => (String::new(), data),
        Err(words) => (words, Tree::empty()),
    };
    let members = [
        ("Success".to_owned(), success),
        ("Errormessage".to_owned(), Value::String(words)),
        ("Data".to_owned(), data.value()),
    ];
    Value::Struct(members.into())
}

fn work(state: &mut State, now: DateTime<Utc>, method: Method, argument: &Tree) -> Result<Turn, String> {
    let leaf = |name| argument.leaf(name).unwrap_or_default();
    if !same_key(state.setup.key.expose(), leaf("Key")) {
        return Err("key".to_owned());
    }
    if let Some(called_at) = state.module.heard.get_mut(leaf("Owner")) {
        *called_at = now;
    }
    let none = Tree::empty();
    let params = argument.members().get("Params").unwrap_or(&none);
    let writer = || {
        let seq = leaf("Seq").parse().map_err(|_| "seq".to_owned())?;
        Ok::<_, String>(Writer { owner: leaf("Owner"), seq, now })
    };
    let data = match method {
        Method::Info => info(state),
        Method::GetConfig => state.page.tree(),
        Method::GetMembers => members(state, params)?,
        Method::GetStates => states(state, params)?,
        Method::ApplyStates => apply(state, &writer()?, params)?,
        Method::GetRedirects => redirects::redirects(state, params)?,
        Method::ApplyRedirects => redirects::apply(state, &writer()?, params)?,
        Method::DrainEvents => return Ok(Turn::Drains(Drain::read(params, now)?)),
    };
    Ok(Turn::Done(data))
}

/// Compares in constant time; an empty key fits nothing.
fn same_key(key: &str, given: &str) -> bool {
    let differences = key.bytes().zip(given.bytes()).fold(0, |differences, (one, two)| differences | (one ^ two));
    !key.is_empty() && key.len() == given.len() && differences == 0
}

fn info(state: &State) -> Tree {
    let owner = state.module.owner.as_ref();
    let last_seq = owner.map_or(0, |owner| owner.last_seq).to_string();
    let (revision, event_seq) = (state.page.revision(), state.module.events.seq().to_string());
    Tree::leaves([
        ("moduleVersion", "0.1.0"),
        ("api", "1"),
        ("instanceId", "5b2a9f0e-0000-4000-8000-0000000000ca"),
        ("instanceName", &state.setup.instance),
        ("starfaceVersion", "10.0.0.25"),
        ("configRevision", &revision),
        ("queue", state.module.events.queue()),
        ("eventSeq", &event_seq),
        ("owner", owner.map_or("", |owner| &owner.id)),
        ("lastSeq", &last_seq),
    ])
}

fn members(state: &State, params: &Tree) -> Result<Tree, String> {
    let number = |name: &str| params.leaf(name).and_then(|text| text.parse::<usize>().ok());
    if params.leaf("group") != Some(state.setup.group.to_string().as_str()) {
        return Err("unknown group".to_owned());
    }
    let from = number("from").ok_or("from")?;
    let count = number("count").filter(|count| (1..=MEMBERS_MAX).contains(count)).ok_or("count")?;
    let page: Tree = state
        .group
        .iter()
        .skip(from)
        .take(count)
        .filter_map(|account| {
            let (person, _) = state.people.get(account)?;
            let leaves = Tree::leaves([
                ("login", person.login.as_str()),
                ("firstName", &person.first_name),
                ("familyName", &person.family_name),
                ("email", &person.email),
            ]);
            Some((account.to_string(), leaves))
        })
        .collect();
    let members = [("total".to_owned(), Tree::Leaf(state.group.len().to_string())), ("members".to_owned(), page)];
    Ok(members.into_iter().collect())
}

/// Reads the accounts that a call asks for; what is no account is nobody.
pub(crate) fn accounts(params: &Tree) -> Result<Vec<AccountId>, String> {
    let accounts: Vec<&str> =
        params.leaf("accounts").ok_or("accounts")?.split(',').filter(|account| !account.is_empty()).collect();
    if accounts.len() > ACCOUNTS_MAX {
        return Err(format!("more than {ACCOUNTS_MAX} accounts"));
    }
    Ok(accounts.into_iter().filter_map(|name| name.parse().ok()).collect())
}

fn states(state: &State, params: &Tree) -> Result<Tree, String> {
    Ok(accounts(params)?
        .into_iter()
        .filter_map(|account| {
            state.people.get(&account)?;
            let leaves = StateField::ALL.map(|field| (field.name(), state.read(account, field).unwrap_or_default()));
            Some((account.to_string(), Tree::leaves(leaves)))
        })
        .collect())
}
