"""Line breaks inside the texts of localisation files: codes that stand for a blank, written `\\n` as in the files."""

from __future__ import annotations

from aligner.text.codes import Code

BREAK = "lb"
_WRITTEN = {"\n": r"\n", "\r": r"\r"}


def written(white: str) -> str:
    """White space as the data of a code: its line breaks as such files write them."""
    return "".join(_WRITTEN.get(sign, sign) for sign in white)


def read_back(code: Code) -> str:
    r"""The white space that `written` made the data of `code`, empty where the code is no such break.

    >>> from aligner.text.codes import ALONE
    >>> read_back(Code(0, ALONE, r"\n", type="lb"))
    '\n'
    """
    white = code.data
    for sign, escape in _WRITTEN.items():
        white = white.replace(escape, sign)
    return white if code.type == BREAK and white.isspace() else ""
