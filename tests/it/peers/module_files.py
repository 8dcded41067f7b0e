"""The module's files against each other: field list, descriptor, Java, table of looked-up names, and the packed .sfm.

Builds the module first. Exits 1 and says what is wrong where a check fails. A JDK and Python's standard library are all
it needs.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path

import descriptor
from descriptor import elements, labels, page, tree, variants_of_form, variants_of_parts  # noqa: F401
from descriptor.variants import table as variants

ROOT = Path(__file__).resolve().parents[3]
MODULE = ROOT / "module-descriptor"
SOURCES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((MODULE / "src").glob("*.java"))}
SECRETS = {"GUI_APP_SECRET", "GUI_CONNECTOR_KEY"}
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
    """The packed module, its descriptor, and how its Java was compiled."""

    def __init__(self):
        with tempfile.TemporaryDirectory() as folder:
            said = Path(folder, "said")
            self.path = build(PATH=f"{recording_javac(folder, said)}:{os.environ['PATH']}")
            self.compiled_with = [line.split(" ") for line in said.read_text(encoding="utf-8").splitlines()]
        self.zip = zipfile.ZipFile(self.path)
        self.content = self.zip.read("module-descriptor.xml")
        self.module = ElementTree.fromstring(self.content)
        self.functions = {function.get("id"): function for function in self.module.find("children")}

    def findings(self, content):
        return descriptor.findings(content, set(self.zip.namelist()), SECRETS)


def recording_javac(folder, said):
    """Puts into the folder a javac that writes down what it is told before it does it."""
    script = Path(folder, "javac")
    javac = shutil.which("javac")
    script.write_text(f'#!/bin/sh\nprintf "%s\\n" "$*" >>"{said}"\nexec "{javac}" "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    return folder


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
            is_plain = kind in ("long", "int", "String", "String[]", "Symbol", "List<String>")
            constant = is_plain and (field.isupper() or field == "serialVersionUID")
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
def another_date_is_told_in_every_place(built):
    path = build(SOURCE_DATE_EPOCH="1800000000")
    with zipfile.ZipFile(path) as made:
        content = made.read("module-descriptor.xml")
        equal(ElementTree.fromstring(content).get("lastChangedTime"), "1800000000000")
        equal(built.findings(content), [])
        equal({entry.date_time for entry in made.infolist()}, {(2027, 1, 15, 8, 0, 0)})
        assert b"Create-Date: 2027-01-15T08:00:00+00:00" in made.read("META-INF/MANIFEST.MF")
    build()


@check
def a_pbx_that_cannot_import_calls_gets_the_rest(built):
    with zipfile.ZipFile(build("--without-call")) as made:
        content = made.read("module-descriptor.xml")
    equal(built.findings(content), [])
    rest = ElementTree.fromstring(content)
    points = [point.tag for point in built.module.find("entryPoints")]
    equal(points.pop(), "agiServiceEntryPoint")
    equal([point.tag for point in rest.find("entryPoints")], points)
    equal(len(list(rest.iter())), len(list(built.module.iter())) - 3)


@check
def the_descriptor_is_one_that_can_be_expected_to_be_imported(built):
    equal(built.findings(built.content), [])
    # The broken variants are written anew, which alone must break nothing.
    equal(built.findings(tree.write(built.module)), [])


@check
def every_rule_has_a_variant_that_breaks_it(_):
    equal({variant.rule for variant in variants} ^ descriptor.RULES, set())


@check
def the_rules_name_what_the_list_of_elements_names(_):
    shapes = elements.shapes()
    equal(page.TYPES.keys() | page.SHOWING_NOTHING, shapes["GUIDescriptors"].times.keys())
    equal(page.TYPES.keys() & page.SHOWING_NOTHING, set())
    types = shapes["module/inputVars/variable"].attributes["type"]
    equal(set(page.TYPES.values()), set(types[1:-1].split("|")))
    equal(set(page.RESOURCES.values()) - shapes["module/resources"].times.keys(), set())
    equal(set(labels.LABELS.values()), set(shapes["propertyName"].text[1:-1].split("|")))
    equal(shapes["resourceKeys"].times["entries"], (len(labels.LANGUAGES),) * 2)


@check
def the_entry_points_are_those_of_the_interface(built):
    points = list(built.module.find("entryPoints"))
    for point in points:
        function = built.functions[point.find("functionReference").get("targetId")]
        for part, names in (("inputVars", "Key Owner Seq Params"), ("outputVars", "Success Errormessage Data")):
            seen = [one.get("name") for one in function.find(part)]
            equal(seen, names.split() if point.tag == "rpcEntryPoint" else [])
    equal([point.get("name") for point in points if point.tag == "rpcEntryPoint"], RPC)
    stages = {point.findtext("stage") for point in points if point.tag == "lifeCycleEntryPoint"}
    equal(stages, {"InstanceChanged", "InstanceDeleted"})
    timers = {timer.get("id"): timer for timer in built.module.iter("timer")}
    (timer,) = [timers[point.get("referencedTimer")] for point in points if point.tag == "timerEntryPoint"]
    equal((timer.get("period"), timer.get("multiplikator")), ("Minute", "1"))
    equal(len([point for point in points if point.tag == "agiServiceEntryPoint"]), 1)
    equal({one.text for one in built.module.iter("disabled")}, {"false"})


@check
def every_function_hands_on_what_it_is_given_and_gives_what_it_is_told(built):
    for function in built.functions.values():
        calls = list(function.find("children"))
        equal(len(calls), 0 if function.find("implementationFile") is not None else 1)
        for call in calls:
            given = [one.findtext("value") for one in call.find("inputVars") if one.get("valueByReference") == "true"]
            equal(given, [one.get("id") for one in function.find("inputVars")])
            taken = [one.findtext("value") for one in call.find("outputVars")]
            equal(taken, [one.get("id") for one in function.find("outputVars")])


@check
def the_java_is_compiled_for_the_oldest_starface_and_against_the_stubs_alone(built):
    (options,) = [line for line in built.compiled_with if "-d" in line]
    for option, value in (("--release", "8"), ("-sourcepath", "module-descriptor/stubs")):
        equal((option, options[options.index(option) + 1]), (option, value))
    assert {"-proc:none", "-implicit:none"} <= set(options) and "-cp" not in options, options


@check
def the_key_is_compared_in_constant_time_and_nowhere_else(_):
    (body,) = re.findall(r"boolean isKey\(String given\) \{(.*?)\n    \}", SOURCES["Page"], re.S)
    assert re.search(r"MessageDigest\.isEqual\(digest\(key\), digest\(given\b", body), body
    equal(re.findall(r"equals|compareTo|contentEquals|==|startsWith", body.replace("given == null", "")), [])
    equal(SOURCES["Page"].count("text(KEY)"), body.count("text(KEY)"))
    uses = re.findall(r"^.*\bKey\b.*$", SOURCES["EntryPoint"].split("public void execute")[1], re.M)
    equal([use.strip() for use in uses], ["if (!page.isKey(Key)) {"])


@check
def what_java_reads_of_the_page_is_there(built):
    names = {variable.get("name") for variable in built.module.find("inputVars")}
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


def check_of(variant):
    """Returns the check that a broken variant is found, by its rule and by no other."""

    def is_found(built):
        broken = variant.broken(built.content)
        assert broken != tree.write(built.module) and broken != built.content, "nothing is broken"
        found = built.findings(broken)
        equal({finding.rule for finding in found}, {variant.rule})
        assert any(finding.place.endswith(variant.place) for finding in found), f"{variant.place}: {found}"

    is_found.__name__ = f"{variant.name} is found"
    return is_found


def main():
    built = Built()
    held = [holds(built, function) for function in [*checks, *map(check_of, variants)]]
    print(f"{held.count(True)} passed, {held.count(False)} failed")
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
