//! The .deb: what a package of Debian promises, and that telephones come back whenever it goes.

use super::made::{BEFORE, NOW, packages};
use super::root::{First, Root};
use super::site::{anna_is_as_before, anna_is_away, environment, site, until_anna_is_away};
use crate::process::site::ANNA;

/// Where nothing may be left.
const EVERYWHERE: &str = "find /etc /opt /run /srv /usr /var -xdev -name '*starface-calendar*'";

/// Prints how everything stands that must be private.
const MODES: &str = "cd /etc/starface-calendar && stat -c '%a %U:%G %n' . * /var/lib/starface-calendar";

/// The service's main process.
const PROCESS: &str = "systemctl show --property MainPID --value starface-calendar";

fn deb(version: &str) -> String {
    format!("/packages/{version}/starface-calendar_{version}-1_amd64.deb")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_lives_its_whole_life_under_systemd() {
    let site = site().await;
    let root = Root::start(First::Systemd, &packages()).await;

    root.does(&format!("dpkg --install {}", deb(BEFORE)));
    let state = root.run("systemctl is-enabled starface-calendar; systemctl is-active starface-calendar");
    assert_eq!(String::from_utf8_lossy(&state.stdout), "disabled\ninactive\n", "nothing runs that is not set up");
    root.does("systemctl start starface-calendar && ! systemctl is-active --quiet starface-calendar");

    let install = "sh /usr/lib/starface-calendar/install.sh --unattended";
    root.does(&format!("env {}{install}", environment(&site)));
    until_anna_is_away(&site).await;
    assert_eq!(root.does("systemctl is-enabled starface-calendar"), "enabled\n");
    let modes = root.does(MODES);
    for expected in [
        "750 root:starface-calendar .\n",
        "640 root:starface-calendar config.toml\n",
        "600 starface-calendar:starface-calendar starface-password\n",
        "600 starface-calendar:starface-calendar starface-module-key\n",
        "600 starface-calendar:starface-calendar graph-client-secret\n",
        "700 starface-calendar:starface-calendar /var/lib/starface-calendar\n",
    ] {
        assert!(modes.contains(expected), "{expected}{modes}");
    }

    let (settings, writes, process) =
        (root.does("cat /etc/starface-calendar/*"), site.pbx.writes(), root.does(PROCESS));
    root.does(&format!("dpkg --install {}", deb(NOW)));
    assert_ne!(root.does(PROCESS), process, "the new program runs");
    until_it_holds(&root);
    assert_eq!(site.pbx.writes(), writes, "no telephone noticed the upgrade");
    assert!(anna_is_away(&site));
    assert_eq!(root.does("cat /etc/starface-calendar/*"), settings);

    let words = root.does("dpkg --remove starface-calendar");
    assert!(words.contains("as before"), "{words}");
    anna_is_as_before(&site);
    assert!(!root.run("systemctl is-active --quiet starface-calendar").status.success());
    assert_eq!(root.does("cat /etc/starface-calendar/*"), settings, "the settings are kept");
    root.does("test -s /var/lib/starface-calendar/state.db");

    root.does("dpkg --purge starface-calendar");
    assert_eq!(root.does(EVERYWHERE), "", "nothing is left");
    assert!(!root.run("getent passwd starface-calendar || getent group starface-calendar").status.success());
}

/// Waits until the running service has read what is held, and has made a round with it.
fn until_it_holds(root: &Root) {
    root.does(
        "for second in $(seq 60); do
             starface-calendar status --json | grep -q '\"field\"' && exit
             sleep 1
         done
         starface-calendar status
         exit 1",
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_put_back_is_named_and_the_removal_goes_on() {
    let site = site().await;
    let root = Root::start(First::Systemd, &packages()).await;
    root.does(&format!("dpkg --install {}", deb(NOW)));
    root.does(&format!("env {}sh /usr/lib/starface-calendar/install.sh --unattended", environment(&site)));
    until_anna_is_away(&site).await;
    site.pbx.refuse(ANNA, "not today");
    let words = root.does("dpkg --remove starface-calendar");
    for expected in ["Could not be restored:", "Anna Muster", "NOT EVERYTHING COULD BE PUT BACK (exit code 1;"] {
        assert!(words.contains(expected), "{expected}\n{words}");
    }
    assert!(anna_is_away(&site));

    // As the words advise: installed again, restored, removed.
    site.pbx.heal();
    root.does(&format!("dpkg --install {}", deb(NOW)));
    root.does("starface-calendar restore");
    anna_is_as_before(&site);
    root.does("dpkg --purge starface-calendar");
    assert_eq!(root.does(EVERYWHERE), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_comes_and_goes_where_no_systemd_runs() {
    let site = site().await;
    let root = Root::start(First::Other, &packages()).await;
    root.does(&format!("dpkg --install {}", deb(BEFORE)));
    let words = root.does(&format!("env {}sh /usr/lib/starface-calendar/install.sh --unattended", environment(&site)));
    assert!(words.contains("Without systemd: start as the user starface-calendar"), "{words}");
    root.does("runuser -u starface-calendar -- starface-calendar run >/dev/null 2>&1 &");
    until_anna_is_away(&site).await;
    root.does(&format!("dpkg --install {}", deb(NOW)));
    assert!(anna_is_away(&site));
    let words = root.does("dpkg --remove starface-calendar");
    assert!(words.contains("as before"), "{words}");
    anna_is_as_before(&site);
    root.does("pkill -u starface-calendar");
    root.does("while pgrep -u starface-calendar >/dev/null; do :; done");
    root.does("dpkg --purge starface-calendar");
    assert_eq!(root.does(EVERYWHERE), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_that_was_never_set_up_goes_without_a_word_of_restoring() {
    let root = Root::start(First::Other, &packages()).await;
    root.does(&format!("dpkg --install {}", deb(NOW)));
    let words = root.does("dpkg --purge starface-calendar");
    assert!(!words.contains("starface-calendar: "), "{words}");
    assert_eq!(root.does(EVERYWHERE), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_systemd_gets_the_unit_that_it_can_read() {
    let root = Root::start(First::Other, &packages()).await;
    let pretend = |version: u32| {
        root.does(&format!(
            "mkdir -p /run/old && printf '#!/bin/sh\\necho systemd {version}\\n' >/run/old/systemctl
             chmod 755 /run/old/systemctl && PATH=/run/old:$PATH dpkg --install {} >/dev/null",
            deb(NOW)
        ));
    };
    let (plain, chosen) =
        ("/usr/share/starface-calendar/plain.service", "/etc/systemd/system/starface-calendar.service");
    pretend(219);
    root.does(&format!("cmp {plain} {chosen}"));
    // After an upgrade of the operating system the hardened one counts again.
    pretend(239);
    root.does(&format!("test ! -e {chosen}"));
    pretend(219);
    root.does("dpkg --purge starface-calendar");
    assert_eq!(root.does(EVERYWHERE), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_package_holds_what_it_should_and_belongs_to_root() {
    let root = Root::start(First::Other, &packages()).await;
    let contents = root.does(&format!("dpkg-deb --contents {}", deb(NOW)));
    for line in contents.lines() {
        let mut words = line.split_whitespace();
        let (mode, owner) = (words.next().unwrap(), words.next().unwrap());
        assert!(["drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--"].contains(&mode), "{line}");
        assert_eq!(owner, "0/0", "{line}");
    }
    for file in FILES {
        assert!(contents.contains(file), "{file}\n{contents}");
    }
    root.does(&format!("dpkg --install {}", deb(NOW)));
    root.does("man --warnings --local-file /usr/share/man/man8/starface-calendar.8.gz | grep -q restore");
    root.does("bash -c '. /usr/share/bash-completion/completions/starface-calendar; complete -p starface-calendar'");
    let doc = "/usr/share/doc/starface-calendar";
    let sbom: serde_json::Value = serde_json::from_str(&root.does(&format!("cat {doc}/sbom.cdx.json"))).unwrap();
    let components = sbom["components"].as_array().unwrap();
    for (name, is_in) in [("rusqlite", true), ("ring", true), ("proptest", false)] {
        assert_eq!(components.iter().any(|component| component["name"] == name), is_in, "{name}");
    }
    assert!(
        components
            .iter()
            .all(|component| component["hashes"][0]["content"].as_str().is_some_and(|one| one.len() == 64))
    );
    root.does(&format!("grep -q 'Licence of: .*ring' {doc}/THIRD-PARTY-LICENCES"));
}

/// What partners look for.
pub(crate) const FILES: [&str; 10] = [
    "./usr/bin/starface-calendar\n",
    "./usr/lib/systemd/system/starface-calendar.service\n",
    "./usr/share/starface-calendar/Kalender-Connector_v",
    "./usr/share/starface-calendar/config.example.toml\n",
    "./usr/share/man/man8/starface-calendar.8.gz\n",
    "./usr/share/bash-completion/completions/starface-calendar\n",
    "./usr/share/doc/starface-calendar/handbook.md\n",
    "./usr/share/doc/starface-calendar/handbuch.md\n",
    "./usr/share/doc/starface-calendar/sbom.cdx.json\n",
    "./usr/share/doc/starface-calendar/build-info\n",
];
