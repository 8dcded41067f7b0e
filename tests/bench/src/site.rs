//! A tenant, a PBX, and the service beside them as a process of its own.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use chrono::TimeDelta;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::rules::{AccountId, Address};
use starface_calendar::sim::pbx::{Person, Setup};
use starface_calendar::sim::{Pbx, Tenant};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

/// The account of the first member.
const FIRST: u32 = 10_000;

/// The longest that a service may take to have read everything.
const PATIENCE: TimeDelta = TimeDelta::minutes(5);

/// Everything around the service.
pub(crate) struct Site {
    pub(crate) tenant: Tenant,
    pub(crate) pbx: Pbx,
    pub(crate) folder: TempDir,
    pub(crate) members: u32,
    port: u16,
}

impl Site {
    /// A site of so many members with two called numbers each, and calendars that are read this often.
    pub(crate) async fn new(members: u32, check_interval: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let site = Self {
            tenant: Tenant::start(SystemClock).await.unwrap(),
            pbx: Pbx::start(SystemClock, Setup::default()).await.unwrap(),
            folder: TempDir::new().unwrap(),
            members,
            port,
        };
        for account in site.accounts() {
            site.tenant.add_mailbox(&address(account));
            site.pbx.add_member(Person {
                account,
                login: account.to_string(),
                first_name: "Anna-Maria".to_owned(),
                family_name: format!("Mustermann-{account}"),
                email: address(account).to_string(),
            });
            site.pbx.give_number(account, format!("004171{account:07}", account = account.0).parse().unwrap());
            site.pbx.give_number(account, account.to_string()[..].parse().unwrap());
        }
        site.write_settings(check_interval);
        site
    }

    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountId> + use<> {
        (FIRST..FIRST + self.members).map(AccountId)
    }

    pub(crate) fn state_file(&self) -> PathBuf {
        self.folder.path().join("state/state.db")
    }

    fn settings_file(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    fn write_settings(&self, check_interval: &str) {
        let (setup, app) = (self.pbx.setup(), self.tenant.credentials());
        let text = format!(
            "[starface]\nurl = \"{}\"\ninstance = \"{}\"\nlogin = \"{}\"\npassword = \"{}\"\nmodule_key = \"{}\"\n\
             [graph]\ntenant_id = \"{}\"\nclient_id = \"{}\"\nclient_secret = \"{}\"\nendpoint = \"{}\"\n\
             login_endpoint = \"{}\"\ncheck_interval = \"{check_interval}\"\n\
             [rules]\nsource = \"file\"\ngroup = {}\ninternal_number_length = 5\ntime_zone = \"Europe/Zurich\"\n\
             [rules.categories]\ncreate = false\n\
             [web]\nlisten = \"127.0.0.1:{}\"\n[store]\npath = \"{}\"\n[log]\nlevel = \"error\"\n",
            self.pbx.url(),
            setup.instance,
            setup.login,
            setup.password.expose(),
            setup.key.expose(),
            app.tenant_id,
            app.client_id,
            app.client_secret.expose(),
            self.tenant.endpoint(),
            self.tenant.login_endpoint(),
            setup.group,
            self.port,
            self.state_file().display(),
        );
        let mut options = fs::OpenOptions::new();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(self.settings_file()).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    }

    /// Starts the service. What it says of errors is shown.
    pub(crate) fn start(&self, program: &Path) -> Service {
        let mut command = Command::new(program);
        command.args(["run", "--config"]).arg(self.settings_file()).env_clear().stdin(Stdio::null()).kill_on_drop(true);
        Service { child: command.spawn().unwrap() }
    }

    /// Waits until the service has read every calendar.
    pub(crate) async fn is_ready(&self) {
        let until = SystemClock.now() + PATIENCE;
        while !self.page("/readyz").await.starts_with("HTTP/1.1 200") {
            assert!(SystemClock.now() < until, "the service is not ready");
            SystemClock.sleep_until(SystemClock.now() + TimeDelta::milliseconds(20)).await;
        }
    }

    /// Returns a page of the service; nothing while it serves none.
    pub(crate) async fn page(&self, path: &str) -> String {
        let answer = async {
            let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
            let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port);
            stream.write_all(request.as_bytes()).await?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        tokio::time::timeout(Duration::from_secs(5), answer).await.ok().and_then(Result::ok).unwrap_or_default()
    }
}

/// The running service; it ends when this is dropped.
pub(crate) struct Service {
    pub(crate) child: Child,
}

impl Service {
    /// Ends it as `kill -9` does.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

pub(crate) fn address(account: AccountId) -> Address {
    format!("m{account}@firma.example").parse().unwrap()
}
