"""Functions applied to each element on its own."""

import itertools
import math
from typing import Any

from matplotlib.axes import Axes
from mpmath import mpf
from sympy import Expr

from activations._entry import Activation
from activations._notation import x

from .. import known
from ..drawing import inline, plots
from ..drawing.ink import DASHES, LOOK, pen
from ..drawing.plots import Drawing, Thumbnail
from ..evaluation import torch_side
from ..evaluation.agreement import check_scalar
from ..evaluation.formula import at, numeric, pieces
from ..facts import closed_forms, scalar, values, words
from ..facts.fact import Row
from ..printing.latex import latex

check = check_scalar


def facts(entry: Activation) -> dict[str, Any]:
    """Exact facts of the formula at the shown setting, and autograd's choice at each kink."""
    expr = at(entry, entry.setting)
    found = known.found("facts", expr, lambda: scalar.facts(expr))
    kinks = found["kinks"]
    if kinks:
        picks = torch_side.slopes(entry, entry.setting, [kink["x"] for kink in kinks])
        for kink, pick in zip(kinks, picks, strict=True):
            kink["autograd"] = pick
    return found


def rows(entry: Activation, facts: dict[str, Any]) -> list[Row]:
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
            rf"${words.about(low)}$ at $-\infty$, ${words.about(high)}$ at $\infty$",
            {"-inf": values.number(low), "+inf": values.number(high)},
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
            Row(key, label, _set(facts[name]), [*map(values.place, facts[name])])
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


def _steepest(facts: dict[str, Any]) -> str:
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


def _set(places: list[Any]) -> str:
    """Points and intervals in words."""
    found = [
        f"all of ${words.extent(place)}$" if isinstance(place, dict) else f"${words.about(place)}$"
        for place in places
    ]
    return ", ".join(found) or "none"


def _gaussian(facts: dict[str, Any]) -> list[Row]:
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


def tables(entry: Activation) -> list[str]:
    """How the facts depend on each parameter, as Markdown tables; then what is known of it in
    closed form."""
    found = [_swept(entry, argument) for argument in entry.sweep]
    forms = known.found("closed forms", closed_forms.depends(entry), lambda: _forms(entry))
    if forms:
        head = "| Fact, near the shown setting | Closed form |\n| --- | --- |\n"
        found.append(head + "".join(f"| {name} | ${form}$ |\n" for name, form in forms.items()))
    return found


def _forms(entry: Activation) -> dict[str, str]:
    """The closed forms in LaTeX, by the names of the facts."""
    return {name: latex(value) for name, value in closed_forms.forms(entry).items()}


def _swept(entry: Activation, argument: str) -> str:
    symbol = latex(entry.parameters[argument].symbol)
    lines = [
        f"| ${symbol}$ | Range | Slope at 0 | Largest slope | Mean | Gain | Backward gain |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for value in entry.sweep[argument]:
        found = _outline(at(entry, {**entry.setting, argument: value}))
        left, right = (words.tex(s) for s in found["slope_at_zero"])
        moments = found["gaussian"]
        cells = [
            f"${words.tex(value)}$",
            f"${words.extent(found['range'])}$",
            f"${left}$" if left == right else f"${left}$, ${right}$",
            f"${words.tex(found['lipschitz'])}$",
            *(f"${words.tex(moments[key])}$" for key in ("mean", "gain", "backward_gain")),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _outline(expr: Expr) -> dict[str, Any]:
    outline: dict[str, Any] = known.found("outline", expr, lambda: scalar.outline(expr))
    return outline


def drawings(entry: Activation, facts: dict[str, Any]) -> list[Drawing]:
    sweeps = [_sweep(entry, name) for name in entry.sweep]
    bend = _curvature(entry, facts)
    return [_curve(entry, facts), *([bend] if bend else []), *sweeps]


def _curve(entry: Activation, facts: dict[str, Any]) -> Drawing:
    """f and f′ in the entry's window, with the kinks and jumps marked."""
    figure, (ax,) = plots.axes()
    heights = []
    for xs in plots.stretches(entry.window, [kink["x"] for kink in facts["kinks"]]):
        for role, compute in (("df", torch_side.slopes), ("f", torch_side.values)):
            ys = compute(entry, entry.setting, xs)
            ax.plot(xs, ys, **LOOK[role])
            heights += ys
    for kink in facts["kinks"]:
        mark(ax, entry, kink)
    plots.window(ax, entry.window, heights)
    plots.legend(figure, {"f(x)": LOOK["f"], "f′(x)": LOOK["df"]}, 2)
    shown = words.settings(entry.setting, {a: p.symbol for a, p in entry.parameters.items()})
    caption = f"{entry.name} and its derivative" + (f", {shown}." if shown else ".")
    svg = inline.svg(figure, f"{entry.slug}-c")
    return Drawing("curve", svg, _alt(entry, facts), caption, plots.frame(figure))


def _curvature(entry: Activation, facts: dict[str, Any]) -> Drawing | None:
    """f″ from the formula, unless it is 0 wherever it exists."""
    parts = pieces(at(entry, entry.setting))
    seconds = [part.expr.diff(x, 2) for part in parts]
    if not any(seconds):
        return None
    cuts = [float(part.upper) for part in parts[:-1]]
    figure, (ax,) = plots.axes(height=2.8, rows=0, beside=plots.NAMED)
    heights = []
    for xs in plots.stretches(entry.window, cuts, count=161):
        middle = (xs[0] + xs[-1]) / 2
        place = next(i for i, part in enumerate(parts) if middle < float(part.upper))
        second = numeric(seconds[place])
        ys = [float(second(mpf(p))) for p in xs]
        ax.plot(xs, ys, **LOOK["ddf"])
        heights += ys
    plots.window(ax, entry.window, heights)
    ax.set_ylabel("f″(x)")
    low, high = words.plain(min(heights), 3), words.plain(max(heights), 3)
    bends = ", ".join(words.plain(p) for p in facts["inflections"]) or "nowhere"
    return Drawing(
        "curvature",
        inline.svg(figure, f"{entry.slug}-d"),
        f"Plot of the second derivative of {entry.name} for x from {words.plain(entry.window[0])}"
        f" to {words.plain(entry.window[1])}: from {low} to {high}; inflection points: {bends}.",
        f"The second derivative of {entry.name}.",
    )


def mark(ax: Axes, entry: Activation, kink: dict[str, Any]) -> None:
    """Closed dots for the value and for the slope that autograd picks, open ones for the rest."""
    (value,) = torch_side.values(entry, entry.setting, [kink["x"]])
    for side in sorted({kink["left"], kink["right"]} - {kink["autograd"]}):
        plots.dot(ax, kink["x"], side, "df", closed=False)
    plots.dot(ax, kink["x"], kink["autograd"], "df", closed=True)
    for limit in sorted(set(kink["values"]) - {value}):
        plots.dot(ax, kink["x"], limit, "f", closed=False)
    plots.dot(ax, kink["x"], value, "f", closed=True)


def _alt(entry: Activation, facts: dict[str, Any]) -> str:
    """The plot in words, made from the computed facts."""
    low, high = entry.window
    ends = torch_side.values(entry, entry.setting, [float(low), float(high)])
    text = (
        f"Plot of {entry.name} and its derivative for x from {words.plain(low)} to"
        f" {words.plain(high)}. f is {words.plain(ends[0])} at the left end,"
        f" {words.plain(facts['value_at_zero'])} at 0 and {words.plain(ends[1])} at the right end"
        f"; monotone: {facts['monotone']}."
    )
    if facts["minimum"] and "interval" not in facts["minimum"]:
        text += (
            f" Its minimum is {words.plain(facts['minimum']['y'])}"
            f" at x = {words.plain(facts['minimum']['x'])}."
        )
    for kink in facts["kinks"]:
        kind = "jump" if kink["order"] == 0 else "kink"
        text += (
            f" At x = {words.plain(kink['x'])} there is a {kind}: the slope is"
            f" {words.plain(kink['left'])} on the left and"
            f" {words.plain(kink['right'])} on the right."
        )
    return text


def _sweep(entry: Activation, argument: str) -> Drawing:
    """f and f′ side by side for each swept value of one parameter."""
    symbol = words.greek(entry.parameters[argument].symbol)
    figure, (left, right) = plots.axes(7.6, 3.2, 2, rows=2)
    sides: list[tuple[Axes, str, str, list[float]]]
    sides = [(left, "f", "f(x)", []), (right, "df", "f′(x)", [])]
    computed = (torch_side.values, torch_side.slopes)
    legend = {}
    for value, dashes in zip(entry.sweep[argument], itertools.cycle(DASHES), strict=False):
        setting = {**entry.setting, argument: value}
        width = 2.4 if value == entry.setting[argument] else 1.4
        look = pen("f", linestyle=dashes, linewidth=width)
        legend[f"{symbol} = {words.plain(value)}"] = look
        cuts = [float(piece.upper) for piece in pieces(at(entry, setting))[:-1]]
        for xs in plots.stretches(entry.window, cuts, count=241):
            for (ax, role, _, heights), compute in zip(sides, computed, strict=True):
                ys = compute(entry, setting, xs)
                ax.plot(xs, ys, **{**look, **pen(role)})
                heights += ys
    for ax, _, title, heights in sides:
        plots.window(ax, entry.window, heights)
        ax.set_title(title)
    plots.legend(figure, legend, len(legend), loc="upper center")
    listed = ", ".join(words.plain(v) for v in entry.sweep[argument])
    bold = entry.setting[argument]
    note = (
        ""
        if bold not in entry.sweep[argument]
        else f" The thick line is {symbol} = {words.plain(bold)}."
    )
    return Drawing(
        f"sweep-{argument}",
        inline.svg(figure, f"{entry.slug}-{argument}"),
        f"Two plots of {entry.name} for {symbol} = {listed}: the function and its derivative.",
        f"{entry.name} (left) and its derivative (right) for {symbol} = {listed}.{note}",
    )


def thumbnail(entry: Activation) -> Thumbnail:
    """f on [-4, 4], cut where it jumps or leaves the window."""
    cuts = [float(piece.upper) for piece in pieces(at(entry, entry.setting))[:-1]]
    curves = []
    for xs in plots.stretches((-4, 4), cuts, count=65):
        points = zip(xs, torch_side.values(entry, entry.setting, xs), strict=True)
        curves.append([(p, y) for p, y in points if abs(y) <= 4.2])
    return plots.thumbnail([c for c in curves if c])
