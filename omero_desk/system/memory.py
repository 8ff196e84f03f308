"""The memory of this process: how much there is of it, and how it is given back to the system.

Glibc keeps what is freed. A block that was mapped by itself goes back at once, but each time one is freed glibc maps
only larger ones by themselves, up to 32 MB (mallopt(3), M_MMAP_THRESHOLD), so that planes soon lie on heaps whose tops
are in use. A threshold that was set stays. Elsewhere nothing is done: the allocators of Windows and macOS give back
large blocks.
"""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

THRESHOLD: Final = 2**20
"""Bytes from which on a block is mapped by itself: planes and tiles are, what a widget takes is not."""
_M_MMAP_THRESHOLD: Final = -3
"""From glibc's malloc.h."""
_TUNABLES: Final = "GLIBC_TUNABLES"
_TUNABLE: Final = f"glibc.malloc.mmap_threshold={THRESHOLD}"
_STATM: Final = Path("/proc/self/statm")


def give_back_large_blocks() -> bool:
    """Have large blocks given back to the system as soon as they are freed; False where that cannot be asked for."""
    libc = _glibc()
    return libc is not None and bool(libc.mallopt(_M_MMAP_THRESHOLD, THRESHOLD))


def give_back() -> bool:
    """Give back to the system what has been freed of the heaps, in some milliseconds; False if there was nothing."""
    libc = _glibc()
    return libc is not None and bool(libc.malloc_trim(0))


def resident() -> int:
    """Return the bytes of memory that this process holds; 0 where the system does not tell."""
    try:
        return int(_STATM.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return 0


def for_child(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that gives back large blocks, too; what it says of glibc stays."""
    said = environment.get(_TUNABLES, "")
    if not sys.platform.startswith("linux") or "mmap_threshold" in said:
        return dict(environment)
    return {**environment, _TUNABLES: ":".join(filter(None, (said, _TUNABLE)))}


@functools.cache
def _glibc() -> ctypes.CDLL | None:
    """Return the C library if it is glibc: musl has no such functions."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        libc = ctypes.CDLL(None)
        libc.gnu_get_libc_version  # noqa: B018 - raises where it is another library
    except (OSError, AttributeError):
        return None
    return libc
