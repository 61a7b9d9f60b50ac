"""What the tests share: a copy of the project to break, the built site, a browser on it."""

import contextlib
import functools
import gzip
import http.server
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark import ParameterSet
from bs4 import BeautifulSoup
from filelock import FileLock
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)
from sympy import Abs, Max, Min, Piecewise, log
from sympy.tensor.indexed import Indexed

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
if "PYTEST_XDIST_WORKER" in os.environ:  # where tests share the cores, torch's threads only wait
    os.environ.setdefault("OMP_NUM_THREADS", "1")

# importable only now that the path is set
import activations  # noqa: E402
from activations import CATALOGUE  # noqa: E402
from activations._entry import Activation  # noqa: E402
from gen import cache, node  # noqa: E402
from gen.evaluation import torch_side  # noqa: E402
from gen.pages.activation import entry as entry_page  # noqa: E402

TAKEN = ("activations", "docs", "gen", "measured", "web")
FILES = ("CITATION.cff", "mkdocs.yml", "package.json", "package-lock.json", "requirements.txt")
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
STILL = "activations.schema.json"  # a file that browsers show without any script
BUDGET = 60_000  # bytes that a page may add to Material's scripts and styles, gzipped
OURS = ("http://127.0.0.1", "data:", "blob:")
PIECEWISE = (Piecewise, Max, Min, Abs)
ENVIRONMENT = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}


def _pages() -> list[str]:
    """The address of every page that docs/ holds, below the site's root."""
    docs = ROOT / "docs"
    written = [p.relative_to(docs) for kind in ("*.md", "*.ipynb") for p in docs.rglob(kind)]
    names = [p.with_suffix("").as_posix() for p in written if "generated" not in p.parts[0]]
    return sorted(
        name.removesuffix("index") if name.split("/")[-1] == "index" else f"{name}/"
        for name in names
        if not name.rpartition("/")[2].startswith("_")
    )


def features(entry: Activation) -> tuple[object, ...]:
    """What makes an entry another case for the code that prints, draws and moves it."""
    formula = entry.formula
    axes = max((len(element.indices) for element in formula.atoms(Indexed)), default=0)
    parts = formula.has(*PIECEWISE), formula.has(log), axes, jumps(entry)
    return (*shape(entry), bool(entry.parameters), *parts)


def jumps(entry: Activation) -> bool:
    """Whether torch's function of one number leaps between neighbours of a fine grid."""
    if entry.kind != "elementwise":
        return False
    values = torch_side.values(entry, entry.setting, [n / 1000 for n in range(-8000, 8001)])
    return max(abs(a - b) for a, b in itertools.pairwise(values)) > 0.02


def shape(entry: Activation) -> tuple[object, ...]:
    """What makes its page another case for the styles and the scripts."""
    return entry.kind, bool(entry.noise), bool(entry.variants), bool(entry.where)


def first_of_each(key: Callable[[Activation], object]) -> list[str]:
    """The first entry of the catalogue for each value of the key."""
    found: dict[object, str] = {}
    for slug, entry in CATALOGUE.items():
        found.setdefault(key(entry), slug)
    return list(found.values())


def functions(*kinds: str) -> list[ParameterSet]:
    """The entries of these kinds, or all; those that are like another wait for `make test-long`."""
    first = first_of_each(features)
    return [
        pytest.param(slug, marks=[] if slug in first else pytest.mark.long)
        for slug, entry in CATALOGUE.items()
        if not kinds or entry.kind in kinds
    ]


def _kinds_of_pages() -> list[str]:
    """One page for each shape of a function, each other page, and one of each folder of those."""
    found = {"": ""}
    of_entries = [f"activations/{slug}/" for slug in CATALOGUE]
    for name in PAGES:
        if name not in of_entries:
            folder, _, rest = name.rstrip("/").partition("/")
            found.setdefault(folder if rest else name, name)
    return [*found.values(), *(f"activations/{slug}/" for slug in first_of_each(shape)), "404.html"]


PAGES = _pages()
KINDS_OF_PAGES = _kinds_of_pages()
EVERYWHERE = [
    pytest.param(name, marks=[] if name in KINDS_OF_PAGES else pytest.mark.long)
    for name in [*PAGES, "404.html"]
]
"""Every page to open in a browser; those that are like another wait for `make test-long`."""

expect.set_options(timeout=20_000)  # ms; the machine may be busy with the other tests


def run(*command: str, cwd: Path = ROOT, **more: str) -> "subprocess.CompletedProcess[str]":
    """Run a Python module of the test environment, with `more` in it; never raise."""
    env = {**ENVIRONMENT, **more}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, env=env, capture_output=True, text=True
    )


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server that writes no log, and whose sitemap names its own address.

    Material changes pages without reloading only where the sitemap lists them.
    """

    def do_GET(self) -> None:
        if self.path != "/sitemap.xml":
            super().do_GET()
            return
        text = Path(self.translate_path(self.path)).read_text(encoding="utf-8")
        here = f"<loc>http://{self.headers['Host']}/"
        content = re.sub(r"<loc>https?://[^/]+/", here, text).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which the folder's files are served on this machine."""
    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the tests compute in their own process is kept apart from the checkout's results."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache, "FOLDER", tmp_path_factory.mktemp("cache"))
        yield


Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Once:
    """Makes what all processes of a run share: the first to ask makes it, the others wait.

    `once(name, make)` returns a path below the run's temporary folder that `make` has written.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def path_of(name: str, make: Callable[[Path], None]) -> Path:
        path, draft = shared / name, shared / f"{name}.draft"
        with FileLock(shared / f"{name}.lock"):
            if not path.exists():
                shutil.rmtree(draft, ignore_errors=True)
                make(draft)
                draft.rename(path)
        return path

    return path_of


@pytest.fixture(scope="session")
def generated(once: Once) -> Path:
    """docs/generated/, up to date; what the tests need of npm is installed before it."""

    def make(mark: Path) -> None:
        node.install(tests=True)
        done = run("gen")
        assert done.returncode == 0, done.stderr
        mark.touch()

    once("generated", make)
    return ROOT / "docs" / "generated"


@pytest.fixture(scope="session")
def site(generated: Path, once: Once) -> Path:
    """The built site."""

    def make(target: Path) -> None:
        done = run("mkdocs", "build", "--site-dir", str(target))
        assert done.returncode == 0, done.stderr
        warnings = [line for line in done.stderr.splitlines() if line.startswith("WARNING")]
        assert not warnings, warnings

    return once("site", make)


@pytest.fixture(scope="session")
def public(generated: Path) -> Path:
    """The files that are published at the site's root."""
    return generated / "public"


@pytest.fixture(scope="session")
def beyond(once: Once) -> Path:
    """A folder for each entry of shapes.py, with all that is written of it."""
    from shapes import ENTRIES

    def make(folder: Path) -> None:
        for slug in ENTRIES:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(activations, "load", ENTRIES.get)
                cache.publish(entry_page.made((slug, {}, {})), folder / slug)

    return once("beyond", make)


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[str, BeautifulSoup]:
    """Every HTML page by its address below the site's root; not to be changed."""
    return {
        path.relative_to(site).as_posix().removesuffix("index.html"): BeautifulSoup(
            path.read_text(encoding="utf-8"), "html.parser"
        )
        for path in sorted(site.rglob("*.html"))
    }


@pytest.fixture(scope="session")
def original(site: Path, once: Once) -> Path:
    """A copy of the project, built once already; not to be changed."""

    def make(original: Path) -> None:
        ignore = shutil.ignore_patterns("__pycache__", ".generated-*", "environments")
        for name in (*TAKEN, ".cache"):
            shutil.copytree(ROOT / name, original / name, ignore=ignore)
        for name in FILES:
            shutil.copy(ROOT / name, original / name)
        (original / "node_modules").symlink_to(ROOT / "node_modules")

    return once("project", make)


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    """A copy of the project, built once already, that a test may break."""
    copy = tmp_path / "project"
    shutil.copytree(original, copy, symlinks=True)
    return copy


@pytest.fixture
def edit(project: Path) -> Iterator[Callable[[str, str, str], None]]:
    """Replace a text, which must be there, in a file of the copy."""

    def replace(name: str, old: str, new: str) -> None:
        path = project / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    yield replace


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site, served on this machine."""
    with served(site) as found:
        yield found


def chromium() -> str | None:
    """The path of the machine's own Chromium, if it has one."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def no_browser(path: Path) -> str | None:
    """What to do if no browser is at that path."""
    if path.is_file():
        return None
    return f"Chromium is missing, {path} does not exist; run: sh tests/install_browser.sh"


def launched(playwright: Playwright) -> Browser:
    """The machine's own Chromium, or Playwright's, without a window.

    It has one process for all pages of the site in a context: starting another costs as much as
    loading a page.
    """
    arguments = ["--no-sandbox", "--disable-gpu", "--process-per-site"]
    return playwright.chromium.launch(executable_path=chromium(), args=arguments)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        if trouble := no_browser(Path(chromium() or playwright.chromium.executable_path)):
            pytest.fail(trouble, pytrace=False)
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def _holder(browser: Browser, address: str) -> Iterator[Page]:
    """A still page that stays open, so that its context and Chromium's process stay warm."""
    context = browser.new_context(viewport=DESKTOP, color_scheme="light")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + STILL)
    yield page
    context.close()


@pytest.fixture
def page(_holder: Page) -> Iterator[Page]:
    """A desktop page; the test fails on a console error or a request to another host.

    What the site stored for the test before is gone; the files that it loaded are cached.
    """
    with _guarded(_holder.context) as page:
        yield page
    _holder.evaluate("localStorage.clear()")
    _holder.context.clear_cookies()


@contextlib.contextmanager
def watched(browser: Browser, **settings: Any) -> Iterator[Page]:
    """A page of its own context; a console error or a request to another host fails the test."""
    context = browser.new_context(**settings)
    with _guarded(context) as page:
        yield page
    context.close()


@contextlib.contextmanager
def _guarded(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    trouble: list[str] = []

    def noted(message: ConsoleMessage) -> None:
        # a browser asks for an icon of what is no page of the site
        icon = message.location["url"].endswith("/favicon.ico")
        if message.type in ("error", "warning") and not icon:
            trouble.append(message.text)

    page.on("console", noted)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on(
        "request",
        lambda r: None if r.url.startswith(OURS) else trouble.append(r.url),
    )
    yield page
    page.close()
    assert not trouble, trouble


def evaluated(page: Page, function: str, **given: Any) -> Any:
    """What a JavaScript function, which may be asynchronous, returns for an object of `given`.

    Both go as JSON: for thousands of numbers that is many times as quick as `page.evaluate`.
    """
    code = f"async (text) => JSON.stringify(await ({function})(JSON.parse(text)))"
    return json.loads(page.evaluate(code, json.dumps(given)))


def until(page: Page, condition: str) -> None:
    """Wait until a JavaScript expression holds; fail after 20 s.

    `page.wait_for_function` asks again by eval, which the site's policy forbids.
    """
    code = f"""async () => {{
      const asked = performance.now();
      while (!({condition})) {{
        if (performance.now() - asked > 20_000) return false;
        await new Promise(requestAnimationFrame);
      }}
      return true;
    }}"""
    assert page.evaluate(code), f"never came true: {condition}"


def uncached(page: Page) -> None:
    """Let the page load everything anew, as on a first visit."""
    session = page.context.new_cdp_session(page)
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})


Visit = Callable[..., Locator]


@pytest.fixture
def visit(page: Page, address: str) -> Visit:
    """Open an activation's page; return its plot once it moves."""

    def go(slug: str, query: str = "") -> Locator:
        page.goto(f"{address}activations/{slug}/{query}")
        plot = page.locator(".af-hero.af-live")
        expect(plot).to_be_visible()
        return plot

    return go


def weighed(page: Page, address: str, name: str) -> dict[str, int]:
    """The scripts and styles of ours that a visit of the page loads: name -> bytes gzipped.

    The search's worker is Material's to load, and lighter than Material's own.
    """
    uncached(page)
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    page.goto(address + name, wait_until="networkidle")
    ours = re.compile(r"assets/(?!javascripts/|stylesheets/|js/search\.js).*\.(js|css)$")
    found = {response.url.removeprefix(address): response for response in responses}
    return {n: len(gzip.compress(r.body(), 9)) for n, r in found.items() if ours.match(n)}
