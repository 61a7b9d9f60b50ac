"""What kinds must serve beyond the catalogue: each entry of shapes.py, its facts and its forms."""

import functools
import json
import math
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import ROOT
from shapes import ENTRIES, LOGARITHM
from test_forms import CLOSE_SECOND, cases

import activations
from activations import CATALOGUE
from activations._entry import Activation
from gen import kinds, node
from gen.evaluation import torch_side
from gen.facts.family import Extent
from gen.messages import InputError
from gen.pages.activation import entry as page
from gen.pages.published import Copies

EVERY = {**CATALOGUE, **ENTRIES}
GATES = [slug for slug, entry in EVERY.items() if entry.kind == "gate"]
VECTORS = [slug for slug, entry in EVERY.items() if entry.kind == "vector"]


@functools.cache
def facts_of(slug: str) -> Any:
    return kinds.of(EVERY[slug]).facts()


# what is said where brute force finds no words; the rest is held against torch below
TOLD: dict[str, dict[str, str]] = {
    "swiglu": {
        "gate": r"$a \sigma\left(a\right)$, at least −0.2785",
        "zeros": "$a = 0$ or $b = 0$",
    },
    "reglu": {
        "gate": r"$\max\left(0, b\right)$, at least 0",
        "zeros": r"$a = 0$ or $b \in (-\infty, 0]$",
    },
    "bilinear": {"gate": "neither half is activated", "smoothness": "yes: analytic"},
    "clipped": {
        "gate": r"no half passes as it is: $\min\left(L, a\right) \sigma\left(\alpha"
        r" \min\left(L, a\right)\right)$, between −0.1636 and 7, times"
        r" $\min\left(L, \max\left(-L, b\right)\right) + 1$, between −6 and 8",
        "kinks": "$a = 7$; $b = -7$; $b = 7$",
    },
    "sparsemax": {
        "sum": "1",
        "order": "kept, with ties: a larger score never gets a smaller output",
    },
    "top_k": {"smoothness": "no: the value jumps", "order": "not kept", "sum": "not constant"},
    "crelu": {"seen": "from 0 to 5.922", "smoothness": "no: continuous, but the slope jumps"},
    "snake": {"fixed-points": "infinitely many: they repeat", "asymptotes": "none"},
    "four_pieces": {"minimum": r"$-1$, on all of $(-\infty, -2]$"},
    "jump": {"kinks": "$x = 0$: jump from $0$ to $1$, slopes $0$ and $1$, autograd picks $0$"},
    "sine": {"limits": r"none at $-\infty$, none at $\infty$"},
}
UNKNOWN = {"maximum": ("gate", "zeros")} | dict.fromkeys(
    ("rmsnorm", "sparsemax", "sink_softmax", "top_k"), ("range",)
)
"""What does not follow from the formula is not said."""


@pytest.mark.parametrize("slug", ENTRIES)
def test_facts_are_right(slug: str) -> None:
    kind = kinds.of(ENTRIES[slug])
    assert kind.check() > 40
    told = {row.key: row.text for row in kind.rows(facts_of(slug))}
    assert TOLD.get(slug, {}).items() <= told.items()
    assert told.keys().isdisjoint(UNKNOWN.get(slug, ()))


# brute force


def of_rows(entry: Activation, rows: torch.Tensor) -> torch.Tensor:
    return torch_side.callable_at(entry, entry.setting)(rows)


def inside(values: torch.Tensor, extent: Any, near: float) -> None:
    """All values lie in the extent, and some near each end that is a number."""
    low, high = extent.lower, extent.upper
    room = 1e-9 * max(1.0, *(abs(end) if math.isfinite(end) else 1.0 for end in (low, high)))
    assert values.min() >= low - room and values.max() <= high + room
    for end, best in ((low, values.min()), (high, values.max())):
        if math.isfinite(end):
            assert abs(best.item() - end) < near
        else:
            assert abs(best.item()) > 100 and (best.item() > 0) == (end > 0)


def is_zero(zeros: list[Any], value: float) -> bool:
    """Whether the value is one of the places, or lies in one of the intervals."""
    return any(
        zero.lower <= value <= zero.upper if isinstance(zero, Extent) else abs(zero - value) < 1e-12
        for zero in zeros
    )


@pytest.mark.parametrize("slug", GATES)
def test_brute_force_on_gates(slug: str) -> None:
    """Values and slopes of torch on a grid neither leave what is said of them nor leave room."""
    entry = EVERY[slug]
    found = facts_of(slug)
    line = torch.cat([torch.arange(-400, 401) / 20, torch.tensor([-1e3, 1e3])]).double()
    pairs = torch.cartesian_prod(line, line).requires_grad_()
    outputs = of_rows(entry, pairs)[:, 0]
    slopes = torch.autograd.grad(outputs.sum(), pairs)[0]
    if found.range:
        inside(outputs.detach(), found.range, 0.02)
    for slope, extent in zip(slopes.T, (found.slope_a, found.slope_b), strict=True):
        if extent:
            inside(slope, extent, 0.02)
    grid = outputs.detach().reshape(len(line), len(line))
    for half, axis in zip(found.halves or [], (0, 1), strict=False):
        for zero in half.zeros:
            low, high = (zero.lower, zero.upper) if isinstance(zero, Extent) else (zero, zero)
            there = (line >= low - 1e-12) & (line <= high + 1e-12)
            assert there.any() and (grid if axis == 0 else grid.T)[there].abs().max() < 1e-9
    if found.halves:
        near = pairs[(outputs == 0) & (pairs.abs() <= 20).all(1)].tolist()
        zeros = [half.zeros for half in found.halves]
        assert all(any(map(is_zero, zeros, pair)) for pair in near)
    assert (found.smoothness == "C0") == bool(found.kinks)
    for edge in found.kinks:
        left, _, right = edge.partition(" = ")
        for other in (-2.3, 0.7, 4.1):
            at = other if right in "ab" else float(right)
            beside = [(at + s * 1e-7, other) for s in (-1, 1)]
            if left == "b":
                beside = [(q, p) for p, q in beside]
            rows = torch.tensor(beside, dtype=torch.float64, requires_grad=True)
            one, two = torch.autograd.grad(of_rows(entry, rows).sum(), rows)[0]
            assert (one - two).abs().max() > 1e-3, f"no kink at {edge} for the other half {other}"


@pytest.mark.parametrize("slug", VECTORS)
def test_brute_force_on_vectors(slug: str) -> None:
    """Hundreds of vectors of torch's do not contradict what is said of all."""
    entry = EVERY[slug]
    found = facts_of(slug)
    chance = random.Random(7)
    sizes = (0.1, 1, 5, 30)
    smallest, largest, moved = math.inf, -math.inf, 0.0
    for n in range(400):
        scale = sizes[n % len(sizes)]
        scores = torch.tensor([chance.gauss(0, scale) for _ in range(6)], dtype=torch.float64)
        outputs = torch_side.respond(entry, entry.setting, scores, n)
        smallest = min(smallest, outputs.min().item())
        largest = max(largest, outputs.max().item())
        if found.sum:
            assert math.isclose(outputs.sum(), found.sum, rel_tol=1e-12)
        shifted = torch_side.respond(entry, entry.setting, scores + 3, n)
        moved = max(moved, (shifted - outputs).abs().max().item())
        if found.order in ("kept", "kept, with ties"):
            assert (outputs[scores.argsort()].diff() >= 0).all()
        if found.order == "reversed":
            assert (outputs[scores.argsort()].diff() <= 0).all()
    assert (moved < 1e-12) == found.shift_invariant
    if found.range:
        low, high = found.range.lower, found.range.upper
        assert low <= smallest and largest <= high
        far = [torch_side.respond(entry, entry.setting, torch.tensor(v).double()) for v in
               ([60.0, 0, 0, 0], [-60.0, 0, 0, 0])]  # fmt: skip
        ends = sorted(v[0].item() for v in far)
        for end, value in zip((low, high), ends, strict=True):
            assert abs(value - end) < 1e-9 if math.isfinite(end) else abs(value) > 50
    if found.smoothness == "analytic":
        start, end = torch.randn(
            2, 6, dtype=torch.float64, generator=torch.Generator().manual_seed(1)
        )
        line = [start + t / 4000 * (end - start) for t in range(4001)]
        values = torch.stack([torch_side.respond(entry, entry.setting, v, 1) for v in line])
        bends = values.diff(dim=0).diff(dim=0).abs().max()
        assert bends < 1e-5, "a kink would bend by the size of a step"


@pytest.mark.parametrize("slug", [s for s, e in CATALOGUE.items() if e.kind == "layer"])
def test_brute_force_on_layers(slug: str) -> None:
    """Other weights and inputs do not contradict what one run shows."""
    entry, found = CATALOGUE[slug], facts_of(slug)
    assert entry.runs and found.weights and found.smoothness == "analytic"
    for seed in range(20):
        torch.manual_seed(seed)
        with torch_side.double(), torch.no_grad():
            runs = entry.runs(lambda x: 3 * x)
        for run in runs:
            assert ((run.picture.sum(-1) - found.sum).abs() < 1e-12).all()


# forms


CALLED = {
    "definition-formula": "f",
    "derivative-formula1": "db",
    "second-derivative-formula": "ddf",
}
SLOPES = {"vector": "jacobian", "gate": "da", "elementwise": "df"}


# functions of one number are held against torch in Chromium, at thousands of places
RUN = [s for s in [*GATES, *VECTORS, *ENTRIES] if s != "softmax2d"]


@pytest.mark.filterwarnings("ignore:Implicit dimension choice")
@pytest.mark.parametrize("slug", dict.fromkeys(RUN))
def test_javascript_gives_what_torch_gives(slug: str, tmp_path: Path) -> None:
    entry = EVERY[slug]
    shutil.copytree(ROOT / "web" / "js", tmp_path / "js")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    path = tmp_path / "js" / "activations" / f"{slug}.js"
    path.parent.mkdir()
    path.write_text(kinds.of(entry).script() or "", encoding="utf-8")
    calls, wanted = [], []
    for case in cases(entry):
        inputs = [name for name in kinds.of(entry).inputs if name in case.env.keys() - {"g"}]
        given = [case.env[name] for name in inputs]
        for anchor, value in case.expected.items():
            name = CALLED.get(anchor, SLOPES[entry.kind])
            extra = [case.env["y"]] if name == "jacobian" else []
            setting: dict[str, Any] = {n: float(number) for n, number in case.setting.items()}
            setting |= {"g": case.env["g"]} if entry.noise else {}
            calls.append([name, *given, *extra, setting])
            wanted.append((value, CLOSE_SECOND if name == "ddf" else 1e-9))
    found = json.loads(
        node.run(ROOT / "tests" / "modules.mjs", text=json.dumps({str(path): calls}))
    )
    for got, (value, close) in zip(found[str(path)], wanted, strict=True):
        torch.testing.assert_close(
            torch.tensor(got).double(), torch.tensor(value).double(), rtol=close, atol=close
        )


# pages


def test_each_has_its_page(beyond: Path) -> None:
    for slug, entry in ENTRIES.items():
        home = beyond / slug
        wanted = {"top.md", "torch.md", "measured.md", "tile.md"}
        assert wanted <= {path.name for path in (home / slug).iterdir()}, slug
        assert (home / "module.js").is_file() and (home / f"public/cards/{slug}.png").is_file()
        top = (home / slug / "top.md").read_text(encoding="utf-8")
        moves = entry.kind != "vector"  # only shares of 1 and their logarithms are dragged
        assert ("data-widget" in top) == moves, slug
        Copies.model_validate_json((home / f"public/activations/{slug}/forms.json").read_bytes())


def test_a_function_without_a_value_somewhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activations, "load", lambda _: LOGARITHM)
    with pytest.raises(InputError, match=r"activations/logarithm.py: the formula has no case for"):
        page.made(("logarithm", {}, {}))


def test_no_code_outside_of_the_kinds_asks_which_it_is() -> None:
    asks = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in (ROOT / "gen").rglob("*.py")
        if "kinds" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if "entry.kind" in line or 'record["kind"]' in line or "isinstance(kind" in line
    ]
    assert not asks
