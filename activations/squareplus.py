import torch
from sympy import sqrt
from torch import Tensor, nn

from ._entry import Activation, Counterpart, Parameter
from ._notation import b, x


class Squareplus(nn.Module):
    """(x + √(x² + b)) / 2 without cancelling at negative x; the input may have any shape."""

    def __init__(self, bend: float = 4.0) -> None:
        super().__init__()
        self.bend = bend

    def forward(self, input: Tensor) -> Tensor:
        root = torch.sqrt(input.square() + self.bend)
        left = self.bend / (2 * (root - input.clamp(max=0)))
        return torch.where(input > 0, (input + root) / 2, left)


squareplus = Activation(
    name="Squareplus",
    title="Squareplus",
    family="exponential",
    summary="A smooth ReLU of algebraic operations alone: a hyperbola that bends around 0.",
    formula=(x + sqrt(x**2 + b)) / 2,
    torch=Squareplus,
    papers=("barron2021squareplus",),
    aliases=("algebraic softplus",),
    parameters={"bend": Parameter(b, "how wide the bend is: at 0 the output is √b/2")},
    sweep={"bend": (0.25, 1, 4)},
    elsewhere=(
        Counterpart("jax", "jax.nn.squareplus(x)"),
        Counterpart("keras", "keras.activations.squareplus(x)"),
    ),
)
