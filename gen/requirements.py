"""Holds what is installed against requirements.txt."""

import re
import sys
from importlib.metadata import PackageNotFoundError, version

from .cache import ROOT
from .messages import REINSTALL

FILE = ROOT / "requirements.txt"
PIN = re.compile(r"^([\w.-]+)==([\w.]+)", re.M)


class RequirementError(RuntimeError):
    """A package of requirements.txt is not installed; the message names it and what to run."""


def check() -> None:
    """Raise RequirementError for what is missing; tell on stderr what has another version.

    Another version is no error: the pages name the torch that they were computed with, and how else
    would one find out what a new release changes?
    """
    for name, pinned in PIN.findall(FILE.read_text(encoding="utf-8")):
        try:
            found = version(name).partition("+")[0]  # without the +cpu of torch's own builds
        except PackageNotFoundError:
            raise RequirementError(
                f"{name} is not installed, requirements.txt pins {name}=={pinned}; {REINSTALL}"
            ) from None
        if found != pinned:
            print(
                f"gen: {name} {found} is installed, requirements.txt pins {pinned}; the build goes "
                f"on with {found}, and facts may differ. For the pinned version {REINSTALL}",
                file=sys.stderr,
            )
