"""What torch returns for each entry in float32, bfloat16 and float16, against the exact value.

Each kind says what is fed in, and holds it against its formula.
"""

import multiprocessing
import os
import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from typing import Any

import torch

import activations

from .. import kinds
from ..evaluation.formula import high_precision
from ..evaluation.ulp import curve_middles
from . import files


def measure() -> Any:
    """The whole file: a block for the CPU, and one for CUDA, kept as it was without a device."""
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    context = multiprocessing.get_context("spawn")
    slugs = activations.slugs()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        jobs = {slug: pool.submit(measure_entry, slug, devices) for slug in slugs}
        found = {slug: job.result() for slug, job in jobs.items()}
    blocks = {
        device: {**_machine(device), "activations": {slug: found[slug][device] for slug in slugs}}
        for device in devices
    }
    return {
        "curve_x": curve_middles(),
        "cpu": blocks["cpu"],
        "cuda": blocks.get("cuda") or files.numerics().get("cuda"),
    }


def _machine(device: str) -> dict[str, str]:
    """What the numbers hold for."""
    if device == "cuda":
        capability = torch.cuda.get_device_name()
    else:
        capability = torch.backends.cpu.get_cpu_capability()
    torch_version = torch.__version__.split("+")[0]
    return {
        "torch": torch_version,
        "capability": capability,
        "date": date.today().isoformat(),
    }


def measure_entry(slug: str, devices: Sequence[str]) -> dict[str, Any]:
    """One entry's record for each device."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore", UserWarning)
    entry = activations.load(slug)
    kind = kinds.of(entry)
    with high_precision():
        return {device: kind.rounding(torch.device(device)) for device in devices}
