"""In one folder of a programme's texts the source is what its maker translates from, whatever the names' order."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from aligner.errors import InputError
from aligner.language.tags import primary
from aligner.options import Options
from aligner.prepare import prepare_files

SAID = {
    "en": ["The city library opens at nine o'clock.", "Please save your work before you leave."],
    "de": ["Die Stadtbibliothek öffnet um neun Uhr.", "Bitte speichern Sie Ihre Arbeit, bevor Sie gehen."],
    "fr": ["La bibliothèque ouvre à neuf heures.", "Veuillez enregistrer votre travail avant de partir."],
    "ar": ["تفتح مكتبة المدينة في الساعة التاسعة.", "يرجى حفظ عملك قبل أن تغادر."],
}
SHAPES = {
    ".xml": '<resources><string name="a">"{0}"</string><string name="b">"{1}"</string></resources>',
    ".strings": '"a" = "{0}";\n"b" = "{1}";\n',
    ".properties": "a={0}\nb={1}\n",
    ".json": '{{"a": "{0}", "b": "{1}"}}',
    ".arb": '{{"a": "{0}", "b": "{1}"}}',
    ".yml": 'a: "{0}"\nb: "{1}"\n',
    ".resx": '<root><data name="a"><value>{0}</value></data><data name="b"><value>{1}</value></data></root>',
    ".txt": "{0}\n{1}\n",
}


def put(folder: Path, names: dict[str, str]) -> Path:
    """The texts of each language under its name, in the form of the name's suffix."""
    for name, lang in names.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(SHAPES[Path(name).suffix].format(*SAID[lang]), encoding="utf-8")
    return folder


def zipped(folder: Path) -> Path:
    with zipfile.ZipFile(folder.with_suffix(".zip"), "w") as archive:
        for path in sorted(folder.rglob("*.*")):
            archive.write(path, path.relative_to(folder)) if path.is_file() else None
    return folder.with_suffix(".zip")


def langs(path: Path, src_lang: str | None = None, tgt_lang: str | None = None) -> tuple[str, str]:
    prepared = prepare_files([path], Options(src_lang=src_lang, tgt_lang=tgt_lang))
    found = primary(prepared.source.lang), primary(prepared.target.lang)
    assert prepared.source.text.splitlines() == SAID[found[0]]
    assert prepared.target.text.splitlines() == SAID[found[1]]
    return found


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("values/strings.xml", "values-de/strings.xml"),
        ("Base.lproj/Main.strings", "de.lproj/Main.strings"),
        ("en.lproj/Main.strings", "de.lproj/Main.strings"),
        ("messages.properties", "messages_de.properties"),
        ("locales/en.json", "locales/de.json"),
        ("en/menu.json", "de/menu.json"),
        ("locales/en-US.yml", "locales/de.yml"),
        ("l10n/app_en.arb", "l10n/app_de.arb"),
        ("Strings.resx", "Strings.de.resx"),
        ("readme.txt", "readme.de.txt"),
    ],
)
def test_the_source_is_what_has_no_code_or_else_the_english_of_a_programme(
    source: str, target: str, tmp_path: Path
) -> None:
    folder = put(tmp_path / "a", {source: "en", target: "de"})
    assert langs(folder) == langs(zipped(folder)) == ("en", "de")
    assert langs(folder, src_lang="de") == langs(folder, tgt_lang="en") == ("de", "en")


def test_what_has_no_code_is_the_source_though_english_stands_beside_it(tmp_path: Path) -> None:
    names = {"values/strings.xml": "ar", "values-en/strings.xml": "en"}
    assert langs(put(tmp_path, names)) == ("ar", "en")


def test_of_several_translations_one_is_named_and_the_source_is_known(tmp_path: Path) -> None:
    folder = put(tmp_path, {f"values{code}/strings.xml": lang for code, lang in
                            (("", "en"), ("-de", "de"), ("-fr", "fr"), ("-ar", "ar"))})  # fmt: skip
    assert langs(folder, tgt_lang="fr") == ("en", "fr")
    assert langs(folder, src_lang="de") == ("de", "en")
    assert langs(folder, src_lang="fr", tgt_lang="ar") == ("fr", "ar")
    with pytest.raises(InputError, match="say which with --src-lang and --tgt-lang"):
        langs(folder)


def test_a_source_without_a_code_stands_for_the_folder_of_its_own_language(tmp_path: Path) -> None:
    names = {f"{code}.lproj/Main.strings": lang for code, lang in
             (("Base", "en"), ("de", "de"), ("en", "en"))}  # fmt: skip
    folder = put(tmp_path, names)
    assert langs(folder) == langs(folder, "en", "de") == ("en", "de")
    assert langs(folder, "de", "en") == ("de", "en")


def test_texts_of_no_programme_that_all_have_codes_stay_in_the_order_of_their_names(tmp_path: Path) -> None:
    assert langs(put(tmp_path, {"en/a.txt": "en", "de/a.txt": "de"})) == ("de", "en")


def catalogue(lang: str) -> str:
    rows = zip(SAID["en"], SAID[lang] if lang else ["", ""], strict=True)
    entries = "".join(f'msgid "{original}"\nmsgstr "{text}"\n\n' for original, text in rows)
    return f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n{entries}'


def test_a_catalogue_beside_its_template_is_read_from_its_originals(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    (folder / "de").mkdir(parents=True)
    (folder / "de" / "app.po").write_text(catalogue("de"), encoding="utf-8")
    (folder / "zapp.pot").write_text(catalogue(""), encoding="utf-8")
    assert langs(folder) == langs(zipped(folder)) == ("en", "de")
    (tmp_path / "fr.po").write_text(catalogue("fr"), encoding="utf-8")
    prepared = prepare_files([folder, tmp_path / "fr.po"], Options())
    assert (prepared.source.lang, prepared.target.lang) == ("de", "fr")
