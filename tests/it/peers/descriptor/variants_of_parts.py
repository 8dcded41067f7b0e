"""Variants whose parts do not fit each other."""

from .variants import CALL, DIENST, INFO, OTHER, call, dienst, elements, info, java, one

# Calls.


@elements("call target", CALL)
def a_call_of_a_function_that_there_is_not(module):
    call(module).find("target").set("targetId", "Missing")


@elements("call target", CALL)
def a_call_of_another_modules_function(module):
    call(module).find("target").set("targetDomainId", "starface.system")


@elements("call signature", CALL + "/inputVars")
def a_call_that_lacks_a_variable(module):
    inputs = call(module).find("inputVars")
    inputs.remove(inputs[0])


@elements("call signature", CALL + "/inputVars")
def a_call_with_a_variable_of_another_type(module):
    call(module).find("inputVars")[0].set("type", "NUMBER")


@elements("call signature", CALL + "/outputVars")
def a_call_with_variables_in_another_order(module):
    outputs = call(module).find("outputVars")
    outputs.append(outputs[0])
    del outputs[0]


@elements("value reference", CALL + '/inputVars/variable "Key"')
def a_value_by_reference_to_nothing(module):
    one(call(module), "variable", "Key").find("value").text = OTHER


@elements("value reference", CALL + '/inputVars/variable "Key"')
def a_value_by_reference_to_another_functions_variable(module):
    others = one(module, "function", "getConfig").find("inputVars")
    one(call(module), "variable", "Key").find("value").text = others[0].get("id")


@elements("value reference", CALL + '/outputVars/variable "Data"')
def a_result_that_goes_nowhere(module):
    one(call(module), "variable", "Data").find("value").text = OTHER


@elements("variable flags", 'function "info"/inputVars/variable "Params"')
def an_input_that_must_be_a_reference(module):
    one(one(module, "function", "info"), "variable", "Params").set("valueByReference", "true")


@elements("variable flags", CALL + '/inputVars/variable "Method"')
def a_variable_of_a_call_that_is_visible(module):
    one(call(module), "variable", "Method").set("visible", "true")


@elements("variable flags", CALL + '/outputVars/variable "Success"')
def a_result_that_is_taken_by_value(module):
    one(call(module), "variable", "Success").set("valueByValueAllowed", "true")


@elements("variable flags", 'function "info"/outputVars/variable "Success"')
def a_result_that_has_a_value_beforehand(module):
    one(one(module, "function", "info").find("outputVars"), "variable", "Success").find("value").text = "true"


# Entry points.


@elements("entry point target", INFO)
def an_entry_point_to_a_function_that_there_is_not(module):
    info(module).find("functionReference").set("targetId", OTHER)


@elements("entry point target", INFO)
def an_entry_point_to_a_function_of_another_module(module):
    info(module).find("functionReference").set("targetDomainId", OTHER)


@elements("uuid", INFO + "/functionReference")
def an_entry_point_to_a_java_function(module):
    info(module).find("functionReference").set("targetId", java(module).get("id"))


@elements("entry point inputs", 'lifeCycleEntryPoint "PageChanged"')
def a_stage_that_runs_a_function_with_inputs(module):
    target = info(module).find("functionReference").get("targetId")
    one(module, "lifeCycleEntryPoint").find("functionReference").set("targetId", target)


@elements("timer", 'timerEntryPoint "EveryMinute"')
def a_timer_that_there_is_not(module):
    one(module, "timerEntryPoint").set("referencedTimer", OTHER)


@elements("timer", 'timerEntryPoint "EveryMinute"')
def timer_settings_that_are_a_choice(module):
    one(module, "timerEntryPoint").set("referencedVariable", dienst(module).get("variableId"))


# The page.


@elements("widget variable", DIENST)
def a_widget_of_a_variable_that_there_is_not(module):
    dienst(module).set("variableId", OTHER)


@elements("widget variable", 'module/inputVars/variable "GUI_APP_ID"')
def a_variable_that_is_shown_twice_and_one_that_never_is(module):
    shown, hidden = one(module, "textInput", "App-Tenant-ID"), one(module, "textInput", "App-ID")
    hidden.set("variableId", shown.get("variableId"))


@elements("widget variable", 'headline "Alarme"')
def a_headline_of_a_variable(module):
    one(module, "headline", "Alarme").set("variableId", dienst(module).get("variableId"))


@elements("widget type", 'checkbox "Ignoriere: Gebucht"')
def a_box_for_a_number(module):
    one(module, "variable", "GUI_IGN_BUSY").set("type", "NUMBER")


@elements("widget default", 'checkbox "Ignoriere: Gebucht"')
def a_box_that_is_not_ticked_as_its_variable_says(module):
    one(module, "checkbox", "Ignoriere: Gebucht").find("defaultValue").text = "true"


@elements("default value", 'checkbox "Ignoriere: Gebucht"')
def a_box_that_is_neither_ticked_nor_not(module):
    one(module, "checkbox", "Ignoriere: Gebucht").find("defaultValue").text = "Ja"
    one(module, "variable", "GUI_IGN_BUSY").find("value").text = "Ja"


@elements("selection", DIENST)
def a_selection_beyond_the_last_choice(module):
    dienst(module).find("defaultSelection").text = "2"


@elements("selection", DIENST)
def a_selection_of_another_choice_than_the_default(module):
    dienst(module).find("defaultSelection").text = "1"


@elements("selection", DIENST)
def a_choice_that_stands_twice(module):
    dienst(module).find("choices")[1].text = "Starten"


@elements("secret", 'textInput "App-ID"')
def a_secret_shown_in_a_text_field(module):
    secret, open_one = one(module, "passwordInput", "App-Secret"), one(module, "textInput", "App-ID")
    ids = secret.get("variableId"), open_one.get("variableId")
    open_one.set("variableId", ids[0])
    secret.set("variableId", ids[1])


@elements("resource", 'variable "GUI_KATEGORIEN_ENTFERNEN"')
def a_list_without_its_resource(module):
    one(module, "variable", "GUI_KATEGORIEN_ENTFERNEN").find("value").text = OTHER


@elements("resource", 'variable "GUI_KATEGORIEN_ENTFERNEN"')
def a_list_whose_resource_is_a_timer(module):
    one(module, "variable", "GUI_KATEGORIEN_ENTFERNEN").find("value").text = one(module, "timer").get("id")


# Labels.


def name_in(module, language):
    """Returns the entry that names the widget Dienst in the language."""
    entries = dienst(module).find("resourceKeys").iter("entries")
    return next(entry for entry in entries if entry.findtext("key") == language)


@elements("resource key", DIENST)
def a_label_of_another_widget(module):
    dienst(module).find("resourceKeys").find("key").text = f"inputguitab.textchoice.name{{{OTHER}}}"


@elements("resource key", DIENST)
def a_label_of_another_property(module):
    dienst(module).find("resourceKeys").find("propertyName").text = "DESCRIPTION"


@elements("languages", DIENST + "/resourceKeys[0]")
def a_label_in_another_language(module):
    name_in(module, "sv").find("key").text = "it"


@elements("translation", DIENST + "/resourceKeys[0]")
def a_label_without_its_german_text(module):
    entry = name_in(module, "de")
    entry.remove(entry.find("value"))


@elements("translation", DIENST + "/resourceKeys[0]")
def a_label_whose_english_text_is_blank(module):
    name_in(module, "en").find("value").text = " "


@elements("translation", DIENST + "/resourceKeys[1]")
def a_help_that_is_there_in_german_alone(module):
    entries = dienst(module).findall("resourceKeys")[1].iter("entries")
    entry = next(entry for entry in entries if entry.findtext("key") == "en")
    entry.remove(entry.find("value"))
