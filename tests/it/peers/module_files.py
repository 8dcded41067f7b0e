"""The module's files against each other: field list, descriptor, Java, table of looked-up names, and the packed .sfm.

Builds the module first. Exits 1 and says what is wrong where a check fails. A JDK and Python's standard library are all
it needs.
"""

import hashlib
import os
import re
import subprocess
import sys
import traceback
import xml.etree.ElementTree as ElementTree
import zipfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
MODULE = ROOT / "module-descriptor"
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((MODULE / "src").glob("*.java"))}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# What an element holds, in this order: a name, "?" for at most one, "*" for any number, "+" for at least one.
HEAD = "description descriptionURL disabled"
KEYS = "resourceKeys resourceKeys"
VARIABLES = "inputVars outputVars resources"
WIDGET = f"{HEAD} {KEYS} defaultValue"
ORDER = {
    "module": f"{HEAD} {VARIABLES} children createdWith defaultLocale editable entryPoints inputGUITabs+ noLicenseId"
    " resourceKeys shortDescription writeHash",
    "resources": "timer* listResource*",
    "listResource": "values",
    "function": f"{HEAD} {VARIABLES} children implementationFile?",
    "functionCall": f"{HEAD} {VARIABLES} target",
    "entryPoints": "lifeCycleEntryPoint* timerEntryPoint* rpcEntryPoint* agiServiceEntryPoint*",
    "lifeCycleEntryPoint": "functionReference stage",
    "timerEntryPoint": "functionReference",
    "rpcEntryPoint": "functionReference type",
    "agiServiceEntryPoint": "functionReference serviceScope",
    "inputGUITabs": f"{HEAD} resourceKeys GUIDescriptors",
    "resourceKeys": "entries entries entries entries entries entries entries key propertyName",
    "entries": "key value?",
    "inputVars": "variable*",
    "outputVars": "variable*",
    "headline": WIDGET,
    "infotext": WIDGET,
    "textInput": WIDGET,
    "passwordInput": WIDGET,
    "checkbox": WIDGET,
    "groupSelection": WIDGET,
    "userSelection": WIDGET,
    "numberInput": f"{WIDGET} validationRegexp",
    "textChoice": f"{WIDGET} choices defaultSelection",
    "choices": "choice+",
    "textList": f"{HEAD} {KEYS} resourceKeys defaultValue elements listName",
}
WIDGET_TYPES = {
    "textInput": "STRING",
    "passwordInput": "STRING",
    "numberInput": "NUMBER",
    "checkbox": "BOOLEAN",
    "textChoice": "STRING",
    "groupSelection": "STARFACE_GROUP",
    "userSelection": "STARFACE_USER",
    "textList": "LIST",
}
RPC = "info getConfig getMembers getStates applyStates getRedirects applyRedirects drainEvents".split()

checks = []


def check(function):
    checks.append(function)
    return function


def equal(seen, expected):
    assert seen == expected, f"\n  seen:     {seen}\n  expected: {expected}"


def build(*options, **environment):
    command = [ROOT / "scripts/build-module", *options]
    made = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **environment})
    equal(made.stderr, "")
    return ROOT / made.stdout.strip()


class Built:
    """The packed module, and its descriptor."""

    def __init__(self):
        self.path = build()
        self.zip = zipfile.ZipFile(self.path)
        self.module = ElementTree.fromstring(self.zip.read("module-descriptor.xml"))
        self.functions = {function.get("id"): function for function in self.module.find("children")}
        self.variables = {variable.get("id"): variable for variable in self.module.find("inputVars")}
        self.widgets = [widget for tab in self.module.iter("GUIDescriptors") for widget in tab]


def sha1(text):
    return hashlib.sha1(text.encode()).hexdigest()


def looked_up():
    """What Api.java looks up: symbol, kind, class, member, parameters."""
    names = dict(re.findall(r'static final String (\w+) =\s*"([^"]+)";', SOURCES["Api"]))
    rows = set()
    for symbol, kind, words in re.findall(r"static final Symbol (\w+) =\s*Symbol\.(\w+)\(([^;]*)\);", SOURCES["Api"]):
        words = [names.get(word.strip(), word.strip().strip('"')) for word in words.split(",")]
        owner = words.pop(0)
        member = "<init>" if kind == "constructor" else words.pop(0)
        parameters = {"anyMethod": "any", "field": ""}.get(kind, ", ".join(words) or "none")
        rows.add((symbol, kind, owner, member, parameters))
    owners, methods = (re.search(rf"{name} = {{([^}}]*)}}", SOURCES["Api"])[1] for name in ("DND_OWNERS", "DND_METHODS"))
    methods = "|".join(re.findall(r'"(\w+)"', methods))
    rows |= {("DND_METHODS", "method", names[owner.strip()], methods, "int, boolean") for owner in owners.split(",")}
    rows.add(("PARTICIPANT_ID", "method", "(what CALLER_OF_CALL returns)", names["PARTICIPANT_ID"], "none"))
    return rows, names


@check
def the_descriptor_is_what_the_field_list_makes(_):
    subprocess.run([sys.executable, MODULE / "generate.py", "--check"], check=True)


@check
def every_name_that_is_looked_up_stands_in_the_table_and_no_other(_):
    lines = (MODULE / "reflection.tsv").read_text(encoding="utf-8").splitlines()
    table = [line.split("\t") for line in lines]
    columns = ["symbol", "kind", "class", "member", "parameters", "versions", "known from", "without it"]
    equal(table.pop(0), columns)
    assert all(len(row) == len(columns) and all(row[:4] + row[5:]) for row in table), "a row has an empty cell"
    rows, names = looked_up()
    equal({tuple(row[:5]) for row in table if row[1] != "enum"} ^ rows, set())
    enums = {row[0]: row[2] for row in table if row[1] == "enum"}
    equal({name: names[name] for name in enums}, enums)
    used = set(re.findall(r"(?:constant|type)\(\s*Api\.(\w+)", "".join(SOURCES.values())))
    equal(used & set(names) - set(enums), set())


@check
def nothing_is_looked_up_outside_the_one_place(_):
    for name, text in SOURCES.items():
        if name not in ("Api", "Symbol"):
            found = re.findall(r'"(?:de|org)\.[\w.]+"|forName|getMethod\(|getDeclared|getField\(|getConstructor', text)
            equal((name, found), (name, []))


@check
def every_symbol_is_used(_):
    rest = "".join(text for name, text in SOURCES.items() if name != "Api")
    symbols = {row[0] for row in looked_up()[0]}
    equal({symbol for symbol in symbols if f"Api.{symbol}" not in rest}, set())


@check
def the_module_starts_nothing_and_opens_nothing(_):
    for name, text in SOURCES.items():
        found = re.findall(r"new Thread|Executor\b|ServerSocket|Socket\(|java\.(?:io|net|nio\.file)\b|TimerTask", text)
        equal((name, found), (name, []))


@check
def only_the_instances_and_the_clocks_are_kept_in_static_memory(_):
    kept = re.compile(r"^\s*(?:private |public )?static (?:final |volatile )*(\S+) (\w+)(?: =|;)", re.M)
    for name, text in SOURCES.items():
        for kind, field in kept.findall(text):
            constant = kind in ("long", "int", "String", "String[]", "Symbol", "List<String>") and (field.isupper() or field == "serialVersionUID")
            assert constant or (name, field) in {
                ("Instances", "BY_ID"),
                ("Time", "wall"),
                ("Time", "steady"),
                ("Time", "pause"),
            }, f"{name}.{field} of type {kind}"


@check
def the_file_is_a_jar_whose_manifest_comes_first(built):
    names = built.zip.namelist()
    equal(names[:2], ["META-INF/MANIFEST.MF", "module-descriptor.xml"])
    equal(sorted(names[2:]), [f"{name}.class" for name in sorted(SOURCES)])
    assert all(entry.flag_bits == 0x808 and entry.compress_type == 8 for entry in built.zip.infolist())
    assert built.zip.infolist()[0].extra == b"\xfe\xca\0\0"
    for name in names[2:]:
        equal((name, built.zip.read(name)[6:8]), (name, b"\0\x34"))
    text = built.zip.read(names[0]).decode()
    assert text.endswith("\r\n\r\n") and "\n" not in text.replace("\r\n", "")
    manifest = dict(line.split(": ", 1) for line in text.split("\r\n") if line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", manifest.pop("Create-Date"))
    assert re.fullmatch(r"STARFACE Version [\d.]+", manifest.pop("Created-By"))
    expected = {"Manifest-Version": "1.0", "ObjectId": built.module.get("id"), "StarfaceModule_SpecVersion": "5"}
    equal(manifest, expected)


@check
def the_same_sources_give_the_same_bytes_anywhere(built):
    before = built.path.read_bytes()
    equal(build(TZ="Asia/Tokyo", LC_ALL="C").read_bytes() == before, True)


@check
def another_date_is_told_in_every_place(_):
    path = build(SOURCE_DATE_EPOCH="1800000000")
    with zipfile.ZipFile(path) as made:
        module = ElementTree.fromstring(made.read("module-descriptor.xml"))
        equal(module.get("lastChangedTime"), "1800000000000")
        equal(module.findtext("noLicenseId"), sha1(module.get("id") + "1800000000000" + "STARFACE"))
        equal({entry.date_time for entry in made.infolist()}, {(2027, 1, 15, 8, 0, 0)})
        assert b"Create-Date: 2027-01-15T08:00:00+00:00" in made.read("META-INF/MANIFEST.MF")
    build()


@check
def a_pbx_that_cannot_import_calls_gets_the_rest(built):
    with zipfile.ZipFile(build("--without-call")) as made:
        rest = ElementTree.fromstring(made.read("module-descriptor.xml"))
    points = [point.tag for point in built.module.find("entryPoints")]
    equal(points.pop(), "agiServiceEntryPoint")
    equal([point.tag for point in rest.find("entryPoints")], points)
    equal(len(list(rest.iter())), len(list(built.module.iter())) - 3)


@check
def the_hashes_are_those_of_a_module_without_password_and_licence(built):
    module_id, changed_at = built.module.get("id"), built.module.get("lastChangedTime")
    equal(built.module.findtext("noLicenseId"), sha1(module_id + changed_at + "STARFACE"))
    equal(built.module.findtext("writeHash"), sha1(module_id))
    attributes = {"specVersion": "5", "moduleType": "EXTENDED"}
    equal({name: built.module.get(name) for name in attributes}, attributes)


@check
def elements_come_in_the_order_of_every_known_descriptor(built):
    for element in built.module.iter():
        order = ORDER.get(element.tag)
        if order is None or element.tag == "resources" and not len(element):
            continue
        pattern = "".join(
            f"(?:{word.rstrip('?*+')} ){word[len(word.rstrip('?*+')):]}" for word in order.split()
        )
        children = "".join(f"{child.tag} " for child in element)
        assert re.fullmatch(pattern, children), f"{element.tag}: {children}"


@check
def every_id_is_a_uuid_and_stands_once(built):
    ids = [element.get("id") for element in built.module.iter() if element.get("id")]
    java = [function.get("id") for function in built.functions.values() if function.find("implementationFile") is not None]
    names = set(java) | {one.get("id") for name in java for one in built.functions[name].iter("variable")}
    equal([one for one in ids if not UUID.fullmatch(one) and one not in names], [])
    counts = Counter(one for one in ids if UUID.fullmatch(one))
    equal([one for one, count in counts.items() if count > 1], [])


@check
def every_entry_point_leads_to_a_designer_function(built):
    points = list(built.module.find("entryPoints"))
    for point in points:
        reference = point.find("functionReference")
        equal(reference.get("targetDomainId"), built.module.get("id"))
        function = built.functions[reference.get("targetId")]
        assert UUID.fullmatch(function.get("id")) and function.find("implementationFile") is None
        inputs = [one.get("name") for one in function.find("inputVars")]
        equal(inputs, ["Key", "Owner", "Seq", "Params"] if point.tag == "rpcEntryPoint" else [])
    equal([point.get("name") for point in points if point.tag == "rpcEntryPoint"], RPC)
    equal({point.findtext("type") for point in points if point.tag == "rpcEntryPoint"}, {"XMLRPC_auth"})
    stages = {point.findtext("stage") for point in points if point.tag == "lifeCycleEntryPoint"}
    equal(stages, {"InstanceChanged", "InstanceDeleted"})
    timers = {timer.get("id"): timer for timer in built.module.find("resources").iter("timer")}
    (timer,) = [timers[point.get("referencedTimer")] for point in points if point.tag == "timerEntryPoint"]
    equal((timer.get("period"), timer.get("multiplikator")), ("Minute", "1"))
    equal([point.findtext("serviceScope") for point in points if point.tag == "agiServiceEntryPoint"], ["INSTANCE"])


@check
def every_call_fits_its_target_and_every_reference_leads_somewhere(built):
    for function in built.functions.values():
        inputs = {one.get("id") for one in function.find("inputVars")}
        outputs = {one.get("id") for one in function.find("outputVars")}
        for call in function.find("children"):
            target = built.functions[call.find("target").get("targetId")]
            equal(call.find("target").get("targetDomainId"), built.module.get("id"))
            for part in ("inputVars", "outputVars"):
                signatures = [[(one.get("id"), one.get("type")) for one in where.find(part)] for where in (call, target)]
                equal(*signatures)
            references = [one.findtext("value") for one in call.find("inputVars") if one.get("valueByReference") == "true"]
            equal(set(references), inputs)
            equal({one.findtext("value") for one in call.find("outputVars")}, outputs)


@check
def every_field_of_the_page_has_a_variable_of_its_type_and_default(built):
    bound = {}
    for widget in built.widgets:
        variable = built.variables.get(widget.get("variableId"))
        equal((widget.get("name"), variable.get("type") if variable is not None else None),
              (widget.get("name"), WIDGET_TYPES.get(widget.tag)))
        if variable is None:
            continue
        bound[variable.get("id")] = widget
        if widget.tag == "textList":
            lists = {one.get("id") for one in built.module.find("resources").iter("listResource")}
            assert variable.findtext("value") in lists
        else:
            equal(widget.findtext("defaultValue") or "", variable.findtext("value") or "")
        if widget.tag == "textChoice":
            choices = [choice.text for choice in widget.find("choices")]
            equal(choices[int(widget.findtext("defaultSelection"))], widget.findtext("defaultValue"))
    equal(set(bound), set(built.variables))
    secrets = {built.variables[one].get("name") for one, widget in bound.items() if widget.tag == "passwordInput"}
    equal(secrets, {"GUI_APP_SECRET", "GUI_CONNECTOR_KEY"})


@check
def every_label_is_there_in_german_and_in_english(built):
    for widget in built.widgets:
        for keys in widget.iter("resourceKeys"):
            texts = {entry.findtext("key"): entry.findtext("value") or "" for entry in keys.iter("entries")}
            equal(set(texts), {"en", "de", "es", "fr", "nl", "pl", "sv"})
            equal((widget.get("name"), bool(texts["de"])), (widget.get("name"), bool(texts["en"])))
            assert widget.get("id") in keys.findtext("key")


@check
def what_java_reads_of_the_page_is_there(built):
    names = {variable.get("name") for variable in built.variables.values()}
    used = set(re.findall(r'"(GUI_\w+)"', "".join(SOURCES.values())))
    equal((used, used - names), ({"GUI_CONNECTOR_KEY", "GUI_GRUPPEN_BENUTZER"}, set()))


def holds(built, function):
    try:
        function(built)
        return True
    except Exception:
        print(function.__name__.replace("_", " "), file=sys.stderr)
        traceback.print_exc()
        return False


def main():
    built = Built()
    held = [holds(built, function) for function in checks]
    print(f"{held.count(True)} passed, {held.count(False)} failed")
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
