//! Callers of the control socket who mean no good, and a service that is none.

use chrono::DateTime;
use starface_calendar::clock::SimClock;
use starface_calendar::engine::Ended;
use starface_calendar::web::control::{Ask, Client, ControlError};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixListener;

/// Asks a service that answers with pieces without an end; returns the error and how many bytes were taken.
async fn asked(piece: &'static [u8]) -> (ControlError, usize) {
    let folder = TempDir::new().unwrap();
    let listener = UnixListener::bind(folder.path().join("control.sock")).unwrap();
    let client = Client::new(&folder.path().join("state.db"), SimClock::new(DateTime::default()));
    let ask = Ask::End { member: "0010".to_owned() };
    let service = async {
        let (mut caller, _) = listener.accept().await.unwrap();
        let mut taken = 0;
        while taken < (256 << 20) && caller.write_all(piece).await.is_ok() {
            taken += piece.len();
        }
        taken
    };
    let (answer, taken) = tokio::join!(client.ask::<Ended>(&ask), service);
    (answer.unwrap_err(), taken)
}

#[tokio::test]
async fn an_answer_without_an_end_is_taken_up_to_its_bound() {
    static PIECE: [u8; 64 * 1024] = [b' '; 64 * 1024];
    let (error, taken) = asked(&PIECE).await;
    assert!(matches!(error, ControlError::NotUnderstood), "{error:?}");
    assert!(taken <= 65 << 20, "{taken}");
}
