"""How sure the aligner may be of languages that no encoder knows: lengths, names and numbers are all it has there."""

from __future__ import annotations

import math

# Learned by `scripts/measure_unknown.py --fit` from documents in five such languages, with a tenth and three tenths
# of their paragraphs struck out: confidences are too bold where text is missing and too shy where none is.
SLOPE, SHIFT = 0.77, 0.54  # of the log-odds
MOST = 0.98  # what of the surest there is right
_LEAST = 1e-6


def tempered(confidence: float) -> float:
    """The probability that a pair of languages unknown to the encoder is right, from the one of known languages."""
    inside = min(max(confidence, _LEAST), 1 - _LEAST)
    odds = SLOPE * math.log(inside / (1 - inside)) + SHIFT
    return min(1 / (1 + math.exp(-odds)), MOST)
