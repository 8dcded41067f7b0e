//! One member's decisions through a day: what eight entries want, what is to be done about it, and when to look again.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::Zurich;
use starface_calendar::rules::policy::{Categories, Indicated, RedirectPolicy, Service, TextPolicy, Unanswered};
use starface_calendar::rules::text::{Language, Template, TimeFormat};
use starface_calendar::rules::{
    AccountId, Call, Dnd, Entry, EntryId, FieldKind, Hold, Location, Login, Move, Outcome, Policy, Presence, Recording,
    Response, Seen, Sensitivity, ShowAs, Side, Situation, Span, StatusText, Tags, Telephony, Title, Value, confirm,
    decide, next_boundary, overlay,
};

/// A member, a day, and what the PBX shows and the journal holds at each of some instants.
pub struct Desk {
    policy: Policy,
    entries: Vec<Entry>,
    login: Login,
    moments: Vec<Moment>,
}

struct Moment {
    now: DateTime<Utc>,
    seen: Seen,
    holds: Vec<Hold>,
    texts_put: Vec<StatusText>,
}

/// What is decided about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moments {
    /// Every five minutes of a day from 8 to 18 h, half of them within an entry: at the boundaries something is to be done,
    /// between them nothing is.
    Day,
    /// Only the boundaries: something is to be done at each.
    Boundaries,
}

const ACCOUNT: AccountId = AccountId(1010);

/// Monday, 23 November 2026, 8 h in Zurich.
fn morning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_417_200, 0).expect("this is an instant")
}

impl Desk {
    /// Lives through the day once, so that each decision can be made again with what was shown and held then.
    pub fn new(moments: Moments) -> Self {
        let mut desk =
            Self { policy: policy(), entries: entries(), login: Login("1010".to_owned()), moments: Vec::new() };
        let (mut seen, mut holds, mut texts_put) = (fresh(), Vec::new(), Vec::new());
        for step in 0..120 {
            let now = morning() + TimeDelta::minutes(5 * step);
            let moment = Moment { now, seen: seen.clone(), holds: holds.clone(), texts_put: Vec::clone(&texts_put) };
            let (moves, _) = desk.decide(&moment);
            let is_boundary = !moves.is_empty();
            for one in moves {
                carry_out(one, now, &mut seen, &mut holds, &mut texts_put);
            }
            if moments == Moments::Day || is_boundary {
                desk.moments.push(moment);
            }
        }
        desk
    }

    /// Returns how many decisions one [`Desk::decide_all`] makes.
    pub fn decisions(&self) -> usize {
        self.moments.len()
    }

    /// Decides at every moment; returns how many moves were made, so that nothing of it can be left out.
    pub fn decide_all(&self) -> usize {
        let of_moment = |moment| {
            let (moves, next) = self.decide(moment);
            moves.len() + usize::from(next.is_some())
        };
        self.moments.iter().map(of_moment).sum()
    }

    fn decide(&self, moment: &Moment) -> (Vec<Move>, Option<DateTime<Utc>>) {
        let Moment { now, seen, holds, texts_put } = moment;
        let wish = overlay(*now, &self.entries, &self.policy, &[]);
        let moves = decide(&Situation {
            now: *now,
            account: ACCOUNT,
            login: &self.login,
            wish: wish.as_ref(),
            holds,
            seen,
            texts_put,
            journal_began_at: DateTime::UNIX_EPOCH,
            restarted_at: None,
            policy: &self.policy,
        });
        (moves, next_boundary(*now, &self.entries, &self.policy, &[]))
    }
}

/// Returns the hold on the presence of an account while an entry is active.
pub fn hold(account: AccountId) -> Hold {
    let (policy, entries, login, seen) = (policy(), entries(), Login(account.to_string()), fresh());
    let now = morning() + TimeDelta::minutes(20);
    let wish = overlay(now, &entries, &policy, &[]);
    let moves = decide(&Situation {
        now,
        account,
        login: &login,
        wish: wish.as_ref(),
        holds: &[],
        seen: &seen,
        texts_put: &[],
        journal_began_at: DateTime::UNIX_EPOCH,
        restarted_at: None,
        policy: &policy,
    });
    let kept = moves.into_iter().find_map(|one| match one.recording {
        Recording::Keep(hold) => Some(hold),
        Recording::Drop => None,
    });
    kept.expect("the entry wants the presence")
}

/// Does what a PBX and a journal without trouble do.
fn carry_out(one: Move, now: DateTime<Utc>, seen: &mut Seen, holds: &mut Vec<Hold>, texts_put: &mut Vec<StatusText>) {
    holds.retain(|hold| hold.field() != one.field);
    let Recording::Keep(hold) = one.recording else { return };
    let written = one.step.as_ref().and_then(|step| step.written().cloned());
    match &written {
        Some(Value::Presence(presence)) => seen.presence = presence.clone(),
        Some(Value::Text(text)) => {
            seen.text = text.clone();
            texts_put.push(text.clone());
        }
        Some(Value::Indicator(telephony)) => seen.telephony = Some(telephony.clone()),
        Some(Value::Dnd(dnd)) => seen.dnd = Some(*dnd),
        Some(Value::Redirect(..)) | None => {}
    }
    match written {
        Some(_) => {
            if let Recording::Keep(hold) = confirm(&hold, &Outcome::Done { seen: written }, now) {
                holds.push(hold);
            }
        }
        None => holds.push(hold),
    }
}

fn fresh() -> Seen {
    Seen {
        presence: Presence::Available,
        text: StatusText("Bin am Platz".to_owned()),
        telephony: Some(Telephony::Available),
        dnd: Some(Dnd::Off),
        call: Call::None,
    }
}

/// Eight entries of 40 minutes, 70 minutes apart.
pub fn entries() -> Vec<Entry> {
    let of_day = |index: i64| {
        let start = morning() + TimeDelta::minutes(15 + 70 * index);
        Entry {
            id: EntryId(format!("AAMkAGI2TG93AAA{index:060}=")),
            ical_uid: format!("040000008200E00074C5B7101A82E008{index:032}"),
            title: Title("Besprechung mit der Muster AG über das nächste Quartal".to_owned()),
            location: Location("Sitzungszimmer Säntis".to_owned()),
            span: Span::Timed { start, end: start + TimeDelta::minutes(40) },
            show_as: if index % 3 == 0 { ShowAs::Tentative } else { ShowAs::Busy },
            sensitivity: Sensitivity::Normal,
            response: Response::Organizer,
            cancelled: false,
            is_organizer: true,
            categories: if index % 2 == 0 { vec!["_SF_Funktionstasten_aktivieren".to_owned()] } else { Vec::new() },
            tags: Tags::default(),
        }
    };
    (0..8).map(of_day).collect()
}

/// What an admin decided who left everything as it is.
pub fn policy() -> Policy {
    let parsed = "the built-in formats are right";
    Policy {
        service: Service::Started,
        zone: Zurich,
        ignore: [ShowAs::Free].into(),
        entry_days_max: 31,
        unanswered: Unanswered::Status,
        presence: Some(Presence::Away),
        text: Some(TextPolicy {
            template: Template::parse("[!time!] [!type!] !title!").expect(parsed),
            time_format: TimeFormat::parse("HH:mm").expect(parsed),
            date_format: TimeFormat::parse("dd.MM.").expect(parsed),
            language: Language::German,
            chars_max: 140,
        }),
        categories: Categories::default(),
        redirects: RedirectPolicy { tags_allowed: Side::ALL.into(), ..RedirectPolicy::default() },
        indicator: Some(Telephony::Active),
        indicated: Indicated::ByCategory,
        respected: [FieldKind::Dnd, FieldKind::Redirect].into(),
        reassert_interval: TimeDelta::seconds(30),
    }
}
