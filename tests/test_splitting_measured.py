"""The rules for sentences on a manual that they never saw, as scripts/measure_splitting.py measures them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MANUAL = Path("/usr/share/doc/debian-handbook/html")
LANGUAGES = ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "tr", "zh"]


@pytest.mark.heavy
@pytest.mark.skipif(not MANUAL.is_dir(), reason="Debian's package debian-handbook is not installed")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_of_a_manual_end_where_they_should(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.delitem(sys.modules, "measure_splitting", raising=False)
    from measure_splitting import measure

    measured = measure(Path("/"), lang)
    assert measured.wanted >= 30  # of a handbook of another edition less would be found
    assert measured.f1 >= 0.98, measured.wrong
