"""How smoothly plots move: the longest interval between frames while a slider is dragged.

Frames are counted with requestAnimationFrame; the peer is the same page at rest, which shows the
screen's own interval.
"""

from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from .server import compressed
from .shared import launched
from .table import Row

RUNS = 5
DRAGGED = {
    "elu": "activations/elu/?show=f,df,ddf",
    "rrelu": "activations/rrelu/?show=f,df,ddf",
    "softmax": "activations/softmax/?x=2,1,0,-1,-2,-3",
}
WATCH = """() => {
  window.frames_ms = [];
  let last = performance.now();
  const step = (now) => {
    window.frames_ms.push(now - last);
    last = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""


def rows(site: Path) -> list[Row]:
    """The worst frame of a drag of two seconds, on each kind of plot that moves."""
    found = []
    with compressed(site) as server, sync_playwright() as playwright:
        browser = launched(playwright)
        for name, path in DRAGGED.items():
            dragged, idle = [], []
            for _ in range(RUNS):
                page = browser.new_page()
                page.goto(server.address + path)
                page.locator(".af-hero.af-live").wait_for()
                idle.append(worst_frame(page, moved=False))
                dragged.append(worst_frame(page, moved=True))
                page.close()
            what = f"worst frame of a 2 s drag, {name}"
            found.append(Row("moving", what, "ms", dragged, None, "the page at rest", idle))
        browser.close()
    return found


def worst_frame(page: Page, moved: bool) -> float:
    """The longest interval between two frames, in ms, in two seconds of dragging or of rest."""
    box = page.locator(".af-hero input[type=range]").first.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.evaluate(WATCH)
    if moved:
        page.mouse.down()
        for step in range(100):
            share = 0.5 + 0.4 * (1 - abs(step % 50 - 25) / 12.5)
            page.mouse.move(box["x"] + share * box["width"], middle)
            page.wait_for_timeout(20)
        page.mouse.up()
    else:
        page.wait_for_timeout(2000)
    return float(page.evaluate("Math.max(...window.frames_ms.slice(2))"))
