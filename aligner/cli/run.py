"""Run the command line: choose the command, turn errors and interrupts into lines and exit codes."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import typer
from typer.core import TyperArgument
from typer.main import get_command

from aligner.cli.aligning import align, review
from aligner.cli.commands import check, clean, evaluate, models, terms
from aligner.cli.completion import complete, is_completion
from aligner.cli.corpus import batch, pair
from aligner.cli.exporting import export
from aligner.cli.grouped import flat
from aligner.cli.terminal import visible
from aligner.errors import AlignerError, Shortfall, UsageError

INTERRUPTED = 130

# Base of all complaints about a call; typer has no name for it that every version knows.
_CALL_ERROR: type[Exception] = typer.BadParameter.__mro__[2]


COMMANDS: dict[str, Callable[..., int]] = {
    "eval": evaluate, "export": export, "check": check, "clean": clean, "terms": terms, "models": models,
    "batch": batch, "pair": pair, "review": review,
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line, the process's own where none is given; gives the exit code, never a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    name = words[0] if words and words[0] in COMMANDS else ""
    _prepare_streams()
    try:
        with _stopping():
            if is_completion(words):
                return complete(words, align, COMMANDS)
            return _call(name, words[1:] if name else words)
    except AlignerError as error:
        return _fail(str(error), error.exit_code)
    except _CALL_ERROR as error:
        return _fail(_complaint(error, f"align {name}".strip()), UsageError.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _fail("interrupted", INTERRUPTED)
    except BrokenPipeError:  # whoever read our output has seen enough
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Shortfall.exit_code
    except OSError as error:  # a full disk behind standard output, a closed stream
        where = f"{error.filename}: " if error.filename else ""
        return _fail(f"{where}can't be read or written: {error.strerror or error}", AlignerError.exit_code)
    except MemoryError:
        return _fail("not enough memory; split the texts, or close other programs", AlignerError.exit_code)
    except Exception as error:
        # A mistake of ours must not reach a translator as a traceback.
        if os.environ.get("ALIGNER_TRACEBACK"):
            raise
        what = f"unexpected {type(error).__name__}: {error}"
        return _fail(f"{what}; please report it (ALIGNER_TRACEBACK=1 shows where)", AlignerError.exit_code)


def _call(name: str, words: list[str]) -> int:
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
    settings = {"help_option_names": ["-h", "--help"]}
    command = COMMANDS[name] if name else align
    app.command(epilog=None if name else _other_commands(), context_settings=settings)(flat(command))
    parsed = get_command(app)
    for parameter in parsed.params:
        if isinstance(parameter, TyperArgument):  # INPUT says it; the type, list[str], is ours
            parameter.display_type_rich = lambda ctx: None  # type: ignore[method-assign]
    with parsed.make_context("align", [], resilient_parsing=True) as context:
        if help_option := parsed.get_help_option(context):
            help_option.metavar = ""
    code = parsed.main(args=words, prog_name=f"align {name}".strip(), standalone_mode=False)
    sys.stdout.flush()
    if code == INTERRUPTED:  # how some versions of typer report it
        raise KeyboardInterrupt
    return int(code or 0)


def _other_commands() -> str:
    """What else there is, for the end of the help."""
    lines = [
        f"align {name:<8}{(command.__doc__ or '').splitlines()[0]}" for name, command in COMMANDS.items()
    ]
    completion = "`align --install-completion` lets the shell complete commands and options."
    return "\n\n".join(["Other commands (`align eval --help` and so on):", *lines, completion])


def _complaint(error: Exception, command: str) -> str:
    message = str(error.format_message()) if hasattr(error, "format_message") else str(error)
    return f"{message.rstrip('. ')}; see {command} --help"


def _fail(message: str, code: int) -> int:
    with suppress(OSError, ValueError):
        print(visible("align: " + " ".join(message.split())), file=sys.stderr)
    return code


def _prepare_streams() -> None:
    """Chinese goes out as UTF-8 into files and pipes, and what can't be encoded never stops a run.

    A closed standard output refuses what is written, a closed standard error swallows it.
    """
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 - for reading: writing fails
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = None if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


@contextmanager
def _stopping() -> Iterator[None]:
    """A request to end (SIGTERM) unwinds like Ctrl-C, so that no half-written file stays behind."""
    try:
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
