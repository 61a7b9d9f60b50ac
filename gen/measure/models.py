"""python -m gen.measure.models: ask transformers and timm; write measured/models.json.

Each is asked by `probes/model.py` in its environment of `environments.PACKAGES`; the first time
takes minutes and gigabytes of disk. A failure leaves the earlier file as it was.
"""

import datetime
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import files
from .environments import PACKAGES, InstallError, ask, newest

PROBE = Path(__file__).with_name("probes") / "model.py"
ASKED = ("transformers", "timm")


def main(arguments: Sequence[str] = ()) -> int:
    """Ask both packages; return 0, or 1 after saying which could not be asked.

    With `--newest` the newest releases are asked, not the pinned.
    """
    found: dict[str, Any] = {"date": datetime.datetime.now(datetime.UTC).date().isoformat()}
    for package in ASKED:
        pinned = PACKAGES[package]
        packages = newest(pinned) if "--newest" in arguments else pinned
        print(" ".join(packages), file=sys.stderr, flush=True)
        try:
            found[package] = ask(packages, PROBE, package)
        except InstallError as error:
            print(f"measure-models: {error}\nmeasure-models: nothing was written", file=sys.stderr)
            return 1
    files.write("models", found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
