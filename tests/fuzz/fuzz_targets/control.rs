//! Any bytes on the control socket, with an engine behind it that refuses everything: each caller gets one document or
//! nothing, and the next one is served.
#![no_main]

use std::cell::LazyCell;
use std::path::Path;

use libfuzzer_sys::fuzz_target;
use starface_calendar::clock::SystemClock;
use starface_calendar::engine::{Command, Refusal};
use starface_calendar::lifecycle::{Lifecycle, Systemd, Urgency};
use starface_calendar::web::control::Control;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

thread_local! {
    static DESK: LazyCell<(Runtime, TempDir)> = LazyCell::new(|| {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        (runtime, TempDir::new().expect("a temporary folder"))
    });
}

fuzz_target!(|bytes: &[u8]| {
    DESK.with(|desk| {
        let (runtime, folder) = &**desk;
        runtime.block_on(served(folder.path(), bytes));
    });
});

async fn served(folder: &Path, bytes: &[u8]) {
    let control = Control::bind(&folder.join("state.db")).expect("a socket");
    let lifecycle = Lifecycle::new(Systemd::of_this_process());
    let (commands, engine) = mpsc::channel(16);
    let callers = async {
        for line in [bytes, b"{\"command\":\"end\",\"member\":\"x\"}\n"] {
            let answer = say(folder, line).await;
            assert!(answer.is_empty() || answer.ends_with(b"\n"), "an answer is whole");
        }
        let answer = say(folder, b"{\"command\":\"end\",\"member\":\"x\"}\n").await;
        assert!(answer.starts_with(b"{\"refused\""), "the next caller is served");
        lifecycle.ask(Urgency::Soft);
    };
    tokio::join!(control.serve(commands, SystemClock, lifecycle.stop()), refuse(engine), callers);
}

async fn say(folder: &Path, bytes: &[u8]) -> Vec<u8> {
    let mut caller = UnixStream::connect(folder.join("control.sock")).await.expect("a service");
    // The service may hang up on a line that is too long.
    drop(caller.write_all(bytes).await);
    drop(caller.shutdown().await);
    let mut answer = Vec::new();
    drop(caller.read_to_end(&mut answer).await);
    answer
}

async fn refuse(mut engine: mpsc::Receiver<Command>) {
    while let Some(command) = engine.recv().await {
        let unknown = Refusal::Unknown { text: String::new() };
        match command {
            Command::End { reply, .. } => drop(reply.send(Err(unknown))),
            Command::Restore { reply, .. } => drop(reply.send(Err(unknown))),
            Command::History { reply, .. } => drop(reply.send(Err(unknown))),
            Command::Explain { reply, .. } => drop(reply.send(Err(unknown))),
            Command::Refresh(reply) => drop(reply.send(Err(unknown))),
            Command::Status { .. } | Command::Problems { .. } | Command::ExplainAll { .. } | Command::Figures(_) => {}
        }
    }
}
