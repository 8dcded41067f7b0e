//! A whole mail server of the operating system, Exim, which delivers into a folder.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use starface_calendar::alarm::{Post, PostError, Roots, Smtp};
use starface_calendar::clock::SystemClock;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::peer::in_time;
use super::smtp::{mail, orders};

/// Where Debian has it.
const EXIM: &str = "/usr/sbin/exim4";

/// Exim on a port of its own; ends with the value.
struct Exim {
    port: u16,
    folder: TempDir,
    _daemon: Child,
}

impl Exim {
    /// Starts it on a port that is free now; somebody else may take that first, and then it is another one.
    async fn start() -> Self {
        for _ in 0..10 {
            if let Some(exim) = Self::try_start().await {
                return exim;
            }
        }
        panic!("Exim finds no port");
    }

    /// Starts it with a spool and a mailbox in a folder of this test, as the user who runs the test.
    async fn try_start() -> Option<Self> {
        let folder = TempDir::new().unwrap();
        let place = folder.path().display();
        let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
        let (user, group) = (id("-un").await, id("-gn").await);
        // Debian's Exim never delivers as root.
        let (owner, owners) = if user == "root" { ("nobody", "nogroup") } else { (user.as_str(), group.as_str()) };
        let settings = format!(
            "exim_user = {user}\nexim_group = {group}\nnever_users =\nspool_directory = {place}/spool\n\
             log_file_path = {place}/log-%slog\npid_file_path = {place}/pid\n\
             daemon_smtp_ports = {port}\nlocal_interfaces = 127.0.0.1\nprimary_hostname = mail.firma.example\n\
             domainlist local_domains = firma.example\ntls_advertise_hosts =\ndeliver_drop_privilege = true\n\
             acl_smtp_rcpt = acl_rcpt\nkeep_environment =\n\
             begin acl\nacl_rcpt:\n  accept domains = +local_domains\n         local_parts = admin\n  \
             deny message = relay not permitted\n\
             begin routers\nlocal:\n  driver = accept\n  domains = +local_domains\n  transport = box\n\
             begin transports\nbox:\n  driver = appendfile\n  directory = {place}/mail\n  maildir_format\n  \
             user = {owner}\n  group = {owners}\n\
             begin retry\n* * F,1h,1m\n"
        );
        let file = folder.path().join("exim.conf");
        for (name, mode) in [("spool", 0o700), ("mail", 0o777)] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::set_permissions(folder.path().join(name), Permissions::from_mode(mode)).unwrap();
        }
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        fs::write(&file, settings).unwrap();
        let mut command = Command::new(EXIM);
        command.arg("-C").arg(&file).args(["-bdf", "-d-all+lists"]).stderr(Stdio::piped()).kill_on_drop(true);
        let mut daemon = command.spawn().expect("scripts/test installs exim4-daemon-light");
        let mut lines = BufReader::new(daemon.stderr.take().unwrap()).lines();
        let listens = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                // What it says before that it says before it listens.
                if line.ends_with("Listening...") {
                    return true;
                }
            }
            false
        };
        let is_up = in_time(listens).await.expect("Exim did not start");
        is_up.then_some(Self { port, folder, _daemon: daemon })
    }

    /// Waits for the next delivered mail.
    async fn delivered(&self) -> String {
        let path = in_time(async {
            loop {
                if let Some(path) = first_in(&self.folder.path().join("mail/new")) {
                    return path;
                }
                tokio::task::yield_now().await;
            }
        });
        fs::read_to_string(path.await.expect("nothing was delivered")).unwrap()
    }
}

fn first_in(folder: &Path) -> Option<PathBuf> {
    Some(fs::read_dir(folder).ok()?.next()?.unwrap().path())
}

async fn id(what: &str) -> String {
    let output = Command::new("id").arg(what).output().await.unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn a_mail_goes_through_exim_into_a_mailbox() {
    let exim = Exim::start().await;
    let smtp = Smtp::new(Roots::System, SystemClock);
    let url = format!("smtp://127.0.0.1:{}", exim.port);
    smtp.send(&mail("one"), &BTreeSet::new(), &orders(&url, &["admin@firma.example"])).await.unwrap();
    let mail = exim.delivered().await;
    for line in ["To: admin@firma.example", "Auto-Submitted: auto-generated", "Content-Type: text/plain; charset=utf-8"]
    {
        assert!(mail.contains(line), "{mail}");
    }
    let relayed = smtp.send(&super::smtp::mail("two"), &BTreeSet::new(), &orders(&url, &["a@elsewhere.example"])).await;
    assert!(matches!(relayed, Err(PostError::Refused(550))), "{relayed:?}");
}
