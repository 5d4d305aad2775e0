"""Which language a text is in, and what its tag says: script first, statistics where one is shared.

Tags are BCP 47 (RFC 5646). The script alone decides Chinese, Japanese, Korean, Thai, Greek and others,
without any model; English is known by its function words; only what is left (French or Spanish, Russian
or Ukrainian) goes to py3langid, which takes half a second to load. OpenCC's tables tell simplified Chinese from
traditional and convert one into the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from aligner.language.chinese import chinese_script
from aligner.language.identifier import identifier
from aligner.language.scripts import (
    _LANGUAGES_OF,
    _WEIGHT,
    COMMON,
    HAN,
    KANA,
    LATIN,
    _sample,
    can_be_written_in,
    script_weights,
)
from aligner.language.tags import _wants_traditional, is_named, primary

# Function words that no other big Latin-script language writes; running English holds 20 to 35 % of them.
_ENGLISH_SURE = frozenset({
    "about", "after", "and", "because", "been", "before", "could", "couldn't", "didn't", "from", "how",
    "into", "never", "she", "should", "than", "that", "the", "their", "there", "these", "they", "this", "to",
    "were", "what", "when", "where", "which", "who", "why", "with", "would", "you", "your",
})  # fmt: skip

_ENGLISH = _ENGLISH_SURE | {
    "are", "as", "be", "but", "by", "for", "has", "have", "he", "her", "him", "his", "is", "it", "its", "my",
    "not", "of", "or", "will",
}  # fmt: skip

_ENGLISH_SHARE = 0.15  # of all words; one of the sure words must be among them

_LONG_ENOUGH, _ENGLISH_PRIOR = 40, 3.0  # a text of fewer characters is English where so many nats decide

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+")

_TITLES = re.compile("《[^《》\n]{1,60}》|〈[^〈〉\n]{1,60}〉")
_HAN = re.compile("[\u4e00-\u9fff]")

_CJK_STOP = re.compile(r"[。，、]")

_ENOUGH_WORDS = 5  # below it the share says little

_LANGID_NAMES = {"nb": "no", "fil": "tl", "iw": "he", "in": "id", "sh": "sr", "cmn": "zh"}


def detect(text: str, among: Sequence[str] | None = None) -> str:
    """The language of `text` as a BCP 47 tag, Chinese as `zh-Hans` or `zh-Hant`; `und` for no letters.

    `among` narrows the choice wherever the script leaves one, and its tag comes back as given (`en-GB`, `zh-
    CN`), save that a bare `zh` comes back with its script. A text in a script that none of them uses gets
    its own answer. At most 9,000 characters are looked at.
    """
    sample = _without_titles(_sample(text))
    weights = script_weights(sample)
    if not weights:
        return "und"
    script = _main_script(sample, weights)
    given = [tag for tag in among or () if can_be_written_in(tag, script)]
    if script == HAN:
        return _chinese(sample, given)
    if len({primary(tag) for tag in given}) == 1:
        return given[0]
    candidates = [primary(tag) for tag in given] or list(_LANGUAGES_OF.get(script, ()))
    found = candidates[0] if len(candidates) == 1 else _by_statistics(sample, script, candidates)
    return next((tag for tag in given if primary(tag) == found), found)


def detect_by_script(text: str) -> str | None:
    """Like `detect` where the script or English function words tell; None where statistics are needed."""
    sample = _without_titles(_sample(text))
    weights = script_weights(sample)
    script = _main_script(sample, weights) if weights else COMMON
    if script == HAN:
        return _chinese(sample, [])
    if script == LATIN:
        return "en" if _is_english(sample) else None
    languages = _LANGUAGES_OF.get(script, ())
    return languages[0] if len(languages) == 1 else None


def _without_titles(text: str) -> str:
    """`text` without what stands in Chinese title marks: a work named in kana, 《さくら》, makes no Japanese.

    In Japanese such marks hold readings at most; a text that is nothing but a title stays.
    """
    outside = _TITLES.sub("", text) if "《" in text or "〈" in text else text
    return outside if _HAN.search(outside) else text


def _main_script(text: str, weights: Mapping[str, float]) -> str:
    """The script of most of `text`; beside Chinese or Japanese, a Latin word counts no more than a character.

    Chinese sentences quote whole names in Latin letters, English ones seldom more than a word in characters.
    """
    own = {script: weight for script, weight in weights.items() if script in (HAN, KANA)}
    others = {script: weight for script, weight in weights.items() if script not in own}
    if own and LATIN in others:
        characters = sum(weight / _WEIGHT[script] for script, weight in own.items())
        marks = len(_CJK_STOP.findall(text))
        others = {} if characters + marks >= len(_LATIN_WORD.findall(text)) else others
        own = {} if others else own
    either = {**own, **others}
    return max(either, key=either.__getitem__)


def _chinese(text: str, given: Sequence[str]) -> str:
    """Chinese of the script that `text` shows, in the words of `given`; Japanese where only that is given."""
    if given and all(primary(tag) == "ja" for tag in given):
        return given[0]
    found = chinese_script(text) or "zh-Hans"
    told_apart = [tag for tag in given if primary(tag) != "ja" and tag != "zh"]
    if not told_apart or "zh" in given:
        return found
    alike = (tag for tag in told_apart if _wants_traditional(tag) == (found == "zh-Hant"))
    return next(alike, told_apart[0])


def _by_statistics(text: str, script: str, candidates: Sequence[str]) -> str:
    """One of `candidates`, or any language of the script where there are none."""
    if script == LATIN and (not candidates or "en" in candidates) and _is_english(text):
        return "en"
    scores = _langid_scores(text)
    ranking = sorted(scores, key=lambda code: -scores[code])
    if not candidates:
        return next((code for code in ranking if can_be_written_in(code, script)), "und")
    places = {
        code: ranking.index(_LANGID_NAMES.get(code, code)) for code in candidates if _is_ranked(code, ranking)
    }
    best = min(places, key=places.__getitem__, default=candidates[0])
    # A language the model doesn't know is meant where none of the others is what the model would say first.
    return best if places.get(best) == 0 else next((code for code in candidates if code not in places), best)


def _is_ranked(code: str, ranking: Sequence[str]) -> bool:
    return _LANGID_NAMES.get(code, code) in ranking


def _is_english(text: str) -> bool:
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < _ENOUGH_WORDS or _ENGLISH_SURE.isdisjoint(words):
        return False
    return sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words)


def _langid_scores(text: str) -> dict[str, float]:
    """Log probability of each language, unnormalised; of a short text only those that have a name here."""
    # Three-letter labels are dialects and "no language": for a document nearly always a wrong guess.
    scores = {code: score for code, score in identifier().rank(text) if len(code) == len("en")}
    if len(text) < _LONG_ENOUGH:
        scores = {code: score for code, score in scores.items() if is_named(code)}
        scores["en"] += _ENGLISH_PRIOR
    return scores
