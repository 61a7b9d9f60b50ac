"""The search: what it is told, what it answers, what it weighs, and the page for a lost address."""

import gzip
import json
import random
import re
import statistics
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, evaluated
from playwright.sync_api import Page, expect

from activations import CATALOGUE
from gen.site import search

Doc = dict[str, Any]
QUESTIONS = ROOT / "tests" / "questions.tsv"
FIRST = 3  # results that a reader looks at
PAGES = 250
BYTES = 250_000  # of the index of so many pages, gzipped

HELD = """
  window.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      window.search = this;
      this.addEventListener('message', () => { this.pending -= 1; });
    }
    postMessage(...given) {
      this.pending = (this.pending ?? 0) + 1;
      super.postMessage(...given);
    }
  };
"""
# where the first results lead that are not folded away
ASK = """async ({ questions, first }) => {
  const box = document.querySelector('.md-search__input');
  const { base } = JSON.parse(document.querySelector('#__config').textContent);
  const root = new URL(base, location).href;
  const answered = async () => {
    do await new Promise(requestAnimationFrame);
    while (search.pending !== 0);
  };
  const found = [];
  await answered();
  for (const question of questions) {
    box.value = question;
    box.dispatchEvent(new KeyboardEvent('keyup', { bubbles: true }));
    await answered();
    const results = [...document.querySelectorAll('.md-search-result__item')].slice(0, first);
    const links = results.flatMap((result) => [...result.querySelectorAll('a:not(details a)')]);
    found.push(links.map(({ href }) => {
      const address = new URL(href);
      address.searchParams.delete('h');
      return address.href.replace(root, '');
    }));
  }
  return found;
}"""


@pytest.fixture(scope="module")
def docs(site: Path) -> list[Doc]:
    found: list[Doc] = json.loads((site / "search/search_index.json").read_text("utf-8"))["docs"]
    return found


def questions() -> dict[str, str]:
    """What readers type -> where it leads."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    asked = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {question: place for question, _, place in asked}


def answers(page: Page, address: str, asked: list[str]) -> dict[str, list[str]]:
    """Where the first results of each question lead, as a reader sees them."""
    page.add_init_script(HELD)
    page.goto(address)
    page.locator(".md-search__input").focus()
    found = evaluated(page, ASK, questions=asked, first=FIRST)
    return {q: [unquote(place) for place in places] for q, places in zip(asked, found, strict=True)}


def test_each_question_leads_to_its_answer(page: Page, address: str) -> None:
    wanted = questions()
    assert len(wanted) >= 60
    wrong = [
        f"{question!r} should lead to {wanted[question]} and leads to {', '.join(places)}"
        for question, places in answers(page, address, list(wanted)).items()
        if wanted[question] not in places
    ]
    assert not wrong, "\n".join(wrong)


def spellings(name: str) -> set[str]:
    """As it is, in one word, and with spaces for what else divides it."""
    return {name.lower(), re.sub(r"[\W_]", "", name), re.sub(r"[\W_]+", " ", name)}


def misspelt(name: str) -> set[str]:
    """One letter in the middle left out, doubled, another, or exchanged with the next."""
    at = len(name) // 2
    a, b, start, end = name[at], name[at + 1], name[:at], name[at + 2 :]
    return {start + b + end, start + a + a + b + end, f"{start}z{b}{end}", start + b + a + end}


def test_a_function_is_found_by_each_of_its_names(page: Page, address: str) -> None:
    """However they are divided into words, and with one letter wrong if they have five or more."""
    asked = {
        (spelling, slug)
        for slug, entry in CATALOGUE.items()
        for name in (slug, entry.name, entry.title, *entry.aliases)
        for spelling in spellings(name)
    }
    asked |= {(w, slug) for slug in CATALOGUE if len(slug) > 4 for w in misspelt(slug)}
    assert {slug for _, slug in asked} == set(CATALOGUE)
    found = answers(page, address, sorted({question for question, _ in asked}))
    wrong = [f"{q!r}: {found[q]}" for q, slug in asked if f"activations/{slug}/" not in found[q]]
    assert not wrong, "\n".join(wrong)


def test_the_search_is_told_headings_and_how_things_begin() -> None:
    told = search.told(
        """<h1 id="elu">ELU<a class="headerlink" href="#elu">¶</a></h1>
        <p class="af-lead">It is smooth, at α = 1. It is more.</p><p>A second one.</p>
        <h2 id="facts">Facts</h2><table><tr><td>Range</td></tr></table><pre>code()</pre>
        <p>Where <span class="af-math"><svg><path/></svg></span> is &lt; 0. Else not.</p>
        <h2 id="use">Use</h2><ul><li><strong>Bold.</strong> And more.</li><li>Not bold.</li></ul>
        <h2 id="what-to-watch-for">Traps</h2><ul><li><strong>NaN</strong> at 0. Mask it.</li>
        <li><p>It overflows. Why.</p></li></ul><figure><p>Drag.</p></figure>"""
    )
    assert told == (
        '<h1 id="elu">ELU</h1><p>It is smooth, at α = 1.</p><h2 id="facts">Facts</h2>'
        '<p>Where … is &lt; 0.</p><h2 id="use">Use</h2><p>Bold.</p>'
        '<h2 id="what-to-watch-for">Traps</h2><p>NaN at 0.</p><p>It overflows.</p>'
    )


def test_the_index_holds_what_the_search_is_told_and_names(
    docs: list[Doc], generated: Path
) -> None:
    by_place = {doc["location"]: doc for doc in docs}
    for slug, entry in CATALOGUE.items():
        own = by_place[f"activations/{slug}/"]
        assert {*entry.aliases, entry.title} <= set(own["names"])
        names = (slug, entry.module_name, entry.functional_name)
        assert {name for name in names if name} <= set(own["codes"])
    gelu = by_place["activations/gelu/"]
    assert {"jax.nn.gelu", "tf.nn.gelu", "gelu_new", "keras.activations.gelu"} <= set(gelu["codes"])
    assert "jax.nn.log_softmax" not in by_place["activations/adaptive_log_softmax/"]["codes"]
    families = json.loads((generated / "public/models.json").read_text("utf-8"))["transformers"]
    read = families["families"].values()
    without_page = {one["name"] for one in read if one["name"] and not one["activation"]}
    assert {"llama", *without_page} <= set(by_place["models/"]["codes"])
    fields = {field for doc in docs for field in doc}
    assert fields == {"location", "title", "text", "names", "codes"}
    for doc in docs:
        assert {tag.name for tag in BeautifulSoup(doc["text"], "html.parser").find_all()} <= {"p"}


def test_words_are_told_of_sections_that_are_there(docs: list[Doc]) -> None:
    script = (ROOT / "web/js/search/asked.js").read_text(encoding="utf-8")
    anchors = set(re.findall(r"^  '?([\w-]+)'?: '", script, re.M))
    assert len(anchors) > 9
    assert anchors <= {doc["location"].partition("#")[2] for doc in docs}


def made_up(docs: list[Doc]) -> list[Doc]:
    """The pages of the catalogue, until they are PAGES, each word another of all their words."""
    chance = random.Random(1)
    own = [doc for doc in docs if re.match(r"activations/\w", doc["location"])]
    words = [word for doc in own for word in re.findall(r"\w+", doc["text"]) if word != "p"]
    slugs = [doc["location"].split("/")[1] for doc in own if "#" not in doc["location"]]
    rest = [doc for doc in docs if doc not in own]
    made = []
    for number in range(PAGES):
        slug, new = slugs[number % len(slugs)], f"{chance.choice(words)}{number}"
        for doc in own:
            if doc["location"].split("/")[1] == slug:
                text = re.sub(r"\w+(?![^<]*>)", lambda _: chance.choice(words), doc["text"])
                place = doc["location"].replace(slug, new, 1)
                names = {k: [f"{new} {n}" for n in doc.get(k, [])] for k in ("names", "codes")}
                made.append({**doc, **names, "location": place, "text": text})
    return [*rest, *made]


ANSWERED = """async ({ worker, docs, keys }) => {
  const search = new Worker(worker);
  const ask = (message) => new Promise((go) => {
    search.addEventListener('message', go, { once: true });
    search.postMessage(message);
  });
  await ask({ type: 0, data: { docs } });
  const times = [];
  for (const key of keys) {
    const began = performance.now();
    await ask({ type: 2, data: key });
    times.push(performance.now() - began);
  }
  search.terminate();
  return times;
}"""


def test_the_index_of_many_pages_is_small_and_answers_in_proportion(
    page: Page, address: str, docs: list[Doc]
) -> None:
    many = made_up(docs)
    assert len({doc["location"].partition("#")[0] for doc in many}) > PAGES
    text = json.dumps({"docs": many}, separators=(",", ":")).encode()
    assert len(gzip.compress(text, 9)) < BYTES
    page.goto(address)
    typed = [question[:end] for question in questions() for end in range(1, len(question) + 1)]
    worker = f"{address}assets/js/search.js"
    few, more = (
        statistics.median(evaluated(page, ANSWERED, worker=worker, docs=told, keys=typed[::5]))
        for told in (docs, many)
    )
    assert more < 2 * few * len(many) / len(docs), (few, more)


LOST = {
    "activations/leaky-relu/": "activations/leaky_relu/",
    "activations/silo": "activations/silu/",
    "functions/hard_swish/index.html": "activations/hardswish/",
    "gelu.html": "activations/gelu/",
    "initialisation/": "initialization/",
}


def test_a_lost_address_shows_the_nearest_names(page: Page, address: str, site: Path) -> None:
    for lost, place in LOST.items():
        page.route(f"**/{lost}", lambda route: route.fulfill(path=site / "404.html"))
        page.goto(address + lost)
        near = page.locator("article li a")
        expect(near.first).to_be_visible()
        assert f"{address}{place}" in near.evaluate_all("all => all.map((link) => link.href)"), lost
    for hopeless in ("%E0%A4%A/", "qqqqqqqqqqqq/"):
        page.route(f"**/{hopeless}", lambda route: route.fulfill(path=site / "404.html"))
        page.goto(address + hopeless, wait_until="networkidle")
        expect(page.locator("article li")).to_have_count(0)
        expect(page.get_by_text("The nearest names:")).to_be_hidden()
