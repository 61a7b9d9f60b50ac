"""Holds the facts of a function of one number against dense tables of its values and slopes.

None of it knows the formula: values and slopes are torch's, or float64's.
"""

import itertools
import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor

from activations._entry import Activation
from gen.evaluation import torch_side

Both = Callable[[Tensor], tuple[Tensor, Tensor]]  # x -> f(x) and f′(x), in float64
XS = (torch.arange(-120_000, 120_000, dtype=torch.float64) + 0.5) / 2000  # 0 is between two
SIZES = torch.cat([torch.arange(60, 2000) / 2 + 30, 10.0 ** torch.arange(3, 7)]).double()
FAR = torch.cat([-SIZES, SIZES])  # beyond the table: to 1,000 in steps of a half, to 10⁶
CLOSE = 1e-3  # how near to a place of a list a sign change or a leap must be
SHAPES = {
    "strictly increasing": (1,),
    "non-decreasing": (0, 1),
    "constant": (0,),
    "non-increasing": (-1, 0),
    "strictly decreasing": (-1,),
}


def of_torch(entry: Activation) -> Both:
    """torch's values, and autograd's slopes."""

    def both(xs: Tensor) -> tuple[Tensor, Tensor]:
        inputs = xs.clone().requires_grad_()
        ys = torch_side.callable_at(entry, entry.setting)(inputs)
        return ys.detach(), torch.autograd.grad(ys.sum(), inputs)[0]

    return both


def contradictions(found: Any, both: Both, gap: float = 0.0) -> Iterator[str]:
    """What the table says against the facts; `gap` is how far its values may be off."""
    ys, slopes = both(XS)
    yield from _range(found, torch.cat([ys, both(FAR)[0]]), both, gap)
    yield from _shape(found, ys, slopes, gap)
    yield from _breaks(found, both)
    jumps = [k["x"] for k in found["kinks"] if k["order"] == 0]
    yield from _roots("zeros", found["zeros"], jumps, ys, gap)
    yield from _roots("fixed points", found["fixed_points"], jumps, ys - XS, gap)
    yield from _bends(found, slopes, gap)
    yield from _points(found, both, gap)
    yield from _ends(found, both)
    yield from _moments(found, both, gap)


def _range(found: Any, ys: Tensor, both: Both, gap: float) -> Iterator[str]:
    low, high = float(found["range"]["lower"]), float(found["range"]["upper"])
    if ys.min() < low - 1e-9 - gap or ys.max() > high + 1e-9 + gap:
        yield f"range {found['range']}, but values from {ys.min()} to {ys.max()}"
    for end, met in ((low, ys.min()), (high, ys.max())):
        if math.isfinite(end) and abs(end - met) > 0.02 * max(1, abs(end)):
            yield f"range {found['range']}, but the outermost value is {met}"
        if math.isinf(end) and abs(met) < 5:
            yield f"range {found['range']}, but the outermost value is {met}"
    if least := found["minimum"]:
        place = torch.tensor([_inside(least)], dtype=torch.float64)
        there, close = float(both(place)[0]), 1e-9 * max(1, abs(least["y"])) + gap
        if abs(there - least["y"]) > close or ys.min() < least["y"] - close:
            yield f"minimum {least}, but {there} there, and {ys.min()} somewhere"


def _inside(least: Any) -> float:
    """Where the minimum is taken; on a flat stretch a point inside it."""
    low, high = map(float, least.get("interval", (least["x"], least["x"])))
    if math.isinf(low):
        return 0.0 if math.isinf(high) else high - 1
    return low + 1 if math.isinf(high) else (low + high) / 2


def _shape(found: Any, ys: Tensor, slopes: Tensor, gap: float) -> Iterator[str]:
    sure = 1e-9 + gap
    steps = ys.diff()
    signs = {s for s, met in ((-1, steps < -sure), (1, steps > sure)) if met.any()}
    allowed = SHAPES.get(found["monotone"])
    if allowed is None and len(signs) < 2:
        yield f"not monotone, but the values go one way: {signs}"
    if allowed is not None and not signs <= {*allowed}:
        yield f"{found['monotone']}, but the values go {signs}"
    if allowed is not None and 0 in allowed and not (slopes == 0).any():
        yield f"{found['monotone']}, but no slope is 0"
    near = ys if ys.abs().max() < 1e6 else ys[XS.abs() < 8]
    scale = sure * max(1.0, float(near.abs().max()))
    odd, even = (float((near + s * near.flip(0)).abs().max()) < scale for s in (1, -1))
    if found["parity"] not in [name for name, met in (("odd", odd), ("even", even)) if met] + (
        [] if odd or even else ["neither"]
    ):
        yield f"parity {found['parity']}, but odd: {odd}, even: {even}"
    bound = float(found["lipschitz"])
    if slopes.abs().max() > bound * (1 + 1e-7) + 1e-7:
        yield f"slopes up to {bound}, but one is {slopes.abs().max()}"
    chords = near[1:-1] - (near[:-2] + near[2:]) / 2
    bent = 1e-11 * max(1.0, float(near.abs().max())) + gap
    if found["convex"] and chords.max() > bent:
        yield f"convex, but a chord lies {chords.max()} below"
    if not found["convex"] and chords.max() <= 0:
        yield "not convex, but no chord lies below"
    density = torch.exp(-(XS**2) / 2) / math.sqrt(2 * math.pi)
    claimed, step = found["zero_slope_fraction"], float(XS[1] - XS[0])
    nearly = float((density * (slopes.abs() < 1e-9)).sum()) * step
    surely = float((density * (slopes == 0) * (XS.abs() < 2)).sum()) * step
    if not surely - 1e-3 < claimed < nearly + 1e-3:
        yield f"slope 0 on {claimed}, but on {surely} to {nearly} of N(0, 1)"


def _breaks(found: Any, both: Both) -> Iterator[str]:
    """Jumps and kinks: a value, or a slope, that leaps where its neighbours move little."""
    xs = XS[XS.abs() < 12]
    ys, slopes = both(xs)
    kinks = found["kinks"]
    places = {0: [k["x"] for k in kinks if k["order"] == 0], 1: [k["x"] for k in kinks]}
    for order, table in ((0, ys), (1, slopes)):
        leaps = [x for x in _leaps(xs, table) if not _near(x, places[order])]
        if leaps:
            yield f"kinks {places[order]}, but a leap of order {order} at {leaps[:3]}"
    for kink in kinks:
        step = 1e-9 * max(1, abs(kink["x"]))
        beside = both(torch.tensor([kink["x"] - step, kink["x"] + step], dtype=torch.float64))
        for side, slope in zip(("left", "right"), beside[1].tolist(), strict=True):
            if not math.isclose(slope, kink[side], rel_tol=1e-5, abs_tol=1e-5):
                yield f"kink {kink}, but the slope on the {side} is {slope}"
    rough = "discontinuous" if places[0] else "C0" if places[1] else ""
    if rough and found["smoothness"] != rough:
        yield f"smoothness {found['smoothness']} with kinks {kinks}"
    if not rough and found["smoothness"] in ("discontinuous", "C0"):
        yield f"smoothness {found['smoothness']} without kinks"
    for side, sign in zip(found["slope_at_zero"], (-1, 1), strict=True):
        (beside,) = both(torch.tensor([sign * 1e-9], dtype=torch.float64))[1].tolist()
        if not math.isclose(beside, side, rel_tol=1e-5, abs_tol=1e-5):
            yield f"slope at 0 {found['slope_at_zero']}, but {beside} beside it"


def _leaps(xs: Tensor, table: Tensor) -> list[float]:
    steps = table.diff().abs()
    calm = torch.maximum(steps[:-6], steps[6:])  # three steps before and behind
    here = steps[3:-3]
    return xs[4:-3][(here > 20 * calm + 1e-3)].tolist()


def _near(x: float, places: list[float]) -> bool:
    return any(abs(x - place) < CLOSE for place in places)


def _roots(
    what: str, roots: list[Any] | None, jumps: list[float], ys: Tensor, gap: float
) -> Iterator[str]:
    if roots is None:
        return
    points = [r for r in roots if not isinstance(r, dict)]
    spans = [(float(r["lower"]), float(r["upper"])) for r in roots if isinstance(r, dict)]
    crossed = (ys[1:] * ys[:-1] < 0) & (ys.diff().abs() > 1e-9 + gap)
    for x in XS[1:][crossed].tolist():
        inside = any(low - CLOSE <= x <= high + CLOSE for low, high in spans)
        if not (inside or _near(x, [*points, *jumps])):
            yield f"{what} {roots}, but the sign changes at {x}"
    for low, high in spans:
        span = (low < XS) & (high > XS)
        if span.any() and ys[span].abs().max() > 1e-9 + gap:
            yield f"{what} {roots}, but not 0 between {low} and {high}"


def _bends(found: Any, slopes: Tensor, gap: float) -> Iterator[str]:
    """The curvature changes its sign at the inflections, and nowhere else but at kinks."""
    places = found["inflections"]
    if places is None:
        return
    curves, xs = slopes.diff(), XS[1:]
    for kink in found["kinks"]:
        curves = torch.where((xs - kink["x"]).abs() < CLOSE, 0.0, curves)
    bent = curves.abs() > 1e-9 * slopes[1:].abs().clamp(min=1) + gap
    signed = list(zip(xs[bent].tolist(), curves[bent].sign().tolist(), strict=True))
    for (x, one), (y, other) in itertools.pairwise(signed):
        between = [p for p in places if x - CLOSE < p < y + CLOSE]
        apart = any(x < kink["x"] < y for kink in found["kinks"])
        if one != other and not between and not apart:
            yield f"inflections {places}, but the curvature changes its sign from {x} to {y}"
    for place in (p for p in places if abs(p) < 50):
        near = curves[(xs - place).abs() < 0.2]
        if not near.min() < 0 < near.max():
            yield f"inflections {places}, but none at {place}"


def _points(found: Any, both: Both, gap: float) -> Iterator[str]:
    """The value at 0, and the place of the steepest slope, at a kink on one of its sides."""
    zero = float(both(torch.zeros(1, dtype=torch.float64))[0])
    if not math.isclose(zero, found["value_at_zero"], rel_tol=1e-9, abs_tol=1e-9 + gap):
        yield f"value at 0 {found['value_at_zero']}, but {zero}"
    if top := found["steepest"]:
        if abs(top["y"]) != found["lipschitz"]:
            yield f"steepest {top}, but the largest slope is {found['lipschitz']}"
        beside = torch.tensor([top["x"] + s * 1e-9 for s in (-1, 0, 1)], dtype=torch.float64)
        slopes = both(beside)[1].tolist()
        if not any(math.isclose(slope, top["y"], rel_tol=1e-6) for slope in slopes):
            yield f"steepest {top}, but {slopes} there"


def _ends(found: Any, both: Both) -> Iterator[str]:
    for end, sign in (("-inf", -1), ("+inf", 1)):
        near, far = both(torch.tensor([sign * 1e3, sign * 1e5], dtype=torch.float64))[0].tolist()
        limit = found["limits"][end]
        if limit is None or not math.isfinite(far):
            continue
        limit = float(limit)
        if math.isfinite(limit) and abs(far - limit) > 0.02 * max(1, abs(limit)):
            yield f"limit {limit} at {end}, but {far} far out"
        if math.isinf(limit) and not (far * limit > 0 and abs(far) > abs(near) * (1 + 1e-9)):
            yield f"limit {limit} at {end}, but {near}, {far} far out"
        if line := found["asymptotes"][end]:
            wanted = line["slope"] * sign * 1e5 + line["intercept"]
            if not math.isclose(far, wanted, rel_tol=1e-5, abs_tol=1e-3):
                yield f"asymptote {line} at {end}, but {far} at {sign * 1e5}"


def _moments(found: Any, both: Both, gap: float) -> Iterator[str]:
    """By the trapezoidal rule, split at the kinks."""
    moments = found["gaussian"]
    cuts = [-12.0, *sorted({0.0, *(k["x"] for k in found["kinks"] if abs(k["x"]) < 12)}), 12.0]
    loose = 1e-6 + 20 * gap
    for key, brute in expectations(both, cuts).items():
        if moments[key] in (None, "inf", "-inf"):
            continue
        if not math.isclose(brute, moments[key], rel_tol=loose, abs_tol=1e-8 + gap):
            yield f"{key} {moments[key]}, but {brute} by quadrature"
    for gain, key in (("gain", "second_moment"), ("backward_gain", "slope_second_moment")):
        size = float(moments[key])
        wanted = math.inf if size == 0 else size**-0.5
        if not math.isclose(float(moments[gain]), wanted, rel_tol=1e-12):
            yield f"{gain} {moments[gain]}, but {wanted} by the mean square"


def expectations(both: Both, cuts: list[float]) -> dict[str, float]:
    """E f(z), E f(z)² and E f′(z)² for z ~ N(0, 1)."""
    totals = dict.fromkeys(("mean", "second_moment", "slope_second_moment"), 0.0)
    for low, high in itertools.pairwise(cuts):
        xs = torch.linspace(low + 1e-12, high - 1e-12, 40_001, dtype=torch.float64)
        ys, slopes = both(xs)
        density = torch.exp(-(xs**2) / 2) / math.sqrt(2 * math.pi)
        for key, of in zip(totals, (ys, ys**2, slopes**2), strict=True):
            totals[key] += float(torch.trapezoid(density * of, xs))
    return totals
