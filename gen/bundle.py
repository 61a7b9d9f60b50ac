"""Bundles the scripts of web/ and the printed functions into the files that pages load."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from . import cache, node
from .ink import INK, LINE_WIDTH, STYLE, dash_array

WEB = cache.ROOT / "web"


def sources() -> dict[str, str]:
    """The hand-written modules: file name -> text."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(WEB.glob("*.js"))}


def write(modules: Mapping[str, str], folder: Path) -> None:
    """Bundle web/ with `modules`, texts by their paths below web/, into `folder`.

    Raises NodeError with esbuild's message, which names the file and the line.
    """
    with tempfile.TemporaryDirectory() as name:
        draft = Path(name)
        node.install()
        (draft / "node_modules").symlink_to(cache.ROOT / "node_modules")
        for path, text in {**sources(), **modules, "look.js": look()}.items():
            (draft / path).parent.mkdir(exist_ok=True)
            (draft / path).write_text(text, encoding="utf-8")
        node.run(Path(__file__).with_name("bundle.mjs"), str(draft), str(folder))


def look() -> str:
    """The module that tells scripts how f, f′ and f″ are drawn: as in the static plots."""
    dashes = {role: dash_array(style) for role, style in STYLE.items()}
    known = {"ink": INK, "dashes": dashes, "width": LINE_WIDTH}
    lines = [f"export const {name} = {json.dumps(value)};" for name, value in known.items()]
    return "\n".join(lines) + "\n"
