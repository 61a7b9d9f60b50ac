"""A copy of the project in a temporary folder, to build and to change without touching this one."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from conftest import FILES, TAKEN
from mkdocs.utils.yaml import yaml_load

ROOT = Path(__file__).resolve().parent.parent.parent
BARE = "bare.yml"
LINKS = ("omitted_files", "absolute_links", "unrecognized_links", "anchors", "not_found")


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
        (project / BARE).write_text(yaml.safe_dump(bare()), encoding="utf-8")
        yield project


def bare() -> dict[str, Any]:
    """mkdocs.yml without our hook and our templates: Material over the same Markdown.

    Formulas stay as pymdownx.arithmatex marks them. What the hook would have published is linked
    to and missing, so links are not checked.
    """
    with (ROOT / "mkdocs.yml").open(encoding="utf-8") as file:
        config = yaml_load(file)
    del config["hooks"], config["theme"]["custom_dir"]
    return {**config, "strict": False, "validation": dict.fromkeys(LINKS, "ignore")}
