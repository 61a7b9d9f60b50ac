"""The cache: nothing is computed twice, and nothing is used that is not as it was written."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import run
from mkdocs.config.defaults import MkDocsConfig

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


def largest(home: Path) -> Path:
    return max((p for p in home.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)


def truncated(home: Path) -> None:
    path = largest(home)
    path.write_bytes(path.read_bytes()[:-1])


def flipped(home: Path) -> None:
    path = largest(home)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def without_a_file(home: Path) -> None:
    largest(home).unlink()


def with_another_file(home: Path) -> None:
    (home / "more.md").write_text("more", encoding="utf-8")


def from_another_version(home: Path) -> None:
    """A sound result, of another key."""
    cache.seal(home, "0" * 32)


def unsealed(home: Path) -> None:
    (home / cache.SEAL).unlink()


def with_a_broken_seal(home: Path) -> None:
    truncated_seal = (home / cache.SEAL).read_text(encoding="utf-8")[:-1]
    (home / cache.SEAL).write_text(truncated_seal, encoding="utf-8")


def no_folder(home: Path) -> None:
    shutil.rmtree(home)
    home.write_text("", encoding="utf-8")


DAMAGES = [
    truncated, flipped, without_a_file, with_another_file, from_another_version, unsealed,
    with_a_broken_seal, no_folder,
]  # fmt: skip


def named(damage: Callable[[Path], None]) -> str:
    return damage.__name__


@pytest.mark.parametrize("damage", DAMAGES, ids=named)
def test_a_damaged_result_is_made_anew(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "FOLDER", tmp_path)
    made = []

    def write(folder: Path) -> None:
        made.append(folder)
        (folder / "inner").mkdir()
        (folder / "inner" / "part.md").write_text("a part of a page", encoding="utf-8")
        (folder / "record.json").write_text("{}", encoding="utf-8")

    home = cache.folder("key")
    cache.store("key", write)
    good = contents(home)
    cache.store("key", write)
    assert len(made) == 1
    damage(home)
    assert not cache.is_whole(home, "key")
    cache.store("key", write)
    assert len(made) == 2 and contents(home) == good
    assert os.listdir(tmp_path) == ["key"]


def test_the_output_is_good_whatever_the_cache_holds(project: Path) -> None:
    """Each damage on an entry of its own; what is sound is used, in whatever folder it lies."""
    results, output = project / ".cache/gen", project / "docs/generated"
    before, good = contents(results), contents(output)
    slugs = {
        json.loads(record.read_text(encoding="utf-8"))["slug"]: record.parent
        for record in results.glob("*/record.json")
    }
    quick = ("identity", "relu", "relu6", "glu", "adaptive_log_softmax")
    for damage, slug in zip(DAMAGES, quick, strict=False):
        damage(slugs[slug])
    done = run("gen", cwd=project)
    assert done.returncode == 0, done.stderr
    assert f"{len(quick)}/{len(quick)}" in done.stderr
    for slug in quick:
        assert f"gen: the cached result of {slug} is damaged; made anew" in done.stderr
    assert contents(output) == good
    assert contents(results) == before


def test_only_what_changed_is_computed_and_written(project: Path, edit: Edit) -> None:
    results, output = project / ".cache/gen", project / "docs/generated"
    keys, good = set(os.listdir(results)), contents(output)
    files = {name: identity(output / name) for name in good}
    edit("activations/relu.py", 'summary="', 'summary="Exactly: ')
    done = run("gen", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "1/1" in done.stderr
    after = set(os.listdir(results))
    assert len(after - keys) == 1 and len(keys - after) == 1
    new = contents(output)
    assert new["relu/top.md"].startswith(b"Exactly: ")
    changed = {name for name in new if new[name] != good[name]}
    assert new.keys() == good.keys()
    parts = {part for name in changed for part in Path(name).with_suffix("").parts}
    assert parts & {path.stem for path in (project / "activations").glob("*.py")} == {"relu"}
    written = {name for name, old in files.items() if identity(output / name) != old}
    assert written == changed


def test_what_was_found_of_an_expression_outlives_its_entry(project: Path, edit: Edit) -> None:
    """Another summary needs no facts and no Node; another setting needs its own outline."""
    edit("activations/elu.py", 'summary="', 'summary="Exactly: ')
    without = (
        "from gen import __main__, node;"
        "from gen.facts import closed_forms, number;"
        "number.facts = number.some = closed_forms.forms = node.ask = None;"
        "__main__.build()"
    )
    done = subprocess.run([sys.executable, "-c", without], cwd=project, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    edit("activations/elu.py", "(0.5, 1, 2)", "(0.5, 1, 3)")
    done = subprocess.run([sys.executable, "-c", without], cwd=project, capture_output=True)
    assert b"'NoneType' object is not callable" in done.stderr
    assert run("gen", cwd=project).returncode == 0


def shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def altered(path: Path) -> None:
    """As sound JSON as before, with another path in each formula."""
    path.write_text(path.read_text("utf-8").replace("M5", "M6"), encoding="utf-8")


def without_its_seal(path: Path) -> None:
    path.write_text(path.read_text("utf-8").partition("\n")[2], encoding="utf-8")


@pytest.mark.parametrize("damage", [shortened, altered, without_its_seal, Path.unlink], ids=named)
def test_formulas_are_typeset_anew(
    damage: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typesetting, "CACHE", tmp_path / "formulas.json")
    page = '<span class="arithmatex">\\(x\\)</span>'
    typesetter = typesetting.Typesetter()
    good = typesetter.page(page)
    assert "M5" in good
    typesetter.save()
    whole = typesetting.CACHE.read_bytes()
    damage(typesetting.CACHE)
    typesetter = typesetting.Typesetter()
    assert typesetter.page(page) == good
    typesetter.save()
    assert typesetting.CACHE.read_bytes() == whole


def test_formulas_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "CACHE", tmp_path / "formulas.json")
    page = '<span class="arithmatex">\\(x\\)</span>'
    typesetter = typesetting.Typesetter()
    good = typesetter.page(page)
    typesetter.save()
    monkeypatch.setattr(typesetting.node, "ask", None)
    assert typesetting.Typesetter().page(page) == good


def test_notebooks_are_run_anew(
    generated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """mkdocs-jupyter uses whatever file has the right name, so the hook looks at it first."""
    monkeypatch.setattr(cache, "FOLDER", cache.ROOT / ".cache" / "gen")  # it is up to date
    config = MkDocsConfig()
    config.site_dir = str(tmp_path / "site")
    home = tmp_path / "notebooks"
    monkeypatch.setattr(hook, "NOTEBOOKS", home)
    hook.on_pre_build(config)
    home.mkdir()
    (home / "key.json").write_text('{"content": "<p>0.5</p>"}', encoding="utf-8")
    hook.on_post_build(config)
    hook.on_pre_build(config)
    hook.on_post_build(config)
    assert home.is_dir()
    flipped(home)
    hook.on_pre_build(config)
    hook.on_post_build(config)
    assert not home.exists()


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
        bundle.write(modules, tmp_path / place / "out")
        made.append(contents(tmp_path / place / "out"))
    assert made[0] == made[1]
