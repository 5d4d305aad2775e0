"""The process in which pdfium opens a file: a hostile PDF may use up its time and memory and die, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import astuple, dataclass
from itertools import islice
from typing import Any

from aligner.read.pdf_lines import Line, lines_of_page
from aligner.read.pdf_rules import Stroke, Strokes, grids_of, strokes_of
from aligner.read.reading import Source

# What a page's drawing may expand to: text in a PDF is packed about five to one and carries its places, so that
# a book has one character a byte; 500,000 more for small files.
_CHARACTERS_A_BYTE, _FREE_CHARACTERS = 10, 500_000
# Seconds of computing: an ordinary page takes 5 ms and 10 kB.
_SECONDS, _SECONDS_A_MEGABYTE = 20, 10
# Seconds by the clock for each second of computing, on a machine that is busy with other things.
_BUSY = 6
_MEGABYTE = 1024 * 1024
_MEMORY = 700 * _MEGABYTE
_DEEPEST = 40  # levels of forms within forms that pdfium looks through
_LOOKED_AT = 10_000  # what a page without text draws, at most
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from aligner.read.pdf_process import answer; answer()"
)
_TOO_LARGE = "expands to more text than a file of its size can hold; print it to PDF anew"
_DIED = (
    "it takes more time or memory than a file of its size may, or makes the PDF library fail; "
    "print it to PDF anew or save it as text"
)


@dataclass(frozen=True, slots=True)
class Pages:
    """Each page's lines, height in points and ruled lines.

    Of those without text `pictures` are the numbers of pages that draw something, `buried` of those whose drawing lies
    in forms within forms deeper than is read.
    """

    lines: list[list[Line]]
    heights: list[float]
    pictures: list[int]
    buried: list[int]
    strokes: list[Strokes]


def read_pages(source: Source) -> Pages:
    """Have another process open the file. Raises `InputError` where it can't, or dies over it."""
    command = [sys.executable, "-c", _START, json.dumps(sys.path)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            input=source.data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_BUSY * _seconds(len(source.data)),
            check=False,
        )
        found: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {"error": _DIED}
    except (subprocess.TimeoutExpired, ValueError):
        found = {"error": _DIED}
    if "error" in found:
        raise source.refuse(found["error"])
    lines = [[Line(*fields) for fields in page] for page in found["lines"]]
    strokes = [Strokes(*([Stroke(*each) for each in kind] for kind in page)) for page in found["strokes"]]
    return Pages(lines, found["heights"], found["pictures"], found["buried"], strokes)


def answer() -> None:
    """In the other process: the file from standard input as lines, in JSON, to standard output."""
    data = sys.stdin.buffer.read()
    _limit(len(data))
    try:
        pages = _pages(data)
        found: dict[str, Any] = {
            "lines": [[astuple(line) for line in lines] for lines in pages.lines],
            "heights": pages.heights,
            "pictures": pages.pictures,
            "buried": pages.buried,
            "strokes": pages.strokes,
        }
    except _Refused as refused:
        found = {"error": str(refused)}
    sys.stdout.buffer.write(json.dumps(found).encode())


class _Refused(Exception):
    """The file can't be read; the message says why."""


def _seconds(size: int) -> int:
    return _SECONDS + _SECONDS_A_MEGABYTE * size // _MEGABYTE


def _limit(size: int) -> None:
    """Bound this process's time and memory where the system can (not on Windows, where the parent's clock does)."""
    try:
        import resource
    except ImportError:
        return
    memory, seconds = _MEMORY + 3 * size, _seconds(size)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    if sys.platform == "linux":  # elsewhere the address space says nothing of the memory used
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _note_drawing(page: Any, number: int, pages: Pages) -> None:
    """Put the number of a page without text where what it draws belongs."""
    from pypdfium2.raw import FPDF_PAGEOBJ_FORM, FPDF_PAGEOBJ_TEXT

    deepest = 0
    for each in islice(page.get_objects(max_depth=_DEEPEST + 1), _LOOKED_AT):
        if each.type not in (FPDF_PAGEOBJ_FORM, FPDF_PAGEOBJ_TEXT):
            pages.pictures.append(number)
            return
        deepest = max(deepest, each.level)
    if deepest >= _DEEPEST:
        pages.buried.append(number)


def _pages(data: bytes) -> Pages:
    import ctypes

    import pypdfium2

    pages = Pages([], [], [], [], [])
    budget = _FREE_CHARACTERS + _CHARACTERS_A_BYTE * len(data)
    try:
        pdf = pypdfium2.PdfDocument(data)
        for number in range(len(pdf)):
            page = pdf[number]
            textpage = page.get_textpage()
            budget -= textpage.count_chars()
            if budget < 0:
                raise _Refused(_TOO_LARGE)
            strokes = strokes_of(page)
            lines = lines_of_page(
                textpage, number, [each for grid in grids_of(strokes) for each in grid.upright]
            )
            if not lines:
                _note_drawing(page, number + 1, pages)
            pages.lines.append(lines)
            pages.strokes.append(strokes)
            pages.heights.append(page.get_height())
            textpage.close()
            page.close()
    except (pypdfium2.PdfiumError, ValueError, ctypes.ArgumentError) as error:
        if "assword" in str(error):
            raise _Refused("protected with a password; save it without one") from None
        raise _Refused("a damaged PDF; get it again") from None
    except MemoryError:
        raise _Refused(_DIED) from None
    return pages
