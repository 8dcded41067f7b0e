//! A site: a tenant, a PBX, a settings file, and the program as a process.

use std::fs;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;
use std::process::{Output, Stdio};

use chrono::TimeDelta;
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::rules::{AccountId, Address};
use starface_calendar::sim::pbx::{Person, Setup, StateField};
use starface_calendar::sim::tenant::{Appointment, AppointmentId};
use starface_calendar::sim::{Pbx, Tenant};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, Command};

/// The longest that a test waits for something that has to happen; only a failing test waits that long.
const PATIENCE: TimeDelta = TimeDelta::seconds(60);

pub(crate) const ANNA: AccountId = AccountId(1010);
pub(crate) const BEAT: AccountId = AccountId(1011);

/// Everything around the program.
pub(crate) struct Site {
    pub(crate) tenant: Tenant,
    pub(crate) pbx: Pbx,
    pub(crate) folder: TempDir,
}

impl Site {
    /// A site with two members, both available and without a text, and empty calendars.
    pub(crate) async fn new() -> Self {
        let site = Self {
            tenant: Tenant::start(SystemClock).await.unwrap(),
            pbx: Pbx::start(SystemClock, Setup::default()).await.unwrap(),
            folder: TempDir::new().unwrap(),
        };
        for (account, name) in [(ANNA, "Anna"), (BEAT, "Beat")] {
            let email = address(account);
            site.tenant.add_mailbox(&email);
            site.pbx.add_member(Person {
                account,
                login: format!("{:04}", account.0),
                first_name: name.to_owned(),
                family_name: "Muster".to_owned(),
                email: email.to_string(),
            });
        }
        site.write_settings("");
        site
    }

    /// Writes the settings file; `more` is appended.
    pub(crate) fn write_settings(&self, more: &str) {
        let setup = self.pbx.setup();
        let app = self.tenant.credentials();
        let text = format!(
            "[starface]\nurl = \"{}\"\ninstance = \"{}\"\nlogin = \"{}\"\npassword = \"{}\"\nmodule_key = \"{}\"\n\
             timeout = \"5s\"\n\
             [graph]\ntenant_id = \"{}\"\nclient_id = \"{}\"\nclient_secret = \"{}\"\nendpoint = \"{}\"\n\
             login_endpoint = \"{}\"\ncheck_interval = \"1s\"\n\
             [rules]\nsource = \"file\"\ngroup = {}\nstatus_text = \"!title!\"\ntime_zone = \"Europe/Zurich\"\n\
             [web]\nlisten = \"\"\n[store]\npath = \"{}\"\n{more}\n",
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
            self.folder.path().join("state/state.db").display(),
        );
        self.replace_settings(&text);
    }

    /// Writes exactly this as the settings file.
    pub(crate) fn replace_settings(&self, text: &str) {
        let path = self.settings_file();
        drop(fs::remove_file(&path));
        let mut options = fs::OpenOptions::new();
        std::io::Write::write_all(
            &mut options.write(true).create_new(true).mode(0o600).open(&path).unwrap(),
            text.as_bytes(),
        )
        .unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    pub(crate) fn settings_file(&self) -> PathBuf {
        self.folder.path().join("config.toml")
    }

    /// Puts an appointment that is active now and for an hour.
    pub(crate) fn begin(&self, account: AccountId, subject: &str) -> AppointmentId {
        let now = SystemClock.now();
        let appointment = Appointment::timed(now - TimeDelta::minutes(1), now + TimeDelta::hours(1));
        self.tenant.put(&address(account), appointment.subject(subject))
    }

    /// Starts the service.
    pub(crate) fn start(&self) -> Service {
        self.start_with(&[])
    }

    /// Starts the service with settings of its environment, such as `STARFACE__AUTH`.
    pub(crate) fn start_with(&self, settings: &[(&str, &str)]) -> Service {
        Service::spawned(self.command_with(&["run"], settings))
    }

    /// Starts the service with these words.
    pub(crate) fn start_as(&self, words: &[&str]) -> Service {
        Service::spawned(self.command(words))
    }

    /// Runs a command to its end.
    pub(crate) async fn output(&self, words: &[&str]) -> Output {
        self.command(words).output().await.unwrap()
    }

    /// Waits until the PBX shows this presence and text.
    pub(crate) async fn shows(&self, account: AccountId, presence: &str, text: &str) {
        let wanted = (presence.to_owned(), text.to_owned());
        let seen = || self.pbx.shows(account).map(|shown| (shown.chat_presence, shown.chat_presence_message)).unwrap();
        self.until(|| seen() == wanted, || format!("{account} shows {:?}, not {wanted:?}", seen())).await;
    }

    /// Waits until the PBX shows what it should; a test that waits too long fails with these words.
    pub(crate) async fn until(&self, is_so: impl Fn() -> bool, otherwise: impl Fn() -> String) {
        let (mut changes, mut redirects) = (self.pbx.changes(), self.pbx.redirect_changes());
        let patience = SystemClock.sleep_until(SystemClock.now() + PATIENCE);
        let arrival = async {
            while !is_so() {
                let (change, redirect) = (Box::pin(changes.recv()), Box::pin(redirects.recv()));
                drop(futures_util::future::select(change, redirect).await);
            }
        };
        let arrived = futures_util::future::select(Box::pin(arrival), Box::pin(patience)).await;
        assert!(matches!(arrived, futures_util::future::Either::Left(_)), "{}", otherwise());
    }

    pub(crate) fn person_sets(&self, account: AccountId, presence: &str, text: &str) {
        self.pbx.person_sets(account, StateField::ChatPresence, presence);
        self.pbx.person_sets(account, StateField::ChatPresenceMessage, text);
    }

    /// A command with settings of its environment.
    pub(crate) fn command_with(&self, words: &[&str], settings: &[(&str, &str)]) -> Command {
        let mut command = self.command(words);
        command.envs(settings.iter().map(|(key, value)| (format!("STARFACE_CALENDAR__{key}"), value)));
        command
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = program(words);
        command.arg("--config").arg(self.settings_file());
        command
    }
}

/// The running service.
pub(crate) struct Service {
    child: Child,
    stderr: Option<ChildStderr>,
}

impl Service {
    fn spawned(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let stderr = child.stderr.take();
        Self { child, stderr }
    }

    /// Ends it as `kill -9` does.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Ends it as systemd does; returns the exit code and everything it logged.
    pub(crate) async fn terminate(self) -> (Option<i32>, String) {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("/bin/sh").args(["-c", "kill -TERM \"$0\"", &id]).status().await.unwrap();
        assert!(sent.success());
        self.ended().await
    }

    /// Waits until it has ended by itself; returns the exit code and everything it logged.
    pub(crate) async fn ended(mut self) -> (Option<i32>, String) {
        let mut log = String::new();
        self.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
        (self.child.wait().await.unwrap().code(), log)
    }
}

/// The program with these words, and nothing of this process's environment.
pub(crate) fn program(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_starface-calendar"));
    command.args(words).env_clear().stdin(Stdio::null()).kill_on_drop(true);
    command
}

pub(crate) fn address(account: AccountId) -> Address {
    format!("m{account}@firma.example").parse().unwrap()
}
