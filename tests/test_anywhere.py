"""The site under a sub-path of a plain file server, and from an archive on a disk, in two browsers.

`anywhere.mjs` uses it; here are the places and the programs.
"""

import json
import os
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from conftest import ROOT, Once, chromium, run, served

from gen import node
from gen.site import offline

FIREFOX = next((p for name in ("firefox-esr", "firefox") if (p := shutil.which(name))), None)
IN_FIREFOX = [
    pytest.mark.long,
    pytest.mark.skipif(
        not FIREFOX and "CI" not in os.environ,
        reason="not installed: firefox (tests/install_firefox.sh installs it)",
    ),
]
BROWSERS = [
    pytest.param("chrome", chromium(), id="chromium"),
    pytest.param("firefox", FIREFOX, id="firefox", marks=IN_FIREFOX),
]
LINK = re.compile(r'<(?:a|link|script|img)\b[^>]*\b(?:href|src)="([^"]*)"')


def used(browser: str, program: str | None, home: str, end: str) -> Any:
    """What went wrong as a reader used the site at this address: [[where, what], ...]."""
    assert program, f"{browser} must be installed where CI runs: see tests/install_firefox.sh"
    script = Path(__file__).with_name("anywhere.mjs")
    return json.loads(node.run(script, browser, program, home, end, tests=True).splitlines()[-1])


@pytest.fixture(scope="session")
def unpacked(generated: Path, once: Once) -> Path:
    """The folder that a reader gets from the archive, which is built from another folder."""

    def make(target: Path) -> None:
        built, elsewhere = target.with_name("offline-build"), target.with_name("elsewhere")
        elsewhere.mkdir()
        config = ("--config-file", str(ROOT / "mkdocs.yml"))
        done = run(
            "mkdocs", "build", *config, "--site-dir", str(built), cwd=elsewhere, OFFLINE="true"
        )
        assert done.returncode == 0, done.stderr
        assert not [*elsewhere.iterdir()]
        target.mkdir()
        archive = target / "activation-functions.zip"
        offline.pack(built, archive)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(target)

    return once("offline", make) / "activation-functions"


@pytest.mark.parametrize(("browser", "program"), BROWSERS)
def test_from_a_disk(unpacked: Path, browser: str, program: str | None) -> None:
    assert used(browser, program, f"{unpacked.as_uri()}/", ".html") == []


@pytest.mark.parametrize(("browser", "program"), BROWSERS)
def test_under_a_sub_path(site: Path, tmp_path: Path, browser: str, program: str | None) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "folder").symlink_to(site)
    with served(tmp_path) as host:
        assert used(browser, program, f"{host}sub/folder/", "/") == []


def test_every_link_of_the_archive_is_to_a_file(unpacked: Path) -> None:
    dead = []
    for page in unpacked.rglob("*.html"):
        if page.name == "404.html":  # only a server shows it, at any address
            continue
        for link in LINK.findall(page.read_text(encoding="utf-8")):
            target = urlsplit(link)
            inside = not target.scheme and target.path
            if inside and not (page.parent / unquote(target.path)).is_file():
                dead.append(f"{page.relative_to(unpacked)}: {link}")
    assert not dead, "\n".join(dead[:20])


def test_the_same_files_give_the_same_archive(tmp_path: Path) -> None:
    made = []
    for number, day in enumerate((1e9, 1.5e9)):
        folder = tmp_path / f"built-{number}"
        for name in ("b/two.txt", "a.txt"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, encoding="utf-8")
            os.utime(path, (day, day))
        archive = tmp_path / str(number) / "name.zip"
        archive.parent.mkdir()
        offline.pack(folder, archive)
        made.append(archive.read_bytes())
    assert made[0] == made[1]
