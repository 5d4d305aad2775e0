"""Units of an XLIFF, and resources of a folder, that are no text to align."""

from __future__ import annotations

from pathlib import Path

from aligner.options import Options
from aligner.prepare import prepare_files

XLIFF = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
<file original="a.po" source-language="en" target-language="de" datatype="po"><body>
<trans-unit id="1" restype="x-gettext-domain-header"><source>Language: de</source><target>Language: de</target></trans-unit>
<trans-unit id="2" translate="no"><source>X11</source></trans-unit>
<trans-unit id="3" translate="no"><source>Locked, but translated.</source><target>Gesperrt, aber übersetzt.</target></trans-unit>
<trans-unit id="4"><source>Save the file.</source><target>Sichern Sie die Datei.</target></trans-unit>
</body></file></xliff>"""  # noqa: E501
STRINGS = "<resources>{}</resources>"


def test_the_head_of_a_catalogue_and_what_is_not_to_be_translated_are_on_record_only(tmp_path: Path) -> None:
    path = tmp_path / "a.xlf"
    path.write_text(XLIFF, encoding="utf-8")
    found = prepare_files([path], Options())
    assert found.source.text.strip().split("\n") == ["Locked, but translated.", "Save the file."]
    gone = [(edit.found, edit.rule) for edit in found.source.edits]
    assert gone == [("Language: de", "not-translatable"), ("X11", "not-translatable")]
    kept = prepare_files([path], Options(no_clean=("not-translatable",)))
    assert kept.source.text.strip().startswith("Language: de")


def test_what_is_not_to_be_translated_is_missed_in_no_language(tmp_path: Path) -> None:
    strings = {
        "values": '<string name="a">Open the file</string><string name="no" translatable="false">X11</string>',
        "values-de": '<string name="a">Datei öffnen</string>',
    }
    for folder, text in strings.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "strings.xml").write_text(STRINGS.format(text), encoding="utf-8")
    found = prepare_files([tmp_path], Options())
    assert {found.source.text.strip(), found.target.text.strip()} == {"Open the file", "Datei öffnen"}
    assert not [note for note in found.notes if "not in" in note]
