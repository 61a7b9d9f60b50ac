"""python tests/reproduce.py: the same input gives the same bytes, whoever builds it and when.

HEAD is cloned into two folders of other names and lengths. One clone is built on one core, the
other on all; the clock that every Python process sees is years apart; neither has a cache. Then
site/ and docs/generated/ are compared file by file. Python's packages and node_modules are those of
this checkout.
"""

import filecmp
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# the folder, how many cores, the time at which the build begins
BUILDS = (
    ("one", 1, "2027-01-31T23:59:30+00:00"),
    ("another/place/further/down", os.cpu_count() or 1, "2031-06-15T12:00:00+00:00"),
)
OUTPUTS = ("site", "docs/generated")
# Python runs a module of this name whenever it starts
CLOCK = """
import datetime, time_machine
time_machine.travel(datetime.datetime.fromisoformat({time!r}), tick=True).start()
"""


def main() -> int:
    """Build twice and compare; return 0, or 1 after listing what differs."""
    with tempfile.TemporaryDirectory(prefix="reproduce-") as base:
        for name, cores, time in BUILDS:
            build(Path(base, name), cores, time)
        first, second = (Path(base, name) for name, _, _ in BUILDS)
        found = [line for output in OUTPUTS for line in differences(first, second, output)]
        count = sum(path.is_file() for path in (first / "site").rglob("*"))
    for line in found:
        print(f"reproduce: {line}", file=sys.stderr)
    if not found:
        print(f"reproduce: {count} files of site/, the same bytes in both builds")
    return 1 if found else 0


def build(clone: Path, cores: int, time: str) -> None:
    """Clone HEAD and build its site, with this many cores and a clock that starts at `time`."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    (clone / "node_modules").symlink_to(ROOT / "node_modules")
    clock = clone / ".cache" / "clock"
    clock.mkdir(parents=True)
    (clock / "sitecustomize.py").write_text(CLOCK.format(time=time), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(clock)}
    environment.pop("SOURCE_DATE_EPOCH", None)
    print(f"reproduce: {cores} of {os.cpu_count()} cores, {time}, in {clone}", flush=True)

    def bound() -> None:
        if sys.platform == "linux":
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])

    command = [sys.executable, "-m", "mkdocs", "build"]
    subprocess.run(command, cwd=clone, env=environment, preexec_fn=bound, check=True)


def differences(first: Path, second: Path, output: str) -> list[str]:
    """What one of the folders has and the other lacks, or has with other bytes: a line for each."""
    homes = (first / output, second / output)
    ones, others = (
        {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()}
        for home in homes
    )
    lines = [f"only one build has {output}/{name}" for name in sorted(ones ^ others)]
    _, unequal, failed = filecmp.cmpfiles(*homes, sorted(ones & others), shallow=False)
    return [*lines, *(f"{output}/{name} differs" for name in sorted([*unequal, *failed]))]


if __name__ == "__main__":
    sys.exit(main())
