"""Whether a descriptor's elements, attributes and values are those of tests/data/module-descriptor/elements.txt."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .tree import Finding

LIST = Path(__file__).resolve().parents[3] / "data/module-descriptor/elements.txt"
VALUES = {
    "text": ".*",
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "int": r"\d{1,13}",
    "millis": r"\d{12,13}",
    "bool": "true|false",
    "sha1": "[0-9a-f]{40}",
    "release": r"STARFACE \d+(\.\d+){3}",
}
TIMES = {"": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}
RULES = {
    "unknown element",
    "missing element",
    "too many elements",
    "element order",
    "unknown attribute",
    "missing attribute",
    "value",
    "uuid",
    "stray text",
}


class Shape(NamedTuple):
    """What an element may be: values by attribute, which of them may be missing, and what it holds.

    `times` has the least and the greatest number of each child by its tag, in their order.
    """

    attributes: dict
    optional: set
    times: dict
    is_ordered: bool
    text: str


LEAF = Shape({}, set(), {}, True, "text")


@cache
def shapes():
    """Returns the list's shapes by the names of the elements."""
    lines = [line for line in LIST.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    table = {name: [*columns, "", ""][:2] for name, *columns in (line.split("\t") for line in lines)}
    short = {name: table.pop(name)[0] for name in ("HEAD", "OBJ")}
    return {name: shape(*(expanded(column, short) for column in columns)) for name, columns in table.items()}


def expanded(column, short):
    return " ".join(short.get(word, word) for word in column.split(" "))


def shape(attributes, holds):
    pairs = [word.split("=", 1) for word in attributes.split()]
    optional = {name[:-1] for name, _ in pairs if name.endswith("?")}
    values = {name.rstrip("?"): value for name, value in pairs}
    if holds.startswith("= "):
        return Shape(values, optional, {}, True, holds[2:])
    if holds.startswith("~ "):
        return Shape(values, optional, {tag: TIMES["*"] for tag in holds[2:].split()}, False, None)
    return Shape(values, optional, dict(times(word) for word in holds.split()), True, None)


def times(word):
    tag, mark, least, comma, most = re.fullmatch(r"(\w+)([?*+]|\{(\d+)(,?)(\d*)\})?", word).groups()
    if not least:
        return tag, TIMES[mark or ""]
    return tag, (int(least), int(most) if most else None if comma else int(least))


def shape_of(path):
    """Returns the shape with the longest name that is the end of the path, a tuple of tags."""
    names = ("/".join(path[start:]) for start in range(len(path)))
    return next((shapes()[name] for name in names if name in shapes()), LEAF)


def findings(module, places):
    """Tells what is not as the list says."""
    if module.tag != "module":
        return [Finding("unknown element", "the text", f"the outermost element is {module.tag}")]
    found = []
    visit(module, ("module",), lambda rule, element, words: found.append(Finding(rule, places[element], words)))
    return found


def visit(element, path, tell):
    allowed = shape_of(path)
    check_attributes(element, allowed, tell)
    check_children(element, allowed, tell)
    check_text(element, allowed, tell)
    for child in element:
        if child.tag in allowed.times:
            visit(child, (*path, child.tag), tell)


def check_attributes(element, allowed, tell):
    for name, value in element.attrib.items():
        if name not in allowed.attributes:
            tell("unknown attribute", element, name)
        else:
            check_value(element, name, value, allowed.attributes[name], tell)
    for name in sorted(allowed.attributes.keys() - allowed.optional - element.attrib.keys()):
        tell("missing attribute", element, name)


def check_value(element, name, value, kind, tell):
    one_of = kind[1:-1].split("|") if kind.startswith("{") else None
    fits = value in one_of if one_of is not None else re.fullmatch(VALUES[kind], value, re.DOTALL)
    if not fits:
        tell("uuid" if kind == "uuid" else "value", element, f"{name} is {value!r} and not {kind}")


def check_children(element, allowed, tell):
    tags = [child.tag for child in element]
    for child in element:
        if child.tag not in allowed.times:
            tell("unknown element", child, f"{element.tag} holds no {child.tag}")
    for tag, (least, most) in allowed.times.items():
        if tags.count(tag) < least:
            tell("missing element", element, f"{tags.count(tag)} of {tag}, not {least}")
        if most is not None and tags.count(tag) > most:
            tell("too many elements", element, f"{tags.count(tag)} of {tag}, not {most}")
    known = [tag for tag in tags if tag in allowed.times]
    if allowed.is_ordered and known != sorted(known, key=list(allowed.times).index):
        tell("element order", element, " ".join(tags))


def check_text(element, allowed, tell):
    if allowed.text is not None:
        return check_value(element, "the text", element.text or "", allowed.text, tell)
    for text in (element.text, *(child.tail for child in element)):
        if text and text.strip():
            tell("stray text", element, text.strip())
