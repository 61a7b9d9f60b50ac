"""A catalogue of the messages: each that the code can raise toward a contributor is provoked.

The source is searched for the texts of its messages, so that one that no case provokes, here or
in the tests of its own module, fails a test.
"""

import ast
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import ROOT
from sympy import cos
from torch import nn

import activations
from activations import CATALOGUE
from activations._entry import Composition, Counterpart, Noise, Parameter, Tolerance, Variant
from activations._notation import C, K, alpha, beta, i, x, xs
from gen import kinds, messages
from gen.bibliography import imprint, listing, papers, rules
from gen.pages import choose, compare, written
from gen.pages.activation import controls, entry

ELU, RRELU = CATALOGUE["elu"], CATALOGUE["rrelu"]
PAGE = messages.text(ROOT / "docs/activations/elu.md")
TEMPLATES = written.templates(ROOT / "docs")
CHOOSE, COMPARE = (messages.text(ROOT / "docs" / name) for name in ("choose.md", "compare.md"))
ONE = "@misc{one,\n  author = {A, B},\n  title = {T},\n  year = {2020}\n}\n"
CFF = messages.text(ROOT / "CITATION.cff")
KNOWN = {
    "elu": {
        "name": "ELU", "aliases": [], "parameters": [{"name": "alpha"}],
        "choices": {"approximate": ["none", "tanh"]},
    }
}  # fmt: skip


def elu(**changes: Any) -> Callable[[Path], Any]:
    """The making of ELU's entry with other fields."""
    return lambda _: replace(ELU, **changes)


def undetermined(_: Path) -> None:
    """The page of an entry whose function has no limit, nor a period."""
    wave = replace(
        CATALOGUE["identity"],
        slug="identity",
        formula=x * cos(x),
        torch=lambda input: input * input.cos(),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(activations, "load", lambda _: wave)
        entry.made(("identity", {}, {}))


def endless(_: Path) -> None:
    """An entry that takes longer than it may."""
    with messages.bounded(0.01, "activations/elu.py"):
        while True:
            pass


def refused_by_citeproc(_: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing.node, "ask", lambda _: {"error": "no title"})
        listing._references([])


def page(text: str, name: str = "activations/elu.md", **listed: list[str]) -> Callable[[Path], Any]:
    """The checks of a page with this text."""
    one = written.Page(name, text)
    slugs = ["elu"] if name == "activations/elu.md" else []
    known = {"elu": [], **listed}
    return lambda _: written.check([one], slugs, TEMPLATES, known)


def bib(text: str) -> Callable[[Path], Any]:
    """The reading of a list of papers with this text, and the rules that it must keep."""

    def read(folder: Path) -> None:
        found = rules.problems(papers.read(put(folder / "papers.bib", text)))
        if found:
            raise messages.InputError("\n".join(found))

    return read


def cff(text: str) -> Callable[[Path], Any]:
    return lambda folder: imprint.read(put(folder / "CITATION.cff", text))


def put(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(content: bytes) -> Callable[[Path], Any]:
    return lambda folder: messages.text(put(folder / "t.md", content))


def source(text: str) -> Callable[[Path], Any]:
    """The loading of an entry from a file with this text."""

    def load(folder: Path) -> None:
        package = folder / "activations"
        package.mkdir()
        put(package / "probe.py", text)
        sys.modules.pop("activations.probe", None)
        importlib.invalidate_caches()
        activations.__path__.append(str(package))
        try:
            activations.load("probe")
        finally:
            activations.__path__.remove(str(package))

    return load


def shaped(**changes: Any) -> Callable[[Path], Any]:
    """The kind of an entry like ELU's with other fields."""
    return lambda _: kinds.of(replace(ELU, slug="elu", **changes))


# what provokes a message -> where the message says that it is; every one also names its fix
CASES: dict[str, tuple[Callable[[Path], Any], str]] = {
    "field of another type": (elu(papers="x"), "papers must be"),
    "tuple of another type": (elu(forms=[x]), "forms must be"),
    "expression of another type": (elu(derivative=1), "derivative must be"),
    "part of another type": (lambda _: Parameter("a", "m"), "Parameter.symbol must be"),
    "tolerance": (lambda _: Tolerance("gradient", 1.0, "r"), "Tolerance.of"),
    "two lines": (elu(title="a\nb"), "title must be one line"),
    "name": (elu(name="a|b"), "name stands in formulas"),
    "family": (elu(family="f"), "family 'f'"),
    "summary": (elu(summary="S"), "summary must"),
    "no papers": (elu(papers=()), "papers is empty"),
    "a model without a name": (elu(models={" ": "clevert2016fast"}), "models names ' '"),
    "kind": (shaped(kind="k"), "activations/elu.py: kind 'k'"),
    "noise": (shaped(noise=Noise(x, "l")), "activations/elu.py: noise has no value"),
    "noise of one": (
        shaped(noise=Noise(x, "l", x)), "activations/elu.py: noise with a value in evaluation mode"
    ),
    "runs": (shaped(runs=lambda: []), "activations/elu.py: runs are stated"),
    "no runs": (shaped(kind="layer"), "activations/elu.py: a layer states its runs"),
    "symbol": (shaped(formula=beta * x), "activations/elu.py: formula uses beta"),
    "symbol of a gate": (shaped(kind="gate"), "activations/elu.py: formula uses x"),
    "output": (shaped(kind="vector"), "activations/elu.py: formula must state output i"),
    "derivative": (
        shaped(kind="vector", formula=alpha * xs[i], derivative=None),
        "activations/elu.py: the derivative of output i",
    ),
    "lengths": (
        shaped(kind="vector", formula=K * C * xs[i], derivative=x),
        "activations/elu.py: the formula has several lengths, C, K",
    ),
    "window": (elu(window=(1, 0)), "window is"),
    "functional": (elu(functional="no"), "functional 'no'"),
    "instance": (elu(torch=nn.ELU()), "torch must be a class"),
    "no signature": (elu(torch=torch.tanh), "torch is"),
    "parameter": (elu(parameters={"a": Parameter(alpha, "m")}), "parameter 'a'"),
    "argument": (elu(arguments={"b": "m"}), "arguments explains 'b'"),
    "unexplained": (elu(parameters={}, formula=x, sweep={}), "ELU takes 'alpha'"),
    "swept": (elu(sweep={"c": (1,)}), "'c' is swept"),
    "no default": (
        elu(parameters={"threshold": Parameter(alpha, "m")}, torch=nn.Threshold, sweep={},
            arguments={"value": "v"}),
        "no default for 'threshold'",
    ),
    "default": (elu(shown={"alpha": 2}), "default for 'alpha'"),
    "framework": (lambda _: Composition("theano", "y = x"), "Composition.framework 'theano'"),
    "code": (lambda _: Composition("jax", "a = x\na"), r"Composition.code 'a = x\\na' must"),
    "unclaimed": (lambda _: Counterpart("jax", "y = x", own="y = 2 * x"), "Counterpart 'y = 2"),
    "attribute": (lambda _: activations.load("nothing"), "activations/nothing.py"),
    "file name": (lambda _: activations.load("my-act"), "activations/my-act.py"),
    "syntax": (source("def"), "activations/probe.py .*line 1"),
    "wrong name": (source("other = 1"), "activations/probe.py"),
    "refused entry": (
        source("from ._entry import Tolerance\nTolerance('x', 1, 'r')"), "activations/probe.py",
    ),
    "reserved": (
        lambda _: controls.check(replace(ELU, slug="elu", variants=(Variant({"x": 1}, x, "n"),))),
        "activations/elu.py: x ",
    ),
    "an entry that takes too long": (endless, r"activations/elu.py: .* over 0.01 s"),
    "what citeproc refuses": (refused_by_citeproc, "activations/papers.bib"),
    "fact": (undetermined, r"activations/identity.py: .*determined: the limit of x\*cos\(x\)"),
    "no title": (lambda _: written.Page("t.md", "text").title, "docs/t.md"),
    "no end of front matter": (page("---\na: b\n", "t.md"), "docs/t.md, line 1"),
    "front matter": (page("---\na: [\n---\n", "t.md"), "docs/t.md, line [23]"),
    "front matter without fields": (page("---\na\n---\n", "t.md"), "docs/t.md, line 2"),
    "front matter that is no YAML": (page("---\na: 2020-99-99\n---\n", "t.md"), "docs/t.md"),
    "no description": (page("# T\n", "t.md"), "docs/t.md"),
    "no page": (lambda _: written.check([], ["elu"], TEMPLATES, {}), "activations/elu.py"),
    "no entry": (page(PAGE, "activations/elo.md"), "docs/activations/elo.md"),
    "no such page": (lambda _: written.named("choose.md", []), "docs/choose.md"),
    "no heading": (page(PAGE.replace("## See also", "")), "'## See also'"),
    "other heading": (page(PAGE + "\n## More\n"), "'## More'"),
    "order": (page(PAGE + "\n## See also\n"), "docs/activations/elu.md"),
    "no part": (page(PAGE.replace('--8<-- "elu/top.md"', "")), "elu/top.md"),
    "uncited": (page(PAGE, elu=["clevert2016fats"]), "docs/activations/elu.md"),
    "open block": (page(PAGE + "\n```python\nx = 1\n"), r"docs/activations/elu.md, line \d+"),
    "no citation": (page(PAGE + "\n[@a, @b]\n"), r"docs/activations/elu.md, line \d+"),
    "no key": (page(PAGE + "\n[@a/b.c]\n"), r"elu.md, line \d+: \[@a/b.c\] .* slashes or dots"),
    "no include": (page(PAGE + "\n--8<-- 'a'\n"), r"docs/activations/elu.md, line \d+"),
    "include": (
        lambda _: written.check_includes([written.Page("t.md", '\n--8<-- "a"\n')], [], ROOT),
        "docs/t.md, line 2",
    ),
    "snippet": (lambda _: written.run(("t.md", [(7, "1 / 0")])), "docs/t.md, line 7"),
    "BibTeX": (bib("@misc{one,\n  author {A}\n}"), "papers.bib, line 2"),
    "names": (bib(ONE.replace("A, B", "A, B, C, D")), "papers.bib: .*A, B, C, D"),
    "twice": (bib(ONE + ONE), "one"),
    "outside": (bib(ONE + "stray\n"), "papers.bib, line 6"),
    "key": (bib(ONE.replace("{one", "{../one")), r"\.\./one"),
    "LaTeX": (bib(ONE.replace("{T}", '"T\\"')), "papers.bib: one: T"),
    "cited": (
        lambda _: papers.check({}, {"CITATION.cff": ["dataset"]}, root=ROOT),
        "CITATION.cff, line 3 cites",
    ),
    "not cited": (lambda _: papers.check({"one": Any}, {}), "one"),  # type: ignore[dict-item]
    "imprint": (cff("title: T\n"), "CITATION.cff: authors"),
    "authors": (cff(re.sub(r"authors:\n.*\n", "authors: A\n", CFF)), "CITATION.cff: authors"),
    "author": (cff(re.sub(r"- name: .*", "- alias: A", CFF)), "CITATION.cff: authors"),
    "date": (cff(re.sub(r"(date-released:).*", r"\1 today", CFF)), "CITATION.cff: date-released"),
    "missing file": (lambda folder: messages.text(folder / "no.md"), "no.md"),
    "folder": (lambda folder: messages.text(folder), "cannot be read"),
    "encoding": (read(b"a\n\xff"), "t.md, line 2: the byte 0xff"),
    "control": (read(b"a\n\n\x00"), r"t.md, line 3: .* U\+0000"),
    "JSON": (
        lambda folder: messages.data(put(folder / "n.json", "{\n,"), "restore it; now"),
        "n.json, line 2",
    ),
    "deep JSON": (
        lambda folder: messages.data(put(folder / "n.json", "[" * 200_000), "restore it; now"),
        "n.json",
    ),
    "suggestion": (
        lambda _: choose.questions(CHOOSE.replace('suggests="', 'suggests="rlu '), list(CATALOGUE)),
        "docs/choose.md suggests rlu",
    ),
    "test": (
        lambda _: choose.questions(CHOOSE.replace('"alive"', '"lively"'), list(CATALOGUE)),
        "docs/choose.md tests",
    ),
    "no comparison": (lambda _: compare.presets("", KNOWN), "docs/compare.md"),
    "stray": (lambda _: compare.presets("[T](?f=elu&from=elu:alpha=2)", KNOWN), "link “T”"),
    "function": (lambda _: compare.presets("[T](?f=elo)", KNOWN), "link “T”: elo"),
    "choice": (lambda _: compare.presets("[T](?f=elu:approximate=x)", KNOWN), "link “T”"),
    "setting": (lambda _: compare.presets("[T](?f=elu:a=1)", KNOWN), "link “T”: a=1"),
}  # fmt: skip


def message(provoke: Callable[[Path], Any], folder: Path) -> str:
    """The message that it ends with, of a type of ours."""
    try:
        provoke(folder)
    except Exception as error:
        assert messages.teaches(error), f"{type(error).__name__}: {error}"
        return str(error)
    raise AssertionError("nothing was refused")


TEACHING = re.compile(r"^class \w+\((.*\.InputError|Kind)\)|raise (.*\.)?InputError", re.M)


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The lines and the patterns of the messages that a module raises, yields or returns."""
    for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(found, ast.Raise) and isinstance(found.exc, ast.Call):
            told = found.exc.args[:1]
        elif isinstance(found, ast.Yield):
            told = [found.value] if found.value else []
        else:
            continue
        for text in told:
            parts = text.values if isinstance(text, ast.JoinedStr) else [text]
            if any(isinstance(part, ast.Constant) for part in parts):
                yield found.lineno, "".join(_pattern(part) for part in parts)


def _pattern(part: ast.expr) -> str:
    return re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*"


def wrong(told: str, place: str) -> str:
    """What a message lacks."""
    lacking = {
        "the place": not re.search(place, told, re.S),
        "the fix": not re.search(r"; \w|: add |\bmust\b", told),
        "an end; nobody reads more": len(told) >= 500,
    }
    return " and ".join(name for name, lacks in lacking.items() if lacks)


def test_every_message_is_provoked_and_names_the_place_and_the_fix(tmp_path: Path) -> None:
    told = []
    for number, (provoke, _) in enumerate(CASES.values()):
        (folder := tmp_path / str(number)).mkdir()
        told.append(message(provoke, folder))
    lacking = [
        f"{name} lacks {lack}: {text}"
        for (name, (_, place)), text in zip(CASES.items(), told, strict=True)
        if (lack := wrong(text, place))
    ]
    assert not lacking, "\n".join(lacking)
    modules = (ROOT / "gen").rglob("*.py")
    paths = [p for p in modules if TEACHING.search(p.read_text(encoding="utf-8"))]
    assert len(paths) > 6
    paths += [ROOT / "gen" / "bibliography" / name for name in ("imprint.py", "papers.py")]
    paths += [ROOT / "activations" / "__init__.py", ROOT / "activations" / "_entry.py"]
    missing = [
        f"{path.name}, line {line}: {pattern}"
        for path in paths
        for line, pattern in texts(path)
        if not pattern.startswith(("<", "module"))  # a text for a page; Python's own words
        and not any(re.search(pattern, text, re.S) for text in told)
    ]
    assert not missing, "no case provokes:\n" + "\n".join(missing)
