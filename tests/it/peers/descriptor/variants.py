"""Broken variants of a sound descriptor, each with the one rule that must find it, and where."""

from typing import Callable, NamedTuple
from xml.etree import ElementTree

from . import tree


class Variant(NamedTuple):
    """A change that breaks a rule: what it makes of a descriptor's bytes, and the end of the place that is found."""

    name: str
    rule: str
    place: str
    broken: Callable


table = []

OTHER = "00000000-0000-4000-8000-000000000000"
DIENST = 'textChoice "Dienst"'
INFO = 'rpcEntryPoint "info"'
CALL = 'function "info"/children/functionCall "EntryPoint"'


def text(rule):
    """Lists a change of the text."""

    def listed(change):
        table.append(Variant(change.__name__, rule, "the text", lambda content: change(content.decode()).encode()))
        return change

    return listed


def elements(rule, place):
    """Lists a change of the elements."""

    def listed(change):
        def broken(content):
            module = ElementTree.fromstring(content)
            change(module)
            return tree.write(module)

        table.append(Variant(change.__name__, rule, place, broken))
        return change

    return listed


def one(module, tag, name=None):
    """Returns the first element with the tag, and the name."""
    return next(element for element in module.iter(tag) if name in (None, element.get("name")))


def dienst(module):
    return one(module, "textChoice", "Dienst")


def info(module):
    return one(module, "rpcEntryPoint", "info")


def call(module):
    """Returns the call behind the entry point info."""
    return one(one(module, "function", "info"), "functionCall")


def java(module):
    """Returns the function that this call leads to."""
    return next(function for function in module.iter("function") if function.get("id") == "EntryPoint")
