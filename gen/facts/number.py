"""The facts of a function of one number in words and as values: the rows of its page."""

import math
from collections.abc import Mapping
from typing import Any

from . import values, words
from .fact import Row


def rows(facts: Mapping[str, Any]) -> list[Row]:
    """The table of facts of a function of one number, from what `scalar.facts` gives."""
    extent = facts["range"]
    interval = words.extent(extent)
    left, right = facts["slope_at_zero"]
    slope = (
        f"${words.about(left, 6)}$"
        if left == right
        else f"${words.about(left, 6)}$ from the left, ${words.about(right, 6)}$ from the right"
    )
    low, high = facts["limits"]["-inf"], facts["limits"]["+inf"]
    smooth, monotone = words.SMOOTHNESS[facts["smoothness"]], facts["monotone"]
    slopes = left if left == right else {"left": left, "right": right}
    return [
        Row("range", "Range", f"${interval}$", values.extent(extent), f"${interval}$"),
        Row(
            "value-at-zero",
            "Value at 0",
            f"${words.about(facts['value_at_zero'])}$",
            values.number(facts["value_at_zero"]),
        ),
        Row("slope-at-zero", "Slope at 0", slope, slopes, slope),
        Row("smoothness", "Smooth?", smooth, facts["smoothness"], smooth),
        Row("monotone", "Monotone?", monotone, monotone, monotone),
        Row(
            "minimum",
            "Minimum",
            _minimum(facts["minimum"], extent["lower"]),
            _minimum_value(facts["minimum"]),
        ),
        Row(
            "limits",
            "Limits",
            f"{_limit(low)} at $-\\infty$, {_limit(high)} at $\\infty$",
            {"-inf": _place(low), "+inf": _place(high)},
        ),
        Row(
            "lipschitz",
            "Largest slope in size",
            _steepest(facts),
            values.number(facts["lipschitz"]),
        ),
        Row("kinks", "Kinks and jumps", _kinks(facts["kinks"]), _kink_values(facts["kinks"])),
        Row("parity", "Parity", facts["parity"], facts["parity"]),
        Row("convex", "Convex?", "yes" if facts["convex"] else "no", facts["convex"]),
        Row(
            "asymptotes",
            "Asymptotes",
            _asymptotes(facts["asymptotes"]),
            facts["asymptotes"],
        ),
        *(
            Row(key, label, _set(facts[name]), _places(facts[name]))
            for key, label, name in (
                ("zeros", "Zeros", "zeros"),
                ("fixed-points", "Fixed points", "fixed_points"),
                ("inflections", "Inflection points", "inflections"),
            )
        ),
        *_gaussian(facts),
    ]


def _minimum_value(minimum: dict[str, Any] | None) -> Any:
    """Where it is taken, a point or a flat stretch, and how low it is."""
    if minimum is None:
        return None
    x: Any = minimum["x"]
    if "interval" in minimum:
        low, high = map(values.number, minimum["interval"])
        x = values.Extent(low, high, low != -math.inf, high != math.inf)
    return {"x": x, "y": minimum["y"]}


def _kink_values(kinks: list[dict[str, Any]]) -> list[Any]:
    """Each kink as `/activations.json` has it."""
    return [{**kink, "values": tuple(kink["values"])} for kink in kinks]


def _minimum(minimum: dict[str, Any] | None, lower: float | str) -> str:
    if minimum is None:
        tail = (
            "unbounded below"
            if lower == "-inf"
            else f"not attained; infimum ${words.about(lower)}$"
        )
        return f"none: {tail}"
    if "interval" in minimum:
        low, high = minimum["interval"]
        closed = words.interval(low, low != "-inf", high, high != "inf")
        return f"${words.tex(minimum['y'])}$, on all of ${closed}$"
    return f"${words.about(minimum['y'])}$ at $x {words.equals(minimum['x'])}$"


def _steepest(facts: Mapping[str, Any]) -> str:
    if facts["lipschitz"] == "inf":
        return "no bound: the function jumps"
    text = f"${words.about(facts['lipschitz'])}$ (the Lipschitz constant)"
    top = facts["steepest"]
    for kink in facts["kinks"] if top else []:
        if kink["x"] == top["x"]:
            side = "left" if kink["left"] == top["y"] else "right"
            return f"{text}, just {side} of $x {words.equals(top['x'])}$"
    return f"{text}, at $x {words.equals(top['x'])}$" if top else text


def _asymptotes(asymptotes: dict[str, Any]) -> str:
    ends = (("-inf", r"-\infty"), ("+inf", r"\infty"))
    found = [
        f"${_line(line['slope'], line['intercept'])}$ at ${name}$"
        for end, name in ends
        if (line := asymptotes[end])
    ]
    return ", ".join(found) or "none"


def _line(slope: float, intercept: float) -> str:
    """`y = x - 1` in LaTeX."""
    factor = {0.0: "", 1.0: "x", -1.0: "-x"}.get(slope, f"{words.tex(slope, 6)}\\,x")
    if not factor:
        return f"y {words.equals(intercept)}"
    if not intercept:
        return f"y = {factor}"
    sign = "-" if intercept < 0 else "+"
    return f"y = {factor} {sign} {words.tex(abs(intercept), 6)}"


def _limit(limit: float | str | None) -> str:
    """A limit in words; None is that of a periodic function."""
    return "none" if limit is None else f"${words.about(limit)}$"


def _place(found: Any) -> Any:
    return None if found is None else values.place(found)


def _places(found: list[Any] | None) -> Any:
    return None if found is None else [*map(values.place, found)]


def _set(places: list[Any] | None) -> str:
    """Points and intervals in words; None is an endless row of them."""
    if places is None:
        return "infinitely many: they repeat"
    found = [
        f"all of ${words.extent(place)}$" if isinstance(place, dict) else f"${words.about(place)}$"
        for place in places
    ]
    return ", ".join(found) or "none"


def _gaussian(facts: Mapping[str, Any]) -> list[Row]:
    """What becomes of standard normal inputs."""
    moments = {**facts["gaussian"], "share": facts["zero_slope_fraction"]}
    return [
        Row(key, label, f"${words.about(moments[name])}$", values.number(moments[name]))
        for key, label, name in (
            ("mean", "Mean of f(z), z ~ N(0, 1)", "mean"),
            ("variance", "Variance of f(z)", "variance"),
            ("second-moment", "Mean of f(z)²", "second_moment"),
            ("slope-second-moment", "Mean of f′(z)²", "slope_second_moment"),
            ("gain", "Gain, 1/√(mean of f(z)²)", "gain"),
            ("backward-gain", "Backward gain, 1/√(mean of f′(z)²)", "backward_gain"),
            ("zero-slope", "Share of z with slope exactly 0", "share"),
        )
    ]


def _kinks(kinks: list[dict[str, Any]]) -> str:
    if not kinks:
        return "none"
    return "; ".join(
        f"$x = {words.tex(k['x'])}$: "
        + (
            f"jump from ${words.tex(k['values'][0])}$ to ${words.tex(k['values'][1])}$"
            if k["order"] == 0
            else "kink"
        )
        + f", slopes ${words.about(k['left'], 6)}$ and ${words.about(k['right'], 6)}$,"
        f" autograd picks ${words.about(k['autograd'], 6)}$"
        for k in kinks
    )
