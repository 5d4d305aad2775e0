"""Where `align` and `python -m aligner` begin: an interrupt while the modules load gets its line too."""

import sys


def main() -> int:
    """Load the command line and run it; gives the exit code."""
    try:
        from aligner.cli import run

        return run.main()
    except KeyboardInterrupt:
        print("align: interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
