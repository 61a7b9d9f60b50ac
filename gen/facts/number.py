"""The facts of a function of one number: what each is, how it is found, how it is told."""

from typing import Annotated, Any, ClassVar, Literal, NamedTuple

import mpmath
import sympy
from mpmath import mpf
from pydantic import ConfigDict, Field
from sympy import Expr

from activations._notation import x

from ..evaluation.formula import high_precision, numeric
from . import words
from .analysis import Analysis, attained, extent, sign_changes
from .bends import bends
from .family import INF, Extended, Extent, Fact, Family, Part, Place, Size, titled
from .kinks import Kink, kinks_of, told_kinks
from .limits import SAME, asymptote, check_settled, goes_on, limit, number, to_mpf

NEAR = mpf(10) ** -20

Smoothness = Annotated[str, Field(pattern=r"^(discontinuous|C[0-9]+|analytic)$")]
Places = Annotated[
    list[float | Extent] | None, titled("list of numbers and of intervals, objects like range")
]


class Sides(NamedTuple):
    left: Annotated[float, Place("left", "slope from the left")]
    right: Annotated[float, Place("right", "slope from the right")]


class Stretch(NamedTuple):
    low: Annotated[Extended, Place("low", "lower end")]
    high: Annotated[Extended, Place("high", "upper end")]


class Minimum(Part):
    x: float
    """where it is taken; on a flat stretch the point nearest to 0"""
    y: float
    """the minimum"""
    places: Annotated[
        list[float | Extent] | None, titled("list of numbers and of intervals, objects like range")
    ]
    """everywhere it is taken, from left to right; null where that is at infinitely many points"""
    interval: Annotated[
        Stretch | None, Field(exclude_if=lambda found: found is None), titled("[low, high]")
    ] = None
    """the flat stretch that x lies on; absent where x is a single point"""


class Steepest(Part):
    x: float
    """the point"""
    y: float
    """the slope there, with its sign"""


class Line(Part):
    slope: float
    """slope of the line"""
    intercept: float
    """value of the line at x = 0"""


class FarOut(Part):
    low: Annotated[Extended | None, Field(alias="-inf")]
    """limit as x falls without bound; null where f repeats"""
    high: Annotated[Extended | None, Field(alias="+inf")]
    """limit as x grows without bound; null where f repeats"""


class Asymptotes(Part):
    low: Annotated[Line | None, Field(alias="-inf")]
    """on the left; null where there is none"""
    high: Annotated[Line | None, Field(alias="+inf")]
    """on the right; null where there is none"""


class Gaussian(Part):
    mean: Annotated[Extended | None, Fact("Mean of f(z), z ~ N(0, 1)")]
    """E f(z); null where it is neither finite nor infinite"""
    variance: Annotated[Size, Fact("Variance of f(z)")]
    """E f(z)² − (E f(z))²"""
    second_moment: Annotated[Size, Fact("Mean of f(z)²")]
    """E f(z)²"""
    slope_second_moment: Annotated[Size, Fact("Mean of f′(z)²")]
    """E f′(z)²"""
    gain: Annotated[Size, Fact("Gain, 1/√(mean of f(z)²)")]
    """1/sqrt(E f(z)²)"""
    backward_gain: Annotated[Size, Fact("Backward gain, 1/√(mean of f′(z)²)")]
    """1/sqrt(E f′(z)²)"""


# how they are found


def smoothness(it: Analysis) -> str:
    """discontinuous, C0, C1 … or analytic: the derivatives up to which all are continuous."""
    orders = [joint.broken for joint in it.joints if joint.broken is not None]
    if not orders:
        return "analytic"
    return "discontinuous" if min(orders) == 0 else f"C{min(orders) - 1}"


def _monotone(it: Analysis) -> str:
    """Which way f goes, by the signs of its slope and of its jumps."""
    signs = it.signs(1)
    for joint in it.joints:
        left, right = joint.sides(0)
        here = it.f(joint.at)
        steps = (here - left, right - here)
        signs |= {int(mpmath.sign(step)) for step in steps if abs(step) > SAME}
    if {-1, 1} <= signs:
        return "no"
    if signs == {0}:
        return "constant"
    up = 1 in signs
    if 0 in signs:
        return "non-decreasing" if up else "non-increasing"
    return "strictly increasing" if up else "strictly decreasing"


def _minimum(it: Analysis) -> Minimum | None:
    """The global minimum; of the places where it is taken `x` is the one nearest to zero, of two
    that are as near the left one."""
    low = min(it.values, key=lambda c: c.y)
    if not attained(low, it.values):
        return None
    places = it.taken([c.x for c in it.values], low.y)
    stretches = [place for place in places if isinstance(place, Extent)]
    nearest = {_nearest(place): place for place in places}
    at = min(nearest, key=lambda p: (abs(p), p))
    stretch = nearest[at]
    points = [place for place in places if not isinstance(place, Extent)]
    endless = goes_on(it.parts, points) and not stretches
    return Minimum(
        x=at,
        y=number(low.y),
        places=None if endless else places,
        interval=Stretch(stretch.lower, stretch.upper) if isinstance(stretch, Extent) else None,
    )


def _nearest(place: float | Extent) -> float:
    """The point that is nearest to 0."""
    if not isinstance(place, Extent):
        return place
    return min(max(place.lower, 0.0), place.upper)


def _lipschitz(it: Analysis) -> float:
    return INF if it.jumps else number(max(abs(c.y) for c in it.slopes))


def _steepest(it: Analysis) -> Steepest | None:
    """Where the slope of largest size is taken, if at one point and not on a whole stretch."""
    if it.jumps:
        return None
    top = max(it.slopes, key=lambda c: abs(c.y))
    same = [c for c in it.slopes if abs(abs(c.y) - abs(top.y)) < SAME]
    places = {number(to_mpf(c.x)) for c in same}
    if len(places) != 1 or any(c.flat for c in same) or places & {INF, -INF}:
        return None
    return Steepest(x=places.pop(), y=number(top.y))


def _parity(it: Analysis) -> str:
    f, points = it.f, [mpf(i * i + 1) / 7 for i in range(24)]
    points += [b.at + b.width for part in it.parts for b in bends(part.expr)]
    if all(abs(f(p) + f(-p)) < SAME for p in points) and abs(f(mpf(0))) < SAME:
        return "odd"
    return "even" if all(abs(f(p) - f(-p)) < SAME for p in points) else "neither"


def _convex(it: Analysis) -> bool:
    for joint in it.joints:
        left, right = joint.sides(1)
        if joint.broken == 0 or left > right + SAME:
            return False
    return -1 not in it.signs(2)


def _limits(it: Analysis) -> FarOut:
    low, high = (limit(*end) for end in it.ends)
    return FarOut(**{"-inf": _number(low), "+inf": _number(high)})


def _number(value: Any) -> float | None:
    return None if value is None else number(value)


def _asymptotes(it: Analysis) -> Asymptotes:
    lines = [
        Line(slope=line[0], intercept=line[1]) if (line := asymptote(*end)) else None
        for end in it.ends
    ]
    return Asymptotes(**dict(zip(("-inf", "+inf"), lines, strict=True)))


def _inflections(it: Analysis) -> list[float] | None:
    """Where the slope is continuous and the curvature changes sign; None if infinitely often."""
    curves = [part.diff(2) for part in it.parts]
    found = [root for part in curves for root in sign_changes(part)]
    if goes_on(curves, found):
        return None
    check_settled(curves)
    for joint in it.joints:
        if joint.broken is None or joint.broken > 1:
            left = numeric(joint.left.expr.diff(x, 2))(joint.at - NEAR)
            right = numeric(joint.right.expr.diff(x, 2))(joint.at + NEAR)
            if left * right < 0:
                found.append(joint.at)
    return sorted(map(number, found))


def _gaussian(it: Analysis) -> Gaussian:
    mean, second, slope = it.moments()
    return Gaussian(
        mean=None if mpmath.isnan(mean) else number(mean),
        second_moment=number(second),
        variance=INF if mpmath.isinf(second) else number(second - mean**2),
        slope_second_moment=number(slope),
        gain=_gain(second),
        backward_gain=_gain(slope),
    )


def _gain(second_moment: Any) -> float:
    """What restores a second moment of 1; infinite where there is nothing to restore."""
    return number(1 / mpmath.sqrt(second_moment)) if second_moment else INF


def _flat_share(it: Analysis) -> float:
    flat = [part for part in it.parts if not part.expr.has(x)]
    shares = (mpmath.ncdf(to_mpf(p.upper)) - mpmath.ncdf(to_mpf(p.lower)) for p in flat)
    return number(sum(shares, mpf(0)))


# how they are told


def _told_slope(facts: Any) -> str:
    left, right = (f"${words.about(slope, 6)}$" for slope in facts.slope_at_zero)
    return left if left == right else f"{left} from the left, {right} from the right"


def _told_minimum(facts: Any) -> str:
    """How low, and where; of places without end the one nearest to 0."""
    least, lower = facts.minimum, facts.range.lower
    if least is None:
        tail = (
            "unbounded below" if lower == -INF else f"not attained; infimum ${words.about(lower)}$"
        )
        return f"none: {tail}"
    if least.places is None:
        return f"${words.about(least.y)}$ at $x {words.equals(least.x)}$ and without end"
    told = [
        f"on all of {place}" if isinstance(place, Extent) else f"at $x {words.equals(place)}$"
        for place in least.places
    ]
    comma = ", " if isinstance(least.places[0], Extent) else " "
    return f"${words.about(least.y)}${comma}{words.listed(told)}"


def _minimum_value(facts: Any) -> Any:
    """Where it is taken, points and flat stretches, and how low it is."""
    if (least := facts.minimum) is None:
        return None
    places = [least.x] if least.places is None else least.places
    return {"x": places[0] if len(places) == 1 else places, "y": least.y}


def _told_lipschitz(facts: Any) -> str:
    if facts.lipschitz == INF:
        jumps = facts.smoothness == "discontinuous"
        return f"no bound: the {'function jumps' if jumps else 'slope grows without end'}"
    text = f"${words.about(facts.lipschitz)}$ (the Lipschitz constant)"
    if (top := facts.steepest) is None:
        return text
    for kink in facts.kinks:
        if kink.x == top.x:
            sides = {"left": kink.left, "right": kink.right}
            steep = [side for side, slope in sides.items() if abs(slope) == abs(top.y)]
            where = f"just {steep[0]} of" if len(steep) == 1 else "on both sides of"
            return f"{text}, {where} $x {words.equals(top.x)}$"
    return f"{text}, at $x {words.equals(top.x)}$"


def _told_limits(facts: Any) -> str:
    ends = facts.limits.low, facts.limits.high
    low, high = ("none" if end is None else f"${words.about(end)}$" for end in ends)
    return rf"{low} at $-\infty$, {high} at $\infty$"


def _told_asymptotes(facts: Any) -> str:
    lines = ((facts.asymptotes.low, r"-\infty"), (facts.asymptotes.high, r"\infty"))
    return ", ".join(f"${_equation(line)}$ at ${end}$" for line, end in lines if line) or "none"


def _equation(line: Line) -> str:
    """`y = x - 1` in LaTeX."""
    factor = {0.0: "", 1.0: "x", -1.0: "-x"}.get(line.slope, f"{words.tex(line.slope, 6)}\\,x")
    if not factor:
        return f"y {words.equals(line.intercept)}"
    if not line.intercept:
        return f"y = {factor}"
    sign = "-" if line.intercept < 0 else "+"
    return f"y = {factor} {sign} {words.tex(abs(line.intercept), 6)}"


def _told_places(places: list[Any] | None) -> str:
    """Points and intervals in words; None is an endless row of them."""
    if places is None:
        return "infinitely many: they repeat"
    found = [
        f"all of {place}" if isinstance(place, Extent) else f"${words.about(place)}$"
        for place in places
    ]
    return ", ".join(found) or "none"


class NumberFacts(Family):
    """Of the kind elementwise, and of a stochastic function of one number in evaluation mode. All
    but the slope that autograd picks are computed from the formula in 50-digit arithmetic. Averages
    are over a standard normal input z."""

    model_config = ConfigDict(title="Facts of a function of one number")
    family: ClassVar = "scalar"

    range: Annotated[Extent, Fact("Range", lambda it: extent(it.values), glance=True)]
    """the values that f takes, an interval"""
    value_at_zero: Annotated[float, Fact("Value at 0", lambda it: number(it.f(mpf(0))))]
    """f(0)"""
    slope_at_zero: Annotated[
        Sides,
        Fact(
            "Slope at 0",
            lambda it: Sides(*map(number, it.one_sided(1))),
            _told_slope,
            lambda facts: _one_or_both(facts.slope_at_zero),
            glance=True,
        ),
    ]
    """the one-sided slopes at 0"""
    smoothness: Annotated[Smoothness, Fact("Smooth?", smoothness, words.smooth, glance=True)]
    """discontinuous, C0 (continuous), C1 (with its slope), C2 and so on, or analytic"""
    monotone: Annotated[
        Literal[
            "strictly increasing", "non-decreasing", "constant", "non-increasing",
            "strictly decreasing", "no",
        ],
        Fact("Monotone?", _monotone, glance=True),
    ]  # fmt: skip
    """whether f only rises, or only falls"""
    minimum: Annotated[Minimum | None, Fact("Minimum", _minimum, _told_minimum, _minimum_value)]
    """the global minimum; null where f has none"""
    limits: Annotated[FarOut, Fact("Limits", _limits, _told_limits)]
    """what f tends to"""
    lipschitz: Annotated[Size, Fact("Largest slope in size", _lipschitz, _told_lipschitz)]
    """the Lipschitz constant: the largest slope in size; "inf" where f jumps"""
    steepest: Annotated[Steepest | None, Fact(find=_steepest)]
    """where the slope of largest size is taken; null where at no single point"""
    kinks: Annotated[
        list[Kink],
        Fact("Kinks and jumps", kinks_of, told_kinks, glance=lambda facts: bool(facts.kinks)),
    ]
    """where f or its slope jumps, from left to right"""
    parity: Annotated[Literal["odd", "even", "neither"], Fact("Parity", _parity)]
    """symmetry about 0"""
    convex: Annotated[bool, Fact("Convex?", _convex)]
    """whether f is convex"""
    asymptotes: Annotated[Asymptotes, Fact("Asymptotes", _asymptotes, _told_asymptotes)]
    """the lines that f approaches far out"""
    zeros: Annotated[
        Places,
        Fact("Zeros", lambda it: it.equal(sympy.S.Zero), lambda facts: _told_places(facts.zeros)),
    ]
    """where f(x) = 0, an interval where f is 0 on a stretch"""
    fixed_points: Annotated[
        Places,
        Fact(
            "Fixed points", lambda it: it.equal(x), lambda facts: _told_places(facts.fixed_points)
        ),
    ]
    """where f(x) = x, an interval where that holds on a stretch"""
    inflections: Annotated[
        list[float] | None,
        titled("list of numbers"),
        Fact("Inflection points", _inflections, lambda facts: _told_places(facts.inflections)),
    ]
    """where f′′ changes its sign"""
    gaussian: Annotated[Gaussian, Fact(find=_gaussian)]
    """averages over z from N(0, 1)"""
    zero_slope_fraction: Annotated[
        float,
        Field(ge=0, le=1),
        Fact("Share of z with slope exactly 0", _flat_share, key="zero-slope"),
    ]
    """share of N(0, 1) inputs at which the slope is exactly 0"""


def _one_or_both(sides: Sides) -> float | dict[str, float]:
    return sides.left if sides.left == sides.right else sides._asdict()


def facts(expr: Expr) -> NumberFacts:
    """The exact facts of `expr`, a function of x alone; of kinks, not yet what autograd picks.

    Source: the formula, by limits, root search, bisection and quadrature. Raises UndeterminedError
    where one of them does not settle.
    """
    with high_precision():
        return NumberFacts(**NumberFacts.of(Analysis(expr)))


def some(expr: Expr, *names: str) -> dict[str, Any]:
    """The facts of these names, by name. Raises UndeterminedError."""
    with high_precision():
        return NumberFacts.of(Analysis(expr), *names)
