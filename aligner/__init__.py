"""Align a text with its translation, sentence by sentence, offline.

a = aligner.align(chinese, english)                 # two texts, or two lists of sentences
a = aligner.align_files("zh.docx", "en.docx")       # a.pairs, a.rows(), a.save("x.json"), a.export("x.tmx")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aligner.api import (
        Aligner,
        Bitext,
        Pair,
        align,
        align_files,
        clean_text,
        evaluate,
        load,
        split_sentences,
    )
    from aligner.errors import (
        AlignerError,
        BitextError,
        InputError,
        MissingExtra,
        OutputError,
        Shortfall,
        UsageError,
    )
    from aligner.lexicon.glossary import Glossary, load_glossary
    from aligner.many import Batch, batch, pair
    from aligner.options import Options

    __version__: str

__all__ = [
    "Aligner",
    "AlignerError",
    "Batch",
    "Bitext",
    "BitextError",
    "Glossary",
    "InputError",
    "MissingExtra",
    "Options",
    "OutputError",
    "Pair",
    "Shortfall",
    "UsageError",
    "__version__",
    "align",
    "align_files",
    "batch",
    "clean_text",
    "evaluate",
    "load",
    "load_glossary",
    "pair",
    "split_sentences",
]

# Where each name is defined; loaded when it is first used, so that importing the package costs nothing.
_HOMES = {
    "aligner.api": (
        "Aligner", "Bitext", "Pair", "align", "align_files", "clean_text", "evaluate", "load", "split_sentences",
    ),
    "aligner.errors": (
        "AlignerError", "BitextError", "InputError", "MissingExtra", "OutputError", "Shortfall", "UsageError",
    ),
    "aligner.lexicon.glossary": ("Glossary", "load_glossary"),
    "aligner.many": ("Batch", "batch", "pair"),
    "aligner.options": ("Options",),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from aligner.system.installed import installed_version

        value: Any = installed_version()
    elif name in _HOME_OF:
        value = getattr(import_module(_HOME_OF[name]), name)
    else:
        raise AttributeError(f"module 'aligner' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
