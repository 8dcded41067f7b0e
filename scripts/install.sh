#!/bin/sh
# Installs starface-calendar on this machine, asks for what leads to the PBX, examines everything and enables the service.
# Can be run again at any time: what is there is kept. Uploads nothing. `install.sh --help` says the rest.
set -eu

name=starface-calendar
settings=/etc/$name
shared=/usr/share/$name
list=$shared/tarball.list
glibc_min=17

package='' dry=no ask=yes anew=no anyway=no action=install
instance='' auth='' pin='' ca_file='' group='' url='' login='' tenant='' client='' endpoint='' login_endpoint=''
password_file='' module_key_file='' pbx_secret_file='' client_secret_file=''

usage() {
    cat <<'USAGE'
usage: sh install.sh [options]                 install or upgrade, set up, check, enable
       sh install.sh --uninstall [--purge]     put everything back and remove; --purge: settings, state and user too

  --package FILE            a .deb or .rpm, or a folder unpacked from the .tar.gz; default: what lies beside install.sh
  --url URL                 scheme, host and port of the PBX
  --login LOGIN             the STARFACE login of the service
  --password-file FILE      its password
  --module-key-file FILE    the key in the module, "Connector-Schlüssel"
  --pbx-secret-file FILE    STARFACE 10: the secret of the REST API
  --instance NAME           the name of the module's instance, where it is not "Kalender Connector"
  --auth HOW                auto, oauth, sha512, md5 or none
  --ca-file FILE            the PBX's own certificate, or the authority to trust, PEM
  --pin SHA256              or exactly this certificate of the PBX
  --tenant ID --client-id ID --client-secret-file FILE
                            the app registration, where it is not entered on the module's page
  --graph-endpoint URL --login-endpoint URL
                            where Microsoft is, for national clouds
  --group ID                the STARFACE group, where it is not chosen on the module's page
  --reconfigure             write the settings anew; the old file stays beside them as config.toml.old
  --start-anyway            enable the service even when the check finds something
  --unattended              ask nothing; so it is too without a terminal
  --dry-run                 only say what would be done

For many machines, the environment can say the same by the names of the settings, such as
STARFACE_CALENDAR__STARFACE__URL, …__STARFACE__PASSWORD, …__STARFACE__MODULE_KEY, …__GRAPH__CLIENT_SECRET.
Exit codes: 0 all is well, 1 it cannot be done, 2 usage, 3 the check found something and nothing was started.
USAGE
}

say() { printf '%s\n' "$1"; }
step() { printf '\n== %s\n' "$1"; }
warn() { printf 'warning: %s\n' "$1" >&2; }
fail() {
    printf 'install.sh: %s\n' "$1" >&2
    exit "${2:-1}"
}

# Does it, or says that it would be done.
run() {
    if [ "$dry" = yes ]; then
        say "would run: $*"
    else
        "$@"
    fi
}

systemd_runs() { [ -d /run/systemd/system ] && command -v systemctl >/dev/null; }
has() { command -v "$1" >/dev/null; }

# ---- what this machine is -------------------------------------------------------------------------------------------

examine_machine() {
    step "This machine"
    if [ "$dry" = no ] && [ "$(id -u)" != 0 ]; then
        fail "must be run as root: sudo sh install.sh"
    fi
    [ "$(uname -s)" = Linux ] || fail "this is $(uname -s); the service needs Linux"
    [ "$(uname -m)" = x86_64 ] || fail "this is $(uname -m); the service is made for x86_64"
    examine_glibc
    if ! systemd_runs; then
        warn "systemd does not run here: everything is installed, but the service is not started"
    fi
    examine_clock
    say "fit: $(uname -sm), glibc $glibc"
}

examine_glibc() {
    glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed -n 's/^glibc //p')
    if [ -z "$glibc" ]; then
        glibc=$(ldd --version 2>/dev/null | sed -n '1s/.* \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p')
    fi
    [ -n "$glibc" ] || fail "no glibc is found; the service needs glibc 2.$glibc_min or later, which Alpine has not"
    minor=${glibc#*.}
    minor=${minor%%.*}
    case "$glibc" in
        2.*) [ "$minor" -ge "$glibc_min" ] || fail "glibc is $glibc; the service needs 2.$glibc_min or later" ;;
    esac
}

# Appointments begin by this machine's clock. How far it is from Microsoft's, the check says later.
examine_clock() {
    has timedatectl && systemd_runs || return 0
    if timedatectl 2>/dev/null | grep -qi 'synchronized: no'; then
        warn "the clock is not synchronized, and telephones follow this clock; set up NTP, e.g.: timedatectl set-ntp true"
    fi
}

# ---- files ----------------------------------------------------------------------------------------------------------

# What lies beside this script and fits this machine. Two of a kind are a question that only a person can answer.
find_package() {
    [ -z "$package" ] || return 0
    here=$(cd "$(dirname "$0")" && pwd)
    for pattern in "$here/${name}_"*_amd64.deb "$here/$name-"*.x86_64.rpm; do
        [ -e "$pattern" ] || continue
        case "$pattern" in
            *.deb) has dpkg || continue ;;
            *.rpm) if has dpkg || ! has rpm; then continue; fi ;;
        esac
        [ -z "$package" ] || fail "there are several packages here; say which with --package"
        package=$pattern
    done
    if [ -z "$package" ] && [ -x "$here/usr/bin/$name" ]; then package=$here; fi
}

install_files() {
    step "Files"
    find_package
    case "$package" in
        *.deb) has dpkg || fail "this machine has no dpkg; take the .rpm or the .tar.gz" ;;
        *.rpm) has rpm || fail "this machine has no rpm; take the .deb or the .tar.gz" ;;
    esac
    case "$package" in
        '')
            [ -x "/usr/bin/$name" ] || fail "no package lies beside install.sh; say where it is with --package"
            say "no package lies here; what is installed stays: $("/usr/bin/$name" --version)"
            ;;
        *.deb) run dpkg --install "$package" ;;
        *.rpm) run rpm --upgrade --replacepkgs --oldpackage "$package" ;;
        *) install_folder ;;
    esac
}

install_folder() {
    [ -x "$package/usr/bin/$name" ] || fail "$package is no folder unpacked from the .tar.gz"
    if from_package; then fail "$name is installed as a package here; upgrade with a package"; fi
    (cd "$package" && find usr -type f) | LC_ALL=C sort | while IFS= read -r file; do
        put_file "$package/$file" "/$file"
    done
    if [ "$dry" = no ]; then
        (cd "$package" && find usr -type f) | LC_ALL=C sort | sed 's|^|/|' >"$list.new"
        remove_what_went
        mv "$list.new" "$list"
    fi
    run "/usr/lib/$name/maintain" installed
}

# A running program's file is never written to: the new one takes its name.
put_file() {
    run mkdir -p "$(dirname "$2")"
    run cp "$1" "$2.new"
    if [ -x "$1" ]; then run chmod 0755 "$2.new"; else run chmod 0644 "$2.new"; fi
    run mv "$2.new" "$2"
}

# Files of the version before that the new one has no more.
remove_what_went() {
    [ -f "$list" ] || return 0
    while IFS= read -r file; do
        grep -qxF "$file" "$list.new" || rm -f "$file"
    done <"$list"
}

from_package() {
    if has dpkg-query && dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q ' installed$'; then return 0; fi
    has rpm && rpm -q "$name" >/dev/null 2>&1
}

# ---- settings -------------------------------------------------------------------------------------------------------

# What was given in the environment, by the names that the service itself knows; flags win.
read_environment() {
    url=${url:-${STARFACE_CALENDAR__STARFACE__URL:-}}
    instance=${instance:-${STARFACE_CALENDAR__STARFACE__INSTANCE:-}}
    login=${login:-${STARFACE_CALENDAR__STARFACE__LOGIN:-}}
    auth=${auth:-${STARFACE_CALENDAR__STARFACE__AUTH:-}}
    pin=${pin:-${STARFACE_CALENDAR__STARFACE__PIN_SHA256:-}}
    ca_file=${ca_file:-${STARFACE_CALENDAR__STARFACE__CA_FILE:-}}
    tenant=${tenant:-${STARFACE_CALENDAR__GRAPH__TENANT_ID:-}}
    client=${client:-${STARFACE_CALENDAR__GRAPH__CLIENT_ID:-}}
    endpoint=${endpoint:-${STARFACE_CALENDAR__GRAPH__ENDPOINT:-}}
    login_endpoint=${login_endpoint:-${STARFACE_CALENDAR__GRAPH__LOGIN_ENDPOINT:-}}
    group=${group:-${STARFACE_CALENDAR__RULES__GROUP:-}}
    password=$(given "$password_file" "${STARFACE_CALENDAR__STARFACE__PASSWORD:-}") || exit 1
    module_key=$(given "$module_key_file" "${STARFACE_CALENDAR__STARFACE__MODULE_KEY:-}") || exit 1
    pbx_secret=$(given "$pbx_secret_file" "${STARFACE_CALENDAR__STARFACE__CLIENT_SECRET:-}") || exit 1
    client_secret=$(given "$client_secret_file" "${STARFACE_CALENDAR__GRAPH__CLIENT_SECRET:-}") || exit 1
    # What is stored is in the settings; given twice the service would refuse it, and no child needs to inherit a secret.
    for variable in $(env | sed -n 's/^\(STARFACE_CALENDAR_[A-Z0-9_]*\)=.*/\1/p'); do unset "$variable"; done
}

# A secret of a file, else of the environment.
given() {
    [ -n "$1" ] || { printf '%s' "$2" && return 0; }
    [ -r "$1" ] || fail "the secret's file $1 cannot be read"
    sed -n 1p "$1"
}

# Asks for a value that is not given: its variable, the question, the default.
ask() {
    eval "known=\$$1"
    if [ -n "$known" ]; then return 0; fi
    answer=$3
    if [ "$ask" = yes ]; then
        if [ -n "$3" ]; then printf '%s [%s]: ' "$2" "$3"; else printf '%s: ' "$2"; fi
        IFS= read -r answer || fail "no answer"
        answer=${answer:-$3}
    fi
    eval "$1=\$answer"
}

# The same for a secret, which is not shown.
ask_secret() {
    eval "known=\$$1"
    if [ -n "$known" ] || [ "$ask" = no ]; then return 0; fi
    trap 'stty echo; exit 1' INT TERM HUP
    stty -echo
    printf '%s (not shown): ' "$2"
    IFS= read -r answer || answer=''
    stty echo
    trap - INT TERM HUP
    printf '\n'
    eval "$1=\$answer"
}

set_up() {
    step "Settings"
    if [ -e "$settings/config.toml" ] && [ "$anew" = no ]; then
        say "$settings/config.toml is there and stays as it is; --reconfigure writes it anew"
        return
    fi
    if [ "$dry" = yes ]; then
        say "would ask for what is not given, and write $settings/config.toml (0640) and a file (0600) for each secret"
        return
    fi
    ask url "Address of the PBX" "https://127.0.0.1"
    ask login "STARFACE login of the service" "0001"
    ask_secret password "Its password"
    ask_secret module_key "The key in the module, Connector-Schlüssel"
    ask_secret pbx_secret "STARFACE 10 only: secret of the REST API, else empty"
    ask tenant "Microsoft 365 tenant id, empty when it is on the module's page" ""
    if [ -n "$tenant" ]; then
        ask client "Application (client) id" ""
        ask_secret client_secret "Its client secret"
    fi
    [ "$auth" = none ] || [ -n "$password" ] || fail "the password is missing: --password-file, or STARFACE_CALENDAR__STARFACE__PASSWORD"
    [ -n "$module_key" ] || fail "the module's key is missing: --module-key-file, or STARFACE_CALENDAR__STARFACE__MODULE_KEY"
    write_settings
}

write_settings() {
    for value in "$url" "$instance" "$login" "$auth" "$pin" "$tenant" "$client" "$endpoint" "$login_endpoint" "$group"; do
        case "$value" in *[[:cntrl:]]*) fail "a value has a control character in it" ;; esac
    done
    case "$group" in *[!0-9]*) fail "the group is its account id, a number" ;; esac
    if [ -n "$ca_file" ]; then
        store pbx.pem 0640 "root:$name" <"$ca_file"
    fi
    secret starface-password "$password"
    secret starface-module-key "$module_key"
    secret starface-client-secret "$pbx_secret"
    secret graph-client-secret "$client_secret"
    if [ -e "$settings/config.toml" ]; then mv "$settings/config.toml" "$settings/config.toml.old"; fi
    settings_text | store config.toml 0640 "root:$name"
    say "written: $settings/config.toml; secrets in files of their own, for the service's user alone"
}

settings_text() {
    say "# Written by install.sh. Every other key with its default: $shared/config.example.toml"
    printf '\n[starface]\n'
    key url "$url"
    key instance "$instance"
    key login "$login"
    key auth "$auth"
    if [ -n "$password" ]; then key password_file starface-password; fi
    key module_key_file starface-module-key
    if [ -n "$pbx_secret" ]; then key client_secret_file starface-client-secret; fi
    if [ -n "$ca_file" ]; then key ca_file pbx.pem; fi
    key pin_sha256 "$pin"
    printf '\n[graph]\n'
    key tenant_id "$tenant"
    key client_id "$client"
    if [ -n "$client_secret" ]; then key client_secret_file graph-client-secret; fi
    key endpoint "$endpoint"
    key login_endpoint "$login_endpoint"
    if [ -n "$group" ]; then printf '\n[rules]\ngroup = %s\n' "$group"; fi
}

# A line of the settings, when there is a value.
key() {
    if [ -n "$2" ]; then printf '%s = "%s"\n' "$1" "$(printf '%s' "$2" | sed 's/[\\"]/\\&/g')"; fi
}

secret() {
    if [ -n "$2" ]; then printf '%s\n' "$2" | store "$1" 0600 "$name:$name"; fi
}

# Writes standard input to a file of the settings, which nobody can read before it has its owner and mode.
store() {
    (umask 077 && cat >"$settings/.$1.new")
    chown "$3" "$settings/.$1.new"
    chmod "$2" "$settings/.$1.new"
    mv "$settings/.$1.new" "$settings/$1"
}

# ---- the module, the check, the service -----------------------------------------------------------------------------

explain_module() {
    step "The module in STARFACE"
    say "If it is not there yet: copy this file to your own computer,"
    say "  $(find "$shared" -name '*.sfm' 2>/dev/null || echo "$shared/….sfm")"
    say "and in STARFACE: Administration → Module → Modul-Library → Modul importieren; then Module → Neue Instanz."
    say "There: a long random Connector-Schlüssel, the group, Dienst = Starten; save and activate."
    say "More, in German and English: /usr/share/doc/$name"
}

# As the service's own user, which finds what that one must not read.
as_service() {
    if has runuser; then
        runuser -u "$name" -- "$@"
    else
        su -s /bin/sh "$name" -c "$*"
    fi
}

check() {
    step "Check"
    if [ "$dry" = yes ]; then
        say "would run: $name check"
        return
    fi
    found=0
    answers=$(as_service "/usr/bin/$name" check 2>&1) || found=$?
    say "$answers"
    shown=$(printf '%s' "$answers" | sed -n 's/.*pin_sha256 = "\([0-9A-Fa-f:]*\)".*/\1/p' | sed -n 1p)
    if [ "$found" = 0 ] || [ -z "$shown" ] || [ "$ask" = no ]; then return; fi
    # Who said already which certificate it is must say it anew in the settings.
    if grep -q '^ *\(pin_sha256\|ca_file\)' "$settings/config.toml"; then return; fi
    grep -qx '\[starface\]' "$settings/config.toml" || return 0
    printf '\nThe PBX shows a certificate that nobody vouches for. Is its SHA-256 the one that the PBX itself shows? [y/N]: '
    IFS= read -r answer || answer=n
    case "$answer" in [yYjJ]*) ;; *) return ;; esac
    pin=$shown
    sed "s/^\[starface\]\$/&\npin_sha256 = \"$pin\"/" "$settings/config.toml" | store config.toml 0640 "root:$name"
    check
}

enable_service() {
    step "Service"
    if [ "$found" != 0 ] && [ "$anyway" = no ]; then
        say "Not started, as the check found something. Put it right and run this again; what is there is kept."
        exit 3
    fi
    if ! systemd_runs; then
        say "Without systemd: start as the user $name: /usr/bin/$name run"
        return
    fi
    run systemctl enable --quiet "$name.service"
    run systemctl restart "$name.service"
    [ "$dry" = no ] || return 0
    say "The service runs, and starts with the machine. What it does: $name status; the page: http://127.0.0.1:8765/"
}

# ---- removal --------------------------------------------------------------------------------------------------------

uninstall() {
    step "Removal"
    if has dpkg-query && dpkg-query -W "$name" >/dev/null 2>&1; then
        if [ "$purge" = yes ]; then run dpkg --purge "$name"; else run dpkg --remove "$name"; fi
        return
    fi
    if has rpm && rpm -q "$name" >/dev/null 2>&1; then
        run rpm --erase "$name"
    elif [ -f "$list" ]; then
        run "/usr/lib/$name/maintain" leaving
        while IFS= read -r file; do run rm -f "$file"; done <"$list"
        run rm -rf "$shared" "/usr/lib/$name" "/usr/share/doc/$name"
        if systemd_runs; then run systemctl daemon-reload; fi
    else
        say "$name is not installed"
    fi
    if [ "$purge" = yes ]; then
        run rm -rf "$settings" "/var/lib/$name" "/etc/systemd/system/$name.service.d"
        if getent passwd "$name" >/dev/null; then run userdel "$name"; fi
        if getent group "$name" >/dev/null; then run groupdel "$name"; fi
    fi
}

# ---- main -----------------------------------------------------------------------------------------------------------

purge=no found=0
[ -t 0 ] || ask=no
while [ $# -gt 0 ]; do
    case "$1" in
        --help | -h) usage && exit ;;
        --dry-run) dry=yes ;;
        --unattended) ask=no ;;
        --reconfigure) anew=yes ;;
        --start-anyway) anyway=yes ;;
        --uninstall) action=uninstall ;;
        --purge) purge=yes ;;
        --package | --url | --login | --instance | --auth | --pin | --tenant | --group | --client-id | --ca-file | \
            --graph-endpoint | --login-endpoint | --*-file)
            [ $# -ge 2 ] || fail "$1 needs a value" 2
            case "$1" in
                --client-id) client=$2 ;;
                --graph-endpoint) endpoint=$2 ;;
                --password-file | --module-key-file | --pbx-secret-file | --client-secret-file | --ca-file | \
                    --package | --url | --login | --instance | --auth | --pin | --tenant | --group | --login-endpoint)
                    eval "$(printf '%s' "${1#--}" | tr - _)=\$2"
                    ;;
                *) fail "$1 is not known; see: sh install.sh --help" 2 ;;
            esac
            shift
            ;;
        *) fail "$1 is not known; see: sh install.sh --help" 2 ;;
    esac
    shift
done
if [ "$purge" = yes ] && [ "$action" = install ]; then fail "--purge goes with --uninstall" 2; fi
if [ "$action" = uninstall ]; then
    [ "$dry" = yes ] || [ "$(id -u)" = 0 ] || fail "must be run as root: sudo sh install.sh --uninstall"
    uninstall
    exit
fi
read_environment
examine_machine
install_files
set_up
explain_module
check
enable_service
