"""The site as an archive that browsers open from a disk: `make offline`, or OFFLINE=true.

Pages opened by file:// may load classic scripts, but neither modules nor data, and no link to a
folder finds the page in it. Material's plugin `offline` names pages by files and turns the search
index into a script; here the widgets come as one classic script, and the search runs in a frame,
since it may start no worker. `python -m gen.site.offline FOLDER FILE` packs the folder.
"""

import posixpath
import re
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

FOLDER = re.compile(r'href="(?P<path>\.\./[^"?#]*/)(?P<rest>[?#][^"]*|)"')


def wanted(config: MkDocsConfig) -> bool:
    return bool(config.plugins["material/offline"].config.enabled)


def load_classic_scripts(config: MkDocsConfig) -> None:
    """Have pages load the scripts that `gen/node/bundle.mjs` made for this."""
    config.extra["polyfills"] = ["assets/js/iframe-worker.js"]
    config.extra_javascript = ["assets/js/main.js"]


def files(published: Mapping[str, Path], scripts: Mapping[str, Path]) -> dict[str, Path]:
    """The published files, by their names, with these scripts for those that are modules."""
    kept = {name: p for name, p in published.items() if not name.startswith("assets/js/")}
    return {**kept, **{f"assets/js/{name}": path for name, path in scripts.items()}}


def link_files(html: str, page: Page, files: Files) -> str:
    """A page's HTML whose links to folders of the site are links to the files of their pages.

    MkDocs does so for links in Markdown; those in HTML and in notebooks come as they were written.
    """
    source = PurePosixPath(page.file.src_uri)
    home = source.parent if source.stem == "index" else source.with_suffix("")

    def linked(match: re.Match[str]) -> str:
        target = posixpath.normpath(home / match["path"])
        names = (f"{target}{end}" for end in (".md", ".ipynb", "/index.md"))
        found = next((file for name in names if (file := files.get_file_from_path(name))), None)
        return f'href="{found.url_relative_to(page.file)}{match["rest"]}"' if found else match[0]

    return FOLDER.sub(linked, html)


def pack(folder: Path, archive: Path) -> None:
    """Write the folder's files into a zip archive; the same files give the same bytes."""
    draft = archive.with_name(f".{archive.name}.new")
    with zipfile.ZipFile(draft, "w") as packed:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(f"{archive.stem}/{path.relative_to(folder).as_posix()}")
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    draft.rename(archive)


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
