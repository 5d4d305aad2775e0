"""The statistics of `py3langid`, whose file takes half a second to inflate, kept unpacked for the next start."""

from __future__ import annotations

import zlib
from array import array
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from aligner.errors import OutputError
from aligner.system.places import cache_folder
from aligner.system.unpacked import SUFFIX, DamagedError, check_place, open_unpacked, write_unpacked

_LAYOUT = 1
"""Changes when what is unpacked does."""


class Identifier(Protocol):
    """Ranks languages."""

    def rank(self, instance: str) -> list[tuple[str, float]]:
        """Each language (ISO 639) and its log probability, unnormalised, the likeliest first."""
        ...


@lru_cache(maxsize=1)
def identifier() -> Identifier:
    """The identifier: as an earlier run left it in the cache folder, else as the package has it."""
    with suppress(OSError, DamagedError):
        return _read(_path())
    return _of_the_package()


def keep_identifier() -> None:
    """Leave it unpacked in the cache folder if the package's was needed; where that can't be, it serves again."""
    if not _of_the_package.cache_info().currsize:
        return
    model: Any = _of_the_package()
    with suppress(OSError, OutputError):
        check_place(_path())
        write_unpacked(
            _path(),
            {
                "features": model.nb_ptc,
                "languages": model.nb_pc,
                "labels": np.array(model.nb_classes),
                "moves": np.array(model.tk_nextmove),
                "rows": np.array(model.tk_row),
                "output": np.array(model.tk_output, np.int32),
            },
        )
        identifier.cache_clear()
        _of_the_package.cache_clear()


def _path() -> Path:
    return cache_folder() / f"langid-{zlib.crc32(_file().read_bytes()):08x}-{_LAYOUT}{SUFFIX}"


def _file() -> Path:
    from py3langid import langid

    return Path(langid.__file__).parent / str(langid.MODEL_FILE)


@lru_cache(maxsize=1)
def _of_the_package() -> Identifier:
    from py3langid.langid import LanguageIdentifier

    model: Identifier = LanguageIdentifier.from_model_file(_file())
    return model


def _read(path: Path) -> Identifier:
    from py3langid.langid import LanguageIdentifier

    unpacked = open_unpacked(path)
    moves, rows = (array(each.dtype.char, each.tobytes()) for each in map(unpacked.array, ("moves", "rows")))
    features, languages, labels, output = map(unpacked.array, ("features", "languages", "labels", "output"))
    model: Identifier = LanguageIdentifier(
        features, languages, labels.tolist(), moves, output.tolist(), tk_row=rows
    )
    return model
