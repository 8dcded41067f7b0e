"""A module of entry points on Python's own XML-RPC server, which shares no code with the client under test.

Announces its port on stdout. Checks the log-in token with its own digest, and that every value it is given is a string
or a dict. With `--tls` it speaks TLS with a certificate that it signs itself.
"""

import hashlib
import ssl
import subprocess
import sys
import tempfile
from urllib.parse import parse_qs, urlsplit
from xmlrpc.client import Fault
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

INSTANCE = "Kalender Connector"
LOGIN, PASSWORD, KEY = "0001", "Pässwort", "Schlüssel"
FIELDS = ("chatPresence", "chatPresenceMessage")
PARTS = ("enabled", "destinationType", "destination")

states = {}
redirects = {}


def digest(text):
    return hashlib.sha512(text.encode()).hexdigest()


TOKEN = f"{LOGIN}:{digest(f'{LOGIN}*{digest(PASSWORD)}')}"


class Handler(SimpleXMLRPCRequestHandler):
    rpc_paths = ()

    def do_POST(self):
        parts = urlsplit(self.path)
        if parts.path != "/xml-rpc" or self.headers["Content-Type"].split(";")[0] != "text/xml":
            self.send_error(400)
        elif parse_qs(parts.query).get("de.vertico.starface.auth") != [TOKEN]:
            self.send_error(401)
        else:
            super().do_POST()

    def log_message(self, *_):
        pass


class Server(SimpleXMLRPCServer):
    """Says nothing of a client that hangs up in the middle of an answer, as one does that has read enough."""

    def handle_error(self, *_):
        pass


def only_strings(value):
    if isinstance(value, dict):
        return all(isinstance(name, str) and only_strings(inner) for name, inner in value.items())
    return isinstance(value, str)


def entry_point(function):
    def called(given):
        if set(given) != {"Key", "Owner", "Seq", "Params"} or not only_strings(given):
            raise Fault(3, "a value is no string")
        if given["Key"] != KEY:
            return {"Success": False, "Errormessage": "key", "Data": {}}
        return {"Success": True, "Errormessage": "", "Data": function(given["Params"])}

    return called


def info(_):
    return {"moduleVersion": "1.0", "api": "1", "instanceName": INSTANCE, "owner": "", "lastSeq": "0"}


def get_members(params):
    """Group 1 is small, 2 has an answer of 1 MB, 3 one above every bound, 4 a fault."""
    group = int(params["group"])
    if group == 4:
        raise Fault(42, "Gruppe <4> fehlt & Ähnliches 😀")
    note = {1: "", 2: "ü" * 100_000, 3: "x" * 900_000}[group]
    accounts = range(1010, 1020)
    first, count = int(params["from"]), int(params["count"])
    members = {
        str(account): {
            "login": f"{account:04}",
            "firstName": "Jürg 😀",
            "familyName": "",
            "email": "",
            "note": note,
        }
        for account in accounts[first : first + count]
    }
    return {"total": str(len(accounts)), "members": members}


def get_states(params):
    accounts = params["accounts"].split(",")
    return {account: states[account] for account in accounts if account in states}


def apply_states(params):
    """Shows account 13 what was understood, character by character: a raw CR does not survive Python's own answer."""
    outcomes = {}
    for account, wanted in params.items():
        shown = states.setdefault(account, {"chatPresence": "AVAILABLE", "chatPresenceMessage": ""})
        outcomes[account] = {}
        for field in FIELDS:
            if field in wanted and shown[field] == wanted[f"expect.{field}"]:
                shown[field] = wanted[field]
                seen = ascii(shown[field]) if account == "13" else shown[field]
                outcomes[account][field] = {"ok": "true", "error": "", "seen": seen}
            elif field in wanted:
                outcomes[account][field] = {"ok": "false", "error": "changed", "seen": shown[field]}
    return outcomes


def get_redirects(params):
    """Every account has a number of its own, which begins with zeros, and one that does not redirect at once."""
    shown = {}
    for account in params["accounts"].split(","):
        record = {
            "calledNumber": f"00{account}",
            "type": "ALWAYS",
            "groupRedirect": "false",
            "lastDestinationNumber": "",
            "lastDestinationMailbox": "10",
            "timeout": "0",
            "mailboxes": {"10": "Zentrale", "9": "Jürg 😀"},
            **redirect_of(f"00{account}"),
        }
        shown[account] = {"0": record, "1": {**record, "type": "BUSY"}}
    return shown


def redirect_of(number):
    return redirects.setdefault(number, {"enabled": "false", "destinationType": "PHONENUMBER", "destination": ""})


def apply_redirects(params):
    """Takes whole records only."""
    outcomes = {}
    for account, records in params.items():
        outcomes[account] = {}
        for index, record in records.items():
            names = {"calledNumber", "type", "backAfter"}
            for prefix in ("", "expect.", "back."):
                names |= {prefix + part for part in PARTS}
            if set(record) != names or record["type"] != "ALWAYS":
                raise Fault(3, "a record is not whole")
            shown = redirect_of(record["calledNumber"])
            is_expected = all(shown[part] == record[f"expect.{part}"] for part in PARTS)
            if is_expected:
                shown.update({part: record[part] for part in PARTS})
            seen = {f"seen.{part}": shown[part] for part in PARTS}
            ok, error = ("true", "") if is_expected else ("false", "changed")
            outcomes[account][index] = {"ok": ok, "error": error, **seen}
    return outcomes


def drain_events(params):
    """One event, which is old after it was told."""
    end = {"seq": "1", "kind": "end", "account": "1010", "at": "1795420800123"}
    is_known = params["queue"] == "q" and int(params["after"]) >= 1
    return {"queue": "q", "seq": "1", "events": {} if is_known else {"0": end}}


def wrap_in_tls(server):
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = f"{folder}/key.pem", f"{folder}/certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
            + ["-keyout", key, "-out", certificate, "-subj", "/CN=127.0.0.1"]
            + ["-addext", "subjectAltName=IP:127.0.0.1"],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)


def main():
    server = Server(("127.0.0.1", 0), requestHandler=Handler, allow_none=False)
    points = {
        "info": info,
        "getMembers": get_members,
        "getStates": get_states,
        "applyStates": apply_states,
        "getRedirects": get_redirects,
        "applyRedirects": apply_redirects,
        "drainEvents": drain_events,
    }
    for name, function in points.items():
        server.register_function(entry_point(function), f"{INSTANCE}.{name}")
    if "--tls" in sys.argv:
        wrap_in_tls(server)
    print(server.server_address[1], flush=True)
    server.serve_forever()


main()
