"""How pages load: Lighthouse's scores, bytes over the wire, shifts, the largest paint.

Pages come from a local server that compresses and lets the browser keep files for ten minutes, as
hosts do. Lighthouse has its mobile settings and a cold cache. A page's peer is the same page
without our parts: with Material's styles and scripts as Material loads them, and without our
styles, scripts, formulas, plots and data for machines.
"""

import json
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from conftest import chromium, launched
from playwright.sync_api import Browser, sync_playwright

from gen import node

from .server import Server, compressed
from .table import Row

HERE = Path(__file__).resolve().parent
RUNS = 5
PAGES = {
    "home": "",
    "an activation": "activations/elu/",
    "the catalogue": "activations/",
    "compare": "compare/",
    "the bibliography": "bibliography/",
    "the notebook": "notebooks/hands_on/",
}
SCORES = ("performance", "accessibility", "best-practices", "seo")
LEAST = {("the notebook", "performance"): 98}
FIRST, SECOND = "activations/elu/", "activations/gelu/"
OURS = "script[src*='assets/js'], script[type='application/ld+json']"
OURS += ", article figure, .af-math, .Z3988"


def rows(site: Path) -> list[Row]:
    """Scores, largest paint beside the stripped page's, bytes of two visits, shifts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        shutil.copytree(site, folder)
        stripped = {path: strip(folder, path) for path in PAGES.values()}
        with compressed(folder) as server:
            found = lighthouse(server.address, [*PAGES.values(), *stripped.values()])
            with sync_playwright() as playwright:
                browser = launched(playwright)
                visits = [bytes_of_visits(browser, server) for _ in range(RUNS)]
                browser.close()
    table = []
    for page, path in PAGES.items():
        for score in SCORES:
            values = [run[score] for run in found[path]]
            least = LEAST.get((page, score), 100)
            table.append(Row("reading", f"{page}: {score}", "", values, least, bound="least"))
    for page, path in PAGES.items():
        shifts = [run["cls"] for run in found[path]]
        table.append(Row("reading", f"{page}: layout shift", "", shifts, 0))
    for page, path in PAGES.items():
        paints, peers = ([run["lcp"] for run in found[p]] for p in (path, stripped[path]))
        what = f"{page}: largest paint"
        table.append(Row("reading", what, "ms", paints, 1.15, "without our parts", peers))
    first, second = zip(*visits, strict=True)
    table.append(Row("reading", "first visit to an activation, everything", "KB", first, 200))
    table.append(Row("reading", "second page, another activation", "KB", second, 40))
    return table


def strip(folder: Path, path: str) -> str:
    """Write the page again without our parts; return its path."""
    soup = BeautifulSoup((folder / path / "index.html").read_text(encoding="utf-8"), "html.parser")
    for part in soup.select(OURS):
        part.decompose()
    for table in soup.select(".af-table"):
        del table["class"]
    style = soup.select_one("link[href*='assets/site']")
    script = soup.select_one("script[src*='assets/javascripts']")
    assert style and script
    for sheet in sorted((folder / "assets" / "stylesheets").glob("*.css")):
        address = str(style["href"]).replace("site.css", f"stylesheets/{sheet.name}")
        style.insert_before(soup.new_tag("link", rel="stylesheet", href=address))
    style.decompose()
    del script["defer"]
    home = folder / path / "stripped"
    home.mkdir()
    text = str(soup).replace('="../', '="../../').replace('="assets/', '="../assets/')
    (home / "index.html").write_text(text, encoding="utf-8")
    return f"{path}stripped/"


def lighthouse(address: str, paths: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Path -> its runs, all paths in turns."""
    if not (HERE / "node_modules").is_dir():
        node.npm_ci(HERE)
    urls = [address + path for path in paths]
    output = node.run(HERE / "lighthouse.mjs", chromium() or "", str(RUNS), *urls)
    found = defaultdict(list)
    for line in output.splitlines():
        run = json.loads(line)
        found[run["url"].removeprefix(address)].append(run)
    return found


def bytes_of_visits(browser: Browser, server: Server) -> tuple[float, float]:
    """KB over the wire, headers included: a first page, then another with what the first cached."""
    context = browser.new_context()
    sizes = []
    for path in (FIRST, SECOND):
        before = server.sent
        page = context.new_page()
        page.goto(server.address + path, wait_until="networkidle")
        page.wait_for_timeout(500)
        page.close()
        sizes.append((server.sent - before) / 1000)
    context.close()
    return sizes[0], sizes[1]
