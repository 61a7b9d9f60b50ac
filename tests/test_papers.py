"""The bibliography: what is read, how it is written, what is refused."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import run

from gen import messages
from gen.bibliography import formats, listing, papers, rules
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


def published(tmp_path: Path, field: str, value: str) -> tuple[str, str, str, str]:
    """What a field comes out as: in plain text, in APA, in RIS and in CSL-JSON."""
    text = re.sub(rf"{field} = {{.*}}", lambda _: f"{field} = {{{value}}}", ONE)
    assert text != ONE
    paper = library(tmp_path, text)["one2020"]
    assert rules.problems({"one2020": paper}) == []
    item = formats.item(paper)
    apa = listing._references([[item]])["one2020"]
    return paper.field(field), apa, formats.ris(paper), json.dumps(item, ensure_ascii=False)


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"Mart{\'{\i}}n, {\^{\i}}le, na{\"{\i}}f, \'\i d, {\'i}d", "Martín, île, naïf, íd, íd"),
        (r"Nguy{\~{\^{e}}}n and Ph{\d{\u{a}}}m", "Nguyễn and Phặm"),
        (r"{\relax Ch}ristos, \L ukasz, {\c S}t\c{c}", "Christos, Łukasz, Ştç"),
        (r"\emph{One} \textit{two} {\em three} \textbf{four} \mbox{5}", "One two three four 5"),
        (r"$\beta$ $\{$X$\}$ $x^{-12}$ $\mathrm{H}_2$ $\mathbb{R}^n$", "β {X} x⁻¹² H₂ ℝⁿ"),
        (r"50\% \& more\_or\_less \#1 for \$5", "50% & more_or_less #1 for $5"),
        (r"a~b \ldots{} c\ d, L{\'e}vy{-}Flight --- or -- no", "a b … c d, Lévy-Flight — or – no"),
    ],
)  # fmt: skip
def test_latex_comes_out_as_what_it_prints(tmp_path: Path, latex: str, text: str) -> None:
    plain, apa, ris, csl = published(tmp_path, "title", latex)
    assert plain == text
    assert f"TI  - {text}\n" in ris and f'"title": "{text}"' in re.sub(r"</?span[^>]*>", "", csl)
    shown = re.sub(r"<[^>]*>|&#38;", lambda tag: "&" if tag[0] == "&#38;" else "", apa)
    assert text.translate(str.maketrans("⁻¹²ⁿ", "−12n")) in shown


@pytest.mark.parametrize(
    ("latex", "wrong"),
    [
        ("50% of a title", r"LaTeX prints no bare %; write \%"),
        ("a & b", r"LaTeX prints no bare &; write \&"),
        ("x_i and $x_i$", r"LaTeX prints no bare _; write \_"),
        ("One &amp; two", "&amp; is HTML; write it in LaTeX"),
        (r"One \&amp; two \&\#38; three", "&amp; is HTML; write it in LaTeX"),
        ("H<sub>2</sub>O", "<sub> is HTML; write it in LaTeX"),
        (r"\noopsort{a}b", r"nothing here prints \noopsort; write what it stands for"),
        (r"at \url{https://a.org}", r"nothing here prints \url{https://a.org}; write what"),
        (r"as of \today", r"nothing here prints \today; write what it stands for"),
        (r"from \input{/etc/passwd}", r"nothing here prints \input{/etc/passwd}; write what"),
        (r"\begin{a}b\end{a}", r"nothing here prints \begin{a}b\end{a}; write what"),
        ("costs $5", "mend its braces, dollars and backslashes"),
        (r"an accent \'", "mend its braces, dollars and backslashes"),
    ],
)
def test_latex_that_says_no_text_is_refused(tmp_path: Path, latex: str, wrong: str) -> None:
    for old in ("Journal}", "Bo}"):
        with pytest.raises(messages.InputError) as told:
            library(tmp_path, ONE.replace(old, f"{latex}}}"))
        assert str(told.value).startswith(f"{tmp_path.as_posix()}/papers.bib: one2020: ")
        assert wrong in str(told.value)


@pytest.mark.parametrize("pages", ["1-12", "1--12", "1–12", "1 -- 12", r"1{\textendash}12"])
def test_pages_have_a_first_and_a_last(tmp_path: Path, pages: str) -> None:
    _, apa, ris, csl = published(tmp_path, "pages", pages)
    assert "SP  - 1\nEP  - 12\n" in ris and '"page": "1-12"' in csl and "1–12" in apa


def test_addresses_lose_the_backslashes_meant_for_latex(tmp_path: Path) -> None:
    written = r"https://a.org/{\textasciitilde}x/\~{}y/a\_b{\_}c\%20d?e=1\&f#g"
    text = ONE.replace("{3}", rf"{{3}}, doi = {{10.1007/978-3\_1}}, url = {{{written}}}")
    paper = library(tmp_path, text)["one2020"]
    assert rules.problems({"one2020": paper}) == []
    for end, found in formats.bundle([paper]).items():
        assert "10.1007/978-3_1" in found, end
        assert "https://a.org/~x/~y/a_b_c%20d?e=1&f#g" in found, end


def test_the_published_record_is_written_from_the_fields(tmp_path: Path) -> None:
    pasted = """@STRING{nn = {Neural Networks}}
@Article{one2020, YEAR = 2020, Journal = nn # " (letters)",
Author = "Bo van der S{\\o}nderby and King, Jr., Martin Luther and {{Some Lab}}",
  File = {:C$\\backslash$:/Users/me/50% done.pdf:pdf}, abstract = {Up to 50% & <b>more</b>},
  keywords={a}, Mendeley-Tags = {b}, bdsk-url-1 = {c}, date_added = {d}, month = jan,
  timestamp={e}, biburl = {f}, OPTnote = {g}, volume = {},
  Title = {A na{\\"{\\i}}ve
    title}, ISSN = {0893-6080}, pages = "3-4"}
"""
    found = library(tmp_path, pasted)
    assert rules.problems(found) == []
    assert (
        formats.bundle(found.values())["bib"]
        == """@article{one2020,
  author  = {van der S{\\o}nderby, Bo and King, Jr., Martin Luther and {{Some Lab}}},
  title   = {A na{\\"i}ve title},
  journal = {Neural Networks (letters)},
  year    = {2020},
  pages   = {3--4},
  issn    = {0893-6080}
}
"""
    )


def test_what_is_published_is_read_again_as_it_was(tmp_path: Path) -> None:
    text = formats.bundle(papers.read(BIB).values())["bib"]
    again = library(tmp_path, text)
    assert formats.bundle(again.values()) == formats.bundle(papers.read(BIB).values())
    assert rules.problems(again) == []


@pytest.mark.parametrize(
    "place",
    [
        "journal = {arXiv preprint arXiv:1511.07289}",
        "journal = {CoRR}, volume = {abs/1511.07289}",
        "journal = {ArXiv}, volume = {1511.07289}",
        "howpublished = {arXiv:1511.07289v5}",
        "note = {arXiv:1511.07289 [cs.LG]}",
        "doi = {10.48550/arXiv.1511.07289}",
        "url = {http://arxiv.org/pdf/1511.07289v5.pdf}",
    ],
)
def test_an_arxiv_number_in_any_field_must_be_the_eprint(tmp_path: Path, place: str) -> None:
    kind = "article" if "journal" in place else "misc"
    text = f"@{kind}{{one, author = {{A, B}}, title = {{T}}, year = {{2015}}, {place}}}"
    told = "one: arXiv:1511.07289 is not its eprint; write eprint = {1511.07289}, or take it out"
    assert rules.problems(library(tmp_path, text)) == [told]
    eprint = "eprint = {1511.07289}, archiveprefix = {arXiv}"
    assert rules.problems(library(tmp_path, text.replace(place, f"{place}, {eprint}"))) == []


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
        ("{3}", "{3}, doi = {10.1000/a$<$b}", "one2020: malformed doi 10.1000/a"),
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
         r"two2021: arXiv:2101.00002 is not its eprint; write eprint = \{2101.00002\}"),
        ("{3}", "{3}, date = {2020}, Vol = {1}", "one2020: no field is called date, vol; take it"),
        ("Bo}", "Bo and others}", "one2020: “and others” is no name; name them all"),
        ("Bo}", "Bo*}", "one2020: “Sønderby, Bo.” is no name; write Family, Given and"),
        ("Bo}", "B{\\o}}, address = {K{\\o}benhavn, Øst}", r"one2020: Ø is cut .*; write \{\\O\}"),
        ("{3}", "{3}, url = {https://a.org/x\\_ https://b.org}", "one2020: malformed url https://a.org"),
        ("{3}", "{3}, url = {file:///home/me/a.pdf}", "one2020: malformed url file:///home/me/a"),
        ("{3}", "{3}, url = {https://a.org/{x}}", "one2020: malformed url https://a.org/{x}"),
        ("{3}", "{3}, url = {https://doi.org/10.1000/x}",
         r"one2020: the url names the doi 10.1000/x; write doi = \{10.1000/x\}"),
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
