"""A language is one file: what it may say, what becomes of it, and how one is added from outside."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from aligner.errors import InputError
from aligner.language.facts import KEYS, facts, facts_signature, shipped, with_language
from aligner.language.numerals import numbers
from aligner.language.numerals.quantities import quantities
from aligner.language.stopwords import stop_words
from aligner.language.tags import is_rtl, name
from aligner.lexicon.tokens import tokenize
from aligner.split.sentences import segment
from aligner.split.srx import own_srx, rules_signature
from aligner.text.edits import EditedText

# Made up, so that nothing of it can be known.
VOLAPIC = """
name = "Volapic"
right_to_left = true
decimal_point = true
stop_words = "e u"
stemmer = "english"
sentences = '''
<rule break="no"><beforebreak>\\bdok\\.</beforebreak><afterbreak>\\s</afterbreak></rule>
<rule break="yes"><beforebreak>§</beforebreak><afterbreak>\\s</afterbreak></rule>
'''

[numbers]
months = "yan feb mar apr mai yun yul aug set ok nov dek"
cardinals = { bal = 1, deg = 10 }
scales = { mil = 1000 }
"""


def sentences(text: str, lang: str, srx: Path | None = None) -> list[str]:
    return segment(EditedText(text), lang, srx=srx).sentences()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vp.toml"
    path.write_text(VOLAPIC, encoding="utf-8")
    return path


@pytest.mark.parametrize("language", shipped())
def test_a_file_says_only_what_is_read_and_refers_to_what_there_is(language: str) -> None:
    import Stemmer

    known = facts(language)
    assert set(known) <= set(KEYS)
    assert all(isinstance(value, KEYS[key]) for key, value in known.items())
    assert known.get("stemmer", "english") in Stemmer.algorithms()
    for key in ("sentences", "sentences_late"):
        assert key in facts(known.get(f"{key}_as", language)) or f"{key}_as" not in known
    assert len(known.get("numbers", {}).get("months", " ".join(map(str, range(12)))).split()) == 12
    assert len(sentences("Abc def. Ghi jkl! 好。再见。", language)) == 4


def test_a_language_from_outside_is_one_file_and_gone_after_the_block(file: Path) -> None:
    text = "Dok. Zam golom § Pasap e blod. Nu."
    before = (name("vp"), is_rtl("vp"), sentences(text, "vp"), numbers("deg mil 1.5 yan 3", "vp"))
    with with_language(file):
        assert (name("vp"), is_rtl("vp")) == ("Volapic", True)
        assert stop_words("vp") == {"e", "u"}
        assert tokenize("houses e u", "vp") == ["hous"]
        assert sentences("A dok. Zam golom § Pasap blod. Nu.", "vp") == [
            "A dok. Zam golom §", "Pasap blod.", "Nu.",
        ]  # fmt: skip
        assert [float(each.value) for each in numbers("deg mil 1.5 Yan", "vp")] == [10_000, 1.5, 1]
    assert (name("vp"), is_rtl("vp"), sentences(text, "vp"), numbers("deg mil 1.5 yan 3", "vp")) == before
    assert name("vp") == "vp"


def test_a_language_that_is_known_may_be_known_otherwise_for_a_while(tmp_path: Path) -> None:
    (tmp_path / "de.toml").write_text('name = "Plattdeutsch"\n', encoding="utf-8")
    signature, rules = facts_signature(), rules_signature()
    with with_language(tmp_path / "de.toml"):
        assert name("de-AT") == "Plattdeutsch"
        assert stop_words("de") == frozenset()
        assert facts_signature() != signature and rules_signature() != rules
    assert (name("de"), facts_signature(), rules_signature()) == ("German", signature, rules)
    assert "der" in stop_words("de")


@pytest.mark.parametrize(
    ("called", "holds", "said"),
    [
        ("vp.toml", "nmae = 'Volapic'", "there is no key 'nmae'; the keys are name, "),
        ("vp.toml", "name = 3", "name must be a str, not 3"),
        ("vp.toml", "name = ", "no TOML file: "),
        ("Volapic.toml", "", "is called by its subtag in small letters, such as am.toml"),
        ("vp.txt", "", "is called by its subtag in small letters"),
        ("missing.toml", None, "can't read the language's file: "),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_what_is_wrong(
    tmp_path: Path, called: str, holds: str | None, said: str
) -> None:
    if holds is not None:
        (tmp_path / called).write_text(holds, encoding="utf-8")
    with pytest.raises(InputError, match=rf"{called}: .*{said}"), with_language(tmp_path / called):
        pass


def test_rules_that_are_no_srx_name_the_language(tmp_path: Path) -> None:
    (tmp_path / "vp.toml").write_text("sentences = '<rule'\n", encoding="utf-8")
    with with_language(tmp_path / "vp.toml"), pytest.raises(InputError, match=r"vp\.toml: no SRX file"):
        sentences("A. B.", "vp")


@pytest.mark.parametrize(
    ("change", "said"),
    [("half = ", "has no 'half'"), ("join = ", "has no 'join'"), ("tail = ", "has no 'tail'")],
)
def test_quantities_that_lack_something_say_what(tmp_path: Path, change: str, said: str) -> None:
    english = Path(str(files("aligner.language") / "data" / "en.toml")).read_text(encoding="utf-8")
    assert english.count("\n" + change) == 1
    (tmp_path / "vp.toml").write_text(english.replace("\n" + change, "\n# "), encoding="utf-8")
    with with_language(tmp_path / "vp.toml"), pytest.raises(InputError, match=said):
        quantities("He paid 3 dollars.", "vp")


def test_quantities_of_a_new_language_are_those_of_its_file(tmp_path: Path) -> None:
    english = Path(str(files("aligner.language") / "data" / "en.toml")).read_text(encoding="utf-8")
    (tmp_path / "vp.toml").write_text(english.replace("months?", "mun"), encoding="utf-8")
    with with_language(tmp_path / "vp.toml"):
        found = quantities("24 mun", "vp")
    assert found[0].readings == quantities("24 months", "en")[0].readings != ()
    assert quantities("24 mun", "vp") != found


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Das ist z. B. am 3. Mai. Und dann?"), ("en-GB", "Mr. Smith left, e.g. today. So?"),
        ("pt-BR", "O Sr. Lima saiu. E depois?"), ("zh-TW", "「真的嗎？」他問道。天黑了。"), ("sw", "Moja. Mbili."),
    ],
)  # fmt: skip
def test_all_rules_in_one_srx_file_split_as_ours(tmp_path: Path, lang: str, text: str) -> None:
    (tmp_path / "all.srx").write_bytes(own_srx(shipped()))
    assert sentences(text, lang, tmp_path / "all.srx") == sentences(text, lang)
    assert len(sentences(text, lang)) == 2
