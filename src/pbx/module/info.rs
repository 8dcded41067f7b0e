//! The module's word about itself.

use super::XmlRpc;
use super::call::Params;
use super::data::Data;
use crate::pbx::{ModuleInfo, PbxError};

/// Asks the module for itself. Where its last owner is this caller, the numbers go on above what it has applied.
pub(super) async fn read(client: &XmlRpc) -> Result<ModuleInfo, PbxError> {
    let info = info(&client.call("info", Params::new(), &[]).await?)?;
    if info.owner.as_deref() == Some(client.caller.owner()) {
        client.caller.raise_above(info.last_seq);
    }
    Ok(info)
}

pub(super) fn info(data: &Data) -> Result<ModuleInfo, PbxError> {
    let text = |name| data.text(name).map(Option::unwrap_or_default);
    Ok(ModuleInfo {
        module_version: text("moduleVersion")?,
        api: text("api")?,
        instance_id: text("instanceId")?,
        instance_name: text("instanceName")?,
        starface_version: text("starfaceVersion")?,
        config_revision: text("configRevision")?,
        queue: text("queue")?,
        owner: data.text("owner")?.filter(|owner| !owner.is_empty()),
        last_seq: data.number("lastSeq")?.unwrap_or_default(),
    })
}
