//! The demo, as somebody sees it who has never seen the product.

use super::site::program;

#[tokio::test]
async fn the_demo_tells_the_whole_story_and_ends_well() {
    let output = program(&["demo", "--seconds", "20"]).output().await.unwrap();
    let story = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{story}");
    for words in [
        "Status page of the service, while the demo runs: http://127.0.0.1:",
        "Log in with the token ",
        "AVAILABLE → AWAY",
        "[Gebucht] Muster AG",
        "[Ausser Haus] Kunde ABC",
        "[Gebucht] Privat",
        "Im Homeoffice ☕",
        "kill -9",
        "The service starts again",
        "an entry is active (\"Muster AG\")",
        "DND       false → true",
        "indicator AVAILABLE → ACTIVE",
        "found done, nothing to repeat",
        "no active entry wants the field any more",
        "Everything is as it was",
    ] {
        assert!(story.contains(words), "the story lacks {words:?}:\n{story}");
    }
    for hidden in ["Zahnarzt", "Werbung!"] {
        assert!(!story.contains(hidden), "the story shows {hidden:?}:\n{story}");
    }
}
