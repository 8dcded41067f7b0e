//! Random histories of redirects through the whole engine: whatever happens, in the end every number leads where its
//! people last wanted it.

use proptest::prelude::*;
use starface_calendar::rules::policy::Groups;
use starface_calendar::rules::{AccountId, Dialled, Entry, Redirect, Tag, Tags};

use super::world::{Running, World, entry};

/// How long a history lasts, and how long afterwards everything must be settled.
const SECONDS: i64 = 1_200;
const SETTLED_AFTER: i64 = 1_400;

/// Two members with a number of their own each, and a group's number that both have.
const NUMBERS: [&str; 3] = ["0041712345610", "0041712345620", "0041712345600"];

/// What people choose; nothing of it is ever a target of an entry.
const CHOICES: [&str; 3] = ["0041781111111", "0041782222222", ""];

/// What entries send calls to.
const TARGETS: [&str; 3] = ["0041791111111", "0041792222222", "0041900123456"];

#[derive(Clone, Debug)]
enum Act {
    /// A member puts an entry into the calendar, over the one of the same place.
    Put { member: u32, place: usize, start: i64, length: i64, target: usize },
    /// A member deletes one.
    Delete { member: u32, place: usize },
    /// A person changes where a number leads.
    Choose { number: usize, choice: usize },
    /// The next write is not answered.
    LoseAnswer,
    /// The next write is refused.
    Refuse,
    /// The PBX starts anew; redirects are in its database.
    Restart,
    /// The service ends and begins again.
    Reborn,
    /// A member ends what is active, by telephone.
    EndEarly { member: u32 },
}

fn any_act() -> impl Strategy<Value = Act> {
    let member = || 1000..1002_u32;
    prop_oneof![
        6 => (member(), 0..3_usize, 0..SECONDS / 30, 1..20_i64, 0..TARGETS.len()).prop_map(
            |(member, place, start, length, target)| Act::Put { member, place, start: start * 30, length: length * 30, target }
        ),
        1 => (member(), 0..3_usize).prop_map(|(member, place)| Act::Delete { member, place }),
        3 => (0..NUMBERS.len(), 0..CHOICES.len()).prop_map(|(number, choice)| Act::Choose { number, choice }),
        1 => Just(Act::LoseAnswer),
        1 => Just(Act::Refuse),
        1 => Just(Act::Restart),
        2 => Just(Act::Reborn),
        1 => member().prop_map(|member| Act::EndEarly { member }),
    ]
}

fn any_history() -> impl Strategy<Value = Vec<(i64, Act)>> {
    prop::collection::vec((1..SECONDS, any_act()), 1..16).prop_map(|mut history| {
        history.sort_by_key(|(second, _)| *second);
        history
    })
}

fn choice(index: usize) -> Redirect {
    match CHOICES[index] {
        "" => Redirect::none(),
        number => Redirect::to_number(number),
    }
}

fn appointment(place: usize, start: i64, length: i64, target: usize) -> Entry {
    let tag = Dialled::new(TARGETS[target]).map(Tag::Target);
    Entry {
        categories: vec!["_SF_AUL_extern_aktivieren".to_owned()],
        tags: Tags { internal: None, external: tag },
        ..entry(&format!("place {place}"), start, start + length)
    }
}

fn world() -> World {
    let mut world = World::of(2);
    world.policy.redirects.groups = Groups::Included;
    {
        let mut lines = world.pbx.lines();
        lines.own(1000, NUMBERS[0], Redirect::none());
        lines.own(1001, NUMBERS[1], Redirect { enabled: false, ..Redirect::to_mailbox("4") });
        for account in [1000, 1001] {
            lines.join(account, NUMBERS[2], Redirect::to_mailbox("9"));
        }
    }
    world
}

fn act(world: &World, act: &Act) {
    match act {
        Act::Put { member, place, start, length, target } => {
            world.tenant.put(*member, appointment(*place, *start, *length, *target));
        }
        Act::Delete { member, place } => world.tenant.delete(*member, &format!("place {place}")),
        Act::Choose { number, choice: index } => world.pbx.lines().choose(NUMBERS[*number], choice(*index)),
        Act::LoseAnswer => world.pbx.lose_answers(1),
        Act::Refuse => world.pbx.refuse(1),
        Act::Restart => world.pbx.restart(),
        Act::EndEarly { member } => world.pbx.happen(starface_calendar::pbx::EventKind::End(AccountId(*member))),
        Act::Reborn => {}
    }
}

/// Plays a history and returns where each number led after it.
async fn play(history: &[(i64, Act)]) -> (Vec<Redirect>, Vec<String>) {
    let world = world();
    let lives = history.split_inclusive(|(_, act)| matches!(act, Act::Reborn));
    for life in lives {
        world.run(async |running| live(&world, &running, life).await).await;
    }
    world.run(async |running| running.until(SETTLED_AFTER + SECONDS).await).await;
    let shown = NUMBERS.map(|number| world.pbx.lines().shows(number));
    let held = world.journal.held().into_iter().filter(|field| field.starts_with("redirect")).collect();
    (shown.into(), held)
}

async fn live(world: &World, running: &Running<'_>, life: &[(i64, Act)]) {
    for (second, one) in life {
        running.until(*second).await;
        act(world, one);
    }
}

/// Where people last wanted each number to lead.
fn wanted(history: &[(i64, Act)]) -> Vec<Redirect> {
    let mut wanted =
        [Redirect::none(), Redirect { enabled: false, ..Redirect::to_mailbox("4") }, Redirect::to_mailbox("9")];
    for (_, one) in history {
        if let Act::Choose { number, choice: index } = one {
            wanted[*number] = choice(*index);
        }
    }
    wanted.into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_number_leads_in_the_end_where_its_people_last_wanted_it(history in any_history()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (shown, held) = runtime.block_on(play(&history));
        prop_assert_eq!(shown, wanted(&history));
        prop_assert_eq!(held, Vec::<String>::new());
    }
}
