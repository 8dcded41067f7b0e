"""Rules of the page: widgets, the variables they show, and resources."""

import re
from collections import Counter

from .rules import rule, text

# The variables that widgets show; the others show none.
TYPES = {
    "textInput": "STRING",
    "passwordInput": "STRING",
    "numberInput": "NUMBER",
    "checkbox": "BOOLEAN",
    "textChoice": "STRING",
    "numberChoice": "NUMBER",
    "groupSelection": "STARFACE_GROUP",
    "userSelection": "STARFACE_USER",
    "textList": "LIST",
    "numberList": "LIST",
    "keyValueMap": "MAP",
    "timerSettingsInput": "TIMER_SETTINGS",
    "uploadFileInput": "FILE_RESOURCE",
    "DateTimeInput": "DATE_TIME",
}
SHOWING_NOTHING = {"headline", "infotext", "line"}
# The variables whose value is the id of a resource, which the widget's default does not repeat.
RESOURCES = {"LIST": "listResource", "MAP": "mapResource", "TIMER_SETTINGS": "timer"}
DEFAULTS = {
    "checkbox": "(true|false)?",
    "numberInput": r"\d*",
    "numberChoice": r"\d+",
    "groupSelection": r"\d*",
    "userSelection": r"\d*",
    "DateTimeInput": r"\d*",
}


def shown(of):
    """Returns each widget that shows a variable of the module, with that variable."""
    pairs = ((widget, of.variables.get(widget.get("variableId"))) for widget in of.widgets if widget.tag in TYPES)
    return [(widget, variable) for widget, variable in pairs if variable is not None]


@rule("widget variable")
def every_variable_of_the_page_is_shown_once_and_every_widget_shows_one(of):
    for widget in of.widgets:
        is_known = widget.get("variableId") in of.variables
        if is_known != (widget.tag in TYPES):
            yield widget, f"variable {widget.get('variableId')} is {'one' if is_known else 'none'} of the module's"
    counts = Counter(variable.get("id") for _, variable in shown(of))
    yield from ((of.variables[id], f"shown {counts[id]} times") for id in of.variables if counts[id] != 1)


@rule("widget type")
def a_widget_shows_a_variable_of_its_type(of):
    for widget, variable in shown(of):
        if variable.get("type") != TYPES[widget.tag]:
            yield widget, f"{variable.get('name')} is a {variable.get('type')} and no {TYPES[widget.tag]}"


@rule("widget default")
def a_widget_and_its_variable_have_the_same_default(of):
    for widget, variable in shown(of):
        if variable.get("type") not in RESOURCES and text(widget, "defaultValue") != text(variable, "value"):
            yield widget, f"{text(widget, 'defaultValue')!r} and not {text(variable, 'value')!r}"


@rule("default value")
def a_default_is_one_that_the_widget_can_show(of):
    for widget in of.widgets:
        if not re.fullmatch(DEFAULTS.get(widget.tag, ".*"), text(widget, "defaultValue"), re.DOTALL):
            yield widget, repr(text(widget, "defaultValue"))


@rule("selection")
def the_default_of_a_choice_is_the_selected_one(of):
    for widget in of.widgets:
        if widget.find("choices") is None:
            continue
        choices = [choice.text or "" for choice in widget.find("choices")]
        selected = choices[int(text(widget, "defaultSelection")):][:1]
        if selected != [text(widget, "defaultValue")]:
            yield widget, f"{text(widget, 'defaultValue')!r} is the default and {selected} selected"
        if len(set(choices)) < len(choices):
            yield widget, "a choice stands twice"


@rule("secret")
def secrets_alone_are_shown_as_passwords(of):
    for widget, variable in shown(of):
        if (widget.tag == "passwordInput") != (variable.get("name") in of.secrets):
            yield widget, f"{variable.get('name')} is shown by a {widget.tag}"


@rule("resource")
def a_variable_of_many_values_names_its_resource(of):
    for variable in of.variables.values():
        tag = RESOURCES.get(variable.get("type"))
        if tag and text(variable, "value") not in of.resources(tag):
            yield variable, f"there is no {tag} {text(variable, 'value')!r}"
