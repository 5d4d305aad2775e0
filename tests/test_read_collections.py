"""Folders, zips and pages made of frames: many files that are one text."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sample_files import CHINESE, ENGLISH, make_docx, make_html, make_txt

from aligner.cli.run import main
from aligner.errors import InputError
from aligner.options import Options
from aligner.pipeline import align_files
from aligner.prepare import prepare_files
from aligner.read import Format, Reading, Source, read_documents, read_file, with_reader
from aligner.read.languages import split_name
from aligner.read.reading import document
from aligner.read.text import decode
from aligner.text.edits import EditedText

Pairs = list[tuple[str, str]]


def pairs_of(*paths: Path) -> Pairs:
    alignment = align_files(paths, Options(cache=False)).alignment
    return [(alignment.source_text(bead), alignment.target_text(bead)) for bead in alignment.beads]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Pairs:
    folder = tmp_path_factory.mktemp("plain")
    return pairs_of(make_txt(CHINESE, folder / "zh.txt"), make_txt(ENGLISH, folder / "en.txt"))


def chapters(story: tuple[str, ...], folder: Path) -> Path:
    """The story in chapters 1, 2 and 10, each in another format."""
    (folder / "part").mkdir(parents=True)
    make_txt(story[:2], folder / "part" / "chapter1.txt")
    make_docx(story[2:4], folder / "part" / "chapter2.docx")
    make_html(story[4:], folder / "part" / "chapter10.html")
    return folder


def zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))
    return folder.with_suffix(".zip")


@pytest.mark.parametrize("first", [lambda folder: folder, zipped], ids=["folder", "zip"])
def test_a_folder_or_zip_of_chapters_gives_the_same_pairs_as_one_file(
    plain: Pairs, tmp_path: Path, first: Callable[[Path], Path]
) -> None:
    zh, en = first(chapters(CHINESE, tmp_path / "zh")), first(chapters(ENGLISH, tmp_path / "en"))
    assert pairs_of(zh, en) == plain
    assert pairs_of(zh, make_txt(ENGLISH, tmp_path / "en.txt")) == plain


def test_documents_of_the_same_names_are_boundaries(tmp_path: Path) -> None:
    for lang, story in (("zh", CHINESE), ("en", ENGLISH)):
        chapters(story, tmp_path / lang)
    rows = prepare_files([tmp_path / "zh", tmp_path / "en"], Options()).rows
    assert len(rows) == 2
    (tmp_path / "en" / "part" / "chapter2.docx").rename(tmp_path / "en" / "part" / "chapter3.docx")
    assert prepare_files([tmp_path / "zh", tmp_path / "en"], Options()).rows == ()


def test_a_folder_with_two_documents_is_a_text_and_its_translation(plain: Pairs, tmp_path: Path) -> None:
    (tmp_path / "both").mkdir()
    make_txt(CHINESE, tmp_path / "both" / "a.txt")
    make_txt(ENGLISH, tmp_path / "both" / "b.txt")
    assert pairs_of(tmp_path / "both") == plain
    assert pairs_of(zipped(tmp_path / "both")) == plain


def test_other_files_are_named_and_litter_is_not(tmp_path: Path) -> None:
    folder = chapters(ENGLISH, tmp_path / "en")
    for name in ("a.png", "b.css", ".hidden.txt", "Thumbs.db", "~$chapter2.docx"):
        (folder / name).write_bytes(b"x")
    (folder / "empty.txt").write_bytes(b" ")
    found = read_documents(folder)
    assert found is not None
    assert found.names == ("part/chapter1", "part/chapter2", "part/chapter10")
    assert [note.removeprefix(str(folder)) for note in found.notes] == [
        ": no documents, passed over: a.png, b.css", "/empty.txt: empty, passed over",
    ]  # fmt: skip


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = chapters(ENGLISH, tmp_path / "en")
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "secret.txt").write_text("secret")
    (folder / "z.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "zz").symlink_to(tmp_path / "more")
    found = read_documents(folder)
    assert found is not None
    assert found.names == ("part/chapter1", "part/chapter2", "part/chapter10")


def test_what_cannot_be_one_text_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    with pytest.raises(InputError, match=r"none: no document in it"):
        read_documents(tmp_path / "none")
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / "a.html").write_text(
        "<table><tr><td>A house.</td><td>Ein Haus.</td></tr><tr><td>A tree.</td><td>Ein Baum.</td></tr></table>"
    )
    with pytest.raises(InputError, match=r"a\.html: is in several languages by itself"):
        read_documents(tmp_path / "table")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "a.pdf").write_bytes(b"%PDF-1.4 cut off")
    with pytest.raises(InputError, match=r"bad/a\.pdf: "):
        read_documents(tmp_path / "bad")


def test_a_bomb_in_a_zip_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pdf", b"%PDF-" + bytes(30_000_000))
    with pytest.raises(InputError, match=r"b\.zip: .*attack"):
        read_documents(tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", bytes(30_000_000))
    with pytest.raises(InputError, match=r"c\.zip: .*attack"):
        read_documents(tmp_path / "c.zip")


def test_a_name_in_a_zip_that_leads_out_of_it_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../out.txt", "The library opened again.")
        archive.writestr("/etc/out.txt", "Many people came.")
    found = read_documents(path)
    assert found is not None
    assert len(found.readings) == 2
    assert [each.name for each in tmp_path.rglob("*") if each.is_file()] == ["a.zip"]


def test_a_document_named_zip_is_still_a_document(tmp_path: Path) -> None:
    make_docx(ENGLISH, tmp_path / "a.docx").rename(tmp_path / "a.zip")
    assert read_documents(tmp_path / "a.zip") is None
    assert read_file(tmp_path / "a.zip").kind == "docx"


def test_a_file_of_an_input_folder_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "en").mkdir()
    page = make_html(ENGLISH, tmp_path / "en" / "a.html")
    before = page.read_bytes()
    assert main([str(tmp_path / "en"), str(make_txt(CHINESE, tmp_path / "zh.txt")), "-o", str(page)]) == 2
    assert "is the input, too" in capsys.readouterr().err
    assert page.read_bytes() == before


def test_folders_of_localisation_files_are_paired_by_file_and_key(tmp_path: Path) -> None:
    for lang, texts in (("en", ["Open", "Save"]), ("de", ["Öffnen", "Speichern"])):
        folder = tmp_path / lang
        folder.mkdir()
        (folder / "menu.json").write_text(json.dumps({"a": texts[0], f"only_{lang}": "A"}), encoding="utf-8")
        (folder / "dialog.json").write_text(json.dumps({"a": texts[1]}), encoding="utf-8")
    prepared = prepare_files([tmp_path / "en", tmp_path / "de"], Options(src_lang="en", tgt_lang="de"))
    assert prepared.keyed
    assert any("menu: only_en" in note for note in prepared.notes)
    assert any("menu: only_de" in note for note in prepared.notes)
    assert pairs_of(tmp_path / "en", tmp_path / "de")[:2] == [("Save", "Speichern"), ("Open", "Öffnen")]


# Languages in names


NAMES = {
    "at the end": ("chapter{n}.zh.txt", "chapter{n}.en.txt"),
    "before a region": ("chapter{n}_zh-TW.txt", "chapter{n}_en-GB.txt"),
    "at the beginning": ("ZH - chapter {n}.txt", "EN - chapter {n}.txt"),
    "as folders": ("zh/chapter{n}.txt", "en/chapter{n}.txt"),
    "in words": ("第{n}章_中文.txt", "第{n}章_英文.txt"),
    "of films": ("film{n}.chi.txt", "film{n}.eng.txt"),
    "of the translation only": ("chapter{n}.txt", "chapter{n}.en.txt"),
}


def in_two_languages(folder: Path, names: tuple[str, str]) -> Path:
    """The story in chapters 1, 2 and 10 in both languages, in one folder."""
    for name, story in zip(names, (CHINESE, ENGLISH), strict=True):
        for number, part in ((1, story[:2]), (2, story[2:4]), (10, story[4:])):
            path = folder / name.format(n=number)
            path.parent.mkdir(parents=True, exist_ok=True)
            make_txt(part, path)
    return folder


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_one_folder_whose_names_say_the_languages_is_a_text_and_its_translation(
    plain: Pairs, tmp_path: Path, names: tuple[str, str]
) -> None:
    folder = in_two_languages(tmp_path / "book", names)
    prepared = prepare_files([folder], Options(src_lang="zh", tgt_lang="en"))
    assert prepared.source.text.split("\n") == list(CHINESE)
    assert prepared.target.text.split("\n") == list(ENGLISH)
    assert len(prepared.rows) == 2
    assert prepare_files([zipped(folder)], Options(src_lang="zh", tgt_lang="en")).rows == prepared.rows
    assert (prepare_files([folder], Options(src_lang="en", tgt_lang="zh")).source.text) == "\n".join(ENGLISH)


def test_of_three_languages_in_one_folder_two_are_chosen_and_the_third_is_named(tmp_path: Path) -> None:
    folder = in_two_languages(tmp_path / "book", NAMES["at the end"])
    make_txt(["Die Bibliothek wurde gestern wieder geöffnet."], folder / "chapter1.de.txt")
    with pytest.raises(InputError, match=r"book: 3 columns of text .*--src-lang"):
        prepare_files([folder], Options())
    prepared = prepare_files([folder], Options(src_lang="en", tgt_lang="zh"))
    assert prepared.target.text.split("\n") == list(CHINESE)
    assert any("left out: de (1)" in note for note in prepared.notes)
    assert any("not in de: chapter2, chapter10" in note for note in prepared.notes)
    gone = [edit for edit in prepared.source.edits if edit.rule == "other-column"]
    assert [edit.found for edit in gone] == ["Die Bibliothek wurde gestern wieder geöffnet."]


def test_a_document_without_a_translation_is_named_and_pairs_with_nothing(tmp_path: Path) -> None:
    folder = in_two_languages(tmp_path / "book", NAMES["at the end"])
    (folder / "chapter2.en.txt").unlink()
    alone = "".join(CHINESE[2:4])
    prepared = prepare_files([folder], Options(src_lang="zh", tgt_lang="en"))
    assert any("book: not in en: chapter2" in note for note in prepared.notes)
    beside = [english for english, chinese in pairs_of(folder) if chinese and chinese in alone]
    assert len(beside) >= 2
    assert set(beside) == {""}


@pytest.mark.parametrize(
    "names",
    [
        ("section-de.txt", "section-es.txt", "section-it.txt"),  # of a guide in one language
        ("part-one.txt", "part-two.txt", "part-three.txt"),
        ("a.en.txt", "b.zh.txt", "c.en.txt"),  # nothing in two languages
    ],
)
def test_names_that_only_look_like_languages_leave_a_folder_one_text(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    for number, name in enumerate(names):
        make_txt(ENGLISH[2 * number : 2 * number + 2], tmp_path / name)
    found = read_documents(tmp_path)
    assert found is not None
    assert found.as_table() is None


def test_two_folders_whose_names_bear_their_languages_have_boundaries(tmp_path: Path) -> None:
    for lang, story in (("zh", CHINESE), ("en", ENGLISH)):
        (tmp_path / lang).mkdir()
        make_txt(story[:3], tmp_path / lang / f"ch1.{lang}.txt")
        make_txt(story[3:], tmp_path / lang / f"ch2.{lang}.txt")
    assert len(prepare_files([tmp_path / "zh", tmp_path / "en"], Options()).rows) == 1


BUNDLES = {
    "of Java": ("app.properties", "app_de.properties", "a={0}\nb={1}\n"),
    "of Rails": ("locales/en.yml", "locales/de.yml", "a: {0}\nb: {1}\n"),
    "of Android": (
        "values/strings.xml",
        "values-de/strings.xml",
        '<resources><string name="a">{0}</string><string name="b">{1}</string></resources>',
    ),
}


@pytest.mark.parametrize("bundle", BUNDLES.values(), ids=BUNDLES)
def test_a_folder_with_the_texts_of_a_programme_in_two_languages_is_paired_by_key(
    tmp_path: Path, bundle: tuple[str, str, str]
) -> None:
    *names, shape = bundle
    texts = ("Open the file", "Save your work now"), ("Datei öffnen", "Jetzt die Arbeit speichern")
    for name, pair in zip(names, texts, strict=True):
        path = tmp_path / "res" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(shape.format(*pair), encoding="utf-8")
    prepared = prepare_files([tmp_path / "res"], Options(src_lang="en", tgt_lang="de"))
    assert prepared.keyed
    assert (prepared.source.text.split("\n"), prepared.target.text.split("\n")) == tuple(map(list, texts))


def test_keys_of_files_whose_names_bear_their_languages_are_the_same_in_two_folders(tmp_path: Path) -> None:
    for lang, texts in (("en", ["Open the file", "Print it"]), ("de", ["Datei öffnen", "Ausdrucken"])):
        (tmp_path / lang).mkdir()
        for name, text in zip(("menu", "page"), texts, strict=True):
            (tmp_path / lang / f"{name}.{lang}.json").write_text(json.dumps({"a": text}), encoding="utf-8")
    prepared = prepare_files([tmp_path / "en", tmp_path / "de"], Options(src_lang="en", tgt_lang="de"))
    assert prepared.keyed
    assert len(prepared.rows) == 1
    assert prepared.notes == ()


# Readers from outside


def read_script(source: Source) -> Reading:
    return document(source, EditedText(decode(source).text.replace("SAYS ", "")), "script")


def test_a_reader_from_outside_is_asked_for_the_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "1.play").write_text("SAYS Nobody slept.", encoding="utf-8")
    make_txt(["He laughed."], tmp_path / "2.txt")
    with with_reader(Format("script", read_script, suffixes=(".play",))):
        found = read_documents(tmp_path)
        assert found is not None
        assert [reading.flat().text for reading in found.readings] == ["Nobody slept.", "He laughed."]
        assert [reading.kind for reading in found.readings] == ["script", "txt"]
        assert found.notes == ()
    found = read_documents(tmp_path)
    assert found is not None
    assert [note.split(": ", 1)[1] for note in found.notes] == ["no documents, passed over: 1.play"]


def test_a_reader_of_pairs_from_outside_is_not_asked_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "1.play").write_text("SAYS Nobody slept.", encoding="utf-8")
    make_txt(["He laughed."], tmp_path / "2.txt")
    with with_reader(Format("script", read_script, suffixes=(".play",), gives="pairs")):
        found = read_documents(tmp_path)
    assert found is not None
    assert found.names == ("2",)


# Frames

OUTER = """<html><head><title>Site</title></head><frameset cols="20%,80%"><frame src="menu.htm">
<frameset rows="50%,*"><frame src="sub/text.htm#top"><frame src="more%20text.html"><frame src="index.html"></frameset>
<noframes><body>No frames here.</body></noframes></frameset></html>"""


def site(folder: Path, outer: str = OUTER) -> Path:
    (folder / "sub").mkdir(parents=True)
    (folder / "menu.htm").write_text("<p>Welcome to the library.</p>")
    (folder / "sub" / "text.htm").write_text("<p>It opened again.</p><p>Many people came.</p>")
    (folder / "more text.html").write_text("<p>Nobody left.</p>")
    (folder / "index.html").write_text(outer)
    return folder / "index.html"


def test_a_page_of_frames_is_read_as_its_frames_show_it(tmp_path: Path) -> None:
    reading = read_file(site(tmp_path))
    text = reading.columns[0].cells[0]
    assert text.text.split("\n") == [
        "Welcome to the library.",
        "It opened again.",
        "Many people came.",
        "Nobody left.",
    ]
    assert ("Site", "html-title") in [(edit.found, edit.rule) for edit in text.edits]
    assert reading.notes == ()


def test_frames_outside_the_folder_are_named_and_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("<p>secret</p>")
    names = [
        "../secret.html",
        "%2e%2e/secret.html",
        str(tmp_path / "secret.html"),
        "file:///etc/passwd",
        "http://x.example/a",
        "//x/a",
        "gone.html",
        "link.html",
    ]
    outer = "<frameset>" + "".join(f'<frame src="{name}">' for name in ["menu.htm", *names]) + "</frameset>"
    page = site(tmp_path / "site", f"<html>{outer}</html>")
    (tmp_path / "site" / "link.html").symlink_to(tmp_path / "secret.html")
    reading = read_file(page)
    assert reading.columns[0].cells[0].text == "Welcome to the library."
    assert len(reading.notes) == len(names)
    assert all("not read" in note for note in reading.notes)


def test_frames_within_frames_end(tmp_path: Path) -> None:
    page = site(tmp_path)
    (tmp_path / "menu.htm").write_text(
        '<frameset><frame src="index.html"><frame src="sub/text.htm"></frameset>'
    )
    assert read_file(page).columns[0].cells[0].text.split("\n") == [
        "It opened again.",
        "Many people came.",
        "Nobody left.",
    ]
    for n in range(100):
        (tmp_path / f"{n}.htm").write_text(f'<frameset><frame src="{n + 1}.htm"></frameset>')
    (tmp_path / "100.htm").write_text("<p>deep</p>")
    with pytest.raises(InputError, match="too many pages"):
        read_file(tmp_path / "0.htm")


def test_in_a_folder_a_page_of_frames_does_not_give_its_text_twice(tmp_path: Path) -> None:
    site(tmp_path / "site")
    found = read_documents(tmp_path / "site")
    assert found is not None
    assert found.names == ("menu", "more text", "sub/text")
    assert any("index.html: made of frames" in note for note in found.notes)


def test_two_documents_of_one_name_in_a_zip_are_refused_rather_than_one_left_out(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("A.txt", "The library opened again.")
        archive.writestr("a.txt", "Another document, whose name differs by case.")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("A.txt", "Many people came.")
    with pytest.raises(InputError, match=r"a\.zip: 2 documents in it are named 'A\.txt'; unpack it"):
        read_documents(tmp_path / "a.zip")


def test_names_that_differ_by_case_are_documents_of_their_own(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("A.txt", "The library opened again.")
        archive.writestr("a.txt", "Many people came.")
    found = read_documents(tmp_path / "a.zip")
    assert found is not None
    assert [reading.flat().text for reading in found.readings] == [
        "The library opened again.",
        "Many people came.",
    ]


def test_a_link_in_a_zip_is_named_and_is_no_text(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("text.txt", "The library opened again.")
    found = read_documents(tmp_path / "a.zip")
    assert found is not None
    assert [reading.flat().text for reading in found.readings] == ["The library opened again."]
    assert found.notes == (f"{tmp_path / 'a.zip'}: links, passed over: link.txt",)


@pytest.mark.parametrize(
    ("name", "told"),
    [("annual_report_zh", ("annual_report", "zh")), ("my-long-name_en_GB", ("my-long-name", "en-GB"))],
)
def test_a_code_is_known_behind_a_name_of_several_words(name: str, told: tuple[str, str]) -> None:
    assert split_name(name) == told


def test_no_part_of_a_name_longer_than_a_system_allows_has_a_code() -> None:
    assert split_name("._" * 100 + "a.en") == ("._" * 100 + "a", "en")
    assert split_name("._" * 20_000 + "a.en") == ("._" * 20_000 + "a.en", "")
