"""python -m gen.measure.newest: try the newest releases, and write newest.md: what is now wrong.

A clone of the last commit gets requirements without an upper bound for what computes and builds,
no locked versions, and `make test` runs in it. What that build publishes is compared with
docs/generated/. The report is empty where nothing differs and all tests pass.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import differences

ROOT = Path(__file__).resolve().parent.parent.parent
REPORT = ROOT / "newest.md"
PUBLISHED = Path("docs/generated/public/activations.json")
UNLOCKED = "--ignore=tests/test_lock.py"  # which compares the installed versions with the locked
LOOSE = ("torch", "sympy", "mpmath", "mkdocs")  # mpmath goes with SymPy
TOLD = 30  # lines of output that are shown where something other than a test failed
IGNORED = "(ignored)"  # what make writes of a step that failed when it goes on


def loosened(requirements: str) -> str:
    """requirements.txt with the pins of LOOSE as lower bounds; ValueError if one is not there."""
    for name in LOOSE:
        requirements, count = re.subn(rf"^{name}==", f"{name}>=", requirements, flags=re.M)
        if count != 1:
            raise ValueError(
                f"requirements.txt does not pin {name}; correct LOOSE in gen/measure/newest.py"
            )
    return requirements


def failing(output: str) -> list[str]:
    """The names of the tests that pytest's summary says failed, or could not start."""
    return sorted(set(re.findall(r"^(?:FAILED|ERROR) (\S+)", output, re.M)))


def passed(done: "subprocess.CompletedProcess[str]") -> bool:
    """Whether no step of `make --ignore-errors` failed."""
    return done.returncode == 0 and IGNORED not in done.stdout


def report(
    versions: Sequence[str],
    old: Mapping[str, Any],
    new: Mapping[str, Any] | None,
    good: bool,
    output: str,
) -> str:
    """The report in Markdown; `new` is None where the newest releases built nothing,
    `good` says whether every step of `make test` passed."""
    changed = [] if new is None else differences.lines(old, new)
    failed = failing(output)
    parts = []
    if new is None:
        parts.append("The catalogue does not build with them.")
    if changed:
        parts.append("Pages that are now wrong:\n\n" + "\n".join(f"- {line}" for line in changed))
    if failed:
        parts.append("Tests that fail:\n\n" + "\n".join(f"- `{name}`" for name in failed))
    if not good and not failed:
        said = [s for s in output.splitlines() if re.search(r"error|^gen:|No such", s, re.I)]
        last = "\n".join(said[-TOLD:])
        parts.append(f"`make test` failed outside of the tests:\n\n```text\n{last}\n```")
    if not parts:
        return ""
    return (
        "\n\n".join([f"Tried with {', '.join(versions) or 'the newest releases'}.", *parts]) + "\n"
    )


def main() -> int:
    """Write the report; return 0 whatever it says."""
    old = json.loads((ROOT / PUBLISHED).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="newest-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        requirements = clone / "requirements.txt"
        requirements.write_text(loosened(requirements.read_text("utf-8")), encoding="utf-8")
        (clone / "constraints.txt").write_text("", encoding="utf-8")
        done = subprocess.run(
            ["make", "--ignore-errors", "test"],  # all of it, though lint or types may fail
            cwd=clone,
            # one test asks whether what is installed is what is locked
            env={
                **os.environ,
                "LC_ALL": "C.UTF-8",
                "PYTEST_ADDOPTS": "--ignore=tests/test_lock.py",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        print(done.stdout, file=sys.stderr)
        built = clone / PUBLISHED
        new = json.loads(built.read_text(encoding="utf-8")) if built.is_file() else None
        text = report(installed(clone), old, new, passed(done), done.stdout)
    REPORT.write_text(text, encoding="utf-8")
    print(text or "Nothing changed with the newest releases.")
    return 0


def installed(project: Path) -> list[str]:
    """`torch 2.14.1`, … in the project's environment; empty where pip could not install them."""
    code = "import importlib.metadata as m, sys; [print(n, m.version(n)) for n in sys.argv[1:]]"
    command = [str(project / ".venv/bin/python"), "-c", code, *LOOSE]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    except OSError:
        return []


if __name__ == "__main__":
    sys.exit(main())
