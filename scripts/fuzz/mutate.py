"""Faults put into a file: bits, pieces, tokens that parsers fear; into zip files, mostly in one of their members."""

from __future__ import annotations

import io
import random
import zipfile
import zlib

_TOKENS = [
    b"<", b">", b"&", b"&#0;", b"&#x10FFFF;", b"&lt;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?a?>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b'"', b"'", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"\t",
    b"\x1b[31m", b"\x85", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xe2\x80\xae", b"\xe3\x80\x82", b"\xef\xbc\x8e",
    b"9" * 5000, b"1e999", b"-1", b"NaN", b"null", b"[]", b"{}", b"0x7fffffff", b"99999999999999999", b"12:99:99,999",
    b"=1+1", b"\xe2\x80\x9c", b"xml:lang=''", b"zh-Hant-XX", b"../../etc/passwd", b" " * 300, b"A" * 2000, b"(" * 500,
    b"<i>" * 200, b"<p>" * 200, b"[" * 300, b"\xe2\x91\xa0", b"http://a.b/?c;", b"00:00:01,000 --> 00:00:02,000",
]  # fmt: skip
_MOST_FAULTS = 4
_LARGEST = 2_000_000


def mutated(data: bytes, draw: random.Random, others: list[bytes]) -> bytes:
    """`data` with one to four faults; a zip file mostly in one of its members, packed anew."""
    if data[:2] == b"PK" and draw.random() < 0.8:
        return _in_member(data, draw, others)
    for _ in range(draw.randint(1, _MOST_FAULTS)):
        data = draw.choice(_FAULTS)(data, draw, others)[:_LARGEST]
    return data


def _in_member(data: bytes, draw: random.Random, others: list[bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        wounded = draw.choice(names)
        for name in names:
            content = old.read(name)
            if name == wounded:
                for _ in range(draw.randint(1, _MOST_FAULTS)):
                    content = draw.choice(_FAULTS)(content, draw, others)[:_LARGEST]
            new.writestr(name, content)
    return packed.getvalue()


def _place(data: bytes, draw: random.Random) -> int:
    return draw.randint(0, len(data))


def _flip(data: bytes, draw: random.Random, _: list[bytes]) -> bytes:
    if not data:
        return data
    at = draw.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]


def _cut(data: bytes, draw: random.Random, _: list[bytes]) -> bytes:
    start = _place(data, draw)
    return data[:start] + data[start + draw.choice([1, 2, 10, 100, len(data)]) :]


def _repeat(data: bytes, draw: random.Random, _: list[bytes]) -> bytes:
    start = _place(data, draw)
    piece = data[start : start + draw.choice([1, 5, 50, 500])]
    return data[:start] + piece * draw.choice([2, 3, 30]) + data[start:]


def _move(data: bytes, draw: random.Random, _: list[bytes]) -> bytes:
    start, length = _place(data, draw), draw.choice([1, 10, 100])
    piece, rest = data[start : start + length], data[:start] + data[start + length :]
    at = _place(rest, draw)
    return rest[:at] + piece + rest[at:]


def _token(data: bytes, draw: random.Random, _: list[bytes]) -> bytes:
    at = _place(data, draw)
    return data[:at] + draw.choice(_TOKENS) + data[at:]


def _splice(data: bytes, draw: random.Random, others: list[bytes]) -> bytes:
    other = draw.choice(others)
    start, at = _place(other, draw), _place(data, draw)
    return data[:at] + other[start : start + draw.choice([10, 100, 1000])] + data[at:]


def _swap_tag(data: bytes, draw: random.Random, _: list[bytes]) -> bytes:
    pieces = data.split(b">")
    if len(pieces) < 3:
        return _flip(data, draw, [])
    first, second = draw.sample(range(len(pieces)), 2)
    pieces[first], pieces[second] = pieces[second], pieces[first]
    return b">".join(pieces)


def _swap_lines(data: bytes, draw: random.Random, _: list[bytes]) -> bytes:
    lines = data.split(b"\n")
    draw.shuffle(lines)
    return b"\n".join(lines)


def _pack(data: bytes, draw: random.Random, _: list[bytes]) -> bytes:
    return (
        zlib.compress(data) if draw.random() < 0.05 else data[::-1] if draw.random() < 0.05 else data + data
    )


_FAULTS = [
    _flip,
    _flip,
    _cut,
    _cut,
    _repeat,
    _move,
    _token,
    _token,
    _token,
    _splice,
    _swap_tag,
    _swap_lines,
    _pack,
]
