"""Every page on paper, from a screen in the dark scheme, in headless Chromium."""

import pytest
from conftest import EVERYWHERE, watched
from playwright.sync_api import Browser, Page

SHEET = 680  # px: A4, less margins of 15 mm
LYING = 926  # px: the width of the one table that is printed on its side

# what a colour looks like; `light` is WCAG's relative luminance of it on white
COLOURS = """
  const pen = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const painted = (...colours) => {
    pen.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
    }
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = colour => {
    const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = painted('white', colour).map(c => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
"""
# what is wrong with the page as it would be printed
FAULTS = """([sheet, lying]) => {
  COLOURS
  const found = [];
  const told = e => `${e.tagName.toLowerCase()}.${e.getAttribute('class') ?? ''}`
    + ` "${e.textContent.trim().slice(0, 40)}"`;
  const shown = [...document.body.querySelectorAll('*')].filter(
    e => e.checkVisibility({visibilityProperty: true, opacityProperty: true}));
  for (const e of shown) {
    const style = getComputedStyle(e);
    const text = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const ink = e.matches('.af-math svg, .af-math svg *') ? style.fill : style.color;
    if ((text || e.matches('.af-math svg')) && 1.05 / (light(ink) + 0.05) < 4.5)
      found.push(`${told(e)} is faint: ${ink}`);
    if (light(style.backgroundColor) < 0.7)
      found.push(`${told(e)} is on a dark ground: ${style.backgroundColor}`);
    if (e.matches('nav, header, footer, button, input, select, textarea, [role=slider]')
        && style.display !== 'contents' && style.appearance !== 'none')
      found.push(`${told(e)} is of no use on paper`);
    const name = e.closest('.af-ways') ? e.querySelector('strong') ?? e : e;
    const line = getComputedStyle(name).textDecorationLine;
    if (e.matches('p a:not(.af-tile), li a') && text && !line.includes('underline'))
      found.push(`${told(e)} is not underlined`);
    if (e.matches('figure, tr, pre, .af-display') && style.breakInside !== 'avoid')
      found.push(`${told(e)} may be cut by the end of a page`);
    if (e.matches('h1, h2, h3, h4') && style.breakAfter !== 'avoid')
      found.push(`${told(e)} may stand at the end of a page`);
    const room = e.closest('.af-catalogue') ? lying : sheet;
    const unseen = e.closest('.af-said, .af-status, defs, clipPath');
    if (!unseen && e.getBoundingClientRect().right > room + 1)
      found.push(`${told(e)} is wider than the paper`);
  }
  for (const plot of document.querySelectorAll('.af-compare.af-live'))
    for (const part of ['.af-moving svg', '.af-chosen', '.af-caption'])
      if (!shown.includes(plot.querySelector(part))) found.push(`${part} is not on paper`);
  for (const plot of document.querySelectorAll('.af-live:not(.af-compare)')) {
    const drawing = plot.querySelector('.af-stage > svg:not(.af-over)');
    if (!shown.includes(drawing)) found.push(`${told(plot)} has no drawing that stands still`);
    for (const moving of plot.querySelectorAll('.af-moving, .af-over, .af-controls'))
      if (shown.includes(moving)) found.push(`${told(moving)} cannot move on paper`);
  }
  return found;
}""".replace("COLOURS", COLOURS)


def printed(page: Page, url: str) -> list[str]:
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")
    return page.evaluate(FAULTS, [SHEET, LYING])


def test_what_is_folded_is_printed_whole(browser: Browser, address: str) -> None:
    """Without scripts too, which open it where they run."""
    with watched(browser, java_script_enabled=False) as page:
        page.goto(f"{address}activations/gelu/")
        folded = page.locator(".af-whole table, .af-whole figure, .af-folded pre")
        hidden = "all => all.filter((e) => !e.checkVisibility()).length"
        assert folded.evaluate_all(hidden) == folded.count() > 3
        page.emulate_media(media="print")
        assert folded.evaluate_all(hidden) == 0


@pytest.mark.parametrize("name", EVERYWHERE)
def test_a_page_is_fit_for_paper(page: Page, address: str, name: str) -> None:
    """Dark on light, no control, nothing too wide, and breaks only where they do not hurt."""
    found = printed(page, address + name)
    assert not found, "\n".join(found[:20])
