//! The real client: the module's entry points over XML-RPC.
//!
//! Every value on this wire is a string and every collection a struct, so nothing depends on how the PBX maps types;
//! answers are read as if a mapping might still happen (booleans, numbers, nothing in place of an empty text).
//!
//! Must not know: how a document travels, what the values mean. Errors of one call never spoil another's accounts.

use std::fmt;
use std::time::Duration;

use super::transport::Transport;
use super::{Applied, Caller, Config, Drained, ModuleInfo, Page, Pbx, PbxError, Redirects, States};
use crate::clock::Clock;
use crate::meter::Meter;
use crate::rules::{AccountId, Member, Step};
use crate::secret::Secret;

mod apply;
#[cfg(any(test, feature = "fuzzing"))]
pub(super) mod attack;
mod call;
mod config;
mod data;
mod events;
mod fuse;
mod info;
mod members;
mod portion;
mod question;
mod redirects;
mod states;

use portion::Portions;

/// The PBX by way of the module's entry points.
pub struct XmlRpc {
    transport: Transport,
    caller: Caller,
    instance: String,
    password: Secret,
    module_key: Secret,
    portions: Portions,
    meter: Meter,
}

impl XmlRpc {
    /// Prepares a client; connects to nothing yet. Fails only when the machine cannot do TLS at all, or nobody can be
    /// trusted.
    /// Of the clock only the present is used.
    pub fn new(config: Config, caller: Caller, clock: impl Clock) -> Result<Self, PbxError> {
        Ok(Self {
            transport: Transport::new(&config, clock)?,
            caller,
            instance: config.instance,
            password: config.password,
            module_key: config.module_key,
            portions: Portions::default(),
            meter: config.meter,
        })
    }

    /// Returns who calls, for the one who keeps the numbers.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }
}

impl fmt::Debug for XmlRpc {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("XmlRpc")
            .field("instance", &self.instance)
            .field("caller", &self.caller)
            .finish_non_exhaustive()
    }
}

impl Pbx for XmlRpc {
    async fn info(&self) -> Result<ModuleInfo, PbxError> {
        info::read(self).await
    }

    async fn page(&self) -> Result<Page, PbxError> {
        config::read(self).await
    }

    async fn members(&self, group: AccountId) -> Result<Vec<Member>, PbxError> {
        members::read(self, group).await
    }

    async fn states(&self, accounts: &[AccountId]) -> States {
        states::read(self, accounts).await
    }

    async fn redirects(&self, accounts: &[AccountId]) -> Redirects {
        redirects::read(self, accounts).await
    }

    async fn apply(&self, steps: &[Step]) -> Applied {
        apply::write(self, steps).await
    }

    async fn drain(&self, queue: Option<String>, after: u64, wait: Duration) -> Result<Drained, PbxError> {
        events::drain(self, queue, after, wait).await
    }
}
