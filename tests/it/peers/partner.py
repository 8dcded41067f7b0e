"""A partner at a terminal: answers what a program asks, and counts what was typed.

Usage: partner.py ANSWERS COMMAND…   ANSWERS is JSON: a list of [part of the question, what is typed before Enter].
Prints JSON: the exit code, the seconds, the keystrokes, what the terminal showed. A question that does not come within
a minute ends it with what was shown.
"""

import json
import os
import pty
import select
import sys
import time

PATIENCE_SECONDS = 60


def main():
    answers, command = json.loads(sys.argv[1]), sys.argv[2:]
    begun = time.monotonic()
    child, terminal = pty.fork()
    if child == 0:
        os.execvp(command[0], command)
    shown, keystrokes, seen = b"", 0, 0

    def listen():
        """Reads on; false at the end."""
        nonlocal shown
        if not select.select([terminal], [], [], PATIENCE_SECONDS)[0]:
            sys.exit(f"nothing was said for a minute after: {shown.decode()}")
        try:
            more = os.read(terminal, 4096)
        except OSError:
            return False
        shown += more
        return bool(more)

    for question, answer in answers:
        while question.encode() not in shown[seen:]:
            if not listen():
                sys.exit(f"{question!r} was never asked: {shown.decode()}")
        seen += shown[seen:].index(question.encode()) + len(question.encode())
        while not shown[seen:].endswith(b": "):
            if not listen():
                sys.exit(f"{question!r} did not wait: {shown.decode()}")
        seen = len(shown)
        os.write(terminal, answer.encode() + b"\n")
        keystrokes += len(answer) + 1
    while listen():
        pass
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    seconds = round(time.monotonic() - begun, 1)
    print(json.dumps({"code": code, "seconds": seconds, "keystrokes": keystrokes, "shown": shown.decode()}))


main()
