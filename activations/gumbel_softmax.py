import torch.nn.functional as F
from sympy import KroneckerDelta, Sum, exp

from ._entry import Activation, Composition, Noise, Parameter
from ._notation import K, gs, i, j, k, tau, xs, ys

gumbel_softmax = Activation(
    name="Gumbel-Softmax",
    title="Gumbel-Softmax",
    family="softmax",
    kind="vector",
    summary="A random, differentiable stand-in for drawing one class from a softmax.",
    formula=exp((xs[i] + gs[i]) / tau) / Sum(exp((xs[j] + gs[j]) / tau), (j, 1, K)),
    derivative=ys[i] * (KroneckerDelta(i, k) - ys[k]) / tau,
    torch=F.gumbel_softmax,
    papers=("jang2017categorical", "maddison2017concrete"),
    aliases=("Concrete distribution", "concrete relaxation"),
    parameters={"tau": Parameter(tau, "temperature: near 0 the sample is almost one-hot")},
    noise=Noise(gs, "independent standard Gumbel draws, −log(−log U) with U uniform on (0, 1)"),
    sweep={"tau": (0.1, 1, 10)},
    arguments={
        "hard": "return the one-hot winner, with the gradient of the soft sample",
        "eps": "unused; deprecated",
        "dim": "axis along which the outputs sum to 1",
    },
    elsewhere=(
        Composition("jax", "jax.nn.softmax((x + g) / 1.0)"),
        Composition("keras", "keras.ops.softmax((x + g) / 1.0)"),
        Composition("tensorflow", "tf.nn.softmax((x + g) / 1.0)"),
        Composition("onnx", ("z = Add(x, g)\ny = Softmax(z)")),
        Composition("mlx", "nn.softmax((x + g) / 1.0)"),
    ),
)
