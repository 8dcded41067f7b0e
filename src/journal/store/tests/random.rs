//! Holds as nobody would think of them.

use proptest::prelude::*;

use super::*;
use crate::rules::{DestinationKind, Redirect};

fn any_value(field: Field) -> BoxedStrategy<Value> {
    let known = (0..6_usize).prop_map(|index| {
        presence(["AVAILABLE", "AWAY", "DO_NOT_DISTURB", "EXTENDED_AWAY", "FREE_FOR_CHAT", "UNAVAILABLE"][index])
    });
    match field {
        Field::Presence => {
            // A name that is known is never `Other`.
            let other = any::<String>().prop_map(|name| presence(&name));
            prop_oneof![known, other].boxed()
        }
        Field::Text => any::<String>().prop_map(|words| text(&words)).boxed(),
        Field::Indicator => any::<String>().prop_map(|name| Value::Indicator(Telephony::named(&name))).boxed(),
        Field::Dnd => prop_oneof![Just(Dnd::On), Just(Dnd::Off)].prop_map(Value::Dnd).boxed(),
        Field::Redirect(number) => any_redirect().prop_map(move |redirect| Value::Redirect(number, redirect)).boxed(),
    }
}

fn any_redirect() -> impl Strategy<Value = Redirect> {
    (any::<bool>(), any::<String>(), any::<String>()).prop_map(|(enabled, kind, destination)| Redirect {
        enabled,
        kind: DestinationKind::named(&kind),
        destination,
    })
}

fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    (0..4_000_000_000_i64, 0..1_000_000_000_u32)
        .prop_map(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos).unwrap())
}

fn any_claimant() -> impl Strategy<Value = Claimant> {
    (any::<u32>(), any::<String>(), any::<String>()).prop_map(|(account, login, entry)| Claimant {
        account: AccountId(account),
        login: Login(login),
        entry: EntryId(entry),
    })
}

fn any_hold() -> impl Strategy<Value = Hold> {
    let field = (0..Field::OF_STATE.len()).prop_map(|index| Field::OF_STATE[index]);
    let values = field.prop_flat_map(|field| {
        let earlier = prop::collection::vec(any_value(field), 0..4);
        (any_value(field), any_value(field), earlier)
    });
    let times = (any_instant(), prop::option::of(any_instant()), prop::option::of(any_instant()));
    let claimants = prop::collection::vec(any_claimant(), 0..3);
    let phase = (0..4_usize).prop_map(|index| Phase::ALL[index]);
    (any::<u32>(), values, phase, claimants, times, any::<u32>()).prop_map(
        |(account, (under, put, earlier), phase, claimants, times, rewrites)| Hold {
            account: AccountId(account),
            under,
            put,
            earlier,
            phase,
            claimants,
            since: times.0,
            written_at: times.1,
            unanswered_at: times.2,
            back_after: times.1,
            yielded: vec![EntryId(format!("entry {rewrites}"))],
            sight: Sight::ALL[rewrites as usize % 2],
            rewrites,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_held_is_held_after_a_restart(holds in prop::collection::vec(any_hold(), 0..8)) {
        let mut bench = Bench::new();
        let records = holds.iter().cloned().map(Record::Hold).collect();
        bench.store.commit(records).unwrap();
        let mut last: std::collections::BTreeMap<_, _> = std::collections::BTreeMap::new();
        for hold in holds {
            last.insert((hold.account, hold.field().name()), hold);
        }
        let kept = bench.kept_after_restart().holds;
        // `Debug` hides texts, so the comparison is of the values.
        prop_assert!(kept == last.into_values().collect::<Vec<_>>());
    }
}
