"""Boundary F1 of the sentence rules in the encoder's languages, on manuals, help pages and sayings.

    python scripts/measure_splitting.py --fetch build/splitting        (apt-get download, dpkg: about 90 MB)
    python scripts/measure_splitting.py build/splitting [--half dev] [--errors 20] [de fr]

The texts are fetched from Debian's packages, not kept here: the Debian handbook (GPL-2+ or CC BY-SA 3.0),
LibreOffice's help (MPL-2.0), fortunes (of many authors). `splitting_gold/LANG.tsv` has for each paragraph its half,
its source, the SHA-256 of its text (16 digits) and where its sentences end, the last one left out.

How it was made: paragraphs were drawn by their hash; every sign that may end a sentence is a candidate. One between a
long word and a capital is an end (so is 。！？ outside quotations, and a verb's ending in Korean); one before a small
letter is none where the word before it is short. The rest, some 1,600, were decided by eye before the ends that the
rules find were looked at. Rules were mended by what the half `dev` showed; `test` was only measured.
Thai has no signs to go by: scripts/measure_phrases.py.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from lxml import html

from aligner.split.sentences import segment
from aligner.text.edits import EditedText

GOLD = Path(__file__).resolve().parent / "splitting_gold"
HANDBOOK = {
    "ar": "ar-MA", "de": "de-DE", "en": "en-US", "es": "es-ES", "fr": "fr-FR", "it": "it-IT", "ja": "ja-JP",
    "ko": "ko-KR", "nl": "nl-NL", "pl": "pl-PL", "pt": "pt-BR", "ru": "ru-RU", "tr": "tr-TR", "zh": "zh-CN",
}  # fmt: skip
HELP = {lang: lang for lang in HANDBOOK if lang not in ("ar", "en")} | {"zh": "zh-CN"}
SAYINGS = {
    "de": ["de/*"], "es": ["es/*"], "it": ["it/*", "formiche", "italia", "leggi"], "pl": ["pl/*"], "pt": ["brasil"],
    "ru": ["ru/*"],
}  # fmt: skip
PACKAGES = [
    "debian-handbook",
    *(f"libreoffice-help-{tag.lower()}" for tag in HELP.values()),
    *(f"fortunes-{name}" for name in ("br", "de", "es", "it", "pl", "ru")),
]
# A signature, a list, a dialogue or a table: no running text.
NO_PROSE = re.compile(r"\s*(?:--|—|-)|\s{4,}|\s*\w{1,12}:")


def fetch(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", *PACKAGES], cwd=folder, check=True)
    for package in sorted(folder.glob("*.deb")):
        subprocess.run(["dpkg", "-x", package.name, "."], cwd=folder, check=True)


def one_line(text: str) -> str:
    return re.sub(r"[ \t\n\r]+", " ", text).strip()


def pages(folder: Path, pattern: str) -> Iterator[html.HtmlElement]:
    for path in sorted(folder.glob(pattern)):
        yield html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def handbook(root: Path, tag: str) -> Iterator[str]:
    for page in pages(root / "usr/share/doc/debian-handbook/html" / tag, "*.html"):
        for block in page.xpath('//div[@class="para"]|//p'):
            if block.xpath('.//div[@class="para"]|.//pre|.//li|.//table'):
                continue
            for entry in block.xpath('.//a[contains(@class,"indexterm")]'):
                entry.drop_tree()
            yield one_line(block.text_content())


def help_pages(root: Path, tag: str) -> Iterator[str]:
    for page in pages(root / "usr/share/libreoffice/help" / tag / "text", "**/*.html"):
        yield from (one_line(block.text_content()) for block in page.xpath("//p"))


def sayings(root: Path, patterns: list[str]) -> Iterator[str]:
    games = root / "usr/share/games/fortunes"
    for path in (path for pattern in patterns for path in sorted(games.glob(pattern))):
        if path.suffix in (".dat", ".u8") or path.is_dir():
            continue
        text = path.read_bytes().decode("utf-8", "ignore")
        for block in re.split(r"^%\s*$|\n\s*\n", text, flags=re.MULTILINE):
            lines = [line for line in block.split("\n") if line.strip()]
            if lines and not any(NO_PROSE.match(line) for line in lines):
                yield one_line(block)


def paragraphs(root: Path, lang: str) -> dict[str, str]:
    """Each paragraph by the hash of its text."""
    found = [*handbook(root, HANDBOOK[lang])]
    found += help_pages(root, HELP[lang]) if lang in HELP else []
    found += sayings(root, SAYINGS.get(lang, []))
    return {hashlib.sha256(text.encode()).hexdigest()[:16]: text for text in found}


def measure(root: Path, lang: str, half: str, errors: int) -> None:
    texts = paragraphs(root, lang)
    right = found = wanted = absent = 0
    wrong = []
    for line in (GOLD / f"{lang}.tsv").read_text("ascii").splitlines():
        which, _, digest, places = line.split("\t")
        if which != half:
            continue
        if digest not in texts:
            absent += 1
            continue
        text = texts[digest]
        gold = {int(place) for place in places.split()}
        system = {each.end for each in segment(EditedText(text), lang).segments} - {len(text)}
        right, found, wanted = right + len(gold & system), found + len(system), wanted + len(gold)
        wrong += [
            f"{'missed' if at in gold else 'extra '} {text[max(0, at - 40) : at]} ‖ {text[at : at + 30]}"
            for at in sorted(gold ^ system)
        ]
    told = f", {absent} paragraphs of another edition left out" if absent else ""
    print(
        f"{lang}  P {right / max(found, 1):.4f}  R {right / max(wanted, 1):.4f}  "
        f"F1 {2 * right / max(found + wanted, 1):.4f}  ({wanted} boundaries, half {half}{told})"
    )
    for line in wrong[:errors]:
        print("   ", line)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "folder", type=Path, help="where the packages are unpacked; / where they are installed"
    )
    parser.add_argument("languages", nargs="*", metavar="LANG")
    parser.add_argument("--fetch", action="store_true", help="fetch the packages into the folder first")
    parser.add_argument("--half", choices=("test", "dev"), default="test")
    parser.add_argument(
        "--errors", type=int, default=0, help="show this many wrong boundaries of each language"
    )
    options = parser.parse_args()
    if options.fetch:
        fetch(options.folder)
    for lang in options.languages or sorted(HANDBOOK):
        measure(options.folder, lang, options.half, options.errors)


if __name__ == "__main__":
    main()
