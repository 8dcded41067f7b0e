//! The PBX, the journal and the process in small.

use chrono::{DateTime, Duration, Utc};

use super::super::governing::active;
use super::super::overlay::overlay;
use super::super::*;
use super::{ACCOUNT, Event, at, before, policy};

/// Everything that a history happens to.
pub(super) struct World {
    pub(super) shown: Seen,
    pub(super) durable: Vec<Hold>,
    pub(super) entries: Vec<(u8, Entry)>,
    pub(super) texts_put: Vec<StatusText>,
    pub(super) policy: Policy,
    pub(super) writes: Vec<(DateTime<Utc>, Value)>,
    pub(super) restarted_at: Option<DateTime<Utc>>,
    marks: Vec<Mark>,
    next_write: Option<Event>,
    late: Option<Late>,
    /// How many calls left, and the last that the PBX carried out.
    calls: u32,
    applied: u32,
}

/// A write under way of which nobody will hear.
struct Late {
    call: u32,
    value: Value,
    expect: Option<Value>,
}

/// How a round ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    Complete,
    /// The process waits for an answer that does not come.
    Waits,
}

impl World {
    pub(super) fn new() -> Self {
        Self {
            shown: before(),
            durable: Vec::new(),
            entries: Vec::new(),
            texts_put: Vec::new(),
            policy: policy(),
            writes: Vec::new(),
            restarted_at: None,
            marks: Vec::new(),
            next_write: None,
            late: None,
            calls: 0,
            applied: 0,
        }
    }

    pub(super) fn wish(&self, now: DateTime<Utc>) -> Option<Wish> {
        overlay(now, &self.calendar(), &self.policy, &self.marks)
    }

    pub(super) fn plan(&self, now: DateTime<Utc>) -> Vec<Move> {
        let wish = self.wish(now);
        decide(&Situation {
            now,
            account: ACCOUNT,
            login: &Login("0010".to_owned()),
            wish: wish.as_ref(),
            holds: &self.durable,
            seen: &self.shown,
            texts_put: &self.texts_put,
            journal_began_at: at(-1000),
            restarted_at: self.restarted_at,
            policy: &self.policy,
        })
    }

    pub(super) fn hold(&self, field: Field) -> Option<&Hold> {
        self.durable.iter().find(|hold| hold.field() == field)
    }

    pub(super) fn apply(&mut self, event: Event, now: DateTime<Utc>) {
        match event {
            Event::Put(number, entry) => {
                self.entries.retain(|(known, _)| *known != number);
                self.entries.push((number, entry));
            }
            Event::Delete(number) => self.entries.retain(|(known, _)| *known != number),
            Event::EndEarly => {
                let marks = active(now, &self.calendar(), &self.policy, &self.marks)
                    .iter()
                    .map(|one| Mark { entry: one.entry.id.clone(), at: now })
                    .collect::<Vec<_>>();
                self.marks.extend(marks);
            }
            Event::Die => self.restart(now),
            other => self.next_write = Some(other),
        }
    }

    /// The PBX starts again; it is noticed before anything else is done, and a write under way is lost.
    pub(super) fn restart_pbx(&mut self, now: DateTime<Utc>) {
        let dnd = self.shown.dnd;
        self.shown = Seen {
            presence: Presence::Available,
            text: StatusText::default(),
            telephony: Some(Telephony::Available),
            dnd,
            call: Call::None,
        };
        self.late = None;
        self.restarted_at = Some(now - Duration::seconds(1));
    }

    /// Lets a write of which nobody hears take effect, as the module does: not after a later call of ours, and only
    /// over what it expects.
    pub(super) fn land(&mut self) {
        let Some(late) = self.late.take() else { return };
        if late.call > self.applied && self.shown.value(late.value.field()) == late.expect {
            self.applied = late.call;
            self.show(late.value);
        }
    }

    /// Rounds until nothing is left to do, or until an answer does not come; returns whether that came to an end.
    pub(super) fn settle(&mut self, now: DateTime<Utc>) -> bool {
        for _ in 0..10 {
            let plan = self.plan(now);
            if plan.is_empty() || self.round(plan, now) == Round::Waits {
                return true;
            }
        }
        false
    }

    pub(super) fn show(&mut self, value: Value) {
        match value {
            Value::Presence(presence) => self.shown.presence = presence,
            Value::Text(text) => self.shown.text = text,
            Value::Indicator(telephony) => self.shown.telephony = Some(telephony),
            Value::Dnd(dnd) => self.shown.dnd = Some(dnd),
            Value::Redirect(..) => {}
        }
    }

    fn calendar(&self) -> Vec<Entry> {
        self.entries.iter().map(|(_, entry)| entry.clone()).collect()
    }

    fn restart(&mut self, now: DateTime<Utc>) {
        self.durable = std::mem::take(&mut self.durable).into_iter().map(|hold| hold.after_restart(now)).collect();
    }

    fn round(&mut self, plan: Vec<Move>, now: DateTime<Utc>) -> Round {
        for one in &plan {
            if let Recording::Keep(hold) = &one.recording
                && let (Phase::Putting, Value::Text(text)) = (hold.phase, &hold.put)
            {
                self.texts_put.push(text.clone());
            }
            self.record(one.field, &one.recording);
        }
        let mut round = Round::Complete;
        for one in plan {
            let Some(step) = &one.step else { continue };
            assert_eq!(step.account, ACCOUNT, "nobody else is ever written");
            self.calls += 1;
            let (Deed::Write { value, expect, .. }, Recording::Keep(hold)) = (&step.deed, &one.recording) else {
                self.applied = self.calls;
                continue;
            };
            let fault = self.next_write.take();
            if matches!(fault, Some(Event::DieBeforeWrite)) {
                self.restart(now);
                return Round::Complete;
            }
            let outcome = self.write(value, expect.as_ref(), fault.as_ref(), now);
            match fault {
                Some(Event::DieAfterWrite) => {
                    self.restart(now);
                    return Round::Complete;
                }
                Some(Event::LandLate) => round = Round::Waits,
                _ => {}
            }
            self.record(one.field, &confirm(hold, &outcome, now));
        }
        round
    }

    fn write(&mut self, value: &Value, expect: Option<&Value>, fault: Option<&Event>, now: DateTime<Utc>) -> Outcome {
        assert_eq!(self.shown.value(value.field()).as_ref(), expect, "a write expects what is there");
        match fault {
            Some(Event::LoseWrite) => return Outcome::Unanswered,
            Some(Event::Refuse) => return Outcome::Refused { error: "no".to_owned() },
            Some(Event::LandLate) => {
                self.late = Some(Late { call: self.calls, value: value.clone(), expect: expect.cloned() });
                return Outcome::Unanswered;
            }
            _ => {}
        }
        self.applied = self.calls;
        self.show(value.clone());
        self.writes.push((now, value.clone()));
        match fault {
            Some(Event::LoseAnswer) => Outcome::Unanswered,
            _ => Outcome::Done { seen: Some(value.clone()) },
        }
    }

    fn record(&mut self, field: Field, recording: &Recording) {
        self.durable.retain(|hold| hold.field() != field);
        if let Recording::Keep(hold) = recording {
            self.durable.push(hold.clone());
        }
    }
}
