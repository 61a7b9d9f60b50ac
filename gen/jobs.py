"""Runs the work whose results the cache lacks, on every core, and shows the progress."""

import atexit
import multiprocessing
import multiprocessing.forkserver
import os
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import cache

if TYPE_CHECKING:
    from rich.progress import Progress


@dataclass(frozen=True)
class Job:
    """One result: its name, what writes it, what from, its key.

    `work` is "package.module:function", imported only where it runs; the function takes `source`
    and the folder that it writes into.
    """

    name: str
    work: str
    source: Any
    key: str

    def run(self) -> None:
        write = pkgutil.resolve_name(self.work)
        cache.store(self.key, lambda folder: write(self.source, folder))


def _leave_at_once() -> None:
    """Have this process end when all else is done, without taking torch down module by module."""
    atexit.register(os._exit, 0)


def cores() -> int:
    """How many processes may run at once: `taskset --cpu-list 0` makes it one."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Processes that do jobs, as many as there are cores; each starts when it is first needed.

    They live from the first job to the last, so that each imports torch only once.
    """

    start: str | None = None  # how they start; see prepare

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def run(self, title: str, jobs: Sequence[Job]) -> None:
        """Do the jobs that the cache lacks, showing the progress; raise the first failure."""
        missing = [job for job in jobs if not cache.is_whole(cache.folder(job.key), job.key)]
        if not missing:
            return
        for job in missing:
            if cache.folder(job.key).exists():
                print(
                    f"gen: the cached result of {job.name} is damaged; made anew", file=sys.stderr
                )
        with _progress() as progress:
            task = progress.add_task(title, total=len(missing))
            for job in self._done(missing):
                progress.update(task, advance=1, description=f"{title}: {job.name}")

    def _done(self, jobs: Sequence[Job]) -> Iterator[Job]:
        """Each job, once it is done; a single one is done here, which saves a process.

        Not so in a program that outlives one build: it would keep the entry as it was.
        """
        if self._pool is None and self.start is None and len(jobs) == 1:
            jobs[0].run()
            yield jobs[0]
            return
        if self._pool is None:
            context = multiprocessing.get_context(self.start or "spawn")
            self._pool = ProcessPoolExecutor(
                cores(), mp_context=context, initializer=_leave_at_once
            )
        futures = {self._pool.submit(job.run): job for job in jobs}
        for future in as_completed(futures):
            future.result()
            yield futures[future]


def prepare() -> None:
    """Make ready for a program that outlives one build and has jobs now and then.

    Workers are forked, from now on, from a process that has imported what an entry needs; it starts
    at once, in the background. This holds as long as the code that entries share stays as it is.
    """
    Workers.start = "spawn"
    if sys.platform == "linux":  # elsewhere libraries may not survive a fork
        Workers.start = "forkserver"
        multiprocessing.set_forkserver_preload(["__main__", "gen.pages.activation.entry"])
        multiprocessing.forkserver.ensure_running()


def _progress() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=Console(stderr=True),
    )
