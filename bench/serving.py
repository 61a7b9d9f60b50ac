"""How long an author waits under `mkdocs serve`: from saving a file to the page that shows it.

The peer is `mkdocs serve` without our hook and our templates (`project.bare`), in a copy of its own.
Wall clock; each watches its own copy, and they are measured in turns.
"""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from .project import BARE, copied
from .table import Row

ROUNDS = 7
PAGE = "activations/elu/"
SENTENCE = ("docs/activations/elu.md", "The output has a floor of −α and no ceiling.")
SWEEP = ("activations/elu.py", "(0.5, 1, 2)")
PATIENCE = 120  # s


def rows(site: Path) -> list[Row]:
    """From a saved sentence to the new page, beside the peer; from a saved entry to its plot."""
    ours, bare, entry = [], [], []
    with contextlib.ExitStack() as stack:
        project, other = stack.enter_context(copied()), stack.enter_context(copied())
        page = stack.enter_context(served(project, "mkdocs.yml"))
        peer = stack.enter_context(served(other, BARE))
        for turn in range(ROUNDS + 1):
            word = f"Round {turn}."
            ours.append(seconds(project, SENTENCE, f"{SENTENCE[1]} {word}", page, word))
            bare.append(seconds(other, SENTENCE, f"{SENTENCE[1]} {word}", peer, word))
            last = f"2.{turn + 1}"
            shown = f"for α = 0.5, 1, {last}: the function and its derivative"
            entry.append(seconds(project, SWEEP, f"(0.5, 1, {last})", page, shown))
    warmed = slice(1, None)  # the first of each still imports and compiles
    return [
        Row(
            "serving",
            "make serve: a saved sentence to the new page",
            "s",
            ours[warmed],
            1.1,
            "mkdocs serve without our parts",
            bare[warmed],
        ),
        Row("serving", "make serve: a saved entry to its new plot", "s", entry[warmed], 3),
    ]


@contextlib.contextmanager
def served(project: Path, config: str) -> Iterator[str]:
    """The address of the page, once `mkdocs serve` has it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"127.0.0.1:{port}"
    command = [sys.executable, "-m", "mkdocs", "serve", "-q", "-f", config, "-a", address]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    server = subprocess.Popen(command, cwd=project, env=environment)
    try:
        page = f"http://{address}/{PAGE}"
        wait_for(page, "</html>")
        yield page
    finally:
        server.terminate()
        server.wait()


def seconds(project: Path, place: tuple[str, str], new: str, page: str, shown: str) -> float:
    """The time from saving a change to the page that has `shown`; the file is then as before."""
    path = project / place[0]
    before = path.read_text(encoding="utf-8")
    if place[1] not in before:
        raise ValueError(f"{place[0]} does not hold {place[1]!r}, which the measurement changes")
    path.write_text(before.replace(place[1], new), encoding="utf-8")
    start = time.perf_counter()
    wait_for(page, shown)
    took = time.perf_counter() - start
    path.write_text(before, encoding="utf-8")
    wait_for(page, shown, there=False)
    return took


def wait_for(page: str, text: str, there: bool = True) -> None:
    """Ask for the page until it has the text, or has it no more."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            with urllib.request.urlopen(page, timeout=PATIENCE) as answer:
                if (text in answer.read().decode()) == there:
                    return
        time.sleep(0.02)
    raise TimeoutError(f"{page} did not show {text!r} within {PATIENCE} s")
