"""TMX and XLIFF: valid to their schemas, streamed, and taken by the tools that read them."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import code_samples
import pytest
from lxml import etree
from peak_memory import run_and_measure
from test_export import HOSTILE, document, one_to_one, small

from aligner.bitext import Alignment, Bead
from aligner.export import write
from aligner.export.from_units import load_units
from aligner.export.options import ExportOptions

OMEGAT = Path("/usr/share/omegat/OmegaT.jar")
XLIFF_SCHEMAS = Path("/usr/share/php/Symfony/Component/Translation/Resources/schemas")
NOON = datetime(2024, 5, 6, 12, 0, 0, tzinfo=UTC)


def nasty() -> Alignment:
    return Alignment(
        document("zh", f"好{HOSTILE}。", "x" * 100_000, name=f'a{HOSTILE}"/c:\\d/文.txt'),
        document("en", "=1 & <b>", "مرحبا"),
        (Bead(0, 1, 0, 1, 0.25), Bead(1, 2, 1, 2, 1.0)),
        f"signature {HOSTILE}",
    )


CASES = {
    "small": ([small()], ExportOptions(date=NOON)),
    "noted": ([small()], ExportOptions(doubts=[{0: ["numbers differ: 3 ≠ 4", HOSTILE]}], context=True)),
    "hostile": ([nasty()], ExportOptions(doubts=[{0: [HOSTILE]}], context=True)),
    "filtered": ([small()], ExportOptions(min_confidence=1.0)),
    "empty": ([one_to_one(["好。"], ["Good."], [0.5])], ExportOptions(min_confidence=1.0)),
    "several": ([small(), small(), nasty()], ExportOptions(src_lang="zh-CN", duplicates="keep")),
}


@pytest.fixture(scope="session")
def tmx_schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not OMEGAT.exists():
        pytest.skip("the TMX schemas come with OmegaT, which is not installed")
    folder = tmp_path_factory.mktemp("omegat")
    with zipfile.ZipFile(OMEGAT) as jar:
        jar.extractall(folder, [name for name in jar.namelist() if name.startswith("schemas/")])
    return folder / "schemas"


@pytest.mark.parametrize("case", CASES)
def test_a_tmx_is_valid_to_its_dtd_and_its_schema(tmx_schemas: Path, tmp_path: Path, case: str) -> None:
    alignments, options = CASES[case]
    write(alignments, tmp_path / "o.tmx", options)
    tree = etree.parse(tmp_path / "o.tmx")
    with (tmx_schemas / "tmx14.dtd").open("rb") as file:
        etree.DTD(file).assertValid(tree)
    etree.XMLSchema(etree.parse(tmx_schemas / "tmx14.xsd")).assertValid(tree)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize(("version", "schema"), [("1.2", "xliff-core-1.2-strict"), ("2.0", "xliff-core-2.0")])
def test_an_xliff_is_valid_to_its_schema(tmp_path: Path, case: str, version: str, schema: str) -> None:
    if not XLIFF_SCHEMAS.is_dir():
        pytest.skip("the XLIFF schemas come with php-symfony-translation, which is not installed")
    alignments, options = CASES[case]
    options = ExportOptions(
        xliff=version, src_lang=options.src_lang, doubts=options.doubts, min_confidence=options.min_confidence
    )
    write(alignments, tmp_path / "o.xliff", options)
    _xliff_schema(f"{schema}.xsd").assertValid(etree.parse(tmp_path / "o.xliff"))


@pytest.mark.parametrize("kind", ["tmx", "1.2", "2.0"])
def test_what_is_written_with_codes_is_valid(tmx_schemas: Path, tmp_path: Path, kind: str) -> None:
    if not XLIFF_SCHEMAS.is_dir():
        pytest.skip("the XLIFF schemas come with php-symfony-translation, which is not installed")
    alignment = load_units(
        code_samples.tmx(tmp_path) if kind == "tmx" else code_samples.xliff(tmp_path, kind)
    )
    for version, schema in (("1.2", "xliff-core-1.2-strict"), ("2.0", "xliff-core-2.0")):
        write([alignment], tmp_path / "o.xliff", ExportOptions(xliff=version))
        tree = etree.parse(tmp_path / "o.xliff")
        assert len(list(tree.iter("{*}ph", "{*}x"))) > 1
        _xliff_schema(f"{schema}.xsd").assertValid(tree)
    write([alignment], tmp_path / "o.tmx")
    tree = etree.parse(tmp_path / "o.tmx")
    with (tmx_schemas / "tmx14.dtd").open("rb") as file:
        etree.DTD(file).assertValid(tree)
    etree.XMLSchema(etree.parse(tmx_schemas / "tmx14.xsd")).assertValid(tree)


def _xliff_schema(name: str) -> etree.XMLSchema:
    """The schema, with what it imports from the web taken from beside it."""
    parser = etree.XMLParser(no_network=True)
    tree = etree.parse(XLIFF_SCHEMAS / name, parser)
    for node in tree.iter("{http://www.w3.org/2001/XMLSchema}import"):
        node.set("schemaLocation", (XLIFF_SCHEMAS / "xml.xsd").as_uri())
    return etree.XMLSchema(tree)


def test_a_tmx_is_written_letter_for_letter_as_the_strictest_reader_wants_it(tmp_path: Path) -> None:
    write([small()], tmp_path / "o.tmx", ExportOptions(src_lang="zh-CN", tgt_lang="en-GB", date=NOON))
    text = (tmp_path / "o.tmx").read_text("utf-8")
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header ')
    assert 'srclang="zh-CN"' in text
    assert text.count('<tuv xml:lang="zh-CN">') == text.count('<tuv xml:lang="en-GB">') == 3
    assert text.count('creationdate="20240506T120000Z"') == 4
    unit = re.search(r"<tu .*?</tu>", text, re.S)[0]  # type: ignore[index]
    tags = re.findall(r"<(\w+)", unit)
    assert tags == ["tu", "prop", "prop", "prop", "prop", "prop", "tuv", "seg", "tuv", "seg"]
    for prop in (">Alignment<", ">0.97<", ">2-1<", ">auto<", ">甲.txt | b.txt<"):
        assert prop in unit


def test_units_keep_their_ids_between_runs_and_the_same_date_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("1", "2"):
        write([small()], tmp_path / f"{name}.tmx", ExportOptions(date=NOON))
        write([small()], tmp_path / f"{name}.tmx.gz", ExportOptions(date=NOON))
    assert (tmp_path / "1.tmx").read_bytes() == (tmp_path / "2.tmx").read_bytes()
    assert (tmp_path / "1.tmx.gz").read_bytes() == (tmp_path / "2.tmx.gz").read_bytes()
    assert gzip.decompress((tmp_path / "1.tmx.gz").read_bytes()) == (tmp_path / "1.tmx").read_bytes()
    ids = re.findall('tuid="([^"]+)"', (tmp_path / "1.tmx").read_text("utf-8"))
    assert len(set(ids)) == 3
    write([small()], tmp_path / "3.tmx", ExportOptions(min_confidence=0.5))
    assert re.findall('tuid="([^"]+)"', (tmp_path / "3.tmx").read_text("utf-8")) == [ids[0], ids[2]]


def test_control_characters_and_folders_stay_out_of_text_notes_and_names(tmp_path: Path) -> None:
    write([nasty()], tmp_path / "o.tmx", ExportOptions(doubts=[{0: [HOSTILE]}]))
    text = (tmp_path / "o.tmx").read_text("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\ud800-\udfff]", text)
    assert "c:" not in text
    assert "文.txt" in text
    root = etree.fromstring((tmp_path / "o.tmx").read_bytes())
    assert root.findtext(".//seg") == '好"]]><script>alert(1)</script>&amp;  <b>x</b> 😀。'


def test_a_penalty_goes_into_the_name_and_an_upper_case_suffix_is_warned_about(tmp_path: Path) -> None:
    report = write([small()], tmp_path / "o.tmx", ExportOptions(penalty=10))
    assert [p.name for p in report.paths] == ["o.penalty-10.tmx"]
    assert [p.name for p in tmp_path.iterdir()] == ["o.penalty-10.tmx"]
    assert "lower-case" in write([small()], tmp_path / "O.TMX").warnings[0]


def test_context_is_there_only_when_asked_for(tmp_path: Path) -> None:
    write([small()], tmp_path / "1.tmx")
    write([small()], tmp_path / "2.tmx", ExportOptions(context=True))
    assert "context" not in (tmp_path / "1.tmx").read_text("utf-8")
    text = (tmp_path / "2.tmx").read_text("utf-8")
    assert text.count('<prop type="x-context-pre">') == 2
    assert '<prop type="x-context-post">他走了。</prop>' in text


def test_xliff_states_tell_reviewed_likely_and_doubtful_units_apart(tmp_path: Path) -> None:
    write([small()], tmp_path / "1.xliff", ExportOptions(doubts=[{0: ["a note"]}]))
    text = (tmp_path / "1.xliff").read_text("utf-8")
    assert re.findall('state="([^"]+)"', text) == [
        "needs-review-translation",
        "needs-review-translation",
        "final",
    ]
    assert '<note from="aligner">a note</note>' in text
    write([small()], tmp_path / "2.xliff", ExportOptions(xliff="2.0"))
    text = (tmp_path / "2.xliff").read_text("utf-8")
    assert re.findall(r'<segment ([^>]+)>', text) == [
        'state="translated"', 'state="translated" subState="aligner:doubtful"', 'state="reviewed"',
    ]  # fmt: skip


STREAM = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from aligner.bitext import Alignment, Bead, Document, Segment
from aligner.export.tmx import Header, write_units
from aligner.export.options import ExportOptions
from aligner.export.units import Tally, units_of
class Many:
    # Alignments that exist only while they are written, as a batch would load them.
    def __iter__(self):
        for n in range(count // 1000):
            beads = tuple(Bead(m, m + 1, m, m + 1, 0.9) for m in range(1000))
            yield Alignment(self.document("源文句子", n), self.document("target sentence", n), beads)
    def document(self, word, n):
        texts = [f"{word} {n * 1000 + m} 。" for m in range(1000)]
        segments, start = [], 0
        for text in texts:
            segments.append(Segment(start, start + len(text)))
            start += len(text) + 1
        return Document(chr(10).join(texts), "zh", tuple(segments), "d")
count = int(sys.argv[1])
tally = Tally()
units = units_of(Many(), ExportOptions(), tally, "drop")
write_units(Path(sys.argv[2]), Header("zh", "en", datetime.now(UTC)), units)
print(tally.units)
"""


@pytest.mark.heavy
def test_a_million_units_are_written_under_200_mebibytes(tmp_path: Path) -> None:
    units, mebibytes = run_and_measure(STREAM, "1000000", tmp_path / "o.tmx")
    assert int(units) == 1_000_000
    assert mebibytes < 200


def test_memory_does_not_grow_with_the_number_of_units(tmp_path: Path) -> None:
    few, many = (run_and_measure(STREAM, count, tmp_path / "o.tmx")[1] for count in ("2000", "20000"))
    assert many - few < 10


KNOWN = ("中国经济增长了百分之三。", "China's economy grew by three percent.")
# The known sentence with two more characters.
ALIKE = "中国经济去年增长了百分之三。"
UNKNOWN = "这句话谁也没有翻译过。"


class OmegaT:
    """A project of OmegaT 3.6 with the segments of one source file; TMX files go into `automatic` or `memories`."""

    def __init__(self, folder: Path, segments: Sequence[str]) -> None:
        if not OMEGAT.exists() or not shutil.which("java"):
            pytest.skip("OmegaT or Java is not installed")
        self.folder, self._config = folder / "project", folder / "config"
        for name in ("source", "target", "omegat", "glossary", "dictionary", "tm/auto"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "omegat.project").write_text(PROJECT)
        (self.folder / "source" / "in.txt").write_text("\n\n".join(segments) + "\n", "utf-8")
        self.memories = self.folder / "tm"
        self.automatic = self.memories / "auto"

    def translate(self) -> list[str]:
        """What the segments become when exact matches from `automatic` are put in their place."""
        self._run()
        return (self.folder / "target" / "in.txt").read_text("utf-8").removesuffix("\n").split("\n\n")

    def fuzzy_matches(self) -> list[list[str]]:
        """Segment, percentage, source and target of all that its matches pane would show."""
        script = self.folder / "matches.groovy"
        script.write_text(LIST_MATCHES)
        printed = self._run(f"--script={script}").splitlines()
        return [line.split("\t")[1:] for line in printed if line.startswith("match\t")]

    def _run(self, *options: str) -> str:
        done = subprocess.run(
            ["java", "-Djava.awt.headless=true", "-jar", OMEGAT, self.folder, "--mode=console-translate",
             f"--config-dir={self._config}", "--quiet", *options],
            check=True, capture_output=True, timeout=120, encoding="utf-8",
            env=os.environ | {"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        return done.stdout


# What the matches pane itself asks, with its arguments; OmegaT runs a script at every turn of a project.
LIST_MATCHES = """
import org.omegat.core.statistics.FindMatches
if (eventType.name() == "LOAD") {
    def finder = new FindMatches(project.sourceTokenizer, 5, true, false)
    for (entry in project.allEntries) {
        for (match in finder.search(project, entry.srcText, true, true, { -> false })) {
            println(["match", entry.srcText, match.scores[0].score, match.source, match.translation].join("\\t"))
        }
    }
}
"""


@pytest.mark.heavy
@pytest.mark.parametrize("name", ["o.tmx", "o.tmx.gz"])
def test_omegat_translates_what_the_tmx_knows_and_leaves_the_rest(tmp_path: Path, name: str) -> None:
    omegat = OmegaT(tmp_path, [KNOWN[0], ALIKE, UNKNOWN])
    write([one_to_one([KNOWN[0], "别的。"], [KNOWN[1], "Other."])], omegat.automatic / name)
    assert omegat.translate() == [KNOWN[1], ALIKE, UNKNOWN]


@pytest.mark.heavy
@pytest.mark.parametrize(("penalty", "percent"), [(None, 85), (10, 75)])
def test_omegat_offers_fuzzy_matches_from_the_tmx_less_the_penalty(
    tmp_path: Path, penalty: int | None, percent: int
) -> None:
    omegat = OmegaT(tmp_path, [ALIKE, UNKNOWN])
    pairs = one_to_one([KNOWN[0], "别的。"], [KNOWN[1], "Other."])
    write([pairs], omegat.memories / "o.tmx.gz", ExportOptions(penalty=penalty))
    assert omegat.fuzzy_matches() == [[ALIKE, str(percent), *KNOWN]]


PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>
<glossary_dir>__DEFAULT__</glossary_dir><glossary_file>__DEFAULT__</glossary_file>
<dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>ZH</source_lang><target_lang>EN</target_lang>
<source_tok>org.omegat.tokenizer.LuceneSmartChineseTokenizer</source_tok>
<target_tok>org.omegat.tokenizer.LuceneEnglishTokenizer</target_tok>
<sentence_seg>false</sentence_seg><support_default_translations>true</support_default_translations>
<remove_tags>false</remove_tags><external_command></external_command>
</project></omegat>
"""


@pytest.mark.heavy
def test_translate_toolkit_translates_a_po_from_the_tmx(tmp_path: Path) -> None:
    program = shutil.which("pretranslate") or shutil.which(
        "pretranslate", path=str(Path(sys.executable).parent)
    )
    if not program or not find_spec("rapidfuzz"):
        pytest.skip("translate-toolkit with rapidfuzz is not installed")
    write([one_to_one([KNOWN[0], "别的。"], [KNOWN[1], "Other."])], tmp_path / "o.tmx")
    (tmp_path / "in.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        + "".join(f'#: {n}\nmsgid "{text}"\nmsgstr ""\n\n' for n, text in enumerate((KNOWN[0], UNKNOWN))),
        "utf-8",
    )
    subprocess.run(
        [program, "--progress=none", f"--tm={tmp_path / 'o.tmx'}", "-t", "in.po", "in.po", "out.po"],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    out = (tmp_path / "out.po").read_text("utf-8")
    assert f'msgid "{KNOWN[0]}"\nmsgstr "{KNOWN[1]}"' in out
    assert f'msgid "{UNKNOWN}"\nmsgstr ""' in out


@pytest.mark.parametrize(
    ("source", "target"), [(" Hello.", "Hallo. "), ("\u3000Hello.\n", "\tHallo."), ("Hello.", "  Hallo.")]
)
def test_blanks_at_the_edges_of_another_tools_segments_refuse_no_memory(tmp_path, source, target):
    path = tmp_path / "a.tmx"
    sides = f'<tuv xml:lang="en"><seg>{source}</seg></tuv><tuv xml:lang="de"><seg>{target}</seg></tuv>'
    blank = '<tuv xml:lang="en"><seg> </seg></tuv><tuv xml:lang="de"><seg>Rest.</seg></tuv>'
    body = f"<body><tu>{sides}</tu><tu>{blank}</tu></body>"
    path.write_text(f'<tmx version="1.4"><header srclang="en"/>{body}</tmx>', encoding="utf-8")
    alignment = load_units(path)
    assert [(alignment.source_text(bead), alignment.target_text(bead)) for bead in alignment.beads] == [
        ("Hello.", "Hallo."), ("", "Rest."),
    ]  # fmt: skip
