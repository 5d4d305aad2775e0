"""Characters that a conversion lost or replaced: misread encodings, lost apostrophes, stray `?`."""

from __future__ import annotations

from collections.abc import Iterator

import regex

# What UTF-8 looks like when read as Windows-1252, Latin-1 or Windows-1251; ftfy then judges the line.
_SUSPICIOUS = regex.compile(
    r"[\u00C2-\u00F4][\u0080-\u00BF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC\u2013-\u203A\u20AC\u2122]"
    r"|(?:[РС][\u00A0-\u00BF\u0402-\u040F\u0452-\u045F\u0490\u0491\u2013-\u2122А-я]){3}"
)

_LOST = regex.compile(r"\uFFFD+|(?:锟斤拷)+|(?:錕斤拷)+")

MOST_LINE = 20_000  # characters ftfy is shown at once: it tries several encodings on each

_YS = regex.compile(r"(?<![\w'’-])([a-z]+[b-df-hj-np-tv-xz])ys(?![\w'’-])")

# Slips for plurals and verbs (whys, drys, flys), not possessives.
_NOT_POSSESSIVE = frozenset({"why", "dry", "fly", "sky", "spy", "try", "cry", "my", "thy"})

_CONTRACTION = regex.compile(
    r"(?<![\w'’])(?i:(?:does|did|is|was|were|has|have|had|would|could|should|are)nt|theyre|youre|youve|theyve)"
    r"(?![\w'’])"
)

_AFTER_COMMA = regex.compile(r"(?<=\w[,;、，；])[?](?=[\s\p{L}])")

_ALONE = regex.compile(r"^[ \t]*[?][ \t]*(?:\n|\Z)", regex.MULTILINE)

_INSIDE = regex.compile(
    r"(?<=[a-z])[?](?= (?:and|or|of|to|in|for|with|by|on|from|as|that|which|is|are|was|were) [a-z])"
)

_QUESTION = regex.compile(
    r"\b(?:who|whom|whose|what|when|where|why|how|which|whether|if)\b"
    r"|(?:^|[,;:“\"‘'(—–-])\s*(?:and |but |or |so )?"
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall"
    r"|should|may|might|must|am|isn|aren|wasn|don|doesn|didn|won|couldn|wouldn|shouldn|haven|hasn)\b"
    r"|[\"“”‘]",
    regex.IGNORECASE,
)

_SENTENCE_REACH = 300  # characters looked back for the beginning of the sentence


def mojibake(text: str) -> Iterator[tuple[int, int, str]]:
    """Lines that ftfy can turn back into what they were; only what differs within the line is written."""
    position = 0
    for found in _SUSPICIOUS.finditer(text):
        if found.start() < position:
            continue
        start = max(text.rfind("\n", 0, found.start()) + 1, position, found.start() - MOST_LINE // 2)
        end = text.find("\n", found.end(), start + MOST_LINE)
        end = min(len(text), start + MOST_LINE) if end < 0 else end
        position = end
        repaired = _decoded_again(text[start:end])
        if repaired != text[start:end]:
            yield _difference(text, start, end, repaired)


def _decoded_again(line: str) -> str:
    import ftfy

    config = ftfy.TextFixerConfig(
        unescape_html=False, fix_latin_ligatures=False, fix_character_width=False, uncurl_quotes=False,
        fix_line_breaks=False, remove_terminal_escapes=False, remove_control_chars=False, normalization=None,
        explain=False,
    )  # fmt: skip
    return ftfy.fix_encoding(line, config)


def _difference(text: str, start: int, end: int, repaired: str) -> tuple[int, int, str]:
    shortest = min(end - start, len(repaired))
    same = next((n for n in range(shortest) if text[start + n] != repaired[n]), shortest)
    tail = next((n for n in range(shortest - same) if text[end - 1 - n] != repaired[-1 - n]), shortest - same)
    if start + same == end - tail:  # nothing but an insertion: take a neighbour in
        same, tail = (same - 1, tail) if same else (same, tail - 1)
    return start + same, end - tail, repaired[same : len(repaired) - tail]


def lost_characters(text: str) -> Iterator[tuple[int, int]]:
    """Replacement characters, and what they become when read as GBK."""
    return (match.span() for match in _LOST.finditer(text))


def lost_apostrophes(text: str) -> Iterator[tuple[int, int]]:
    """Words like `citys`, where the text knows the word or its other forms, and `doesnt`."""
    known: dict[str, bool] = {}
    for match in _YS.finditer(text):
        word = match.group(1) + "y"
        if word in _NOT_POSSESSIVE or word.endswith("by"):  # standbys, flybys
            continue
        if word not in known:
            known[word] = _knows(text, word)
        if known[word]:
            yield match.span()
    yield from (match.span() for match in _CONTRACTION.finditer(text))


def _knows(text: str, word: str) -> bool:
    return any(form in text for form in (f"{word}'s", f"{word}’s", f" {word[:-1]}ies", f" {word} "))


def stray_question_marks(text: str) -> list[tuple[int, int, str]]:
    """A `?` right after a comma, or alone on its line."""
    spans = [match.span() for match in (*_AFTER_COMMA.finditer(text), *_ALONE.finditer(text))]
    return [(start, end, "") for start, end in sorted(spans)]


def doubtful_question_marks(text: str) -> Iterator[tuple[int, int]]:
    """A `?` before a small word that goes on with the sentence, which doesn't ask anything."""
    for match in _INSIDE.finditer(text):
        before = text[max(0, match.start() - _SENTENCE_REACH) : match.start()]
        sentence = regex.split(r"[.!。！\n]", before)[-1]
        if not _QUESTION.search(sentence):
            yield match.span()
