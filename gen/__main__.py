"""python -m gen: read the catalogue and the pages, compute, check, and write docs/generated/.

The steps are in `parts`, in the order in which things flow: entries, pages, what is made of both.
Nothing heavy is imported where nothing changed.
"""

import atexit
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

import activations

from . import cache, messages
from .cache import Files, Job
from .drawing import ink
from .measure import files
from .node import bundle
from .pages import written
from .pages.written import Page

DOCS = cache.ROOT / "docs"
OUTPUT = DOCS / "generated"
CARD = Job(
    "gen.drawing.cards:made",
    (
        "Activation\nFunctions",
        "Definitions, derivatives, plots, facts and papers, each checked against torch.",
    ),
)
# what the pages on versions, frameworks and models read of a record
COMPARED = (
    "slug", "name", "aliases", "family", "random", "counted", "thumbnail", "torch", "functional",
    "formulas", "parameters", "models", "elsewhere",
)  # fmt: skip
INTERNAL = ("record.json", "module.js")  # files of an entry that are no part of the output
Record = dict[str, Any]


def main() -> int:
    """Run the build; return 0, or 1 after printing what to change."""
    try:
        build()
    except Exception as error:
        if os.environ.get("GEN_TRACEBACK"):
            raise
        print(f"gen: {messages.told(error)}", file=sys.stderr)
        print("gen: nothing was written; the last good output stands", file=sys.stderr)
        return 1
    return 0


def build() -> None:
    """Write docs/generated/, unless it is what the inputs give."""
    with cache.held("build"):
        inputs = cache.inputs()
        if not cache.is_built(inputs, OUTPUT):
            cache.publish(parts(), OUTPUT)
            cache.note_built(inputs, OUTPUT)
            cache.forget()


def parts() -> dict[str, str | bytes]:
    """The files of docs/generated/, by their names there."""
    from .pages import overview

    slugs = activations.slugs()
    pages = written.read(DOCS)
    *made, card = cache.results([*map(entry, slugs), CARD])
    entries = dict(zip(slugs, made, strict=True))
    records = [json.loads(found["record.json"]) for found in made]

    papers = {r["slug"]: _papers(r) for r in records}
    written.check(pages, slugs, written.templates(DOCS), papers)
    told = {
        name: content for found in made for name, content in found.items() if name not in INTERNAL
    }
    listed, gains, compared, scripts, *_ = cache.results(
        [
            bibliography(pages, records),
            initialization(pages, records),
            comparisons(records),
            scripted(entries, records),
            *snippets(pages, told),
        ]
    )
    found = {
        **told,
        **written.alternatives(pages, {r["slug"]: r["name"] for r in records}),
        **listed,
        **gains,
        **compared,
        **overview.parts(pages, records, json.loads(listed["citations.json"])),
        **shipped(scripts),
        **card,
    }
    written.check_includes(pages, found, cache.ROOT)
    return found


def entry(slug: str) -> Job:
    source = (slug, files.numerics(slug), files.section(slug, "frameworks"))
    return Job("gen.pages.activation.entry:made", source, (f"activations/{slug}.py",))


def _papers(record: Record) -> list[str]:
    """The papers that an entry names: of the function, and of the models that made it known."""
    return [*record["papers"], *(model["paper"] for model in record["models"])]


def snippets(pages: Sequence[Page], included: Files) -> Iterator[Job]:
    """The Python blocks of each page, which are run."""
    for page in pages:
        names = [name for name in written.INCLUDE.findall(page.text) if name in included]
        if blocks := written.snippets(page, {name: included[name].decode() for name in names}):
            yield Job("gen.pages.written:run", (page.path, blocks))


def bibliography(pages: Sequence[Page], records: Sequence[Record]) -> Job:
    citing = [(page.path, page.title, page.citations) for page in pages]
    cited = {f"activations/{record['slug']}.py": _papers(record) for record in records}
    titles = {page.path: page.title for page in pages} | written.notebook_titles(DOCS)
    reads = ("CITATION.cff", "activations/papers.bib")
    return Job("gen.bibliography.listing:made", (citing, cited, titles), reads)


def initialization(pages: Sequence[Page], records: Sequence[Record]) -> Job:
    """The page on gains; its plots are those of the functions that a page includes."""
    names = ("slug", "name", "family", "functional")
    sources = [{n: r[n] for n in names} | r["moments"] for r in records if r["moments"]]
    included = {name for page in pages for name in written.INCLUDE.findall(page.text)}
    drawn = [r["slug"] for r in sources if f"initialization/{r['slug']}.md" in included]
    measured = {r["slug"]: files.section(r["slug"], "depth") for r in sources}
    return Job("gen.pages.initialization:made", (sources, drawn, measured))


def comparisons(records: Sequence[Record]) -> Job:
    """What is made of other versions of torch, other frameworks and models."""
    source = [{field: record[field] for field in COMPARED} for record in records]
    frameworks = {record["slug"]: files.section(record["slug"], "frameworks") for record in records}
    reads = ("torch_versions", "models", "models_read")
    return Job(
        "gen.pages.comparisons:made",
        (source, frameworks),
        tuple(f"measured/{name}.json" for name in reads),
    )


def scripted(entries: Mapping[str, Files], records: Sequence[Record]) -> Job:
    """What pages load: web/ and the entries' printed functions."""
    from .pages import compare

    modules = {
        f"js/activations/{slug}.js": found["module.js"].decode()
        for slug, found in entries.items()
        if "module.js" in found
    }
    modules |= {"js/entries.js": compare.module(records), "js/look.js": ink.look()}
    return Job("gen.node.bundle:made", modules, ("web",))


def shipped(scripts: Files) -> dict[str, str | bytes]:
    """The bundle at its addresses, and the licences of what is in it."""
    from .pages import licences

    packages = json.loads(scripts[bundle.PACKAGES])
    found = {
        name if name.startswith("offline/") else f"public/assets/{name}": content
        for name, content in scripts.items()
        if name != bundle.PACKAGES
    }
    return {**licences.parts(packages), **found}


def leave(status: int) -> NoReturn:
    """End workers and helpers, then at once: to take torch down module by module costs 0.4 s."""
    cache.stop()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(main())
