"""Old Office files (.doc, .xls, .ppt), which LibreOffice turns into new ones where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from aligner.read.reading import MAX_EXPANDED_BYTES, Reading, Source

# The streams that tell what a compound file is, by what it becomes.
_STREAMS = (
    ("EncryptedPackage", ""), ("WordDocument", "docx"), ("PowerPoint Document", "pptx"), ("Workbook", "xlsx"),
    ("Book", "xlsx"),
)  # fmt: skip
_OLD = {"docx": "doc", "pptx": "ppt", "xlsx": "xls"}
# Where installers put it without a name on the path.
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice", r"C:\Program Files\LibreOffice\program\soffice.exe",
)  # fmt: skip
# A document of 1,000 pages takes half a minute.
_SECONDS = 180


def read_legacy(source: Source) -> Reading:
    """What the file gives as .docx, .xlsx or .pptx; `renewed` has the errors."""
    from aligner.read import read_bytes

    reading = read_bytes(renewed(source))
    return replace(reading, notes=(*reading.notes, f"{source.name}: read through LibreOffice"))


def renewed(source: Source) -> Source:
    """The file as .docx, .xlsx or .pptx; macros don't run.

    Raises `InputError` for a password, another kind of file, a damaged one, and where there is no LibreOffice.
    """
    becomes = next((suffix for name, suffix in _STREAMS if name.encode("utf-16-le") in source.data), None)
    if becomes is None:
        raise source.refuse("a compound file, but no .doc, .xls or .ppt; save its text as .docx")
    if not becomes:
        raise source.refuse("protected with a password; save it without one")
    office = next(filter(None, map(shutil.which, ("soffice", "libreoffice", *_PLACES))), None)
    if office is None:
        raise source.refuse(
            f"an old Office file (.{_OLD[becomes]}), which LibreOffice would open; install it, "
            f"or save the file as .{becomes}"
        )
    with tempfile.TemporaryDirectory(prefix="aligner-", ignore_cleanup_errors=True) as folder:
        return replace(source, data=_convert(source, office, Path(folder), becomes))


def _convert(source: Source, office: str, folder: Path, suffix: str) -> bytes:
    """The file saved anew, with settings of its own, so that one that is open disturbs nothing."""
    before, after = folder / f"in.{_OLD[suffix]}", folder / "out" / f"in.{suffix}"
    before.write_bytes(source.data)
    command = [
        office, f"-env:UserInstallation={(folder / 'settings').as_uri()}", "--headless", "--norestore",
        "--convert-to", suffix, "--outdir", str(after.parent), str(before),
    ]  # fmt: skip
    process = subprocess.Popen(  # noqa: S603 - a list, no shell
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        raise source.refuse(
            f"LibreOffice did not open it within {_SECONDS} s; save it as .{suffix}"
        ) from None
    finally:
        _stop(process)
    if not after.is_file():
        raise source.refuse(f"LibreOffice can't open it: damaged, or protected; save it as .{suffix}")
    if after.stat().st_size > MAX_EXPANDED_BYTES:
        raise source.refuse(f"expands to more than {MAX_EXPANDED_BYTES >> 20} MiB; split the document")
    return after.read_bytes()


def _stop(process: subprocess.Popen[bytes]) -> None:
    """LibreOffice starts a second process, which outlives the first when that is killed."""
    if process.poll() is None:
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
