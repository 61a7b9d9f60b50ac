"""The bibliography: what is read, how it is written, what is refused."""

from pathlib import Path

import pytest

from gen import papers
from gen.papers import Paper, PaperError, cited_keys

BIB = Path(__file__).parent.parent / "activations" / "papers.bib"

ONE = """@article{one2020,
  author = {M{\\"u}ller, Anna and Sønderby, Bo},
  title = {The {ReLU$^2$} of {\\'E}. Grave: ``a'' study --- part},
  journal = {Journal},
  year = {2020},
  volume = {3},
  pages = {1--2}
}
"""


def library(tmp_path: Path, text: str) -> dict[str, Paper]:
    path = tmp_path / "papers.bib"
    path.write_text(text, encoding="utf-8")
    return papers.read(path)


def test_the_real_list_reads() -> None:
    found = papers.read(BIB)
    assert len(found) > 60
    assert found["clevert2016fast"].label == "Clevert et al., 2016"
    assert found["klambauer2017self"].field("pages") == "971–980"
    assert found["hendrycks2016gelu"].label == "Hendrycks & Gimpel, 2016"
    assert found["misra2020mish"].field("title") == (
        "Mish: A Self Regularized Non-Monotonic Activation Function"
    )


def test_accents_braces_and_quotes_come_out_right(tmp_path: Path) -> None:
    paper = library(tmp_path, ONE)["one2020"]
    assert paper.label == "Müller & Sønderby, 2020"
    assert paper.field("title") == "The ReLU² of É. Grave: “a” study — part"
    assert papers.venue(paper) == "Journal, 3, pp. 1–2"
    assert paper.source == ONE.strip()


def test_equal_labels_get_letters(tmp_path: Path) -> None:
    twice = ONE + ONE.replace("one2020", "two2020")
    found = library(tmp_path, twice)
    assert found["one2020"].label.endswith("2020a")
    assert found["two2020"].label.endswith("2020b")


def test_citations_are_found_outside_code() -> None:
    text = "As in [@a2020; @b2021].\n\n```python\nx = [@c2022]\n```\n\nand `[@d2023]`, [@e2024]."
    assert cited_keys(text) == ["a2020", "b2021", "e2024"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("@article{one2020,\n  author = {A}\n  title = {T}\n}", r"papers\.bib, line 3"),
        (ONE + ONE, "each key may stand once"),
        (ONE.replace("  year = {2020},\n", ""), "one2020 has no year"),
        (ONE.replace("  author", "  editor"), "one2020 has no author"),
    ],
)
def test_a_malformed_list_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(PaperError, match=message):
        library(tmp_path, text)


def test_an_unknown_key_names_the_place_and_the_nearest_key() -> None:
    found = papers.read(BIB)
    cited = {"docs/x.md": ["clevert2016fats"], "docs/y.md": list(found)}
    with pytest.raises(
        PaperError, match=r"docs/x\.md cites clevert2016fats.*mean clevert2016fast\?"
    ):
        papers.check(found, cited)


def test_a_paper_that_nothing_cites_is_refused() -> None:
    found = papers.read(BIB)
    cited = {"docs/x.md": [key for key in found if key != "clevert2016fast"]}
    with pytest.raises(PaperError, match="lists clevert2016fast, which nothing cites"):
        papers.check(found, cited)


def test_every_paper_is_listed_with_its_bibtex_and_its_pages(generated: Path) -> None:
    text = (generated / "bibliography.md").read_text(encoding="utf-8")
    for key, paper in papers.read(BIB).items():
        assert f'id="{key}"' in text
        assert paper.source in text
    assert "[ELU](/activations/elu.md)" in text
