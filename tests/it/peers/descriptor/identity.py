"""Rules of the module's and its parts' identity."""

import hashlib
import re
from collections import Counter

from .elements import VALUES
from .rules import rule, text, variables


def sha1(words):
    return hashlib.sha1(words.encode()).hexdigest()


@rule("write hash")
def the_write_hash_is_that_of_a_module_without_password(of):
    if text(of.module, "writeHash") != sha1(of.id):
        yield of.module.find("writeHash"), f"not {sha1(of.id)}"


@rule("licence hash")
def the_licence_hash_is_that_of_a_module_that_is_not_sold(of):
    expected = sha1(of.id + of.module.get("lastChangedTime") + "STARFACE")
    if text(of.module, "noLicenseId") != expected:
        yield of.module.find("noLicenseId"), f"not {expected}"


@rule("id twice")
def no_id_stands_twice(of):
    """The ids of a Java function's variables are names of fields; what a call hands on has the ids of its target."""
    handed_on = {one for call in of.module.iter("functionCall") for one in call.iter("variable")}
    fields = {one: part for function in of.java() for part in function for one in part.iter("variable")}
    elements = [element for element in of.module.iter() if element.get("id") and element not in handed_on]
    counts = Counter((fields.get(element), element.get("id")) for element in elements)
    for element in elements:
        if counts[fields.get(element), element.get("id")] > 1:
            yield element, element.get("id")


@rule("function id")
def a_designer_function_and_its_variables_have_uuids_and_a_java_function_names(of):
    for function in of.designed():
        for one in (function, *variables(function, "inputVars"), *variables(function, "outputVars")):
            if not is_uuid(one.get("id")):
                yield one, f"{one.get('id')} is no UUID"
    for function in of.java():
        for one in (function, *variables(function, "inputVars"), *variables(function, "outputVars")):
            if one.get("id") != one.get("name") or not re.fullmatch(r"[A-Za-z_]\w*", one.get("id")):
                yield one, f"{one.get('id')} is not the name of the class or field"


@rule("class file")
def a_java_function_has_its_class_in_the_module_and_no_statements(of):
    for function in of.java():
        file = text(function, "implementationFile")
        if file != f"{function.get('id')}.class" or file not in of.files:
            yield function, f"{file} is not the file of {function.get('id')}, or is missing"
        if len(function.find("children")):
            yield function, "it has statements"


def is_uuid(value):
    return re.fullmatch(VALUES["uuid"], value) is not None
