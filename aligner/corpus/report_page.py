"""The report as a page: nothing loaded from elsewhere, no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from urllib.parse import quote

from aligner.corpus.facts import Facts
from aligner.corpus.report import Report
from aligner.export.page import style_policy
from aligner.export.units import printable

_LISTED = 500  # rows of a table; the rest is in report.json
_NAMED = 5  # ids beside a reason
_BADNESS: Mapping[str, Callable[[Facts], float]] = {
    "least surely aligned": lambda facts: -facts.likeness,
    "least mean confidence": lambda facts: -facts.mean_confidence,
    "most expected wrong": lambda facts: facts.expected_errors,
    "most one-sided": lambda facts: facts.one_sided_share,
    "most doubts": lambda facts: sum(facts.doubts.values()),
    "longest": lambda facts: facts.sentences,
}
"""The orders among which the page lets choose, each a table of its own, as it has no script."""


def page_of(report: Report, links: Mapping[str, str]) -> str:
    """The page; `links` are the addresses of the save files by id."""
    style = files("aligner.corpus").joinpath("report.css").read_text(encoding="utf-8")
    policy = style_policy(style)
    head = (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>Batch report</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n<h1>Batch report</h1>\n"
    )
    return head + "".join(_sections(report, links)) + "</main>\n</body>\n</html>\n"


def _sections(report: Report, links: Mapping[str, str]) -> Iterator[str]:
    yield _cards(report)
    if unlike := report.unlike():
        yield _section(
            "These may not be translations", "most of their sentences have no sure partner: check the pairing",
            _facts_table(report, unlike, links),
        )  # fmt: skip
    if same := report.same_text():
        yield _section(
            "The same text on both sides", "was one file given twice?", _facts_table(report, same, links)
        )
    if twice := report.twice():
        yield _section(
            "Aligned twice", "the same two texts under several ids: leave all but one out of the manifest",
            _twice_table(twice, links),
        )  # fmt: skip
    if reasons := report.reasons():
        yield _section("Failed", "by reason; --retry-failed tries them again", _reasons_table(reasons))
    if report.aligned:
        yield _section("Worst pairs", "", _worst_tables(report, links))
    if doubts := report.doubts():
        yield _section("Doubts", "by rule, when aligned", _counts_table("Rule", "Doubts", doubts))
    if languages := report.languages():
        yield _section("Languages", "", _counts_table("Languages", "Pairs", languages))


def _cards(report: Report) -> str:
    facts = report.as_dict()
    speed = facts["sentences_per_second_and_process"]
    cards = [
        ("", f"{facts['aligned']:,} / {facts['pairs']:,}", "pairs aligned"),
        ("bad" if facts["failed"] else "", f"{facts['failed']:,}", "failed"),
        ("bad" if facts["quarantined"] else "", f"{facts['quarantined']:,}", "put aside"),
        ("", f"{facts['sentence_pairs']:,}", "sentence pairs"),
        ("", f"{facts['expected_errors']:,.0f}", "of them expected wrong"),
        ("", f"{facts['one_sided_share']:.1%}", "sentences without counterpart"),
        ("", f"{sum(facts['doubts'].values()):,}", "doubts"),
        ("", f"{facts['reviewed']:,}", "reviewed"),
    ]
    cards += [("", f"{speed:,.0f}", "sentences a second and process")] if speed else []
    cards += [("", f"{facts['waiting']:,}", "not aligned yet")] if facts["waiting"] else []
    cards += [("bad", f"{report.strangers:,}", "not in the manifest, left out")] if report.strangers else []
    return (
        "<dl>"
        + "".join(f'<div class="{kind}"><dt>{name}</dt><dd>{value}</dd></div>' for kind, value, name in cards)
        + "</dl>\n"
    )


def _section(title: str, meaning: str, body: str) -> str:
    said = f"<p>{escape(meaning)}</p>" if meaning else ""
    return f"<section>\n<h2>{escape(title)}</h2>{said}\n{body}</section>\n"


def _worst_tables(report: Report, links: Mapping[str, str]) -> str:
    choices = "".join(
        f'<input type="radio" name="by" id="by-{number}"{" checked" * (number == 1)}>'
        f'<label for="by-{number}">{name}</label>\n'
        for number, name in enumerate(_BADNESS, 1)
    )
    tables = (_facts_table(report, report.worst(badness), links) for badness in _BADNESS.values())
    return f'<div class="by">\n{choices}{"".join(tables)}</div>\n'


def _facts_table(report: Report, pairs: Sequence[str], links: Mapping[str, str]) -> str:
    head = (
        '<table><thead><tr><th scope="col">Pair</th><th scope="col" class="n">Surely aligned</th>'
        '<th scope="col" class="n">Mean confidence</th><th scope="col" class="n wide">Expected wrong</th>'
        '<th scope="col" class="n">One-sided</th>'
        '<th scope="col" class="n wide">Sentences</th><th scope="col" class="n">Doubts</th></tr></thead><tbody>\n'
    )
    rows = (_facts_row(pair, report.aligned[pair], links) for pair in pairs[:_LISTED])
    return head + "".join(rows) + "</tbody></table>\n" + _rest(len(pairs))


def _facts_row(pair: str, facts: Facts, links: Mapping[str, str]) -> str:
    percent = round(100 * facts.likeness)
    kind = "" if facts.are_translations else ' class="bad"'
    return (
        f'<tr{kind}><th scope="row">{_link(pair, links)}</th>'
        f'<td class="n"><meter min="0" max="100" low="50" value="{percent}"></meter> <b>{percent}%</b></td>'
        f'<td class="n">{facts.mean_confidence:.2f}</td><td class="n wide">{facts.expected_errors:,.1f}</td>'
        f'<td class="n">{facts.one_sided_share:.0%}</td>'
        f'<td class="n wide">{facts.sentences:,}</td><td class="n">{sum(facts.doubts.values()):,}</td></tr>\n'
    )


def _reasons_table(reasons: Mapping[str, Sequence[str]]) -> str:
    head = (
        '<table><thead><tr><th scope="col" class="n">Pairs</th><th scope="col">Reason</th>'
        '<th scope="col">Which</th></tr></thead><tbody>\n'
    )
    rows = (
        f'<tr><td class="n">{len(pairs):,}</td><td>{_text(reason)}</td>'
        f"<td>{_text(', '.join(pairs[:_NAMED]))}{' …' if len(pairs) > _NAMED else ''}</td></tr>\n"
        for reason, pairs in list(reasons.items())[:_LISTED]
    )
    return head + "".join(rows) + "</tbody></table>\n" + _rest(len(reasons))


def _twice_table(twice: Sequence[Sequence[str]], links: Mapping[str, str]) -> str:
    head = '<table><thead><tr><th scope="col">Which</th><th scope="col" class="n">Times</th></tr></thead><tbody>\n'
    rows = (
        f'<tr><td>{", ".join(_link(pair, links) for pair in ids)}</td><td class="n">{len(ids):,}</td></tr>\n'
        for ids in twice[:_LISTED]
    )
    return head + "".join(rows) + "</tbody></table>\n" + _rest(len(twice))


def _link(pair: str, links: Mapping[str, str]) -> str:
    return f'<a href="{escape(quote(links[pair]))}">{_text(pair)}</a>'


def _counts_table(what: str, unit: str, counts: Mapping[str, int]) -> str:
    most = max(counts.values())
    rows = (
        f'<tr><th scope="row">{_text(name)}</th><td class="n">'
        f'<meter min="0" max="{most}" value="{count}"></meter> <b>{count:,}</b></td></tr>\n'
        for name, count in counts.items()
    )
    head = f'<table class="short"><thead><tr><th scope="col">{what}</th><th scope="col" class="n">{unit}</th></tr>'
    return head + "</thead><tbody>\n" + "".join(rows) + "</tbody></table>\n"


def _rest(count: int) -> str:
    return f"<p>… and {count - _LISTED:,} more, in report.json</p>\n" if count > _LISTED else ""


def _text(text: str) -> str:
    return escape(printable(text))
