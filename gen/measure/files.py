"""Reads what `make measure` wrote; a file or an entry that is missing reads as not measured."""

import functools
from pathlib import Path
from typing import Any

from .. import messages

FOLDER = Path(__file__).resolve().parent.parent.parent / "measured"


def numerics() -> dict[str, Any]:
    """measured/numerics.json as it stands, or nothing."""
    path = FOLDER / "numerics.json"
    return _parsed(path, path.stat().st_mtime_ns) if path.is_file() else {}


def torch_versions() -> dict[str, Any]:
    """measured/torch_versions.json as it stands, or nothing."""
    return _of("torch_versions.json")


def models() -> dict[str, Any]:
    """measured/models.json as it stands, or nothing."""
    return _of("models.json")


def models_read() -> dict[str, Any]:
    """measured/models_read.json, which is written by hand: families whose source was read."""
    return _of("models_read.json")


def contents(name: str) -> bytes:
    """The bytes of measured/NAME.json; none where there is no such file."""
    path = FOLDER / f"{name}.json"
    return path.read_bytes() if path.is_file() else b""


def _of(name: str) -> dict[str, Any]:
    path = FOLDER / name
    found: dict[str, Any] = messages.data(path, messages.MEASURE_AGAIN) if path.is_file() else {}
    return found


def frameworks() -> dict[str, Any]:
    """measured/frameworks.json as it stands, or nothing."""
    path = FOLDER / "frameworks.json"
    return _parsed(path, path.stat().st_mtime_ns) if path.is_file() else {}


def frameworks_of(slug: str) -> dict[str, Any]:
    """What the file says of one entry, with the versions, the date and the grid; or nothing."""
    found = frameworks()
    with messages.refused(
        "measured/frameworks.json", f"where it tells of {slug}", messages.MEASURE_AGAIN
    ):
        block = found["activations"].get(slug, {}) if found else {}
        if not block:
            return {}
        shared = {key: found[key] for key in ("date", "versions", "grid")}
        return {**block, **shared, "torch_version": found["torch"]}


@functools.lru_cache(maxsize=2)
def _parsed(path: Path, changed: int) -> dict[str, Any]:
    """The file as it was written at the time `changed`."""
    return messages.data(path, messages.MEASURE_AGAIN)


def numerics_of(slug: str) -> dict[str, Any]:
    """What the file says of one entry: device -> its machine and its record, with the bins.

    Empty where the entry has not been measured on any device.
    """
    found: dict[str, Any] = {}
    with messages.refused(
        "measured/numerics.json", f"where it tells of {slug}", messages.MEASURE_AGAIN
    ):
        for device in ("cpu", "cuda"):
            block = numerics().get(device) or {}
            record = block.get("activations", {}).get(slug)
            if record:
                machine = {key: block[key] for key in ("torch", "capability", "date")}
                found[device] = {**machine, **record}
        return {"curve_x": numerics()["curve_x"], **found} if found else {}
