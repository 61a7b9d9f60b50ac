"""What the site ships that others wrote, and under which licence: a table and the texts."""

import json
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

from .. import cache, markdown

PACKAGES = cache.ROOT / "node_modules"
GLYPHS = "@mathjax/mathjax-newcm-font"
# bundled inside the theme's scripts, which name their sources but not their licences
IN_THEME = {
    "clipboard": "MIT",
    "escape-html": "MIT",
    "focus-visible": "W3C",
    "rxjs": "Apache-2.0",
    "tslib": "0BSD",
}
SOURCE = re.compile(r"(?:^|/)node_modules/((?:@[^/]+/)?[^/]+)/")
Part = tuple[str, str, str, str]  # name and version, SPDX identifier, what is shipped, text if any


def parts(bundled: Sequence[str]) -> dict[str, str]:
    """The table and the texts; `bundled` are the npm packages inside the site's own scripts.

    Raises ValueError for a package whose licence is not known.
    """
    theme = distribution("mkdocs-material")
    templates = Path(str(files("material"))) / "templates"
    named, licence = f"Material for MkDocs {theme.version}", theme.metadata["License-Expression"]
    icons = (templates / ".icons" / "material" / "LICENSE").read_text(encoding="utf-8")
    found: list[Part] = [
        (named, licence, "templates, scripts, styles", theme.read_text("licenses/LICENSE") or ""),
        *_in_theme(templates),
        ("Material Design Icons", "Apache-2.0", "icons", icons),
        *(_npm(name, "inside this site's scripts") for name in bundled),
        _npm(GLYPHS, "outlines of the signs in formulas", "@mathjax/src"),
    ]
    rows = [part[:3] for part in found]
    texts = (f"{n}\n{'=' * len(n)}\n\n{text.strip()}\n\n" for n, *_, text in found if text)
    return {
        "licences.md": markdown.table(("Part", "Licence", "What is shipped"), rows),
        "public/licences.txt": "\n".join(texts),
    }


def _in_theme(templates: Path) -> Iterator[Part]:
    """The npm packages inside the theme's scripts, as their source maps tell."""
    maps = (templates / "assets" / "javascripts").glob("*.js.map")  # not the search's
    sources = [name for path in maps for name in json.loads(path.read_text("utf-8"))["sources"]]
    for name in sorted({found[1] for source in sources if (found := SOURCE.search(source))}):
        if name not in IN_THEME:
            raise ValueError(
                f"gen/pages/licences.py: Material's scripts hold the npm package {name}, whose"
                " licence is not in IN_THEME; add the one that the package states"
            )
        yield name, IN_THEME[name], "inside Material's scripts", ""


def _npm(name: str, use: str, beside: str = "") -> Part:
    """An installed npm package; its text may lie in the package `beside` it."""
    told = json.loads((PACKAGES / name / "package.json").read_text(encoding="utf-8"))
    text = next((PACKAGES / (beside or name)).glob("LICENSE*")).read_text(encoding="utf-8")
    return f"{name} {told['version']}", told["license"], use, text
