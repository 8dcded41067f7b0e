//! The real service of the demo: this very program as a process of its own, which can be killed.

use std::path::Path;
use std::process::Stdio;

use anyhow::Context;
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, Command};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::narrator::Heard;

/// The longest log line that is looked at.
const LINE_BYTES_MAX: usize = 64 * 1024;

/// A line of the service's log, as far as the demo tells of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(super) struct LogLine {
    pub(super) message: String,
    #[serde(default)]
    pub(super) level: String,
    #[serde(default, rename = "member.id")]
    pub(super) member: Option<u32>,
    #[serde(default)]
    pub(super) why: Option<String>,
    #[serde(default, rename = "entry.id_hash")]
    pub(super) entry: Option<String>,
    #[serde(default)]
    pub(super) round: Option<u64>,
}

/// The running service.
pub(super) struct Service {
    child: Child,
    reader: JoinSet<()>,
}

impl Service {
    /// Starts `run` with these settings; its log lines go to `heard`.
    pub(super) fn start(settings_file: &Path, heard: mpsc::Sender<Heard>) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("find this program's own file")?;
        let mut child = Command::new(program)
            .arg("run")
            .arg("--config")
            .arg(settings_file)
            .env_clear()
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("start the service")?;
        let stderr = child.stderr.take().context("read the service's log")?;
        let mut reader = JoinSet::new();
        reader.spawn(read(stderr, heard));
        Ok(Self { child, reader })
    }

    /// Returns the process id.
    pub(super) fn id(&self) -> u32 {
        self.child.id().unwrap_or(0)
    }

    /// Ends the service as `kill -9` does, at once and without a chance to clean up.
    pub(super) async fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill().await.context("kill the service")?;
        self.reader.join_next().await;
        Ok(())
    }
}

async fn read(stderr: ChildStderr, heard: mpsc::Sender<Heard>) {
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.len() > LINE_BYTES_MAX {
            continue;
        }
        if let Ok(line) = serde_json::from_str(&line)
            && heard.send(Heard::Log(line)).await.is_err()
        {
            return;
        }
    }
}
