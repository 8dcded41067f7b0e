//! What a hold becomes after its step.

use chrono::{DateTime, Utc};

use super::{Hold, Outcome, Phase, Recording, Sight};
use crate::rules::{Field, Value};

/// Returns what the journal holds after a step had this outcome; `hold` is as it was committed before the step.
pub fn confirm(hold: &Hold, outcome: &Outcome, now: DateTime<Utc>) -> Recording {
    let mut next = hold.clone();
    match outcome {
        Outcome::Done { seen } => {
            next.written_at = Some(now);
            let target = if hold.phase == Phase::Restoring { hold.target() } else { hold.put.clone() };
            let shown = seen.as_ref().is_none_or(|seen| seen.looks_like(&target));
            if !shown && hold.field() == Field::Indicator {
                next.sight = Sight::Blind;
            } else if !shown {
                // Answered as done and yet not shown: it may land late, like a write that nobody answered.
                next.unanswered_at = Some(now);
                next.rewrites += 1;
                if let (Phase::Putting, Some(seen)) = (hold.phase, seen) {
                    remember_stored_form(&mut next, seen);
                }
                return Recording::Keep(next);
            }
            return settled(next, now);
        }
        Outcome::Refused { .. } => {
            next.written_at = Some(now);
            next.rewrites += 1;
        }
        Outcome::Unanswered => next.unanswered_at = Some(now),
        Outcome::Changed { .. } | Outcome::Stale | Outcome::NotSent if never_written(hold) => return given_up(next),
        Outcome::Changed { .. } | Outcome::Stale | Outcome::NotSent => {}
    }
    Recording::Keep(next)
}

/// Takes a text that is shown right after ours was written as ours: the PBX keeps some texts in another form, such as
/// shortened, and that form must never become what the member had before.
fn remember_stored_form(hold: &mut Hold, seen: &Value) {
    let is_text = matches!(seen, Value::Text(text) if !text.normalised().is_empty());
    if is_text && !seen.looks_like(&hold.under) && !hold.has_put(seen) {
        hold.remember(seen.clone());
    }
}

/// The write was carried out.
fn settled(mut hold: Hold, now: DateTime<Utc>) -> Recording {
    if hold.phase != Phase::Restoring {
        hold.phase = Phase::Held;
        return Recording::Keep(hold);
    }
    if hold.awaits_late_write(now) {
        return Recording::Keep(hold);
    }
    given_up(hold)
}

/// A hold whose put surely never left: what was read as its underlay may be old by the next look, so it is begun anew.
fn never_written(hold: &Hold) -> bool {
    hold.phase == Phase::Putting && hold.written_at.is_none() && hold.unanswered_at.is_none() && hold.earlier.is_empty()
}

/// Nothing of ours is on the field. The hold goes, unless a person took the field back from entries that still go on.
pub(super) fn given_up(mut hold: Hold) -> Recording {
    if hold.yielded.is_empty() {
        return Recording::Drop;
    }
    hold.phase = Phase::Yielded;
    hold.back_after = None;
    Recording::Keep(hold)
}
