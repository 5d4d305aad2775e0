"""What a Python user calls: align texts or files, look at the pairs, save, export, evaluate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from html import escape
from pathlib import Path
from typing import Any, TypedDict, Unpack

from aligner.bitext import Alignment, Bead
from aligner.clean.rules import Cleaned
from aligner.clean.rules import clean as run_rules
from aligner.encode.encoder import Encoder
from aligner.errors import AlignerError, InputError, UsageError
from aligner.evaluation.scores import Scores, confidences_of, ladder_of, score
from aligner.export import ExportOptions, ExportReport, SaveFile, open_savefile, write
from aligner.language.detect import detect
from aligner.lexicon.glossary import Glossary
from aligner.options import Options, Progress
from aligner.pipeline import Result, align_documents, align_prepared
from aligner.pipeline import align_files as run_files
from aligner.prepare import document_of, prepare_texts
from aligner.read.ladder import read_ladder
from aligner.split.sentences import segment
from aligner.text.counted import counted
from aligner.text.edits import EditedText

Text = str | Sequence[str]
"""A plain string is a text, which is cleaned and split; a list holds sentences, which are taken as they are."""

_SHOWN = 10  # least sure pairs of a notebook's view
_WIDEST = 60  # characters of a file's name or a text in a short representation
ERRORS = ("raise", "return")


class Settings(TypedDict, total=False):
    """The options of an alignment by name; `aligner.Options` has them with their defaults."""

    src_lang: str | None
    tgt_lang: str | None
    encoding: str | None
    layout: str | None
    no_clean: Sequence[str]
    presplit: bool
    srx: str | Path | None
    split_clauses: bool
    split: str
    encoder: str | Encoder | None
    quality: str
    glossary: str | Path | Glossary | None
    cache: bool
    download: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Source text and the target text that translates it, each on one line.

    `confidence`: 0 to 1, the probability that a careful annotator would draw this very pair. `type`: segments on
    each side, "2-1". `status`: "auto", "confirmed" or "edited". `src_ids`, `tgt_ids`: numbers of the segments.
    """

    source: str
    target: str
    confidence: float
    type: str
    status: str
    src_ids: tuple[int, ...]
    tgt_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Bitext:
    """A text and its translation, aligned. `result` holds the alignment by segments, flags and notes."""

    result: Result
    extra: dict[str, Any]

    @property
    def alignment(self) -> Alignment:
        """Both documents and the beads between them, as indices."""
        return self.result.alignment

    @property
    def pairs(self) -> list[Pair]:
        """The pairs with text on both sides, in order; those whose two sides stand in other places are `moved`."""
        return [self._pair(bead) for bead in self.alignment.beads if bead.is_pair]

    @property
    def moved(self) -> list[Pair]:
        """The pairs whose two sides stand in other places, in order of the source."""
        return [self._pair(bead) for number, bead in self.alignment.links() if number is None]

    @property
    def unaligned(self) -> list[Pair]:
        """What has no counterpart, in order: one side of each is empty."""
        return [self._pair(bead) for _, bead in self.alignment.links() if not bead.is_pair]

    @property
    def notes(self) -> tuple[str, ...]:
        """Lines that a user should see."""
        return self.result.notes

    @property
    def signature(self) -> str:
        """One line that names everything that could change the result."""
        return self.alignment.signature

    @property
    def languages(self) -> tuple[str, str]:
        """Tags (BCP 47) of source and target."""
        return self.alignment.source.lang, self.alignment.target.lang

    def rows(self) -> list[dict[str, Any]]:
        """The pairs as plain dictionaries, for pandas, polars or datasets."""
        names = [field.name for field in fields(Pair)]
        return [{name: getattr(pair, name) for name in names} for pair in self.pairs]

    def save(self, path: str | Path) -> None:
        """Write the project's own save file, `.json`: everything needed to review and to export again.

        Raises `UsageError` for another suffix, `OutputError` where the place can't be written.
        """
        if not str(path).lower().endswith(".json"):
            raise UsageError(f"{path}: a save file ends in .json; use export() for other formats")
        self.export(path)

    def export(self, path: str | Path, **options: Any) -> ExportReport:
        """Write to `path` in the format of its suffix; `options` are those of `ExportOptions`.

        Raises `OutputError` for an unknown suffix or place, `UsageError` for an unknown option.
        """
        known = {field.name for field in fields(ExportOptions)}
        _check_known(options, known, "export")
        return write([self.alignment], path, replace(ExportOptions(**options), extra=self.extra))

    def __len__(self) -> int:
        return len(self.alignment.pairs())

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)

    def __repr__(self) -> str:
        source, target = self.alignment.source, self.alignment.target
        sides = ", ".join(f"{len(side)} {side.lang}" for side in (source, target))
        return f"<Bitext: {counted(len(self), 'pair')} of {sides} segments>"

    def _pair(self, bead: Bead) -> Pair:
        return Pair(
            self.alignment.source_text(bead), self.alignment.target_text(bead), bead.confidence, bead.type,
            bead.status, tuple(range(bead.src_start, bead.src_end)), tuple(range(bead.tgt_start, bead.tgt_end)),
        )  # fmt: skip

    def _repr_html_(self) -> str:
        """A notebook's view: how many pairs there are, and the ten least sure."""
        least = sorted(self.pairs, key=lambda pair: pair.confidence)[:_SHOWN]
        src_lang, tgt_lang = (escape(lang, quote=True) for lang in self.languages)
        cell = 'style="text-align:start;vertical-align:top;max-width:32em;white-space:normal"'
        rows = "".join(
            f'<tr><td style="vertical-align:top">{pair.confidence:.2f}</td>'
            f'<td style="vertical-align:top">{pair.type}</td>'
            f'<td {cell} lang="{src_lang}" dir="auto">{escape(pair.source)}</td>'
            f'<td {cell} lang="{tgt_lang}" dir="auto">{escape(pair.target)}</td></tr>'
            for pair in least
        )
        head = (
            f"<tr><th>confidence</th><th>type</th><th {cell}>{src_lang}</th><th {cell}>{tgt_lang}</th></tr>"
        )
        title = f"{counted(len(self), 'pair')}, {len(self.unaligned)} unaligned; the {len(least)} least sure:"
        return f"<p>{title}</p><table><thead>{head}</thead><tbody>{rows}</tbody></table>"


class Aligner:
    """Options kept for many alignments. Models are loaded once in a process; an aligner can be pickled.

    Raises `UsageError` for an unknown option, language tag or quality.
    """

    def __init__(self, **settings: Unpack[Settings]) -> None:
        self.options = options_of(settings)

    def __repr__(self) -> str:
        default = Options()
        said = [
            f"{field.name}={getattr(self.options, field.name)!r}"
            for field in fields(Options)
            if getattr(self.options, field.name) != getattr(default, field.name)
        ]
        return f"Aligner({', '.join(said)})"

    def align(self, source: Text, target: Text, *, progress: Progress | None = None) -> Bitext:
        """Align two texts, or two lists of sentences. `progress` is called with stage, done and total.

        Raises `InputError` where a side is empty or no text.
        """
        sides = [_text_of(text, name) for text, name in ((source, "source"), (target, "target"))]
        if isinstance(sides[0], str) and isinstance(sides[1], str):
            prepared = prepare_texts(sides[0], sides[1], self.options)
            return Bitext(align_prepared(prepared, self.options, progress=progress), {})
        if isinstance(sides[0], str) or isinstance(sides[1], str):
            raise UsageError(
                "one side is a text, the other a list of sentences: give both as one or the other"
            )
        langs = [
            tag or detect("\n".join(side))
            for tag, side in zip((self.options.src_lang, self.options.tgt_lang), sides, strict=True)
        ]
        documents = [
            document_of(side, lang, name)
            for side, lang, name in zip(sides, langs, ("source", "target"), strict=True)
        ]
        options = replace(self.options, presplit=True)
        alignment = align_documents(documents[0], documents[1], options, progress=progress)
        return Bitext(Result(alignment, ((), ()), ()), {})

    def align_files(
        self, source: str | Path, target: str | Path | None = None, *, progress: Progress | None = None
    ) -> Bitext:
        """Align two files, or one that holds both languages.

        Raises `InputError` for files that can't be read, `Shortfall` where there is nothing to align.
        """
        paths = [source] if target is None else [source, target]
        return Bitext(run_files(paths, self.options, progress=progress), {})

    def pipe(
        self,
        pairs: Iterable[Any],
        *,
        as_tuples: bool = False,
        workers: int = 1,
        errors: str = "raise",
    ) -> Iterator[Any]:
        """Align many pairs of texts `(source, target)`, as they come and in their order.

        `as_tuples`: each item is `(pair, key)`, and `(key, result)` comes back. `workers`: processes of their
        own; one whose pair crashes it or never ends costs that pair only, which is an `AlignerError` then.
        `errors="return"` gives an `AlignerError` in the place of its result.
        """
        if errors not in ERRORS:
            raise UsageError(f"errors={errors!r}: say {' or '.join(ERRORS)}")
        keyed = (_keyed(item, as_tuples) for item in pairs)
        for result, key in _results(self, keyed, workers):
            if isinstance(result, AlignerError) and errors == "raise":
                raise result
            yield (key, result) if as_tuples else result


def _keyed(item: Any, as_tuples: bool) -> tuple[Any, Any]:
    return (item[0], item[1]) if as_tuples else (item, None)


def _results(model: Aligner, keyed: Iterable[tuple[Any, Any]], workers: int) -> Iterator[tuple[Any, Any]]:
    if workers <= 1:
        for pair, key in keyed:
            yield _align_one(model, pair), key
        return
    from aligner.corpus.in_order import results_in_order

    tasks = (((model, pair), key) for pair, key in keyed)
    yield from results_in_order(_align_sent, model.options, tasks, workers)


def _align_sent(task: tuple[Aligner, Any], tell: Callable[[float], None]) -> Bitext | AlignerError:
    """What a process of `pipe` does with a model and a pair that were sent to it."""
    model, pair = task
    with suppress(TypeError, ValueError):  # no pair of texts: aligning it says so
        tell(_SECONDS + _SECONDS_A_LETTER * sum(len("".join(text)) for text in pair))
    return _align_one(model, pair)


_SECONDS, _SECONDS_A_LETTER = 60.0, 0.005  # far more than a slow machine needs: only what never ends is ended


def _align_one(model: Aligner, pair: Any) -> Bitext | AlignerError:
    try:
        source, target = pair
        return model.align(source, target)
    except AlignerError as error:
        return error


def align(
    source: Text, target: Text, *, progress: Progress | None = None, **settings: Unpack[Settings]
) -> Bitext:
    """Align two texts, or two lists of sentences; `settings` as in `aligner.Options`."""
    return Aligner(**settings).align(source, target, progress=progress)


def align_files(
    source: str | Path,
    target: str | Path | None = None,
    *,
    progress: Progress | None = None,
    **settings: Unpack[Settings],
) -> Bitext:
    """Align two files of any format that can be read, or one that holds both languages."""
    return Aligner(**settings).align_files(source, target, progress=progress)


def load(path: str | Path) -> Bitext:
    """Open a save file. Raises `InputError` where it is none, or of a newer version."""
    saved: SaveFile = open_savefile(path)
    return Bitext(Result(saved.alignment, ((), ()), ()), dict(saved.extra))


def evaluate(gold: Bitext | str | Path, system: Bitext | str | Path) -> Scores:
    """Score `system` against `gold`: bitexts, or files as `align eval` takes them (two bitexts, or two files)."""
    if isinstance(gold, Bitext) and isinstance(system, Bitext):
        return score(
            ladder_of(gold.alignment), ladder_of(system.alignment),
            confidences_of(system.alignment),
        )  # fmt: skip
    if isinstance(system, Bitext) and not isinstance(gold, Bitext):
        return score(read_ladder(gold), ladder_of(system.alignment), confidences_of(system.alignment))
    if isinstance(gold, Bitext):
        raise UsageError("gold is a bitext and system a file: load the file first, with aligner.load")
    from aligner.evaluation.compare import compare_files

    return compare_files(Path(gold), Path(str(system)))


def split_sentences(text: str, lang: str | None = None, *, srx: str | Path | None = None) -> list[str]:
    """The sentences of `text`. `lang` (BCP 47) is detected where not given; `srx`: a file of rules."""
    text = _plain(text, "text")
    options = Options(src_lang=lang)
    document = segment(
        EditedText(text), options.src_lang or detect(text), srx=Path(srx) if srx is not None else None
    )
    return document.sentences()


def clean_text(text: str, *, no_clean: Sequence[str] = ()) -> Cleaned:
    """`text` without what is no text, with every removal, repair and suspicion on record.

    Raises `UsageError` where `no_clean` names no rule.
    """
    return run_rules(EditedText(_plain(text, "text")), off=_names(no_clean, "no_clean"))


def options_of(settings: Settings | dict[str, Any]) -> Options:
    """The options with these names. Raises `UsageError` for an unknown one."""
    given: dict[str, Any] = dict(settings)
    _check_known(given, {field.name for field in fields(Options)}, "alignment")
    if "no_clean" in given:
        given["no_clean"] = _names(given["no_clean"], "no_clean")
    if given.get("srx") is not None:
        given["srx"] = Path(given["srx"])
    return Options(**given)


def _names(names: Sequence[str], what: str) -> tuple[str, ...]:
    if isinstance(names, str):
        raise UsageError(f"{what}={names!r}: give a list of names, [{names!r}]")
    return tuple(names)


def _check_known(given: dict[str, Any], known: set[str], what: str) -> None:
    unknown = sorted(given.keys() - known)
    if unknown:
        raise UsageError(f"no option {', '.join(unknown)} of an {what}: there are {', '.join(sorted(known))}")


def _text_of(text: Text, name: str) -> str | list[str]:
    if isinstance(text, str):
        return _plain(text, name)
    if isinstance(text, bytes) or not isinstance(text, Iterable):
        raise InputError(f"{name}: a {type(text).__name__} is no text; give a string or a list of sentences")
    sentences = list(text)
    for number, sentence in enumerate(sentences):
        if not isinstance(sentence, str):
            raise InputError(f"{name} sentence {number}: a {type(sentence).__name__}, not a string")
    if not sentences:
        raise InputError(f"{name}: no sentences; there is nothing to align")
    return sentences


def _plain(text: object, name: str) -> str:
    if not isinstance(text, str):
        raise InputError(f"{name}: a {type(text).__name__} is no text; decode it to a string first")
    if not text.strip():
        raise InputError(f"{name}: empty; there is nothing to align")
    return text
