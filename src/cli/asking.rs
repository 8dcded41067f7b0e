//! Asking whichever of the two runs: the service, or its shadow run. They never run at once.

use std::path::Path;

use serde::de::DeserializeOwned;

use crate::clock::SystemClock;
use crate::journal::shadow_path;
use crate::web::control::{Ask, Client, ControlError};

/// What stands above what a shadow run says.
pub(super) const SHADOW_NOTE: &str =
    "SHADOW RUN: nothing is written to the PBX; what is told as set would be set. `history --shadow` tells more.";

/// Asks the service, or, where it does not run, the shadow run.
pub(super) async fn ask<T: DeserializeOwned>(state: &Path, ask: &Ask) -> Result<T, ControlError> {
    match Client::new(state, SystemClock).ask(ask).await {
        Err(not_running @ ControlError::NotRunning { .. }) => {
            match Client::new(&shadow_path(state), SystemClock).ask(ask).await {
                // The service is what people mean, so it is what is missed.
                Err(ControlError::NotRunning { .. }) => Err(not_running),
                answered => answered,
            }
        }
        answered => answered,
    }
}
