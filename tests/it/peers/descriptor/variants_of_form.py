"""Variants whose text, elements, values or ids are not those of a descriptor."""

from xml.etree import ElementTree

from .variants import CALL, DIENST, INFO, call, dienst, elements, info, java, one, text

# The text.


@text("prolog")
def a_text_with_a_byte_order_mark(content):
    return "\ufeff" + content


@text("prolog")
def a_text_with_carriage_returns(content):
    return content.replace("\n", "\r\n")


@text("prolog")
def a_text_with_entities_of_its_own(content):
    return content.replace("<module ", "<!DOCTYPE module>\n<module ", 1)


@text("xml")
def a_text_that_ends_too_soon(content):
    return content[: len(content) // 2]


@text("unknown element")
def a_text_of_something_else(content):
    return content.replace("<module ", "<modul ", 1).replace("</module>", "</modul>", 1)


# Elements, attributes and values.


@elements("element order", DIENST)
def an_element_out_of_order(module):
    dienst(module).insert(0, dienst(module)[-1])
    del dienst(module)[-1]


@elements("missing element", CALL)
def a_call_without_target(module):
    call(module).remove(call(module).find("target"))


@elements("missing element", DIENST + "/resourceKeys[0]")
def a_label_that_lacks_a_language(module):
    keys = dienst(module).find("resourceKeys")
    keys.remove(keys[6])


@elements("too many elements", "module")
def a_second_write_hash(module):
    module.append(module.find("writeHash"))


@elements("unknown element", DIENST + "/colour")
def an_element_that_no_descriptor_has(module):
    ElementTree.SubElement(dienst(module), "colour")


@elements("unknown element", "module/agiKernelEntryPoint")
def an_element_where_it_does_not_belong(module):
    ElementTree.SubElement(module, "agiKernelEntryPoint")


@elements("stray text", "module/entryPoints")
def words_between_elements(module):
    module.find("entryPoints")[0].tail = "and"


@elements("missing attribute", DIENST)
def a_widget_without_length(module):
    del dienst(module).attrib["maxLength"]


@elements("unknown attribute", DIENST)
def a_widget_of_a_width(module):
    dienst(module).set("width", "7")


@elements("value", "module")
def a_module_of_another_form(module):
    module.set("specVersion", "6")


@elements("value", "module")
def a_module_of_another_type(module):
    module.set("moduleType", "BASIC")


@elements("value", 'variable "GUI_DIENST"')
def a_variable_of_a_type_that_there_is_not(module):
    one(module, "variable", "GUI_DIENST").set("type", "PASSWORD")


@elements("value", INFO + "/type")
def an_entry_point_for_everybody(module):
    info(module).find("type").text = "XMLINFO_noauth"


@elements("value", 'lifeCycleEntryPoint "PageChanged"/stage')
def a_stage_that_there_is_not(module):
    one(module, "lifeCycleEntryPoint").find("stage").text = "InstanceSaved"


@elements("value", "module/disabled")
def neither_yes_nor_no(module):
    module.find("disabled").text = "no"


@elements("value", "module/writeHash")
def no_write_hash(module):
    module.find("writeHash").text = None


@elements("uuid", INFO)
def an_id_that_is_no_uuid(module):
    info(module).set("id", "info")


# Identity.


@elements("write hash", "module/writeHash")
def the_write_hash_of_another_module(module):
    module.find("writeHash").text = "0" * 40


@elements("licence hash", "module/noLicenseId")
def a_licence_hash_of_another_time(module):
    module.set("lastChangedTime", str(int(module.get("lastChangedTime")) + 1))


@elements("id twice", INFO)
def an_id_of_something_else(module):
    info(module).set("id", one(module, "rpcEntryPoint", "getConfig").get("id"))


@elements("function id", 'function "info"/inputVars/variable "Key"')
def a_designer_function_whose_variable_has_a_name_for_an_id(module):
    variable = one(module, "function", "info").find("inputVars")[0]
    call(module).find("inputVars")[1].find("value").text = "Key"
    variable.set("id", "Key")


@elements("function id", 'function "Answer"')
def a_java_function_of_another_name_than_its_class(module):
    java(module).set("name", "Answer")


@elements("class file", 'function "EntryPoint"')
def a_java_function_whose_class_is_not_in_the_module(module):
    java(module).find("implementationFile").text = "Missing.class"


@elements("class file", 'function "EntryPoint"')
def a_java_function_with_statements(module):
    called, function = call(module), java(module)
    one(module, "function", "info").find("children").remove(called)
    function.find("children").append(called)
