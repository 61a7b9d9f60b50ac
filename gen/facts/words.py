"""Numbers and facts in words, for pages and text alternatives."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sympy import Symbol

    from activations._entry import Activation

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def plain(value: float | str, digits: int = 4) -> str:
    """A number for running text: 0.25, −1.278, ∞."""
    value = float(value)
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value and not 1e-4 <= abs(value) < 1e6:
        mantissa, power = f"{value:.{digits - 1}e}".split("e")
        return f"{float(mantissa):g}·10{str(int(power)).translate(RAISED)}".replace("-", "−")
    return f"{value:.{digits}g}".replace("-", "−")


def tex(value: float | str, digits: int = 4) -> str:
    """The same in LaTeX, without delimiters."""
    value = float(value)
    if math.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    if value and not 1e-4 <= abs(value) < 1e6:
        mantissa, power = f"{value:.{digits - 1}e}".split("e")
        return rf"{float(mantissa):g}\cdot 10^{{{int(power)}}}"
    return f"{value:.{digits}g}"


def is_rounded(value: float | str, digits: int) -> bool:
    """Whether writing the number with so many digits changes it."""
    value = float(value)
    return abs(float(f"{value:.{digits}g}") - value) > 1e-14 * abs(value)


def equals(value: float | str, digits: int = 8) -> str:
    """`= 0.25` or `≈ 1.0998393` in LaTeX."""
    return (
        rf"\approx {tex(value, digits)}" if is_rounded(value, digits) else f"= {tex(value, digits)}"
    )


def about(value: float | str, digits: int = 8) -> str:
    """`0.25` or `≈ 1.0998393` in LaTeX."""
    return equals(value, digits).removeprefix("= ")


def greek(symbol: "Symbol") -> str:
    """A symbol as one writes it in text: α for alpha."""
    from sympy import pretty  # not above: a run that finds nothing changed imports no SymPy

    return pretty(symbol, use_unicode=True)


def between(low: str, low_closed: bool, high: str, high_closed: bool) -> str:
    """An interval by its ends as written, with the brackets that say which belong to it."""
    return f"{'[' if low_closed else '('}{low}, {high}{']' if high_closed else ')'}"


def interval(low: float | str, low_closed: bool, high: float | str, high_closed: bool) -> str:
    """An interval in LaTeX."""
    rounded = r"\approx " if is_rounded(low, 5) or is_rounded(high, 5) else ""
    return rounded + between(tex(low, 5), low_closed, tex(high, 5), high_closed)


def extent(found: Any) -> str:
    """A range or an interval of the facts, in LaTeX."""
    return interval(found.lower, found.lower_attained, found.upper, found.upper_attained)


SMOOTHNESS = {
    "discontinuous": "no: the value jumps",
    "C0": "no: continuous, but the slope jumps",
    "C1": "once: the slope is continuous, the curvature jumps",
    "C2": "twice: the curvature is continuous, its slope jumps",
    "analytic": "yes: analytic",
}


def smooth(facts: Any) -> str:
    """How smooth the function is; nothing where that is not known."""
    return told_smoothness(facts.smoothness) if facts.smoothness else ""


def told_smoothness(smoothness: str) -> str:
    """A degree of smoothness, C3 and so on too."""
    count = smoothness.removeprefix("C")
    beyond = f"{count} times: the derivative of order {count} is continuous, the next jumps"
    return SMOOTHNESS.get(smoothness, beyond)


def setting(entry: "Activation") -> str:
    """`α = 0.5, β = 2`: what a page shows; the empty string where there is nothing to set."""
    return ", ".join(
        f"{greek(entry.parameters[name].symbol)} {'≈' if is_rounded(v, 4) else '='} {plain(v)}"
        for name, v in entry.setting.items()
    )


def special(text: str) -> str:
    """Numbers as measured, `nan, -0.0`, as one writes them: NaN, −0."""
    return ", ".join(_word(number) for number in text.split(", "))


def _word(number: str) -> str:
    if number.split(" ")[-1] in ("nan", "infinite", "finite"):
        return number.replace("nan", "NaN")
    if number in ("inf", "-inf"):
        return plain(number)
    return "−0" if number == "-0.0" else whole(float(number), 3)


def whole(value: float, digits: int) -> str:
    """As `plain`, with all digits of the integer part below a million."""
    if 10**digits - 0.5 <= abs(value) < 1e6:
        return f"{value:.0f}".replace("-", "−")
    return plain(value, digits)


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, or `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
