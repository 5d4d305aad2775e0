"""Encoders by name: which ones a quality means, loaded once for all alignments of a process."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from aligner.encode.cache import VectorCache
from aligner.encode.cards import card_for, encoder_cards
from aligner.encode.e5 import E5Model
from aligner.encode.encoder import Progress, TextEncoder, TextPieceEncoder
from aligner.encode.model import Model, PieceModel
from aligner.encode.transformer import TransformerModel
from aligner.encode.use import UseModel
from aligner.errors import UsageError
from aligner.system.places import cache_folder

QUALITY = {"fast": "use", "best": "use+e5"}
"""Encoder names behind `--quality`."""


def parse_names(names: str) -> list[str]:
    """Split "use+e5" into ["use", "e5"]; a folder whose name has a plus is one encoder."""
    if "+" in names and Path(names).is_dir():
        return [names]
    parts = [part.strip() for part in names.split("+")]
    if not all(parts):
        raise UsageError(
            f"--encoder {names!r} names no encoder: write use, use+e5, a folder or organisation/model"
        )
    return list(dict.fromkeys(parts))


def runs_on_torch(name: str) -> bool:
    """Whether the encoder of this name is one of sentence-transformers, not one that this program runs itself."""
    card = card_for(name)
    return card is None or card.kind == "transformers"


def load_encoder(
    name: str, *, download: bool = False, cache: bool = True, progress: Progress | None = None
) -> TextEncoder:
    """Load one encoder: a card's name, a folder with a sentence-transformers model, or "organisation/model".

    Only `download=True` may use the network. Raises UsageError for a name that can't be an encoder,
    MissingExtra where its packages are not installed, InputError where its weights are missing or damaged.
    """
    model = load_model(name, download=download, folder=cache_folder() if cache else None)
    if model is None:
        known = ", ".join(encoder_cards())
        raise UsageError(f"no encoder {name!r}: write one of {known}, a folder, or organisation/model")
    vectors = VectorCache(model.dimension) if cache else None
    if isinstance(model, PieceModel):
        return TextPieceEncoder(model, vectors, VectorCache(model.piece_width) if cache else None, progress)
    return TextEncoder(model, vectors, progress)


def load_model(name: str, *, download: bool = False, folder: Path | None = None) -> Model | None:
    """The model called `name`, or None if that is no card's name, no folder and no "organisation/model".

    `folder` is where earlier runs may have left what makes the start quick (`TextEncoder.keep`).
    """
    card = card_for(name)
    if card is not None and card.kind == "use":
        return UseModel(card, folder)
    if card is not None and card.kind == "e5":
        return E5Model(card)
    if card is not None or Path(name).is_dir() or name.count("/") == 1:
        return TransformerModel(name, card, download=download)
    return None


@lru_cache(maxsize=4)
def shared_encoder(name: str, download: bool, cache: bool) -> TextEncoder:
    """The encoder, loaded once for all alignments of this process; `Options` say what the arguments mean."""
    return load_encoder(name, download=download, cache=cache)
