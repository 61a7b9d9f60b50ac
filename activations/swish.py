import torch
from torch import Tensor, nn

from ._entry import Activation, Composition, Counterpart, Parameter
from ._notation import beta, sigma, x


class Swish(nn.Module):
    """x·σ(βx) with a learnable β; the input may have any shape."""

    def __init__(self, beta: float = 1.0) -> None:
        super().__init__()
        self.beta = nn.Parameter(torch.tensor(float(beta)))

    def forward(self, input: Tensor) -> Tensor:
        return input * torch.sigmoid(self.beta * input)


gate = sigma(beta * x)

swish = Activation(
    name="Swish",
    title="Swish",
    family="self-gated",
    summary="The input times a sigmoid gate of sharpness β: SiLU at β = 1, near ReLU at large β.",
    formula=x * gate,
    derivative=gate * (1 + beta * x * (1 - gate)),
    second_derivative=beta * gate * (1 - gate) * (2 + beta * x * (1 - 2 * gate)),
    torch=Swish,
    papers=("ramachandran2017searching", "elfwing2018sigmoid", "hendrycks2016gelu"),
    aliases=("Swish-β",),
    parameters={"beta": Parameter(beta, "sharpness of the gate", learnable=True)},
    sweep={"beta": (0.1, 1, 4)},
    elsewhere=(
        Counterpart("jax", "jax.nn.swish(x)"),
        Counterpart("flax", "nnx.swish(x)"),
        Counterpart("keras", "keras.ops.swish(x)"),
        Counterpart("tensorflow", "tf.nn.swish(x)"),
        Counterpart("onnx", "Swish(x)"),
        Composition("mlx", "x * mx.sigmoid(1.0 * x)"),
        Counterpart("transformers", 'ACT2FN["swish"](x)'),
        Counterpart("timm", 'get_act_fn("swish")(x)'),
    ),
)
