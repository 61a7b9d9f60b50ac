from torch import nn

from ._entry import Activation
from ._notation import x

identity = Activation(
    name="Identity",
    title="Identity",
    family="linear",
    summary="The input, unchanged.",
    formula=x,
    torch=nn.Identity,
    papers=("leshno1993multilayer",),
    aliases=("linear activation", "no activation"),
)
