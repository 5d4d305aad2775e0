# ruff: noqa: E501 - long lines are markup
"""A file in which each rule of the readers of office, localisation and timed files takes something out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from office_files import notes_of, odf_content, pack, pack_slides, rtf, shape, slide

_HIDDEN = '<style:style style:name="gone"><style:text-properties text:display="none"/></style:style>'
_HEADER = "<style:master-page><style:header><text:p>Page head</text:p></style:header></style:master-page>"
_ODT = (
    "<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    '<text:p>Seen<office:annotation><text:p>remark</text:p></office:annotation><text:span text:style-name="gone"> hidden</text:span> text.</text:p>'
    "<text:p><draw:frame><svg:desc>a cat</svg:desc><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame></text:p>"
)
_RTF = (
    r"{\header\pard Page head\par}\pard Seen{\v  hidden}{\deleted  deleted}{\*\annotation\pard remark\par} text.\par"
    r"{\listtext 7.\tab}An item.\par"
)


def _packed(name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        if name == "a.odt":
            pack(path, {"content.xml": odf_content(f"<office:text>{_ODT}</office:text>", _HIDDEN + _HEADER)})
        else:
            beside = {
                **notes_of(1, "Say it."),
                "ppt/comments/c1.xml": "<cmLst><cm><text>remark</text></cm></cmLst>",
                "ppt/diagrams/data1.xml": '<x xmlns:a="a"><a:t>In a diagram</a:t></x>',
            }
            pack_slides([slide(shape(["Seen."]) + shape(["Page foot"], "ftr"))], path, beside)
        return path.read_bytes()


FILES: dict[str, str | bytes] = {
    "a.odt": _packed("a.odt"),
    "a.pptx": _packed("a.pptx"),
    "a.rtf": rtf(_RTF),
    "a.po": (
        '#, fuzzy\nmsgid "One"\nmsgstr "guessed"\n\nmsgid "file"\nmsgid_plural "files"\nmsgstr[0] "plik"\n'
        'msgstr[1] "pliki"\nmsgstr[2] "plików"\n\n#~ msgid "old"\n#~ msgstr "stary"\n'
    ),
    "a.arb": '{"@@locale": "en", "a": "earlier", "b": "Other", "@b": {"description": "to say"}, "a": "Later"}',
    "strings.xml": '<resources><string name="a">Text</string><string name="b" translatable="false">com.x</string></resources>',
    "credit.srt": (
        "1\n00:00:01,000 --> 00:00:02,000\nSubtitles by Ann\n\n2\n00:00:05,000 --> 00:00:06,000\nGood morning.\n"
    ),
    "a.ass": ("[Events]\nDialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\\p1}m 0 0{\\p0} A sign.\n"),
}
# Which rule takes what of each; where it is off it is text.
TAKEN = [
    ("a.odt", "odf-deleted", "deleted"), ("a.odt", "odf-hidden", "hidden"), ("a.odt", "odf-comment", "remark"),
    ("a.odt", "odf-page-header", "Page head"), ("a.odt", "odf-description", "a cat"), ("a.rtf", "rtf-deleted", "deleted"),
    ("a.rtf", "rtf-hidden", "hidden"), ("a.rtf", "rtf-comment", "remark"), ("a.rtf", "rtf-page-header", "Page head"),
    ("a.rtf", "rtf-list-number", "7."), ("a.pptx", "pptx-footer", "Page foot"), ("a.pptx", "pptx-comment", "remark"),
    ("a.pptx", "pptx-diagram", "In a diagram"), ("a.po", "po-fuzzy", "guessed"), ("a.po", "po-obsolete", "stary"),
    ("a.po", "po-plural", "pliki"), ("a.arb", "repeated-key", "earlier"), ("a.arb", "translator-note", "to say"),
    ("strings.xml", "not-translatable", "com.x"), ("a.ass", "subtitle-drawing", "m 0 0"),
    ("credit.srt", "subtitle-credit", "Subtitles by Ann"),
]  # fmt: skip
