"""The rooms of gen/: what each may import, and that what runs elsewhere knows where things are."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from gen import __main__ as program
from gen import cache

GEN = ROOT / "gen"
# each imports from those above it; the files at the top of gen/ are the first room
ORDER = (
    "", "node", "evaluation", "facts", "drawing", "printing", "kinds", "measure", "bibliography",
    "pages", "__main__", "site",
)  # fmt: skip
MODULES = [path for path in sorted(GEN.rglob("*.py")) if "__pycache__" not in path.parts]


def room(path: Path) -> str:
    first, *rest = path.relative_to(GEN).parts
    return first if rest else "__main__" if first == "__main__.py" else ""


def imported(path: Path) -> list[Path]:
    """The modules of gen that a module imports, anywhere in it."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                base = path.parents[node.level - 1]
            elif (node.module or "").split(".")[0] == "gen":
                base = ROOT
            else:
                continue
            home = base.joinpath(*(node.module or "").split("."))
            for place in [home, *(home / alias.name for alias in node.names)]:
                found += [
                    p for p in (place.with_suffix(".py"), place / "__init__.py") if p.is_file()
                ]
    return found


def test_a_room_imports_only_from_rooms_above_it() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {other.relative_to(ROOT)}"
        for path in MODULES
        for other in imported(path)
        if ORDER.index(room(other)) > ORDER.index(room(path))
    ]
    assert not wrong
    assert {room(path) for path in MODULES} == set(ORDER)


@pytest.mark.parametrize(
    ("work", "rooms"),
    [
        ("gen.pages.activation.entry", program.ENTRY),
        ("gen.bibliography.listing", program.BIBLIOGRAPHY),
        ("gen.node.bundle", program.SCRIPTS),
        ("gen.drawing.cards", ("drawing",)),
        ("gen.pages.initialization", program.PAGES),
        ("gen.pages.overviews", program.PAGES),
        ("gen.pages.comparisons", program.PAGES),
    ],
)
def test_a_result_depends_on_all_the_code_that_makes_it(work: str, rooms: tuple[str, ...]) -> None:
    """What is imported where the result is made lies in the rooms that its key is made of."""
    code = f"import sys, {work}; print(*(m for m in sys.modules if m.startswith('gen.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for name in done.stdout.split():
        path = name.removeprefix("gen.").replace(".", "/")
        handled = "/" not in path and (GEN / f"{path}.py").is_file()  # handles finished results
        passed = any(place.startswith(f"{path}/") for place in rooms)  # a package on the way
        known = any(f"{path}.py" == place or f"{path}/".startswith(f"{place}/") for place in rooms)
        assert handled or passed or known, f"{work} imports {name}; add its room in gen/__main__.py"
    assert all((GEN / place).exists() for place in rooms)


def test_a_change_of_a_room_changes_what_is_made_of_it() -> None:
    one, other = cache.rooms("facts"), cache.rooms("facts", "node")
    assert one != other
    assert one == cache.rooms("facts")


def test_what_runs_elsewhere_names_folders_that_exist() -> None:
    """Dependabot's folders, the Makefile's, the patterns of the workflows' cache keys."""
    dependabot = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text(encoding="utf-8"))
    for update in dependabot["updates"]:
        for folder in update.get("directories", [update.get("directory")]):
            assert (ROOT / folder.lstrip("/")).is_dir(), folder
    for folder in re.findall(r"\bcd (\S+) &&", (ROOT / "Makefile").read_text(encoding="utf-8")):
        assert (ROOT / folder / "package-lock.json").is_file(), folder
    for workflow in (ROOT / ".github/workflows").glob("*.yml"):
        for key in re.findall(r"hashFiles\(([^)]*)\)", workflow.read_text(encoding="utf-8")):
            for name in re.findall(r"'([^']+)'", key):
                assert any(ROOT.glob(name)), f"{workflow.name}: {name}"
