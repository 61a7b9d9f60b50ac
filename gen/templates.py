"""Fills the templates that lie beside the code that uses them."""

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment


def render(name: str, **values: Any) -> str:
    """The template `name`, its path below gen/, filled in.

    Values are escaped where it ends in .html, and are Markdown where it ends in .md. Raises
    jinja2.UndefinedError where one is missing.
    """
    return _environment().get_template(name).render(values)


@functools.cache
def _environment() -> "Environment":
    # not above: a run that finds nothing changed fills no template
    from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
