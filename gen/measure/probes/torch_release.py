"""python torch_release.py: what the torch that imports here says and does of activations, as JSON.

It runs in the virtual environment of each torch version, so it imports torch and the standard
library only, and nothing that a torch of 2023 lacks.
"""

import inspect
import json
import math
import re
import sys
import warnings
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Functions of torch.nn.functional that map a tensor to a tensor but activate nothing.
OTHER_FUNCTIONS = {
    "alpha_dropout": "regularisation",
    "dropout": "regularisation",
    "dropout1d": "regularisation",
    "dropout2d": "regularisation",
    "dropout3d": "regularisation",
    "feature_alpha_dropout": "regularisation",
    "normalize": "scales to unit norm",
    "pdist": "distances between rows",
}

POSITIVE = (0.001, 0.25, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 20.0, 20.5, 100.0, 1000.0)
GRID = (*(-p for p in reversed(POSITIVE)), -0.0, 0.0, *POSITIVE)
SPECIAL = {"+inf": math.inf, "-inf": -math.inf, "nan": math.nan}
ROWS = (8, 4)  # the grid as rows of neighbours, so that a softmax of a row is not one-hot
IMAGES = {"Softmax2d": (1, 4, 2, 4)}  # what works on images alone, and the shape it is given
PRECISION = {"float64": 12, "float32": 7}  # significant digits that are recorded
DTYPES = ("float64", "float32", "float16", "bfloat16", "int64", "complex64")

# What has no default, as ((arguments of the constructor), (arguments after the input)).
GIVEN: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "Threshold": ((0.5, -1.0), ()),
    "threshold": ((), (0.5, -1.0)),
}


def functions_of_torch() -> set[str]:
    """Names in torch.nn.functional that behave like activations, or that its modules call."""
    source = inspect.getsource(nn.modules.activation)
    called = set(re.findall(r"\bF\.([a-z]\w*)\(", source)) - {"multi_head_attention_forward"}
    found = {name for name in called if not name.startswith("_")}
    for name, function in list(vars(F).items()):  # a call may import, and so add names
        if name.startswith("_") or not callable(function) or inspect.isclass(function):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                result = function(torch.randn(2, 4))
            except Exception:
                continue
        if isinstance(result, Tensor):
            found.add(name.removesuffix("_"))
    return found - set(OTHER_FUNCTIONS)


def capability() -> str:
    """The processor's instructions that torch uses, such as AVX512."""
    found = re.search(r"CPU capability usage: (\S+)", torch.__config__.show())
    return found[1] if found else "unknown"


def report() -> dict[str, Any]:
    """The version, the processor, the inputs, and what was found of each name: field -> text."""
    warnings.simplefilter("ignore")
    modules = {f"torch.nn.{name}": getattr(nn, name) for name in nn.modules.activation.__all__}
    names = sorted(functions_of_torch() | {"scaled_dot_product_attention"})
    functions = {f"torch.nn.functional.{n}": getattr(F, n) for n in names if hasattr(F, n)}
    return {
        "torch": torch.__version__.split("+")[0],
        "capability": capability(),
        "grid": GRID,
        "names": {name: record(name, thing) for name, thing in {**modules, **functions}.items()},
    }


def record(name: str, thing: Callable[..., Any]) -> dict[str, str]:
    call = callable_of(name, thing)
    shape = IMAGES.get(name.rpartition(".")[2], ROWS)
    found = {"signature": signature(thing)}
    for dtype in PRECISION:
        found |= {f"{dtype} {what}": text for what, text in numbers(call, dtype, shape).items()}
    return found | {f"dtype {dtype}": outcome(call, dtype, shape) for dtype in DTYPES}


def signature(thing: Callable[..., Any]) -> str:
    """`alpha=1.0, inplace=False`, without annotations; or that it is not inspectable."""
    try:
        parameters = inspect.signature(thing).parameters.values()
    except ValueError:
        return "not inspectable"
    plain = [p.replace(annotation=p.empty) for p in parameters if not p.name.startswith("_")]
    return ", ".join(map(str, plain))


def callable_of(name: str, thing: Any) -> Callable[[Tensor], Tensor]:
    """A map of one tensor to one tensor at torch's defaults, the same at each call.

    A module is in evaluation mode, and learned numbers are spread evenly over [−1, 1], but for
    PReLU's, which have a default.
    """
    short = name.rpartition(".")[2]
    built, called = GIVEN.get(short, ((), ()))

    def apply(x: Tensor) -> Tensor:
        torch.manual_seed(0)
        if short == "prelu":
            return F.prelu(x, torch.full((1,), 0.25, dtype=x.dtype))
        if short == "scaled_dot_product_attention":
            return F.scaled_dot_product_attention(x, x, x)
        if short == "MultiheadAttention":
            layer = nn.MultiheadAttention(4, 2).eval()
            for parameter in layer.parameters():
                size = parameter.numel()
                parameter.data = torch.linspace(-1, 1, size).reshape(parameter.shape)
            layer = layer.to(x.dtype)
            return layer(x, x, x)[0]
        if short[0].isupper():
            return thing(*built).eval().to(x.dtype if x.is_floating_point() else torch.float32)(x)
        return thing(x, *called)

    return apply


def numbers(call: Callable[[Tensor], Tensor], dtype: str, shape: tuple[int, ...]) -> dict[str, str]:
    """Values and slopes on the grid, and at ±inf and NaN in a tensor of 32 and in one of 1.

    A long tensor and a short one may take different code, so a function of one number is also
    given each number of the grid alone. Slopes are autograd's, of the sum of the outputs, of which
    each second counts twice; each is divided by its output's weight. A text has one word for each
    number, or says what was raised.
    """
    kind = getattr(torch, dtype)
    grid = torch.tensor(GRID, dtype=kind)
    value, slope = along(call, grid.reshape(shape), dtype)
    found = {"value": value, "slope": slope}
    each_alone = [along(call, x, dtype) for x in grid.split(1)]
    alone = [" ".join(each) for each in zip(*each_alone, strict=True)]
    if is_close(value, alone[0]):
        found |= {"value alone": alone[0], "slope alone": alone[1]}
    for sign, number in SPECIAL.items():
        for size in (shape, (1,)):
            both = along(call, torch.full(size, number, dtype=kind), dtype)
            words = ["raises" if text.startswith("raises") else text.split()[0] for text in both]
            found[f"{sign} in {math.prod(size)}"] = " ".join(words)
    return found


def is_close(values: str, others: str) -> bool:
    """Whether both are numbers, the same up to rounding or a sign of 0."""
    if "raises" in values + others:
        return False
    one, other = (torch.tensor([float(v) for v in text.split()]) for text in (values, others))
    return torch.allclose(one, other, rtol=1e-4, equal_nan=True)


def along(call: Callable[[Tensor], Tensor], x: Tensor, dtype: str) -> tuple[str, str]:
    """The values and slopes for the numbers in `x`."""
    x.requires_grad_()
    try:
        y = call(x)
        weights = torch.ones_like(y)
        weights.reshape(-1)[1::2] = 2
        (y * weights).sum().backward()
        assert x.grad is not None
        slopes = x.grad / weights if y.shape == x.shape else x.grad
    except Exception as error:
        raised = f"raises {type(error).__name__}"
        return raised, raised
    return texts(y, dtype), texts(slopes, dtype)


def texts(tensor: Tensor, dtype: str) -> str:
    digits = PRECISION[dtype]
    return " ".join(f"{number:.{digits}g}" for number in tensor.detach().reshape(-1).tolist())


def outcome(call: Callable[[Tensor], Tensor], dtype: str, shape: tuple[int, ...]) -> str:
    """What comes of an input of the dtype on the CPU: the output's dtype, or what is raised."""
    kind = getattr(torch, dtype)
    x = torch.ones(shape, dtype=kind)
    try:
        if not kind.is_floating_point:
            return name_of(call(x))
        y = call(x.requires_grad_())
    except Exception as error:
        return f"raises {type(error).__name__}"
    try:
        y.sum().backward()
    except Exception as error:
        return f"{name_of(y)}, backward raises {type(error).__name__}"
    return name_of(y)


def name_of(tensor: Tensor) -> str:
    return str(tensor.dtype).replace("torch.", "")


if __name__ == "__main__":
    json.dump(report(), sys.stdout)
