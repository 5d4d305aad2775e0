"""One sound file of every kind the project reads, from the same two short texts."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import localisation_files as keyed  # noqa: E402 - the files of the tests, made with the formats' own libraries
import office_files as office  # noqa: E402
import sample_files as make  # noqa: E402
import tmx_samples  # noqa: E402

from aligner.bitext import Alignment, Bead  # noqa: E402
from aligner.export import write  # noqa: E402
from aligner.prepare import document_of  # noqa: E402

ROWS = [["zh-CN", "en"], *map(list, zip(make.CHINESE, make.ENGLISH, strict=True))]
TEXTS = {f"story.line{n}": text for n, text in enumerate(make.ENGLISH)}
CUES = [(n * 3.0, n * 3.0 + 2, text) for n, text in enumerate(make.ENGLISH)]
REVIEW = Alignment(
    document_of(list(make.CHINESE), "zh-CN", "zh.txt"),
    document_of(list(make.ENGLISH), "en", "en.txt"),
    tuple(Bead(n, n + 1, n, n + 1, 0.9) for n in range(len(make.CHINESE))),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A sound file and what is done with files of its kind, a name of `tasks.TASKS`."""

    name: str
    data: bytes
    task: str

    @property
    def suffix(self) -> str:
        return "".join(Path(self.name).suffixes)


def samples(folder: Path) -> list[Sample]:
    """Every kind, made in `folder`."""
    found = []
    for task, name, build in _BUILDERS:
        path = folder / name
        build(path)
        found.append(Sample(name, path.read_bytes(), task))
    return found


def _exported(path: Path) -> None:
    write([REVIEW], path)


def _text(content: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(content, encoding="utf-8")


def _page(path: Path) -> None:
    path.write_text("\n".join([*make.CHINESE, *make.ENGLISH]), encoding="utf-8")


def _pdf(path: Path) -> None:
    lines = [(72.0, 700.0 - 20 * n, 12.0, text[:70]) for n, text in enumerate(make.ENGLISH)]
    make.make_pdf([lines, lines], path)


def _tbx(path: Path) -> None:
    entries = "".join(
        f'<termEntry id="{n}"><langSet xml:lang="zh"><tig><term>{a}</term></tig></langSet>'
        f'<langSet xml:lang="en"><tig><term>{b}</term></tig></langSet></termEntry>'
        for n, (a, b) in enumerate([("图书馆", "library"), ("读者", "reader"), ("阅览室", "reading room")])
    )
    path.write_text(
        f'<?xml version="1.0"?><martif><text><body>{entries}</body></text></martif>', encoding="utf-8"
    )


def _zip(path: Path) -> None:
    """Chapters in three formats, a picture and a page of frames."""
    folder = path.with_suffix("")
    folder.mkdir()
    make.make_txt(make.ENGLISH[:2], folder / "1.txt")
    make.make_docx(make.ENGLISH[2:4], folder / "2.docx")
    make.make_html(make.ENGLISH[4:], folder / "10.html")
    (folder / "index.html").write_text(_FRAMES)
    (folder / "a.png").write_bytes(b"\x89PNG")
    shutil.make_archive(str(folder), "zip", folder)


_FRAMES = (
    '<html><frameset cols="1,2"><frame src="menu.html"><frame src="sub/../text.html#a"><frame src="../x.html">'
    "<noframes><body>No frames.</body></noframes></frameset></html>"
)
_JSONL = "".join(json.dumps({"source": a, "target": b}, ensure_ascii=False) + "\n" for a, b in ROWS[1:])
_MANY = (
    '<?xml version="1.0"?><tmx version="1.4"><header srclang="zh"/><body>'
    + "".join(
        f'<tu><tuv xml:lang="zh"><seg>{a}</seg></tuv><tuv xml:lang="en"><seg>{b}</seg></tuv>'
        f'<tuv xml:lang="fr"><seg>{b} (fr)</seg></tuv></tu>'
        for a, b in ROWS[1:]
    )
    + "</body></tmx>"
)
_BUILDERS: list[tuple[str, str, Callable[[Path], object]]] = [
    ("text", "text.txt", lambda path: make.make_txt(make.ENGLISH, path)),
    ("text", "gb.txt", lambda path: make.make_txt(make.CHINESE, path, "gb18030")),
    ("text", "utf16.txt", lambda path: make.make_txt(make.CHINESE, path, "utf-16")),
    ("page", "page.txt", _page),
    ("read", "text.md", lambda path: make.make_markdown(make.ENGLISH, path)),
    ("read", "page.html", lambda path: make.make_html(make.ENGLISH, path)),
    ("read", "frames.html", _text(_FRAMES)),
    ("text", "book.zip", _zip),
    ("timed", "timed.srt", lambda path: make.make_srt(CUES, path)),
    ("timed", "timed.vtt", lambda path: make.make_vtt(CUES, path)),
    ("timed", "timed.ttml", lambda path: make.make_ttml(CUES, path)),
    ("read", "many.tmx", lambda path: path.write_text(_MANY, encoding="utf-8")),
    ("read", "text.docx", lambda path: make.make_docx(make.ENGLISH, path)),
    ("read", "table.docx", lambda path: make.make_docx_table(ROWS, path)),
    ("read", "book.epub", lambda path: make.make_epub([make.ENGLISH, make.CHINESE], path)),
    ("read", "film.srt", lambda path: make.make_srt(CUES, path)),
    ("read", "film.vtt", lambda path: make.make_vtt(CUES, path)),
    ("read", "film.ass", lambda path: make.make_ass(CUES, path)),
    ("read", "film.ttml", lambda path: make.make_ttml(CUES, path)),
    ("read", "text.odt", lambda path: office.make_odt(make.ENGLISH, path)),
    ("read", "table.ods", lambda path: office.make_ods(ROWS, path)),
    ("read", "slides.pptx", lambda path: office.make_pptx(make.ENGLISH, path)),
    ("read", "text.rtf", lambda path: office.make_rtf(make.ENGLISH, path)),
    ("read", "units.po", lambda path: keyed.make_po(ROWS[1:], path, "en")),
    ("keyed", "app.properties", lambda path: keyed.make_properties(TEXTS, path)),
    ("keyed", "app.strings", lambda path: keyed.make_strings(TEXTS, path)),
    ("keyed", "app.resx", lambda path: keyed.make_resx(TEXTS, path)),
    ("keyed", "strings.xml", lambda path: keyed.make_android(TEXTS, path)),
    ("keyed", "app.json", lambda path: keyed.make_json(TEXTS, path)),
    ("keyed", "app.yaml", lambda path: keyed.make_yaml(TEXTS, path)),
    ("read", "table.xlsx", lambda path: make.make_xlsx(ROWS, path)),
    ("read", "table.csv", lambda path: make.make_csv(ROWS, path)),
    ("read", "table.tsv", lambda path: make.make_tsv(ROWS, path)),
    ("read", "rows.jsonl", _text(_JSONL)),
    ("read", "units.xliff", lambda path: make.make_xliff12(ROWS[1:], path)),
    ("read", "units2.xlf", lambda path: make.make_xliff20(ROWS[1:], path)),
    ("pdf", "text.pdf", _pdf),
    ("check", "memory.tmx", lambda path: path.write_bytes(tmx_samples.tmx().encode())),
    ("savefile", "review.json", _exported),
    ("review", "review.tsv", _exported),
    ("review", "review.csv", _exported),
    ("review", "review.xlsx", _exported),
    ("glossary", "terms.csv", _text("图书馆,library\n读者,reader\n")),
    ("glossary", "terms.tbx", _tbx),
    ("ladder", "gold.ladder", _text("[0]:[0]\n[1,2]:[1]\n[]:[2]\n")),
]
