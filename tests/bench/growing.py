"""How CPU time and memory grow with the catalogue: once, 3 times and 10 times as many entries.

The others are copies of the real ones under names of their own, with their pages and their measured
errors. The exponent is the slope of log CPU over log size, by least squares; 1 is linear. One round
takes many minutes, and CPU time varies little, so there is one.
"""

import re
import shutil
from pathlib import Path

import numpy as np

from . import cost
from .project import copied
from .table import Row

SIZES = (1, 3, 10)
TARGET = 1.05
FLAT = 1.1


def rows(site: Path) -> list[Row]:
    """The exponents of `gen` without a cache and of a build after it, and their peaks of memory."""
    gen, build = [], []
    for size in SIZES:
        with copied() as project:
            grow(project, size)
            shutil.rmtree(project / ".cache" / "joblib")
            gen.append(cost.of("-m", "gen", cwd=project))
            cost.of("-m", "mkdocs", "build", cwd=project)
            build.append(cost.of("-m", "mkdocs", "build", cwd=project))
    found = []
    for what, costs in (("`gen`", gen), ("`mkdocs build`", build)):
        cpu = [run.cpu for run in costs]
        sizes = " ×, ".join(map(str, SIZES))
        told = ", ".join(f"{seconds:.1f}" for seconds in cpu)
        name = f"{what}: exponent of CPU ({told} s at {sizes} ×)"
        found.append(Row("growing", name, "", [exponent(cpu)], TARGET))
        peaks = [run.peak for run in costs]
        name = f"{what}: peak memory at {SIZES[-1]} ×"
        found.append(Row("growing", name, "MB", peaks[-1:], FLAT, "at 1 ×", peaks[:1]))
    return found


def exponent(values: list[float]) -> float:
    return float(np.polyfit(np.log(SIZES), np.log(values), 1)[0])


def grow(project: Path, times: int) -> None:
    """Add copies of every entry until there are `times` as many."""
    measured = project / "measured"
    entries = sorted((project / "activations").glob("[!_]*.py"))
    for number in range(2, times + 1):
        for entry in entries:
            slug, copy = entry.stem, f"{entry.stem}_{number}"
            text = entry.read_text(encoding="utf-8")
            text = re.sub(rf"^{slug} = ", f"{copy} = ", text, flags=re.M)
            text = re.sub(r'^    name="([^"]+)"', rf'    name="\1 {number}"', text, flags=re.M)
            entry.with_name(f"{copy}.py").write_text(text, encoding="utf-8")
            page = project / "docs" / "activations" / f"{slug}.md"
            text = page.read_text(encoding="utf-8").replace(f'--8<-- "{slug}/', f'--8<-- "{copy}/')
            text = re.sub(r"^# (.+)$", rf"# \1 {number}", text, count=1, flags=re.M)
            page.with_name(f"{copy}.md").write_text(text, encoding="utf-8")
            shutil.copy(measured / f"{slug}.json", measured / f"{copy}.json")
