//! How far long work is: one line on stderr, on a terminal only, that is written over and wiped away at the end.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the line is drawn in a second at the most.
const DRAWS_PER_SECOND: u8 = 10;

/// How often a line without an end moves, so that it is seen to live.
const TICK: Duration = Duration::from_millis(120);

/// Progress of one piece of work. Its line is wiped away when this is dropped.
#[derive(Debug)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Begins work whose length nobody knows.
    pub(super) fn endless(words: &str) -> Self {
        let bar = Self::bar(None, "{spinner} {wide_msg} {elapsed}");
        bar.set_message(words.to_owned());
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// Begins work of so many pieces.
    pub(super) fn of(pieces: usize, words: &str) -> Self {
        let bar = Self::bar(Some(pieces as u64), "{msg} [{bar:30}] {pos} of {len}");
        bar.set_message(words.to_owned());
        bar.tick();
        Self(bar)
    }

    /// Shows nothing, for work that nobody watches.
    pub(super) fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    /// So many more pieces are done. With the last one the line goes.
    pub(super) fn advance(&self, pieces: usize) {
        self.0.inc(pieces as u64);
        if self.0.length().is_some_and(|all| self.0.position() >= all) {
            self.0.finish_and_clear();
        }
    }

    /// Prints something without the line in between.
    pub(super) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// It draws nothing where stderr is no terminal.
    fn bar(pieces: Option<u64>, template: &str) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(pieces, ProgressDrawTarget::stderr_with_hz(DRAWS_PER_SECOND));
        match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style.progress_chars("=> ")),
            Err(_) => bar,
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
