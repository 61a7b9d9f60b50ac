from torch import nn

from ._entry import Activation, Parameter
from ._notation import a, cases, x

prelu = Activation(
    name="PReLU",
    title="Parametric Rectified Linear Unit",
    family="rectifier",
    summary="Leaky ReLU whose negative slope a is learned with the weights.",
    formula=cases((x, x > 0), (a * x, x <= 0)),
    derivative=cases((1, x > 0), (a, x < 0)),
    torch=nn.PReLU,
    papers=("he2015delving", "xu2015empirical"),
    aliases=("parametric ReLU",),
    parameters={"init": Parameter(a, "slope of the negative side at the start", learnable=True)},
    sweep={"init": (0, 0.25, 1)},
    arguments={"num_parameters": "1 for one slope in all, or the number of channels for one each"},
)
