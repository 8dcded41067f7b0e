"""The table for a dead sidecar."""

from .host import ANNA, BEAT, MINUTE, STATES, after, check, done, equal, presence, put, redirect, seen, to, with_numbers


@check
def what_was_put_is_put_back_once_it_is_due_and_its_owner_is_dead(host):
    put(host, seconds=3_600)
    host.advance(3_599_999)
    equal(presence(host), "AWAY")
    host.advance(1)
    equal(presence(host), "FREE_FOR_CHAT")
    equal(host.events(), [("back", ANNA)])
    put(host, 2, 3_600)
    for _ in range(3):
        host.advance(15 * MINUTE - 1)
        equal(presence(host), "AWAY")
        host.data("info", owner="one")
    host.advance(15 * MINUTE)
    equal(presence(host), "FREE_FOR_CHAT")
    host.tell("presence", ANNA, "AWAY")
    host.advance(60 * MINUTE)
    equal(presence(host), "AWAY")


@check
def what_a_person_has_changed_since_is_left_alone_and_its_row_dropped(host):
    put(host)
    host.tell("presence", ANNA, "UNAVAILABLE")
    host.advance(60 * MINUTE)
    equal(presence(host), "UNAVAILABLE")
    host.tell("presence", ANNA, "AWAY")
    host.advance(60 * MINUTE)
    equal((presence(host), host.events()), ("AWAY", []))


@check
def a_row_that_is_replaced_without_a_write_still_tells_what_was_put(host):
    put(host)
    host.tell("presence", ANNA, "UNAVAILABLE")
    answer = host.data("applyStates", {ANNA: {"back.chatPresence": "AVAILABLE", "backAfter": after(60)}}, seq=2)
    equal(answer, {ANNA: {}})
    host.advance(60 * MINUTE)
    equal(presence(host), "UNAVAILABLE")


@check
def a_row_is_replaced_by_what_comes_later_and_lives_through_what_is_not_done(host):
    put(host)
    host.data("applyStates", {ANNA: {"back.chatPresence": "EXTENDED_AWAY", "backAfter": after(60)}}, seq=2)
    refused = {"chatPresence": "DO_NOT_DISTURB", "expect.chatPresence": "X", "back.chatPresence": "Y"}
    host.data("applyStates", {ANNA: refused}, seq=3)
    stale = {"chatPresence": "AVAILABLE", "forget.chatPresence": "true"}
    host.data("applyStates", {ANNA: stale}, seq=1)
    host.advance(60 * MINUTE)
    equal(presence(host), "EXTENDED_AWAY")


@check
def a_row_that_is_forgotten_or_written_over_without_a_way_back_is_not_put_back(host):
    put(host)
    host.data("applyStates", {ANNA: {"forget.chatPresence": "true"}}, seq=2)
    host.advance(60 * MINUTE)
    equal(presence(host), "AWAY")
    put(host, 3)
    host.data("applyStates", {ANNA: {"chatPresence": "AWAY"}}, seq=4)
    host.advance(60 * MINUTE)
    equal(presence(host), "AWAY")


@check
def the_silence_of_a_rows_own_owner_counts(host):
    put(host)
    host.tell("advance", MINUTE)
    beat = {BEAT: {"chatPresence": "AWAY", "back.chatPresence": "AVAILABLE", "backAfter": after(0)}}
    host.data("applyStates", beat, "two", 1)
    host.advance(500_000)
    host.data("getStates", {"accounts": ANNA}, "one")
    equal((presence(host), presence(host, BEAT)), ("AWAY", "AWAY"))
    host.advance(400_000)
    equal((presence(host), presence(host, BEAT)), ("AWAY", "AVAILABLE"))
    host.advance(500_000)
    equal(presence(host), "FREE_FOR_CHAT")


@check
def all_that_is_put_back_on_one_member_is_one_event(host):
    with_numbers(host)
    host.tell("group-right", ANNA)
    values = ("AWAY", "weg", "QUEUE_PAUSE", "true")
    backs = ("AVAILABLE", "da 😀", "AVAILABLE", "false")
    wanted = dict(zip(STATES, values)) | {f"back.{field}": back for field, back in zip(STATES, backs)}
    host.data("applyStates", {ANNA: {**wanted, "backAfter": after(0)}}, seq=1)
    way = {"back_enabled": "false", "back_destinationType": "PHONENUMBER", "back_destination": ""}
    way["backAfter"] = after(0)
    host.data("applyRedirects", {ANNA: {"0": to("21", "55", **way), "1": to("90", "55", **way)}}, seq=2)
    host.advance(15 * MINUTE)
    shown = host.shows()
    equal((shown["presence"], shown["text"], shown["lamp"], shown["dnd"]), ("AVAILABLE", "da 😀", "AVAILABLE", False))
    equal((redirect(host, "21"), redirect(host, "90")), ((False, "PHONENUMBER", ""), (False, "PHONENUMBER", "")))
    equal(host.events(), [("back", ANNA)])


@check
def a_redirect_is_put_back_only_where_what_was_put_still_stands(host):
    with_numbers(host)
    way = {"back_enabled": "true", "back_destinationType": "VOICEMAIL", "back_destination": "7", "backAfter": after(0)}
    host.data("applyRedirects", {ANNA: {"0": to("21", "55", **way), "1": to("0041712345621", "55", **way)}}, seq=1)
    host.tell("redirect", ANNA, "21", "true", "PHONENUMBER", "56")
    host.advance(15 * MINUTE)
    equal(redirect(host, "21"), (True, "PHONENUMBER", "56"))
    equal(redirect(host, "0041712345621"), (True, "VOICEMAIL", "7"))


@check
def a_redirects_row_is_replaced_forgotten_and_answered_without_a_write(host):
    with_numbers(host)
    way = {"back.enabled": "false", "back.destinationType": "PHONENUMBER", "back.destination": ""}
    way["backAfter"] = after(0)
    here = {"calledNumber": "21", "type": "ALWAYS"}
    host.data("applyRedirects", {ANNA: {"0": {**to("21", "55"), **way}}}, seq=1)
    answer = host.data("applyRedirects", {ANNA: {"0": {**here, **way, "backAfter": after(1_800)}}}, seq=2)
    equal(answer[ANNA]["0"], seen("true", "PHONENUMBER", "55"))
    host.advance(1_799_999)
    equal(redirect(host, "21")[0], True)
    host.data("applyRedirects", {ANNA: {"0": {**here, "forget": "true"}}}, seq=3)
    host.advance(60 * MINUTE)
    equal((redirect(host, "21")[0], host.events()), (True, []))


@check
def a_redirects_row_that_is_replaced_without_a_write_still_tells_what_was_put(host):
    with_numbers(host)
    way = {"back.enabled": "false", "back.destinationType": "PHONENUMBER", "back.destination": ""}
    way["backAfter"] = after(0)
    host.data("applyRedirects", {ANNA: {"0": {**to("21", "55"), **way}}}, seq=1)
    host.tell("redirect", ANNA, "21", "true", "PHONENUMBER", "56")
    host.data("applyRedirects", {ANNA: {"0": {"calledNumber": "21", "type": "ALWAYS", **way}}}, seq=2)
    host.advance(15 * MINUTE)
    equal(redirect(host, "21"), (True, "PHONENUMBER", "56"))


@check
def the_indicator_is_skipped_during_a_call_whose_end_then_does_it(host):
    blue = {"telephonyState": "QUEUE_PAUSE", "back.telephonyState": "UNAVAILABLE", "backAfter": after(0)}
    host.data("applyStates", {ANNA: blue}, seq=1)
    host.tell("call-start", ANNA)
    host.advance(15 * MINUTE)
    if not host.tells_lamps:
        # What telephones do is not told there, so nothing better can be done than to end what was put.
        equal(host.shows()["lamp"], "UNAVAILABLE")
        return
    equal(host.shows()["lamp"], "ACTIVE")
    host.tell("call-end", ANNA)
    host.advance(MINUTE)
    equal((host.shows()["lamp"], host.events()), ("AVAILABLE", []))


@check
def an_indicator_that_stands_again_after_the_ringing_is_put_back_then(host):
    blue = {"telephonyState": "QUEUE_PAUSE", "back.telephonyState": "UNAVAILABLE", "backAfter": after(0)}
    host.data("applyStates", {ANNA: blue}, seq=1)
    host.tell("lamp", ANNA, "RINGING")
    host.advance(15 * MINUTE)
    equal(host.shows()["lamp"], "RINGING" if host.tells_lamps else "UNAVAILABLE")
    host.tell("lamp", ANNA, "QUEUE_PAUSE")
    host.advance(MINUTE)
    equal(host.shows()["lamp"], "UNAVAILABLE" if host.tells_lamps else "QUEUE_PAUSE")


@check
def an_indicator_that_is_not_shown_back_is_put_back_unseen(host):
    host.tell("hide-lamps", "true")
    red = {"telephonyState": "ACTIVE", "back.telephonyState": "QUEUE_PAUSE", "backAfter": after(0)}
    host.data("applyStates", {ANNA: red}, seq=1)
    equal(host.shows()["lamp"], "ACTIVE")
    host.advance(15 * MINUTE)
    equal(host.shows()["lamp"], "QUEUE_PAUSE")


@check
def a_text_that_the_pbx_cut_is_known_again(host):
    host.tell("cut-texts", 5)
    wanted = {"chatPresenceMessage": "unterwegs", "back.chatPresenceMessage": "da", "backAfter": after(0)}
    host.data("applyStates", {ANNA: wanted}, seq=1)
    equal(host.shows()["text"], "unter")
    host.advance(15 * MINUTE)
    equal(host.shows()["text"], "da")


@check
def what_comes_between_a_write_and_its_reading_is_a_persons(host):
    def case(account, seq, field, value, command, persons):
        host.tell("slow-bus", "true")
        host.tell("at-pause", command, account, persons)
        wanted = {field: value, f"back.{field}": "AVAILABLE", "backAfter": after(0)}
        answer = host.data("applyStates", {account: wanted}, seq=seq)
        equal(answer[account][field], done(persons))
        host.tell("slow-bus", "false")

    case(ANNA, 1, "chatPresenceMessage", "weg", "text", "zurück um 3")
    case(BEAT, 2, "chatPresence", "AWAY", "presence", "EXTENDED_AWAY")
    host.advance(15 * MINUTE)
    equal((host.shows(ANNA)["text"], presence(host, BEAT)), ("zurück um 3", "EXTENDED_AWAY"))


@check
def a_row_without_an_instant_or_with_an_unknown_value_changes_nothing(host):
    wanted = {
        ANNA: {"chatPresence": "AWAY", "back.chatPresence": "AVAILABLE"},
        BEAT: {"chatPresence": "AWAY", "back.chatPresence": "LUNCH", "backAfter": after(0)},
    }
    host.data("applyStates", wanted, seq=1)
    host.advance(60 * MINUTE)
    equal((presence(host), presence(host, BEAT), host.events()), ("AWAY", "AWAY", []))


@check
def what_cannot_be_put_back_yet_is_tried_again(host):
    put(host)
    for trouble in (("break", ANNA, "no data"), ("refuse", ANNA, "no right")):
        host.tell(*trouble)
        host.advance(15 * MINUTE)
        host.tell(trouble[0], ANNA)
        equal(presence(host), "AWAY")
    host.advance(MINUTE)
    equal((presence(host), host.events()), ("FREE_FOR_CHAT", [("back", ANNA)]))


@check
def what_can_never_be_put_back_is_given_up_after_an_hour(host):
    put(host)
    host.tell("refuse", ANNA, "no right")
    host.advance(15 * MINUTE)
    for _ in range(60):
        host.advance(MINUTE)
    host.tell("refuse", ANNA)
    host.advance(MINUTE)
    equal(presence(host), "AWAY")


@check
def an_account_that_is_gone_is_not_put_back(host):
    put(host)
    host.tell("delete-user", ANNA)
    host.advance(15 * MINUTE)
    host.tell("user", ANNA, "0010", "Andere", "", "")
    host.tell("presence", ANNA, "AWAY")
    host.advance(15 * MINUTE)
    equal(presence(host), "AWAY")


@check
def an_update_of_the_module_loses_the_table(host):
    put(host)
    host.tell("update")
    host.advance(60 * MINUTE)
    equal(presence(host), "AWAY")
