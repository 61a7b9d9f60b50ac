"""The rooms of gen/: what each may import, and that what runs elsewhere knows where things are."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

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


def needed(path: Path) -> set[Path]:
    """The module and what it imports of gen, directly or not, with the files that these name."""
    return cache.files(".".join(path.relative_to(ROOT).with_suffix("").parts))


def test_a_room_imports_only_from_rooms_above_it() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {other.relative_to(ROOT)}"
        for path in MODULES
        for other in needed(path).intersection(MODULES)
        if ORDER.index(room(other)) > ORDER.index(room(path))
    ]
    assert not wrong
    assert {room(path) for path in MODULES} == set(ORDER)


@pytest.mark.parametrize(
    "work",
    [
        "gen.pages.activation.entry",
        "gen.bibliography.listing",
        "gen.pages.initialization",
        "gen.pages.comparisons",
    ],
)
def test_a_result_depends_on_all_the_code_that_makes_it(work: str) -> None:
    """What is imported where the result is made is what its digest is made of."""
    ours = "(m.__file__ for name, m in sys.modules.items() if name.startswith('gen.'))"
    code = f"import sys, {work}; print(*{ours}, sep=chr(10))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {Path(name) for name in done.stdout.splitlines()} <= cache.files(work)


def test_every_file_that_is_no_module_is_named_where_it_is_used() -> None:
    """By which a change of it is noticed."""
    used = set().union(*map(needed, MODULES))
    files = {p for p in GEN.rglob("*.*") if p.is_file() and "__pycache__" not in p.parts}
    assert files - used == {GEN / "README.md"}
