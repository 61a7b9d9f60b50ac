"""Tables of f, f′ and f″ for functions of one number, computed from the formula."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from mpmath import mpf
from sympy import Expr

from activations._entry import Activation
from activations._notation import x

from ..evaluation.formula import Piece, at, high_precision, numeric, pieces
from .limits import SAME, number, to_mpf

GRID = [tenths / 10 for tenths in range(-60, 61)]
HEADER = ("x", "f", "df", "d2f")


def table(entry: Activation) -> str:
    """The text of `/samples/<slug>.csv`, at the shown setting, in RFC 4180's form.

    Rows are at GRID and wherever two pieces of the formula meet; there a derivative that does not
    exist is an empty cell, and so is every higher one.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(rows(at(entry, entry.setting)))
    return text.getvalue()


def rows(expr: Expr) -> list[list[float | str]]:
    """[x, f, f′, f″] at each point, with "" for a derivative that does not exist there."""
    with high_precision():
        parts = pieces(expr)
        f = numeric(expr)
        derivatives = [[numeric(p.expr.diff(x, order)) for order in range(3)] for p in parts]
        joints = {float(to_mpf(p.upper)): to_mpf(p.upper) for p in parts[:-1]}
        found = []
        for point in sorted({*GRID, *joints}):
            place = joints.get(point, mpf(point))
            sides = [
                [derivative(place) for derivative in derivatives[n]]
                for n, part in enumerate(parts)
                if _reaches(part, place)
            ]
            found.append([point, *_orders(f(place), sides)])
        return found


def _reaches(part: Piece, place: Any) -> bool:
    """Whether the point lies in the piece or at one of its ends."""
    return bool(to_mpf(part.lower) <= place <= to_mpf(part.upper))


def _orders(value: Any, sides: Sequence[Sequence[Any]]) -> list[float | str]:
    """The value, then each derivative on which both sides agree, up to the first that breaks."""
    exists = all(abs(side[0] - value) < SAME for side in sides)
    found: list[float | str] = [number(value)]
    for order in (1, 2):
        known = sides[0][order]
        exists = exists and all(abs(side[order] - known) < SAME for side in sides)
        found.append(number(known) if exists else "")
    return found
