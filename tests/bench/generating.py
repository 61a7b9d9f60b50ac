"""What `python -m gen` costs, in seconds of CPU of all its processes, on a copy of the project."""

import shutil
from pathlib import Path

from . import cost
from .project import copied
from .table import Row

RUNS = 5
IMPORTS = "import os, gen.pages.activation.entry; os._exit(0)"  # ends at once, as gen does


def rows(site: Path) -> list[Row]:
    """Each round builds all anew, then nothing, then one entry whose summary changed.

    The entries that change lie at equal distances in the catalogue, so that slow and quick ones
    are among them. Such a run may take its imports and the N-th part of all the rest.
    """
    unchanged, changed, allowed, whole = [], [], [], []
    with copied() as project:
        entries = sorted((project / "activations").glob("[!_]*.py"))
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
