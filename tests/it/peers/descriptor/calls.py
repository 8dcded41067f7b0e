"""Rules of what the descriptor runs: functions, their calls, and the entry points that lead to them."""

from .rules import is_java, rule, text, variables

FLAGS = ("valueByReference", "valueByReferenceAllowed", "valueByValueAllowed", "visible")


def calls(of):
    """Returns each call with the function it stands in and, where there is one, the function it calls."""
    for function in of.designed():
        for call in function.find("children"):
            target = call.find("target")
            is_own = target.get("targetDomainId") == of.id
            yield function, call, of.functions.get(target.get("targetId")) if is_own else None


@rule("call target")
def a_call_leads_to_a_function_of_the_module(of):
    """The signatures of STARFACE's own functions are not known, so the module calls none."""
    for _, call, target in calls(of):
        if target is None:
            yield call, f"there is no function {call.find('target').get('targetId')}"


@rule("call signature")
def a_call_has_the_variables_of_its_target_in_their_order(of):
    for _, call, target in calls(of):
        for part in ("inputVars", "outputVars"):
            given, wanted = ([(one.get("id"), one.get("type")) for one in variables(where, part)]
                             for where in (call, target if target is not None else call))
            if given != wanted:
                yield call.find(part), f"{given} and not {wanted}"


@rule("value reference")
def what_a_call_refers_to_is_a_variable_of_its_function_or_of_the_page(of):
    for function, call, _ in calls(of):
        known = {one.get("id") for part in ("inputVars", "outputVars") for one in variables(function, part)}
        known |= of.variables.keys()
        given = [one for one in variables(call, "inputVars") if one.get("valueByReference") == "true"]
        taken = [one for one in variables(call, "outputVars") if text(one, "value")]
        for one in given + taken:
            if text(one, "value") not in known:
                yield one, f"there is no variable {text(one, 'value')}"


@rule("variable flags")
def a_variable_is_given_by_value_or_by_reference_as_in_every_descriptor(of):
    """An "x" is either. Java functions are not listed: theirs are as their annotations say."""
    for function in of.designed():
        for one in variables(function, "inputVars"):
            yield from flags(one, "ttft" if one.get("type") == "MAP" else "fttt")
        for one in variables(function, "outputVars"):
            yield from flags(one, "ttxt")
            if text(one, "value"):
                yield one, "an output has no value of its own"
    for _, call, _ in calls(of):
        for one in variables(call, "inputVars"):
            yield from flags(one, "tttf" if one.get("valueByReference") == "true" else "fxtf")
        for one in variables(call, "outputVars"):
            yield from flags(one, "xtff")


def flags(variable, expected):
    seen = "".join(variable.get(name)[0] for name in FLAGS)
    if any(wanted not in ("x", flag) for flag, wanted in zip(seen, expected)):
        yield variable, f"{', '.join(FLAGS)} are {seen} and not {expected}"


@rule("entry point target")
def an_entry_point_leads_to_a_designer_function(of):
    for point in of.points:
        if entered(of, point) is None:
            yield point, f"there is no designer function {point.find('functionReference').get('targetId')}"


@rule("entry point inputs")
def only_what_is_called_from_outside_has_inputs(of):
    for point in of.points:
        function = entered(of, point)
        if function is not None and point.tag != "rpcEntryPoint" and variables(function, "inputVars"):
            yield point, f"{function.get('name')} has inputs, that nothing gives it"


def entered(of, point):
    reference = point.find("functionReference")
    function = of.functions.get(reference.get("targetId")) if reference.get("targetDomainId") == of.id else None
    return None if function is None or is_java(function) else function


@rule("timer")
def a_timer_entry_point_names_a_timer(of):
    for point in of.module.iter("timerEntryPoint"):
        if point.get("referencedTimer") not in of.resources("timer"):
            yield point, f"there is no timer {point.get('referencedTimer')}"
        variable = of.variables.get(point.get("referencedVariable"))
        if point.get("referencedVariable") and (variable is None or variable.get("type") != "TIMER_SETTINGS"):
            yield point, f"there are no timer settings {point.get('referencedVariable')}"
