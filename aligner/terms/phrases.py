"""Phrases that look like terms, and which of two texts hold each other's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

from aligner.language.facts import words_in
from aligner.lexicon.tokens import NUMBER_MARK
from aligner.terms.words import Word

# Content words of a term: Xi Jinping Thought on Socialism with Chinese Characteristics for a New Era has eight.
_LONGEST = 8
_NAME_GAP = 3  # small words inside a name, at most: Ministry of the Interior
_VERB = 0.9  # an English word so often a verb is one, unless a determiner or a preposition stands before it
_ADVERB = ("ally", "ively", "ously", "antly", "ently", "fully", "ingly", "edly", "ably", "ibly")
_ARTICLES, _BEFORE_ARTICLE = frozenset({"the", "a", "an"}), frozenset({"of", "for", "with", "and"})
_BEFORE_NOUN = frozenset([
    "the", "a", "an", "this", "that", "these", "those", "its", "their", "our", "his", "her", "my", "your",
    "of", "in", "on", "at", "for", "with", "by", "from", "no", "each", "every", "any", "some", "such",
    "all", "both", "other",
])  # fmt: skip
_HAN_COUNTS = frozenset("一二三四五六七八九十百千万亿两几多数")
Span = tuple[int, int]


def find_phrases(words: Sequence[Word], text: str, language: str) -> list[Span]:
    """Stretches that may be a term: content words at both ends, no sign inside, only small words between."""
    inner = words_in(language, "terms", "inner")
    of_names = words_in(language, "terms", "inner_of_names")
    capital = capitals(words, text, language)
    spans = []
    for start in range(len(words)):
        if not _may_begin(words, text, start, capital, language):
            continue
        size = 0
        for end in range(start, len(words)):
            word = words[end]
            size += word.content
            if size > _LONGEST or (end > start and (not word.joined or word.owner)):
                break
            in_name = word.key in of_names and capital[end - 1] and any(capital[end + 1 : end + 3])
            if not word.content and word.key not in inner and not in_name:
                break
            if language == "en" and end > start and _is_verb(words, text, end):
                break
            if word.key in _ARTICLES and words[end - 1].key not in _BEFORE_ARTICLE:
                break
            if _may_end(words, text, end, capital, language):
                spans.append((start, end + 1))
    return spans


def _is_verb_form(word: Word, text: str) -> bool:
    """Whether an English word is written as a verb: accepts, accepted; not the first part of closed-loop."""
    written = text[word.start : word.end]
    if not written.islower() or written.endswith("ing") or text[word.end : word.end + 1] == "-":
        return False
    return word.verb >= _VERB or (written.endswith("ed") and len(written) > _SHORTEST_PAST)


def _is_verb(words: Sequence[Word], text: str, at: int, gerund: bool = False) -> bool:
    """Whether an English word is a verb here: not after a determiner, a preposition or a figure."""
    word = words[at]
    if at and word.joined:
        before = words[at - 1]
        is_figure = before.key.startswith(NUMBER_MARK)
        earlier = text[before.start : before.end].lower()
        if is_figure or before.owner or earlier in _BEFORE_NOUN:
            return False
        written = text[word.start : word.end]
        if before.content and not earlier.endswith(("s", "ly")) and not written.endswith(("s", "ed", "ing")):
            return False  # after one thing a verb takes an s: climate change is two nouns
    is_gerund = gerund and text[word.start : word.end].endswith("ing") and word.verb >= _VERB
    return is_gerund or _is_verb_form(word, text)


def capitals(words: Sequence[Word], text: str, language: str) -> list[bool]:
    """Which words are written as names; none in German and in a title, where capitals say nothing."""
    written = [text[word.start].isupper() and language != "de" for word in words]
    spelled = [big for big, word in zip(written, words, strict=True) if word.content]
    is_title = all(spelled) and len(spelled) > _SHORTEST_SENTENCE
    return [big and not is_title for big in written]


_SHORTEST_SENTENCE = 2
_SHORTEST_PAST = 4  # need, seed, feed


def _may_begin(words: Sequence[Word], text: str, at: int, capital: Sequence[bool], language: str) -> bool:
    """Not at a figure, adverb, verb or possessive, nor inside a name: no State of Council of Heads of State."""
    word = words[at]
    written = text[word.start : word.end]
    if not word.content or word.owner or word.key.startswith(NUMBER_MARK):
        return False
    before = words[at - 1] if at and word.joined else None
    if language == "en" and (written.endswith(_ADVERB) or _is_verb(words, text, at, gerund=True)):
        return False
    if before is None:
        return True
    if text[word.start - 1] == "-":
        return False
    counted = before.key.startswith(NUMBER_MARK) or before.key in _HAN_COUNTS
    inside_name = capital[at] and capital[at - 1] and at > 1 and before.content
    return not inside_name and not (counted and word.end - word.start == 1)


def _may_end(words: Sequence[Word], text: str, at: int, capital: Sequence[bool], language: str) -> bool:
    word = words[at]
    written = text[word.start : word.end]
    if not word.content or word.key.startswith(NUMBER_MARK) or text[word.end : word.end + 1] == "-":
        return False
    if language == "en" and (written.endswith(_ADVERB) or _is_verb(words, text, at)):
        return False
    inner = words_in(language, "terms", "inner")
    after = at + 1
    while after < len(words) and words[after].joined and words[after].key in inner and after - at < _NAME_GAP:
        after += 1
    goes_on = after < len(words) and words[after].joined and words[after].content
    return not (
        goes_on and capital[at] and capital[after] and (after == at + 1 or words[after - 1].key != "and")
    )


def begins_with_judgement(words: Sequence[Word], text: str, span: Span, language: str) -> bool:
    """Whether a phrase begins with an adjective that tells no kinds of a thing apart: key, relevant, new."""
    first = words[span[0]]
    written = text[first.start : first.end]
    listed = words_in(language, "terms", "judging")
    return written.islower() and (written in listed or first.key in listed)


def is_inside(words: Sequence[Word], text: str, span: Span, language: str) -> bool:
    """Whether an English phrase goes on with a noun or adjective, or is a noun and a name. Of others: unknown."""
    if language != "en":
        return False
    start, end = span
    neighbours = []
    if start and words[start].joined:
        neighbours.append(words[start - 1])
    if end < len(words) and words[end].joined:
        neighbours.append(words[end])
    first, last = text[words[start].start], text[words[end - 1].start]
    is_apposition = first.islower() and last.isupper()  # online bookseller Amazon
    return is_apposition or any(
        word.content
        and not word.owner
        and not _is_verb_form(word, text)
        and not word.key.startswith(NUMBER_MARK)
        and not text[word.start : word.end].endswith("ly")
        for word in neighbours
    )


def ends_linked(span: Span, linked: Collection[int]) -> bool:
    """Whether both ends of a phrase are translated."""
    return span[0] in linked and span[1] - 1 in linked


def goes_on(words: Sequence[Word], span: Span, linked: Collection[int]) -> bool:
    """Whether the phrase goes on, at either end, with a word that nothing on the other side explains.

    On one side only, that word may belong to the term; on both sides, the two explain each other. A Chinese
    verb before the phrase governs it and is no part of it.
    """
    start, end = span
    before = start - 1
    if before > 0 and words[before].key in _ARTICLES and words[start].joined:
        before -= 1
    is_led = start > 0 and all(word.joined for word in words[before + 1 : start + 1])
    leads = is_led and _is_unexplained(words, before, linked)
    governs = leads and words[before].verb >= _VERB and not words[before].key.isascii()
    follows = end < len(words) and words[end].joined and _is_unexplained(words, end, linked)
    return follows or (leads and not governs)


def _is_unexplained(words: Sequence[Word], at: int, linked: Collection[int]) -> bool:
    return words[at].content and at not in linked


def key_of(words: Sequence[Word], span: Span) -> str:
    """The keys of a phrase's words, a space between them."""
    return " ".join(word.key for word in words[span[0] : span[1]])


def size_of(words: Sequence[Word], span: Span) -> int:
    """How many content words a phrase has."""
    return sum(word.content for word in words[span[0] : span[1]])


def consistent(
    spans: Sequence[Span], allowed: set[Span],
    words: tuple[list[Word], list[Word]], links: dict[Span, float],
) -> Iterator[tuple[Span, Span]]:  # fmt: skip
    """Source and target spans whose links all stay inside the two."""
    of_src, of_tgt = defaultdict(list), defaultdict(list)
    for at, other in links:
        of_src[at].append(other)
        of_tgt[other].append(at)
    for start, end in spans:
        reached = [other for at in range(start, end) for other in of_src.get(at, ())]
        if not reached:
            continue
        first, last = min(reached), max(reached) + 1
        back = [at for other in range(first, last) for at in of_tgt.get(other, ())]
        if any(not start <= at < end for at in back):
            continue
        for low, high in _grown(first, last, words[1], of_tgt):
            if (low, high) in allowed:
                yield (start, end), (low, high)


_GROWTH = 2  # unlinked content words that may belong to a phrase at either end


def _grown(first: int, last: int, words: Sequence[Word], linked: Mapping[int, list[int]]) -> Iterator[Span]:
    """`[first, last)` and the wider spans that add unlinked words at either end."""
    low, high = first, last
    while low > 0 and low - 1 not in linked and words[low].joined:
        if sum(word.content for word in words[low - 1 : first]) > _GROWTH:
            break
        low -= 1
    while high < len(words) and high not in linked and words[high].joined:
        if sum(word.content for word in words[last : high + 1]) > _GROWTH:
            break
        high += 1
    for start in range(low, first + 1):
        for end in range(last, high + 1):
            yield start, end


_BY_EXCLUSION = 0.8  # how far words without a link explain each other when both sides of a phrase have some


def share_explained(
    span: Span, other: Span, words: tuple[list[Word], list[Word]],
    links: dict[Span, float],
) -> float:  # fmt: skip
    """The share of the worse side's content words that are linked, or unlinked on both sides."""
    inside = [(at, to) for at, to in links if span[0] <= at < span[1]]
    linked = len({at for at, _ in inside}), len({to for _, to in inside})
    sizes = size_of(words[0], span), size_of(words[1], other)
    left = min(sizes[0] - linked[0], sizes[1] - linked[1])
    return min((done + _BY_EXCLUSION * left) / size for done, size in zip(linked, sizes, strict=True))
