"""The cache: nothing is computed twice, and nothing is used that anything has made stale."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import joblib
import pytest
from conftest import run

from gen import cache
from gen.drawing import ink
from gen.node import bundle
from gen.site import hook, typesetting

Edit = Callable[[str, str, str], None]
Contents = dict[str, bytes]


def contents(folder: Path) -> Contents:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def identity(path: Path) -> tuple[int, int]:
    """What a file that is written again does not keep."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns


def results(project: Path) -> set[Path]:
    return set((project / ".cache/joblib").rglob("output.pkl"))


def entry_of(result: Path) -> str:
    """The slug of the entry whose files are kept there; empty for other results."""
    found = joblib.load(result)
    return json.loads(found["record.json"])["slug"] if "record.json" in found else ""


def shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


DAMAGES: list[Callable[[Path], None]] = [shortened, emptied, Path.unlink]


def named(damage: Callable[[Path], None]) -> str:
    return damage.__name__


@pytest.mark.parametrize("damage", DAMAGES, ids=named)
def test_a_damaged_result_is_made_anew(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "FOLDER", tmp_path)
    made = []

    def make() -> str:
        made.append("a part of a page")
        return made[-1]

    assert cache.kept("key", make) == cache.kept("key", make) == "a part of a page"
    assert len(made) == 1
    (result,) = tmp_path.rglob("output.pkl")
    damage(result)
    assert cache.kept("key", make) == "a part of a page"
    assert len(made) == 2


def test_the_output_is_good_whatever_the_cache_holds(project: Path) -> None:
    """What is damaged is made anew, what is sound is used, in whatever folder it lies."""
    output = project / "docs/generated"
    good = contents(output)
    shutil.rmtree(output)
    kept = results(project)
    damages = dict(zip(("identity", "relu", "relu6"), DAMAGES, strict=True))
    damaged = {path: slug for path in kept if (slug := entry_of(path)) in damages}
    sound = {path: identity(path) for path in kept - damaged.keys()}
    for path, slug in damaged.items():
        damages[slug](path)
    done = run("gen", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert contents(output) == good
    assert {path: identity(path) for path in sound} == sound


def test_only_what_changed_is_computed_and_written(project: Path, edit: Edit) -> None:
    kept, output = results(project), project / "docs/generated"
    good = contents(output)
    files = {name: identity(output / name) for name in good}
    edit("activations/relu.py", 'summary="', 'summary="Exactly: ')
    done = run("gen", cwd=project)
    assert done.returncode == 0, done.stderr
    assert len(results(project) - kept) == 1
    new = contents(output)
    assert new["relu/top.md"].startswith(b"Exactly: ")
    changed = {name for name in new if new[name] != good[name]}
    assert new.keys() == good.keys()
    parts = {part for name in changed for part in Path(name).with_suffix("").parts}
    assert parts & {path.stem for path in (project / "activations").glob("*.py")} == {"relu"}
    written = {name for name, old in files.items() if identity(output / name) != old}
    assert written == changed


def test_a_damaged_output_is_mended(project: Path) -> None:
    output = project / "docs/generated"
    good = contents(output)
    (output / "relu/top.md").write_text("Wrong", encoding="utf-8")
    (output / "catalogue.md").unlink()
    (output / "more.md").write_text("", encoding="utf-8")
    assert run("gen", cwd=project).returncode == 0
    assert contents(output) == good


LEAD = """
import json
from gen import __main__ as program, cache
(found,) = cache.results([program.entry("relu")])
print(json.dumps(found["public/activations/relu/forms.json"].decode()))
"""


def test_a_change_of_a_function_far_below_changes_the_result(project: Path, edit: Edit) -> None:
    """A page's module calls copies.text in printing/, which calls values.latex in facts/."""
    before = len(results(project))
    good = code(LEAD, project)
    assert len(results(project)) == before
    edit("gen/facts/values.py", "def latex(value: Any) -> str:\n", CHANGED)
    assert "changed" in code(LEAD, project) and "changed" not in good


CHANGED = """def latex(value: Any) -> str:
    return "changed"


def before(value: Any) -> str:
"""


def test_a_change_of_a_page_makes_no_entry_stale(project: Path, edit: Edit) -> None:
    kept = results(project)
    edit("gen/pages/catalogue.py", "UNKNOWN = (", "MORE = 1\nUNKNOWN = (")
    edit("gen/pages/overview.py", '"data/anchors.md": data.anchors(records),', "")
    edit("docs/data.md", '--8<-- "data/anchors.md"', "")
    done = run("gen", cwd=project)
    assert done.returncode == 0, done.stderr
    assert not (project / "docs/generated/data/anchors.md").exists()
    assert not any(map(entry_of, results(project) - kept))


LIVING = """
import activations
from pathlib import Path
path = Path("activations/relu.py")
before = activations.load("relu").summary
path.write_text(path.read_text().replace(before, "Another summary."))
print(activations.load("relu").summary)
"""


def test_a_process_that_lives_on_reads_an_entry_anew(project: Path) -> None:
    assert code(LIVING, project) == "Another summary.\n"


def code(text: str, project: Path) -> str:
    done = subprocess.run([sys.executable, "-c", text], cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_was_found_of_an_expression_outlives_its_entry(project: Path, edit: Edit) -> None:
    """Another summary needs no facts and no Node; another setting needs its own outline."""
    found = "{path.parent for path in pathlib.Path('.cache/joblib').rglob('output.pkl')}"
    made = (
        "import pathlib; from gen import __main__ as program, cache;"
        f"before = {found}; cache.results([program.entry('elu')]); print(len({found} - before))"
    )
    edit("activations/elu.py", 'summary="', 'summary="Exactly: ')
    assert code(made, project) == "1\n"
    edit("activations/elu.py", "(0.5, 1, 2)", "(0.5, 1, 3)")
    assert code(made, project) == "2\n"


def page() -> str:
    """A formula, typeset with what is remembered, and remembered."""
    typesetter = typesetting.Typesetter()
    found = typesetter.page('<span class="arithmatex">\\(x\\)</span>')
    typesetter.save()
    return found


@pytest.mark.parametrize("damage", DAMAGES, ids=named)
def test_formulas_are_typeset_anew(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "FOLDER", tmp_path)
    good = page()
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    damage(kept)
    assert page() == good and "M5" in good
    assert kept.read_bytes() == whole
    monkeypatch.setattr(typesetting.node, "ask", None)
    assert page() == good


def test_notebooks_are_run_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With other libraries, and after a build that did not end."""
    monkeypatch.setattr(cache, "FOLDER", tmp_path)
    result = tmp_path / "mkdocs-jupyter" / "key.json"
    result.parent.mkdir()
    result.write_text('{"content": "<p>0.5</p>"}', encoding="utf-8")
    hook.note_notebooks()
    hook.forget_notebooks()
    assert result.is_file()
    hook.note_notebooks()
    monkeypatch.setattr(cache, "libraries", lambda: "torch 2.99.0")
    hook.forget_notebooks()
    assert not result.exists()


def test_notebooks_are_run_anew_after_a_kill(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "FOLDER", tmp_path)
    result = tmp_path / "mkdocs-jupyter" / "key.json"
    result.parent.mkdir()
    result.write_text('{"content": "<p>0', encoding="utf-8")
    hook.forget_notebooks()
    assert not result.exists()


def test_bundles_do_not_depend_on_where_they_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The names of chunks are hashes, which must not take in the paths of packages."""
    modules = {
        "js/activations/elu.js": "export default {};",
        "js/entries.js": "export const functions = [], titles = {};",
        "js/look.js": ink.look(),
    }
    made = []
    for place in ("near", "much/further/away"):
        (tmp_path / place).mkdir(parents=True)
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / place))
        made.append(bundle.made(modules))
    assert made[0] == made[1]
