"""Who is let in."""

from xmlrpc.client import Fault, loads

from .host import ANNA, BEAT, INSTANCE, KEY, LOGIN, check, done, equal


@check
def a_call_without_the_right_key_is_refused_whatever_it_asks(host):
    for name in ("info", "getConfig", "getMembers", "getStates", "applyStates", "getRedirects", "applyRedirects"):
        for key in ("", "x", KEY + " ", KEY.lower()):
            answer = host.call(name, {ANNA: {"chatPresence": "AWAY"}}, "one", 1, key)
            equal(answer, {"Success": False, "Errormessage": "key", "Data": {}})
    answer = host.call("drainEvents", {"wait": "25"}, key="")
    equal(answer["Errormessage"], "key")
    equal(host.raw("info", {})["Errormessage"], "key")
    equal(host.shows()["presence"], "AVAILABLE")
    equal(host.data("info")["owner"], "")


@check
def an_empty_key_on_the_page_refuses_everything(host):
    for key in ("", " "):
        host.tell("field", "GUI_CONNECTOR_KEY", key)
        equal(host.call("info", key=key)["Errormessage"], "key")


@check
def a_call_without_the_right_token_meets_the_log_in_page(host):
    for token in ("", f"{LOGIN}:x"):
        status, text = host.post(f"{INSTANCE}.info", {}, token=token)
        assert status == 200 and text.startswith("<!DOCTYPE html>"), text


@check
def what_is_no_entry_point_is_a_fault_with_code_0(host):
    for method, argument in ((f"{INSTANCE}.onPageChanged", {}), ("Other.info", {}), (f"{INSTANCE}.info", "x")):
        _, text = host.post(method, argument)
        try:
            loads(text)
        except Fault as fault:
            equal(fault.faultCode, 0)
        else:
            raise AssertionError(f"{method} answered {text}")


@check
def members_of_a_call_that_are_missing_or_of_another_type_do_no_harm(host):
    equal(host.raw("info", {"Key": KEY})["Success"], True)
    for params in ("", "x", 7, True, [1], {"accounts": ["1"]}):
        equal(host.raw("getStates", {"Key": KEY, "Params": params})["Errormessage"], "accounts")
    answer = host.raw("applyStates", {"Key": KEY, "Owner": 5, "Seq": 7, "Params": {ANNA: {"doNotDisturb": True}}})
    equal(answer["Data"], {ANNA: {"doNotDisturb": done("true")}})
    equal(host.data("info")["lastSeq"], "7")
    answer = host.raw("applyStates", {"Key": KEY, "Owner": "5", "Seq": "8", "Params": {ANNA: "x", "y": {}}})
    equal(answer["Data"], {ANNA: {}})
