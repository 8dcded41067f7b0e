"""The rules that hold between the parts of a descriptor, and what they look things up in."""

from .tree import Finding

rules = {}


def rule(name):
    """Lists a function that yields, of a descriptor, each element that breaks the rule, and in words how."""

    def listed(function):
        assert name not in rules, name
        rules[name] = function
        return function

    return listed


class Descriptor:
    """The parts of a module whose elements are as they should be.

    `files` are the names of the files beside it in the .sfm, `secrets` those of the variables that no screen may show.
    """

    def __init__(self, module, files, secrets):
        self.module, self.files, self.secrets = module, files, secrets
        self.id = module.get("id")
        self.functions = {function.get("id"): function for function in module.find("children")}
        self.variables = {variable.get("id"): variable for variable in module.find("inputVars")}
        self.widgets = [widget for tab in module.iter("GUIDescriptors") for widget in tab]
        self.points = list(module.find("entryPoints"))

    def resources(self, tag):
        return {one.get("id") for one in self.module.find("resources").iter(tag)}

    def designed(self):
        return [function for function in self.functions.values() if not is_java(function)]

    def java(self):
        return [function for function in self.functions.values() if is_java(function)]

    def findings(self, places):
        return [
            Finding(name, places[element], words) for name, broken in rules.items() for element, words in broken(self)
        ]


def is_java(function):
    """A Java function names the file of its class; what a designer function does lies in the descriptor."""
    return function.find("implementationFile") is not None


def variables(element, part):
    return list(element.find(part))


def text(element, tag):
    return element.findtext(tag) or ""
