"""Pages of old sites that are made of frames: which files the frames show, of those that lie beside the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aligner.read.markup import Element
from aligner.read.reading import MAX_EXPANDED_BYTES, Source

MOST_FRAMES = 64  # of a page with the pages in its frames; real ones have two to five


@dataclass(slots=True)
class Frames:
    """What the frames of a page have shown so far, with lines about those that were not read."""

    top: Source
    notes: list[str]
    seen: set[Path]
    left: int = MAX_EXPANDED_BYTES

    def sources(self, page: Source, root: Element) -> Iterator[Source]:
        """The pages in the frames of `page`, in order, each once: in the folder of the first page or below only."""
        for frame in root.walk():
            name = frame.get("src") or ""
            if frame.name != "frame" or not name or page.folder is None:
                continue
            path = self._path(page.folder, name)
            if path is None or path in self.seen:
                continue
            if len(self.seen) >= MOST_FRAMES or path.stat().st_size > self.left:
                raise self.top.refuse("its frames hold too many pages; name the page that has the text")
            self.seen.add(path)
            data = path.read_bytes()
            self.left -= len(data)
            if data.strip():
                yield replace(page, name=str(path), data=data, folder=path.parent)

    def _path(self, folder: Path, name: str) -> Path | None:
        top = self.top.folder
        try:
            place = urlsplit(name.strip().replace("\\", "/"))
            path = (folder / unquote(place.path)).resolve()
            is_inside = top is not None and path.is_relative_to(top.resolve())
            is_there = is_inside and path.is_file()
        except (OSError, ValueError, RuntimeError):
            is_inside = is_there = False
            place = urlsplit("")
        if place.scheme or place.netloc or not is_inside:
            self.notes.append(f"{self.top.name}: the frame {_shown(name)} is elsewhere, not read")
        elif not is_there:
            self.notes.append(f"{self.top.name}: the frame {_shown(name)} is not there, not read")
        else:
            return path
        return None


def _shown(name: str) -> str:
    """A name as it can stand in a message."""
    line = "".join(sign if sign.isprintable() else " " for sign in name)
    return repr(line if len(line) <= 60 else f"{line[:60]}…")  # noqa: PLR2004
