"""`align batch` over one folder: catalogues by themselves, documents by the codes in their names."""

import json
from pathlib import Path

import pytest

from aligner.cli.run import main
from aligner.corpus.one_folder import pair_within
from aligner.errors import UsageError

PO = 'msgid ""\nmsgstr "Language: {lang}\\n"\n\nmsgid "Open the file."\nmsgstr "{text}"\n'


def folder_of(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def plan(root: Path, names: list[str], **langs: str):
    """The jobs for files of these names as (source, target), and what has no partner."""
    found = pair_within(folder_of(root, dict.fromkeys(names, "Some text.")), **langs)
    inside = [tuple(str(path.relative_to(root)) for path in job.paths) for job in found.jobs]
    return inside, [str(one.path.relative_to(root)) for one in found.lonely]


def test_each_catalogue_of_a_folder_is_aligned_by_itself(tmp_path, capsys):
    texts = {"de": "Öffnen Sie die Datei.", "fr": "Ouvrez le fichier."}
    files = {
        f"locale/{lang}/LC_MESSAGES/app.po": PO.format(lang=lang, text=text) for lang, text in texts.items()
    }
    folder_of(tmp_path, {**files, "locale/app.pot": PO.format(lang="", text=""), "locale/logo.png": "x"})
    assert main(["batch", str(tmp_path / "locale"), "-o", str(tmp_path / "out")]) == 0
    assert "passed     app.pot, logo.png" in capsys.readouterr().err
    for lang, text in texts.items():
        saved = json.loads((tmp_path / f"out/pairs/{lang}/LC_MESSAGES/app.json").read_text(encoding="utf-8"))
        assert (saved["source"]["text"], saved["target"]["text"]) == ("Open the file.", text)


def test_one_folder_as_one_text_sends_several_catalogues_to_batch(tmp_path, capsys):
    folder_of(tmp_path, {f"{lang}.po": PO.format(lang=lang, text="x") for lang in ("de", "fr")})
    assert main([str(tmp_path), "-o", str(tmp_path / "a.tmx")]) == 2
    assert "align batch" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("names", "pairs", "lonely"),
    [
        (["annual_report_en.txt", "annual_report_zh.html", "b.en.md", "b.zh.md"],
         [("annual_report_en.txt", "annual_report_zh.html"), ("b.en.md", "b.zh.md")], []),
        (["en/a.txt", "zh/a.txt", "zh/b.txt", "memory.tmx"], [("en/a.txt", "zh/a.txt"), ("memory.tmx",)], ["zh/b.txt"]),
        (["a.en.txt", "a.zh.txt", "page.html"], [("a.en.txt", "a.zh.txt"), ("page.html",)], []),
        (["read.md", "read.de.md"], [("read.md", "read.de.md")], []),
        (["a.de.md", "a.en.md", "a.fr.md"], [("a.de.md", "a.en.md"), ("a.de.md", "a.fr.md")], []),
    ],
)  # fmt: skip
def test_names_say_what_goes_with_what_and_the_rest_holds_both_languages(tmp_path, names, pairs, lonely):
    found, left = plan(tmp_path, names)
    assert (sorted(found), left) == (sorted(pairs), lonely)


def test_the_languages_that_are_asked_for_are_taken(tmp_path):
    names = ["a.de.md", "a.en.md", "a.fr.md"]
    assert plan(tmp_path, names, src_lang="fr", tgt_lang="en-GB")[0] == [("a.fr.md", "a.en.md")]


def test_a_folder_whose_names_tell_nothing_wants_another(tmp_path):
    with pytest.raises(UsageError, match="name the folder of its translations"):
        plan(tmp_path, ["page1.html", "page2.html"])
