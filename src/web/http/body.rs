//! The body of a request.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use futures_util::StreamExt;

use super::answer::Denied;

/// The longest body that is taken.
const BODY_BYTES_MAX: usize = 4 * 1024;

/// How much more is read and dropped, so that whoever sent too much hears it: a connection that is closed over unread
/// bytes takes the answer along.
const DROPPED_BYTES_MAX: usize = 256 * 1024;

/// Reads a body to its end.
///
/// # Errors
/// When it is too long, or breaks off.
pub(super) async fn read(body: Body) -> Result<Bytes, Denied> {
    let (mut taken, mut length) = (Vec::new(), 0);
    let mut pieces = body.into_data_stream();
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Denied::new(StatusCode::BAD_REQUEST, "the body broke off"))?;
        length += piece.len();
        if length <= BODY_BYTES_MAX {
            taken.extend_from_slice(&piece);
        }
        if length > DROPPED_BYTES_MAX {
            break;
        }
    }
    if length > BODY_BYTES_MAX {
        return Err(Denied::new(StatusCode::PAYLOAD_TOO_LARGE, "a body may have at most 4096 bytes"));
    }
    Ok(taken.into())
}
