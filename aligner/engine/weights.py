"""The bead scorer's weights: read from `models/`, one file for each pair of languages and set of encoders."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.engine.beads import BEAD_TYPES
from aligner.engine.feature import Feature
from aligner.engine.features import added_features, bead_features, feature_names
from aligner.engine.interactions import Interactions
from aligner.engine.walk import STEP_FEATURES
from aligner.errors import InputError
from aligner.files import models_folder

FORMAT = "aligner-scorer/4"

ANY = "any"
"""Name of the weights that lean on no resource of a language pair."""

CORNER = "corner"
"""Name of the weight for what the walk through the clauses says of a bead's end."""


@dataclass(frozen=True, slots=True)
class BeadWeights:
    """What beads of sentences are worth. `values`: float32, one for each of `feature_names(...)`, in order."""

    values: NDArray[np.float32]

    @property
    def types(self) -> NDArray[np.float32]:
        """The weight of each bead type, (T,)."""
        return self.values[: len(BEAD_TYPES)]

    @property
    def again(self) -> float:
        """What a one-sided bead gains by following another."""
        return float(self.values[len(BEAD_TYPES)])

    @property
    def features(self) -> NDArray[np.float32]:
        """The weight of each feature of a bead, (F,)."""
        return self.values[len(BEAD_TYPES) + 1 :]


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained scorer: weights for beads of sentences, for steps from clause to clause, and what joins the two.

    `steps`: float32, one for each of `STEP_FEATURES`.
    `corner`: what the probability that the walk through the clauses misses the end of a two-sided bead costs.
    `slope` and `shift` calibrate: confidence = logistic(slope * logit(posterior) + shift).
    `interactions`: what the features say together, where that was trained.
    `spread` is the mean cosine over the anchors of the training texts, to which the cosines of other encoders in
    their place are scaled. `signature` names the training: pair, encoders, corpora and a hash of the values.
    `lone`: the weights for texts in which many single sentences have no counterpart, where there are some.
    """

    pair: str
    encoders: tuple[str, ...]
    channels: tuple[str, ...]
    sentences: BeadWeights
    steps: NDArray[np.float32]
    corner: float = 0.0
    slope: float = 1.0
    shift: float = 0.0
    spread: float = 0.0
    interactions: Interactions | None = None
    signature: str = "untrained"
    trained: Mapping[str, Any] = field(default_factory=dict)
    lone: Weights | None = None

    def calibrate(self, posterior: NDArray[np.floating]) -> NDArray[np.float64]:
        """Turn posteriors into confidences, both 0 to 1."""
        inside = np.clip(posterior, 1e-6, 1 - 1e-6)
        calibrated: NDArray[np.float64] = 1 / (
            1 + np.exp(-(self.slope * np.log(inside / (1 - inside)) + self.shift))
        )
        return calibrated

    def blended(self, share: float) -> Weights:
        """The weights with a `share`, 0 to 1, of those for texts with many lone sentences, where there are some."""
        if self.lone is None or share == 0:
            return self
        part = 1 - share
        ours, theirs = self.interactions, self.lone.interactions
        return replace(
            self,
            sentences=BeadWeights(part * self.sentences.values + share * self.lone.sentences.values),
            steps=part * self.steps + share * self.lone.steps,
            corner=part * self.corner + share * self.lone.corner,
            slope=part * self.slope + share * self.lone.slope,
            shift=part * self.shift + share * self.lone.shift,
            interactions=ours.blended(theirs, share) if ours and theirs else None,
        )

    def leaning(self, odds: Mapping[tuple[int, int], float]) -> Weights:
        """The weights with the logarithm of the odds of some bead types (sources, targets) raised by so much."""
        if not odds:
            return self
        values = self.sentences.values.copy()
        values[: len(BEAD_TYPES)] += [odds.get(kind, 0.0) for kind in BEAD_TYPES]
        lone = self.lone and self.lone.leaning(odds)
        return replace(self, sentences=BeadWeights(values), lone=lone)


def load_weights(src_lang: str, tgt_lang: str, encoders: Sequence[str]) -> Weights:
    """The weights for two primary languages and encoders; those for any pair where none are trained for it.

    Encoders without weights of their own use those of the default encoder under its names.
    """
    pair = "-".join(sorted((src_lang, tgt_lang), reverse=True))
    known = tuple(encoders) if _path(ANY, encoders).exists() else _STAND_INS[len(encoders) > 1]
    for name in (pair, ANY):
        if _path(name, known).exists():
            return _read_both(_path(name, known))
    raise InputError(f"{_path(ANY, known)}: the scorer's weights are missing; install aligner again")


_STAND_INS = (("use",), ("use", "e5"))  # whose weights serve one encoder, or several, that have none


def _path(pair: str, encoders: Sequence[str]) -> Path:
    return models_folder() / "scorer" / f"{pair}.{'+'.join(encoders)}.json"


def _read_both(path: Path) -> Weights:
    """The weights of a file, with those for texts with many lone sentences that stand beside it."""
    added = added_features()
    weights, beside = _read(path, added), path.with_suffix(".lone.json")
    if not beside.exists():
        return weights
    lone = _read(beside, added)
    digest = lone.signature.partition(".lone-")[2].partition("+")[0]
    return replace(weights, lone=lone, signature=f"{weights.signature}+lone-{digest}")


@lru_cache(maxsize=8)
def _read(path: Path, added: tuple[Feature, ...] = ()) -> Weights:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        channels = tuple(content["channels"])
        (corner,) = (entry["weight"] for entry in content["features"] if entry["name"] == CORNER)
        weights = Weights(
            content["pair"], tuple(content["encoders"]), channels,
            BeadWeights(_values(content["features"], feature_names(channels), added)),
            _values(content["steps"], list(STEP_FEATURES)),
            float(corner), float(content["calibration"]["slope"]), float(content["calibration"]["shift"]),
            float(content["spread"]), interactions_of(content.get("interactions"), channels),
            _signature(content["signature"], added), content["trained"],
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: not a scorer's weights ({error}); install aligner again") from error
    if content.get("format") != FORMAT:
        raise InputError(f"{path}: weights of another version of the scorer; train them again or reinstall")
    return weights


def interactions_of(found: Mapping[str, Any] | None, channels: Sequence[str]) -> Interactions | None:
    """The network of a file of weights, `found`, whose features are told by name; None where it has none."""
    if found is None:
        return None
    declared = {CORNER: Feature(CORNER, ""), **{feature.name: feature for feature in bead_features(channels)}}
    place = {name: number for number, name in enumerate(declared)}
    names = found["names"]
    mirror = [names.index(declared[name].mirror or name) for name in names]
    deviations, inner, bias, outer = (
        np.array(found[name], dtype=np.float32) for name in ("deviations", "inner", "bias", "outer")
    )
    columns = np.array([place[name] for name in names], dtype=np.int64)
    return Interactions(columns, np.array(mirror, dtype=np.int64), deviations, inner, bias, outer)


def _signature(trained: str, added: Sequence[Feature]) -> str:
    return "+".join([trained, *(f"{feature.name}:{feature.weight:g}" for feature in added)])


def _values(
    entries: Sequence[Mapping[str, Any]], names: Sequence[str], added: Sequence[Feature] = ()
) -> NDArray[np.float32]:
    """The weights in the order of `names`; `added` features may be missing and weigh what they say themselves."""
    own = {feature.name: feature.weight for feature in added}
    entries = [entry for entry in entries if entry["name"] != CORNER]
    listed = [entry["name"] for entry in entries]
    if listed != [name for name in names if name not in own or name in listed]:
        raise ValueError("the features are those of another version")
    weights = own | {entry["name"]: entry["weight"] for entry in entries}
    return np.array([weights[name] for name in names], dtype=np.float32)
