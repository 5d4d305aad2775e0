"""One folder to jobs: files that hold both languages by themselves, and documents whose names say their languages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aligner.corpus.folders import SIDES, Lonely, Paired, name_within, told_apart
from aligner.corpus.manifest import Job, with_ids
from aligner.corpus.naming import list_documents
from aligner.errors import UsageError
from aligner.language.tags import primary
from aligner.read.choice import shortened
from aligner.read.formats import given_by, is_bilingual
from aligner.read.languages import by_language, source_first

_TEMPLATE = ".pot"  # of gettext: originals without translations


def pair_within(folder: Path, src_lang: str | None = None, tgt_lang: str | None = None) -> Paired:
    """The jobs that one folder gives.

    Catalogues, memories and tables are jobs by themselves. Documents are paired by the codes of languages in their
    names; one without a code beside such holds both languages. `src_lang` and `tgt_lang` choose of the codes.
    Raises `InputError` where the folder holds nothing, `UsageError` where it holds documents alone.
    """
    documents = list_documents(folder)
    suffixes = {path: path.suffix.lower() for path in documents}
    catalogues = [path for path, suffix in suffixes.items() if is_bilingual(suffix) and suffix != _TEMPLATE]
    texts = [path for path, suffix in suffixes.items() if given_by(suffix)]
    chosen = {*catalogues, *texts}
    passed = [path.relative_to(folder).as_posix() for path in documents if path not in chosen]
    pairs, lonely, alone = _by_codes(folder, texts, src_lang, tgt_lang)
    if not pairs and not catalogues:
        raise UsageError(
            f"{folder}: one folder, with no two names that differ by a language, no .po, memory or table; name the"
            " folder of its translations, too, or a manifest"
        )
    jobs = [*pairs, *(Job(id=name_within(path, folder), source=path) for path in (*alone, *catalogues))]
    notes = (f"passed     {shortened(passed)}: no documents, or originals only",) if passed else ()
    ordered = sorted(told_apart(jobs), key=lambda job: job.id)
    return Paired(tuple(with_ids(ordered, str(folder))), tuple(lonely), notes)


def _by_codes(
    folder: Path, texts: Sequence[Path], src_lang: str | None, tgt_lang: str | None
) -> tuple[list[Job], list[Lonely], list[Path]]:
    """Pairs that the codes in names tell, documents without a partner, and those that have no code."""
    paths = {name_within(path, folder): path for path in texts}
    told = by_language(list(paths)) if len(paths) == len(texts) else {}
    if not told:
        return [], [], list(texts)
    bare = told.get("", {})
    alone = [] if any(name in told[tag] for name in bare for tag in told if tag) else list(bare.values())
    if alone:
        del told[""]
    is_programme = all(given_by(path.suffix.lower()) == "keys" for path in texts)
    tags, _ = source_first(list(told), is_programme)
    tags.sort(key=lambda tag: bool(src_lang) and primary(tag) != primary(src_lang or ""))
    sources = told[tags[0]]
    wanted = [tag for tag in tags[1:] if not tgt_lang or primary(tag) == primary(tgt_lang)] or tags[1:]
    several = len(wanted) > 1
    jobs, lonely, met = [], [], set()
    for tag in wanted:
        for name, target in told[tag].items():
            if name not in sources:
                lonely.append(Lonely(paths[target], SIDES[1]))
                continue
            met.add(name)
            jobs.append(
                Job(
                    id=f"{name}.{tag}" if several else sources[name],
                    source=paths[sources[name]],
                    target=paths[target],
                    group=name if several else "",
                )
            )
    lonely += [Lonely(paths[source], SIDES[0]) for name, source in sources.items() if name not in met]
    return jobs, lonely, [paths[name] for name in alone]
