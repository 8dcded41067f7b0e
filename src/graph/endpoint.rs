//! The two addresses in the settings, and what may be reached from them.
//!
//! A secret or a token goes only to the origin that was configured, over TLS unless that is this machine.

use std::fmt;

use url::{Host, Url};

use super::error::GraphError;
use super::reply::Service;

/// Why an address in the settings cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointFlaw {
    /// It is neither `https` nor `http` to this machine.
    Unencrypted,
    /// It has more than scheme, host and port.
    NotAnOrigin,
}

impl fmt::Display for EndpointFlaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unencrypted => "it must begin with https://, or with http:// for this machine only",
            Self::NotAnOrigin => "it must be only https://, a host and perhaps a port",
        })
    }
}

/// One service's address: scheme, host and port.
#[derive(Clone, Debug)]
pub(super) struct Endpoint(Url);

/// Where the version root of Graph lies.
const VERSION_ROOT: &str = "/v1.0";

/// The longest link to a next page that is followed; known ones have some hundred letters.
pub(super) const LINK_MAX: usize = 8192;

impl Endpoint {
    /// Takes an address from the settings.
    pub(super) fn new(service: Service, url: Url) -> Result<Self, GraphError> {
        let refuse = |flaw| Err(GraphError::Endpoint { service, flaw });
        if url.scheme() != "https" && !(url.scheme() == "http" && is_loopback(&url)) {
            return refuse(EndpointFlaw::Unencrypted);
        }
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if bare { Ok(Self(url)) } else { refuse(EndpointFlaw::NotAnOrigin) }
    }

    /// Returns whether it is this machine, which no proxy can reach.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Returns where a tenant's tokens come from.
    pub(super) fn token_url(&self, tenant_id: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("/{}/oauth2/v2.0/token", segment(tenant_id)));
        url
    }

    /// Returns where batches go.
    pub(super) fn batch_url(&self) -> Url {
        let mut url = self.0.clone();
        url.set_path("/v1.0/$batch");
        url
    }

    /// Returns the scope of a token for everything that was granted here.
    pub(super) fn scope(&self) -> String {
        format!("{}/.default", self.0.origin().ascii_serialization())
    }

    /// Returns a link to a next page as it goes into a batch: below the version root. Nothing for a link that leads
    /// anywhere else, as what follows it is asked with our token.
    pub(super) fn relative(&self, link: &str) -> Option<String> {
        if link.len() > LINK_MAX {
            return None;
        }
        let url = Url::parse(link).ok()?;
        let clean = url.username().is_empty() && url.password().is_none();
        if !clean || url.origin() != self.0.origin() {
            return None;
        }
        let path = url.path().strip_prefix(VERSION_ROOT)?;
        if !path.starts_with('/') {
            return None;
        }
        Some(match url.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        })
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Returns a text as one segment of a path: everything is escaped but unreserved letters and `@`, which Microsoft's
/// own examples leave alone.
pub(super) fn segment(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'@') {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> Endpoint {
        let url = "https://graph.microsoft.com".parse().unwrap();
        Endpoint::new(Service::Graph, url).unwrap()
    }

    #[test]
    fn only_an_encrypted_origin_or_this_machine_is_an_endpoint() {
        #[track_caller]
        fn case(url: &str, expected: Result<(), EndpointFlaw>) {
            let found = match Endpoint::new(Service::Graph, url.parse().unwrap()) {
                Ok(_) => Ok(()),
                Err(GraphError::Endpoint { flaw, .. }) => Err(flaw),
                Err(other) => panic!("{other}"),
            };
            assert_eq!(found, expected, "{url}");
        }
        case("https://graph.microsoft.com", Ok(()));
        case("https://graph.microsoft.com/", Ok(()));
        case("http://localhost:8080", Ok(()));
        case("http://127.0.0.2:8080", Ok(()));
        case("http://[::1]:8080", Ok(()));
        case("http://graph.microsoft.com", Err(EndpointFlaw::Unencrypted));
        case("http://10.0.0.1", Err(EndpointFlaw::Unencrypted));
        case("http://localhost.example", Err(EndpointFlaw::Unencrypted));
        case("ftp://localhost", Err(EndpointFlaw::Unencrypted));
        case("https://host/v1.0", Err(EndpointFlaw::NotAnOrigin));
        case("https://host/?a=b", Err(EndpointFlaw::NotAnOrigin));
        case("https://me:word@host", Err(EndpointFlaw::NotAnOrigin));
    }

    #[test]
    fn a_tenant_id_stays_one_segment_of_the_path() {
        let url = graph().token_url("../evil?x=/y");
        assert_eq!(url.as_str(), "https://graph.microsoft.com/..%2Fevil%3Fx%3D%2Fy/oauth2/v2.0/token");
    }

    #[test]
    fn the_scope_follows_the_host_of_graph() {
        assert_eq!(graph().scope(), "https://graph.microsoft.com/.default");
    }

    #[test]
    fn an_address_is_one_escaped_segment() {
        #[track_caller]
        fn case(address: &str, expected: &str) {
            assert_eq!(segment(address), expected);
        }
        case("anna@example.de", "anna@example.de");
        case("a+b@example.de", "a%2Bb@example.de");
        case("o'neill@example.de", "o%27neill@example.de");
        case("jürgen@example.de", "j%C3%BCrgen@example.de");
        case("a#b?c/d%e@example.de", "a%23b%3Fc%2Fd%25e@example.de");
    }

    #[test]
    fn a_next_page_is_followed_only_below_the_version_root_of_graph() {
        #[track_caller]
        fn case(link: &str, expected: Option<&str>) {
            assert_eq!(graph().relative(link).as_deref(), expected, "{link}");
        }
        case(
            "https://graph.microsoft.com/v1.0/users/a/calendarView?$skip=10&x=%2B",
            Some("/users/a/calendarView?$skip=10&x=%2B"),
        );
        case("https://GRAPH.microsoft.com:443/v1.0/x", Some("/x"));
        case("https://graph.microsoft.com/v1.0/../beta/x", None);
        case("https://graph.microsoft.com/beta/x", None);
        case("https://graph.microsoft.com/v1.0evil/x", None);
        case("https://graph.microsoft.com:444/v1.0/x", None);
        case("http://graph.microsoft.com/v1.0/x", None);
        case("https://graph.microsoft.com.evil.example/v1.0/x", None);
        case("https://graph.microsoft.com@evil.example/v1.0/x", None);
        case("https://me:word@graph.microsoft.com/v1.0/x", None);
        case("/v1.0/users/a/calendarView", None);
        case("", None);
        let long = format!("https://graph.microsoft.com/v1.0/{}", "x".repeat(LINK_MAX));
        case(&long, None);
    }
}
