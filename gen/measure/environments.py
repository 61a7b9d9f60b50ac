"""Virtual environments for packages that the build does not use, and what a script prints in them.

Each is kept in .cache/environments/ under a digest of what it holds. A question and its answer are
JSON.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .. import cache

KEPT = cache.FOLDER / "environments"
INSTALLED = "installed.txt"  # what it holds, in an environment that is whole
VERSIONS = """
import sys
from importlib.metadata import version
print(*(f"{name} {version(name)}" for name in sys.argv[1:]))
"""  # what a Python of an environment runs to name packages with their versions
# environment -> what pip installs into it; timm needs torchvision, which fits one torch only
PACKAGES = {
    "jax": ("jax==0.10.2", "flax==0.12.8", "keras==3.15.1"),
    "tensorflow": ("tensorflow==2.21.0", "tf_keras==2.21.0"),
    "onnx": ("onnx==1.23.2", "onnxruntime==1.32.0"),
    "mlx": ("mlx[cpu]==0.32.4", "numpy==2.4.6"),
    "transformers": ("torch==2.13.0", "transformers==5.24.0"),
    "timm": ("torch==2.14.1", "torchvision==0.29.1", "timm==1.0.31"),
    "packages": ("torch==2.13.0", "diffusers==0.42.1", "entmax==1.3", "x-transformers==2.31.10"),
}
# where each framework is installed, of those that share an environment with another
SHARED = {"flax": "jax", "keras": "jax", "keras2": "tensorflow"}


class InstallError(RuntimeError):
    """Packages that cannot be installed or asked; the message holds the last that was said."""


def environment(framework: str) -> tuple[str, ...]:
    """The packages of the environment in which the framework's code runs."""
    return PACKAGES[SHARED.get(framework, framework)]


def newest(packages: Sequence[str]) -> list[str]:
    """The packages without their pins, but for torch's: others are built for one torch only."""
    return [p if p.startswith("torch") else p.partition("==")[0] for p in packages]


def ask(packages: Sequence[str], script: Path, question: Any = None) -> Any:
    """The answer of `script` in the environment of the packages; raises InstallError."""
    home = folder(packages)
    told = install(packages, home)
    return answer(f"{home}/bin/python", script, question, told)


def folder(packages: Sequence[str]) -> Path:
    """Where the environment of the packages is."""
    holds = f"{sys.version} {' '.join(packages)}"
    return KEPT / hashlib.sha256(holds.encode()).hexdigest()[:16]


def install(packages: Sequence[str], home: Path) -> str:
    """Make the environment unless it is there; return its packages with their versions.

    One whose packages have no pins is made anew, for there may be newer ones. Raises InstallError.
    """
    done = home / INSTALLED
    if not (done.is_file() and all("==" in package for package in packages)):
        venv.create(home, clear=True, with_pip=True)
        told, python = " ".join(packages), f"{home}/bin/python"
        _run(told, (python, "-m", "pip", "install", "--quiet", "--no-cache-dir", *packages))
        names = [re.split(r"\[|==", package)[0] for package in packages]
        done.write_text(_run(told, (python, "-c", VERSIONS, *names)).strip(), encoding="utf-8")
    return done.read_text(encoding="utf-8")


def remove(packages: Sequence[str]) -> None:
    """Remove the environment of packages that are not asked again."""
    shutil.rmtree(folder(packages), ignore_errors=True)


def answer(python: str, script: Path, question: Any = None, told: str = "") -> Any:
    """What `script` answers when `python` runs it; errors name what was asked as `told`."""
    return json.loads(_run(told, (python, "-I", str(script)), json.dumps(question)))


def _run(told: str, command: Sequence[str], given: str = "") -> str:
    done = subprocess.run(command, input=given, capture_output=True, text=True)
    if done.returncode:
        last = "\n".join(done.stderr.splitlines()[-5:])
        doing = "pip install" if "pip" in command else Path(command[-1]).name
        raise InstallError(f"{told}: {doing} failed:\n{last}")
    return done.stdout
