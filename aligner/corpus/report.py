"""How a batch came out: counts, expected errors, doubts, the worst pairs, failures; as data and as a page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aligner.corpus.facts import Facts, facts_of
from aligner.corpus.ledger import DONE, History, Ledger
from aligner.corpus.manifest import Job, relative_path
from aligner.corpus.outputs import output_path, read_output, strangers
from aligner.corpus.own_files import REPORT_HTML, REPORT_JSON
from aligner.files import replacing
from aligner.text.counted import counted

WORST = 20
_NAMED = 3  # pairs in a line for the terminal


@dataclass(frozen=True, slots=True)
class Report:
    """A batch as it stands. `aligned`: facts by id; `failed`, `quarantined`: reasons by id; `waiting`: ids.

    `kinds`: the reasons without the name of the pair's own file, by id.
    `strangers` counts save files in the folder that the manifest doesn't name. `speed`: sentences a second and
    process, None where nothing was timed.
    """

    aligned: Mapping[str, Facts]
    failed: Mapping[str, str]
    quarantined: Mapping[str, str]
    waiting: Sequence[str]
    kinds: Mapping[str, str] = field(default_factory=dict)
    strangers: int = 0
    speed: float | None = None

    @property
    def total(self) -> int:
        """The pairs of the manifest."""
        return len(self.aligned) + len(self.failed) + len(self.quarantined) + len(self.waiting)

    def sum_of(self, name: str) -> float:
        """The sum of a fact over all aligned pairs."""
        return float(sum(getattr(facts, name) for facts in self.aligned.values()))

    def doubts(self) -> dict[str, int]:
        """Doubts by rule, the most frequent first."""
        counts: Counter[str] = Counter()
        for facts in self.aligned.values():
            counts.update(facts.doubts)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def languages(self) -> dict[str, int]:
        """Pairs by languages, `zh-Hans → en`."""
        counts = Counter(f"{facts.src_lang} → {facts.tgt_lang}" for facts in self.aligned.values())
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def reasons(self) -> dict[str, list[str]]:
        """The failures and what was put aside: ids by reason, the most frequent reason first.

        Where a reason is of one pair only, it names the file.
        """
        whole = {**self.failed, **self.quarantined}
        by_kind: dict[str, list[str]] = {}
        for pair in sorted(whole):
            by_kind.setdefault(self.kinds.get(pair, whole[pair]), []).append(pair)
        by_reason = {kind if len(ids) > 1 else whole[ids[0]]: ids for kind, ids in by_kind.items()}
        return dict(sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])))

    def unlike(self) -> list[str]:
        """Pairs that may not be translations, the unlikeliest first."""
        return sorted(
            (pair for pair, facts in self.aligned.items() if not facts.are_translations),
            key=lambda pair: (self.aligned[pair].likeness, pair),
        )

    def same_text(self) -> list[str]:
        """Pairs that hold the same text on both sides."""
        return sorted(pair for pair, facts in self.aligned.items() if facts.is_same_text)

    def twice(self) -> list[list[str]]:
        """The ids under which the same two texts stand more than once, whichever way round."""
        alike: dict[tuple[str, ...], list[str]] = {}
        for pair, facts in sorted(self.aligned.items()):
            alike.setdefault(tuple(sorted(facts.texts)), []).append(pair)
        return [ids for ids in alike.values() if len(ids) > 1]

    def worst(self, badness: Callable[[Facts], float] = lambda facts: -facts.likeness) -> list[str]:
        """The pairs of most `badness`, unless said those with the least share of surely aligned segments."""
        return sorted(self.aligned, key=lambda pair: (-badness(self.aligned[pair]), pair))[:WORST]

    def as_dict(self) -> dict[str, Any]:
        """All of it, for `report.json`."""
        sentences, pairs = self.sum_of("sentences"), self.sum_of("pairs")
        return {
            "pairs": self.total, "aligned": len(self.aligned), "failed": len(self.failed),
            "quarantined": len(self.quarantined), "waiting": len(self.waiting), "not_in_manifest": self.strangers,
            "sentences": int(sentences), "sentence_pairs": int(pairs), "reviewed": int(self.sum_of("reviewed")),
            "expected_errors": round(self.sum_of("expected_errors"), 1),
            "one_sided_share": round(self.sum_of("one_sided") / sentences, 4) if sentences else 0.0,
            "sentences_per_second_and_process": self.speed, "languages": self.languages(), "doubts": self.doubts(),
            "may_not_be_translations": self.unlike(), "same_text": self.same_text(), "twice": self.twice(),
            "worst": [self._row(pair) for pair in self.worst()], "failures": self.reasons(),
        }  # fmt: skip

    def _row(self, pair: str) -> dict[str, Any]:
        facts = self.aligned[pair]
        return {
            "id": pair, "likeness": facts.likeness, "mean_confidence": round(facts.mean_confidence, 4),
            "one_sided_share": round(facts.one_sided_share, 4), "sentences": facts.sentences,
            "expected_errors": round(facts.expected_errors, 1), "doubts": sum(facts.doubts.values()),
        }  # fmt: skip

    def lines(self) -> list[str]:
        """The report for a terminal."""
        pairs, errors = self.sum_of("pairs"), self.sum_of("expected_errors")
        lines = [f"result     {counted(pairs, 'sentence pair')}, {errors:,.0f} of them expected to be wrong"]
        if unlike := self.unlike():
            lines.append(
                f"unlike     {counted(len(unlike), 'pair')} may not be translations: {named(unlike)}"
            )
        if same := self.same_text():
            pairs_hold = counted(len(same), "pair holds", "pairs hold")
            lines.append(f"same text  {pairs_hold} the same text on both sides: {named(same)}")
        if twice := [" = ".join(ids) for ids in self.twice()]:
            pairs_have = counted(len(twice), "pair of texts has", "pairs of texts have")
            lines.append(f"twice      {pairs_have} several ids: {named(twice)}")
        if self.strangers:
            lines.append(f"left out   {counted(self.strangers, 'save file')} that the manifest doesn't name")
        return lines


def named(ids: Sequence[str]) -> str:
    """The first few of `ids` for one line."""
    return ", ".join(ids[:_NAMED]) + (" …" if len(ids) > _NAMED else "")


def collect(folder: Path, jobs: Sequence[Job]) -> Report:
    """The report on all pairs of the manifest, from their save files and the ledger."""
    histories = Ledger(folder).histories()
    aligned: dict[str, Facts] = {}
    failed: dict[str, str] = {}
    quarantined: dict[str, str] = {}
    waiting: list[str] = []
    for job, facts in _each(folder, jobs):
        history = histories.get(job.id, History())
        # What failed or was put aside since was made from other files than the save file that still stands.
        if history.is_quarantined:
            quarantined[job.id] = history.reason
        elif history.last == "failed":
            failed[job.id] = history.reason
        elif facts is None:
            waiting.append(job.id)
        else:
            aligned[job.id] = facts
    timed = [h for h in histories.values() if h.last == DONE and h.seconds]
    seconds = sum(history.seconds for history in timed)
    speed = round(sum(history.sentences for history in timed) / seconds, 1) if seconds else None
    others = len(strangers(folder, [job.id for job in jobs]))
    kinds = {
        job.id: _without_file(reason, job)
        for job in jobs
        if (reason := failed.get(job.id) or quarantined.get(job.id))
    }
    return Report(aligned, failed, quarantined, waiting, kinds, others, speed)


def _without_file(reason: str, job: Job) -> str:
    """`reason` without the file it begins with, where that is one of the pair's, whatever folder it was seen from."""
    head, _, rest = reason.partition(": ")
    return rest if rest and Path(head).name in {path.name for path in job.paths} else reason


def _each(folder: Path, jobs: Sequence[Job]) -> Iterator[tuple[Job, Facts | None]]:
    for job in jobs:
        data = read_output(output_path(folder, job.id))
        yield job, facts_of(data) if data else None


def write_reports(folder: Path, jobs: Sequence[Job]) -> Report:
    """Write `report.json` and `report.html` anew; gives the report."""
    from aligner.corpus.report_page import page_of

    report = collect(folder, jobs)
    links = {job.id: relative_path(output_path(folder, job.id), folder.resolve()) for job in jobs}
    with replacing(folder / REPORT_JSON, folder / REPORT_HTML) as (data, page):
        data.write(
            (json.dumps(report.as_dict(), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
        )
        page.write(page_of(report, links).encode("utf-8", "replace"))
    return report
