"""The call, the log and the end of an instance."""

from .host import ANNA, INSTANCE, KEY, Waiting, check, equal, presence, put, redirect, to, with_numbers


@check
def a_member_who_dials_the_number_is_answered_for_a_second(host):
    host.tell("dial-end", "channel-7", ANNA)
    dump = host.tell("dump")
    equal(dump["deeds"][-2:], ["answer channel-7", "hang up channel-7"])
    equal(dump["pauses"], [1_000])
    equal(host.events(), [("end", ANNA)])


@check
def a_stranger_who_dials_the_number_is_not_answered(host):
    host.tell("dial-end", "channel-8", 0)
    deeds = host.tell("dump")["deeds"]
    equal(deeds[-1], "hang up channel-8")
    assert "answer channel-8" not in deeds and host.events() == []


@check
def no_log_line_has_a_text_or_the_key(host):
    host.tell("refuse", ANNA, "cannot show geheim")
    host.data("applyStates", {ANNA: {"chatPresenceMessage": "geheim"}}, seq=1)
    host.tell("break", ANNA, "cannot show geheim")
    host.data("applyStates", {ANNA: {"chatPresenceMessage": "geheim"}}, seq=2)
    host.data("getStates", {"accounts": ANNA})
    log = host.tell("dump")["log"]
    assert any(ANNA in line for line in log), log
    assert not any("geheim" in line or KEY in line for line in log), log


@check
def a_deleted_instance_puts_back_at_once_and_answers_no_more(host):
    with_numbers(host)
    put(host, 1, 3_600)
    way = {"back_enabled": "false", "back_destinationType": "PHONENUMBER", "back_destination": ""}
    host.data("applyRedirects", {ANNA: {"0": to("21", "55", **way)}}, seq=2)
    host.tell("delete")
    equal((presence(host), redirect(host, "21")), ("FREE_FOR_CHAT", (False, "PHONENUMBER", "")))
    _, text = host.post(f"{INSTANCE}.info", {})
    assert f"No such handler: {INSTANCE}.info" in text, text


@check
def a_call_that_waits_ends_with_the_instance(host):
    queue = host.data("info")["queue"]
    waiting = Waiting(host, queue).begun(host)
    host.tell("delete")
    equal(waiting.end(), {"queue": queue, "seq": "0", "events": {}})
