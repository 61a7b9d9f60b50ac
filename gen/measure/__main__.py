"""python -m gen.measure [slug …]: measure rounding, depth and facts; write measured/<slug>.json.

Of entries that are named all is measured, else what changed since it was measured, or never was.
A failure leaves the entry's earlier file as it was.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence

import torch
from joblib import Parallel, delayed

import activations

from . import depth, digests, facts, files, rounding


def main(arguments: Sequence[str]) -> int:
    """Measure; return 0, or 1 after saying what could not be."""
    parser = argparse.ArgumentParser(prog="python -m gen.measure")
    slugs, chosen = files.named(parser, arguments)
    jobs = (delayed(attempt)(slug, bool(chosen.slugs)) for slug in slugs)
    told = [line for lines in Parallel(n_jobs=-1, return_as="generator")(jobs) for line in lines]
    try:
        note_facts(slugs)
    except subprocess.CalledProcessError:
        told.append("the facts of all entries were left as they were")
    for line in told:
        print(f"measure: {line}", file=sys.stderr)
    return 1 if told else 0


def attempt(slug: str, anew: bool) -> list[str]:
    """`measure`; what went wrong is returned."""
    try:
        measure(slug, anew)
    except Exception as error:
        where = f"measured/{slug}.json was left as it was"
        return [f"{slug}: {type(error).__name__}: {error}; {where}"]
    return []


def measure(slug: str, anew: bool) -> None:
    """Measure one entry's rounding and depth where they are due, or both `anew`.

    One thread: rounding must not depend on the number of cores.
    """
    torch.set_num_threads(1)
    entry, found = activations.load(slug), {}
    if anew or digests.is_due("rounding", entry):
        found["rounding"] = rounding.measure(entry, files.section(slug, "rounding"))
    if anew or digests.is_due("depth", entry):
        found["depth"] = depth.measure(entry)
    files.update(slug, found)


def note_facts(slugs: Sequence[str]) -> None:
    """Note what the build says of the entries now, of those of which that is not noted."""
    published = facts.build()
    for slug in slugs:
        if any(facts.differences(files.section(slug, "facts"), published[slug])):
            files.update(slug, {"facts": published[slug]})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
