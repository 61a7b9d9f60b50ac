from sympy import Abs, Max, Min, Rational, S
from torch import nn

from ._entry import Activation, Tolerance
from ._notation import cases, x

hardsigmoid = Activation(
    name="Hardsigmoid",
    title="Hard sigmoid",
    family="sigmoidal",
    summary="A straight line from 0 at −3 to 1 at 3, flat beyond: a sigmoid without exponentials.",
    formula=Max(0, Min(1, x / 6 + S.Half)),
    derivative=cases((Rational(1, 6), Abs(x) < 3), (0, Abs(x) > 3)),
    torch=nn.Hardsigmoid,
    papers=("courbariaux2015binaryconnect", "howard2019searching", "gulcehre2016noisy"),
    aliases=("h-sigmoid", "piecewise-linear sigmoid"),
    tolerances=(Tolerance("slope", 6e-9, "torch keeps the slope 1/6 as a float32 number"),),
)
