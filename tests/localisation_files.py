"""Localisation files with the same texts under the same keys. One function a format."""

from __future__ import annotations

import json
import plistlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Texts = Mapping[str, str]


def with_keys(paragraphs: Sequence[str]) -> dict[str, str]:
    """The paragraphs of a story under keys of two levels."""
    return {f"story.p{number}": paragraph for number, paragraph in enumerate(paragraphs)}


def make_json(texts: Texts, path: Path) -> Path:
    tree = {"story": {key.removeprefix("story."): text for key, text in texts.items()}}
    return _write(path, json.dumps(tree, ensure_ascii=False, indent=2))


def make_yaml(texts: Texts, path: Path) -> Path:
    import yaml

    tree = {"story": {key.removeprefix("story."): text for key, text in texts.items()}}
    return _write(path, yaml.safe_dump(tree, allow_unicode=True, width=60, sort_keys=False))


def make_properties(texts: Texts, path: Path) -> Path:
    """In ASCII, with a line that goes on."""
    lines = []
    for key, text in texts.items():
        escaped = "".join(c if c.isascii() else f"\\u{ord(c):04x}" for c in text)
        first, blank, rest = escaped.partition(" ")
        lines.append(f"{key} = {first}{blank}" + (f"\\\n    {rest}" if rest else ""))
    return _write(path, "# a comment\n" + "\n".join(lines) + "\n")


def make_strings(texts: Texts, path: Path) -> Path:
    lines = [f"/* a comment */\n{_quoted(key)} = {_quoted(text)};" for key, text in texts.items()]
    path.write_bytes("\n".join(lines).encode("utf-16"))
    return path


def make_plist_strings(texts: Texts, path: Path) -> Path:
    path.write_bytes(plistlib.dumps(dict(texts), fmt=plistlib.FMT_BINARY, sort_keys=False))
    return path


def make_android(texts: Texts, path: Path) -> Path:
    rows = "".join(
        f'  <string name="{key}">{escape(text).replace(chr(39), chr(92) + chr(39))}</string>\n'
        for key, text in texts.items()
    )
    return _write(path, f'<?xml version="1.0" encoding="utf-8"?>\n<resources>\n{rows}</resources>\n')


def make_resx(texts: Texts, path: Path) -> Path:
    rows = "".join(
        f'  <data name="{key}" xml:space="preserve"><value>{escape(text)}</value></data>\n'
        for key, text in texts.items()
    )
    return _write(
        path,
        f'<?xml version="1.0"?>\n<root>\n<resheader name="version"><value>2.0</value></resheader>\n{rows}</root>\n',
    )


def make_po(rows: Sequence[Sequence[str]], path: Path, lang: str = "") -> Path:
    entries = [f"msgid {_quoted(source)}\nmsgstr {_quoted(target)}\n" for source, target in rows]
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    language = f'"Language: {lang}\\n"\n' if lang else ""
    return _write(path, "\n".join([head + language, *entries]))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n") + '"'


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
