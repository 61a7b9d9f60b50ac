"""The one MkDocs hook: runs `gen` before a build, publishes its data, typesets the formulas."""

import contextlib
import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, time
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))  # MkDocs loads this file by its path, and knows no package gen

from gen import __main__ as generator
from gen import cache, messages
from gen.bibliography import imprint, json_ld, listing
from gen.bibliography.citations import Citations
from gen.bibliography.cited import cited_keys
from gen.pages.catalogue import is_beyond_torch
from gen.pages.written import INCLUDE
from gen.site import navigation, notebook, offline, policy, search
from gen.site.navigation import slug_of
from gen.site.typesetting import FormulaError, Typesetter

GENERATED = ROOT / "docs" / "generated"
RAN_WITH = "mkdocs-jupyter/libraries.txt"  # beside what notebooks printed when they were run
LOADED = cache.digest(cache.read("gen", *cache.shared()))
CHECK_BOX = re.compile(r'(<input [^>]*type="checkbox"[^>]*) autocomplete="off"')
THEIR_SEARCH = ("assets/javascripts/lunr/", "assets/javascripts/workers/")  # web/js/search is ours
state: dict[str, Any] = {"serving": False, "offline": False}

# Material's script puts this around each table without a class once it runs, and the browser styles
# and lays out the table anew; with a class the script passes it over (gen/node/bundle.py)
TABLE = re.compile("<table>(.*?</table>)", re.S)
SCROLLING = (
    '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
    r'<table class="af-table">\1</div></div>'
)


def on_startup(command: str, **_: Any) -> None:
    sys.path.insert(0, str(ROOT))  # MkDocs took back the first, and gen's workers need it
    state["serving"] = command == "serve"
    if state["serving"]:
        threading.Thread(target=_warm).start()


def _warm() -> None:
    """Import what an entry needs, before the first one is edited."""
    importlib.import_module("gen.pages.activation.entry")
    importlib.import_module("gen.pages.overview")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    ours: list[Any] = [Citations(GENERATED / "citations.json")]
    config.markdown_extensions += ours  # MkDocs types names only
    ran = cache.FOLDER / RAN_WITH
    config.plugins["mkdocs-jupyter"].config["cache_dir"] = str(ran.parent)  # wherever it is run
    state["offline"] = offline.wanted(config)
    if state["offline"]:
        offline.load_classic_scripts(config)
    return config


@event_priority(100)
def on_pre_build(config: MkDocsConfig) -> None:
    if _generate():
        raise PluginError("gen stopped; its message is above")
    state["held"] = contextlib.ExitStack()
    state["held"].enter_context(cache.held("build"))  # nothing read from here on changes
    forget_notebooks()
    data = json.loads((GENERATED / "public" / "activations.json").read_text(encoding="utf-8"))
    state["entries"] = data["activations"]
    state["torch"] = data["torch"]
    state["names"] = search.names(GENERATED / "public")
    state["imprint"] = imprint.read(ROOT / "CITATION.cff")
    _date(state["imprint"].date)
    for name in ("references", "structured"):
        state[name] = json.loads((GENERATED / f"{name}.json").read_text(encoding="utf-8"))
    state["typesetter"] = Typesetter()


def forget_notebooks() -> None:
    """Have notebooks run anew with other libraries, and after a build that was killed.

    mkdocs-jupyter keeps what each printed under a name that tells no more than its own text.
    """
    note = cache.FOLDER / RAN_WITH
    if not note.is_file() or note.read_text(encoding="utf-8") != cache.libraries():
        shutil.rmtree(note.parent, ignore_errors=True)
    note.unlink(missing_ok=True)


def note_notebooks() -> None:
    """Note that what mkdocs-jupyter keeps is whole."""
    note = cache.FOLDER / RAN_WITH
    if note.parent.is_dir():
        note.write_text(cache.libraries(), encoding="utf-8")


def _date(released: date) -> None:
    """Date what MkDocs writes: by SOURCE_DATE_EPOCH, seconds since 1970, else by the release.

    The day of the build would give the same input other bytes tomorrow.
    """
    midnight = datetime.combine(released, time(), UTC)
    given = os.environ.setdefault("SOURCE_DATE_EPOCH", str(int(midnight.timestamp())))
    if not given.isdecimal():
        raise PluginError(
            f"SOURCE_DATE_EPOCH is {given!r}; set it to whole seconds since 1970, or unset it"
        )


def _generate() -> int:
    """Run gen; in a process of its own once its code is no longer the code that is loaded here."""
    if cache.digest(cache.read("gen", *cache.shared())) == LOADED:
        return generator.main()
    return subprocess.run([sys.executable, "-m", "gen"], cwd=ROOT).returncode


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Publish docs/generated/public/ at the site's root, and no scripts that no page loads."""
    for file in [f for f in files if f.src_uri.startswith(THEIR_SEARCH)]:
        files.remove(file)
    published = cache.below(GENERATED / "public")
    if state["offline"]:
        published = offline.files(published, cache.below(GENERATED / "offline"))
    for name, path in sorted(published.items()):
        files.append(File.generated(config, name, abs_src_path=str(path)))
    return files


def on_nav(nav: Navigation, **_: Any) -> Navigation:
    navigation.arrange(nav, state["entries"])
    return nav


@event_priority(100)
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Give an activation's page what search engines need to know of it."""
    slug = slug_of(page)
    entry = state["entries"].get(slug)
    page.meta.setdefault("image", "cards/site.png")
    if entry:
        page.meta["description"] = f"{entry['name']}: {entry['summary']}"
        page.meta["image"] = f"cards/{slug}.png"
        if is_beyond_torch(entry):
            page.meta["status"] = "beyond"
    return markdown


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    if page.file.src_uri.endswith(".ipynb"):
        html, drawings = notebook.plain(html, Path(page.file.src_uri).name)
        for name, content in drawings.items():
            beside = PurePosixPath(page.file.dest_uri).with_name(name)
            files.append(File.generated(config, str(beside), content=content))
    if state["offline"]:
        html = offline.link_files(html, page, files)
    html = TABLE.sub(SCROLLING, html)
    try:
        return state["typesetter"].page(html)
    except FormulaError as error:
        raise PluginError(f"{_place(error.tex, page)}: {error}") from error


@event_priority(100)
def _before_search(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Tell the search what it is to know of the page; that is not published."""
    state["content"] = page.content or ""
    page.content = search.told(state["content"])
    return context


@event_priority(-100)
def _after_search(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Navigation
) -> dict[str, Any]:
    """Complete the page: its content, its names, how it is cited, and what machines read of it."""
    page.content = state["content"]
    path, url = page.file.src_uri, page.canonical_url or ""
    plugin: Any = config.plugins["material/search"]
    for told in plugin.search_index.entries:
        if told["location"] == page.url:
            told.update(state["names"].get(path, {}))
    key = f"activationfunctions:{path.rpartition('.')[0].replace('/', '-')}"
    keys = list(dict.fromkeys(cited_keys(page.markdown or "")))
    context["cite"] = {
        "imprint": state["imprint"],
        "torch": state["torch"],
        "reference": state["references"][path],
        "bibtex": state["imprint"].bibtex(str(page.title), key, url, state["torch"]),
        "papers": len(keys) if listing.page_files(path) else 0,
    }
    if entry := state["entries"].get(slug_of(page)):
        above = {p.file.src_uri: p for p in nav.pages}
        trail = [above["index.md"], above["activations/index.md"], page]
        context["structured"] = json_ld.activation(
            entry,
            {key: state["structured"][key] for key in keys},
            [(str(step.title), str(step.canonical_url)) for step in trail],
            str(config.site_url),
            state["imprint"],
        )
    forms = GENERATED / "public" / path.removesuffix(".md") / "forms.json"
    if state["offline"] and forms.is_file():
        context["forms"] = json.loads(forms.read_text(encoding="utf-8"))
    return context


on_page_context = CombinedEvent(_before_search, _after_search)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Let go of what is written: MkDocs would hold the content of every page to the end."""
    page.content = None
    return on_post_template(output)


def on_post_template(output: str, **_: Any) -> str:
    """Mend Material's base.html outside its blocks: a check box takes no autocomplete in HTML.

    It kept Firefox from restoring an open drawer or search on reload; web/js/access.js does now.
    """
    return CHECK_BOX.sub(r"\1", output)


def _place(tex: str, page: Page) -> str:
    """Where the page's Markdown, or a part that it includes, has the formula: path and line."""
    paths = [f"docs/{page.file.src_uri}"]
    paths += [f"docs/generated/{name}" for name in INCLUDE.findall(page.markdown or "")]
    for path in paths:
        text = (ROOT / path).read_text("utf-8") if (ROOT / path).is_file() else ""
        if (start := text.find(tex)) >= 0:
            return f"{path}, line {text.count(chr(10), 0, start) + 1}"
    return paths[0]


def on_post_build(config: MkDocsConfig) -> None:
    state["typesetter"].save()
    # MkDocs puts its own script into what it serves; pages on a disk have no origin to allow
    if not (state["serving"] or state["offline"]):
        policy.publish(Path(config.site_dir))
    note_notebooks()
    state.pop("held").close()


def on_build_error(error: Exception) -> None:
    """Let the next build begin, as under `mkdocs serve`; give a fault of the machine its remedy."""
    remedy = messages.advice(error)
    if "held" in state:
        if not remedy:
            note_notebooks()
        state.pop("held").close()
    if remedy:
        raise PluginError(remedy) from error


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Any) -> LiveReloadServer:
    """Rebuild when a definition changes; the generated files are not watched, `gen` writes them."""
    server.unwatch(config.docs_dir)
    for path in sorted(Path(config.docs_dir).iterdir()):
        if not path.name.startswith((".", "generated")):
            server.watch(str(path))
    for name in ("activations", "gen", "measured", "web"):
        server.watch(str(ROOT / name))
    return server
