//! What `check` says of the PBX's certificate, from the first call's answer.

use super::Line;
use crate::pbx::{CertificateFlaw, Fingerprint, ModuleInfo, PbxError};
use crate::settings::{Starface, Trust};

const SUBJECT: &str = "TLS";

/// Returns the line, unless the PBX was not reached and so showed nothing.
pub(super) fn line(starface: &Starface, info: &Result<ModuleInfo, PbxError>) -> Option<Line> {
    match info {
        Err(error @ PbxError::Certificate { fingerprint, flaw }) => {
            Some(Line::failed(SUBJECT, error, &helps(*fingerprint, *flaw, &starface.trust)))
        }
        _ if starface.url.scheme() == "http" => Some(Line::ok(SUBJECT, "not used on this machine, by starface.url")),
        Err(PbxError::Unreachable { .. } | PbxError::TimedOut | PbxError::NoToken { .. }) => None,
        _ => Some(Line::ok(SUBJECT, trusted(&starface.trust))),
    }
}

fn trusted(trust: &Trust) -> &'static str {
    match trust {
        Trust::System => "the PBX's certificate is of an authority that this machine trusts",
        Trust::CaFile(_) => "the PBX's certificate is in starface.ca_file, or of an authority in it",
        Trust::PinSha256(_) => "the PBX's certificate is the one in starface.pin_sha256",
    }
}

/// What is pasted unseen would trust whoever stands between here and the PBX, so comparing comes first.
fn helps(fingerprint: Fingerprint, flaw: CertificateFlaw, trust: &Trust) -> String {
    if flaw == CertificateFlaw::KeyNotProved {
        return "find out who answers at starface.url: it is not the PBX that has this certificate".to_owned();
    }
    if !flaw.ends_by_pinning() {
        return "give the PBX a new certificate (X.509 version 3) with its name or address in it".to_owned();
    }
    let place = match trust {
        Trust::System => "put this line into [starface]",
        Trust::CaFile(_) => "put this line into [starface] in place of ca_file",
        Trust::PinSha256(_) => "put this line into [starface] in place of the old one",
    };
    format!(
        "compare this SHA-256 with the one that the PBX itself shows of its certificate, on its own screen or admin \
         page; only if they are equal, {place}: pin_sha256 = \"{fingerprint}\""
    )
}
