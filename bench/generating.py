"""What `python -m gen` costs, in seconds of CPU of all its processes, on a copy of the project."""

import contextlib
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .table import Row

ROOT = Path(__file__).resolve().parent.parent
TAKEN = ("activations", "bench", "docs", "gen", "measured", "web")
FILES = ("CITATION.cff", "package.json", "package-lock.json", "requirements.txt")
RUNS = 5
IMPORTS = "import gen.entries"


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
        whole.append(cpu(project, "-m", "gen"))
        imports = cpu(project, "-c", IMPORTS)
        allowed.append(imports + (whole[-1] - imports) / len(entries))
        unchanged.append(cpu(project, "-m", "gen"))
        entry = entries[turn * len(entries) // RUNS]
        text = entry.read_text(encoding="utf-8")
        entry.write_text(text.replace('summary="', 'summary="Anew: ', 1), encoding="utf-8")
        changed.append(cpu(project, "-m", "gen"))
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
    return Row("generating", what, "ms", ours, 1.0, "one curve as PyTorch's docs draw it", theirs)


def milliseconds(project: Path, module: str) -> float:
    """What a module of ours prints, in ms."""
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=project, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


@contextlib.contextmanager
def copied() -> Iterator[Path]:
    """A copy of what `gen` reads, in a folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        ignore = shutil.ignore_patterns("__pycache__", "generated", ".generated-*")
        for folder in TAKEN:
            shutil.copytree(ROOT / folder, project / folder, ignore=ignore)
        for file in FILES:
            shutil.copy(ROOT / file, project / file)
        (project / "node_modules").symlink_to(ROOT / "node_modules")
        yield project


def cpu(project: Path, *arguments: str) -> float:
    """The CPU time of a Python process and all its children, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=project, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
