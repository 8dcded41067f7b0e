//! `kill -9` at seeded random moments: the PBX ends exactly as in an undisturbed run.
//!
//! Two sites see the same calendars and the same people. One service is left alone; the other is killed twice in every
//! chapter, before or after one of its writing calls, with answers and whole writes lost before that. After each
//! chapter, and at the end, both PBXs show the same of everybody. Moments are counted in writing calls, never in time.
//!
//! A failing seed prints itself and what happened. To replay it alone, give it to [`the_same_as_undisturbed`] in a test
//! of its own.

use std::fmt::Debug;
use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::clock::{Clock, SystemClock};
use starface_calendar::rules::{AccountId, CalledNumber, Redirect};
use starface_calendar::sim::pbx::{Person, Shown, StateField, Trigger};
use starface_calendar::sim::tenant::{Appointment, AppointmentId};

use super::site::{ANNA, BEAT, Service, Site, address};

/// Whom it is all about.
const MEMBERS: [AccountId; 4] = [ANNA, BEAT, AccountId(1012), AccountId(1013)];

/// Whose text tells that everything before it was read and acted on.
const SIGN: AccountId = AccountId(1014);

/// How many entries a member has at most at once.
const SLOTS: usize = 2;

const CHAPTERS: usize = 5;

const KILLS_PER_CHAPTER: usize = 2;

#[tokio::test]
async fn killed_at_ten_moments_the_pbx_ends_as_undisturbed_with_the_first_seed() {
    the_same_as_undisturbed(1).await;
}

#[tokio::test]
async fn killed_at_ten_moments_the_pbx_ends_as_undisturbed_with_the_second_seed() {
    the_same_as_undisturbed(2).await;
}

#[tokio::test]
async fn killed_at_ten_moments_the_pbx_ends_as_undisturbed_with_the_third_seed() {
    the_same_as_undisturbed(3).await;
}

#[tokio::test]
async fn killed_at_ten_moments_the_pbx_ends_as_undisturbed_with_the_fourth_seed() {
    the_same_as_undisturbed(4).await;
}

/// What happens to a calendar or a person's telephone between two checkpoints.
#[derive(Clone, Debug)]
enum Deed {
    /// An entry with this title and these categories takes the place of the one in the slot.
    Put { member: usize, slot: usize, title: String, categories: Vec<&'static str>, text: &'static str },
    /// The entry in the slot is deleted, if there is one.
    Delete { member: usize, slot: usize },
    /// The person chooses something while nothing is overlaid. Not DND: for a minute after a crash, DND that is on cannot
    /// be told from a write of ours that lands late.
    Choose { member: usize, presence: &'static str, text: String },
    /// The person redirects the external number while nothing is overlaid.
    Redirect { member: usize, target: &'static str },
}

/// What becomes of one writing call of a service that will be killed.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answered,
    /// It took effect.
    AnswerLost,
    WriteLost,
}

/// Where in its last writing call a service is killed.
#[derive(Clone, Copy, Debug)]
enum Blow {
    BeforeWrite,
    AfterWrite,
    /// The write takes effect when nobody is there any more to hear of it.
    WriteLandsLater,
}

/// One life of the disturbed service, as far as it writes.
#[derive(Clone, Debug)]
struct Life {
    fates: Vec<Fate>,
    blow: Blow,
}

/// Random numbers that a seed repeats (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Tells how to replay a seed, when its test fails.
struct Story {
    seed: u64,
    told: Vec<String>,
}

impl Story {
    fn tell(&mut self, what: impl Debug) {
        self.told.push(format!("{what:?}"));
    }
}

impl Drop for Story {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("seed {}; replay: the_same_as_undisturbed({0}).await", self.seed);
            eprintln!("{}", self.told.join("\n"));
        }
    }
}

/// What a member's telephone shows, and where calls to its two numbers go.
#[derive(Clone, Debug, PartialEq)]
struct Looks {
    shown: Shown,
    internal: Redirect,
    external: Redirect,
}

fn internal(member: usize) -> CalledNumber {
    format!("2{member}0").parse().unwrap()
}

fn external(member: usize) -> CalledNumber {
    format!("004171234561{member}").parse().unwrap()
}

/// A site with what stands in its calendars.
struct Stage {
    site: Site,
    began_at: DateTime<Utc>,
    entries: [[Option<AppointmentId>; SLOTS]; MEMBERS.len()],
    sign: Option<AppointmentId>,
    signs: usize,
}

impl Stage {
    async fn new(began_at: DateTime<Utc>) -> Self {
        let site = Site::new().await;
        for account in MEMBERS.into_iter().skip(2).chain([SIGN]) {
            let email = address(account);
            site.tenant.add_mailbox(&email);
            site.pbx.add_member(Person {
                account,
                login: account.to_string(),
                first_name: "Carla".to_owned(),
                family_name: "Muster".to_owned(),
                email: email.to_string(),
            });
        }
        for (member, account) in MEMBERS.into_iter().enumerate() {
            site.pbx.give_number(account, internal(member));
            site.pbx.give_number(account, external(member));
            site.pbx.offer_mailbox(account, "3", "Voicemail");
            let before = Redirect { enabled: false, ..Redirect::to_number("0041788888888") };
            site.pbx.person_redirects(account, external(member), Trigger::Always, &before);
        }
        site.pbx.give_number(SIGN, external(MEMBERS.len()));
        site.person_sets(ANNA, "FREE_FOR_CHAT", "Im Homeoffice ☕");
        site.pbx.person_sets(MEMBERS[2], StateField::DoNotDisturb, "true");
        site.pbx.person_sets(MEMBERS[2], StateField::TelephonyState, "QUEUE_PAUSE");
        site.person_sets(MEMBERS[3], "UNAVAILABLE", " Ferien  bis Montag ");
        Self { site, began_at, entries: Default::default(), sign: None, signs: 0 }
    }

    /// Does these deeds, and then lets the sign show another text.
    fn play(&mut self, deeds: &[Deed], chapter: usize) {
        for deed in deeds {
            self.do_one(deed, chapter);
        }
        // The last of all, so that whoever has read it has read the others.
        if let Some(before) = self.sign.take() {
            self.site.tenant.delete(&before);
        }
        self.signs += 1;
        let sign = self.appointment(chapter, 0).subject(self.sign_text()).category("_SF_AUL_extern_aktivieren");
        let sign = sign.body(format!("@@Extern: {}", self.sign_target()));
        self.sign = Some(self.site.tenant.put(&address(SIGN), sign));
    }

    fn do_one(&mut self, deed: &Deed, chapter: usize) {
        match deed {
            Deed::Put { member, slot, title, categories, text } => {
                self.delete(*member, *slot);
                let bare = self.appointment(chapter, *slot).subject(title).body(*text);
                let entry = categories.iter().fold(bare, |entry, category| entry.category(*category));
                self.entries[*member][*slot] = Some(self.site.tenant.put(&address(MEMBERS[*member]), entry));
            }
            Deed::Delete { member, slot } => self.delete(*member, *slot),
            Deed::Choose { member, presence, text } => self.site.person_sets(MEMBERS[*member], presence, text),
            Deed::Redirect { member, target } => {
                let to = Redirect::to_number(*target);
                self.site.pbx.person_redirects(MEMBERS[*member], external(*member), Trigger::Always, &to);
            }
        }
    }

    fn delete(&mut self, member: usize, slot: usize) {
        if let Some(before) = self.entries[member][slot].take() {
            self.site.tenant.delete(&before);
        }
    }

    /// Long active; the later chapter and slot govern, on every stage alike.
    fn appointment(&self, chapter: usize, slot: usize) -> Appointment {
        let order = i64::try_from(chapter * SLOTS + slot).unwrap();
        let start = self.began_at - TimeDelta::hours(1) + TimeDelta::minutes(order);
        Appointment::timed(start, self.began_at + TimeDelta::hours(2))
    }

    fn shows(&self) -> Vec<Looks> {
        let leads = |number| self.site.pbx.redirect(number, Trigger::Always).unwrap().redirect;
        let looks = |(member, account)| Looks {
            shown: self.site.pbx.shows(account).unwrap(),
            internal: leads(internal(member)),
            external: leads(external(member)),
        };
        MEMBERS.into_iter().enumerate().map(looks).collect()
    }

    fn sign_text(&self) -> String {
        format!("Sign {}", self.signs)
    }

    fn sign_target(&self) -> String {
        format!("00417933333{:02}", self.signs)
    }

    /// Redirects are written after everything else, all in one call.
    async fn sign_shows(&self) {
        self.site.shows(SIGN, "AWAY", &self.sign_text()).await;
        let wanted = Redirect::to_number(self.sign_target());
        let leads = || self.site.pbx.redirect(external(MEMBERS.len()), Trigger::Always).unwrap().redirect;
        self.site.until(|| leads() == wanted, || format!("the sign leads to {}", leads().words())).await;
    }

    /// Lets a service live for as many writing calls as it is given, and kills it in the last.
    async fn live(&mut self, service: Service, life: &Life, parts: &mut impl Iterator<Item = &[Deed]>, chapter: usize) {
        for fate in &life.fates {
            let gate = match fate {
                Fate::Answered | Fate::AnswerLost => self.site.pbx.hold_after_apply(),
                Fate::WriteLost => self.site.pbx.hold_before_apply(),
            };
            self.play(parts.next().unwrap_or_default(), chapter);
            gate.reached().await;
            match fate {
                Fate::Answered => gate.release(),
                Fate::AnswerLost | Fate::WriteLost => drop(gate),
            }
        }
        let gate = match life.blow {
            Blow::AfterWrite => self.site.pbx.hold_after_apply(),
            Blow::BeforeWrite | Blow::WriteLandsLater => self.site.pbx.hold_before_apply(),
        };
        self.play(parts.next().unwrap_or_default(), chapter);
        gate.reached().await;
        service.kill().await;
        if matches!(life.blow, Blow::WriteLandsLater) {
            gate.release();
        }
    }

    /// Waits until the same is shown as on an undisturbed stage.
    async fn catches_up(&self, expected: &[Looks]) {
        self.site.until(|| self.shows() == expected, || format!("{:#?}\nis not\n{expected:#?}", self.shows())).await;
    }
}

/// Runs a seed's history on two stages, kills the service on one of them, and compares them after each chapter.
async fn the_same_as_undisturbed(seed: u64) {
    let mut story = Story { seed, told: Vec::new() };
    let mut dice = Dice(seed);
    let began_at = SystemClock.now();
    let (mut calm, mut torn) = (Stage::new(began_at).await, Stage::new(began_at).await);
    let mut kept = calm.shows();
    let undisturbed = calm.site.start();
    let mut service = torn.site.start();
    for chapter in 0..CHAPTERS {
        let deeds = deeds(&mut dice, &calm, chapter);
        story.tell(&deeds);
        let lives: Vec<Life> = (0..KILLS_PER_CHAPTER).map(|_| life(&mut dice)).collect();
        story.tell(&lives);
        note_choices(&mut kept, &deeds);
        calm.play(&deeds, chapter);
        let calls = lives.iter().map(|life| life.fates.len() + 1).sum();
        let mut parts = deeds.chunks(deeds.len().div_ceil(calls).max(1));
        for life in &lives {
            torn.live(service, life, &mut parts, chapter).await;
            service = torn.site.start();
        }
        assert!(parts.next().is_none(), "everything happens on both stages");
        calm.sign_shows().await;
        torn.catches_up(&calm.shows()).await;
    }
    assert_eq!(calm.shows(), kept, "at the end everybody has what was chosen last");
    service.kill().await;
    // Whatever is still unsettled is settled by the next service, which changes nothing.
    let service = torn.site.start();
    torn.play(&[], CHAPTERS);
    torn.sign_shows().await;
    assert_eq!(torn.shows(), kept);
    service.terminate().await;
    undisturbed.terminate().await;
}

/// What the people themselves have, by what they chose.
fn note_choices(kept: &mut [Looks], deeds: &[Deed]) {
    for deed in deeds {
        match deed {
            Deed::Choose { member, presence, text } => {
                kept[*member].shown.chat_presence = (*presence).to_owned();
                kept[*member].shown.chat_presence_message.clone_from(text);
            }
            Deed::Redirect { member, target } => kept[*member].external = Redirect::to_number(*target),
            Deed::Put { .. } | Deed::Delete { .. } => {}
        }
    }
}

/// The first chapter only puts on, the last one takes everything off; between them everything is mixed.
fn deeds(dice: &mut Dice, stage: &Stage, chapter: usize) -> Vec<Deed> {
    let mut deeds = Vec::new();
    for member in 0..MEMBERS.len() {
        let is_bare = stage.entries[member].iter().all(Option::is_none);
        if is_bare && chapter > 0 && dice.below(2) == 0 {
            deeds.push(choice(dice, member, chapter));
            let target = dice.one_of(&["0041781111111", "0041782222222"]);
            deeds.push(Deed::Redirect { member, target });
        }
        if chapter == CHAPTERS - 1 {
            deeds.extend((0..SLOTS).map(|slot| Deed::Delete { member, slot }));
            continue;
        }
        let slot = dice.below(SLOTS);
        match dice.below(if chapter == 0 { 2 } else { 4 }) {
            0 | 1 => deeds.push(put(dice, member, slot, chapter)),
            2 => deeds.extend((0..SLOTS).map(|slot| Deed::Delete { member, slot })),
            _ => deeds.push(Deed::Delete { member, slot }),
        }
    }
    deeds
}

fn put(dice: &mut Dice, member: usize, slot: usize, chapter: usize) -> Deed {
    let both: &[&str] = &["_SF_Funktionstasten_aktivieren", "_SF_DND_aktivieren"];
    let categories = dice.one_of(&[both, &both[..1], &both[1..], &[]]).to_vec();
    let redirecting: &[&str] = &["_SF_AUL_extern_aktivieren", "_SF_Voicemail_intern_aktivieren"];
    let more = dice.one_of(&[redirecting, &redirecting[..1], &redirecting[1..], &[]]);
    let text = dice.one_of(&["@@Extern: +41 79 111 11 11", "@@Extern: 0041792222222", "@@Extern: 0900123456", ""]);
    let (title, categories) = (format!("Kunde {chapter}-{member}-{slot} 🚀"), [categories.as_slice(), more].concat());
    Deed::Put { member, slot, title, categories, text }
}

fn choice(dice: &mut Dice, member: usize, chapter: usize) -> Deed {
    let presence = dice.one_of(&["AVAILABLE", "FREE_FOR_CHAT", "DO_NOT_DISTURB", "EXTENDED_AWAY"]);
    Deed::Choose { member, presence, text: format!("Selbst gewählt {chapter}") }
}

fn life(dice: &mut Dice) -> Life {
    // Mostly none, as a service looks again only a second after each.
    let fates = (0..dice.below(5).saturating_sub(2))
        .map(|_| dice.one_of(&[Fate::Answered, Fate::Answered, Fate::AnswerLost, Fate::WriteLost]));
    let fates = fates.collect();
    Life { fates, blow: dice.one_of(&[Blow::BeforeWrite, Blow::AfterWrite, Blow::WriteLandsLater]) }
}
