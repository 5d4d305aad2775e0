"""Every finding a check can have: how bad it is, for which tools, and how to write it otherwise.

What each tool does comes from its own reader or import report; what the schema forbids, OmegaT forbids
since 6.1, as it validates against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

REFUSED, LOST, WARNING = SEVERITIES = ("refused", "lost", "warning")
OMEGAT, TRADOS, MEMOQ, WORDFAST = "OmegaT", "Trados", "memoQ", "Wordfast"
WEBLATE, PHRASE, MODERNMT = "Weblate/translate-toolkit", "Phrase", "ModernMT"
POEDIT, TOLGEE = "Poedit", "Tolgee"
TOOLS = (OMEGAT, TRADOS, MEMOQ, WORDFAST, WEBLATE, PHRASE, MODERNMT, POEDIT, TOLGEE)

# So many places are named, and so many findings of one rule told apart; the rest is counted.
_PLACES, _DETAILS = 3, 8
# More distinct language codes than this are an attack.
MOST_LANGUAGES = 1_000


@dataclass(frozen=True, slots=True)
class Rule:
    """`message` says what is wrong and what comes of it, with the detail at `{}`; `advice` what to write."""

    severity: str
    tools: tuple[str, ...]
    message: str
    advice: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of fault: `count` times, the first of them at `where` (`unit 3 (line 20)`)."""

    rule: str
    severity: str
    tools: tuple[str, ...]
    where: str
    count: int
    message: str
    advice: str


def effect(finding: Finding, tool: str) -> str:
    """What `finding` means to `tool`, one of `SEVERITIES`; empty where it means nothing to it."""
    if tool not in finding.tools:
        return ""
    return LOST if finding.rule in _REFUSED_BY_OMEGAT and tool != OMEGAT else finding.severity


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found in the file `name`, the worst first. `languages` are its codes, the source first."""

    name: str
    findings: tuple[Finding, ...]
    units: int
    languages: tuple[str, ...]
    encoding: str

    @property
    def is_refused(self) -> bool:
        """Whether some tool would refuse the file."""
        return any(finding.severity == REFUSED for finding in self.findings)


def _ill_formed(message: str, advice: str) -> Rule:
    return Rule(REFUSED, TOOLS, f"{message}; no XML reader opens the file", advice)


def _schema(message: str, advice: str) -> Rule:
    return Rule(REFUSED, (OMEGAT,), f"{message}; OmegaT 6.1 refuses the whole file", advice)


_SKIPPERS = (OMEGAT, WEBLATE, POEDIT, TOLGEE)
_SKIP = "OmegaT stops with an error; Weblate, Poedit and Tolgee skip every unit"
_SRCLANG = "write srclang letter for letter as the xml:lang of the source"
_FIX_TEXT = "escape it as XML asks, or let --fix do it"

# In the order they are told within their severity.
RULES: dict[str, Rule] = {
    "not-tmx": _ill_formed("this is not a TMX: {}", "export it as TMX again from the tool it comes from"),
    "entities": _ill_formed("it declares XML entities, which may be an attack", "remove its <!ENTITY> lines"),
    "ill-formed": _ill_formed(
        "malformed XML: {}", "correct these places, or let --fix save what can be read"
    ),
    "truncated": _ill_formed(
        "the file is cut short: {}", "export or download it again; --fix saves the complete units"
    ),
    "control-character": _ill_formed(
        "control characters in the text (or references such as &#11;)", "strip them"
    ),
    "surrogate": _ill_formed("halves of surrogate pairs", "write each character beyond U+FFFF as one"),
    "ampersand": _ill_formed("a bare & in the text", "write &amp;"),
    "less-than": _ill_formed("a bare < in the text", "write &lt;"),
    "html-entity": _ill_formed("entities of HTML (&nbsp;), which TMX does not know", "write the characters"),
    "markup-in-seg": _ill_formed("HTML tags without an end inside a seg", _FIX_TEXT),
    "encoding-declaration": _ill_formed("the encoding is not what the file declares: {}", "write UTF-8"),
    "undecodable": _ill_formed(
        "bytes that mean nothing in {}", "write UTF-8; the damaged places need a look"
    ),
    "utf-16": Rule(
        REFUSED,
        (MODERNMT, WEBLATE),
        "written in {}: ModernMT and older translate-toolkits can't read it",
        "write UTF-8 without a byte order mark",
    ),
    "bom": Rule(
        REFUSED,
        (MODERNMT, WEBLATE),
        "begins with a byte order mark: ModernMT and older translate-toolkits can't read it",
        "write UTF-8 without a byte order mark",
    ),
    "suffix": Rule(
        REFUSED,
        (OMEGAT,),
        "the name ends in {}: OmegaT takes only .tmx and .tmx.gz, in lower case",
        "rename the file",
    ),
    "version": _schema("version {} instead of 1.4", 'write <tmx version="1.4">'),
    "namespace": _schema("an xmlns on <tmx>", "write <tmx> without it"),
    "header-missing": _schema("there is no <header>", "write one with all seven attributes"),
    "header-attribute": _schema("the header has no {}", "give it a value; any will do for most tools"),
    "srclang-missing": Rule(REFUSED, _SKIPPERS, f"the header has no srclang: {_SKIP}", _SRCLANG),
    "srclang-different": Rule(REFUSED, _SKIPPERS, f"srclang is {{}}: {_SKIP}", _SRCLANG),
    "srclang-case": Rule(
        REFUSED, _SKIPPERS, f"srclang is {{}}, the same code in other letters: {_SKIP}", _SRCLANG
    ),
    "extra-attribute": _schema("an attribute TMX does not know: {}", "leave it out"),
    "xml-space": _schema("xml:space on {}", "leave it out; blanks are kept anyway"),
    "missing-attribute": _schema("an attribute is missing: {}", "add it"),
    "attribute-value": _schema(
        "a value TMX does not know: {}", "take one that the TMX 1.4 specification lists"
    ),
    "lang-attribute": Rule(
        REFUSED,
        (OMEGAT, WEBLATE),
        "lang instead of xml:lang: OmegaT 6.1 refuses the whole file, translate-toolkit sees no language",
        "write xml:lang",
    ),
    "lang-missing": Rule(
        REFUSED,
        TOOLS,
        "a <tuv> without xml:lang: OmegaT 6.1 refuses the file, others skip the variant",
        "write xml:lang",
    ),
    "lang-code": _schema(
        "{} can't be a language code", "write hyphens as in zh-CN, no underscores or blanks"
    ),
    "order": _schema("elements in the wrong order: {}", "write notes and props first"),
    "empty-unit": _schema("a <tu> without variants", "leave it out"),
    "no-seg": _schema("a <tuv> without <seg>", "leave the unit out"),
    "second-seg": _schema("a <tuv> with several <seg>", "write a <tuv> for each"),
    "unknown-element": _schema("an element TMX does not allow there: {}", "leave the tag out, keep its text"),
    "missing-element": _schema("an element is missing: {}", "add it"),
    "stray-text": _schema("text where no text may stand, in {}", "move it into a <note>"),
    "one-sided": Rule(
        LOST,
        (OMEGAT, TRADOS, MEMOQ, PHRASE),
        "units in one language only: useless, and OmegaT's fuzzy search stumbles over them",
        "leave them out",
    ),
    "empty-seg": Rule(
        LOST,
        (OMEGAT, TRADOS, MEMOQ, PHRASE),
        "segments without text: useless, and OmegaT's fuzzy search stumbles over them",
        "leave them out",
    ),
    "srclang-all": Rule(
        LOST,
        (WEBLATE, POEDIT, TOLGEE),
        "srclang is *all*: tools that look for the source by its code skip units",
        _SRCLANG,
    ),
    "unit-srclang": Rule(
        LOST,
        _SKIPPERS,
        "units without a variant in the source language ({}): they are skipped",
        "write the source of every unit under the same code",
    ),
    "same-language": Rule(
        LOST,
        (OMEGAT, TRADOS, MEMOQ),
        "several variants in one language ({}) in a unit: one of them is taken",
        "write a unit for each",
    ),
    "lang-case": Rule(
        LOST,
        (OMEGAT, WEBLATE, POEDIT, TOLGEE),
        "one language under several spellings: {}",
        "choose one",
    ),
    "lang-name": Rule(
        LOST,
        TOOLS,
        "{} is no language code: the units belong to no project",
        "write a code such as zh-CN or en",
    ),
    "segtype-paragraph": Rule(
        LOST,
        (OMEGAT,),
        'segtype="paragraph": OmegaT cuts the units again, and not as they were aligned',
        'write segtype="sentence"',
    ),
    "creationtool-omegat": Rule(
        LOST,
        (OMEGAT,),
        'creationtool="OmegaT": OmegaT reads its own files by other rules',
        "name the real tool",
    ),
    "no-units": Rule(
        WARNING, TOOLS, "there is no unit in it", "check that the export was of the right texts"
    ),
    "version-missing": Rule(WARNING, TOOLS, "<tmx> names no version", 'write <tmx version="1.4">'),
    "encoding-legacy": Rule(
        WARNING,
        TOOLS,
        "written in {}, while TMX is UTF-8 or UTF-16 by its rules",
        "write UTF-8",
    ),
    "c1-control": Rule(
        WARNING, TOOLS, "control characters U+007F to U+009F: some tools refuse them", "strip them"
    ),
    "replacement-character": Rule(
        WARNING,
        TOOLS,
        "U+FFFD in the text: characters were lost before this file was written",
        "look at these units",
    ),
    "script-contradicts": Rule(
        WARNING, TOOLS, "{}: the wrong projects will take these units", "set the code that fits the text"
    ),
    "unit-script": Rule(
        WARNING,
        TOOLS,
        "text under {} that is not written in its script: these units will be offered in the wrong language",
        "set the code that fits the text, or turn the units that stand the wrong way round",
    ),
    "lang-mixed": Rule(
        WARNING,
        (TRADOS, MEMOQ, PHRASE),
        "several codes for one language ({}): Trados keeps them apart",
        "choose the code that your projects use",
    ),
    "inline-unbalanced": Rule(
        WARNING,
        (TRADOS, MEMOQ, WORDFAST),
        "{} without its other half: tags may come out wrong",
        "write <it> instead",
    ),
    "too-long": Rule(
        WARNING,
        (TRADOS,),
        "more than 2,000 characters on one side: Trados Cloud leaves the unit out",
        "align it in smaller pieces",
    ),
    "cjk-spaces": Rule(
        WARNING,
        TOOLS,
        "Chinese or Japanese sentences joined with spaces: the text is wrong wherever it is used",
        "join them as the document had them",
    ),
    "duplicate": Rule(WARNING, TOOLS, "units that repeat an earlier one exactly", "leave the copies out"),
    "several-targets": Rule(
        WARNING,
        TOOLS,
        "sources with different translations: tools offer all or only the last",
        "look at these units",
    ),
    "tuid-duplicate": Rule(
        WARNING,
        (TRADOS, MEMOQ, PHRASE),
        "a tuid used by several units: some tools overwrite the earlier one",
        "give each its own",
    ),
    "date": Rule(
        WARNING,
        (OMEGAT, TRADOS, MEMOQ),
        "a date tools can't read: {}",
        "write YYYYMMDDThhmmssZ, 20240506T120000Z",
    ),
    "internal-subset": Rule(
        WARNING,
        TOOLS,
        "the document type carries declarations of its own: careful tools refuse them",
        'write <!DOCTYPE tmx SYSTEM "tmx14.dtd"> or nothing',
    ),
}
# Of these, OmegaT alone refuses the file; the others lose units without a word.
_REFUSED_BY_OMEGAT = frozenset(
    {"srclang-missing", "srclang-different", "srclang-case", "lang-attribute", "lang-missing"}
)
_ORDER = {name: (SEVERITIES.index(rule.severity), place) for place, (name, rule) in enumerate(RULES.items())}


@dataclass(slots=True)
class _Group:
    count: int = 0
    places: list[str] = field(default_factory=list)


class Findings:
    """Findings under way: equal ones are counted together; memory does not grow with the file."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, str], _Group] = {}
        self._details: dict[str, int] = {}

    def add(self, rule: str, place: str = "", detail: str = "", count: int = 1) -> None:
        """Count a finding of `rule` about `detail` at `place`."""
        if (rule, detail) not in self._groups:
            self._details[rule] = self._details.get(rule, 0) + 1
            if self._details[rule] > _DETAILS:
                detail = "others like it"
        group = self._groups.setdefault((rule, detail), _Group())
        group.count += count
        if place and len(group.places) < _PLACES and place not in group.places:
            group.places.append(place)

    def result(self) -> tuple[Finding, ...]:
        """All findings, the worst first."""
        found = sorted(
            self._groups.items(),
            key=lambda item: (
                SEVERITIES.index(RULES[item[0][0]].severity),
                _ORDER[item[0][0]],
                -item[1].count,
            ),
        )
        return tuple(_finding(rule, detail, group) for (rule, detail), group in found)


def _finding(name: str, detail: str, group: _Group) -> Finding:
    rule = RULES[name]
    where = ", ".join(group.places) + (", …" if group.places and group.count > len(group.places) else "")
    message = rule.message.replace("{}", detail)
    return Finding(name, rule.severity, rule.tools, where, group.count, message, rule.advice)
