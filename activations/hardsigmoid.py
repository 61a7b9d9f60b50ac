from sympy import Abs, Max, Min, Rational, S
from torch import nn

from ._entry import Activation, Composition, Counterpart, Tolerance
from ._notation import cases, x

hardsigmoid = Activation(
    name="Hardsigmoid",
    title="Hard sigmoid",
    family="sigmoidal",
    summary="A straight line from 0 at −3 to 1 at 3, flat beyond: a sigmoid without exponentials.",
    formula=Max(0, Min(1, x / 6 + S.Half)),
    derivative=cases((Rational(1, 6), Abs(x) < 3), (0, Abs(x) > 3)),
    torch=nn.Hardsigmoid,
    papers=("courbariaux2015binaryconnect", "howard2019searching", "gulcehre2016noisy"),
    models={"MobileNetV3": "howard2019searching"},
    aliases=("h-sigmoid", "piecewise-linear sigmoid"),
    tolerances=(Tolerance("slope", 6e-9, "torch keeps the slope 1/6 as a float32 number"),),
    elsewhere=(
        Counterpart("jax", "jax.nn.hard_sigmoid(x)"),
        Counterpart("flax", "nnx.hard_sigmoid(x)"),
        Counterpart("keras", "keras.ops.hard_sigmoid(x)"),
        Counterpart(
            "keras2",
            "tf_keras.activations.hard_sigmoid(x)",
            computes=Max(0, Min(1, x / 5 + S.Half)),
        ),
        Composition("tensorflow", "tf.nn.relu6(x + 3.0) / 6.0"),
        Counterpart(
            "onnx",
            "HardSigmoid<alpha: float = 0.16666667, beta: float = 0.5>(x)",
            own="HardSigmoid(x)",
            computes=Max(0, Min(1, x / 5 + S.Half)),
        ),
        Composition("mlx", "nn.relu6(x + 3.0) / 6.0"),
        Counterpart("timm", 'get_act_fn("hard_sigmoid")(x)'),
    ),
)
