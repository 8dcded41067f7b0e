//! How the PBX is reached, and as whom.

use std::fmt;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use url::Url;

use super::certificate::Fingerprint;
use crate::meter::Meter;
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
    /// Which certificates the PBX may show.
    pub trust: Trust,
    /// The module's key, sent with every call.
    pub module_key: Secret,
    /// The longest time for one call, connecting and reading included.
    pub timeout: Duration,
    /// Where the calls are counted.
    pub meter: Meter,
}

/// How the log-in is proved to the PBX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// STARFACE's token of login and SHA-512 digests (`sha512`), since 6.4.2.
    Sha512,
    /// STARFACE's token of login and an MD5 digest (`md5`), before 6.4.2.
    Md5,
    /// The access tokens of STARFACE 10 (`oauth`), got by login and password.
    OAuth {
        /// The secret of the client `rest-client-headless`.
        client_secret: Secret,
    },
    /// No token (`none`): the module's entry points are open, and its key alone protects them.
    None,
}

/// Which certificates the PBX may show.
///
/// Whoever names one certificate means exactly this one: its dates, its names, its issuer and whether it calls itself
/// an authority do not matter then, only that the PBX has its key.
#[derive(Clone, PartialEq, Eq)]
pub enum Trust {
    /// Those of the authorities that this machine trusts; of the built-in ones where it trusts none.
    System,
    /// Those of these authorities and of no other (`ca_file`), and exactly these themselves.
    CaFile(Vec<CertificateDer<'static>>),
    /// Exactly the certificate with this SHA-256 of its DER form (`pin_sha256`).
    PinSha256([u8; 32]),
}

impl fmt::Debug for Trust {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => formatter.write_str("System"),
            Self::CaFile(certificates) => write!(formatter, "CaFile({} certificates)", certificates.len()),
            Self::PinSha256(pin) => write!(formatter, "PinSha256({})", Fingerprint(*pin)),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Config")
            .field("instance", &self.instance)
            .field("auth", &self.auth)
            .field("trust", &self.trust)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
