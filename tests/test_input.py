"""Bad input by the thousand: each ends in success, or in a message that says what to change.

Mutations of the real files are read by the functions that read the real ones. An error counts as a
message only if it is of a type of ours and names the place; anything else would be a traceback.
"""

import contextlib
import copy
import functools
import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import ROOT
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from mkdocs.config import load_config
from sympy import Abs, S, Symbol, log, oo, sin
from torch import nn

import activations
from activations import CATALOGUE
from activations._entry import Activation, Noise, Parameter, Textbook, Tolerance, Variant
from activations._notation import alpha, cases, x, xs
from gen import kinds, messages
from gen.bibliography import cited, formats, imprint, json_ld, papers, rules
from gen.bibliography.citations import Citations
from gen.measure import files
from gen.pages import choose, compare, initialization, written
from gen.pages.activation import entry

DOCS = ROOT / "docs"
BIB = (ROOT / "activations" / "papers.bib").read_text(encoding="utf-8")
BLOCKS = re.split(r"^(?=@)", BIB, flags=re.M)[1:]
PAGES = {page.path: page for page in written.read(DOCS)}
TEMPLATES = written.templates(DOCS)
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
    """A real text with up to four slips: deleted, doubled, swapped or inserted characters and
    lines, and, now and then, bytes that are not UTF-8 or lines that end as on Windows."""
    text = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        end = at + draw(st.sampled_from([1, 1, 2, 8, 80]))
        slip = draw(st.sampled_from(["delete", "double", "swap", "insert", "replace", "line"]))
        cut, rest = text[at:end], text[end:]
        if slip == "line":
            at, end = text.rfind("\n", 0, at) + 1, text.find("\n", at) + 1 or len(text)
            line = text[at:end]
            cut, rest = draw(st.sampled_from(["", line * 2])), text[end:]
        elif slip == "insert":
            cut = draw(st.sampled_from(PIECES)) + cut
        else:
            cut = {
                "delete": "",
                "double": cut * 2,
                "swap": rest[:1] + cut,
                "replace": draw(st.sampled_from(PIECES)),
            }[slip]
            rest = rest[1:] if slip == "swap" else rest
        text = text[:at] + cut + rest
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
    written.check([page], listed, TEMPLATES, listed)
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


@often(60, 2000)
def test_any_page_that_is_accepted_can_be_built(
    count: int, builder: Markdown, tmp_path: Path
) -> None:
    @tried(count)
    @given(mutated([PAGES["activations/elu.md"].text, PAGES["cite.md"].text]))
    def check(content: bytes) -> None:
        path = tmp_path / "page.md"
        path.write_bytes(content)
        with contextlib.suppress(messages.InputError):
            builder.reset().convert(messages.text(path))

    check()


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
            written.check([page], [], TEMPLATES, {})
            if unknown := set(page.citations) - set(LIBRARY):
                papers.check(LIBRARY, {"docs/t.md": sorted(unknown)})
            html = builder.reset().convert(page.text)
            assert html.count("af-cite") == len(cited.CITATION.findall(messages.without_code(text)))

    check()


# entries


class Odd:
    """A value that nobody expects."""


def values() -> st.SearchStrategy[Any]:
    """What a field may be given by mistake, with some right values among it."""
    odd = [
        None, True, 0, -1, 10**400, 0.5, float("nan"), float("inf"), "", "x", "A sentence.",
        "a\nb", "\x00", "$", "\\", b"x", (), (1,), ("x",), ("clevert2016fast",), [], ["x"], {},
        {"alpha": 1}, {"alpha": (0.5, 1)}, {"alpha": Parameter(alpha, "m")}, {1: "x"},
        {"x": None}, set(), Odd, Odd(),
        x, alpha, xs, Symbol("x"), x + alpha, sin(x), oo, x**alpha, x < 0,
        nn.ELU, nn.ELU(), nn.Tanh, nn.Module, nn.functional.elu, torch.tanh, torch.nn, int, print,
        lambda: 0, lambda input: input, lambda input, **more: more, functools.partial(nn.ELU, 2),
        (float("nan"), 1), (6, -6), (-1, 1), "elementwise", "gate", "vector", "stochastic",
        "layer", "exponential", Noise(x, "law"), Textbook("return x", "return x"),
        (Tolerance("value", 1.0, "r"),), (Variant({"alpha": 2}, x, "n"),), {x: alpha}, {xs: x},
    ]  # fmt: skip
    return st.sampled_from(odd)


def changed(entry: Activation, changes: dict[str, Any]) -> Activation:
    """The entry with other fields, as its file would make it."""
    try:
        return replace(entry, **changes)
    except activations._entry.EntryError as error:
        raise activations._entry.EntryError(f"activations/{entry.slug}.py: {error}") from None


def changes() -> st.SearchStrategy[dict[str, Any]]:
    names = [field.name for field in fields(Activation) if field.name != "slug"]
    return st.dictionaries(st.sampled_from(names), values(), min_size=1, max_size=2)


@often(500, 10_000)
def test_any_field(count: int) -> None:
    @tried(count)
    @given(st.sampled_from(SLUGS), changes())
    def check(slug: str, given: dict[str, Any]) -> None:
        with ends_well(rf"activations/{slug}\.py: "):
            entry = changed(CATALOGUE[slug], given)
            assert entry.settings and entry.operator is not None

    check()


def plausible() -> st.SearchStrategy[dict[str, Any]]:
    """Changes to ELU's entry that are of the right type, and most of them wrong all the same."""
    nan, inf = float("nan"), float("inf")
    code = ["return x(", "return torch.nope", "return 1", "raise SystemExit", "return x"]
    choices: dict[str, list[Any]] = {
        "formula": [x, alpha, x + alpha * x, sin(x), 1 / x, log(x), x**alpha, Abs(x), oo, S.NaN],
        "derivative": [x, S.One, 1 / x, oo, alpha, cases((1, x > 0))],
        "second_derivative": [x, alpha],
        "torch": [nn.Tanh, nn.CELU, lambda alpha=1: None, lambda input, alpha=1.0: input, nn.PReLU],
        "sweep": [{"alpha": v} for v in [(), (nan,), (inf,), (0,), (-1, 1), (1e308,), (1, 1)]],
        "window": [(-1e-300, 1e-300), (-1e308, 1e308), (0, 1), (5, 6)],
        "summary": ["<script>.", "$x.", "| a |.", "[a](b.", "\u202e."],
        "title": ["|", "<b>", "${", "a" * 999],
        "name": ["a", "𝛼", "٣", "a" * 300],
        "aliases": [("",), ("<", "|"), ("a\nb",)],
        "notes": [("",), ("$\\frac{",), ("<div>",)],
        "forms": [(x,), (alpha * x,), (S.NaN,)],
        "where": [{x: alpha}, {Symbol("q"): x}],
        "functional": ["relu", "__name__"],
        "variants": [(Variant({"alpha": v}, x, "n"),) for v in (2, "x", None)],
        "tolerances": [(Tolerance("value", v, "r"),) for v in (nan, inf, 0.0)],
        "textbook": [Textbook(body, body) for body in code],
        "issues": [{-1: ""}],
    }
    one = st.sampled_from([{name: value} for name, values in choices.items() for value in values])
    return one | st.tuples(one, one).map(lambda two: {**two[0], **two[1]})


@often(8, 300)
def test_any_entry_that_is_made_is_written_or_refused(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    @tried(count)
    @given(plausible())
    def check(given: dict[str, Any]) -> None:
        with ends_well(r"activations/elu\.py"):
            made = changed(CATALOGUE["elu"], given)
            monkeypatch.setattr(activations, "load", lambda _: made)
            entry.made(("elu", {}, {}))

    check()


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


@pytest.mark.parametrize("slug", ["index", "load", "lambda", "my-act", "été", "2relu"])
def test_a_file_name_that_cannot_be_a_page(slug: str) -> None:
    with pytest.raises(activations._entry.EntryError, match="rename the file"):
        activations.load(slug)


# the imprint and what was measured


@often(200, 4000)
def test_any_imprint(count: int, tmp_path: Path) -> None:
    path = tmp_path / "CITATION.cff"

    @tried(count)
    @given(mutated([(ROOT / "CITATION.cff").read_text(encoding="utf-8")]))
    def check(content: bytes) -> None:
        path.write_bytes(content)
        with ends_well(r"CITATION\.cff"):
            found = imprint.read(path)
            found.item("page"), found.bibtex("page", "key", "url", "2.0")

    check()


@st.composite
def misshapen(draw: st.DrawFn, original: Any) -> Any:
    """The same data with one value of it, at any depth, replaced or taken out."""
    found = copy.deepcopy(original)
    place = found
    while True:
        keys = list(place) if isinstance(place, dict) else range(len(place))
        key = draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or draw(st.integers(0, 3)) == 0:
            break
        place = inner
    if draw(st.booleans()):
        del place[key]
    else:
        place[key] = draw(st.sampled_from([None, True, -1, 1e400, "", "x", [], {}, [[]], [None]]))
    return found


@often(150, 3000)
def test_any_numerics(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sections = ("rounding", "exhaustive")
    whole = {s: {n: files.section(s, n) for n in sections} for s in ("elu", "softmax")}
    monkeypatch.setattr(files, "FOLDER", tmp_path)

    @tried(count)
    @given(st.sampled_from(["elu", "softmax"]), st.data(), st.booleans())
    def check(slug: str, data: st.DataObject, in_shape: bool) -> None:
        content = (
            data.draw(mutated([json.dumps(whole[slug], indent=1)]))
            if in_shape
            else json.dumps(data.draw(misshapen(whole[slug]))).encode()
        )
        (tmp_path / f"{slug}.json").write_bytes(content)
        files._parsed.cache_clear()
        with ends_well(rf"{slug}\.json"):
            entry.numbers(kinds.of(CATALOGUE[slug]), files.numerics(slug))

    check()


@often(100, 2000)
def test_any_experiment(count: int) -> None:
    whole = {"elu": files.section("elu", "depth")}
    records = [{"slug": "elu", "name": "ELU", "family": "exponential"}]

    @tried(count)
    @given(misshapen(whole))
    def check(measured: Any) -> None:
        with ends_well(r"measured/"):
            initialization.experiments(records, ["elu"], measured)

    check()
