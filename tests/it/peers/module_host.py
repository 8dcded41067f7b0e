"""The module's own Java, packed, in the stand-ins for STARFACE 8, 9 and 10: every sentence of its interface.

Builds all of them first (`scripts/build-module --host`). Exits 1 and says what is wrong where a check fails. A JDK and Python's
standard library are all it needs. With words as arguments only the checks whose names have one of them are run.
"""

import subprocess
import sys
import traceback

# Importing them lists their checks.
from module import access, back, events, life, page, reading, redirects, states  # noqa: F401
from module.host import ROOT, Host, checks


def holds(host, function):
    host.fresh()
    try:
        function(host)
        return True
    except Exception:
        print(f"STARFACE {host.version}: {function.__name__.replace('_', ' ')}", file=sys.stderr)
        traceback.print_exc()
        return False


def main():
    words = sys.argv[1:]
    wanted = [one for one in checks if not words or any(word in one.__name__ for word in words)]
    if not wanted:
        sys.exit(f"module_host.py: no check has {' or '.join(words)} in its name")
    subprocess.run([ROOT / "scripts/build-module", "--host"], check=True, stdout=subprocess.DEVNULL)
    held = []
    for version in (8, 9, 10):
        host = Host(version)
        held += [holds(host, one) for one in wanted]
        host.end()
    print(f"{held.count(True)} passed, {held.count(False)} failed")
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
