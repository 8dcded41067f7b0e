//! The stage of the demo: a simulated tenant and PBX with four people, and a settings file that names them.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::clock::SystemClock;
use crate::rules::{AccountId, Address, EntryId, Redirect};
use crate::secret::Secret;
use crate::sim::pbx::{Person, Setup, StateField, Trigger};
use crate::sim::tenant::{Appointment, Response, Sensitivity, ShowAs};
use crate::sim::{Pbx, Tenant};

/// The people of the demo, by account.
pub(super) const PEOPLE: [(u32, &str, &str); 5] = [
    (1010, "Anna", "Muster"),
    (1011, "Beat", "Beispiel"),
    (1012, "Carla", "Kurz"),
    (1013, "Dora", "Dorn"),
    (EMIL, "Emil", "Extern"),
];

/// Whose calls are redirected.
pub(super) const EMIL: u32 = 1014;

/// Emil's numbers.
pub(super) const NUMBERS: [&str; 3] = ["210", "211", "0041712345610"];

/// When things happen, counted in steps of the demo's pace.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    begins_at: DateTime<Utc>,
    step: TimeDelta,
}

impl Pace {
    /// A demo of so many seconds has forty steps, of which the last few are for looking at the end.
    pub(super) fn new(now: DateTime<Utc>, seconds: u32) -> Self {
        let step = TimeDelta::milliseconds(i64::from(seconds) * 1000 / 40);
        Self { begins_at: now, step }
    }

    /// Returns the instant of a step, on a whole second, as appointments begin on one.
    pub(super) fn at(self, step: i32) -> DateTime<Utc> {
        let at = self.begins_at + self.step * step;
        DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at)
    }
}

/// The steps at which something happens.
pub(super) mod step {
    /// Anna's first appointment begins.
    pub(in crate::cli) const FIRST: i32 = 5;
    /// Emil's appointment with redirects begins.
    pub(in crate::cli) const REDIRECTED: i32 = 6;
    /// Beat's private appointment begins.
    pub(in crate::cli) const PRIVATE: i32 = 8;
    /// Carla's unanswered invitation begins.
    pub(in crate::cli) const INVITATION: i32 = 11;
    /// The killer gets ready.
    pub(in crate::cli) const AMBUSH: i32 = 14;
    /// Anna's first appointment ends and the second begins; the service is killed in the middle of it.
    pub(in crate::cli) const SECOND: i32 = 16;
    /// The service is started again.
    pub(in crate::cli) const RESTART: i32 = 21;
    /// Every appointment ends.
    pub(in crate::cli) const END: i32 = 31;
    /// Everything must be as it was.
    pub(in crate::cli) const CURTAIN: i32 = 36;
}

/// The simulated other sides, and the folder of the real service.
pub(super) struct Stage {
    pub(super) tenant: Tenant,
    pub(super) pbx: Pbx,
    folder: PathBuf,
    /// Where the service shows its status page.
    page: SocketAddr,
    /// What logs in to it.
    page_token: Secret,
    appointments: BTreeMap<String, &'static str>,
}

/// The port of the status page, as in the built-in settings.
const PAGE_PORT: u16 = 8765;

/// What the demo looks at of everybody.
pub(super) const FIELDS: [StateField; 4] =
    [StateField::ChatPresence, StateField::ChatPresenceMessage, StateField::TelephonyState, StateField::DoNotDisturb];

impl Stage {
    /// Sets everything up.
    pub(super) async fn build(pace: Pace) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("starface-calendar-demo-{}", Uuid::new_v4()));
        fs::DirBuilder::new().mode(0o700).create(&folder).with_context(|| format!("create {}", folder.display()))?;
        let mut stage = Self {
            tenant: Tenant::start(SystemClock).await.context("start the simulated tenant")?,
            pbx: Pbx::start(SystemClock, Setup::default()).await.context("start the simulated PBX")?,
            folder,
            page: free_address().context("find a free port for the status page")?,
            page_token: Secret::new(Uuid::new_v4().simple().to_string()),
            appointments: BTreeMap::new(),
        };
        stage.invite_people()?;
        stage.fill_calendars(pace)?;
        stage.write_settings()?;
        Ok(stage)
    }

    /// Returns the settings file of the service.
    pub(super) fn settings_file(&self) -> PathBuf {
        self.folder.join("config.toml")
    }

    /// Returns where the service shows its status page, and what logs in to it.
    pub(super) fn page(&self) -> (String, &str) {
        (format!("http://{}/", self.page), self.page_token.expose())
    }

    /// Returns what a person's telephone shows, in the order of [`FIELDS`], and then where each number leads.
    pub(super) fn shows(&self, account: u32) -> Vec<String> {
        let shown = self.pbx.shows(AccountId(account));
        let state = shown.map(|shown| FIELDS.map(|field| shown.value(field).to_owned())).into_iter().flatten();
        let leads = if account == EMIL { self.leads() } else { Vec::new() };
        state.chain(leads).collect()
    }

    /// Returns where Emil's numbers lead, as the page "Umleitung: Immer" says it.
    fn leads(&self) -> Vec<String> {
        let numbers = NUMBERS.iter().filter_map(|number| number.parse().ok());
        let shown = numbers.filter_map(|number| self.pbx.redirect(number, Trigger::Always));
        shown.map(|shown| shown.redirect.words()).collect()
    }

    /// Returns the appointments in words, by the hash under which the service's log names them.
    pub(super) fn appointments(&self) -> &BTreeMap<String, &'static str> {
        &self.appointments
    }

    /// Chooses the group on the module's page, as an admin does after importing the module.
    pub(super) fn choose_group(&self) {
        let group = self.pbx.setup().group.0.to_string();
        self.pbx.save_page(|page| page.set("GUI_O365_GRUPPE", &group));
    }

    /// Returns the settings that lead to both sides, as variables of the environment.
    pub(super) fn ways(&self) -> Vec<(&'static str, String)> {
        let setup = self.pbx.setup();
        let app = self.tenant.credentials();
        vec![
            ("STARFACE_CALENDAR__STARFACE__URL", self.pbx.url().to_string()),
            ("STARFACE_CALENDAR__STARFACE__INSTANCE", setup.instance),
            ("STARFACE_CALENDAR__STARFACE__LOGIN", setup.login),
            ("STARFACE_CALENDAR__STARFACE__PASSWORD", setup.password.expose().to_owned()),
            ("STARFACE_CALENDAR__STARFACE__MODULE_KEY", setup.key.expose().to_owned()),
            ("STARFACE_CALENDAR__GRAPH__TENANT_ID", app.tenant_id),
            ("STARFACE_CALENDAR__GRAPH__CLIENT_ID", app.client_id),
            ("STARFACE_CALENDAR__GRAPH__CLIENT_SECRET", app.client_secret.expose().to_owned()),
            ("STARFACE_CALENDAR__GRAPH__ENDPOINT", self.tenant.endpoint().to_string()),
            ("STARFACE_CALENDAR__GRAPH__LOGIN_ENDPOINT", self.tenant.login_endpoint().to_string()),
        ]
    }

    fn invite_people(&self) -> anyhow::Result<()> {
        for (account, first_name, family_name) in PEOPLE {
            let address = address(account)?;
            self.tenant.add_mailbox(&address);
            self.pbx.add_member(Person {
                account: AccountId(account),
                login: format!("{:04}", account - 1000),
                first_name: first_name.to_owned(),
                family_name: family_name.to_owned(),
                email: address.to_string(),
            });
        }
        for number in NUMBERS {
            self.pbx.give_number(AccountId(EMIL), number.parse().context("read a number")?);
        }
        self.pbx.offer_mailbox(AccountId(EMIL), "3", "Emil Extern");
        let before = Redirect { enabled: false, ..Redirect::to_number("230") };
        self.pbx.person_redirects(AccountId(EMIL), NUMBERS[0].parse()?, Trigger::Always, &before);
        self.pbx.person_sets(AccountId(1011), StateField::ChatPresence, "FREE_FOR_CHAT");
        self.pbx.person_sets(AccountId(1011), StateField::ChatPresenceMessage, "Im Homeoffice ☕");
        Ok(())
    }

    fn fill_calendars(&mut self, pace: Pace) -> anyhow::Result<()> {
        let timed = |from, to| Appointment::timed(pace.at(from), pace.at(to));
        let appointments = [
            (1010, "\"Muster AG\"", timed(step::FIRST, step::SECOND).subject("Muster AG")),
            (1010, "\"Kunde ABC\"", timed(step::SECOND, step::END).subject("Kunde ABC").show_as(ShowAs::OutOfOffice)),
            (
                1011,
                "the private appointment",
                timed(step::PRIVATE, step::END)
                    .subject("Zahnarzt")
                    .sensitivity(Sensitivity::Private)
                    .category("_SF_DND_aktivieren")
                    .category("_SF_Funktionstasten_aktivieren"),
            ),
            (
                1012,
                "the invitation",
                timed(step::INVITATION, step::END)
                    .subject("Werbung!")
                    .invitation(Response::NotResponded)
                    .category("_SF_AUL_extern_aktivieren")
                    .body("@@Extern: 0900 123456"),
            ),
            (
                EMIL,
                "\"Kunde ABC\" with redirects",
                timed(step::REDIRECTED, step::END)
                    .subject("Kunde ABC")
                    .category("_SF_Voicemail_extern_aktivieren")
                    .category("_SF_AUL_intern_aktivieren")
                    .body("@@Intern:+41712345689"),
            ),
            (1013, "\"Fokuszeit\"", timed(step::FIRST, step::END).subject("Fokuszeit").category("_SF_Ignorieren")),
        ];
        for (account, words, appointment) in appointments {
            let id = self.tenant.put(&address(account)?, appointment);
            self.appointments.insert(EntryId(id.0).hash(), words);
        }
        Ok(())
    }

    /// Writes the settings as an admin would, readable by nobody else.
    fn write_settings(&self) -> anyhow::Result<()> {
        let setup = self.pbx.setup();
        let app = self.tenant.credentials();
        let text = format!(
            r#"[starface]
url = "{url}"
instance = "{instance}"
login = "{login}"
password = "{password}"
module_key = "{key}"
timeout = "5s"

[graph]
tenant_id = "{tenant_id}"
client_id = "{client_id}"
client_secret = "{client_secret}"
endpoint = "{endpoint}"
login_endpoint = "{login_endpoint}"
check_interval = "1s"

[rules]
source = "file"
group = {group}
time_zone = "Europe/Zurich"
time_format = "HH:mm:ss"

[store]
path = "{store}"

[web]
listen = "{page}"
token = "{page_token}"

[log]
level = "debug"
format = "json"
"#,
            url = self.pbx.url(),
            instance = setup.instance,
            login = setup.login,
            password = setup.password.expose(),
            key = setup.key.expose(),
            tenant_id = app.tenant_id,
            client_id = app.client_id,
            client_secret = app.client_secret.expose(),
            endpoint = self.tenant.endpoint(),
            login_endpoint = self.tenant.login_endpoint(),
            group = setup.group,
            store = self.folder.join("state.db").display(),
            page = self.page,
            page_token = self.page_token.expose(),
        );
        write_private(&self.settings_file(), &text)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // The folder holds nothing that anybody needs; where it cannot be removed, the machine's own clean-up will.
        drop(fs::remove_dir_all(&self.folder));
    }
}

/// Returns an address of this machine on which nobody listens, so that the restarted service finds it free again.
fn free_address() -> std::io::Result<SocketAddr> {
    let at = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port))?.local_addr();
    at(PAGE_PORT).or_else(|_| at(0))
}

fn write_private(path: &Path, text: &str) -> anyhow::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("create {}", path.display()))?;
    file.write_all(text.as_bytes()).with_context(|| format!("write {}", path.display()))
}

fn address(account: u32) -> anyhow::Result<Address> {
    let name = PEOPLE.iter().find(|(known, ..)| *known == account).map_or("nobody", |(_, first, _)| first);
    Ok(format!("{name}@firma.example").parse()?)
}
