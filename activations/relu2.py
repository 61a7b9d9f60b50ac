import torch
import torch.nn.functional as F
from sympy import Max
from torch import Tensor, nn

from ._entry import Activation, Composition, Counterpart
from ._notation import x


class ReLU2(nn.Module):
    """max(0, x)²; the input may have any shape."""

    def forward(self, input: Tensor) -> Tensor:
        return torch.square(F.relu(input))


relu2 = Activation(
    name="Squared ReLU",
    title="Squared Rectified Linear Unit",
    family="rectifier",
    summary="The square of the positive part: 0 for negative inputs, x² for positive ones.",
    formula=Max(0, x) ** 2,
    torch=ReLU2,
    papers=("so2021searching", "zhang2024relu2"),
    aliases=("ReLU²", "relu2", "sqrelu", "ReLU squared"),
    elsewhere=(
        Composition("jax", "jnp.square(jax.nn.relu(x))"),
        Composition("keras", "keras.ops.square(keras.ops.relu(x))"),
        Composition("tensorflow", "tf.square(tf.nn.relu(x))"),
        Composition("onnx", "z = Relu(x)\ny = Mul(z, z)"),
        Counterpart("mlx", "nn.relu2(x)"),
        Counterpart("transformers", 'ACT2FN["relu2"](x)'),
        Counterpart(
            "timm",
            "from timm.models.metaformer import SquaredReLU\ny = SquaredReLU()(x)",
        ),
        Counterpart(
            "packages",
            "from x_transformers.x_transformers import ReluSquared\ny = ReluSquared()(x)",
        ),
    ),
)
