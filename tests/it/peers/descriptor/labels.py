"""Rules of the labels: their keys, languages and texts."""

from .rules import rule, text

LANGUAGES = ["en", "de", "es", "fr", "nl", "pl", "sv"]
LABELS = {
    "name": "NAME",
    "description": "DESCRIPTION",
    "listName": "LIST_NAME",
    "keyName": "HEADER_KEY",
    "valueName": "HEADER_VALUE",
}


def labelled(of):
    """Returns the module, its tabs and its widgets, each with the keys of its labels and the properties they name."""
    yield of.module, [(f"module.name{{{of.id}}}", "NAME")]
    for tab in of.module.iter("inputGUITabs"):
        yield tab, [(f"inputguitab.name{{{tab.get('id')}}}", "NAME")]
    for widget in of.widgets:
        prefix, suffix = f"inputguitab.{widget.tag.lower()}.", f"{{{widget.get('id')}}}"
        names = ["name", "description", *(name for name in list(LABELS)[2:] if widget.find(name) is not None)]
        yield widget, [(prefix + name + suffix, LABELS[name]) for name in names]


@rule("resource key")
def a_label_has_the_key_of_what_it_labels(of):
    for element, expected in labelled(of):
        seen = [(text(keys, "key"), text(keys, "propertyName")) for keys in element.findall("resourceKeys")]
        if seen != expected:
            yield element, f"{seen} and not {expected}"


@rule("languages")
def a_label_has_every_language_once(of):
    for keys in of.module.iter("resourceKeys"):
        languages = [text(entry, "key") for entry in keys.iter("entries")]
        if languages != LANGUAGES:
            yield keys, " ".join(languages)


@rule("translation")
def a_label_is_there_in_german_and_in_english(of):
    """Only a name must be there, but for that of an infotext or a line, which show none."""
    for element, _ in labelled(of):
        for keys in element.findall("resourceKeys"):
            texts = {text(entry, "key"): text(entry, "value") for entry in keys.iter("entries")}
            is_name = text(keys, "propertyName") == "NAME" and element.tag not in ("infotext", "line")
            is_wanted = is_name or any(texts.values())
            missing = [language for language in ("de", "en") if is_wanted and not texts.get(language, "").strip()]
            if missing:
                yield keys, f"no text for {' and '.join(missing)}"
