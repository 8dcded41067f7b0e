//! The real client: tokens and batches over HTTP.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tracing::{debug, field, instrument};
use url::Url;
use uuid::Uuid;

use super::batch::{self, Item};
use super::dialogue::Dialogue;
use super::directory::{Directory, User};
use super::endpoint::Endpoint;
use super::error::{GraphError, Permission};
use super::heavy::Heavy;
use super::http::{Http, Proxy, Received};
use super::json;
use super::pauses::Pauses;
use super::reading::{Reading, Texts, Whole};
use super::reply::{Reply, RequestId, Service};
use super::round::{Answers, Round, Turn};
use super::token::{App, Bearer, Tokens};
use super::wire::Refusal;
use super::{Answer, Calendars, PerMailbox, Request};
use crate::clock::Clock;
use crate::credential::Credential;
use crate::meter::Meter;
use crate::rules::Address;

/// Which tenant is read, by which app.
#[derive(Clone, Debug)]
pub struct Config {
    /// The tenant's id, or one of its verified domain names.
    pub tenant_id: String,
    /// The app's id.
    pub client_id: String,
    /// What the app proves itself with.
    pub credential: Credential,
    /// Microsoft Graph: scheme, host and port. Without TLS only on this machine.
    pub endpoint: Url,
    /// Microsoft Entra: scheme, host and port. Without TLS only on this machine.
    pub login_endpoint: Url,
    /// The longest that one HTTP call may take, its answer's last byte included.
    pub request_timeout: Duration,
    /// Whether the texts of entries are read.
    pub bodies: Bodies,
    /// Where the requests are counted.
    pub meter: Meter,
}

/// Whether the texts of entries are read for their target tags. It needs the permission `Calendars.Read`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bodies {
    /// They are.
    Read,
    /// They are not asked for, so no entry has tags.
    NotRead,
}

/// The mailboxes of a tenant in Microsoft 365.
#[derive(Debug)]
pub struct GraphClient {
    http: Http,
    tokens: Tokens,
    endpoint: Endpoint,
    bodies: Bodies,
    heavy: Heavy,
    /// Until when nobody, or a mailbox, may be asked.
    pub(super) pauses: Pauses,
    /// The same of looking up who has an address.
    pub(super) look_up_pauses: Pauses,
    /// Who is meant by an address that nobody signs in with.
    pub(super) directory: Mutex<Directory>,
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
            credential: config.credential,
        };
        Ok(Self {
            http: Http::new(config.request_timeout, proxy, clock, config.meter)?,
            tokens: Tokens::new(app),
            endpoint,
            bodies: config.bodies,
            heavy: Heavy::default(),
            pauses: Pauses::default(),
            look_up_pauses: Pauses::default(),
            directory: Mutex::default(),
        })
    }

    /// Fetches a token, also while one is kept, so that settings that have become wrong show at once. Returns
    /// what time it is at the other side, if it says so.
    pub async fn check_token(&self) -> Result<Option<DateTime<Utc>>, GraphError> {
        self.tokens.renew(&self.http).await
    }

    /// Returns the permissions for the whole tenant that the kept token names. It is advice for people: what the app may
    /// do shows only in the answers, as Exchange grants permissions too, of which no token knows. Nothing when there is
    /// no token, or when it cannot be read.
    pub async fn roles(&self) -> Option<BTreeSet<String>> {
        self.tokens.roles().await
    }

    fn texts(&self, request: &Request) -> Texts {
        match self.bodies {
            Bodies::NotRead => Texts::Unwanted,
            Bodies::Read if self.heavy.holds(request, self.http.now()) => Texts::Forgone,
            Bodies::Read => Texts::Asked,
        }
    }

    /// Notes whose texts turned out to be too large.
    fn note_heavy(&self, request: &Request, asked: Texts, whole: &Whole) {
        if asked == Texts::Asked && whole.texts == Texts::Forgone {
            debug!("The texts of a calendar are too large, so it is read without them for an hour.");
            self.heavy.note(request, self.http.now());
        }
    }

    /// Returns the present instant.
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.http.now()
    }

    /// Holds these dialogues, a batch of them at a time. Gives their outcomes in their order; fails as a whole only when
    /// none of them was answered.
    pub(super) async fn talk<D: Dialogue>(&self, dialogues: Vec<D>) -> PerMailbox<D::Outcome> {
        let mut round = Round::new(dialogues);
        while let Some(group) = round.next_group() {
            match self.ask(&group).await {
                Ok(answers) => round.take(group, answers, &self.endpoint),
                Err(error) => round.fail(group, &error),
            }
        }
        round.finish()
    }

    /// Asks the next question of each, unless the tenant wants to be left alone.
    async fn ask<D: Dialogue>(&self, group: &[Turn<D>]) -> Result<Answers, GraphError> {
        self.pauses.admit(self.now())?;
        let answers = self.ask_now(group).await;
        if let Err(error) = &answers {
            self.pauses.note(error, self.now());
        }
        answers
    }

    /// Asks; those for whom the token is refused, with a fresh one once. The others have their answers, and may want to
    /// be left alone.
    async fn ask_now<D: Dialogue>(&self, group: &[Turn<D>]) -> Result<Answers, GraphError> {
        let bearer = self.tokens.bearer(&self.http).await?;
        let all: Vec<usize> = (0..group.len()).collect();
        let mut answer = self.post(&bearer, group, &all).await;
        let refused = refused_tokens(&answer, all);
        if !refused.is_empty() {
            self.tokens.forget(&bearer).await;
            let fresh = self.tokens.bearer(&self.http).await?;
            let again = self.post(&fresh, group, &refused).await;
            answer = self.merged(answer, &refused, again);
        }
        let (items, request_id) = answer?;
        Ok(Answers { items, request_id, at: self.now() })
    }

    /// Puts answers that came the second time in the place of those that they replace.
    fn merged(&self, first: BatchResult, places: &[usize], again: BatchResult) -> BatchResult {
        match (first, again) {
            (Ok((mut items, _)), Ok((fresh, request_id))) => {
                for (place, item) in places.iter().zip(fresh) {
                    items[*place] = item;
                }
                Ok((items, request_id))
            }
            (Ok((items, request_id)), Err(error)) if places.len() < items.len() => {
                self.pauses.note(&error, self.now());
                Ok((items, request_id))
            }
            (_, again) => again,
        }
    }

    #[instrument(
        level = "debug",
        name = "graph.batch",
        skip_all,
        fields(mailboxes = places.len(), graph.request_id = field::Empty),
        err(level = "debug")
    )]
    async fn post<D: Dialogue>(&self, bearer: &Bearer, group: &[Turn<D>], places: &[usize]) -> BatchResult {
        let request = self
            .http
            .post(self.endpoint.batch_url())
            .bearer_auth(bearer.expose())
            .header("client-request-id", Uuid::new_v4().to_string())
            .json(&batch::ask(places.iter().map(|place| group[*place].dialogue.question())));
        let received = self.http.send(Service::Graph, request, ANSWER_MAX).await?;
        if let Some(id) = &received.request_id {
            tracing::Span::current().record("graph.request_id", field::display(id));
        }
        debug!(status = received.status, "Microsoft Graph answered a batch.");
        if received.status != 200 {
            return Err(refusal(received, D::NEEDS));
        }
        match batch::sort(places.len(), &received.body) {
            Ok(items) => {
                for item in &items {
                    self.http.meter().graph_request(D::KIND, item.status());
                }
                Ok((items, received.request_id))
            }
            Err(flaw) => Err(GraphError::Malformed { service: Service::Graph, flaw, request_id: received.request_id }),
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
        let addresses: Vec<Address> = requests.iter().map(|request| request.address.clone()).collect();
        let texts: Vec<Texts> = requests.iter().map(|request| self.texts(request)).collect();
        let begin = |index: usize, user: &User| {
            Reading::new(user, requests[index].window, texts[index]).after(requests[index].last)
        };
        let read = self.converse(&addresses, begin).await?;
        let answer = |((request, asked), read): ((&Request, &Texts), Result<Whole, GraphError>)| {
            let address = request.address.clone();
            match read {
                Ok(whole) => {
                    self.note_heavy(request, *asked, &whole);
                    Answer { address, calendar: Ok(whole.calendar), tags_unknown: whole.tags_unknown }
                }
                Err(error) => Answer { address, calendar: Err(error), tags_unknown: BTreeSet::new() },
            }
        };
        Ok(requests.iter().zip(&texts).zip(read).map(answer).collect())
    }
}

/// The items of a batch in the order of its mailboxes, and the id of the call.
type BatchResult = Result<(Vec<Item>, Option<RequestId>), GraphError>;

/// Returns the places of those for whom the token was refused.
fn refused_tokens(answer: &BatchResult, all: Vec<usize>) -> Vec<usize> {
    match answer {
        Ok((items, _)) => all.into_iter().filter(|place| items[*place].refuses_token()).collect(),
        Err(GraphError::TokenRefused { .. }) => all,
        Err(_) => Vec::new(),
    }
}

fn refusal(received: Received, needs: Permission) -> GraphError {
    let error = json::decode::<Refusal>(&received.body).ok().map(|refusal| refusal.error);
    let own = error.as_ref().and_then(batch::request_id);
    let reply = Reply {
        service: Service::Graph,
        status: received.status,
        code: error.as_ref().and_then(batch::code),
        request_id: received.request_id.or(own),
    };
    GraphError::from_call(reply, received.retry_after, needs)
}
