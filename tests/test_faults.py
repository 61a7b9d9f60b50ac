"""Faults of the machine: the last good output stays whole, and the next run is right, uncleaned."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ENVIRONMENT, ROOT
from filelock import FileLock
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from test_cache import contents

from gen import cache
from gen.site import hook

Edit = Callable[[str, str, str], None]
GEN = [sys.executable, "-m", "gen"]
SITE = [sys.executable, "-m", "gen.site"]


def done(command: list[str], project: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=project, env=ENVIRONMENT, capture_output=True, text=True)


# --- killed ---


def test_publishing_killed_at_each_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A kill at each opening, linking, renaming and removing, one after another."""
    place = tmp_path / "generated"
    old = {"a/lead.md": "one", "b.md": "same"}
    new = {"a/lead.md": "two", "b.md": "same", "c.md": "more"}
    wholes = []
    for sources in (new, old):
        cache.publish(sources, place)
        wholes.append(contents(place))
    step, ended = 0, False
    while not ended:
        step += 1
        child = os.fork()
        if not child:
            steps = iter(range(step))

            def strike(event: str, _: object, steps: Iterator[int] = steps) -> None:
                watched = event.startswith(("os.", "open", "shutil.")) and event != "os.kill"
                if watched and next(steps, None) is None:
                    os.kill(os.getpid(), signal.SIGKILL)

            try:
                sys.addaudithook(strike)
                cache.publish(new, place)
                os._exit(0)
            finally:
                os._exit(1)
        ended = os.waitpid(child, 0)[1] == 0
        assert contents(place) in wholes, f"killed at step {step}"
        cache.publish(new, place)
        assert contents(place) == wholes[0], f"after step {step}"
        assert os.listdir(tmp_path) == ["generated"]
        cache.publish(old, place)
    assert step > 10


@pytest.mark.parametrize("known", [True, False])
def test_folders_change_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    """By one call, and by renaming where a file system does not know that call."""
    if not known:
        monkeypatch.setattr(cache, "_exchanged", lambda *_: False)
    new, place = tmp_path / "new", tmp_path / "place"
    for text in ("one", "two"):
        new.mkdir()
        (new / "page").write_text(text)
        cache.swap(new, place)
        assert (place / "page").read_text() == text
        if text == "two":
            assert (new / "page").read_text() == "one"
    assert sorted(os.listdir(tmp_path)) == ["new", "place"]


# --- no room, no leave to write ---


# root may write anywhere, unless it lays that down
BOUND = "-dac_override,-dac_read_search"
UNPRIVILEGED = [] if os.geteuid() else ["setpriv", f"--bounding-set={BOUND}", f"--inh-caps={BOUND}"]


@pytest.mark.parametrize("folder", ["docs", ".cache/joblib/gen/cache/_kept"])
def test_a_folder_that_cannot_be_written(project: Path, edit: Edit, folder: str) -> None:
    edit("activations/relu.py", 'summary="', 'summary="Exactly: ')
    before = contents(project / "docs" / "generated")
    (project / folder).chmod(0o555)
    (project / ".cache" / "build.lock").unlink(missing_ok=True)
    found = done([*UNPRIVILEGED, *GEN], project)
    (project / folder).chmod(0o755)
    assert found.returncode == 1
    assert "it cannot be written: mount it for writing or change its owner" in found.stderr
    assert str(project / folder) in found.stderr and "Traceback" not in found.stderr
    assert contents(project / "docs" / "generated") == before
    assert done(GEN, project).returncode == 0
    assert (project / "docs/generated/relu/top.md").read_text().startswith("Exactly")


# --- two at once ---


@pytest.mark.parametrize(("name", "command"), [("site", SITE), ("build", GEN)])
def test_a_run_waits_for_the_other(project: Path, name: str, command: list[str]) -> None:
    pipe = subprocess.PIPE
    with FileLock(project / ".cache" / f"{name}.lock"):
        waiting = subprocess.Popen(command, cwd=project, env=ENVIRONMENT, stderr=pipe, text=True)
        assert waiting.stderr and "waiting until it ends" in waiting.stderr.readline()
        assert waiting.poll() is None
        waiting.kill()
    waiting.communicate()


def test_the_hook_lets_go(generated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What MkDocs builds holds the lock to its end, good or bad, so that `serve` goes on."""
    monkeypatch.setattr(cache, "FOLDER", tmp_path)  # with a lock that no other test takes
    monkeypatch.setattr(hook, "_generate", lambda: 0)
    config = MkDocsConfig()
    lock = FileLock(tmp_path / "build.lock")
    hook.on_pre_build(config)
    assert not free(lock)
    hook.on_build_error(ValueError("not a fault of the machine"))
    assert free(lock)
    hook.on_pre_build(config)
    with pytest.raises(PluginError, match="the disk is full"):
        hook.on_build_error(OSError(28, "No space left on device", "site/index.html"))
    assert free(lock)


def free(lock: FileLock) -> bool:
    """Whether another process could take the lock."""
    code = f"from filelock import FileLock; FileLock({lock.lock_file!r}).acquire(timeout=0)"
    return subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


# --- what is missing ---


@pytest.mark.parametrize("package", ["torch", "filelock"])
def test_a_requirement_that_is_missing(project: Path, package: str) -> None:
    before = contents(project / "docs" / "generated")
    found = done([sys.executable, "-c", WITHOUT.format(package=package)], project)
    assert found.returncode == 1
    assert package in found.stderr
    assert "run: python -m pip install -r requirements.txt" in found.stderr
    assert "the last good output stands" in found.stderr and "Traceback" not in found.stderr
    assert contents(project / "docs" / "generated") == before


WITHOUT = """
import importlib.metadata as metadata
real = metadata.Distribution.from_name.__func__
def from_name(cls, name):
    if name == {package!r}:
        raise metadata.PackageNotFoundError(name)
    return real(cls, name)
metadata.Distribution.from_name = classmethod(from_name)
from gen.__main__ import leave, main
leave(main())
"""


def test_python_without_any_requirement(project: Path) -> None:
    """As when a newcomer forgets .venv."""
    for module in ("gen", "gen.site"):
        found = done([sys.executable, "-I", "-S", "-c", BARE.format(module=module)], project)
        assert found.returncode == 1
        assert "run: python -m pip install -r requirements.txt" in found.stderr
        assert "Traceback" not in found.stderr


BARE = "import sys, runpy; sys.path.insert(0, '.'); runpy.run_module({module!r}, None, '__main__')"


# --- the clock and the cores ---


def test_a_build_is_dated_by_the_release(monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    from gen.bibliography import imprint

    released = imprint.read(ROOT / "CITATION.cff").date
    assert f"<lastmod>{released}</lastmod>" in (site / "sitemap.xml").read_text()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(PluginError, match="set it to whole seconds since 1970, or unset it"):
        hook._date(released)
