//! A root file system that is thrown away: this machine's own files below, whatever is written above, in memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use starface_calendar::clock::{Clock, SystemClock};
use tempfile::TempDir;
use tokio::process::Child;

/// How long a machine may take to be there; only a failing test waits that long.
const PATIENCE: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// Sets the layers up where nobody else sees them, and puts a container into them; both go when the container goes.
const BEGIN: &str = r#"
set -e
mount -t tmpfs -o mode=755 tmpfs "$1"
mkdir "$1/upper" "$1/work" "$1/root"
mount -t overlay -o "lowerdir=$2,upperdir=$1/upper,workdir=$1/work" overlay "$1/root"
# What an earlier installation on this machine left behind is not part of the test.
rm -rf "$1/root/etc/starface-calendar" "$1/root/var/lib/starface-calendar" "$1/root/etc/machine-id"
shift 2
exec systemd-nspawn --quiet --register=no --keep-unit --console=read-only "$@"
"#;

/// What runs as the first process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    /// systemd, with little more than itself.
    Systemd,
    /// Something else, as in a container.
    Other,
}

/// A running root.
pub(crate) struct Root {
    holder: Child,
    leader: u32,
    _folder: TempDir,
}

impl Root {
    /// Starts one; the folder of the packages is `/packages` in it.
    pub(crate) async fn start(first: First, packages: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        let mut command = tokio::process::Command::new("unshare");
        command.args(["--mount", "--propagation", "slave", "sh", "-c", BEGIN, "sh"]);
        command.arg(folder.path()).arg(lower());
        command.arg("--directory").arg(folder.path().join("root"));
        command.arg("--machine").arg(format!("package-{}", uuid::Uuid::new_v4().simple()));
        command.arg(format!("--bind-ro={}:/packages", packages.display()));
        match first {
            First::Systemd => command.args(["--boot", "systemd.unit=basic.target"]),
            First::Other => command.args(["--", "sleep", "infinity"]),
        };
        let log = fs::File::create(folder.path().with_extension("log")).unwrap();
        let errors = log.try_clone().unwrap();
        let mut holder = command.stdin(Stdio::null()).stdout(log).stderr(errors).spawn().expect("unshare is installed");
        let leader = leader(&mut holder, folder.path()).await;
        let root = Self { holder, leader, _folder: folder };
        if first == First::Systemd {
            root.booted().await;
        }
        root
    }

    /// Runs a script of the shell in it; stdout and stderr come together.
    pub(crate) fn run(&self, script: &str) -> Output {
        let script = format!("exec 2>&1\n{script}");
        self.enter("sh").args(["-c", &script]).output().expect("nsenter is installed")
    }

    /// The same for a script that has to end well; returns what it says.
    #[track_caller]
    pub(crate) fn does(&self, script: &str) -> String {
        let output = self.run(script);
        let words = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{script}\n{:?}\n{words}", output.status.code());
        words
    }

    /// A command that runs a program in it.
    pub(crate) fn enter(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg("--target").arg(self.leader.to_string());
        command.args(["--mount", "--pid", "--ipc", "--uts", "--root", "--wdns=/", "--", program]);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").stdin(Stdio::null());
        command
    }

    async fn booted(&self) {
        let patience = SystemClock.now() + PATIENCE;
        while !self.run("systemctl is-active --quiet basic.target").status.success() {
            assert!(SystemClock.now() < patience, "systemd does not start: {}", self.does("systemctl list-jobs"));
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        drop(Command::new("kill").args(["-KILL", &self.leader.to_string()]).status());
        drop(self.holder.start_kill());
    }
}

/// What lies below: this machine, or what `STARFACE_CALENDAR_TEST_ROOT` names, for a program that is not made for this one.
#[expect(clippy::disallowed_methods, reason = "a person chooses another root for one run of the tests")]
fn lower() -> PathBuf {
    std::env::var_os("STARFACE_CALENDAR_TEST_ROOT").map_or_else(|| PathBuf::from("/"), PathBuf::from)
}

/// The first process of the container: the child of `systemd-nspawn` once it has taken its place there.
async fn leader(holder: &mut Child, folder: &Path) -> u32 {
    let patience = SystemClock.now() + PATIENCE;
    let id = holder.id().unwrap();
    loop {
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        let comm = |id: &u32| fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        let child = children.split_whitespace().find_map(|word| word.parse().ok());
        if let Some(child) = child.filter(|child| ["systemd\n", "sleep\n"].contains(&comm(child).as_str())) {
            return child;
        }
        let ended = holder.try_wait().unwrap();
        let log = fs::read_to_string(folder.with_extension("log")).unwrap_or_default();
        assert!(ended.is_none(), "no root can be made here; run the tests as root of this machine:\n{log}");
        assert!(SystemClock.now() < patience, "no root is made:\n{log}");
        tokio::task::yield_now().await;
    }
}
