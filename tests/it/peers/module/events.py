"""The entry point drainEvents."""

from .host import ANNA, BEAT, NOW, Waiting, away, check, equal


@check
def an_event_is_told_with_its_number_kind_account_and_instant(host):
    queue = host.data("info")["queue"]
    host.tell("dial-end", "channel-1", ANNA)
    host.tell("advance", 1_500)
    host.tell("save")
    drained = host.data("drainEvents", {"queue": queue, "after": "0", "wait": "25"})
    first = {"seq": "1", "kind": "end", "account": ANNA, "at": str(NOW)}
    second = {"seq": "2", "kind": "config", "account": "", "at": str(NOW + 1_500)}
    equal(drained, {"queue": queue, "seq": "2", "events": {"0": first, "1": second}})
    drained = host.data("drainEvents", {"queue": queue, "after": "1", "wait": "25"})
    equal(drained["events"], {"0": second})
    equal(host.data("drainEvents", {"queue": queue, "after": "2"}), {"queue": queue, "seq": "2", "events": {}})
    equal(host.data("info")["eventSeq"], "2")


@check
def a_caller_of_another_queue_is_told_everything_at_once(host):
    queue = host.data("info")["queue"]
    for other in ("", "of-before"):
        drained = host.data("drainEvents", {"queue": other, "after": "700", "wait": "25"})
        equal(drained, {"queue": queue, "seq": "0", "events": {}})
    host.tell("save")
    host.tell("save")
    equal(host.events("of-before", 700, 25), [("config", ""), ("config", "")])
    host.tell("update")
    assert host.data("info")["queue"] != queue


@check
def of_more_than_1000_events_the_oldest_are_lost(host):
    for _ in range(1_003):
        host.tell("save")
    told = host.data("drainEvents", {})["events"]
    equal((len(told), told["0"]["seq"], told["999"]["seq"]), (1_000, "4", "1003"))


@check
def a_wait_out_of_bounds_is_refused(host):
    for wait in ("26", "-1", "soon"):
        equal(host.words("drainEvents", {"wait": wait}), "wait")
    equal(host.words("drainEvents", {"after": "x"}), "after")


@check
def a_call_that_waits_is_answered_as_soon_as_something_happens_and_holds_up_no_other(host):
    queue = host.data("info")["queue"]
    waiting = Waiting(host, queue).begun(host)
    assert away(host)["Success"]
    host.tell("dial-end", "channel-2", BEAT)
    equal([event["account"] for event in waiting.end()["events"].values()], [BEAT])


@check
def a_call_that_waits_in_vain_is_answered_after_the_time_it_asked_for(host):
    queue = host.data("info")["queue"]
    waiting = Waiting(host, queue).begun(host)
    host.tell("advance", 24_999)
    waiting.thread.join(0.5)
    assert waiting.is_under_way(), "the call did not wait"
    host.tell("advance", 1)
    equal(waiting.end(), {"queue": queue, "seq": "0", "events": {}})


@check
def few_calls_wait_at_one_time(host):
    queue = host.data("info")["queue"]
    waiting = [Waiting(host, queue).begun(host, number) for number in (1, 2, 3, 4)]
    waiting.append(Waiting(host, queue))
    equal(waiting[0].end()["events"], {})
    waiting[4].begun(host, 4)
    host.tell("save")
    equal([len(one.end()["events"]) for one in waiting[1:]], [1, 1, 1, 1])


@check
def the_owners_waiting_call_renews_its_ownership_when_it_begins(host):
    queue = host.data("info")["queue"]
    host.data("applyStates", {}, seq=1)
    host.tell("advance", 59_000)
    host.data("drainEvents", {"queue": queue})
    host.tell("advance", 59_000)
    equal(host.words("applyStates", {}, "two", 1), "owner one")
