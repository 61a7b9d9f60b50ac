"""python -m bench.images: what PyTorch's docs do for the pictures of their activations.

Their script draws 22 functions, one curve each, and saves every picture as PNG. This is the same
work, written anew: a curve from −7 to 7 in steps of 0.01 over a dashed grid, with a title, two
labels and fixed axes, on matplotlib's own figure. Prints the CPU time per function in ms, imports
left out.
"""

import tempfile
import time
from pathlib import Path

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import torch
from torch import nn

LAYERS: tuple[nn.Module, ...] = (
    nn.ELU(), nn.Hardshrink(), nn.Hardtanh(), nn.LeakyReLU(), nn.LogSigmoid(), nn.PReLU(),
    nn.ReLU(), nn.ReLU6(), nn.RReLU(), nn.SELU(), nn.SiLU(), nn.Mish(), nn.CELU(), nn.GELU(),
    nn.Sigmoid(), nn.Softplus(), nn.Softshrink(), nn.Softsign(), nn.Tanh(), nn.Tanhshrink(),
    nn.Hardswish(), nn.Hardsigmoid(),
)  # fmt: skip


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        x = torch.arange(-7, 7, 0.01)
        for layer in LAYERS:
            draw(layer, x, Path(folder))
        print(1000 * (time.process_time() - start) / len(LAYERS))


def draw(layer: nn.Module, x: torch.Tensor, folder: Path) -> None:
    name = type(layer).__name__
    plt.clf()
    plt.grid(color="k", alpha=0.2, linestyle="--")
    plt.plot(x.numpy(), layer(x).detach().numpy())
    plt.title(name)
    plt.xlabel("Input")
    plt.ylabel("Output")
    plt.xlim(-7, 7)
    plt.ylim(-7, 7)
    plt.savefig(folder / f"{name}.png")


if __name__ == "__main__":
    main()
