"""How many heaps the threads of a process share.

glibc gives threads up to eight for each core, and what the thread that seals a million observations has freed in one, no other
thread uses: memory grows until each has done the largest work once.
"""

import contextlib
import ctypes

HEAPS_MOST = 2  # measured: as fast as with sixteen, and after a hundred million observations half as large
ARENA_MAX = -8  # M_ARENA_MAX of malloc.h


def share_heaps() -> None:
    """Have the threads of this process share few heaps, where its C library is glibc. Called before there are threads."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(ARENA_MAX, HEAPS_MOST)
