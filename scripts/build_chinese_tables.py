"""Derive the small Chinese tables of `aligner/data` from jieba, SnowNLP and pypinyin.

    pip download --no-deps --no-binary :all: jieba==0.42.1 snownlp==0.12.3 && ls *.tar.gz | xargs -n1 tar xzf
    pip download --no-deps pypinyin==0.55.0 && unzip pypinyin-0.55.0-*.whl
    python scripts/build_chinese_tables.py jieba-0.42.1/jieba/dict.txt snownlp-0.12.3/snownlp \
        pypinyin/pinyin_dict.json aligner/data

All three sources are under the MIT licence (aligner/data/README.md).
"""

from __future__ import annotations

import json
import lzma
import math
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

LEAST_COUNT = 5  # rarer words triple the table and tell no more candidates apart
LEAST_PAIR_COUNT = 3
LONGEST_WORD = 4
PAIR_WEIGHT = 0.75  # of the pair's own share; the rest falls to the second character's share anywhere
FULL_WIDTH = str.maketrans(",!?:;()", "，！？：；（）")
HAN = re.compile(r"[\u3400-\u9fff]+")
TONES = {"\u0300", "\u0301", "\u0304", "\u030c"}


def main(dictionary: str, corpora: str, readings: str, folder: str) -> None:
    words = {}
    for line in Path(dictionary).read_text(encoding="utf-8").splitlines():
        word, count = line.split(" ")[:2]
        if HAN.fullmatch(word):
            words[word] = int(count)
    _save(Path(folder) / "words_zh.txt.xz", _word_table(words) + _pair_table(_texts(Path(corpora))))
    _save(Path(folder) / "characters_zh.txt.xz", _character_table(words))
    _save(
        Path(folder) / "pinyin.txt.xz", _reading_table(json.loads(Path(readings).read_text(encoding="utf-8")))
    )


def _word_table(words: dict[str, int]) -> list[str]:
    """Lines `w COST WORD…`; a cost is minus ten times the logarithm of a share."""
    kept = {word: n for word, n in words.items() if n >= LEAST_COUNT and len(word) <= LONGEST_WORD}
    return [f"w {cost} {' '.join(entries)}" for cost, entries in _by_cost(kept, sum(words.values()))]


def _character_table(words: dict[str, int]) -> list[str]:
    """Lines `COST CHARACTERS`."""
    characters: Counter[str] = Counter()
    for word, count in words.items():
        for character in word:
            characters[character] += count
    return [f"{cost} {''.join(entries)}" for cost, entries in _by_cost(characters, characters.total())]


def _texts(folder: Path) -> str:
    """The text of SnowNLP's tagged newspaper and its reviews; digits and Latin letters become one 0."""
    tagged = (folder / "tag" / "199801.txt").read_text(encoding="utf-8").splitlines()
    lines = ["".join(word.rpartition("/")[0] for word in line.split(" ")) for line in tagged]
    lines += [(folder / "sentiment" / name).read_text(encoding="utf-8") for name in ("neg.txt", "pos.txt")]
    return re.sub("[A-Za-z0-9０-９Ａ-Ｚａ-ｚ]+", "0", "\n".join(lines)).translate(FULL_WIDTH)


def _pair_table(text: str) -> list[str]:
    """Lines `p COST GROUP…`: a group is a character and all those that follow it at that cost."""
    single, pairs = Counter(text), Counter(pairwise(text))
    groups: dict[int, dict[str, str]] = defaultdict(lambda: defaultdict(str))
    for (first, second), count in sorted(pairs.items()):
        if count >= LEAST_PAIR_COUNT and not (first + second).isspace() and " " not in first + second:
            share = PAIR_WEIGHT * count / single[first] + (1 - PAIR_WEIGHT) * single[second] / len(text)
            groups[round(-20 * math.log(share)) // 8 * 4][first] += second
    lines = []
    for cost, group in sorted(groups.items()):
        entries = (first + seconds for first, seconds in group.items() if "\n" not in first + seconds)
        lines.append(f"p {cost} {' '.join(entries)}")
    return lines


def _by_cost(counts: dict[str, int], total: int) -> list[tuple[int, list[str]]]:
    buckets = defaultdict(list)
    for entry, count in counts.items():
        buckets[round(-20 * math.log(max(count, 0.5) / total)) // 4 * 2].append(entry)
    return [(cost, sorted(entries)) for cost, entries in sorted(buckets.items())]


def _reading_table(readings: dict[str, str]) -> list[str]:
    """Lines `SYLLABLE CHARACTERS`, tones dropped."""
    table = defaultdict(set)
    for point, syllables in readings.items():
        if int(point) <= 0xFFFF:
            for syllable in syllables.split(","):
                table[_toneless(syllable)].add(chr(int(point)))
    return [f"{syllable} {''.join(sorted(table[syllable]))}" for syllable in sorted(table)]


def _toneless(syllable: str) -> str:
    marks = unicodedata.normalize("NFD", syllable)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))


def _save(path: Path, lines: list[str]) -> None:
    path.write_bytes(lzma.compress(("\n".join(lines) + "\n").encode(), preset=9))
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
