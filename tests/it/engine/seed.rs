//! The page that sold the original module, sentence by sentence: each feature that it names has a test named after it.
//! Members are 1000 and 1001; appointments run from second 60 to second 600 unless they say otherwise.

use starface_calendar::pbx::EventKind;
use starface_calendar::rules::policy::{Groups, Indicated, Service, Switch};
use starface_calendar::rules::{
    AccountId, Call, Dnd, Entry, Presence, Redirect, Sensitivity, ShowAs, Side, Tags, Telephony,
};

use super::world::{World, entry};

const INTERNAL: &str = "210";
const EXTERNAL: &str = "0041712345610";
const GROUP: &str = "0041712345600";

fn world() -> World {
    let mut world = World::of(2);
    let template = starface_calendar::rules::text::Template::parse("[!time!] [!type!] !title!").unwrap();
    world.policy.text.as_mut().unwrap().template = template;
    {
        let mut lines = world.pbx.lines();
        lines.own(1000, INTERNAL, Redirect { enabled: false, ..Redirect::to_number("220") });
        lines.own(1000, EXTERNAL, Redirect { enabled: false, ..Redirect::to_number("0041788888888") });
        lines.join(1000, GROUP, Redirect::none());
    }
    world
}

fn appointment() -> Entry {
    entry("Kunde ABC", 60, 600)
}

fn with(categories: &[&str]) -> Entry {
    Entry { categories: categories.iter().map(|name| (*name).to_owned()).collect(), ..appointment() }
}

fn saying(categories: &[&str], text: &str) -> Entry {
    Entry { tags: Tags::find(text), ..with(categories) }
}

/// Puts an appointment into the calendar of member 1000 and looks at everything while it is on and after it.
async fn during(world: &World, entry: Entry, look: impl FnOnce(&World)) {
    let lead = [INTERNAL, EXTERNAL, GROUP].map(|number| world.pbx.lines().shows(number));
    let seen = world.pbx.seen(1000);
    world.tenant.put(1000, entry);
    world
        .run(async |running| {
            running.until(100).await;
        })
        .await;
    look(world);
    world.run(async |running| running.until(700).await).await;
    assert_eq!([INTERNAL, EXTERNAL, GROUP].map(|number| world.pbx.lines().shows(number)), lead, "everything came back");
    assert_eq!(world.pbx.seen(1000), seen, "everything came back");
    assert_eq!(world.journal.held(), [""; 0]);
}

fn leads(world: &World, number: &str) -> String {
    world.pbx.lines().shows(number).words()
}

#[tokio::test]
async fn chat_status_and_text_are_set_when_an_appointment_is_found() {
    during(&world(), appointment(), |world| {
        let (presence, text) = world.pbx.shows(1000);
        assert_eq!(presence, "AWAY");
        assert!(text.starts_with('[') && text.ends_with("] [Gebucht] Kunde ABC"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn the_absence_in_the_chat_is_away_dnd_offline_or_left_alone() {
    for (indicator, shown) in [
        (Some(Presence::Away), "AWAY"),
        (Some(Presence::DoNotDisturb), "DO_NOT_DISTURB"),
        (Some(Presence::Unavailable), "UNAVAILABLE"),
        (None, "AVAILABLE"),
    ] {
        let mut world = world();
        world.policy.presence = indicator;
        during(&world, appointment(), |world| assert_eq!(world.pbx.shows(1000).0, shown)).await;
    }
}

#[tokio::test]
async fn function_keys_turn_red_or_blue() {
    for (colour, shown) in
        [(Some(Telephony::Active), Telephony::Active), (Some(Telephony::QueuePause), Telephony::QueuePause)]
    {
        let mut world = world();
        world.policy.indicator = colour;
        let keys = with(&["_SF_Funktionstasten_aktivieren"]);
        during(&world, keys, |world| assert_eq!(world.pbx.seen(1000).telephony, Some(shown))).await;
    }
}

#[tokio::test]
async fn internal_and_external_numbers_go_to_voicemail_or_to_a_number() {
    let both = saying(&["_SF_Voicemail_extern_aktivieren", "_SF_AUL_intern_aktivieren"], "@@Intern:+41712345689");
    during(&world(), both, |world| {
        assert_eq!(leads(world, EXTERNAL), "voicemail 3");
        assert_eq!(leads(world, INTERNAL), "0041712345689");
    })
    .await;
}

#[tokio::test]
async fn targets_are_taken_from_the_appointments_text() {
    let aul = ["_SF_AUL_extern_aktivieren", "_SF_AUL_intern_aktivieren"];
    for text in ["@extern: +41717271818\n@intern: 230", "Bitte an @@Extern:+41 71 727 18 18, danke\n@@Intern:230"] {
        during(&world(), saying(&aul, text), |world| {
            assert_eq!((leads(world, EXTERNAL), leads(world, INTERNAL)), ("0041717271818".into(), "230".into()));
        })
        .await;
    }
}

#[tokio::test]
async fn whoever_is_finished_early_calls_an_internal_number_and_everything_is_reset() {
    let world = world();
    world.tenant.put(1000, saying(&["_SF_AUL_extern_aktivieren", "_SF_DND_aktivieren"], "@@Extern: +41717271818"));
    world
        .run(async |running| {
            running.until(100).await;
            assert_eq!(leads(&world, EXTERNAL), "0041717271818");
            world.pbx.happen(EventKind::End(AccountId(1000)));
            running.until(102).await;
            assert_eq!(leads(&world, EXTERNAL), "off (0041788888888)");
            assert_eq!(world.pbx.shows(1000), ("AVAILABLE".to_owned(), String::new()));
            assert_eq!(world.pbx.seen(1000).dnd, Some(Dnd::Off));
        })
        .await;
}

#[tokio::test]
async fn the_service_can_be_stopped_without_deactivating_the_module() {
    let mut world = world();
    world.policy.service = Service::Stopped;
    during(&world, with(&["_SF_DND_aktivieren"]), |world| assert_eq!(world.pbx.written(), [])).await;
}

#[tokio::test]
async fn only_the_members_of_the_group_are_followed_and_each_needs_an_e_mail_address() {
    let world = world();
    world.pbx.leave(1001);
    world.pbx.join(starface_calendar::rules::Member { address: None, ..super::member(1001) });
    world.tenant.put(1001, appointment());
    world.tenant.put(1002, appointment());
    during(&world, appointment(), |world| {
        assert_eq!(world.pbx.shows(1000).0, "AWAY");
        assert_eq!(world.pbx.shows(1001).0, "AVAILABLE");
    })
    .await;
}

#[tokio::test]
async fn every_booking_type_can_be_ignored() {
    for show_as in [ShowAs::OutOfOffice, ShowAs::Busy, ShowAs::Tentative, ShowAs::WorkingElsewhere, ShowAs::Free] {
        let mut world = world();
        world.policy.ignore = [show_as].into();
        let ignored = Entry { show_as, ..saying(&["_SF_AUL_extern_aktivieren"], "@@Extern: +41717271818") };
        during(&world, ignored.clone(), |world| assert_eq!(world.pbx.written(), [])).await;
        world.policy.ignore.clear();
        world.clock.set(super::world::start());
        let counts = World { policy: world.policy.clone(), ..self::world() };
        during(&counts, ignored, |world| assert_eq!(leads(world, EXTERNAL), "0041717271818")).await;
    }
}

#[tokio::test]
async fn a_private_title_is_shown_as_private_and_the_type_by_its_word() {
    let private = Entry { sensitivity: Sensitivity::Private, show_as: ShowAs::OutOfOffice, ..appointment() };
    during(&world(), private, |world| {
        let text = world.pbx.shows(1000).1;
        assert!(text.ends_with("] [Ausser Haus] Privat"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn an_appointment_longer_than_allowed_is_not_followed() {
    let mut world = world();
    world.policy.entry_days_max = 1;
    let long = Entry { ..entry("Urlaub", 60, 60 + 86_401) };
    world.tenant.put(1000, long);
    world.run(async |running| running.until(200).await).await;
    assert_eq!(world.pbx.written(), []);
}

#[tokio::test]
async fn outlook_categories_work_only_when_they_are_activated() {
    let mut world = world();
    world.policy.categories.enabled = false;
    let all = saying(&["_SF_AUL_extern_aktivieren", "_SF_DND_aktivieren", "_SF_Ignorieren"], "@@Extern: +41717271818");
    during(&world, all, |world| {
        assert_eq!(leads(world, EXTERNAL), "off (0041788888888)");
        assert_eq!(world.pbx.seen(1000).dnd, Some(Dnd::Off));
        assert_eq!(world.pbx.shows(1000).0, "AWAY", "also the ignore category is only a word then");
    })
    .await;
}

#[tokio::test]
async fn the_categories_are_added_to_the_members_outlook_and_removed_from_mailboxes_on_the_list() {
    let mut world = world();
    world.upkeep.create = true;
    world.upkeep.remove_from = [super::world::address(1001)].into();
    world.tenant.outlook.put(&super::world::address(1001), &["Rot", "_SF_DND_aktivieren"]);
    world.run(async |running| running.until(30).await).await;
    assert_eq!(
        world.tenant.outlook.names(1000),
        [
            "_SF_Ignorieren",
            "_SF_Funktionstasten_aktivieren",
            "_SF_DND_aktivieren",
            "_SF_AUL_intern_aktivieren",
            "_SF_AUL_extern_aktivieren",
            "_SF_Voicemail_intern_aktivieren",
            "_SF_Voicemail_extern_aktivieren",
        ]
    );
    assert_eq!(world.tenant.outlook.names(1001), ["Rot"]);
}

#[tokio::test]
async fn function_keys_are_always_addressed_when_the_admin_wants_that() {
    let mut world = world();
    world.policy.indicated = Indicated::All;
    during(&world, appointment(), |world| assert_eq!(world.pbx.seen(1000).telephony, Some(Telephony::Active))).await;
}

#[tokio::test]
async fn redirects_set_by_category_include_group_numbers_when_the_admin_wants_that() {
    let entry = || saying(&["_SF_AUL_extern_aktivieren"], "@@Extern: +41717271818");
    during(&world(), entry(), |world| assert_eq!(leads(world, GROUP), "off")).await;
    let mut world = world();
    world.policy.redirects.groups = Groups::Included;
    during(&world, entry(), |world| assert_eq!(leads(world, GROUP), "0041717271818")).await;
}

/// Every appointment sets this switch.
async fn always(switch: Switch, internal: &str, external: &str) {
    let mut world = world();
    world.policy.redirects.always.insert(switch);
    during(&world, appointment(), |world| {
        assert_eq!((leads(world, INTERNAL), leads(world, EXTERNAL)), (internal.to_owned(), external.to_owned()));
        assert_eq!(leads(world, GROUP), "off", "a group is never redirected by every appointment");
    })
    .await;
}

#[tokio::test]
async fn redirects_of_internal_numbers_are_always_activated_when_the_admin_wants_that() {
    always(Switch::RedirectInternal, "220", "off (0041788888888)").await;
}

#[tokio::test]
async fn redirects_of_external_numbers_are_always_activated_when_the_admin_wants_that() {
    always(Switch::RedirectExternal, "off (220)", "0041788888888").await;
}

#[tokio::test]
async fn voicemail_of_internal_numbers_is_always_activated_when_the_admin_wants_that() {
    always(Switch::VoicemailInternal, "voicemail 3", "off (0041788888888)").await;
}

#[tokio::test]
async fn voicemail_of_external_numbers_is_always_activated_when_the_admin_wants_that() {
    always(Switch::VoicemailExternal, "off (220)", "voicemail 3").await;
}

#[tokio::test]
async fn sf_ignorieren_ignores_an_appointment() {
    during(&world(), with(&["_SF_Ignorieren", "_SF_DND_aktivieren"]), |world| assert_eq!(world.pbx.written(), []))
        .await;
}

#[tokio::test]
async fn sf_ignorieren_on_an_active_appointment_reverts_redirects_dnd_and_the_rest() {
    let world = world();
    let categories = ["_SF_AUL_extern_aktivieren", "_SF_DND_aktivieren", "_SF_Funktionstasten_aktivieren"];
    world.tenant.put(1000, saying(&categories, "@@Extern: +41717271818"));
    world
        .run(async |running| {
            running.until(100).await;
            assert_eq!(world.pbx.seen(1000).dnd, Some(Dnd::On));
            let ignored = [&categories[..], &["_SF_Ignorieren"]].concat();
            world.tenant.put(1000, saying(&ignored, "@@Extern: +41717271818"));
            running.until(170).await;
            let seen = world.pbx.seen(1000);
            assert_eq!((seen.presence, seen.dnd), (Presence::Available, Some(Dnd::Off)));
            assert_eq!((seen.telephony, seen.call), (Some(Telephony::Available), Call::None));
            assert_eq!(leads(&world, EXTERNAL), "off (0041788888888)");
        })
        .await;
}

#[tokio::test]
async fn sf_funktionstasten_aktivieren_allows_the_key_to_show_the_absence() {
    during(&world(), appointment(), |world| {
        assert_eq!(world.pbx.seen(1000).telephony, Some(Telephony::Available), "without the category it does not");
    })
    .await;
    let keys = with(&["_SF_Funktionstasten_aktivieren"]);
    during(&world(), keys, |world| assert_eq!(world.pbx.seen(1000).telephony, Some(Telephony::Active))).await;
}

#[tokio::test]
async fn sf_dnd_aktivieren_activates_dnd_while_the_appointment_lasts() {
    during(&world(), with(&["_SF_DND_aktivieren"]), |world| assert_eq!(world.pbx.seen(1000).dnd, Some(Dnd::On))).await;
}

/// This category alone leads the numbers there.
async fn category(name: &str, internal: &str, external: &str) {
    during(&world(), with(&[name]), |world| {
        assert_eq!((leads(world, INTERNAL), leads(world, EXTERNAL)), (internal.to_owned(), external.to_owned()));
    })
    .await;
}

#[tokio::test]
async fn sf_voicemail_intern_aktivieren_sends_internal_numbers_to_a_voicemail_box() {
    category("_SF_Voicemail_intern_aktivieren", "voicemail 3", "off (0041788888888)").await;
}

#[tokio::test]
async fn sf_voicemail_extern_aktiviern_sends_external_numbers_to_a_voicemail_box_in_both_spellings() {
    category("_SF_Voicemail_extern_aktiviern", "off (220)", "voicemail 3").await;
    category("_SF_Voicemail_extern_aktivieren", "off (220)", "voicemail 3").await;
}

#[tokio::test]
async fn sf_aul_intern_aktivieren_switches_the_redirect_of_internal_numbers_on() {
    category("_SF_AUL_intern_aktivieren", "220", "off (0041788888888)").await;
}

#[tokio::test]
async fn sf_aul_extern_aktivieren_switches_the_redirect_of_external_numbers_on() {
    category("_SF_AUL_extern_aktivieren", "off (220)", "0041788888888").await;
}

#[tokio::test]
async fn each_category_can_be_denied() {
    for (switch, name) in [
        (Switch::Dnd, "_SF_DND_aktivieren"),
        (Switch::RedirectInternal, "_SF_AUL_intern_aktivieren"),
        (Switch::RedirectExternal, "_SF_AUL_extern_aktivieren"),
        (Switch::VoicemailInternal, "_SF_Voicemail_intern_aktivieren"),
        (Switch::VoicemailExternal, "_SF_Voicemail_extern_aktivieren"),
        (Switch::FunctionKeys, "_SF_Funktionstasten_aktivieren"),
    ] {
        let mut world = world();
        world.policy.categories.allowed.remove(&switch);
        during(&world, with(&[name]), |world| {
            let seen = world.pbx.seen(1000);
            assert_eq!((seen.dnd, seen.telephony), (Some(Dnd::Off), Some(Telephony::Available)), "{name}");
            assert_eq!(leads(world, INTERNAL), "off (220)", "{name}");
            assert_eq!(leads(world, EXTERNAL), "off (0041788888888)", "{name}");
        })
        .await;
    }
    let mut world = world();
    world.policy.categories.allowed.remove(&Switch::Ignore);
    during(&world, with(&["_SF_Ignorieren"]), |world| assert_eq!(world.pbx.shows(1000).0, "AWAY")).await;
}

#[tokio::test]
async fn targets_in_the_text_can_be_denied_for_each_side() {
    let text = "@@Extern: +41717271818\n@@Intern: 230";
    let aul = ["_SF_AUL_extern_aktivieren", "_SF_AUL_intern_aktivieren"];
    for (denied, internal, external) in
        [(Side::External, "230", "0041788888888"), (Side::Internal, "220", "0041717271818")]
    {
        let mut world = world();
        world.policy.redirects.tags_allowed.remove(&denied);
        during(&world, saying(&aul, text), |world| {
            assert_eq!((leads(world, INTERNAL), leads(world, EXTERNAL)), (internal.to_owned(), external.to_owned()));
        })
        .await;
    }
}
