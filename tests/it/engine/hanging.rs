//! One mailbox that always hangs and 999 that do not: the real client, over real HTTP, under a simulated clock.
//!
//! Only the time-out itself passes in real time; nothing is asserted about it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use starface_calendar::engine::{Engine, Ports};
use starface_calendar::graph::{Bodies, Config, GraphClient};
use starface_calendar::meter::Meter;
use starface_calendar::rules::Address;
use starface_calendar::sim::Tenant;
use starface_calendar::sim::tenant::{Resource, Whom};
use tokio::sync::oneshot;

use super::world::{World, address, at};

/// Long enough for any answer on loopback.
const TIMEOUT: Duration = Duration::from_secs(2);

const MEMBERS: u32 = 1000;

/// Whose mailbox hangs: one in the middle of a batch.
const CULPRIT: u32 = 1507;

/// How many seconds of the simulated clock a call hangs before it is late.
const HANGS_FOR: i64 = 30;

/// How long it is played.
const SECONDS: i64 = 600;

/// Lets everything happen that does not wait for the simulated clock or for a call that hangs.
async fn calm(tenant: &Tenant) {
    loop {
        let before = tenant.counts();
        for _ in 0..500 {
            tokio::task::yield_now().await;
        }
        // The one that hangs is at most in one call at a time.
        if tenant.counts() == before && tenant.in_flight() <= 1 {
            return;
        }
    }
}

/// Waits for a time-out.
async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::task::yield_now().await;
    }
}

fn client(world: &World, tenant: &Tenant) -> GraphClient {
    let app = tenant.credentials();
    let config = Config {
        bodies: Bodies::NotRead,
        meter: Meter::default(),
        tenant_id: app.tenant_id,
        client_id: app.client_id,
        credential: starface_calendar::credential::Credential::secret(app.client_secret),
        endpoint: tenant.endpoint(),
        login_endpoint: tenant.login_endpoint(),
        request_timeout: TIMEOUT,
    };
    GraphClient::new(config, world.clock.clone()).unwrap()
}

/// When each mailbox was read.
fn reads(tenant: &Tenant) -> BTreeMap<Address, Vec<DateTime<Utc>>> {
    let mut reads: BTreeMap<Address, Vec<DateTime<Utc>>> = BTreeMap::new();
    for asked in tenant.asked().into_iter().filter(|asked| asked.resource == Resource::Calendar) {
        reads.entry(asked.address.unwrap()).or_default().push(asked.at);
    }
    reads
}

#[tokio::test]
async fn one_mailbox_that_always_hangs_delays_none_of_the_999_that_do_not() {
    let world = World::of(MEMBERS);
    let tenant = Tenant::start(world.clock.clone()).await.unwrap();
    (1000..1000 + MEMBERS).for_each(|account| tenant.add_mailbox(&address(account)));
    let _held = tenant.hold(Whom::Mailbox(address(CULPRIT)), u32::MAX);
    let ports = Ports {
        calendars: Arc::new(client(&world, &tenant)),
        pbx: Arc::clone(&world.pbx),
        journal: world.journal.clone(),
        clock: world.clock.clone(),
    };
    let engine = Engine::start(ports, world.orders()).await.unwrap();
    let snapshots = engine.snapshots();
    let (stop, stopped) = oneshot::channel::<()>();
    let service = engine.run(async { drop(stopped.await) });
    let script = async {
        // The batch hangs with the culprit, and its nineteen others are read as soon as it is late.
        until(|| tenant.counts().items >= 980).await;
        until(|| tenant.counts().items >= 999).await;
        let mut hangs_since = None;
        for second in (0..=SECONDS).step_by(5) {
            world.clock.set(at(second));
            calm(&tenant).await;
            if tenant.in_flight() == 0 {
                hangs_since = None;
            } else if second - *hangs_since.get_or_insert(second) >= HANGS_FOR {
                until(|| tenant.in_flight() == 0).await;
                calm(&tenant).await;
                hangs_since = None;
            }
        }
        drop(stop);
    };
    tokio::join!(async { service.await.unwrap() }, script);

    let reads = reads(&tenant);
    assert_eq!(reads.len(), 999, "the culprit never answers");
    for (address, at_times) in &reads {
        let gaps = at_times.windows(2).map(|pair| pair[1] - pair[0]);
        assert!(gaps.max() <= Some(TimeDelta::seconds(65)), "{address}: {at_times:?}");
        assert!(at_times.len() >= 10, "{address}: {at_times:?}");
    }
    let calls: BTreeSet<u64> = tenant.asked().iter().map(|asked| asked.call).collect();
    let hung = tenant.counts().batches + tenant.counts().tokens - calls.len() as u64;
    assert!((4..=6).contains(&hung), "asked in vain {hung} times in {SECONDS} s");
    let rounds = SECONDS as u64 / 60 + 1;
    assert!(tenant.counts().batches <= rounds * 52 + 20 + hung, "{:?}", tenant.counts());
    assert_eq!(snapshots.borrow().troubled, 1);
}
