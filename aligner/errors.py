"""Everything that may cross from the package to its caller as an exception.

    AlignerError            exit code 2
    ├── UsageError          2   an option or a combination of options that can't work
    ├── InputError          2   a file that can't be read, decoded or understood
    ├── OutputError         2   a place that can't be written, an unknown output format
    ├── MissingExtra        2   a feature whose optional packages are not installed
    ├── BitextError         2   a document, bead or alignment that would lose or invent text
    └── Shortfall           1   the programme ran, but the result falls short of what was asked

A message is one line that says what is wrong, where, and what to do about it.
"""

from __future__ import annotations


class AlignerError(Exception):
    """Base of all errors the package raises on purpose; `exit_code` is what the command line returns."""

    exit_code = 2

    def __str__(self) -> str:
        """The message on one line, though it may quote a file that has line breaks where a name should stand."""
        return " ".join(super().__str__().splitlines())


class UsageError(AlignerError):
    """An option, or a combination of options, that can't work."""


class InputError(AlignerError):
    """A file that can't be read, decoded or understood."""


class OutputError(AlignerError):
    """A place that can't be written or an output format that is not known."""


class MissingExtra(AlignerError):
    """A feature whose optional packages are not installed; the message names the extra."""


class BitextError(AlignerError, ValueError):
    """A noun of `aligner.bitext` was asked to lose, invent, overlap or reverse text."""


class Shortfall(AlignerError):
    """The programme ran, but the result falls short of what was asked (nothing to align, a check failed)."""

    exit_code = 1
