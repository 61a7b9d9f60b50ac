"""python -m bench.steps: where the CPU of a full `python -m gen` goes, as a Markdown table.

All jobs run in one process, one after another, on a copy of the project without a cache; so this
is a little less than `gen` takes, whose workers each import torch.
"""

import resource
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from gen import __main__ as program
from gen import cache, node

STARTED = time.process_time()
spent: dict[str, float] = defaultdict(float)
inner: list[float] = [0.0]


def timed(step: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """`work`, whose CPU time counts for `step`, less that of the steps inside it."""

    def run(*arguments: Any) -> Any:
        inner.append(0.0)
        start = time.process_time()
        try:
            return work(*arguments)
        finally:
            took = time.process_time() - start
            spent[step] += took - inner.pop()
            inner[-1] += took

    return run


def inline(jobs: Sequence[cache.Job]) -> list[cache.Files]:
    """Does every job here."""
    return [timed(job.work, job.made)() for job in jobs]


def watch() -> None:
    """Import what the entries need, and time what happens inside their jobs."""
    from gen.drawing import cards
    from gen.kinds.elementwise import Elementwise
    from gen.kinds.gate import Gate
    from gen.kinds.layer import Layer
    from gen.kinds.vector import Vector
    from gen.pages.activation import entry, parts, rounding
    from gen.printing import copies

    steps: list[tuple[Any, str, str]] = [
        (entry, "write", "entries, the rest"),
        (cards, "card", "cards for sharing"),
        (rounding, "part", "rounding errors"),
        (copies, "text", "LaTeX, MathML, SymPy, Python"),
        (parts, "parts", "texts"),
    ]
    for kind in (Elementwise, Gate, Vector, Layer):
        steps += [
            (kind, "check", "formula held against torch"),
            (kind, "facts", "facts"),
            (kind, "tables", "facts at swept parameters, closed forms"),
            (kind, "drawings", "plots"),
            (kind, "thumbnail", "plots"),
            (kind, "samples", "samples"),
            (kind, "script", "JavaScript"),
        ]
    for module, name, step in steps:
        setattr(module, name, timed(step, getattr(module, name)))


def main() -> None:
    timed("imports", watch)()
    cache.results = inline
    timed("reading, checking", program.parts)()
    node.stop()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent["Node"] = children.ru_utime + children.ru_stime
    spent["imports"] += STARTED
    whole = sum(spent.values())
    print("| Step | CPU, s | Share |\n| --- | --: | --: |")
    for step, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"| {step} | {seconds:.2f} | {100 * seconds / whole:.0f} % |")
    print(f"| all | {whole:.2f} | |")


if __name__ == "__main__":
    if sys.argv[1:] == ["here"]:
        main()
    else:
        from .project import copied  # not above: it looks into tests/, which the copy has not

        with copied() as project:
            shutil.rmtree(project / ".cache" / "joblib")
            subprocess.run([sys.executable, "-m", "bench.steps", "here"], cwd=project, check=True)
