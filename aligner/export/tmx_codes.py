"""The inline codes of a TMX segment: pairs as `bpt` and `ept`, an end alone as `it`, all else as `ph`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aligner.export.unit_codes import content, nested, pieces, whole_pairs
from aligner.text.codes import ALONE, OPEN, Code

# What TMX 1.4 calls what codes do; other kinds stand as they are.
_TYPES = {"underlined": "ulined", "note": "fnote"}
_HI = "tmx:hi"


def segment(
    text: str, codes: Sequence[Code], pairs: Sequence[str], same: Sequence[str], escaped: Callable[[str], str]
) -> str:
    """What stands in a `seg`: `pairs` and `same` are the values of `i` and `x` for each code."""
    whole = whole_pairs(codes)
    around = nested(codes, {code.pair for code in codes if code.form == _HI and code.pair in whole})
    written = []
    for piece, number in pieces(text, codes):
        written.append(escaped(piece) if piece else "")
        if number < 0:
            continue
        code = codes[number]
        if code.pair in around:
            written.append(f"<hi{_x(same[number])}{_type(code)}>" if code.kind == OPEN else "</hi>")
        else:
            written.append(
                _element(code, code.pair in whole, pairs[number], same[number], escaped(content(code, text)))
            )
    return "".join(written)


def _element(code: Code, is_whole: bool, pair: str, same: str, data: str) -> str:
    if code.kind == ALONE:
        name = "ut" if code.form == "tmx:ut" else "ph"
        start = f"<{name}{_x(same)}{_type(code) if name == 'ph' else ''}"
    elif not is_whole:
        name = "it"
        start = f'<it pos="{"begin" if code.kind == OPEN else "end"}"{_x(same)}{_type(code)}'
    elif code.kind == OPEN:
        name = "bpt"
        start = f'<bpt i="{pair}"{_x(same)}{_type(code)}'
    else:
        name = "ept"
        start = f'<ept i="{pair}"'
    return f"{start}>{data}</{name}>" if data else f"{start}/>"


def _x(number: str) -> str:
    return f' x="{number}"' if number.isascii() and number.isdigit() else ""


def _type(code: Code) -> str:
    from aligner.export.tmx import xml_text

    own = code.attribute("type") if code.form.startswith("tmx:") else ""
    kind = own or _TYPES.get(code.type, code.type)
    return f' type="{xml_text(kind)}"' if kind else ""
