"""Where a function of one number, or its slope, jumps."""

import math
from typing import Annotated, Any, Literal, NamedTuple

from . import words
from .analysis import Analysis
from .family import Part, Place
from .limits import number


class Limits(NamedTuple):
    left: Annotated[float, Place("left", "limit from the left")]
    right: Annotated[float, Place("right", "limit from the right")]


class Kink(Part):
    x: float
    """the point"""
    order: Literal[0, 1]
    """0 if f jumps, 1 if only its slope does"""
    left: float
    """slope from the left"""
    right: float
    """slope from the right"""
    values: Limits
    """the limits of f there"""
    autograd: float
    """slope that torch returns there, in float64"""


def kinks_of(it: Analysis) -> list[Kink]:
    """Where f or its slope jumps; what autograd picks there is not known yet."""
    found = []
    for joint in it.joints:
        if joint.broken in (0, 1):
            order: Any = joint.broken
            left, right = map(number, joint.sides(1))
            values = Limits(*map(number, joint.sides(0)))
            found.append(
                Kink(
                    x=number(joint.at),
                    order=order,
                    left=left,
                    right=right,
                    values=values,
                    autograd=math.nan,
                )
            )
    return found


def told_kinks(facts: Any) -> str:
    return "; ".join(map(_told_kink, facts.kinks)) or "none"


def _told_kink(kink: Kink) -> str:
    what = "kink"
    if kink.order == 0:
        what = f"jump from ${words.tex(kink.values.left)}$ to ${words.tex(kink.values.right)}$"
    slopes = (words.about(slope, 6) for slope in (kink.left, kink.right, kink.autograd))
    left, right, pick = (f"${slope}$" for slope in slopes)
    return f"$x = {words.tex(kink.x)}$: {what}, slopes {left} and {right}, autograd picks {pick}"
