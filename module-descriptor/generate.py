#!/usr/bin/env python3
"""Makes module-descriptor.xml of fields.toml. With --check it only tells whether the file is up to date.

Needs Python 3 alone. The descriptor is checked in, so that building the module needs no Python.
"""

import ast
import hashlib
import re
import sys
import uuid
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

FOLDER = Path(__file__).resolve().parent
FIELDS = FOLDER / "fields.toml"
DESCRIPTOR = FOLDER / "module-descriptor.xml"

# Every id is derived from this and a name, so that none ever changes: a site's values hang on them.
NAMESPACE = uuid.UUID("c3562a2c-ed4d-4297-84e3-24d8b0fff89b")

# The lowest version that may read the file; newer ones read older files.
CREATED_WITH = "STARFACE 7.3.0.5"

# Constant for ever, as what it dates is never made anew.
CREATED_AT = "1795651200000"

LOCALES = ["en", "de", "es", "fr", "nl", "pl", "sv"]

ENTRY_POINTS = [
    "info",
    "getConfig",
    "getMembers",
    "getStates",
    "applyStates",
    "getRedirects",
    "applyRedirects",
    "drainEvents",
]

# The variables of the Java function behind the entry points: id, type, description.
METHOD = ("Method", "STRING", "The name of the entry point.")
INPUTS = [
    ("Key", "STRING", "The connector key of the page."),
    ("Owner", "STRING", "The random id of the caller."),
    ("Seq", "STRING", "A number that rises with every call of the caller."),
    ("Params", "OBJECT", "A struct of strings and structs."),
]
OUTPUTS = [
    ("Success", "BOOLEAN", "Whether the call was carried out."),
    ("Errormessage", "STRING", "Why it was not."),
    ("Data", "MAP", "A struct of strings and structs."),
]

# Java functions without variables: name, what they do.
JAVA_FUNCTIONS = [
    ("EndByCall", "Answers a call, ends the caller's appointment early and hangs up."),
    ("PageChanged", "Tells the service that the page was saved."),
    ("InstanceDeleted", "Puts back at once what the service has put."),
    ("EveryMinute", "Puts back what a service that has fallen silent has put."),
]

# What the kinds of widgets have in addition to the common part.
WIDGETS_WITH_LENGTH = {"textInput", "passwordInput", "numberInput", "textChoice", "textList"}
WIDGET_TYPES = {
    "textInput": "STRING",
    "passwordInput": "STRING",
    "numberInput": "NUMBER",
    "checkbox": "BOOLEAN",
    "textChoice": "STRING",
    "groupSelection": "STARFACE_GROUP",
    "userSelection": "STARFACE_USER",
    "textList": "LIST",
    "headline": None,
    "infotext": None,
}


class Wrong(Exception):
    """Something in fields.toml that no descriptor can be made of."""


def read_fields():
    """Reads the simple subset of TOML that the file keeps to."""
    tables = []
    for number, line in enumerate(FIELDS.read_text(encoding="utf-8").splitlines(), 1):
        table = re.fullmatch(r"\[{1,2}(module|tab|row)\]{1,2}", line)
        pair = re.fullmatch(r"(\w+) = (.+)", line)
        if table:
            tables.append((table[1], {"line": number}))
        elif pair and tables:
            tables[-1][1][pair[1]] = ast.literal_eval(pair[2])
        elif line and not line.startswith("#"):
            raise Wrong(f"line {number}: neither a table nor a pair of key and value")
    by_kind = {"module": [], "tab": [], "row": []}
    for kind, table in tables:
        by_kind[kind].append(table)
    for row in by_kind["row"]:
        check_row(row)
    ids = [row["id"] for row in by_kind["row"]]
    if len(ids) != len(set(ids)):
        raise Wrong("an id stands twice")
    return by_kind["module"][0], by_kind["tab"], by_kind["row"]


def check_row(row):
    where = f"line {row['line']}"
    if row["widget"] not in WIDGET_TYPES or row.get("type") != WIDGET_TYPES[row["widget"]]:
        raise Wrong(f"{where}: a {row['widget']} has no variable of type {row.get('type')}")
    if row["widget"] == "textChoice":
        if len(row["choices"]) != len(row["values"]) or row["default"] not in row["choices"]:
            raise Wrong(f"{where}: choices, values and default do not fit")
    if row.get("type") == "BOOLEAN" and row["default"] not in ("true", "false"):
        raise Wrong(f"{where}: a box is ticked or not")


def id_of(kind, name):
    return str(uuid.uuid5(NAMESPACE, f"{kind}:{name}"))


class Xml:
    """Writes elements one under the other."""

    def __init__(self):
        self.lines = ['<?xml version="1.0" encoding="UTF-8" standalone="yes"?>']
        self.depth = 0

    def leaf(self, tag, text="", **attributes):
        opened = self._opened(tag, attributes)
        self._line(f"<{opened}>{escape(text)}</{tag}>" if text else f"<{opened}/>")

    def open(self, tag, **attributes):
        self._line(f"<{self._opened(tag, attributes)}>")
        self.depth += 1
        return self

    def close(self, tag):
        self.depth -= 1
        self._line(f"</{tag}>")

    def text(self):
        return "\n".join(self.lines) + "\n"

    def _line(self, line):
        self.lines.append("    " * self.depth + line)

    @staticmethod
    def _opened(tag, attributes):
        return " ".join([tag, *(f"{name}={quoteattr(value)}" for name, value in sorted(attributes.items()))])


def common(name, **attributes):
    """The attributes that functions, statements, tabs and widgets share."""
    shared = {"createTime": CREATED_AT, "name": name, "specVersion": "0", "vendor": "", "version": "0"}
    return {**shared, **attributes}


def head(xml, description=""):
    xml.leaf("description", description)
    xml.leaf("descriptionURL")
    xml.leaf("disabled", "false")


def resource_keys(xml, key, property_name, de, en):
    xml.open("resourceKeys")
    for locale in LOCALES:
        xml.open("entries")
        xml.leaf("key", locale)
        text = {"en": en, "de": de}.get(locale)
        if text:
            xml.leaf("value", text)
        xml.close("entries")
    xml.leaf("key", key)
    xml.leaf("propertyName", property_name)
    xml.close("resourceKeys")


def variable(xml, name, kind, id, flags, value="", description=""):
    """Writes a variable of a function or statement; the flags: by reference, this allowed, by value allowed, visible."""
    names = ["valueByReference", "valueByReferenceAllowed", "valueByValueAllowed", "visible"]
    attributes = dict(zip(names, ("true" if flag else "false" for flag in flags)))
    xml.open("variable", id=id, label=name, name=name, type=kind, **attributes)
    xml.leaf("description", description)
    xml.leaf("value", value)
    xml.close("variable")


def page_variables(xml, rows):
    xml.open("inputVars")
    for row in rows:
        if "type" not in row:
            continue
        flags = {"valueByReference": "false", "valueByReferenceAllowed": "false", "valueByValueAllowed": "true"}
        xml.open("variable", id=id_of("variable", row["id"]), name=row["id"], type=row["type"], visible="true", **flags)
        xml.leaf("accessRights", "Read")
        xml.leaf("value", id_of("list", row["id"]) if row["type"] == "LIST" else row["default"])
        xml.close("variable")
    xml.close("inputVars")


def resources(xml, rows):
    xml.open("resources")
    xml.leaf("timer", id=id_of("timer", "minute"), multiplikator="1", period="Minute", startTime=CREATED_AT)
    for row in rows:
        if row.get("type") == "LIST":
            xml.open("listResource", id=id_of("list", row["id"]))
            xml.leaf("values")
            xml.close("listResource")
    xml.close("resources")


def functions(xml, module):
    xml.open("children")
    for name in ENTRY_POINTS:
        rpc_wrapper(xml, module, name)
    for name, description in JAVA_FUNCTIONS:
        plain_wrapper(xml, module, name, description)
    java_function(xml, "EntryPoint", "Answers one entry point.", [METHOD, *INPUTS], OUTPUTS)
    for name, description in JAVA_FUNCTIONS:
        java_function(xml, name, description, [], [])
    xml.close("children")


def rpc_wrapper(xml, module, name):
    xml.open("function", **common(name, id=id_of("function", name), visibility="Private"))
    head(xml)
    xml.open("inputVars")
    for input_name, kind, _ in INPUTS:
        variable(xml, input_name, kind, id_of(f"{name}.in", input_name), (False, True, True, True))
    xml.close("inputVars")
    xml.open("outputVars")
    for output_name, kind, _ in OUTPUTS:
        variable(xml, output_name, kind, id_of(f"{name}.out", output_name), (True, True, False, True))
    xml.close("outputVars")
    xml.leaf("resources")
    xml.open("children")
    inputs = [(METHOD[0], METHOD[1], (False, True, True, False), name)]
    inputs += [(one, kind, (True, True, True, False), id_of(f"{name}.in", one)) for one, kind, _ in INPUTS]
    outputs = [(one, kind, (False, True, False, False), id_of(f"{name}.out", one)) for one, kind, _ in OUTPUTS]
    function_call(xml, module, name, "EntryPoint", inputs, outputs)
    xml.close("children")
    xml.close("function")


def plain_wrapper(xml, module, name, description):
    xml.open("function", **common(f"on{name}", id=id_of("function", f"on{name}"), visibility="Private"))
    head(xml, description)
    for part in ("inputVars", "outputVars", "resources"):
        xml.leaf(part)
    xml.open("children")
    function_call(xml, module, f"on{name}", name, [], [])
    xml.close("children")
    xml.close("function")


def function_call(xml, module, caller, target, inputs, outputs):
    xml.open("functionCall", **common(target, id=id_of("functionCall", caller)))
    head(xml)
    for part, variables in (("inputVars", inputs), ("outputVars", outputs)):
        if not variables:
            xml.leaf(part)
            continue
        xml.open(part)
        for name, kind, flags, value in variables:
            variable(xml, name, kind, name, flags, value)
        xml.close(part)
    xml.leaf("resources")
    domain = id_of("module", module["id"])
    xml.leaf("target", targetDomainId=domain, targetId=target, targetName=target, targetVersion="0")
    xml.close("functionCall")


def java_function(xml, name, description, inputs, outputs):
    xml.open("function", **common(name, id=name, visibility="Private"))
    head(xml, description)
    for part, variables, flags in (
        ("inputVars", inputs, (False, True, True, True)),
        ("outputVars", outputs, (True, True, False, True)),
    ):
        if not variables:
            xml.leaf(part)
            continue
        xml.open(part)
        for one, kind, what in variables:
            variable(xml, one, kind, one, flags, description=what)
        xml.close(part)
    xml.leaf("resources")
    xml.leaf("children")
    xml.leaf("implementationFile", f"{name}.class")
    xml.close("function")


def entry_points(xml, module):
    xml.open("entryPoints")
    for name, stage in (("PageChanged", "InstanceChanged"), ("InstanceDeleted", "InstanceDeleted")):
        xml.open("lifeCycleEntryPoint", id=id_of("entryPoint", name), name=name)
        function_reference(xml, module, f"on{name}")
        xml.leaf("stage", stage)
        xml.close("lifeCycleEntryPoint")
    timer = id_of("timer", "minute")
    xml.open("timerEntryPoint", id=id_of("entryPoint", "EveryMinute"), name="EveryMinute", referencedTimer=timer)
    function_reference(xml, module, "onEveryMinute")
    xml.close("timerEntryPoint")
    for name in ENTRY_POINTS:
        xml.open("rpcEntryPoint", id=id_of("entryPoint", name), name=name)
        function_reference(xml, module, name)
        xml.leaf("type", "XMLRPC_auth")
        xml.close("rpcEntryPoint")
    # The one name that an administrator sees, where a number is assigned.
    xml.open("agiServiceEntryPoint", id=id_of("entryPoint", "EndByCall"), name="Termin vorzeitig beenden")
    function_reference(xml, module, "onEndByCall")
    xml.leaf("serviceScope", "INSTANCE")
    xml.close("agiServiceEntryPoint")
    xml.close("entryPoints")


def function_reference(xml, module, name):
    domain = id_of("module", module["id"])
    target = id_of("function", name)
    xml.leaf("functionReference", targetDomainId=domain, targetId=target, targetName=name, targetVersion="0")


def tab(xml, tab, rows):
    tab_id = id_of("tab", tab["id"])
    xml.open("inputGUITabs", **common(tab["de"], id=tab_id))
    head(xml)
    resource_keys(xml, f"inputguitab.name{{{tab_id}}}", "NAME", tab["de"], tab["en"])
    xml.open("GUIDescriptors")
    for row in rows:
        if row["tab"] == tab["id"]:
            widget(xml, row)
    xml.close("GUIDescriptors")
    xml.close("inputGUITabs")


def widget(xml, row):
    kind, widget_id = row["widget"], id_of("widget", row["id"])
    # What shows no variable still names one, that nothing else knows.
    bound = id_of("variable" if "type" in row else "unbound", row["id"])
    length = {"maxLength": "0"} if kind in WIDGETS_WITH_LENGTH else {}
    xml.open(kind, **common(row["de"], id=widget_id, variableId=bound, **length))
    head(xml, row.get("help_de", ""))
    prefix = f"inputguitab.{kind.lower()}"
    resource_keys(xml, f"{prefix}.name{{{widget_id}}}", "NAME", row["de"], row["en"])
    resource_keys(
        xml, f"{prefix}.description{{{widget_id}}}", "DESCRIPTION", row.get("help_de", ""), row.get("help_en", "")
    )
    if kind == "textList":
        resource_keys(xml, f"{prefix}.listName{{{widget_id}}}", "LIST_NAME", row["column_de"], row["column_en"])
    xml.leaf("defaultValue", row.get("default", ""))
    widget_extras(xml, row)
    xml.close(kind)


def widget_extras(xml, row):
    kind = row["widget"]
    if kind == "textChoice":
        xml.open("choices")
        for choice in row["choices"]:
            xml.leaf("choice", choice)
        xml.close("choices")
        xml.leaf("defaultSelection", str(row["choices"].index(row["default"])))
    elif kind == "numberInput":
        xml.leaf("validationRegexp", r"\d")
    elif kind == "textList":
        xml.leaf("elements")
        xml.leaf("listName", row["column_de"])


def sha1(text):
    return hashlib.sha1(text.encode()).hexdigest()


def descriptor():
    module, tabs, rows = read_fields()
    module_id = id_of("module", module["id"])
    released = datetime.fromisoformat(module["released"].replace("Z", "+00:00"))
    changed_at = str(int(released.timestamp()) * 1000)
    xml = Xml()
    xml.open(
        "module",
        createTime=CREATED_AT,
        id=module_id,
        lastChangedTime=changed_at,
        moduleType="EXTENDED",
        name=module["name"],
        specVersion="5",
        vendor=module["vendor"],
        version=str(module["version"]),
    )
    head(xml)
    page_variables(xml, rows)
    xml.leaf("outputVars")
    resources(xml, rows)
    functions(xml, module)
    xml.leaf("createdWith", CREATED_WITH)
    xml.leaf("defaultLocale", "en")
    xml.leaf("editable", "true")
    entry_points(xml, module)
    for one in tabs:
        tab(xml, one, rows)
    # The two hashes that the importer expects of a module that is not sold and has no password.
    xml.leaf("noLicenseId", sha1(module_id + changed_at + "STARFACE"))
    resource_keys(xml, f"module.name{{{module_id}}}", "NAME", module["name"], module["name_en"])
    xml.leaf("shortDescription")
    xml.leaf("writeHash", sha1(module_id))
    xml.close("module")
    return xml.text()


def main():
    try:
        made = descriptor()
    except (Wrong, KeyError, SyntaxError, ValueError) as error:
        sys.exit(f"generate.py: {FIELDS.name}: {error}")
    if sys.argv[1:] == ["--check"]:
        if DESCRIPTOR.read_text(encoding="utf-8") != made:
            sys.exit(f"generate.py: {DESCRIPTOR.name} is not what {FIELDS.name} makes; run generate.py and check it in")
    elif sys.argv[1:]:
        sys.exit("usage: generate.py [--check]")
    else:
        DESCRIPTOR.write_text(made, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
