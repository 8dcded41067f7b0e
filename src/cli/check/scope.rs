//! Whether the app is kept out of the mailboxes that it has no business with.
//!
//! Only a mailbox outside tells: the admin names one in `graph.expect_scoped`, and it must be refused.

use super::mailboxes::request;
use super::{Line, Report, helps};
use crate::clock::SystemClock;
use crate::engine::chain;
use crate::graph::{Calendars, GraphClient, GraphError};
use crate::rules::{Address, Member};
use crate::settings::Settings;

const SUBJECT: &str = "scope";

const ANOTHER: &str = "name in graph.expect_scoped a mailbox that exists and whose calendar the app must not read";

/// Tries to read the mailbox that must be out of reach, where one is named. With the members goes how many of their
/// mailboxes can be read.
pub(super) async fn examine(
    settings: &Settings,
    graph: &GraphClient,
    clock: SystemClock,
    (members, readable): (&[Member], usize),
    report: &mut Report,
) {
    let Some(address) = &settings.graph.expect_scoped else { return };
    if members.iter().any(|member| member.address.as_ref() == Some(address)) {
        let text = format!("{address} in graph.expect_scoped is a member's, whose calendar is to be read");
        return report.tell(Line::warning(SUBJECT, text, ANOTHER));
    }
    report.tell(match read(graph, address, clock).await {
        Ok(()) => {
            let text = format!("the app can read every mailbox of the tenant, also {address} outside");
            Line::warning(SUBJECT, text, &limit(settings))
        }
        Err(error) if error.is_forbidden() && readable > 0 => {
            Line::ok(SUBJECT, format!("{address} outside is refused, as it should be"))
        }
        Err(error) if error.is_forbidden() => {
            let text = format!("{address} is refused, which proves nothing, as no member's mailbox can be read either");
            Line::warning(SUBJECT, text, "see the lines above")
        }
        Err(error) if error.is_not_found() => {
            let text = format!("nothing is proved, as {address} does not exist: {}", chain(&error));
            Line::warning(SUBJECT, text, ANOTHER)
        }
        Err(error) => {
            let help = helps(error.verdict(), "see the lines above");
            Line::failed(SUBJECT, &Untried { address: address.clone(), error }, help)
        }
    });
}

async fn read(graph: &GraphClient, address: &Address, clock: SystemClock) -> Result<(), GraphError> {
    let answers = graph.read(&[request(address, clock)]).await?;
    answers.into_iter().try_for_each(|answer| answer.calendar.map(drop))
}

/// Returns how the app is limited to some mailboxes, in the order in which nothing stops working meanwhile.
fn limit(settings: &Settings) -> String {
    format!(
        "limit the app with RBAC for Applications, in Exchange Online PowerShell: New-ServicePrincipal -AppId {app} \
         -ObjectId …; New-ManagementScope -Name … -RecipientRestrictionFilter …; New-ManagementRoleAssignment -App {app} \
         -Role \"Application Calendars.Read\" -CustomResourceScope … (for categories also \"Application \
         MailboxSettings.ReadWrite\"); then revoke these permissions in Microsoft Entra, as the two add up; it counts \
         after up to 2 hours, and Test-ServicePrincipalAuthorization -Identity {app} -Resource {outside} shows it before",
        app = settings.graph.client_id,
        outside = settings.graph.expect_scoped.as_ref().map_or("…", Address::as_str),
    )
}

/// An attempt that came to nothing.
#[derive(Debug, thiserror::Error)]
#[error("try whether {address} is out of reach")]
struct Untried {
    address: Address,
    #[source]
    error: GraphError,
}
