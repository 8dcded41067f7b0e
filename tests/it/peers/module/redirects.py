"""The entry points getRedirects and applyRedirects."""

from .host import ANNA, BEAT, GROUP, check, done, equal, redirect, seen, to, with_numbers


@check
def redirects_are_told_per_called_number(host):
    with_numbers(host)
    data = host.data("getRedirects", {"accounts": f"{ANNA},4711"})
    common = {"type": "ALWAYS", "groupRedirect": "false", "destinationType": "PHONENUMBER", "timeout": "0"}
    common |= {"lastDestinationMailbox": "", "mailboxes": {"7": "Box Müller"}}
    off = {"enabled": "false", "destination": "", "lastDestinationNumber": ""}
    on = {"enabled": "true", "destination": "0041790000000", "lastDestinationNumber": "0041790000000"}
    expected = {
        "0": {**common, **on, "calledNumber": "21"},
        "1": {**common, **off, "calledNumber": "0041712345621"},
        "2": {**common, **off, "calledNumber": "90", "groupRedirect": "true"},
    }
    equal(data, {ANNA: expected})
    host.tell("break", ANNA, "no data")
    equal(set(host.data("getRedirects", {"accounts": f"{ANNA},{BEAT}"})), {BEAT})


@check
def a_redirect_is_written_as_the_member_and_read_back(host):
    with_numbers(host)
    box = {**to("0041712345621", "7"), "destinationType": "VOICEMAIL"}
    off = {**to("22", ""), "enabled": "false"}
    wanted = {ANNA: {"0": to("21", "55"), "9": box}, BEAT: {"0": off}, "4711": {"0": off}}
    data = host.data("applyRedirects", wanted, seq=1)
    anna = {"0": seen("true", "PHONENUMBER", "55"), "9": seen("true", "VOICEMAIL", "7")}
    equal(data, {ANNA: anna, BEAT: {"0": seen("false", "PHONENUMBER", "")}})
    equal(redirect(host, "21"), (True, "PHONENUMBER", "55"))
    equal(host.shows()["redirects"]["21 BUSY"]["enabled"], False)
    deeds = [deed for deed in host.tell("dump")["deeds"] if deed.startswith("redirect")]
    equal(deeds[-3:], [f"redirect 21 as {ANNA}", f"redirect 0041712345621 as {ANNA}", f"redirect 22 as {BEAT}"])


@check
def a_groups_number_is_written_as_the_user_on_the_page(host):
    with_numbers(host)
    quiet = host.data("applyRedirects", {ANNA: {"0": to("90", "55")}}, seq=1)
    equal(quiet[ANNA]["0"], seen("false", "PHONENUMBER", ""))
    host.tell("user", "1099", "0099", "Chef", "", "")
    host.tell("group-right", "1099")
    host.tell("field", "GUI_GRUPPEN_BENUTZER", "1099")
    data = host.data("applyRedirects", {ANNA: {"0": to("90", "55"), "1": to("21", "56")}}, seq=2)
    equal(data[ANNA], {"0": seen("true", "PHONENUMBER", "55"), "1": seen("true", "PHONENUMBER", "56")})
    equal(redirect(host, "90", BEAT), (True, "PHONENUMBER", "55"))
    equal(host.tell("dump")["deeds"][-2:], ["redirect 90 as 1099", f"redirect 21 as {ANNA}"])


@check
def the_expectations_of_a_redirect_hold_all_or_nothing(host):
    with_numbers(host)
    met = {"expect_enabled": "true", "expect_destinationType": "PHONENUMBER", "expect_destination": "0041790000000"}
    missed = {**met, "expect_destination": "+41790000000"}
    data = host.data("applyRedirects", {ANNA: {"0": to("21", "55", **missed)}}, seq=1)
    equal(data[ANNA]["0"], seen("true", "PHONENUMBER", "0041790000000", "changed"))
    data = host.data("applyRedirects", {ANNA: {"0": to("21", "55", **met)}}, seq=2)
    equal(data[ANNA]["0"], seen("true", "PHONENUMBER", "55"))


@check
def a_redirect_that_cannot_be_is_refused_and_spoils_no_other(host):
    with_numbers(host)
    old = ("true", "PHONENUMBER", "0041790000000")
    records = {
        "0": to("4711", "55"),
        "1": to("21", " "),
        "2": {**to("21", "55"), "destinationType": "FAX"},
        "3": {**to("21", "55"), "enabled": "yes"},
        "4": {**to("21", "55"), "type": "BUSY"},
        "5": {**to("21", "8"), "destinationType": "VOICEMAIL"},
        "6": to("0041712345621", "55"),
    }
    data = host.data("applyRedirects", {ANNA: records}, seq=1)[ANNA]
    equal(data["0"], seen("", "", "", "unknown number"))
    equal(data["1"], seen(*old, "empty destination"))
    equal(data["2"], seen(*old, "unknown value"))
    equal(data["3"], seen(*old, "unknown value"))
    equal(data["4"], seen(*old, "unknown type"))
    refusal = "RedirectBusinessObject.setRedirectSetting: IllegalArgumentException: no such mailbox"
    equal(data["5"], seen(*old, refusal))
    equal(data["6"], seen("true", "PHONENUMBER", "55"))
    host.tell("break", ANNA, "no data")
    data = host.data("applyRedirects", {ANNA: {"0": to("21", "55")}, BEAT: {"0": to("22", "55")}}, seq=2)
    assert data[ANNA]["0"]["error"].endswith("no data"), data
    equal(data[BEAT]["0"], seen("true", "PHONENUMBER", "55"))


@check
def an_older_call_writes_no_number_that_a_newer_one_wrote_whoever_owns_it(host):
    with_numbers(host)
    host.tell("group-right", ANNA)
    host.tell("group-right", BEAT)
    host.data("applyRedirects", {ANNA: {"0": to("90", "55")}}, seq=9)
    data = host.data("applyRedirects", {BEAT: {"0": to("90", "56"), "1": to("22", "56")}}, seq=8)
    equal(data[BEAT]["0"], seen("true", "PHONENUMBER", "55", "stale"))
    equal(data[BEAT]["1"], seen("true", "PHONENUMBER", "56"))
    states = host.data("applyStates", {BEAT: {"chatPresence": "AWAY"}}, seq=8)
    equal(states[BEAT]["chatPresence"], done("AWAY"))


@check
def more_than_100_redirects_are_refused_as_a_whole(host):
    with_numbers(host)
    records = {str(index): to("21", "55") for index in range(51)}
    words = host.words("applyRedirects", {ANNA: records, "4711": dict(list(records.items())[:50])}, seq=1)
    equal(words, "more than 100 redirects")
    equal(redirect(host, "21"), (True, "PHONENUMBER", "0041790000000"))
