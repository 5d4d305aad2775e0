"""Which encoders this machine can use, and how fast each is."""

from __future__ import annotations

import time
from dataclasses import dataclass

from aligner.encode.cards import Card, encoder_cards
from aligner.encode.load import load_model
from aligner.encode.model import Model
from aligner.encode.transformer import fetch_model
from aligner.errors import AlignerError

_TRIAL_SENTENCES = 200

_TRIAL_SECONDS = 2.0
"""How long `list_encoders` measures each encoder at most (one batch may pass it)."""

_TRIAL_BATCH = 40


@dataclass(frozen=True, slots=True)
class EncoderInfo:
    """One line of `align models`. `speed` is short sentences a second here, None where it wasn't measured."""

    name: str
    available: bool
    dimension: int
    licence: str
    speed: float | None
    note: str


def list_encoders() -> list[EncoderInfo]:
    """Every encoder with a card; those that run here are measured on up to 200 sentences (2 seconds each)."""
    return [_inspect(card) for card in encoder_cards().values()]


def _inspect(card: Card) -> EncoderInfo:
    try:
        if card.kind == "transformers":
            fetch_model(card.name, card, download=False)
        model = load_model(card.name)
        speed = _speed(model) if model else None
    except AlignerError as error:
        return EncoderInfo(card.name, False, card.dimension, card.licence, None, str(error))
    return EncoderInfo(card.name, True, card.dimension, card.licence, speed, card.note)


def _speed(model: Model) -> float:
    """Sentences a second, from the second batch on."""
    sentences = _trial_sentences()
    model.embed(sentences[:_TRIAL_BATCH])
    done, start = 0, time.perf_counter()
    while done < _TRIAL_SENTENCES and time.perf_counter() - start < _TRIAL_SECONDS:
        done += len(model.embed(sentences[done : done + _TRIAL_BATCH]))
    return done / (time.perf_counter() - start)


def _trial_sentences() -> list[str]:
    """Fixed sentences, half Chinese and half English, of the length of those in novels."""
    patterns = (
        "第{}天早上，他又沿着河边走了很久，才慢慢回到家里。",
        "On the {}th morning he walked along the river for a long time before going home.",
    )
    return [pattern.format(number) for number in range(_TRIAL_SENTENCES // 2) for pattern in patterns]
