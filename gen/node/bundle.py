"""Bundles web/ and the printed functions into the scripts and the style sheet that pages load."""

import re
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from .. import cache, node

WEB = cache.ROOT / "web"
PACKAGES = "packages.json"
SWITCHING = re.compile(r"\[data-md-color-switching\][^{}]*\{[^{}]*\}")


def sources() -> dict[str, str]:
    """The hand-written scripts and styles: path below web/ -> text."""
    found = {n: path for n, path in cache.below(WEB).items() if n.endswith((".js", ".css"))}
    return {name: path.read_text(encoding="utf-8") for name, path in found.items()}


def material() -> str:
    """Material's own style sheets, as its base.html loads them, with two changes.

    Tables without a class have one here, by which Material's script leaves them as the build wraps
    them. The rule by which nothing fades while the colours change is in web/js/access.js: in the
    page it had every element styled again twice while Material's script starts.
    """
    styles = Path(str(files("material"))) / "templates" / "assets" / "stylesheets"
    sheets = [next(styles.glob(f"{name}.*.min.css")) for name in ("main", "palette")]
    text = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    return SWITCHING.sub("", text.replace("table:not([class])", "table.af-table"))


def made(modules: Mapping[str, str]) -> dict[str, str | bytes]:
    """The bundle of web/ with `modules`, texts by their paths below web/.

    Beside it, PACKAGES lists the npm packages in it. Raises NodeError with esbuild's message, which
    names the file and the line.
    """
    with tempfile.TemporaryDirectory() as folder:
        draft, out = Path(folder, "draft"), Path(folder, "out")
        cache.publish({**sources(), **modules, "material.css": material()}, draft)
        (draft / "node_modules").symlink_to(cache.ROOT / "node_modules")
        packages = node.run(Path(__file__).with_name("bundle.mjs"), str(draft), str(out))
        return {**cache.contents(out), PACKAGES: packages}
