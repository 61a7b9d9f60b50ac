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

    found: dict[str, str] = {}
    with refused("torch_versions"):
        found |= torch_changes.parts(files.torch_versions(), records)
    with refused("*"):
        found |= porting.parts(records, frameworks)
        found["public/equivalents.json"] = porting.published(records, frameworks)
    with refused("models"):
        used = files.models()
        found |= models.parts(used, records)
        found["public/models.json"] = models.published(used, records)
    with refused("models_read"):
        found["models/checked.md"] = models.checked(used, records, files.models_read())
    for name, text in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
