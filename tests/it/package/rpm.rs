//! The .rpm, with rpm itself on this machine of Debian's: its scripts run as they do elsewhere, other distributions' own
//! tools and folders are not here.

use super::made::{BEFORE, NOW, packages};
use super::root::{First, Root};
use super::site::{anna_is_as_before, anna_is_away, environment, site, until_anna_is_away};

/// Debian's rpm does as told only with these, as dpkg knows what is installed.
const RPM: &str = "rpm --force-debian --nodeps";

fn package(version: &str) -> String {
    format!("/packages/{version}/starface-calendar-{version}-1.x86_64.rpm")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_lives_its_whole_life_under_systemd() {
    let site = site().await;
    let root = Root::start(First::Systemd, &packages()).await;
    root.does(&format!("{RPM} --install {}", package(BEFORE)));
    root.does("! systemctl is-enabled --quiet starface-calendar && ! systemctl is-active --quiet starface-calendar");
    root.does(&format!("env {}sh /usr/lib/starface-calendar/install.sh --unattended", environment(&site)));
    until_anna_is_away(&site).await;

    let (process, writes) = ("systemctl show --property MainPID --value starface-calendar", site.pbx.writes());
    let before = root.does(process);
    root.does(&format!("{RPM} --upgrade {}", package(NOW)));
    assert_ne!(root.does(process), before, "the new program runs");
    root.does(
        "for try in $(seq 60); do starface-calendar status --json | grep -q '\"field\"' && exit; sleep 1; done; exit 1",
    );
    assert_eq!(site.pbx.writes(), writes, "no telephone noticed the upgrade");
    assert!(anna_is_away(&site));

    let words = root.does(&format!("{RPM} --erase starface-calendar"));
    assert!(words.contains("as before"), "{words}");
    anna_is_as_before(&site);
    root.does("! systemctl is-active --quiet starface-calendar");
    let left = root.does("find /etc /opt /run /srv /usr /var -xdev -name '*starface-calendar*' | sort");
    assert_eq!(
        left, "/etc/starface-calendar\n/var/lib/starface-calendar\n",
        "settings and state are kept, nothing else"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_package_can_be_read_by_an_old_rpm_and_needs_an_old_glibc() {
    let root = Root::start(First::Other, &packages()).await;
    let query = |question: &str| root.does(&format!("rpm --query --package {question} {}", package(NOW)));
    let requires = query("--requires");
    assert!(requires.contains("libc.so.6(GLIBC_2.17)(64bit)\n"), "{requires}");
    for newer in ["Zstd", "RichDependencies", "LargeFiles"] {
        assert!(!requires.contains(newer), "{requires}");
    }
    assert_eq!(query("--queryformat '%{PAYLOADFORMAT} %{LICENSE}'"), "cpio MIT OR Apache-2.0");
    let owners = query("--queryformat '[%{FILEUSERNAME}:%{FILEGROUPNAME} %{FILEMODES:perms}\\n]'");
    for line in owners.lines() {
        let allowed = ["root:root -rw-r--r--", "root:root -rwxr-xr-x", "root:root drwxr-xr-x"];
        assert!(allowed.contains(&line), "{line}");
    }
    let files = query("--list");
    for file in super::deb::FILES {
        assert!(files.contains(&file[1..]), "{file}\n{files}");
    }
}
