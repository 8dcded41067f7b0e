"""The entry point applyStates."""

from .host import ANNA, BEAT, MINUTE, away, check, done, equal, failed


@check
def a_write_takes_effect_and_is_read_back(host):
    wanted = {
        ANNA: {"chatPresence": "AWAY", "chatPresenceMessage": "[Gebucht] Größe 😀"},
        BEAT: {"telephonyState": "ACTIVE", "doNotDisturb": "true"},
        "4711": {"chatPresence": "AWAY"},
    }
    data = host.data("applyStates", wanted, seq=7)
    lamp = host.lamp("ACTIVE")
    anna = {"chatPresence": done("AWAY"), "chatPresenceMessage": done("[Gebucht] Größe 😀")}
    equal(data, {ANNA: anna, BEAT: {"telephonyState": done(lamp), "doNotDisturb": done("true")}})
    equal((host.shows()["presence"], host.shows()["text"]), ("AWAY", "[Gebucht] Größe 😀"))
    equal((host.shows(BEAT)["lamp"], host.shows(BEAT)["dnd"]), ("ACTIVE", True))


@check
def a_hundred_accounts_are_written_with_one_call_and_one_bad_one_spoils_none(host):
    accounts = [str(account) for account in range(5000, 5100)]
    for account in accounts:
        host.tell("user", account, account, "A", "B", "")
    host.tell("break", "5050", "internal error")
    host.tell("refuse", "5051", "no right")
    wanted = {account: {"chatPresence": "AWAY", "chatPresenceMessage": f"ü {account}"} for account in accounts}
    data = host.data("applyStates", wanted, seq=1)
    good = [account for account in accounts if account not in ("5050", "5051")]
    for account in good:
        expected = {"chatPresence": done("AWAY"), "chatPresenceMessage": done(f"ü {account}")}
        equal(data[account], expected)
    error = "UserStateBusinessObject.getUserState: IllegalStateException: internal error"
    equal(data["5050"]["chatPresence"], failed(error, ""))
    error = "StarfaceEventService.publish: SecurityException: no right"
    equal(data["5051"]["chatPresence"], failed(error, "AVAILABLE"))
    shown = host.tell("dump")["accounts"]
    assert all(shown[account]["text"] == f"ü {account}" for account in good)
    equal(len(host.data("getStates", {"accounts": ",".join(accounts)})), 99)
    for account in accounts:
        host.tell("delete-user", account)


@check
def nobody_else_writes_within_60_seconds_of_the_owners_last_call(host):
    assert away(host, "one")["Success"]
    host.tell("advance", 59_999)
    equal(host.words("applyStates", {}, "two", 1), "owner one")
    equal(host.words("applyRedirects", {}, "two", 1), "owner one")
    host.tell("advance", 1)
    assert away(host, "two")["Success"]
    equal(host.words("applyStates", {}, "one", 2), "owner two")


@check
def every_call_of_the_owner_renews_ownership_and_those_of_others_do_not(host):
    away(host, "one")
    for caller in ("one", "two"):
        host.tell("advance", 40_000)
        host.data("getStates", {"accounts": ANNA}, caller, 2)
    equal(away(host, "two")["Errormessage"], "owner one")
    host.tell("advance", 20_000)
    assert away(host, "two")["Success"]


@check
def a_refused_key_renews_nothing(host):
    away(host, "one")
    host.tell("advance", 59_000)
    host.call("info", owner="one", key="x")
    host.tell("advance", 1_000)
    assert away(host, "two")["Success"]


@check
def only_a_writing_call_takes_ownership_and_says_who_it_is_and_counts(host):
    host.data("info", owner="two")
    assert away(host, "one")["Success"]
    host.tell("update")
    equal(away(host, "")["Errormessage"], "owner")
    equal(away(host, "x" * 201)["Errormessage"], "owner")
    for seq in ("", "x", "-1", "99999999999999999999"):
        equal(away(host, "one", seq)["Errormessage"], "seq")
    equal(host.data("info")["owner"], "")


@check
def an_older_call_writes_nothing_on_an_account_that_a_newer_one_wrote(host):
    host.data("applyStates", {ANNA: {"chatPresence": "AWAY"}}, seq=9)
    both = {ANNA: {"chatPresence": "AVAILABLE"}, BEAT: {"chatPresence": "AWAY"}}
    data = host.data("applyStates", both, seq=8)
    equal(data[ANNA]["chatPresence"], failed("stale", "AWAY"))
    equal(data[BEAT]["chatPresence"], done("AWAY"))
    equal(host.data("info")["lastSeq"], "9")
    same = host.data("applyStates", {ANNA: {"chatPresence": "AVAILABLE"}}, seq=9)
    equal(same[ANNA]["chatPresence"], done("AVAILABLE"))
    equal(host.data("info")["lastSeq"], "9")


@check
def a_new_owner_counts_afresh(host):
    away(host, "one", 900)
    host.tell("advance", MINUTE)
    equal(away(host, "two", 1)["Data"][ANNA]["chatPresence"], done("AWAY"))
    equal(host.data("info")["lastSeq"], "1")


@check
def a_write_that_expects_something_else_is_not_done(host):
    host.tell("text", ANNA, "Mittag ")
    wanted = {
        "chatPresence": "AWAY",
        "expect.chatPresence": "AVAILABLE",
        "chatPresenceMessage": "weg",
        "expect.chatPresenceMessage": "Mittag",
    }
    data = host.data("applyStates", {ANNA: wanted}, seq=1)
    equal(data[ANNA], {"chatPresence": done("AWAY"), "chatPresenceMessage": failed("changed", "Mittag ")})
    equal(host.shows()["text"], "Mittag ")


@check
def what_the_pbx_does_not_know_or_refuses_has_its_own_error(host):
    host.tell("refuse", BEAT, "no right")
    values = {"chatPresence": "LUNCH", "telephonyState": "BUSY", "doNotDisturb": "yes"}
    wanted = {ANNA: {**values, "inCall": "true", "moon": "full"}, BEAT: {"doNotDisturb": "true"}}
    data = host.data("applyStates", wanted, seq=1)
    expected = {
        "chatPresence": failed("unknown value", "AVAILABLE"),
        "telephonyState": failed("unknown value", host.lamp("AVAILABLE")),
        "doNotDisturb": failed("unknown value", "false"),
        "inCall": failed("unknown field", ""),
        "moon": failed("unknown field", ""),
    }
    equal(data[ANNA], expected)
    assert data[BEAT]["doNotDisturb"]["error"].endswith("SecurityException: no right"), data
    host.tell("refuse", BEAT)
    equal(host.data("applyStates", {BEAT: wanted[BEAT]}, seq=2)[BEAT]["doNotDisturb"], done("true"))


@check
def what_takes_effect_a_little_later_is_waited_for(host):
    host.tell("slow-bus", "true")
    wanted = {"chatPresence": "AWAY", "chatPresenceMessage": "weg"}
    data = host.data("applyStates", {ANNA: wanted, BEAT: wanted}, seq=1)
    expected = {"chatPresence": done("AWAY"), "chatPresenceMessage": done("weg")}
    equal(data, {ANNA: expected, BEAT: expected})
    equal(host.tell("dump")["pauses"], [10])


@check
def what_is_never_shown_is_waited_for_only_so_long(host):
    host.tell("cut-texts", 3)
    wanted = {"chatPresenceMessage": "unterwegs"}
    data = host.data("applyStates", {ANNA: wanted, BEAT: wanted}, seq=1)
    equal(data[ANNA]["chatPresenceMessage"], done("unt"))
    equal(host.tell("dump")["pauses"], [10] * 30)
