//! Mail servers that nobody here wrote, as processes.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use starface_calendar::clock::{Clock, SystemClock};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use crate::certificates::Shown;

/// The longest that a test waits for a mail that has to come; only a failing test waits that long.
const PATIENCE: chrono::TimeDelta = chrono::TimeDelta::seconds(90);

/// The Python of the operating system, for which its packages are.
const PYTHON: &str = "/usr/bin/python3";

/// Python's aiosmtpd.
pub(crate) struct Peer {
    pub(crate) port: u16,
    lines: Lines<BufReader<ChildStdout>>,
    _child: Child,
    _folder: TempDir,
}

impl Peer {
    /// A server that takes every mail, without encryption.
    pub(crate) async fn plain() -> Self {
        Self::start(&[]).await
    }

    pub(crate) async fn start(words: &[&str]) -> Self {
        Self::start_in(TempDir::new().unwrap(), words).await
    }

    /// A server with a certificate: `starttls` or `wrapped`.
    pub(crate) async fn with_tls(kind: &str, shown: &Shown, more: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        let (certificate, key) = (folder.path().join("certificate.der"), folder.path().join("key.pem"));
        shown.write(&certificate, &key);
        let paths = ["--tls", kind, "--certificate", certificate.to_str().unwrap(), "--key", key.to_str().unwrap()];
        let words: Vec<String> = paths.iter().chain(more).map(|word| (*word).to_owned()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Self::start_in(folder, &words).await
    }

    async fn start_in(folder: TempDir, words: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/peers/smtp_peer.py");
        let mut command = Command::new(PYTHON);
        command.arg("-W").arg("ignore").arg(script).args(words).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next_line().await.unwrap().expect("scripts/test installs python3-aiosmtpd");
        Self { port: port.parse().unwrap(), lines, _child: child, _folder: folder }
    }

    /// Waits for the next mail.
    pub(crate) async fn mail(&mut self) -> Value {
        let line = in_time(self.lines.next_line()).await.expect("no mail came").unwrap().unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

/// Waits for something that has to happen.
pub(crate) async fn in_time<T>(thing: impl Future<Output = T>) -> Option<T> {
    let patience = SystemClock.sleep_until(SystemClock.now() + PATIENCE);
    match futures_util::future::select(Box::pin(thing), Box::pin(patience)).await {
        futures_util::future::Either::Left((done, _)) => Some(done),
        futures_util::future::Either::Right(_) => None,
    }
}

pub(crate) fn text<'a>(mail: &'a Value, name: &str) -> &'a str {
    mail[name].as_str().unwrap()
}
