"""What a key press in the search costs the main thread, where the site has 400 pages.

The built site's index is repeated under other names until it has that many pages. A letter's cost
is the time that the main thread works from the key press until no result has changed for a while;
what it works in the same time without a key press does not count. The search itself runs in a
worker.
"""

import json
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from .server import compressed
from .shared import launched, until
from .table import Row

PAGES = 400
RUNS = 5
WORD = "softplus"


def rows(site: Path) -> list[Row]:
    """The dearest letter of a word, typed into the search."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "site"
        shutil.copytree(site, folder)
        repeat(folder / "search" / "search_index.json", PAGES)
        with compressed(folder) as server, sync_playwright() as playwright:
            browser = launched(playwright)
            worst = []
            for _ in range(RUNS):
                page = browser.new_page()
                page.goto(server.address, wait_until="networkidle")
                worst.append(max(letters(page)))
                page.close()
            browser.close()
    what = f"search, the dearest key press of “{WORD}”, {PAGES} pages"
    return [Row("searching", what, "ms", worst, 50)]


def repeat(index: Path, pages: int) -> None:
    """Repeat the index's pages under other addresses until there are `pages` of them."""
    content = json.loads(index.read_text(encoding="utf-8"))
    found: dict[str, list[dict[str, str]]] = {}
    for entry in content["docs"]:
        found.setdefault(entry["location"].partition("#")[0], []).append(entry)
    homes = list(found)
    for number in range(pages - len(homes)):
        for entry in found[homes[number % len(homes)]]:
            content["docs"].append({**entry, "location": f"copy-{number}/{entry['location']}"})
    index.write_text(json.dumps(content), encoding="utf-8")


def letters(page: Page) -> list[float]:
    """The main thread's work for each letter, in ms."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.locator(".md-search__input").click()
    until(
        page,
        "performance.getEntriesByType('resource').some((r) => r.name.includes('search_index'))",
    )
    page.keyboard.type(WORD[:2])
    page.locator(".md-search-result__item").first.wait_for(timeout=60_000)
    costs = []
    for letter in WORD[2:]:
        page.wait_for_timeout(500)
        start = worked(session)
        page.wait_for_timeout(1000)
        rested = worked(session)
        page.keyboard.press(letter)
        page.wait_for_timeout(1000)
        costs.append((worked(session) - rested) - (rested - start))
    return costs


def worked(session: CDPSession) -> float:
    """The main thread's time in tasks since the page began, in ms."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return 1000 * next(float(m["value"]) for m in metrics if m["name"] == "TaskDuration")
