"""A descriptor's text as a tree, and what is found wrong with it."""

import xml.etree.ElementTree as ElementTree
from typing import NamedTuple

PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class Finding(NamedTuple):
    """What is wrong: the rule that is broken, where, and in words."""

    rule: str
    place: str
    words: str


def read(content):
    """Returns the element that the bytes hold, or None, and the findings about the text itself."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [Finding("xml", "the text", str(error))]
    if not text.startswith(PROLOG) or "\r" in text or "<!DOCTYPE" in text:
        return None, [Finding("prolog", "the text", f"not the first line of every descriptor, and \\n: {text[:60]!r}")]
    try:
        return ElementTree.fromstring(text), []
    except ElementTree.ParseError as error:
        return None, [Finding("xml", "the text", str(error))]


def write(module):
    """Returns the bytes that the element is written as."""
    return (PROLOG + ElementTree.tostring(module, encoding="unicode") + "\n").encode()


def places(module):
    """Returns for each element, by its identity, the way to it: tags with names or, among others alike, numbers."""
    found = {module: "module"}
    for element in module.iter():
        for child in element:
            alike = [one for one in element if one.tag == child.tag]
            named = f' "{child.get("name")}"' if child.get("name") else ""
            counted = f"[{alike.index(child)}]" if len(alike) > 1 and not named else ""
            found[child] = f"{found[element]}/{child.tag}{named}{counted}"
    return found
