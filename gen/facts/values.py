"""Facts as values, and how a value is written in LaTeX, SymPy and Python.

A value is a number (an infinity is a float), a text, true or false, None, an `Extent`, or a
tuple (ordered), list (a set of places), `Part` or dictionary (parts by name) of values. The three
writings say the same with the same digits: the shortest that give the 64-bit float back.
"""

import math
import re
from typing import Any

from .family import Extent, Part

SPECIAL = re.compile(r"[$%&#_{}\\]")


def python(value: Any) -> str:
    """Python; an extent is the pair of its ends."""
    match value:
        case bool() | None | str():
            return _quoted(value) if isinstance(value, str) else repr(value)
        case Extent():
            return python((value.lower, value.upper))
        case int() | float():
            return _digits(value, "math.inf")
    return _container(value, python)


def sympy(value: Any) -> str:
    """SymPy; texts and containers are Python's own."""
    match value:
        case bool():
            return "true" if value else "false"
        case None:
            return "None"
        case str():
            return _quoted(value)
        case Extent():
            ends = f"{_digits(value.lower, 'oo')}, {_digits(value.upper, 'oo')}"
            return f"Interval({ends}, {not value.lower_attained}, {not value.upper_attained})"
        case int() | float():
            digits = _digits(value, "oo")
            exact = math.isinf(value) or isinstance(value, int) or value.is_integer()
            return digits if math.isinf(value) else f"{'Integer' if exact else 'Float'}({digits})"
    return _container(value, sympy)


def latex(value: Any) -> str:
    """LaTeX, without delimiters."""
    match value:
        case bool() | None:
            return rf"\text{{{ {True: 'yes', False: 'no', None: 'none'}[value] }}}"
        case str():
            plain = SPECIAL.sub(lambda sign: chr(92) + sign[0], value.replace("−", "-"))
            return rf"\text{{{plain}}}"
        case Extent():
            opening = "[" if value.lower_attained else "("
            closing = "]" if value.upper_attained else ")"
            return rf"\left{opening}{latex(value.lower)}, {latex(value.upper)}\right{closing}"
        case int() | float():
            mantissa, _, power = _digits(value, r"\infty").partition("e")
            return rf"{mantissa} \cdot 10^{{{int(power)}}}" if power else mantissa
        case tuple():
            return rf"\left({', '.join(map(latex, value))}\right)"
        case list():
            inside = ", ".join(map(latex, value))
            return rf"\left\{{{inside}\right\}}" if value else r"\emptyset"
    inside = r",\; ".join(f"{_name(key)} {latex(part)}" for key, part in _parts(value).items())
    return rf"\left({inside}\right)"


def _name(key: str) -> str:
    """A part's name with its sign: an end of the axis, a letter, or a word."""
    if key in ("-inf", "+inf"):
        return rf"{latex(float(key))} \to"
    return f"{key} =" if len(key) == 1 else rf"\text{{{key}}} ="


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _digits(value: float, infinity: str) -> str:
    """The shortest decimal that gives the number back; whole numbers without a point."""
    if math.isinf(value):
        return infinity if value > 0 else f"-{infinity}"
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return repr(value)


def _parts(value: Any) -> dict[str, Any]:
    return value.named() if isinstance(value, Part) else value


def _container(value: Any, show: Any) -> str:
    if isinstance(value, dict | Part):
        parts = _parts(value).items()
        return "{" + ", ".join(f"{_quoted(key)}: {show(part)}" for key, part in parts) + "}"
    inside = ", ".join(map(show, value))
    if isinstance(value, list):
        return f"[{inside}]"
    return f"({inside},)" if len(value) == 1 else f"({inside})"
