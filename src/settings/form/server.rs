//! Addresses of servers: URLs, and where the status page listens. A wrong URL is never shown, as it may hold a password
//! or a token.

use std::net::SocketAddr;

use url::{Host, Url};

use super::{Form, Refusal};

/// Makes a form of URLs with scheme, host and port alone. Without TLS only this machine is reached.
pub(crate) fn server() -> Form<Url> {
    let allowed = "https://host or https://host:port; http only to a loopback host";
    Form::new(allowed, |text| {
        let url = Url::parse(text).map_err(|_| "is not a URL")?;
        let host = url.host().ok_or("is not a URL with a host")?;
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&host) => {}
            "http" => return Err("is http to a host that is not this machine".into()),
            _ => return Err("has another scheme than https".into()),
        }
        bare(&url)?;
        Ok(url)
    })
    .hidden()
}

/// Makes a form of URLs of mail servers.
pub(crate) fn mail_server() -> Form<String> {
    let allowed = "smtp://host:port or smtps://host:port, also with user:password@ before the host and, with smtp, \
                   ?tls=required or ?tls=opportunistic behind it";
    Form::new(allowed, |text| {
        let url = Url::parse(text).map_err(|_| "is not a URL")?;
        if !matches!(url.scheme(), "smtp" | "smtps") {
            return Err("has another scheme than smtp or smtps".into());
        }
        url.host().ok_or("is not a URL with a host")?;
        let encryption = url.query_pairs().find(|(name, _)| name == "tls");
        if encryption.is_some_and(|(_, wish)| !matches!(&*wish, "required" | "opportunistic")) {
            return Err("has a tls that is neither required nor opportunistic".into());
        }
        Ok(text.to_owned())
    })
    .hidden()
}

/// Makes a form of addresses to listen on; the empty text is none.
pub(crate) fn listener() -> Form<Option<SocketAddr>> {
    let allowed = "an IP address and a port such as \"127.0.0.1:8765\", or \"\" for none";
    Form::new(allowed, |text| {
        if text.is_empty() {
            return Ok(None);
        }
        let address = text.parse().map_err(|_| "is no IP address with a port")?;
        Ok(Some(address))
    })
}

/// Makes a form of names that a `Host` header may bear.
pub(crate) fn host_name() -> Form<String> {
    Form::new("host names such as \"pbx.example.com\"", |text| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
        if !text.is_empty() && text.chars().all(plain) && Host::parse(text).is_ok() {
            Ok(text.to_ascii_lowercase())
        } else {
            Err("is not a host name".into())
        }
    })
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn bare(url: &Url) -> Result<(), Refusal> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or a password".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("has a query or a fragment".into());
    }
    if url.path() != "/" {
        return Err("has a path".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::super::error::Origin;
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: Result<&str, &str>) {
        let read = server().read(text).map_err(|wrong| wrong.wrong.told_of(&Origin::NotGiven));
        let read = read.as_ref().map(Url::as_str).map_err(String::as_str);
        assert_eq!(read, expected);
    }

    #[test]
    fn a_server_is_reached_by_https_or_on_this_machine() {
        case("https://pbx.example.com", Ok("https://pbx.example.com/"));
        case("https://10.0.0.1:8443/", Ok("https://10.0.0.1:8443/"));
        case("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080/"));
        case("http://localhost", Ok("http://localhost/"));
        case("http://[::1]:80", Ok("http://[::1]/"));
        case("http://10.0.0.1", Err("is http to a host that is not this machine"));
        case("http://localhost.example.com", Err("is http to a host that is not this machine"));
        case("ftp://127.0.0.1", Err("has another scheme than https"));
        case("pbx.example.com", Err("is not a URL"));
        case("localhost:443", Err("is not a URL with a host"));
        case("https://user@host", Err("holds a user name or a password"));
        case("https://:word@host", Err("holds a user name or a password"));
        case("https://host/?token=word", Err("has a query or a fragment"));
        case("https://host/#part", Err("has a query or a fragment"));
        case("https://host/xml-rpc", Err("has a path"));
    }

    #[test]
    fn a_host_name_has_letters_digits_points_and_hyphens() {
        assert_eq!(host_name().read("PBX.example.com"), Ok("pbx.example.com".to_owned()));
        assert!(host_name().read("pbx:8765").is_err());
        assert!(host_name().read("").is_err());
        assert!(host_name().read("a b").is_err());
    }
}
