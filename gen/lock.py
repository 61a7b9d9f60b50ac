"""One at a time: what two runs in one checkout would spoil for each other is done under a lock.

The system lets go of a lock when its process ends, however it ends.
"""

import contextlib
import sys
from collections.abc import Iterator

from . import cache

BUILD = "build"  # held by what writes, or reads to the end, the cache and docs/generated/
SITE = "site"  # held by what writes site/


@contextlib.contextmanager
def held(name: str) -> Iterator[None]:
    """Hold the checkout's lock of that name; say so if another run has it, and wait."""
    from filelock import FileLock, Timeout

    folder = cache.FOLDER.parent
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        print("gen: another build runs in this folder; waiting until it ends", file=sys.stderr)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
