"""What the commands say: results on standard output, all else on standard error."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aligner.options import Progress

_DEFAULT_WIDTH, _WIDEST = 100, 140  # cells, where no terminal says how wide it is, and for easy reading


def width() -> int:
    """Cells a line may take."""
    return min(_WIDEST, shutil.get_terminal_size((_DEFAULT_WIDTH, 24)).columns)


def print_json(value: object) -> None:
    """The result, for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def fields(item: object, *names: str) -> dict[str, Any]:
    """The attributes `names` of `item`, for `print_json`."""
    return {name: getattr(item, name) for name in names}


def tell(text: str, *, apart: bool = False) -> None:
    """Say `text` to the user, `apart` from what was printed as the result."""
    if text.strip():
        sys.stdout.flush()
        print(f"\n{text}" if apart else text, file=sys.stderr)


@contextmanager
def progress_bar(quiet: bool, first: str = "reading") -> Iterator[Progress | None]:
    """A bar on standard error while the work goes on, where that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    parts = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(first, total=None)
        yield lambda stage, done, total: bar.update(task, description=stage, completed=done, total=total)
