//! The module's page over the wire: every field of it, whole or an error, and never the key.

use std::collections::BTreeMap;
use std::time::Duration;

use starface_calendar::clock::{SimClock, SystemClock};
use starface_calendar::pbx::{Caller, Config, EventKind, Page, Pbx as _, XmlRpc};
use starface_calendar::sim::pbx::{Calls, Dialect, Fault, Method, Setup};
use starface_calendar::sim::{Pbx, Times};

use crate::pbx::OWNER;
use crate::sim::at;

async fn start() -> (Pbx, XmlRpc) {
    let pbx = Pbx::start(SimClock::new(at("2026-11-23T08:00:00Z")), Setup::default()).await.unwrap();
    let Setup { instance, login, password, key, .. } = pbx.setup();
    let config = Config { instance, login, password, module_key: key, ..crate::pbx::config(pbx.url().as_str()) };
    let client = XmlRpc::new(config, Caller::new(OWNER, 1), SystemClock).unwrap();
    (pbx, client)
}

#[tokio::test]
async fn the_page_is_read_field_by_field_in_every_dialect_and_never_with_the_key() {
    for dialect in [Dialect::Tagged, Dialect::Apache] {
        let (pbx, client) = start().await;
        pbx.speak(dialect);
        pbx.save_page(|page| {
            page.set("GUI_STATUSTEXT", "[!time!] <Zürich> & \"mehr\"").set("GUI_IGN_FREE", "true");
            page.set("GUI_ZEITZONE", "").set("GUI_CONNECTOR_KEY", "sim-module-key");
            page.set_list("GUI_KATEGORIEN_ENTFERNEN", &["a@firma.example", "b@firma.example"])
        });
        let fields =
            [("GUI_STATUSTEXT", "[!time!] <Zürich> & \"mehr\""), ("GUI_IGN_FREE", "true"), ("GUI_ZEITZONE", "")];
        let fields = fields.map(|(variable, value)| (variable.to_owned(), value.to_owned()));
        let list = ["a@firma.example", "b@firma.example"].map(str::to_owned).to_vec();
        let expected = Page {
            revision: "2".to_owned(),
            fields: BTreeMap::from(fields),
            lists: BTreeMap::from([("GUI_KATEGORIEN_ENTFERNEN".to_owned(), list)]),
        };
        let read = client.page().await.unwrap();
        assert!(read == expected, "{:?} {:?}", read.fields, read.lists);
    }
}

#[tokio::test]
async fn a_saved_page_has_another_revision_and_tells_of_itself_and_outlives_a_restart() {
    let (pbx, client) = start().await;
    let before = client.info().await.unwrap();
    pbx.save_page(|page| page.set("GUI_DIENST", "Stoppen").set("GUI_SPRACHE", "Deutsch"));
    let drained = client.drain(Some(before.queue.clone()), 0, Duration::ZERO).await.unwrap();
    assert_eq!(drained.events.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Config]);
    pbx.restart();
    pbx.save_page(|page| page.remove("GUI_SPRACHE"));
    let (after, page) = (client.info().await.unwrap(), client.page().await.unwrap());
    assert_ne!(after.queue, before.queue);
    assert_eq!((before.config_revision.as_str(), after.config_revision.as_str()), ("1", "3"));
    assert_eq!((page.revision.as_str(), page.fields.len()), ("3", 1));
    assert_eq!(page.fields["GUI_DIENST"], "Stoppen");
}

#[tokio::test]
async fn a_page_that_broke_off_is_an_error_and_never_a_shorter_page() {
    let (pbx, client) = start().await;
    pbx.save_page(|page| page.set("GUI_DIENST", "Starten"));
    for fault in [Fault::Truncated, Fault::Garbage, Fault::Empty] {
        pbx.fail(Calls::Of(Method::GetConfig), fault, Times::Next(1));
        client.page().await.unwrap_err();
    }
    assert_eq!(client.page().await.unwrap().fields.len(), 1);
}
