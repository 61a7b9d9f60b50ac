"""What `python -m gen` costs, in seconds of CPU of all its processes, on a copy of the project."""

import shutil
import subprocess
import sys
from pathlib import Path

from . import cost
from .project import copied
from .table import Row

RUNS = 5
IMPORTS = "import os, gen.pages.activation.entry; os._exit(0)"  # ends at once, as gen does


def rows(site: Path) -> list[Row]:
    """Nothing changed, one entry changed and everything new, and how much drawing is in it."""
    with copied() as project:
        return [*changes(project), drawing(project)]


def changes(project: Path) -> list[Row]:
    """Each round builds all anew, then nothing, then one entry whose summary changed.

    The entries that change lie at equal distances in the catalogue, so that slow and quick ones
    are among them. Such a run may take its imports and the N-th part of all the rest.
    """
    entries = sorted((project / "activations").glob("[!_]*.py"))
    unchanged, changed, allowed, whole = [], [], [], []
    for turn in range(RUNS):
        for result in (project / ".cache", project / "docs" / "generated"):
            shutil.rmtree(result, ignore_errors=True)
        whole.append(cost.of("-m", "gen", cwd=project).cpu)
        imports = cost.of("-c", IMPORTS, cwd=project).cpu
        allowed.append(imports + (whole[-1] - imports) / len(entries))
        unchanged.append(cost.of("-m", "gen", cwd=project).cpu)
        entry = entries[turn * len(entries) // RUNS]
        text = entry.read_text(encoding="utf-8")
        entry.write_text(text.replace('summary="', 'summary="Anew: ', 1), encoding="utf-8")
        changed.append(cost.of("-m", "gen", cwd=project).cpu)
    what = "CPU of `python -m gen`"
    share = f"its imports and 1/{len(entries)} of the rest"
    return [
        Row("generating", f"{what}, nothing changed", "s", unchanged, 0.3),
        Row("generating", f"{what}, one entry changed", "s", changed, 1.0, share, allowed),
        Row("generating", f"{what}, without cache", "s", whole),
    ]


def drawing(project: Path) -> Row:
    """The plots of each function, beside the work of PyTorch's image script; no imports."""
    ours, theirs = [], []
    for _ in range(RUNS):
        theirs.append(milliseconds(project, "bench.images"))
        ours.append(milliseconds(project, "bench.drawings"))
    what = "CPU per plotted function, all its drawings"
    peer = "one curve as PyTorch's docs draw it"  # there are three to five figures, and a card
    return Row("generating", what, "ms", ours, 4.0, peer, theirs)


def milliseconds(project: Path, module: str) -> float:
    """What a module of ours prints, in ms."""
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=project, capture_output=True, text=True, check=True
    )
    return float(done.stdout)
