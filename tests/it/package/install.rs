//! `install.sh`, as a partner runs it: at a terminal, unattended, from the tarball in two shells, and wrongly.

use std::process::Stdio;

use serde_json::{Value, json};

use super::made::{NOW, packages, repository};
use super::root::{First, Root};
use super::site::{anna_is_as_before, anna_is_away, environment, secrets, site, until_anna_is_away};
use crate::process::site::Site;

/// The script in the package's version.
fn script() -> String {
    format!("/packages/{NOW}/install.sh")
}

/// Everything that an installation may touch, with its content.
const LOOK: &str = "find /etc /usr/bin /usr/lib/starface-calendar /usr/lib/systemd/system /usr/share/starface-calendar \
                    -xdev -type f -print0 2>/dev/null | LC_ALL=C sort --zero-terminated | xargs -0 cksum";

const EVERYWHERE: &str = "find /etc /opt /run /srv /usr /var -xdev -name '*starface-calendar*'";

/// Where the partner keeps the site's values, and what is asked in which order.
fn answers(site: &Site) -> Value {
    let (setup, app) = (site.pbx.setup(), site.tenant.credentials());
    json!([
        ["Address of the PBX", site.pbx.url().as_str()],
        ["STARFACE login", setup.login],
        ["Its password", setup.password.expose()],
        ["Connector-Schlüssel", setup.key.expose()],
        ["STARFACE 10 only", ""],
        ["tenant id", app.tenant_id],
        ["client) id", app.client_id],
        ["client secret", app.client_secret.expose()],
    ])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_partner_has_a_working_site_after_eight_answers() {
    let site = site().await;
    let root = Root::start(First::Systemd, &packages()).await;
    let endpoints = [site.tenant.endpoint(), site.tenant.login_endpoint()];
    let command = root.enter("env");
    let output = tokio::process::Command::new("python3")
        .arg(repository().join("tests/it/peers/partner.py"))
        .arg(answers(&site).to_string())
        .arg(command.get_program())
        .args(command.get_args())
        .args(["-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "sh", &script()])
        .args(["--graph-endpoint", endpoints[0].as_str(), "--login-endpoint", endpoints[1].as_str()])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let story: Value = serde_json::from_slice(&output.stdout).unwrap();
    let shown = story["shown"].as_str().unwrap();
    println!("{} seconds, {} keystrokes:\n{shown}", story["seconds"], story["keystrokes"]);
    assert_eq!(story["code"], 0, "{shown}");
    for words in ["Modul importieren", ".sfm", "The service runs, and starts with the machine"] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    for secret in secrets(&site) {
        assert!(!shown.contains(&secret), "a secret was shown:\n{shown}");
    }
    until_anna_is_away(&site).await;

    // Whoever runs it again is asked nothing, and nothing changes.
    let before = root.does(LOOK);
    let again = root.does(&format!("sh {}", script()));
    assert!(again.contains("stays as it is"), "{again}");
    assert_eq!(root.does(LOOK), before);

    root.does(&format!("sh {} --uninstall --purge", script()));
    anna_is_as_before(&site);
    assert_eq!(root.does(EVERYWHERE), "");
}

/// The tarball, by one shell: installed, run by hand, installed again, removed.
async fn tarball_by(shell: &str) {
    let site = site().await;
    let root = Root::start(First::Other, &packages()).await;
    root.does(&format!("cd /root && tar -xzf /packages/{NOW}/starface-calendar-{NOW}-x86_64.tar.gz"));
    let script = format!("/root/starface-calendar-{NOW}-x86_64/install.sh");
    let install = format!("env {}{shell} {script} --unattended", environment(&site));
    let words = root.does(&install);
    for secret in secrets(&site) {
        assert!(!words.contains(&secret), "a secret was shown:\n{words}");
    }
    root.does("runuser -u starface-calendar -- starface-calendar run >/dev/null 2>&1 &");
    until_anna_is_away(&site).await;

    root.does("touch /usr/share/starface-calendar/of-a-former-version");
    root.does("echo /usr/share/starface-calendar/of-a-former-version >>/usr/share/starface-calendar/tarball.list");
    let settings = root.does("cksum /etc/starface-calendar/*");
    root.does(&install);
    root.does("test ! -e /usr/share/starface-calendar/of-a-former-version");
    assert_eq!(root.does("cksum /etc/starface-calendar/*"), settings);
    assert!(anna_is_away(&site));

    root.does(&format!("{shell} {script} --uninstall"));
    anna_is_as_before(&site);
    let left = root.does(&format!("{EVERYWHERE} | LC_ALL=C sort"));
    assert_eq!(left, "/etc/starface-calendar\n/var/lib/starface-calendar\n");
    root.does("pkill -u starface-calendar; while pgrep -u starface-calendar >/dev/null; do :; done");
    root.does(&install);
    root.does(&format!("{shell} {script} --uninstall --purge"));
    assert_eq!(root.does(EVERYWHERE), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tarball_comes_and_goes_with_dash() {
    tarball_by("dash").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tarball_comes_and_goes_with_busybox() {
    tarball_by("busybox sh").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_says_what_it_would_do_and_does_nothing() {
    let root = Root::start(First::Other, &packages()).await;
    let before = root.does(LOOK);
    for shell in ["dash", "busybox sh"] {
        let words = root.does(&format!("{shell} {} --dry-run", script()));
        for expected in ["would run: dpkg --install /packages/", "would ask", "would run: starface-calendar check"] {
            assert!(words.contains(expected), "{expected}\n{words}");
        }
    }
    assert_eq!(root.does(LOOK), before);
    assert!(!root.run("getent passwd starface-calendar").status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_that_fail_the_check_are_kept_and_nothing_is_started() {
    let site = site().await;
    let root = Root::start(First::Systemd, &packages()).await;
    let wrong = environment(&site).replace("MODULE_KEY='", "MODULE_KEY='wrong");
    let output = root.run(&format!("env {wrong}sh {} --unattended", script()));
    let words = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{words}");
    assert!(words.contains("Not started, as the check found something."), "{words}");
    for secret in secrets(&site) {
        assert!(!words.contains(&secret), "a secret was shown:\n{words}");
    }
    root.does("! systemctl is-enabled --quiet starface-calendar && ! systemctl is-active --quiet starface-calendar");

    let right = format!("env {}sh {} --unattended --reconfigure", environment(&site), script());
    root.does(&right);
    until_anna_is_away(&site).await;
    root.does("test -s /etc/starface-calendar/config.toml.old");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_work_is_refused_with_the_reason() {
    let root = Root::start(First::Other, &packages()).await;
    let pretend = |program: &str, says: &str| {
        format!(
            "mkdir -p /run/other && rm -f /run/other/* && printf '#!/bin/sh\\necho {says}\\n' >/run/other/{program}
             chmod 755 /run/other/{program}; PATH=/run/other:$PATH "
        )
    };
    let case = |before: String, arguments: &str, code: i32, reason: &str| {
        let output = root.run(&format!("{before}sh {} {arguments} --unattended", script()));
        let words = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{words}");
        assert!(words.contains(reason), "{reason}\n{words}");
    };
    case(pretend("getconf", "glibc 2.12"), "", 1, "glibc is 2.12; the service needs 2.17 or later");
    case(pretend("uname", "aarch64"), "", 1, "the service needs Linux");
    case(pretend("id", "1000"), "", 1, "must be run as root");
    case(String::new(), "--colour", 2, "--colour is not known");
    case(String::new(), "--purge", 2, "--purge goes with --uninstall");
    case(String::new(), "", 1, "the password is missing");
    case(String::new(), "--password-file /nowhere", 1, "/nowhere cannot be read");
    assert_eq!(root.does("find /etc/starface-calendar -type f"), "");
}
