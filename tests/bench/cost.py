"""What a command costs: CPU time and peak memory, with those of every process that it starts.

Workers and helpers are often not waited for by the process that starts them, so that its own
account of its children leaves them out. The command therefore runs below a process of its own, this
file as a script, which inherits what is left over and waits for it (Linux only).
"""

import ctypes
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


@dataclass(frozen=True)
class Cost:
    """CPU time, user and system, in s; the largest memory of one of the processes, in MB."""

    cpu: float
    peak: float


def of(*command: str, cwd: Path) -> Cost:
    """Run this Python with these arguments; raise if it fails."""
    full = [sys.executable, __file__, sys.executable, *command]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(full, cwd=cwd, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed in {cwd}:\n{done.stderr}")
    return Cost(**json.loads(done.stdout))


def _measured(command: Sequence[str]) -> tuple[int, Cost]:
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError("this system cannot hand orphaned processes to another than init")
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL).pid
    code, cpu, peak = 0, 0.0, 0.0
    while True:
        try:
            pid, status, used = os.wait4(-1, 0)
        except ChildProcessError:
            return code, Cost(cpu, peak / 1024)
        if pid == first:
            code = os.waitstatus_to_exitcode(status)
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss)


if __name__ == "__main__":
    code, cost = _measured(sys.argv[1:])
    print(json.dumps(cost.__dict__))
    sys.exit(code)
