"""The bibliography: what is read, how it is written, what is refused."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import run

from gen.bibliography import papers, rules
from gen.bibliography.cited import cited_keys
from gen.bibliography.papers import Paper

BIB = Path(__file__).parent.parent / "activations" / "papers.bib"

ONE = """@article{one2020,
  author = {M{\\"u}ller, Anna and S{\\o}nderby, Bo},
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


def test_accents_braces_and_quotes_come_out_right(tmp_path: Path) -> None:
    paper = library(tmp_path, ONE)["one2020"]
    assert paper.label == "Müller & Sønderby, 2020"
    assert paper.field("title") == "The ReLU² of É. Grave: “a” study — part"
    assert paper.field("pages") == "1–2"
    assert paper.source == ONE.strip()


def test_equal_labels_get_letters(tmp_path: Path) -> None:
    twice = ONE + ONE.replace("one2020", "two2020")
    found = library(tmp_path, twice)
    assert found["one2020"].label.endswith("2020a")
    assert found["two2020"].label.endswith("2020b")


def test_citations_are_found_outside_code() -> None:
    text = "As in [@a2020; @b2021].\n\n```python\nx = [@c2022]\n```\n\nand `[@d2023]`, [@e2024]."
    assert cited_keys(text) == ["a2020", "b2021", "e2024"]


def test_the_real_list_keeps_every_rule() -> None:
    assert rules.problems(papers.read(BIB)) == []


PREPRINT = """@misc{two2021,
  author = {Ng, Ann B.},
  title = {Another},
  year = {2021},
  eprint = {2101.00001},
  archiveprefix = {arXiv}
}
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  year = {2020},\n", "", "one2020: no year, which @article needs; add it"),
        ("  author = {M", "  editor = {M", "one2020: no author; add one"),
        ("  journal = {Journal},\n", "", "one2020: no journal, which @article needs"),
        ("@article", "@online", "one2020: @online is no type of this list; use one of article,"),
        ("{2020}", "{20}", "one2020: the year 20 is no year"),
        ("{3}", "{3}, doi = {https://doi.org/10.1000/x}", "one2020: malformed doi https://doi.org"),
        ("{3}", "{3}, url = {example.org/x}", "one2020: malformed url example.org/x; write the"),
        ("Bo}", "Bø}", "one2020: ø is cut in two by BibTeX's styles"),
        ("The {ReLU$^2$}", "The ReLU", "one2020: the capitals of ReLU in the title"),
        ("2101.00001", "2113.00001", "two2021: malformed eprint 2113.00001; write arXiv's number"),
        ("2101.00001", "arXiv:2101.00001", "two2021: malformed eprint arXiv:2101.00001"),
        ("2101.00001", "2001.00001", "two2021: the year 2021 contradicts .*2001.00001; write 2020"),
        ("{3}", "{3}, eprint = {2201.00001}, archiveprefix = {arXiv}",
         "one2020: published in 2020, but arXiv:2201.00001 is of 2022"),
        (",\n  archiveprefix = {arXiv}", "", "two2021: an eprint without archiveprefix"),
        ("2101.00001}", "2101.00001}, url = {https://arxiv.org/abs/2101.00002}",
         "two2021: eprint 2101.00001 and url .* are two papers"),
        ("{Another}", "{The {RELU$^2$} of E. Grave: A Study: Part}",
         "two2021: the same title as one2020; keep one"),
    ],
)  # fmt: skip
def test_a_breach_names_the_key_and_the_fix(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = ONE + PREPRINT
    assert rules.problems(library(tmp_path, text)) == []
    assert old in text
    found = rules.problems(library(tmp_path, text.replace(old, new, 1)))
    assert len(found) == 1
    assert re.match(message, found[0])


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("doi = {10.1000/a}", "two: the same doi as one2020"),
        ("eprint = {2001.00001}, archiveprefix = {arXiv}", "two: the same arXiv number as one2020"),
    ],
)
def test_a_paper_that_is_listed_twice_is_refused(tmp_path: Path, field: str, message: str) -> None:
    one = ONE.replace("{3}", f"{{3}}, {field}")
    two = one.replace("one2020", "two").replace("part}", "part two}")
    found = rules.problems(library(tmp_path, one + two))
    assert len(found) == 1 and found[0].startswith(message)


def test_a_broken_list_stops_the_build_with_the_fix(
    project: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit("activations/papers.bib", "eprint        = {1511.07289}", "eprint        = {1511.7289}")
    before = (project / "docs/generated/bibliography.md").read_bytes()
    done = run("gen", cwd=project)
    assert done.returncode == 1
    assert (
        "activations/papers.bib: clevert2016fast: malformed eprint 1511.7289; write" in done.stderr
    )
    assert (project / "docs/generated/bibliography.md").read_bytes() == before
