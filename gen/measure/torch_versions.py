"""python -m gen.measure.torch_versions: ask each torch version; write measured/torch_versions.json.

All are asked each time, on one processor, whose last digits the others are compared with. Each is
installed into a virtual environment of its own, asked by the probe, and deleted: about a minute,
and 8 GB of disk on the way, 4 of them downloaded. A failure leaves the earlier file as it was.
"""

import datetime
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import files
from .environments import InstallError, ask, remove

PROBE = Path(__file__).with_name("probes") / "torch_release.py"

# the last release of each minor version that Python 3.11 can install
VERSIONS = (
    "2.0.1", "2.1.2", "2.2.2", "2.3.1", "2.4.1", "2.5.1", "2.6.0", "2.7.1", "2.8.0", "2.9.1",
    "2.10.0", "2.11.0", "2.12.1", "2.13.0", "2.14.1", "2.15.0",
)  # fmt: skip

Names = Mapping[str, Mapping[str, str]]


def probe(version: str) -> dict[str, Any]:
    """What the probe reports of the version; raises InstallError where that fails."""
    packages = [f"torch=={version}"]
    try:
        found: dict[str, Any] = ask(packages, PROBE)
    finally:
        remove(packages)
    return found


def packed(reports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each version with what differs, as text, from the one before; None for a name that vanished.

    Of a name that stayed only the fields that differ are kept; of the first version, all.
    """
    found = []
    before: Names = {}
    for report in reports:
        names = report["names"]
        changed: dict[str, Any] = {name: None for name in before if name not in names}
        for name, fields in names.items():
            old = before.get(name, {})
            new = {key: text for key, text in fields.items() if old.get(key) != text}
            if new:
                changed[name] = new
        found.append({**{k: report[k] for k in ("torch", "capability")}, "names": changed})
        before = names
    return found


def unpacked(versions: Sequence[Mapping[str, Any]]) -> list[tuple[str, Names]]:
    """The reverse of `packed`: (version, name -> field -> text), oldest first."""
    found: list[tuple[str, Names]] = []
    names: dict[str, Mapping[str, str]] = {}
    for version in versions:
        for name, fields in version["names"].items():
            if fields is None:
                del names[name]
            else:
                names[name] = {**names.get(name, {}), **fields}
        found.append((version["torch"], dict(names)))
    return found


def main() -> int:
    """Ask every version; return 0, or 1 after saying which could not be asked."""
    reports = []
    for version in VERSIONS:
        print(f"torch {version}", file=sys.stderr, flush=True)
        try:
            reports.append(probe(version))
        except InstallError as error:
            print(f"measure-torch: {error}\nmeasure-torch: nothing was written", file=sys.stderr)
            return 1
    found = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "grid": reports[-1]["grid"],
        "versions": packed(reports),
    }
    files.write("torch_versions", found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
