"""The parts made of other versions of torch, other frameworks and models, as one result."""

import contextlib
from typing import Any

from .. import messages
from ..measure import files
from . import models, porting, torch_changes

Source = tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]


def made(source: Source) -> dict[str, str]:
    """The parts on other versions of torch, other frameworks, and models; raises InputError.

    `source` is the records, and slug -> what was measured of the entry in other frameworks.
    """
    records, frameworks = source

    def refused(name: str) -> contextlib.AbstractContextManager[None]:
        return messages.refused(f"measured/{name}.json", "where it is read", messages.MEASURE_AGAIN)

    found: dict[str, str] = {}
    with refused("torch_versions"):
        found |= torch_changes.parts(files.read("torch_versions"), records)
    with refused("*"):
        found |= porting.parts(records, frameworks)
        found["public/equivalents.json"] = porting.published(records, frameworks)
    with refused("models"):
        used = files.read("models")
        found |= models.parts(used, records)
        found["public/models.json"] = models.published(used, records)
    with refused("models_read"):
        found["models/checked.md"] = models.checked(used, records, files.read("models_read"))
    return found
