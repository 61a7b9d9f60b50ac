"""A copy of the project in a temporary folder, to build and to change without touching this one."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml
from conftest import FILES, TAKEN

ROOT = Path(__file__).resolve().parent.parent.parent
BARE = "bare.yml"
EMPTY = "no_overrides"
LINKS = ("omitted_files", "absolute_links", "unrecognized_links", "anchors", "not_found")
# mkdocs.yml without our hook and our templates: Material over the same Markdown; formulas stay as
# pymdownx.arithmatex marks them, and what the hook would have published is linked to and missing
WITHOUT = {
    "INHERIT": "mkdocs.yml",
    "hooks": [],
    "theme": {"custom_dir": EMPTY},
    "strict": False,
    "validation": dict.fromkeys(LINKS, "ignore"),
}


@contextlib.contextmanager
def copied() -> Iterator[Path]:
    """The folder of a copy, with its cache and its generated files, and `bare.yml` in it."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        project = Path(name) / "project"
        ignore = shutil.ignore_patterns("__pycache__", ".generated-*", "environments")
        for folder in (*TAKEN, ".cache"):
            shutil.copytree(ROOT / folder, project / folder, ignore=ignore)
        for file in FILES:
            shutil.copy(ROOT / file, project / file)
        (project / "node_modules").symlink_to(ROOT / "node_modules")
        (project / EMPTY).mkdir()
        (project / BARE).write_text(yaml.safe_dump(WITHOUT), encoding="utf-8")
        yield project
