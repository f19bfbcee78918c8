"""The threads of a server share few heaps; else each keeps what its largest work once needed."""

import platform
import subprocess
import sys

import pytest

COUNT = """
import ctypes, sys, threading
if sys.argv[1] == "few":
    from cityloop.cli.heaps import share_heaps
    share_heaps()
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.fopen.restype = ctypes.c_void_p, ctypes.c_void_p
together = threading.Barrier(12)
def work():
    together.wait()
    for _ in range(50):
        libc.malloc(10_000)
    together.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
for each in threads: each.start()
for each in threads: each.join()
file = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(file))
libc.fclose(ctypes.c_void_p(file))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc gives threads heaps of their own")
def test_many_threads_share_few_heaps(tmp_path):
    """As the allocator itself counts them; without our word there are more, or this test says nothing."""
    found = {}
    for how in ("few", "many"):
        subprocess.run([sys.executable, "-c", COUNT, how, str(tmp_path / how)], check=True)
        found[how] = (tmp_path / how).read_text().count("<heap nr=")
    assert found["few"] <= 2 < found["many"]
