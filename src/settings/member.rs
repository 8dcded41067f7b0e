//! `[[member]]`: members with a log-in of their own, for a PBX without the module.

use crate::rules::{Address, Login};
use crate::secret::Secret;

use super::error::Problem;
use super::form::address::address;
use super::form::line;
use super::keys::LIST;
use super::reader::Reader;

/// A member that is followed by its own log-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLogin {
    /// Who logs in.
    pub login: Login,
    /// The password.
    pub password: Secret,
    /// The mailbox.
    pub address: Address,
}

/// Reads every `[[member]]`.
pub(crate) fn read(reader: &mut Reader<'_>) -> Vec<OwnLogin> {
    let read: Vec<Option<OwnLogin>> =
        (0..reader.tree.list_len()).map(|index| read_one(reader, &format!("{LIST}[{index}]"))).collect();
    if !read.is_empty() {
        reader.warnings.push(Problem {
            key: LIST.to_owned(),
            source: reader.origin(&format!("{LIST}[0].login")),
            wrong: "has no effect with starface.mode = \"module\"".to_owned(),
            allowed: "it is for starface.mode = \"uci\" only".to_owned(),
        });
    }
    read.into_iter().flatten().collect()
}

/// Reads one `[[member]]`.
pub(crate) fn read_one(reader: &mut Reader<'_>, table: &str) -> Option<OwnLogin> {
    let login = reader.required(&format!("{table}.login"), &line(100));
    let password = reader.required_secret_of_list(&format!("{table}.password"));
    let address = reader.required(&format!("{table}.email"), &address());
    Some(OwnLogin { login: Login(login?), password: password?, address: address? })
}
