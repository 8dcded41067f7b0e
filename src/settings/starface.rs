//! `[starface]`: where the PBX is and how to log in there.

use std::time::Duration;

use url::Url;

use crate::rules::Login;
use crate::secret::Secret;

use super::form::duration::{HOUR, MINUTE, SECOND, duration};
use super::form::server::server;
use super::form::{available, choice, line};
use super::reader::Reader;

/// How the PBX is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `module`: by the entry points of the module, for every member of the group.
    Module,
}

/// How the service proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `sha512`: a token made from login and password.
    Sha512,
    /// `none`: no token; the module's key alone.
    None,
}

/// What `auth` may say, before it is known which secrets are there.
#[derive(Clone, Copy)]
enum AskedAuth {
    Auto,
    Just(Auth),
}

/// The PBX.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Starface {
    /// How it is reached.
    pub mode: Mode,
    /// Scheme, host and port.
    pub url: Url,
    /// The name of the module instance, which is the prefix of its methods.
    pub instance: String,
    /// Who logs in.
    pub login: Login,
    /// The password; there is one unless `auth` is none.
    pub password: Option<Secret>,
    /// How the service proves who it is.
    pub auth: Auth,
    /// The secret of the REST API of STARFACE 10.
    pub client_secret: Option<Secret>,
    /// The key that the module asks of every caller.
    pub module_key: Secret,
    /// How long one call may take.
    pub timeout: Duration,
    /// How often members, addresses and numbers are read.
    pub members_interval: Duration,
}

const PASSWORD: &str = "starface.password";

impl Starface {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mode = available(choice([("module", Mode::Module)]), &["uci"], "set starface.mode = \"module\"");
        let mode = reader.or("starface.mode", &mode, Mode::Module);
        let url = reader.or("starface.url", &server(), this_machine());
        let instance = reader.or("starface.instance", &line(100), "Kalender Connector".to_owned());
        let login = reader.or("starface.login", &line(100), "0001".to_owned());
        let (auth, client_secret) = read_auth(reader);
        let password = match auth {
            Auth::Sha512 => reader.required_secret(PASSWORD),
            Auth::None => reader.secret(PASSWORD),
        };
        let module_key = reader.required_secret("starface.module_key");
        refuse_own_trust(reader);
        let timeout = duration(SECOND..=MINUTE);
        let members_interval = duration(SECOND..=HOUR * 24);
        Some(Self {
            mode,
            url,
            instance,
            login: Login(login),
            password,
            auth,
            client_secret,
            timeout: reader.or("starface.timeout", &timeout, SECOND * 10),
            members_interval: reader.or("starface.members_interval", &members_interval, MINUTE * 10),
            module_key: module_key?,
        })
    }
}

/// `auto` with a client secret means OAuth, which this version cannot do; then a choice has to be made.
fn read_auth(reader: &mut Reader<'_>) -> (Auth, Option<Secret>) {
    let words =
        [("auto", AskedAuth::Auto), ("sha512", AskedAuth::Just(Auth::Sha512)), ("none", AskedAuth::Just(Auth::None))];
    let form = available(choice(words), &["oauth", "md5"], "set starface.auth = \"sha512\"");
    let asked = reader.or("starface.auth", &form, AskedAuth::Auto);
    let secret = reader.secret("starface.client_secret");
    let auth = match asked {
        AskedAuth::Just(auth) => auth,
        AskedAuth::Auto => {
            if secret.is_some() {
                let wrong = "selects OAuth, which is not available in this version";
                reader.refuse("starface.client_secret", wrong, "remove it or set starface.auth = \"sha512\"");
            }
            Auth::Sha512
        }
    };
    (auth, secret)
}

fn refuse_own_trust(reader: &mut Reader<'_>) {
    let instead = "remove it; certificates are checked against those that this machine trusts";
    reader.unavailable("starface.ca_file", instead);
    reader.unavailable("starface.pin_sha256", instead);
}

fn this_machine() -> Url {
    Url::parse("https://127.0.0.1").expect("the built-in address is a URL")
}
