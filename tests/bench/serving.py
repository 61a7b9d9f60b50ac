"""How long an author waits under `mkdocs serve`: from saving a file to the page that shows it.

The peer is `mkdocs serve` without our hook and our templates (`project.bare`). Wall clock; each
watches a copy of its own, and they are measured in turns.
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
        sentence, sentence_there = Edit(project, *SENTENCE), Edit(other, *SENTENCE)
        sweep = Edit(project, *SWEEP)
        for turn in range(ROUNDS + 1):
            word = f"Turn {turn} of the measurement."
            ours.append(sentence.seconds(f"{SENTENCE[1]} {word}", page, word))
            bare.append(sentence_there.seconds(f"{SENTENCE[1]} {word}", peer, word))
            last = f"2.{turn + 1}"  # torch has a default for α; the values to compare are ours
            shown = f"for α = 0.5, 1, {last}: the function and its derivative"
            entry.append(sweep.seconds(f"(0.5, 1, {last})", page, shown))
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


class Edit:
    """A place in a file of the copy that each turn writes anew."""

    def __init__(self, project: Path, name: str, old: str) -> None:
        self.path, self.old = project / name, old
        self.before = self.path.read_text(encoding="utf-8")
        if old not in self.before:
            raise ValueError(f"{name} does not hold {old!r}, which the measurement changes")

    def seconds(self, new: str, page: str, shown: str) -> float:
        """The time from saving `new` in the place to the page that has `shown`."""
        self.path.write_text(self.before.replace(self.old, new), encoding="utf-8")
        start = time.perf_counter()
        wait_for(page, shown)
        return time.perf_counter() - start


def wait_for(page: str, text: str) -> None:
    """Ask for the page until it has the text."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with (
            contextlib.suppress(urllib.error.URLError, ConnectionError),
            urllib.request.urlopen(page, timeout=PATIENCE) as answer,
        ):
            if text in answer.read().decode():
                return
        time.sleep(0.02)
    raise TimeoutError(f"{page} did not show {text!r} within {PATIENCE} s")
