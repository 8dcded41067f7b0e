//! The real client: tokens and batches over HTTP.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tracing::{debug, field, instrument};
use url::Url;
use uuid::Uuid;

use super::batch::{self, Item};
use super::endpoint::Endpoint;
use super::error::{Flaw, GraphError};
use super::heavy::Heavy;
use super::http::{Http, Proxy, Received};
use super::json;
use super::reading::{Reading, Texts};
use super::reply::{Reply, RequestId, Service};
use super::round::{Pages, Round};
use super::token::{App, Bearer, Tokens};
use super::wire::Refusal;
use super::{Answer, Calendars, Request};
use crate::clock::Clock;
use crate::secret::Secret;

/// Which tenant is read, by which app.
#[derive(Clone, Debug)]
pub struct Config {
    /// The tenant's id, or one of its verified domain names.
    pub tenant_id: String,
    /// The app's id.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: Secret,
    /// Microsoft Graph: scheme, host and port. Without TLS only on this machine.
    pub endpoint: Url,
    /// Microsoft Entra: scheme, host and port. Without TLS only on this machine.
    pub login_endpoint: Url,
    /// The longest that one HTTP call may take, its answer's last byte included.
    pub request_timeout: Duration,
    /// Whether the texts of entries are read.
    pub bodies: Bodies,
}

/// Whether the texts of entries are read for their target tags. It needs the permission `Calendars.Read`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// They are.
    Read,
    /// They are not asked for, so no entry has tags.
    NotRead,
}

/// The calendars of a tenant in Microsoft 365.
#[derive(Debug)]
pub struct GraphClient {
    http: Http,
    tokens: Tokens,
    endpoint: Endpoint,
    bodies: Bodies,
    heavy: Heavy,
}

/// The largest answer that is read; one beyond it is asked for again in halves.
const ANSWER_MAX: usize = 8 * 1024 * 1024;

impl GraphClient {
    /// Builds the client; connects to nobody. Of the clock only the present is used.
    pub fn new(config: Config, clock: impl Clock) -> Result<Self, GraphError> {
        let endpoint = Endpoint::new(Service::Graph, config.endpoint)?;
        let login = Endpoint::new(Service::Login, config.login_endpoint)?;
        let proxy = if endpoint.is_loopback() && login.is_loopback() { Proxy::Bypassed } else { Proxy::AsConfigured };
        let app = App {
            url: login.token_url(&config.tenant_id),
            scope: endpoint.scope(),
            client_id: config.client_id,
            client_secret: config.client_secret,
        };
        Ok(Self {
            http: Http::new(config.request_timeout, proxy, clock)?,
            tokens: Tokens::new(app),
            endpoint,
            bodies: config.bodies,
            heavy: Heavy::default(),
        })
    }

    /// Fetches a token, also while one is kept, so that settings that have become wrong show at once. Returns
    /// what time it is at the other side, if it says so.
    pub async fn check_token(&self) -> Result<Option<DateTime<Utc>>, GraphError> {
        self.tokens.renew(&self.http).await
    }

    fn texts(&self, request: &Request) -> Texts {
        match self.bodies {
            Bodies::NotRead => Texts::Unwanted,
            Bodies::Read if self.heavy.holds(request, self.http.now()) => Texts::Forgone,
            Bodies::Read => Texts::Asked,
        }
    }

    /// Asks for the next page of each, with a fresh token once if the first is refused.
    async fn ask(&self, group: &[Reading]) -> Result<Pages, GraphError> {
        let bearer = self.tokens.bearer(&self.http).await?;
        let mut answer = self.post(&bearer, group).await;
        if refuses_token(&answer) {
            self.tokens.forget(&bearer).await;
            let fresh = self.tokens.bearer(&self.http).await?;
            answer = self.post(&fresh, group).await;
        }
        let (items, request_id) = answer?;
        let now = self.http.now();
        let pages = items.into_iter().map(|item| item.page(now));
        Ok(Pages { pages: pages.collect(), request_id })
    }

    #[instrument(
        level = "debug",
        name = "graph.batch",
        skip_all,
        fields(mailboxes = group.len(), graph.request_id = field::Empty),
        err(level = "debug")
    )]
    async fn post(&self, bearer: &Bearer, group: &[Reading]) -> BatchResult {
        let request = self
            .http
            .post(self.endpoint.batch_url())
            .bearer_auth(bearer.expose())
            .header("client-request-id", Uuid::new_v4().to_string())
            .json(&batch::ask(group));
        let received = self.http.send(Service::Graph, request, ANSWER_MAX).await?;
        if let Some(id) = &received.request_id {
            tracing::Span::current().record("graph.request_id", field::display(id));
        }
        debug!(status = received.status, "Microsoft Graph answered a batch.");
        if received.status != 200 {
            return Err(refusal(received));
        }
        match batch::sort(group.len(), &received.body) {
            Some(items) => Ok((items, received.request_id)),
            None => Err(GraphError::Malformed {
                service: Service::Graph,
                flaw: Flaw::NotJson,
                request_id: received.request_id,
            }),
        }
    }
}

impl Calendars for GraphClient {
    #[instrument(
        level = "debug",
        name = "graph.read",
        skip_all,
        fields(mailboxes = requests.len())
    )]
    async fn read(&self, requests: &[Request]) -> Result<Vec<Answer>, GraphError> {
        let mut round = Round::new(requests, |request| self.texts(request));
        while let Some(group) = round.next_group() {
            match self.ask(&group).await {
                Ok(pages) => round.take(group, pages, &self.endpoint),
                Err(error) => round.fail(group, &error),
            }
        }
        for &index in round.forgone() {
            debug!("The texts of a calendar are too large, so it is read without them for an hour.");
            self.heavy.note(&requests[index], self.http.now());
        }
        round.finish(requests)
    }
}

/// The items of a batch in the order of its mailboxes, and the id of the call.
type BatchResult = Result<(Vec<Item>, Option<RequestId>), GraphError>;

fn refuses_token(answer: &BatchResult) -> bool {
    match answer {
        Ok((items, _)) => items.iter().any(Item::refuses_token),
        Err(error) => matches!(error, GraphError::TokenRefused { .. }),
    }
}

fn refusal(received: Received) -> GraphError {
    let error = json::decode::<Refusal>(&received.body).map(|refusal| refusal.error);
    let own = error.as_ref().and_then(batch::request_id);
    let reply = Reply {
        service: Service::Graph,
        status: received.status,
        code: error.as_ref().and_then(batch::code),
        request_id: received.request_id.or(own),
    };
    GraphError::from_call(reply, received.retry_after)
}
