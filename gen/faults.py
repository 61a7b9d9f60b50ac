"""What to do about a fault that lies in the machine, not in what was written."""

import errno
from concurrent.futures.process import BrokenProcessPool

from .requirements import REMEDY

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)


def advice(error: BaseException) -> str | None:
    """The fault and its remedy, in a sentence; None if the error's own message has to do."""
    if isinstance(error, BrokenProcessPool):
        return "a worker was ended from outside, perhaps for lack of memory; run again"
    if isinstance(error, ImportError):
        return f"{error}; the installed packages are damaged, {REMEDY} --force-reinstall"
    if isinstance(error, OSError) and error.errno in FULL:
        return f"{error}; the disk is full: free some space and run again"
    if isinstance(error, OSError) and error.errno in CLOSED:
        return f"{error}; it cannot be written: mount it for writing or change its owner"
    return None
