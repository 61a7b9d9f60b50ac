"""What torch.compile changes, where pages say so; its compiler for the CPU is the system's."""

import math
import shutil
import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

pytestmark = [
    pytest.mark.skipif(shutil.which("g++") is None, reason="no C++ compiler"),
    pytest.mark.skipif(" " in sys.prefix, reason="torch.compile hands its path on without quotes"),
]


def compiled(function: Any) -> Callable[[Tensor], Tensor]:
    """The function by the default compiler, whatever was compiled before."""
    torch._dynamo.reset()
    return torch.compile(function)


def test_gelu_is_another_kernel() -> None:
    """docs/activations/gelu.md"""
    ends = torch.tensor([math.inf, -math.inf] * 8)
    assert compiled(F.gelu)(ends).nan_to_num(nan=0, posinf=1).tolist() == [1, 0] * 8
    x = torch.linspace(-6, 6, 1001)
    gap = (compiled(F.gelu)(x) - F.gelu(x)).abs().max()
    assert 0 < gap < 1e-5
    assert (compiled(F.gelu)(torch.full((16,), -6.0)) == 0).all()


def test_silu_by_hand_is_rounded_once() -> None:
    """docs/activations/silu.md"""
    x = torch.arange(-8, 8, 1 / 64).bfloat16()

    def by_hand(x: Tensor) -> Tensor:
        return x * torch.sigmoid(x)

    exact = F.silu(x.double())
    once, twice = (
        (f(x) / exact - 1).nan_to_num().abs().max() for f in (compiled(by_hand), by_hand)
    )
    assert once < 2**-8 < twice  # half a unit in the last place


@pytest.mark.parametrize("noisy", [nn.RReLU(), nn.Dropout(), F.gumbel_softmax])
def test_noise_is_another_for_the_same_seed(noisy: Callable[[Tensor], Tensor]) -> None:
    """docs/activations/rrelu.md"""
    functions = (noisy, compiled(noisy))
    drawn = []
    for function in (*functions, functions[1]):
        torch.manual_seed(0)
        drawn.append(function(torch.full((8, 8), -1.0)))
    assert not torch.allclose(drawn[0], drawn[1]) and torch.equal(drawn[1], drawn[2])
