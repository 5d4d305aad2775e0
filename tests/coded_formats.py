"""The story with formatting, aligned from every format that carries inline codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from formatted_files import (
    ENGLISH,
    FRENCH,
    make_docx,
    make_epub,
    make_html,
    make_markdown,
    make_mqxliff,
    make_odt,
    make_pptx,
    make_rtf,
    make_sdlxliff,
)

from aligner.bitext import Alignment
from aligner.export import ExportOptions, write
from aligner.options import Options
from aligner.pipeline import align_files

DOCUMENTS: dict[str, Callable[[Sequence[str], Path], Path]] = {
    "docx": make_docx, "html": make_html, "epub": make_epub, "md": make_markdown, "odt": make_odt, "pptx": make_pptx,
    "rtf": make_rtf,
}  # fmt: skip
BILINGUAL: dict[str, Callable[[Sequence[tuple[str, str]], Path], Path]] = {
    "sdlxliff": make_sdlxliff, "mqxliff": make_mqxliff,
}  # fmt: skip
WRITTEN = {"tmx": "1.2", "xliff": "1.2", "xlf": "2.0"}
SUFFIXES = (*DOCUMENTS, *BILINGUAL, *WRITTEN)


@cache
def read_from(suffix: str, codes: str = "keep") -> Alignment:
    """The story aligned from files of a format."""
    options = Options(src_lang="en", tgt_lang="fr", codes=codes)
    with TemporaryDirectory() as folder:
        if suffix in BILINGUAL:
            rows = list(zip(ENGLISH, FRENCH, strict=True))
            paths = [BILINGUAL[suffix](rows, Path(folder) / f"a.{suffix}")]
        elif suffix in WRITTEN:
            paths = [Path(folder) / f"a.{suffix}"]
            write([read_from("docx")], paths[0], ExportOptions(xliff=WRITTEN[suffix]))
        else:
            paths = [
                DOCUMENTS[suffix](story, Path(folder) / f"{n}.{suffix}")
                for n, story in enumerate((ENGLISH, FRENCH))
            ]
        return align_files(paths, options).alignment
