from sympy import Max, Min
from torch import nn

from ._entry import Activation
from ._notation import cases, x

relu6 = Activation(
    name="ReLU6",
    title="Rectified Linear Unit capped at 6",
    family="rectifier",
    summary="ReLU with a ceiling: the input clipped to the interval from 0 to 6.",
    formula=Min(Max(0, x), 6),
    derivative=cases((1, (x > 0) & (x < 6)), (0, (x < 0) | (x > 6))),
    torch=nn.ReLU6,
    papers=("krizhevsky2010convolutional", "howard2017mobilenets", "sandler2018mobilenetv2"),
    window=(-4, 10),
)
