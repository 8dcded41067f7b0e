//! A PBX that can only be read, for dry runs.

use std::time::Duration;

use super::{Applied, Drained, ModuleInfo, Page, Pbx, PbxError, Redirects, States};
use crate::rules::{AccountId, Member, Outcome, Step};

/// Passes reads on and refuses every write before it leaves: each step is answered [`Outcome::NotSent`], with one
/// [`PbxError::ReadOnly`] in all.
#[derive(Debug)]
pub struct ReadOnly<P>(pub P);

impl<P: Pbx> Pbx for ReadOnly<P> {
    async fn info(&self) -> Result<ModuleInfo, PbxError> {
        self.0.info().await
    }

    async fn page(&self) -> Result<Page, PbxError> {
        self.0.page().await
    }

    async fn members(&self, group: AccountId) -> Result<Vec<Member>, PbxError> {
        self.0.members(group).await
    }

    async fn states(&self, accounts: &[AccountId]) -> States {
        self.0.states(accounts).await
    }

    async fn redirects(&self, accounts: &[AccountId]) -> Redirects {
        self.0.redirects(accounts).await
    }

    async fn apply(&self, steps: &[Step]) -> Applied {
        Applied {
            outcomes: vec![Outcome::NotSent; steps.len()],
            errors: steps.first().map(|_| PbxError::ReadOnly).into_iter().collect(),
        }
    }

    async fn drain(&self, queue: Option<String>, after: u64, wait: Duration) -> Result<Drained, PbxError> {
        self.0.drain(queue, after, wait).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Presence, Value};

    /// A PBX that fails a test that writes to it.
    struct NeverWritten;

    impl Pbx for NeverWritten {
        async fn info(&self) -> Result<ModuleInfo, PbxError> {
            Err(PbxError::WrongKey)
        }

        async fn page(&self) -> Result<Page, PbxError> {
            Ok(Page { revision: "7".to_owned(), ..Page::default() })
        }

        async fn members(&self, _: AccountId) -> Result<Vec<Member>, PbxError> {
            Ok(Vec::new())
        }

        async fn states(&self, _: &[AccountId]) -> States {
            States::default()
        }

        async fn redirects(&self, _: &[AccountId]) -> Redirects {
            Redirects::default()
        }

        async fn apply(&self, _: &[Step]) -> Applied {
            panic!("a dry run wrote to the PBX");
        }

        async fn drain(&self, queue: Option<String>, after: u64, _: Duration) -> Result<Drained, PbxError> {
            Ok(Drained { queue: queue.unwrap_or_default(), seq: after, events: Vec::new(), skipped: 0 })
        }
    }

    #[tokio::test]
    async fn a_dry_run_refuses_every_write_and_passes_reads_on() {
        let expect = Some(Value::Presence(Presence::Available));
        let step = Step::write(AccountId(1010), Value::Presence(Presence::Away), expect);
        let pbx = ReadOnly(NeverWritten);
        let applied = pbx.apply(&[step.clone(), step]).await;
        assert_eq!(applied.outcomes, [Outcome::NotSent, Outcome::NotSent]);
        assert!(matches!(applied.errors.as_slice(), [PbxError::ReadOnly]));
        assert!(matches!(pbx.info().await, Err(PbxError::WrongKey)));
        assert_eq!(pbx.page().await.unwrap().revision, "7");
        assert!(pbx.members(AccountId(1)).await.unwrap().is_empty());
        let drained = pbx.drain(Some("q".to_owned()), 7, Duration::ZERO).await.unwrap();
        assert_eq!((drained.queue.as_str(), drained.seq), ("q", 7));
    }

    #[tokio::test]
    async fn nothing_to_write_is_no_error() {
        assert!(ReadOnly(NeverWritten).apply(&[]).await.errors.is_empty());
    }
}
