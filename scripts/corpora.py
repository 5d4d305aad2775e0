"""The gold folders that the other scripts read: `src/NNN`, `tgt/NNN` (a sentence a line) and `gold/NNN` (a
ladder).

A folder may also hold `NNN.align` beside `NNN.<language>` twice, as `seeds/gold` does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aligner.errors import InputError
from aligner.files import read_sentences
from aligner.read.ladder import Ladder, read_ladder

LANGUAGES = {
    "mac_dev": ("zh", "en"),
    "mac_train": ("zh", "en"),
    "mag": ("en", "zh"),
    "textberg": ("de", "fr"),
    "transread": ("en", "fr"),
}
SHARED = Path(__file__).resolve().parents[2] / "shared" / "gold"


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """The sentences of one document, its translation's, and the gold ladder between them."""

    name: str
    source: list[str]
    target: list[str]
    gold: Ladder


def without(document: GoldDocument, lost: tuple[set[int], set[int]], name: str) -> GoldDocument:
    """The document after some segments of each side are deleted; what they stood against is left alone, one by one."""
    kept = [
        [index for index in range(len(texts)) if index not in gone]
        for texts, gone in zip((document.source, document.target), lost, strict=True)
    ]
    place = [{old: new for new, old in enumerate(indices)} for indices in kept]
    ladder: Ladder = []
    for bead in document.gold:
        source, target = (
            tuple(new[i] for i in side if i in new) for side, new in zip(bead, place, strict=True)
        )
        if (bool(source), bool(target)) == (bool(bead[0]), bool(bead[1])):
            ladder.append((source, target))
        else:
            ladder += [((i,), ()) for i in source] + [((), (j,)) for j in target]
    texts = (
        [texts[i] for i in indices]
        for texts, indices in zip((document.source, document.target), kept, strict=True)
    )
    return GoldDocument(name, *texts, ladder)


STRUCK = 0.1  # share of the sentences of each side that `struck` takes out


def struck(document: GoldDocument, generator: np.random.Generator, name: str) -> GoldDocument:
    """The document after single sentences, a tenth of each side, are deleted at random."""
    lost = tuple(
        set(np.flatnonzero(generator.random(len(texts)) < STRUCK).tolist())
        for texts in (document.source, document.target)
    )
    return without(document, (lost[0], lost[1]), name)


@dataclass(frozen=True, slots=True)
class Corpus:
    """A gold folder; `hash` is the SHA-256 over its files, so that a figure names what it was measured on."""

    name: str
    src_lang: str
    tgt_lang: str
    documents: tuple[GoldDocument, ...]
    hash: str


def load_corpus(folder: str | Path) -> Corpus:
    """Read a gold folder. Languages in neither `LANGUAGES` nor the file names are detected from the text."""
    folder = Path(folder).resolve()
    nested = (folder / "gold").is_dir()
    triples = _nested(folder) if nested else _flat(folder)
    if not triples:
        raise InputError(
            f"{folder}: no gold here, it needs src/, tgt/ and gold/, or NNN.align beside its two texts"
        )
    documents = tuple(
        GoldDocument(gold.stem, _stripped(source), _stripped(target), read_ladder(gold))
        for source, target, gold in triples
    )
    source, target, _ = triples[0]
    if folder.name in LANGUAGES:
        languages = LANGUAGES[folder.name]
    elif source.suffix:
        languages = (source.suffix[1:], target.suffix[1:])
    else:
        languages = _detect(documents)
    return Corpus(folder.name if nested else folder.parent.name, *languages, documents, _hash(triples))


def _stripped(path: Path) -> list[str]:
    """The sentences of a file without the blanks around them."""
    return [sentence.strip() for sentence in read_sentences(path)]


def _nested(folder: Path) -> list[tuple[Path, Path, Path]]:
    golds = sorted(path for path in (folder / "gold").iterdir() if path.is_file())
    return [(folder / "src" / gold.name, folder / "tgt" / gold.name, gold) for gold in golds]


def _flat(folder: Path) -> list[tuple[Path, Path, Path]]:
    triples = []
    for gold in sorted(folder.glob("*.align")):
        ladder = read_ladder(gold)
        sources = max(max(source, default=-1) for source, _ in ladder) + 1
        texts = [path for path in sorted(folder.glob(f"{gold.stem}.*")) if path != gold]
        texts.sort(key=lambda path: len(read_sentences(path)) != sources)
        if len(texts) != 2:
            raise InputError(f"{gold}: needs its two texts beside it, found {len(texts)}")
        triples.append((texts[0], texts[1], gold))
    return triples


def _detect(documents: tuple[GoldDocument, ...]) -> tuple[str, str]:
    from aligner.language.detect import detect

    return (
        detect("\n".join(documents[0].source)),
        detect("\n".join(documents[0].target)),
    )


def _hash(triples: list[tuple[Path, Path, Path]]) -> str:
    digest = hashlib.sha256()
    for path in (path for triple in triples for path in triple):
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
