from torch import nn

from ._entry import Activation, Parameter
from ._notation import alpha, cases, x

leaky_relu = Activation(
    name="Leaky ReLU",
    title="Leaky Rectified Linear Unit",
    family="rectifier",
    summary="The identity above zero, a line of small slope α below.",
    formula=cases((x, x > 0), (alpha * x, x <= 0)),
    derivative=cases((1, x > 0), (alpha, x < 0)),
    torch=nn.LeakyReLU,
    papers=("maas2013rectifier", "xu2015empirical"),
    aliases=("LReLU", "leaky rectifier"),
    parameters={"negative_slope": Parameter(alpha, "slope of the negative side")},
    sweep={"negative_slope": (0.01, 0.1, 0.3)},
)
