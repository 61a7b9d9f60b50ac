"""python -m bench: how smoothly the built site moves, in headless Chromium; run by `make bench`.

Frames are counted with requestAnimationFrame while a slider is dragged by mouse for two seconds.
Prints a table and writes it to bench.json. The wall clock of a shared machine is noisy: read the
ratio of the worst frame to the screen's own interval, which an idle page shows in the same run.
"""

import json
import platform
import statistics
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

# importable only now that the path is set
from conftest import launched, served  # noqa: E402

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


def main() -> None:
    rows = []
    with served(ROOT / "site") as address, sync_playwright() as playwright:
        browser = launched(playwright)
        for name, path in DRAGGED.items():
            dragged, idle = [], []
            for _ in range(RUNS):
                page = browser.new_page()
                page.goto(address + path)
                page.locator(".af-hero.af-live").wait_for()
                idle.append(worst_frame(page, moved=False))
                dragged.append(worst_frame(page, moved=True))
                page.close()
            floor = statistics.median(idle)
            rows.append(
                {
                    "what": f"worst frame of a 2 s drag, {name}",
                    "median_ms": round(statistics.median(dragged), 1),
                    "spread": f"{min(dragged):.1f}–{max(dragged):.1f}",
                    "idle_ms": round(floor, 1),
                    "ratio": round(statistics.median(dragged) / floor, 2),
                }
            )
        browser.close()
    machine = {"cpu": platform.processor() or platform.machine(), "system": platform.platform()}
    (ROOT / "bench.json").write_text(json.dumps({"machine": machine, "rows": rows}, indent=1))
    print(f"{'':40}{'median':>9}{'spread':>16}{'idle':>8}{'ratio':>7}")
    for row in rows:
        print(
            f"{row['what']:40}{row['median_ms']:>6} ms{row['spread']:>16}{row['idle_ms']:>5} ms"
            f"{row['ratio']:>7}"
        )


if __name__ == "__main__":
    main()
