//! The program's life as a process: a systemd that listens, and signals.
//!
//! The test process starts itself once more as the service; the second one is told so by its environment.

use std::io::ErrorKind;
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use starface_calendar::clock::SystemClock;
use starface_calendar::lifecycle::{Ending, Lifecycle, Systemd};
use tempfile::TempDir;

/// Says to the process that it is the service.
const MARK: &str = "STARFACE_CALENDAR_TEST_SERVICE";

/// How long the parent listens before it gives up; only a broken service takes that long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service under the eyes of a systemd.
struct Supervised {
    child: Child,
    socket: UnixDatagram,
    _directory: TempDir,
}

impl Supervised {
    fn start(test: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(MARK, "yes")
            .env("NOTIFY_SOCKET", &path)
            .env("WATCHDOG_USEC", "30000000")
            .env_remove("WATCHDOG_PID")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, socket, _directory: directory }
    }

    #[track_caller]
    fn says(&self, expected: &str) {
        let mut message = [0; 1024];
        let length = loop {
            match self.socket.recv(&mut message) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                answer => break answer.unwrap(),
            }
        };
        assert_eq!(std::str::from_utf8(&message[..length]).unwrap(), expected);
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let killed = Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", name, &id]).status();
        assert!(killed.unwrap().success());
    }

    fn ended_well(mut self) {
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        // After a failure it may still live; after a success there is nothing left to end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[expect(clippy::disallowed_methods, reason = "how a test process knows that it is the service")]
fn is_service() -> bool {
    std::env::var_os(MARK).is_some()
}

/// A service that completes one round and then lives until it is told to end, with a task that only a second signal
/// ends.
async fn serve() -> Ending {
    let life = Lifecycle::with_signals(Systemd::of_this_process()).unwrap();
    let (systemd, stop) = (life.systemd().clone(), life.stop());
    assert_eq!(systemd.alive_interval(), Some(Duration::from_secs(15)));
    life.spawn("stuck", std::future::pending());
    systemd.ready();
    systemd.status("12 members\nMAINPID=1");
    systemd.alive();
    stop.soft().await;
    life.finish(&SystemClock, PATIENCE).await
}

#[tokio::test]
async fn systemd_hears_that_the_service_is_ready_alive_and_stopping() {
    if is_service() {
        assert_eq!(serve().await, Ending::GivenUp(vec!["stuck"]));
        return;
    }
    let service = Supervised::start("lifecycle::systemd_hears_that_the_service_is_ready_alive_and_stopping");
    service.says("READY=1\n");
    service.says("STATUS=12 members MAINPID=1\n");
    service.says("WATCHDOG=1\n");
    service.signal("TERM");
    service.says("STOPPING=1\n");
    // The service waits for its task now; the second signal, of either kind, ends that.
    service.signal("INT");
    service.ended_well();
}

#[tokio::test]
async fn without_systemd_nothing_is_said_and_nothing_fails() {
    let systemd = Systemd::of_this_process();
    systemd.ready();
    systemd.status("working");
    systemd.alive();
    systemd.stopping();
    assert_eq!(systemd.alive_interval(), None);
}
