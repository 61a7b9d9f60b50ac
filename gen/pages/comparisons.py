"""The parts made of other versions of torch, other frameworks and models, as one result."""

import contextlib
from pathlib import Path
from typing import Any

from .. import messages
from ..measure import files
from . import models, porting, torch_changes


def write(records: list[dict[str, Any]], folder: Path) -> None:
    """Make the parts on other versions of torch, other frameworks, and models; raise InputError."""

    def refused(name: str) -> contextlib.AbstractContextManager[None]:
        return messages.refused(f"measured/{name}.json", "where it is read", messages.MEASURE_AGAIN)

    with refused("torch_versions"):
        changes = torch_changes.parts(files.torch_versions(), records)
    with refused("frameworks"):
        ported = porting.parts(records, files.frameworks())
        equivalents = porting.published(records, files.frameworks())
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
