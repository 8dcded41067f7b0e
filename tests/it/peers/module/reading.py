"""The entry points getMembers and getStates."""

from .host import ANNA, BEAT, GROUP, check, done, equal


@check
def members_are_told_page_by_page_in_the_order_of_their_accounts(host):
    accounts = [str(account) for account in range(3000, 3900, 3)]
    for account in accounts:
        host.tell("user", account, f"login-{account}", "Jürg", "😀", f"{account}@example.com")
    host.tell("group", GROUP, *accounts, 999)
    seen = []
    for first in range(0, 400, 100):
        page = host.data("getMembers", {"group": GROUP, "from": str(first), "count": "100"})
        equal(page["total"], "300")
        seen += sorted(page["members"])
    equal(seen, accounts)
    one = host.data("getMembers", {"group": GROUP, "from": "299", "count": "500"})["members"]
    member = {"login": "login-3897", "firstName": "Jürg", "familyName": "😀", "email": "3897@example.com"}
    equal(one, {"3897": member})


@check
def a_page_out_of_bounds_and_a_group_that_is_none_are_refused(host):
    for params, words in (
        ({}, "group"),
        ({"group": "x"}, "group"),
        ({"group": GROUP, "count": "501"}, "count"),
        ({"group": GROUP, "count": "0"}, "count"),
        ({"group": GROUP, "from": "-1"}, "from"),
        ({"group": "4711"}, "GetUsersOfGroup2.execute: IllegalArgumentException: unknown group"),
    ):
        equal(host.words("getMembers", params), words)
    equal(set(host.data("getMembers", {"group": GROUP})["members"]), {ANNA, BEAT})


@check
def a_member_that_cannot_be_read_is_told_as_read_last_and_costs_no_other(host):
    whole = host.data("getMembers", {"group": GROUP})
    host.tell("break", ANNA, "no data")
    equal(host.data("getMembers", {"group": GROUP}), whole)
    host.tell("update")
    rest = host.data("getMembers", {"group": GROUP})
    equal((rest["total"], set(rest["members"])), ("1", {BEAT}))
    host.tell("break", BEAT, "no data")
    host.tell("update")
    words = host.words("getMembers", {"group": GROUP})
    assert "no data" in words, words



@check
def states_are_told_and_nobody_spoils_anybody_elses(host):
    host.tell("text", ANNA, "Mittag 😀 bis 13:00 & <später>")
    host.tell("dnd", ANNA, "true")
    host.tell("user", "1012", "0012", "C", "D", "")
    host.tell("break", "1012", "no data")
    data = host.data("getStates", {"accounts": f"{ANNA},4711,1012, {BEAT},x,"})
    lamp = host.lamp("AVAILABLE")
    state = {"chatPresence": "AVAILABLE", "telephonyState": lamp, "inCall": ""}
    anna = {**state, "chatPresenceMessage": "Mittag 😀 bis 13:00 & <später>", "doNotDisturb": "true"}
    equal(data, {ANNA: anna, BEAT: {**state, "chatPresenceMessage": "", "doNotDisturb": "false"}})


@check
def a_call_is_told_where_it_is_certain(host):
    def in_call():
        return host.data("getStates", {"accounts": ANNA})[ANNA]["inCall"]

    host.tell("lamp", ANNA, "RINGING")
    certain = "true" if host.tells_lamps else ""
    equal(in_call(), certain)
    host.tell("call-start", ANNA)
    equal(in_call(), "")
    host.tell("call-end", ANNA)
    put = {"telephonyState": "QUEUE_PAUSE", "back.telephonyState": "AVAILABLE", "backAfter": "9999999999"}
    host.data("applyStates", {ANNA: put}, seq=1)
    equal(in_call(), "")
    host.tell("call-start", ANNA)
    equal(in_call(), certain)
    host.data("applyStates", {ANNA: {**put, "telephonyState": "ACTIVE"}}, seq=2)
    equal(in_call(), "")
    # Where a put was not seen to take effect, it may still show, under another name.
    host.tell("call-end", ANNA)
    host.tell("hide-lamps", "true")
    host.data("applyStates", {ANNA: put}, seq=3)
    host.tell("call-start", ANNA)
    equal(in_call(), "")


@check
def control_characters_never_leave_the_module(host):
    host.tell("text", ANNA, "a\x07b\x00c")
    equal(host.data("getStates", {"accounts": ANNA})[ANNA]["chatPresenceMessage"], "abc")
    wanted = {ANNA: {"chatPresenceMessage": "d", "expect.chatPresenceMessage": "abc"}}
    equal(host.data("applyStates", wanted, seq=1)[ANNA]["chatPresenceMessage"], done("d"))


@check
def more_than_100_accounts_are_refused_as_a_whole(host):
    accounts = [str(account) for account in range(1000, 1101)]
    for name in ("getStates", "getRedirects"):
        equal(host.words(name, {"accounts": ",".join(accounts)}), "more than 100 accounts")
    many = {account: {"chatPresence": "AWAY"} for account in accounts}
    equal(host.words("applyStates", many, seq=1), "more than 100 accounts")
    equal(host.shows()["presence"], "AVAILABLE")
