"""A PDF without text is called what it is: a scan, empty, or with its text too deep in forms within forms."""

import pytest
from test_read_pdf import one_page, stream

from aligner.errors import InputError
from aligner.read import read_file


def chained_forms(levels: int) -> bytes:
    """A page that draws a form that draws a form …, the last of which has the text; a circle of them for -1."""
    last, inner = b"BT /F1 10 Tf 70 700 Td (The lake is deep.) Tj ET\n", b" /XObject <</X %d 0 R>>"
    forms = [
        stream(
            last if level == levels - 1 else b"/X Do\n",
            b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources <</Font <</F1 5 0 R>>%s>>"
            % (inner % (7 + level if levels > 0 else 6)),
        )
        for level in range(max(1, levels))
    ]
    return one_page(b"/X Do\n", inner % 6, forms)


def test_text_within_a_chain_of_forms_is_read(tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(chained_forms(30))
    assert read_file(path).flat().text == "The lake is deep."


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (chained_forms(300), "no text in it: what it draws lies too deep, in forms within forms"),
        (chained_forms(-1), "no text in it: what it draws lies too deep, in forms within forms"),
        (one_page(b" "), "no text in it: its pages are empty"),
        (one_page(b"BT /F1 10 Tf 70 700 Td (   ) Tj ET\n"), "no text in it: its pages are empty"),
        (one_page(b"0 0 500 700 re f\n"), "a scanned PDF without text"),
    ],
    ids=["a long chain of forms", "a circle of forms", "nothing", "blanks", "a drawing"],
)
def test_a_pdf_without_text_is_called_what_it_is(data, said, tmp_path):
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_file(path)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
