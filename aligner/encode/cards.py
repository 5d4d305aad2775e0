"""The encoder cards in `models/`: what each encoder is, and how it wants to be asked."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from aligner.files import models_folder
from aligner.language.tags import primary

_KINDS = ("use", "e5", "transformers")


@dataclass(frozen=True, slots=True)
class Card:
    """One encoder. `speed` is sentences of 28 tokens a second on one core (AMD EPYC), None if unmeasured."""

    name: str
    kind: Literal["use", "e5", "transformers"]
    source: str
    licence: str
    dimension: int
    max_tokens: int
    prefix: str = ""
    pooling: Literal["", "cls", "mean", "lasttoken"] = ""
    size_mb: int = 0
    languages: str = ""
    speed: float | None = None
    sha256: dict[str, str] | None = None
    note: str = ""


@cache
def encoder_cards() -> dict[str, Card]:
    """The cards by encoder name, the default encoder first."""
    cards = []
    for path in sorted((models_folder() / "encoders").glob("*.toml")):
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
        card = Card(**entries)
        if card.kind not in _KINDS or card.name != path.stem:
            raise ValueError(f"{path}: kind must be one of {_KINDS} and name must be the file's name")
        cards.append(card)
    cards.sort(key=lambda card: _KINDS.index(card.kind))
    return {card.name: card for card in cards}


def unknown_languages(langs: Sequence[str], encoders: Sequence[str]) -> list[str]:
    """Those of `langs` (BCP 47 tags) that the card of every encoder leaves out; cards without a list know all."""
    cards = [card for name in encoders if (card := card_for(name))]
    if len(cards) < len(encoders):
        return []
    known = [{tag.partition("-")[0] for tag in card.languages.split()} for card in cards]
    if any("about" in tags or "more" in tags or any(tag.isdigit() for tag in tags) for tags in known):
        return []
    return [lang for lang in langs if lang != "und" and all(primary(lang) not in tags for tags in known)]


def card_for(name: str) -> Card | None:
    """The card of an encoder given by name, by source ("organisation/model") or by a folder named like it."""
    by_name = encoder_cards()
    if (card := by_name.get(name.lower())) is not None:
        return card
    sources = {card.source.lower(): card for card in by_name.values() if card.kind == "transformers"}
    if not Path(name).is_dir():
        return sources.get(name.lower())
    models = {source.rpartition("/")[2]: card for source, card in sources.items()}
    return models.get(Path(name).resolve().name.lower())
