"""What torch returns for an entry in float32, bfloat16 and float16, against the exact value.

Each kind says what is fed in, and holds it against its formula.
"""

import warnings
from collections.abc import Mapping
from datetime import date
from typing import Any

import torch

from activations._entry import Activation

from .. import kinds
from ..evaluation.formula import high_precision
from ..evaluation.torch_side import capability, torch_version
from . import digests

METHOD = 2  # raised by hand when the same entry would come out with other numbers


def measure(entry: Activation, known: Mapping[str, Any]) -> dict[str, Any]:
    """The section: device -> what the numbers hold for, and errors in ULP and absolute.

    That of a device which this machine has not stays as it is `known`.
    """
    warnings.simplefilter("ignore", UserWarning)
    kind = kinds.of(entry)
    machines = {"cpu": capability()}
    if torch.cuda.is_available():
        machines["cuda"] = torch.cuda.get_device_name()
    today = {"date": date.today().isoformat(), "torch": torch_version()}
    with high_precision():
        found = {
            device: {**today, "capability": capability, **kind.rounding(torch.device(device))}
            for device, capability in machines.items()
        }
    return {**known, "digest": digests.of("rounding", entry), **found}
