"""One corpus out of a whole batch: rows are judged, what stays is streamed into every file, what is cut is listed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from gzip import GzipFile
from pathlib import Path
from typing import IO, Any

from aligner.corpus.filters import Cuts, Judgement, judge, rejects_path
from aligner.corpus.multilingual import TextUnit, units_of_corpus
from aligner.corpus.own_files import check_foreign
from aligner.corpus.report import named
from aligner.corpus.rows import Corpus, Row
from aligner.errors import MissingExtra, OutputError, Shortfall, UsageError
from aligner.export.direction import turned_by_script
from aligner.export.left_out import codes_beside_text, dropped_codes
from aligner.export.moses import both_paths
from aligner.export.props import Props
from aligner.export.tmx import own_attributes, own_props, segments, tool_version, xml_prop, xml_text
from aligner.export.units import digest, score
from aligner.files import check_writable, replacing
from aligner.text.counted import counted

SUFFIXES = (".tmx.gz", ".tmx", ".parquet", ".jsonl", ".xces", ".src", ".tgt", ".tsv")
PARQUET_ROWS = 20_000  # a block of rows that is written together
COLUMNS = (
    "source", "target", "confidence", "status", "type", "src_lang", "tgt_lang", "doc", "src_ids", "tgt_ids", "meta",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Release:
    """What was written: units by file, rows that were cut by rule, where they are listed; what else to know of it."""

    written: Mapping[Path, int]
    cut: Mapping[str, int]
    rejects: Path | None
    warnings: Sequence[str] = ()


def release_corpus(corpus: Corpus, paths: Sequence[Path], cuts: Cuts, props: Props = ()) -> Release:
    """Write the rows that `cuts` leaves to every one of `paths`, the same bytes every time; a TMX with `props`.

    Raises `OutputError` for a format that a whole batch can't have and for a file of the batch itself, `Shortfall`
    where nothing would go out.
    """
    for path in paths:
        check_path(path)
    check_foreign([file for path in paths for file in _files_of(path)], corpus.folder)
    judgement = judge(corpus, cuts)
    if not (judgement.verdicts == 0).any():
        raise Shortfall(f"{corpus.folder}: no pair passes the filters; nothing was written")
    warnings = [*_turned(corpus, judgement), *_codes_left_out(corpus, paths)]
    own = partial(_write_tmx, props=props, warnings=warnings)
    writers: dict[str, Callable[[Corpus, Judgement, Path], int]] = {**_WRITERS, ".tmx": own, ".tmx.gz": own}
    written = {path: writers[_suffix(path)](corpus, judgement, path) for path in dict.fromkeys(paths)}
    counts = judgement.counts()
    return Release(written, counts, _write_rejects(corpus, judgement), tuple(dict.fromkeys(warnings)))


def _turned(corpus: Corpus, judgement: Judgement) -> list[str]:
    """Which documents run the other way round than the corpus, and how many rows than their document."""
    ways: dict[tuple[str, str], list[str]] = {}
    for pair, langs in corpus.surveyed.backwards.items():
        ways.setdefault(langs, []).append(pair)
    told = [
        f"{counted(len(pairs), 'pair')} turned from {langs[0]} → {langs[1]}: {named(pairs)}"
        for langs, pairs in ways.items()
    ]
    return told + turned_by_script(judgement.turned)


def _codes_left_out(corpus: Corpus, paths: Sequence[Path]) -> list[str]:
    found = corpus.surveyed
    if corpus.codes == "drop":
        return dropped_codes(found.codes)
    plain = sorted({suffix for path in paths if (suffix := _suffix(path)) not in (".tmx", ".tmx.gz")})
    return [told for suffix in plain for told in codes_beside_text(found.bare, suffix)]


def check_path(path: Path) -> None:
    """Raise `OutputError` where `path` has no suffix of `SUFFIXES` or can't be written."""
    suffix = _suffix(path)
    if suffix == ".xces":
        if path.exists() and not path.is_dir():
            raise OutputError(f"{path}: is a file; name a folder that ends in .xces")
        return
    for each in _files_of(path):
        check_writable(each)
    if suffix == ".parquet":
        _pyarrow()


def _files_of(path: Path) -> Sequence[Path]:
    return both_paths(path) if _suffix(path) in (".src", ".tgt") else (path,)


def _suffix(path: Path) -> str:
    name = path.name.lower()
    for suffix in SUFFIXES:
        if name.endswith(suffix) and name != suffix:
            return suffix
    raise OutputError(f"{path}: no format of a whole batch; end the name in one of {' '.join(SUFFIXES)}")


def row_data(row: Row) -> dict[str, Any]:
    """A row as parquet and JSONL have it."""
    meta: dict[str, Any] = {**dict(row.meta), **({"also": list(row.also)} if row.also else {})}
    meta |= {name: True for name in ("moved", "turned") if getattr(row, name)}
    return {
        "source": row.source, "target": row.target, "confidence": row.confidence, "status": row.status,
        "type": row.type, "src_lang": row.src_lang, "tgt_lang": row.tgt_lang, "doc": row.doc,
        "src_ids": list(range(*row.src_ids)), "tgt_ids": list(range(*row.tgt_ids)), "meta": meta,
    }  # fmt: skip


def _json_line(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _write_jsonl(corpus: Corpus, judgement: Judgement, path: Path) -> int:
    count = 0
    with replacing(path) as (file,):
        for count, row in enumerate(judgement.kept(corpus), 1):  # noqa: B007 - how many there were
            file.write(_json_line(row_data(row)))
    return count


def _write_table(corpus: Corpus, judgement: Judgement, path: Path) -> int:
    count = 0
    with replacing(path) as (file,):
        file.write(b"source\ttarget\tconfidence\tstatus\tsrc_lang\ttgt_lang\tdoc\n")
        for count, row in enumerate(judgement.kept(corpus), 1):  # noqa: B007
            cells = (
                row.source,
                row.target,
                score(row.confidence),
                row.status,
                row.src_lang,
                row.tgt_lang,
                row.doc,
            )
            file.write(
                ("\t".join(cell.replace("\t", " ") for cell in cells) + "\n").encode("utf-8", "replace")
            )
    return count


def _write_moses(corpus: Corpus, judgement: Judgement, path: Path) -> int:
    langs = {tuple(tag.split("-")[0] for tag in pair) for pair in corpus.languages()}
    if len(langs) > 1:
        found = ", ".join(sorted("-".join(pair) for pair in langs))
        raise UsageError(
            f"{path}: holds one pair of languages, here are {found}; write .tmx, .parquet or .jsonl"
        )
    count = 0
    with replacing(*both_paths(path)) as (source, target):
        for count, row in enumerate(judgement.kept(corpus), 1):  # noqa: B007
            source.write(row.source.encode("utf-8", "replace") + b"\n")
            target.write(row.target.encode("utf-8", "replace") + b"\n")
    return count


def _write_tmx(
    corpus: Corpus, judgement: Judgement, path: Path, props: Props = (), warnings: list[str] | None = None
) -> int:
    sources = {source for source, _ in corpus.languages()}
    head = sources.pop() if len(sources) == 1 else "*all*"
    units = units_of_corpus(corpus, judgement, [] if warnings is None else warnings)
    count = 0
    with replacing(path) as (file,), _packed(file, path) as out:
        out.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header creationtool="aligner" '
            f'creationtoolversion="{xml_text(tool_version())}" segtype="sentence" o-tmf="aligner" '
            f'adminlang="en" srclang="{xml_text(head)}" datatype="plaintext"/>\n<body>\n'.encode()
        )
        for count, unit in enumerate(units, 1):  # noqa: B007
            out.write(_tmx_unit(unit, head == "*all*", props).encode("utf-8", "replace"))
        out.write(b"</body>\n</tmx>\n")
    return count


@contextmanager
def _packed(file: IO[bytes], path: Path) -> Iterator[IO[bytes]]:
    if path.suffix.lower() != ".gz":
        yield file
        return
    # No name and no time inside: the same units give the same bytes.
    with GzipFile("", "wb", fileobj=file, mtime=0) as packed:
        yield packed  # type: ignore[misc]


def _tmx_unit(unit: TextUnit, names_source: bool, own: Props) -> str:
    number = digest(*unit.docs, *(text for pair in unit.texts for text in pair))
    source = f' srclang="{xml_text(unit.texts[0][0])}"' if names_source else ""
    props = xml_prop("x-align-moved", "yes" if unit.moved else "")
    props += "".join(xml_prop("x-document", doc) for doc in unit.docs)
    # What the command line says of all holds where the manifest says nothing of the document.
    said = [(name, value) for name, value in own if name not in dict(unit.meta)]
    props += own_props(tuple(said)) + own_props(tuple((xml_text(name), value) for name, value in unit.meta))
    variants = "".join(
        f'  <tuv xml:lang="{xml_text(lang)}"><seg>{segment}</seg></tuv>\n'
        for (lang, _), segment in zip(
            unit.texts, segments([text for _, text in unit.texts], unit.codes), strict=True
        )
    )
    source += own_attributes((*unit.meta, *said), unit.status)
    return (
        f'<tu tuid="{number:016x}"{source}>\n  <prop type="x-Origin">Alignment</prop>\n'
        f'  <prop type="x-align-score">{score(unit.confidence)}</prop>\n'
        f'  <prop type="x-align-status">{unit.status}</prop>\n{props}{variants}</tu>\n'
    )


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError:
        raise MissingExtra('.parquet needs pyarrow: pip install ".[arrow]" in its folder') from None
    return pyarrow


def _write_parquet(corpus: Corpus, judgement: Judgement, path: Path) -> int:
    arrow = _pyarrow()
    texts = ("source", "target", "status", "type", "src_lang", "tgt_lang", "doc")
    kinds = {name: arrow.string() for name in texts} | {
        "confidence": arrow.float32(), "src_ids": arrow.list_(arrow.int32()), "tgt_ids": arrow.list_(arrow.int32()),
        "meta": arrow.string(),
    }  # fmt: skip
    schema = arrow.schema([(name, kinds[name]) for name in COLUMNS])
    count, block = 0, list[dict[str, Any]]()
    with replacing(path) as (file,), arrow.parquet.ParquetWriter(file, schema, compression="zstd") as out:
        for count, row in enumerate(judgement.kept(corpus), 1):
            data = row_data(row)
            block.append(
                data | {"meta": json.dumps(data["meta"], ensure_ascii=False) if data["meta"] else None}
            )
            if count % PARQUET_ROWS == 0:
                out.write_table(arrow.Table.from_pylist(block, schema))
                block = []
        if block:
            out.write_table(arrow.Table.from_pylist(block, schema))
    return count


def _write_xces(corpus: Corpus, judgement: Judgement, path: Path) -> int:
    from aligner.corpus.xces import write_xces

    return write_xces(corpus, judgement, path)


_WRITERS: Mapping[str, Callable[[Corpus, Judgement, Path], int]] = {
    ".tmx": _write_tmx, ".tmx.gz": _write_tmx, ".parquet": _write_parquet, ".jsonl": _write_jsonl,
    ".xces": _write_xces, ".src": _write_moses, ".tgt": _write_moses, ".tsv": _write_table,
}  # fmt: skip


def _write_rejects(corpus: Corpus, judgement: Judgement) -> Path | None:
    path = rejects_path(corpus.folder)
    if not judgement.verdicts.any():
        path.unlink(missing_ok=True)
        return None
    with replacing(path) as (file,):
        for rule, row in judgement.rejected(corpus):
            file.write(_json_line({"rule": rule} | row_data(row)))
    return path
