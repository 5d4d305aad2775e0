# ruff: noqa: E501 - long lines are sample text
"""The same two texts give the same pairs, whatever file they come in and however one file holds both."""

from __future__ import annotations

import html
import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from localisation_files import (
    make_android,
    make_json,
    make_plist_strings,
    make_po,
    make_properties,
    make_resx,
    make_strings,
    make_yaml,
    with_keys,
)
from office_files import (
    make_ods,
    make_odt,
    make_odt_table,
    make_pptx,
    make_rtf,
    make_rtf_table,
)
from sample_files import (
    CHINESE,
    ENGLISH,
    convert_with_libreoffice,
    make_ass,
    make_csv,
    make_docx,
    make_docx_table,
    make_epub,
    make_html,
    make_markdown,
    make_srt,
    make_tmx,
    make_tsv,
    make_ttml,
    make_txt,
    make_vtt,
    make_xliff12,
    make_xliff20,
    make_xlsx,
    print_with_chromium,
)

from aligner.errors import Shortfall
from aligner.language.chinese import convert_script
from aligner.options import Options
from aligner.pipeline import align_files

Story = Sequence[str]
Pairs = list[tuple[str, str]]

# The story once more; as many paragraphs and sentences as the English one.
FRENCH = (
    "La bibliothèque de la vieille ville rouvre",
    "Après deux ans de travaux, la bibliothèque de la vieille ville a de nouveau ouvert ses portes au public hier. À neuf "
    "heures du matin, une longue file s’était déjà formée devant l’entrée, et beaucoup de parents avaient amené leurs "
    "enfants pour emprunter des livres.",
    "La directrice a dit à notre journaliste que les travaux n’avaient pas changé l’aspect du bâtiment ; l’ancienne réserve "
    "est simplement devenue une salle de lecture, et l’on a planté des fleurs sur le toit. « Nous espérons que les gens "
    "resteront un peu plus longtemps », a-t-elle dit. « On n’a pas besoin de se presser quand on lit. »",
    "La bibliothèque possède aujourd’hui 420 000 volumes, dont plus de trois mille chroniques locales et manuscrits. Les "
    "lecteurs peuvent les réserver en ligne ou venir les consulter sur place.",
    "L’après-midi, un vieil homme de quatre-vingts ans a raconté des histoires aux enfants dans leur coin. Il avait "
    "travaillé ici pendant trente ans quand il était jeune, et il connaissait chaque étagère.",
    "Les nouveaux horaires sont de neuf heures du matin à neuf heures du soir, tous les jours sauf le lundi.",
)
ROWS = list(zip(CHINESE, ENGLISH, strict=True))


def pairs_of(*paths: Path | str, **options: str) -> Pairs:
    """The text of every bead; one-sided ones have an empty side."""
    alignment = align_files(paths, Options(cache=False, **options)).alignment
    return [(alignment.source_text(bead), alignment.target_text(bead)) for bead in alignment.beads]


def squeezed(pairs: Pairs) -> Pairs:
    """The pairs without blanks: a PDF can't tell which were typed where a line ends between scripts."""
    return [("".join(source.split()), "".join(target.split())) for source, target in pairs]


def cues(story: Story) -> list[tuple[float, float, str]]:
    """A paragraph a cue, with a pause after each."""
    return [(10.0 * n, 10.0 * n + 4.0, paragraph) for n, paragraph in enumerate(story)]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pairs]:
    """What two UTF-8 text files give, by languages."""
    folder = tmp_path_factory.mktemp("plain")
    stories = {"zh": CHINESE, "en": ENGLISH, "fr": FRENCH, "zh-Hant": traditional(CHINESE)}
    files = {lang: make_txt(story, folder / f"{lang}.txt") for lang, story in stories.items()}
    return {
        f"{src}-{tgt}": pairs_of(files[src], files[tgt])
        for src, tgt in (("zh", "en"), ("zh-Hant", "en"), ("en", "fr"))
    }


def traditional(story: Story) -> list[str]:
    """With the forms that Big5 has."""
    forms = str.maketrans("衆着裏爲", "眾著裡為")
    return [convert_script(paragraph, "traditional").translate(forms) for paragraph in story]


def test_the_plain_alignment_is_the_right_one(plain: dict[str, Pairs]) -> None:
    for pairs in plain.values():
        assert all(source and target for source, target in pairs)
    # Sentence by sentence, in the order told; the only stretch that is not one to one is the director's speech.
    assert [target.split(" ")[0] for _, target in plain["zh-en"]] == [
        "Old", "After", "At", "The", "“We", "The", "Readers", "In", "He", "The",
    ]  # fmt: skip
    assert [source[:2] for source, _ in plain["zh-en"]] == [
        "老城", "经过", "上午", "馆长", "“我", "图书", "读者", "当天", "他年", "新的",
    ]  # fmt: skip
    assert [target[:6] for _, target in plain["en-fr"]][:4] == ["La bib", "Après ", "À neuf", "La dir"]


# --- two files ---

DOCUMENTS: dict[str, Callable[[Story, Path], Path]] = {
    "txt, UTF-8 with a mark": lambda story, path: make_txt(story, path.with_suffix(".txt"), "utf-8-sig"),
    "txt, UTF-16, little end first": lambda story, path: make_txt(
        story, path.with_suffix(".txt"), "utf-16-le"
    ),
    "txt, UTF-16, big end first": lambda story, path: make_txt(story, path.with_suffix(".txt"), "utf-16-be"),
    "txt, UTF-16 with a mark": lambda story, path: make_txt(story, path.with_suffix(".txt"), "utf-16"),
    "txt, GB18030": lambda story, path: make_txt(story, path.with_suffix(".txt"), "gb18030"),
    "txt, no suffix": lambda story, path: make_txt(story, path),
    "md": lambda story, path: make_markdown(story, path.with_suffix(".md")),
    "html": lambda story, path: make_html(story, path.with_suffix(".html")),
    "html, GB18030": lambda story, path: make_html(story, path.with_suffix(".html"), "gb18030"),
    "docx": lambda story, path: make_docx(story, path.with_suffix(".docx")),
    "epub": lambda story, path: make_epub([story[:3], story[3:]], path.with_suffix(".epub")),
    "srt": lambda story, path: make_srt(cues(story), path.with_suffix(".srt")),
    "srt, UTF-16": lambda story, path: make_srt(cues(story), path.with_suffix(".srt"), "utf-16"),
    "vtt": lambda story, path: make_vtt(cues(story), path.with_suffix(".vtt")),
    "ass": lambda story, path: make_ass(cues(story), path.with_suffix(".ass")),
    "ttml": lambda story, path: make_ttml(cues(story), path.with_suffix(".ttml")),
    "xlsx": lambda story, path: make_xlsx([[paragraph] for paragraph in story], path.with_suffix(".xlsx")),
    "csv": lambda story, path: make_csv([[paragraph] for paragraph in story], path.with_suffix(".csv")),
    "odt": lambda story, path: make_odt(story, path.with_suffix(".odt")),
    "ods": lambda story, path: make_ods([[paragraph] for paragraph in story], path.with_suffix(".ods")),
    "pptx": lambda story, path: make_pptx(story, path.with_suffix(".pptx")),
    "rtf": lambda story, path: make_rtf(story, path.with_suffix(".rtf")),
    "json": lambda story, path: make_json(with_keys(story), path.with_suffix(".json")),
    "yaml": lambda story, path: make_yaml(with_keys(story), path.with_suffix(".yml")),
    "properties": lambda story, path: make_properties(with_keys(story), path.with_suffix(".properties")),
    "strings": lambda story, path: make_strings(with_keys(story), path.with_suffix(".strings")),
    "strings, binary": lambda story, path: make_plist_strings(with_keys(story), path.with_suffix(".strings")),
    "Android": lambda story, path: make_android(with_keys(story), path.with_suffix(".xml")),
    "resx": lambda story, path: make_resx(with_keys(story), path.with_suffix(".resx")),
}


@pytest.mark.parametrize("make", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_two_files_give_the_same_pairs_in_every_format(
    plain: dict[str, Pairs], tmp_path: Path, make: Callable[[Story, Path], Path]
) -> None:
    assert pairs_of(make(CHINESE, tmp_path / "zh"), make(ENGLISH, tmp_path / "en")) == plain["zh-en"]


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-16"])
def test_traditional_chinese_gives_its_pairs_in_big5_too(
    plain: dict[str, Pairs], tmp_path: Path, encoding: str
) -> None:
    source = make_txt(traditional(CHINESE), tmp_path / "zh.txt", encoding)
    assert pairs_of(source, make_txt(ENGLISH, tmp_path / "en.txt", encoding)) == plain["zh-Hant-en"]


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-8-sig", "utf-16"])
def test_a_european_pair_gives_its_pairs_in_windows_1252_too(
    plain: dict[str, Pairs], tmp_path: Path, encoding: str
) -> None:
    files = [make_txt(story, tmp_path / f"{story[0][:3]}.txt", encoding) for story in (ENGLISH, FRENCH)]
    assert pairs_of(*files) == plain["en-fr"]


def test_a_forced_character_set_is_used(plain: dict[str, Pairs], tmp_path: Path) -> None:
    files = [make_txt(story, tmp_path / f"{n}.txt", "gb18030") for n, story in enumerate((CHINESE, ENGLISH))]
    assert pairs_of(*files, encoding="gb18030") == plain["zh-en"]


def test_either_side_may_come_from_standard_input(
    plain: dict[str, Pairs], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chinese, english = make_docx(CHINESE, tmp_path / "a.docx"), make_html(ENGLISH, tmp_path / "b.html")
    for paths in (("-", english), (chinese, "-")):
        piped = chinese if paths[0] == "-" else english
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(piped.read_bytes())))
        assert pairs_of(*paths) == plain["zh-en"]


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
@pytest.mark.parametrize("style", ["", "column-count:2;text-align:justify", "text-indent:2em;font-size:20pt"])
def test_a_pdf_printed_by_chromium_gives_the_same_pairs(
    plain: dict[str, Pairs], tmp_path: Path, style: str
) -> None:
    files = []
    for lang, story in (("zh", CHINESE), ("en", ENGLISH)):
        body = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in story[1:])
        page = tmp_path / f"{lang}.html"
        page.write_text(
            f'<html lang="{lang}"><meta charset="utf-8"><title>Daily</title><body style="{style}">'
            f"<h1>{story[0]}</h1>{body}</body></html>",
            encoding="utf-8",
        )
        files.append(print_with_chromium(page, tmp_path / f"{lang}.pdf"))
    assert squeezed(pairs_of(*files)) == squeezed(plain["zh-en"])


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("suffix", ["pdf", "docx", "html", "odt", "rtf", "doc"])
def test_a_document_saved_by_libreoffice_gives_the_same_pairs(
    plain: dict[str, Pairs], tmp_path: Path, suffix: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    files = [
        convert_with_libreoffice(make_docx(story, tmp_path / f"{lang}.docx"), suffix, folder)
        for lang, story in (("zh", CHINESE), ("en", ENGLISH))
    ]
    assert squeezed(pairs_of(*files)) == squeezed(plain["zh-en"])


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("pandoc"), reason="pandoc is not installed")
@pytest.mark.parametrize("suffix", ["docx", "odt", "epub", "html", "rtf", "pptx"])
def test_a_document_written_by_pandoc_gives_the_same_pairs(
    plain: dict[str, Pairs], tmp_path: Path, suffix: str
) -> None:
    files = []
    for lang, story in (("zh", CHINESE), ("en", ENGLISH)):
        text = make_markdown(story, tmp_path / f"{lang}.md").read_text("utf-8")
        (tmp_path / f"{lang}.md").write_text(text.replace("# ", "", 1), encoding="utf-8")
        files.append(tmp_path / f"{lang}.{suffix}")
        command = [
            "pandoc",
            "--standalone",
            "--wrap=none",
            "--metadata",
            "title= ",
            tmp_path / f"{lang}.md",
            "-o",
            files[-1],
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert pairs_of(*files) == plain["zh-en"]


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("langs", ["zh-en", "en-fr"])
def test_a_table_printed_by_libreoffice_gives_the_same_pairs(
    plain: dict[str, Pairs], tmp_path: Path, langs: str
) -> None:
    columns = {"zh-en": (CHINESE, ENGLISH), "en-fr": (ENGLISH, FRENCH)}[langs]
    table = make_docx_table(list(zip(*columns, strict=True)), tmp_path / "a.docx")
    assert squeezed(pairs_of(convert_with_libreoffice(table, "pdf", tmp_path))) == squeezed(plain[langs])


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")
@pytest.mark.parametrize("langs", ["zh-en", "en-fr"])
def test_a_table_printed_by_chromium_gives_the_same_pairs(
    plain: dict[str, Pairs], tmp_path: Path, langs: str
) -> None:
    columns = {"zh-en": (CHINESE, ENGLISH), "en-fr": (ENGLISH, FRENCH)}[langs]
    rows = "".join(
        f"<tr><td>{html.escape(a)}<td>{html.escape(b)}</tr>" for a, b in zip(*columns, strict=True)
    )
    (tmp_path / "a.html").write_text(
        f'<meta charset="utf-8"><table border="1">{rows}</table>', encoding="utf-8"
    )
    pdf = print_with_chromium(tmp_path / "a.html", tmp_path / "a.pdf")
    assert squeezed(pairs_of(pdf)) == squeezed(plain[langs])


# --- one file that holds both ---

TABLES: dict[str, Callable[[Sequence[Sequence[str]], Path], Path]] = {
    "a.xlsx": make_xlsx,
    "a.csv": make_csv,
    "a.tsv": make_tsv,
    "a.txt": make_tsv,
    "a.docx": make_docx_table,
    "a.ods": make_ods,
    "a.odt": make_odt_table,
    "a.rtf": make_rtf_table,
    "a.tmx": make_tmx,
    "a.po": make_po,
    "a.xlf": make_xliff12,
    "a.xliff": make_xliff20,
}


@pytest.mark.parametrize(("name", "make"), TABLES.items())
def test_two_columns_give_the_same_pairs(
    plain: dict[str, Pairs], tmp_path: Path, name: str, make: Callable[..., Path]
) -> None:
    assert pairs_of(make(ROWS, tmp_path / name)) == plain["zh-en"]


@pytest.mark.parametrize("make", [make_xlsx, make_csv, make_docx_table])
def test_a_whole_text_in_one_cell_is_aligned_inside_the_cell(
    plain: dict[str, Pairs], tmp_path: Path, make: Callable[..., Path]
) -> None:
    suffix = {make_xlsx: "xlsx", make_csv: "csv", make_docx_table: "docx"}[make]
    rows = [("中文", "English"), ("\n".join(CHINESE), "\n".join(ENGLISH))]
    assert pairs_of(make(rows, tmp_path / f"a.{suffix}")) == plain["zh-en"]


@pytest.mark.parametrize("make", [make_xlsx, make_csv, make_docx_table])
def test_two_of_three_columns_are_aligned_if_they_are_asked_for(
    plain: dict[str, Pairs], tmp_path: Path, make: Callable[..., Path]
) -> None:
    suffix = {make_xlsx: "xlsx", make_csv: "csv", make_docx_table: "docx"}[make]
    rows = [
        (french, english, chinese) for chinese, english, french in zip(CHINESE, ENGLISH, FRENCH, strict=True)
    ]
    path = make(rows, tmp_path / f"a.{suffix}")
    assert pairs_of(path, src_lang="zh", tgt_lang="en") == plain["zh-en"]


def halves(first: Story, second: Story, *_: Story) -> list[str]:
    return [*first, *second]


def in_turn(first: Story, second: Story, *more: Story) -> list[str]:
    return [paragraph for row in zip(first, second, *more, strict=True) for paragraph in row]


PAGES: dict[str, Callable[[Story, Path], Path]] = {
    "txt": lambda story, path: make_txt(story, path.with_suffix(".txt")),
    "md": lambda story, path: make_markdown(story, path.with_suffix(".md")),
    "html": lambda story, path: make_html(story, path.with_suffix(".html")),
    "docx": lambda story, path: make_docx(story, path.with_suffix(".docx")),
    "epub": lambda story, path: make_epub([story[:6], story[6:]], path.with_suffix(".epub")),
}


@pytest.mark.parametrize("arrange", [halves, in_turn])
@pytest.mark.parametrize("make", PAGES.values(), ids=PAGES.keys())
def test_one_page_gives_the_same_pairs_in_either_order(
    plain: dict[str, Pairs],
    tmp_path: Path,
    make: Callable[[Story, Path], Path],
    arrange: Callable[..., list[str]],
) -> None:
    assert pairs_of(make(arrange(CHINESE, ENGLISH), tmp_path / "a")) == plain["zh-en"]
    turned = [(english, chinese) for chinese, english in plain["zh-en"]]
    assert pairs_of(make(arrange(ENGLISH, CHINESE), tmp_path / "b")) == turned
    assert (
        pairs_of(tmp_path / make(arrange(ENGLISH, CHINESE), tmp_path / "c").name, src_lang="zh")
        == plain["zh-en"]
    )


@pytest.mark.parametrize("glue", ["\n", "\t", " "], ids=["a line each", "a tab between", "a blank between"])
def test_sentences_in_turn_give_the_same_pairs(plain: dict[str, Pairs], tmp_path: Path, glue: str) -> None:
    lines = [source + glue + target for source, target in plain["zh-en"]]
    assert pairs_of(make_txt(lines, tmp_path / "a.txt")) == plain["zh-en"]


@pytest.mark.parametrize("arrange", [halves, in_turn])
def test_a_page_in_two_languages_of_one_script_gives_the_same_pairs(
    plain: dict[str, Pairs], tmp_path: Path, arrange: Callable[..., list[str]]
) -> None:
    page = make_txt(arrange(ENGLISH, FRENCH), tmp_path / "a.txt")
    assert pairs_of(page) == plain["en-fr"]


@pytest.mark.parametrize(
    "page",
    [[*FRENCH, *CHINESE, *ENGLISH], [*CHINESE, *ENGLISH, *FRENCH], in_turn(CHINESE, ENGLISH, FRENCH)],
    ids=["after the third", "before the third", "in turn"],
)
def test_of_three_languages_two_have_to_be_asked_for(
    plain: dict[str, Pairs], tmp_path: Path, page: list[str]
) -> None:
    path = make_txt(page, tmp_path / "a.txt")
    with pytest.raises(Shortfall, match="--src-lang"):
        pairs_of(path)
    assert pairs_of(path, src_lang="zh", tgt_lang="en") == plain["zh-en"]
