"""Where `align` and `python -m aligner` begin: an interrupt while the modules load gets its line too."""

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn

_NEW_OBJECTS = 50_000
"""Objects until Python looks for garbage among them: modules and tables that load are none (its own rule is 700)."""


def main() -> NoReturn:
    """Load the command line, run it and end the process with its exit code."""
    if not os.environ.get("ALIGNER_TRACEBACK"):
        sys.unraisablehook = lambda _: None  # an archive that an interruption cut off complains on its own
    gc.set_threshold(_NEW_OBJECTS)
    try:
        from aligner.cli import run

        code = run.main()
    except KeyboardInterrupt:
        print("align: interrupted", file=sys.stderr)
        code = 130
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    # An interrupt while Python takes itself down would end the process by a signal; nothing is left to do.
    os._exit(code)


if __name__ == "__main__":
    main()
