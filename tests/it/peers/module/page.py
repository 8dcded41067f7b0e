"""The entry points info and getConfig."""

import json
import re

from .host import INSTANCE, KEY, ROOT, away, check, equal


@check
def info_tells_what_is_there(host):
    data = host.data("info")
    starface = {8: "8.1.2.2", 9: "9.0.3.4", 10: "10.0.0.25"}[host.version]
    expected = {"moduleVersion": "1", "api": "1", "instanceName": INSTANCE, "starfaceVersion": starface}
    expected |= {"eventSeq": "0", "owner": "", "lastSeq": "0"}
    equal({name: data[name] for name in expected}, expected)
    equal(set(data) - set(expected), {"instanceId", "configRevision", "queue"})
    away(host, seq=41)
    data = host.data("info", owner="two")
    equal((data["owner"], data["lastSeq"]), ("one", "41"))


@check
def the_page_is_told_whole_but_for_the_key(host):
    data = host.data("getConfig")
    text = (ROOT / "module-descriptor/fields.toml").read_text(encoding="utf-8")
    defaults = dict(re.findall(r'^id = "(GUI_\w+)"\nwidget.*\ntype.*\ndefault = "(.*)"$', text, re.M))
    for name in ("GUI_CONNECTOR_KEY", "GUI_KATEGORIEN_ENTFERNEN"):
        del defaults[name]
    assert len(defaults) == 46, len(defaults)
    equal(data["fields"], defaults)
    equal(data["lists"], {"GUI_KATEGORIEN_ENTFERNEN": {}})
    assert KEY not in json.dumps(data), "the key leaves the module"


@check
def the_revision_is_another_one_whenever_the_page_is(host):
    def revision():
        return host.data("getConfig")["revision"]

    first = revision()
    equal(host.data("info")["configRevision"], first)
    host.tell("update")
    equal(revision(), first)
    host.tell("field", "GUI_KATEGORIEN_ENTFERNEN", "a@example.com", "b@example.com")
    data = host.data("getConfig")
    equal(data["lists"], {"GUI_KATEGORIEN_ENTFERNEN": {"0": "a@example.com", "1": "b@example.com"}})
    host.tell("field", "GUI_STATUSTEXT", "ü 😀 \x0b")
    equal(host.data("getConfig")["fields"]["GUI_STATUSTEXT"], "ü 😀 ")
    assert len({first, data["revision"], revision()}) == 3
    host.tell("field", "GUI_STATUSTEXT", "[!time!] [!type!] !title!")
    host.tell("field", "GUI_KATEGORIEN_ENTFERNEN")
    equal(revision(), first)
