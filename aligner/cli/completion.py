"""Completion by the shell: commands, options and files after `align`, installed by `align --install-completion`."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping, Sequence

import typer

from aligner.cli.grouped import flat

_ASKED = ("--install-completion", "--show-completion")
_VARIABLE = "_ALIGN_COMPLETE"  # set by the script that a shell runs
_NAMED = (
    "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION"  # typer then takes the shell's name and looks for none
)


def is_completion(words: Sequence[str]) -> bool:
    """Whether a shell asks what may follow, or somebody for the script that makes it ask."""
    return _VARIABLE in os.environ or (bool(words) and words[0].partition("=")[0] in _ASKED)


def complete(
    words: Sequence[str], align: Callable[..., int], commands: Mapping[str, Callable[..., int]]
) -> int:
    """Answer the shell on standard output."""
    if words[0:1] and words[0].partition("=")[0] in _ASKED and (len(words) > 1 or "=" in words[0]):
        os.environ[_NAMED] = "1"
    app = typer.Typer(add_completion=True, pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True)(_options_of(align))
    for name, command in commands.items():
        app.command(name)(flat(command))
    try:
        typer.main.get_command(app).main(args=list(words), prog_name="align", complete_var=_VARIABLE)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _options_of(command: Callable[..., int]) -> Callable[..., int]:
    """`command` without its argument, which would hide the other commands."""
    options = flat(command)
    kept = [each for name, each in inspect.signature(options).parameters.items() if name != "inputs"]
    options.__signature__ = inspect.Signature(kept)  # type: ignore[attr-defined]
    return options
