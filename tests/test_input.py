"""Bad input by the thousand: each ends in success, or in a message that says what to change.

Mutations of the real files are read by the functions that read the real ones. An error counts as a
message only if it is of a type of ours and names the place; anything else would be a traceback.
"""

import contextlib
import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from conftest import ROOT
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from mkdocs.config import load_config

import activations
from activations import CATALOGUE
from gen import messages
from gen.bibliography import cited, formats, json_ld, papers, rules
from gen.bibliography.citations import Citations
from gen.pages import choose, compare, written

DOCS = ROOT / "docs"
BIB = (ROOT / "activations" / "papers.bib").read_text(encoding="utf-8")
BLOCKS = re.split(r"^(?=@)", BIB, flags=re.M)[1:]
PAGES = {page.path: page for page in written.read(DOCS)}
TEMPLATE = written.Page(
    "activations/_template.md", messages.text(DOCS / "activations/_template.md")
)
LIBRARY = papers.read(ROOT / "activations" / "papers.bib")
SLUGS = ("elu", "gelu", "glu", "softmax", "rrelu", "swish", "threshold", "multihead_attention")

# what slips in by a key beside the right one, by another editor or by another file's text
PIECES = [
    "{", "}", "(", ")", "[", "]", "[@", "@", ";", ",", ".", ":", "=", '"', "'", "`", "```", "~~~",
    "$", "$$", "\\", "\\frac{", "%", "#", "&", "|", "---\n", "# ", "## ", "### ", "- ", "<div>",
    "</div>", "<!--", "{: #", "{ .af }", '--8<-- "', '--8<-- "elu/top.md"\n', "\n", "\n\n",
    "\r", "\r\n", "\t", " ", "    ", "\x00", "\x02", "\x03", "\x0c", "\x1b", "\x7f", "\ufeff",
    "\u2028", "\u202e", "\xa0", "é", "e\u0301", "ſ", "٣", "𝛼", "−", "10.", "0", "-", " and ",
    "@comment{", "@string{", "None", "null", "True", "[]", "{}", "def ", "lambda", "import ",
]  # fmt: skip
BYTES = [b"\xff", b"\xfe\xff", b"\xe9", b"\xc3", b"\xed\xa0\x80", b"\x80", b"\xef\xbb\xbf"]


def often(quick: int, long: int) -> pytest.MarkDecorator:
    """How many cases are tried by `make test`, and how many by `make test-long`."""
    return pytest.mark.parametrize("count", [quick, pytest.param(long, marks=pytest.mark.long)])


def tried(count: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The same cases on every run and every machine, without regard to how long one takes."""
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@st.composite
def mutated(draw: st.DrawFn, originals: Sequence[str]) -> bytes:
    """A real text with up to four slips, from nothing to lines gone, doubled or overwritten, and,
    now and then, bytes that are not UTF-8 or lines that end as on Windows."""
    text = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        end = at + draw(st.sampled_from([0, 1, 1, 2, 8, 80]))
        slip = draw(st.sampled_from(["", text[at:end] * 2]) | st.sampled_from(PIECES))
        text = text[:at] + slip + text[end:]
    content = text.encode()
    if draw(st.integers(0, 19)) == 0:
        at = draw(st.integers(0, len(content)))
        content = content[:at] + draw(st.sampled_from(BYTES)) + content[at:]
    return content.replace(b"\n", b"\r\n") if draw(st.integers(0, 19)) == 0 else content


@contextlib.contextmanager
def ends_well(place: str) -> Iterator[None]:
    """Fails unless what is done within succeeds, or says what to change and where."""
    try:
        yield
    except Exception as error:
        told = str(error)
        assert messages.teaches(error), f"{type(error).__name__}: {told}"
        assert re.search(place, told), f"{told!r} names no place like {place!r}"
        assert re.search(r"; |: add |\bmust\b", told), f"{told!r} names no fix"


# the list of papers


@often(300, 6000)
def test_any_paper_list(count: int, tmp_path: Path) -> None:
    path = tmp_path / "papers.bib"
    ends = [BLOCKS[n : n + 2] for n in range(0, len(BLOCKS), 2)]

    @tried(count)
    @given(mutated(["".join(blocks) for blocks in ends]))
    def check(content: bytes) -> None:
        path.write_bytes(content)
        with ends_well(r"papers\.bib(, line \d+|: )"):
            library = papers.read(path)
            found = rules.problems(library)
            assert all(re.match(r"[\w:-]+: .*; .", problem, re.S) for problem in found), found
            for paper in library.values() if not found else ():
                formats.bundle([paper]), formats.coins(paper), json_ld.paper(paper)

    check()


# pages


def read_page(path: Path, name: str) -> written.Page:
    """The page as `gen` reads it, checked in every way in which `gen` checks it."""
    page = written.Page(name, messages.text(path))
    listed = {slug: list(CATALOGUE[slug].papers) for slug in written.of_entries([page])}
    written.check([page], listed, TEMPLATE, listed)
    written.check_includes([page], PARTS, ROOT)
    written.snippets(page, {})
    assert page.title and page.citations is not None
    unknown = set(page.citations) - set(LIBRARY)
    if unknown:
        papers.check(LIBRARY, {f"docs/{name}": sorted(unknown)}, root=None)
    return page


PARTS = [name for page in PAGES.values() for name in written.INCLUDE.findall(page.text)]
RECORDS = [
    {
        "slug": slug,
        "name": entry.name,
        "family": entry.family,
        "aliases": [],
        "choices": {},
        "facts": {},
        "moments": {"mean": 0},
        "parameters": [{"name": name} for name in entry.parameters],
    }
    for slug, entry in CATALOGUE.items()
    if entry.kind == "elementwise"
]


@often(300, 5000)
def test_any_page(count: int, tmp_path: Path) -> None:
    chosen = ["activations/elu.md", "activations/swish.md", "choose.md", "compare.md", "cite.md"]

    @tried(count)
    @given(st.data(), st.sampled_from(chosen))
    def check(data: st.DataObject, name: str) -> None:
        path = tmp_path / "page.md"
        path.write_bytes(data.draw(mutated([PAGES[name].text])))
        with ends_well(rf"{re.escape(name)}|page\.md|activations/\w+\.py"):
            page = read_page(path, name)
            if name == "choose.md":
                choose.questions(page.text, list(CATALOGUE))
            if name == "compare.md":
                compare.form(page.text, RECORDS)

    check()


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Markdown:
    """Markdown with what mkdocs.yml asks for and our citations; parts need not be there."""
    labels = tmp_path_factory.mktemp("labels") / "citations.json"
    labels.write_text(json.dumps(papers.labels(LIBRARY)), encoding="utf-8")
    config = load_config(str(ROOT / "mkdocs.yml"), plugins=[], hooks=[])
    options = {**config.mdx_configs, "pymdownx.snippets": {"check_paths": False}}
    return Markdown(
        extensions=[*config.markdown_extensions, Citations(labels)], extension_configs=options
    )


@often(300, 5000)
def test_any_citation(count: int, builder: Markdown) -> None:
    """What looks like a citation becomes a link, or is refused with its line."""
    pieces = ["[", "[@", "]", "@", ";", "; @", ",", " ", "\n", "`", "(", "p. 3", *list(LIBRARY)[:3]]
    pieces += ["clevert2016fats", "é", "\\", "*", "[@clevert2016fast]"]

    @tried(count)
    @given(st.lists(st.sampled_from(pieces), max_size=12).map("".join))
    @example("[@clevert2016fast, @elfwing2018sigmoid]")
    @example("[@clevert2016fast")
    @example("[ @clevert2016fast]")
    def check(text: str) -> None:
        front = "---\ndescription: d\n---\n# T\n\n"
        page = written.Page("t.md", f"{front}{text}\n")
        with ends_well(r"docs/t\.md(, line \d+| cites )"):
            written.check([page], [], TEMPLATE, {})
            if unknown := set(page.citations) - set(LIBRARY):
                papers.check(LIBRARY, {"docs/t.md": sorted(unknown)})
            html = builder.reset().convert(page.text)
            assert html.count("af-cite") == len(cited.CITATION.findall(messages.without_code(text)))

    check()


# entries


@often(120, 4000)
def test_any_source(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "activations"
    folder.mkdir()
    monkeypatch.setattr(activations, "__path__", [*activations.__path__, str(folder)])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    sources = [(ROOT / "activations" / f"{slug}.py").read_text("utf-8") for slug in SLUGS]
    sources = [re.sub(r"^\w+ = Activation", "probe = Activation", s, flags=re.M) for s in sources]

    @tried(count)
    @given(mutated(sources))
    def check(content: bytes) -> None:
        (folder / "probe.py").write_bytes(content)
        sys.modules.pop("activations.probe", None)
        importlib.invalidate_caches()
        with ends_well(r"activations/probe\.py"):
            activations.load("probe")

    check()


# the imprint and what was measured
