"""A stand-in for a PBX with the packed module in it, and what every check needs."""

import hashlib
import http.client
import json
import re
import subprocess
import threading
from pathlib import Path
from urllib.parse import quote
from xmlrpc.client import dumps, loads

ROOT = Path(__file__).resolve().parents[4]
HOST = ROOT / "target/module/host"
INSTANCE, LOGIN, PASSWORD, KEY = "Kalender Connector", "0001", "Pässwort", "Schlüssel-17"
GROUP, ANNA, BEAT = "2001", "1010", "1011"
NOW = 1_795_420_800_000
MINUTE = 60_000
STATES = ("chatPresence", "chatPresenceMessage", "telephonyState", "doNotDisturb")

checks = []


def check(function):
    checks.append(function)
    return function


def sha512(text):
    return hashlib.sha512(text.encode()).hexdigest()


def join_surrogates(match):
    """Apache's server refers to each half of an emoji alone, which is no well-formed XML."""
    high, low = int(match[1]), int(match[2])
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


class Host:
    """A stand-in with the module in it."""

    def __init__(self, version):
        self.version = version
        self.tells_lamps = version >= 10
        command = ["java", "-jar", HOST / f"starface-{version}.jar", HOST / "module.sfm", INSTANCE, LOGIN, PASSWORD]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        self.port = int(self.process.stdout.readline())

    def tell(self, *words):
        self.process.stdin.write("\t".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer["ok"], f"{words}: {answer['error']}"
        return answer.get("result")

    def end(self):
        self.process.stdin.close()
        self.process.wait()

    def fresh(self):
        """Gives everybody and everything but the HTTP server a new start."""
        self.tell("clear")
        self.tell("clock", NOW)
        self.tell("create")
        self.tell("user", ANNA, "0010", "Anna", "Müller 😀", "anna@example.com")
        self.tell("user", BEAT, "0011", "Beat", "Größe & <Co>", "")
        self.tell("group", GROUP, ANNA, BEAT)
        self.tell("field", "GUI_CONNECTOR_KEY", KEY)
        self.tell("field", "GUI_GRUPPEN_BENUTZER", "")

    def post(self, method, *arguments, token=f"{LOGIN}:{sha512(f'{LOGIN}*{sha512(PASSWORD)}')}"):
        body = dumps(arguments, method, encoding="utf-8").encode()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request("POST", f"/xml-rpc?de.vertico.starface.auth={quote(token)}", body, {"Content-Type": "text/xml"})
        answer = line.getresponse()
        return answer.status, answer.read().decode()

    def raw(self, name, given):
        """Calls an entry point with these very members."""
        status, text = self.post(f"{INSTANCE}.{name}", given)
        assert status == 200 and text, f"{name}: HTTP {status} with {len(text)} characters"
        assert text.isascii(), "Apache's server writes ASCII"
        (answer,), _ = loads(re.sub(r"&#(5[5-6]\d{3});&#(5[6-7]\d{3});", join_surrogates, text))
        assert set(answer) == {"Success", "Errormessage", "Data"}, answer
        assert isinstance(answer["Success"], bool) and only_strings(answer["Data"]), answer
        return answer

    def call(self, name, params=None, owner="one", seq=0, key=KEY):
        return self.raw(name, {"Key": key, "Owner": owner, "Seq": str(seq), "Params": params or {}})

    def data(self, name, params=None, owner="one", seq=0):
        answer = self.call(name, params, owner, seq)
        assert answer["Success"], f"{name}: {answer['Errormessage']}"
        return answer["Data"]

    def words(self, name, params=None, owner="one", seq=0):
        answer = self.call(name, params, owner, seq)
        equal((answer["Success"], answer["Data"]), (False, {}))
        return answer["Errormessage"]

    def lamp(self, state):
        """What this version tells of a lamp that is in this state."""
        return state if self.tells_lamps else ""

    def shows(self, account=ANNA):
        return self.tell("dump")["accounts"][account]

    def advance(self, millis):
        self.tell("advance", millis)
        self.tell("tick")

    def events(self, queue="", after=0, wait=0):
        told = self.data("drainEvents", {"queue": queue, "after": str(after), "wait": str(wait)})["events"]
        return [(told[index]["kind"], told[index]["account"]) for index in sorted(told, key=int)]


def only_strings(value):
    if isinstance(value, dict):
        return all(isinstance(name, str) and only_strings(inner) for name, inner in value.items())
    return isinstance(value, str)


def equal(seen, expected):
    assert seen == expected, f"\n  seen:     {seen}\n  expected: {expected}"


def done(seen):
    return {"ok": "true", "error": "", "seen": seen}


def failed(error, seen):
    return {"ok": "false", "error": error, "seen": seen}


def away(host, owner="one", seq=1):
    return host.call("applyStates", {ANNA: {"chatPresence": "AWAY"}}, owner, seq)


def with_numbers(host):
    host.tell("number", ANNA, "21")
    host.tell("number", ANNA, "0041712345621")
    host.tell("number", BEAT, "22")
    host.tell("group-number", GROUP, "90")
    host.tell("mailbox", ANNA, "7", "Box Müller")
    host.tell("redirect", ANNA, "21", "true", "PHONENUMBER", "0041790000000")


def to(number, destination, **more):
    record = {"calledNumber": number, "type": "ALWAYS", "enabled": "true", "destinationType": "PHONENUMBER"}
    return {**record, "destination": destination, **{name.replace("_", "."): value for name, value in more.items()}}


def seen(enabled, kind, destination, error=""):
    outcome = {"ok": "false" if error else "true", "error": error}
    return {**outcome, "seen.enabled": enabled, "seen.destinationType": kind, "seen.destination": destination}


def redirect(host, number, account=ANNA):
    shown = host.shows(account)["redirects"][f"{number} ALWAYS"]
    return shown["enabled"], shown["destinationType"], shown["destination"]


def after(seconds):
    return str(NOW // 1_000 + seconds)


def put(host, seq=1, seconds=0, **more):
    wanted = {"chatPresence": "AWAY", "back.chatPresence": "FREE_FOR_CHAT", "backAfter": after(seconds), **more}
    host.data("applyStates", {ANNA: wanted}, seq=seq)


def presence(host, account=ANNA):
    return host.shows(account)["presence"]


class Waiting:
    """A call that waits for an event, in a thread of its own."""

    def __init__(self, host, queue):
        self.drained = None
        self.error = None
        params = {"queue": queue, "after": "0", "wait": "25"}
        self.thread = threading.Thread(target=self.run, args=(host, params))
        self.thread.start()

    def begun(self, host, waiting=1):
        """Returns once so many calls wait."""
        while host.tell("dump")["waiting"] != waiting and self.is_under_way():
            self.thread.join(0.02)
        return self

    def run(self, host, params):
        try:
            self.drained = host.data("drainEvents", params)
        except Exception as error:
            self.error = error

    def is_under_way(self):
        return self.thread.is_alive()

    def end(self):
        self.thread.join(60)
        assert not self.is_under_way(), "the call still waits"
        if self.error:
            raise self.error
        return self.drained
