"""What an address says is tried with all that one should not say: nothing of it runs or breaks."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page

HUGE = "9" * 100_000
RAW = [  # as they stand in the address
    "", "%", "%E0%A4%A", "%00", "%ff%fe", "+", "&&==", "%F0%9F%98%80", "%u0041",
]  # fmt: skip
SAID = [
    "<b class=hostile>x</b>", '"><script class=hostile>window.hit=1</script>',
    "<img class=hostile src=x onerror=window.hit=1>", "javascript:window.hit=1",
    "'-(window.hit=1)-'", "${window.hit=1}", "{{window.hit=1}}", "');window.hit=1;//",
    "__proto__", "constructor", "toString", "hasOwnProperty", "__proto__:toString=1",
    "relu:__proto__=1", "rrelu:constructor=1", "gelu:toString=x:approximate=<b class=hostile>",
    "NaN", "Infinity", "-Infinity", "1e308", "-1e308", "1e-320", "-1", "-0", "0x1F",
    "1_000", "1e9999",
    ",".join(["1e308"] * 4), "-1e308,1e308,-1e308,1e308", "0,1e-320,0,1e-320", "0,0,0,0",
    "1,1.0000000000000002,1,1.0000000000000002", "-1e9,1e9,-1e9,1e9", "1e8,100000000.1,0,1e-9",
    "9,1,9,1", "NaN,1,NaN,1", ",,,", "f,f,f,df,df", "none", "*[?(.|^$\\", "\u202e\u0000\ud83d",
    HUGE, "a" * 100_000,
    ",".join(["relu"] * 10_000), ",".join(["1"] * 10_000), "relu" + ":a=1" * 10_000, "a " * 10_000,
]  # fmt: skip
VALUES = [*RAW, *(quote(v.encode("utf-8", "replace"), safe=",:=") for v in SAID)]
# page -> what its widgets read; parameters are read from the page
READ = {
    "activations/elu/": ["at", "view", "show"],
    "activations/rrelu/": ["at", "view", "show"],
    "activations/glu/": ["a", "b"],
    "activations/gumbel_softmax/": ["x", "by", "seed", "hard", "T"],
    "activations/": ["find", "sort"],
    "choose/": ["for", "need"],
    "compare/": ["f", "show", "from", "at", "view"],
    "bibliography/": ["find"],
}
# puts the page's content back as it came, under another query, and starts its widgets again
TRY = """async ([values, names, alone]) => {
  const html = await (await fetch(location.pathname)).text();
  const find = (from) => from.querySelector('article');
  const fresh = new DOMParser().parseFromString(html, 'text/html');
  const fields = '[data-parameter], [data-choice], select[name], input[name]';
  const parameters = [...find(fresh).querySelectorAll(fields)]
    .map(({ name, dataset }) => dataset.parameter ?? dataset.choice ?? name);
  const all = [...new Set([...names, ...parameters])];
  const wait = () => new Promise((go) => setTimeout(go));
  const wrong = [];
  for (const value of values) {
    const queries = alone
      ? all.map((name) => `?${name}=${value}&${name}=${value}`)
      : ['?' + all.map((name) => `${name}=${value}`).join('&')];
    for (const query of queries) {
      history.replaceState(null, '', location.pathname + query);
      find(document).replaceWith(document.importNode(find(fresh), true));
      document$.next(document);
      const started = performance.now();
      const place = document.querySelector('[data-widget]');
      const ready = () => place.matches('.af-live, .af-guide')
        || place.querySelector('output')?.value;
      while (!ready() && performance.now() - started < 5000) await wait();
      await wait();
      const say = (words) => wrong.push(`${query.slice(0, 120)}: ${words}`);
      if (!ready()) say('it did not start');
      if (document.querySelector('.hostile')) say('markup came in');
      if (window.hit) say('a script ran');
      if (performance.now() - started > 3000) say('it took long');
      for (const drawn of document.querySelectorAll('.af-live .af-stage svg *')) {
        const bad = [...drawn.attributes].find(({ value }) => /NaN|Infinity|undefined/.test(value));
        if (bad) { say(`${drawn.tagName} ${bad.name}: ${bad.value.slice(0, 80)}`); break; }
      }
      const text = document.querySelector('.af-message')?.textContent ?? '';
      if (text.length > 1500) say(`it tells ${text.length} letters`);
    }
  }
  return wrong;
}"""


@pytest.mark.parametrize(
    ("name", "alone"),
    [
        *((name, False) for name in READ),
        pytest.param("compare/", True, marks=pytest.mark.long),
        pytest.param("activations/rrelu/", True, marks=pytest.mark.long),
    ],
)
def test_no_value_breaks_a_widget(page: Page, address: str, name: str, alone: bool) -> None:
    """All that a page reads says the value at once; or one thing does, twice."""
    page.goto(address + name)
    wrong = page.evaluate(TRY, [VALUES, READ[name], alone])
    assert not wrong, "\n".join(wrong[:20])
