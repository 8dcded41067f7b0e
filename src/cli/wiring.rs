//! Puts the rooms together by the settings.

use std::time::Duration;

use anyhow::Context;

use crate::clock::Clock;
use crate::engine::{self, Orders};
use crate::graph::{self, Bodies, GraphClient};
use crate::meter::Meter;
use crate::pbx::{self, Caller, Pbx, XmlRpc};
use crate::rules::Upkeep;
use crate::settings::{self, Auth, Graph, Local, RulesSource, Settings, Starface, Trust};

/// How long one call to Graph may take, so that a slow answer never outlives the next read.
const GRAPH_TIMEOUT: Duration = Duration::from_secs(30);

/// Builds the client for the tenant, which reads texts or not, and whose requests are counted.
pub(super) fn calendars(graph: &Graph, bodies: Bodies, clock: impl Clock, meter: Meter) -> anyhow::Result<GraphClient> {
    let config = graph::Config {
        tenant_id: graph.tenant_id.clone(),
        client_id: graph.client_id.clone(),
        credential: graph.credential.clone(),
        endpoint: graph.endpoint.clone(),
        login_endpoint: graph.login_endpoint.clone(),
        request_timeout: GRAPH_TIMEOUT,
        bodies,
        meter,
    };
    GraphClient::new(config, clock).context("build the client for Microsoft Graph")
}

/// Texts are read while a tag in them may count.
pub(super) fn bodies(settings: &Settings) -> Bodies {
    if settings.policy.may_follow_tags() { Bodies::Read } else { Bodies::NotRead }
}

/// Builds the client for the PBX, whose calls are counted.
pub(super) fn pbx(starface: &Starface, caller: Caller, clock: impl Clock, meter: Meter) -> anyhow::Result<XmlRpc> {
    let config = pbx::Config {
        url: starface.url.clone(),
        instance: starface.instance.clone(),
        login: starface.login.0.clone(),
        password: starface.password.clone().unwrap_or_else(|| crate::secret::Secret::new("")),
        auth: match &starface.auth {
            Auth::Sha512 => pbx::Auth::Sha512,
            Auth::Md5 => pbx::Auth::Md5,
            Auth::OAuth { client_secret } => pbx::Auth::OAuth { client_secret: client_secret.clone() },
            Auth::None => pbx::Auth::None,
        },
        trust: match &starface.trust {
            Trust::System => pbx::Trust::System,
            Trust::CaFile(certificates) => pbx::Trust::CaFile(certificates.clone()),
            Trust::PinSha256(pin) => pbx::Trust::PinSha256(*pin),
        },
        module_key: starface.module_key.clone(),
        timeout: starface.timeout,
        meter,
    };
    XmlRpc::new(config, caller, clock).context("build the client for the PBX")
}

/// Completes what this machine says by the module's page, where the rules are decided there.
pub(super) async fn settings(local: &Local, pbx: &impl Pbx) -> anyhow::Result<Settings> {
    Ok(match local.source {
        RulesSource::File => local.settings()?,
        RulesSource::Page => {
            let page = pbx.page().await.context("read the module's page")?;
            local.settings_with(&page.fields, &page.lists)?
        }
    })
}

/// Returns whose categories in Outlook are filled, and whose are cleared.
pub(super) fn upkeep(settings: &Settings) -> Upkeep {
    let categories = &settings.categories;
    Upkeep { create: categories.create, remove_from: categories.remove_from.iter().cloned().collect() }
}

/// Returns what changes how often calendars are read.
fn pace(pace: &settings::Pace) -> engine::Pace {
    match pace {
        settings::Pace::Steady => engine::Pace::Steady,
        settings::Pace::Adaptive { quiet_interval, hours, before_boundaries } => {
            engine::Pace::Adaptive(engine::Adaptive {
                quiet_interval: *quiet_interval,
                hours: hours.clone(),
                ahead: if *before_boundaries { engine::ReadAhead::Yes } else { engine::ReadAhead::No },
            })
        }
    }
}

/// Returns what the engine is told to do.
pub(super) fn orders(settings: &Settings) -> Orders {
    Orders {
        group: settings.group,
        policy: settings.policy.clone(),
        upkeep: upkeep(settings),
        check_interval: settings.graph.check_interval,
        pace: pace(&settings.graph.pace),
        members_interval: settings.starface.members_interval,
        batches_in_flight: graph::batches_in_flight,
        history_for: settings.store.history_for,
        credential_end: settings.graph.credential.end(),
    }
}
