"""The torch side: values and slopes in float64, on fixed contiguous tensors."""

import contextlib
import functools
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import sympy
import torch
from torch import Tensor, nn

from activations._entry import Activation, Run


@contextlib.contextmanager
def double() -> Iterator[None]:
    """Make float64 the dtype that modules create their parameters in."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def callable_at(entry: Activation, setting: Mapping[str, Any]) -> Callable[..., Tensor]:
    """The entry's torch callable at `setting`, in evaluation mode, with float64 parameters."""
    with double():
        function = entry.call(setting)
    return function.eval() if isinstance(function, nn.Module) else function


def values(entry: Activation, setting: Mapping[str, Any], xs: Sequence[float]) -> list[float]:
    """f at each x, as torch computes it."""
    with torch.no_grad():
        return callable_at(entry, setting)(torch.tensor(xs, dtype=torch.float64)).tolist()


def slopes(entry: Activation, setting: Mapping[str, Any], xs: Sequence[float]) -> list[float]:
    """f′ at each x, as autograd computes it."""
    inputs = torch.tensor(xs, dtype=torch.float64, requires_grad=True)
    outputs = callable_at(entry, setting)(inputs)
    return torch.autograd.grad(outputs.sum(), inputs)[0].tolist()


def runs(entry: Activation) -> list[Run]:
    """The entry's runs in float64, from a fixed seed."""
    assert entry.runs
    torch.manual_seed(0)
    with double(), torch.no_grad():
        return entry.runs()


def respond(entry: Activation, setting: dict[str, Any], scores: Tensor, seed: int = 0) -> Tensor:
    """The outputs for one vector of scores; noise, if any, is drawn from `seed`."""
    _seed(seed)
    shaped = scores.reshape(scores.shape + (1,) * (_rank(entry) - 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return callable_at(entry, setting)(shaped).reshape(-1)


def _seed(seed: int) -> None:
    """`torch.manual_seed` for the CPU alone; for all devices it takes longer than the function."""
    torch.default_generator.manual_seed(seed)


def noise(entry: Activation, length: int, seed: int) -> list[float]:
    """The standard Gumbel numbers that torch draws in `respond` with the same seed."""
    _seed(seed)
    return (-torch.empty(length, dtype=torch.float64).exponential_().log()).tolist()


def _rank(entry: Activation) -> int:
    """How many indices the input has: 1 for a vector, 3 for channels × height × width."""
    return max(len(e.indices) for e in entry.formula.atoms(sympy.Indexed))


def nest(vector: Sequence[Any], entry: Activation) -> Any:
    """The vector as nested lists with the input's number of axes."""
    shape = (len(vector), *[1] * (_rank(entry) - 1))
    return np.array(vector, dtype=object).reshape(shape).tolist()


@functools.cache
def torch_version() -> str:
    """torch's release, without the build's suffix."""
    return torch.__version__.split("+")[0]


def capability() -> str:
    """The instruction sets that torch uses of this CPU, of those that change its results."""
    used = torch.backends.cpu.get_cpu_capability()
    if used != "AVX512":
        return used
    has = torch.cpu.get_capabilities().get("avx512_fp16")
    return f"AVX512 {'with' if has else 'without'} AVX512_FP16"


def torch_gain(functional: str | None) -> float | None:
    """What `torch.nn.init.calculate_gain` returns for a function of torch.nn.functional, or None.

    It knows some, by the last part of their names.
    """
    try:
        # torch types the names it knows; asking for any other is the point
        name: Any = (functional or "").rpartition(".")[2]
        return float(nn.init.calculate_gain(name))
    except ValueError:
        return None
