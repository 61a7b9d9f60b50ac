from sympy import Abs
from torch import nn

from ._entry import Activation, Composition, Counterpart, Parameter
from ._notation import cases, lamda, x

hardshrink = Activation(
    name="Hardshrink",
    title="Hard shrinkage",
    family="shrinkage",
    summary="The input where it is farther than λ from zero, 0 elsewhere.",
    formula=cases((x, Abs(x) > lamda), (0, Abs(x) <= lamda)),
    derivative=cases((1, Abs(x) > lamda), (0, Abs(x) < lamda)),
    torch=nn.Hardshrink,
    papers=("donoho1994ideal", "konda2014zero"),
    aliases=("hard thresholding", "TLin", "thresholded linear unit"),
    parameters={"lambd": Parameter(lamda, "half-width of the band that is set to zero")},
    sweep={"lambd": (0.25, 0.5, 1)},
    window=(-3, 3),
    elsewhere=(
        Composition("jax", "jnp.where(jnp.abs(x) <= 0.5, 0.0, x)"),
        Counterpart("keras", "keras.ops.hard_shrink(x)"),
        Composition("tensorflow", "tf.where(tf.abs(x) <= 0.5, 0.0, x)"),
        Counterpart("onnx", "Shrink(x)"),
        Counterpart("mlx", "nn.hard_shrink(x)"),
    ),
)
