//! The packed module in a stand-in for STARFACE 10, a Java program of its own that is told over a pipe what happens.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use serde_json::Value as Json;
use starface_calendar::pbx::{Caller, Config, XmlRpc};
use starface_calendar::rules::AccountId;
use starface_calendar::secret::Secret;

use crate::pbx::{OWNER, client_of, config};

pub(crate) const INSTANCE: &str = "Kalender Connector";
pub(crate) const LOGIN: &str = "0001";
pub(crate) const PASSWORD: &str = "Pässwort";
pub(crate) const KEY: &str = "Schlüssel-17 😀";
pub(crate) const GROUP: AccountId = AccountId(2001);
pub(crate) const ANNA: AccountId = AccountId(1010);
pub(crate) const BEAT: AccountId = AccountId(1011);

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The running stand-in with two users in one group; ends with the value.
pub(crate) struct Host {
    process: Child,
    pipe: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    port: u16,
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Host {
    /// Builds the module where it is older than its sources, and starts the stand-in.
    pub(crate) fn start() -> Self {
        let folder = build();
        let mut process = Command::new("java")
            .args(["-XX:TieredStopAtLevel=1", "-jar"])
            .args([folder.join("starface-10.jar"), folder.join("module.sfm")])
            .args([INSTANCE, LOGIN, PASSWORD])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("java is missing; scripts/test installs it: {error}"));
        let (input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let mut output = BufReader::new(output);
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let port = line.trim().parse().unwrap_or_else(|_| panic!("the stand-in did not start: {line}"));
        let host = Self { process, pipe: Mutex::new((input, output)), port };
        host.tell(&["field", "GUI_CONNECTOR_KEY", KEY]);
        host.tell(&["user", "1010", "0010", "Anna", "Müller 😀", "m1010@firma.example"]);
        host.tell(&["user", "1011", "0011", "Beat", "Größe & <Co>", "m1011@firma.example"]);
        host.tell(&["group", "2001", "1010", "1011"]);
        host
    }

    /// Tells what happens, and returns what the stand-in answers.
    #[track_caller]
    pub(crate) fn tell(&self, words: &[&str]) -> Json {
        let mut pipe = self.pipe.lock().unwrap();
        writeln!(pipe.0, "{}", words.join("\t")).unwrap();
        pipe.0.flush().unwrap();
        let mut line = String::new();
        pipe.1.read_line(&mut line).unwrap();
        let mut answer: Json = serde_json::from_str(&line).unwrap();
        assert_eq!(answer["ok"], true, "{words:?}: {}", answer["error"]);
        answer["result"].take()
    }

    /// Returns what the stand-in shows of an account.
    pub(crate) fn shows(&self, account: AccountId) -> Json {
        self.tell(&["dump"])["accounts"][account.to_string()].take()
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The settings of a client that is let in.
    pub(crate) fn config(&self) -> Config {
        Config { module_key: Secret::new(KEY), ..config(&self.url()) }
    }

    pub(crate) fn client(&self) -> XmlRpc {
        client_of(self.config())
    }

    /// A client of another owner, or with another number of its first call.
    pub(crate) fn client_as(&self, owner: &str, first_seq: u64) -> XmlRpc {
        let clock = starface_calendar::clock::SystemClock;
        XmlRpc::new(self.config(), Caller::new(owner, first_seq), clock).unwrap()
    }

    /// A client of the tests' own owner whose next write has this number.
    pub(crate) fn client_at(&self, first_seq: u64) -> XmlRpc {
        self.client_as(OWNER, first_seq)
    }
}

fn build() -> PathBuf {
    let built = Command::new("bash")
        .args([&format!("{ROOT}/scripts/build-module"), "--host"])
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("bash is missing: {error}"));
    let (stdout, stderr) = (String::from_utf8_lossy(&built.stdout), String::from_utf8_lossy(&built.stderr));
    assert!(built.status.success(), "{stderr}");
    Path::new(ROOT).join(stdout.trim())
}
