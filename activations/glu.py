from torch import nn

from ._entry import Activation
from ._notation import a, b, sigma

glu = Activation(
    name="GLU",
    title="Gated Linear Unit",
    family="gate",
    kind="gated",
    summary="Half of the input times the sigmoid of the other half.",
    formula=a * sigma(b),
    torch=nn.GLU,
    papers=("dauphin2017language", "shazeer2020glu"),
    arguments={"dim": "axis that is cut into two halves"},
)
