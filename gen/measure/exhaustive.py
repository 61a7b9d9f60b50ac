"""python -m gen.measure.exhaustive [slug …]: functions of a number at every float32 of a window.

Of entries that are named all is measured, else of those that changed since: half a minute to a
minute each on two cores. An entry's section is written when it is whole, so that a measurement that
was stopped goes on with the entry at which it was; one by another METHOD is replaced, not added to.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from joblib import Parallel, cpu_count, delayed

import activations
from activations._entry import Activation

from .. import kinds
from ..evaluation.double import NoDoubleError
from ..evaluation.torch_side import capability, torch_version
from ..kinds.exhaustive import BINADES, InexactError, binade, of
from . import digests, files

METHOD = 1  # raised by hand when the same entry would come out with other numbers

# glibc gives what a tensor took back to the kernel at once, which makes each run six times as long
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": str(2**30), "MALLOC_TRIM_THRESHOLD_": str(2**30)}


def main(arguments: Sequence[str]) -> int:
    """Measure; return 0, or 1 after saying what could not be."""
    slugs, chosen = files.named(argparse.ArgumentParser(prog="gen.measure.exhaustive"), arguments)
    os.environ.update(ALLOCATOR)  # the workers read it when they start
    failed = 0
    with Parallel(n_jobs=max(2, cpu_count())) as workers:
        for slug in slugs:
            entry, start = activations.load(slug), time.monotonic()
            if not kinds.of(entry).has_rounding_by_place:
                continue
            if not (chosen.slugs or digests.is_due("exhaustive", entry)):
                continue
            try:
                section = measure(entry, workers)
                files.update(slug, {"exhaustive": section})
                said = section.get("left_out", f"{time.monotonic() - start:.0f} s")
                failed += "left_out" in section
            except Exception as error:
                said = f"{type(error).__name__}: {error}; measured/{slug}.json was left as it was"
                failed += 1
            print(f"measure-exhaustive: {slug}: {said}", file=sys.stderr, flush=True)
    return 1 if failed else 0


def measure(entry: Activation, workers: Parallel) -> dict[str, Any]:
    """The section of the entry's file: by output and gradient the largest errors, with their x.

    For an entry whose formula cannot be had in float64 it says why, under `left_out`.
    """
    head = {"digest": digests.of("exhaustive", entry), "protocol": METHOD}
    try:
        whole = of(entry.slug)
        found = workers(delayed(binade)(entry.slug, *each) for each in BINADES)
        numbers = whole.summary(dict(zip(BINADES, found, strict=True)))
    except (NoDoubleError, InexactError) as error:
        return {**head, "left_out": str(error)}
    today = {"date": date.today().isoformat(), "torch": torch_version()}
    return {**head, **today, "capability": capability(), **numbers}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
