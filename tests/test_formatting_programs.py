"""What other programs make of the codes that are written: OmegaT translates with them, translate-toolkit reads them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from formatted_files import make_docx, make_html, runs
from lxml import etree
from test_export_xml import OMEGAT, PROJECT

from aligner.export import ExportOptions, write
from aligner.options import Options
from aligner.pipeline import align_files

pytestmark = pytest.mark.heavy

SOURCE = (
    "The <b>old library</b> of the town opens again.",
    "Readers may <i>reserve</i> books, and the <b>director</b> has <u>planted</u> flowers on the roof.",
    "On Mondays it is closed. The <b>garden</b> is <i>always</i> open.",
    "<b>Nobody</b> has to hurry here.",
)
TARGET = (
    "La <b>vieille bibliothèque</b> de la ville rouvre.",
    "Les lecteurs peuvent <i>réserver</i> des livres, et la <b>directrice</b> a <u>planté</u> des fleurs sur le toit.",
    "Le lundi elle est fermée. Le <b>jardin</b> est <i>toujours</i> ouvert.",
    "<b>Personne</b> n’a besoin de se presser ici.",
)
# Options › External TMXs: show the tags of other programs' memories, and those alone with a slash.
PREFERENCES = """<?xml version="1.0" encoding="UTF-8"?>
<omegat><preference version="1.0">
<ext_tmx_show_level2>true</ext_tmx_show_level2><ext_tmx_use_slash>true</ext_tmx_use_slash>
</preference></omegat>
"""


def translate(folder: Path, document: Path, memory: Path, preferences: str = "") -> Path:
    """`document` as OmegaT translates it by the exact matches of `memory`."""
    if not OMEGAT.exists() or not shutil.which("java"):
        pytest.skip("OmegaT or Java is not installed")
    project, config = folder / "project", folder / "config"
    for name in ("source", "target", "omegat", "glossary", "dictionary", "tm/auto"):
        (project / name).mkdir(parents=True)
    config.mkdir()
    if preferences:
        (config / "omegat.prefs").write_text(preferences)
    settings = PROJECT.replace(">ZH<", ">EN<").replace(">EN</target", ">FR</target")
    settings = settings.replace("SmartChinese", "English").replace("_seg>false", "_seg>true")
    (project / "omegat.project").write_text(settings)
    shutil.copy(document, project / "source" / document.name)
    shutil.copy(memory, project / "tm" / "auto" / "memory.tmx")
    subprocess.run(
        ["java", "-Djava.awt.headless=true", "-jar", OMEGAT, project, "--mode=console-translate",
         f"--config-dir={config}", "--quiet"],
        check=True, capture_output=True, timeout=120, env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return project / "target" / document.name


def memory(paths: Sequence[Path], out: Path, codes: str) -> Path:
    alignment = align_files(paths, Options(src_lang="en", tgt_lang="fr", codes=codes)).alignment
    write([alignment], out, ExportOptions(codes=codes))
    return out


# What OmegaT's tags make hard: two sentences of a paragraph, other orders, bold at the edges of a paragraph.
WORD_SOURCE = (
    *SOURCE,
    "The <b>old</b> house stood on a hill. A <i>new</i> one <b>came</b> much later.",
    "Press <b>Save</b> or <i>Cancel</i> to go on.",
    "<b>Flowers</b> grow in the garden today.",
    "The tower is <b>closed.</b>",
)
WORD_TARGET = (
    *TARGET,
    "La <b>vieille</b> maison se dressait sur une colline. Une <i>nouvelle</i> est <b>venue</b> bien plus tard.",
    "Pour continuer, <i>Annuler</i> ou <b>Enregistrer</b> conviennent.",
    "Dans le jardin poussent aujourd’hui des fleurs.",
    "La tour est <b>fermée.</b>",
)


def test_a_word_document_that_omegat_translates_by_the_memory_keeps_its_formatting(tmp_path: Path) -> None:
    import docx

    paths = [make_docx(WORD_SOURCE, tmp_path / "in.docx"), make_docx(WORD_TARGET, tmp_path / "fr.docx")]
    translated = translate(tmp_path, paths[0], memory(paths, tmp_path / "o.tmx", "omegat"))
    found = [
        [(run.text, run.bold, run.italic, run.underline) for run in paragraph.runs if run.text]
        for paragraph in docx.Document(str(translated)).paragraphs
    ]
    assert found == [
        [(run.text, *(True if tag in run.tags else None for tag in "biu")) for run in runs(paragraph)]
        for paragraph in WORD_TARGET
    ]


def test_a_web_page_that_omegat_translates_by_the_memory_keeps_its_formatting(tmp_path: Path) -> None:
    paths = [make_html(SOURCE, tmp_path / "in.html"), make_html(TARGET, tmp_path / "fr.html")]
    translated = translate(tmp_path, paths[0], memory(paths, tmp_path / "o.tmx", "keep"), PREFERENCES)
    root = etree.HTML(translated.read_text("utf-8"))
    found = [etree.tostring(p, encoding="unicode", with_tail=False).strip() for p in root.iter("h1", "p")]
    assert found == [
        f"<{tag}>{text}</{tag}>" for tag, text in zip(("h1", "p", "p", "p"), TARGET, strict=True)
    ]


def test_translate_toolkit_reads_the_codes_of_what_is_written(tmp_path: Path) -> None:
    storage = pytest.importorskip("translate.storage.tmx")
    xliff = pytest.importorskip("translate.storage.xliff")
    paths = [make_html(SOURCE, tmp_path / "in.html"), make_html(TARGET, tmp_path / "fr.html")]
    alignment = align_files(paths, Options(src_lang="en", tgt_lang="fr", codes="keep")).alignment
    for name in ("o.tmx", "o.xliff"):
        write([alignment], tmp_path / name)
    read = storage.tmxfile.parsefile(str(tmp_path / "o.tmx"))
    with_tags = " ".join(unit.source for unit in read.units)
    assert with_tags == " ".join(SOURCE)  # it shows what a code holds as text
    read = xliff.xlifffile.parsefile(str(tmp_path / "o.xliff"))
    elements = [part for unit in read.units for part in unit.rich_source[0].depth_first()]
    kinds = [element.xml_node.tag.rpartition("}")[2] for element in elements if hasattr(element, "xml_node")]
    assert kinds == ["bpt", "ept"] * "".join(SOURCE).count("</")
