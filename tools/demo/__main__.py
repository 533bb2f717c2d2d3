"""`python -m tools.demo`, or `… organization`: exit code 0 if all went as promised, 1 if not, 130 after Ctrl-C."""

import signal
import sys
from importlib import import_module

INTERRUPTED = 130
BAD_INPUT = 2

DEMOS = {"": "tools.demo.run", "organization": "tools.demo.organization.run"}


def main() -> int:
    """Run a demo, and leave quietly when interrupted at any time."""
    name = " ".join(sys.argv[1:])
    if name not in DEMOS:
        sys.stderr.write(f"demo: unknown demo {name!r}; leave the name out, or write organization\n")
        return BAD_INPUT
    try:
        # Imported here: that alone takes long enough for somebody to press Ctrl-C.
        code: int = import_module(DEMOS[name]).main()
    except KeyboardInterrupt:
        # A second and third Ctrl-C come easily; everything is ended already, and the exit code shall stay what it is.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.write("\nstopped; everything that was started has been ended\n")
        return INTERRUPTED
    return code


if __name__ == "__main__":
    sys.exit(main())
