//! How the PBX is reached, and as whom.

use std::fmt;
use std::time::Duration;

use url::Url;

use crate::secret::Secret;

/// How the PBX is reached and which instance of the module is called. `Debug` shows neither secrets nor the URL.
#[derive(Clone)]
pub struct Config {
    /// Scheme, host and port; a path is kept as a prefix of `/xml-rpc`. Whether plain HTTP is acceptable is the
    /// settings' to decide.
    pub url: Url,
    /// The name of the module's instance, which is the prefix of its methods.
    pub instance: String,
    /// The login of the STARFACE user in whose name calls are made.
    pub login: String,
    /// That user's password.
    pub password: Secret,
    /// How the log-in is proved.
    pub auth: Auth,
    /// The module's key, sent with every call.
    pub module_key: Secret,
    /// The longest time for one call, connecting and reading included.
    pub timeout: Duration,
}

/// How the log-in is proved to the PBX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// STARFACE's token of login and SHA-512 digests (`sha512`).
    Sha512,
    /// No token (`none`): the module's entry points are open, and its key alone protects them.
    None,
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Config")
            .field("instance", &self.instance)
            .field("auth", &self.auth)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
