"""The torch side: values and slopes in float64, on fixed contiguous tensors."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from activations._entry import Activation


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
