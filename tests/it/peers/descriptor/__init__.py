"""A validator for a module's descriptor: whether STARFACE can be expected to import it.

It knows nothing of this module. Its elements are held to tests/data/module-descriptor, what lies between them to rules.
"""

# Importing them lists their rules.
from . import calls, elements, identity, labels, page, tree  # noqa: F401
from .rules import Descriptor, rules

RULES = {"xml", "prolog", *elements.RULES, *rules}


def findings(content, files, secrets):
    """Returns what is wrong with a descriptor, given as bytes, as a list of findings; nothing else is ever raised.

    The parts of one whose elements are wrong are not held against each other: that would only tell the same again.
    """
    module, found = tree.read(content)
    if module is None:
        return found
    places = tree.places(module)
    found = elements.findings(module, places)
    return found or Descriptor(module, files, secrets).findings(places)
