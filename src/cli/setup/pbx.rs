//! The PBX: its address and certificate, the log-in, the module and its key.

use uuid::Uuid;

use super::Guide;
use crate::cli::wiring;
use crate::meter::Meter;
use crate::pbx::{Caller, CertificateFlaw, Fingerprint, ModuleInfo, Pbx, PbxError, ReadOnly, XmlRpc};
use crate::secret::Secret;

/// What stands for everything that is not known yet: nobody is logged in with it.
const NOT_YET: [(&str, &str); 5] = [
    ("starface.auth", "none"),
    ("starface.module_key", "-"),
    ("starface.module_key_file", ""),
    ("starface.client_secret_file", ""),
    ("rules.source", "page"),
];

const NO_WAY: &str = "see that the PBX runs, that this is its address, and that no firewall is in between";

const COMPARE: &str =
    "Compare it with the one that the PBX itself shows of its certificate, on its own screen or admin page.";

/// The port to the PBX; dry, as nothing is written here.
pub(super) type DryPbx = ReadOnly<XmlRpc>;

impl Guide {
    /// Finds the PBX and logs in; nothing when it is to be mended later.
    pub(super) async fn reach_pbx(&mut self) -> anyhow::Result<Option<DryPbx>> {
        self.chapter("STARFACE")?;
        while self.find_pbx().await? == Step::Again {}
        loop {
            self.ask_log_in()?;
            let pbx = self.pbx(&[("rules.source", "page")])?;
            match pbx.info().await {
                Ok(module) => {
                    self.tell_module(&module)?;
                    return Ok(Some(pbx));
                }
                Err(error) => {
                    let doubtful = doubtful(&error);
                    self.failed(&error.into(), None)?;
                    if !self.again("log in to the PBX: it was given up")? {
                        return Ok(None);
                    }
                    self.answers.forget(doubtful);
                }
            }
        }
    }

    async fn find_pbx(&mut self) -> anyhow::Result<Step> {
        self.ask("starface.url")?;
        for key in ["starface.ca_file", "starface.pin_sha256"] {
            if self.answers.has(key) {
                self.ask(key)?;
            }
        }
        match self.pbx(&NOT_YET)?.info().await {
            Err(PbxError::Certificate { fingerprint, flaw }) => self.judge_certificate(fingerprint, flaw),
            Err(error @ (PbxError::Unreachable { .. } | PbxError::TimedOut | PbxError::Setup { .. })) => {
                self.failed(&error.into(), Some(NO_WAY))?;
                if !self.again("reach the PBX: it was given up")? {
                    return Ok(Step::On);
                }
                self.answers.forget(&["starface.url"]);
                Ok(Step::Again)
            }
            // Whatever else it says, it is there.
            _ => {
                self.good("the PBX answers")?;
                Ok(Step::On)
            }
        }
    }

    /// Offers to trust exactly the certificate that is shown. Whoever does not compare trusts whoever stands between.
    fn judge_certificate(&mut self, fingerprint: Fingerprint, flaw: CertificateFlaw) -> anyhow::Result<Step> {
        self.bad(&format!("the PBX's certificate is not trusted: {flaw}"))?;
        if flaw.ends_by_pinning() {
            self.doubtful(&format!("its SHA-256 is {fingerprint}. {COMPARE}"))?;
            if self.dialogue.confirm("Are they equal, and is exactly this certificate to be trusted?", false)? {
                self.answers.forget(&["starface.ca_file"]);
                self.answers.set("starface.pin_sha256", Secret::new(fingerprint.to_string()));
                return Ok(Step::Again);
            }
        }
        if !self.again("trust the PBX's certificate: give --pin-sha256 or --ca-file")? {
            return Ok(Step::On);
        }
        self.answers.forget(&["starface.url", "starface.ca_file", "starface.pin_sha256"]);
        self.ask("starface.ca_file")?;
        Ok(Step::Again)
    }

    fn ask_log_in(&mut self) -> anyhow::Result<()> {
        self.ask("starface.instance")?;
        self.ask("starface.login")?;
        if self.answers.has("starface.auth") {
            self.ask("starface.auth")?;
        }
        let needs_password = self.answers.get("starface.auth").is_none_or(|auth| auth.expose() != "none");
        for (key, is_asked) in [
            ("starface.password", needs_password),
            ("starface.client_secret", needs_password),
            ("starface.module_key", true),
        ] {
            self.ask_unless_in_file(key, is_asked)?;
        }
        Ok(())
    }

    /// Asks for a secret, unless a file holds it.
    pub(super) fn ask_unless_in_file(&mut self, key: &'static str, is_asked: bool) -> anyhow::Result<()> {
        let file = super::questions::QUESTIONS.iter().find(|one| one.key.strip_suffix("_file") == Some(key));
        match file.filter(|file| self.answers.get(file.key).is_some()) {
            Some(file) => self.ask(file.key),
            None if is_asked => self.ask(key),
            None => Ok(()),
        }
    }

    fn tell_module(&self, module: &ModuleInfo) -> anyhow::Result<()> {
        let ModuleInfo { instance_name, module_version, starface_version, .. } = module;
        self.good(&format!("logged in; {instance_name} version {module_version} on STARFACE {starface_version}"))
    }

    /// Builds the client by what was answered, with these answers in place of others.
    fn pbx(&self, others: &[(&'static str, &str)]) -> anyhow::Result<DryPbx> {
        // Whoever gives two answers to one question learns it here.
        let local =
            self.answers.local(others).map_err(|error| anyhow::anyhow!("use these answers together:\n{error}"))?;
        let caller = Caller::new(Uuid::new_v4().to_string(), 1);
        Ok(ReadOnly(wiring::pbx(&local.starface, caller, self.clock, Meter::default())?))
    }
}

/// Where to go from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    On,
    Again,
}

/// Returns which answers may be wrong.
fn doubtful(error: &PbxError) -> &'static [&'static str] {
    match error {
        PbxError::Authentication
        | PbxError::FreshTokenRefused
        | PbxError::TokenDenied(_)
        | PbxError::NoToken { .. } => &["starface.login", "starface.password", "starface.client_secret"],
        PbxError::NoSuchMethod => &["starface.instance"],
        PbxError::WrongKey => &["starface.module_key"],
        _ => &[],
    }
}
