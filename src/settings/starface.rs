//! `[starface]`: where the PBX is and how to log in there.

use std::time::Duration;

use url::Url;

use crate::rules::Login;
use crate::secret::Secret;

use super::form::duration::{HOUR, MINUTE, SECOND, duration};
use super::form::server::server;
use super::form::{available, choice, line};
use super::reader::Reader;
use super::trust::Trust;

/// How the PBX is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// `module`: by the entry points of the module, for every member of the group.
    Module,
}

/// How the service proves who it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// `sha512`: a token made from login and password.
    Sha512,
    /// `md5`: the same for a STARFACE before 6.4.2.
    Md5,
    /// `oauth`: the access tokens of STARFACE 10.
    OAuth {
        /// The secret of the REST API.
        client_secret: Secret,
    },
    /// `none`: no token; the module's key alone.
    None,
}

/// What `auth` may say, before it is known which secrets are there.
#[derive(Clone, Copy)]
enum AskedAuth {
    Auto,
    OAuth,
    Sha512,
    Md5,
    None,
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
    /// Which certificates it may show.
    pub trust: Trust,
    /// The key that the module asks of every caller.
    pub module_key: Secret,
    /// How long one call may take.
    pub timeout: Duration,
    /// How often members, addresses and numbers are read.
    pub members_interval: Duration,
}

const PASSWORD: &str = "starface.password";
const CLIENT_SECRET: &str = "starface.client_secret";

impl Starface {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mode = available(choice([("module", Mode::Module)]), &["uci"], "set starface.mode = \"module\"");
        let mode = reader.or("starface.mode", &mode, Mode::Module);
        let url = reader.or("starface.url", &server(), this_machine());
        let instance = reader.or("starface.instance", &line(100), "Kalender Connector".to_owned());
        let login = reader.or("starface.login", &line(100), "0001".to_owned());
        let auth = read_auth(reader);
        let password = match auth {
            Some(Auth::None) => reader.secret(PASSWORD),
            _ => reader.required_secret(PASSWORD),
        };
        let module_key = reader.required_secret("starface.module_key");
        let trust = Trust::read(reader);
        let timeout = duration(SECOND..=SECOND * 30);
        let members_interval = duration(SECOND..=HOUR * 24);
        Some(Self {
            mode,
            url,
            instance,
            login: Login(login),
            password,
            auth: auth?,
            trust,
            timeout: reader.or("starface.timeout", &timeout, SECOND * 10),
            members_interval: reader.or("starface.members_interval", &members_interval, MINUTE * 10),
            module_key: module_key?,
        })
    }
}

/// `auto` is `oauth` where there is a client secret, else `sha512`.
fn read_auth(reader: &mut Reader<'_>) -> Option<Auth> {
    let words = [
        ("auto", AskedAuth::Auto),
        ("oauth", AskedAuth::OAuth),
        ("sha512", AskedAuth::Sha512),
        ("md5", AskedAuth::Md5),
        ("none", AskedAuth::None),
    ];
    let asked = reader.or("starface.auth", &choice(words), AskedAuth::Auto);
    let client_secret = match asked {
        AskedAuth::OAuth => reader.required_secret(CLIENT_SECRET),
        _ => reader.secret(CLIENT_SECRET),
    };
    match (asked, client_secret) {
        (AskedAuth::Auto | AskedAuth::OAuth, Some(client_secret)) => Some(Auth::OAuth { client_secret }),
        (AskedAuth::OAuth, None) => None,
        (AskedAuth::Auto | AskedAuth::Sha512, _) => Some(Auth::Sha512),
        (AskedAuth::Md5, _) => Some(Auth::Md5),
        (AskedAuth::None, _) => Some(Auth::None),
    }
}

fn this_machine() -> Url {
    Url::parse("https://127.0.0.1").expect("the built-in address is a URL")
}
