"""The parts made of other versions of torch, other frameworks and models, as one result."""

import contextlib
from pathlib import Path
from typing import Any

from .. import messages
from ..measure import files
from . import models, porting, torch_changes

Source = tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]


def write(source: Source, folder: Path) -> None:
    """Make the parts on other versions of torch, other frameworks, and models; raise InputError.

    `source` is the records, and slug -> what was measured of the entry in other frameworks.
    """
    records, frameworks = source

    def refused(name: str) -> contextlib.AbstractContextManager[None]:
        return messages.refused(f"measured/{name}.json", "where it is read", messages.MEASURE_AGAIN)

    with refused("torch_versions"):
        changes = torch_changes.parts(files.torch_versions(), records)
    with refused("*"):
        ported = porting.parts(records, frameworks)
        equivalents = porting.published(records, frameworks)
    with refused("models"):
        used = models.parts(files.models(), records)
        families = models.published(files.models(), records)
    found = {
        **{f"torch_changes/{name}": text for name, text in changes.items()},
        **{f"porting/{name}": text for name, text in ported.items()},
        **used,
        "public/equivalents.json": equivalents,
        "public/models.json": families,
    }
    for name, text in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
