"""python -m gen.measure.models: ask transformers and timm, and write measured/models.json.

Each package is installed into a virtual environment of its own, asked by `probes/model.py`, and
deleted; that takes minutes and gigabytes of disk. What changed against the earlier file is printed,
in Markdown. A failure leaves the earlier file as it was.
"""

import datetime
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .environments import PACKAGES, InstallError, ask, newest

PROBE = Path(__file__).with_name("probes") / "model.py"
FILE = Path(__file__).resolve().parent.parent.parent / "measured" / "models.json"
ASKED = ("transformers", "timm")


def probe(package: str, packages: Sequence[str]) -> dict[str, Any]:
    """What `probes/model.py` reports of the package; raises InstallError where that fails."""
    found: dict[str, Any] = ask(packages, PROBE, package)
    if not found["families"]:
        raise InstallError(f"{' '.join(packages)}: no model family was found")
    return found


def text(date: str, reports: Mapping[str, Any]) -> str:
    """The file's text, with one line for each family, so that a difference of two is readable."""
    lines = [f'{{\n "date": {json.dumps(date)}']
    for package, report in reports.items():
        records = [
            f"   {json.dumps(name)}: {json.dumps(record)}"
            for name, record in sorted(report["families"].items())
        ]
        versions = json.dumps(report["versions"])
        families = ",\n".join(records)
        lines.append(
            f' "{package}": {{\n  "versions": {versions},\n  "families": {{\n{families}\n  }}\n }}'
        )
    return ",\n".join(lines) + "\n}\n"


def write(reports: Mapping[str, Any]) -> None:
    """Write the file, whole or not at all."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    draft = FILE.with_name(".models.json")
    draft.write_text(text(today, reports), encoding="utf-8")
    draft.replace(FILE)


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What differs between two files, as lines of Markdown: versions, then families."""
    lines = []
    for package in ASKED:
        before, after = old.get(package, {}), new.get(package, {})
        was, now = before.get("versions", {}), after.get("versions", {})
        lines += [
            f"- {package}'s file: {name} {was.get(name, 'none')} → {now.get(name, 'none')}"
            for name in sorted(was.keys() | now.keys())
            if was.get(name) != now.get(name)
        ]
        had, has = before.get("families", {}), after.get("families", {})
        for name in sorted(had.keys() | has.keys()):
            if name not in had:
                lines.append(f"- {package} `{name}` is new: {_told(has[name])}")
            elif name not in has:
                lines.append(f"- {package} `{name}` is gone: it had {_told(had[name])}")
            elif _told(had[name]) != _told(has[name]):
                lines.append(f"- {package} `{name}`: {_told(had[name])} → {_told(has[name])}")
    return lines


def _told(record: Mapping[str, Any]) -> str:
    """What one family votes for."""
    if "activation" not in record:
        return f"not stated ({record['failed']})" if "failed" in record else "not stated"
    gate = {True: ", gated", False: ", not gated", None: ""}[record.get("gated")]
    return f"`{record['activation']}`{gate}"


def main(arguments: Sequence[str] = ()) -> int:
    """Ask both packages; return 0, or 1 after saying which could not be asked.

    With `--newest` the newest releases are asked, not the pinned.
    """
    reports = {}
    for package in ASKED:
        pinned = PACKAGES[package]
        packages = newest(pinned) if "--newest" in arguments else pinned
        print(" ".join(packages), file=sys.stderr, flush=True)
        try:
            reports[package] = probe(package, packages)
        except InstallError as error:
            print(f"measure-models: {error}\nmeasure-models: nothing was written", file=sys.stderr)
            return 1
    old = json.loads(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    write(reports)
    for line in changed(old, reports):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
