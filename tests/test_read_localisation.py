"""Files with keys: paired by their keys, nothing guessed; what has no partner is listed."""

# ruff: noqa: E501 - long lines are sample text
from __future__ import annotations

import json
import shutil
import subprocess
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
)
from peak_memory import run_and_measure

from aligner.bitext import Alignment, Bead
from aligner.errors import InputError
from aligner.export.po import with_breaks
from aligner.keep.keyed import join_rows
from aligner.options import Options
from aligner.pipeline import Result, align_files
from aligner.prepare import document_of
from aligner.read import Reading, read_bytes, read_file
from aligner.read.reading import Source

EN = {"story.a": "He said: “It's late.”", "story.b": "100 % sure\nof it", "story.c": "Nobody slept."}
MAKERS = {
    "a.json": make_json,
    "a.yaml": make_yaml,
    "a.properties": make_properties,
    "a.strings": make_strings,
    "b.strings": make_plist_strings,
    "strings.xml": make_android,
    "a.resx": make_resx,
}


def read(name: str, text: str | bytes, **options: object) -> Reading:
    data = text.encode() if isinstance(text, str) else text
    return read_bytes(Source(name, data, **options))  # type: ignore[arg-type]


def texts(reading: Reading) -> dict[str, str]:
    assert len(reading.columns) == 1
    return {key: cell.text for key, cell in zip(reading.keys, reading.columns[0].cells, strict=True)}


def removed(reading: Reading) -> list[tuple[str, str]]:
    return [
        (edit.rule, edit.found) for column in reading.columns for cell in column.cells for edit in cell.edits
    ]


def aligned(folder: Path, *files: tuple[str, str], **options: str) -> Result:
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8")
    return align_files([folder / name for name, _ in files], Options(cache=False, **options))


def pairs(result: Result) -> list[tuple[str, str]]:
    alignment = result.alignment
    return [(alignment.source_text(bead), alignment.target_text(bead)) for bead in alignment.beads]


def as_written(reading: Reading, column: int = 0) -> list[str]:
    """The cells with the line breaks that their codes stand for."""
    return [with_breaks(cell.text, cell.codes) for cell in reading.columns[column].cells]


@pytest.mark.parametrize(("name", "make"), MAKERS.items())
def test_each_format_gives_its_texts_by_key(tmp_path, name, make):
    folded = name in ("strings.xml", "a.properties")  # a line's end is written as \n in these
    given = {key: text.replace("\n", " ") if folded else text for key, text in EN.items()}
    reading = read_file(make(given, tmp_path / name))
    assert dict(zip(reading.keys, as_written(reading), strict=True)) == given
    assert texts(reading) == {key: text.replace("\n", " ") for key, text in EN.items()}


def test_two_files_are_paired_by_key_in_whatever_order_they_have_them(tmp_path):
    first = {"x": "The cat sleeps.", "y": "The dog barks.", "z": "Nobody came."}
    second = {"z": "Niemand kam.", "y": "Der Hund bellt.", "x": "Die Katze schläft."}
    result = aligned(tmp_path, ("en.json", json.dumps(first)), ("de.json", json.dumps(second)))
    assert pairs(result) == [
        ("The cat sleeps.", "Die Katze schläft."),
        ("The dog barks.", "Der Hund bellt."),
        ("Nobody came.", "Niemand kam."),
    ]


def test_a_key_without_a_partner_stays_alone_and_is_listed_even_where_a_translation_stands_elsewhere(
    tmp_path,
):
    first = {"x": "The cat sleeps.", "y": "The dog barks."}
    second = {"x": "Die Katze schläft.", "other": "Der Hund bellt."}
    result = aligned(tmp_path, ("en.json", json.dumps(first)), ("de.json", json.dumps(second)))
    assert pairs(result) == [
        ("The cat sleeps.", "Die Katze schläft."),
        ("", "Der Hund bellt."),
        ("The dog barks.", ""),
    ]
    listed = [note for note in result.notes if "without a text" in note]
    assert [note.rpartition(": ")[2] for note in listed] == ["y", "other"]


def test_files_of_two_kinds_are_paired_by_key_too(tmp_path):
    result = aligned(
        tmp_path,
        ("en.json", '{"a": {"b": "The cat sleeps."}}'),
        ("de.properties", "a.b=Die Katze schl\\u00e4ft."),
    )
    assert pairs(result) == [("The cat sleeps.", "Die Katze schläft.")]


def test_files_that_share_no_key_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"en\.json: 1 key, none of which is among the 1 of .*de\.json"):
        aligned(tmp_path, ("en.json", '{"a": "Yes."}'), ("de.json", '{"b": "Ja."}'))


def test_texts_under_one_key_that_have_nothing_in_common_are_a_pair_to_be_looked_at():
    source, target = (
        document_of(["Hello.", "Bye.", "So?"], "en", "a"),
        document_of(["Salut.", "Ja.", "Ah."], "fr", "b"),
    )
    beads = (Bead(0, 1, 0, 0), Bead(1, 2, 0, 0), Bead(2, 2, 0, 1), Bead(2, 3, 1, 2), Bead(3, 3, 2, 3))
    joined = join_rows(Alignment(source, target, beads), [(1, 0), (2, 1)])
    assert joined.beads == (Bead(0, 1, 0, 0), Bead(1, 2, 0, 1, 0.5), Bead(2, 3, 1, 2), Bead(3, 3, 2, 3))


def test_a_text_is_cut_into_sentences_within_its_key_only(tmp_path):
    result = aligned(
        tmp_path,
        ("en.yml", "a: Come in. Sit down.\nb: Go.\n"),
        ("de.yml", "a: Komm herein. Setz dich.\nb: Geh.\n"),
    )
    assert pairs(result) == [("Come in.", "Komm herein."), ("Sit down.", "Setz dich."), ("Go.", "Geh.")]


def test_of_a_key_that_stands_twice_the_last_text_counts_and_the_other_is_on_record():
    reading = read("a.json", '{"a": "first", "b": "other", "a": "last"}')
    assert texts(reading) == {"a": "last", "b": "other"}
    assert removed(reading) == [("repeated-key", "first")]


# --- PO ---

PO = """
msgid ""
msgstr ""
"Language: pt_BR\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

#. told to translators
msgctxt "menu"
msgid "Open"
msgstr "Abrir"

msgctxt "state"
msgid "Open"
msgstr "Aberto"

#, fuzzy
msgid "Close"
msgstr "Fechado"

msgid "one file"
msgid_plural "%d files"
msgstr[0] "um arquivo"
msgstr[1] "%d arquivos"

msgid "left"
msgstr ""

#~ msgid "old"
#~ msgstr "velho"
"""


def test_a_po_pairs_each_original_with_its_translation():
    reading = read("a.po", PO)
    rows = list(zip(*([cell.text for cell in column.cells] for column in reading.columns), strict=True))
    assert rows == [
        ("Open", "Abrir"), ("Open", "Aberto"), ("Close", ""), ("one file", "um arquivo"),
        ("%d files", "%d arquivos"), ("left", ""),
    ]  # fmt: skip
    assert reading.columns[1].lang == "pt-BR"
    assert sorted(removed(reading)) == [("po-fuzzy", "Fechado"), ("po-obsolete", "velho")]


def test_a_fuzzy_translation_is_read_if_it_is_asked_for():
    reading = read("a.po", PO, off=frozenset({"po-fuzzy"}))
    assert [cell.text for cell in reading.columns[1].cells][2] == "Fechado"


def test_plural_forms_between_the_first_and_the_last_are_on_record():
    forms = 'msgid "file"\nmsgid_plural "files"\nmsgstr[0] "plik"\nmsgstr[1] "pliki"\nmsgstr[2] "plików"\n'
    reading = read("a.po", forms)
    assert [cell.text for cell in reading.columns[1].cells] == ["plik", "plików"]
    assert removed(reading) == [("po-plural", "pliki")]


def test_a_language_with_one_form_has_it_beside_the_plural():
    reading = read("a.po", 'msgid "file"\nmsgid_plural "files"\nmsgstr[0] "文件"\n')
    assert [[cell.text for cell in column.cells] for column in reading.columns] == [
        ["file", "files"],
        ["", "文件"],
    ]


def test_two_catalogues_of_one_programme_pair_their_translations(tmp_path):
    french = [("open-it", "Ouvrez le livre."), ("close-it", "Fermez la porte.")]
    german = [("close-it", "Schließen Sie die Tür."), ("open-it", "Öffnen Sie das Buch.")]
    files = make_po(french, tmp_path / "fr.po", "fr"), make_po(german, tmp_path / "de.po", "de")
    result = align_files(files, Options(cache=False))
    assert pairs(result) == [
        ("Ouvrez le livre.", "Öffnen Sie das Buch."), ("Fermez la porte.", "Schließen Sie die Tür."),
    ]  # fmt: skip
    assert (result.alignment.source.lang, result.alignment.target.lang) == ("fr", "de")


def test_a_template_gives_the_originals(tmp_path):
    template = make_po([("Open the book.", "")], tmp_path / "a.pot")
    translated = make_po([("Open the book.", "Ouvrez le livre.")], tmp_path / "fr.po")
    assert pairs(align_files([template, translated], Options(cache=False))) == [
        ("Open the book.", "Ouvrez le livre.")
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.pot",
            'msgid "Open the book, please."\nmsgstr ""\n\nmsgid "Close the door behind you."\nmsgstr ""\n',
        ),
        ("a.json", '{"menu": {"open": "Open the book, please.", "shut": "Close the door behind you."}}'),
    ],
)
def test_a_file_with_keys_in_one_language_asks_for_the_other_one(name, text, tmp_path):
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=rf"{name}: no translations in it, one language only; name the file"):
        align_files([tmp_path / name], Options(cache=False))


def test_a_po_in_the_character_set_it_names_is_read_so():
    text = PO.replace("UTF-8", "ISO-8859-2").replace("velho", "żółw").replace("Abrir", "Otwórz")
    reading = read("a.po", text.encode("iso-8859-2"))
    assert reading.columns[1].cells[0].text == "Otwórz"


def test_a_line_separator_inside_a_text_of_a_po_is_no_end_of_the_line():
    reading = read("a.po", 'msgid "a\u2028b\x85c"\nmsgstr "d"\n')
    assert reading.columns[0].cells[0].text == "a\u2028b\x85c"


# --- trees ---


def test_flutters_arb_names_its_language_and_its_notes_are_on_record():
    reading = read("a.arb", '{"@@locale": "zh_TW", "hi": "你好", "@hi": {"description": "a greeting"}}')
    assert reading.columns[0].lang == "zh-TW"
    assert texts(reading)["hi"] == "你好"
    assert removed(reading) == [("translator-note", "zh_TW"), ("translator-note", "a greeting")]


def test_a_browser_extension_has_messages():
    reading = read("messages.json", '{"hi": {"message": "Hello", "description": "a greeting"}}')
    assert texts(reading)["hi"] == "Hello"
    assert ("translator-note", "a greeting") in removed(reading)


def test_rails_names_the_language_above_its_keys():
    reading = read("fr.yml", "fr:\n  a:\n    one: un\n    many: [deux, trois]\n  b: 3\n")
    assert reading.columns[0].lang == "fr"
    assert texts(reading) == {"a.one": "un", "a.many.[0]": "deux", "a.many.[1]": "trois"}


def test_one_file_with_several_languages_has_a_column_each(tmp_path):
    tree = {"en": {"a": "Hello.", "b": "Bye."}, "fr": {"b": "Salut."}, "zh-Hans": {"a": "你好。"}}
    result = aligned(tmp_path, ("a.json", json.dumps(tree)), src_lang="en", tgt_lang="fr")
    assert pairs(result) == [("Hello.", ""), ("Bye.", "Salut.")]
    assert any("zh-Hans (1)" in note for note in result.notes)


def test_an_array_of_records_is_a_table():
    reading = read(
        "a.json", '[{"source": "他笑了。", "target": "He laughed."}, {"source": "好", "target": "Good"}]'
    )
    assert [[cell.text for cell in column.cells] for column in reading.columns] == [
        ["他笑了。", "好"],
        ["He laughed.", "Good"],
    ]


def test_what_yaml_merges_gives_way_to_the_mappings_own():
    reading = read("a.yml", "base: &b {x: One, y: Two}\nmine:\n  <<: *b\n  y: Three\n")
    assert texts(reading) == {"base.x": "One", "base.y": "Two", "mine.x": "One", "mine.y": "Three"}


def test_aliases_that_grow_without_bounds_are_refused():
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    with pytest.raises(InputError, match="MiB by its aliases"):
        read("a.yml", f"l0: &l0 [lol]\n{levels}\n")


# --- programmes' resources ---


def test_android_texts_are_as_the_phone_shows_them():
    reading = read(
        "strings.xml",
        """<resources xmlns:xliff="urn:oasis:names:tc:xliff:document:1.2">
        <string name="a">It\\'s <b>bold</b>,\\n  and   <xliff:g id="x">%s</xliff:g> &lt;\\u4e2d</string>
        <string name="q">"two  blanks"</string>
        <string name="id" translatable="false">com.example</string>
        <string name="ref">@string/a</string>
        <string-array name="days"><item>Monday</item><item>Tuesday</item></string-array>
        <plurals name="n"><item quantity="one">a day</item><item quantity="other">%d days</item></plurals>
        </resources>""",
    )
    assert {key: text for key, text in texts(reading).items() if text} == {
        "a": "It's bold, and %s <中", "q": "two  blanks", "days[0]": "Monday", "days[1]": "Tuesday",
        "n[one]": "a day", "n[other]": "%d days",
    }  # fmt: skip
    assert removed(reading) == [("not-translatable", "com.example"), ("not-translatable", "@string/a")]


def test_what_a_resx_keeps_for_its_designer_is_on_record():
    reading = read(
        "a.resx",
        '<root><data name="hi"><value>Hello</value><comment>greeting</comment></data>'
        '<data name="size" type="System.Drawing.Size"><value>10, 20</value></data>'
        '<data name="&gt;&gt;b.Name"><value>b</value></data></root>',
    )
    assert texts(reading)["hi"] == "Hello"
    assert removed(reading) == [("not-translatable", "10, 20"), ("not-translatable", "b")]


def test_a_property_line_may_be_written_in_all_of_javas_ways():
    reading = read(
        "a.properties", "! no\n#no\na\\ b:1\n c\t two \\\n   lines\nd=\\ud83d\\ude00\\\\\nlone\ne=x\\ty\n"
    )
    assert texts(reading) == {"a b": "1", "c": "two lines", "d": "😀\\", "lone": "", "e": "x\ty"}


BAD = [
    ("a.po", 'msgid "a"\nmsgstr "b\n', r"line 2"),
    ("a.json", '{"a": }', r"line 1, column 7"),
    ("a.json", "[" * 100_000, "nested too deeply"),
    ("a.json", '{"a": 3}', "no text with a key"),
    ("a.yml", "a: [1", r"line \d"),
    ("a.yml", "[" * 100_000, "nested too deeply"),
    ("a.yml", "a: &a [*a]", "nested too deeply"),
    ("a.yml", "a: 1\n---\nb: 2\n", "a single document"),
    ("a.strings", '"a" = "b"\n"c" = "d";', "line 2: a semicolon"),
    ("a.strings", b"bplist00 nothing", "damaged property list"),
    ("a.strings", '<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "b">]><plist><string>&a;</string></plist>', "property list"),
    ("strings.xml", "<resources><string>x</resources>", "malformed"),
    ("a.resx", '<!DOCTYPE root [<!ENTITY a "b">]><root><data name="a"><value>&a;</value></data></root>', "entities"),
    ("a.properties", "# only a comment\n", "no text with a key"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), BAD, ids=[f"{name} {said}" for name, _, said in BAD])
def test_a_bad_file_costs_one_clear_line(name, text, said):
    with pytest.raises(InputError, match=rf"^{name}: .*{said}") as caught:
        read(name, text)
    assert "\n" not in str(caught.value)


@pytest.mark.heavy
@pytest.mark.skipif(not shutil.which("msgcat"), reason="gettext is not installed")
@pytest.mark.parametrize(
    ("option", "name"), [("--properties-output", "a.properties"), ("--stringtable-output", "a.strings")]
)
def test_what_gettext_writes_is_read_as_it_was(tmp_path, option, name):
    rows = [("open “it”", 'Öffne "es"\nbitte\\ \t!'), ("close.it", "关闭 it's 😀")]
    made = make_po(rows, tmp_path / "a.po")
    subprocess.run(["msgcat", option, "-o", tmp_path / name, made], check=True, capture_output=True)
    assert [text for text in as_written(read_file(tmp_path / name)) if text] == [text for _, text in rows]
    wrapped = tmp_path / "wrapped.po"
    subprocess.run(["msgcat", "--width=20", "-o", wrapped, made], check=True, capture_output=True)
    assert as_written(read_file(wrapped), column=1) == [text for _, text in rows]


READ = """
import sys
from pathlib import Path
from aligner.read import read_file
path, text = Path(sys.argv[1]), "word and " * 600_000
path.write_text(eval(sys.argv[2]).replace("TEXT", text))
print(len(read_file(path).columns[0].cells[0].text))
"""


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.strings", '\'"k" = "TEXT";\''),
        ("a.strings", "'/*TEXT*/' + '\\n' * 5_000_000 + '\"k\" = \"word\";'"),
        ("a.properties", "'TEXT'.replace('TEXT', text).replace(' ', '') + ' = word'"),
        ("a.properties", "'k = ' + text.replace(' ', '\\\\\\n') + 'end'"),
    ],
)
def test_a_long_text_or_key_takes_a_few_times_its_size_of_memory(
    name: str, form: str, tmp_path: Path
) -> None:
    _, mebibytes = run_and_measure(READ, tmp_path / name, form)
    assert mebibytes < 250
