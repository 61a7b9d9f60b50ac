"""Puts a finished folder in the place of an old one; at each moment one of them is there, whole."""

import errno
import os
import sys
from pathlib import Path

AT_FDCWD = -100  # linux/fcntl.h: paths are taken as they are
RENAME_EXCHANGE = 2  # linux/fs.h
UNKNOWN = (errno.EINVAL, errno.ENOSYS)  # to this file system, to this kernel


def swap(new: Path, place: Path) -> None:
    """Put the folder `new` in `place`; what was there is in `new` afterwards, if anything was."""
    if not place.exists():
        new.rename(place)
    elif not (sys.platform == "linux" and _exchanged(new, place)):
        # only here a run that is killed leaves nothing in place; the next one then writes all
        old = new.with_name(f"{new.name}-old")
        place.rename(old)
        new.rename(place)
        old.rename(new)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders by one call; False where that is unknown. See renameat2(2)."""
    import ctypes

    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if not call(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE):
        return True
    number = ctypes.get_errno()
    if number in UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(other))
