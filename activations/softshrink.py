from sympy import Abs, S
from torch import nn

from ._entry import Activation, Composition, Counterpart, Parameter
from ._notation import cases, lamda, x

softshrink = Activation(
    name="Softshrink",
    title="Soft shrinkage",
    family="shrinkage",
    summary="The input moved towards zero by λ, and 0 within λ of it.",
    formula=cases((x - lamda, x > lamda), (x + lamda, x < -lamda), (0, Abs(x) <= lamda)),
    derivative=cases((1, Abs(x) > lamda), (0, Abs(x) < lamda)),
    torch=nn.Softshrink,
    papers=("donoho1994ideal", "donoho1995denoising"),
    aliases=("soft thresholding", "proximal operator of the absolute value"),
    parameters={"lambd": Parameter(lamda, "half-width of the band that is set to zero")},
    sweep={"lambd": (0.25, 0.5, 1)},
    window=(-3, 3),
    elsewhere=(
        Composition("jax", "jnp.where(jnp.abs(x) <= 0.5, 0.0, x - 0.5 * jnp.sign(x))"),
        Counterpart("keras", "keras.ops.soft_shrink(x)"),
        Composition("tensorflow", "tf.where(tf.abs(x) <= 0.5, 0.0, x - 0.5 * tf.sign(x))"),
        Counterpart(
            "onnx",
            "Shrink<bias: float = 0.5>(x)",
            own="Shrink(x)",
            computes=cases((x, Abs(x) > S.Half), (0, Abs(x) <= S.Half)),
        ),
        Counterpart("mlx", "nn.softshrink(x)"),
    ),
)
