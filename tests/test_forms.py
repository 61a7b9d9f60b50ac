"""What the copy control copies: each of the four forms gives what torch gives.

Python and SymPy text is run as it stands. LaTeX is read by a parser that knows nothing of this
project (`parse.mjs`) and evaluated as it was read: every side of every formula, with no exception.
MathML is MathJax's, of the same LaTeX.
"""

import inspect
import itertools
import json
import math
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import mathjson
import mpmath
import pytest
import sympy
import torch
from conftest import ROOT
from shapes import ENTRIES
from sympy import Piecewise
from sympy.tensor.indexed import Indexed

from activations import CATALOGUE
from activations._entry import Activation
from gen import kinds, node
from gen.evaluation import torch_side
from gen.evaluation.formula import at, numeric, pieces
from gen.facts import values
from gen.facts.family import Extent, Part

pytestmark = pytest.mark.filterwarnings("ignore:Implicit dimension choice")

STEP = 1e-4
CLOSE = 1e-11  # sums of products of numbers up to 1e3 in float64
CLOSE_SECOND = 1e-6  # the second derivative comes from differences of torch's slopes

FORMULA = re.compile(r"-formula\d*$|^where-|^variant-")
Forms = dict[str, dict[str, str]]
EVERY = {**CATALOGUE, **ENTRIES}
SCALAR = [slug for slug, entry in CATALOGUE.items() if entry.kind == "elementwise"]


@pytest.fixture(scope="session")
def every(public: Path, beyond: Path) -> dict[str, Forms]:
    """forms.json of every activation, and of every entry beyond the catalogue."""
    folders = {slug: public / "activations" / slug for slug in CATALOGUE}
    folders |= {slug: beyond / slug / "public/activations" / slug for slug in ENTRIES}
    return {
        slug: json.loads((folder / "forms.json").read_text("utf-8"))
        for slug, folder in folders.items()
    }


# the oracle: what torch says, for the names that the formulas use


@dataclass
class Case:
    """The values of a formula's symbols, and by anchor what torch makes of them.

    An expected list has one axis for each index in `indices` of its anchor. `setting` are the
    arguments that torch was given.
    """

    env: dict[str, Any]
    expected: dict[str, Any]
    setting: Mapping[str, Any] = field(default_factory=dict)
    indices: dict[str, str] = field(default_factory=dict)


def symbols(entry: Activation, setting: Mapping[str, Any]) -> dict[str, float]:
    """The values of the parameters by the names that formulas have for them."""
    return {p.symbol.name: float(setting[name]) for name, p in entry.parameters.items()}


def cases(entry: Activation) -> Iterator[Case]:
    if entry.kind == "gate":
        yield from gated(entry)
    elif entry.kind == "layer":
        yield from of_layer(entry)
    else:
        yield from scalar(entry) if entry.kind == "elementwise" else vector(entry)


def scalar(entry: Activation) -> Iterator[Case]:
    chance = random.Random(3)
    for setting in entry.settings:
        noise = {}
        if entry.noise:
            assert entry.noise.evaluation is not None
            noise["a"] = sum(map(float, setting.values())) / 2
        cuts = [float(p.upper) for p in pieces(at(entry, setting))[:-1]]
        xs = [*cuts, *(c + s * 1e-3 for c in cuts for s in (-1, 1)), -800.0, -40.0, 40.0, 800.0]
        xs += [chance.gauss(0, 3) for _ in range(10)]
        before, here, after = (
            torch_side.slopes(entry, setting, [x + s for x in xs]) for s in (-STEP, 0, STEP)
        )
        values = torch_side.values(entry, setting, xs)
        for x, y, *slopes in zip(xs, values, before, here, after, strict=True):
            expected = {"definition-formula": y}
            if x not in cuts:
                expected["derivative-formula"] = slopes[1]
                second = (slopes[2] - slopes[0]) / (2 * STEP)
                expected["second-derivative-formula"] = second
            yield Case({"x": x, **symbols(entry, setting), **noise}, expected, setting)
    for n, variant in enumerate(entry.variants):
        xs = [-40.0, -1.5, 0.0, 0.7, 40.0]
        values = torch_side.values(entry, {**entry.setting, **variant.settings}, xs)
        for x, y in zip(xs, values, strict=True):
            yield Case({"x": x}, {f"variant-{n}": y})
    yield Case({}, constants(entry))


def constants(entry: Activation) -> dict[str, float]:
    """SELU's two constants, read off torch's function."""
    if not entry.where:
        return {}
    one, low = torch_side.values(entry, {}, [1.0, -1e9])
    return {"where-lambda": one, "where-alpha": -low / one}


def gated(entry: Activation) -> Iterator[Case]:
    pairs = [(1.5, 0.3), (-2.0, 4.0), (0.0, -1.0), (3.0, -800.0), (-3.0, 800.0)]
    inputs = torch.tensor(pairs, dtype=torch.float64, requires_grad=True)
    outputs = torch_side.callable_at(entry, entry.setting)(inputs)[:, 0]
    slopes = torch.autograd.grad(outputs.sum(), inputs)[0].tolist()
    for (a, b), value, (by_a, by_b) in zip(pairs, outputs.tolist(), slopes, strict=True):
        expected = {
            "definition-formula": value,
            "derivative-formula": by_a,
            "derivative-formula1": by_b,
        }
        yield Case({"a": a, "b": b, **symbols(entry, entry.setting)}, expected, entry.setting)


VECTORS = [[0.3, -1.2, 2.0, 0.9], [1000.0, 1001.3, 998.5, 999.0], [-3.0, -2.0, -4.0, 5.0]]
TIED = [0.0] * 4  # where a derivative by cases has none


def vector(entry: Activation) -> Iterator[Case]:
    """Scores on one axis, or on the first of three where an image goes in."""
    indices = "".join(map(str, normalising_indices(entry)))
    jacobian = indices[0] + "k" + indices[1:]
    image = len(indices) == 3
    assert entry.derivative is not None
    rows = VECTORS if entry.derivative.has(Piecewise) else [*VECTORS, TIED]
    for setting, scores in itertools.product(entry.settings, rows):
        given = [[[s + h * s - w for w in range(2)] for h in range(2)] for s in scores]
        inputs = torch.tensor(given if image else scores, dtype=torch.float64, requires_grad=True)
        function = torch_side.callable_at(entry, setting)

        def apply(x: torch.Tensor, function: Callable[..., Any] = function) -> torch.Tensor:
            torch.manual_seed(5)
            more = {} if image else {"dim": 0}
            return function(x) if hasattr(function, "forward") else function(x, **more)

        outputs = apply(inputs)
        slopes = torch.autograd.functional.jacobian(apply, inputs)
        if image:  # d y[i, h, w] / d x[k, h, w], by channels first
            slopes = torch.stack([slopes[:, h, w, :, h, w] for h in range(2) for w in range(2)], -1)
            slopes = slopes.reshape(4, 4, 2, 2)
        env = {"x": inputs.tolist(), "y": outputs.tolist(), "K": 4, "C": 4}
        noise = torch_side.noise(entry, 4, 5) if entry.noise else []
        yield Case(
            {**env, "g": noise, **symbols(entry, setting)},
            {"definition-formula": outputs.tolist(), "derivative-formula": slopes.tolist()},
            setting,
            {"definition-formula": indices, "derivative-formula": jacobian},
        )


def normalising_indices(entry: Activation) -> tuple[Any, ...]:
    found = (e.indices for e in entry.formula.atoms(Indexed) if str(e.indices[0]) == "i")
    return next(found, ("i",))


def of_layer(entry: Activation) -> Iterator[Case]:
    for run in torch_side.runs(entry):
        env: dict[str, Any] = {name: tensor.tolist() for name, tensor in run.inputs.items()}
        env |= {str(symbol): size for symbol, size in run.sizes.items()}
        expected: dict[str, Any] = {"definition-formula": run.outputs.tolist()}
        indices = {"definition-formula": "".join(run.indices)}
        if {"q", "k"} <= run.inputs.keys():
            scores = run.inputs["q"] @ run.inputs["k"].T / run.inputs["q"].shape[-1] ** 0.5
            expected |= {"where-s": scores.tolist(), "where-a": run.picture.tolist()}
            indices |= {"where-s": "ij", "where-a": "ij"}
            env |= {"s": scores.tolist(), "a": run.picture.tolist()}
        else:
            totals = {n.upper(): t.logsumexp(0).item() for n, t in run.inputs.items()}
            expected |= {f"where-{name}": total for name, total in totals.items()}
            env |= totals
        yield Case(env, expected, {}, indices)


def elements(value: Any, indices: str) -> Iterator[tuple[dict[str, int], float]]:
    """Each number of a nested list, with its indices counted from 1."""
    if not indices:
        yield {}, value
        return
    for place, inner in enumerate(value):
        for rest, number in elements(inner, indices[1:]):
            yield {indices[0]: place + 1, **rest}, number


def tolerance(entry: Activation, anchor: str, expected: float) -> float:
    second = anchor.startswith("second")
    declared = max((t.at_most for t in entry.tolerances), default=0.0)
    close = max(CLOSE_SECOND if second else CLOSE, declared, declared / STEP if second else 0)
    return close * max(1.0, abs(expected))


def must_agree(entry: Activation, anchor: str, case: Case, evaluated: Any) -> int:
    """Compare a function of the indices with what torch says, element by element."""
    count = 0
    for places, wanted in elements(case.expected[anchor], case.indices.get(anchor, "")):
        found = float(evaluated(places))
        gap = abs(found - wanted)
        where = {**{k: v for k, v in case.env.items() if not isinstance(v, list)}, **places}
        assert gap <= tolerance(entry, anchor, wanted), (anchor, where, found, wanted)
        count += 1
    return count


def formulas(forms: Forms) -> Forms:
    """The part of a forms.json that is no fact."""
    return {anchor: form for anchor, form in forms.items() if FORMULA.search(anchor)}


def names_of(code: str) -> dict[str, Any]:
    """What a snippet defines, run alone, as on a page's reader's machine."""
    assert {*re.findall(r"^(?:from|import) (\S+)", code, re.M)} <= {"math", "sympy"}
    space: dict[str, Any] = {}
    exec(compile(code, "snippet", "exec"), space)
    return space


@pytest.mark.parametrize("slug", CATALOGUE)
def test_every_formula_and_fact_of_the_page_has_its_forms(
    slug: str, generated: Path, every: dict[str, Forms]
) -> None:
    part = (generated / slug / "top.md").read_text("utf-8")
    anchors = [line.split('"')[1] for line in part.splitlines() if 'class="af-formula"' in line]
    anchors += [
        line.partition("{ #")[2].split()[0] for line in part.splitlines() if ".af-fact }" in line
    ]
    assert sorted(every[slug]) == sorted(anchors)
    assert part.count("$$\n") == 2 * len(formulas(every[slug]))


@pytest.mark.parametrize("slug", EVERY)
def test_python_gives_what_torch_gives(slug: str, every: dict[str, Forms]) -> None:
    entry, found, reached = EVERY[slug], formulas(every[slug]), set()
    defined = {a: names_of(form["python"])[form["name"]] for a, form in found.items()}
    for case in cases(entry):
        for anchor in case.expected:
            value = defined[anchor]
            evaluated = indexed(called(value, case) if callable(value) else value)
            reached.add(anchor)
            assert must_agree(entry, anchor, case, evaluated)
    assert reached == expected(slug, found)


def expected(slug: str, found: Iterable[str]) -> set[str]:
    """What is held against torch: all but what symbols stand for beyond the catalogue."""
    return {anchor for anchor in found if slug in CATALOGUE or not anchor.startswith("where-")}


def indexed(value: Any) -> Callable[[dict[str, int]], Any]:
    """A nested list as a function of the indices, counted from 1."""

    def evaluated(places: dict[str, int]) -> Any:
        inner = value
        for place in places.values():
            inner = inner[place - 1]
        return inner

    return evaluated


def called(function: Callable[..., Any], case: Case) -> Any:
    """The function's value; for one that asks for a class, the list over all of them."""
    wanted = inspect.signature(function).parameters
    arguments = {name: case.env[name] for name in wanted if name in case.env}
    arguments |= {name: v for name, v in case.setting.items() if name in wanted}
    if "y" in wanted:
        count = len(case.expected["definition-formula"])
        return [function(y=y, **arguments) for y in range(count)]
    return function(**arguments)


@pytest.mark.parametrize("slug", EVERY)
def test_sympy_gives_what_torch_gives(slug: str, every: dict[str, Forms]) -> None:
    entry, found, reached = EVERY[slug], formulas(every[slug]), set()
    if slug in ("sparsemax", "top_k"):
        assert "SymPy has no expression" in found.pop("definition-formula")["sympy"]
    found = {a: form for a, form in found.items() if not form["sympy"].startswith("#")}
    defined = {a: names_of(form["sympy"])[form["name"]] for a, form in found.items()}
    assert all(isinstance(expr, sympy.Expr) for expr in defined.values())
    assert not any(expr.has(sympy.Float) for expr in defined.values()), "a fraction was divided"
    for case in cases(entry):
        for anchor in case.expected.keys() & defined.keys():
            reached.add(anchor)
            assert must_agree(entry, anchor, case, substituted(defined[anchor], case.env))
    assert reached == expected(slug, defined)


def substituted(expr: sympy.Expr, env: Mapping[str, Any]) -> Callable[[dict[str, int]], Any]:
    """The expression's value as a function of the indices."""

    def evaluated(places: dict[str, int]) -> Any:
        whole = {s: places.get(s.name, env.get(s.name)) for s in expr.free_symbols if s.is_integer}
        given = {s: v for s, v in whole.items() if isinstance(v, int)}
        concrete = expr.subs(given).doit()
        numbers: dict[Any, Any] = {}
        for element in concrete.atoms(Indexed):
            inner = env[str(element.base.label)]
            for index in element.indices:
                inner = inner[int(index) - 1]
            numbers[element] = sympy.Rational(inner)
        concrete = concrete.xreplace(numbers)
        reals = {s: sympy.Rational(env[s.name]) for s in concrete.free_symbols}
        return concrete.subs(reals).evalf(25)

    return evaluated


# LaTeX and MathML


def read(asked: Iterable[str]) -> Iterator[list[Any]]:
    """The sides of each formula in LaTeX but for the first, as the parser reads them."""
    text = json.dumps(list(asked))
    answers = json.loads(node.run(ROOT / "tests" / "parse.mjs", text=text, tests=True))
    return (mathjson.sides(answer)[1:] for answer in answers)


@pytest.fixture(scope="session")
def readings(every: dict[str, Forms]) -> dict[str, dict[str, list[Any]]]:
    """Slug -> anchor -> the right-hand sides in MathJSON.

    A ≈ is followed by the rounded value; it is left out here and looked at in its own test.
    """
    answers = read(f["latex"] for slug in CATALOGUE for f in formulas(every[slug]).values())
    return {slug: {anchor: next(answers) for anchor in formulas(every[slug])} for slug in CATALOGUE}


def in_mpmath(side: Any, env: Mapping[str, Any]) -> Callable[[dict[str, int]], Any]:
    """What was read as a function of the indices."""
    return lambda places: mathjson.evaluate(side, {**env, **places})


@pytest.mark.parametrize("slug", CATALOGUE)
def test_latex_gives_what_torch_gives(slug: str, readings: dict[str, dict[str, list[Any]]]) -> None:
    """Every side of every formula, the equal forms too."""
    entry, reached = CATALOGUE[slug], set()
    with mpmath.workdps(400):  # a form such as e^x - e^-x cancels far out
        for case in cases(entry):
            env = {**constants_of(entry), **exact(case.env)}
            for anchor in case.expected:
                sides = readings[slug][anchor]
                assert sides
                for side in sides:
                    assert must_agree(entry, anchor, case, in_mpmath(side, env))
                reached.add(anchor)
    assert reached == set(readings[slug])


@pytest.mark.parametrize(
    "slug", [s for s, e in CATALOGUE.items() if e.kind == "elementwise" and not e.noise]
)
def test_the_forms_have_no_value_at_the_same_points(
    slug: str,
    every: dict[str, Forms],
    readings: dict[str, dict[str, list[Any]]],
) -> None:
    """Where two pieces meet, a derivative has a value in all forms or in none."""
    entry = CATALOGUE[slug]
    for part in pieces(at(entry, entry.setting))[:-1]:
        env = {"x": float(part.upper), **symbols(entry, entry.setting), **constants_of(entry)}
        case = Case(env, {}, entry.setting)
        for anchor in ("derivative-formula", "second-derivative-formula"):
            form = every[slug][anchor]
            found = [
                called(names_of(form["python"])[form["name"]], case),
                substituted(names_of(form["sympy"])[form["name"]], env)({}),
            ]
            if "wherever it exists" not in form["latex"]:
                found.append(mathjson.evaluate(readings[slug][anchor][0], exact(env)))
            one, *others = map(float, found)
            assert all(math.isclose(one, other) for other in others) or all(
                map(math.isnan, [one, *others])
            ), (anchor, env, found)


def test_python_text_neither_cancels_nor_overflows(every: dict[str, Forms]) -> None:
    """To the last digits where the formula as it is written loses them."""
    for slug, x in (
        ("elu", -1e-10),
        ("celu", -1e-10),
        ("selu", -1e-10),
        ("softplus", -40.0),
        ("softplus", 1e4),
        ("logsigmoid", 40.0),
        ("logsigmoid", -1e4),
        ("mish", -40.0),
        ("gelu", -10.0),
        ("sigmoid", -700.0),
    ):
        form = every[slug]["definition-formula"]
        found = names_of(form["python"])[form["name"]](x)
        with mpmath.workdps(60):
            expr = at(CATALOGUE[slug], CATALOGUE[slug].setting)
            assert math.isclose(found, float(numeric(expr)(mpmath.mpf(x))), rel_tol=2e-14), slug


def constants_of(entry: Activation) -> dict[str, float]:
    if entry.kind == "layer":
        return {}
    return {anchor.removeprefix("where-"): v for anchor, v in constants(entry).items()}


def exact(value: Any) -> Any:
    """Floats as mpmath numbers, in any depth."""
    if isinstance(value, dict):
        return {key: exact(part) for key, part in value.items()}
    if isinstance(value, list):
        return [exact(part) for part in value]
    return mpmath.mpf(value) if isinstance(value, float) else value


@pytest.mark.parametrize("slug", EVERY)
def test_mathml_says_what_its_latex_says(slug: str, every: dict[str, Forms]) -> None:
    """The same digits in the same order, that LaTeX beside it, and nothing of its maker."""
    for anchor, form in every[slug].items():
        (semantics,) = ElementTree.fromstring(form["mathml"])
        *shown, annotation = semantics
        assert annotation.attrib == {"encoding": "application/x-tex"}
        assert annotation.text == form["latex"]
        text = "".join(itertools.chain(*(part.itertext() for part in shown)))
        assert re.findall(r"\d", text) == re.findall(r"\d", form["latex"]), anchor
        assert "data-" not in form["mathml"] and "class=" not in form["mathml"]


def test_a_rounded_value_is_the_exact_one_rounded(every: dict[str, Forms]) -> None:
    """What follows ≈."""
    found = 0
    for slug in CATALOGUE:
        for anchor, form in formulas(every[slug]).items():
            _, sign, after = form["latex"].partition(r"\approx ")
            if sign:
                exact_value = constants(CATALOGUE[slug])[anchor]
                assert math.isclose(float(after), exact_value, rel_tol=1e-9)
                found += 1
    assert found == 2, "SELU's two constants"


# facts


@pytest.fixture(scope="session")
def told() -> dict[str, dict[str, Any]]:
    """What each kind says of its function for programs: slug -> address of the fact -> value."""
    found = {}
    for slug, entry in EVERY.items():
        kind = kinds.of(entry)
        found[slug] = {row.key: rewritten(row.value) for row in kind.rows(kind.facts())}
    return found


def rewritten(value: Any, leaf: Callable[[Any], Any] = lambda leaf: leaf) -> Any:
    """A value with its parts by name, and with every leaf of it written another way."""
    if isinstance(value, Part) and not isinstance(value, Extent):
        value = value.named()
    if isinstance(value, dict):
        return {key: rewritten(part, leaf) for key, part in value.items()}
    if isinstance(value, list | tuple):
        kind = tuple if isinstance(value, tuple) else list
        return kind(rewritten(part, leaf) for part in value)
    return leaf(value)


def in_python(wanted: Any) -> Any:
    return (wanted.lower, wanted.upper) if isinstance(wanted, Extent) else wanted


def from_sympy(found: Any) -> Any:
    """A leaf of a value in SymPy as it is told."""
    match found:
        case sympy.Interval():
            return Extent(
                lower=float(found.start),
                lower_attained=not found.left_open,
                upper=float(found.end),
                upper_attained=not found.right_open,
            )
        case sympy.logic.boolalg.BooleanAtom():
            return bool(found)
        case sympy.Expr():
            return float(found)
    assert found is None or isinstance(found, str), f"{found!r} is not SymPy's"
    return found


def of_facts(forms: Forms) -> Forms:
    return {anchor: form for anchor, form in forms.items() if not FORMULA.search(anchor)}


def leaves(value: Any) -> list[Any]:
    """All that a value is made of, in its order."""
    if isinstance(value, Part):
        value = value.named()
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list | tuple):
        return [leaf for part in value for leaf in leaves(part)]
    return [float(value) if value in ("inf", "-inf") else value]


def test_facts_say_what_the_json_says(public: Path, told: dict[str, dict[str, Any]]) -> None:
    """Each whose address is the name of its field, but for two that name their sides."""
    data = json.loads((public / "activations.json").read_text("utf-8"))["activations"]
    compared = 0
    for slug, record in data.items():
        facts = {**record["facts"], **record["facts"].get("gaussian", {})}
        published = {name.replace("_", "-"): value for name, value in facts.items()}
        for anchor in {*told[slug]} & {*published} - {"slope-at-zero", "minimum"}:
            assert leaves(told[slug][anchor]) == leaves(published[anchor]), (slug, anchor)
            compared += 1
    assert compared > 15 * len(SCALAR)


def test_forms_of_facts_say_what_is_told(
    every: dict[str, Forms], told: dict[str, dict[str, Any]]
) -> None:
    for slug in EVERY:
        for anchor, form in of_facts(every[slug]).items():
            wanted = told[slug][anchor]
            found = names_of(form["python"])[form["name"]]
            assert found == rewritten(wanted, in_python), (slug, anchor)
            found = names_of(form["sympy"])[form["name"]]
            assert rewritten(found, from_sympy) == wanted, (slug, anchor)


@pytest.mark.parametrize(
    ("value", "latex"),
    [
        (True, r"\text{yes}"),
        (None, r"\text{none}"),
        ("−1 & more", r"\text{-1 \& more}"),
        (-math.inf, r"-\infty"),
        (2.0, "2"),
        (0.1, "0.1"),
        (-1.5e-20, r"-1.5 \cdot 10^{-20}"),
        (Extent(lower=-1, lower_attained=True, upper=math.inf, upper_attained=False),
         r"\left[-1, \infty\right)"),
        ((1, 2), r"\left(1, 2\right)"),
        ([1, 2], r"\left\{1, 2\right\}"),
        ([], r"\emptyset"),
        ({"-inf": 0, "x": 1, "left": None},
         r"\left(-\infty \to 0,\; x = 1,\; \text{left} = \text{none}\right)"),
    ],
)  # fmt: skip
def test_a_fact_in_latex(value: Any, latex: str) -> None:
    assert values.latex(value) == latex
