"""python tests/addresses.py: add what site/ publishes to tests/addresses.txt.

An address is a file's path and, for a page, the path of its folder with the ids on it. Left out are
files whose name is a digest of their content, which only pages name, and ids that no one links to:
those inside drawings, and those that Material numbers or keeps for itself, which begin with `__`.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "tests" / "addresses.txt"
BY_CONTENT = re.compile(r"[.-][0-9A-Za-z]{8}\.(min\.)?(js|css)(\.map)?$")
DRAWING = re.compile(r"<svg\b.*?</svg>", re.S)
ID = re.compile(r'<[a-z][^<>]*?\sid="?((?!__)[^"\s>]+)')


def published(site: Path) -> dict[str, set[str]]:
    """Each path of the site -> the ids on it."""
    found = {}
    for path in site.rglob("*"):
        name = path.relative_to(site).as_posix()
        if path.is_file() and not BY_CONTENT.search(name):
            text = path.read_text(encoding="utf-8") if path.suffix == ".html" else ""
            found[re.sub(r"(^|/)index\.html$", r"\1", name)] = {*ID.findall(DRAWING.sub("", text))}
    return found


def listed() -> dict[str, set[str]]:
    """The same, as tests/addresses.txt has it."""
    lines = FILE.read_text(encoding="utf-8").splitlines() if FILE.is_file() else []
    return {path: set(ids) for path, *ids in (line.removeprefix("/").split(" ") for line in lines)}


def main(site: Path) -> None:
    known, now = listed(), published(site)
    every = {path: known.get(path, set()) | now.get(path, set()) for path in {*known, *now}}
    lines = (" ".join([f"/{path}", *sorted(ids)]) for path, ids in sorted(every.items()))
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else ROOT / "site")
