//! The settings file that comes out: what stands in it, and how it is put in its place.
//!
//! It is private from its first byte, appears whole or not at all, and never takes the place of another unasked; one that
//! is replaced is kept beside it.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::answers::Answers;
use super::questions::{QUESTIONS, Question, Shape};

/// A file beside the one that is to be written. It goes when it is dropped.
#[derive(Debug)]
pub(super) struct Draft {
    path: PathBuf,
    target: PathBuf,
}

impl Draft {
    /// Begins: whoever may not write here learns it before the first question.
    pub(super) fn begin(target: &Path) -> anyhow::Result<Self> {
        let folder = match target.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if !folder.exists() {
            let made = DirBuilder::new().recursive(true).mode(0o750).create(folder);
            made.with_context(|| format!("create the folder {}", folder.display()))?;
        }
        let path = folder.join(format!(".setup-{}", Uuid::new_v4().simple()));
        let draft = Self { path, target: target.to_owned() };
        // Whoever breaks off in the middle leaves nothing behind, so it does not stay.
        draft
            .open()
            .and_then(|_| fs::remove_file(&draft.path))
            .with_context(|| format!("write in {}", folder.display()))?;
        Ok(draft)
    }

    fn open(&self) -> std::io::Result<File> {
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.path)
    }

    /// Writes the settings in a place where nothing is.
    pub(super) fn put(self, text: &str) -> anyhow::Result<()> {
        self.fill(text)?;
        match fs::hard_link(&self.path, &self.target) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                bail!("write {}: it has appeared meanwhile; nothing was changed", self.target.display())
            }
            linked => linked.with_context(|| format!("write {}", self.target.display())),
        }
    }

    /// Writes the settings in place of others, which stay beside them; returns where. Who owned them owns the new ones.
    pub(super) fn replace(self, text: &str, now: DateTime<Utc>) -> anyhow::Result<PathBuf> {
        self.fill(text)?;
        let mut name = self.target.file_name().unwrap_or_default().to_owned();
        name.push(now.format(".before-%Y%m%d-%H%M%S").to_string());
        let kept = self.target.with_file_name(name);
        fs::hard_link(&self.target, &kept).with_context(|| format!("keep {}", kept.display()))?;
        let before = fs::metadata(&kept).with_context(|| format!("look at {}", kept.display()))?;
        // Only root can give a file away; whoever else writes here owns it anyway.
        drop(chown(&self.path, Some(before.uid()), Some(before.gid())));
        fs::rename(&self.path, &self.target).with_context(|| format!("write {}", self.target.display()))?;
        Ok(kept)
    }

    fn fill(&self, text: &str) -> anyhow::Result<()> {
        let written = self.open().and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.with_context(|| format!("write {}", self.path.display()))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // One that took its place is there under its other name alone.
        drop(fs::remove_file(&self.path));
    }
}

/// Returns the text of the settings file.
pub(super) fn text(answers: &Answers, now: DateTime<Utc>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(format!(
        "# Settings of starface-calendar, written by `starface-calendar setup` on {}.\n\
         # It may hold secrets: nobody but root and the service should be able to read it (mode 0600).\n\
         # Every other key with its default: config.example.toml. After a change: `starface-calendar check`, then restart\n\
         # the service.\n",
        now.format("%Y-%m-%d")
    ));
    let mut open = "";
    for question in &QUESTIONS {
        let Some(answer) = answers.get(question.key) else { continue };
        let (table, name) = question.key.rsplit_once('.').unwrap_or(("", question.key));
        if table != open {
            text.push_str(&format!("\n[{table}]\n"));
            open = table;
        }
        text.push_str(&format!("# {}.\n{name} = ", question.words));
        text.push_str(&value(question, answer.expose()));
        text.push('\n');
    }
    text
}

/// A text in JSON is one in TOML too, as no answer holds a control character.
fn value(question: &Question, answer: &str) -> Zeroizing<String> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    Zeroizing::new(match question.shape {
        Shape::Text => quoted(answer),
        Shape::Bare => answer.to_owned(),
        Shape::List => {
            let items: Vec<String> = answer.split(',').map(|item| quoted(item.trim())).collect();
            format!("[{}]", items.join(", "))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Local, Sources};

    fn now() -> DateTime<Utc> {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn whatever_was_answered_is_read_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let password = "pa\"ss\\wörd #= '☕";
        let options = vec![
            ("starface.password", password.to_owned()),
            ("starface.module_key", "key".to_owned()),
            ("starface.client_secret", String::new()),
            ("rules.group", "2001".to_owned()),
            ("rules.time_zone", "Europe/Zurich".to_owned()),
            ("rules.categories.create", "false".to_owned()),
            ("alarm.to", "one@example.com, two@example.com".to_owned()),
        ];
        let answers = Answers::given(&Sources::of_file(&file), options);
        Draft::begin(&file).unwrap().put(&text(&answers, now())).unwrap();
        let local = Local::load(&Sources::of_file(&file)).unwrap();
        assert_eq!(local.starface.password.unwrap().expose(), password);
        assert_eq!(local.group.map(|group| group.0), Some(2001));
        assert_eq!(local.alarm.to.len(), 2);
        assert_eq!(std::fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "the draft is gone");
    }

    #[test]
    fn a_file_that_is_there_is_replaced_only_when_asked_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "old").unwrap();
        let refused = Draft::begin(&file).unwrap().put("new").unwrap_err();
        assert!(refused.to_string().contains("has appeared meanwhile"), "{refused}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "old");
        let kept = Draft::begin(&file).unwrap().replace("new", now()).unwrap();
        assert_eq!(kept, folder.path().join("config.toml.before-20261123-100000"));
        assert_eq!(std::fs::read_to_string(&kept).unwrap(), "old");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
